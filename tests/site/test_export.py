"""Exports: what the actor may see and no more, without contacts, marked with who, when and why."""

import csv
import io
from datetime import timedelta
from typing import Any

import pytest
from browsing import content_of
from cast import Cast, listing
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from corridor.site.core import jobs
from corridor.site.core.models import AuditEntry, Job, Membership, Upload
from corridor.site.core.uploads import path_of
from corridor.site.listings import exporting
from corridor.site.listings.models import Anonymity, Listing, ListingNamed, State

pytestmark = pytest.mark.django_db

WHY = {"reason": "走访企业前准备材料"}


def rows_of(answer: Any) -> list[list[str]]:
    """The table of a csv answer, without its header."""
    text = content_of(answer).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))[1:]


def test_a_file_of_what_the_list_shows(people: Cast, login: Any) -> None:
    mine = listing(people.alice, title="=1+1", text="@SUM(A1) 说明")
    listing(people.carol, kind="capital", values={}, title="融资")
    listing(people.carol, state=State.CITY_REVIEW, title="未发布")
    bob = login(people.bob)
    page = bob.get("/listings/export/?kind=space").content.decode()
    assert "1 条" in page
    answer = bob.post("/listings/export/?kind=space", {"format": "csv", **WHY})
    assert "attachment" in answer.headers["Content-Disposition"]
    (row,) = rows_of(answer)
    assert row[0] == mine.ref
    assert row[3] == "'=1+1" and row[4].startswith("'@SUM")
    assert "所需面积：3000~5000 ㎡" in row[7]
    mark = row[-1]
    assert all(words in mark for words in ("Bob", "合肥砺行研究院", WHY["reason"]))
    entry = AuditEntry.objects.get(verb="listing.export")
    assert (entry.user, entry.reason, entry.diff["query"]) == (
        people.bob.user, WHY["reason"], "kind=space",
    )  # fmt: skip


def test_a_workbook_runs_nothing(people: Cast, login: Any) -> None:
    listing(people.alice, title='=HYPERLINK("http://x")', text="+cmd|' /C calc'!A0")
    answer = login(people.bob).post("/listings/export/", {"format": "xlsx", **WHY})
    sheet = load_workbook(io.BytesIO(content_of(answer))).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row]
    assert {cell.data_type for cell in cells} <= {"s", "n", "d"}
    assert not any(cell.hyperlink for cell in cells)
    assert sheet.cell(2, 4).value == '=HYPERLINK("http://x")'


def test_no_contact_is_in_any_export(people: Cast, login: Any) -> None:
    listing(people.alice)
    listing(people.bob)
    for who in (people.alice, people.bob, people.suzhou, people.office, people.analyst):
        for form in ("csv", "xlsx"):
            answer = login(who).post("/listings/export/", {"format": form, **WHY})
            content = content_of(answer)
            if form == "xlsx":
                book = load_workbook(io.BytesIO(content))
                content = str(list(book.active.values)).encode()
            for number in ("13800001234", "13912340011", "13912340012", "138****1234"):
                assert number.encode() not in content
            assert "王小明".encode() not in content


def test_who_is_anonymous_stays_so(people: Cast, login: Any) -> None:
    listing(people.alice, anonymity=Anonymity.ANONYMOUS)
    name = "苏州澄源精密有限公司"
    (row,) = rows_of(login(people.bob).post("/listings/export/", {"format": "csv", **WHY}))
    assert name not in str(row) and "苏州" in row[6]
    (row,) = rows_of(login(people.office).post("/listings/export/", {"format": "csv", **WHY}))
    assert row[6] == name


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_never_more_than_visible_to_shows(people: Cast, data: st.DataObject) -> None:
    owners = (people.alice, people.bob, people.carol)
    made = []
    for _ in range(data.draw(st.integers(1, 6))):
        one = listing(
            data.draw(st.sampled_from(owners)),
            state=data.draw(st.sampled_from(list(State))),
            anonymity=data.draw(st.sampled_from(list(Anonymity))),
        )
        if data.draw(st.booleans()):
            ListingNamed.objects.create(
                listing=one, party_id=data.draw(st.sampled_from(owners)).party
            )
        made.append(one)
    for name in ("alice", "bob", "carol", "suzhou", "office", "judge"):
        actor = getattr(people, name)
        asked = exporting.Asked(actor, "", "csv", "用途", "zh-hans")
        text = path_of(exporting.write(asked).key).read_text("utf-8-sig")
        refs = {row[0] for row in csv.reader(io.StringIO(text))}
        visible = set(Listing.objects.visible_to(actor).values_list("ref", flat=True))
        published = {one.ref for one in made if one.state == State.PUBLISHED}
        assert refs & {one.ref for one in made} == visible & published & {one.ref for one in made}
    Listing.objects.all().delete()


def test_reason_and_format_are_needed(people: Cast, login: Any) -> None:
    listing(people.alice)
    bob = login(people.bob)
    assert bob.post("/listings/export/", {"format": "csv"}).status_code == 422
    assert bob.post("/listings/export/", {"format": "csv", "reason": "  "}).status_code == 422
    assert bob.post("/listings/export/", {"format": "exe", **WHY}).status_code == 422
    assert bob.post("/listings/export/?kind=capital", {"format": "csv", **WHY}).status_code == 422
    assert Upload.objects.count() == 0 and AuditEntry.objects.count() == 0
    assert Client().post("/listings/export/", {"format": "csv", **WHY}).status_code == 302


def test_a_phone_in_the_reason_is_masked(people: Cast, login: Any) -> None:
    listing(people.alice)
    said = {"format": "csv", "reason": "给13912345678用"}
    (row,) = rows_of(login(people.bob).post("/listings/export/", said))
    assert "13912345678" not in row[-1]


def test_one_file_after_another_is_too_many(people: Cast, login: Any) -> None:
    listing(people.alice)
    bob = login(people.bob)
    for _ in range(exporting.EXPORTS.count):
        content_of(bob.post("/listings/export/", {"format": "csv", **WHY}))
    assert bob.post("/listings/export/", {"format": "csv", **WHY}).status_code == 429


class TestLarge:
    """More rows than are written at once."""

    @pytest.fixture(autouse=True)
    def small(self, monkeypatch: Any) -> None:
        monkeypatch.setattr(exporting, "AT_ONCE", 2)

    def test_a_job_writes_it(self, people: Cast, login: Any) -> None:
        for _ in range(3):
            listing(people.alice)
        bob = login(people.bob)
        answer = bob.post("/listings/export/", {"format": "csv", **WHY})
        job = Job.objects.get()
        assert answer.headers["Location"] == f"/jobs/{job.pk}/"
        run = jobs.claim()
        assert run is not None
        jobs.perform(run)
        key = Upload.objects.get().key
        assert f"/files/{key}/" in bob.get(f"/jobs/{job.pk}/").content.decode()
        assert len(rows_of(bob.get(f"/files/{key}/"))) == 3
        assert login(people.alice).get(f"/files/{key}/").status_code == 404
        assert AuditEntry.objects.get(verb="listing.export").user == people.bob.user

    def test_not_for_who_has_left_meanwhile(self, people: Cast, login: Any) -> None:
        for _ in range(3):
            listing(people.alice)
        login(people.bob).post("/listings/export/", {"format": "csv", **WHY})
        ended = Membership.objects.filter(pk=people.bob.membership)
        ended.update(ended_at=Job.objects.get().created_at + timedelta(seconds=1))
        run = jobs.claim()
        assert run is not None
        jobs.perform(run)
        assert Upload.objects.count() == 0
        assert "Forbidden" in Job.objects.get().message
