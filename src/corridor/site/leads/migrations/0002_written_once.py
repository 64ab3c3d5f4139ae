"""首报时间, the city that had the lead first, and terms both cities agreed to: written once."""

from django.db import migrations

#: Table, and when an update of a row of it is refused. ``is_other`` is filled in by database.
RULES = (
    (
        "leads_lead",
        "NEW.first_reported_at {is_other} OLD.first_reported_at"
        " OR (OLD.first_city <> '' AND NEW.first_city {is_other} OLD.first_city)",
    ),
    (
        "leads_circulation",
        "OLD.state = 'accepted' AND (NEW.state <> 'accepted' OR NEW.kept <> OLD.kept"
        " OR NEW.from_city <> OLD.from_city OR NEW.to_city <> OLD.to_city"
        " OR NEW.lead_id <> OLD.lead_id)",
    ),
)


def create(apps, schema_editor):
    """Refuse such updates, whoever asks."""
    served = schema_editor.connection.vendor == "postgresql"
    if served:
        schema_editor.execute(
            "CREATE FUNCTION leads_written_once() RETURNS trigger LANGUAGE plpgsql AS $$"
            "BEGIN RAISE EXCEPTION '% is written once', TG_TABLE_NAME; END $$",
            params=None,
        )
    for table, rule in RULES:
        when = rule.format(is_other="IS DISTINCT FROM" if served else "IS NOT")
        head = f"CREATE TRIGGER {table}_written_once BEFORE UPDATE ON {table} FOR EACH ROW WHEN ({when})"
        tail = (
            " EXECUTE FUNCTION leads_written_once()"
            if served
            else f" BEGIN SELECT RAISE(ABORT, '{table} is written once'); END"
        )
        schema_editor.execute(head + tail, params=None)


def drop(apps, schema_editor):
    """Allow them again."""
    served = schema_editor.connection.vendor == "postgresql"
    for table, _rule in RULES:
        schema_editor.execute(f"DROP TRIGGER {table}_written_once" + (f" ON {table}" if served else ""))
    if served:
        schema_editor.execute("DROP FUNCTION leads_written_once()")


class Migration(migrations.Migration):
    dependencies = [("leads", "0001_initial")]
    operations = [migrations.RunPython(create, drop)]
