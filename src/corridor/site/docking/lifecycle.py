"""The states of an introduction and the moves between them."""

from ..core.actor import SYSTEM, Actor, Role
from ..core.lifecycle import Lifecycle, move
from .models import Introduction, State


def asker(actor: Actor, introduction: Introduction) -> bool:
    """The members of the party that asked."""
    return actor.role is Role.MEMBER and actor.party == introduction.from_party_id


def answerer(actor: Actor, introduction: Introduction) -> bool:
    """The members of the party that was asked."""
    return actor.role is Role.MEMBER and actor.party == introduction.to_party_id


def either(actor: Actor, introduction: Introduction) -> bool:
    """The members of both parties."""
    return asker(actor, introduction) or answerer(actor, introduction)


def adviser(actor: Actor, introduction: Introduction) -> bool:
    """The bureau of either party's city, and the office. They mediate, and never answer."""
    if actor.role is Role.OFFICE:
        return True
    cities = (introduction.from_party.city, introduction.to_party.city)
    return actor.role is Role.BUREAU and actor.city in cities


def clock(actor: Actor, _introduction: Introduction) -> bool:
    """Nobody: the site does it by its clock, or by rules that both agreed to beforehand."""
    return actor == SYSTEM


INTRODUCTION = Lifecycle(
    move("accept", [State.ASKED], State.ACCEPTED, answerer),
    move("arrange", [State.ASKED], State.ACCEPTED, clock),
    move("decline", [State.ASKED], State.DECLINED, answerer),
    move("withdraw", [State.ASKED], State.WITHDRAWN, asker),
    move("expire", [State.ASKED], State.EXPIRED, clock),
    move("close", [State.ACCEPTED], State.CLOSED, either),
)
