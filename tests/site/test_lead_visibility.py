"""Who sees a lead, and who its contact."""

from __future__ import annotations

import re

import pytest
from browsing import Login
from cast import HEFEI, Cast
from django.test import Client
from django.urls import reverse
from lead_steps import PHONE, act, reported

from corridor.site.core.actor import PUBLIC
from corridor.site.core.errors import NotNow
from corridor.site.core.models import AuditEntry, Reveal
from corridor.site.leads import actions, circulation
from corridor.site.leads.models import Lead, LeadEvent, State
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_only_the_city_and_the_office_see_a_lead(people: Cast, login: Login) -> None:
    lead = reported()
    for name in ("alice", "bob", "carol", "hefei", "judge", "analyst"):
        client = login(getattr(people, name))
        assert client.get(lead.get_absolute_url()).status_code == 404, name
        assert act(client, lead, "contact").status_code == 404, name
        assert not Lead.objects.visible_to(getattr(people, name)).exists()
        assert not LeadEvent.objects.visible_to(getattr(people, name)).exists()
    for name in ("suzhou", "office"):
        client = login(getattr(people, name))
        assert client.get(lead.get_absolute_url()).status_code == 200
        assert lead.company in client.get(reverse("leads:list")).text
    assert lead.company not in login(people.hefei).get(reverse("leads:list")).text
    for name in ("leads:list", "leads:card", "leads:clocks"):
        assert login(people.alice).get(reverse(name)).status_code == 404
        assert Client().get(reverse(name)).status_code == 302
    assert not Lead.objects.visible_to(PUBLIC).exists()


def test_no_page_shows_a_contact_in_full(people: Cast, login: Login) -> None:
    lead = reported(phone="13911112222")
    held = reported(suspicions=["trap"], phone="13933334444")
    circulation.propose(people.suzhou, lead, HEFEI, 50, "更合适")
    for name in ("suzhou", "office", "hefei", "judge", "analyst", "alice"):
        client = login(getattr(people, name))
        for url in (
            reverse("leads:list"), reverse("leads:list") + "?show=held", lead.get_absolute_url(),
            held.get_absolute_url(), reverse("leads:card"), reverse("leads:new"),
        ):  # fmt: skip
            page = client.get(url).text
            assert not re.search(r"1391111222|1393333444", page)
            assert "周明远" not in page
    assert "139****2222" in login(people.suzhou).get(lead.get_absolute_url()).text


def test_the_responsible_officer_reveals_the_contact_on_record(people: Cast, login: Login) -> None:
    lead = reported()
    suzhou = login(people.suzhou)
    assert f"办理线索 {lead.ref}" in suzhou.get(lead.get_absolute_url()).text
    assert act(suzhou, lead, "reveal", purpose=" ").status_code == 422
    assert not Reveal.objects.exists()
    answer = act(suzhou, lead, "reveal", purpose="首次联系")
    assert PHONE in answer.text
    assert "周明远" in answer.text
    assert "no-store" in answer["Cache-Control"]
    assert Reveal.objects.get().purpose == "首次联系"
    assert AuditEntry.objects.filter(verb="contact.reveal", thing=f"lead:{lead.ref}").count() == 1
    assert act(login(people.office), lead, "reveal", purpose="看看").status_code == 403
    lead.refresh_from_db()
    assert lead.state == State.RECEIVED


def test_a_held_contact_is_not_revealed(people: Cast) -> None:
    lead = reported(suspicions=["trap"])
    with pytest.raises(NotNow):
        actions.reveal(people.suzhou, lead, "首次联系")
    actions.admit(people.suzhou, lead)
    assert actions.reveal(people.suzhou, lead, "首次联系")["phone"] == PHONE
    assert Notice.objects.filter(kind="lead.received").count() == 0  # the one who admitted it knows
