"""Leads as the enterprise and the officers meet them: the form, its gate, the desk, the hand-over."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from cast import HEFEI, SUZHOU, Cast, cast, member
from django.db import DatabaseError, connection, connections, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from corridor.engine.factors.credit_code import credit_check
from corridor.site.core import audit
from corridor.site.core.actor import PUBLIC, Actor, Role
from corridor.site.core.errors import Forbidden, Invalid, NotNow
from corridor.site.core.models import AuditEntry, Consent, Membership, Party, RateBucket, Reveal
from corridor.site.leads import (
    actions,
    cards,
    circulation,
    conversion,
    credit,
    gate,
    intake,
    phones,
)
from corridor.site.leads.models import Circulation, EndReason, Lead, LeadEvent, State, Stated
from corridor.site.listings.models import Listing
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db

PHONE = "13911112222"
NEED = {
    "need": "求租单层厂房3000到5000平方米，层高8米以上，带10吨行车，年底前入驻，计划投资2亿元。",
    "use": "新能源汽车零部件生产",
    "tax": "约1500万",
    "wish": SUZHOU,
}
REPORTER = {
    "company": "苏州澜汐精密科技有限公司",
    "contact_name": "周明远",
    "phone": PHONE,
    "agreed": "on",
}
Login = Callable[[Actor], Client]


@pytest.fixture
def people() -> Cast:
    return cast()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Whoever sends the form has had it open for a minute, unless a test says otherwise."""
    clock = SimpleNamespace(offset=0.0)
    real = gate.time.time
    monkeypatch.setattr(gate, "time", SimpleNamespace(time=lambda: real() + clock.offset))
    opened = gate.new_token

    def earlier() -> str:
        clock.offset -= 60
        try:
            return opened()
        finally:
            clock.offset += 60

    monkeypatch.setattr(gate, "new_token", earlier)
    return clock


def token_of(client: Client, query: str = "") -> str:
    page = client.get(reverse("leads:new") + query).content.decode()
    found = re.search(r'name="once" value="([^"]+)"', page)
    assert found
    return found[1]


def send(client: Client, token: str = "", query: str = "", **changed: str) -> Any:
    """The second step of the form."""
    data = {**NEED, **REPORTER, "step": "2", "once": token or token_of(client, query), **changed}
    return client.post(reverse("leads:new") + query, data)


def reported(**changed: Any) -> Lead:
    """A lead taken in without the form."""
    said: dict[str, Any] = {
        "need": NEED["need"],
        "company": REPORTER["company"],
        "contact_name": REPORTER["contact_name"],
        "phone": PHONE,
        "wish": SUZHOU,
    }
    more = {name: changed.pop(name) for name in ("referrer", "suspicions") if name in changed}
    return intake.report(intake.Report(**{**said, **changed}), **more)


def text_of(answer: Any) -> str:
    return str(answer.content.decode())


# --- the form ---


def test_two_steps_of_few_fields_make_a_lead(client: Client, people: Cast) -> None:
    first = text_of(client.get(reverse("leads:new")))
    assert len(re.findall(r'class="field', first)) == 4
    second = text_of(client.post(reverse("leads:new"), {**NEED, "step": "1"}))
    assert len(re.findall(r'class="field', second)) == 4
    assert 'type="tel"' in second
    assert 'autocomplete="organization"' in second
    assert NEED["need"] in second
    answer = send(client)
    assert answer.status_code == 302
    lead = Lead.objects.get()
    page = text_of(client.get(answer.url))
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
    assert 'class="error-summary"' in text_of(answer)
    assert 'name="step" value="1"' in text_of(answer)


def test_going_back_keeps_both_steps(client: Client) -> None:
    page = text_of(
        client.post(reverse("leads:new"), {**NEED, **REPORTER, "step": "2", "back": "1"})
    )
    assert 'name="step" value="1"' in page
    assert 'name="company" value="苏州澜汐精密科技有限公司"' in page
    assert NEED["need"] in page
    assert not Lead.objects.exists()


@pytest.mark.parametrize("missing", ["need", "company", "contact_name", "phone", "agreed"])
def test_what_is_missing_is_said_and_nothing_is_lost(client: Client, missing: str) -> None:
    answer = send(client, **{missing: ""})
    assert answer.status_code == 422
    assert "有 1 处需要修改" in text_of(answer)
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
    assert "10000" in text_of(answer)
    assert "地" * 10_000 in text_of(answer)
    assert "maxlength" not in text_of(client.get(reverse("leads:new")))


def test_markup_and_emoji_are_shown_as_typed(client: Client, people: Cast, login: Login) -> None:
    evil = '<script>alert("x")</script> 😀 & \'"'
    send(client, need=evil, use=evil, company=evil, contact_name="<b>周</b>")
    lead = Lead.objects.get()
    assert lead.company == evil
    page = text_of(login(people.suzhou).get(lead.get_absolute_url()))
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


# --- once, and the gate ---


def test_a_double_tap_and_a_replay_are_one_lead(client: Client) -> None:
    token = token_of(client)
    first, second = send(client, token), send(client, token)
    replayed = send(client, token, company="另一家有限公司")
    assert first.url == second.url == replayed.url
    assert Lead.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_taps_at_the_same_time_are_one_lead() -> None:
    token = token_of(Client())
    found: list[Any] = []

    def tap() -> None:
        found.append(send(Client(REMOTE_ADDR="10.0.0.9"), token))
        connections.close_all()

    threads = [threading.Thread(target=tap) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
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
    page = text_of(answer)
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


# --- the card ---


def test_the_card_names_the_referrer_and_routes(client: Client, people: Cast, login: Login) -> None:
    page = text_of(login(people.suzhou).get(reverse("leads:card")))
    codes = re.findall(r"to=([BM]\d+-[0-9A-Z]{8})", page)
    assert sorted({code[0] for code in codes}) == ["B", "M"]
    code = next(code for code in codes if code[0] == "M")
    form = text_of(client.get(reverse("leads:new"), {"to": code}))
    assert "由 苏州市投资促进局 · Suzhou 推荐" in form
    send(client, query=f"?to={code}", wish="", to=code)
    lead = Lead.objects.get()
    assert (lead.city, lead.referrer_id) == (SUZHOU, people.suzhou.user)
    assert lead.referred_by == "苏州市投资促进局 · Suzhou"


def test_a_wish_beats_the_referrer_who_keeps_the_credit(client: Client, people: Cast) -> None:
    code = cards.code(cards.PARTY, people.suzhou.party or 0)
    send(client, to=code.lower(), wish=HEFEI)
    lead = Lead.objects.get()
    assert (lead.city, lead.first_city, lead.referrer_party_id) == (
        HEFEI, HEFEI, people.suzhou.party,
    )  # fmt: skip


@pytest.mark.parametrize("how", ["forged", "other", "enterprise", "garbage", "judge"])
def test_a_code_that_is_not_right_is_ignored(client: Client, people: Cast, how: str) -> None:
    real = cards.code(cards.PARTY, people.suzhou.party or 0)
    code = {
        "forged": real[:-1] + ("A" if real[-1] != "A" else "B"),
        "other": real.replace("B", "M", 1),
        "enterprise": cards.code(cards.PARTY, people.alice.party or 0),
        "garbage": "' OR 1=1 --",
        "judge": cards.code(cards.MEMBER, people.judge.membership or 0),
    }[how]
    assert "推荐</span>" not in text_of(client.get(reverse("leads:new"), {"to": code}))
    assert send(client, to=code, wish="").status_code == 302
    lead = Lead.objects.get()
    assert (lead.city, lead.referrer_party_id) == ("", None)


def test_the_card_of_one_who_left_counts_for_the_bureau(people: Cast) -> None:
    Membership.objects.filter(pk=people.suzhou.membership).update(ended_at=timezone.now())
    found = cards.referrer(cards.code(cards.MEMBER, people.suzhou.membership or 0))
    assert found is not None
    assert (found.city, found.user) == (SUZHOU, None)


def test_a_lead_without_a_city_waits_for_the_office(people: Cast, login: Login) -> None:
    lead = reported(wish="", need="想在合肥找地20亩")
    assert Notice.objects.get().user_id == people.office.user
    assert not Lead.objects.visible_to(people.suzhou).exists()
    office = login(people.office)
    page = text_of(office.get(lead.get_absolute_url()))
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


# --- the status page ---


def ask(client: Client, ref: str, four: str) -> Any:
    return client.post(reverse("leads:status"), {"ref": ref, "four": four})


def test_the_status_is_for_who_knows_ref_and_phone(client: Client, people: Cast) -> None:
    lead = reported()
    assert lead.ref in text_of(client.get(reverse("leads:status"), {"ref": lead.ref}))
    answer = ask(client, f" {lead.ref.lower()} ", "2222")
    page = text_of(answer)
    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert "收到时间" in page
    for hidden in (PHONE, "周明远", "Suzhou", NEED["need"]):
        assert hidden not in page
    wrong, missing = ask(client, lead.ref, "2223"), ask(client, "X0000000", "2222")
    assert wrong.status_code == missing.status_code == 422
    assert "没有找到" in text_of(wrong)
    assert "没有找到" in text_of(missing)
    assert ask(client, "X0000000", "0000").status_code == 422


def test_the_status_tells_the_answer_and_no_judgement(client: Client, people: Cast) -> None:
    lead = reported(phone="0512-62881234 x801")
    actions.contact(people.suzhou, lead, "内部备注")
    actions.judge_invalid(people.suzhou, lead, [], EndReason.NO_PROJECT, "内部研判")
    page = text_of(ask(client, lead.ref, "1234"))
    assert "内部" not in page
    assert "无效" not in page
    actions.close(people.suzhou, lead, EndReason.NO_FIT, "暂无合适厂房，有了再联系您")
    assert "暂无合适厂房" in text_of(ask(client, lead.ref, "1234"))


def test_digits_cannot_be_tried_out(client: Client, people: Cast) -> None:
    lead = reported()
    for number in range(10):
        assert (
            ask(Client(REMOTE_ADDR=f"10.0.0.{number}"), lead.ref, f"000{number}").status_code == 422
        )
    assert ask(Client(REMOTE_ADDR="10.0.1.1"), lead.ref, "2222").status_code == 429


# --- who sees what ---


def act(client: Client, lead: Lead, verb: str, **data: Any) -> Any:
    return client.post(reverse("leads:verb", args=[lead.ref, verb]), data)


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
        assert lead.company in text_of(client.get(reverse("leads:list")))
    assert lead.company not in text_of(login(people.hefei).get(reverse("leads:list")))
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
            page = text_of(client.get(url))
            assert not re.search(r"1391111222|1393333444", page)
            assert "周明远" not in page
    assert "139****2222" in text_of(login(people.suzhou).get(lead.get_absolute_url()))


def test_the_responsible_officer_reveals_the_contact_on_record(people: Cast, login: Login) -> None:
    lead = reported()
    suzhou = login(people.suzhou)
    assert f"办理线索 {lead.ref}" in text_of(suzhou.get(lead.get_absolute_url()))
    assert act(suzhou, lead, "reveal", purpose=" ").status_code == 422
    assert not Reveal.objects.exists()
    answer = act(suzhou, lead, "reveal", purpose="首次联系")
    assert PHONE in text_of(answer)
    assert "周明远" in text_of(answer)
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


# --- the desk ---


def test_a_lead_is_carried_to_talks(people: Cast, login: Login) -> None:
    lead = reported()
    client = login(people.suzhou)
    assert "下一步：联系企业" in text_of(client.get(lead.get_absolute_url()))
    assert act(client, lead, "contact", text="已通话，回电 13877776666").status_code == 302
    page = text_of(client.get(lead.get_absolute_url()))
    assert "下一步：研判" in page
    assert "13877776666" not in page
    assert all(str(one.label) in page for one in Stated)
    refused = act(client, lead, "judge", verdict="valid", stated=["project"], text="")
    assert refused.status_code == 422
    assert "可以后补或不适用" in text_of(refused)
    stated = [one.value for one in Stated]
    assert act(client, lead, "judge", verdict="valid", stated=stated).status_code == 302
    assert act(client, lead, "answer", text="").status_code == 422
    assert act(client, lead, "answer", text="可提供两处厂房").status_code == 302
    assert act(client, lead, "talk", text="周三实地看房").status_code == 302
    assert act(client, lead, "progress", text="已看房，谈租金").status_code == 302
    assert act(login(people.office), lead, "note", text="请抓紧").status_code == 302
    page = text_of(client.get(lead.get_absolute_url()))
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
    done: list[int] = []
    late: list[int] = []

    def call(actor: Actor) -> None:
        try:
            actions.contact(actor, lead)
            done.append(actor.user or 0)
        except NotNow:
            late.append(actor.user or 0)
        connections.close_all()

    threads = [threading.Thread(target=call, args=[officer]) for officer in officers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(done), len(late)) == (1, 5)
    lead.refresh_from_db()
    assert lead.officer_id == done[0]
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


# --- twins ---


def test_the_same_phone_is_shown_to_both_cities_without_the_contact(
    people: Cast, login: Login
) -> None:
    first = reported()
    later = reported(wish=HEFEI, company="合肥某某有限公司", need="别的需求", contact_name="李四方")
    assert (later.duplicate_of_id, later.duplicate_why) == (first.pk, "phone")
    when = timezone.localtime(first.first_reported_at).strftime("%Y-%m-%d %H:%M")
    there = text_of(login(people.hefei).get(later.get_absolute_url()))
    assert f"疑似重复，首报在 苏州（{when}）" in there
    here = text_of(login(people.suzhou).get(first.get_absolute_url()))
    assert "疑似重复，合肥 也收到一条" in here
    for leaked in ("李四方", "合肥某某", later.ref):
        assert leaked not in here
    for leaked in ("周明远", REPORTER["company"], first.ref):
        assert leaked not in there
    assert Notice.objects.filter(kind="lead.alike", user_id=people.suzhou.user).count() == 1


@pytest.mark.parametrize(
    ("company", "need", "alike"),
    [
        ("澜汐精密科技（苏州）有限责任公司", NEED["need"] + "另需宿舍。", True),
        ("苏州市澜汐精密科技股份有限公司", NEED["need"], True),
        ("苏州澜汐精密科技有限公司", "转让一项激光焊接专利，寻找受让企业。", False),
        ("合肥岚溪新材料有限公司", NEED["need"], False),
        ("有限公司", NEED["need"], False),
        ("😀", "😀", False),
    ],
)
def test_the_same_company_wanting_the_same_is_alike(
    people: Cast, company: str, need: str, alike: bool
) -> None:
    first = reported()
    later = reported(phone="13800000000", company=company, need=need)
    assert (later.duplicate_of_id == first.pk) is alike


def test_three_months_later_it_is_another_matter(people: Cast, monkeypatch: Any) -> None:
    first = reported()
    soon, late = (first.first_reported_at + timedelta(days=n) for n in (89, 91))
    monkeypatch.setattr(timezone, "now", lambda: soon)
    assert reported().duplicate_of_id == first.pk
    monkeypatch.setattr(timezone, "now", lambda: late)
    Lead.objects.exclude(pk=first.pk).delete()
    assert reported().duplicate_of_id is None


# --- circulation ---


def test_a_lead_passes_to_another_city_with_agreed_shares(people: Cast, login: Login) -> None:
    lead = reported()
    suzhou, hefei = login(people.suzhou), login(people.hefei)
    answer = act(suzhou, lead, "propose", to_city=HEFEI, kept="40", text="当地产业链更全")
    assert answer.status_code == 302
    offer = Circulation.objects.get()
    assert "推荐给 合肥，考核分成 40 : 60" in text_of(hefei.get(lead.get_absolute_url()))
    with pytest.raises(NotNow):
        circulation.propose(people.suzhou, lead, "330100", 50, "再推一家")
    with pytest.raises(Forbidden):
        circulation.accept(people.suzhou, lead, offer.pk)
    with pytest.raises(NotNow):
        actions.assign(people.office, lead, "330100", "改派")
    assert act(hefei, lead, "accept", offer=str(offer.pk)).status_code == 302
    lead.refresh_from_db()
    assert (lead.city, lead.first_city) == (HEFEI, SUZHOU)
    assert suzhou.get(lead.get_absolute_url()).status_code == 404
    given = text_of(suzhou.get(reverse("leads:list")))
    assert lead.ref in given
    assert "40 : 60" in given
    page = text_of(hefei.get(lead.get_absolute_url()))
    assert "统计数据按在地原则" in page
    with pytest.raises(DatabaseError), transaction.atomic():
        Circulation.objects.filter(pk=offer.pk).update(kept=90)
    with pytest.raises(NotNow):
        circulation.withdraw(people.suzhou, lead, offer.pk)
    assert list(audit.faults()) == []


def test_an_offer_is_declined_withdrawn_and_never_mistaken_for_a_later_one(people: Cast) -> None:
    lead = reported()
    first = circulation.propose(people.suzhou, lead, HEFEI, 50, "更合适")
    with pytest.raises(Invalid):
        circulation.decline(people.hefei, lead, first.pk, " ")
    circulation.decline(people.hefei, lead, first.pk, "没有地")
    assert not Lead.objects.visible_to(people.hefei).exists()
    second = circulation.propose(people.suzhou, lead, HEFEI, 50, "再问一次")
    circulation.withdraw(people.suzhou, lead, second.pk)
    third = circulation.propose(people.suzhou, lead, HEFEI, 90, "再问")
    for stale in (first, second):
        with pytest.raises(NotNow):
            circulation.accept(people.hefei, lead, stale.pk)
    actions.close(people.suzhou, lead, EndReason.GAVE_UP, "企业不再推进")
    third.refresh_from_db()
    assert third.state == Circulation.State.WITHDRAWN


@pytest.mark.parametrize(
    ("to", "kept", "reason"),
    [(SUZHOU, 50, "x"), ("110000", 50, "x"), (HEFEI, 101, "x"), (HEFEI, -1, "x"), (HEFEI, 50, "")],
)
def test_an_offer_that_makes_no_sense_is_refused(
    people: Cast, to: str, kept: int, reason: str
) -> None:
    with pytest.raises(Invalid):
        circulation.propose(people.suzhou, reported(), to, kept, reason)


def test_credit_always_adds_up_to_a_hundred() -> None:
    def offer(from_city: str, to_city: str, kept: int) -> Circulation:
        return Circulation(from_city=from_city, to_city=to_city, kept=kept)

    assert credit.credits("a", []) == [("a", 100)]
    assert credit.credits("a", [offer("a", "b", 50)]) == [("a", 50), ("b", 50)]
    chain = [offer("a", "b", 33), offer("b", "c", 50), offer("c", "a", 0)]
    held = dict(credit.credits("a", chain))
    assert sum(held.values()) == 100
    assert held == {"a": 33 + 33, "b": 34, "c": 0}


# --- a listing of it ---

HEAD = "91320500MA1XYZ012".replace("Z", "Y")
CODE = HEAD + credit_check(HEAD)


def valid_lead(people: Cast, **changed: Any) -> Lead:
    lead = reported(**changed)
    actions.contact(people.suzhou, lead)
    actions.judge_valid(people.suzhou, lead, [], "可后补")
    return lead


def converted(client: Client, lead: Lead, **changed: Any) -> Any:
    data = {
        "credit_code": CODE, "party_kind": "enterprise", "side": "need", "kind": "space",
        "title": "求租单层厂房", "keep": ["area", "clear_height"], "text": "已起草，请核对", **changed,
    }  # fmt: skip
    return act(client, lead, "convert", **data)


def test_a_lead_becomes_a_draft_of_a_new_unverified_party(people: Cast, login: Login) -> None:
    lead, client = valid_lead(people), login(people.suzhou)
    page = text_of(client.get(lead.get_absolute_url()))
    assert "从文字读出，请核对" in page
    assert "3000~5000 ㎡" in page
    assert "2亿元" in page
    assert converted(client, lead).status_code == 302
    lead.refresh_from_db()
    listing = Listing.objects.get()
    assert (lead.state, lead.listing_id, lead.answer) == (
        State.CONVERTED,
        listing.pk,
        "已起草，请核对",
    )
    owner = Party.objects.get(credit_code=CODE)
    assert (owner.name, owner.city, owner.verified_at) == (lead.company, SUZHOU, None)
    assert (listing.party_id, listing.state, listing.kind) == (owner.pk, "draft", "space")
    assert sorted(listing.values) == ["area", "clear_height"]
    assert listing.contact_phone.reveal() == PHONE
    assert PHONE not in text_of(client.get(lead.get_absolute_url()))
    assert "已起草，请核对" in text_of(ask(Client(), lead.ref, "2222"))
    assert converted(client, lead).status_code == 409
    assert list(audit.faults()) == []


def test_a_known_party_is_used_once_checked(people: Cast, login: Login) -> None:
    lead, client = valid_lead(people), login(people.suzhou)
    alice = Party.objects.get(pk=people.alice.party)
    refused = converted(client, lead, credit_code=alice.credit_code.lower())
    assert refused.status_code == 422
    assert alice.name in text_of(refused)
    assert not Listing.objects.exists()
    assert converted(client, lead, credit_code=alice.credit_code, same="on").status_code == 302
    assert Listing.objects.get().party_id == alice.pk
    assert Notice.objects.filter(user_id=people.alice.user).count() == 1


@pytest.mark.parametrize(
    "changed",
    [{"credit_code": "123"}, {"credit_code": CODE[:-1] + "0"}, {"kind": ""}, {"kind": "nonsense"},
     {"title": ""}, {"text": ""}, {"keep": ["nonsense"]}],
)  # fmt: skip
def test_a_conversion_that_is_not_right_changes_nothing(
    people: Cast, login: Login, changed: dict[str, Any]
) -> None:
    lead = valid_lead(people)
    parties = Party.objects.count()
    assert converted(login(people.suzhou), lead, **changed).status_code == 422
    lead.refresh_from_db()
    assert lead.state == State.VALID
    assert (Party.objects.count(), Listing.objects.count()) == (parties, 0)


def test_a_party_of_another_city_is_for_its_own_bureau(people: Cast) -> None:
    lead = valid_lead(people)
    bob = Party.objects.get(pk=people.bob.party)
    draft = conversion.Draft(bob.credit_code, "lab", "need", "space", "求租厂房", same=True)
    with pytest.raises(Invalid, match="合肥"):
        conversion.convert(people.suzhou, lead, draft, "已起草")


@pytest.mark.parametrize("phone", ["0512-62881234 x801", "13911112222", "+4915112345678"])
def test_every_phone_the_form_takes_fits_a_listing(people: Cast, phone: str) -> None:
    lead = valid_lead(people, phone=phone)
    draft = conversion.Draft(CODE, "enterprise", "need", "space", "求租厂房")
    assert conversion.convert(people.suzhou, lead, draft, "已起草").contact_phone.reveal() == phone


def test_text_without_a_kind_can_still_be_converted(people: Cast, login: Login) -> None:
    lead = valid_lead(people, need="想找合作伙伴一起做点事情")
    assert lead.kind == ""
    assert converted(login(people.suzhou), lead, kind="capital", keep=[]).status_code == 302


def test_rate_buckets_hold_no_address(client: Client) -> None:
    send(client)
    assert not any("127.0.0.1" in bucket.key for bucket in RateBucket.objects.all())


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
