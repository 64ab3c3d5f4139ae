"""The life of a listing: who may do what when, against a table of its own; and the clock."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from unittest import mock

import pytest
from cast import Cast, cast, listing
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, rule, run_state_machine_as_test

from corridor.site.core.errors import Forbidden, Invalid, NotNow
from corridor.site.core.models import AuditEntry, Job, Membership, Party
from corridor.site.listings import actions, content
from corridor.site.listings.models import ExitReason, Listing, ListingVersion, Review, State
from corridor.site.listings.terms import expiry, in_months, reminder_due
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db

#: Written from the brief, not from the code: (verb, who, from, to).
ORACLE = [
    ("update", "alice", {"draft", "returned"}, ""),
    ("submit", "alice", {"draft", "returned"}, "city_review"),
    ("pass_city", "suzhou", {"city_review"}, "corridor_review"),
    ("return_", "suzhou", {"city_review"}, "returned"),
    ("return_", "office", {"corridor_review"}, "returned"),
    ("publish", "office", {"corridor_review"}, "published"),
    ("revise", "alice", {"published", "expired"}, "city_review"),
    ("renew", "alice", {"published", "expired"}, "published"),
    (
        "close",
        "alice",
        {"city_review", "corridor_review", "returned", "published", "expired"},
        "closed",
    ),
    ("hide", "suzhou", {"published", "expired"}, "hidden"),
    ("hide", "office", {"published", "expired"}, "hidden"),
    ("restore", "suzhou", {"hidden"}, "published"),
    ("restore", "office", {"hidden"}, "published"),
    ("discard", "alice", {"draft"}, "gone"),
]
VERBS = sorted({verb for verb, *_ in ORACLE})
ACTORS = ("alice", "bob", "carol", "suzhou", "hefei", "office", "judge", "analyst")


def outcome(who: str, verb: str, state: str) -> tuple[str, str]:
    """What must come of it, and the state after."""
    rows = [row for row in ORACLE if row[:2] == (verb, who)]
    if not rows:
        return "forbidden", state
    _verb, _who, sources, target = rows[0]
    return ("done", target or state) if state in sources else ("not now", state)


def do(people: Cast, who: str, verb: str, one: Listing) -> str:
    """A verb with all it needs, and what came of it."""
    actor: Any = getattr(people, who)
    more: dict[str, Any] = {
        "update": {"content": content.of(one)},
        "revise": {"content": content.of(one), "agreed": "同意"},
        "submit": {"agreed": "同意"},
        "return_": {"reasons": ["vague"]},
        "close": {"why": ExitReason.PLAN_CHANGED},
        "hide": {"reason": "原因"},
        "restore": {"reason": "原因"},
    }
    try:
        getattr(actions, verb)(actor, one, **more.get(verb, {}))
    except Forbidden:
        return "forbidden"
    except NotNow:
        return "not now"
    return "done"


def state_of(pk: int) -> str:
    """Where a listing stands, as the database has it."""
    return Listing.objects.filter(pk=pk).values_list("state", flat=True).first() or "gone"


@pytest.mark.parametrize("state", list(State))
def test_every_verb_from_every_state_by_everyone(state: State) -> None:
    people = cast()
    for verb in VERBS:
        for who in ACTORS:
            one = listing(people.alice, state=state)
            before = AuditEntry.objects.count()
            came, after = outcome(who, verb, state)
            assert (do(people, who, verb, one), state_of(one.pk)) == (came, after), (verb, who)
            assert AuditEntry.objects.count() == before + (came == "done")


class Life(RuleBasedStateMachine):
    """Verbs in any order by anyone; the oracle knows what must come of each."""

    listings = Bundle("listings")

    def __init__(self) -> None:
        super().__init__()
        self.people = cast()
        self.state: dict[int, str] = {}

    @rule(target=listings, state=st.sampled_from(["draft", "published"]))
    def begin(self, state: str) -> int:
        one = listing(self.people.alice, state=state)
        self.state[one.pk] = state
        return int(one.pk)

    @rule(pk=listings, who=st.sampled_from(ACTORS[:6]), verb=st.sampled_from(VERBS))
    def act(self, pk: int, who: str, verb: str) -> None:
        one = Listing.objects.filter(pk=pk).first()
        if one is None:
            assert self.state[pk] == "gone"
            return
        came, self.state[pk] = outcome(who, verb, self.state[pk])
        assert do(self.people, who, verb, one) == came
        assert state_of(pk) == self.state[pk]

    def teardown(self) -> None:
        seen = set(Listing.objects.visible_to(self.people.bob).values_list("pk", flat=True))
        assert seen == {pk for pk, state in self.state.items() if state == "published"}
        for one in Listing.objects.all():
            if one.state == State.PUBLISHED and one.reviews.filter(stage="corridor").exists():
                assert one.party.verified_at is not None


def test_any_order_of_verbs_keeps_to_the_table() -> None:
    class Rolled(Life):
        def __init__(self) -> None:
            self._frame = transaction.atomic()
            self._frame.__enter__()
            super().__init__()

        def teardown(self) -> None:
            try:
                super().teardown()
            finally:
                transaction.set_rollback(True)
                self._frame.__exit__(None, None, None)

    slow = [HealthCheck.too_slow, HealthCheck.data_too_large]
    run_state_machine_as_test(
        Rolled,
        settings=settings(
            max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=slow
        ),
    )


# --- expiry ---


TODAY = date(2026, 11, 22)


@given(st.dates(date(2020, 1, 1), date(2060, 1, 1)), st.integers(0, 60))
def test_months_are_calendar_months(day: date, months: int) -> None:
    later = in_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later + timedelta(days=1)).day == 1


def test_six_months_or_the_deadline() -> None:
    assert expiry(date(2026, 8, 31), None) == date(2027, 2, 28)
    assert expiry(TODAY, date(2027, 1, 1)) == date(2027, 1, 1)
    assert expiry(TODAY, date(2030, 1, 1)) == date(2027, 5, 22)


@given(st.lists(st.integers(-40, 40), max_size=40))
def test_each_reminder_is_sent_at_most_once_whatever_the_clock_does(days: list[int]) -> None:
    sent, reminded = 0, None
    for offset in days:
        today = TODAY + timedelta(days=offset)
        if reminder_due(today, TODAY, reminded):
            sent, reminded = sent + 1, today
    assert sent <= 2


def test_reminders_come_at_fourteen_and_three_days() -> None:
    due, reminded = [], None
    for left in range(20, -1, -1):
        today = TODAY - timedelta(days=left)
        if reminder_due(today, TODAY, reminded):
            due.append(left)
            reminded = today
    assert due == [14, 3]


def test_a_party_is_reminded_and_then_told_it_expired(people: Cast) -> None:
    one = listing(people.alice, expires_on=TODAY)
    for left in range(20, -3, -1):
        day = TODAY - timedelta(days=left)
        for _ in range(2):  # a job that runs twice a day tells once
            actions.expire_due(day)
            actions.remind_due(day)
    kinds = list(Notice.objects.order_by("id").values_list("kind", "user_id", "url"))
    url = f"/listings/{one.ref}/renew/"
    told = ["listing.expiring", "listing.expiring", "listing.expired"]
    assert kinds == [(kind, people.alice.user, url) for kind in told]
    one.refresh_from_db()
    assert one.state == State.EXPIRED
    assert Job.objects.filter(kind="docking.match", key="space").count() == 1


def test_what_stands_until_today_is_not_expired(people: Cast) -> None:
    listing(people.alice, expires_on=TODAY)
    assert actions.expire_due(TODAY) == 0
    assert actions.expire_due(TODAY + timedelta(days=1)) == 1
    assert actions.expire_due(TODAY) == 0  # the clock went back


def test_one_renewed_while_the_job_ran_is_not_expired(people: Cast) -> None:
    one = listing(people.alice, expires_on=TODAY - timedelta(days=1))
    stale = Listing.objects.get(pk=one.pk)
    actions.renew(people.alice, one)
    assert actions._expire(stale, TODAY) is False
    one.refresh_from_db()
    assert one.state == State.PUBLISHED


def test_renewing_is_one_tap_from_the_notice(people: Cast, login: Any) -> None:
    one = listing(people.alice, state=State.EXPIRED, expires_on=date(2026, 1, 1), reminded_on=TODAY)
    client, url = login(people.alice), f"/listings/{one.ref}/renew/"
    page = client.get(url).content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    assert main.count("<form") == main.count("<button") == 1
    one.refresh_from_db()
    assert one.state == State.EXPIRED  # a link in a mail that is only opened does nothing
    assert client.post(url).headers["Location"] == "/listings/mine/"
    one.refresh_from_db()
    assert (one.state, one.expires_on) == (State.PUBLISHED, in_months(timezone.localdate(), 6))
    assert one.reminded_on is None
    assert login(people.bob).post(url).status_code == 403


def test_renewing_past_the_deadline_leads_to_revising(people: Cast, login: Any) -> None:
    one = listing(people.alice, state=State.EXPIRED, deadline=date(2026, 1, 1))
    client, url = login(people.alice), f"/listings/{one.ref}/renew/"
    page = client.get(url)
    assert f"/listings/{one.ref}/revise/" in page.content.decode()
    answer = client.post(url)
    assert answer.status_code == 409 and "修订" in answer.content.decode()


def test_closing_asks_for_the_reason(people: Cast, login: Any) -> None:
    one = listing(people.alice)
    client, url = login(people.alice), f"/listings/{one.ref}/close/"
    assert client.get(url).content.decode().count('type="radio"') == len(ExitReason)
    assert client.post(url).status_code == 422
    assert client.post(url, {"why": "other"}).status_code == 422
    assert client.post(url, {"why": "invented"}).status_code == 422
    note = "已与13912345678谈妥"
    assert client.post(url, {"why": "other", "note": note}).status_code == 302
    one.refresh_from_db()
    assert (one.state, one.exit_reason) == (State.CLOSED, "other")
    assert one.exit_note == "已与139****5678谈妥"
    assert client.post(url, {"why": "funds"}).status_code == 409


def test_hiding_and_restoring_tell_the_party_why(people: Cast, login: Any) -> None:
    one = listing(people.alice)
    bureau = login(people.suzhou)
    assert (
        login(people.hefei).post(f"/listings/{one.ref}/hide/", {"reason": "x"}).status_code == 403
    )
    assert bureau.post(f"/listings/{one.ref}/hide/", {"reason": " "}).status_code == 422
    assert bureau.post(f"/listings/{one.ref}/hide/", {"reason": "涉嫌虚假"}).status_code == 302
    assert not Listing.objects.visible_to(people.bob).exists()
    assert bureau.post(f"/listings/{one.ref}/restore/", {"reason": "已核实"}).status_code == 302
    assert Listing.objects.visible_to(people.bob).exists()
    texts = [notice.text for notice in Notice.objects.order_by("id")]
    assert ["涉嫌虚假" in texts[0], "已核实" in texts[1]] == [True, True]


def test_an_actor_who_lost_the_role_meanwhile_does_nothing(people: Cast) -> None:
    one = listing(people.alice, state=State.CITY_REVIEW)
    Membership.objects.filter(pk=people.suzhou.membership).update(ended_at=timezone.now())
    with pytest.raises(Forbidden):
        actions.pass_city(people.suzhou, one)
    one.refresh_from_db()
    assert one.state == State.CITY_REVIEW and Review.objects.count() == 0


def test_publishing_needs_a_verified_party(people: Cast) -> None:
    Party.objects.filter(pk=people.alice.party).update(verified_at=None)
    one = listing(people.alice, state=State.CORRIDOR_REVIEW, published_at=None, expires_on=None)
    with pytest.raises(NotNow, match="核验"):
        actions.publish(people.office, one)
    published = actions.publish(people.office, one, verify=True)
    assert published.expires_on == in_months(timezone.localdate(), 6)
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["party.verify", "listing.publish"]


def test_versions_say_who_changed_what(people: Cast) -> None:
    one = listing(people.alice, state=State.RETURNED)
    now = content.of(one)
    actions.update(people.alice, one, replace(now, title="第一次改"))
    actions.update(people.alice, one, replace(now, title="又改一次"))
    assert [v.number for v in ListingVersion.objects.order_by("number")] == [1]
    one.refresh_from_db()
    actions.submit(people.alice, one, agreed="同意")
    actions.return_(people.suzhou, Listing.objects.get(pk=one.pk), ["vague"])
    actions.update(people.alice, one, replace(now, title="按意见改"))
    found = list(ListingVersion.objects.order_by("number"))
    assert [v.content["title"] for v in found] == ["又改一次", "按意见改"]
    assert {v.user_id for v in found} == {people.alice.user}
    assert str(now.contact_phone) not in str([v.content for v in found])


def test_refusing_an_invalid_content_leaves_everything(people: Cast) -> None:
    one = listing(people.alice, state=State.DRAFT)
    before = Listing.objects.values().get(pk=one.pk)
    wrong = replace(content.of(one), title="宽" * 101, city="110000", capacity=0, kind="space")
    with pytest.raises(Invalid) as refusal:
        actions.update(people.alice, one, wrong)
    assert set(refusal.value.fields) == {"title", "city", "capacity"}
    assert Listing.objects.values().get(pk=one.pk) == before


def test_a_failed_verb_leaves_neither_review_nor_notice(people: Cast) -> None:
    one = listing(people.alice, state=State.CITY_REVIEW)
    broken = mock.patch("corridor.site.core.audit.record", side_effect=RuntimeError)
    with broken, pytest.raises(RuntimeError):
        actions.pass_city(people.suzhou, one)
    one.refresh_from_db()
    assert one.state == State.CITY_REVIEW
    assert (Review.objects.count(), Notice.objects.count()) == (0, 0)
    assert isinstance(one.changed_at, datetime)
