"""Results on a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.console import Console
from rich.table import Table
from rich.text import Text

from corridor.engine.factors import Label, Listing, kind
from corridor.engine.matching import PARTS, Allocation, Found, Match, Result, counterpart

from . import console

PART_LABELS = {
    "text": Label("文字", "text"), "industry": Label("行业", "industry"), "soft": Label("偏好", "wishes"),
    "distance": Label("距离", "distance"), "freshness": Label("时效", "fresh"),
    "reciprocity": Label("互惠", "mutual"),
}  # fmt: skip
out = Console(highlight=False)


def summary(
    matched: Sequence[tuple[Listing, list[Match]]],
    allocation: Allocation | None,
    lang: console.Lang,
) -> None:
    """How many found something, out of how many; and what the allocation is worth."""
    total, some = len(matched), sum(bool(found) for _, found in matched)
    sure = sum(any(m.verified for m in found) for _, found in matched)
    share = f"{some / total:.1%}" if total else "–"
    lines = [Label(f"{total} 条中 {some} 条有匹配（{share}），其中 {sure} 条有硬性条件全部核实的结果。",
                   f"{some} of {total} found something ({share}); {sure} found a fully verified one.")]  # fmt: skip
    if allocation is not None:
        lines.append(Label(
            f"统筹分配 {len(allocation.chosen)} 对，得分合计 {allocation.expected:.1f}，"
            f"距最优不超过 {allocation.gap:.2%}（得分未经成交校准，仅供比较）。",
            f"Allocated {len(allocation.chosen)} pairs, total score {allocation.expected:.1f}, proven "
            f"within {allocation.gap:.2%} of the best (scores are not calibrated on outcomes)."))  # fmt: skip
        lines += [Label(f"{city}：下限还差 {short} 项，没有可行的配对。",
                        f"{city}: {short} short of its floor; no pair is possible.")
                  for city, short in allocation.shortfall.items()]  # fmt: skip
    for line in lines:
        out.print(line[lang.at], markup=False)


def table(told: Iterable[Result], lang: console.Lang, most: int) -> None:
    """The first ``most`` listings with their three best counterparts."""
    for result in islice(told, most):
        out.print(_listing_table(result, lang))


def _listing_table(result: Result, lang: console.Lang) -> Table:
    head = (
        f"[{kind(result.listing.kind).label[lang.at]}] {result.listing.id} {result.listing.title}"
    )
    grid = Table(
        title=Text(head), title_justify="left", title_style="bold", expand=True, show_lines=True
    )
    zh = lang is console.Lang.ZH
    for name, width in (("得分" if zh else "Score", 7), ("对象" if zh else "Counterpart", None),
                        ("理由" if zh else "Reasons", None)):  # fmt: skip
        grid.add_column(name, width=width, ratio=None if width else 1 if "对象" in name else 2)
    for found in result.found[:3]:
        grid.add_row(f"{found.match.score:.3f}", Text(_who(result.listing, found, lang)),
                     Text("\n".join(_why(found, lang))))  # fmt: skip
    if result.nothing is not None:
        grid.add_row("–", Text("没有匹配" if zh else "Nothing found"),
                     Text(result.nothing.sentence()[lang.at]))  # fmt: skip
    return grid


def _who(listing: Listing, found: Found, lang: console.Lang) -> str:
    other = counterpart(listing, found.match)
    state = (
        Label("✓ 已核实", "✓ verified")
        if found.match.verified
        else Label("? 待核实", "? to verify")
    )
    chosen = ("", "\n" + Label("★ 统筹分配", "★ allocated")[lang.at])[bool(found.chosen)]
    return f"{other.title}\n{other.id} {state[lang.at]}{chosen}"


def _why(found: Found, lang: console.Lang) -> Iterator[str]:
    for number, reason in enumerate(found.reasons, 1):
        yield f"{number}. {reason[lang.at]}"
    parts = ((p, found.match.parts[p]) for p in PARTS)
    yield " ".join(f"{PART_LABELS[p][lang.at]} {v:.2f}" for p, v in parts if v is not None)
