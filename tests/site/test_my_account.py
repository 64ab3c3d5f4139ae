"""My account: contact, mails, language."""

from __future__ import annotations

import pytest
from browsing import Login
from cast import cast
from django.test import Client

from corridor.site.core.models import AuditEntry

pytestmark = pytest.mark.django_db


class TestMe:
    """Oneself."""

    def test_contact_and_mails(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        sent = {"name": "爱丽丝", "phone": "13912345678", "email": "a@example.cn"}
        assert client.post("/account/me/", sent).status_code == 302
        user = people.user("alice")
        assert (user.name, user.email.reveal(), user.mails) == ("爱丽丝", "a@example.cn", False)
        assert "a@example.cn" in client.get("/account/me/").text
        assert client.post("/account/me/", sent | {"email": "no"}).status_code == 422
        entry = AuditEntry.objects.get(verb="user.update")
        assert "13912345678" not in str(entry.diff)

    def test_the_language_switch_is_remembered_for_mails(self, login: Login) -> None:
        people = cast()
        client = login(people.alice)
        answer = client.post("/language/", {"language": "en", "next": "/account/me/"})
        assert answer["Location"] == "/account/me/"
        assert people.user("alice").language == "en"
        client.post("/language/", {"language": "xx", "next": "/"})
        assert people.user("alice").language == "en"
        assert Client().post("/language/", {"language": "en"}).status_code == 302
