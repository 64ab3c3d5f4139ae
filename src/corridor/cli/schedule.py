"""``corridor schedule``: the best timetable of a conference, or the proof that there is none."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import typer
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from corridor.engine.factors import Label, join
from corridor.engine.meetings import (
    WAYS_LABEL,
    Conference,
    Conflict,
    OnProgress,
    Status,
    Timetable,
    broken,
    conflict,
    conflict_label,
    reliefs,
    way_label,
    why_not,
    wish_label,
)
from corridor.engine.meetings import schedule as best
from corridor.io import InputError, replacing
from corridor.io.conference import (
    read_conference,
    read_instance,
    read_timetable,
    timetable_record,
    write_calendars,
    write_timetable,
)
from corridor.report.timetable import STATUS, write_timetable_page

from . import console, options

#: Ways to hold more that are told.
RELIEFS = 5
#: Seconds to look for a conflict where nobody says how long.
PATIENCE = 30.0
_ITEM = Label("  · ", "  - ")


def schedule(
    conference: options.ConferenceArgument,
    output: options.TimetableOption = None,
    calendars: options.CalendarsOption = None,
    check: options.CheckOption = None,
    time_limit: options.LimitOption = None,
    seed: options.SeedOption = 0,
    lang: options.LangOption = console.Lang.ZH,
    as_json: options.JsonOption = False,
) -> None:
    """排洽谈时间表：能谈的都谈上，空档最少，并给出证明。/ Timetable a conference, with the proof of its worth."""
    with console.errors_explained():
        for path in output or ():
            _check_output(path)
        asked = read_instance(conference) if _is_json(conference) else read_conference(conference)
        if check is not None:
            _check(asked, check, lang, as_json=as_json)
            return
        begun = time.monotonic()
        with _watched(quiet=as_json) as watch:
            found = best(asked, seed=seed, limit=time_limit, progress=watch)
        spent = time.monotonic() - begun
        left = PATIENCE if time_limit is None else time_limit - spent
        found, why = _explained(asked, found, left)
        _write(asked, found, why, output or [], calendars, conference.stem, lang)
        if as_json:
            console.utf8()
            typer.echo(json.dumps(timetable_record(asked, found, why), ensure_ascii=False))
        else:
            _show(asked, found, why, lang)


def _is_json(path: Path) -> bool:
    return path.suffix.lower() == ".json"


def _explained(
    asked: Conference, found: Timetable, limit: float
) -> tuple[Timetable, Conflict | None]:
    """The wishes in conflict where not all hold; they prove that there is no timetable, too."""
    lacking = found.missing_bound > 0 if found.slot else bool(asked.meetings)
    why = conflict(asked, limit=limit) if lacking and limit > 0 else None
    if why is not None and not why.promises and found.status is Status.UNKNOWN:
        found = replace(found, status=Status.INFEASIBLE)
    return found, why


def _check_output(path: Path) -> None:
    if path.suffix.lower() not in (".xlsx", ".html", ".json"):
        raise console.usage(
            f"{path}：时间表的后缀应为 .xlsx、.html 或 .json",
            f"{path}: a timetable is .xlsx, .html or .json",
        )


@contextmanager
def _watched(*, quiet: bool) -> Iterator[OnProgress]:
    """A line on the terminal that shows the best value and the bound so far."""
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(
        *columns, console=console.err, disable=quiet or not console.err.is_terminal
    ) as bar:
        task = bar.add_task("排表 timetabling", total=None)

        def watch(found: Timetable) -> None:
            said = (
                f"排上 held {found.held} ≤ {found.held_bound} · "
                f"空档 idle {found.idle} ≥ {found.idle_bound}"
            )
            bar.update(task, description=said)

        yield watch


def _write(
    asked: Conference,
    found: Timetable,
    conflict: Conflict | None,
    output: list[Path],
    calendars: Path | None,
    name: str,
    lang: console.Lang,
) -> None:
    why = why_not(asked, found) if output and found.slot else {}
    for path in output:
        match path.suffix.lower():
            case ".xlsx":
                write_timetable(path, asked, found, why, conflict, lang=lang.value)
            case ".json":
                with replacing(path) as part:
                    record = timetable_record(asked, found, conflict)
                    part.write_text(json.dumps(record), encoding="utf-8")
            case _:
                title = Label(f"{name} 时间表", f"{name}: timetable")
                write_timetable_page(
                    path, asked, found, why, conflict, lang=lang.value, title=title
                )
        console.say(Label(f"已写出 {path}", f"wrote {path}"))
    if calendars is not None:
        count = write_calendars(calendars, asked, found, stamp=datetime.now(UTC), lang=lang.value)
        console.say(
            Label(
                f"已写出 {calendars} 下 {count} 个日历", f"wrote {count} calendars in {calendars}"
            )
        )


def _show(asked: Conference, found: Timetable, why: Conflict | None, lang: console.Lang) -> None:
    """What was found, and what would hold more; for no timetable, what stands in the way."""
    total = len(asked.meetings)
    lines = [
        Label("结果：", "Result: ") + STATUS[found.status],
        Label(
            f"{total} 个洽谈排上 {len(found.slot)} 个，价值 {found.held}（上界 {found.held_bound}）；"
            f"空档 {found.idle} 段（下界 {found.idle_bound}）。",
            f"{len(found.slot)} of {total} meetings are held, value {found.held} (bound "
            f"{found.held_bound}); idle periods {found.idle} (bound {found.idle_bound}).",
        ),
    ]
    if found.missing:
        lines.append(
            Label(
                f"承诺的场数还差 {found.missing} 场。",
                f"{found.missing} promised meetings are missing.",
            )
        )
    if not found.slot and total:
        lines = lines[:1]
    elif len(found.slot) < total:
        lines += [one.label for one in reliefs(asked, found)[:RELIEFS]]
    if why is not None:
        lines += _in_conflict(asked, why)
    elif found.status is Status.INFEASIBLE:
        lines.append(
            Label("时限内没有找出冲突的要求。", "The wishes in conflict were not found in time.")
        )
    for line in lines:
        console.out.print(console.plain(line[lang.at]), markup=False)


def _in_conflict(asked: Conference, why: Conflict) -> Iterator[Label]:
    """The wishes in conflict, those of one rule in a row, and what would free them."""
    yield conflict_label(why)
    for _, alike in groupby(why.wishes, key=lambda one: one.rule):
        yield _ITEM + join([wish_label(asked, one) for one in alike], "；", "; ")
    if why.ways:
        yield WAYS_LABEL
        yield from (_ITEM + way_label(asked, way) for way in why.ways)


def _check(asked: Conference, path: Path, lang: console.Lang, *, as_json: bool) -> None:
    """Say which rules a timetable breaks; none is exit code 0."""
    slot, table = read_timetable(path)
    try:
        said = Timetable.of(asked, slot, table)
    except KeyError as error:
        raise InputError(path, f"没有洽谈 {error}", f"there is no meeting {error}") from None
    wrong = broken(asked, said)
    if as_json:
        console.utf8()
        record = {
            "valid": not wrong,
            "held": said.held,
            "idle": said.idle,
            "broken_zh": [label.zh for label in wrong],
            "broken_en": [label.en for label in wrong],
        }
        typer.echo(json.dumps(record, ensure_ascii=False))
    else:
        good = Label("没有违反任何规则。", "No rule is broken.")
        for label in wrong or (good,):
            console.out.print(console.plain(label[lang.at]), markup=False)
    if wrong:
        raise typer.Exit(console.DATA_ERROR)
