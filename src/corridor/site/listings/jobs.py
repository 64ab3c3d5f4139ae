"""Long and periodic work on listings."""

from datetime import timedelta
from typing import Any

from django.db.models import Count
from django.urls import reverse
from django.utils import translation

from corridor.engine.factors import Label
from corridor.io import BadRows, InputError, Loaded

from ..core.jobs import Run, job
from ..notices.actions import notify, to_bureau
from . import actions, exporting, import_report, importing, notices, saved
from .importing import MAX_ROWS, Import
from .models import Listing, State


@job("listings.clock", every=timedelta(hours=6))
def by_the_clock(run: Run) -> None:
    """Expire and remind. Doing it again does nothing again."""
    del run
    actions.expire_due()
    actions.remind_due()


@job("listings.finds", every=timedelta(days=1))
def look_for_finds(run: Run) -> None:
    """Tell those who keep a search of what is new under it."""
    del run
    saved.tell_finds()


@job("listings.import", heavy=True)
def import_file(run: Run) -> None:
    """Import a file: all rows, or none and every reason why; or the good ones where asked."""
    made = importing.begun(run)
    with translation.override(made.wish.language):
        loaded = _loaded(made)
        if loaded is None:
            return
        ready = made.checked(loaded)
        made.errors += loaded.errors
        if made.errors and not made.wish.skip_bad:
            _end(made, import_report.of_rows(made))
            return
        count = made.write(ready)
        _end(made, import_report.of_import(made, loaded, count))


def _loaded(made: Import) -> Loaded | None:
    try:
        return made.read()
    except BadRows as error:
        made.errors = list(error.errors)
        _end(made, import_report.of_rows(made))
    except InputError as error:
        _end(made, import_report.of_file(error.label))
    except importing.TooMany:
        said = Label(
            f"一次最多导入 {MAX_ROWS:,} 行，请拆成几个文件",
            f"at most {MAX_ROWS:,} rows at a time; split the file",
        )
        _end(made, import_report.of_file(said))
    return None


def _end(made: Import, outcome: dict[str, Any]) -> None:
    file = import_report.error_file(made)
    outcome["url"] = reverse("listings:imported", args=[made.run.job.pk])
    with made.run.finish(**outcome) as result:
        result["upload"] = file.pk if file else None
        if outcome.get("created") and made.wish.submit:
            _tell_bureaus(made)


def _tell_bureaus(made: Import) -> None:
    """One notice to each city's bureau, however many rows there were."""
    since = made.run.job.created_at
    fresh = Listing.objects.filter(
        party=made.party, author=made.actor.user, created_at__gte=since, state=State.CITY_REVIEW
    ).exclude(import_key="")
    for city, count in fresh.order_by().values_list("city").annotate(n=Count("pk")):
        params = {"party": made.party.name, "n": count}
        url = reverse("listings:review")
        notify(to_bureau(city), notices.IMPORTED, made.upload, url, params, but=made.actor)


@job("listings.export")
def export_file(run: Run) -> None:
    """Write a large export to a file of the party that asked."""
    asked = exporting.asked_again(run.payload)
    with translation.override(asked.language):
        upload = exporting.write(asked, run.progress)
        with run.finish() as result:
            exporting.noted(asked, upload)
            result["upload"] = upload.pk
