"""How someone comes to act for a party: asked to by it, or asking for it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..actor import Actor, Role
from ..visibility import Visible


class OfParty(Visible[Any]):
    """Seen by the party's own people and by the office."""

    def _seen_by(self, actor: Actor) -> Q:
        if actor.role is Role.OFFICE:
            return Q()
        return Q(pk__in=()) if actor.party is None else Q(party=actor.party)


class Invitation(models.Model):
    """A party asks someone to act for it: whoever has the link may, once, for a week.

    Only a digest of the link's code is kept.
    """

    class State(models.TextChoices):
        """Where an invitation stands."""

        OPEN = "open", _("待接受")
        ACCEPTED = "accepted", _("已接受")
        WITHDRAWN = "withdrawn", _("已撤回")

    party = models.ForeignKey("core.Party", models.CASCADE, related_name="invitations")
    role = models.CharField(max_length=8, choices=[c for c in Role.choices if c[0] != Role.PUBLIC])
    manager = models.BooleanField(default=False)
    note = models.CharField(max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OPEN)
    by = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()

    AUDITED = ("role", "manager", "state")

    objects: Any = OfParty.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.party_id} {self.note}"


class MembershipRequest(models.Model):
    """Someone asks to act for a party that is on the site already."""

    class State(models.TextChoices):
        """Where a request stands."""

        ASKED = "asked", _("待批准")
        APPROVED = "approved", _("已批准")
        DECLINED = "declined", _("已谢绝")

    party = models.ForeignKey("core.Party", models.CASCADE, related_name="requests")
    user = models.ForeignKey("core.User", models.CASCADE, related_name="requests")
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.CharField(max_length=400, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)

    AUDITED = ("state",)

    class RequestQuerySet(Visible["MembershipRequest"]):
        """Seen by the party's own people, its city's bureau, the office, and the one who asks."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.role is Role.OFFICE:
                return Q()
            seen = Q(user=actor.user) if actor.user else Q(pk__in=())
            if actor.party is not None:
                seen |= Q(party=actor.party)
            if actor.role is Role.BUREAU:
                seen |= Q(party__city=actor.city)
            return seen

    objects: Any = RequestQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "party"), condition=Q(state="asked"), name="one_open_request"
            ),
        )

    def __str__(self) -> str:
        return f"{self.user_id} → {self.party_id} ({self.state})"
