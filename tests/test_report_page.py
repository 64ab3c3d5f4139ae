"""The report in a real browser: readable, reachable, inert and alone."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import SimpleNamespace

import pytest
from axe_playwright_python.sync_playwright import Axe

from corridor.engine.factors import Label, Side
from corridor.report.page import write_report

TITLE = Label("九城匹配报告", "Nine-city match report")
NOTE = Label("合成演示数据", "Synthetic demo data")
#: Cards out of sight are not laid out before they are scrolled to, so nothing can be said of them.
LAID_OUT = ".need{content-visibility:visible!important}"
ATTACKS = (
    "<script>window.hacked=1</script>",
    '"><img src=x onerror="window.hacked=1">',
    "</title></style></script><svg onload=window.hacked=1>",
    "{{ 7 * 7 }}",
    "' onmouseover='window.hacked=1",
)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory, matched: SimpleNamespace) -> Path:
    """A report with everything in it: an allocation, floors not met, needs that found nothing."""
    path = tmp_path_factory.mktemp("report") / "matches.html"
    found = [r for r in matched.allocated if r.found]
    nothing = [r for r in matched.allocated if not r.found][:8]
    write_report(
        path, found + nothing, matched.corridor, lang="zh", title=TITLE, today=matched.today,
        note=NOTE, allocation=matched.allocation, shown=10,
    )  # fmt: skip
    return path


@pytest.fixture
def page(browser, report: Path):
    """The report as opened, every request and every error of the page noted."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    opened = context.new_page()
    opened.requests, opened.errors = [], []
    opened.on("request", lambda r: opened.requests.append(r.url))
    opened.on("pageerror", lambda e: opened.errors.append(str(e)))
    opened.on("console", lambda m: opened.errors.append(m.text) if m.type == "error" else None)
    opened.goto(report.as_uri())
    yield opened
    context.close()


def switch(page, lang: str) -> None:
    page.locator(f"label[for=lang-{lang}]").click()


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_accessibility_violations_and_no_sideways_scroll(page, lang: str, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    switch(page, lang)
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true })")
    page.add_style_tag(content=LAID_OUT)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_page_asks_the_network_for_nothing(page, report: Path) -> None:
    page.locator("#filter").fill("嘉兴")
    assert [url for url in page.requests if not url.startswith("data:")] == [report.as_uri()]
    assert page.errors == []
    text = report.read_text(encoding="utf-8")
    assert "http://" not in text and "https://" not in text and "url(" not in text


def test_both_languages_are_there_and_only_one_is_seen(page) -> None:
    assert page.title() == TITLE.zh and page.locator("h1").inner_text() == TITLE.zh
    assert page.locator(".note").inner_text() == NOTE.zh
    switch(page, "en")
    assert page.locator("h1").inner_text() == TITLE.en
    assert page.title() == TITLE.en
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.locator("main [lang=zh]:visible").count() == 0
    page.keyboard.press("ArrowLeft")
    assert page.evaluate("document.documentElement.lang") == "zh-CN"


def test_headings_step_down_one_at_a_time(page) -> None:
    levels = page.eval_on_selector_all("h1,h2,h3,h4,h5,h6", "all => all.map(h => +h.tagName[1])")
    assert levels[0] == 1 and levels.count(1) == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_the_filter_keeps_the_needs_that_hold_every_word(page) -> None:
    cards = page.locator(".group .need")
    whole = cards.count()
    assert whole == 10
    number = cards.nth(3).locator(".meta span").first.text_content()
    page.locator("#filter").fill(f" {number.lower()}  ")
    assert page.locator(".group .need:visible").count() == 1
    assert page.locator(".group:visible").count() == 1
    assert "1" in page.locator("#seen").inner_text()
    page.locator("#filter").fill("no such thing")
    assert page.locator(".group:visible").count() == 0
    page.locator("#filter").fill("")
    assert page.locator(".group .need:visible").count() == whole


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_on_the_map_do_not_cover_each_other(page, lang: str) -> None:
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        switch(page, lang)
        boxes = page.eval_on_selector_all(
            f".spot text[lang={lang}]:not(.tip)",
            "all => all.map(t => t.getBBox()).map(b => [b.x, b.y, b.x + b.width, b.y + b.height])",
        )
        assert len(boxes) == 9
        for i, a in enumerate(boxes):
            assert a[0] >= 0 and a[2] <= 480
            for b in boxes[:i]:
                assert min(a[2], b[2]) <= max(a[0], b[0]) or min(a[3], b[3]) <= max(a[1], b[1])


def test_an_arrow_tells_its_number_when_it_has_the_focus(page) -> None:
    arrow = page.locator(".arrow").last
    tip = arrow.locator(".tip[lang=zh]")
    assert not tip.is_visible()
    arrow.focus()
    assert tip.is_visible()
    assert tip.text_content() == arrow.get_attribute("aria-label").split(" / ")[0]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_everything_is_readable_without_javascript(
    browser, tmp_path: Path, matched: SimpleNamespace, lang: str
) -> None:
    path = tmp_path / "m.html"
    write_report(
        path, matched.results, matched.corridor, lang=lang, title=TITLE, today=matched.today,
        note=None, allocation=None, shown=8,
    )  # fmt: skip
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(path.as_uri())
    other = "en" if lang == "zh" else "zh"
    assert page.title() == (TITLE.zh if lang == "zh" else TITLE.en)
    assert page.locator(".group .need:visible").count() == 8
    assert not page.locator("#filter").is_visible()
    page.locator("details.full summary").first.click()
    assert page.locator(".parts").first.is_visible()
    assert page.locator(f"main [lang={other}]:visible").count() == 0
    switch(page, other)
    assert page.locator(f"main [lang={lang}]:visible").count() == 0
    assert page.locator("h1").is_visible()
    context.close()


def attacked(one, text: str) -> SimpleNamespace:
    """The same result with the text wherever a listing or its reasons may hold one."""
    need = replace(one.listing, title=text, party=text, id=text, city=text, text=text)
    found = []
    for item in one.found:
        offer = replace(item.match.offer, title=text, party=text, id=text, city=text)
        match = replace(item.match, need=need, offer=offer)
        said = (Label(text, text + " "),)
        found.append(SimpleNamespace(match=match, reasons=said, hard=item.hard, chosen=item.chosen))
    return SimpleNamespace(listing=need, found=tuple(found), nothing=one.nothing)


@pytest.mark.parametrize("text", ATTACKS)
def test_what_listings_say_is_only_ever_text(
    browser, tmp_path: Path, matched: SimpleNamespace, text: str
) -> None:
    given = [attacked(r, text) for r in matched.allocated]
    corridor = replace(matched.corridor, name=Label(text, text))
    path = tmp_path / "m.html"
    write_report(
        path, given, corridor, lang="en", title=Label("标题" + text, text), today=matched.today,
        note=Label(text, text), allocation=matched.allocation, shown=12,
    )  # fmt: skip
    context = browser.new_context()
    page = context.new_page()
    seen = []
    page.on("request", lambda r: seen.append(r.url))
    page.goto(path.as_uri())
    page.locator(".need h4").first.hover()
    assert page.evaluate("window.hacked") is None
    assert page.evaluate("document.scripts.length") == 1
    assert page.locator("img, [onload], [onerror], [onmouseover], main script").count() == 0
    assert page.locator("h1").inner_text() == text
    assert page.locator(".need h4").first.inner_text() == text
    assert seen == [path.as_uri()]
    context.close()


def test_it_prints_without_tools_and_with_the_table(page) -> None:
    page.emulate_media(media="print")
    for hidden in (".langs", "#tools", ".jump"):
        assert not page.locator(hidden).first.is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.locator(".cities").is_visible()
    assert len(page.pdf()) > 10_000


def test_reasons_limits_and_parts_are_on_the_card(page, matched: SimpleNamespace) -> None:
    one = next(r for r in matched.allocated if r.found and r.listing.side is Side.NEED)
    card = page.locator(".group .need", has_text=one.listing.id).first
    page.add_style_tag(content=LAID_OUT)
    first = card.locator(".offer").first
    best = one.found[0]
    assert f"{best.match.score:.3f}" in first.inner_text()
    assert best.reasons[0].zh[:60] in first.inner_text()
    first.locator("summary").click()
    parts = first.locator(".parts li").all_inner_texts()
    shown = [text.split()[-1] for text in parts]
    values = best.match.parts.values()
    assert shown == ["—" if v is None else f"{v:.2f}" for v in values]
    assert first.locator(".full ul:not(.parts) li").count() == len(best.hard)
