"""From agreed meetings to a day that goes on: with the engine's own solvers, nothing in their place."""

import pytest
from conferring import begin, planned, work

from corridor.site.conference import day, planning
from corridor.site.conference.models import Meeting, Participant, Plan

pytestmark = pytest.mark.django_db
NAMES = ("alice", "dora", "erik", "frida", "gina")


def places() -> dict[str, tuple[int, int | None]]:
    held = Meeting.objects.filter(state=Meeting.State.PLACED).select_related("slot", "introduction")
    return {one.introduction.ref: (one.slot.number, one.table_id) for one in held}


def test_a_day_is_planned_to_proven_optimality_and_planned_again() -> None:
    fair = begin(NAMES, slots=4, tables=2)
    for name in NAMES[1:]:
        fair.agree("alice", name)
    fair.agree("dora", "erik")
    fair.agree("frida", "gina")
    plan = planned(fair)
    assert (plan.state, plan.status) == ("ready", "optimal")
    assert plan.unplaced == {}
    assert plan.held == plan.held_bound and plan.idle == plan.idle_bound == 0
    assert plan.series
    planning.publish(fair.who.office, plan)
    before = places()
    assert len(before) == 6

    gina = Participant.objects.get(party_id=fair.actor("gina").party)
    day.late(fair.who.office, gina, fair.conference.slots.get(number=2))
    again = Plan.objects.filter(
        again=True
    ).first()  # begun by itself where something lost its place
    again = again or planning.replan(fair.who.office, fair.fresh(), reason="晚到")
    work("conference.replan")
    again.refresh_from_db()
    assert again.state == "ready"
    planning.publish(fair.who.office, again)
    after = places()
    late = {one.introduction.ref for one in Meeting.objects.of(gina.pk)}
    assert after.keys() == before.keys()
    assert all(after[ref][0] > 1 for ref in late)
    stood = [ref for ref in before if not (ref in late and before[ref][0] == 1)]
    assert sum(after[ref][0] != before[ref][0] for ref in stood) <= len(before) - len(stood)
