"""The life cycles in docs/architecture.md are drawn from the tables that the site keeps to."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.utils import translation

import corridor.site
from corridor.site.conference.lifecycle import CONFERENCE, MEETING, PARTICIPANT
from corridor.site.conference.models import Conference, Meeting, Participant
from corridor.site.core.lifecycle import Lifecycle
from corridor.site.core.memberships import INVITATION, REQUEST
from corridor.site.core.models import Invitation, MembershipRequest
from corridor.site.docking.lifecycle import INTRODUCTION
from corridor.site.docking.models import Introduction
from corridor.site.leads.lifecycle import CIRCULATION, LEAD
from corridor.site.leads.models import Circulation, Lead
from corridor.site.listings.lifecycle import LISTING
from corridor.site.listings.models import Listing

PAGE = Path(__file__).parents[2] / "docs" / "architecture.md"
SITE = Path(corridor.site.__file__).parent
CYCLES: dict[str, tuple[Lifecycle, Any]] = {
    "LISTING": (LISTING, Listing),
    "INTRODUCTION": (INTRODUCTION, Introduction),
    "LEAD": (LEAD, Lead),
    "CIRCULATION": (CIRCULATION, Circulation),
    "CONFERENCE": (CONFERENCE, Conference),
    "PARTICIPANT": (PARTICIPANT, Participant),
    "MEETING": (MEETING, Meeting),
    "INVITATION": (INVITATION, Invitation),
    "REQUEST": (REQUEST, MembershipRequest),
}


def drawing(cycle: Lifecycle, model: Any) -> str:
    """The life cycle as mermaid draws it: a state a line, then ``from --> to : verb · who``."""
    state = model._meta.get_field("state")
    with translation.override("zh-hans"):
        lines = [f"  {value} : {value} {label}" for value, label in state.choices]
    lines.append(f"  [*] --> {state.default}")
    for move in cycle.moves.values():
        said = f"{move.verb} · {move.may.__name__.lstrip('_')}{', reason' * move.reason}"
        sources = [value for value, _label in state.choices if value in move.sources]
        lines += [f"  {source} --> {move.target} : {said}" for source in sources]
    return "\n".join(["```mermaid", "stateDiagram-v2", *lines, "```"])


@pytest.mark.parametrize("name", CYCLES)
def test_the_page_draws_the_life_cycle_as_it_is(name: str) -> None:
    expected = drawing(*CYCLES[name])
    assert expected in PAGE.read_text(encoding="utf-8"), f"put this into {PAGE.name}:\n{expected}"


def test_the_page_draws_every_life_cycle_and_no_other() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SITE.rglob("*.py"))
    assert set(re.findall(r"^(\w+) = Lifecycle\(", code, re.MULTILINE)) == CYCLES.keys()
    drawn = re.findall(r"^stateDiagram", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(drawn) == len(CYCLES)


def test_another_move_would_be_seen() -> None:
    without = Lifecycle(*list(LISTING.moves.values())[:-1])
    assert drawing(without, Listing) != drawing(LISTING, Listing)
    assert "restore" not in drawing(without, Listing)
