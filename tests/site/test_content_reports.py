"""Listings reported for what they say."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import Fields
from cast import Cast
from django.test import Client
from market_pages import html, offered

from corridor.site.core.errors import Forbidden, Invalid, NotNow
from corridor.site.core.models import AuditEntry
from corridor.site.listings import reports
from corridor.site.listings.models import Anonymity, ContentReport, State
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_anyone_reports_and_the_city_decides(people: Cast, public: Client, login: Any) -> None:
    made = offered(people.alice)
    url = f"/listings/{made.ref}/report/"
    form = Fields(html(public, url)).data
    sent = form | {"why": "contact", "note": "写了电话 13812345678"}
    answer = public.post(url, sent, follow=True)
    assert "已收到，谢谢" in answer.content.decode()
    public.post(url, sent)  # a second tap
    found = ContentReport.objects.get()
    assert found.note == "写了电话 138****5678" and found.party_id is None
    told = set(Notice.objects.filter(kind="listing.reported").values_list("user", flat=True))
    assert told == {people.suzhou.user, people.office.user}
    queue = html(login(people.suzhou), "/listings/reports/")
    assert "单层厂房出租" in queue and "还剩 1 天" in queue and "13812345678" not in queue
    assert "没有待处理的举报" in html(login(people.hefei), "/listings/reports/")
    html(login(people.alice), "/listings/reports/", 403)
    decide = f"/listings/reports/{found.pk}/"
    assert login(people.hefei).post(decide, {"answer": "x", "verdict": "hide"}).status_code == 404
    assert login(people.suzhou).post(decide, {"answer": "", "verdict": "hide"}).status_code == 422
    login(people.suzhou).post(decide, {"answer": "含联系方式", "verdict": "hide"})
    made.refresh_from_db()
    found.refresh_from_db()
    assert made.state == State.HIDDEN and found.upheld is True
    html(public, made.get_absolute_url(), 404)
    assert Notice.objects.filter(kind="listing.hidden", user=people.alice.user).exists()
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["listing.report", "listing.hide", "report.uphold"]
    again = login(people.office).post(decide, {"answer": "再来", "verdict": "keep"})
    assert again.status_code == 409


def test_a_report_that_is_wrong_leaves_the_listing(people: Cast) -> None:
    made = offered(people.alice)
    found = reports.report(people.bob, made, "false", "")
    assert found.party_id == people.bob.party
    with pytest.raises(Forbidden):
        reports.dismiss(people.hefei, found, "不归我管")
    reports.dismiss(people.office, found, "核实无误")
    with pytest.raises(NotNow):
        reports.uphold(people.suzhou, found, "还是要下架")
    made.refresh_from_db()
    assert made.state == State.PUBLISHED


@pytest.mark.parametrize(("why", "note"), [("nonsense", ""), ("other", " "), ("false", "长" * 401)])
def test_a_report_says_what_is_wrong_with_it(
    people: Cast, public: Client, why: str, note: str
) -> None:
    made = offered(people.alice)
    answer = public.post(f"/listings/{made.ref}/report/", {"why": why, "note": note})
    assert answer.status_code == 422 and not ContentReport.objects.exists()
    with pytest.raises(Invalid):
        reports.report(people.bob, made, why, note)


def test_reports_are_limited_by_address(people: Cast, public: Client) -> None:
    made = offered(people.alice)
    url = f"/listings/{made.ref}/report/"
    codes = [public.post(url, {"why": "false", "note": f"{n}"}).status_code for n in range(11)]
    assert codes == [302] * 10 + [429]


def test_what_one_may_not_see_one_cannot_report(people: Cast, public: Client) -> None:
    for fields in (
        {"state": State.DRAFT},
        {"anonymity": Anonymity.NAMED},
        {"state": State.EXPIRED},
    ):
        made = offered(people.alice, **fields)
        url = f"/listings/{made.ref}/report/"
        assert public.post(url, {"why": "false", "note": ""}).status_code == 404
