"""What may be seen: the matches of a listing, introductions, and what waits for whom."""

from collections.abc import Iterable
from datetime import timedelta
from typing import TypeVar

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from ..core.actor import Actor, Role
from ..listings.models import Listing
from .models import OPEN, Introduction, Match, NearMiss, Outcome, State, Unsuitable, secrets

P = TypeVar("P", Match, NearMiss)

#: Both listings with their parties, without the contact data that would have to be decrypted.
_BOTH = ("need__party", "offer__party")
_SECRET = tuple(secret for side in ("need", "offer") for secret in secrets(side))
#: This long after it was accepted, a party that has not said what came of it is asked to.
OUTCOME_DUE = timedelta(days=7)
#: Advisers are shown what runs out within this time.
ADVISER_AHEAD = timedelta(days=3)


# --- matches ---


def sees_list(actor: Actor, listing: Listing) -> bool:
    """Whether the list of a listing is the actor's business: its party, its bureau, the office."""
    if actor.role is Role.OFFICE:
        return True
    if actor.role is Role.BUREAU:
        return actor.city == listing.city
    return actor.role is Role.MEMBER and actor.party == listing.party_id


def matches_of(actor: Actor, listing: Listing) -> list[Match]:
    """The best counterparts of a listing that the actor may see and its side has not set aside."""
    return _listed(Match, actor, listing)


def near_misses_of(actor: Actor, listing: Listing) -> list[NearMiss]:
    """The counterparts that would be matches if something changed, nearest first."""
    return _listed(NearMiss, actor, listing)


def _listed(model: type[P], actor: Actor, listing: Listing) -> list[P]:
    rank = f"rank_{listing.side}"
    other = "offer" if listing.side == "need" else "need"
    aside = Unsuitable.objects.filter(listing=listing).values("other")
    mine = model.objects.visible_to(actor).filter(**{listing.side: listing, f"{rank}__gte": 1})
    shown = mine.exclude(**{f"{other}__in": aside}).order_by(rank)
    return list(shown.select_related(*_BOTH).defer(*_SECRET))


def own_matches_with(actor: Actor, listing: Listing) -> list[Match]:
    """How another's listing matches the actor's own, best first; of these reference and title."""
    if actor.role is not Role.MEMBER or actor.party == listing.party_id:
        return []
    found = Match.objects.visible_to(actor).filter(**{listing.side: listing})
    own = "offer" if listing.side == "need" else "need"
    shown = ("score", "need", "offer", f"{own}__ref", f"{own}__title")
    return list(found.select_related(own).only(*shown).order_by("-score", "id")[:3])


def best_matches(actor: Actor, limit: int = 5) -> list[Match]:
    """The best matches of all of a party's listings, not yet taken up: cards for its desk."""
    if actor.role is not Role.MEMBER:
        return []
    talking = Introduction.objects.filter(need=OuterRef("need"), offer=OuterRef("offer"))
    sides = dict(Listing.objects.published().filter(party=actor.party).values_list("pk", "side"))
    found: list[Match] = []
    for side, other in (("need", "offer"), ("offer", "need")):
        own = [pk for pk, at in sides.items() if at == side]
        aside = Unsuitable.objects.filter(listing=OuterRef(side), other=OuterRef(other))
        mine = Match.objects.visible_to(actor).filter(
            **{f"{side}__in": own, f"rank_{side}__gte": 1}
        )
        free = mine.exclude(Exists(talking)).exclude(Exists(aside)).select_related(*_BOTH)
        found += free.defer(*_SECRET).order_by("-score", "id")[:limit]
    return sorted(found, key=lambda match: (-match.score, match.pk))[:limit]


def set_aside(actor: Actor, listing: Listing) -> list[Unsuitable]:
    """What the side of a listing found unsuitable and the actor may see today, newest first."""
    seen = Listing.objects.visible_to(actor).values("pk")
    found = Unsuitable.objects.visible_to(actor).filter(listing=listing, other__in=seen)
    return list(found.select_related("other").defer(*secrets("other", party=False)))


def talks_with(
    actor: Actor, listing: Listing, others: Iterable[Listing]
) -> dict[int, Introduction]:
    """Introductions under way between the party of ``listing`` and ``others``, by the other's id."""
    party, ids = listing.party_id, [other.pk for other in others]
    asked = Q(from_party=party, target__in=ids)
    was_asked = Q(to_party=party) & (Q(need__in=ids) | Q(offer__in=ids))
    found = Introduction.objects.visible_to(actor).filter(asked | was_asked, state__in=OPEN)
    return {
        one.target_id if one.from_party_id == party else _own_id(one): one
        for one in found.order_by("-id")
    }


def _own_id(introduction: Introduction) -> int:
    asked_about_need = introduction.target_id == introduction.need_id
    own = introduction.offer_id if asked_about_need else introduction.need_id
    return own or 0


def talk_about(actor: Actor, listing: Listing) -> Introduction | None:
    """The introduction under way between the actor's party and another's listing."""
    if actor.role is not Role.MEMBER:
        return None
    found = Introduction.objects.visible_to(actor).filter(
        Q(need=listing) | Q(offer=listing), state__in=OPEN
    )
    first: Introduction | None = found.order_by("-id").first()
    return first


# --- introductions ---


def introductions(actor: Actor) -> QuerySet[Introduction]:
    """The introductions the actor may see, newest first, with all that a list says of them."""
    found: QuerySet[Introduction] = Introduction.objects.visible_to(actor).full()
    return found


def own_choices(actor: Actor, target: Listing) -> list[Listing]:
    """The actor's listings that can be brought in when asking about ``target``."""
    other = "offer" if target.side == "need" else "need"
    found = Listing.objects.published().filter(party=actor.party, kind=target.kind, side=other)
    return list(found.order_by("-published_at")[:50])


def to_answer(actor: Actor) -> QuerySet[Introduction]:
    """What the actor's party has been asked and not answered, the most urgent first."""
    waiting = introductions(actor).filter(state=State.ASKED)
    return waiting.filter(to_party=actor.party).order_by("expires_at")


def to_report(actor: Actor) -> QuerySet[Introduction]:
    """What was accepted a week ago and the actor's party has not said what came of."""
    said = Outcome.objects.filter(introduction=OuterRef("pk"), party=actor.party)
    since = timezone.now() - OUTCOME_DUE
    accepted = introductions(actor).filter(state=State.ACCEPTED, accepted_at__lt=since)
    return accepted.exclude(Exists(said)).order_by("accepted_at")


def to_mediate(actor: Actor) -> QuerySet[Introduction]:
    """What an adviser should help along: asked, and soon to expire."""
    until = timezone.now() + ADVISER_AHEAD
    found = introductions(actor).filter(state=State.ASKED, expires_at__lt=until)
    return found.order_by("expires_at")
