"""What the public sees: the form, the page after it, and how far a lead is."""

from django.conf import settings
from django.contrib import messages
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ..core import limits, once
from ..core.errors import Missing
from ..core.limits import Limit
from ..core.middleware import address
from . import gate, intake, queries
from .cards import Referrer, referrer
from .forms import NeedForm, ReporterForm, StatusForm
from .models import Lead

#: A status asks for four digits of a phone: few tries, by lead and by address.
STATUS_BY_REF = Limit("lead-status-ref", 10, 3600)
STATUS_BY_ADDRESS = Limit("lead-status-address", 60, 3600)
_RECEIVED = "corridor.leads.received"


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The public form: what is wanted, then who asks. Nothing is kept before the second is sent."""
    if request.method != "POST":
        return _page(request, 1, NeedForm(), ReporterForm())
    need, reporter = NeedForm(request.POST), ReporterForm(request.POST)
    if not need.is_valid() or "back" in request.POST:
        return _page(request, 1, need, reporter)
    if request.POST.get("step") != "2":
        return _page(request, 2, need, ReporterForm(initial=request.POST.dict()))
    seconds = gate.age(request.POST.get(once.FIELD, ""))
    if not reporter.is_valid():
        return _page(request, 2, need, reporter)
    if seconds is None:
        messages.warning(request, _("页面打开太久，还没有提交。内容都在，请再点一次“提交”。"))
        return _page(request, 2, need, reporter)
    sender = _referrer(request)
    _count(address(request), sender)
    with once.claim(request) as sent:
        if not sent.url:
            lead = _report(request, need, reporter, seconds, sender)
            token = signing.dumps(lead.ref, salt=_RECEIVED)
            sent.url = reverse("leads:received", args=[token])
    return redirect(sent.url)


def _count(sent_from: str, sender: Referrer | None) -> None:
    """Count a lead by its address; where a card led here, by address and card, of which neither can
    use up what is another's."""
    if sender is None:
        limits.hit(limits.LEAD_BY_ADDRESS, sent_from)
    else:
        officer = sender.user.pk if sender.user else ""
        limits.hit(limits.LEAD_BY_CARD, f"{sent_from} {sender.party.pk} {officer}")


def _report(
    request: HttpRequest,
    need: NeedForm,
    reporter: ReporterForm,
    seconds: int,
    sender: Referrer | None,
) -> Lead:
    said = {**need.cleaned_data, **reporter.cleaned_data}
    del said["agreed"]
    texts = [said["need"], said["use"], said["company"], said["contact_name"]]
    found = gate.suspicions(*texts, trap=request.POST.get(gate.TRAP, ""), seconds=seconds)
    return intake.report(intake.Report(**said), referrer=sender, suspicions=found)


def _referrer(request: HttpRequest) -> Referrer | None:
    """Whose card brought the enterprise here. A forged code counts for nobody, without a word."""
    return referrer(request.POST.get("to", "") or request.GET.get("to", ""))


def _page(request: HttpRequest, step: int, need: NeedForm, reporter: ReporterForm) -> HttpResponse:
    token = request.POST.get(once.FIELD, "")
    shown, kept = (need, reporter) if step == 1 else (reporter, need)
    context = {
        "step": step,
        "shown": shown,
        "kept": [field for field in kept if field.name != "agreed"],
        "sent": step == 2 or "back" in request.POST,
        "steps": [_("需求"), _("联系方式")],
        "referrer": _referrer(request),
        "to": request.POST.get("to", "") or request.GET.get("to", ""),
        "token": token if gate.age(token) is not None else gate.new_token(),
        "once": once.FIELD,
        "trap": gate.TRAP,
        "days": queries.answer_days(),
    }
    wrong = shown.is_bound and bool(shown.errors) and "back" not in request.POST
    return render(request, "leads/new.html", context, status=422 if wrong else 200)


@require_safe
def received(request: HttpRequest, token: str) -> HttpResponse:
    """The page after the form, for who sent it: the reference, and when what will be heard."""
    try:
        ref = signing.loads(token, salt=_RECEIVED)
    except signing.BadSignature:
        raise Missing(_("没有找到这个页面。")) from None
    lead = Lead._base_manager.filter(ref=ref).first()
    if lead is None:
        raise Missing(_("没有找到这个页面。"))
    url = f"{settings.SITE_URL}{reverse('leads:status')}?ref={ref}"
    return render(request, "leads/received.html", {"lead": lead, "url": url})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def status(request: HttpRequest) -> HttpResponse:
    """How far a lead is, for who knows its reference and the end of its phone number."""
    if request.method != "POST":
        form = StatusForm(initial={"ref": request.GET.get("ref", "")[:20]})
        return render(request, "leads/status.html", {"form": form})
    form = StatusForm(request.POST)
    if not form.is_valid():
        return render(request, "leads/status.html", {"form": form}, status=422)
    ref, four = form.cleaned_data["ref"].upper(), form.cleaned_data["four"]
    limits.hit(STATUS_BY_ADDRESS, address(request))
    limits.hit(STATUS_BY_REF, ref)
    lead = queries.status(ref, four)
    if lead is None:
        form.add_error(None, _("没有找到：请核对线索编号和手机号后四位。"))
        return render(request, "leads/status.html", {"form": form}, status=422)
    return render(request, "leads/progress.html", {"lead": lead, **queries.progress(lead)})
