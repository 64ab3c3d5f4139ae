"""``corridor sample``: the synthetic nine-city world as files, matched."""

import time
from pathlib import Path

import typer

from corridor.demo import TODAY, World, corridor_file, world
from corridor.engine.factors import Label
from corridor.engine.matching import Matcher
from corridor.io import read_corridor, save

from . import console, options
from .match import Job, run

NOTE = Label(
    "合成演示数据：九城为真，主体与供需均为虚构，数字不代表任何实际情况。",
    "Synthetic demo data: real cities, invented parties and listings; no figure is a fact.",
)


def sample(
    data: options.DataOption = Path("sample-data"),
    listings: options.ListingsOption = 20_000,
    seed: options.SeedOption = 7,
    top: options.TopOption = 10,
    lang: options.LangOption = console.Lang.ZH,
    as_json: options.JsonOption = False,
) -> None:
    """生成九城示例文件并匹配。/ Make the nine-city world as files and match it."""
    with console.errors_explained():
        started = time.perf_counter()
        data.mkdir(parents=True, exist_ok=True)
        made = _world(listings, seed, data, quiet=as_json)
        place = read_corridor(Path(str(corridor_file())))
        matcher = Matcher(today=TODAY, distance=place.distance_km).fit(made.offers)
        outputs = [data / "matches.xlsx", data / "matches.html"]
        title = Label("九城要素对接（演示）", "Nine-city docking (demo)")
        job = Job(made.needs, matcher, place, top, title, NOTE, allocated=True)
        if not as_json:
            typer.echo(NOTE[lang.at])
        run(job, outputs, lang, as_json=as_json)
        seconds = time.perf_counter() - started
        page = (data / "matches.html").resolve().as_uri()
        console.say(
            Label(f"用时 {seconds:.0f} 秒。打开 {page}", f"took {seconds:.0f} s. Open {page}")
        )


def _world(listings: int, seed: int, data: Path, *, quiet: bool) -> World:
    """Make the world and leave it as two workbooks, so that the next command has input."""
    with console.progress(Label("生成演示世界", "making the world"), 3, quiet=quiet) as step:
        made = world(seed=seed, listings=listings, today=TODAY)
        step(1)
        for name, group in (("needs.xlsx", made.needs), ("offers.xlsx", made.offers)):
            save(data / name, group)
            step(1)
    return made
