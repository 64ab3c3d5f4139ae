"""Conferences as anyone sees them; registering, changing, withdrawing; invitations of a bureau."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from browsing import Login, queries, sent
from cast import SUZHOU, listing, member, party
from conferring import Fair, begin, published, setup, solved, tomorrow  # noqa: F401
from django.test import Client
from django.utils import timezone

from corridor.site.conference import actions, joining, venue
from corridor.site.conference.models import Conference, Participant
from corridor.site.core.actor import Role
from corridor.site.core.models import Consent

pytestmark = pytest.mark.django_db
S = Conference.State


def url(fair: Fair, *path: str) -> str:
    return "/".join(["/conferences", fair.conference.ref, *path, ""])


def main(client: Client, address: str, status: int = 200) -> str:
    """The page without the frame around it."""
    answer = client.get(address)
    assert answer.status_code == status, answer.status_code
    return answer.text.split('class="page"')[0].split("<body")[1] + answer.text.split("<main")[1]


# --- the list and the page of one ---


def test_anyone_knows_of_what_has_opened_and_nobody_of_drafts(public: Client, login: Login) -> None:
    fair = begin()
    draft = actions.create(fair.who.suzhou, setup(title="筹备中的大会"))
    for client in (public, login(fair.who.carol), login(fair.who.hefei)):
        page = main(client, "/conferences/")
        assert "要素对接大会" in page and "筹备中的大会" not in page
        assert client.get(f"/conferences/{draft.ref}/").status_code == 404
    assert "筹备中的大会" in main(login(fair.who.suzhou), "/conferences/")


def test_the_next_come_first_and_those_that_were_have_their_own_list(public: Client) -> None:
    fair = begin()
    ref, who = fair.conference.ref, fair.who.office
    for days, title in ((9, "九天后"), (3, "三天后")):
        made = actions.create(who, setup(title=title))
        venue.set_slots(who, made, tomorrow(2, timezone.now() + timedelta(days=days)))
        venue.add_hall(who, made, "A 厅", 1)
        actions.open_(who, made)
    actions.cancel(who, Conference.objects.get(ref=ref), reason="台风")
    page = main(public, "/conferences/")
    assert page.index("三天后") < page.index("九天后") and "要素对接大会" not in page
    past = main(public, "/conferences/?when=past")
    assert "要素对接大会" in past and "三天后" not in past
    assert "台风" in main(public, f"/conferences/{ref}/")


def test_the_page_says_when_where_how_and_how_many(public: Client) -> None:
    fair = begin(("alice", "bob", "dora"), hours_to_answer=48, about="带上图纸来。")
    page = main(public, url(fair))
    for word in ("会展中心二层", "还有 1 天", "带上图纸来。", "48 小时", "4 场，每场 20 分钟"):
        assert word in page, word
    numbers = page.split('<b class="num">')[1:]
    assert [n.split("<")[0] for n in numbers] == ["3", "1", "2", "2"]
    assert "我要报名" in page


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"request_mode": "auto"}, "发出约谈即成立"),
        ({"rule": "matched"}, "匹配到的参会方"),
        ({"rule": "other_side"}, "同类信息的另一方"),
        ({"scheduling_mode": "participants"}, "双方自己选场次"),
    ],
)
def test_the_rules_are_said_as_they_are(public: Client, given: Any, says: str) -> None:
    assert says in main(public, url(begin((), **given)))


def test_names_of_those_who_come_are_on_no_public_page(public: Client) -> None:
    fair = begin(("alice", "bob"))
    page = main(public, url(fair)) + main(public, "/conferences/")
    assert "澄源" not in page and "砺行" not in page and "的信息" not in page


# --- registering ---


def test_registering_asks_for_consent_and_what_one_brings(login: Login) -> None:
    fair = begin(("bob",))
    own = listing(fair.who.alice, title="求租厂房")
    alice = login(fair.who.alice)
    refused = sent(alice, url(fair, "register"), listings=[own.ref])
    assert refused.status_code == 422 and "请阅读并勾选" in refused.text
    assert not Participant.objects.filter(party=fair.who.alice.party).exists()
    said = {
        "listings": [own.ref],
        "agreed": "on",
        "language": "ja",
        "away": ["2", "4"],
        "most": "3",
    }
    answer = sent(alice, url(fair, "register"), **said)
    assert answer.headers["Location"] == url(fair, "catalogue")
    part = Participant.objects.get(party=fair.who.alice.party)
    assert (part.language, part.away, part.most, part.on_screen) == ("ja", [2, 4], 3, False)
    assert list(part.listings.all()) == [own]
    assert Consent.objects.filter(purpose=joining.JOINED, party=fair.who.alice.party).exists()
    assert "您已报名" in main(alice, url(fair))


def test_sent_twice_it_registers_once(login: Login) -> None:
    fair = begin(("bob",))
    own = listing(fair.who.alice)
    alice = login(fair.who.alice)
    form = {"listings": [own.ref], "agreed": "on", "once": "a" * 32}
    answers = [alice.post(url(fair, "register"), form) for _ in range(2)]
    assert [one.headers["Location"] for one in answers] == [url(fair, "catalogue")] * 2
    assert Consent.objects.filter(purpose=joining.JOINED, party=fair.who.alice.party).count() == 1


@pytest.mark.parametrize(
    ("field", "wrong"),
    [
        ("listings", ["LNOBODY"]), ("listings", []), ("language", "xx"), ("away", ["99"]),
        ("most", "-1"), ("most", "很多"), ("away", ["²"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(login: Login, field: str, wrong: Any) -> None:
    fair = begin(("bob",))
    own = listing(fair.who.alice)
    said = {"listings": [own.ref], "agreed": "on"} | {field: wrong}
    answer = sent(login(fair.who.alice), url(fair, "register"), **said)
    assert answer.status_code == 422 and f"id_{field}" in answer.text.split("error-summary")[1]


def test_an_anonymous_listing_comes_alone(login: Login) -> None:
    fair = begin(("bob",))
    one, hidden = listing(fair.who.alice), listing(fair.who.alice, anonymity="anonymous")
    client = login(fair.who.alice)
    answer = sent(client, url(fair, "register"), listings=[one.ref, hidden.ref], agreed="on")
    assert answer.status_code == 422 and "对方会推知是同一家" in answer.text
    assert (
        sent(client, url(fair, "register"), listings=[hidden.ref], agreed="on").status_code == 302
    )


def test_whoever_has_nothing_published_is_told_what_to_do_first(login: Login) -> None:
    fair = begin(("bob",))
    listing(fair.who.carol, state="draft", title="草稿")
    page = main(login(fair.who.carol), url(fair, "register"))
    assert "先发布一条供需信息" in page and "草稿" not in page and "<textarea" not in page


def test_what_was_said_can_be_changed_without_consenting_again(login: Login) -> None:
    fair = begin()
    client = login(fair.who.alice)
    page = client.get(url(fair, "register")).text
    assert "agreed" not in page and "checked" in page
    answer = sent(client, url(fair, "register"), most="2", on_screen="on")
    assert answer.headers["Location"] == url(fair)
    part = Participant.objects.get(pk=fair.parts["alice"].pk)
    assert part.most == 2 and part.on_screen
    actions.close(fair.who.office, fair.conference)
    assert sent(client, url(fair, "register"), most="3").status_code == 302
    Conference.objects.update(state=S.PLANNED)
    assert "日程发布后不能再改" in main(client, url(fair, "register"))
    assert (
        client.post(url(fair, "register"), {"listings": [fair.brings["alice"].ref]}).status_code
        == 422
    )


def test_registration_that_has_closed_says_so(login: Login) -> None:
    fair = begin(("bob",))
    own = listing(fair.who.alice)
    Conference.objects.update(registration_closes=timezone.now())
    client = login(fair.who.alice)
    assert "我要报名" not in main(client, url(fair))
    assert "报名未开放或已截止" in main(client, url(fair, "register"))
    answer = client.post(url(fair, "register"), {"listings": [own.ref], "agreed": "on"})
    assert answer.status_code == 422 and "报名已截止" in answer.text


def test_one_may_withdraw_and_come_back(login: Login) -> None:
    fair = begin()
    asked = fair.agree("alice", "bob")
    client = login(fair.who.alice)
    assert client.post(url(fair, "withdraw")).headers["Location"] == url(fair)
    asked.refresh_from_db()
    assert asked.state == "cancelled"
    for page in ("agenda", "requests", "badge", "late", f"ask/{fair.brings['bob'].ref}"):
        assert client.get(url(fair, page)).status_code == 404
    assert client.get(url(fair, "catalogue")).status_code == 403
    assert sent(client, url(fair, "register"), agreed="on").status_code == 302
    assert client.get(url(fair, "agenda")).status_code == 200
    assert login(fair.who.carol).post(url(fair, "withdraw")).status_code == 404


def test_typed_text_survives_a_session_that_ended(login: Login) -> None:
    fair = begin(("bob",))
    own = listing(fair.who.alice)
    client = login(fair.who.alice)
    page = client.get(url(fair, "register")).text
    mark = page.split('name="typed_by" value="')[1].split('"')[0]
    client.logout()
    answer = client.post(
        url(fair, "register"), {"listings": [own.ref], "most": "7", "typed_by": mark}
    )
    assert "next=" in answer.headers["Location"]
    client.force_login(fair.who.user("alice"))
    page = main(client, url(fair, "register"))
    assert 'value="7"' in page and "已为您保留" in page


def test_a_bureau_and_the_office_cannot_register(login: Login) -> None:
    fair = begin()
    for name in ("suzhou", "office", "judge", "analyst"):
        assert login(fair.actor(name)).get(url(fair, "register")).status_code == 403
        assert login(fair.actor(name)).get(url(fair, "agenda")).status_code == 404


# --- coming late ---


def test_who_comes_late_gives_up_what_was_before(login: Login, solved: None) -> None:  # noqa: F811
    fair = begin(("alice", "bob"))
    one = fair.agree("alice", "bob")
    published(fair)
    client = login(fair.who.alice)
    assert client.get(url(fair, "late")).status_code == 200
    assert sent(client, url(fair, "late"), slot="").status_code == 422
    assert sent(client, url(fair, "late"), slot="99").status_code == 422
    answer = sent(client, url(fair, "late"), slot="3")
    assert answer.headers["Location"] == url(fair, "agenda")
    one.refresh_from_db()
    assert one.state == "accepted" and one.slot is None
    assert "您登记了迟到" in main(client, url(fair, "agenda"))


def test_nobody_is_late_before_there_is_a_timetable(login: Login) -> None:
    fair = begin()
    assert login(fair.who.alice).get(url(fair, "late")).status_code == 409


# --- invitations ---


def test_a_bureau_invites_its_own_and_they_confirm(login: Login) -> None:
    fair = begin(("bob",))
    own, others = listing(fair.who.carol, title="求租洁净室"), listing(fair.who.alice)
    bureau, form = login(fair.who.suzhou), {"party": str(fair.who.carol.party)}
    page = main(bureau, url(fair, "invite"))
    assert "求租洁净室" in page and "澄源" in page and "砺行" not in page
    assert "求租洁净室" not in main(bureau, url(fair, "invite") + "?q=" + others.ref)
    wrong = bureau.post(url(fair, "invite"), form | {f"p{fair.who.carol.party}-listings": ["L0"]})
    assert wrong.status_code == 422
    right = form | {f"p{fair.who.carol.party}-listings": [own.ref]}
    assert bureau.post(url(fair, "invite"), right).status_code == 302
    assert bureau.post(url(fair, "invite"), right).status_code == 409
    page = main(bureau, url(fair, "invite"))
    assert "已邀请，待确认" in page
    carol = login(fair.who.carol)
    assert "主办方邀请您参加" in main(carol, url(fair))
    assert sent(carol, url(fair, "register"), agreed="on").status_code == 302
    assert Participant.objects.get(party=fair.who.carol.party).state == "registered"


def test_an_invitation_can_be_turned_down(login: Login) -> None:
    fair = begin(("bob",))
    joining.invite(
        fair.who.suzhou, fair.conference, listing(fair.who.carol).party, [listing(fair.who.carol)]
    )
    carol = login(fair.who.carol)
    assert "不参加" in main(carol, url(fair))
    carol.post(url(fair, "withdraw"))
    assert Participant.objects.get(party=fair.who.carol.party).state == "withdrawn"


def test_another_citys_bureau_that_runs_it_learns_no_hidden_name_by_an_invitation(
    login: Login,
) -> None:
    fair = begin(())
    Conference.objects.update(party=fair.who.hefei.party)
    hidden = listing(fair.who.carol, anonymity="anonymous")
    joining.invite(fair.who.suzhou, fair.fresh(), hidden.party, [hidden])
    assert "岫禾" in main(login(fair.who.suzhou), url(fair, "invite"))
    page = main(login(fair.who.hefei), url(fair, "invite"))
    assert "岫禾" not in page and hidden.party.outline in page


@pytest.mark.parametrize("who", ["alice", "carol", "judge", "analyst"])
def test_only_bureaus_and_who_runs_it_invite(login: Login, who: str) -> None:
    fair = begin()
    client = login(fair.actor(who))
    assert client.get(url(fair, "invite")).status_code == 404
    assert client.post(url(fair, "invite"), {"party": "1"}).status_code == 404


# --- what may come with any address ---

HOSTILE = (
    "?page=x", "?page=-1", "?page=99999999999999999999", "?when=%00", "?q=%FF%FE", "?q=" + "x" * 3000,
    "?kind=nope&side=nope", "?result=<script>", "?tab[]=1&q=%F0%9F%98%80", "?slot=²",
)  # fmt: skip


@pytest.mark.parametrize("query", HOSTILE)
def test_no_query_breaks_a_page(login: Login, query: str) -> None:
    fair = begin()
    asked = fair.ask("alice", "bob")
    member, bureau = login(fair.who.alice), login(fair.who.suzhou)
    ref, target = asked.introduction.ref, fair.brings["bob"].ref
    for page in ("", "register", "catalogue", "requests", "agenda", "badge", f"ask/{target}",
                 f"meetings/{ref}"):  # fmt: skip
        address = url(fair, page) if page else url(fair)
        assert member.get(address + query).status_code < 500, page
    for page in ("/conferences/", url(fair, "invite"), url(fair, "catalogue")):
        assert bureau.get(page + query).status_code < 500
    for code in ("x", "%20", "²", "T" * 900):
        assert member.get(f"/conferences/t/{code}/{query}").status_code in (400, 404)
        assert member.get(f"/conferences/{code}/{query}").status_code in (400, 404)
        assert member.get(f"/conferences/feed/{code}.ics{query}").status_code in (400, 404)


# --- queries ---

#: Session, user, memberships and unread notices are four of each; no page takes more than twelve.
COUNTS = {"list": 6, "detail": 10, "register": 9, "invite": 10}


@pytest.mark.parametrize("rows", [1, 3, 50])
def test_queries_do_not_grow(login: Login, rows: int) -> None:
    fair = begin(("alice", "bob"))
    office = fair.who.office
    for number in range(rows):
        guest = member(
            party(f"参会{number}", "enterprise", SUZHOU, 300 + number), Role.MEMBER, f"g{number}"
        )
        brought = listing(guest, side="offer")
        joining.register(guest, fair.conference, joining.Part([brought]), agreed=True)
        listing(fair.who.alice)
        listing(
            member(party(f"未来{number}", "lab", SUZHOU, 400 + number), Role.MEMBER, f"h{number}")
        )
        if number < 5:
            made = actions.create(office, setup(title=f"大会{number}"))
            venue.set_slots(office, made, tomorrow(2))
            venue.add_hall(office, made, "A", 1)
            actions.open_(office, made)
    client, bureau = login(fair.who.alice), login(fair.who.suzhou)
    taken = {
        "list": queries(client, "/conferences/"),
        "detail": queries(client, url(fair)),
        "register": queries(client, url(fair, "register")),
        "invite": queries(bureau, url(fair, "invite")),
    }
    assert taken == COUNTS and max(taken.values()) <= 12
