"""Tables in and out: csv, xlsx, jsonl and parquet ⇄ listings, templates, and errors with a place.

``load`` gives every listing of its files or every reason why not; ``save`` writes a file that
loads back as the same listings. No file is left half written.
"""

from .corridor import read_corridor
from .errors import BadRows, InputError, RowError, RowNote, Skipped
from .loading import Loaded, Progress, load
from .plain import read_columns
from .records import Record, result_record, side_columns, table_rows
from .rows import ReadFromText
from .saving import save
from .template import what_may_stand, write_template
from .writing import replacing, save_table

__all__ = [
    "BadRows",
    "InputError",
    "Loaded",
    "Progress",
    "ReadFromText",
    "Record",
    "RowError",
    "RowNote",
    "Skipped",
    "load",
    "read_columns",
    "read_corridor",
    "replacing",
    "result_record",
    "save",
    "save_table",
    "side_columns",
    "table_rows",
    "what_may_stand",
    "write_template",
]
