"""Real data: 371 technology needs, 2,000 research results, 20,000 graded query-title pairs.

The labelled figures compare our text score with the peer's on the same retrieval tasks. The main
job has no labels; its figure is time, and its results are there to be looked at.
"""

import csv
import json
import sys
from pathlib import Path

from corridor.engine.factors import Listing, Side
from corridor.engine.matching import Matcher, TextSearch, ranking_quality, results

from .machine import describe, peak_mb, timed
from .peer import Peer

DATA = Path(__file__).parents[2] / "shared" / "data" / "matching"
Task = tuple[dict[str, str], dict[str, str], dict[str, dict[str, float]]]


def needs() -> list[dict[str, str]]:
    """Rows of id, title, text."""
    with (DATA / "needs.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def title_to_body() -> Task:
    """Each need's title should find its own body, from which the title is cut out."""
    queries, documents, judged = {}, {}, {}
    for row in needs():
        title, body = row["title"].strip(), row["text"].replace(row["title"].strip(), "")
        if len(title) >= 4 and len(body) >= 20:
            queries[row["id"]], documents[row["id"]] = title, body
            judged[row["id"]] = {row["id"]: 1.0}
    return queries, documents, judged


def query_to_title(titles: int = 8000, queries: int = 1000) -> Task:
    """The first 8,000 distinct titles, and the first 1,000 queries with a relevant one in them."""
    rows = [json.loads(line) for line in (DATA / "query_title_labels.jsonl").open(encoding="utf-8")]
    held = {t: f"t{i}" for i, t in enumerate(dict.fromkeys(r["title"] for r in rows)) if i < titles}
    judged: dict[str, dict[str, float]] = {}
    for row in rows:
        if row["title"] in held:
            judged.setdefault(row["query"], {})[held[row["title"]]] = float(row["grade"])
    kept = [q for q, grades in judged.items() if any(grades.values())][:queries]
    return {q: q for q in kept}, {i: t for t, i in held.items()}, {q: judged[q] for q in kept}


def compare(name: str, task: Task) -> None:
    """One row each for ours and the peer."""
    queries, documents, judged = task
    ids, spent = list(documents), {}
    with timed(spent, "ours"):
        search = TextSearch().fit(documents.items())
        ours = {q: [d for d, _ in search.search(text, top=100)] for q, text in queries.items()}
    with timed(spent, "peer"):
        peer = Peer(list(documents.values()))
        found = peer.search(list(queries.values()), top=100)
        theirs = {q: [ids[i] for i in row] for q, row in zip(queries, found, strict=True)}
    print(f"\n{name}: {len(queries)} queries, {len(documents)} documents")
    print("| | nDCG@10 | recall@10 | MRR | index + all queries, CPU s |\n|---|---|---|---|---|")
    for label, run, key in (
        ("Corridor text score", ours, "ours"),
        ("bm25s + rjieba words", theirs, "peer"),
    ):
        q = ranking_quality(run, judged)
        print(f"| {label} | {q.ndcg:.4f} | {q.recall:.4f} | {q.mrr:.4f} | {spent[key][1]:.2f} |")
    print(f"ratio of CPU time, peer / ours: {spent['peer'][1] / spent['ours'][1]:.2f}")


def main_job() -> None:
    """371 real needs against 2,000 real results, through the matcher, all explained."""
    from datetime import date

    asked = [
        Listing(r["id"], Side.NEED, "technology", r["title"][:200], r["text"]) for r in needs()
    ]
    lines = (json.loads(line) for line in (DATA / "results.jsonl").open(encoding="utf-8"))
    held = [Listing(r["id"], Side.OFFER, "technology", r["title"], r["abstract"]) for r in lines]
    spent: dict[str, tuple[float, float]] = {}
    with timed(spent, "fit"):
        matcher = Matcher(today=date(2026, 11, 22)).fit(held)
    with timed(spent, "match"):
        matched = list(matcher.match_all(asked, top=10))
    with timed(spent, "explain"):
        told = [[f.reasons for f in r.found] for r in results(matcher, matched)]
    texts = [f"{o.title}\n{o.text}" for o in held]
    with timed(spent, "peer"):
        Peer(texts).search([f"{n.title}\n{n.text}" for n in asked], top=10)
    ours = spent["fit"][1] + spent["match"][1]
    print(f"\nThe main job: {len(asked)} needs × {len(held)} results, top 10, every pair explained "
          f"({sum(map(len, told))} explanations)")  # fmt: skip
    print("| step | wall s | CPU s |\n|---|---|---|")
    for step, (wall, cpu) in spent.items():
        print(f"| {step} | {wall:.2f} | {cpu:.2f} |")
    print(
        f"ratio of CPU time, peer (text only) / ours (fit + match, all parts): {spent['peer'][1] / ours:.2f}"
    )


def main() -> None:
    """Print every table."""
    if not DATA.is_dir():
        sys.exit(f"no data at {DATA}: this benchmark needs the shared data beside the checkout")
    print(describe())
    # compile once, outside the clock
    TextSearch().fit([("a", "预热")]).search("预热")
    compare("need title → need body", title_to_body())
    compare("query → title (graded 0–2)", query_to_title())
    main_job()
    print(f"peak memory {peak_mb():.0f} MB")


if __name__ == "__main__":
    main()
