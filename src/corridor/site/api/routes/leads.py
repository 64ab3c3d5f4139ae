"""Leads: sent in by programs, worked on by officers."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from ninja import Router, Schema
from ninja.responses import Status

from ...core.errors import Invalid
from ...core.middleware import actor_of
from ...leads import gate, intake, queries, verbs
from ...leads.cards import referrer
from ...leads.forms import NeedForm, ReporterForm
from ...leads.models import Lead
from .. import schemas, shapes
from ..idempotency import once
from ..paging import At, paged
from ..records import lead_record, lead_whole, received_record

router = Router(tags=["leads"])
router.add_decorator(once)


@router.post("/leads", response={201: shapes.Received})
def report_lead(request: HttpRequest, said: schemas.LeadIn) -> Status[shapes.Received]:
    """Send in an enterprise's lead; read, routed and timed as one from the public form.

    Only its officers see it again: who sends it in is told its reference and when it is due.
    """
    need, reporter = NeedForm(_typed(said)), ReporterForm(_typed(said))
    told = _right(need) | _right(reporter)
    del told["agreed"]
    texts = [told["need"], told["use"], told["company"], told["contact_name"]]
    found = gate.suspicions(*texts, trap="", seconds=gate.FASTEST_SECONDS)
    lead = intake.report(
        intake.Report(**told),
        referrer=referrer(said.card),
        suspicions=found,
        sender=actor_of(request),
    )
    return Status(201, received_record(lead))


@router.get("/leads", response=shapes.Page[shapes.Lead])
def leads(
    request: HttpRequest, at: At, tab: str = "open", city: str = ""
) -> shapes.Page[shapes.Lead]:
    """The leads an officer may see, overdue first. ``tab``: open, overdue, held, asked or done."""
    if tab not in queries.TABS:
        raise Invalid(_("没有这个分组。"), {"tab": _("、").join(queries.TABS)})
    found = queries.listed(actor_of(request), tab, city).select_related("listing")
    return paged(found.defer("contact_name", "phone"), at, lead_record)


@router.get("/leads/{ref}", response=shapes.LeadWhole)
def lead(request: HttpRequest, ref: str) -> shapes.LeadWhole:
    """One lead, with what happened to it."""
    return lead_whole(actor_of(request), _one(request, ref))


def _one(request: HttpRequest, ref: str) -> Lead:
    found: Lead = Lead.objects.select_related("listing").one(actor_of(request), ref=ref)
    return found


def _do(request: HttpRequest, ref: str, name: str, said: Schema) -> shapes.Lead:
    """Do a verb with what was said, checked by the form of the page's verb.

    Whoever gave the lead away by it is still told how it stands.
    """
    actor, found = actor_of(request), _one(request, ref)
    form = verbs.form_of(name, found, _typed(said))
    verbs.VERBS[name].run(actor, found, _right(form))
    return lead_record(Lead._base_manager.select_related("listing").get(pk=found.pk))


def _typed(said: Schema) -> QueryDict:
    """What was said, as a form takes it; what is false or none is not ticked."""
    data = QueryDict(mutable=True)
    for name, value in said.dict().items():
        if isinstance(value, list):
            data.setlist(name, value)
        elif value is not None and value is not False:
            data[name] = "on" if value is True else str(value)
    return data


def _right(form: Form) -> dict[str, Any]:
    if not form.is_valid():
        faults = {name: " ".join(map(str, texts)) for name, texts in form.errors.items()}
        raise Invalid(_("请求的内容不符合接口的格式。"), faults)
    return dict(form.cleaned_data)


@router.post("/leads/{ref}/admit", response=shapes.Lead)
def admit_lead(request: HttpRequest, ref: str) -> shapes.Lead:
    """A lead that was held back is no spam."""
    return _do(request, ref, "admit", Schema())


@router.post("/leads/{ref}/assign", response=shapes.Lead)
def assign_lead(request: HttpRequest, ref: str, said: schemas.Assigning) -> shapes.Lead:
    """The office gives a lead to a city."""
    return _do(request, ref, "assign", said)


@router.post("/leads/{ref}/contact", response=shapes.Lead)
def contact_lead(request: HttpRequest, ref: str, said: schemas.Noting) -> shapes.Lead:
    """The enterprise was contacted."""
    return _do(request, ref, "contact", said)


@router.post("/leads/{ref}/judge", response=shapes.Lead)
def judge_lead(request: HttpRequest, ref: str, said: schemas.Judging) -> shapes.Lead:
    """Whether the lead is worth following."""
    return _do(request, ref, "judge", said)


@router.post("/leads/{ref}/answer", response=shapes.Lead)
def answer_lead(request: HttpRequest, ref: str, said: schemas.Noting) -> shapes.Lead:
    """Answer the enterprise."""
    return _do(request, ref, "answer", said)


@router.post("/leads/{ref}/talk", response=shapes.Lead)
def talk_lead(request: HttpRequest, ref: str, said: schemas.Noting) -> shapes.Lead:
    """Talks have begun."""
    return _do(request, ref, "talk", said)


@router.post("/leads/{ref}/progress", response=shapes.Lead)
def progress_lead(request: HttpRequest, ref: str, said: schemas.Noting) -> shapes.Lead:
    """Tell how it goes."""
    return _do(request, ref, "progress", said)


@router.post("/leads/{ref}/note", response=shapes.Lead)
def note_lead(request: HttpRequest, ref: str, said: schemas.Noting) -> shapes.Lead:
    """Leave a note; the enterprise never sees it."""
    return _do(request, ref, "note", said)


@router.post("/leads/{ref}/convert", response=shapes.Lead)
def convert_lead(request: HttpRequest, ref: str, said: schemas.Converting) -> shapes.Lead:
    """Make a draft listing of it, which the enterprise hands in itself."""
    return _do(request, ref, "convert", said)


@router.post("/leads/{ref}/close", response=shapes.Lead)
def close_lead(request: HttpRequest, ref: str, said: schemas.Ending) -> shapes.Lead:
    """End a lead, and tell the enterprise why."""
    return _do(request, ref, "close", said)


@router.post("/leads/{ref}/circulations", response=shapes.Lead)
def propose_lead(request: HttpRequest, ref: str, said: schemas.Proposing) -> shapes.Lead:
    """Offer a lead to another city."""
    return _do(request, ref, "propose", said)


@router.post("/leads/{ref}/circulations/{int:number}/accept", response=shapes.Lead)
def accept_lead(request: HttpRequest, ref: str, number: int) -> shapes.Lead:
    """Take a lead that another city offers."""
    return _do(request, ref, "accept", schemas.Deciding(offer=number))


@router.post("/leads/{ref}/circulations/{int:number}/decline", response=shapes.Lead)
def decline_lead(request: HttpRequest, ref: str, number: int, said: schemas.Noting) -> shapes.Lead:
    """Leave it with the city that offers it, and say why."""
    return _do(request, ref, "decline", schemas.Deciding(offer=number, text=said.text))


@router.post("/leads/{ref}/circulations/{int:number}/withdraw", response=shapes.Lead)
def withdraw_lead(request: HttpRequest, ref: str, number: int) -> shapes.Lead:
    """Take an offer back before it is answered."""
    return _do(request, ref, "withdraw", schemas.Deciding(offer=number))
