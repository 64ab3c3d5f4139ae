"""What is: tokens, remembered answers, webhooks and their deliveries."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..core.actor import Actor
from ..core.secret import SecretField
from ..core.visibility import Visible


class OfParty(Visible[Any]):
    """Things seen by the party they belong to, and by nobody else."""

    def _seen_by(self, actor: Actor) -> Q:
        return Q(pk__in=()) if actor.party is None else Q(party=actor.party)


class ApiToken(models.Model):
    """A program's key to act for a membership. Only its digest is kept."""

    party = models.ForeignKey("core.Party", models.CASCADE, related_name="tokens")
    membership = models.ForeignKey("core.Membership", models.CASCADE, related_name="+")
    name = models.CharField(_("名称"), max_length=60)
    digest = models.CharField(max_length=64, unique=True)
    hint = models.CharField(max_length=8)
    created_at = models.DateTimeField(auto_now_add=True)
    used_on = models.DateField(null=True)
    revoked_at = models.DateTimeField(null=True)

    AUDITED = ("name", "revoked_at")

    objects: Any = OfParty.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.name} …{self.hint}"


class Remembered(models.Model):
    """The answer to a write that named an idempotency key: given again when the key comes again.

    ``asked`` is a digest of what was asked for. Contact data is never in an answer kept here.
    """

    token = models.ForeignKey(ApiToken, models.CASCADE, related_name="+")
    key = models.CharField(max_length=80)
    asked = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField(default=0)
    body = models.TextField(blank=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)

    class RememberedQuerySet(Visible["Remembered"]):
        """Seen by nobody; whoever holds the same token gets the answer again."""

        def _seen_by(self, _actor: Actor) -> Q:
            return Q(pk__in=())

    objects: Any = RememberedQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("token", "key"), name="one_answer_a_key"),)

    def __str__(self) -> str:
        return self.key


class Webhook(models.Model):
    """Where a party wants to be told of events. ``seen`` is the last audit entry dealt with."""

    party = models.ForeignKey("core.Party", models.CASCADE, related_name="webhooks")
    membership = models.ForeignKey("core.Membership", models.CASCADE, related_name="+")
    url = models.URLField(_("地址"), max_length=300)
    secret = SecretField()
    active = models.BooleanField(default=True)
    seen = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    AUDITED = ("url", "active")

    class WebhookQuerySet(OfParty):
        """Seen by the party they belong to."""

        def in_use(self) -> "Webhook.WebhookQuerySet":
            """Those that are sent to: not ended, and set up by someone who still is of the party."""
            found = self.filter(active=True, membership__ended_at=None)
            loaded = found.select_related("membership__user", "membership__party")
            return loaded.filter(membership__user__is_active=True)

    objects: Any = WebhookQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.url


class Delivery(models.Model):
    """One event to one webhook, tried until it is taken or 72 hours have gone since it happened.

    ``entry`` is the number of the event in the audit chain. ``since`` is when it was to be
    delivered first: when it happened, or when someone asked for it again.
    """

    class State(models.TextChoices):
        """Where a delivery stands."""

        WAITING = "waiting", _("待送达")
        TAKEN = "taken", _("已送达")
        GIVEN_UP = "given_up", _("已放弃")

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    entry = models.BigIntegerField()
    verb = models.CharField(max_length=48)
    thing = models.CharField(max_length=64)
    at = models.DateTimeField()
    since = models.DateTimeField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField()
    status = models.CharField(max_length=120, blank=True)

    AUDITED = ("state",)

    class DeliveryQuerySet(Visible["Delivery"]):
        """Seen by the webhook's party."""

        def _seen_by(self, actor: Actor) -> Q:
            return Q(pk__in=()) if actor.party is None else Q(webhook__party=actor.party)

    objects: Any = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("webhook", "entry"), name="one_delivery_an_event"),
        )
        indexes = (models.Index(fields=("webhook", "state", "next_at")),)

    def __str__(self) -> str:
        return f"{self.verb} {self.thing} → {self.webhook_id}"
