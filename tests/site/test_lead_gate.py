"""The gate of the form: a lead counts once; programs are held, never refused."""

from __future__ import annotations

import re
from types import SimpleNamespace

import pytest
from cast import Cast
from django.test import Client
from lead_steps import NEED, REPORTER, reported, send, token_of
from together import at_once

from corridor.site.core.models import RateBucket
from corridor.site.leads import gate
from corridor.site.leads.models import Lead, State
from corridor.site.notices.models import Notice

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("unhurried")]


def test_a_double_tap_and_a_replay_are_one_lead(client: Client) -> None:
    token = token_of(client)
    first, second = send(client, token), send(client, token)
    replayed = send(client, token, company="另一家有限公司")
    assert first.url == second.url == replayed.url
    assert Lead.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_taps_at_the_same_time_are_one_lead() -> None:
    token = token_of(Client())
    found = at_once(*[lambda: send(Client(REMOTE_ADDR="10.0.0.9"), token)] * 8)
    assert [answer.status_code for answer in found] == [302] * 8
    assert len({answer.url for answer in found}) == 1
    assert Lead.objects.count() == 1


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({gate.TRAP: "http://x"}, ["trap"]),
        ({"need": "好网站 www.example.com"}, ["link"]),
        ({"company": "buy at best-shop.xyz"}, ["link"]),
    ],
)
def test_a_program_is_held_and_never_refused(
    client: Client, people: Cast, changed: dict[str, str], why: list[str]
) -> None:
    answer = send(client, **changed)
    assert answer.status_code == 302
    lead = Lead.objects.get()
    assert (lead.state, lead.suspicions) == (State.HELD, why)
    assert not Notice.objects.exists()
    for actor, seen in ((people.suzhou, True), (people.office, True), (people.hefei, False)):
        assert Lead.objects.visible_to(actor).exists() is seen


def test_answering_at_once_is_held(client: Client, unhurried: SimpleNamespace) -> None:
    token = token_of(client)
    unhurried.offset = -59
    send(client, token)
    assert Lead.objects.get().suspicions == ["fast"]


def test_a_clock_set_back_makes_nobody_fast_or_old(
    client: Client, unhurried: SimpleNamespace
) -> None:
    token = token_of(client)
    unhurried.offset = -10 * 86400
    send(client, token)
    assert Lead.objects.get().suspicions == []


@pytest.mark.parametrize("token", ["stale", "forged", "x" * 5000])
def test_a_stale_or_forged_page_costs_a_tap_and_no_text(
    client: Client, unhurried: SimpleNamespace, token: str
) -> None:
    if token == "stale":
        token = token_of(client)
        unhurried.offset = 2 * 86400
    answer = send(client, token)
    assert answer.status_code == 200
    assert not Lead.objects.exists()
    page = answer.text
    assert NEED["need"] in page
    assert REPORTER["company"] in page
    fresh = re.search(r'name="once" value="([^"]+)"', page)
    assert fresh
    assert send(client, fresh[1]).status_code == 302
    assert Lead.objects.count() == 1


def test_the_fourth_lead_of_a_number_in_a_day_is_held(people: Cast) -> None:
    leads = [reported(need=f"需求{n}") for n in range(4)]
    assert [lead.state for lead in leads] == [State.RECEIVED] * 3 + [State.HELD]
    assert leads[3].suspicions == ["many"]


def test_an_address_may_report_twenty_an_hour(client: Client) -> None:
    for number in range(20):
        assert send(client, phone=f"139000000{number:02d}").status_code == 302
    answer = send(client)
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert Lead.objects.count() == 20


def test_rate_buckets_hold_no_address(client: Client) -> None:
    send(client)
    assert not any("127.0.0.1" in bucket.key for bucket in RateBucket.objects.all())
