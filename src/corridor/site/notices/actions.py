"""What may be done: telling people, and marking as read."""

from collections.abc import Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from ..core.actor import Actor, Role
from ..core.audit import name_of
from ..core.models import Membership
from .kinds import NoticeKind
from .models import Notice


def to_party(party: int) -> Q:
    """Everyone who acts for a party."""
    return Q(party=party)


def to_bureau(city: str) -> Q:
    """The officers of a city's bureau."""
    return Q(role=Role.BUREAU, city=city)


def to_office() -> Q:
    """The officers of the corridor's office."""
    return Q(role=Role.OFFICE)


def notify(
    to: Q,
    kind: NoticeKind,
    thing: models.Model,
    url: str,
    params: Mapping[str, Any] | None = None,
    *,
    but: Actor | None = None,
) -> int:
    """Tell everyone in ``to`` (and not ``but``, who did it) of ``thing``; how many were told.

    Part of the caller's transaction: nobody is told of what did not happen. ``params`` fill the
    kind's text and must hold no contact data. Mails go out by a job within a minute.
    """
    members = Membership.objects.filter(to, ended_at=None, user__is_active=True)
    if but is not None and but.user is not None:
        members = members.exclude(user=but.user)
    pairs = sorted(set(members.values_list("user", "party")))
    Notice.objects.bulk_create(
        Notice(
            user_id=user,
            party_id=party,
            kind=kind.name,
            params=dict(params or {}),
            thing=name_of(thing),
            url=url,
        )
        for user, party in pairs
    )
    return len(pairs)


def read(actor: Actor, notice: int | None = None) -> int:
    """Mark one notice of the actor, or all, as read; how many were not yet."""
    mine = Notice.objects.visible_to(actor).filter(read_at=None)
    if notice is not None:
        mine = mine.filter(pk=Notice.objects.one(actor, pk=notice).pk)
    return int(mine.update(read_at=timezone.now()))
