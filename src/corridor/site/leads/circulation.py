"""Passing a lead to another city, and who gets the credit for it.

The city that offers names the part of its credit it keeps (5:5 unless it says otherwise); the city
that is asked takes the lead with that part or leaves it. What both agreed to is never changed.
"""

from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from ..core.actor import Actor
from ..core.errors import Invalid, NotNow
from ..core.region import city_choices
from ..core.verbs import act
from ..notices.actions import notify, to_bureau
from . import notices
from .actions import require_responsible, require_still, told
from .lifecycle import CIRCULATION
from .models import Circulation, Lead, LeadEvent, State

What = LeadEvent.What


def propose(actor: Actor, lead: Lead, to_city: str, kept: int, reason: str) -> Circulation:
    """Offer a lead to another city; the own one keeps ``kept`` percent of the credit it holds.

    Raises ``NotNow`` while another offer of the lead is open.
    """
    why = mask_contacts(reason.strip())
    with act(actor, "lead.propose", lead, reason=why) as it:
        require_responsible(it.actor, it.thing)
        require_still(it.thing)
        if it.thing.state == State.HELD:
            raise NotNow(_("请先甄别，再提出流转。"))
        _check(it.thing, to_city, kept, why)
        offer = Circulation.objects.create(
            lead=it.thing,
            from_city=it.thing.city,
            to_city=to_city,
            kept=kept,
            reason=why,
            proposed_at=timezone.now(),
            proposed_by_id=it.actor.user,
        )
        it.diff["circulation"] = [None, _terms(offer)]
        told(it.actor, it.thing, What.PROPOSE, offer.proposed_at, why)
        params = {"ref": lead.ref, "company": it.thing.company, "kept": kept, "given": offer.given}
        notify(to_bureau(to_city), notices.PROPOSED, lead, lead.get_absolute_url(), params)
    return offer


def accept(actor: Actor, lead: Lead, offer: int) -> None:
    """Take the lead on the terms of ``offer``: from now on it is the own city's."""
    _decide(actor, lead, offer, "accept", "")


def decline(actor: Actor, lead: Lead, offer: int, reason: str) -> None:
    """Leave the lead where it is, and say why."""
    _decide(actor, lead, offer, "decline", mask_contacts(reason.strip())[:400])


def withdraw(actor: Actor, lead: Lead, offer: int) -> None:
    """Take an offer back before it is answered."""
    _decide(actor, lead, offer, "withdraw", "")


def _decide(actor: Actor, lead: Lead, number: int, verb: str, text: str) -> None:
    with act(actor, f"lead.{verb}", lead, reason=text) as it:
        offer = it.thing.circulations.select_for_update().filter(pk=number).first()
        if offer is None:
            raise NotNow(_("这一流转已经变化，请刷新页面。"))
        before = offer.state
        CIRCULATION.move(it.actor, offer, verb, text)
        offer.answer, offer.decided_at = text, timezone.now()
        offer.decided_by_id = it.actor.user
        offer.save()
        if verb == "accept":
            it.thing.city, it.thing.officer_id = offer.to_city, None
            it.thing.save()
        it.diff["circulation"] = [before, offer.state, _terms(offer)]
        told(it.actor, it.thing, verb, offer.decided_at, text)
        if verb != "withdraw":
            what = notices.ACCEPTED if verb == "accept" else notices.DECLINED
            url = lead.get_absolute_url()
            notify(to_bureau(offer.from_city), what, lead, url, {"ref": lead.ref})


def _check(lead: Lead, to_city: str, kept: int, reason: str) -> None:
    if to_city not in dict(city_choices()) or to_city == lead.city:
        raise Invalid(_("请选择另一城市。"), {"to_city": _("请选择走廊内的另一城市。")})
    if not 0 <= kept <= 100:
        raise Invalid(_("比例为 0 到 100。"), {"kept": _("请填 0 到 100。")})
    if not reason:
        raise Invalid(_("请填写原因。"), {"text": _("请写明为何推荐给对方，对方会看到。")})


def _terms(offer: Circulation) -> dict[str, object]:
    return {"from": offer.from_city, "to": offer.to_city, "kept": offer.kept}
