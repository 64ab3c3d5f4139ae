"""Uploads: known by what is in them, kept apart, given back only as attachments to their party."""

from __future__ import annotations

import io
import os
import time
import zipfile
from pathlib import Path

import pytest
from cast import Cast, cast
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client
from openpyxl import Workbook

from corridor.site.core import uploads
from corridor.site.core.actor import PUBLIC
from corridor.site.core.errors import Forbidden, Invalid, Missing
from corridor.site.core.models import Upload

pytestmark = pytest.mark.django_db
ALL = frozenset({"xlsx", "csv", "jsonl", "pdf", "png", "jpg"})
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 30


def workbook() -> bytes:
    made, out = Workbook(), io.BytesIO()
    made.active.append(["标题", "需求"])
    made.save(out)
    return out.getvalue()


def packed(*parts: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in parts:
            made.writestr(name, content)
    return out.getvalue()


def send(people: Cast, name: str, content: bytes, formats: frozenset[str] = ALL) -> Upload:
    return uploads.receive(people.alice, SimpleUploadedFile(name, content), formats)


def kept() -> list[Path]:
    return [path for path in Path(settings.UPLOADS).rglob("*") if path.is_file()]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> None:
    settings.UPLOADS = tmp_path / "uploads"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("需求.xlsx", workbook()),
        ("A.XLSX", workbook()),
        ("a.csv", "标题,城市\n".encode()),
        ("a.csv", "标题,城市\n".encode("utf-16")),
        ("a.csv", "标题,城市\n".encode("gb18030")),
        ("a.jsonl", b'{"a": 1}\n'),
        ("a.pdf", b"%PDF-1.7 ..."),
        ("a.png", PNG),
        ("a.jpg", b"\xff\xd8\xff\xe0 ..."),
    ],
)
def test_what_it_says_is_what_it_is(name: str, content: bytes) -> None:
    people = cast()
    upload = send(people, name, content)
    assert (upload.name, upload.size, upload.party_id) == (name, len(content), people.alice.party)
    assert uploads.path_of(upload.key).read_bytes() == content
    assert [path.name for path in kept()] == [upload.key]


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.exe", b"MZ", "不能上传"),
        ("a", b"x", "不能上传"),
        ("", b"x", "不能上传"),
        ("a.xlsx.html", b"<html>", "不能上传"),
        ("a.csv", b"", "空"),
        ("a.xlsx", b"not a zip", "不是 xlsx"),
        ("a.xlsx", workbook()[:-30], "不是 xlsx"),
        (
            "a.xlsx",
            packed(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<x/>")),
            "不是 xlsx",
        ),
        ("a.png", b"<svg onload=alert(1)>", "不是 png"),
        ("a.pdf", workbook(), "不是 pdf"),
        ("a.csv", b"\0\1\2", "不是 csv"),
    ],
)
def test_what_is_not_what_it_says_is_refused(name: str, content: bytes, why: str) -> None:
    people = cast()
    file = SimpleUploadedFile("x", content)
    file._name = name
    with pytest.raises(Invalid, match=why) as refusal:
        uploads.receive(people.alice, file, ALL)
    assert set(refusal.value.fields) == {"file"}
    assert not Upload.objects.exists() and kept() == []


def test_only_the_formats_asked_for_and_they_are_named() -> None:
    people = cast()
    with pytest.raises(Invalid, match="csv, xlsx"):
        send(people, "a.png", PNG, frozenset({"xlsx", "csv"}))


def test_a_bomb_named_xlsx() -> None:
    people = cast()
    sheet = ("xl/worksheets/sheet1.xml", b"0" * (60 * 1024 * 1024))
    bomb = packed(("xl/workbook.xml", b"<x/>"), sheet)
    assert len(bomb) < 100_000
    with pytest.raises(Invalid, match="过大"):
        send(people, "a.xlsx", bomb)
    many = packed(("xl/workbook.xml", b"<x/>"), *((f"p{n}", b"") for n in range(2100)))
    with pytest.raises(Invalid, match="过大"):
        send(people, "a.xlsx", many)


def test_a_small_workbook_of_many_empty_cells_is_none() -> None:
    people = cast()
    sheet = ("xl/worksheets/sheet1.xml", b"<c/>" * 1024 * 1024)
    assert send(people, "a.xlsx", packed(("xl/workbook.xml", b"<x/>"), sheet)).size < 50_000


def test_too_large_says_how_large_it_may_be(settings) -> None:
    settings.MAX_UPLOAD_BYTES = 1024 * 1024
    people = cast()
    with pytest.raises(Invalid, match="最多 1 MB"):
        send(people, "a.csv", b"x" * (1024 * 1024 + 1))


def test_a_body_too_large_is_not_even_read() -> None:
    answer = Client().post(
        "/text-size/", CONTENT_LENGTH=str(100 * 1024 * 1024), content_type="text/plain", data=b""
    )
    assert answer.status_code == 413
    assert "20 MB" in answer.content.decode()


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("../../etc/passwd.csv", "passwd.csv"),
        ("/etc/x.csv", "x.csv"),
        ("a\r\nSet-Cookie: x=1.csv", "aSet-Cookie: x=1.csv"),
        ("好" * 300 + ".csv", "好" * 196 + ".csv"),
        ("<script>.csv", "<script>.csv"),
    ],
)
def test_a_name_is_only_a_name(given: str, name: str, login) -> None:
    people = cast()
    file = SimpleUploadedFile("x.csv", b"a,b\n")
    file._name = given
    upload = uploads.receive(people.alice, file, ALL)
    assert upload.name == name
    assert all(Path(settings.UPLOADS) in path.parents for path in kept())
    answer = login(people.alice).get(f"/files/{upload.key}/")
    assert b"".join(answer.streaming_content) == b"a,b\n"
    assert "Set-Cookie" not in answer.headers


def test_given_back_as_an_attachment_to_its_party_alone(login) -> None:
    people = cast()
    upload = send(people, "需求.csv", b"a,b\n")
    address = f"/files/{upload.key}/"
    answer = login(people.alice).get(address)
    assert b"".join(answer.streaming_content) == b"a,b\n"
    assert answer["Content-Disposition"].startswith("attachment;")
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"
    head = login(people.alice).head(address)
    assert head.status_code == 200
    for close in head._resource_closers:  # the server does; its close() would end the database too
        close()
    for other in (people.bob, people.carol, people.suzhou, people.office, people.judge):
        assert login(other).get(address).status_code == 404
    assert Client().get(address).status_code == 404
    assert login(people.alice).get("/files/..%2f..%2fsecret.key/").status_code == 404


def test_a_lost_file_is_missing_and_not_an_error(login) -> None:
    people = cast()
    upload = send(people, "a.csv", b"a,b\n")
    uploads.path_of(upload.key).unlink()
    assert login(people.alice).get(f"/files/{upload.key}/").status_code == 404


def test_nobody_uploads_for_nobody() -> None:
    with pytest.raises(Forbidden):
        uploads.keep(PUBLIC, "a.csv", "csv", b"a")
    with pytest.raises(Missing):
        Upload.objects.one(PUBLIC, key="x")


def test_files_whose_upload_was_undone_go_after_a_day() -> None:
    people = cast()
    whole = send(people, "a.csv", b"a,b\n")
    with pytest.raises(RuntimeError), transaction.atomic():
        lost = send(people, "b.csv", b"a,b\n")
        raise RuntimeError
    old = time.time() - 90_000
    for path in kept():
        os.utime(path, (old, old))
    assert uploads.tidy() == 1
    assert [path.name for path in kept()] == [whole.key] != [lost.key]
