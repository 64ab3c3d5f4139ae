"""What is: leads, what happened to them, their circulation between cities, and the clocks' lengths."""

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from corridor.engine.factors import SIDE_LABELS, Attribute, Label, Relation, Side, Type, value_text
from corridor.engine.factors import kind as kind_of

from ..core.actor import Actor, Role
from ..core.region import city_name, in_language
from ..core.secret import SecretField
from ..core.visibility import Visible
from ..listings.values import restored

#: The one figure the form asks for; read and written as the factors' attributes are.
TAX = Attribute(
    "tax",
    Label("预计年税收", "Expected tax a year"),
    Type.NUMBER,
    Relation.AT_LEAST,
    unit="CNY10k",
    high=Decimal("1e8"),
)


class State(models.TextChoices):
    """Where a lead stands. The moves between states are in ``lifecycle.py``."""

    HELD = "held", _("待甄别")
    RECEIVED = "received", _("待联系")
    CONTACTED = "contacted", _("待研判")
    VALID = "valid", _("有效，待答复")
    INVALID = "invalid", _("无效，待答复")
    ANSWERED = "answered", _("已答复")
    TALKS = "talks", _("在谈")
    CONVERTED = "converted", _("已转为供需")
    CLOSED = "closed", _("已结束")


#: States in which something is still to be done.
OPEN = frozenset(State) - {State.CONVERTED, State.CLOSED}


_TONES = {
    State.HELD: "warn", State.ANSWERED: "ok", State.TALKS: "ok", State.CONVERTED: "ok",
    State.INVALID: "warn", State.CLOSED: "neutral",
}  # fmt: skip


class EndReason(models.TextChoices):
    """Why a lead was judged invalid, or ended."""

    NO_PROJECT = "no_project", _("没有投资或合作项目")
    INCOMPLETE = "incomplete", _("信息不足且无法补充")
    EXCLUDED = "excluded", _("不属于招商范围")
    NO_FIT = "no_fit", _("条件不匹配")
    ELSEWHERE = "elsewhere", _("已在别处落地")
    GAVE_UP = "gave_up", _("企业不再推进")
    UNREACHABLE = "unreachable", _("联系不上")
    DUPLICATE = "duplicate", _("重复线索")
    SPAM = "spam", _("垃圾信息")
    OTHER = "other", _("其他")


class Suspicion(models.TextChoices):
    """Why a lead was held back for someone to look at."""

    TRAP = "trap", _("填写了页面上看不见的栏目")
    FAST = "fast", _("提交过快")
    LINK = "link", _("文字中有网址")
    MANY = "many", _("同一号码一天内多次提交")


class Alike(models.TextChoices):
    """Why a lead looks like an earlier one."""

    PHONE = "phone", _("手机号相同")
    TEXT = "text", _("公司名称与需求相近")


class Stated(models.TextChoices):
    """What a valid lead states (宣城 2024-01-31); ticked when judging."""

    INVESTOR = "investor", _("投资方")
    PROJECT = "project", _("项目内容")
    PROCESS = "process", _("生产工艺")
    INVESTMENT = "investment", _("总投资")
    LAND = "land", _("用地或用房")
    ENERGY = "energy", _("能耗")
    ENVIRONMENT = "environment", _("环境容量")
    OUTPUT = "output", _("产出")
    TAX = "tax", _("税收")


class LeadQuerySet(Visible["Lead"]):
    """Leads an actor may see."""

    def _seen_by(self, actor: Actor) -> Q:
        if actor.role is Role.OFFICE:
            return Q()
        if actor.role is not Role.BUREAU or not actor.city:
            return Q(pk__in=())
        offered = Circulation.objects.filter(to_city=actor.city, state=Circulation.State.PROPOSED)
        return Q(city=actor.city) | Q(pk__in=offered.values("lead"))

    def open(self) -> "LeadQuerySet":
        """Only those with something still to be done."""
        return self.filter(state__in=OPEN)


class Lead(models.Model):
    """An enterprise that told the corridor what it wants, without an account.

    ``first_reported_at`` is 首报时间: written once, by no verb again. ``contact_name`` and
    ``phone`` are the only place for contact data; every other text is kept with it masked.
    ``contact_due``, ``judge_due`` and ``answer_due`` are what the reporter was promised;
    ``clock`` and ``due_at`` are the clock that runs now.
    """

    ref = models.CharField(max_length=12, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.RECEIVED)
    city = models.CharField(max_length=6, blank=True)
    first_city = models.CharField(max_length=6, blank=True)
    first_reported_at = models.DateTimeField()

    need = models.TextField(_("需求"), max_length=5000)
    use = models.CharField(_("用途"), max_length=100, blank=True)
    tax = models.JSONField(_("预计年税收"), default=dict)
    wish = models.CharField(_("意向城市"), max_length=6, blank=True)
    company = models.CharField(_("公司"), max_length=120)
    company_key = models.CharField(max_length=120)
    contact_name = SecretField()
    phone = SecretField()
    phone_index = models.CharField(max_length=64, db_index=True)

    kind = models.CharField(max_length=20, blank=True)
    side = models.CharField(max_length=5, blank=True)
    values = models.JSONField(default=dict)
    unread = models.JSONField(default=list)

    referrer = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    referrer_party = models.ForeignKey("core.Party", models.SET_NULL, null=True, related_name="+")
    suspicions = models.JSONField(default=list)
    duplicate_of = models.ForeignKey("self", models.SET_NULL, null=True, related_name="duplicates")
    duplicate_why = models.CharField(max_length=5, choices=Alike.choices, blank=True)

    officer = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    stated = models.JSONField(default=list)
    valid = models.BooleanField(null=True)
    end_reason = models.CharField(max_length=12, choices=EndReason.choices, blank=True)
    answer = models.TextField(max_length=2000, blank=True)
    listing = models.ForeignKey("listings.Listing", models.SET_NULL, null=True, related_name="+")

    contact_due = models.DateTimeField()
    judge_due = models.DateTimeField()
    answer_due = models.DateTimeField()
    contacted_at = models.DateTimeField(null=True)
    judged_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    progress_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    clock = models.CharField(max_length=8, blank=True)
    due_at = models.DateTimeField(null=True, db_index=True)
    remind_at = models.DateTimeField(null=True)
    escalate_at = models.DateTimeField(null=True)

    AUDITED = (
        "state", "city", "first_city", "first_reported_at", "wish", "kind", "side", "suspicions",
        "duplicate_of_id", "officer_id", "stated", "valid", "end_reason", "listing_id", "contacted_at",
        "judged_at", "answered_at", "progress_at", "closed_at", "clock", "due_at",
    )  # fmt: skip

    objects: Any = LeadQuerySet.as_manager()

    class Meta:
        ordering = ("-first_reported_at", "-id")
        indexes = (
            models.Index(fields=("city", "state", "due_at")),
            models.Index(fields=("first_reported_at",)),
        )

    def __str__(self) -> str:
        return f"{self.ref} {self.company}"

    def get_absolute_url(self) -> str:
        """The page of the lead, for officers."""
        return reverse("leads:detail", args=[self.ref])

    @property
    def city_label(self) -> str:
        """The city in the language of the page; the office's pool without one."""
        return city_name(self.city) or str(_("走廊办待分派"))

    @property
    def tone(self) -> str:
        """How its state looks."""
        return _TONES.get(State(self.state), "info")

    @property
    def side_label(self) -> str:
        """Need or offer, as read from the text."""
        return in_language(SIDE_LABELS[Side(self.side)]) if self.side else ""

    @property
    def wish_label(self) -> str:
        """The city wished for, or that it is left to the corridor."""
        return city_name(self.wish) or str(_("请走廊办推荐"))

    @property
    def tax_label(self) -> str:
        """The tax expected, with its unit; "" where none was told."""
        value = restored(self.tax).get(TAX.name)
        return in_language(value_text(TAX, value)) if value is not None else ""

    @property
    def kind_label(self) -> str:
        """The factor kind read from the text; "" where none was."""
        return in_language(kind_of(self.kind).label) if self.kind else ""

    @property
    def referred_by(self) -> str:
        """Bureau and officer whose card was used; needs both loaded."""
        names = [str(one) for one in (self.referrer_party, self.referrer) if one is not None]
        return " · ".join(names)


class OfLead(Visible[Any]):
    """Records seen by whoever sees their lead."""

    def _seen_by(self, actor: Actor) -> Q:
        return Q(lead__in=Lead.objects.visible_to(actor))


class LeadEvent(models.Model):
    """Something that happened to a lead, or that an officer noted. Never changed."""

    class What(models.TextChoices):
        """What happened."""

        REPORT = "report", _("企业提交线索")
        ADMIT = "admit", _("甄别通过")
        ASSIGN = "assign", _("分派城市")
        CONTACT = "contact", _("已联系企业")
        JUDGE_VALID = "judge_valid", _("研判有效")
        JUDGE_INVALID = "judge_invalid", _("研判无效")
        ANSWER = "answer", _("已答复企业")
        TALK = "talk", _("进入洽谈")
        PROGRESS = "progress", _("推进情况")
        NOTE = "note", _("备注")
        REVEAL = "reveal", _("查看联系方式")
        PROPOSE = "propose", _("提出流转")
        ACCEPT = "accept", _("同意流转")
        DECLINE = "decline", _("不同意流转")
        WITHDRAW = "withdraw", _("撤回流转")
        CONVERT = "convert", _("转为供需信息")
        CLOSE = "close", _("结束")
        ESCALATE = "escalate", _("超时，已报走廊办")

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="events")
    what = models.CharField(max_length=14, choices=What.choices)
    at = models.DateTimeField()
    user = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    party = models.ForeignKey("core.Party", models.SET_NULL, null=True, related_name="+")
    text = models.TextField(max_length=2000, blank=True)

    objects: Any = OfLead.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.lead_id} {self.what}"


class Circulation(models.Model):
    """One city offers a lead to another, and with it a part of the credit.

    ``kept`` is the percentage that ``from_city`` keeps of the credit it holds. Once accepted the
    row is never changed: both cities have agreed to it.
    """

    class State(models.TextChoices):
        """Where an offer stands."""

        PROPOSED = "proposed", _("待对方答复")
        ACCEPTED = "accepted", _("已同意")
        DECLINED = "declined", _("未同意")
        WITHDRAWN = "withdrawn", _("已撤回")

    lead = models.ForeignKey(Lead, models.CASCADE, related_name="circulations")
    from_city = models.CharField(max_length=6)
    to_city = models.CharField(max_length=6)
    kept = models.PositiveSmallIntegerField(
        _("转出方保留比例"), default=50, validators=[MinValueValidator(0), MaxValueValidator(100)]
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.PROPOSED)
    reason = models.CharField(max_length=400)
    answer = models.CharField(max_length=400, blank=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")

    class CirculationQuerySet(Visible["Circulation"]):
        """Seen by both cities and the office, also when the lead itself no longer is."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.role is Role.OFFICE:
                return Q()
            if actor.role is not Role.BUREAU or not actor.city:
                return Q(pk__in=())
            return Q(from_city=actor.city) | Q(to_city=actor.city)

    objects: Any = CirculationQuerySet.as_manager()

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("lead",), condition=Q(state="proposed"), name="one_open_circulation"
            ),
        )

    def __str__(self) -> str:
        return f"{self.lead_id} {self.from_city} → {self.to_city}"

    @property
    def from_label(self) -> str:
        """The city that offers."""
        return city_name(self.from_city)

    @property
    def to_label(self) -> str:
        """The city that is asked."""
        return city_name(self.to_city)

    @property
    def given(self) -> int:
        """The percentage that goes to the city that is asked."""
        return 100 - self.kept


class ClockLength(models.Model):
    """How long the office has set a clock to; ``clocks.CLOCKS`` holds the default."""

    clock = models.CharField(max_length=8, primary_key=True)
    days = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(90)]
    )

    class ClockLengthQuerySet(Visible["ClockLength"]):
        """Anyone may know how soon leads are answered."""

        def _seen_by(self, _actor: Actor) -> Q:
            return Q()

    objects: Any = ClockLengthQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.clock}: {self.days}"
