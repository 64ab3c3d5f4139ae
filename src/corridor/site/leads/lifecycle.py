"""The states of a lead, those of an offer to another city, and the moves between them."""

from ..core.actor import Actor, Role
from ..core.lifecycle import Lifecycle, move
from .models import OPEN, Circulation, Lead, State


def responsible(actor: Actor, lead: Lead) -> bool:
    """The bureau of the city the lead is with now."""
    return actor.role is Role.BUREAU and bool(lead.city) and actor.city == lead.city


def desk(actor: Actor, lead: Lead) -> bool:
    """The responsible bureau, or the office."""
    return actor.role is Role.OFFICE or responsible(actor, lead)


LEAD = Lifecycle(
    move("admit", [State.HELD], State.RECEIVED, desk),
    move("contact", [State.RECEIVED], State.CONTACTED, responsible),
    move("judge_valid", [State.CONTACTED], State.VALID, responsible),
    move("judge_invalid", [State.CONTACTED], State.INVALID, responsible, reason=True),
    move("answer", [State.VALID], State.ANSWERED, responsible),
    move("talk", [State.ANSWERED], State.TALKS, responsible),
    move("convert", [State.VALID, State.ANSWERED, State.TALKS], State.CONVERTED, responsible),
    move("close", OPEN, State.CLOSED, desk, reason=True),
)


def _asked(actor: Actor, offer: Circulation) -> bool:
    """The bureau of the city that is asked."""
    return actor.role is Role.BUREAU and actor.city == offer.to_city


def _asking(actor: Actor, offer: Circulation) -> bool:
    """The bureau of the city that offers."""
    return actor.role is Role.BUREAU and actor.city == offer.from_city


CIRCULATION = Lifecycle(
    move("accept", [Circulation.State.PROPOSED], Circulation.State.ACCEPTED, _asked),
    move("decline", [Circulation.State.PROPOSED], Circulation.State.DECLINED, _asked, reason=True),
    move("withdraw", [Circulation.State.PROPOSED], Circulation.State.WITHDRAWN, _asking),
)
