"""docs/api.md is run as it stands: its commands against the site, its snippet against a signature."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest
from cast import Cast, cast
from program import token_for

from corridor.site.api import webhooks
from corridor.site.docking import actions as docking
from corridor.site.docking.models import Introduction
from corridor.site.leads.models import Lead
from corridor.site.listings import actions
from corridor.site.listings.models import Listing

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)


def published(people: Cast) -> None:
    """The reviewers let the need onto the market, and someone asks about it."""
    need = Listing.objects.get()
    actions.pass_city(people.suzhou, need)
    actions.publish(people.office, need)
    docking.ask(people.bob, need, cooperation="lease", question="何时要？", agreed=True)


@pytest.mark.skipif(not shutil.which("curl"), reason="no curl")
def test_the_commands_do_what_is_said(site: str, tmp_path: Path) -> None:
    people = cast()
    (tmp_path / "state").write_text(
        f"CORRIDOR={site}\nTOKEN={token_for(people.alice)}\n", encoding="utf-8"
    )
    commands = blocks("sh")
    said = []
    for number, block in enumerate(commands):
        if "/matches" in block:
            published(people)
        kept = "{ declare -p CORRIDOR TOKEN NEED INTRO 2> /dev/null || true; declare -f; } > new"
        script = f"set -euo pipefail\n. ./state\n{block}\n{kept}\nmv new state\n"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, (number, done.stdout, done.stderr)
        said.append(done.stdout)
    assert json.loads(said[0]) == json.loads(blocks("json")[0])
    assert json.loads(said[1])["state"] == "city_review"
    need = Listing.objects.get()
    assert (need.state, need.contact_phone.reveal()) == ("published", "13800001234")
    assert '"code"' not in "".join(said)
    intro = Introduction.objects.get()
    assert intro.state == "accepted"
    assert "1391234" in said[-2]
    assert Lead.objects.get().company == "示例装备有限公司"


def test_what_is_agreed_to_is_quoted() -> None:
    assert actions.consent_text() in PAGE


def test_the_snippet_knows_a_signature_from_a_forgery() -> None:
    given: dict[str, Any] = {}
    exec(blocks("python")[0], given)
    genuine, secret, body = given["genuine"], "s3cret", json.dumps({"id": 1}).encode()
    now = int(time.time())
    header = webhooks.signature(secret, now, body)
    assert genuine(secret, header, body)
    assert not genuine("other", header, body)
    assert not genuine(secret, header, body + b" ")
    assert not genuine(secret, header.replace(str(now), str(now + 1)), body)
    assert not genuine(secret, webhooks.signature(secret, now - 3600, body), body)
    for forged in ("", "t=,v1=", "t=x,v1=y", f"t={now}", "v1=x"):
        assert not genuine(secret, forged, body)


def test_every_answer_it_shows_is_json_and_every_status_is_told() -> None:
    for block in blocks("json"):
        assert json.loads(block)
    for status in (400, 401, 403, 404, 409, 422, 429):
        assert f"| {status} |" in PAGE


def test_the_table_names_the_events_that_all_are_told_of() -> None:
    told = re.findall(r"`(listing\.\w+)`", PAGE.split("## 推送")[1])
    assert set(told) == webhooks.OPEN_VERBS
