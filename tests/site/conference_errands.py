"""Whatever can be asked of the organiser's pages of a conference; see errands.py."""

from __future__ import annotations

from typing import Any

from alices_world import World
from asking import Ask, ask
from cast import SUZHOU
from django.core import signing
from django.utils import timezone

from corridor.site.conference.views import day

SETUP = {
    "title": "新的大会", "city": SUZHOU, "venue": "会展中心", "about": "", "request_mode": "approve",
    "scheduling_mode": "organiser", "rule": "anyone", "hours_to_answer": "72", "asks": "40",
}  # fmt: skip


def organising(w: World) -> dict[str, list[Ask]]:
    """Setting up, and what there is to be looked at."""
    c = w.conferences
    draft, running = c.draft.conference.ref, c.running.conference.ref
    screen = signing.dumps(c.running.conference.pk, salt=day._SALT)
    slots = {
        "minutes": "30", "gap": "0", "session_0": "上午", "from_0": "09:00", "to_0": "12:00",
        "day_0": f"{timezone.localdate().year + 1}-03-01",
    }  # fmt: skip
    return {
        "conference:organised": ask(),
        "conference:new": ask(**SETUP),
        "conference:screen": ask(screen),
        "conference:manage": ask(draft),
        "conference:setup": ask(draft, **SETUP),
        "conference:venue": ask(draft),
        "conference:venue_verb": [
            Ask("slots", (draft, "slots"), sent=slots),
            Ask("hall", (draft, "hall"), sent={"name": "B 厅", "tables": "3"}),
            Ask("interpreter", (draft, "interpreter"), sent={"name": "Li Yi", "language": "ja"}),
        ],
        "conference:hall": [
            Ask("change", (draft, c.hall.pk), sent={"name": "A 厅", "tables": "3"}),
            Ask("remove", (draft, c.hall.pk), sent={"remove": "1"}),
        ],
        "conference:interpreter": [
            Ask("away", (draft, c.interpreter.pk), sent={"away": ["1"]}),
            Ask("remove", (draft, c.interpreter.pk), sent={"remove": "1"}),
        ],
        "conference:report": [Ask("", (running,)), Ask("empty", (c.over.conference.ref,))],
        **_moves(w),
        **_people(w),
        **_day(w),
    }


def _moves(w: World) -> dict[str, list[Ask]]:
    """From one state to the next, and the timetable."""
    c = w.conferences
    draft, running = c.draft.conference.ref, c.running.conference.ref
    closed = c.closed.conference.ref
    why = {"reason": "台风"}
    return {
        "conference:verb": [
            Ask("open", (draft, "open")),
            Ask("cancel", (draft, "cancel"), sent=why),
            Ask("close", (c.open.conference.ref, "close")),
            Ask("reopen", (closed, "reopen")),
            Ask("start", (c.planned.conference.ref, "start")),
            Ask("finish", (running, "finish")),
        ],
        "conference:plan": [Ask("ready", (closed,)), Ask("published", (running,))],
        "conference:plan_verb": [
            Ask("start", (closed, "start")),
            Ask("again", (running, "again"), sent=why),
            Ask("publish", (closed, "publish"), sent={"plan": c.ready.pk}),
            Ask("drop", (closed, "drop"), sent={"plan": c.ready.pk}),
        ],
    }


def _people(w: World) -> dict[str, list[Ask]]:
    c = w.conferences
    running, closed = c.running.conference.ref, c.closed.conference.ref
    agreed, later, now = (one.introduction.ref for one in (c.agreed, c.later, c.now))
    why = {"reason": "换一家"}
    pair: dict[str, Any] = {
        "listing": c.running.brings["alice"].ref, "other": c.running.brings["carol"].ref,
        "reason": "同一产业链",
    }  # fmt: skip
    return {
        "conference:people": ask(running),
        "conference:person": ask(running, 1),
        "conference:person_verb": [
            Ask("arrive", (running, 1, "arrive")),
            Ask("late", (running, 1, "late"), sent={"slot": "4"}),
            Ask("absent", (running, 1, "absent")),
            Ask("withdraw", (running, 1, "withdraw"), sent=why),
        ],
        "conference:meetings": ask(running),
        "conference:together": [Ask("", (running,), "?a=1&b=3", pair)],
        "conference:arrange": ask(running, later),
        "conference:arrange_verb": [
            Ask("move", (running, later, "move"), sent={"slot": "4"}),
            Ask("miss", (running, now, "miss")),
            Ask("fix", (closed, agreed, "fix"), sent={"slot": "2"}),
            Ask("must", (closed, agreed, "must"), sent=why),
            Ask("value", (closed, agreed, "value"), sent={"value": "50"}),
            Ask("cancel", (running, later, "cancel"), sent=why),
        ],
    }


def _day(w: World) -> dict[str, list[Ask]]:
    c = w.conferences
    running = c.running.conference.ref
    return {
        "conference:board": ask(running),
        "conference:door": ask(running, code=c.running.parts["alice"].code),
        "conference:tables": ask(running, table=str(c.table.pk), slot="4"),
    }
