"""What is: needs and offers, their versions and reviews, saved searches and content reports."""

from functools import cached_property
from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corridor.engine import factors
from corridor.engine.factors import FactorKind, Side, all_kinds
from corridor.engine.factors import kind as kind_of

from ..core.actor import Actor, Role
from ..core.region import city_name, in_language
from ..core.secret import SecretField
from ..core.visibility import Visible
from .values import restored


class State(models.TextChoices):
    """Where a listing stands. The moves between states are in ``lifecycle.py``."""

    DRAFT = "draft", _("草稿")
    CITY_REVIEW = "city_review", _("待城市审核")
    CORRIDOR_REVIEW = "corridor_review", _("待走廊复核")
    RETURNED = "returned", _("已退回")
    PUBLISHED = "published", _("已发布")
    EXPIRED = "expired", _("已到期")
    CLOSED = "closed", _("已结束")
    HIDDEN = "hidden", _("已下架")


class Anonymity(models.TextChoices):
    """Who sees a published listing, and whether with the party's name."""

    PUBLIC = "public", _("公开：所有人可见，显示主体名称")
    ANONYMOUS = "anonymous", _("匿名：所有人可见，只显示城市、类型与规模")
    CORRIDOR = "corridor", _("走廊内：仅登录的走廊主体可见")
    NAMED = "named", _("定向：仅指定的主体可见")


class ExitReason(models.TextChoices):
    """Why a listing ended."""

    SIGNED_HERE = "signed_here", _("通过本平台达成合作")
    SIGNED_ELSEWHERE = "signed_elsewhere", _("通过其他渠道解决")
    NO_PARTNER = "no_partner", _("没有合适的对接方")
    TERMS = "terms", _("条件或价格谈不拢")
    PLAN_CHANGED = "plan_changed", _("计划变更或取消")
    FUNDS = "funds", _("资金不足")
    OTHER = "other", _("其他")


class ReturnReason(models.TextChoices):
    """Why a reviewer sends a listing back."""

    VAGUE = "vague", _("描述不清，看不出要什么或供什么")
    UNVERIFIED = "unverified", _("主体信息未核验或对不上")
    FALSE = "false", _("与事实不符，或无法核实")
    CONTACT = "contact", _("含联系方式或广告")
    PROMISE = "promise", _("含违规税费返还等承诺")
    SCOPE = "scope", _("类别、城市填错，或不属于本平台的要素")
    DUPLICATE = "duplicate", _("与已有信息重复")
    OTHER = "other", _("其他")


class ListingQuerySet(Visible["Listing"]):
    """Listings an actor may see."""

    def _seen_by(self, actor: Actor) -> Q:
        open_to = [Anonymity.PUBLIC, Anonymity.ANONYMOUS]
        if not actor.is_anonymous:
            open_to.append(Anonymity.CORRIDOR)
        seen = Q(state=State.PUBLISHED, anonymity__in=open_to)
        if actor.party is not None:
            named = ListingNamed.objects.filter(party=actor.party).values("listing")
            seen |= Q(party=actor.party) | Q(state=State.PUBLISHED, pk__in=named)
        if actor.role is Role.OFFICE:
            seen |= ~Q(state=State.DRAFT)
        if actor.role is Role.BUREAU:
            seen |= Q(city=actor.city) & ~Q(state=State.DRAFT)
        return seen

    def published(self) -> "ListingQuerySet":
        """Only those that take part in matching."""
        return self.filter(state=State.PUBLISHED)


class Listing(models.Model):
    """A need or an offer of one party.

    ``text`` and ``title`` are kept with contact data masked; ``contact_name`` and
    ``contact_phone`` are the only place for it. ``values`` are ``values.stored``. ``import_key`` is
    what a row of an imported file is known by: its own id, or a digest of what it says.
    """

    ref = models.CharField(max_length=12, unique=True)
    party = models.ForeignKey("core.Party", models.CASCADE, related_name="listings")
    author = models.ForeignKey("core.User", models.SET_NULL, null=True)
    side = models.CharField(max_length=5, choices=[("need", _("需求")), ("offer", _("供给"))])
    kind = models.CharField(max_length=20)
    title = models.CharField(_("标题"), max_length=100)
    text = models.TextField(_("说明"), max_length=5000, blank=True)
    city = models.CharField(_("城市"), max_length=6)
    values = models.JSONField(default=dict)
    must = models.JSONField(default=list)
    flexible = models.JSONField(default=list)
    capacity = models.PositiveIntegerField(default=1)
    contact_name = SecretField(blank=True, default="")
    contact_phone = SecretField(blank=True, default="")
    anonymity = models.CharField(max_length=10, choices=Anonymity.choices, default=Anonymity.PUBLIC)
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)
    deadline = models.DateField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    published_at = models.DateTimeField(null=True, blank=True)
    expires_on = models.DateField(null=True, blank=True)
    reminded_on = models.DateField(null=True, blank=True)
    exit_reason = models.CharField(max_length=16, choices=ExitReason.choices, blank=True)
    exit_note = models.CharField(max_length=400, blank=True)
    import_key = models.CharField(max_length=320, blank=True)
    changed_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)
    named = models.ManyToManyField("core.Party", through="ListingNamed", related_name="+")

    AUDITED = (
        "side", "kind", "title", "city", "values", "must", "flexible", "capacity", "anonymity",
        "state", "deadline", "version", "expires_on", "exit_reason",
    )  # fmt: skip

    objects: Any = ListingQuerySet.as_manager()

    class Meta:
        ordering = ("-published_at", "-id")
        indexes = (
            # Finding: each holds all that the conditions of a list may ask, so that counting and
            # sorting 20,000 listings reads no row. See queries.py and migration 0002.
            models.Index(
                name="listing_counted",
                fields=(
                    "state",
                    "kind",
                    "side",
                    "city",
                    "anonymity",
                    "party",
                    "deadline",
                    "published_at",
                ),
            ),
            models.Index(
                name="listing_newest",
                fields=(
                    "state",
                    "-published_at",
                    "-id",
                    "kind",
                    "side",
                    "city",
                    "anonymity",
                    "party",
                ),
            ),
            models.Index(
                name="listing_ending",
                fields=("state", "deadline", "kind", "side", "city", "anonymity", "party"),
            ),
            models.Index(fields=("city", "state")),
            models.Index(fields=("kind", "side", "state", "changed_at")),
        )
        constraints = (
            models.UniqueConstraint(
                fields=("party", "side", "import_key"),
                condition=~Q(import_key="") & ~Q(state=State.CLOSED),
                name="imported_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.ref} {self.title}"

    def get_absolute_url(self) -> str:
        """The page of the listing; what its QR code leads to."""
        return reverse("listings:detail", args=[self.ref])

    @property
    def factor(self) -> FactorKind:
        """The declaration of the listing's kind."""
        return kind_of(self.kind)

    @property
    def kind_label(self) -> str:
        """The kind in the language of the page."""
        return in_language(self.factor.label)

    @property
    def city_label(self) -> str:
        """The city in the language of the page."""
        return city_name(self.city)

    def party_shown_to(self, actor: Actor) -> str:
        """The party's name, or its outline where the listing is anonymous to the actor.

        Needs ``party`` loaded. Docking shows the name once both sides have accepted.
        """
        open_to = (
            self.anonymity != Anonymity.ANONYMOUS
            or actor.party == self.party_id
            or actor.role is Role.OFFICE
            or (actor.role is Role.BUREAU and actor.city == self.city)
        )
        return self.party.name if open_to else self.party.outline

    @cached_property
    def as_engine(self) -> factors.Listing:
        """The listing as the matcher takes it. Its party is an id, its contact is left out."""
        return factors.Listing(
            id=self.ref,
            side=Side(self.side),
            kind=self.kind,
            title=self.title,
            text=self.text,
            party=str(self.party_id),
            city=self.city,
            values=restored(self.values),
            must=frozenset(self.must),
            flexible=frozenset(self.flexible),
            published=timezone.localdate(self.published_at) if self.published_at else None,
            expires=self.expires_on,
            capacity=self.capacity,
        )


def kind_choices() -> list[tuple[str, str]]:
    """The factor kinds as (name, label in the language of the page)."""
    return [(found.name, in_language(found.label)) for found in all_kinds().values()]


class ListingNamed(models.Model):
    """A party that a ``named`` listing is shown to."""

    listing = models.ForeignKey(Listing, models.CASCADE)
    party = models.ForeignKey("core.Party", models.CASCADE)

    class NamedQuerySet(Visible["ListingNamed"]):
        """Seen by the listing's own party and by the party named."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.party is None:
                return Q(pk__in=())
            return Q(listing__party=actor.party) | Q(party=actor.party)

    objects: Any = NamedQuerySet.as_manager()

    class Meta:
        constraints = (models.UniqueConstraint(fields=("listing", "party"), name="named_once"),)

    def __str__(self) -> str:
        return f"{self.listing_id} → {self.party_id}"


class OfListing(Visible[Any]):
    """Records of a listing that are seen by its party, its city's bureau and the office."""

    def _seen_by(self, actor: Actor) -> Q:
        if actor.role is Role.OFFICE:
            return ~Q(listing__state=State.DRAFT)
        if actor.party is None:
            return Q(pk__in=())
        own = Q(listing__party=actor.party)
        if actor.role is Role.BUREAU:
            return own | (Q(listing__city=actor.city) & ~Q(listing__state=State.DRAFT))
        return own


class ListingVersion(models.Model):
    """What a listing said from one change to the next, and who changed it."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    at = models.DateTimeField(auto_now_add=True)
    user = models.ForeignKey("core.User", models.SET_NULL, null=True)
    content = models.JSONField()

    objects: Any = OfListing.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("listing", "number"), name="one_version_a_number"),
        )

    def __str__(self) -> str:
        return f"{self.listing_id} v{self.number}"


class Review(models.Model):
    """One decision about one version of a listing. ``reasons`` are of ``ReturnReason``."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="reviews")
    version = models.PositiveIntegerField(default=1)
    stage = models.CharField(max_length=8, choices=[("city", _("城市")), ("corridor", _("走廊"))])
    passed = models.BooleanField()
    reasons = models.JSONField(default=list)
    reason = models.CharField(max_length=400, blank=True)
    user = models.ForeignKey("core.User", models.SET_NULL, null=True)
    at = models.DateTimeField(auto_now_add=True)

    objects: Any = OfListing.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.listing_id} {self.stage}"


class SavedSearch(models.Model):
    """A search someone keeps; its new finds are told daily."""

    user = models.ForeignKey("core.User", models.CASCADE)
    party = models.ForeignKey("core.Party", models.CASCADE)
    name = models.CharField(_("名称"), max_length=60)
    query = models.CharField(max_length=400)
    seen_until = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class SavedSearchQuerySet(Visible["SavedSearch"]):
        """Seen by the one who keeps it."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.user is None:
                return Q(pk__in=())
            return Q(user=actor.user, party=actor.party)

    objects: Any = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.name


class ContentReport(models.Model):
    """Someone says a listing should not be there. Has a clock: looked at within two days."""

    class Why(models.TextChoices):
        """What is wrong with the listing."""

        FALSE = "false", _("虚假或夸大")
        ILLEGAL = "illegal", _("违法违规")
        CONTACT = "contact", _("含联系方式或广告")
        PROMISE = "promise", _("违规税费返还等承诺")
        OTHER = "other", _("其他")

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="reports")
    why = models.CharField(max_length=10, choices=Why.choices)
    note = models.CharField(max_length=400, blank=True)
    party = models.ForeignKey("core.Party", models.SET_NULL, null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    handled_at = models.DateTimeField(null=True)
    upheld = models.BooleanField(null=True)
    answer = models.CharField(max_length=400, blank=True)

    AUDITED = ("why", "handled_at", "upheld")

    class ContentReportQuerySet(Visible["ContentReport"]):
        """Seen by the bureau of the listing's city and the office; never by the party reported."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.role is Role.OFFICE:
                return Q()
            if actor.role is Role.BUREAU:
                return Q(listing__city=actor.city)
            return Q(pk__in=())

    objects: Any = ContentReportQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.listing_id} {self.why}"


class SearchText(models.Model):
    """The words a listing is found by, folded. ``search`` keeps them and the index over them."""

    listing = models.OneToOneField(Listing, models.CASCADE, primary_key=True)
    title = models.TextField()
    body = models.TextField()

    def __str__(self) -> str:
        return self.title


class Stated(models.Model):
    """One thing a listing states, laid out for filters: a code, or a range of numbers.

    ``name`` is ``kind.attribute``; an open end of a range is infinite. ``search`` keeps these too.
    """

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    code = models.CharField(max_length=40, blank=True)
    lo = models.FloatField(null=True)
    hi = models.FloatField(null=True)

    class Meta:
        indexes = (models.Index(fields=("name", "code", "hi", "lo", "listing")),)

    def __str__(self) -> str:
        return f"{self.listing_id} {self.name}"
