"""Code lists: the closed sets of words an attribute may take, flat, ordered or a tree."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from .label import Label

LONGEST = 60  # characters of a word that near words are looked for


@dataclass(frozen=True, slots=True)
class Code:
    """One entry: the stored code, its labels, and other words people write for it."""

    code: str
    zh: str
    en: str
    words: tuple[str, ...] = ()


class UnknownCode(ValueError):
    """A word that stands in no list; ``near`` holds the closest allowed ones."""

    def __init__(self, raw: str, near: tuple[str, ...]) -> None:
        super().__init__(raw)
        self.raw = raw
        self.near = near


@dataclass(frozen=True)
class CodeList:
    """A flat or ordered list. In an ordered one, a later code is higher.

    ``implies`` says which code is also which: a 小巨人 is also 专精特新, so whoever asks for the
    second takes the first. A code is always itself, and what it implies may imply more.
    ``in_text`` is False where the words are too common to tell anything in free text (件, 千克).
    """

    name: str
    entries: tuple[Code, ...]
    implies: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    in_text: bool = True
    _by_word: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        words: dict[str, str] = {}
        for entry in self.entries:
            for word in (entry.code, entry.zh, entry.en, *entry.words):
                words.setdefault(word.lower(), entry.code)
        object.__setattr__(self, "_by_word", words)
        known = {entry.code for entry in self.entries}
        named = {*self.implies, *(code for codes in self.implies.values() for code in codes)}
        if not named <= known:
            raise ValueError(f"code list {self.name}: no such codes: {sorted(named - known)}")

    def read(self, raw: str) -> str:
        """The code a person meant. Raises :class:`UnknownCode` with the nearest words."""
        found = self._by_word.get(raw.strip().lower())
        if found is None:
            near = (
                []
                if len(raw) > LONGEST
                else get_close_matches(raw.lower(), self._by_word, n=3, cutoff=0.4)
            )
            raise UnknownCode(raw, tuple(near))
        return found

    def label(self, code: str) -> Label:
        """Both names of a code."""
        entry = next(e for e in self.entries if e.code == code)
        return Label(entry.zh, entry.en)

    def index(self, code: str) -> int:
        """Position in an ordered list, from 0."""
        return next(i for i, e in enumerate(self.entries) if e.code == code)

    def covers(self, ask: str, answer: str) -> bool:
        """True when ``answer`` is ``ask``, or implies it, directly or through others.

        Reflexive and transitive. The other way round (asked for 小巨人, answered 专精特新) is no
        cover: ``judge`` calls it unverified, as for any answer that is broader than the ask.
        """
        if ask == answer:
            return True
        return any(self.covers(ask, code) for code in self.implies.get(answer, ()))

    def words(self) -> Mapping[str, str]:
        """Chinese words to look for in free text, each with its code."""
        if not self.in_text:
            return {}
        return {w: e.code for e in self.entries for w in (e.zh, *e.words)}

    def allowed(self) -> Label:
        """The list as a sentence part, for messages and templates."""
        return Label("、".join(e.zh for e in self.entries), ", ".join(e.en for e in self.entries))


@dataclass(frozen=True)
class TreeList:
    """A tree of codes in which a broader code covers the finer ones under it."""

    name: str
    about: Label
    reader: Callable[[str], str]
    labeller: Callable[[str], Label]
    coverer: Callable[[str, str], bool]
    scanner: Callable[[], Mapping[str, str]]
    proximity: Callable[[str, str], float]

    def read(self, raw: str) -> str:
        """The code a person meant. Raises :class:`UnknownCode`."""
        return self.reader(raw)

    def label(self, code: str) -> Label:
        """Both names of a code."""
        return self.labeller(code)

    def covers(self, ask: str, answer: str) -> bool:
        """True when ``answer`` is ``ask`` or lies under it."""
        return self.coverer(ask, answer)

    def words(self) -> Mapping[str, str]:
        """Chinese words to look for in free text, each with its code."""
        return self.scanner()

    def allowed(self) -> Label:
        """What may be written, for messages and templates."""
        return self.about


def code_list(
    name: str,
    *rows: str,
    implies: Mapping[str, tuple[str, ...]] | None = None,
    in_text: bool = True,
) -> CodeList:
    """A list from rows ``code|中文|English|other words with spaces``; later rows are higher."""
    entries = []
    for row in rows:
        code, zh, en, *words = row.split("|")
        entries.append(Code(code, zh, en, tuple(words[0].split()) if words else ()))
    return CodeList(name, tuple(entries), implies or {}, in_text)
