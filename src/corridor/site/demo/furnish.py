"""Filling an empty database with the synthetic nine-city world.

The bulk (parties, listings) is written directly; what shows how the site works (reviews,
introductions, leads) goes through the same verbs that people use, in ``story``.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime, timedelta
from itertools import islice
from multiprocessing import get_context
from typing import TypeVar

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.utils import timezone
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from corridor.demo import Party as Drawn
from corridor.demo import World, party_count, stream
from corridor.demo.parties import party
from corridor.engine.factors import Listing as Drawing
from corridor.engine.factors import Side, all_kinds, kind

from ..core import audit
from ..core.actor import SYSTEM
from ..core.models import Party
from ..core.refs import ALPHABET
from ..docking import refresh
from ..listings import search
from ..listings.models import Anonymity, Listing, State
from ..listings.values import stored
from . import people, story, warm
from .conferences import Size

T = TypeVar("T")
#: Kinds of the synthetic parties as the site knows them.
KINDS = {"institute": "lab", "trader": "enterprise", "staffing": "enterprise"}
BATCH = 500
#: Of twenty listings the one that shows no name.
HIDDEN = 3
#: Published so long before, a listing can be brought to the conference that is half over.
BEFORE = timedelta(days=11)
Step = Callable[[int], None]


def furnish(
    *, listings: int, seed: int, today: date | None = None, size: Size | None = None
) -> None:
    """Migrate an empty database and fill it; progress goes to standard error."""
    size = size or Size()
    screen = Console(stderr=True)
    started = time.perf_counter()
    warm.begin()
    with _bars(screen) as bar:
        with bar("建立数据库 schema", 1) as step:
            call_command("migrate", verbosity=0, interactive=False)
            step(1)
        with bar("生成演示世界 world", 1) as step:
            made = peopled(seed, listings, today or timezone.localdate(), size.parties)
            step(1)
        with bar("写入主体 parties", len(made.parties)) as step:
            parties, bodies = _parties(made.parties, step)
        with bar("写入供需 listings", len(made.needs) + len(made.offers)) as step:
            _listings(made, parties, step)
        with bar("建立检索 search index", 1) as step:
            search.index_all()
            step(1)
        names = _by_size()
        with bar("匹配八类要素 matching", len(names)) as step:
            for _ in _at_once(names):
                step(1)
        with bar("演绎流程与大会 stories, conference", story.COUNT) as step:
            logins = story.tell(bodies, seed, size, step)
    with transaction.atomic():
        audit.record(SYSTEM, "demo.furnish", None, diff={"listings": listings, "seed": seed})
    logins_file = settings.DATA / "logins.txt"
    logins_file.touch(mode=0o600)
    logins_file.write_text(people.table(logins), encoding="utf-8")
    screen.print(f"用时 {time.perf_counter() - started:.0f} 秒 took seconds", highlight=False)


def peopled(seed: int, listings: int, day: date, parties: int) -> World:
    """The world, and of the listings drawn next as many as it takes for so many parties to have one
    that they can bring to a conference.
    """
    drawn = stream(seed, 2 * listings, today=day)
    kept = list(islice(drawn, listings))
    bring = {one.party for one in kept if _brings(one, day)}
    while len(bring) < parties:
        one = next(drawn)
        if one.party not in bring and _brings(one, day):
            bring.add(one.party)
            kept.append(one)
    count = party_count(listings)
    late = {int(one.party[1:]) for one in kept} - set(range(count))
    return World(
        tuple(party(seed, number) for number in [*range(count), *sorted(late)]),
        tuple(one for one in kept if one.side is Side.NEED),
        tuple(one for one in kept if one.side is Side.OFFER),
    )


def _brings(one: Drawing, day: date) -> bool:
    """Whether a party registers with this by the time that the others ask it for meetings."""
    last = kind(one.kind).last_day(one)
    fresh = one.published is None or day - one.published < BEFORE
    lapsed = one.expires is not None and one.expires < day
    late = last is not None and last <= day
    return not (fresh or lapsed or late) and int(one.id[1:]) % 20 != HIDDEN


@contextmanager
def _bars(screen: Console) -> Iterator[Callable[[str, int], AbstractContextManager[Step]]]:
    """Progress bars on a terminal, one line a step elsewhere."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=screen, disable=not screen.is_terminal) as shown:

        @contextmanager
        def bar(text: str, total: int) -> Iterator[Step]:
            task = shown.add_task(text, total=total)
            yield lambda n: shown.advance(task, n)
            if not screen.is_terminal:
                screen.print(f"✓ {text} {total}", highlight=False)

        yield bar


def _by_size() -> list[str]:
    """The kinds, those first that take longest to match."""
    count = Counter(Listing.objects.order_by().values_list("kind", flat=True))
    return sorted(all_kinds(), key=lambda name: -count[name])


def _at_once(names: list[str]) -> Iterator[None]:
    """Match kinds, two at a time, each in a process that then gives its memory back."""
    connection.close()
    with ProcessPoolExecutor(2, get_context("spawn"), initializer=warm.step_behind) as pool:
        yield from pool.map(refresh.refresh, names)


def _batches(items: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(items), BATCH):
        yield items[at : at + BATCH]


def _parties(drawn: Sequence[Drawn], step: Step) -> tuple[dict[str, int], dict[str, Party]]:
    """The synthetic parties by their id, and the office and bureaus by city."""
    now = timezone.now()
    sizes = ("micro", "small", "small", "medium", "large")
    made = [
        Party(
            name=one.name,
            kind=KINDS.get(one.kind, one.kind),
            city=one.city,
            credit_code=one.credit_code,
            size=sizes[number % len(sizes)],
            industry=one.industries[0],
            contact_name="演示联系人",
            contact_phone=people.PHONE,
            verified_at=now,
        )
        for number, one in enumerate(drawn)
    ]
    with transaction.atomic():
        for batch in _batches(made):
            Party.objects.bulk_create(batch)
            step(len(batch))
        bodies = people.offices()
        for body in bodies.values():
            body.verified_at = now
            body.save()
    return {one.id: row.pk for one, row in zip(drawn, made, strict=True)}, bodies


def _listings(made: World, parties: dict[str, int], step: Step) -> None:
    now = timezone.now()
    rows = [_row(drawing, parties, now) for drawing in _in_order(made.needs, made.offers)]
    with transaction.atomic():
        for batch in _batches(rows):
            Listing.objects.bulk_create(batch)
            step(len(batch))


def _in_order(needs: Iterable[Drawing], offers: Iterable[Drawing]) -> list[Drawing]:
    """Oldest first, so that numbers rise with time; ties by the drawing's id."""
    return sorted([*needs, *offers], key=lambda one: (one.published or date.min, one.id))


def _row(drawn: Drawing, parties: dict[str, int], now: datetime) -> Listing:
    today = timezone.localdate(now)
    lapsed = drawn.expires is not None and drawn.expires < today
    age = today - (drawn.published or today)
    number = int(drawn.id[1:])
    # A policy says who issues it, so it cannot be anonymous.
    hidden = Anonymity.CORRIDOR if drawn.kind == "policy" else Anonymity.ANONYMOUS
    levels = {HIDDEN: hidden, 7: Anonymity.CORRIDOR}
    return Listing(
        ref="L" + _base32(number),
        party_id=parties[drawn.party],
        side=str(drawn.side),
        kind=drawn.kind,
        title=drawn.title,
        text=drawn.text,
        city=drawn.city,
        values=stored(drawn.values),
        must=sorted(drawn.must),
        flexible=sorted(drawn.flexible),
        capacity=drawn.capacity,
        contact_name="演示联系人",
        contact_phone=people.PHONE,
        anonymity=levels.get(number % 20, Anonymity.PUBLIC),
        state=State.EXPIRED if lapsed else State.PUBLISHED,
        deadline=kind(drawn.kind).last_day(drawn),
        published_at=now - age - timedelta(minutes=number % 600),
        expires_on=drawn.expires,
        changed_at=now - age,
    )


def _base32(number: int) -> str:
    """A reference that looks like any other and is the same for the same seed."""
    mixed = (number * 2654435761 + 97) % 32**8
    digits = ""
    for _ in range(8):
        mixed, digit = divmod(mixed, 32)
        digits = ALPHABET[digit] + digits
    return digits
