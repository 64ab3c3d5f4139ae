"""Long work: claimed with a lease, retried, cancelled, its progress shown."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ..actor import Actor, Role
from ..visibility import Visible, own


class Job(models.Model):
    """One piece of long work. ``core.jobs`` runs it; see there for what is promised."""

    class State(models.TextChoices):
        """Where a job stands."""

        QUEUED = "queued", _("排队中")
        RUNNING = "running", _("进行中")
        DONE = "done", _("已完成")
        FAILED = "failed", _("失败")
        CANCELLED = "cancelled", _("已取消")

    kind = models.CharField(max_length=48)
    key = models.CharField(max_length=120)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State.choices, default=State.QUEUED)
    urgent = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.CharField(max_length=32, blank=True)
    lease_until = models.DateTimeField(null=True)
    not_before = models.DateTimeField(db_index=True)
    cancel_asked = models.BooleanField(default=False)
    done_units = models.PositiveIntegerField(default=0)
    total_units = models.PositiveIntegerField(default=0)
    message = models.CharField(max_length=400, blank=True)
    result = models.JSONField(default=dict)
    upload = models.ForeignKey("core.Upload", models.SET_NULL, null=True, related_name="+")
    party = models.ForeignKey("core.Party", models.CASCADE, null=True)
    user = models.ForeignKey("core.User", models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    class JobQuerySet(Visible["Job"]):
        """A party sees its own jobs; the office sees all."""

        def _seen_by(self, actor: Actor) -> Q:
            return Q() if actor.role is Role.OFFICE else own(actor)

    objects: Any = JobQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("kind", "key"), condition=Q(state="queued"), name="one_queued_job"
            ),
        )
        indexes = (
            models.Index(fields=("state", "not_before", "id")),
            models.Index(fields=("kind", "key", "state")),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.key} ({self.state})"
