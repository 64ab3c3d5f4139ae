"""What is: one notice to one person."""

from typing import Any

from django.db import models
from django.db.models import Q

from ..core.actor import Actor
from ..core.visibility import Visible
from .kinds import KINDS


class _Filled(dict[str, Any]):
    """What a text is filled with; a place that the notice, told long ago, cannot fill is left open."""

    def __missing__(self, name: str) -> str:
        return "…"


class Notice(models.Model):
    """Something a person should know. Its words come from its kind, in the reader's language."""

    user = models.ForeignKey("core.User", models.CASCADE, related_name="notices")
    party = models.ForeignKey("core.Party", models.CASCADE)
    kind = models.CharField(max_length=48)
    params = models.JSONField(default=dict)
    thing = models.CharField(max_length=64)
    #: Holds the address of the longest search that is kept.
    url = models.CharField(max_length=500)
    created_at = models.DateTimeField(auto_now_add=True)
    read_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    class NoticeQuerySet(Visible["Notice"]):
        """A notice is seen by whom it is for, while acting for the party it is about."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.user is None:
                return Q(pk__in=())
            return Q(user=actor.user, party=actor.party)

    objects: Any = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("user", "party", "read_at")),)

    def __str__(self) -> str:
        return f"{self.kind} {self.thing}"

    @property
    def text(self) -> str:
        """What happened, in the language of the page."""
        found = KINDS.get(self.kind)
        return str(found.text) % _Filled(self.params) if found else self.kind

    @property
    def next_action(self) -> str:
        """What to do now, in the language of the page."""
        found = KINDS.get(self.kind)
        return str(found.action) if found else ""
