"""What is: matches and near misses, introductions, what is said in them and what came of them."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from corridor.engine.matching import Evidence
from corridor.engine.text import mask_contacts

from ..core.actor import Actor, Role
from ..core.secret import SecretField
from ..core.visibility import Visible
from ..listings.models import Listing
from ..listings.models import State as ListingState
from .codes import Reason, way_name


def along(path: str, seen: Q) -> Q:
    """What ``seen`` says of a model, said of the one that ``path`` leads to it from."""
    parts: Any = seen.children
    said = (
        along(path, part) if isinstance(part, Q) else (f"{path}__{part[0]}", part[1])
        for part in parts
    )
    return Q(*said, _connector=seen.connector, _negated=seen.negated)


def secrets(listing: str, *, party: bool = True) -> tuple[str, ...]:
    """The contact fields of a listing that ``listing`` leads to, and of its party: not to be loaded
    where nobody is to read them, since each is decrypted.
    """
    own = ("contact_name", "contact_phone")
    fields = (*own, *(f"party__{name}" for name in (*own, "contact_email"))) if party else own
    return tuple(f"{listing}__{name}" for name in fields)


# --- matches ---


class PairQuerySet(Visible[Any]):
    """Pairs of published listings."""

    def _seen_by(self, actor: Actor) -> Q:
        """Seen by either party, the bureau of either city and the office, if they see both listings.

        So nobody learns what else their counterpart was matched with.
        """
        seen = Listing.objects.all()._seen_by(actor)
        both = along("need", seen) & along("offer", seen)
        return both & _published() & self._concerns(actor)

    def _concerns(self, actor: Actor) -> Q:
        if actor.role is Role.OFFICE:
            return Q()
        if actor.role is Role.BUREAU:
            return Q(need__city=actor.city) | Q(offer__city=actor.city)
        if actor.role is Role.MEMBER:
            return Q(need__party=actor.party) | Q(offer__party=actor.party)
        return Q(pk__in=())


def _published() -> Q:
    return Q(need__state=ListingState.PUBLISHED, offer__state=ListingState.PUBLISHED)


class Pair(models.Model):
    """A need and an offer, and how far up each stands in the other's list, from 1; or not in it."""

    need = models.ForeignKey(Listing, models.CASCADE, related_name="+")
    offer = models.ForeignKey(Listing, models.CASCADE, related_name="+")
    rank_need = models.PositiveSmallIntegerField(null=True)
    rank_offer = models.PositiveSmallIntegerField(null=True)

    objects: Any = PairQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = (
            models.UniqueConstraint(fields=("need", "offer"), name="one_%(class)s_a_pair"),
        )
        indexes = (
            models.Index(fields=("need", "rank_need")),
            models.Index(fields=("offer", "rank_offer")),
        )

    def __str__(self) -> str:
        return f"{self.need_id} – {self.offer_id}"

    def other_than(self, listing: Listing) -> Listing:
        """The counterpart of ``listing``. Needs both loaded."""
        return self.offer if listing.pk == self.need_id else self.need


class Match(Pair):
    """A pair that breaks no hard limit and is among the best of one side or of both.

    ``score``, ``verified`` and ``evidence`` are the matcher's. ``told_need`` and ``told_offer``:
    whether the party has had a notice of it.
    """

    score = models.FloatField()
    verified = models.BooleanField()
    evidence = models.JSONField()
    found_at = models.DateTimeField(default=timezone.now)
    told_need = models.BooleanField(default=False)
    told_offer = models.BooleanField(default=False)

    @property
    def parts(self) -> dict[str, float | None]:
        """The parts of the score; ``None`` where neither side asks."""
        return dict(Evidence.of(self.evidence).parts)


class NearMiss(Pair):
    """A pair that would be a match if something changed; what, is worked out when it is read."""


class Matched(models.Model):
    """How far the matcher knows a listing.

    ``stamp`` is the ``changed_at`` of what was matched; ``None`` once the listing takes no part.
    ``since`` is when it first had a match, kept for the funnel.
    """

    listing = models.OneToOneField(Listing, models.CASCADE, primary_key=True)
    stamp = models.DateTimeField(null=True)
    since = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return str(self.listing_id)


class Refresh(models.Model):
    """The day a kind was last matched afresh: scores depend on the day and on all listings."""

    kind = models.CharField(max_length=20, primary_key=True)
    full_on = models.DateField()

    def __str__(self) -> str:
        return f"{self.kind} {self.full_on}"


class Unsuitable(models.Model):
    """That the side of ``listing`` finds ``other`` unsuitable: it is left out of that side's list."""

    listing = models.ForeignKey(Listing, models.CASCADE, related_name="unsuitable")
    other = models.ForeignKey(Listing, models.CASCADE, related_name="+")
    reason = models.CharField(_("原因"), max_length=16, choices=Reason.choices)
    note = models.CharField(_("补充说明"), max_length=400, blank=True)
    party = models.ForeignKey("core.Party", models.CASCADE)
    user = models.ForeignKey("core.User", models.SET_NULL, null=True)
    at = models.DateTimeField(auto_now_add=True)

    class UnsuitableQuerySet(Visible["Unsuitable"]):
        """Seen by the party that said so, its bureau and the office; never by the counterpart."""

        def _seen_by(self, actor: Actor) -> Q:
            if actor.role is Role.OFFICE:
                return Q()
            if actor.role is Role.BUREAU:
                return Q(listing__city=actor.city)
            return Q(party=actor.party) if actor.role is Role.MEMBER else Q(pk__in=())

    objects: Any = UnsuitableQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(fields=("listing", "other"), name="unsuitable_once"),
        )

    def __str__(self) -> str:
        return f"{self.listing_id} – {self.other_id}: {self.reason}"


# --- introductions ---


class State(models.TextChoices):
    """Where an introduction stands. The moves between states are in ``lifecycle.py``."""

    ASKED = "asked", _("待答复")
    ACCEPTED = "accepted", _("已接受")
    DECLINED = "declined", _("已婉拒")
    WITHDRAWN = "withdrawn", _("已撤回")
    EXPIRED = "expired", _("已过期")
    CLOSED = "closed", _("已结束")


#: Still under way: messages may be sent, and no second one may be opened beside it.
OPEN = (State.ASKED, State.ACCEPTED)


def introductions_seen_by(actor: Actor) -> Q:
    """Seen by the two parties, the bureaus of their cities and the office."""
    if actor.role is Role.OFFICE:
        return Q()
    if actor.role is Role.BUREAU:
        return Q(from_party__city=actor.city) | Q(to_party__city=actor.city)
    if actor.role is Role.MEMBER:
        return Q(from_party=actor.party) | Q(to_party=actor.party)
    return Q(pk__in=())


class Introduction(models.Model):
    """One party asks another to talk about a listing of theirs.

    ``need`` and ``offer`` are the two listings; the asker may have none of its own. ``target`` is
    the one asked about. ``ref`` is that of the spine, the need where there is one, and a number.
    ``accepted_at`` stays once set, whatever comes after. ``occasion`` is the reference of what it was
    asked for, such as a conference; "" for nothing but itself.
    """

    ref = models.CharField(max_length=16, unique=True)
    number = models.PositiveIntegerField()
    need = models.ForeignKey(Listing, models.RESTRICT, null=True, related_name="+")
    offer = models.ForeignKey(Listing, models.RESTRICT, null=True, related_name="+")
    target = models.ForeignKey(Listing, models.RESTRICT, related_name="introductions")
    from_party = models.ForeignKey("core.Party", models.CASCADE, related_name="+")
    to_party = models.ForeignKey("core.Party", models.CASCADE, related_name="+")
    asked_by = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    answered_by = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    cooperation = models.CharField(_("合作方式"), max_length=16)
    question = models.TextField(_("想了解的问题"), max_length=1000)
    occasion = models.CharField(max_length=12, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.ASKED)
    reason = models.CharField(_("原因"), max_length=16, choices=Reason.choices, blank=True)
    note = models.CharField(_("补充说明"), max_length=400, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    reminded_at = models.DateTimeField(null=True)
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    AUDITED = ("cooperation", "state", "reason", "expires_at")

    class IntroductionQuerySet(Visible["Introduction"]):
        """Introductions an actor may see."""

        def _seen_by(self, actor: Actor) -> Q:
            return introductions_seen_by(actor)

        def full(self) -> "Introduction.IntroductionQuerySet":
            """With everything a page says of them."""
            listings = ("need", "offer", "target")
            parties = ("from_party", "to_party")
            unread = [name for listing in listings for name in secrets(listing)]
            unread += [
                f"{party}__{name}"
                for party in parties
                for name in ("contact_name", "contact_phone", "contact_email")
            ]
            both = self.select_related(*(f"{listing}__party" for listing in listings), *parties)
            return both.defer(*unread)

    objects: Any = IntroductionQuerySet.as_manager()

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("from_party", "target"),
                condition=Q(state__in=OPEN),
                name="one_open_introduction",
            ),
            models.UniqueConstraint(
                fields=("need", "offer"),
                condition=Q(state__in=OPEN),
                name="one_open_introduction_a_pair",
            ),
        )
        indexes = (
            models.Index(fields=("from_party", "state")),
            models.Index(fields=("to_party", "state")),
            models.Index(fields=("state", "expires_at")),
            models.Index(fields=("offer", "state")),
        )

    def __str__(self) -> str:
        return self.ref

    def get_absolute_url(self) -> str:
        """The page of the introduction."""
        return reverse("docking:introduction", args=[self.ref])

    @property
    def way(self) -> str:
        """The way to work together, in the language of the page."""
        return way_name(self.cooperation)

    @property
    def own(self) -> Listing | None:
        """The asker's listing, where it named one."""
        return self.need if self.target_id == self.offer_id else self.offer

    def listing_of(self, party: int) -> Listing | None:
        """The listing a party brings in."""
        return self.target if party == self.to_party_id else self.own

    def other_party(self, party: int | None) -> int:
        """The counterpart of one of the two."""
        return self.from_party_id if party == self.to_party_id else self.to_party_id

    def party_shown_to(self, actor: Actor, party: int) -> str:
        """The name of one of the two parties; its outline while its listing is anonymous to the
        actor and it has not been accepted. Needs :meth:`IntroductionQuerySet.full`.
        """
        of = self.to_party if party == self.to_party_id else self.from_party
        listing = self.listing_of(party)
        if listing is None or self.accepted_at is not None or party == actor.party:
            return of.name
        return listing.party_shown_to(actor)


class OfIntroduction(Visible[Any]):
    """What belongs to an introduction is seen by whoever sees that."""

    def _seen_by(self, actor: Actor) -> Q:
        return along("introduction", introductions_seen_by(actor))


class Message(models.Model):
    """Something said in an introduction. ``role`` is the sender's, so that an adviser is told.

    Contact data in it is hidden for good when it is sent before the contacts are released; what is
    sent later is kept encrypted, and shown to those the contacts are released to.
    """

    introduction = models.ForeignKey(Introduction, models.CASCADE, related_name="messages")
    party = models.ForeignKey("core.Party", models.CASCADE, related_name="+")
    user = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    role = models.CharField(max_length=8, choices=Role.choices)
    text = SecretField(max_length=2000)
    at = models.DateTimeField(auto_now_add=True)

    objects: Any = OfIntroduction.as_manager()

    class Meta:
        ordering = ("id",)

    def __str__(self) -> str:
        return f"{self.introduction_id} {self.at}"

    def said(self, *, released: bool) -> str:
        """The text; contact data hidden unless the contacts are ``released`` to the reader.

        Not a reveal: it was said to the reader.
        """
        text = self.text.reveal()
        return text if released else mask_contacts(text)


class Outcome(models.Model):
    """What came of an introduction, as one party says. The other may say otherwise: both are kept."""

    class Result(models.TextChoices):
        """What came of it."""

        MET = "met", _("已洽谈")
        INTENTION = "intention", _("有合作意向")
        AGREEMENT = "agreement", _("达成合作")
        NONE = "none", _("未达成")

    #: What ends an introduction.
    FINAL = (Result.AGREEMENT, Result.NONE)

    introduction = models.ForeignKey(Introduction, models.CASCADE, related_name="outcomes")
    party = models.ForeignKey("core.Party", models.CASCADE, related_name="+")
    user = models.ForeignKey("core.User", models.SET_NULL, null=True, related_name="+")
    result = models.CharField(_("结果"), max_length=10, choices=Result.choices)
    on = models.DateField(_("日期"))
    cooperation = models.CharField(_("合作方式"), max_length=16, blank=True)
    amount = models.DecimalField(
        _("金额（万元）"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    reason = models.CharField(_("原因"), max_length=16, choices=Reason.choices, blank=True)
    note = models.CharField(_("补充说明"), max_length=400, blank=True)
    at = models.DateTimeField(auto_now_add=True)

    AUDITED = ("result", "on", "cooperation", "amount", "reason")

    objects: Any = OfIntroduction.as_manager()

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("introduction", "result")),)

    def __str__(self) -> str:
        return f"{self.introduction_id}: {self.result}"

    @property
    def way(self) -> str:
        """The way to work together, in the language of the page."""
        return way_name(self.cooperation)
