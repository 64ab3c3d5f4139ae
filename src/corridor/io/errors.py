"""What can be wrong with a file or a row, always in both languages and always with the place."""

from collections.abc import Sequence
from dataclasses import dataclass

from corridor.engine.factors import Label
from corridor.engine.text import mask_contacts

NOTHING = Label("", "")
_SHOWN = 20


def short(text: object, limit: int = 60) -> str:
    """One line of at most ``limit`` characters, contacts masked, for quoting."""
    line = mask_contacts(" ".join(str(text).split())[: limit + 40])
    return line if len(line) <= limit else line[: limit - 1] + "…"


class InputError(ValueError):
    """A file that cannot be read, or written, at all; ``label`` says why and what to do."""

    def __init__(self, file: object, zh: str, en: str) -> None:
        self.file = str(file)
        self.label = Label(zh, en)
        super().__init__(f"{self.file}: {zh} / {en}")


@dataclass(frozen=True, slots=True)
class RowError:
    """One thing wrong in one row.

    Attributes:
        file: the path as given.
        sheet: the sheet of a workbook; elsewhere the file's name without its suffix.
        row: 1-based, as a spreadsheet (csv, xlsx) or editor (jsonl) numbers it; 0 = whole sheet.
        column: the header as written; "" when the row as a whole is meant.
        found: what stands there, at most 60 characters.
        message: what is wrong.
        allowed: what would be right.
    """

    file: str
    sheet: str
    row: int
    column: str
    found: str
    message: Label
    allowed: Label = NOTHING

    @property
    def label(self) -> Label:
        """The whole sentence: where, what was found, what is wrong, what would be right."""
        column = Label(f"，列“{self.column}”", f', column "{self.column}"')
        found = Label(f"（填的是“{self.found}”）", f' (found "{self.found}")')
        where = Label(f"{self.file} [{self.sheet}]", f"{self.file} [{self.sheet}]")
        if self.row:
            where += Label(f" 第 {self.row} 行", f" row {self.row}")
        if self.column:
            where += column
        said = where + Label("：", ": ") + self.message
        if self.found:
            said += found
        if self.allowed.zh:
            said += Label("。应为：", ". Allowed: ") + self.allowed
        return said

    def __str__(self) -> str:
        """Both languages on one line."""
        return f"{self.label.zh} / {self.label.en}"


class BadRows(ValueError):
    """Rows that cannot be taken; nothing was loaded. ``errors`` holds every one of them."""

    def __init__(self, errors: Sequence[RowError]) -> None:
        self.errors = tuple(errors)
        n = len(self.errors)
        lines = [f"{n} 处有误，未导入任何一行 / {n} errors, nothing was loaded"]
        lines += [f"  {error}" for error in self.errors[:_SHOWN]]
        if n > _SHOWN:
            lines.append(f"  … 另有 {n - _SHOWN} 处 / and {n - _SHOWN} more")
        super().__init__("\n".join(lines))


@dataclass(frozen=True, slots=True)
class RowNote:
    """What a person should check in a row that was taken.

    Attributes:
        file, sheet, row: where, as in :class:`RowError`.
        column: the header as written; "" when it was read from the title and text.
        message: how the cell was understood.
    """

    file: str
    sheet: str
    row: int
    column: str
    message: Label

    @property
    def label(self) -> Label:
        """Where, and how it was understood."""
        column = Label(f"，列“{self.column}”", f', column "{self.column}"')
        where = Label(
            f"{self.file} [{self.sheet}] 第 {self.row} 行",
            f"{self.file} [{self.sheet}] row {self.row}",
        )
        return where + (column if self.column else NOTHING) + Label("：", ": ") + self.message


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row, or a column (``row`` 0), that was left out because the caller asked for it."""

    file: str
    sheet: str
    row: int
    column: str

    @property
    def label(self) -> Label:
        """What was left out, as a phrase."""
        where = Label(f"{self.file} [{self.sheet}] ", f"{self.file} [{self.sheet}] ")
        if self.row:
            return where + Label(f"第 {self.row} 行已跳过", f"row {self.row} skipped")
        return where + Label(f"列“{self.column}”已忽略", f'column "{self.column}" ignored')
