"""The frame every verb stands in: one transaction, a fresh role, a locked row, an audit entry."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any, Generic, TypeVar

from django.db import models, transaction
from django.dispatch import Signal
from django.utils.translation import gettext as _

from . import audit
from .actor import PUBLIC, SYSTEM, Actor
from .errors import Forbidden, Missing
from .models import Membership

Thing = TypeVar("Thing", bound=models.Model)

#: Sent at the end of every verb, in its transaction, with ``verb``, ``actor``, ``thing``, ``reason``.
#: For apps that stand above the one whose verb it is.
acted = Signal()


@dataclass
class Act(Generic[Thing]):
    """What a verb works on: ``thing`` is fresh and locked, ``actor`` is as the database has them.

    ``diff`` may be added to; the changes of the thing's ``AUDITED`` fields join it by themselves.
    """

    actor: Actor
    thing: Thing
    diff: dict[str, Any] = field(default_factory=dict)


@contextmanager
def act(actor: Actor, verb: str, thing: Thing, *, reason: str = "") -> Iterator[Act[Thing]]:
    """Do ``verb`` to ``thing`` in one transaction; on any error nothing has happened.

    A thing that is saved already is read again and locked; one that is not is saved by the block.

    Raises:
        Forbidden: the actor has lost the role since the request began.
        Missing: the thing is gone.
    """
    with transaction.atomic():
        now = confirmed(actor)
        fresh = locked(thing) if thing.pk is not None else thing
        before = _audited(fresh) if thing.pk is not None else {}
        doing = Act(now, fresh)
        yield doing
        after = _audited(doing.thing)
        changed = {
            name: [before.get(name), value]
            for name, value in after.items()
            if before.get(name) != value
        }
        acted.send(doing.thing.__class__, verb=verb, actor=now, thing=doing.thing, reason=reason)
        audit.record(now, verb, doing.thing, diff=changed | doing.diff, reason=reason)


def locked(thing: Thing) -> Thing:
    """The row as it is now, held until the transaction ends. SQLite holds all rows anyway."""
    found = thing.__class__._base_manager.select_for_update().filter(pk=thing.pk).first()
    if found is None:
        raise Missing(_("没有找到，或您无权查看。"))
    return found


def confirmed(actor: Actor) -> Actor:
    """The actor, if they still hold the role they act in. Part of the verb's transaction."""
    if actor in (PUBLIC, SYSTEM):
        return actor
    found = (
        Membership.objects.select_for_update(of=("self",))
        .select_related("user", "party")
        .filter(pk=actor.membership or 0, ended_at=None, user__is_active=True)
        .first()
    )
    if found is None or found.role != actor.role:
        raise Forbidden(_("您的身份已被收回，本次操作没有执行。"))
    return replace(found.actor(), token=actor.token)


def _audited(thing: models.Model) -> dict[str, Any]:
    return {name: getattr(thing, name) for name in getattr(thing, "AUDITED", ())}
