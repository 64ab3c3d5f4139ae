"""The organiser's pages in the states that the table of permissions does not show; see sights.py."""

from __future__ import annotations

from collections.abc import Iterator

from alices_world import World
from django.urls import reverse

from corridor.site.conference.models import Plan


def looks(w: World) -> Iterator[tuple[str, str, str]]:
    """What it is, who looks, and where."""
    c = w.conferences
    fairs = (c.draft, c.open, c.closed, c.planned, c.running, c.over)
    for fair in fairs:
        manage = reverse("conference:manage", args=[fair.conference.ref])
        yield f"manage {fair.conference.state}", "suzhou", manage
    draft, running = c.draft.conference.ref, c.running.conference.ref
    for name in ("plan", "people", "meetings", "board", "report"):
        yield f"{name} of a draft", "suzhou", reverse(f"conference:{name}", args=[draft])
    for name in ("setup", "venue"):
        yield f"{name} of one under way", "suzhou", reverse(f"conference:{name}", args=[running])
    Plan.objects.create(conference=c.open.conference, series=[[0.5, 10, 40, 2], [1.5, 20, 30, 1]])
    yield "plan worked out", "suzhou", reverse("conference:plan", args=[c.open.conference.ref])
    yield "nobody's conferences", "hefei", reverse("conference:organised")
    yield "report of another's", "analyst", reverse("conference:report", args=[running])
    together = reverse("conference:together", args=[running])
    for query in ("", "?a=1&b=99", "?a=1&b=1"):
        yield f"together {query}", "suzhou", together + query
