"""Conferences: their rules, their rounds of talks, their tables and interpreters."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ...core.actor import Actor, Role
from ...core.region import city_name
from ...core.visibility import Visible
from ...docking.models import along
from ..links import conference_page


class Language(models.TextChoices):
    """Languages that interpreters translate from and to Chinese."""

    ENGLISH = "en", _("英语")
    JAPANESE = "ja", _("日语")
    KOREAN = "ko", _("韩语")
    GERMAN = "de", _("德语")
    FRENCH = "fr", _("法语")
    SPANISH = "es", _("西班牙语")
    RUSSIAN = "ru", _("俄语")


def organised_by(actor: Actor) -> Q:
    """The conferences an actor runs: the office all, a bureau its own."""
    if actor.role is Role.OFFICE:
        return Q()
    return Q(party=actor.party) if actor.role is Role.BUREAU else Q(pk__in=())


class Conference(models.Model):
    """A 对接大会: parties that fit meet at tables, round by round.

    ``party`` runs it: the office, or the bureau of its city. ``opened_at`` stays once set, and from
    then on anyone may know of it. ``plan`` is the timetable that was published last.
    """

    class State(models.TextChoices):
        """Where a conference stands. The moves between states are in ``lifecycle.py``."""

        DRAFT = "draft", _("筹备中")
        OPEN = "open", _("报名与约谈中")
        CLOSED = "closed", _("约谈截止，排期中")
        PLANNED = "planned", _("日程已发布")
        RUNNING = "running", _("进行中")
        OVER = "over", _("已结束")
        CANCELLED = "cancelled", _("已取消")

    class RequestMode(models.TextChoices):
        """What a request needs to become a meeting."""

        APPROVE = "approve", _("对方同意后成立")
        AUTO = "auto", _("自动成立（匿名信息仍须对方同意）")

    class SchedulingMode(models.TextChoices):
        """Who chooses the time."""

        ORGANISER = "organiser", _("主办方统一排期")
        PARTICIPANTS = "participants", _("双方自选场次")

    class Rule(models.TextChoices):
        """Who may ask whom."""

        ANYONE = "anyone", _("任何参会方")
        MATCHED = "matched", _("仅平台匹配到的")
        OTHER_SIDE = "other_side", _("同类信息的供需双方")

    ref = models.CharField(max_length=12, unique=True)
    title = models.CharField(_("名称"), max_length=100)
    city = models.CharField(_("城市"), max_length=6)
    venue = models.CharField(_("地点"), max_length=200)
    about = models.TextField(_("说明"), max_length=4000, blank=True)
    party = models.ForeignKey("core.Party", models.RESTRICT, related_name="+")
    author = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    request_mode = models.CharField(
        _("约谈方式"), max_length=8, choices=RequestMode.choices, default=RequestMode.APPROVE
    )
    scheduling_mode = models.CharField(
        _("排期方式"),
        max_length=12,
        choices=SchedulingMode.choices,
        default=SchedulingMode.ORGANISER,
    )
    rule = models.CharField(_("谁可约谁"), max_length=12, choices=Rule.choices, default=Rule.ANYONE)
    hours_to_answer = models.PositiveSmallIntegerField(
        _("答复时限（小时）"), default=72, validators=[MinValueValidator(1), MaxValueValidator(336)]
    )
    registration_closes = models.DateTimeField(_("报名截止"), null=True, blank=True)
    requests_close = models.DateTimeField(_("约谈截止"), null=True, blank=True)
    asks = models.PositiveSmallIntegerField(
        _("每家最多发起约谈"),
        default=40,
        validators=[MinValueValidator(1), MaxValueValidator(500)],
    )
    most = models.PositiveSmallIntegerField(
        _("每家最多洽谈"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    fairness = models.PositiveSmallIntegerField(_("空档最多相差（段）"), null=True, blank=True)
    reason = models.CharField(_("取消原因"), max_length=400, blank=True)
    plan = models.ForeignKey("Plan", models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    AUDITED = (
        "title", "city", "venue", "state", "request_mode", "scheduling_mode", "rule",
        "hours_to_answer", "registration_closes", "requests_close", "asks", "most", "fairness",
        "reason", "plan_id",
    )  # fmt: skip

    class ConferenceQuerySet(Visible["Conference"]):
        """Anyone may know of a conference once it has opened; before, who runs it."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.role is Role.OFFICE:
                return Q()  # in an "or", Django takes the empty Q for nothing instead of all
            return Q(opened_at__isnull=False) | organised_by(actor)

        def organised(self, actor: Actor) -> "Conference.ConferenceQuerySet":
            """Only those that the actor runs."""
            return self.filter(organised_by(actor))

    objects: Any = ConferenceQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("state",)),)

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def get_absolute_url(self) -> str:
        """The page of the conference."""
        return conference_page(self.ref)

    @property
    def city_label(self) -> str:
        """The city in the language of the page."""
        return city_name(self.city)

    @property
    def self_booked(self) -> bool:
        """Whether the two who meet choose the round."""
        return self.scheduling_mode == self.SchedulingMode.PARTICIPANTS


class OfConference(Visible[Any]):
    """What anyone may know who knows of the conference."""

    def _seen_by(self, actor: Actor) -> Q:
        return along("conference", Conference.objects.all()._seen_by(actor))


class OfOrganiser(Visible[Any]):
    """What only those see who run the conference."""

    def _seen_by(self, actor: Actor) -> Q:
        return along("conference", organised_by(actor))


class Slot(models.Model):
    """A 场次: one round of talks at all tables. Numbered from 1 in the order of time."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="slots")
    number = models.PositiveSmallIntegerField()
    session = models.CharField(_("时段"), max_length=20)
    start = models.DateTimeField()
    end = models.DateTimeField()

    objects: Any = OfConference.as_manager()

    class Meta:
        ordering = ("conference", "number")
        constraints = (
            models.UniqueConstraint(fields=("conference", "number"), name="one_slot_a_number"),
            models.CheckConstraint(
                condition=Q(end__gt=models.F("start")), name="slot_ends_after_it_begins"
            ),
        )

    def __str__(self) -> str:
        return f"{self.conference_id}/{self.number}"


class Hall(models.Model):
    """A 会场 with tables. Where a conference has only one, it needs no name."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="halls")
    name = models.CharField(_("会场"), max_length=80, blank=True)

    AUDITED = ("name",)

    objects: Any = OfConference.as_manager()

    class Meta:
        ordering = ("conference", "id")
        constraints = (
            models.UniqueConstraint(fields=("conference", "name"), name="one_hall_a_name"),
        )

    def __str__(self) -> str:
        return self.name


class Table(models.Model):
    """A 洽谈桌. ``code`` is what its QR says; from ``lost_from`` on nobody can be seated there."""

    hall = models.ForeignKey(Hall, models.CASCADE, related_name="tables")
    number = models.PositiveSmallIntegerField()
    code = models.CharField(max_length=20, unique=True)
    lost_from = models.ForeignKey(Slot, models.SET_NULL, null=True, related_name="+")

    AUDITED = ("lost_from_id",)

    class TableQuerySet(Visible["Table"]):
        """With their codes, tables are seen by who runs the conference."""

        def _seen_by(self, actor: Actor) -> Q:
            return along("hall__conference", organised_by(actor))

    objects: Any = TableQuerySet.as_manager()

    class Meta:
        ordering = ("hall", "number")
        constraints = (
            models.UniqueConstraint(fields=("hall", "number"), name="one_table_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.hall_id}/{self.number}"

    @property
    def where(self) -> str:
        """Where it is, in words. Needs ``hall``."""
        if not self.hall.name:
            return gettext("%(number)s 号桌") % {"number": self.number}
        place = {"hall": self.hall.name, "number": self.number}
        return gettext("%(hall)s %(number)s 号桌") % place


class Interpreter(models.Model):
    """A 翻译 of one language. ``away``: the numbers of the slots in which they are not there."""

    conference = models.ForeignKey(Conference, models.CASCADE, related_name="interpreters")
    name = models.CharField(_("姓名"), max_length=40)
    language = models.CharField(_("语言"), max_length=2, choices=Language.choices)
    away = models.JSONField(default=list)

    AUDITED = ("name", "language", "away")

    objects: Any = OfOrganiser.as_manager()

    class Meta:
        ordering = ("conference", "language", "id")

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"
