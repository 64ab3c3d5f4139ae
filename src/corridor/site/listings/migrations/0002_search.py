"""The index over ``SearchText``: FTS5 on SQLite, a GIN-indexed tsvector on PostgreSQL.

Both hold pairs of neighbouring characters as ``search.grams`` writes them; ``search`` says why.
"""

from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE listings_grams USING fts5(title, body, content='', tokenize='ascii')""",
)
POSTGRESQL = (
    "ALTER TABLE listings_searchtext ADD COLUMN grams tsvector",
    "CREATE INDEX listings_grams ON listings_searchtext USING gin (grams)",
)


def forwards(apps, schema_editor):
    statements = {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]
    for statement in statements:
        schema_editor.execute(statement)


def backwards(apps, schema_editor):
    if schema_editor.connection.vendor == "sqlite":
        schema_editor.execute("DROP TABLE listings_grams")
    else:
        schema_editor.execute("ALTER TABLE listings_searchtext DROP COLUMN grams")


class Migration(migrations.Migration):
    dependencies = [("listings", "0001_initial")]
    operations = [migrations.RunPython(forwards, backwards)]
