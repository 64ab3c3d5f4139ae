"""What was typed when the session had ended is there again after logging in, for that person alone."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from accounts import PASSWORD, code, with_password
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from browsing import Fields, sent
from cast import Cast, cast, listing
from django.contrib.sessions.models import Session
from django.core import signing
from django.test import Client
from django.urls import reverse
from introducing import ask
from lead_steps import reported

from corridor.site.core import typed
from corridor.site.core.models import User
from corridor.site.docking import actions as docking
from corridor.site.docking.models import Message
from corridor.site.listings.models import State

pytestmark = pytest.mark.django_db
WORDS = "请写清层高，电话 13911112222"
SECRET = generate_totp_secret()
#: Who types, on which page, in the form sent where, in which field.
Typed = tuple[str, str, str, str]


@pytest.fixture
def people() -> Cast:
    return cast()


def review(people: Cast) -> Typed:
    made = listing(people.alice, state=State.CITY_REVIEW)
    page = reverse("listings:review_one", args=[made.ref])
    return "suzhou", page, page, "note"


def lead_note(people: Cast) -> Typed:
    ref = reported().ref
    page = reverse("leads:detail", args=[ref])
    return "suzhou", page, reverse("leads:verb", args=[ref, "note"]), "text"


def lead_contact(people: Cast) -> Typed:
    ref = reported().ref
    page = reverse("leads:detail", args=[ref])
    return "suzhou", page, reverse("leads:verb", args=[ref, "contact"]), "text"


def message(people: Cast) -> Typed:
    page = ask(people.alice, listing(people.bob, side="offer")).get_absolute_url()
    return "bob", page, f"{page}message/", "text"


def advice(people: Cast) -> Typed:
    return ("hefei", *message(people)[1:])


def declining(people: Cast) -> Typed:
    page = ask(people.alice, listing(people.bob, side="offer")).get_absolute_url()
    return "bob", page, f"{page}decline/", "note"


def outcome(people: Cast) -> Typed:
    made = ask(people.alice, listing(people.bob, side="offer"))
    docking.accept(people.bob, made, agreed=True)
    page = made.get_absolute_url()
    return "alice", page, f"{page}outcome/", "note"


def asking(people: Cast) -> Typed:
    made = listing(people.bob, side="offer")
    page = reverse("docking:introduce", args=[made.ref])
    return "alice", page, page, "question"


def publishing(people: Cast) -> Typed:
    return "alice", "/listings/new/", "/listings/new/", "text"


PLACES = [
    review, lead_note, lead_contact, message, advice, declining, outcome, asking, publishing,
]  # fmt: skip

#: What else the form needs before it may be sent.
MORE: dict[str, dict[str, str]] = {
    "review": {"reasons": "vague"},
    "declining": {"reason": "price"},
    "outcome": {"result": "met"},
    "asking": {"cooperation": "lease", "agreed": "on"},
}


def form_of(html: str, page: str, action: str) -> str:
    """The form of a page that is sent to ``action``."""
    forms = re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.DOTALL)
    to = [(re.search(r'action="([^"]*)"', one.partition(">")[0]), one) for one in forms]
    found = [
        one for at, one in to if (at[1] if at else page) == action and 'name="typed_by"' in one
    ]
    assert len(found) == 1, (action, len(found))
    return found[0]


def shown(client: Client, page: str, action: str) -> tuple[str, dict[str, Any]]:
    """A page, and what stands in one form of it."""
    answer = client.get(page)
    assert answer.status_code == 200, answer.status_code
    html = answer.content.decode()
    return html, Fields(form_of(html, page, action)).data


def come_in(client: Client, user: User, answer: Any) -> Any:
    """Log in where ``answer`` leads, as the person does; where that leads to."""
    with_password(user)
    said = sent(client, answer.url, login=user.username, password=PASSWORD)
    if said.url.startswith("/account/factor/"):
        said = sent(client, said.url, code=code(SECRET))
    return said


def begun(people: Cast, name: str) -> Client:
    """Someone logged in, with the second factor where their role needs one."""
    user = people.user(name)
    if getattr(people, name).is_staff:
        TOTP.activate(user, SECRET)
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    return client


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_it_is_there_again_after_logging_in(people: Cast, place: Callable[[Cast], Typed]) -> None:
    who, page, action, field = place(people)
    client = begun(people, who)
    html, data = shown(client, page, action)
    assert "已为您保留" not in html
    Session.objects.all().delete()
    answer = client.post(action, data | {field: WORDS})
    assert answer.status_code == 302
    assert answer.url.startswith("/account/login/?next=")
    (kept,) = Session.objects.all()
    assert "13911112222" not in str(kept.get_decoded())
    assert WORDS not in str(kept.get_decoded())
    back = come_in(client, people.user(who), answer)
    assert back.url == page
    html, data = shown(client, page, action)
    assert data[field] == WORDS
    assert html.count("已为您保留") == 1
    assert data["csrfmiddlewaretoken"] in html
    done = client.post(action, data | MORE.get(place.__name__, {}))
    assert done.status_code == 302, done.content.decode()
    assert typed._SESSION not in client.session


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.__name__)
def test_nobody_else_is_shown_it(people: Cast, place: Callable[[Cast], Typed]) -> None:
    who, page, action, field = place(people)
    client = begun(people, who)
    _html, data = shown(client, page, action)
    Session.objects.all().delete()
    client.post(action, data | {field: WORDS})
    for other in ("alice", "bob", "suzhou", "hefei", "office"):
        if other != who:
            guest = begun(people, other)
            guest.cookies["sessionid"] = client.cookies["sessionid"].value
            guest.force_login(people.user(other))
            html = guest.get(page, follow=True).content.decode()
            assert "写清层高" not in html
            assert "已为您保留" not in html


def test_a_session_that_was_too_long_idle_keeps_it_too(people: Cast, settings: Any) -> None:
    who, page, action, field = message(people)
    client = begun(people, who)
    _html, data = shown(client, page, action)
    settings.SESSION_IDLE_SECONDS = -1
    answer = client.post(action, data | {field: WORDS})
    settings.SESSION_IDLE_SECONDS = 7200
    assert not Message.objects.exists()
    assert come_in(client, people.user(who), answer).url == page
    assert shown(client, page, action)[1][field] == WORDS


def test_it_stands_in_its_own_form_alone(people: Cast) -> None:
    who, page, action, field = message(people)
    client = begun(people, who)
    _html, data = shown(client, page, action)
    Session.objects.all().delete()
    come_in(client, people.user(who), client.post(action, data | {field: WORDS}))
    other = listing(people.bob, side="offer")
    elsewhere = ask(people.alice, other).get_absolute_url()
    assert shown(client, elsewhere, f"{elsewhere}message/")[1][field] == ""
    assert shown(client, page, page + "decline/")[1]["note"] == ""


@pytest.mark.parametrize("mark", ["", "x", "[]", "forged"])
def test_a_form_that_is_nobodys_is_not_kept(people: Cast, mark: str) -> None:
    if mark == "forged":
        mark = signing.dumps([people.alice.user, "/listings/new/"], salt="another")
    before = Session.objects.count()
    Client().post("/listings/new/", {"text": WORDS, typed.FIELD: mark})
    assert Session.objects.count() == before


def test_what_is_too_long_is_not_kept_and_does_no_harm(people: Cast) -> None:
    who, page, action, field = message(people)
    client = begun(people, who)
    _html, data = shown(client, page, action)
    Session.objects.all().delete()
    answer = client.post(action, data | {field: "长" * 100_000})
    assert answer.url.startswith("/account/login/")
    assert not Session.objects.exists()
    assert come_in(client, people.user(who), answer).url == page
    assert shown(client, page, action)[1][field] == ""


def test_another_site_cannot_have_it_kept(people: Cast) -> None:
    who, page, action, field = message(people)
    client = begun(people, who)
    _html, data = shown(client, page, action)
    Session.objects.all().delete()
    said = client.post(action, data | {field: WORDS, "csrfmiddlewaretoken": "x" * 32})
    assert said.status_code == 400
    assert not Session.objects.exists()
