"""Introductions: asked for, answered, talked in."""

from django.http import HttpRequest
from ninja import Router

from ...core.middleware import actor_of
from ...docking import actions, release
from ...docking.models import Introduction, Message
from ...listings.models import Listing
from ..paging import Page, Paged, page
from ..records import Record, introduction_record
from ..schemas import AcceptIn, AskIn, DeclineIn, IntroductionOut, MessageIn, MessageOut, RevealIn

router = Router(tags=["introductions"])


def _one(request: HttpRequest, ref: str) -> Introduction:
    found: Introduction = Introduction.objects.full().one(actor_of(request), ref=ref)
    return found


def _answer(request: HttpRequest, ref: str) -> Record:
    return introduction_record(actor_of(request), _one(request, ref))


@router.post("/listings/{ref}/introductions", response={201: IntroductionOut})
def ask(request: HttpRequest, ref: str, said: AskIn) -> tuple[int, Record]:
    """Ask the party of a listing to talk."""
    actor = actor_of(request)
    own = Listing.objects.one(actor, ref=said.own) if said.own else None
    made = actions.ask(
        actor,
        Listing.objects.one(actor, ref=ref),
        own=own,
        cooperation=said.cooperation,
        question=said.question,
        agreed=said.agreed,
    )
    return 201, _answer(request, made.ref)


@router.get("/introductions", response=Paged[IntroductionOut])
def introductions(request: HttpRequest, at: Page) -> Record:
    """The introductions the caller may see, newest first."""
    actor = actor_of(request)
    found = Introduction.objects.visible_to(actor).full()
    return page(found, at, lambda one: introduction_record(actor, one))


@router.get("/introductions/{ref}", response=IntroductionOut)
def introduction(request: HttpRequest, ref: str) -> Record:
    """One introduction."""
    return _answer(request, ref)


@router.post("/introductions/{ref}/accept", response=IntroductionOut)
def accept(request: HttpRequest, ref: str, said: AcceptIn) -> Record:
    """Agree to talk; both contacts are released."""
    actions.accept(actor_of(request), _one(request, ref), agreed=said.agreed)
    return _answer(request, ref)


@router.post("/introductions/{ref}/decline", response=IntroductionOut)
def decline(request: HttpRequest, ref: str, said: DeclineIn) -> Record:
    """Say no, and why."""
    actions.decline(actor_of(request), _one(request, ref), reason=said.reason, note=said.note)
    return _answer(request, ref)


@router.post("/introductions/{ref}/withdraw", response=IntroductionOut)
def withdraw(request: HttpRequest, ref: str) -> Record:
    """Take back what was asked."""
    actions.withdraw(actor_of(request), _one(request, ref))
    return _answer(request, ref)


@router.get("/introductions/{ref}/messages", response=list[MessageOut])
def messages(request: HttpRequest, ref: str) -> list[Record]:
    """What was said, oldest first."""
    found = _one(request, ref)
    actor = actor_of(request)
    mine = actor.party in (found.from_party_id, found.to_party_id)
    released = mine and release.released(found)
    return [
        {"at": one.at, "role": one.role, "text": one.said(released=released)}
        for one in Message.objects.visible_to(actor).filter(introduction=found)
    ]


@router.post("/introductions/{ref}/messages", response={201: MessageOut})
def say(request: HttpRequest, ref: str, said: MessageIn) -> tuple[int, Record]:
    """Say something; contact data in it is hidden until both sides have accepted."""
    found = _one(request, ref)
    made = actions.say(actor_of(request), found, said.text)
    return 201, {"at": made.at, "role": made.role, "text": made.said(released=False)}


@router.post("/introductions/{ref}/contacts", response=dict[str, str])
def contacts(request: HttpRequest, ref: str, said: RevealIn) -> dict[str, str]:
    """The counterpart's contact, once both sides have accepted; on record."""
    return actions.contacts(actor_of(request), _one(request, ref), said.purpose)
