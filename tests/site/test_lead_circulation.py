"""A lead passed on to another city, and how the credit for it is shared."""

from __future__ import annotations

import pytest
from browsing import Login
from cast import HEFEI, SUZHOU, Cast
from django.db import DatabaseError, transaction
from django.urls import reverse
from lead_steps import act, reported

from corridor.site.core import audit
from corridor.site.core.errors import Forbidden, Invalid, NotNow
from corridor.site.leads import actions, circulation, credit
from corridor.site.leads.models import Circulation, EndReason, Lead

pytestmark = pytest.mark.django_db


def test_a_lead_passes_to_another_city_with_agreed_shares(people: Cast, login: Login) -> None:
    lead = reported()
    suzhou, hefei = login(people.suzhou), login(people.hefei)
    answer = act(suzhou, lead, "propose", to_city=HEFEI, kept="40", text="当地产业链更全")
    assert answer.status_code == 302
    offer = Circulation.objects.get()
    assert "推荐给 合肥，考核分成 40 : 60" in hefei.get(lead.get_absolute_url()).text
    with pytest.raises(NotNow):
        circulation.propose(people.suzhou, lead, "330100", 50, "再推一家")
    with pytest.raises(Forbidden):
        circulation.accept(people.suzhou, lead, offer.pk)
    with pytest.raises(NotNow):
        actions.assign(people.office, lead, "330100", "改派")
    assert act(hefei, lead, "accept", offer=str(offer.pk)).status_code == 302
    lead.refresh_from_db()
    assert (lead.city, lead.first_city) == (HEFEI, SUZHOU)
    assert suzhou.get(lead.get_absolute_url()).status_code == 404
    given = suzhou.get(reverse("leads:list")).text
    assert lead.ref in given
    assert "40 : 60" in given
    page = hefei.get(lead.get_absolute_url()).text
    assert "统计数据按在地原则" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        Circulation.objects.filter(pk=offer.pk).update(kept=90)
    with pytest.raises(NotNow):
        circulation.withdraw(people.suzhou, lead, offer.pk)
    assert list(audit.faults()) == []


def test_an_offer_is_declined_withdrawn_and_never_mistaken_for_a_later_one(people: Cast) -> None:
    lead = reported()
    first = circulation.propose(people.suzhou, lead, HEFEI, 50, "更合适")
    with pytest.raises(Invalid):
        circulation.decline(people.hefei, lead, first.pk, " ")
    circulation.decline(people.hefei, lead, first.pk, "没有地")
    assert not Lead.objects.visible_to(people.hefei).exists()
    second = circulation.propose(people.suzhou, lead, HEFEI, 50, "再问一次")
    circulation.withdraw(people.suzhou, lead, second.pk)
    third = circulation.propose(people.suzhou, lead, HEFEI, 90, "再问")
    for stale in (first, second):
        with pytest.raises(NotNow):
            circulation.accept(people.hefei, lead, stale.pk)
    actions.close(people.suzhou, lead, EndReason.GAVE_UP, "企业不再推进")
    third.refresh_from_db()
    assert third.state == Circulation.State.WITHDRAWN


@pytest.mark.parametrize(
    ("to", "kept", "reason"),
    [(SUZHOU, 50, "x"), ("110000", 50, "x"), (HEFEI, 101, "x"), (HEFEI, -1, "x"), (HEFEI, 50, "")],
)
def test_an_offer_that_makes_no_sense_is_refused(
    people: Cast, to: str, kept: int, reason: str
) -> None:
    with pytest.raises(Invalid):
        circulation.propose(people.suzhou, reported(), to, kept, reason)


def test_credit_always_adds_up_to_a_hundred() -> None:
    def offer(from_city: str, to_city: str, kept: int) -> Circulation:
        return Circulation(from_city=from_city, to_city=to_city, kept=kept)

    assert credit.credits("a", []) == [("a", 100)]
    assert credit.credits("a", [offer("a", "b", 50)]) == [("a", 50), ("b", 50)]
    chain = [offer("a", "b", 33), offer("b", "c", 50), offer("c", "a", 0)]
    held = dict(credit.credits("a", chain))
    assert sum(held.values()) == 100
    assert held == {"a": 33 + 33, "b": 34, "c": 0}
