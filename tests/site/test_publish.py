"""Publishing in three steps, by a browser without JavaScript: what is read, kept, refused, hidden."""

import re
from decimal import Decimal
from typing import Any

import pytest
from browsing import Fields, sent
from cast import Cast, listing
from django.test import Client
from drafting import CONTACT, TEXT, begun

from corridor.engine.factors import Range, Side, kind
from corridor.site.core.models import AuditEntry, Consent
from corridor.site.listings.models import Listing, ListingVersion, State
from corridor.site.listings.values import restored
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db


def test_three_steps_make_a_submitted_listing(people: Cast, alice: Client) -> None:
    draft = begun(alice)
    assert (draft.kind, draft.side, draft.state) == ("space", "need", State.DRAFT)
    assert draft.values == {}
    answer = sent(alice, f"/listings/{draft.ref}/edit/2/")
    assert answer.headers["Location"] == f"/listings/{draft.ref}/edit/3/"
    draft.refresh_from_db()
    values = restored(draft.values)
    assert values["area"] == Range.between(3000, 5000)
    assert values["clear_height"] == Range(Decimal(8), None)
    assert values["premises"] == frozenset({"single"})
    answer = sent(alice, f"/listings/{draft.ref}/edit/3/", submit="1", **CONTACT)
    assert answer.headers["Location"] == "/listings/mine/"
    draft.refresh_from_db()
    assert draft.state == State.CITY_REVIEW
    assert draft.contact_phone.reveal() == "13800001234"
    consent = Consent.objects.get(thing=f"listing:{draft.ref}")
    assert (consent.user_id, consent.channel) == (people.alice.user, "web")
    assert "加密保存" in consent.text
    assert Notice.objects.get(kind="listing.submitted").user_id == people.suzhou.user


def test_what_was_read_is_marked_and_nothing_of_it_counts_before_it_is_confirmed(
    alice: Client,
) -> None:
    draft = begun(alice, TEXT + "预算合计7.7吨。")
    page = alice.get(f"/listings/{draft.ref}/edit/2/").content.decode()
    assert page.count("从您的文字读出，请确认") >= 5
    assert "“8米以上”" in page
    assert "没有读懂" in page and "7.7吨" in page
    assert restored(Listing.objects.get().values) == {}
    head, filled, rest = re.split("另外填好的|更多条件", page)
    assert head.count('class="asked"') == 6
    assert filled.count('class="asked"') == page.count("从您的文字读出") - 6 > 0
    stated = [a for a in kind("space").attributes if a.stated_by(Side.NEED)]
    assert page.count('class="asked"') == len(stated)
    assert "从您的文字读出" not in rest


def test_a_contact_in_the_text_is_masked_when_saved_and_that_is_said(alice: Client) -> None:
    answer = sent(alice, "/listings/new/", text=TEXT)
    page = alice.get(answer.headers["Location"]).content.decode()
    assert "联系方式已隐藏" in page
    assert "13912345678" not in page
    assert "139****5678" in Listing.objects.get().text
    assert "13912345678" not in str(list(AuditEntry.objects.values()))
    assert "13912345678" not in str(list(ListingVersion.objects.values()))


@pytest.mark.parametrize("name", ["title", "v-remarks"])
def test_contacts_are_masked_in_every_free_text(alice: Client, name: str) -> None:
    draft = begun(alice)
    answer = sent(alice, f"/listings/{draft.ref}/edit/2/", **{name: "厂房，电话13912345678"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert "139****5678" in draft.title + str(draft.values)
    assert "13912345678" not in str(Listing.objects.values().get())


def test_a_value_taken_out_stays_out(alice: Client) -> None:
    draft = begun(alice)
    url = f"/listings/{draft.ref}/edit/2/"
    sent(alice, url, **{"v-clear_height": ""})
    assert "clear_height" not in Listing.objects.get().values
    assert "clear_height" not in Fields(alice.get(url).content.decode()).data.get(
        "v-clear_height", ""
    )
    sent(alice, url)
    assert "clear_height" not in Listing.objects.get().values


def test_hard_or_flexible_is_chosen_for_each_ask(alice: Client) -> None:
    draft = begun(alice)
    url = f"/listings/{draft.ref}/edit/2/"
    sent(alice, url, **{"h-area": "soft", "h-column_span": "hard", "v-column_span": "9"})
    draft.refresh_from_db()
    assert (draft.must, draft.flexible) == (["column_span"], ["area"])
    data = Fields(alice.get(url).content.decode()).data
    assert (data["h-area"], data["h-column_span"]) == (["soft"], ["hard"])
    assert data["h-clear_height"] == ["hard"]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"v-clear_height": "很高"}, "数字或范围"),
        ({"v-clear_height": "-3"}, "应为"),
        ({"v-area_0": "", "v-area_1": "5000"}, "请先填第一格"),
        ({"v-area_0": "5000", "v-area_1": "3000"}, "下限"),
        ({"v-place": "苏洲市"}, "应为"),
        ({"v-industry": "制造火箭的"}, "应为"),
        ({"v-available": "2027-02-30"}, "日历上没有这一天"),
        ({"v-premises": ["castle"]}, "应为"),
        ({"title": "宽" * 101}, "100"),
        ({"title": ""}, "必填"),
        ({"city": "110000"}, "110000"),
    ],
)
def test_what_is_wrong_is_refused_with_what_would_be_right(
    alice: Client, changed: dict[str, Any], said: str
) -> None:
    draft = begun(alice)
    before = Listing.objects.values().get()
    answer = sent(alice, f"/listings/{draft.ref}/edit/2/", **changed)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page
    assert "error-summary" in page
    for typed in changed.values():
        assert typed == "" or str(typed[0] if isinstance(typed, list) else typed) in page
    assert Listing.objects.values().get() == before


def test_a_title_of_a_hundred_characters_is_kept_whole(alice: Client) -> None:
    draft = begun(alice)
    sent(alice, f"/listings/{draft.ref}/edit/2/", title="宽" * 100)
    assert Listing.objects.get().title == "宽" * 100


def test_other_units_are_converted_and_a_bare_figure_becomes_the_limit_it_means(
    alice: Client,
) -> None:
    draft = begun(alice)
    changed = {"v-area_0": "30亩", "v-area_1": "", "v-clear_height": "7.5"}
    sent(alice, f"/listings/{draft.ref}/edit/2/", **changed)
    values = restored(Listing.objects.get().values)
    assert values["area"] == Range.between("16000.08", "24000.12")
    assert values["clear_height"] == Range(Decimal("7.5"), None)


HTML = "<script>alert(1)</script><img src=x onerror=alert(2)>\"'>"


def test_html_comes_out_escaped_everywhere(people: Cast, alice: Client, login: Any) -> None:
    draft = begun(alice, f"求租厂房3000平 {HTML}")
    sent(alice, f"/listings/{draft.ref}/edit/2/", title=HTML, **{"v-remarks": HTML})
    contact = CONTACT | {"contact_name": HTML[:40]}
    sent(alice, f"/listings/{draft.ref}/edit/3/", submit="1", **contact)
    bureau = login(people.suzhou)
    review = f"/listings/review/{draft.ref}/"
    seen = [
        alice.get("/listings/mine/"),
        alice.get(f"/listings/{draft.ref}/versions/"),
        bureau.get("/listings/review/"),
        bureau.get(review),
    ]
    bureau.post(review, {"version": "1", "reasons": ["vague"], "note": HTML})
    seen += [alice.get(f"/listings/{draft.ref}/edit/{step}/") for step in (1, 2, 3)]
    seen += [
        alice.get(f"/listings/{draft.ref}/versions/"),
        alice.get(f"/listings/{draft.ref}/close/"),
    ]
    assert [answer.status_code for answer in seen] == [200] * 9
    for answer in seen:
        page = answer.content.decode()
        assert "&lt;script&gt;" in page or "close" in answer.request["PATH_INFO"]
        assert "<script>alert" not in page and "<img src=x" not in page


def test_only_members_publish_and_only_their_own(people: Cast, alice: Client, login: Any) -> None:
    draft = begun(alice)
    assert login(people.suzhou).get("/listings/new/").status_code == 403
    assert login(people.office).get(f"/listings/{draft.ref}/edit/2/").status_code == 403
    published = listing(people.alice)
    for client in (login(people.bob), login(people.carol)):
        for step in (1, 2, 3):
            assert client.get(f"/listings/{draft.ref}/edit/{step}/").status_code == 404
            assert client.post(f"/listings/{draft.ref}/edit/{step}/").status_code == 404
        assert client.post(f"/listings/{draft.ref}/discard/").status_code == 404
        assert client.get(f"/listings/{published.ref}/revise/").status_code == 403
    assert Listing.objects.filter(pk=draft.pk).exists()
    assert alice.get("/listings/LNOTTHERE/edit/2/").status_code == 404
    assert alice.get(f"/listings/{draft.ref}/edit/4/").status_code == 404


def test_sending_a_form_twice_does_it_once(alice: Client) -> None:
    data = Fields(alice.get("/listings/new/").content.decode()).data | {"text": TEXT}
    first, second = (alice.post("/listings/new/", data) for _ in range(2))
    assert first.headers["Location"] == second.headers["Location"]
    draft = Listing.objects.get()
    sent(alice, f"/listings/{draft.ref}/edit/2/")
    url = f"/listings/{draft.ref}/edit/3/"
    data = Fields(alice.get(url).content.decode()).data | CONTACT | {"submit": "1"}
    answers = [alice.post(url, data) for _ in range(2)]
    assert [answer.headers["Location"] for answer in answers] == ["/listings/mine/"] * 2
    assert AuditEntry.objects.filter(verb="listing.submit").count() == 1


def test_going_back_after_submitting_changes_nothing(alice: Client) -> None:
    draft = begun(alice)
    url = f"/listings/{draft.ref}/edit/2/"
    stale = Fields(alice.get(url).content.decode()).data | {"title": "后退以后改的"}
    sent(alice, url)
    sent(alice, f"/listings/{draft.ref}/edit/3/", submit="1", **CONTACT)
    answer = alice.post(url, stale)
    assert answer.status_code == 409
    assert "待城市审核" in answer.content.decode()
    assert Listing.objects.get().title != "后退以后改的"
    assert alice.get(url).status_code == 409


def test_consent_is_asked_and_what_was_typed_is_saved_all_the_same(alice: Client) -> None:
    draft = begun(alice)
    without = CONTACT | {"agreed": None, "contact_phone": "0512-66668888"}
    answer = sent(alice, f"/listings/{draft.ref}/edit/3/", submit="1", **without)
    assert answer.status_code == 422
    assert "请阅读并同意" in answer.content.decode()
    draft.refresh_from_db()
    assert (draft.state, draft.contact_phone.reveal()) == (State.DRAFT, "0512-66668888")
    assert Consent.objects.count() == 0


@pytest.mark.parametrize("phone", ["1380000123", "王工", "13800001234 微信同号", "12", "a@b.cn"])
def test_what_is_no_telephone_number_is_refused(alice: Client, phone: str) -> None:
    draft = begun(alice)
    answer = sent(
        alice, f"/listings/{draft.ref}/edit/3/", later="1", **CONTACT | {"contact_phone": phone}
    )
    assert answer.status_code == 422
    assert "手机或带区号的座机" in answer.content.decode()


@pytest.mark.parametrize(
    "phone",
    [
        "138 0000 1234",
        "138-0000-1234",
        "+86 13800001234",
        "0512-66668888转801",
        "010-6666-8888",
        "400-820-8820",
        "（0512）66668888-801",
        "",
    ],
)
def test_telephone_numbers_as_people_write_them(alice: Client, phone: str) -> None:
    draft = begun(alice)
    answer = sent(
        alice, f"/listings/{draft.ref}/edit/3/", later="1", **CONTACT | {"contact_phone": phone}
    )
    assert answer.status_code == 302, answer.content.decode()


def test_an_anonymous_listing_may_not_name_its_party(alice: Client) -> None:
    draft = begun(alice, "苏州澄源精密求租3000平厂房，层高8米以上")
    url = f"/listings/{draft.ref}/edit/3/"
    answer = sent(alice, url, submit="1", **CONTACT | {"anonymity": "anonymous"})
    assert answer.status_code == 422
    assert "苏州澄源精密" in answer.content.decode()
    assert sent(alice, url, submit="1", **CONTACT).status_code == 302


def test_a_named_listing_is_for_the_parties_named(people: Cast, alice: Client, login: Any) -> None:
    draft = begun(alice)
    url = f"/listings/{draft.ref}/edit/3/"
    named = CONTACT | {"anonymity": "named", "named": "没有这家公司"}
    answer = sent(alice, url, submit="1", **named)
    assert answer.status_code == 422 and "没有这家公司" in answer.content.decode()
    answer = sent(alice, url, submit="1", **named | {"named": ""})
    assert answer.status_code == 422 and "请写明给哪些主体看" in answer.content.decode()
    assert sent(alice, url, submit="1", **named | {"named": "合肥砺行研究院\n"}).status_code == 302
    Listing.objects.update(state=State.PUBLISHED)
    assert [
        Listing.objects.visible_to(who).filter(pk=draft.pk).exists()
        for who in (people.bob, people.carol)
    ] == [True, False]


@pytest.mark.parametrize("text", ["求租厂房3000平\x07", "求租厂房3000平\x00"])
def test_characters_nobody_can_see_are_refused(alice: Client, text: str) -> None:
    answer = sent(alice, "/listings/new/", text=text)
    assert answer.status_code in (400, 422)
    assert Listing.objects.count() == 0


def test_a_text_that_says_nothing_asks_for_the_kind(alice: Client) -> None:
    answer = sent(alice, "/listings/new/", text="你好")
    assert answer.status_code == 422 and "请选一类" in answer.content.decode()
    answer = sent(alice, "/listings/new/", text="")
    assert answer.status_code == 422 and "请写几句" in answer.content.decode()
    answer = sent(alice, "/listings/new/", text="", kind="capital", side="offer")
    assert answer.status_code == 302
    assert Listing.objects.get().title == "资本供给"


def test_another_kind_begins_with_no_values(alice: Client) -> None:
    draft = begun(alice)
    sent(alice, f"/listings/{draft.ref}/edit/2/")
    assert Listing.objects.get().values
    sent(alice, f"/listings/{draft.ref}/edit/1/", kind="technology")
    draft.refresh_from_db()
    assert (draft.kind, draft.values) == ("technology", {})


def test_a_changed_text_is_read_again(alice: Client) -> None:
    draft = begun(alice)
    sent(alice, f"/listings/{draft.ref}/edit/2/")
    answer = sent(alice, f"/listings/{draft.ref}/edit/1/", text=TEXT + "租金每天每平1块以内。")
    page = alice.get(answer.headers["Location"]).content.decode()
    assert Fields(page).data["v-rent"] == "1"
    assert "rent" not in Listing.objects.get().values
