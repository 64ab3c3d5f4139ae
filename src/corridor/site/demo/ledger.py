"""What verbs leave behind them, written for many at once.

A verb takes milliseconds, thousands of them more than a demo may take. What is written here in bulk
is what the verbs would have written one by one: rows moved by the same life cycles, consents,
notices, and an audit entry for each verb, sealed into the one chain.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.utils import timezone

from ..core import audit
from ..core.actor import Actor
from ..core.models import AuditEntry, Consent, Membership
from ..notices.kinds import NoticeKind
from ..notices.models import Notice

BATCH = 400


class Ledger:
    """Gathers what is left behind; :meth:`write` writes it, in the transaction it belongs to."""

    def __init__(self) -> None:
        self._people: dict[int, set[int]] = defaultdict(set)
        acting = Membership.objects.filter(ended_at=None, user__is_active=True)
        for party, user in acting.values_list("party", "user"):
            self._people[party].add(user)
        self._consents: list[Consent] = []
        self._notices: list[Notice] = []
        self._entries: list[AuditEntry] = []

    def consent(self, actor: Actor, purpose: str, text: str, to: int, thing: models.Model) -> None:
        """That the actor's party agreed to something."""
        self._consents.append(
            Consent(
                purpose=purpose,
                text=text,
                user_id=actor.user,
                party_id=actor.party,
                to_party_id=to,
                thing=audit.name_of(thing),
                channel=actor.channel,
            )
        )

    def tell(
        self, party: int, kind: NoticeKind, thing: models.Model, url: str, params: Mapping[str, Any]
    ) -> None:
        """A notice to everyone who acts for a party."""
        for user in sorted(self._people[party]):
            self._notices.append(
                Notice(
                    user_id=user,
                    party_id=party,
                    kind=kind.name,
                    params=dict(params),
                    thing=audit.name_of(thing),
                    url=url,
                )
            )

    def enter(
        self,
        actor: Actor,
        verb: str,
        thing: models.Model,
        diff: Mapping[str, Any],
        reason: str = "",
    ) -> None:
        """That a verb was done."""
        self._entries.append(
            AuditEntry(
                user=actor.user,
                party=actor.party,
                role=actor.role,
                verb=verb,
                thing=audit.name_of(thing),
                city=actor.city,
                diff=json.loads(json.dumps(dict(diff), default=str)),
                reason=reason,
            )
        )

    def write(self) -> None:
        """Write all that was gathered, the audit last; the time of all is now."""
        Consent.objects.bulk_create(self._consents, batch_size=BATCH)
        Notice.objects.bulk_create(self._notices, batch_size=BATCH)
        last, seal = audit.head()
        at = timezone.now()
        for number, entry in enumerate(self._entries, last + 1):
            entry.id, entry.at, entry.previous = number, at, seal
            seal = entry.seal = audit.sealed(entry)
        AuditEntry.objects.bulk_create(self._entries, batch_size=BATCH)
        self._consents, self._notices, self._entries = [], [], []


def whole(thing: models.Model) -> dict[str, list[Any]]:
    """The diff of a verb that makes a thing."""
    said = {name: getattr(thing, name) for name in getattr(thing, "AUDITED", ())}
    return {name: [None, value] for name, value in said.items() if value is not None}


def differing(thing: models.Model, before: Mapping[str, Any]) -> dict[str, list[Any]]:
    """The diff of a verb that changed these fields, which were so before."""
    now = {name: getattr(thing, name) for name in before}
    return {name: [value, now[name]] for name, value in before.items() if value != now[name]}


def batches(keys: Iterable[int]) -> Iterable[list[int]]:
    """Keys in portions that a query takes."""
    all_keys = list(keys)
    for at in range(0, len(all_keys), BATCH):
        yield all_keys[at : at + BATCH]
