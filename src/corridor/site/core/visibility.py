"""The one gate every read goes through."""

from typing import Any, Self, TypeVar

from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError, models
from django.db.models import Q
from django.utils.translation import gettext as _

from .actor import Actor, Role
from .errors import Missing

Thing = TypeVar("Thing", bound=models.Model)


def own(actor: Actor) -> Q:
    """What was made for the actor's party. A judge or an analyst has a seat in the office's party,
    which knows who is behind what is anonymous: of its things they see only what they made.
    """
    if actor.party is None:
        return Q(pk__in=())
    if actor.role in (Role.JUDGE, Role.ANALYST):
        return Q(party=actor.party, user=actor.user)
    return Q(party=actor.party)


class Visible(models.QuerySet[Thing]):
    """A query set that knows what an actor may see. Each model says it in ``_seen_by``."""

    def _seen_by(self, actor: Actor) -> Q:
        raise NotImplementedError(f"{self.model.__name__} does not say who may see it")

    def visible_to(self, actor: Actor) -> Self:
        """Only what ``actor`` may see."""
        return self.filter(self._seen_by(actor))

    def one(self, actor: Actor, **at: Any) -> Thing:
        """The one thing at ``at`` that the actor may see.

        Raises :class:`Missing` both where there is none and where it may not be seen.
        """
        try:
            return self.visible_to(actor).get(**at)
        except (ObjectDoesNotExist, ValueError, OverflowError, DataError):
            raise Missing(_("没有找到，或您无权查看。")) from None
