"""Reading a file into sheets of raw rows; the format goes by suffix and is checked by content."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path

from corridor.engine.factors import Label
from corridor.engine.text import mask_contacts

from .cells import Raw
from .errors import InputError, RowError

MAX_ROWS = 2_000_000
MAX_COLUMNS = 500

FORMATS = {
    ".csv": "csv",
    ".tsv": "csv",
    ".txt": "csv",
    ".xlsx": "xlsx",
    ".xlsm": "xlsx",
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".parquet": "parquet",
    ".pq": "parquet",
}

_MAGIC = ((b"PK\x03\x04", "xlsx"), (b"PAR1", "parquet"), (b"\xd0\xcf\x11\xe0", "ole"))
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


#: What was found, what is wrong with it, what would be right.
Fault = tuple[str, Label, Label]


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as it stands in the file.

    Attributes:
        number: 1-based, as the file's own program numbers it.
        names: the column names; rows of one table share one tuple.
        cells: as many cells as names.
        faults: what is wrong with a cell before it is read, by position; -1 is the whole row.
    """

    number: int
    names: tuple[str, ...]
    cells: list[Raw]
    faults: dict[int, Fault] = field(default_factory=dict)


@dataclass(slots=True)
class Sheet:
    """A table: its rows come as a stream, to be read once.

    Attributes:
        file, name: where it is; a file without sheets gives its own stem. A contact in the
            name is masked, for ids are made of it.
        lines: an iterator over every row that is not blank, header rows included (``keyed``
            tables have none: each row brings its names).
        total: about how many rows there are, for progress.
        named: whether ``name`` was given by people, and so may say kind and side.
    """

    file: str
    name: str
    lines: Iterator[RawRow]
    total: int
    named: bool = False
    keyed: bool = False

    def error(self, row: int, column: str, found: str, message: Label) -> RowError:
        """A row error of this sheet."""
        return RowError(self.file, self.name, row, column, found, message)


def sheets(path: str | Path) -> Iterator[Sheet]:
    """The sheets of a file, in order. Raises :class:`InputError` for what cannot be read."""
    file = Path(path)
    match file_format(file):
        case "xlsx":
            from .from_xlsx import read
        case "parquet":
            from .from_parquet import read
        case "jsonl":
            from .from_jsonl import read
        case _:
            from .from_csv import read
    try:
        for sheet in read(file):
            sheet.name = mask_contacts(sheet.name)
            yield sheet
    except OSError as error:
        raise unreadable(file, error) from error


def suffix_format(path: Path, *, writing: bool = False) -> str:
    """The format a suffix stands for. Raises :class:`InputError` naming the ones there are."""
    found = FORMATS.get(path.suffix.lower())
    if found == "parquet" and find_spec("polars") is None:
        raise InputError(
            path,
            "读写 parquet 需要 polars，请安装 corridor[parquet]；或改用 csv、xlsx、jsonl",
            "parquet needs polars: install corridor[parquet], or use csv, xlsx or jsonl",
        )
    if found is not None:
        return found
    known = "csv、xlsx、jsonl、parquet"
    if path.suffix.lower() in (".xls", ".et", ".ods", ".numbers"):
        raise InputError(
            path,
            f"不支持 {path.suffix} 格式，请另存为 .xlsx 或 .csv",
            f"{path.suffix} is not supported; save it as .xlsx or .csv",
        )
    verb = ("写", "write") if writing else ("读", "read")
    raise InputError(
        path,
        f"不能{verb[0]}“{path.suffix or path.name}”格式，可用：{known}",
        f"cannot {verb[1]} {path.suffix or path.name!r}; use csv, xlsx, jsonl or parquet",
    )


def file_format(path: Path) -> str:
    """The format of an existing file, its suffix and first bytes agreeing."""
    if path.is_dir():
        raise InputError(
            path, "这是文件夹，请给出其中的文件", "this is a folder; name the files in it"
        )
    wanted = suffix_format(path)
    try:
        with path.open("rb") as stream:
            head = stream.read(8)
            rest = stream.read(1 << 16) if head.startswith(_MAGIC[2][0]) else b""
    except OSError as error:
        raise unreadable(path, error) from error
    if not head:
        raise InputError(path, "文件是空的（0 字节）", "the file is empty (0 bytes)")
    found = next((name for magic, name in _MAGIC if head.startswith(magic)), "text")
    if found == "ole":
        _refuse_ole(path, rest)
    if found != ("text" if wanted in ("csv", "jsonl") else wanted):
        _refuse_mismatch(path, wanted, found)
    return wanted


def _refuse_ole(path: Path, rest: bytes) -> None:
    if _ENCRYPTED in rest:
        raise InputError(
            path,
            "工作簿有密码保护，请取消密码后再交",
            "the workbook is protected by a password; save it without one",
        )
    raise InputError(
        path,
        "这是旧版 .xls 文件，或有密码保护：请取消密码，另存为 .xlsx",
        "this is an old .xls file or has a password; save it as .xlsx without one",
    )


def _refuse_mismatch(path: Path, wanted: str, found: str) -> None:
    zh = {"xlsx": "xlsx（或其他 zip 压缩）", "parquet": "parquet", "text": f"有效的 {wanted}"}[
        found
    ]
    en = {"xlsx": "an xlsx (or other zip)", "parquet": "a parquet", "text": f"a valid {wanted}"}[
        found
    ]
    yes = ("不是", "not ") if found == "text" else ("是", "")
    raise InputError(
        path,
        f"后缀是 {path.suffix}，内容却{yes[0]}{zh} 文件；文件可能损坏、未下载完或改错了后缀",
        f"the suffix is {path.suffix}, but the content is {yes[1]}{en} file; it may be damaged, "
        "cut short or wrongly renamed",
    )


def unreadable(path: Path, error: OSError) -> InputError:
    """What an operating-system error means to the person who named the file."""
    if isinstance(error, FileNotFoundError):
        folder = path.parent
        names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
        near = get_close_matches(path.name, names, n=1)
        zh, en = (f"，是不是 {near[0]}？", f"; did you mean {near[0]}?") if near else ("", "")
        return InputError(path, f"找不到文件{zh}", f"no such file{en}")
    if isinstance(error, PermissionError):
        return InputError(path, "没有读取或写入的权限", "no permission to read or write it")
    return InputError(
        path, f"读写失败：{error.strerror}", f"input or output failed: {error.strerror}"
    )


def too_many_rows(path: Path) -> InputError:
    """The refusal of a table that is too long."""
    return InputError(
        path,
        f"超过 {MAX_ROWS:,} 行，请分成几个文件",
        f"more than {MAX_ROWS:,} rows; split the file",
    )


def too_many_columns(path: Path, row: int) -> InputError:
    """The refusal of a table that is too wide."""
    return InputError(
        path,
        f"第 {row} 行超过 {MAX_COLUMNS} 列，请检查表格",
        f"row {row} has more than {MAX_COLUMNS} columns; check the table",
    )
