"""A match as a page shows it: its score and parts, the reasons, the limits checked."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from corridor.engine.factors import Label, Side, State, join, value_text
from corridor.engine.matching import Check, Evidence, Explanation, change_text, explain
from corridor.report.cards import PART_LABELS

from ..core.actor import Actor
from ..core.region import corridor, in_language
from ..listings.cards import card
from ..listings.models import Listing
from .models import Introduction, Match, NearMiss

_ASKERS = {
    Side.NEED: Label("需方要求", "the need side asks"),
    Side.OFFER: Label("供方要求", "the offer side asks"),
}
_ANSWERERS = {Side.NEED: Label("供方：", "Offer: "), Side.OFFER: Label("需方：", "Need: ")}
_UNSTATED = Label("未写明，请向对方核实", "not stated; ask them")
_TONES = {State.MET: "ok", State.UNVERIFIED: "warn", State.BROKEN: "bad"}


def match_card(
    actor: Actor, listing: Listing, match: Match, talks: Mapping[int, Introduction]
) -> dict[str, Any]:
    """A counterpart of ``listing``, with why it matches. Needs both sides and parties loaded."""
    other, said = match.other_than(listing), explained(match)
    reasons = [in_language(reason) for reason in said.reasons]
    return {
        "match": match,
        "other": other,
        "card": card(actor, other, reasons=reasons, score=match.score),
        "standing": said.standing,
        "parts": [(PART_LABELS[part], value) for part, value in match.parts.items()],
        "checks": [_check(found) for found in said.checks if found.hard],
        "wishes": [_check(found) for found in said.checks if not found.hard],
        "introduction": talks.get(other.pk),
    }


def miss_card(actor: Actor, listing: Listing, miss: NearMiss) -> dict[str, Any]:
    """A counterpart that would match if something changed, and what."""
    other = miss.other_than(listing)
    said = explain(miss.need.as_engine, miss.offer.as_engine, today=timezone.localdate())
    changes = [change_text(change) for change in said.changes]
    return {"other": other, "card": card(actor, other), "changes": changes}


def explained(match: Match) -> Explanation:
    """What can be said about a match. Needs both listings loaded."""
    return explain(
        match.need.as_engine,
        match.offer.as_engine,
        Evidence.of(match.evidence),
        today=timezone.localdate(),
        distance=corridor().distance_km,
    )


def _check(found: Check) -> dict[str, Any]:
    """One ask beside its answer, as ``ui/parts/checks.html`` takes it."""
    asked = value_text(found.attribute, found.ask)
    text = join([found.attribute.label, _ASKERS[found.asker] + Label(" ", " ") + asked], "：", ": ")
    have = _UNSTATED if found.answer is None else value_text(found.attribute, found.answer)
    return {"tone": _TONES[found.state], "text": text, "hint": _ANSWERERS[found.asker] + have}
