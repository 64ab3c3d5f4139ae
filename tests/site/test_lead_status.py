"""What the enterprise learns of its lead by its reference and four digits."""

from __future__ import annotations

import pytest
from cast import Cast
from django.test import Client
from django.urls import reverse
from lead_steps import NEED, PHONE, ask, reported

from corridor.site.leads import actions
from corridor.site.leads.models import EndReason

pytestmark = pytest.mark.django_db


def test_the_status_is_for_who_knows_ref_and_phone(client: Client, people: Cast) -> None:
    lead = reported()
    assert lead.ref in client.get(reverse("leads:status"), {"ref": lead.ref}).text
    answer = ask(client, f" {lead.ref.lower()} ", "2222")
    page = answer.text
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "收到时间" in page
    for hidden in (PHONE, "周明远", "Suzhou", NEED["need"]):
        assert hidden not in page
    wrong, missing = ask(client, lead.ref, "2223"), ask(client, "X0000000", "2222")
    assert wrong.status_code == missing.status_code == 422
    assert "没有找到" in wrong.text
    assert "没有找到" in missing.text
    assert ask(client, "X0000000", "0000").status_code == 422


def test_the_status_tells_the_answer_and_no_judgement(client: Client, people: Cast) -> None:
    lead = reported(phone="0512-62881234 x801")
    actions.contact(people.suzhou, lead, "内部备注")
    actions.judge_invalid(people.suzhou, lead, [], EndReason.NO_PROJECT, "内部研判")
    page = ask(client, lead.ref, "1234").text
    assert "内部" not in page
    assert "无效" not in page
    actions.close(people.suzhou, lead, EndReason.NO_FIT, "暂无合适厂房，有了再联系您")
    assert "暂无合适厂房" in ask(client, lead.ref, "1234").text


def test_digits_cannot_be_tried_out(client: Client, people: Cast) -> None:
    lead = reported()
    for number in range(10):
        assert (
            ask(Client(REMOTE_ADDR=f"10.0.0.{number}"), lead.ref, f"000{number}").status_code == 422
        )
    assert ask(Client(REMOTE_ADDR="10.0.1.1"), lead.ref, "2222").status_code == 429
