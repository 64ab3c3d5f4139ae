"""Results on a terminal."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from rich.table import Table
from rich.text import Text

from corridor.engine.factors import Corridor, Label, Listing, kind
from corridor.engine.matching import PARTS, Allocation, Found, Match, Result, counterpart
from corridor.report.cards import PART_LABELS
from corridor.report.wording import at_most, city, rate

from . import console


def summary(
    matched: Sequence[tuple[Listing, list[Match]]],
    allocation: Allocation | None,
    corridor: Corridor,
    lang: console.Lang,
) -> None:
    """How many found something, out of how many; and what the allocation is worth."""
    total, some = len(matched), sum(bool(found) for _, found in matched)
    sure = sum(any(m.verified and m.limits for m in found) for _, found in matched)
    lines = [
        Label(
            f"{total} 条中 {some} 条有匹配（{rate(some, total)}），{sure} 条有硬性条件全部核实的结果"
            f"（{rate(sure, total)}）。",
            f"{some} of {total} found something ({rate(some, total)}), {sure} one whose hard limits "
            f"are all verified ({rate(sure, total)}).",
        )
    ]
    if allocation is not None:
        lines += _allocated(allocation, corridor)
    for line in lines:
        console.out.print(line[lang.at], markup=False)


def _allocated(allocation: Allocation, corridor: Corridor) -> Iterator[Label]:
    far = at_most(allocation.gap)
    bounded = Label(f"距最优不超过 {far}", f"proven within {far} of the best")
    if allocation.floored:
        bounded = Label(f"比不设城市下限时的上界少 {far}", f"{far} below the bound without floors")
    yield Label(
        f"统筹选中 {len(allocation.chosen)} 对，得分合计 {allocation.expected:.1f}，{bounded.zh}"
        "（得分未经成交校准，仅供比较）。",
        f"Allocation chose {len(allocation.chosen)} pairs, total score {allocation.expected:.1f}, "
        f"{bounded.en} (scores are not calibrated on outcomes; compare only).",
    )
    for code, short in allocation.shortfall.items():
        name = city(corridor, code)
        yield Label(
            f"{name.zh}：离下限还差 {short} 项，承接数或可行的配对不够。",
            f"{name.en}: {short} short of its floor; capacity or possible pairs ran out.",
        )


def table(told: Iterable[Result], lang: console.Lang, most: int) -> None:
    """The first ``most`` listings with their three best counterparts."""
    for result in islice(told, most):
        console.out.print(_listing_table(result, lang))


def _listing_table(result: Result, lang: console.Lang) -> Table:
    shape = kind(result.listing.kind).label[lang.at]
    head = console.plain(f"[{shape}] {result.listing.id} {result.listing.title}")
    grid = Table(
        title=Text(head), title_justify="left", title_style="bold", expand=True, show_lines=True
    )
    heads = (("得分", "对象", "理由"), ("Score", "Counterpart", "Reasons"))[lang.at]
    for name, ratio in zip(heads, (None, 1, 2), strict=True):
        grid.add_column(name, width=None if ratio else 7, ratio=ratio, overflow="fold")
    for found in result.found[:3]:
        who, why = _who(result.listing, found, lang), "\n".join(_why(found, lang))
        grid.add_row(f"{found.match.score:.3f}", Text(who), Text(console.plain(why)))
    if result.nothing is not None:
        none = Label("没有匹配", "Nothing found")[lang.at]
        grid.add_row("–", none, Text(console.plain(result.nothing.sentence()[lang.at])))
    return grid


def _who(listing: Listing, found: Found, lang: console.Lang) -> str:
    other, match = counterpart(listing, found.match), found.match
    mark = "–" if not match.limits else "✓" if match.verified else "?"
    lines = [console.plain(other.title), console.plain(other.id)]
    lines.append(f"{mark} {match.standing[lang.at]}")
    if found.chosen:
        lines.append(Label("★ 统筹选中", "★ chosen by allocation")[lang.at])
    return "\n".join(lines)


def _why(found: Found, lang: console.Lang) -> Iterator[str]:
    for number, reason in enumerate(found.reasons, 1):
        yield f"{number}. {reason[lang.at]}"
    parts = ((p, found.match.parts[p]) for p in PARTS)
    yield " ".join(f"{PART_LABELS[p][lang.at]} {v:.2f}" for p, v in parts if v is not None)
