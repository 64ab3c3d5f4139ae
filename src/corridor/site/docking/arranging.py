"""Introductions that follow from rules both sides agreed to beforehand. For apps above docking.

Names are shown then, as after any acceptance; contacts are not, until each side agrees to that.
"""

from django.db import IntegrityError
from django.utils import timezone

from ..core.actor import SYSTEM, Actor, Role
from ..core.verbs import act
from ..listings.models import Listing
from . import actions, codes
from .lifecycle import INTRODUCTION
from .models import Introduction


def agree_beforehand(introduction: Introduction) -> Introduction:
    """Accept for the party asked, by the rules of the occasion. Raises ``NotNow`` once answered."""
    with act(SYSTEM, "introduction.arrange", introduction) as it:
        INTRODUCTION.move(it.actor, it.thing, "arrange")
        it.thing.accepted_at = timezone.now()
        it.thing.save()
        return it.thing


def bring_together(
    own: Listing, target: Listing, *, question: str, occasion: actions.Occasion
) -> Introduction:
    """Introduce the party of ``own`` to that of ``target``, accepted as it is made; both are told.

    Raises ``Invalid`` where the listings do not fit, ``NotNow`` where the two talk about them already
    or one is not published any more.
    """
    asker = Actor(role=Role.MEMBER, party=own.party_id)
    try:
        with act(SYSTEM, "introduction.arrange", Introduction()) as it:
            it.thing = actions.opened(asker, target, own, occasion)
            it.thing.cooperation = codes.ways(target.kind)[0]
            it.thing.question = question
            INTRODUCTION.move(it.actor, it.thing, "arrange")
            it.thing.accepted_at = it.thing.created_at
            it.thing.save()
            actions.tell(it.thing, occasion.asked, own.party_id, target.party_id)
            return it.thing
    except IntegrityError:
        raise actions.already() from None
