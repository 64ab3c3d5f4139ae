"""Introductions: asked for, answered, talked in."""

from django.http import HttpRequest
from ninja import Router
from ninja.responses import Status

from ...core.middleware import actor_of
from ...docking import actions, queries
from ...docking.models import Introduction, Message
from ...listings.models import Listing
from .. import shapes
from ..idempotency import once
from ..paging import At, paged
from ..records import introduction_record, introduction_whole, outcome_record
from ..schemas import Agreement, Asking, Consenting, Declining, OutcomeIn, Saying

router = Router(tags=["introductions"])
router.add_decorator(once)


def _one(request: HttpRequest, ref: str) -> Introduction:
    found: Introduction = Introduction.objects.full().one(actor_of(request), ref=ref)
    return found


def _answer(request: HttpRequest, ref: str) -> shapes.IntroductionWhole:
    return introduction_whole(actor_of(request), _one(request, ref))


def _message(found: Message) -> shapes.Message:
    """Contacts stay masked here even when they are released: they have a door of their own."""
    return {"at": found.at, "role": found.role, "text": found.said(released=False)}


@router.post("/listings/{ref}/introductions", response={201: shapes.IntroductionWhole})
def ask_introduction(
    request: HttpRequest, ref: str, said: Asking
) -> Status[shapes.IntroductionWhole]:
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
    return Status(201, _answer(request, made.ref))


@router.get("/introductions", response=shapes.Page[shapes.Introduction])
def introductions(request: HttpRequest, at: At) -> shapes.Page[shapes.Introduction]:
    """The introductions the caller may see, newest first."""
    actor = actor_of(request)
    return paged(queries.introductions(actor), at, lambda one: introduction_record(actor, one))


@router.get("/introductions/{ref}", response=shapes.IntroductionWhole)
def introduction(request: HttpRequest, ref: str) -> shapes.IntroductionWhole:
    """One introduction."""
    return _answer(request, ref)


@router.post("/introductions/{ref}/accept", response=shapes.IntroductionWhole)
def accept_introduction(
    request: HttpRequest, ref: str, said: Agreement
) -> shapes.IntroductionWhole:
    """Agree to talk; both contacts are released."""
    actions.accept(actor_of(request), _one(request, ref), agreed=said.agreed)
    return _answer(request, ref)


@router.post("/introductions/{ref}/decline", response=shapes.IntroductionWhole)
def decline_introduction(
    request: HttpRequest, ref: str, said: Declining
) -> shapes.IntroductionWhole:
    """Say no, and why."""
    actions.decline(actor_of(request), _one(request, ref), reason=said.reason, note=said.note)
    return _answer(request, ref)


@router.post("/introductions/{ref}/withdraw", response=shapes.IntroductionWhole)
def withdraw_introduction(request: HttpRequest, ref: str) -> shapes.IntroductionWhole:
    """Take back what was asked."""
    actions.withdraw(actor_of(request), _one(request, ref))
    return _answer(request, ref)


@router.post("/introductions/{ref}/consent", response=shapes.IntroductionWhole)
def consent_introduction(
    request: HttpRequest, ref: str, said: Consenting
) -> shapes.IntroductionWhole:
    """Take back the consent to be reached, or give it again."""
    actions.consent(actor_of(request), _one(request, ref), agree=said.agree)
    return _answer(request, ref)


@router.post("/introductions/{ref}/remind", response=shapes.IntroductionWhole)
def remind_introduction(request: HttpRequest, ref: str) -> shapes.IntroductionWhole:
    """An adviser reminds whoever has to act; once a day."""
    actions.remind(actor_of(request), _one(request, ref))
    return _answer(request, ref)


@router.post("/introductions/{ref}/outcomes", response={201: shapes.Outcome})
def report_outcome(request: HttpRequest, ref: str, said: OutcomeIn) -> Status[shapes.Outcome]:
    """Write down what came of it; an agreement, or none, ends it."""
    told = actions.Report(**said.dict())
    return Status(201, outcome_record(actions.report(actor_of(request), _one(request, ref), told)))


@router.get("/introductions/{ref}/messages", response=list[shapes.Message])
def messages(request: HttpRequest, ref: str) -> list[shapes.Message]:
    """What was said, oldest first."""
    found = Message.objects.visible_to(actor_of(request)).filter(introduction=_one(request, ref))
    return [_message(one) for one in found]


@router.post("/introductions/{ref}/messages", response={201: shapes.Message})
def send_message(request: HttpRequest, ref: str, said: Saying) -> Status[shapes.Message]:
    """Say something to the counterpart."""
    made = actions.say(actor_of(request), _one(request, ref), said.text)
    return Status(201, _message(made))
