"""The index over ``SearchText``, and what SQLite is to think of the market.

FTS5 on SQLite, a GIN-indexed tsvector on PostgreSQL; both hold pairs of neighbouring characters as
``search.pairs`` writes them.
"""

from typing import Any

from django.db import migrations

SQLITE = "CREATE VIRTUAL TABLE listings_grams USING fts5(title, body, content='', tokenize='ascii')"
POSTGRESQL = (
    "ALTER TABLE listings_searchtext ADD COLUMN grams tsvector, ADD COLUMN title_grams tsvector",
    "CREATE INDEX listings_grams ON listings_searchtext USING gin (grams)",
    "CREATE INDEX listings_title_grams ON listings_searchtext USING gin (title_grams)",
)
#: What ANALYZE finds in the demo world of 20,000 listings. Without it SQLite takes it that ten of
#: them are published and walks all of them for every search; with the figures of the day its plans
#: would change with the data. Measured: 27 ms against 16 ms of CPU for a search and its counts.
SHAPE = (
    ("listing_counted", "20000 10000 1250 625 78 37 3 2 1"),
    ("listing_newest", "20000 10000 1 1 1 1 1 1 1"),
    ("listing_ending", "20000 10000 98 13 7 2 2 1"),
    ("listings_li_city_1091e3_idx", "20000 2223 1112"),
    ("listings_li_kind_893d63_idx", "20000 2500 1250 625 7"),
    ("listings_listing_party_id_ea7deaeb", "20000 12"),
)


def forwards(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        for statement in POSTGRESQL:
            schema_editor.execute(statement)
        return
    schema_editor.execute(SQLITE)
    schema_editor.execute("ANALYZE listings_savedsearch")  # makes the table, if it is not there
    for index, figures in SHAPE:
        schema_editor.execute(
            "INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ('listings_listing', %s, %s)",
            [index, figures],
        )
    schema_editor.execute("ANALYZE sqlite_schema")  # this connection is to know them too


def backwards(_apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE listings_searchtext DROP COLUMN grams, DROP COLUMN title_grams"
        )
        return
    schema_editor.execute("DROP TABLE listings_grams")
    schema_editor.execute("DELETE FROM sqlite_stat1 WHERE tbl = 'listings_listing'")


class Migration(migrations.Migration):
    dependencies = [("listings", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
