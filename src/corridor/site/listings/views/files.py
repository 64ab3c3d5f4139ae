"""Files in and out: the import of a party's own listings, templates for it, and the export."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from corridor.engine.factors import Label, Side, all_kinds
from corridor.io import write_template

from ...core import jobs, once, uploads
from ...core.actor import Actor
from ...core.errors import Invalid, Missing
from ...core.middleware import actor_of
from ...core.models import Job, Party, Upload
from ...core.region import in_language
from .. import exporting
from ..actions import consent_text
from ..forms.common import accuse
from ..forms.files import ExportForm, ImportForm
from ..importing import MAX_ROWS, contact_ready
from ..models import kind_choices
from .entry import logged_in
from .publishing import publisher

TAKEN = frozenset({"xlsx", "csv"})


@logged_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is read by a job, whose page says what came of it."""
    actor = publisher(request)
    party = Party.objects.one(actor, pk=actor.party)
    posted = request.method == "POST"
    form = ImportForm(request.POST, request.FILES) if posted else ImportForm()
    ready = contact_ready(party)
    if posted and not ready:
        form.add_error(None, _("请先在主体资料里填好联系人和电话，导入的每一条都用它。"))
    if posted and form.is_valid() and (url := _queue(request, actor, form)):
        return redirect(url)
    kinds = [(name, label) for name, label in kind_choices()]
    about = {"form": form, "party": party, "ready": ready, "kinds": kinds, "most": MAX_ROWS}
    return render(request, "listings/import.html", about, status=422 if form.errors else 200)


def _queue(request: HttpRequest, actor: Actor, form: ImportForm) -> str:
    """The page of the job; "" with the faults in the form."""
    try:
        with once.claim(request) as sent:
            if not sent.url:
                upload = uploads.receive(actor, form.cleaned_data["file"], TAKEN)
                wish = form.wish() | {"agreed": consent_text(), "language": get_language()}
                payload = {
                    "title": _("导入 %(name)s") % {"name": upload.name},
                    "upload": upload.pk,
                    "membership": actor.membership,
                    "wish": wish,
                }
                job = jobs.enqueue("listings.import", f"upload-{upload.pk}", payload, actor=actor)
                sent.url = reverse("listings:imported", args=[job.pk])
    except Invalid as error:
        accuse(error, form)
        return ""
    return sent.url


@logged_in
@never_cache
@require_safe
def taken(request: HttpRequest, pk: int) -> HttpResponse:
    """How far an import is, and what came of it."""
    actor = actor_of(request)
    job: Job = Job.objects.select_related("upload").one(actor, pk=pk)
    if job.kind != "listings.import":
        raise Missing(_("没有找到，或您无权查看。"))
    upload = Upload.objects.visible_to(actor).filter(pk=job.payload.get("upload", 0)).first()
    about = {"job": job, "upload": upload, **_outcome(job.result)}
    return render(request, "listings/import_done.html", about)


def _outcome(result: dict[str, Any]) -> dict[str, Any]:
    """A job's result with its labels in the language of the page."""

    def said(pair: list[str]) -> str:
        return in_language(Label(*pair))

    errors = [
        error | {"message": said(error["message"]), "allowed": said(error["allowed"])}
        for error in result.get("errors", [])
    ]
    notes = [[*note[:3], said(note[3])] for note in result.get("notes", [])]
    file = said(result["file"]) if "file" in result else ""
    return {"result": result, "errors": errors, "notes": notes, "file_fault": file}


@logged_in
@require_safe
def template(request: HttpRequest) -> HttpResponseBase:
    """An empty workbook for one kind and side, in the language of the page."""
    kind, side = request.GET.get("kind", ""), request.GET.get("side", "")
    if kind not in all_kinds() or side not in [*Side]:
        raise Missing(_("没有这样的模板。"))
    english = (get_language() or "").startswith("en")
    with TemporaryDirectory() as folder:
        file = Path(folder, "template.xlsx")
        write_template(file, kind, lang="en" if english else "zh", side=side)
        answer = HttpResponse(file.read_bytes(), content_type="application/octet-stream")
    answer["Content-Disposition"] = f'attachment; filename="corridor-{kind}-{side}.xlsx"'
    return answer


@logged_in
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def export(request: HttpRequest) -> HttpResponseBase:
    """What the list page shows under the same query string, as a file; with a reason."""
    actor = actor_of(request)
    query = request.GET.urlencode()
    form = ExportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            made = exporting.ask(actor, query, said["format"], said["reason"])
        except Invalid as error:
            accuse(error, form)
        else:
            if isinstance(made, Job):
                return redirect("core:job", made.pk)
            return uploads.response(made)
    count = exporting.rows_of(actor, query).count()
    about = {"form": form, "count": count, "query": query, "at_once": exporting.AT_ONCE}
    return render(request, "listings/export.html", about, status=422 if form.errors else 200)
