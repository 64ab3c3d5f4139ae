"""Writing and verifying the audit chain."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextvars import ContextVar
from datetime import UTC
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from corridor.engine.text import mask_contacts

from .actor import Actor
from .models import AuditEntry

#: The id of the request being answered, for finding its log lines.
request_id: ContextVar[str] = ContextVar("request_id", default="")

START = "0" * 64
#: The advisory lock that PostgreSQL's writers of the chain take turns with.
_CHAIN = 0x436F7272


def name_of(thing: models.Model | None) -> str:
    """How the audit names a thing: ``listing:L7K3Q9PAB``, by its ``ref`` where it has one."""
    if thing is None:
        return ""
    return f"{thing._meta.model_name}:{getattr(thing, 'ref', None) or thing.pk}"


def record(
    actor: Actor,
    verb: str,
    thing: models.Model | None,
    *,
    diff: Mapping[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Append one entry. To be called last in the transaction it reports on. Contact data in the
    reason is masked.

    Writers take turns from here to their commit, so that the chain has no forks: SQLite's
    transactions are exclusive anyway, PostgreSQL's take an advisory lock.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit entry belongs to the transaction it reports on")
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_CHAIN])
    number, seal = head()
    entry = AuditEntry(
        id=number + 1,
        at=timezone.now(),
        user=actor.user,
        party=actor.party,
        role=actor.role,
        verb=verb,
        thing=name_of(thing),
        city=actor.city,
        diff=_plain(diff or {}),
        reason=mask_contacts(reason.replace("\0", "")),
        request=request_id.get(),
        previous=seal,
    )
    entry.seal = sealed(entry)
    entry.save(force_insert=True)
    return entry


def _plain(diff: Mapping[str, Any]) -> dict[str, Any]:
    """The diff as it is read again from either database: those write numbers that are not whole
    each in its own way, so these are kept as text."""
    text = json.dumps(dict(diff), default=str).replace("\\u0000", "")
    found: dict[str, Any] = json.loads(text, parse_float=str, parse_constant=str)
    return found


def sealed(entry: AuditEntry) -> str:
    """The seal of an entry: SHA-256 of the seal before it and of all it says."""
    said = [
        entry.id, entry.at.astimezone(UTC).isoformat(), entry.user, entry.party, entry.role, entry.verb,
        entry.thing, entry.city, entry.diff, entry.reason, entry.request,
    ]  # fmt: skip
    text = json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{entry.previous}\n{text}".encode()).hexdigest()


def head() -> tuple[int, str]:
    """The number and seal of the last entry."""
    last = AuditEntry.objects.order_by("-id").values_list("id", "seal").first()
    return last or (0, START)


def faults() -> Iterator[str]:
    """Where the chain is broken: changed, missing or inserted entries, by number."""
    number, seal = 0, START
    for entry in AuditEntry.objects.order_by("id").iterator(chunk_size=2000):
        if entry.id != number + 1:
            yield f"{number + 1}–{entry.id - 1}"
        elif entry.previous != seal or sealed(entry) != entry.seal:
            yield str(entry.id)
        number, seal = entry.id, entry.seal
