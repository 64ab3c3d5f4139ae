"""Matches and introductions as pages show them."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.factors import Label, Side, State, join, value_text
from corridor.engine.matching import Check, Evidence, Explanation, change_text, explain
from corridor.report.cards import PART_LABELS

from ..core.actor import Actor
from ..core.region import corridor, in_language
from ..listings.cards import card
from ..listings.models import Listing
from . import lifecycle, queries
from .models import Introduction, Match, NearMiss
from .models import State as Stage

_ASKERS = {
    Side.NEED: Label("需方要求", "the need side asks"),
    Side.OFFER: Label("供方要求", "the offer side asks"),
}
_ANSWERERS = {Side.NEED: Label("供方：", "Offer: "), Side.OFFER: Label("需方：", "Need: ")}
_UNSTATED = Label("未写明，请向对方核实", "not stated; ask them")
_TONES = {State.MET: "ok", State.UNVERIFIED: "warn", State.BROKEN: "bad"}

STATE_TONES = {
    Stage.ASKED: "info",
    Stage.ACCEPTED: "ok",
    Stage.DECLINED: "bad",
    Stage.WITHDRAWN: "neutral",
    Stage.EXPIRED: "warn",
    Stage.CLOSED: "neutral",
}


def match_cards(actor: Actor, listing: Listing, found: Sequence[Match]) -> list[dict[str, Any]]:
    """The counterparts of ``listing``, with why they match. Needs both sides and parties loaded.

    Without those that no longer match: a listing changed, and the next run is still to come.
    """
    talks = queries.talks_with(actor, listing, [match.other_than(listing) for match in found])
    pairs = ((match, explained(match)) for match in found)
    return [
        _match_card(actor, match.other_than(listing), match, said, talks)
        for match, said in pairs
        if said.passed
    ]


def _match_card(
    actor: Actor,
    other: Listing,
    match: Match,
    said: Explanation,
    talks: Mapping[int, Introduction],
) -> dict[str, Any]:
    reasons = [in_language(reason) for reason in said.reasons]
    return {
        "other": other,
        "card": card(actor, other, reasons=reasons, score=match.score),
        "standing": said.standing,
        "parts": [(PART_LABELS[part], value) for part, value in match.parts.items()],
        "checks": [_check(found) for found in said.checks if found.hard],
        "wishes": [_check(found) for found in said.checks if not found.hard],
        "introduction": talks.get(other.pk),
    }


def miss_cards(actor: Actor, listing: Listing, found: Sequence[NearMiss]) -> list[dict[str, Any]]:
    """The counterparts that would match if something changed, and what."""
    today = timezone.localdate()
    pairs = (
        (miss, explain(miss.need.as_engine, miss.offer.as_engine, today=today)) for miss in found
    )
    return [
        {
            "other": miss.other_than(listing),
            "card": card(actor, miss.other_than(listing)),
            "changes": [change_text(change) for change in said.changes],
        }
        for miss, said in pairs
        if said.changes
    ]


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
    text = join([found.attribute.label, _ASKERS[found.asker] + Label(" ", " ") + asked], ": ", ": ")
    have = _UNSTATED if found.answer is None else value_text(found.attribute, found.answer)
    return {"tone": _TONES[found.state], "text": text, "hint": _ANSWERERS[found.asker] + have}


def task(actor: Actor, one: Introduction) -> dict[str, Any]:
    """An introduction as a line of ``ui/parts/tasks.html``. Needs ``full()``."""
    names = [
        one.party_shown_to(actor, party)
        for party in (one.from_party_id, one.to_party_id)
        if party != actor.party
    ]
    asked = one.state == Stage.ASKED
    return {
        "title": one.target.title,
        "url": one.get_absolute_url(),
        "meta": " · ".join([one.ref, " → ".join(names), one.way]),
        "badge": (one.get_state_display(), STATE_TONES[Stage(one.state)]),
        "due": one.expires_at if asked else None,
        "action": _("答复") if asked and lifecycle.answerer(actor, one) else "",
    }
