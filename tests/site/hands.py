"""Two ways to use a page: the keyboard alone, and a finger on a phone without JavaScript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: More stops than any page has.
STOPS = 250


class Keys:
    """The keyboard alone: Tab to it, then Enter, Space, arrows or letters. No pointer."""

    width, javascript = 1280, True

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, selector: str) -> None:
        """Tab until the focus is on what is looked for, round the page once if need be."""
        for _ in range(STOPS):
            if self._on(selector):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"no Tab leads to {selector} on {self.page.url}")

    def _on(self, selector: str) -> Any:
        return self.page.evaluate("(wanted) => document.activeElement.matches(wanted)", selector)

    def type(self, selector: str, text: str) -> None:
        """Type into a field, in place of what is there."""
        self.to(selector)
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(text)

    def tick(self, selector: str) -> None:
        """Tick a box."""
        self.to(selector)
        self.page.keyboard.press("Space")

    def choose(self, name: str, value: str) -> None:
        """Choose from a list or among radio buttons, with the arrows."""
        self.to(f"[name={name}]")
        if not self._on("select, :checked"):
            self.page.keyboard.press("Space")
        for _ in range(STOPS):
            if self.page.evaluate("document.activeElement.value") == value:
                return
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"no arrow leads to {value} in {name}")

    def open(self, selector: str) -> None:
        """Open what is folded."""
        self.to(selector)
        self.page.keyboard.press("Enter")

    def go(self, selector: str) -> None:
        """Press a link or a button that leads to another page."""
        self.to(selector)
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")


class Finger:
    """A finger on a phone whose browser runs no JavaScript."""

    width, javascript = 390, False

    def __init__(self, page: Page) -> None:
        self.page = page

    def type(self, selector: str, text: str) -> None:
        """Type into a field, in place of what is there."""
        self.page.locator(selector).first.fill(text)

    def tick(self, selector: str) -> None:
        """Tick a box."""
        self.page.locator(selector).first.check()

    def choose(self, name: str, value: str) -> None:
        """Choose from a list or among radio buttons."""
        field = self.page.locator(f"select[name={name}]")
        if field.count():
            field.select_option(value)
        else:
            self.page.locator(f"[name={name}][value={value}]").check()

    def open(self, selector: str) -> None:
        """Open what is folded."""
        self.page.locator(selector).first.click()

    def go(self, selector: str) -> None:
        """Press a link or a button that leads to another page."""
        with self.page.expect_navigation():
            self.page.locator(selector).first.click()
