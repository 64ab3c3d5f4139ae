"""Leads at the desk: assigned, carried to talks, by the right people and once."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import Login
from cast import HEFEI, SUZHOU, Cast, member
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from lead_steps import act, reported
from together import at_once

from corridor.site.core import audit
from corridor.site.core.actor import Role
from corridor.site.core.errors import Forbidden, Invalid, NotNow
from corridor.site.core.models import Membership, Party
from corridor.site.leads import actions, circulation
from corridor.site.leads.models import Lead, State, Stated
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_a_lead_without_a_city_waits_for_the_office(people: Cast, login: Login) -> None:
    lead = reported(wish="", need="想在合肥找地20亩")
    assert Notice.objects.get().user_id == people.office.user
    assert not Lead.objects.visible_to(people.suzhou).exists()
    office = login(people.office)
    page = office.get(lead.get_absolute_url()).text
    assert f'value="{HEFEI}" selected' in page
    act(office, lead, "assign", city=HEFEI)
    lead.refresh_from_db()
    assert (lead.city, lead.first_city) == (HEFEI, HEFEI)
    assert Notice.objects.filter(user_id=people.hefei.user).exists()
    with pytest.raises(Invalid):
        actions.assign(people.office, lead, SUZHOU, "")
    actions.assign(people.office, lead, SUZHOU, "企业改变主意")
    lead.refresh_from_db()
    assert (lead.city, lead.first_city) == (SUZHOU, HEFEI)


def test_a_lead_is_carried_to_talks(people: Cast, login: Login) -> None:
    lead = reported()
    client = login(people.suzhou)
    assert "下一步：联系企业" in client.get(lead.get_absolute_url()).text
    assert act(client, lead, "contact", text="已通话，回电 13877776666").status_code == 302
    page = client.get(lead.get_absolute_url()).text
    assert "下一步：研判" in page
    assert "13877776666" not in page
    assert all(str(one.label) in page for one in Stated)
    refused = act(client, lead, "judge", verdict="valid", stated=["project"], text="")
    assert refused.status_code == 422
    assert "可以后补或不适用" in refused.text
    stated = [one.value for one in Stated]
    assert act(client, lead, "judge", verdict="valid", stated=stated).status_code == 302
    assert act(client, lead, "answer", text="").status_code == 422
    assert act(client, lead, "answer", text="可提供两处厂房").status_code == 302
    assert act(client, lead, "talk", text="周三实地看房").status_code == 302
    assert act(client, lead, "progress", text="已看房，谈租金").status_code == 302
    assert act(login(people.office), lead, "note", text="请抓紧").status_code == 302
    page = client.get(lead.get_absolute_url()).text
    for text in ("周三实地看房", "已看房，谈租金", "请抓紧", "可提供两处厂房"):
        assert text in page
    assert act(client, lead, "close", end_reason="gave_up", text="").status_code == 422
    assert act(client, lead, "close", end_reason="gave_up", text="感谢").status_code == 302
    lead.refresh_from_db()
    assert (lead.state, lead.officer_id, lead.due_at) == (State.CLOSED, people.suzhou.user, None)
    assert list(audit.faults()) == []
    assert act(client, lead, "contact").status_code == 409


def test_the_first_report_cannot_be_written_again(people: Cast) -> None:
    lead = reported()
    for change in ({"first_reported_at": timezone.now()}, {"first_city": HEFEI}):
        with pytest.raises(DatabaseError), transaction.atomic():
            Lead.objects.filter(pk=lead.pk).update(**change)


def test_verbs_are_for_the_responsible_city(people: Cast) -> None:
    lead = reported()
    for actor in (people.office, people.hefei, people.alice):
        for verb in (actions.contact, actions.talk):
            with pytest.raises(Forbidden):
                verb(actor, lead)
        with pytest.raises(Forbidden):
            actions.progress(actor, lead, "x")
    with pytest.raises(Forbidden):
        actions.assign(people.suzhou, lead, HEFEI, "x")
    with pytest.raises(NotNow):
        actions.answer(people.suzhou, lead, "太早")


def test_someone_who_lost_the_role_can_do_nothing(people: Cast) -> None:
    lead = reported()
    Membership.objects.filter(pk=people.suzhou.membership).update(ended_at=timezone.now())
    with pytest.raises(Forbidden):
        actions.contact(people.suzhou, lead)


@pytest.mark.django_db(transaction=True)
def test_of_officers_at_the_same_time_one_is_first(people: Cast) -> None:
    lead = reported()
    bureau = Party.objects.get(pk=people.suzhou.party)
    officers = [member(bureau, Role.BUREAU, f"officer{n}") for n in range(6)]
    got = at_once(*(lambda who=who: actions.contact(who, lead) for who in officers))
    late = [isinstance(one, NotNow) for one in got]
    assert late.count(True) == 5
    lead.refresh_from_db()
    assert lead.officer_id == officers[late.index(False)].user
    assert lead.events.filter(what="contact").count() == 1
    assert list(audit.faults()) == []


def test_spam_is_closed_without_a_word(people: Cast, login: Login) -> None:
    lead = reported(suspicions=["link"])
    assert act(login(people.suzhou), lead, "close", end_reason="spam").status_code == 302
    lead.refresh_from_db()
    assert (lead.state, lead.answer) == (State.CLOSED, "")


def test_a_note_sent_twice_is_there_once(people: Cast, login: Login) -> None:
    lead, client = reported(), login(people.suzhou)
    for _ in range(2):
        act(client, lead, "note", text="一条", once="abc")
    assert lead.events.filter(what="note").count() == 1


def test_an_expired_session_leads_back_to_the_lead(people: Cast) -> None:
    lead = reported()
    answer = act(Client(), lead, "note", text="写了很久")
    assert answer.status_code == 302
    assert answer.url.endswith(f"next={lead.get_absolute_url()}")


def test_the_list_asks_the_database_a_few_times_whatever_its_length(
    people: Cast, login: Login, django_assert_max_num_queries: Any
) -> None:
    client = login(people.suzhou)
    counts = []
    for more in (1, 2, 17):
        for number in range(more):
            reported(phone=f"1390{more:03d}{number:04d}", need=f"{more}{number}的需求")
        client.get(reverse("leads:list"))
        with django_assert_max_num_queries(12) as asked:
            client.get(reverse("leads:list"))
        counts.append(len(asked))
    assert len(set(counts)) == 1


def test_one_lead_takes_a_few_queries_however_much_happened(
    people: Cast, login: Login, django_assert_max_num_queries: Any
) -> None:
    lead, client = reported(), login(people.suzhou)
    later = reported(wish=HEFEI)
    circulation.propose(people.suzhou, lead, HEFEI, 50, "更合适")
    counts = []
    for more in (1, 10):
        for number in range(more):
            actions.note(people.suzhou, lead, f"备注 {number}")
        client.get(lead.get_absolute_url())
        with django_assert_max_num_queries(12) as asked:
            client.get(lead.get_absolute_url())
        counts.append(len(asked))
    assert later.duplicate_of_id == lead.pk
    assert len(set(counts)) == 1
