"""The same lead reported twice: both cities learn of it, neither of the contact."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from browsing import Login
from cast import HEFEI, Cast
from django.utils import timezone
from lead_steps import NEED, REPORTER, reported

from corridor.site.leads.models import Lead
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_the_same_phone_is_shown_to_both_cities_without_the_contact(
    people: Cast, login: Login
) -> None:
    first = reported()
    later = reported(wish=HEFEI, company="合肥某某有限公司", need="别的需求", contact_name="李四方")
    assert (later.duplicate_of_id, later.duplicate_why) == (first.pk, "phone")
    when = timezone.localtime(first.first_reported_at).strftime("%Y-%m-%d %H:%M")
    there = login(people.hefei).get(later.get_absolute_url()).text
    assert f"疑似重复，首报在 苏州（{when}）" in there
    here = login(people.suzhou).get(first.get_absolute_url()).text
    assert "疑似重复，合肥 也收到一条" in here
    for leaked in ("李四方", "合肥某某", later.ref):
        assert leaked not in here
    for leaked in ("周明远", REPORTER["company"], first.ref):
        assert leaked not in there
    assert Notice.objects.filter(kind="lead.alike", user_id=people.suzhou.user).count() == 1


@pytest.mark.parametrize(
    ("company", "need", "alike"),
    [
        ("澜汐精密科技（苏州）有限责任公司", NEED["need"] + "另需宿舍。", True),
        ("苏州市澜汐精密科技股份有限公司", NEED["need"], True),
        ("苏州澜汐精密科技有限公司", "转让一项激光焊接专利，寻找受让企业。", False),
        ("合肥岚溪新材料有限公司", NEED["need"], False),
        ("有限公司", NEED["need"], False),
        ("😀", "😀", False),
    ],
)
def test_the_same_company_wanting_the_same_is_alike(
    people: Cast, company: str, need: str, alike: bool
) -> None:
    first = reported()
    later = reported(phone="13800000000", company=company, need=need)
    assert (later.duplicate_of_id == first.pk) is alike


def test_three_months_later_it_is_another_matter(people: Cast, monkeypatch: Any) -> None:
    first = reported()
    soon, late = (first.first_reported_at + timedelta(days=n) for n in (89, 91))
    monkeypatch.setattr(timezone, "now", lambda: soon)
    assert reported().duplicate_of_id == first.pk
    monkeypatch.setattr(timezone, "now", lambda: late)
    Lead.objects.exclude(pk=first.pk).delete()
    assert reported().duplicate_of_id is None
