"""How the files of a run are read."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from corridor.engine.factors import Corridor, Label, Listing, Side
from corridor.io import BadRows, load

from . import console


@dataclass(frozen=True, slots=True)
class Inputs:
    """What every file of one run shares."""

    corridor: Corridor
    today: date
    kind: str | None
    skip_bad: bool

    def load(self, path: Path, side: Side, kind: str | None = None) -> tuple[Listing, ...]:
        """The listings of a file; what is left out, and what was read from words, is said."""
        loaded = load(
            path, side=side, today=self.today, near=self.corridor.codes, kind=self.kind or kind,
            skip_bad=self.skip_bad,
        )  # fmt: skip
        for error in loaded.errors:
            console.say(error.label)
        for skipped in loaded.skipped:
            console.say(skipped.label)
        for note in loaded.notes:
            console.say(note.label)
        if loaded.from_text:
            n = len({read.id for read in loaded.from_text})
            console.say(Label(
                f"{path.name}：{n} 条没有填写字段，已从文字中读出条件，按偏好计（不作硬性限制）",
                f"{path.name}: {n} listings fill no attribute column; conditions read from their words "
                "count as preferences, not as limits",
            ))  # fmt: skip
        return loaded.listings

    def load_for(self, path: Path, side: Side, kind: str) -> tuple[Listing, ...]:
        """The listings of a file of any kinds; one that names none is taken to hold ``kind``."""
        try:
            return self.load(path, side)
        except BadRows as first:
            try:
                return self.load(path, side, kind)
            except BadRows:
                raise first from None
