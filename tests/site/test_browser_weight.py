"""What a first visit costs: all that the browser fetches for the home page and for a full list."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING, Any

import pytest
from cast import cast, listing

if TYPE_CHECKING:
    from playwright.sync_api import Response

#: Bytes, compressed.
ALL, SCRIPTS = 120_000, 40_000


def weight(response: Response) -> int:
    """The bytes of an answer as it came, or as a proxy would compress them."""
    if response.headers.get("content-encoding"):
        return response.request.sizes()["responseBodySize"]
    return len(gzip.compress(response.body()))


@pytest.mark.parametrize("url", ["/", "/listings/", "/listings/?kind=space&side=need"])
def test_the_first_view_is_light(new_page: Any, url: str) -> None:
    people = cast()
    for at in range(40):
        of = (people.alice, people.bob, people.carol)[at % 3]
        listing(of, title=f"求租带行车的单层厂房，第{at}处", side=("need", "offer")[at % 2])
    page, responses = new_page(width=390), []
    page.on("response", lambda response: responses.append(response))
    page.goto(url, wait_until="networkidle")
    found = {response.url: weight(response) for response in responses}
    scripts = {at: size for at, size in found.items() if at.partition("?")[0].endswith(".js")}
    assert any(at.endswith(".css") for at in found) and len(scripts) >= 2
    assert sum(found.values()) <= ALL, found
    assert sum(scripts.values()) <= SCRIPTS, scripts
