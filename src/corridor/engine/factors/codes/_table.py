"""Reading the packaged tables and folding what people type into one form."""

import csv
import unicodedata
from importlib.resources import files


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one packaged UTF-8 CSV, in file order. Raises ``FileNotFoundError``."""
    text = files(__name__.rpartition(".")[0]).joinpath(name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def fold(raw: str) -> str:
    """Full-width to half-width (NFKC), every space removed."""
    return "".join(unicodedata.normalize("NFKC", raw).split())
