"""Pages of the core app."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from . import actions, jobs, uploads
from .errors import Missing
from .middleware import ACTING, actor_of, in_part, memberships_of
from .models import Job, Upload, User


def back_to(request: HttpRequest, default: str) -> str:
    """The page of this site that a form names in ``next``; else ``default``."""
    wanted = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if here and wanted.startswith("/") else default


@require_POST
def language(request: HttpRequest) -> HttpResponseBase:
    """Switch the language of the page; for those logged in, of their mails too."""
    wanted = request.POST.get("language", "")
    if isinstance(request.user, User) and wanted in dict(settings.LANGUAGES):
        actions.speak(request.user, wanted)
    return set_language(request)


@require_POST
def acting(request: HttpRequest) -> HttpResponse:
    """Act in another of one's own memberships."""
    wanted = request.POST.get("membership", "")
    chosen = next((one.pk for one in memberships_of(request) if str(one.pk) == wanted), None)
    if chosen is None:
        raise Missing(_("没有找到这一身份。"))
    request.session[ACTING] = chosen
    return redirect("/desk/")


@require_safe
def job(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is. The part that changes is asked for each second by htmx.

    What a job leads to is its result's ``url``, or its file.
    """
    found = Job.objects.select_related("upload").one(actor_of(request), pk=pk)
    url = str(found.result.get("url", ""))
    if not url and found.upload is not None:
        url = reverse("core:file", args=[found.upload.key])
    title = found.payload.get("title") or _("后台任务")
    page = "ui/parts/progress.html" if in_part(request) else "core/job.html"
    return render(request, page, {"job": found, "title": title, "result_url": url})


@require_POST
def cancel_job(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask a job to stop."""
    jobs.cancel(actor_of(request), pk)
    return redirect("core:job", pk)


@require_safe
def file(request: HttpRequest, key: str) -> HttpResponseBase:
    """A file of the own party, as an attachment."""
    return uploads.response(Upload.objects.one(actor_of(request), key=key))
