"""What the public may do: report a lead. Nothing else of a lead is written by the public."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.factors import Range
from corridor.engine.text import mask_contacts, read

from ..core.actor import PUBLIC, Actor
from ..core.audit import name_of
from ..core.models import Consent
from ..core.refs import new_ref
from ..core.region import corridor
from ..core.secret import Secret, blind_index
from ..core.verbs import act
from ..listings.values import stored
from ..notices.actions import notify, to_bureau, to_office
from . import clocks, notices
from .alike import company_key, names_alike, texts_alike
from .cards import Referrer
from .models import TAX, Alike, EndReason, Lead, LeadEvent, State, Suspicion

#: How far back a lead may look like another.
ALIKE_WITHIN = timedelta(days=90)
#: The texts of so many leads of companies named alike are compared, the first ones first.
MOST_COMPARED = 100
#: So many of one number in a day, and the next is looked at first.
MANY = 3


@dataclass(frozen=True, slots=True)
class Report:
    """What an enterprise says. ``phone`` is as ``phones.phone`` gives it, ``tax`` in 万元 a year."""

    need: str
    company: str
    contact_name: str
    phone: str
    use: str = ""
    tax: Range | None = None
    wish: str = ""


def consent_text() -> str:
    """What the enterprise agrees to, in the language of the page; kept with each lead."""
    return _(
        "%(site)s为处理本条线索使用以上信息：由受理城市的投资促进部门联系我；"
        "线索转给走廊内其他城市或转为供需信息时一并转交。联系方式加密保存，"
        "页面上只显示部分数字，每次查看都有记录；我可随时要求更正或删除。"
    ) % {"site": settings.SITE_NAME}


def report(
    said: Report,
    *,
    referrer: Referrer | None = None,
    suspicions: Sequence[str] = (),
    sender: Actor = PUBLIC,
) -> Lead:
    """Take a lead in: read it, route it, start its clocks, tell whose it is.

    The lead is the enterprise's, whoever the ``sender`` is. A suspicious one is held back for someone
    to look at, never refused.
    """
    lead = Lead(ref=new_ref("X"), first_reported_at=timezone.now())
    _fill(lead, said, referrer)
    with act(PUBLIC, "lead.report", lead):
        _compare(lead)
        _hold(lead, suspicions)
        clocks.promise(lead)
        clocks.wind(lead)
        lead.save(force_insert=True)
        LeadEvent.objects.create(lead=lead, what=LeadEvent.What.REPORT, at=lead.first_reported_at)
        Consent.objects.create(
            purpose="lead", text=consent_text(), thing=name_of(lead), channel=sender.channel
        )
        _tell(lead)
    return lead


def _fill(lead: Lead, said: Report, referrer: Referrer | None) -> None:
    lead.need, lead.use = mask_contacts(said.need), mask_contacts(said.use)
    lead.company = mask_contacts(said.company)
    lead.company_key = company_key(lead.company)
    lead.wish = said.wish
    lead.tax = stored({TAX.name: said.tax}) if said.tax else {}
    lead.contact_name = Secret(said.contact_name)
    lead.phone = Secret(said.phone)
    lead.phone_index = blind_index(said.phone)
    if referrer is not None:
        lead.referrer, lead.referrer_party = referrer.user, referrer.party
    lead.city = lead.first_city = said.wish or (referrer.city if referrer else "")
    _read(lead)


def _read(lead: Lead) -> None:
    """What the text says by itself; an officer checks it before it counts."""
    text = whole_text(lead)
    reading = read(text, today=timezone.localdate(lead.first_reported_at), near=corridor().codes)
    lead.kind, lead.side = reading.kind or "", str(reading.side)
    lead.values = stored(reading.values())
    lead.unread = [text[start:end] for start, end in reading.unread]


def whole_text(lead: Lead) -> str:
    """What the enterprise wrote of its need, as it is read and as a listing takes it over."""
    return f"{lead.need}\n{lead.use}".strip()


def _compare(lead: Lead) -> None:
    """Note the first of the recent leads that look like this one."""
    recent = (
        Lead._base_manager.filter(first_reported_at__gte=lead.first_reported_at - ALIKE_WITHIN)
        .exclude(end_reason=EndReason.SPAM)
        .order_by("first_reported_at", "id")
    )
    earlier, why = recent.filter(phone_index=lead.phone_index).first(), Alike.PHONE
    if earlier is None and lead.company_key:
        earlier, why = _same_company(recent, lead), Alike.TEXT
    if earlier is not None:
        lead.duplicate_of_id = earlier.duplicate_of_id or earlier.pk
        lead.duplicate_why = why


def _same_company(recent: QuerySet[Lead], lead: Lead) -> Lead | None:
    """The first lead of a company named alike that wants the like.

    Names that are near each other begin alike: the others need not be read.
    """
    keys = recent.filter(company_key__startswith=lead.company_key[:2])
    pairs = keys.values_list("pk", "company_key")
    near = [pk for pk, key in pairs if names_alike(key, lead.company_key)]
    candidates = recent.filter(pk__in=near[:MOST_COMPARED])
    return next((one for one in candidates if texts_alike(one.need, lead.need)), None)


def _hold(lead: Lead, suspicions: Sequence[str]) -> None:
    found = list(suspicions)
    day = lead.first_reported_at - timedelta(days=1)
    same = Lead._base_manager.filter(phone_index=lead.phone_index, first_reported_at__gte=day)
    if same.count() >= MANY:
        found.append(str(Suspicion.MANY))
    lead.suspicions = found
    lead.state = State.HELD if found else State.RECEIVED


def _tell(lead: Lead) -> None:
    """A held lead waits in the list without a notice: a flood of them must not be one of mails."""
    if lead.state == State.HELD:
        return
    params = {"ref": lead.ref, "company": lead.company}
    if lead.city:
        notify(to_bureau(lead.city), notices.RECEIVED, lead, lead.get_absolute_url(), params)
    else:
        notify(to_office(), notices.POOLED, lead, lead.get_absolute_url(), params)
    first = lead.duplicate_of
    if first is not None and first.city and first.city != lead.city:
        notify(
            to_bureau(first.city),
            notices.ALIKE,
            first,
            first.get_absolute_url(),
            {"ref": first.ref},
        )
