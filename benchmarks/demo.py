"""Speed and memory on the synthetic world of 20,000 listings, beside the peer's text search.

The peer does a part of the work: BM25 over all offers of the kind, no limits, no explanation.
"""

import statistics
import sys
import time
from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

from corridor.demo import TODAY, corridor_file, world
from corridor.engine.factors import Listing, Side
from corridor.engine.matching import Matcher, Pool, allocate, results
from corridor.io import load, read_corridor, save

from .machine import describe, peak_mb, timed
from .peer import Peer

Spent = dict[str, tuple[float, float]]


def one_by_one(matcher: Matcher, needs: list[Listing]) -> tuple[float, float]:
    """Median and 99th percentile of matching one need and explaining ten results, in ms."""
    taken = []
    for need in needs:
        started = time.perf_counter()
        for match in matcher.match(need):
            matcher.explain_match(match)
        taken.append((time.perf_counter() - started) * 1000)
    return statistics.median(taken), sorted(taken)[int(len(taken) * 0.99)]


def peer(offers: list[Listing], needs: list[Listing], spent: Spent) -> None:
    """bm25s per kind: index all offers, the best ten for every need."""
    by_kind: dict[str, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    for listing in (*offers, *needs):
        text = f"{listing.title}\n{listing.text}"
        by_kind[listing.kind][listing.side is Side.NEED].append(text)
    with timed(spent, "peer: text only, all needs"):
        for documents, queries in by_kind.values():
            Peer(documents).search(queries, top=10)


def main(listings: int) -> None:
    """Print the table."""
    print(f"{describe()}\nsynthetic world, {listings} listings\n")
    spent: Spent = {}
    with timed(spent, "make the world"):
        made = world(listings=listings)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "offers.jsonl"
        save(path, made.offers)
        needs = list(made.needs)
        del made  # what is measured from here on holds the offers once, as read from the file
        place = read_corridor(str(corridor_file()))
        with timed(spent, "load offers from jsonl + fit"):
            offers = load(path, today=TODAY, near=place.codes).listings
            matcher = Matcher(today=TODAY, distance=place.distance_km).fit(offers)
    matcher.match(needs[0])
    median, p99 = one_by_one(matcher, needs[:1000])
    pool = Pool()
    with timed(spent, "all needs × all offers"):
        matched = list(matcher.match_all(needs, top=10, pool=pool))
    with timed(spent, "allocate over everyone"):
        best = allocate(pool)
    job_peak = peak_mb()
    with timed(spent, "explain every result"):
        sum(len(f.reasons) for r in results(matcher, matched) for f in r.found)
    peer(list(offers), needs, spent)
    print("| step | wall s | CPU s |\n|---|---|---|")
    for step, (wall, cpu) in spent.items():
        print(f"| {step} | {wall:.2f} | {cpu:.2f} |")
    print(f"\none need matched, ten results explained: median {median:.1f} ms, p99 {p99:.1f} ms")
    print(f"pairs that pass: {len(pool.arrays()[0])}; chosen {len(best.chosen)}; "
          f"total {best.expected:.2f}; proven gap {best.gap:.2g}")  # fmt: skip
    mine = spent["all needs × all offers"][1]
    print(
        f"ratio of CPU time, peer (text only) / ours: {spent['peer: text only, all needs'][1] / mine:.2f}"
    )
    print(
        f"peak memory up to allocation {job_peak:.0f} MB; with all explanations {peak_mb():.0f} MB"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20_000)
