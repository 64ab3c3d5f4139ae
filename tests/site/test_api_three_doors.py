"""One engine, three doors: Python, the command line and the API find the same, for the same reasons."""

from __future__ import annotations

import json
from datetime import datetime, time
from pathlib import Path
from typing import Any

import pytest
from cast import cast, party
from django.conf import settings
from django.utils import timezone
from program import Program
from typer.testing import CliRunner

from corridor.cli import app
from corridor.demo import world
from corridor.engine import factors
from corridor.engine.factors import Side, all_kinds
from corridor.engine.matching import Matcher, results
from corridor.io import result_record, save
from corridor.site.core import jobs
from corridor.site.core.models import Job
from corridor.site.core.region import corridor
from corridor.site.listings.aftermath import market_changed
from corridor.site.listings.models import Listing
from corridor.site.listings.values import stored

Sides = dict[Side, list[factors.Listing]]


@pytest.fixture
def market(db: None) -> Sides:
    """The demo's listings on the site's market, as the engine takes them from there."""
    made = world(listings=240)
    parties: dict[str, int] = {}
    now = timezone.now()
    for one in (*made.needs, *made.offers):
        if one.party not in parties:
            number = len(parties) + 100
            parties[one.party] = party(f"主体{number}", "enterprise", "320500", number).pk
        noon = datetime.combine(one.published, time(12)) if one.published else datetime.now()
        Listing.objects.create(
            ref=one.id, party_id=parties[one.party], side=one.side, kind=one.kind, title=one.title,
            text=one.text, city=one.city, values=stored(one.values), must=sorted(one.must),
            flexible=sorted(one.flexible), capacity=one.capacity, state="published",
            published_at=timezone.make_aware(noon), expires_on=one.expires, changed_at=now,
        )  # fmt: skip
    sides: Sides = {side: [] for side in Side}
    for row in Listing.objects.order_by("pk"):
        sides[Side(row.side)].append(row.as_engine)
    return sides


def by_python(market: Sides) -> dict[str, Any]:
    matcher = Matcher(today=timezone.localdate(), distance=corridor().distance_km)
    matcher.fit(market[Side.OFFER], market[Side.NEED])
    found = results(matcher, matcher.match_all(market[Side.NEED]))
    return {record["need"]: record["matches"] for record in map(result_record, found)}


def by_command(market: Sides, folder: Path) -> dict[str, Any]:
    for side, listings in market.items():
        save(folder / f"{side}.jsonl", listings)
    said = CliRunner().invoke(
        app,
        ["match", str(folder / "need.jsonl"), str(folder / "offer.jsonl"), "--json", "--today",
         str(timezone.localdate()), "--corridor", str(settings.CORRIDOR_FILE)],
    )  # fmt: skip
    assert said.exit_code == 0, said.output
    return {record["need"]: record["matches"] for record in json.loads(said.stdout)}


def by_api(market: Sides) -> dict[str, Any]:
    for kind in all_kinds():
        market_changed(Listing(kind=kind))
        run = jobs.claim(kinds=frozenset({"docking.match"}))
        assert run is not None
        jobs.perform(run)
        assert Job.objects.get(pk=run.job.pk).state == "done"
    office = Program(cast().office)
    found = {}
    for need in market[Side.NEED]:
        matches = office("GET", f"/listings/{need.id}/matches").json["matches"]
        for match in matches:
            del match["party"], match["url"]
            match["offer"] = match.pop("ref")
        found[need.id] = matches
    return found


def test_three_doors_give_equal_scores_and_reasons(market: Sides, tmp_path: Path) -> None:
    python, command, api = by_python(market), by_command(market, tmp_path), by_api(market)
    assert sum(map(len, python.values())) > 100
    assert command == python
    assert api == python
