"""The only answers with contact data in them. On record each time, and never remembered."""

from django.http import HttpRequest
from ninja import Router

from ...core.middleware import actor_of
from ...docking import actions as docking
from ...docking.models import Introduction
from ...leads import actions as leads
from ...leads.models import Lead
from ..answering import answered
from ..schemas import Purpose

router = Router(tags=["contacts"])
router.add_decorator(answered)


@router.post("/introductions/{ref}/contacts", response=dict[str, str])
def introduction_contacts(request: HttpRequest, ref: str, said: Purpose) -> dict[str, str]:
    """The counterpart's contact, once both sides have accepted; its owner sees the purpose."""
    actor = actor_of(request)
    return docking.contacts(actor, Introduction.objects.full().one(actor, ref=ref), said.purpose)


@router.post("/leads/{ref}/contacts", response=dict[str, str])
def lead_contacts(request: HttpRequest, ref: str, said: Purpose) -> dict[str, str]:
    """The contact of a lead, for officers of the responsible bureau."""
    actor = actor_of(request)
    return leads.reveal(actor, Lead.objects.one(actor, ref=ref), said.purpose)
