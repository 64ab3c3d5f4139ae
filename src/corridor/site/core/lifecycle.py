"""Life cycles as data: one table of moves for each, checked in one place, drawn in docs/architecture.md."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from django.utils.translation import gettext as _

from .actor import Actor
from .errors import Forbidden, Invalid, NotNow


class Stateful(Protocol):
    """What has a life cycle: a model with a ``state`` of choices."""

    state: Any

    def get_state_display(self) -> str:
        """The state in the language of the page."""


#: Whether an actor may do a move to an object. The object is already known to be visible.
May = Callable[[Actor, Any], bool]


@dataclass(frozen=True, slots=True)
class Move:
    """One allowed transition.

    Attributes:
        verb: name of the action.
        sources: states it starts from.
        target: state it ends in.
        may: who may do it.
        reason: whether a reason must be given.
    """

    verb: str
    sources: frozenset[str]
    target: str
    may: May
    reason: bool = False


class Lifecycle:
    """The moves of one kind of object, whose ``state`` field holds the state."""

    def __init__(self, *moves: Move) -> None:
        self.moves = {move.verb: move for move in moves}

    def move(self, actor: Actor, thing: Stateful, verb: str, reason: str = "") -> None:
        """Set ``thing.state`` to where ``verb`` leads, or refuse as :meth:`allow` does."""
        thing.state = self.allow(actor, thing, verb, reason).target

    def allow(self, actor: Actor, thing: Stateful, verb: str, reason: str = "") -> Move:
        """The move of ``verb``, where the actor may do it now; it changes nothing.

        Raises:
            Forbidden: the actor may not.
            NotNow: the state does not allow it.
            Invalid: a reason is needed and there is none.
        """
        found = self.moves[verb]
        if not found.may(actor, thing):
            raise Forbidden(_("您的身份不能进行这一操作。"))
        if thing.state not in found.sources:
            raise NotNow(
                _("当前状态是“%(state)s”，不能进行这一操作。请刷新页面查看最新状态。")
                % {"state": thing.get_state_display()}
            )
        if found.reason and not reason.strip():
            raise Invalid(_("请填写原因。"), {"reason": _("请填写原因，对方会看到。")})
        return found

    def open_to(self, actor: Actor, thing: Stateful) -> list[str]:
        """The verbs the actor may do now, in the order of the table."""
        return [
            move.verb
            for move in self.moves.values()
            if thing.state in move.sources and move.may(actor, thing)
        ]


def move(verb: str, sources: Iterable[str], target: str, may: May, *, reason: bool = False) -> Move:
    """A row of a life cycle table."""
    return Move(verb, frozenset(sources), target, may, reason)
