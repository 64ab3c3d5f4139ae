"""What the core tells people. It stands below this app, so its verbs are listened to here."""

from collections.abc import Callable
from typing import Any

from django.db import models
from django.db.models import Q
from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from ..core.actor import Actor
from ..core.models import Membership, MembershipRequest, Party
from ..core.verbs import acted
from .actions import notify, to_bureau, to_party
from .kinds import kind

JOINED = kind("core.joined", _("新主体“%(party)s”在本市登记，等待核验。"), _("核对名称与代码"))
VERIFIED = kind("core.verified", _("“%(party)s”已通过核验。"), _("去发布需求或供给"))
ASKED = kind("core.asked", _("%(name)s 申请代表“%(party)s”。"), _("批准或谢绝"))
ADMITTED = kind("core.admitted", _("您现在可以代表“%(party)s”。"), _("去工作台"))
BEGAN = kind("core.began", _("%(name)s 现在代表“%(party)s”。"), _("查看成员"))


def _joined(_actor: Actor, party: Party) -> None:
    page = reverse("core:party", args=[party.pk])
    notify(to_bureau(party.city), JOINED, party, page, {"party": party.name})


def _verified(actor: Actor, party: Party) -> None:
    notify(
        to_party(party.pk), VERIFIED, party, reverse("desks:desk"), {"party": party.name}, but=actor
    )


def _asked(_actor: Actor, request: MembershipRequest) -> None:
    party = request.party
    said = {"name": request.user.name, "party": party.name}
    page = reverse("core:party", args=[party.pk])
    notify(_managers(party) | to_bureau(party.city), ASKED, request, page, said)


def _began(actor: Actor, membership: Membership) -> None:
    party = membership.party
    if actor.user is not None:
        notify(
            Q(pk=membership.pk), ADMITTED, membership, reverse("desks:desk"), {"party": party.name}
        )
    others = _managers(party) & ~Q(user=membership.user_id)
    said = {"name": membership.user.name, "party": party.name}
    page = reverse("core:party_members", args=[party.pk])
    notify(others, BEGAN, membership, page, said, but=actor)


def _managers(party: Party) -> Q:
    return to_party(party.pk) & Q(manager=True)


_TOLD: dict[str, Callable[[Actor, Any], None]] = {
    "party.join": _joined,
    "party.verify": _verified,
    "membership.ask": _asked,
    "membership.begin": _began,
}


@receiver(acted, dispatch_uid="notices.core")
def tell(verb: str, actor: Actor, thing: models.Model, **_more: object) -> None:
    """Tell whom it concerns, in the transaction of the verb."""
    if verb in _TOLD:
        _TOLD[verb](actor, thing)
