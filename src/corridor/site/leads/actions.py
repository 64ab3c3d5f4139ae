"""What officers may do with a lead. Each verb is one transaction and writes the audit."""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from ..core import audit, contacts
from ..core.actor import Actor, Role
from ..core.errors import Forbidden, Invalid, NotNow
from ..core.region import city_choices
from ..core.verbs import act, confirmed, locked
from ..notices.actions import notify, to_bureau
from . import clocks, notices
from .lifecycle import LEAD, responsible
from .models import OPEN, Circulation, ClockLength, EndReason, Lead, LeadEvent, State, Stated

What = LeadEvent.What


def told(actor: Actor, lead: Lead, what: str, now: datetime, text: str = "") -> None:
    """Write an event of a lead. Part of the caller's transaction."""
    LeadEvent.objects.create(
        lead=lead, what=what, at=now, user_id=actor.user, party_id=actor.party, text=text
    )


@contextmanager
def _moved(actor: Actor, lead: Lead, verb: str, text: str = "") -> Iterator[tuple[Lead, datetime]]:
    """The frame of a move: checked first; after the block clocks wound, saved and written down."""
    text = mask_contacts(text.strip())
    with act(actor, f"lead.{verb}", lead, reason=text) as it:
        LEAD.move(it.actor, it.thing, verb, text)
        now = clocks.not_before_report(it.thing, timezone.now())
        yield it.thing, now
        clocks.wind(it.thing)
        it.thing.save()
        told(it.actor, it.thing, verb, now, text)


def admit(actor: Actor, lead: Lead) -> None:
    """Let a held lead in. Its clocks have run since the report; the promise was made then."""
    with _moved(actor, lead, "admit") as (found, _now):
        if found.city:
            params = {"ref": found.ref, "company": found.company}
            url = found.get_absolute_url()
            notify(to_bureau(found.city), notices.RECEIVED, found, url, params, but=actor)


def assign(actor: Actor, lead: Lead, city: str, reason: str = "") -> None:
    """Give a lead to a city: out of the pool, or to another than it is with (with a reason).

    Raises ``NotNow`` while a city is being asked to take it, or once it has ended.
    """
    if city not in dict(city_choices()):
        raise Invalid(_("请选择走廊内的城市。"), {"city": _("请选择走廊内的城市。")})
    text = mask_contacts(reason.strip())
    with act(actor, "lead.assign", lead, reason=text) as it:
        if it.actor.role is not Role.OFFICE:
            raise Forbidden(_("只有走廊办可以分派线索。"))
        require_still(it.thing)
        if it.thing.city and not text:
            raise Invalid(_("请填写原因。"), {"text": _("改派要写原因，两个城市都会看到。")})
        it.thing.city, it.thing.officer_id = city, None
        it.thing.first_city = it.thing.first_city or city
        it.thing.save()
        told(it.actor, it.thing, What.ASSIGN, timezone.now(), text)
        params = {"ref": lead.ref, "company": lead.company}
        notify(to_bureau(city), notices.ASSIGNED, lead, lead.get_absolute_url(), params)


def contact(actor: Actor, lead: Lead, note: str = "") -> None:
    """The enterprise was contacted; whoever did it is the lead's officer from now on."""
    with _moved(actor, lead, "contact", note) as (found, now):
        found.contacted_at, found.officer_id = now, actor.user


def judge_valid(actor: Actor, lead: Lead, stated: Collection[str], note: str = "") -> None:
    """The lead is worth following. Where it does not state all it should, ``note`` says why."""
    with _moved(actor, lead, "judge_valid", note) as (found, now):
        found.stated, found.valid, found.judged_at = _in_order(stated), True, now
        if len(found.stated) < len(Stated) and not note.strip():
            raise Invalid(
                _("有内容没有说明。"), {"text": _("请写明未说明的内容为何可以后补或不适用。")}
            )


def judge_invalid(
    actor: Actor, lead: Lead, stated: Collection[str], end_reason: str, note: str
) -> None:
    """The lead is not worth following, and why; the enterprise is still owed an answer."""
    _needed(note, _("请写明研判无效的理由，走廊办会看到。"))
    with _moved(actor, lead, "judge_invalid", note) as (found, now):
        found.stated, found.valid, found.judged_at = _in_order(stated), False, now
        found.end_reason = _end_reason(end_reason)


def answer(actor: Actor, lead: Lead, text: str) -> None:
    """Answer the enterprise; it reads ``text`` on its status page."""
    _needed(text, _("请填写答复内容，企业会在进度页看到。"))
    with _moved(actor, lead, "answer", text) as (found, now):
        found.answer, found.answered_at = mask_contacts(text.strip()), now


def talk(actor: Actor, lead: Lead, note: str = "") -> None:
    """Talks have begun; also a word of progress."""
    with _moved(actor, lead, "talk", note) as (found, now):
        found.progress_at = _progress_at(found, now)


def progress(actor: Actor, lead: Lead, text: str) -> None:
    """Tell how it goes; the clock of the next word starts anew."""
    _needed(text, _("请写明本期的推进情况。"))
    kept = mask_contacts(text.strip())
    with act(actor, "lead.progress", lead, reason=kept) as it:
        require_responsible(it.actor, it.thing)
        if it.thing.state not in clocks.BY_NAME["progress"].states:
            raise NotNow(_("答复企业之后才需要通报推进情况。"))
        now = clocks.not_before_report(it.thing, timezone.now())
        it.thing.progress_at = _progress_at(it.thing, now)
        clocks.wind(it.thing)
        it.thing.save()
        told(it.actor, it.thing, What.PROGRESS, now, kept)


def note(actor: Actor, lead: Lead, text: str) -> None:
    """Leave a note for whoever sees the lead; the enterprise never does."""
    _needed(text, _("请填写备注。"))
    with act(actor, "lead.note", lead, reason=mask_contacts(text.strip())) as it:
        if it.actor.role is not Role.OFFICE:
            require_responsible(it.actor, it.thing)
        told(it.actor, it.thing, What.NOTE, timezone.now(), mask_contacts(text.strip()))


def close(actor: Actor, lead: Lead, end_reason: str, text: str = "") -> None:
    """End a lead. Except for spam the enterprise is told why; an offer to a city is withdrawn."""
    why = _end_reason(end_reason)
    if why != EndReason.SPAM:
        _needed(text, _("请写给企业的说明，企业会在进度页看到。"))
    with _moved(actor, lead, "close", text or str(EndReason(why).label)) as (found, now):
        found.end_reason, found.closed_at = why, now
        if text.strip():
            found.answer, found.answered_at = mask_contacts(text.strip()), found.answered_at or now
        withdraw_offer(actor, found, now)


def reveal(actor: Actor, lead: Lead, purpose: str) -> dict[str, str]:
    """The contact of a lead in full, for an officer of the responsible bureau; on record."""
    with transaction.atomic():
        now, found = confirmed(actor), locked(lead)
        require_responsible(now, found)
        if found.state == State.HELD:
            raise NotNow(_("请先甄别，再查看联系方式。"))
        secrets: dict[str, Any] = {"contact_name": found.contact_name, "phone": found.phone}
        shown = contacts.reveal(now, found, secrets, None, mask_contacts(purpose))
        told(now, found, What.REVEAL, timezone.now(), mask_contacts(purpose.strip())[:200])
        return shown


def set_clocks(actor: Actor, days: Mapping[str, int]) -> None:
    """Set how long each clock runs, for leads to come: what was promised already stays."""
    with transaction.atomic():
        now = confirmed(actor)
        if now.role is not Role.OFFICE:
            raise Forbidden(_("只有走廊办可以调整时限。"))
        before = clocks.lengths()
        for name, length in days.items():
            if name not in clocks.BY_NAME or not 1 <= length <= 90:
                raise Invalid(_("时限为 1 到 90 天。"), {name: _("请填 1 到 90。")})
            ClockLength.objects.update_or_create(clock=name, defaults={"days": length})
        changed = {name: [before[name], length] for name, length in days.items()}
        audit.record(now, "lead.set_clocks", None, diff=changed)


def withdraw_offer(actor: Actor, lead: Lead, now: datetime) -> None:
    """Withdraw what is offered to another city of a lead that ends."""
    open_offers = lead.circulations.filter(state=Circulation.State.PROPOSED)
    open_offers.update(state=Circulation.State.WITHDRAWN, decided_at=now, decided_by_id=actor.user)


def require_still(lead: Lead) -> None:
    """Refuse to move a lead that has ended, or that a city is being asked to take."""
    if lead.state not in OPEN:
        raise NotNow(_("线索已经结束。"))
    if lead.circulations.filter(state=Circulation.State.PROPOSED).exists():
        raise NotNow(_("正在等待另一城市答复是否接收，请先撤回流转。"))


def require_responsible(actor: Actor, lead: Lead) -> None:
    if not responsible(actor, lead):
        raise Forbidden(_("只有受理城市的投促局可以进行这一操作。"))


def _progress_at(lead: Lead, now: datetime) -> datetime:
    return max(filter(None, (now, lead.progress_at, lead.answered_at)))


def _in_order(stated: Collection[str]) -> list[str]:
    return [str(one) for one in Stated if one in stated]


def _end_reason(reason: str) -> str:
    if reason not in EndReason:
        raise Invalid(_("请选择原因。"), {"end_reason": _("请选择原因。")})
    return reason


def _needed(text: str, fault: str) -> None:
    if not text.strip():
        raise Invalid(fault, {"text": fault})
