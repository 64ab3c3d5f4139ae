"""Entries of the audit, consents and reveals are written once: the database refuses the rest."""

from django.db import migrations

TABLES = ("core_auditentry", "core_consent", "core_reveal")


def create(apps, schema_editor):
    """Refuse updates and deletions, whoever asks."""
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION corridor_append_only() RETURNS trigger LANGUAGE plpgsql AS $$"
            "BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
            params=None,
        )
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE"
                f" ON {table} FOR EACH STATEMENT EXECUTE FUNCTION corridor_append_only()"
            )
            continue
        for what in ("update", "delete"):
            schema_editor.execute(
                f"CREATE TRIGGER {table}_append_only_{what} BEFORE {what} ON {table}"
                f" BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )


def drop(apps, schema_editor):
    """Allow them again."""
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            continue
        for what in ("update", "delete"):
            schema_editor.execute(f"DROP TRIGGER {table}_append_only_{what}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION corridor_append_only()")


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
