"""Reading one free text into the values of a kind."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..factors import FactorKind, Label, Range, Side, Type, Value
from .asks import stated_as_ask
from .assign import read_days, read_quantities
from .cells import ReadError
from .clauses import Clauses, left_behind
from .codewords import Field, joined, read_codes, read_flags
from .contacts import Contact, find_contacts, mask_contacts
from .dates import find_days
from .guess import guess_kind, guess_side
from .lexicon import Cues, lexicon
from .normal import fold
from .quantities import Quantity, find_quantities

LONGEST = 100_000


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read from a text.

    Attributes:
        kind: name of the kind given or guessed; ``None`` when nothing points to any.
        side: the side given or guessed.
        text: the text with contacts masked; spans count in it as in the original.
        fields: what was read, in reading order; several may belong to one attribute.
        contacts: where telephone numbers and other contacts stand, and how they may be shown.
        unread: where the quantities stand that have a unit and were read into no attribute, to be
            shown beside what was read; what one has now and leaves behind is not among them.
    """

    kind: str | None
    side: Side
    text: str
    fields: tuple[Field, ...]
    contacts: tuple[Contact, ...]
    unread: tuple[tuple[int, int], ...] = ()

    def values(self) -> dict[str, Value]:
        """One value an attribute, in reading order.

        Code sets are united; a lower and an upper bound are joined into a range; otherwise the
        value stated first stands, and :meth:`notes` says which others were passed over.
        """
        return {name: value for name, (value, _) in self._merged().items()}

    def limits(self) -> dict[str, Value]:
        """:meth:`values`, where a bare figure this side asks for is the limit it means."""
        stated: dict[str, Value] = {}
        for name, value in self.values().items():
            mine = [f for f in self.fields if f.attribute.name == name]
            asked = mine[0].attribute.asked_by is self.side
            rough = any(f.approximate for f in mine)
            stated[name] = stated_as_ask(mine[0].attribute, value, rough) if asked else value
        return stated

    def notes(self) -> tuple[Label, ...]:
        """What a person should check: notes of the fields, and values that were passed over."""
        own = [f.note for f in self.fields if f.note is not None]
        return (*own, *(note for _, notes in self._merged().values() for note in notes))

    def _merged(self) -> Mapping[str, tuple[Value, list[Label]]]:
        found: dict[str, tuple[Value, list[Label]]] = {}
        for field in self.fields:
            name = field.attribute.name
            if name not in found:
                found[name] = (field.value, [])
                continue
            value, notes = found[name]
            merged = _merge(value, field.value)
            if merged is None:
                notes.append(_passed_over(field, self.text))
            else:
                found[name] = (merged, notes)
        return found


def _passed_over(field: Field, text: str) -> Label:
    words, label = text[field.start : field.end], field.attribute.label
    return Label(
        f"{label.zh}另写有“{words}”，以先写的为准。",
        f'{label.en} is also stated as "{words}"; the first statement stands.',
    )


def _merge(first: Value, second: Value) -> Value | None:
    """Both values as one, or ``None`` where they contradict each other."""
    if isinstance(first, frozenset) and isinstance(second, frozenset):
        return first | second
    if first == second:
        return first
    if isinstance(first, Range) and isinstance(second, Range):
        lower, upper = (first, second) if first.hi is None else (second, first)
        lo, hi = lower.lo, upper.hi
        half_open = lower.hi is None and (upper.lo is None or upper.single)
        if half_open and lo is not None and hi is not None and lo <= hi:
            return Range(lo, hi)
    return None


def read(
    text: str,
    kind: FactorKind | None = None,
    side: Side | None = None,
    *,
    today: date,
    near: Sequence[str] = (),
) -> Reading:
    """What a free text says of a kind's attributes; anything that would be a guess is left out.

    Args:
        text: any text; control characters and emoji are passed over.
        kind, side: guessed where ``None``, see :func:`~.guess.guess_kind` and
            :func:`~.guess.guess_side`. Ties go to the kind declared first; the side falls back to
            need.
        today: the day relative dates count from.
        near: place codes preferred where several places bear a name.

    Returns:
        The reading; its values are as stated, in the attributes' units. A bare figure on the
        asking side is given its meaning by ``stated_as_ask``. What cannot be read is
        not read.

    Raises:
        ReadError: the text has more than 100,000 characters. Time grows with the length, about
            1 ms for 60 characters.
    """
    if len(text) > LONGEST:
        raise ReadError(
            f"{text[:20]}…",
            Label(f"至多 {LONGEST} 字", f"at most {LONGEST} characters"),
            Label(f"共 {len(text)} 字。", f"It has {len(text)}."),
        )
    contacts = find_contacts(text)
    masked = mask_contacts(text)
    folded = _without(fold(text), contacts)
    if kind is None:
        kind = guess_kind(folded)
    if kind is None:
        return Reading(None, side or guess_side(folded, ()), masked, (), contacts)
    fields, unread = _fields(folded, kind, side or Side.NEED, today, near)
    if side is None:
        side = guess_side(folded, fields)
        if side is not Side.NEED:
            fields, unread = _fields(folded, kind, side, today, near)
    return Reading(kind.name, side, masked, tuple(fields), contacts, unread)


def _without(text: str, contacts: Sequence[Contact]) -> str:
    for found in contacts:
        text = text[: found.start] + " " * (found.end - found.start) + text[found.end :]
    return text


def _fields(
    text: str, kind: FactorKind, side: Side, today: date, near: Sequence[str]
) -> tuple[list[Field], tuple[tuple[int, int], ...]]:
    words, clauses = lexicon(kind, side), Clauses(text)
    cues = Cues(words.cue_words.find(text))
    spans = find_days(text, today)
    fixed = tuple((s.start, s.end) for s in spans if not s.duration)
    gone = _Spans(left_behind(text))
    figures = [q for q in find_quantities(text, skip=fixed) if not gone.touch(q.start, q.end)]
    numbers = list(read_quantities(text, words, clauses, cues, figures))
    used = _Spans([(q.start, q.end) for q, _ in numbers])
    found = [field for _, field in numbers]
    free = [s for s in spans if not used.touch(s.start, s.end)]
    found += read_days(words, clauses, cues, free, today, side)
    found += read_codes(text, words, clauses, cues, near)
    found += read_flags(text, words)
    kept = [f for f in found if not gone.touch(f.start, f.end)]
    kept.sort(key=lambda f: (f.start, f.end, f.attribute.name))
    return _with_spans(text, kept), _unread(text, figures, kept)


#: 一个, 一家, 一层: the figure is an article.
_ARTICLE = frozenset("个家条台套位名层栋处间批次项件款种份")


def _unread(
    text: str, figures: Sequence[Quantity], fields: Sequence[Field]
) -> tuple[tuple[int, int], ...]:
    read_spans = _Spans([(f.start, f.end) for f in fields])
    return tuple(
        (q.start, q.end)
        for q in figures
        if (q.form or q.scaled or q.per)
        and not (q.form in _ARTICLE and text[q.number] == "一" and q.lo == q.hi == 1)
        and not read_spans.touch(q.start, q.end)
    )


class _Spans:
    """Stretches of a text, joined where they overlap."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans: list[tuple[int, int]] = []
        for start, end in sorted(spans):
            if self._spans and start < self._spans[-1][1]:
                start, end = self._spans[-1][0], max(end, self._spans.pop()[1])
            self._spans.append((start, end))
        self._ends = [end for _, end in self._spans]

    def touch(self, start: int, end: int) -> bool:
        """Whether any of them shares a character with this one."""
        at = bisect_right(self._ends, start)
        return at < len(self._spans) and self._spans[at][0] < end


def _with_spans(text: str, fields: list[Field]) -> list[Field]:
    """The fields, two ordered words with 或 or 到 between them made one span."""
    result: list[Field] = []
    latest: dict[str, int] = {}
    for field in fields:
        name = field.attribute.name
        at = latest.get(name)
        if (
            at is not None
            and field.attribute.type is Type.ORDER
            and joined(text, result[at], field)
        ):
            result[at] = _spanning(result[at], field)
            continue
        latest[name] = len(result)
        result.append(field)
    return result


def _spanning(first: Field, second: Field) -> Field:
    one, other = first.value, second.value
    assert isinstance(one, Range) and isinstance(other, Range)
    lows = [e for e in (one.lo, other.lo) if e is not None]
    highs = [e for e in (one.hi, other.hi) if e is not None]
    lo, hi = min(lows) if len(lows) == 2 else None, max(highs) if len(highs) == 2 else None
    value = Range(lo, hi) if lo is not None or hi is not None else one
    return replace(first, value=value, end=second.end)
