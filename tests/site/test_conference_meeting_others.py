"""Whom one may ask at a conference, asking, answering, and choosing the time: through the pages."""

from __future__ import annotations

from typing import Any

import pytest
from browsing import Login, queries, sent
from cast import member, party
from conferring import Fair, begin, published, solved  # noqa: F401
from django.test import Client

from corridor.site.conference import actions, joining
from corridor.site.conference.models import Conference, Meeting
from corridor.site.core.actor import Role
from corridor.site.docking import actions as docking
from corridor.site.docking import refresh
from corridor.site.docking.models import Introduction, Match

pytestmark = pytest.mark.django_db
S, State = Conference.State, Meeting.State
NANJING = "320100"


def url(fair: Fair, *path: str) -> str:
    return "/".join(["/conferences", fair.conference.ref, *path, ""])


def page_of(fair: Fair, one: Meeting, *verb: str) -> str:
    return url(fair, "meetings", one.introduction.ref, *verb)


def main(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.text.split("<main")[1].split("<footer")[0]


def state_of(one: Meeting) -> str:
    return Meeting.objects.get(pk=one.pk).state


# --- who is there ---


def test_the_catalogue_puts_the_best_match_first_and_says_why(login: Login) -> None:
    fair = begin(("alice", "bob", "dora", "carol"))
    need, best = fair.brings["alice"], fair.brings["dora"]
    Match.objects.create(need=need, offer=best, rank_need=1, score=0.91, verified=True,
                         evidence={"parts": {}, "words": []})  # fmt: skip
    page = main(login(fair.who.alice), url(fair, "catalogue"))
    assert page.index("dora 有限公司") < page.index("合肥砺行研究院")
    assert "91 分" in page and "对应您的“alice 的信息”" in page and "硬性条件满足" in page
    assert "澄源" not in page and page.count("约谈<span") == 3


def test_nobody_learns_who_is_anonymous_before_both_agreed(login: Login) -> None:
    fair = begin(("alice",))
    fair.join("bob", anonymity="anonymous")
    fair.join("carol")
    refresh.refresh("space")
    alice, name = login(fair.who.alice), "砺行"
    target, outline = fair.brings["bob"].ref, fair.parts["bob"].party.outline
    for path in ("catalogue", f"ask/{target}"):
        page = alice.get(url(fair, path)).text
        assert name not in page and outline in page
    one = fair.ask("alice", "bob")
    fair.agree("alice", "carol")
    for path in ("catalogue", "requests", "agenda", f"meetings/{one.introduction.ref}"):
        assert name not in alice.get(url(fair, path)).text, path
    for query in ("?q=砺行", "?q=砺"):
        assert "没有符合的参会方" in main(alice, url(fair, "catalogue") + query)
    login(fair.who.bob).post(page_of(fair, one, "accept"), {"agreed": "on"})
    assert name in main(alice, page_of(fair, one))


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("?side=offer", {"bob", "carol"}), ("?side=need", set()), ("?kind=space", {"bob", "carol"}),
        ("?kind=capital", set()), ("?q=BOB", {"bob"}), ("?q=砺行", {"bob"}), ("?q=zzz", set()),
    ],
)  # fmt: skip
def test_the_catalogue_can_be_narrowed(login: Login, query: str, there: set[str]) -> None:
    fair = begin(("alice", "bob", "carol"))
    page = main(login(fair.who.alice), url(fair, "catalogue") + query)
    assert {name for name in ("bob", "carol") if f"{name} 的信息" in page} == there


def test_only_those_whose_business_it_is_look_into_the_catalogue(
    login: Login, public: Client
) -> None:
    fair = begin()
    assert "next=" in public.get(url(fair, "catalogue")).headers["Location"]
    answers = {
        name: login(fair.actor(name)).get(url(fair, "catalogue")).status_code
        for name in ("alice", "carol", "suzhou", "hefei", "office", "judge", "analyst")
    }
    assert answers == {
        "alice": 200, "carol": 403, "suzhou": 200, "hefei": 200, "office": 200, "judge": 403, "analyst": 403,
    }  # fmt: skip
    assert "约谈<span" not in main(login(fair.who.suzhou), url(fair, "catalogue"))


# --- asking ---

SAID = {"cooperation": "lease", "question": "能否看场地？电话13911112222", "agreed": "on"}


def test_asking_shows_the_match_and_leads_to_the_meeting(login: Login) -> None:
    fair = begin()
    refresh.refresh("space")
    alice, address = login(fair.who.alice), url(fair, "ask", fair.brings["bob"].ref)
    page = alice.get(address).text
    assert "为什么合适" in page and "硬性条件满足" in page and fair.brings["alice"].ref in page
    answer = sent(alice, address, **SAID)
    one = Meeting.objects.get()
    assert answer.headers["Location"] == page_of(fair, one)
    assert one.introduction.need == fair.brings["alice"]
    assert "13911112222" not in one.introduction.question
    assert "等对方答复（1）" in main(alice, url(fair, "requests"))
    assert "待您答复（1）" in main(login(fair.who.bob), url(fair, "requests"))
    assert "查看洽谈" in main(alice, url(fair, "catalogue"))


def test_sent_twice_it_asks_once(login: Login) -> None:
    fair = begin()
    alice, address = login(fair.who.alice), url(fair, "ask", fair.brings["bob"].ref)
    form = SAID | {"own": "", "once": "b" * 32}
    answers = {alice.post(address, form).headers["Location"] for _ in range(2)}
    assert answers == {page_of(fair, Meeting.objects.get())}


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("cooperation", ""),
        ("cooperation", "xx"),
        ("question", " "),
        ("own", "LX"),
        ("agreed", None),
    ],
)
def test_what_is_wrong_is_said_at_its_field(login: Login, field: str, wrong: Any) -> None:
    fair = begin()
    address = url(fair, "ask", fair.brings["bob"].ref)
    answer = sent(login(fair.who.alice), address, **SAID | {field: wrong})
    assert answer.status_code == 422 and f"#id_{field}" in answer.text
    assert not Meeting.objects.exists() and not Introduction.objects.exists()


def test_what_nobody_brings_cannot_be_asked_about(login: Login) -> None:
    fair = begin(("alice", "bob"))
    alice = login(fair.who.alice)
    for ref in (fair.brings["alice"].ref, "LNOBODY", "%20"):
        assert alice.get(url(fair, "ask", ref)).status_code == 404
    joining.withdraw(fair.who.bob, fair.parts["bob"])
    assert alice.get(url(fair, "ask", fair.brings["bob"].ref)).status_code == 404
    assert login(fair.who.carol).get(url(fair, "ask", fair.brings["alice"].ref)).status_code == 404


def test_once_requests_are_closed_there_is_nothing_to_fill_in(login: Login) -> None:
    fair = begin()
    actions.close(fair.who.office, fair.conference)
    alice, address = login(fair.who.alice), url(fair, "ask", fair.brings["bob"].ref)
    assert "现在不能发起约谈" in main(alice, address) and "<textarea" not in main(alice, address)
    assert alice.post(address, SAID | {"own": ""}).status_code == 422
    assert "约谈<span" not in main(alice, url(fair, "catalogue"))


def test_the_own_limit_is_said_on_the_form(login: Login) -> None:
    fair = begin(("alice", "bob", "dora"), asks=1)
    fair.ask("alice", "bob")
    answer = sent(login(fair.who.alice), url(fair, "ask", fair.brings["dora"].ref), **SAID)
    assert answer.status_code == 422 and "每家最多发起 1 个约谈" in answer.text


# --- answering ---


def test_accepting_and_declining(login: Login) -> None:
    fair = begin(("alice", "bob", "dora"))
    one, two = fair.ask("alice", "bob"), fair.ask("dora", "alice")
    bob, alice = login(fair.who.bob), login(fair.who.alice)
    assert bob.post(page_of(fair, one, "accept"), {}).status_code == 422
    assert bob.post(page_of(fair, one, "accept"), {"agreed": "on"}).status_code == 302
    assert state_of(one) == State.ACCEPTED
    assert alice.post(page_of(fair, two, "decline"), {"reason": ""}).status_code == 422
    assert alice.post(page_of(fair, two, "decline"), {"reason": "price"}).status_code == 302
    assert state_of(two) == State.CANCELLED
    assert "婉拒原因" in main(login(fair.actor("dora")), page_of(fair, two))
    assert "查看联系方式" in main(alice, page_of(fair, one))


def test_what_may_be_done_is_offered_to_those_who_may(login: Login) -> None:
    fair = begin()
    one = fair.ask("alice", "bob")
    offered = {
        name: {verb for verb in ("accept", "decline", "withdraw", "cancel", "take", "outcome")
               if f"{verb}/" in main(login(fair.actor(name)), page_of(fair, one))}
        for name in ("alice", "bob", "suzhou", "hefei", "office")
    }  # fmt: skip
    assert offered == {
        "alice": {"withdraw"}, "bob": {"accept", "decline"}, "suzhou": set(), "hefei": set(), "office": set(),
    }  # fmt: skip
    for name in ("carol", "judge", "analyst"):
        assert login(fair.actor(name)).get(page_of(fair, one)).status_code == 404
        assert login(fair.actor(name)).post(page_of(fair, one, "accept")).status_code == 404
    login(fair.who.alice).post(page_of(fair, one, "withdraw"))
    assert state_of(one) == State.CANCELLED


def test_an_organiser_of_a_third_city_reads_no_word_between_the_two(login: Login) -> None:
    """It sees who meets when: that is what the two agreed to when they registered."""
    fair = begin(("alice", "bob"))
    body = party("南京市投资促进局", "bureau", NANJING, 90)
    fair.guests["nanjing"] = member(body, Role.BUREAU, "nanjing")
    Conference.objects.update(party=body)
    one = fair.ask("alice", "bob")
    docking.decline(fair.who.bob, one.introduction, reason="price", note="超出预算三成")
    words = ("能否看场地？", one.introduction.way, "婉拒原因", "超出预算三成")
    shown = {
        name: [word in main(login(fair.actor(name)), page_of(fair, one)) for word in words]
        for name in ("nanjing", "suzhou", "hefei", "office", "alice")
    }
    assert not any(shown.pop("nanjing")) and all(all(row) for row in shown.values())
    assert "澄源" in main(login(fair.actor("nanjing")), page_of(fair, one))


def test_no_verb_but_these(login: Login) -> None:
    fair = begin()
    one = fair.ask("alice", "bob")
    alice = login(fair.who.alice)
    for verb in ("publish", "accept%00", "x" * 300, "__class__"):
        assert alice.post(page_of(fair, one, verb)).status_code in (400, 404)
    assert alice.get(page_of(fair, one, "accept")).headers["Location"] == page_of(fair, one)


def test_an_answer_that_comes_too_late_says_so_on_the_page(login: Login) -> None:
    fair = begin()
    one = fair.agree("alice", "bob")
    answer = login(fair.who.bob).post(page_of(fair, one, "accept"), {"agreed": "on"})
    assert answer.status_code == 422 and "error-summary" in answer.text


def test_either_may_cancel_what_was_agreed_and_say_why(login: Login) -> None:
    fair = begin()
    one = fair.agree("alice", "bob")
    answer = login(fair.who.bob).post(page_of(fair, one, "cancel"), {"reason": "出差"})
    assert answer.status_code == 302 and state_of(one) == State.CANCELLED
    assert "出差" in main(login(fair.who.alice), page_of(fair, one))


# --- choosing the time ---


def test_where_the_two_choose_the_asker_wishes_and_the_answer_books(login: Login) -> None:
    fair = begin(scheduling_mode="participants")
    alice, bob = login(fair.who.alice), login(fair.who.bob)
    address = url(fair, "ask", fair.brings["bob"].ref)
    assert sent(alice, address, **SAID, slot="99").status_code == 422
    assert sent(alice, address, **SAID, slot="3").status_code == 302
    one = Meeting.objects.get()
    assert "希望的场次" in main(bob, page_of(fair, one))
    assert bob.post(page_of(fair, one, "accept"), {"agreed": "on", "slot": ""}).status_code == 302
    one.refresh_from_db()
    assert one.state == State.PLACED and one.slot is not None and one.slot.number == 3
    assert "A 厅" in main(bob, page_of(fair, one))


def test_a_request_that_stands_at_once_is_booked_at_once(login: Login) -> None:
    fair = begin(scheduling_mode="participants", request_mode="auto")
    sent(login(fair.who.alice), url(fair, "ask", fair.brings["bob"].ref), **SAID, slot="2")
    one = Meeting.objects.get()
    assert one.state == State.PLACED and one.slot is not None and one.slot.number == 2


def test_what_waits_is_taken_with_one_tap(login: Login, solved: None) -> None:  # noqa: F811
    fair = begin(("alice", "bob", "dora", "erik"), slots=2, tables=1)
    every = [fair.agree("alice", name) for name in ("bob", "dora", "erik")]
    published(fair)
    (waiting,) = [one for one in every if state_of(one) == State.ACCEPTED]
    placed = next(one for one in every if state_of(one) == State.PLACED)
    alice = login(fair.who.alice)
    for path in ("agenda", "requests"):
        assert "暂时没有双方都空的场次" in main(alice, url(fair, path))
    number = Meeting.objects.select_related("slot").get(pk=placed.pk).slot.number  # type: ignore[union-attr]
    alice.post(page_of(fair, placed, "cancel"), {"reason": ""})
    for path in ("agenda", "requests"):
        page = main(alice, url(fair, path))
        assert page_of(fair, waiting, "take") in page and f'name="slot" value="{number}"' in page
    answer = alice.post(page_of(fair, waiting, "take"), {"slot": str(number)})
    assert answer.headers["Location"] == url(fair, "agenda")
    assert state_of(waiting) == State.PLACED
    again = alice.post(page_of(fair, waiting, "take"), {"slot": str(number)})
    assert again.status_code == 422


def test_a_slot_that_was_taken_meanwhile_is_refused_on_the_page(login: Login) -> None:
    fair = begin(("alice", "bob", "dora"), slots=2, tables=1, scheduling_mode="participants")
    one, two = (fair.agree("alice", "bob"), fair.ask("dora", "bob"))
    dora = login(fair.actor("dora"))
    taken = Meeting.objects.get(pk=one.pk).slot
    assert taken is not None
    bob = login(fair.who.bob)
    answer = bob.post(page_of(fair, two, "accept"), {"agreed": "on", "slot": str(taken.number)})
    assert answer.status_code == 422 and state_of(two) == State.WANTED
    assert bob.post(page_of(fair, two, "accept"), {"agreed": "on", "slot": ""}).status_code == 302
    assert state_of(two) == State.PLACED
    assert dora.post(page_of(fair, two, "take"), {"slot": "1"}).status_code == 422


# --- queries ---

#: Each takes the most where the two choose the time and something waits for it.
COUNTS = {"catalogue": 12, "ask": 12, "requests": 11, "meeting": 12, "asked": 11}


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_queries_do_not_grow(login: Login, rows: int) -> None:
    names = [f"g{n}" for n in range(rows + 3)]
    fair = begin(("alice", *names), slots=60, tables=2, scheduling_mode="participants", asks=500)
    refresh.refresh("space")
    for name in names[:rows]:
        fair.ask("alice", name)
    waiting = fair.agree("alice", names[rows])
    Meeting.objects.filter(pk=waiting.pk).update(state="accepted", slot=None, table=None)
    asked = fair.ask(names[rows + 1], "alice")
    alice = login(fair.who.alice)
    taken = {
        "catalogue": queries(alice, url(fair, "catalogue")),
        "ask": queries(alice, url(fair, "ask", fair.brings[names[rows + 2]].ref)),
        "requests": queries(alice, url(fair, "requests")),
        "meeting": queries(alice, page_of(fair, waiting)),
        "asked": queries(alice, page_of(fair, asked)),
    }
    assert taken == COUNTS and max(taken.values()) <= 12
