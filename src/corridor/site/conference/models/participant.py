"""Who takes part."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from ...core.actor import Actor, Role
from ...core.visibility import Visible
from ...docking.models import along
from ...listings.models import Anonymity, Listing
from .event import Conference, Language, Slot, organised_by


class Participant(models.Model):
    """A party at a conference, with the listings it comes for; its people are the party's members.

    ``number`` is for people to say. ``code`` is what its badge's QR says, ``feed`` what its calendar
    is read by; neither is to be guessed. ``away`` are the numbers of slots in which it is not to be
    booked, ``late_until`` the first slot it makes it to, ``absent`` that it was not there when looked
    for. ``language`` is the one it needs an interpreter for.
    """

    class State(models.TextChoices):
        """Where a participation stands."""

        INVITED = "invited", _("已邀请，待确认")
        REGISTERED = "registered", _("已报名")
        WITHDRAWN = "withdrawn", _("已退出")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="participants")
    party = models.ForeignKey("core.Party", models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    listings = models.ManyToManyField(Listing, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.INVITED)
    language = models.CharField(_("需要翻译"), max_length=2, choices=Language.choices, blank=True)
    away = models.JSONField(_("不便的场次"), default=list)
    most = models.PositiveSmallIntegerField(_("最多洽谈"), null=True, blank=True)
    on_screen = models.BooleanField(_("可在会场屏幕显示名称"), default=False)
    code = models.CharField(max_length=24, unique=True)
    feed = models.CharField(max_length=40, unique=True)
    arrived_at = models.DateTimeField(null=True)
    absent = models.BooleanField(default=False)
    late_until = models.ForeignKey(Slot, models.SET_NULL, null=True, related_name="+")
    nudged_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    AUDITED = (
        "state", "language", "away", "most", "on_screen", "arrived_at", "absent", "late_until_id",
    )  # fmt: skip

    class ParticipantQuerySet(Visible["Participant"]):
        """Seen by the party itself, the bureau of its city, and who runs the conference.

        What other participants learn of it is in ``queries.catalogue``, by its listings' anonymity.
        """

        def _seen_by(self, actor: Actor) -> Q:
            if actor.role is Role.MEMBER:
                return Q(party=actor.party)
            seen = along("conference", organised_by(actor))
            return seen | Q(party__city=actor.city) if actor.role is Role.BUREAU else seen

        def registered(self) -> "Participant.ParticipantQuerySet":
            """Only those who come."""
            return self.filter(state=Participant.State.REGISTERED)

    objects: Any = ParticipantQuerySet.as_manager()

    class Meta:
        ordering = ("conference", "number")
        constraints = (
            models.UniqueConstraint(fields=("conference", "party"), name="one_part_a_party"),
            models.UniqueConstraint(fields=("conference", "number"), name="one_part_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.conference_id}/{self.number}"

    def shown_to(self, actor: Actor) -> str:
        """The party's name to itself, its bureau and, once it has agreed by registering, who runs the
        conference; to others its outline where a listing it comes for is anonymous. Needs ``party``.
        """
        agreed = self.state == self.State.REGISTERED
        bureau = actor.role is Role.BUREAU and (
            actor.city == self.party.city or (agreed and actor.party == self.conference.party_id)
        )
        known = actor.role is Role.OFFICE or bureau or actor.party == self.party_id
        hidden = any(one.anonymity == Anonymity.ANONYMOUS for one in self.listings.all())
        return self.party.name if known or not hidden else self.party.outline
