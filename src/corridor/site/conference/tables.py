"""At which table each meeting of a timetable is.

A meeting may be at any table of any hall. Who keeps the slot keeps the table; who goes on to another
meeting stays at the table, or at least in the hall, where that is possible.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from .models import Conference, Meeting, Table
from .moment import now
from .picture import Picture
from .seating import open_in, tables_of


class _Free:
    """The tables of one slot that nobody has, by hall; given the last first, as dicts pop the last."""

    def __init__(self, tables: Iterable[int], halls: Mapping[int, int]) -> None:
        self._halls = halls
        self._free: dict[int, dict[int, None]] = defaultdict(dict)
        for table in tables:
            self._free[halls[table]][table] = None

    def take(self, table: int) -> bool:
        """Take a table; whether it was free."""
        there = self._free[self._halls[table]]
        if table not in there:
            return False
        del there[table]
        return True

    def near(self, tables: Iterable[int]) -> int:
        """Take the first table of the hall of one of these, or else of the first that has one."""
        halls = [self._halls[table] for table in tables]
        hall = next(hall for hall in (*halls, *reversed(self._free)) if self._free.get(hall))
        return self._free[hall].popitem()[0]


def tables_for(conference: Conference, seen: Picture, slots: Mapping[str, int]) -> dict[str, int]:
    """The tables of a timetable: meeting reference → table id. ``slots`` are the indices of slots, and
    have no more meetings than there are tables.
    """
    tables = tables_of(conference)
    halls = dict(Table.objects.filter(pk__in=tables).values_list("pk", "hall"))
    last = _sat(conference)
    found: dict[str, int] = {}
    rounds: dict[int, list[str]] = defaultdict(list)
    for ref in sorted(slots, key=lambda ref: (seen.standing.get(ref) != slots[ref], ref)):
        rounds[slots[ref]].append(ref)
    for at, refs in sorted(rounds.items()):
        number = seen.slots[at].number
        there = [pk for pk, lost in tables.items() if open_in(lost, number)]
        wanted = {ref: _wanted(seen, ref, at, last) for ref in refs}
        found |= _round(refs, wanted, _Free(reversed(there), halls))
        for ref in refs:
            last |= dict.fromkeys(seen.meetings[ref].parts, found[ref])
    return found


def _sat(conference: Conference) -> dict[int, int]:
    """Participant → the table it was at last, in the slots that have begun."""
    begun = Meeting.objects.filter(conference=conference, slot__start__lte=now())
    rows = begun.order_by("slot__number").values_list("a", "b", "table")
    return {part: table for a, b, table in rows for part in (a, b)}


def _wanted(seen: Picture, ref: str, at: int, last: Mapping[int, int]) -> list[int]:
    """The tables at which a meeting would be best, the best first."""
    one = seen.meetings[ref]
    own = [one.table_id] if one.table_id is not None and seen.standing.get(ref) == at else []
    return [*own, *(last[part] for part in one.parts if part in last)]


def _round(refs: Sequence[str], wanted: Mapping[str, list[int]], free: _Free) -> dict[str, int]:
    found: dict[str, int] = {}
    for ref in refs:
        table = next((one for one in wanted[ref] if free.take(one)), None)
        if table is not None:
            found[ref] = table
    return found | {ref: free.near(wanted[ref]) for ref in refs if ref not in found}
