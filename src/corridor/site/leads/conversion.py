"""Turning a lead into a listing: a draft of the enterprise's own party, which it submits itself."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import IntegrityError
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.factors import Side
from corridor.engine.factors import kind as kind_of
from corridor.engine.text import mask_contacts, read

from ..core.actor import Actor
from ..core.errors import Invalid
from ..core.models import Party
from ..core.region import corridor
from ..core.verbs import act
from ..listings import actions as listings
from ..listings.content import Content
from ..listings.models import Listing
from . import clocks
from .actions import told, withdraw_offer
from .intake import whole_text
from .lifecycle import LEAD
from .models import Lead, LeadEvent


@dataclass(frozen=True, slots=True)
class Draft:
    """What an officer decides about the listing. ``without`` are the attributes not to take over.

    ``same`` says that a party of this credit code is the lead's company in spite of its name.
    """

    credit_code: str
    party_kind: str
    side: str
    kind: str
    title: str
    without: Collection[str] = ()
    same: bool = False


def convert(actor: Actor, lead: Lead, draft: Draft, text: str) -> Listing:
    """Draft a listing for the lead's company and end the lead; ``text`` is its answer.

    The company submits the draft once one of its people has joined: nothing is published for it.
    The contact moves from the lead into the listing's secret fields, seen by nobody on the way.
    A party that is not on the site yet is put there, unverified.
    """
    if not text.strip():
        fault = _("请写给企业的说明，企业会在进度页看到。")
        raise Invalid(fault, {"text": fault})
    kept = mask_contacts(text.strip())
    with act(actor, "lead.convert", lead, reason=kept) as it:
        LEAD.move(it.actor, it.thing, "convert")
        now = clocks.not_before_report(it.thing, timezone.now())
        party = _party(it.actor, it.thing, draft)
        listing = listings.create(it.actor, _content(it.thing, draft), party=party.pk)
        it.thing.listing = listing
        it.thing.answer, it.thing.answered_at = kept, it.thing.answered_at or now
        it.thing.closed_at = now
        withdraw_offer(it.actor, it.thing, now)
        clocks.wind(it.thing)
        it.thing.save()
        told(it.actor, it.thing, LeadEvent.What.CONVERT, now, kept)
    return listing


def _party(actor: Actor, lead: Lead, draft: Draft) -> Party:
    """The party of the credit code; a new one where there is none."""
    found = Party.objects.filter(credit_code=draft.credit_code).first()
    if found is None:
        try:
            return _entered(actor, lead, draft)
        except IntegrityError:  # someone registered it a moment ago
            found = Party.objects.get(credit_code=draft.credit_code)
    if found.city != lead.city:
        fault = _("这一主体登记在%(city)s，请把线索流转给该市。") % {"city": found.city_label}
        raise Invalid(fault, {"credit_code": fault})
    if found.name != lead.company and not draft.same:
        fault = _("这一信用代码登记的是“%(name)s”。") % {"name": found.name}
        raise Invalid(fault, {"credit_code": fault, "same": _("请核对后勾选。")})
    return found


def _entered(actor: Actor, lead: Lead, draft: Draft) -> Party:
    party = Party(
        name=lead.company, credit_code=draft.credit_code, kind=draft.party_kind, city=lead.city
    )
    with act(actor, "party.enter", party) as it:
        it.thing.save()
    return party


def _content(lead: Lead, draft: Draft) -> Content:
    kind, side = kind_of(draft.kind), Side(draft.side)
    reading = read(
        whole_text(lead),
        kind,
        side,
        today=timezone.localdate(lead.first_reported_at),
        near=corridor().codes,
    )
    values = {
        name: value
        for name, value in reading.limits().items()
        if name not in draft.without and kind.by_name[name].stated_by(side)
    }
    return Content(
        side=draft.side,
        kind=draft.kind,
        title=draft.title,
        text=whole_text(lead),
        city=lead.city,
        values=values,
        contact_name=lead.contact_name.reveal(),
        contact_phone=lead.phone.reveal(),
    )
