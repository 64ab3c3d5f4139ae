"""The published instances of the meeting scheduling problem, each to proven optimality.

    python -m benchmarks meetings

Ours on all instances, then the peers beside it on the twenty originals. CPU seconds are those of the
solver's process, its start included.
"""

import json
import resource
from pathlib import Path
from typing import Any

from corridor.engine.meetings import Conference, Timetable, broken, schedule
from corridor.io.conference import read_instance

from .machine import describe
from .timetable_peers import SECONDS, max_sat, plain_cp_sat

DATA = Path(__file__).parents[2] / "shared" / "data" / "meetings"


def _cpu() -> float:
    own, others = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return own.ru_utime + own.ru_stime + others.ru_utime + others.ru_stime


def proven(found: Timetable, conference: Conference, published: int | str) -> bool:
    """Whether the published answer was reached and proven, by the checker that solvers share nothing with."""
    if published == "UNSAT":
        return found.status == "infeasible"
    good = found.status == "optimal" and found.idle == found.idle_bound == published
    return good and not broken(conference, found)


def main() -> None:
    """Print a row for each instance, and the totals against the bars."""
    published = json.loads((DATA / "published.json").read_text(encoding="utf-8"))
    print(
        f"{describe()}\n\n| instance | published | ours | CPU s | MaxSAT, published s |\n|---|---|---|---|---|"
    )
    times, good = dict[str, float](), 0
    for name in sorted(published):
        conference, want = read_instance(DATA / f"{name}.json"), published[name]["optimum"]
        begun = _cpu()
        found = schedule(conference)
        times[name] = _cpu() - begun
        ok = proven(found, conference, want)
        good += ok
        said = "infeasible" if found.status == "infeasible" else str(found.idle)
        anchor = published[name]["MaxSAT"]["time_s"]
        print(
            f"| {name} | {want} | {said}{'' if ok else ' NOT PROVEN'} | {times[name]:.1f} | {anchor} |",
            flush=True,
        )
    anchor = sum(row["MaxSAT"]["time_s"] or 0 for row in published.values())
    total, worst = sum(times.values()), max(times.values())
    print(f"\nproven {good} of {len(times)}; total {total:.0f} CPU s (bar 300), worst {worst:.1f} "
          f"(bar 120); MaxSAT as published, on its authors' machine: {anchor:.0f} s")  # fmt: skip
    beside([name for name in times if name.endswith(".original")], published, times)


def beside(names: list[str], published: dict[str, Any], ours: dict[str, float]) -> None:
    """The peers on some of the instances, with the seconds ours took."""
    print(f"\nPeers, {SECONDS} s of wall time an instance, CPU s:\n\n"
          "| instance | published | ours s | CP-SAT, plain | s | UWrMaxSAT, our clauses | s |\n"
          "|---|---|---|---|---|---|---|")  # fmt: skip
    spent, reached = [0.0, 0.0], [0, 0]
    for name in names:
        conference, want, row = read_instance(DATA / f"{name}.json"), published[name]["optimum"], ""
        for at, peer in enumerate((plain_cp_sat, max_sat)):
            begun = _cpu()
            said = peer(conference)
            spent[at] += _cpu() - begun
            reached[at] += said == str(want)
            row += f"| {said} | {_cpu() - begun:.1f} "
        print(f"| {name} | {want} | {ours[name]:.1f} {row}|", flush=True)
    own = sum(ours[name] for name in names)
    print(f"\nThese {len(names)}: ours in {own:.0f} CPU s; CP-SAT proves {reached[0]} in {spent[0]:.0f} "
          f"({spent[0] / own:.1f}×); UWrMaxSAT {reached[1]} in {spent[1]:.0f} "
          f"({spent[1] / own:.1f}×)")  # fmt: skip


if __name__ == "__main__":
    main()
