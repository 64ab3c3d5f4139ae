"""Whatever can be asked of the API: for each operation what its address names, and a right body."""

from __future__ import annotations

from typing import Any

from alices_world import World
from cast import SUZHOU
from django.utils import timezone
from errands import Ask, lead_verbs

#: What the address names, and what is sent.
Given = dict[str, tuple[tuple[Any, ...], dict[str, Any]]]
STATED = {"side": "need", "kind": "space", "title": "求租厂房", "city": SUZHOU}
REPORT = {
    "need": "求租五千平厂房", "company": "另一公司", "contact_name": "李", "phone": "13900004321",
    "agreed": True,
}  # fmt: skip


def operations(w: World) -> dict[str, Ask]:
    """What is asked of each operation, by its name."""
    given = _own(w) | _listings(w) | _introductions(w) | _leads(w)
    return {name: Ask("", args, sent=sent) for name, (args, sent) in given.items()}


def _own(w: World) -> Given:
    return {
        "me": ((), {}),
        "kinds": ((), {}),
        "funnel": ((), {}),
        "job": ((w.job.pk,), {}),
        "cancel_job": ((w.job.pk,), {}),
    }


def _listings(w: World) -> Given:
    need, draft, other = w.need.ref, w.draft.ref, w.offers[3].ref
    return {
        "listings": ((), {}),
        "own_listings": ((), {}),
        "listing": ((need,), {}),
        "reviews": ((need,), {}),
        "create_listing": ((), STATED),
        "update_listing": ((draft,), STATED),
        "discard_listing": ((draft,), {}),
        "submit_listing": ((draft,), {"agreed": True}),
        "revise_listing": ((need,), STATED | {"agreed": True}),
        "renew_listing": ((need,), {}),
        "close_listing": ((need,), {"reason": "plan_changed"}),
        "matches": ((need,), {}),
        "mark_unsuitable": ((need,), {"other": other, "reason": "price"}),
        "undo_unsuitable": ((need, other), {}),
    }


def _introductions(w: World) -> Given:
    asked, accepted, other = w.asked.ref, w.accepted.ref, w.offers[3].ref
    question = {"cooperation": "lease", "question": "何时可看？", "agreed": True}
    told = {"result": "met", "on": timezone.localdate().isoformat()}
    return {
        "ask_introduction": ((other,), question),
        "introductions": ((), {}),
        "introduction": ((asked,), {}),
        "accept_introduction": ((asked,), {"agreed": True}),
        "decline_introduction": ((asked,), {"reason": "price"}),
        "withdraw_introduction": ((asked,), {}),
        "consent_introduction": ((accepted,), {"agree": False}),
        "remind_introduction": ((asked,), {}),
        "report_outcome": ((accepted,), told),
        "messages": ((asked,), {}),
        "send_message": ((asked,), {"text": "您好"}),
        "introduction_contacts": ((accepted,), {"purpose": "约看现场"}),
    }


def _leads(w: World) -> Given:
    lead = w.lead.ref
    given: Given = {
        "leads": ((), {}),
        "report_lead": ((), REPORT),
        "lead": ((lead,), {}),
        "lead_contacts": ((lead,), {"purpose": "联系企业"}),
    }
    for name, (one, sent) in lead_verbs(w).items():
        if "offer" in sent:  # said in the address
            rest = {key: value for key, value in sent.items() if key != "offer"}
            given[f"{name}_lead"] = ((one.ref, w.offer.pk), rest)
        elif name != "reveal":
            given[f"{name}_lead"] = ((one.ref,), sent)
    return given
