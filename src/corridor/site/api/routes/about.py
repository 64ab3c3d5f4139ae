"""Who am I, what may a listing state, how is the corridor doing, how far is a job."""

from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from corridor.engine.factors import all_kinds

from ...core import jobs
from ...core.errors import Invalid
from ...core.middleware import actor_of
from ...core.models import Job
from ...core.region import corridor
from ...docking import funnel as funnels
from .. import records, shapes
from ..idempotency import once

router = Router(tags=["about"])
router.add_decorator(once)


class Cohort(Schema):
    """Which listings are counted: those published in the last days, of a city, of a kind."""

    days: int | None = Field(default=None, ge=1, le=3660)
    city: str = ""
    kind: str = ""


@router.get("/me", response=shapes.Me)
def me(request: HttpRequest) -> shapes.Me:
    """Who the token acts as."""
    actor = actor_of(request)
    return {
        "role": actor.role,
        "party": actor.party_name,
        "city": actor.city,
        "manager": actor.manager,
    }


@router.get("/kinds", response=list[shapes.Kind])
def kinds(request: HttpRequest) -> list[shapes.Kind]:
    """The factor kinds with their attributes, as they are declared."""
    del request
    return [records.kind_record(found) for found in all_kinds().values()]


@router.get("/funnel", response=list[shapes.Step])
def funnel(request: HttpRequest, of: Query[Cohort]) -> list[shapes.Step]:
    """How far listings get: published, matched, introduced, agreed."""
    wrong = {}
    if of.city and of.city not in corridor().codes:
        wrong["city"] = _("、").join(corridor().codes)
    if of.kind and of.kind not in all_kinds():
        wrong["kind"] = _("、").join(all_kinds())
    if wrong:
        raise Invalid(_("有条件无法识别。"), wrong)
    found = funnels.steps(actor_of(request), days=of.days, city=of.city, kind=of.kind)
    return [records.step_record(step) for step in found]


@router.get("/jobs/{int:number}", response=shapes.Job)
def job(request: HttpRequest, number: int) -> shapes.Job:
    """Long work of the caller's party, and how far it is."""
    return records.job_record(Job.objects.one(actor_of(request), pk=number))


@router.post("/jobs/{int:number}/cancel", response=shapes.Job)
def cancel_job(request: HttpRequest, number: int) -> shapes.Job:
    """Ask a job to stop."""
    return records.job_record(jobs.cancel(actor_of(request), number))
