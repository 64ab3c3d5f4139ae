"""The pages of the market in the tests: what is offered there, and what a page says."""

from __future__ import annotations

from html import unescape
from typing import Any

from cast import listing
from django.test import Client

from corridor.engine.factors import Range
from corridor.site.listings import search
from corridor.site.listings.models import Listing
from corridor.site.listings.values import stored

LIST = "/listings/"


def offered(of: Any, **given: Any) -> Listing:
    """An offer of a workshop, to be found."""
    values = {"area": Range.exactly(6000), "premises": frozenset({"single"})}
    made = listing(
        of, **{"side": "offer", "title": "单层厂房出租", "values": stored(values)} | given
    )
    search.index(made)
    return made


def html(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, answer
    return unescape(answer.content.decode())


NEED = "我司计划在苏州租5000平以上单层厂房，净高8米以上，电话13812345678，请尽快联系"
