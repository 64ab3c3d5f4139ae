"""Files → listings: all of them, or none and every reason why."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import product
from pathlib import Path

from corridor.engine.factors import SIDE_LABELS, Label, Listing, Side, all_kinds, join
from corridor.engine.factors import kind as kind_of

from .columns import SIDE_WORDS, key, kind_words, named_for, resolve
from .errors import BadRows, InputError, RowError, RowNote, Skipped, short
from .headers import Candidates, column_errors, headed
from .rows import Layout, ReadFromText, RowReader, layout
from .tables import RawRow, Sheet, sheets
from .values import CellError, ValueReader

#: Called with rows read so far and about how many there are.
Progress = Callable[[int, int], None]

#: So many errors and reading stops: nobody mends more at one go.
MAX_ERRORS = 10_000
_EVERY = 1000
_NOTES = {key(name) for name in ("说明", "填写说明", "notes", "instructions", "readme")}


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load gave.

    Attributes:
        listings: in the order of files, sheets and rows.
        errors, skipped: what was wrong and what was therefore left out; empty unless ``skip_bad``.
        from_text: values that were read from titles and texts, not from columns.
        notes: what a person should check in the rows taken: a foreign currency converted at the
            reference rate, 左右 widened.
        rows: sheet and row of each listing, in the same order.
    """

    listings: tuple[Listing, ...]
    errors: tuple[RowError, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    from_text: tuple[ReadFromText, ...] = ()
    notes: tuple[RowNote, ...] = ()
    rows: tuple[tuple[str, int], ...] = ()


def load(
    paths: str | Path | Iterable[str | Path],
    *,
    today: date,
    kind: str | None = None,
    side: Side | str | None = None,
    near: Sequence[str] = (),
    skip_bad: bool = False,
    read_text: bool | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """The listings of one or more files (csv, xlsx, jsonl, parquet).

    Args:
        today: settles dates written without a year.
        kind, side: of every row, where neither a column nor the sheet's name says; a row that
            says otherwise is an error.
        near: place codes, mostly a corridor's cities, that decide between places of one name.
        skip_bad: leave bad rows and unknown columns out, and list them.
        read_text: read unstated attributes from title and text; unless given, only where no
            column holds an attribute.
        progress: called now and then.

    Raises:
        InputError: a file that cannot be read, or holds no rows.
        BadRows: any row is bad and ``skip_bad`` is off; or columns clash.
        KeyError: no such kind.
    """
    files = [paths] if isinstance(paths, str | Path) else [*paths]
    if kind is not None:
        kind_of(kind)
    job = _Load(
        kind,
        None if side is None else Side(side),
        ValueReader(today, near),
        skip_bad,
        read_text,
        progress,
    )
    for path in files:
        job.file(Path(path))
    if job.fatal or (job.errors and not skip_bad):
        raise BadRows(job.errors)
    return Loaded(
        tuple(job.listings),
        tuple(job.errors),
        tuple(job.skipped),
        tuple(job.from_text),
        tuple(job.notes),
        tuple(job.rows),
    )


@dataclass(slots=True)
class _Load:
    kind: str | None
    side: Side | None
    values: ValueReader
    skip_bad: bool
    read_text: bool | None
    progress: Progress | None
    listings: list[Listing] = field(default_factory=list)
    errors: list[RowError] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    from_text: list[ReadFromText] = field(default_factory=list)
    notes: list[RowNote] = field(default_factory=list)
    rows: list[tuple[str, int]] = field(default_factory=list)
    ids: dict[tuple[Side, str], tuple[Sheet, int]] = field(default_factory=dict)
    fatal: bool = False
    done: int = 0
    total: int = 0

    def file(self, path: Path) -> None:
        """Read all sheets of one file."""
        before = self.done, len(self.errors)
        for sheet in sheets(path):
            if not (sheet.named and key(sheet.name) in _NOTES):
                self.total += sheet.total
                self.sheet(sheet)
        if before == (self.done, len(self.errors)):
            raise InputError(
                path,
                "没有数据行：表是空的，或只有表头，请填好后再交",
                "no rows: the table is empty or has only a header; fill it in first",
            )

    def sheet(self, sheet: Sheet) -> None:
        """Read all rows of one sheet."""
        kind, side = self._stated(sheet)
        kinds = [kind] if kind else [*all_kinds()]
        sides = [side] if side else [*Side]
        candidates = [*product(kinds, sides)]
        if sheet.keyed:
            head, names, rows = 0, None, sheet.lines
        else:
            head, names, rows = headed(sheet, candidates)
        table = _Table(self, sheet, kind, side, candidates)
        if names and not table.accept(names, head):
            return
        for row in rows:
            self.done += 1
            if self.progress and self.done % _EVERY == 0:
                self.progress(self.done, max(self.total, self.done))
            table.row(row)
            if len(self.errors) >= MAX_ERRORS and not self.skip_bad:
                raise BadRows(self.errors)
        if self.progress:
            self.progress(self.done, max(self.total, self.done))

    def _stated(self, sheet: Sheet) -> tuple[str | None, Side | None]:
        """Kind and side of a whole sheet, by argument and by its name, which must agree."""
        kind, side = named_for(sheet.name) if sheet.named else (None, None)
        if self.kind and kind not in (None, self.kind):
            self._refuse(sheet, kind_of(self.kind).label, kind_of(kind or "").label)
        if self.side and side not in (None, self.side):
            self._refuse(sheet, SIDE_LABELS[self.side], SIDE_LABELS[side or self.side])
        return self.kind or kind, self.side or side

    def _refuse(self, sheet: Sheet, said: Label, named: Label) -> None:
        self.fatal = True
        self.errors.append(
            sheet.error(
                0,
                "",
                "",
                Label(
                    f"工作表名是“{named.zh}”，却要作为“{said.zh}”读",
                    f'the sheet is named for "{named.en}" but to be read as "{said.en}"',
                ),
            )
        )


@dataclass(slots=True)
class _Table:
    """One sheet being read: its layouts by column names, kind and side."""

    job: _Load
    sheet: Sheet
    kind: str | None
    side: Side | None
    candidates: Candidates
    reader: RowReader = field(init=False)
    ignored: set[str] = field(default_factory=set)
    plans: dict[tuple[int, str, Side], Layout] = field(default_factory=dict)
    accepted: dict[int, tuple[tuple[str, ...], int, int]] = field(default_factory=dict)
    judged: set[tuple[str, ...]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.reader = RowReader(
            self.sheet,
            self.job.values,
            self.job.read_text,
            self.ignored,
            self.job.errors,
            self.job.from_text,
            self.job.notes,
        )

    def accept(self, names: tuple[str, ...], row: int) -> bool:
        """Judge the columns; False when no row under them can be read."""
        job = self.job
        unknown, clashing = column_errors(self.sheet, row, names, self.candidates)
        if job.skip_bad:
            fresh = [e for e in unknown if e.column not in self.ignored]
            job.errors += fresh
            job.skipped += [Skipped(e.file, e.sheet, 0, e.column) for e in fresh]
            said = {e.column for e in unknown}
            self.ignored |= {n for n in names if n and short(n) in said}
        elif not self.sheet.keyed or names not in self.judged:
            job.errors += unknown
            said = {e.column for e in unknown}
            self.ignored |= {n for n in names if n and short(n) in said}
        job.errors += clashing
        job.fatal |= bool(clashing)
        at = {name: self._position(names, name) for name in ("kind", "side")}
        self.accepted[id(names)] = (names, at["kind"], at["side"])
        self.judged.add(names)
        return not clashing and (self.sheet.keyed or self._says_what(at))

    def _position(self, names: Sequence[str], field_name: str) -> int:
        kind, side = self.candidates[0]
        found = (resolve(name, kind, side) if name else None for name in names)
        return next((i for i, c in enumerate(found) if c and c.target == field_name), -1)

    def _says_what(self, at: dict[str, int]) -> bool:
        """Whether kind and side are stated anywhere; where not, the sheet is refused as a whole."""
        for name, fixed, label in (
            ("kind", self.kind, Label("要素类别", "factor kind")),
            ("side", self.side, Label("供需", "side")),
        ):
            if fixed is None and at[name] < 0:
                self.job.fatal = True
                said = Label(
                    f"看不出这张表的{label.zh}", f"nothing says the {label.en} of this sheet"
                )
                allowed = Label(
                    f"加一列“{label.zh}”，或把工作表命名为“空间-需求”这样，或在命令里指定",
                    f'a column "{name}", a sheet name such as "space-need", or an option',
                )
                self.job.errors.append(replace(self.sheet.error(0, "", "", said), allowed=allowed))
                return False
        return True

    def row(self, row: RawRow) -> None:
        """Read one row into the job's listings, or note what is wrong with it."""
        before = len(self.job.errors)
        if id(row.names) not in self.accepted and row.names:
            self.accept(row.names, row.number)
        listing = None
        if row.names and (plan := self._plan(row)):
            listing = self.reader.listing(row, plan)
        elif row.faults:
            self.reader.given_faults(row)
        if listing is not None and self._fresh(listing, row):
            self.job.listings.append(listing)
            self.job.rows.append((self.sheet.name, row.number))
        elif len(self.job.errors) > before or listing is None:
            self.job.skipped.append(Skipped(self.sheet.file, self.sheet.name, row.number, ""))

    def _plan(self, row: RawRow) -> Layout | None:
        _, kind_at, side_at = self.accepted[id(row.names)]
        kind = self._word(row, kind_at, "kind", kind_words(), self.kind)
        side = self._word(row, side_at, "side", SIDE_WORDS, self.side)
        if kind is None or side is None:
            return None
        slot = (id(row.names), kind, Side(side))
        if slot not in self.plans:
            self.plans[slot] = layout(row.names, kind, Side(side))
        return self.plans[slot]

    def _word(
        self,
        row: RawRow,
        at: int,
        name: str,
        words: dict[str, str] | dict[str, Side],
        fixed: str | None,
    ) -> str | None:
        """Kind or side of one row; its own word must not contradict what is said of the sheet."""
        text = str(row.cells[at]) if at >= 0 and at not in row.faults else ""
        found = words.get(key(text)) if text else fixed
        if found is not None and fixed in (None, found):
            return found
        labels = (
            [k.label for k in all_kinds().values()] if name == "kind" else [*SIDE_LABELS.values()]
        )
        if found is None:
            said = Label("没有填写或不认识", "missing or unknown")
        else:
            said = Label("与整张表的不一致", "it contradicts what is said of the whole table")
            labels = [
                kind_of(str(fixed)).label if name == "kind" else SIDE_LABELS[Side(str(fixed))]
            ]
        if at < 0:
            said = Label(
                f"没有说明{'要素类别' if name == 'kind' else '供需'}", f"the {name} is not said"
            )
        self.reader.fault(row, at, CellError(text, said, join(labels)))
        return None

    def _fresh(self, listing: Listing, row: RawRow) -> bool:
        """Note the id; an id used before on its side is a fault that names both places."""
        slot = (listing.side, listing.id)
        if slot not in self.job.ids:
            self.job.ids[slot] = (self.sheet, row.number)
            return True
        sheet, number = self.job.ids[slot]
        at = next(
            (
                i
                for i, n in enumerate(row.names)
                if (c := resolve(n, listing.kind, listing.side)) and c.target == "id"
            ),
            -1,
        )
        self.reader.fault(
            row,
            at,
            CellError(
                listing.id,
                Label(
                    f"编号重复，已用于 {sheet.file} [{sheet.name}] 第 {number} 行",
                    f"the id is used twice; first in {sheet.file} [{sheet.name}] row {number}",
                ),
            ),
        )
        return False
