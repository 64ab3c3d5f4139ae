"""Uploads, consents, reveals of contacts, sent forms, and the counters of the rate limits."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..actor import Actor, Role
from ..visibility import Visible, own


class Upload(models.Model):
    """A file someone sent, or a job made. The bytes lie outside static, under a random name."""

    party = models.ForeignKey("core.Party", models.CASCADE)
    user = models.ForeignKey("core.User", models.SET_NULL, null=True)
    key = models.CharField(max_length=32, unique=True)
    name = models.CharField(_("文件名"), max_length=200)
    format = models.CharField(max_length=8)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64)
    created_at = models.DateTimeField(auto_now_add=True)

    class UploadQuerySet(Visible["Upload"]):
        """A file is seen by the party that owns it, and nobody else."""

        def _seen_by(self, actor: Actor) -> Q:
            return own(actor)

    objects: Any = UploadQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name


def _lasting(to: str, related_name: str = "+") -> "models.ForeignKey[Any, Any]":
    """A reference that stays as it was written when what it names is erased.

    Its table is append-only, by triggers (migration 0002): nothing may null or cascade into it.
    """
    return models.ForeignKey(
        to, models.DO_NOTHING, null=True, db_constraint=False, related_name=related_name
    )


class Consent(models.Model):
    """That someone agreed to a use of their data: to which text, when, where. Never changed."""

    purpose = models.CharField(max_length=32)
    text = models.TextField()
    user = _lasting("core.User")
    party = _lasting("core.Party", "consents")
    to_party = _lasting("core.Party")
    thing = models.CharField(max_length=64, db_index=True)
    channel = models.CharField(max_length=16)
    at = models.DateTimeField(auto_now_add=True)

    class ConsentQuerySet(Visible["Consent"]):
        """A consent is seen by both parties it is between."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.party is None:
                return Q(pk__in=())
            return Q(party=actor.party) | Q(to_party=actor.party)

    objects: Any = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.purpose} {self.thing}"


class Reveal(models.Model):
    """That someone was shown a contact in full. Never changed; whose contact it is sees these."""

    owner = _lasting("core.Party", "reveals")
    user = _lasting("core.User")
    party = _lasting("core.Party")
    thing = models.CharField(max_length=64, db_index=True)
    purpose = models.CharField(max_length=200)
    at = models.DateTimeField(auto_now_add=True)

    class RevealQuerySet(Visible["Reveal"]):
        """Seen by the party whose contact it is, and by the office."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.role is Role.OFFICE:
                return Q()
            return Q(pk__in=()) if actor.party is None else Q(owner=actor.party)

    objects: Any = RevealQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.thing} {self.at}"


class OnceToken(models.Model):
    """That a form was sent, and where its first answer led. ``core.once`` keeps it for a day."""

    key = models.CharField(max_length=64, primary_key=True)
    content = models.CharField(max_length=64)
    url = models.TextField(blank=True)
    at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.at} {self.url}"


class RateBucket(models.Model):
    """How often something was tried in the current window. ``core.limits`` counts it."""

    key = models.CharField(max_length=96, primary_key=True)
    opened_at = models.DateTimeField()
    count = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.key}: {self.count}"
