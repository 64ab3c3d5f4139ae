"""The form of a lead: two short steps, what is wrong said at its field, nothing typed lost."""

from __future__ import annotations

import re
from typing import Any

import pytest
from browsing import Login
from cast import SUZHOU, Cast
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lead_steps import NEED, PHONE, REPORTER, reported, send

from corridor.site.core.errors import Invalid
from corridor.site.core.models import AuditEntry, Consent
from corridor.site.leads import phones
from corridor.site.leads.models import Lead, State
from corridor.site.notices.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]


def test_two_steps_of_few_fields_make_a_lead(client: Client, people: Cast) -> None:
    first = client.get(reverse("leads:new")).text
    assert len(re.findall(r'class="field', first)) == 4
    second = client.post(reverse("leads:new"), {**NEED, "step": "1"}).text
    assert len(re.findall(r'class="field', second)) == 4
    assert 'type="tel"' in second
    assert 'autocomplete="organization"' in second
    assert NEED["need"] in second
    answer = send(client)
    assert answer.status_code == 302
    lead = Lead.objects.get()
    page = client.get(answer.url).text
    assert lead.ref in page
    assert "<svg" in page
    assert timezone.localtime(lead.answer_due).strftime("%Y-%m-%d %H:%M") in page
    assert (lead.city, lead.first_city, lead.state) == (SUZHOU, SUZHOU, State.RECEIVED)
    assert lead.tax_label == "1500 万元"
    assert lead.phone.reveal() == PHONE
    consent = Consent.objects.get()
    assert (consent.purpose, consent.thing) == ("lead", f"lead:{lead.ref}")
    assert "投资促进部门" in consent.text
    told = Notice.objects.get()
    assert told.user_id == people.suzhou.user
    assert told.next_action == "联系企业"
    assert AuditEntry.objects.get(verb="lead.report").diff["first_reported_at"][1]


def test_phone_and_name_are_encrypted_in_the_database(people: Cast) -> None:
    reported()
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM leads_lead")
        row = " ".join(map(str, cursor.fetchone()))
    assert PHONE not in row
    assert "周明远" not in row


def test_a_wrong_first_step_does_not_reach_the_second(client: Client) -> None:
    answer = client.post(reverse("leads:new"), {**NEED, "need": "  ", "step": "1"})
    assert answer.status_code == 422
    assert 'class="error-summary"' in answer.text
    assert 'name="step" value="1"' in answer.text


def test_going_back_keeps_both_steps(client: Client) -> None:
    page = client.post(reverse("leads:new"), {**NEED, **REPORTER, "step": "2", "back": "1"}).text
    assert 'name="step" value="1"' in page
    assert 'name="company" value="苏州澜汐精密科技有限公司"' in page
    assert NEED["need"] in page
    assert not Lead.objects.exists()


@pytest.mark.parametrize("missing", ["need", "company", "contact_name", "phone", "agreed"])
def test_what_is_missing_is_said_and_nothing_is_lost(client: Client, missing: str) -> None:
    answer = send(client, **{missing: ""})
    assert answer.status_code == 422
    assert "有 1 处需要修改" in answer.text
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13911112222", "13911112222"),
        ("139 1111 2222", "13911112222"),
        ("+86 139-1111-2222", "13911112222"),
        ("0086 13911112222", "13911112222"),
        ("86 13911112222", "13911112222"),
        ("１３９１１１１２２２２", "13911112222"),
        ("0512-62881234", "0512-62881234"),
        ("（0512）62881234", "0512-62881234"),
        ("+86 512 62881234", "0512-62881234"),
        ("0512 6288 1234 转 801", "0512-62881234 x801"),
        ("010-62881234-12", "010-62881234 x12"),
        ("+49 151 12345678", "+4915112345678"),
        ("+852 9123 4567", "+85291234567"),
    ],
)
def test_phones_are_made_one(typed: str, kept: str) -> None:
    assert phones.phone(typed) == kept


@pytest.mark.parametrize(
    "typed",
    ["", "12345", "1391111222", "139111122223", "23911112222", "62881234", "电话", "+12", "+0049151",
     "139-1111-2222-3333", "<b>13911112222</b>", "😀13911112222😀", "1" * 10_000],
)  # fmt: skip
def test_what_is_no_phone_is_refused_with_what_would_be_right(client: Client, typed: str) -> None:
    with pytest.raises(Invalid):
        phones.phone(typed)
    answer = send(client, phone=typed)
    assert answer.status_code == 422
    assert not Lead.objects.exists()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("", ""), ("500", "500 万元"), ("0.5亿", "5000 万元"), ("300-500万", "300~500 万元")],
)
def test_tax_is_read_with_its_unit(client: Client, typed: str, kept: str) -> None:
    send(client, tax=typed)
    assert Lead.objects.get().tax_label == kept


@pytest.mark.parametrize("typed", ["很多", "-5", "3千吨", "9" * 39])
def test_a_tax_that_is_none_is_refused(client: Client, typed: str) -> None:
    assert send(client, tax=typed).status_code == 422


def test_text_too_long_is_counted_and_not_clipped(client: Client) -> None:
    answer = send(client, need="地" * 10_000)
    assert answer.status_code == 422
    assert "10000" in answer.text
    assert "地" * 10_000 in answer.text
    assert "maxlength" not in client.get(reverse("leads:new")).text


def test_markup_and_emoji_are_shown_as_typed(client: Client, people: Cast, login: Login) -> None:
    evil = '<script>alert("x")</script> 😀 & \'"'
    send(client, need=evil, use=evil, company=evil, contact_name="<b>周</b>")
    lead = Lead.objects.get()
    assert lead.company == evil
    page = login(people.suzhou).get(lead.get_absolute_url()).text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "😀" in page


@pytest.mark.parametrize("bad", ["a\x00b", "a\x1bb", "a\ud800b".encode("utf-8", "surrogatepass")])
def test_characters_no_page_shows_are_refused(client: Client, bad: Any) -> None:
    answer = send(client, need=bad)
    assert answer.status_code in (302, 400, 422)
    assert all("\x00" not in lead.need for lead in Lead.objects.all())


def test_an_unknown_city_is_refused(client: Client) -> None:
    assert send(client, wish="110000").status_code == 422


def test_phone_numbers_in_free_text_are_masked(client: Client) -> None:
    send(client, need="找厂房，联系 13877776666", company="某厂13877776666")
    lead = Lead.objects.get()
    assert "13877776666" not in lead.need + lead.company
    assert "138****6666" in lead.need
