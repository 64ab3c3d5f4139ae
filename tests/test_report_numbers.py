"""What the report says is what the results hold; and it holds few of them."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from types import SimpleNamespace

import pytest

from corridor.engine.factors import City, Corridor, Label, Listing, Side, all_kinds
from corridor.engine.matching import Allocation, Check, Match, Nothing
from corridor.io import InputError
from corridor.report.cards import IN_FULL, OFFERS
from corridor.report.geometry import FONT, WIDTH, lay_out, place_names
from corridor.report.page import write_report
from corridor.report.summary import UNFOUND, Summary
from corridor.report.wording import at_most, rate

TODAY = date(2026, 11, 22)
CORRIDOR = Corridor(
    Label("两城走廊", "Two-city corridor"),
    (
        City("330400", Label("嘉兴", "Jiaxing"), 30.75, 120.76),
        City("330100", Label("杭州", "Hangzhou"), 30.27, 120.15),
    ),
)


@dataclass
class Found:
    """As the engine's, with what it says given instead of worked out."""

    match: Match
    reasons: tuple[Label, ...] = ()
    hard: tuple[Check, ...] = ()
    chosen: bool | None = None


@dataclass
class Result:
    """As the engine's, with the reason given."""

    listing: Listing
    found: tuple[Found, ...]
    nothing: Nothing | None


TITLE = Label("匹配报告", "Match report")


def listing(number: int, side: Side, kind: str, **more) -> Listing:
    city = more.pop("city", "330400" if number % 2 else "330100")
    return Listing(f"{side.value}-{number}", side, kind, f"{kind} {number}", city=city, **more)


def result(number: int, kind: str, found: int, *, verified: bool = True) -> Result:
    need = listing(number, Side.NEED, kind)
    pairs = tuple(
        Found(
            Match(need, listing(i, Side.OFFER, kind), 0.9 - i / 100, {"text": 0.5}, verified),
            (Label("理由", "reason"),),
        )
        for i in range(found)
    )
    return Result(need, pairs, None if found else Nothing(Side.NEED, None, 3, (), None))


def written(path: Path, results, **more) -> str:
    kept = {"lang": "zh", "title": TITLE, "today": TODAY, "note": None, **more}
    write_report(path, results, kept.pop("corridor", CORRIDOR), **kept)
    return path.read_text(encoding="utf-8")


def figures(page: str, which: str = "figures") -> list[tuple[str, ...]]:
    """The fractions of a figure row, as written."""
    row = re.search(rf"<dl class=figures id={which}>(.*?)</dl>", page, re.S).group(1)
    return re.findall(r"([\d,]+) / ([\d,]+)", row)


def test_figures_and_kinds_agree_with_the_results(tmp_path: Path, matched: SimpleNamespace) -> None:
    page = written(tmp_path / "m.html", iter(matched.results), corridor=matched.corridor)
    needs = len(matched.results)
    found = sum(1 for r in matched.results if len(r.found) > 0)
    verified = sum(1 for r in matched.results if [f for f in r.found if f.match.verified])
    assert 0 < verified < found < needs
    assert figures(page) == [(str(n), str(needs)) for n in (found, verified, needs - found)]
    table = re.search(r"<table id=kinds>(.*?)</table>", page, re.S).group(1)
    rows = [[int(n) for n in re.findall(r"<td[^>]*>(\d+)", row)] for row in table.split("<tr>")[2:]]
    by_kind = Counter(r.listing.kind for r in matched.results)
    assert [row[0] for row in rows] == [*(by_kind[k] for k in all_kinds() if by_kind[k]), needs]
    assert rows[-1] == [needs, found, verified, needs - found]
    assert [sum(column) for column in zip(*rows[:-1], strict=True)] == rows[-1]


def flow_table(page: str) -> list[list[int]]:
    table = re.search(r"<table class=cities>(.*?)</table>", page, re.S).group(1)
    return [
        [int(n.replace(",", "")) for n in re.findall(r"<td[^>]*>([\d,]+)", row)]
        for row in table.split("<tr>")[2:]
    ]


def test_flows_are_of_the_best_matches(tmp_path: Path, matched: SimpleNamespace) -> None:
    page = written(tmp_path / "m.html", matched.results, corridor=matched.corridor)
    wanted = Counter(
        (r.listing.city, r.found[0].match.offer.city) for r in matched.results if r.found
    )
    codes = matched.corridor.codes
    assert {c for pair in wanted for c in pair} <= set(codes)
    rows = flow_table(page)
    assert [row[:-1] for row in rows[:-1]] == [[wanted[a, b] for b in codes] for a in codes]
    assert rows[-1][-1] == wanted.total()


def test_flows_are_of_the_allocation_when_there_is_one(
    tmp_path: Path, matched: SimpleNamespace
) -> None:
    allocation = matched.allocation
    page = written(
        tmp_path / "m.html", matched.allocated, corridor=matched.corridor, allocation=allocation
    )
    wanted = Counter((need.city, offer.city) for need, offer, _ in allocation.chosen)
    codes = matched.corridor.codes
    assert [row[:-1] for row in flow_table(page)[:-1]] == [
        [wanted[a, b] for b in codes] for a in codes
    ]
    introduced = {(need.kind, need.id) for need, _, _ in allocation.chosen}
    assert figures(page, "allocation") == [(str(len(introduced)), str(len(matched.results)))]
    row = re.search(r"<dl class=figures id=allocation>(.*?)</dl>", page, re.S).group(1)
    assert f">{len(allocation.chosen)}<" in row
    assert f"{allocation.expected:,.1f}" in row and f"{allocation.bound:,.1f}" in row
    (short,) = allocation.shortfall.values()
    assert f"缺 {short:,} 项" in page and f"{short:,} short" in page


def test_cities_outside_the_corridor_have_their_own_line(tmp_path: Path) -> None:
    one = result(1, "space", 1)
    away = replace(one, listing=replace(one.listing, city="110000"))
    match = replace(one.found[0].match, need=away.listing)
    page = written(
        tmp_path / "m.html", [Result(away.listing, (replace(one.found[0], match=match),), None)]
    )
    assert flow_table(page) == [[0, 0, 0, 0], [0, 0, 0, 0], [0, 1, 0, 1], [0, 1, 0, 1]]
    assert "走廊外或未写明" in page


def test_shown_needs_are_taken_from_the_kinds_in_turn() -> None:
    kinds = [*all_kinds()][:3]
    summary = Summary(CORRIDOR, 8)
    given = [result(i, kinds[0], 1) for i in range(50)]
    given += [result(100, kinds[1], 0)] + [result(100 + i, kinds[1], 1) for i in range(1, 3)]
    given += [result(200 + i, kinds[2], 1) for i in range(9)]
    for one in reversed(given):
        summary.take(one)
    shown = summary.shown()
    assert [r.listing.kind for r in shown] == [*kinds, *kinds, kinds[0], kinds[2]]
    assert [r.listing.id for r in shown[:3]] == ["need-49", "need-102", "need-208"]


def test_what_is_not_shown_is_counted(tmp_path: Path) -> None:
    given = [result(i, "space", 1) for i in range(30)]
    given += [result(100 + i, "talent", 0) for i in range(UNFOUND + 7)]
    page = written(tmp_path / "m.html", given, shown=12)
    assert page.count('<article class="card need">') == 12 + UNFOUND
    assert "其余 18 条未在此列出，结果表文件含全部" in page
    assert "另有 7 条未在此列出，结果表文件含全部" in page
    assert "没有供给满足全部硬性条件。" in page and "No offer passes every hard limit." in page


def test_a_need_lists_its_best_offers_and_says_how_many_more(tmp_path: Path) -> None:
    page = written(tmp_path / "m.html", [result(1, "space", 14)])
    assert page.count('<li class="offer') == OFFERS
    assert page.count("<details class=full>") == IN_FULL
    assert "另有 4 条未在此列出" in page


def test_chosen_offers_are_marked_wherever_they_stand(tmp_path: Path) -> None:
    one = result(1, "space", 14)
    last = replace(one.found[13], chosen=True)
    one = replace(one, found=(*one.found[:13], last))
    far = listing(77, Side.OFFER, "space")
    chosen = ((one.listing, last.match.offer, last.match.score), (one.listing, far, 0.41))
    page = written(
        tmp_path / "m.html", [one], allocation=Allocation(chosen, expected=1.2, bound=1.2, gap=0.0)
    )
    assert page.count("<b class=pick-me>★ <span lang=zh>统筹选中</span>") == 1
    assert "<span class=rank>14</span>" in page
    assert "不在所列最佳之内" in page and "space 77" in page
    assert "已证明最优" in page


def test_contacts_never_appear(tmp_path: Path, matched: SimpleNamespace) -> None:
    secret = "contact 138" + "****0000"
    one = result(1, "space", 2)
    hidden = [
        replace(f, match=replace(f.match, offer=replace(f.match.offer, contact=secret)))
        for f in one.found
    ]
    one = Result(replace(one.listing, contact=secret), tuple(hidden), None)
    assert "****" not in written(tmp_path / "a.html", [one])
    assert "****" not in written(tmp_path / "b.html", matched.results, corridor=matched.corridor)


def test_ten_thousand_needs_keep_the_file_small_and_memory_flat(tmp_path: Path) -> None:
    alive, most, kinds = Counter(), 0, [*all_kinds()]

    class Counted(tuple):
        __slots__ = ()

        def __new__(cls, items):
            alive["now"] += 1
            return super().__new__(cls, items)

        def __del__(self):
            alive["now"] -= 1

    def stream() -> Iterator[Result]:
        nonlocal most
        for i in range(10_000):
            one = result(i, kinds[i % 8], 3 if i % 10 else 0)
            yield replace(one, found=Counted(one.found))
            del one
            most = max(most, alive["now"])

    page = written(tmp_path / "m.html", stream())
    assert figures(page)[0] == ("9,000", "10,000")
    assert most <= 300 + UNFOUND + 5
    assert len(page.encode()) < 6_000_000


def test_a_real_stream_stays_below_the_limit(tmp_path: Path, matched: SimpleNamespace) -> None:
    def stream() -> Iterator[Result]:
        while True:
            yield from matched.results

    path = tmp_path / "m.html"
    page = written(path, islice(stream(), 3_000), corridor=matched.corridor)
    assert 1_000_000 < path.stat().st_size < 6_000_000
    assert ">3,000<" in page


def test_listings_of_any_length_stay_below_the_limit(tmp_path: Path) -> None:
    one = result(1, "space", 10)
    wide = Label("理由" * 20_000, "reason " * 20_000)
    many = replace(one, found=tuple(replace(f, reasons=(wide,) * 3) for f in one.found))
    many = replace(many, listing=replace(many.listing, title="长" * 30_000, party="长" * 9_000))
    path = tmp_path / "m.html"
    page = written(path, [many] * 2_000)
    assert path.stat().st_size < 6_000_000
    left = 2_000 - page.count('<article class="card need">')
    assert left > 1_700 and f"其余 {left:,} 条未在此列出" in page


def test_equal_results_give_equal_bytes(tmp_path: Path, matched: SimpleNamespace) -> None:
    pages = [
        written(tmp_path / f"{n}.html", matched.results, corridor=matched.corridor) for n in "ab"
    ]
    assert pages[0] == pages[1]


def test_a_run_that_fails_leaves_what_stood_there(tmp_path: Path) -> None:
    def broken() -> Iterator[Result]:
        yield result(1, "space", 1)
        raise RuntimeError("gone")

    path = tmp_path / "m.html"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(RuntimeError, match="gone"):
        written(path, broken())
    assert path.read_text(encoding="utf-8") == "old"
    assert [*tmp_path.iterdir()] == [path]


def test_bad_arguments_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="lang"):
        written(tmp_path / "m.html", [], lang="fr")
    with pytest.raises(InputError):
        written(tmp_path / "none" / "m.html", [])


def test_nothing_at_all_is_still_a_page(tmp_path: Path) -> None:
    page = written(tmp_path / "m.html", [])
    assert figures(page) == [("0", "0")] * 3
    assert "—" in page and "%" not in re.search(r"<main>(.*)</main>", page, re.S).group(1)


def test_offers_that_ask_are_called_offers(tmp_path: Path) -> None:
    need, offer = listing(1, Side.NEED, "space"), listing(2, Side.OFFER, "space")
    found = Found(Match(need, offer, 0.7, {}, True))
    page = written(tmp_path / "m.html", [Result(offer, (found,), None)])
    assert "参与匹配的供给" in page and "Offers matched" in page
    assert "参与匹配的需求" not in page
    assert page.index("space 2") < page.index("space 1")


@pytest.mark.parametrize(
    ("part", "whole", "text"),
    [
        (0, 0, "—"),
        (0, 9, "0.0%"),
        (9, 9, "100.0%"),
        (1, 3, "33.3%"),
        (1, 9999, "<0.1%"),
        (9998, 9999, ">99.9%"),
    ],
)
def test_rates_are_0_and_100_only_when_exact(part: int, whole: int, text: str) -> None:
    assert rate(part, whole) == text


@pytest.mark.parametrize(
    ("gap", "text"), [(0.0, "0%"), (0.00123, "0.13%"), (0.1, "10%"), (1e-7, "0.01%")]
)
def test_a_bound_is_rounded_up(gap: float, text: str) -> None:
    share = at_most(gap)
    assert share == text and Decimal(share[:-1]) >= Decimal(str(gap)) * 100


@pytest.mark.parametrize("count", [1, 2, 9])
def test_circles_do_not_touch_and_stay_on_the_page(count: int) -> None:
    cities = [
        City(str(i), Label(f"城{i}", f"City {i}"), 29 + (i * i % 7) / 2, 117 + i * 0.6)
        for i in range(count)
    ]
    circles, height = lay_out(cities, {c.code: 10 * i for i, c in enumerate(cities)})
    texts = place_names(circles, [f"{c.label.en} 10" for c in circles], height)
    assert len(texts) == count
    for i, a in enumerate(circles):
        assert a.r <= a.x <= WIDTH - a.r and a.r <= a.y <= height - a.r - FONT / 2
        for b in circles[:i]:
            assert (a.x - b.x) ** 2 + (a.y - b.y) ** 2 > (a.r + b.r) ** 2
