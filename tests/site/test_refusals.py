"""Pages of refusal, and what every answer says."""

from __future__ import annotations

import pytest
from browsing import Login
from cast import cast
from django.test import Client


@pytest.mark.django_db
class TestRefusals:
    """Every refusal is a page that says what was wrong."""

    def test_pages(self, login: Login) -> None:
        client = login(cast().alice)
        assert client.get("/no/such/page/").status_code == 404
        assert "没有找到" in client.get("/files/none/").text
        assert client.get("/acting/").status_code == 405
        assert client.get(f"/parties/{10**30}/").status_code == 404
        for page in ("x", "-1", "99999"):
            assert client.get(f"/parties/?page={page}").status_code == 200
        assert client.get("/parties/?q=%00").status_code == 400
        assert client.get("/conferences/feed/%00.ics").status_code == 404
        assert client.post("/account/me/", {"name": "a\0b"}).status_code == 400

    def test_a_page_left_open_too_long(self) -> None:
        client = Client(enforce_csrf_checks=True)
        answer = client.post("/account/login/", {"login": "x", "password": "y"})
        assert answer.status_code == 400 and "页面已过期" in answer.text

    def test_another_host(self) -> None:
        answer = Client().get("/account/login/", headers={"Host": "evil.example"})
        assert answer.status_code == 400 and "evil" not in answer.text

    def test_headers_of_every_page(self) -> None:
        for path in ("/account/login/", "/no/such/page/", "/join/"):
            answer = Client().get(path)
            policy = answer["Content-Security-Policy"]
            assert "default-src 'none'" in policy and "unsafe" not in policy
            assert answer["X-Content-Type-Options"] == "nosniff"
            assert answer["X-Frame-Options"] == "DENY"
            assert answer["Referrer-Policy"] == "same-origin"
            assert "style=" not in answer.text and " onclick" not in answer.text

    def test_two_who_wait_for_each_other(
        self, login: Login, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        from django.db import OperationalError

        from corridor.site.core import views

        def stuck(*_: object) -> None:
            raise OperationalError("database is locked")

        people = cast()
        monkeypatch.setattr(views.jobs, "cancel", stuck)
        answer = login(people.alice).post("/jobs/1/cancel/")
        assert answer.status_code == 409 and "再试一次" in answer.text

    def test_back_only_to_this_site(self) -> None:
        client = Client()
        for wanted, leads in (
            ("/join/?a=1", "/join/?a=1"),
            ("https://evil.example/", "/"),
            ("//evil.example/", "/"),
            ("javascript:alert(1)", "/"),
            ("\\\\evil.example", "/"),
            ("", "/"),
        ):
            answer = client.post("/text-size/", {"size": "large", "next": wanted})
            assert answer["Location"] == leads

    def test_the_pages_speak_english_too(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        client.post("/language/", {"language": "en", "next": "/"})
        for path in ("/account/me/", "/members/", "/notices/", "/join/", "/account/factor/"):
            main = client.get(path).text.split("<main")[1].split("</main>")[0]
            for name in ("苏州澄源精密有限公司",):
                main = main.replace(name, "")
            assert not [char for char in main if "\u4e00" <= char <= "\u9fff"], path
