"""Putting the page together, and writing it whole or not at all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from jinja2 import Template
from markupsafe import Markup

from corridor.engine.factors import Corridor, Label, Side, kind
from corridor.engine.matching import Allocation, Result
from corridor.io import replacing

from . import cards, wording
from .cards import Apart
from .environment import environment
from .flows import draw, table
from .summary import UNFOUND, Summary, flows

#: Bytes of needs shown in full, and of needs that found nothing: the file stays below 6 MB.
ROOM_FOUND, ROOM_NOTHING = 5_000_000, 600_000

_ASKERS = {Side.NEED: Label("需求", "needs"), Side.OFFER: Label("供给", "offers")}


def write_report(
    path: str | Path,
    results: Iterable[Result],
    corridor: Corridor,
    *,
    lang: Literal["zh", "en"],
    title: Label,
    today: date,
    note: Label | None = None,
    allocation: Allocation | None = None,
    shown: int = 300,
) -> None:
    """Write what a run of the matcher found for needs, as one HTML file without any address in it.

    Args:
        path: the file; what stood there is replaced, whole or not at all.
        results: of needs; read once, and never held at once.
        corridor: whose cities the flow map shows.
        lang: the language the page opens in; it holds both.
        title: the heading, and the name of the document.
        today: the day it was made for.
        note: said beside the figures, such as that the data are synthetic.
        allocation: over all these needs; its pairs then make the flow map.
        shown: needs shown with their offers, spread evenly over the kinds. All are counted.

    Raises:
        InputError: nothing can be written there.
        ValueError: ``lang`` is neither.
    """
    if lang not in ("zh", "en"):
        raise ValueError(f"lang is zh or en, not {lang!r}")
    summary = Summary(corridor, shown)
    for result in results:
        summary.take(result)
    context = _context(summary, corridor, allocation)
    context |= {"corridor": corridor, "lang": lang, "title": title, "today": today, "note": note}
    with (
        replacing(Path(path)) as part,
        part.open("w", encoding="utf-8", errors="replace", newline="\n") as stream,
    ):
        stream.writelines(environment().get_template("page.html.j2").generate(context))


@dataclass(frozen=True, slots=True)
class Group:
    """The needs of one kind that are shown, of ``found`` that found something."""

    name: str
    label: Label
    found: int
    articles: list[Markup]


def _context(
    summary: Summary, corridor: Corridor, allocation: Allocation | None
) -> dict[str, object]:
    pairs = [] if allocation is None else [(need, offer) for need, offer, _ in allocation.chosen]
    moved = summary.flows if allocation is None else flows(corridor, pairs)
    groups = _groups(summary, corridor, allocation)
    nothing = [*_within(ROOM_NOTHING, _nothing(summary, corridor))]
    return {
        "asker": _ASKERS[summary.side],
        "total": summary.total,
        "kinds": [(name, kind(name).label, count) for name, count in summary.by_kind()],
        "allocation": _allocated(allocation, corridor, summary.side),
        "map": draw(corridor, moved),
        "table": table(corridor, moved),
        "groups": groups,
        "shown": sum(len(group.articles) for group in groups),
        "nothing": nothing,
        "in_full": cards.IN_FULL,
    }


def _allocated(
    allocation: Allocation | None, corridor: Corridor, side: Side
) -> dict[str, object] | None:
    if allocation is None:
        return None
    asking = [need if side is Side.NEED else offer for need, offer, _ in allocation.chosen]
    return {
        "chosen": len(allocation.chosen),
        "asked": len({(listing.kind, listing.id) for listing in asking}),
        "expected": f"{allocation.expected:,.1f}",
        "bound": f"{allocation.bound:,.1f}",
        "gap": wording.at_most(allocation.gap),
        "optimal": allocation.gap == 0,
        "short": [(wording.city(corridor, c), n) for c, n in allocation.shortfall.items()],
    }


def _groups(summary: Summary, corridor: Corridor, allocation: Allocation | None) -> list[Group]:
    """The needs shown, kind by kind; what passes the room is left out in round-robin order."""
    chosen = summary.shown()
    apart = cards.apart(chosen, () if allocation is None else allocation.chosen)
    template = environment().get_template("need.html.j2")
    texts = _within(
        ROOM_FOUND,
        (_need(template, corridor, r, apart.get(cards.key(r.listing), [])) for r in chosen),
    )
    articles: dict[str, list[Markup]] = {}
    for result, text in zip(chosen, texts, strict=False):
        articles.setdefault(result.listing.kind, []).append(text)
    return [
        Group(name, kind(name).label, count.found, articles[name])
        for name, count in summary.by_kind()
        if name in articles
    ]


def _need(template: Template, corridor: Corridor, result: Result, apart: list[Apart]) -> str:
    need, offers = cards.need(corridor, result.listing), cards.offers(corridor, result)
    others = [cards.other(corridor, listing, score) for listing, score in apart]
    more = len(result.found) - len(offers)
    return template.render(need=need, offers=offers, others=others, more=more)


def _nothing(summary: Summary, corridor: Corridor) -> Iterator[str]:
    template = environment().get_template("nothing.html.j2")
    for result in summary.unfound[:UNFOUND]:
        why = result.nothing.sentence() if result.nothing else None
        need = cards.need(corridor, result.listing)
        considered = result.nothing.considered if result.nothing else 0
        yield template.render(need=need, why=why, ways=cards.ways(result), considered=considered)


def _within(room: int, texts: Iterable[str]) -> Iterator[Markup]:
    """The texts, until the next would pass the room."""
    for text in texts:
        room -= len(text.encode(errors="replace"))
        if room < 0:
            return
        yield Markup(text)  # a template's own output: escaped where it was filled in
