"""Files of listings through the page: every row or every reason why not."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

import pytest
from browsing import Fields, content_of
from cast import Cast
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from corridor.engine.factors import Range, Side, all_kinds
from corridor.site.core import jobs
from corridor.site.core.kept import Kept
from corridor.site.core.models import AuditEntry, Consent, Job, Membership, Party, Upload
from corridor.site.listings import importing
from corridor.site.listings.filters import Filters
from corridor.site.listings.models import Listing, ListingVersion, State
from corridor.site.listings.queries import search
from corridor.site.listings.values import restored
from corridor.site.notices.models import Notice

pytestmark = pytest.mark.django_db

HEAD = [
    "编号",
    "标题",
    "说明",
    "城市",
    "主体",
    "所需面积(㎡)",
    "净高(米)",
    "可接受场所类型",
    "联系方式",
]
GOOD = [
    [
        "A1",
        "求租单层厂房",
        "靠近高速口",
        "苏州",
        "别的公司",
        "3000~5000",
        "≥8",
        "单层厂房",
        "13912345678",
    ],
    ["A2", "求租研发楼", "", "昆山", "", 800, "", "办公", ""],
    ["A3", "求租仓库", "带卸货平台", "", "", "2亩", "", "仓库", ""],
]


def book(rows: Sequence[Sequence[object]], sheet: str = "空间-需求") -> bytes:
    """A workbook of one sheet."""
    made, out = Workbook(), io.BytesIO()
    made.active.title = sheet
    for row in rows:
        made.active.append(list(row))
    made.save(out)
    return out.getvalue()


def table(*lines: str) -> bytes:
    """A csv file."""
    return "\n".join(lines).encode()


def send(client: Client, content: bytes, name: str = "需求.xlsx", **how: str) -> Any:
    """Send a file and do the job it asks for; the page that says what came of it."""
    data = Fields(client.get("/listings/import/").content.decode()).data
    file = SimpleUploadedFile(name, content)
    answer = client.post("/listings/import/", {**data, "agreed": "on", "file": file, **how})
    if answer.status_code != 302:
        return answer
    run = jobs.claim(kinds=frozenset({"listings.import"}))
    assert run is not None
    jobs.perform(run)
    return client.get(answer.headers["Location"])


def shown(answer: Any) -> str:
    """The page's words."""
    assert answer.status_code == 200, answer.content.decode()
    return answer.content.decode()


def test_good_rows_become_drafts_of_the_own_party(people: Cast, alice: Client) -> None:
    page = shown(send(alice, book([HEAD, *GOOD])))
    assert "已导入 3 条，存为草稿" in page
    assert "1 行写着别的主体" in page and "联系方式没有采用" in page
    made = {one.import_key: one for one in Listing.objects.all()}
    assert set(made) == {"id:A1", "id:A2", "id:A3"}
    assert {one.party_id for one in made.values()} == {people.alice.party}
    assert {one.state for one in made.values()} == {State.DRAFT}
    assert {one.city for one in made.values()} == {"320500"}
    assert {one.contact_phone.reveal() for one in made.values()} == {"13912340011"}
    values = restored(made["id:A1"].values)
    assert values["area"] == Range.between(3000, 5000)
    assert values["premises"] == frozenset({"single"})
    assert "城市记为所属的苏州" in page
    assert "13912345678" not in page
    assert Consent.objects.count() == ListingVersion.objects.count() == 3
    entry = AuditEntry.objects.get(verb="listing.import")
    assert sorted(entry.diff["listings"]) == sorted(one.ref for one in made.values())
    # An offer's finer place would be kept; a need's city is where its party is.
    assert "place" not in made["id:A2"].values


def test_an_offer_keeps_its_finer_place(people: Cast, alice: Client) -> None:
    content = table("标题,城市,可供面积", "出租厂房,昆山,3000")
    shown(send(alice, content, "供给.csv", kind="space", side="offer"))
    one = Listing.objects.get()
    assert (one.city, restored(one.values)["place"]) == ("320500", frozenset({"320583"}))


def test_rows_can_be_submitted_at_once(people: Cast, alice: Client) -> None:
    page = shown(send(alice, book([HEAD, *GOOD]), submit="yes"))
    assert "已导入并提交 3 条" in page
    assert set(Listing.objects.values_list("state", flat=True)) == {State.CITY_REVIEW}
    notice = Notice.objects.get()
    assert (notice.user_id, notice.kind) == (people.suzhou.user, "listing.imported")
    assert "3 条" in notice.text


def test_one_bad_row_and_nothing_is_imported(alice: Client) -> None:
    bad = ["A4", "求租厂房", "", "佳兴", "", "很大", "8", "厂防", ""]
    page = shown(send(alice, book([HEAD, *GOOD, bad])))
    assert Listing.objects.count() == 0
    assert "一行都没有导入" in page
    for words in ("佳兴", "是否指：嘉兴", "很大", "数字或范围", "厂防", "是否指：厂房"):
        assert words in page
    assert page.count('data-label="行">5<') == 3
    for column in ("城市", "所需面积(㎡)", "可接受场所类型"):
        assert f'data-label="列">{column}<' in page


def test_the_same_in_english(alice: Client) -> None:
    alice.cookies["django_language"] = "en"
    bad = ["A4", "求租厂房", "", "佳兴", "", "很大", "8", "厂防", ""]
    page = shown(send(alice, book([HEAD, bad])))
    assert "佳兴" in page
    assert "Did you mean" in page
    assert "a number or a range" in page


def test_bad_rows_are_skipped_only_when_asked_and_each_is_listed(alice: Client) -> None:
    bad = ["A4", "求租厂房", "", "佳兴", "", "", "", "", ""]
    page = shown(send(alice, book([HEAD, GOOD[0], bad, GOOD[1]]), skip_bad="on"))
    assert sorted(Listing.objects.values_list("import_key", flat=True)) == ["id:A1", "id:A2"]
    assert "跳过的（1 处）" in page and "第 3 行" in page and "佳兴" in page


def test_what_only_the_site_refuses_is_said_with_its_place_too(alice: Client) -> None:
    rows = [
        ["B1", "宽" * 101, "", "苏州", "", "", "", "", ""],
        ["B2", "好的", "长" * 5001, "苏州", "", "", "", "", ""],
        ["B3", "好的", "", "北京", "", "", "", "", ""],
        ["B4", "好的", "", "佳兴", "", "", "", "", ""],
    ]
    page = shown(send(alice, book([HEAD, *rows])))
    assert Listing.objects.count() == 0
    for row, words in (
        ("2", "有 101 字，最多 100 字"),
        ("3", "最多 5000 字"),
        ("4", "走廊内的一个城市"),
    ):
        assert f'data-label="行">{row}<' in page and words in page


def test_all_faults_can_be_taken_home_as_a_table(people: Cast, alice: Client, login: Any) -> None:
    rows = [[f"C{n}", "=cmd|'/c calc'!A1", "", "佳兴", "", "", "", "", ""] for n in range(300)]
    page = shown(send(alice, book([HEAD, *rows])))
    assert page.count('data-label="行">') == 200
    key = Upload.objects.get(name__endswith="-errors.csv").key
    answer = alice.get(f"/files/{key}/")
    text = content_of(answer).decode("utf-8-sig")
    assert len(text.splitlines()) >= 301
    assert "\n=" not in text and ",=" not in text and ',"=' not in text
    assert login(people.bob).get(f"/files/{key}/").status_code == 404


def test_the_same_file_twice_is_refused_row_by_row(people: Cast, alice: Client, login: Any) -> None:
    shown(send(alice, book([HEAD, *GOOD])))
    page = shown(send(alice, book([HEAD, *GOOD])))
    assert Listing.objects.count() == 3
    ref = Listing.objects.get(import_key="id:A1").ref
    assert f"已经导入过，是 {ref}" in page
    shown(send(login(people.carol), book([HEAD, *GOOD])))
    assert Listing.objects.count() == 6
    page = shown(send(alice, book([HEAD, *GOOD, ["A9", "新的一条", *[""] * 7]]), skip_bad="on"))
    assert "已导入 1 条" in page and Listing.objects.count() == 7


def test_without_numbers_equal_rows_are_known_by_what_they_say(alice: Client) -> None:
    lines = ("标题,城市,所需面积", "求租厂房,苏州,3000", "求租厂房,苏州,4000")
    shown(send(alice, table(*lines), "a.csv", kind="space", side="need"))
    page = shown(send(alice, table(*lines[::-1][:0], *lines), "b.csv", kind="space", side="need"))
    assert "已经导入过" in page and Listing.objects.count() == 2
    page = shown(send(alice, table(*lines, lines[1]), "c.csv", kind="space", side="need"))
    assert "与第 2 行内容完全相同" in page
    Listing.objects.update(state=State.CLOSED)
    shown(send(alice, table(*lines), "d.csv", kind="space", side="need"))
    assert Listing.objects.exclude(state=State.CLOSED).count() == 2


def test_what_is_read_from_the_text_excludes_nobody(alice: Client) -> None:
    content = table("标题,说明", "求租厂房,层高8米以上3000到5000平")
    page = shown(send(alice, content, "a.csv", kind="space", side="need"))
    one = Listing.objects.get()
    assert {"area", "clear_height"} <= set(one.values)
    assert {"area", "clear_height"} <= set(one.flexible) and one.must == []
    assert "都按“可商量”处理" in page


def zipped(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(name, content)
    return out.getvalue()


BOMB = zipped(("[Content_Types].xml", b"x"), ("xl/worksheets/sheet1.xml", b"0" * 60_000_000))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("需求.xlsx", BOMB, "解压后过大"),
        ("需求.xlsx", b"PK\x03\x04 not a workbook", "已损坏"),
        ("需求.xlsx", b"", "空"),
        ("需求.xls", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "可以上传"),
        ("需求.exe", b"MZ", "可以上传"),
        ("需求.csv", b"\0\1\2" * 50, "不是 csv"),
        ("../../etc/passwd", b"root", "可以上传"),
    ],
)
def test_files_that_are_not_what_they_say_are_refused_at_once(
    alice: Client, name: str, content: bytes, said: str
) -> None:
    answer = send(alice, content, name)
    assert answer.status_code == 422 and said in answer.content.decode()
    assert Job.objects.count() == Upload.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("空间-需求.csv", table("标题,城市"), "看不出这张表的要素类别"),
        ("需求.xlsx", book([["标题", "城市"]]), "没有数据行"),
        ("需求.xlsx", book([["标题", "不认识"], ["求租", "x"]]), "不认识"),
        (
            "需求.xlsx",
            book([["标题", "城市"], ["求租", "苏州"]], "Sheet1"),
            "看不出这张表的要素类别",
        ),
        ("需求.xlsx", book([HEAD, ["A1", '=HYPERLINK("http://x")', *[""] * 7]]), "公式"),
    ],
)
def test_files_that_cannot_be_read_say_why_on_their_page(
    alice: Client, name: str, content: bytes, said: str
) -> None:
    page = shown(send(alice, content, name))
    assert said in page, page
    assert Listing.objects.count() == 0
    assert Job.objects.get().state == Job.State.DONE


def test_a_hundred_megabytes_are_refused_before_they_are_read(alice: Client) -> None:
    answer = alice.post(
        "/listings/import/",
        b"x",
        content_type="multipart/form-data; boundary=x",
        CONTENT_LENGTH=str(100 * 1024 * 1024),
    )
    assert answer.status_code == 413 and "20 MB" in answer.content.decode()


def test_more_rows_than_are_taken_at_once(alice: Client, monkeypatch: Any) -> None:
    monkeypatch.setattr(importing, "MAX_ROWS", 2)
    page = shown(send(alice, book([HEAD, *GOOD])))
    assert "一次最多导入" in page and Listing.objects.count() == 0


def test_a_killed_import_goes_on_where_it_was(
    people: Cast, alice: Client, monkeypatch: Any
) -> None:
    monkeypatch.setattr(importing, "CHUNK", 1)
    written = []
    real = importing.Import._write

    def dies(self: Any, part: Any) -> None:
        if len(written) == 2:
            raise jobs.LeaseLost
        real(self, part)
        written.append(part)

    monkeypatch.setattr(importing.Import, "_write", dies)
    page = shown(send(alice, book([HEAD, *GOOD])))
    assert "正在导入" in page and Listing.objects.count() == 2
    monkeypatch.setattr(importing.Import, "_write", real)
    Job.objects.update(state=Job.State.QUEUED)
    run = jobs.claim()
    assert run is not None
    jobs.perform(run)
    assert Listing.objects.count() == 3
    assert Job.objects.get().result["created"] == 3
    assert Job.objects.get().result["error_count"] == 0


def test_who_has_left_imports_nothing(people: Cast, alice: Client) -> None:
    data = Fields(alice.get("/listings/import/").content.decode()).data
    file = SimpleUploadedFile("需求.xlsx", book([HEAD, *GOOD]))
    alice.post("/listings/import/", {**data, "agreed": "on", "file": file})
    Membership.objects.filter(pk=people.alice.membership).update(ended_at="2026-01-01T00:00Z")
    run = jobs.claim()
    assert run is not None
    jobs.perform(run)
    assert Listing.objects.count() == 0
    assert "Forbidden" in Job.objects.get().message


def test_sending_the_form_twice_imports_once(alice: Client) -> None:
    data = Fields(alice.get("/listings/import/").content.decode()).data | {"agreed": "on"}
    answers = [
        alice.post(
            "/listings/import/", {**data, "file": SimpleUploadedFile("a.xlsx", book([HEAD, *GOOD]))}
        )
        for _ in range(2)
    ]
    assert answers[0].headers["Location"] == answers[1].headers["Location"]
    assert Job.objects.count() == 1


def test_imported_rows_are_found(people: Cast, alice: Client) -> None:
    shown(send(alice, book([HEAD, *GOOD]), submit="yes"))
    Listing.objects.update(state=State.PUBLISHED)
    assert search(people.bob, Filters(q="卸货平台"), Kept()).total == 1


def test_consent_and_a_contact_are_needed(people: Cast, alice: Client) -> None:
    answer = send(alice, book([HEAD, *GOOD]), agreed="")
    assert answer.status_code == 422
    Party.objects.filter(pk=people.alice.party).update(contact_phone="")
    answer = send(alice, book([HEAD, *GOOD]))
    assert answer.status_code == 422 and "请先在主体资料里填好" in answer.content.decode()


def test_who_may_import_and_who_sees_what_came_of_it(
    people: Cast, alice: Client, login: Any
) -> None:
    assert login(people.suzhou).get("/listings/import/").status_code == 403
    assert Client().get("/listings/import/").status_code == 302
    shown(send(alice, book([HEAD, *GOOD])))
    pk = Job.objects.get().pk
    assert login(people.bob).get(f"/listings/import/{pk}/").status_code == 404
    assert alice.get(f"/listings/import/{pk + 99}/").status_code == 404


def test_the_bar_leads_to_what_came_of_it(alice: Client) -> None:
    data = Fields(alice.get("/listings/import/").content.decode()).data
    file = SimpleUploadedFile("需求.xlsx", book([HEAD, *GOOD]))
    url = alice.post("/listings/import/", {**data, "agreed": "on", "file": file}).headers[
        "Location"
    ]
    page = alice.get(url).content.decode()
    bar = f"/jobs/{Job.objects.get().pk}/"
    assert "正在导入" in page and f'hx-get="{bar}"' in page
    run = jobs.claim()
    assert run is not None
    jobs.perform(run)
    part = alice.get(bar, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and f'href="{url}"' in part and "导入 需求.xlsx" in part


@pytest.mark.parametrize("kind", list(all_kinds()))
@pytest.mark.parametrize("side", list(Side))
def test_a_filled_template_is_taken(alice: Client, kind: str, side: Side) -> None:
    answer = alice.get(f"/listings/import/template/?kind={kind}&side={side}")
    assert "attachment" in answer.headers["Content-Disposition"]
    made = load_workbook(io.BytesIO(answer.content))
    names = [cell.value for cell in made.worksheets[0][1]]
    for name, value in (("编号", "T1"), ("标题*", "从模板来的"), ("城市", "嘉兴")):
        made.worksheets[0].cell(2, names.index(name) + 1, value)
    out = io.BytesIO()
    made.save(out)
    page = shown(send(alice, out.getvalue()))
    assert "已导入 1 条" in page
    one = Listing.objects.get()
    assert (one.kind, one.side, one.city) == (kind, side, "330400")


def test_a_template_of_nothing(alice: Client) -> None:
    assert alice.get("/listings/import/template/?kind=gold&side=need").status_code == 404
    assert alice.get("/listings/import/template/").status_code == 404


def test_uploads_lie_outside_static(alice: Client) -> None:
    shown(send(alice, book([HEAD, *GOOD])))
    assert not str(settings.UPLOADS).startswith(str(settings.STATIC_ROOT))
