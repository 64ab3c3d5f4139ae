"""csv: the encoding is proved on the whole file, the delimiter taken from the header line."""

import csv
from codecs import getincrementaldecoder
from collections.abc import Iterator
from pathlib import Path

from .cells import clean, unguard
from .errors import InputError
from .tables import MAX_COLUMNS, MAX_ROWS, RawRow, Sheet, too_many_columns, too_many_rows

_CHUNK = 1 << 20
_CELL_LIMIT = 1 << 26
_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
#: So many characters beyond ASCII read as UTF-8 before it fails are UTF-8 damaged, not GBK.
_SURELY_UTF8 = 8


def read(path: Path) -> Iterator[Sheet]:
    """The one sheet of a csv file."""
    encoding, total = encoding_of(path)
    yield Sheet(str(path), path.stem, _rows(path, encoding), total)


def encoding_of(path: Path) -> tuple[str, int]:
    """The encoding the whole file reads in, and its line count.

    A byte order mark decides; else UTF-8, and GB18030 (which includes GBK) where UTF-8 fails.
    Raises :class:`InputError` for binary content and for text in neither.
    """
    with path.open("rb") as stream:
        head = stream.read(4)
    marked = next((name for bom, name in _BOMS if head.startswith(bom)), None)
    if marked is None and b"\x00" in head:
        raise _binary(path)
    lines, at, good = _decodes(path, marked or "utf-8")
    if at is None:
        return marked or "utf-8", lines
    if marked or good >= _SURELY_UTF8:
        raise InputError(
            path,
            f"文件按 UTF-8 读到第 {lines + 1} 行出现坏字节，文件可能被截断或损坏",
            f"bad bytes for UTF-8 at line {lines + 1}; the file is cut or damaged",
        )
    lines, at, _ = _decodes(path, "gb18030")
    if at is None:
        return "gb18030", lines
    raise InputError(
        path,
        f"第 {lines + 1} 行既不是 UTF-8 也不是 GBK 编码，请另存为 UTF-8 的 csv",
        f"line {lines + 1} is neither UTF-8 nor GBK; save the file as UTF-8 csv",
    )


def _decodes(path: Path, encoding: str) -> tuple[int, int | None, int]:
    """Lines read, the place of the first bad byte if any, and characters beyond ASCII before it."""
    decoder = getincrementaldecoder(encoding)()
    lines, good, done = 0, 0, 0
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            if b"\x00" in chunk and encoding != "utf-16":
                raise _binary(path)
            try:
                text = decoder.decode(chunk, final=len(chunk) < _CHUNK)
            except UnicodeDecodeError as error:
                before = error.object[: error.start].decode(encoding, "ignore")
                good += sum(ch > "\x7f" for ch in before)
                return lines + before.count("\n"), done + error.start, good
            if "\x00" in text:
                raise _binary(path)
            lines += text.count("\n")
            good += len(text) if not text.isascii() else 0
            done += len(chunk)
    return lines, None, good


def _binary(path: Path) -> InputError:
    return InputError(
        path,
        "文件含二进制内容（空字符），不是文本表格",
        "the file holds binary content (NUL), not a text table",
    )


def _delimiter(path: Path, encoding: str) -> str:
    """The one of comma, tab and semicolon that stands most often in the first line of text."""
    with path.open(encoding=encoding, newline="") as stream:
        line = next((text for text in stream if text.strip(" \r\n\t,;")), "")
    outside = "".join(line.split('"')[::2])
    return max(",\t;", key=outside.count)


def _rows(path: Path, encoding: str) -> Iterator[RawRow]:
    csv.field_size_limit(_CELL_LIMIT)
    delimiter = _delimiter(path, encoding)
    with path.open(encoding=encoding, newline="") as stream:
        reader = csv.reader(stream, delimiter=delimiter, strict=True)
        number = 0
        try:
            for number, cells in enumerate(reader, 1):
                if any(cells) and any(texts := [cell and clean(unguard(cell)) for cell in cells]):
                    if len(cells) > MAX_COLUMNS and any(texts[MAX_COLUMNS:]):
                        raise too_many_columns(path, number)
                    if number > MAX_ROWS + 1:
                        raise too_many_rows(path)
                    yield RawRow(number, (), [*texts[:MAX_COLUMNS]])
        except csv.Error as error:
            raise InputError(
                path,
                f"第 {number + 1} 行起引号不成对，或单元格过长（{error}）",
                f"from row {number + 1} on, quotes do not pair or a cell is too long ({error})",
            ) from error
