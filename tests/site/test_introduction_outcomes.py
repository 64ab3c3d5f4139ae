"""What came of an introduction, as each side says it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from introducing import TODAY, Scene, state_of

from corridor.site.core.errors import Invalid, NotNow
from corridor.site.docking import actions
from corridor.site.docking.models import Outcome
from corridor.site.docking.models import State as S

pytestmark = pytest.mark.django_db


def test_reports_that_contradict_each_other_are_both_kept(scene: Scene) -> None:
    who, today = scene.who, date.today()
    met = actions.Report("met", today)
    with pytest.raises(NotNow):
        actions.report(who.alice, scene.one, met)
    actions.accept(who.bob, scene.one, agreed=True)
    actions.report(who.alice, scene.one, met)
    assert state_of(scene.one) == S.ACCEPTED
    agreement = actions.Report("agreement", today, cooperation="lease", amount=Decimal("120.5"))
    actions.report(who.alice, scene.one, agreement)
    assert state_of(scene.one) == S.CLOSED
    actions.report(who.bob, scene.one, actions.Report("none", today, reason="price"))
    assert list(Outcome.objects.values_list("party", "result")) == [
        (who.alice.party, "met"),
        (who.alice.party, "agreement"),
        (who.bob.party, "none"),
    ]
    with pytest.raises(NotNow):
        actions.contacts(who.alice, scene.one, "约看")


@pytest.mark.parametrize(
    ("report", "field"),
    [
        (actions.Report("great", TODAY), "result"),
        (actions.Report("met", TODAY + timedelta(days=2)), "on"),
        (actions.Report("agreement", TODAY), "cooperation"),
        (actions.Report("agreement", TODAY, cooperation="licence"), "cooperation"),
        (actions.Report("met", TODAY, cooperation="lease"), "cooperation"),
        (actions.Report("met", TODAY, amount=Decimal(3)), "amount"),
        (actions.Report("agreement", TODAY, "lease", Decimal(-1)), "amount"),
        (actions.Report("none", TODAY), "reason"),
        (actions.Report("none", TODAY, reason="fate"), "reason"),
        (actions.Report("met", TODAY, reason="price"), "reason"),
    ],
)
def test_a_report_must_not_contradict_itself(
    scene: Scene, report: actions.Report, field: str
) -> None:
    actions.accept(scene.who.bob, scene.one, agreed=True)
    with pytest.raises(Invalid) as refused:
        actions.report(scene.who.alice, scene.one, report)
    assert field in refused.value.fields
    assert not Outcome.objects.exists()
