"""``corridor match``: needs against offers."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from corridor.engine.factors import Corridor, Label, Listing, Side
from corridor.engine.matching import (
    Allocation,
    Matcher,
    NoSolver,
    Pool,
    Result,
    allocate,
    results,
)
from corridor.io import result_record, save_table, side_columns, table_rows
from corridor.report.page import write_report

from . import console, options, show
from .inputs import Inputs
from .pasted import pasted_need

T = TypeVar("T")
TABLES = (".csv", ".xlsx", ".jsonl", ".parquet")


@dataclass(frozen=True, slots=True)
class Job:
    """What a run matches and how."""

    asking: Sequence[Listing]
    matcher: Matcher
    corridor: Corridor
    top: int
    title: Label
    note: Label | None = None
    floors: dict[str, int] | None = None
    allocated: bool = False


def match(
    needs: options.NeedsArgument = None,
    offers: options.OffersArgument = None,
    output: options.OutputOption = None,
    text: options.TextOption = None,
    top: options.TopOption = 10,
    kind: options.KindOption = None,
    reverse: options.ReverseOption = False,
    allocated: options.AllocateOption = False,
    floor: options.FloorOption = None,
    skip_bad: options.SkipOption = False,
    corridor: options.CorridorOption = None,
    today: options.TodayOption = None,
    lang: options.LangOption = console.Lang.ZH,
    as_json: options.JsonOption = False,
) -> None:
    """供需匹配：硬性条件绝不违反，每条结果说明理由。/ Match needs with offers and explain every result."""
    with console.errors_explained():
        place, when = console.corridor(corridor), console.day(today)
        for path in output or ():
            _check_output(path, (needs, offers))
        inputs = Inputs(place, when, console.kind_name(kind), skip_bad)
        floors = _floors(floor, place)
        if text is not None:
            _only_shows(output, reverse or allocated or bool(floor))
            pasted_need(text, offers or needs, inputs, top=top, lang=lang, as_json=as_json)
            return
        if needs is None or offers is None:
            raise console.usage(
                "需要两个文件：corridor match 需求文件 供给文件；或 --text “一段需求”",
                'two files are wanted: corridor match NEEDS OFFERS; or --text "a need"',
            )
        job = _job(inputs, needs, offers, Side.OFFER if reverse else Side.NEED, top)
        job = replace(job, floors=floors, allocated=allocated or bool(floor))
        run(job, output or [], lang, as_json=as_json)


def _job(inputs: Inputs, needs: Path, offers: Path, asking: Side, top: int) -> Job:
    sides = {
        Side.NEED: inputs.load(needs, Side.NEED),
        Side.OFFER: inputs.load(offers, Side.OFFER),
    }
    matcher = Matcher(today=inputs.today, distance=inputs.corridor.distance_km)
    matcher.fit(sides[Side.OFFER], sides[Side.NEED] if asking is Side.OFFER else ())
    title = Label(f"{needs.stem} × {offers.stem}", f"{needs.stem} × {offers.stem}")
    return Job(sides[asking], matcher, inputs.corridor, top, title)


def run(job: Job, output: Sequence[Path], lang: console.Lang, *, as_json: bool) -> None:
    """Match, allocate when asked, and write everything that was asked for."""
    pool = Pool() if job.allocated else None
    with console.progress(Label("匹配", "matching"), len(job.asking), quiet=as_json) as step:
        found = job.matcher.match_all(job.asking, job.top, pool)
        matched = list(_counted(found, step))
    allocation = None if pool is None else _allocated(pool, job.floors)
    chosen = allocation.chosen if allocation else None

    def told() -> Iterator[Result]:
        return results(job.matcher, matched, chosen)

    for path in output:
        what = Label(f"写出 {path.name}", "writing")
        with console.progress(what, len(matched), quiet=as_json) as step:
            _write(path, job, _counted(told(), step), allocation, lang)
    if as_json:
        _print_json(told())
    else:
        show.summary(matched, allocation, job.corridor, lang)
        show.table(told(), lang, most=20 if not output else 5)
        for path in output:
            console.say(Label(f"已写出 {path}", f"wrote {path}"))


def _allocated(pool: Pool, floors: dict[str, int] | None) -> Allocation | None:
    try:
        return allocate(pool, floors=floors)
    except NoSolver as missing:
        console.say(Label("已略去统筹分配：", "no allocation was made: ") + missing.label)
        return None


def _counted(told: Iterable[T], step: Callable[[int], None]) -> Iterator[T]:
    for item in told:
        yield item
        step(1)


def _write(
    path: Path, job: Job, told: Iterable[Result], allocation: Allocation | None, lang: console.Lang
) -> None:
    if path.suffix.lower() == ".html":
        write_report(path, told, job.corridor, lang=lang.value, title=job.title,
                     today=job.matcher.today, note=job.note, allocation=allocation)  # fmt: skip
        return
    side = job.asking[0].side if job.asking else Side.NEED
    save_table(path, side_columns(side, lang.at), table_rows(told, lang.at))


def _print_json(told: Iterable[Result]) -> None:
    """A JSON list, written as it comes so that a large run needs no second copy in memory."""
    console.utf8()
    first = True
    sys.stdout.write("[")
    for result in told:
        sys.stdout.write("\n" if first else ",\n")
        sys.stdout.write(json.dumps(result_record(result), ensure_ascii=False))
        first = False
    sys.stdout.write("\n]\n")


def _check_output(path: Path, inputs: tuple[Path | None, ...]) -> None:
    allowed = (*TABLES, ".html")
    if path.suffix.lower() not in allowed:
        raise console.usage(f"{path}：结果文件的后缀应为 {' '.join(allowed)}",
                            f"{path}: the suffix must be one of {' '.join(allowed)}")  # fmt: skip
    if not path.parent.is_dir():
        raise console.usage(f"{path.parent}：没有这个目录", f"{path.parent}: no such directory")
    if any(one and one.exists() and path.exists() and path.samefile(one) for one in inputs):
        raise console.usage(
            f"{path} 是输入文件，请换一个名字", f"{path} is an input file: choose another name"
        )


def _only_shows(output: Sequence[Path] | None, more: bool) -> None:
    if output or more:
        raise console.usage(
            "--text 只显示结果，不能与 -o、--reverse、--allocate、--floor 同用",
            "--text only shows what it finds: no -o, --reverse, --allocate or --floor with it",
        )


def _floors(specs: list[str] | None, place: Corridor) -> dict[str, int] | None:
    floors: dict[str, int] = {}
    for spec in specs or ():
        name, _, number = spec.partition("=")
        city = next((c for c in place.cities if name in (c.code, c.label.zh, c.label.en)), None)
        if city is None or not (number.isascii() and number.isdigit() and len(number) < 8):
            cities = "、".join(c.label.zh for c in place.cities)
            raise console.usage(f"--floor 应写成 城市=数，如 {place.cities[0].label.zh}=20；城市可选：{cities}",
                                f"--floor wants CITY=N with a city of the corridor, got {spec}")  # fmt: skip
        floors[city.code] = int(number)
    return floors or None
