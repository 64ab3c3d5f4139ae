"""Long work, done once.

What is promised: a job that was accepted is done, failed (after three attempts) or cancelled,
whoever is killed meanwhile; and what it writes under :meth:`Run.finish` is written exactly once.
A worker holds a job by a lease it keeps renewing; when the worker dies the lease runs out and
another takes the job. A worker that lost its lease (it slept, or the clock jumped) can no longer
finish: its last transaction finds another lease and is undone.

Jobs of one kind and key are the same work: of several that wait there is one, with what the first
was queued with. Where one transaction queues several, in the order of their keys, or two that do so
at once may wait for each other.
"""

import logging
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from .actor import Actor
from .errors import NotNow
from .models import Job
from .verbs import act

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
ATTEMPTS = 3
#: How long ended jobs are kept; that a time slot's work was done must be known until it is over.
KEPT = timedelta(days=30)
#: The advisory lock that PostgreSQL's workers take turns with.
_TURN = 0x4A6F6273

State = Job.State


class LeaseLost(Exception):
    """Another worker has the job now; whatever this one was writing is undone."""


class Cancelled(Exception):
    """Someone asked for the job to stop."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job.

    Attributes:
        name: as stored.
        work: what it does.
        heavy: whether it needs the numeric engine, and so runs in a process of its own.
        urgent: whether people stand and wait for it: it is taken before all that is not.
        every: how often the site itself queues it; ``None`` when only asked for.
    """

    name: str
    work: "Callable[[Run], None]"
    heavy: bool = False
    urgent: bool = False
    every: timedelta | None = None


KINDS: dict[str, Kind] = {}


def job(
    name: str, *, heavy: bool = False, urgent: bool = False, every: timedelta | None = None
) -> "Callable[[Callable[[Run], None]], Callable[[Run], None]]":
    """Declare a function as the work of a kind of job. Put it into an app's ``jobs.py``."""

    def declare(work: "Callable[[Run], None]") -> "Callable[[Run], None]":
        if name in KINDS:
            raise ValueError(f"two jobs are named {name}")
        if every is not None and not timedelta() < every <= KEPT:
            raise ValueError(f"{name} cannot be queued every {every}")
        KINDS[name] = Kind(name, work, heavy, urgent, every)
        return work

    return declare


def enqueue(
    kind: str,
    key: str = "",
    payload: Mapping[str, Any] | None = None,
    *,
    actor: Actor | None = None,
    after: timedelta = timedelta(),
) -> Job:
    """Queue a job; where one of the same kind and key waits already, that one.

    Part of the caller's transaction: a job is queued only if what asked for it is kept, and one
    that waits already does not start before.
    """
    if kind not in KINDS:
        raise ValueError(f"no job is named {kind}")
    try:
        with transaction.atomic():
            return Job.objects.create(
                kind=kind,
                key=key or secrets.token_hex(16),
                payload=dict(payload or {}),
                urgent=KINDS[kind].urgent,
                not_before=timezone.now() + after,
                party_id=actor.party if actor else None,
                user_id=actor.user if actor else None,
            )
    except IntegrityError:
        with transaction.atomic():
            same = Job.objects.filter(kind=kind, key=key, state=State.QUEUED)
            waiting = same.select_for_update().first()
        return waiting or enqueue(kind, key, payload, actor=actor, after=after)


@dataclass
class Run:
    """One attempt at a job, handed to its work."""

    job: Job
    lease: str

    def __post_init__(self) -> None:
        self._told = timezone.now()

    @property
    def payload(self) -> dict[str, Any]:
        """What the job was queued with."""
        return dict(self.job.payload)

    def progress(self, done: int, total: int, message: str = "", *, now: bool = False) -> None:
        """Tell how far it is and renew the lease; at most once a second unless ``now``.

        Raises :class:`Cancelled` where that was asked, :class:`LeaseLost` where another has it.
        """
        at = timezone.now()
        if not now and timedelta() <= at - self._told < timedelta(seconds=1):
            return
        self._told = at
        held = self._mine().update(
            done_units=done, total_units=total, message=message[:400], lease_until=at + LEASE
        )
        if not held:
            raise LeaseLost(str(self.job))
        if Job.objects.filter(pk=self.job.pk, cancel_asked=True).exists():
            raise Cancelled(str(self.job))

    @contextmanager
    def finish(self, message: str = "", **result: Any) -> Iterator[dict[str, Any]]:
        """The last transaction: what is written in the block, and the job's end, or neither.

        The dict it gives becomes the job's result. ``upload`` in it sets the result file.
        """
        with transaction.atomic():
            found = self._mine().select_for_update().first()
            if found is None:
                raise LeaseLost(str(self.job))
            if found.cancel_asked:
                raise Cancelled(str(self.job))
            outcome = dict(result)
            yield outcome
            found.upload_id = outcome.pop("upload", None)
            found.result, found.message = outcome, message[:400]
            found.state, found.finished_at = State.DONE, timezone.now()
            found.lease, found.lease_until = "", None
            found.done_units = found.total_units = max(found.total_units, 1)
            found.save()

    def renew(self) -> None:
        """Renew the lease, where it is still held."""
        self._mine().update(lease_until=timezone.now() + LEASE)

    def _mine(self) -> "models.QuerySet[Job]":
        return Job._base_manager.filter(pk=self.job.pk, state=State.RUNNING, lease=self.lease)


def claim(*, kinds: frozenset[str] | None = None) -> Run | None:
    """Take the next job that is due, or ``None``. Two workers never get the same one.

    The urgent come first; of these and of the others those never tried, then oldest first: a job that
    takes its worker down with it holds up no other but for its three attempts. One of a kind and key
    at a time. Jobs whose worker died come back here.
    """
    _give_up()
    now = timezone.now()
    with transaction.atomic():
        _take_turn()
        due = Job.objects.filter(kind__in=kinds if kinds is not None else KINDS.keys())
        due = due.filter(_waits(now) | _abandoned(now)).order_by("-urgent", "attempts", "id")
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)
        held = Job.objects.filter(state=State.RUNNING).exclude(_abandoned(now))
        busy = set(held.values_list("kind", "key"))
        found = next((job for job in due[:50] if (job.kind, job.key) not in busy), None)
        if found is None:
            return None
        found.state, found.attempts = State.RUNNING, found.attempts + 1
        found.lease, found.lease_until = secrets.token_hex(16), now + LEASE
        found.save(update_fields=["state", "attempts", "lease", "lease_until"])
    return Run(found, found.lease)


def _waits(now: datetime) -> Q:
    """Jobs that are due. One from the future was queued before the clock went backwards."""
    return Q(state=State.QUEUED) & (Q(not_before__lte=now) | Q(created_at__gt=now + LEASE))


def _abandoned(now: datetime) -> Q:
    """Jobs whose worker died. A lease no worker could have by now is from before the clock went
    backwards; should its worker live, it renews it within a few seconds, or finds it lost."""
    return Q(state=State.RUNNING) & (Q(lease_until__lt=now) | Q(lease_until__gt=now + 2 * LEASE))


def _take_turn() -> None:
    """Claims and time slots are taken one at a time; SQLite's transactions are so anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_TURN])


def _give_up() -> None:
    """Fail the jobs whose worker died at the last attempt; end those asked to stop."""
    now = timezone.now()
    dead = Job.objects.filter(_abandoned(now))
    dead.filter(cancel_asked=True).update(state=State.CANCELLED, finished_at=now, lease="")
    dead.filter(attempts__gte=ATTEMPTS).update(
        state=State.FAILED, finished_at=now, lease="", message=_("三次尝试都中断了。")
    )


def perform(run: Run) -> None:
    """Do a claimed job here and now, and write down how it ended."""
    kind = KINDS[run.job.kind]
    try:
        kind.work(run)
        if run._mine().exists():
            with run.finish():
                pass
    except LeaseLost:
        log.warning("lease lost: %s", run.job)
    except Cancelled:
        run._mine().update(state=State.CANCELLED, finished_at=timezone.now(), lease="")
    except Exception as error:  # whatever it was, it is written down and tried again
        log.exception("job failed: %s", run.job)
        failed(run, error)


def put_back(run: Run) -> None:
    """Queue a claimed job again as if it had not been tried: its worker is told to stop."""
    attempts = max(0, run.job.attempts - 1)
    try:
        with transaction.atomic():
            run._mine().update(state=State.QUEUED, attempts=attempts, lease="", lease_until=None)
    except IntegrityError:  # the same work is queued anew: that one will do it
        run._mine().update(state=State.CANCELLED, finished_at=timezone.now(), lease="")


def failed(run: Run, error: Exception) -> None:
    """Write down a failure: tried again after 30 s, 3 min; given up after the third attempt."""
    message = mask_contacts(f"{type(error).__name__}: {error}")[:400]
    if run.job.attempts >= ATTEMPTS:
        run._mine().update(
            state=State.FAILED, finished_at=timezone.now(), message=message, lease=""
        )
    else:
        wait = timedelta(seconds=5 * 6**run.job.attempts)
        try:
            with transaction.atomic():
                run._mine().update(
                    state=State.QUEUED, not_before=timezone.now() + wait, message=message, lease=""
                )
        except IntegrityError:  # the same work is queued anew: that one will do it
            run._mine().update(
                state=State.FAILED, finished_at=timezone.now(), message=message, lease=""
            )


def cancel(actor: Actor, job_id: int) -> Job:
    """Ask a job to stop. Raises ``NotNow`` once it has ended."""
    with act(actor, "job.cancel", Job.objects.one(actor, pk=job_id)) as it:
        if it.thing.state == State.QUEUED:
            it.thing.state, it.thing.finished_at = State.CANCELLED, timezone.now()
        elif it.thing.state != State.RUNNING:
            raise NotNow(_("任务已经结束。"))
        it.thing.cancel_asked = True
        it.thing.save(update_fields=["state", "finished_at", "cancel_asked"])
    return it.thing


def queue_periodic(now: datetime | None = None) -> None:
    """Queue what is due by the clock: one job a kind and time slot, whoever asks and how often."""
    at = now or timezone.now()
    for kind in KINDS.values():
        if kind.every is None:
            continue
        slot = f"slot-{int(at.timestamp() // kind.every.total_seconds())}"
        same = Job.objects.filter(kind=kind.name, key=slot)
        if same.exists():
            continue
        with transaction.atomic():
            _take_turn()
            if not same.exists():
                enqueue(kind.name, slot)


def tidy() -> int:
    """Drop jobs that ended a month ago, and the clock's own when their slot is long over; how many."""
    now = timezone.now()
    ended = Job.objects.filter(state__in=(State.DONE, State.FAILED, State.CANCELLED))
    old = Q(finished_at__lt=now - KEPT)
    for kind in KINDS.values():
        if kind.every is not None:
            over = now - max(2 * kind.every, timedelta(days=1))
            old |= Q(
                kind=kind.name, key__startswith="slot-", state=State.DONE, finished_at__lt=over
            )
    return ended.filter(old).delete()[0]
