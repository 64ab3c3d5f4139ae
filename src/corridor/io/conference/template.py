"""An empty conference workbook to fill in, made from ``PAGES``."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from ..writing import replacing, workbook
from .sheets import PAGES, REQUIRED, Column, Page

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_LANGS = {"zh": 0, "en": 1}
_YES_NO = ("是", "否"), ("yes", "no")
_FILLABLE = 1000
_NOTES = ("说明", "Notes")
_HEADS = ("工作表", "列", "填什么"), ("Sheet", "Column", "What goes in")


def write_conference_template(path: str | Path, *, lang: str = "zh") -> None:
    """An empty workbook that :func:`.reading.read_conference` reads once it is filled in.

    One sheet for each page, a note on each header, and a sheet that explains every column. Raises
    :class:`InputError` where nothing can be written.
    """
    at = _LANGS[lang]
    with replacing(Path(path)) as part, workbook(part, streaming=False) as book:
        formats = {
            "required": book.add_format({"bold": True, "bg_color": "#FFE7BA", "border": 1}),
            "plain": book.add_format({"bold": True, "bg_color": "#F0F0F0", "border": 1}),
            "text": book.add_format({"num_format": "@"}),
            "wrap": book.add_format({"text_wrap": True, "valign": "top"}),
        }
        for page in PAGES:
            _page(book.add_worksheet(page.label[at]), formats, page, at)
        _notes(book.add_worksheet(_NOTES[at]), formats, at)


def _page(sheet: "Worksheet", formats: dict[str, "Format"], page: Page, lang: int) -> None:
    sheet.freeze_panes(1, 0)
    for at, one in enumerate(page.columns):
        head = formats["required" if one.required else "plain"]
        sheet.write_string(0, at, _marked(one, lang), head)
        sheet.write_comment(0, at, one.help[lang], {"x_scale": 2})
        sheet.set_column(at, at, 20, formats["text"])
        if one.name == "must":
            choice = {"validate": "list", "source": [*_YES_NO[lang]]}
            sheet.data_validation(1, at, _FILLABLE, at, choice)


def _marked(one: Column, lang: int) -> str:
    return one.label[lang] + (REQUIRED if one.required else "")


def _notes(sheet: "Worksheet", formats: dict[str, "Format"], lang: int) -> None:
    sheet.freeze_panes(1, 0)
    for at, (head, width) in enumerate(zip(_HEADS[lang], (20, 20, 80), strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, head, formats["plain"])
    for row, line in enumerate(_lines(lang), 1):
        for at, text in enumerate(line):
            sheet.write_string(row, at, text, formats["wrap"])


def _lines(lang: int) -> Iterator[tuple[str, str, str]]:
    for page in PAGES:
        name = page.label[lang] + (REQUIRED if page.required else "")
        for one in page.columns:
            yield name, _marked(one, lang), one.help[lang]
