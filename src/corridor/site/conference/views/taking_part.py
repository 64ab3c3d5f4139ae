"""Conferences as anyone sees them, and taking part in one."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ...core import typed
from ...core.actor import Actor, Role
from ...core.errors import Forbidden, Missing, NotNow
from ...core.middleware import actor_of
from ...core.models import Party
from ...listings.models import Listing
from .. import day, joining, queries, showing
from ..forms.taking_part import InviteForm, LateForm, PartForm
from ..lifecycle import LIVE, PARTICIPANT, runs
from ..models import Conference, Participant
from ..moment import now
from .frame import attempt

PAGE = 20
S = Conference.State
#: The listings of a party that come with it on a page.
CONTACTS = ("contact_name", "contact_phone")
Do = Callable[[dict[str, Any]], Participant]


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The conferences to come, or those that were."""
    past = request.GET.get("when") == "past"
    found = showing.listed(actor_of(request), past=past)
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = [(one, showing.countdown(one)) for one in page]
    return render(request, "conference/list.html", {"page": page, "rows": rows, "past": past})


def found(request: HttpRequest, ref: str) -> Conference:
    """The conference at ``ref``, with when it is and how many come."""
    actor = actor_of(request)
    return showing.dated(actor).one(actor, ref=ref)


@require_safe
def detail(request: HttpRequest, ref: str) -> HttpResponse:
    """One conference: when, where, how it works, and what the one who looks may do there."""
    actor, one = actor_of(request), found(request, ref)
    part = queries.mine(actor, one)
    if part is not None:
        part.conference = one
    context = {
        "one": one,
        "part": part,
        "may_withdraw": part is not None and may_withdraw(actor, part),
        "registered": part is not None and part.state == Participant.State.REGISTERED,
        "invited": part is not None and part.state == Participant.State.INVITED,
        "countdown": showing.countdown(one),
        "sessions": showing.sessions(one.slots.all()),
        "stats": _stats(one),
        "how": how_it_works(one),
        "open": showing.may_register(one),
        "may_join": actor.is_anonymous or actor.role is Role.MEMBER,
        "may_invite": actor.role is Role.BUREAU or runs(actor, one),
        "runs": runs(actor, one),
        "address": request.build_absolute_uri(one.get_absolute_url()),
    }
    return render(request, "conference/detail.html", context)


def _stats(one: Conference) -> list[dict[str, str]]:
    """The conference in numbers: of what there is none yet, nothing is said."""
    count = showing.numbers(one)
    said = (
        ("parties", _("参会方")),
        ("needs", _("需求")),
        ("offers", _("供给")),
        ("agreed", _("约定的洽谈")),
        ("kept", _("已洽谈")),
        ("tables", _("洽谈桌")),
    )
    return [{"label": label, "value": f"{count[name]:,}"} for name, label in said if count[name]]


def how_it_works(one: Conference) -> list[str]:
    """The rules of a conference, a sentence each."""
    whom = {
        Conference.Rule.ANYONE: _("报名后可以约任何参会方洽谈，平台把最匹配的排在前面。"),
        Conference.Rule.MATCHED: _("报名后可以约平台为您匹配到的参会方洽谈。"),
        Conference.Rule.OTHER_SIDE: _(
            "报名后可以约同类信息的另一方洽谈：有需求的约供给方，反之亦然。"
        ),
    }[Conference.Rule(one.rule)]
    if one.request_mode == Conference.RequestMode.AUTO:
        answer = _("发出约谈即成立；匿名信息仍要对方同意。")
    else:
        answer = _("对方在 %(n)d 小时内答复，婉拒会说明原因。") % {"n": one.hours_to_answer}
    when = (
        _("双方自己选场次，先到先得；桌位由系统安排。")
        if one.self_booked
        else _("约谈截止后由主办方统一排期，尽量排满、少留空档；排不下的进入候补。")
    )
    after = _("当天凭参会码入场，扫桌上的二维码签到；谈完点两下登记结果，同一编号跟到落地。")
    return [whom, answer, when, after]


# --- registering ---


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def register(request: HttpRequest, ref: str) -> HttpResponse:
    """Take part, or change how."""
    actor, one = actor_of(request), found(request, ref)
    if actor.role is not Role.MEMBER:
        raise Forbidden(_("只有主体成员可以报名。"))
    part = queries.mine(actor, one)
    coming = part if part and part.state == Participant.State.REGISTERED else None
    own = list(Listing.objects.published().filter(party=actor.party).defer(*CONTACTS)[:200])
    given = request.POST if request.method == "POST" else typed.offered(request)
    form = PartForm(own, list(one.slots.all()), given, agreed=coming is not None)
    form.start_from(part)
    if request.method == "POST":
        verb = gettext_lazy("已保存。") if coming else gettext_lazy("报名成功。现在可以约人洽谈。")
        to = reverse("conference:detail" if coming else "conference:catalogue", args=[one.ref])
        do = _doing(actor, one, coming, form)
        if answer := attempt(request, form, do, to=to, said=verb):
            return answer
    context = {
        "one": one,
        "coming": coming,
        "own": own,
        "form": form,
        "closed": _closed(one, coming),
    }
    return render(request, "conference/register.html", context, status=_status(request))


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _doing(actor: Actor, one: Conference, coming: Participant | None, form: PartForm) -> Do:
    def do(said: dict[str, Any]) -> Participant:
        if coming is not None:
            coming.conference = one
            return joining.change(actor, coming, form.part())
        return joining.register(actor, one, form.part(), agreed=said["agreed"])

    return do


def _closed(one: Conference, coming: Participant | None) -> str:
    """Why there is nothing to fill in now; "" where there is."""
    if coming is None:
        return "" if showing.may_register(one) else _("报名未开放或已截止。")
    return (
        "" if one.state in (S.OPEN, S.CLOSED) else _("日程发布后不能再改；需要调整请联系主办方。")
    )


@require_POST
@login_required
def withdraw(request: HttpRequest, ref: str) -> HttpResponse:
    """Not take part."""
    actor, one = actor_of(request), found(request, ref)
    part = queries.mine(actor, one)
    if part is None:
        raise Missing(_("没有找到，或您无权查看。"))
    part.conference = one
    joining.withdraw(actor, part)
    messages.success(request, _("已退出。您的洽谈已取消，对方已收到通知。"))
    return redirect(one)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def late(request: HttpRequest, ref: str) -> HttpResponse:
    """Say that one comes only later in the day."""
    actor = actor_of(request)
    part = showing.own_part(actor, ref)
    if part.conference.state not in showing.SEATING:
        raise NotNow(_("日程发布后才能登记迟到。"))
    slots = [slot for slot in part.conference.slots.all() if slot.start > now()]
    form = LateForm(slots, *([request.POST] if request.method == "POST" else []))
    if request.method == "POST":
        to = reverse("conference:agenda", args=[ref])
        said = gettext_lazy("已登记。之前的洽谈已放回候补，对方已收到通知。")

        def do(typed: dict[str, Any]) -> Participant:
            return day.late(actor, part, form.slots[typed["slot"]])

        if answer := attempt(request, form, do, to=to, said=said):
            return answer
    context = {"one": part.conference, "part": part, "form": form, "slots": slots}
    return render(request, "conference/late.html", context, status=_status(request))


# --- inviting ---


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
def invite(request: HttpRequest, ref: str) -> HttpResponse:
    """Whom a bureau, or who runs it, may ask to come; and who of theirs does."""
    actor, one = actor_of(request), found(request, ref)
    if actor.role is not Role.BUREAU and not runs(actor, one):
        raise Missing(_("没有找到，或您无权查看。"))
    q = request.GET.get("q", "").strip()[:100]
    page = Paginator(_to_invite(actor, one, q), PAGE).get_page(request.GET.get("page"))
    forms = _invitations(actor, list(page))
    if request.method == "POST":
        answer = _invite(request, one, forms)
        if answer is not None:
            return answer
    coming = queries.participants(actor, one).order_by("-id")
    if actor.role is Role.BUREAU and not runs(actor, one):
        coming = coming.filter(party__city=actor.city)
    context = {
        "one": one,
        "q": q,
        "page": page,
        "forms": forms,
        "open": showing.may_register(one),
        "coming": [(part, part.shown_to(actor)) for part in coming[: queries.LISTED]],
    }
    return render(request, "conference/invite.html", context, status=_status(request))


def _to_invite(actor: Actor, one: Conference, q: str) -> QuerySet[Party]:
    """The parties with published listings that the actor may invite and nobody has yet."""
    shown = Listing.objects.visible_to(actor).published()
    parties = Party.objects.visible_to(actor).filter(listings__in=shown)
    if not runs(actor, one):
        parties = parties.filter(city=actor.city)
    if q:
        by_title = shown.filter(title__icontains=q).values("party")
        by_ref = shown.filter(ref__iexact=q).values("party")
        parties = parties.filter(Q(name__icontains=q) | Q(pk__in=by_title) | Q(pk__in=by_ref))
    there = Participant.objects.filter(conference=one).values("party")
    return parties.exclude(pk__in=there).distinct().order_by("name", "pk")


def _invitations(actor: Actor, parties: list[Party]) -> dict[int, tuple[Party, InviteForm]]:
    """A form for each party, with its listings that the actor may see."""
    shown = Listing.objects.visible_to(actor).published().filter(party__in=parties)
    listings: dict[int, list[Listing]] = {}
    for one in shown.defer(*CONTACTS).order_by("-published_at", "id"):
        listings.setdefault(one.party_id, []).append(one)
    return {
        party.pk: (party, InviteForm(listings.get(party.pk, []), prefix=f"p{party.pk}"))
        for party in parties
    }


def _invite(
    request: HttpRequest, one: Conference, forms: dict[int, tuple[Party, InviteForm]]
) -> HttpResponse | None:
    """Ask the party that was chosen; ``None`` where its form shows what is wrong."""
    actor, wanted = actor_of(request), request.POST.get("party", "")
    if not wanted.isdecimal() or int(wanted) not in forms:
        raise NotNow(_("该主体已报名或已被邀请。"))
    party, blank = forms[int(wanted)]
    form = InviteForm(list(blank.own.values()), request.POST, prefix=f"p{party.pk}")
    forms[party.pk] = (party, form)

    def do(said: dict[str, Any]) -> Participant:
        listings = [form.own[ref] for ref in said["listings"]]
        return joining.invite(actor, one, party, listings)

    return attempt(request, form, do, to=request.get_full_path(), said=_("邀请已发出。"))


def may_withdraw(actor: Actor, part: Participant) -> bool:
    """Whether the actor may take the participation back now."""
    live = part.conference.state in LIVE
    return live and "withdraw" in PARTICIPANT.open_to(actor, part)
