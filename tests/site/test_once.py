"""Forms sent once, however often they are sent."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from cast import cast
from django.contrib.messages.storage.base import BaseStorage
from django.contrib.sessions.backends.db import SessionStore
from django.test import RequestFactory
from django.utils import timezone
from together import at_once

from corridor.site.core import once
from corridor.site.core.errors import Invalid
from corridor.site.core.models import OnceToken, RateBucket, User


class Told(BaseStorage):
    """Messages kept in a list."""

    def __init__(self, request: Any) -> None:
        super().__init__(request)
        self.said: list[str] = []

    def add(self, level: int, message: str, extra_tags: str = "") -> None:
        self.said.append(str(message))


def form(user: User | None = None, path: str = "/x/", token: str = "t", **typed: str) -> Any:
    """A request that sends a form."""
    request = RequestFactory().post(path, {"once": token, **typed})
    request.user = user or User()
    request.session = SessionStore()
    request._messages = Told(request)
    return request


def send(request: Any, do: Callable[[], str]) -> str:
    with once.claim(request) as sent:
        if not sent.url:
            sent.url = do()
    return sent.url


@pytest.mark.django_db
class TestOnce:
    """A form is sent once."""

    @pytest.fixture
    def do(self) -> Iterator[Callable[[], str]]:
        """Does something each time it is called, and leads to a page of its own."""

        def done() -> str:
            RateBucket.objects.create(key=str(len(done.times)), opened_at=timezone.now())
            done.times.append(1)
            return f"/made/{len(done.times)}/"

        done.times = []
        yield done

    def test_the_second_leads_where_the_first_did(self, do: Any) -> None:
        assert [send(form(title="a"), do) for _ in range(3)] == ["/made/1/"] * 3
        assert RateBucket.objects.count() == 1

    def test_another_token_person_or_form_is_another(self, do: Any) -> None:
        people = cast()
        alice, bob = people.user("alice"), people.user("bob")
        requests = [
            form(), form(token="u"), form(path="/y/"), form(alice), form(bob), form(bob, token="u"),
        ]  # fmt: skip
        assert len({send(request, do) for request in requests}) == 6

    def test_without_a_token_nothing_is_guarded(self, do: Any) -> None:
        assert send(form(token=""), do) != send(form(token=""), do)

    def test_who_changed_the_form_meanwhile_is_told(self, do: Any) -> None:
        send(form(title="a"), do)
        same, changed = form(title="a"), form(title="b")
        assert send(same, do) == send(changed, do) == "/made/1/"
        assert same._messages.said == []
        assert changed._messages.said == ["这份表单已经提交过，后来的修改没有保存。"]

    def test_a_refusal_frees_the_token(self, do: Any) -> None:
        def refuse() -> str:
            do()
            raise Invalid("no")

        with pytest.raises(Invalid):
            send(form(), refuse)
        assert not RateBucket.objects.exists() and not OnceToken.objects.exists()
        assert send(form(), lambda: "") == ""
        assert not OnceToken.objects.exists()
        assert send(form(), do) == "/made/2/"

    def test_what_is_kept_says_nothing(self, do: Any) -> None:
        send(form(phone="13800001234", token="secret-token"), do)
        row = OnceToken.objects.get()
        assert "secret-token" not in row.key and "138" not in row.content[:3] + row.url

    def test_forgotten_after_a_day(self, do: Any) -> None:
        send(form(), do)
        assert once.tidy() == 0
        OnceToken.objects.update(at=timezone.now() - timedelta(hours=25))
        assert once.tidy() == 1
        assert send(form(), do) == "/made/2/"


@pytest.mark.django_db(transaction=True)
def test_of_forms_sent_at_once_one_counts() -> None:
    def tap(number: int) -> str:
        with once.claim(form(title="a")) as sent:
            if not sent.url:
                RateBucket.objects.create(key=f"made-{number}", opened_at=timezone.now())
                sent.url = f"/made/{number}/"
        return sent.url

    urls = at_once(*(partial(tap, number) for number in range(8)))
    assert {type(url) for url in urls} == {str} and len(set(urls)) == 1
    assert RateBucket.objects.count() == 1
