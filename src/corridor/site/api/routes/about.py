"""Who am I, what may a listing state, how far is a job."""

from django.http import HttpRequest
from ninja import Router

from corridor.engine.factors import all_kinds

from ...core import jobs
from ...core.middleware import actor_of
from ...core.models import Job
from .. import records, shapes
from ..idempotency import once

router = Router(tags=["about"])
router.add_decorator(once)


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


@router.get("/jobs/{int:number}", response=shapes.Job)
def job(request: HttpRequest, number: int) -> shapes.Job:
    """Long work of the caller's party, and how far it is."""
    return records.job_record(Job.objects.one(actor_of(request), pk=number))


@router.post("/jobs/{int:number}/cancel", response=shapes.Job)
def cancel_job(request: HttpRequest, number: int) -> shapes.Job:
    """Ask a job to stop."""
    return records.job_record(jobs.cancel(actor_of(request), number))
