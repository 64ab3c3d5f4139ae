"""What an import came to, for its page: every fault with its place, what was left out, what to check."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.utils.translation import gettext as _

from corridor.engine.factors import Label
from corridor.io import Loaded, RowError, save_table

from ..core import uploads
from ..core.models import Upload
from ..core.region import in_language
from .importing import Import, problems

#: So many of each stand on the page; all of them are in the file beside it.
SHOWN = 200


def of_file(label: Label) -> dict[str, Any]:
    """The outcome for a file that could not be read at all."""
    return {"refused": True, "file": list(label)}


def of_rows(made: Import) -> dict[str, Any]:
    """The outcome when rows were wrong and nothing was written."""
    errors = list(problems(made))
    return {"refused": True, "errors": _shown(errors), "error_count": len(errors)} | _named(made)


def of_import(made: Import, loaded: Loaded, count: int) -> dict[str, Any]:
    """The outcome when rows were written, with those that were not."""
    errors = list(problems(made))
    notes = [
        *((note.sheet, note.row, note.column, note.message) for note in loaded.notes),
        *((sheet, row, "", said) for sheet, row, said in made.district_notes),
    ]
    skipped = [
        *((one.sheet, one.row, one.column) for one in loaded.skipped),
        *((sheet, row, "") for sheet, row in made.skipped),
    ]
    listings = loaded.listings
    return {
        "created": count,
        "submitted": made.wish.submit,
        "errors": _shown(errors),
        "error_count": len(errors),
        "skipped": [list(one) for one in dict.fromkeys(skipped)][:SHOWN],
        "skipped_count": len(set(skipped)),
        "notes": [[*note[:3], list(note[3])] for note in notes[:SHOWN]],
        "note_count": len(notes),
        "from_text": len(loaded.from_text),
        "other_parties": sum(bool(x.party) and x.party != made.party.name for x in listings),
        "contacts": sum(bool(x.contact) for x in listings),
        **_named(made),
    }


def _named(made: Import) -> dict[str, Any]:
    """Only a workbook has sheets with names worth showing."""
    return {"sheets": made.upload.format == "xlsx"}


def _shown(errors: Sequence[RowError]) -> list[dict[str, Any]]:
    return [
        {
            "sheet": error.sheet,
            "row": error.row,
            "column": error.column,
            "found": error.found,
            "message": list(error.message),
            "allowed": list(error.allowed),
        }
        for error in errors[:SHOWN]
    ]


def error_file(made: Import) -> Upload | None:
    """All faults as a table in the language of who asked; ``None`` where there are none."""
    errors = list(problems(made))
    if not errors:
        return None
    name = f"{Path(made.upload.name).stem}-errors.csv"
    return uploads.keep(made.actor, name, "csv", _table(_cells(error) for error in errors))


def _columns() -> list[str]:
    return [_("工作表"), _("行"), _("列"), _("填的是"), _("问题"), _("应为")]


def _cells(error: RowError) -> list[object]:
    said = in_language(error.message), in_language(error.allowed)
    return [error.sheet, error.row, error.column, error.found, *said]


def _table(rows: Iterable[list[object]]) -> bytes:
    with TemporaryDirectory() as folder:
        file = Path(folder, "errors.csv")
        save_table(file, _columns(), rows)
        return file.read_bytes()
