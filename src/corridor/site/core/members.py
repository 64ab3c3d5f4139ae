"""Pages of parties and their people, and of oneself."""

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from . import actions, memberships, recovery
from .actor import Actor, Role
from .errors import Invalid, Missing
from .forms import FoundForm, InviteForm, MeForm, PartyForm
from .joining import read_or_send
from .middleware import actor_of
from .models import Invitation, Membership, MembershipRequest, Party, User
from .views import back_to

#: Where the session keeps the link of an invitation until it is shown, which is once.
LINK = "invitation_link"
PER_PAGE = 30


@read_or_send
@login_required
def members(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Who acts for a party (one's own without ``pk``), who asks to; a POST invites."""
    actor = actor_of(request)
    party = Party.objects.one(actor, pk=pk or actor.party)
    if not (actor.party == party.pk or memberships.manages(actor, party)):
        raise Missing(_("没有找到，或您无权查看。"))
    manages = memberships.manages(actor, party)
    form = InviteForm(request.POST or None, roles=memberships.roles_of(party))
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        _made, code = memberships.invite(
            actor, party, Role(typed["role"]), note=typed["note"], manager=typed["manager"]
        )
        request.session[LINK] = settings.SITE_URL + reverse("core:invitation", args=[code])
        return redirect("core:party_members", party.pk)
    asked = party.requests.filter(state=MembershipRequest.State.ASKED).select_related("user")
    page = {
        "party": party,
        "manages": manages,
        "members": party.memberships.filter(ended_at=None).select_related("user"),
        "invitations": party.invitations.filter(state=Invitation.State.OPEN) if manages else (),
        "requests": asked if manages else (),
        "form": form,
        "link": request.session.pop(LINK, ""),
    }
    return render(request, "core/members.html", page, status=422 if form.errors else 200)


@require_POST
@login_required
def member(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """End a membership, or make its holder a manager or no longer one."""
    actor = actor_of(request)
    found: Membership = Membership.objects.one(actor, pk=pk)
    if verb == "end":
        memberships.end(actor, found, reason=request.POST.get("reason", ""))
        messages.success(request, _("已结束 %(name)s 的身份。") % {"name": found.user})
    else:
        memberships.appoint(actor, found, manager=verb == "appoint")
        messages.success(request, _("已更新 %(name)s 的权限。") % {"name": found.user})
    own = found.user_id == actor.user and verb == "end"
    return redirect("desks:desk") if own else redirect("core:party_members", found.party_id)


@require_POST
@login_required
def member_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a link to a new password, shown once, for someone who forgot theirs."""
    actor = actor_of(request)
    found: Membership = Membership.objects.one(actor, pk=pk)
    parts = recovery.password_link(actor, found.user)
    request.session[LINK] = settings.SITE_URL + reverse("core:password_new", args=parts)
    return redirect("core:party_members", found.party_id)


@require_POST
@login_required
def member_factor(request: HttpRequest, pk: int) -> HttpResponse:
    """Do away with the second factor of someone who lost it."""
    actor = actor_of(request)
    found: Membership = Membership.objects.one(actor, pk=pk)
    recovery.factor_reset(actor, found.user, reason=request.POST.get("reason", ""))
    messages.success(
        request, _("已重置 %(name)s 的动态口令，下次登录时重新启用。") % {"name": found.user}
    )
    return redirect("core:party_members", found.party_id)


@require_POST
@login_required
def invitation_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Make an invitation's link useless."""
    actor = actor_of(request)
    found: Invitation = Invitation.objects.one(actor, pk=pk)
    memberships.withdraw(actor, found)
    return redirect("core:party_members", found.party_id)


@require_POST
@login_required
def answer(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Admit who asks to act for a party, or decline with a reason."""
    actor = actor_of(request)
    found: MembershipRequest = MembershipRequest.objects.select_related("user").one(actor, pk=pk)
    if verb == "approve":
        memberships.approve(actor, found)
        messages.success(request, _("%(name)s 现在可以代表该主体。") % {"name": found.user})
    else:
        memberships.decline(actor, found, reason=request.POST.get("reason", ""))
    return redirect(back_to(request, reverse("desks:desk")))


@require_safe
@login_required
def parties(request: HttpRequest) -> HttpResponse:
    """Parties the actor may know of, those to be verified first."""
    actor = actor_of(request)
    q = request.GET.get("q", "").strip()
    found = Party.objects.visible_to(actor).order_by(F("verified_at").asc(nulls_first=True), "-pk")
    if len(q) > (Party._meta.get_field("name").max_length or 0):
        found = found.none()  # SQLite refuses to look for a text of 50,000 bytes
    elif q:
        found = found.filter(name__icontains=q) | found.filter(credit_code=q.upper())
    shown = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "core/parties.html", {"page": shown, "q": q})


@require_safe
@login_required
def party(request: HttpRequest, pk: int) -> HttpResponse:
    """What a party says of itself, and whether it is verified."""
    actor = actor_of(request)
    found = Party.objects.one(actor, pk=pk)
    page = {
        "party": found,
        "may_verify": actions.may_verify(actor, found) and found.verified_at is None,
        "may_edit": actor.manager and actor.party == found.pk,
        "may_manage": actor.party == found.pk or memberships.manages(actor, found),
        "requests": _requests(actor, found),
    }
    return render(request, "core/party.html", page)


@require_POST
@login_required
def party_verify(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm that a party is who it says."""
    found = actions.party_verify(actor_of(request), Party.objects.one(actor_of(request), pk=pk))
    messages.success(request, _("已核验“%(name)s”。") % {"name": found.name})
    return redirect("core:party", found.pk)


@read_or_send
@login_required
def party_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the own party says of itself."""
    actor = actor_of(request)
    found = Party.objects.one(actor, pk=pk)
    if not (actor.manager and actor.party == found.pk):
        raise Missing(_("没有找到，或您无权查看。"))
    kinds = actions.OPEN_KINDS if found.kind in actions.OPEN_KINDS else (found.kind,)
    form = PartyForm(request.POST or None, kinds=kinds, initial=_as_typed(found))
    if form.is_bound and form.is_valid():
        try:
            actions.party_update(actor, found, form.all_details())
            messages.success(request, _("已保存。"))
            return redirect("core:party", found.pk)
        except Invalid as error:
            form.refuse(error)
    page = {"party": found, "form": form}
    return render(request, "core/party_edit.html", page, status=422 if form.errors else 200)


@read_or_send
@login_required
def party_new(request: HttpRequest) -> HttpResponse:
    """The office enters a bureau."""
    actor = actor_of(request)
    if actor.role is not Role.OFFICE:
        raise Missing(_("没有找到，或您无权查看。"))
    form = FoundForm(request.POST or None)
    if form.is_bound and form.is_valid():
        try:
            made = actions.found(actor, form.cleaned_data["credit_code"], form.details())
            return redirect("core:party_members", made.pk)
        except Invalid as error:
            form.refuse(error)
    return render(
        request, "core/party_new.html", {"form": form}, status=422 if form.errors else 200
    )


@read_or_send
@login_required
def me(request: HttpRequest) -> HttpResponse:
    """Oneself: name, contact, whether notices come by mail."""
    assert isinstance(request.user, User)
    form = MeForm(request.POST) if request.method == "POST" else MeForm.of(request.user)
    if form.is_bound and form.is_valid():
        actions.user_update(actor_of(request), request.user, **form.cleaned_data)
        messages.success(request, _("已保存。"))
        return redirect("core:me")
    return render(request, "core/me.html", {"form": form}, status=422 if form.errors else 200)


@require_POST
@login_required
def session_end(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions."""
    found = UserSession.objects.filter(user=request.user.pk, pk=pk).first()
    if found is None:
        raise Missing(_("没有找到这个会话。"))
    found.end()
    return redirect("usersessions_list")


def _requests(actor: Actor, party: Party) -> list[MembershipRequest]:
    asked = party.requests.filter(state=MembershipRequest.State.ASKED).select_related(
        "user", "party"
    )
    return [one for one in asked if memberships.admits(actor, one)]


def _as_typed(party: Party) -> dict[str, object]:
    """The party as its form is first shown: to its own manager, contacts in full."""
    plain = {
        name: getattr(party, name) for name in ("name", "kind", "city", "size", "industry", "about")
    }
    contact = ("contact_name", "contact_phone", "contact_email")
    return plain | {name: getattr(party, name).reveal() for name in contact}
