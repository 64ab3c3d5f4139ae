"""Pages of the core app."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import jobs, uploads
from .errors import Missing
from .middleware import ACTING, actor_of
from .models import Job, Membership, Upload


def back_to(request: HttpRequest, default: str) -> str:
    """The page of this site that a form names in ``next``; else ``default``."""
    wanted = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if here and wanted.startswith("/") else default


@require_POST
def acting(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own memberships."""
    mine = Membership.objects.filter(user=request.user.pk or 0, ended_at=None)
    wanted = request.POST.get("membership", "")
    if not wanted.isdigit() or not mine.filter(pk=int(wanted)).exists():
        raise Missing(_("没有找到这一身份。"))
    request.session[ACTING] = int(wanted)
    return redirect("/desk/")


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is. The part that changes is asked for each second by htmx."""
    found: Job = Job.objects.select_related("upload").one(actor_of(request), pk=pk)
    part = bool(getattr(request, "htmx", False))
    return render(request, "core/job_part.html" if part else "core/job.html", {"job": found})


@require_POST
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a job to stop."""
    jobs.cancel(actor_of(request), pk)
    return redirect("core:job", pk)


@require_safe
def file(request: HttpRequest, key: str) -> HttpResponseBase:
    """A file of the own party, as an attachment."""
    return uploads.response(Upload.objects.one(actor_of(request), key=key))
