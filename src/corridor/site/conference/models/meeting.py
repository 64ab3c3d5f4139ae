"""Meetings, the seats they take, and the timetables worked out for them."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from ...core.actor import Actor, Role
from ...core.visibility import Visible
from ...docking.models import Introduction, along
from ..links import meeting_page
from .event import Conference, Interpreter, Language, OfOrganiser, Slot, Table, organised_by
from .participant import Participant


class Meeting(models.Model):
    """A 洽谈 of two participants: what their introduction comes to at this conference.

    The introduction is where one asks and the other answers; ``a`` is the one who asked. ``pair`` is
    the same whoever asked. ``wish`` is the slot asked for, ``fixed`` the one the organiser insists
    on. ``placed_at`` stays once set. ``version`` grows with each change of time, table or state.
    """

    class State(models.TextChoices):
        """Where a meeting stands. The moves between states are in ``lifecycle.py``."""

        WANTED = "wanted", _("待对方答复")
        ACCEPTED = "accepted", _("已同意，待排期")
        PLACED = "placed", _("已排期")
        KEPT = "kept", _("已洽谈")
        MISSED = "missed", _("未到场")
        CANCELLED = "cancelled", _("已取消")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="meetings")
    introduction = models.ForeignKey(Introduction, models.RESTRICT, related_name="meetings")
    a = models.ForeignKey(Participant, models.RESTRICT, related_name="+")
    b = models.ForeignKey(Participant, models.RESTRICT, related_name="+")
    pair = models.CharField(max_length=24)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WANTED)
    language = models.CharField(max_length=2, choices=Language.choices, blank=True)
    value = models.PositiveSmallIntegerField(_("价值"))
    must = models.BooleanField(_("必谈"), default=False)
    reason = models.CharField(_("原因"), max_length=400, blank=True)
    wish = models.ForeignKey(Slot, models.SET_NULL, null=True, related_name="+")
    fixed = models.ForeignKey(Slot, models.SET_NULL, null=True, related_name="+")
    slot = models.ForeignKey(Slot, models.RESTRICT, null=True, related_name="meetings")
    table = models.ForeignKey(Table, models.RESTRICT, null=True, related_name="meetings")
    interpreter = models.ForeignKey(Interpreter, models.RESTRICT, null=True, related_name="+")
    present_a = models.BooleanField(default=False)
    present_b = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=0)
    placed_at = models.DateTimeField(null=True)
    reminded_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    AUDITED = (
        "state", "value", "must", "reason", "fixed_id", "slot_id", "table_id", "interpreter_id",
        "present_a", "present_b", "version",
    )  # fmt: skip

    class MeetingQuerySet(Visible["Meeting"]):
        """Seen by the two who meet, the bureaus of their cities, and who runs the conference."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.role is Role.MEMBER:
                return Q(a__party=actor.party) | Q(b__party=actor.party)
            seen = along("conference", organised_by(actor))
            if actor.role is Role.BUREAU:
                seen |= Q(a__party__city=actor.city) | Q(b__party__city=actor.city)
            return seen

        def of(self, participant: int) -> "Meeting.MeetingQuerySet":
            """Only those of a participant."""
            return self.filter(Q(a=participant) | Q(b=participant))

        def held(self) -> "Meeting.MeetingQuerySet":
            """To be written: as they are now, and so until the transaction ends. The state of one may
            otherwise follow its introduction, which is moved without the conference.
            """
            whole = self.select_related("slot", "introduction").order_by("id")
            return whole.select_for_update(of=("self",))

    objects: Any = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ("conference", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("conference", "introduction"), name="one_meeting_an_introduction"
            ),
            models.UniqueConstraint(
                fields=("conference", "pair"),
                condition=~Q(state="cancelled"),
                name="one_meeting_a_pair",
            ),
            # Nulls are none of them equal, in either database.
            models.UniqueConstraint(fields=("slot", "table"), name="one_meeting_a_table"),
            models.UniqueConstraint(
                fields=("slot", "interpreter"), name="one_meeting_an_interpreter"
            ),
            models.CheckConstraint(condition=~Q(a=F("b")), name="nobody_meets_itself"),
            models.CheckConstraint(
                condition=Q(slot__isnull=True, table__isnull=True, interpreter__isnull=True)
                | Q(slot__isnull=False, table__isnull=False),
                name="a_place_is_a_slot_and_a_table",
            ),
        )
        indexes = (
            models.Index(fields=("conference", "state")),
            models.Index(fields=("a", "state")),
            models.Index(fields=("b", "state")),
        )

    def __str__(self) -> str:
        return f"{self.introduction_id}@{self.conference_id}"

    def get_absolute_url(self) -> str:
        """The page of the meeting. Needs ``conference`` and ``introduction``."""
        return meeting_page(self.conference.ref, self.introduction.ref)

    @property
    def parts(self) -> tuple[int, int]:
        """The two participants."""
        return self.a_id, self.b_id

    def other_shown_to(self, actor: Actor) -> str:
        """The counterpart of a participant's member, by the introduction's own rule: by name once
        both agreed to meet. Needs ``a__party``, ``b__party`` and the introduction in full.
        """
        mine = actor.party == self.a.party_id
        return self.introduction.party_shown_to(actor, self.b.party_id if mine else self.a.party_id)


#: A meeting in one of these states sits at a table in a slot; so long its seats are taken.
HELD = (Meeting.State.PLACED, Meeting.State.KEPT, Meeting.State.MISSED)
#: A meeting in one of these states has yet to be.
TO_COME = (Meeting.State.WANTED, Meeting.State.ACCEPTED, Meeting.State.PLACED)


class Seat(models.Model):
    """That a participant is booked in a slot: for one meeting, whatever happens at once."""

    slot = models.ForeignKey(Slot, models.CASCADE, related_name="+")
    participant = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="seats")

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("slot", "participant"), name="one_seat_a_slot"),
            models.UniqueConstraint(fields=("meeting", "participant"), name="one_seat_a_meeting"),
        )

    def __str__(self) -> str:
        return f"{self.slot_id}/{self.participant_id}"


class Plan(models.Model):
    """A timetable that was worked out, to be published or not.

    ``placed`` is meeting reference → [slot number, table id], ``unplaced`` meeting reference → why
    not, of ``picture.Why``; ``stood``, when it was asked for, meeting reference → [slot number or
    null, number of the slot it was fixed in or null]. ``advice`` holds labels, each [Chinese,
    English]: the ``wishes`` that cannot all hold where there is no timetable, whether no fewer are in
    conflict (``smallest``), and the ``ways`` out, or to place more. ``series`` are points [seconds,
    held, held_bound, idle] from the first to the last while it was being worked out. The other fields
    are those of :class:`corridor.engine.meetings.Timetable`.
    """

    class State(models.TextChoices):
        """Where a timetable stands."""

        WORKING = "working", _("计算中")
        READY = "ready", _("待发布")
        PUBLISHED = "published", _("已发布")
        FAILED = "failed", _("未能算出")
        DROPPED = "dropped", _("已放弃")

    class Status(models.TextChoices):
        """How much it says of itself."""

        OPTIMAL = "optimal", _("已证明最优")
        FEASIBLE = "feasible", _("可行，与上界有差距")
        INFEASIBLE = "infeasible", _("已证明无法满足全部必谈")
        UNKNOWN = "unknown", _("限时内未找到")

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="plans")
    again = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WORKING)
    status = models.CharField(max_length=10, choices=Status.choices, blank=True)
    reason = models.CharField(max_length=400, blank=True)
    placed = models.JSONField(default=dict)
    unplaced = models.JSONField(default=dict)
    stood = models.JSONField(default=dict)
    advice = models.JSONField(default=dict)
    held = models.PositiveIntegerField(default=0)
    held_bound = models.PositiveIntegerField(default=0)
    idle = models.PositiveIntegerField(default=0)
    idle_bound = models.PositiveIntegerField(default=0)
    series = models.JSONField(default=list)
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    user = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    published_at = models.DateTimeField(null=True)

    AUDITED = ("state", "status", "held", "held_bound", "idle", "idle_bound", "reason")

    objects: Any = OfOrganiser.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.conference_id} {self.pk} ({self.state})"
