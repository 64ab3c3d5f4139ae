"""Introductions: Alice asks Bob for what he offers, and what may be done then."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cast import Cast, cast, listing

from corridor.site.core.actor import Actor
from corridor.site.docking import actions
from corridor.site.docking.models import Introduction
from corridor.site.listings.models import Listing
from corridor.site.notices.models import Notice

ALICES, BOBS, TYPED = "13800001111", "13800002222", "13911112222"

#: The numbers of this file and of the cast; pages hold random digits too.
PHONE = re.compile(r"(?:1380000|1391234|1391111)\d{4}")


@dataclass
class Scene:
    """Alice needs what Bob offers; she has asked him where ``one`` is set."""

    who: Cast
    need: Listing
    offer: Listing
    one: Introduction


def begin(who: Cast | None = None, **offered: Any) -> Scene:
    who = who or cast()
    need = listing(who.alice, contact_phone=ALICES)
    given = {"side": "offer", "title": "出租单层厂房", "contact_phone": BOBS} | offered
    offer = listing(who.bob, **given)
    return Scene(who, need, offer, ask(who.alice, offer, need))


def ask(actor: Actor, target: Listing, own: Listing | None = None, **said: Any) -> Introduction:
    given = {"cooperation": "lease", "question": f"能否看场地？电话{TYPED}", "agreed": True} | said
    return actions.ask(actor, target, own=own, **given)


def state_of(one: Introduction) -> str:
    return Introduction.objects.get(pk=one.pk).state


def told(actor: Actor) -> list[str]:
    return list(Notice.objects.visible_to(actor).order_by("id").values_list("kind", flat=True))


PEOPLE = ("alice", "bob", "carol", "suzhou", "hefei", "office", "judge", "analyst")

MAY = {"accept": "bob", "decline": "bob", "withdraw": "alice"}

DO: dict[str, Callable[[Actor, Introduction], object]] = {
    "accept": lambda actor, one: actions.accept(actor, one, agreed=True),
    "decline": lambda actor, one: actions.decline(actor, one, reason="price"),
    "withdraw": actions.withdraw,
}

TODAY = date.today()
