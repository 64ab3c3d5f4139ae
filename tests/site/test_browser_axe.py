"""Every page of the site in a real browser: no fault by WCAG 2.2 AA, in both languages and sizes.

A page that no sight shows fails: each template that extends the base is to be seen here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.conf import settings as site_settings
from django.test.signals import template_rendered
from playwright.sync_api import Error
from sights import FAIL, Sight, Sights

import corridor.site
from corridor.site.leads import front

if TYPE_CHECKING:
    from playwright.sync_api import Page

LANGUAGE = site_settings.LANGUAGE_COOKIE_NAME
SIZES = (1280, 390)

LOOK = """async () => {
  document.querySelectorAll("#main details, aside details").forEach((one) => (one.open = true));
  scrollTo(0, document.documentElement.scrollHeight);  // what sticks to the edge is at its place
  const { violations } = await axe.run(document, {
    runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"],
    resultTypes: ["violations"],
    preload: false,
  });
  const words = [document.title];
  const own = (node) => !node.closest("[lang^=zh], script");
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const node = texts.currentNode.parentElement;
    if (own(node) && node.tagName !== "TEXTAREA") words.push(texts.currentNode.data);
  }
  for (const name of ["aria-label", "placeholder", "title", "alt", "data-confirm", "data-announce"]) {
    document.querySelectorAll(`body [${name}]`).forEach((one) => {
      if (own(one)) words.push(one.getAttribute(name));
    });
  }
  return {
    faults: violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.target.join(" ")}: ${node.html.slice(0, 160)}`)),
    lang: document.documentElement.lang,
    heads: document.querySelectorAll("h1").length,
    wide: document.documentElement.scrollWidth > innerWidth,
    han: words.map((text) => text.trim()).filter((text) => /\\p{Script=Han}/u.test(text)),
  };
}"""


def pages_of_the_site() -> set[str]:
    """The names of the templates that extend another, and so come to the base."""
    found = set()
    for path in Path(corridor.site.__file__).parent.glob("*/templates/**/*.html"):
        if path.read_text().lstrip().startswith("{% extends"):
            found.add(path.as_posix().rpartition("/templates/")[2])
    assert len(found) > 50
    return found


@pytest.fixture
def rendered() -> Iterator[set[str]]:
    """The names of the templates that were rendered, in whichever thread."""
    names: set[str] = set()

    def note(template: Any, **_more: Any) -> None:
        if template.name:
            names.add(template.name)

    template_rendered.connect(note)
    yield names
    template_rendered.disconnect(note)


@pytest.fixture
def patient(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who has logged in need not show it again in this run; what is asked to fail, fails."""
    settings.ACCOUNT_REAUTHENTICATION_TIMEOUT = 3600
    referrer = front.referrer

    def failing(code: str) -> Any:
        if code == FAIL:
            raise RuntimeError("asked to fail")
        return referrer(code)

    monkeypatch.setattr(front, "referrer", failing)


class Walk:
    """One look at everything, in both languages and sizes; what was wrong is kept with its places."""

    def __init__(self, page: Page, site: str, sights: Sights) -> None:
        self.page, self.site, self.sights = page, site, sights
        self.typed = sights.typed()
        self.wrong: dict[str, list[str]] = {}
        page.emulate_media(reduced_motion="reduce")

    def all(self) -> None:
        """Look at everything there is."""
        for sight in self.sights.all():
            for language in ("zh-hans", "en"):
                self._be(sight.who, language)
                try:
                    self._look(sight, language)
                except Error as error:  # the others are to be seen as well
                    self._note(str(error)[:400], sight, language)

    def _be(self, who: str, language: str) -> None:
        cookies = {LANGUAGE: language}
        if who != "public":
            held = self.sights.client(who).cookies
            cookies = {key: one.value for key, one in held.items()} | cookies
        self.page.context.clear_cookies()
        self.page.context.add_cookies(
            [{"name": name, "value": value, "url": self.site} for name, value in cookies.items()]
        )

    def _look(self, sight: Sight, language: str) -> None:
        self.page.set_viewport_size({"width": SIZES[0], "height": 844})
        self.page.goto(sight.url)
        if sight.act is not None:
            sight.act(self.page)
        self.page.evaluate(AXE_SCRIPT)
        for width in SIZES:
            self.page.set_viewport_size({"width": width, "height": 844})
            for fault in self._faults(self.page.evaluate(LOOK), language):
                self._note(fault, sight, language, width)

    def _faults(self, said: dict[str, Any], language: str) -> Iterator[str]:
        yield from said["faults"]
        if said["lang"] != language:
            yield f"lang is {said['lang']}"
        if said["heads"] != 1:
            yield f"{said['heads']} h1"
        if said["wide"]:
            yield "wider than the screen"
        if language == "en":
            yield from (f"Chinese: {text}" for text in said["han"] if self._left(text))

    def _left(self, text: str) -> bool:
        """Whether a text has Chinese in it that nobody typed."""
        for typed in self.typed:
            text = text.replace(typed, "")
        return re.search(r"[一-鿿]", text) is not None

    def _note(self, fault: str, sight: Sight, language: str, width: int = 0) -> None:
        where = f"{sight.name} ({sight.who}) {sight.url} {language} {width or ''}"
        self.wrong.setdefault(fault, []).append(where)


def test_every_page_is_without_fault(
    new_page: Any, site: str, rendered: set[str], patient: None
) -> None:
    sights = Sights()
    rendered.clear()
    walk = Walk(new_page(), site, sights)
    walk.all()
    told = [f"{fault}\n    at {len(at)}: {at[0]}" for fault, at in walk.wrong.items()]
    told += [f"never seen: {name}" for name in sorted(pages_of_the_site() - rendered)]
    assert not told, "\n".join(told)
