"""Whatever can be asked of the pages of those who take part in a conference, and their sights; see
errands.py and sights.py.
"""

from __future__ import annotations

from collections.abc import Iterator

from alices_world import World
from asking import Ask, ask
from django.urls import reverse


def taking_part(w: World) -> dict[str, list[Ask]]:
    """Looking, registering, asking, answering, the day."""
    c = w.conferences
    open_, running, planned = (one.conference.ref for one in (c.open, c.running, c.planned))
    alices = c.open.parts["alice"]
    part = {"listings": [c.open.brings["alice"].ref], "most": "3"}
    party = w.cast.alice.party
    guest = {"party": str(party), f"p{party}-listings": [w.need.ref]}
    said = {"cooperation": "lease", "question": "何时可看？", "agreed": "on"}
    return {
        "conference:list": [Ask("", query=""), Ask("past", query="?when=past")],
        "conference:detail": [
            Ask("open", (open_,)),
            Ask("draft", (c.draft.conference.ref,)),
            Ask("over", (c.over.conference.ref,)),
        ],
        "conference:register": ask(open_, **part),
        "conference:withdraw": ask(open_),
        "conference:invite": ask(c.fresh.conference.ref, **guest),
        "conference:catalogue": ask(open_),
        "conference:ask": ask(open_, c.open.brings["carol"].ref, **said),
        "conference:requests": ask(open_),
        "conference:meeting": [
            Ask("wanted", (open_, c.asked.introduction.ref)),
            Ask("now", (running, c.now.introduction.ref)),
        ],
        "conference:meeting_verb": _verbs(w),
        "conference:agenda": ask(running),
        "conference:renew_feed": ask(running),
        "conference:late": ask(planned, slot="3"),
        "conference:badge": ask(running),
        "conference:feed": ask(alices.feed),
        "conference:table": ask(c.table.code),
    }


def _verbs(w: World) -> list[Ask]:
    c = w.conferences
    open_, running, planned = (one.conference.ref for one in (c.open, c.running, c.planned))
    asked, now, waits = (one.introduction.ref for one in (c.asked, c.now, c.waiting))
    return [
        Ask("accept", (open_, asked, "accept"), sent={"agreed": "on"}),
        Ask("decline", (open_, asked, "decline"), sent={"reason": "price"}),
        Ask("withdraw", (open_, asked, "withdraw")),
        Ask("take", (planned, waits, "take"), sent={"slot": "1"}),
        Ask("cancel", (planned, waits, "cancel"), sent={"reason": "出差"}),
        Ask("outcome", (running, now, "outcome"), sent={"result": "intention"}),
    ]


def sights(w: World) -> Iterator[tuple[str, str, str]]:
    """What it is, who looks, and where."""
    c = w.conferences
    open_, running = c.open.conference.ref, c.running.conference.ref
    for who in ("public", "alice", "suzhou"):
        yield "conference", who, reverse("conference:detail", args=[open_])
    yield "conference under way", "bob", reverse("conference:detail", args=[running])
    yield (
        "conference to be invited to",
        "carol",
        reverse("conference:detail", args=[c.fresh.conference.ref]),
    )
    yield "nobody's catalogue", "alice", reverse("conference:catalogue", args=[open_]) + "?q=zzz"
    yield "catalogue", "hefei", reverse("conference:catalogue", args=[open_])
    for fair, who in (
        (c.closed, "alice"),
        (c.planned, "alice"),
        (c.planned, "bob"),
        (c.over, "bob"),
    ):
        for name in ("agenda", "requests"):
            yield f"{name} {who}", who, reverse(f"conference:{name}", args=[fair.conference.ref])
    yield "to answer", "alice", c.asked.get_absolute_url()
    yield "asked", "bob", c.asked.get_absolute_url()
    yield "to be placed", "bob", c.waiting.get_absolute_url()
    yield "to tell", "bob", c.now.get_absolute_url() + "?result=none"
    yield "to come", "carol", c.later.get_absolute_url()
    yield "of another city", "hefei", c.now.get_absolute_url()
    yield "table", "carol", reverse("conference:table", args=[c.table.code])
    yield "desk with meetings", "bob", reverse("desks:desk")
