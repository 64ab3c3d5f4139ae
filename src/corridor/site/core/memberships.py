"""Who acts for a party: invited, admitted, appointed, ended. Each verb by its people or the office."""

import hashlib
import secrets
from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from .actions import ROLE_OF, Person, begin, new_user
from .actor import PUBLIC, Actor, Role
from .errors import Forbidden, Missing, NotNow
from .lifecycle import Lifecycle, move
from .models import Invitation, Membership, MembershipRequest, Party, User
from .verbs import act, locked

#: How long an invitation can be accepted.
INVITED = timedelta(days=7)


def manages(actor: Actor, party: Party) -> bool:
    """Whether an actor decides who acts for a party: its manager, or the office.

    In the office's party its officers do: no judge or analyst makes an officer.
    """
    own = actor.manager and actor.party == party.pk and party.kind != Party.Kind.OFFICE
    return actor.role is Role.OFFICE or own


def admits(actor: Actor, request: MembershipRequest) -> bool:
    """Whether an actor may admit who asks: the bureau of its city too, but not into a bureau."""
    party = request.party
    near = actor.role is Role.BUREAU and actor.city == party.city and party.kind not in ROLE_OF
    return manages(actor, party) or near


def roles_of(party: Party) -> list[Role]:
    """The roles people may have for a party, the usual one first."""
    if party.kind == Party.Kind.OFFICE:
        return [Role.OFFICE, Role.JUDGE, Role.ANALYST]
    return [ROLE_OF.get(Party.Kind(party.kind), Role.MEMBER)]


def _holder(_actor: Actor, _invitation: Invitation) -> bool:
    """Whoever has the link."""
    return True


def _manager(actor: Actor, invitation: Invitation) -> bool:
    """Who decides on the people of the party that invites."""
    return manages(actor, invitation.party)


_OPEN, _ASKED = Invitation.State.OPEN, MembershipRequest.State.ASKED

INVITATION = Lifecycle(
    move("accept", [_OPEN], Invitation.State.ACCEPTED, _holder),
    move("withdraw", [_OPEN], Invitation.State.WITHDRAWN, _manager),
)
REQUEST = Lifecycle(
    move("approve", [_ASKED], MembershipRequest.State.APPROVED, admits),
    move("decline", [_ASKED], MembershipRequest.State.DECLINED, admits, reason=True),
)


def invite(
    actor: Actor, party: Party, role: Role, *, note: str, manager: bool
) -> tuple[Invitation, str]:
    """Ask someone to act for a party. The code of the link is given here and never again."""
    if not manages(actor, party) or role not in roles_of(party):
        raise Forbidden(_("只有本主体的管理员可以邀请成员。"))
    code = secrets.token_urlsafe(24)
    made = Invitation(
        party=party,
        role=role,
        manager=manager,
        note=mask_contacts(note.strip())[:60],
        digest=_digest(code),
        by_id=actor.user,
        expires_at=timezone.now() + INVITED,
    )
    with act(actor, "invitation.send", made) as it:
        it.thing.save()
    return made, code


def invited(code: str) -> Invitation:
    """The invitation behind a link. Raises ``Missing``, ``NotNow`` once it is used or too old."""
    found: Invitation | None = (
        Invitation.objects.select_related("party").filter(digest=_digest(code)).first()
    )
    if found is None:
        raise Missing(_("没有这个邀请链接，请检查是否复制完整。"))
    _still_open(found)
    return found


def accept(code: str, who: Person | User) -> Membership:
    """Begin to act for the party that sent an invitation."""
    with act(PUBLIC, "invitation.accept", invited(code)) as it:
        _still_open(it.thing)
        INVITATION.move(PUBLIC, it.thing, "accept")
        it.thing.save(update_fields=["state"])
        user = who if isinstance(who, User) else new_user(who)
        it.diff["user"] = user.pk
        return begin(PUBLIC, user, it.thing.party, Role(it.thing.role), manager=it.thing.manager)


def withdraw(actor: Actor, invitation: Invitation) -> None:
    """Make an invitation's link useless."""
    with act(actor, "invitation.withdraw", invitation) as it:
        INVITATION.move(it.actor, it.thing, "withdraw")
        it.thing.save(update_fields=["state"])


def approve(actor: Actor, request: MembershipRequest) -> Membership:
    """Let who asked act for the party, in its usual role."""
    with act(actor, "membership.approve", request) as it:
        REQUEST.move(it.actor, it.thing, "approve")
        it.thing.answered_at = timezone.now()
        it.thing.save(update_fields=["state", "answered_at"])
        party = it.thing.party
        return begin(it.actor, it.thing.user, party, roles_of(party)[0], manager=False)


def decline(actor: Actor, request: MembershipRequest, *, reason: str) -> None:
    """Refuse who asked; they see the reason."""
    with act(actor, "membership.decline", request, reason=reason) as it:
        REQUEST.move(it.actor, it.thing, "decline", reason)
        it.thing.reason = mask_contacts(reason.strip())[:400]
        it.thing.answered_at = timezone.now()
        it.thing.save(update_fields=["state", "reason", "answered_at"])


def appoint(actor: Actor, membership: Membership, *, manager: bool) -> None:
    """Make someone a manager of the party, or no longer."""
    with act(actor, "membership.appoint", membership) as it:
        _managed(it.actor, it.thing)
        it.thing.manager = manager
        it.thing.save(update_fields=["manager"])
        if not manager:
            _keeps_a_manager(it.actor, it.thing.party)


def end(actor: Actor, membership: Membership, *, reason: str = "") -> None:
    """End someone's acting for the party, at once; one's own too."""
    with act(actor, "membership.end", membership, reason=reason) as it:
        if it.thing.user_id != actor.user:
            _managed(it.actor, it.thing)
        elif it.thing.ended_at is not None:
            raise NotNow(_("这个身份已经结束。"))
        it.thing.ended_at = timezone.now()
        it.thing.save(update_fields=["ended_at"])
        if it.thing.manager:
            _keeps_a_manager(it.actor, it.thing.party)


def _managed(actor: Actor, membership: Membership) -> None:
    if not manages(actor, membership.party):
        raise Forbidden(_("只有本主体的管理员可以管理成员。"))
    if membership.ended_at is not None:
        raise NotNow(_("这个身份已经结束。"))


def _keeps_a_manager(actor: Actor, party: Party) -> None:
    """Two managers who go at once take turns on the party, so that one of them stays."""
    locked(party)
    if (
        actor.role is not Role.OFFICE
        and not party.memberships.filter(ended_at=None, manager=True).exists()
    ):
        raise NotNow(_("请先指定另一位管理员：主体至少要有一位。"))


def _still_open(invitation: Invitation) -> None:
    if invitation.state != Invitation.State.OPEN or invitation.expires_at < timezone.now():
        raise NotNow(_("这个邀请已经使用、撤回或过期，请联系邀请人重新发送。"))


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode(errors="surrogatepass")).hexdigest()
