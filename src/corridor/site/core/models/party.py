"""Parties, the people who act for them, and in which role."""

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from corridor.engine.factors import INDUSTRIES
from corridor.engine.factors.credit_code import credit_code_fault

from ..actor import Actor, Role
from ..region import city_name, in_language
from ..secret import SecretField
from ..visibility import Visible


def check_credit_code(code: str) -> None:
    """Refuse a 统一社会信用代码 that cannot be one (GB 32100-2015)."""
    fault = credit_code_fault(code)
    if fault is not None:
        raise ValidationError(in_language(fault), code="credit_code")


class Party(models.Model):
    """An enterprise, park, fund, lab, city bureau or the corridor's office."""

    class Kind(models.TextChoices):
        """What a party is."""

        ENTERPRISE = "enterprise", _("企业")
        PARK = "park", _("园区")
        FUND = "fund", _("基金")
        LAB = "lab", _("高校院所")
        BUREAU = "bureau", _("城市投促局")
        OFFICE = "office", _("走廊办")

    class Size(models.TextChoices):
        """Size by the national classes (国统字〔2017〕213号)."""

        MICRO = "micro", _("微型")
        SMALL = "small", _("小型")
        MEDIUM = "medium", _("中型")
        LARGE = "large", _("大型")

    name = models.CharField(_("名称"), max_length=120)
    credit_code = models.CharField(
        _("统一社会信用代码"), max_length=18, unique=True, validators=[check_credit_code]
    )
    kind = models.CharField(_("类型"), max_length=12, choices=Kind.choices)
    city = models.CharField(_("城市"), max_length=6, db_index=True)
    size = models.CharField(_("规模"), max_length=8, choices=Size.choices, blank=True)
    industry = models.CharField(_("行业"), max_length=8, blank=True)
    about = models.TextField(_("简介"), max_length=4000, blank=True)
    contact_name = SecretField(blank=True, default="")
    contact_phone = SecretField(blank=True, default="")
    contact_email = SecretField(blank=True, default="")
    verified_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    AUDITED = ("name", "kind", "city", "size", "industry", "verified_at")

    class PartyQuerySet(Visible["Party"]):
        """Parties an actor may know of."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.role is Role.OFFICE:
                return Q()
            own = Q(pk=actor.party) if actor.party else Q(pk__in=())
            offices = Q(kind__in=[Party.Kind.BUREAU, Party.Kind.OFFICE])
            if actor.role is Role.BUREAU:
                return own | offices | Q(city=actor.city)
            return own | offices

    objects = PartyQuerySet.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return self.name

    @property
    def city_label(self) -> str:
        """The city in the language of the page."""
        return city_name(self.city)

    @property
    def industry_label(self) -> str:
        """The industry in the language of the page; "" for none."""
        return in_language(INDUSTRIES.label(self.industry)) if self.industry else ""

    @property
    def outline(self) -> str:
        """What an anonymous party shows of itself: city, kind and size."""
        parts = [self.city_label, self.get_kind_display()]
        return " · ".join([*parts, self.get_size_display()] if self.size else parts)


class User(AbstractUser):
    """A person who logs in. ``language`` is the one of mails to them; the switch sets it."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("姓名"), max_length=60)
    phone = SecretField(blank=True, default="")
    email = SecretField(blank=True, default="")
    language = models.CharField(max_length=8, default=settings.LANGUAGE_CODE)
    mails = models.BooleanField(default=True)
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    AUDITED = ("name", "is_active")

    def __str__(self) -> str:
        return self.name or self.username

    def clean(self) -> None:
        """Nothing: Django's own would take the e-mail address, a secret here, for a text."""

    def get_full_name(self) -> str:
        """The name people use."""
        return self.name

    def get_short_name(self) -> str:
        """The name people use."""
        return self.name


class Membership(models.Model):
    """That a person acts for a party, in a role and a city, from when to when."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    party = models.ForeignKey(Party, models.CASCADE, related_name="memberships")
    role = models.CharField(
        _("角色"), max_length=8, choices=[c for c in Role.choices if c[0] != Role.PUBLIC]
    )
    city = models.CharField(_("城市"), max_length=6)
    manager = models.BooleanField(_("管理员"), default=False)
    ended_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    AUDITED = ("role", "city", "manager", "ended_at")

    class Meta:
        ordering = ("id",)
        constraints = (
            models.UniqueConstraint(
                fields=("user", "party", "role"),
                condition=Q(ended_at=None),
                name="one_open_membership",
            ),
        )

    class MembershipQuerySet(Visible["Membership"]):
        """Memberships an actor may know of: the own ones, the own party's; the office sees all."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.role is Role.OFFICE:
                return Q()
            if actor.party is None:
                return Q(pk__in=())
            return Q(party=actor.party) | Q(user=actor.user)

    objects: Any = MembershipQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.user} · {self.party} · {self.get_role_display()}"

    def actor(self) -> Actor:
        """Acting in this membership. Needs ``user`` and ``party`` loaded."""
        return Actor(
            role=Role(self.role),
            user=self.user_id,
            membership=self.pk,
            party=self.party_id,
            city=self.city,
            name=str(self.user),
            party_name=self.party.name,
            manager=self.manager,
        )
