"""The audit: append-only, each entry sealed with the one before."""

from typing import Any

from django.db import models
from django.db.models import Q

from ..actor import Actor, Role
from ..visibility import Visible, own


class AuditEntry(models.Model):
    """Who did what to which thing, when and why. Written by ``core.audit`` and never changed.

    ``diff`` holds only the fields a model lists in ``AUDITED``: no contact data is ever in it, so
    that erasing a person never has to break the chain.
    """

    id = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    user = models.BigIntegerField(null=True)
    party = models.BigIntegerField(null=True)
    role = models.CharField(max_length=8)
    verb = models.CharField(max_length=48)
    thing = models.CharField(max_length=64, db_index=True)
    city = models.CharField(max_length=6, blank=True)
    diff = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    request = models.CharField(max_length=32, blank=True)
    previous = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, unique=True)

    class AuditQuerySet(Visible["AuditEntry"]):
        """The office sees all, others what they did and what was done for their party."""

        def _seen_by(self, actor: Actor) -> Q:
            return Q() if actor.role is Role.OFFICE else own(actor)

    objects: Any = AuditQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.id} {self.verb} {self.thing}"
