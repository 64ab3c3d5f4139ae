"""Rate limits: counted in the database, by account and by address."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest
from cast import cast
from django.db import connections
from django.test import Client, RequestFactory
from django.utils import timezone

from corridor.site.core import limits
from corridor.site.core.errors import TooOften
from corridor.site.core.limits import Limit
from corridor.site.core.middleware import address
from corridor.site.core.models import RateBucket

FEW = Limit("few", 3, 60)
START = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """Sets the clock so many seconds after a fixed time."""

    def at(seconds: float) -> None:
        monkeypatch.setattr(timezone, "now", lambda: START + timedelta(seconds=seconds))

    at(0)
    return at


@pytest.mark.django_db
def test_so_many_and_no_more_until_the_window_is_over(clock) -> None:
    for _ in range(3):
        limits.hit(FEW, "a")
    clock(20)
    with pytest.raises(TooOften, match="40 秒") as refusal:
        limits.hit(FEW, "a")
    assert refusal.value.retry == 40
    limits.hit(FEW, "b")
    limits.hit(Limit("other", 3, 60), "a")
    clock(60)
    limits.hit(FEW, "a")


@pytest.mark.django_db
def test_a_clock_that_goes_back_shuts_nobody_out(clock) -> None:
    for _ in range(3):
        limits.hit(FEW, "a")
    clock(-3600)
    limits.hit(FEW, "a")


@pytest.mark.django_db
def test_who_was_right_is_counted_anew(clock) -> None:
    for _ in range(3):
        limits.hit(FEW, "a")
    limits.forget(FEW, "a")
    limits.hit(FEW, "a")


@pytest.mark.django_db
def test_the_database_does_not_say_who(clock) -> None:
    limits.hit(FEW, "13800001234")
    assert "13800001234" not in RateBucket.objects.get().key


@pytest.mark.django_db
def test_old_windows_are_tidied(clock) -> None:
    limits.hit(FEW, "a")
    clock(86400)
    limits.hit(FEW, "b")
    clock(86401)
    assert limits.tidy() == 1


@pytest.mark.django_db(transaction=True)
def test_at_once_they_are_all_counted() -> None:
    passed: list[int] = []

    def attempt(number: int) -> None:
        try:
            limits.hit(FEW, "a")
            passed.append(number)
        except TooOften:
            pass
        finally:
            connections.close_all()

    threads = [threading.Thread(target=attempt, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(passed) == 3
    assert RateBucket.objects.get().count == 12


@pytest.mark.parametrize(
    ("proxies", "forwarded", "remote", "found"),
    [
        (0, "", "203.0.113.9", "203.0.113.9"),
        (0, "198.51.100.1", "203.0.113.9", "203.0.113.9"),
        (1, "198.51.100.1", "10.0.0.1", "198.51.100.1"),
        (1, "6.6.6.6, 198.51.100.1", "10.0.0.1", "198.51.100.1"),
        (2, "6.6.6.6, 198.51.100.1, 10.0.0.2", "10.0.0.1", "198.51.100.1"),
        (2, "198.51.100.1", "10.0.0.1", "10.0.0.1"),
        (1, "<script>", "10.0.0.1", "0.0.0.0"),
        (0, "", "", "0.0.0.0"),
        (0, "", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (0, "", "2001:db8:1:2:ffff::1", "2001:db8:1:2::"),
        (0, "", "::ffff:203.0.113.9", "203.0.113.9"),
    ],
)
def test_an_address_is_not_to_be_chosen(settings, proxies, forwarded, remote, found) -> None:
    settings.PROXIES = proxies
    headers = {"X-Forwarded-For": forwarded} if forwarded else {}
    assert address(RequestFactory().get("/", headers=headers, REMOTE_ADDR=remote)) == found


@pytest.mark.django_db
def test_every_write_is_counted_and_a_page_says_so(monkeypatch) -> None:
    monkeypatch.setattr(limits, "WRITES_BY_ADDRESS", Limit("w", 2, 60))
    client = Client()
    for _ in range(2):
        assert client.post("/text-size/", {"size": "large"}).status_code == 302
    answer = client.post("/text-size/", {"size": "large"})
    assert answer.status_code == 429
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert "过于频繁" in answer.text
    assert client.get("/account/login/").status_code == 200
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert elsewhere.post("/text-size/", {"size": "large"}).status_code == 302


@pytest.mark.django_db
def test_an_account_is_counted_wherever_it_comes_from(monkeypatch) -> None:
    monkeypatch.setattr(limits, "WRITES_BY_ACCOUNT", Limit("w", 2, 60))
    people = cast()
    answers = []
    for number in range(3):
        client = Client(REMOTE_ADDR=f"198.51.100.{number}")
        client.force_login(people.user("alice"))
        answers.append(client.post("/text-size/", {"size": "large"}).status_code)
    assert answers == [302, 302, 429]
