"""No contact is shown to who has not been given it: planted everywhere, looked for everywhere.

First every form and every operation is sent with contacts in all of its texts: nothing of them may
lie in the database as it was typed. Then a site where all that has been done is read by everyone:
pages by their links, the API, exports, files, mails and logs.
"""

from __future__ import annotations

import io
import itertools
import json
import logging
import re
import tomllib
import unicodedata
import zipfile
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from html import unescape
from importlib import import_module
from typing import Any

import pytest
from alices_world import World
from api_errands import operations
from django.apps import apps
from django.core import mail
from django.core.cache import cache
from django.db import connection, transaction
from django.test import Client
from django.urls import Resolver404, resolve, reverse
from errands import headers, login, upload
from test_permissions import ACTORS, TABLE, Errand, errands, operated

from corridor.site.core import jobs, secret, uploads
from corridor.site.core.logs import Masked
from corridor.site.core.models import Job, Membership, Party, RateBucket, Reveal, User
from corridor.site.core.secret import Secret, SecretField
from corridor.site.docking import actions as docking
from corridor.site.docking import release
from corridor.site.docking.models import Introduction, Message
from corridor.site.leads.models import Lead
from corridor.site.listings.models import Listing
from corridor.site.notices.mails import send_waiting

pytestmark = pytest.mark.django_db

STEMS = "甲乙丙丁戊己庚辛壬癸"
#: A planted contact in any form: digits in a row once separators are gone, an address, an id, a name.
PLANTED = re.compile(
    r"1391000(\d{4})|pl(\d{4})nt@|wxid_pl(\d{4})|讠([甲乙丙丁戊己庚辛壬癸]{4})末", re.IGNORECASE
)
SEPARATORS = re.compile(r"[\s\-.()·–—]+")
#: The texts of forms that people write freely, and those that hold a contact.
FREE = frozenset(
    ("text", "note", "reason", "question", "title", "name", "answer", "purpose", "need", "use", "company", "about",
     "person_name")
)  # fmt: skip
PHONES, MAILS = frozenset(("phone", "contact_phone")), frozenset(("email", "contact_email"))
NAMES = "contact_name"
DONE = ("200", "201", "204", "302")


def found_in(text: str) -> set[int]:
    """The numbers of the contacts that stand in a text in any form."""
    plain = SEPARATORS.sub("", unicodedata.normalize("NFKC", unescape(text)))
    return {_number(match) for match in PLANTED.finditer(plain)}


def _number(match: re.Match[str]) -> int:
    told = next(group for group in match.groups() if group)
    return int("".join(str(STEMS.index(c)) if c in STEMS else c for c in told))


class Planter:
    """Contacts, each other than all before."""

    def __init__(self) -> None:
        self._numbers = itertools.count(1)

    def phone(self) -> str:
        return f"1391000{next(self._numbers):04d}"

    def mail(self) -> str:
        return f"pl{next(self._numbers):04d}nt@zoulang.cn"

    def name(self) -> str:
        return "讠" + "".join(STEMS[int(digit)] for digit in f"{next(self._numbers):04d}") + "末"

    def words(self) -> str:
        """A text that slips a phone, an address and an id in."""
        n = next(self._numbers)
        ways = (f"139 1000 {n:04d}", f"139-1000-{n:04d}", f"１３９１０００{n:04d}")
        return f"联系 {ways[n % 3]}，微信 wxid_pl{n:04d}，邮箱 pl{n:04d}nt@zoulang.cn"

    def sent(self, given: dict[str, Any]) -> dict[str, Any]:
        """What is sent, with a contact in each of its texts."""
        planted: dict[str, Any] = {}
        for name, value in given.items():
            if name in FREE and (value == "" or not str(value).isascii()):  # else it is a code
                planted[name] = f"{value} {self.words()}"
            elif name in PHONES:
                planted[name] = self.phone()
            elif name in MAILS:
                planted[name] = self.mail()
            else:
                planted[name] = self.name() if name == NAMES else value
        return planted


Table = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def table() -> Table:
    """Who is answered what."""
    return tomllib.loads(TABLE.read_text(encoding="utf-8"))


def who_may(table: Table, one: Errand) -> str:
    """Someone who may do an errand; "" where nobody may."""
    answers = table.get(one.group, {}).get(f"{one.row} {one.method}", "").split()
    may = [name for name, said in zip(ACTORS, answers, strict=False) if said in DONE]
    return next((name for name in ("alice", *may) if name in may), "")


class Hands:
    """Everyone's browser and program."""

    def __init__(self, w: World) -> None:
        self.w = w
        self.clients = {name: login(w.actor(name)) for name in ACTORS}
        self.headers = {name: headers(w.actor(name)) for name in ACTORS}
        self.program = Client(raise_request_exception=False)

    def send(self, one: Errand, name: str, sent: dict[str, Any]) -> Any:
        """The answer to an errand done by someone."""
        if one.api:
            return self.program.generic(
                one.method, one.url, json.dumps(sent), content_type="application/json",
                headers=self.headers[name],
            )  # fmt: skip
        return self.clients[name].post(
            one.url, sent | ({"file": upload()} if "file" in sent else {})
        )


def stored() -> Iterator[tuple[str, str]]:
    """Every row of every table, as text."""
    tables = connection.introspection.table_names()
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f'SELECT * FROM "{table}"')
            yield from ((table, repr(row)) for row in cursor.fetchall())


def test_what_is_typed_anywhere_is_kept_masked_or_encrypted(table: Table) -> None:
    w, plant = World(), Planter()
    hands, tried, wrong = Hands(w), 0, []
    for one in errands(w):
        name, sent = who_may(table, one), plant.sent(one.sent)
        if not name or one.method == "GET" or sent == one.sent:
            continue
        with transaction.atomic():
            said = hands.send(one, name, sent)
            said.getvalue()  # a file is closed at its end
            if said.status_code >= 400:
                wrong.append(f"{one.row} refuses {sent}: {said.status_code}")
            wrong += [
                f"{one.row} keeps a contact in {where}" for where, row in stored() if found_in(row)
            ]
            transaction.set_rollback(True)
        tried += 1
    assert tried > 60
    assert not wrong, "\n".join(wrong)


# --- what is shown ---


def secrets() -> Iterator[tuple[Any, str]]:
    """Every row with a secret, and the name of its field."""
    for model in apps.get_models():
        names = [field.name for field in model._meta.fields if isinstance(field, SecretField)]
        for row in model._base_manager.all() if names else ():
            yield from ((row, name) for name in names)


def plant_secrets(plant: Planter) -> None:
    """A contact of its own in every secret there is."""
    for row, name in secrets():
        said = {"phone": plant.phone, "email": plant.mail, "name": plant.name}
        new = said.get(name.rpartition("_")[2], plant.words)()
        setattr(row, name, new)
        row.save(update_fields=[name])


def theirs() -> dict[str, set[int]]:
    """Whose each planted contact is, by actor: of themselves, their party, or said to them."""
    found: dict[str, set[int]] = {}
    for row, name in secrets():
        for user in _owners(row):
            found.setdefault(user, set()).update(found_in(getattr(row, name).reveal()))
    return found


def _owners(row: Any) -> Iterable[str]:
    members = Membership.objects.filter(ended_at=None).values_list("user__username", flat=True)
    if isinstance(row, User):
        return [row.username]
    if isinstance(row, Party):
        return members.filter(party=row, manager=True)
    if isinstance(row, Listing):
        return members.filter(party=row.party_id)
    if isinstance(row, Message) and release.released(row.introduction):
        return members.filter(party__in=(row.introduction.from_party, row.introduction.to_party))
    return ()


class Reader:
    """Someone who reads all that can be reached, and what they found."""

    def __init__(self, w: World, name: str) -> None:
        self.name, self.client, self.headers = name, login(w.actor(name)), headers(w.actor(name))
        self.found: dict[int, str] = {}
        self.read_pages: set[str] = set()

    def keep(self, where: str, said: Any) -> str:
        """Read an answer, its headers too; a workbook part by part."""
        assert said.status_code < 500, f"{where} as {self.name}"
        body = said.getvalue()
        text = " ".join(said.headers.values())
        text += _unpacked(body) if body[:2] == b"PK" else body.decode(errors="replace")
        self.found |= dict.fromkeys(found_in(text), where)
        return text

    def crawl(self, *starts: str) -> None:
        """Follow all links, a few of each sort of page."""
        waiting, sorts = deque(starts), Counter[str]()
        while waiting:
            url = waiting.popleft()
            sort = _sort(url)
            if url in self.read_pages or not sort or sorts[sort] >= MOST_OF_A_SORT:
                continue
            sorts[sort] += 1
            self.read_pages.add(url)
            said = self.client.get(url)
            text = self.keep(url, said)
            waiting.extend(unescape(found) for found in LINK.findall(text))
            waiting.append(said.headers.get("Location", ""))

    def ask(self, w: World) -> None:
        """The answers of the API, and the exports."""
        for name, one in operations(w).items():
            method, path = operated()[name]
            if method == "GET" and self.headers:
                args = iter(one.args)
                url = re.sub(r"{\w+}", lambda _found, args=args: str(next(args)), path)
                self.keep(url, self.client.get(url, headers=self.headers))
        for form in ("csv", "xlsx"):
            if self.headers:
                sent = {"format": form, "reason": "研究"}
                self.keep("export", self.client.post("/listings/export/", sent))


LINK = re.compile(r'(?:href|src|action)="(/[^"#]*)')
MOST_OF_A_SORT = 4
LEFT_OUT = re.compile("^(account_logout|set_language|mfa_)")


def _sort(url: str) -> str:
    """What sort of page an address is; "" for what is not to be followed."""
    try:
        found = resolve(url.partition("?")[0]) if url.startswith("/") else None
    except Resolver404:
        return ""
    return "" if found is None or LEFT_OUT.match(found.view_name) else found.view_name


def _unpacked(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as packed:
        return " ".join(packed.read(name).decode(errors="replace") for name in packed.namelist())


def import_with_contacts(w: World, plant: Planter) -> int:
    """A file with contacts in cells where there should be none, imported by Alice; its job."""
    rows = [
        ["标题", "说明", "城市", "面积"],
        [f"求租厂房 {plant.words()}", plant.words(), "苏州", plant.phone()],
        ["求租仓库", "靠近高速", plant.words(), "3000"],
    ]
    content = "\n".join(",".join(cells) for cells in rows).encode()
    alice = w.cast.alice
    file = uploads.keep(alice, "a.csv", "csv", content)
    wish = {"kind": "space", "side": "need", "skip_bad": True, "agreed": "x"}
    payload = {"upload": file.pk, "membership": alice.membership, "wish": wish}
    for module in ("listings", "docking", "leads", "notices"):
        import_module(f"corridor.site.{module}.jobs")
    Job.objects.all().update(state="done")
    job = jobs.enqueue("listings.import", "contacts", payload, actor=alice)
    run = jobs.claim(kinds=frozenset(["listings.import"]))
    assert run is not None
    jobs.perform(run)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.message
    return int(job.pk)


@pytest.fixture(scope="module")
def log() -> Iterator[io.StringIO]:
    """What the site's own log handler writes."""
    handler = next(h for h in logging.getLogger().handlers if isinstance(h.formatter, Masked))
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


def done_site(table: Table) -> tuple[World, Planter, list[str]]:
    """A site where everything was done that could be, with contacts in all of it; what to read."""
    w, plant = World(), Planter()
    plant_secrets(plant)
    hands, read = Hands(w), []
    for one in errands(w):
        if one.group != "account" and one.row not in (
            "session_end",
            "member_end",
            "member_relieve",
        ):
            RateBucket.objects.all().delete()
            if one.method == "GET":
                read.append(one.url)
            elif name := who_may(table, one):
                hands.send(one, name, plant.sent(one.sent)).getvalue()
    made = import_with_contacts(w, plant)
    return w, plant, [*dict.fromkeys(read), reverse("listings:imported", args=[made])]


def test_nobody_reads_a_contact_they_were_not_given(table: Table, log: io.StringIO) -> None:
    cache.clear()
    w, plant, read = done_site(table)
    own = theirs()
    assert own["alice"] and own["bob"] and own["suzhou"]
    for name in ACTORS:
        reader = Reader(w, name)
        reader.crawl("/", "/desk/", *read)
        assert len(reader.read_pages) > (15 if name in ("public", "former") else 40)
        if name != "former":
            reader.ask(w)
        leaked = {n: where for n, where in reader.found.items() if n not in own.get(name, ())}
        assert not leaked, f"{name} reads contacts at {sorted(set(leaked.values()))}"
        Client(raise_request_exception=False).get(f"/nowhere/{plant.phone()}/")
    _read_mails_and_log(log, plant)


def _read_mails_and_log(log: io.StringIO, plant: Planter) -> None:
    send_waiting(lambda *_done: None)
    assert len(mail.outbox) > 10
    for one in mail.outbox:
        assert not found_in(f"{one.subject} {one.body}"), one.subject
    try:
        raise ValueError(f"cannot call {plant.words()}")
    except ValueError:
        logging.getLogger("corridor.test").exception("no answer from %s", plant.phone())
    written = log.getvalue()
    assert "nowhere" in written and "cannot call" in written
    assert not found_in(written)


# --- what is given ---


def test_each_party_is_given_the_contact_of_the_other_and_no_more() -> None:
    w, plant = World(), Planter()
    plant_secrets(plant)
    for one in (w.asked, w.accepted, w.taken_back):
        one.refresh_from_db()
    readers = {name: Reader(w, name) for name in ACTORS}

    def given(name: str, one: Introduction) -> tuple[set[int], set[int]]:
        """What the page's button and the API's door give someone."""
        reader, sent = readers[name], {"purpose": "约看现场"}
        page = reader.client.post(reverse("docking:verb", args=[one.ref, "contacts"]), sent)
        door = f"/api/v1/introductions/{one.ref}/contacts"
        told = reader.client.post(
            door, json.dumps(sent), content_type="application/json", headers=reader.headers
        )
        return found_in(page.getvalue().decode()), found_in(told.getvalue().decode())

    def contact(listing: Listing) -> set[int]:
        now = Listing.objects.get(pk=listing.pk)
        return found_in(f"{now.contact_name.reveal()} {now.contact_phone.reveal()}")

    alices, bobs = contact(w.need), contact(w.offers[1])
    said = {n for m in w.accepted.messages.all() for n in found_in(m.text.reveal())}
    expected = {"alice": bobs, "bob": alices}
    assert len(alices) == len(bobs) == 2 and not alices & bobs
    for name in ACTORS:
        for one in (w.asked, w.taken_back):
            assert given(name, one) == (set(), set()), name
        page, told = given(name, w.accepted)
        assert told == expected.get(name, set())
        assert page - said == expected.get(name, set())
    assert Reveal.objects.count() == 4
    docking.consent(w.cast.bob, w.accepted, agree=False)
    assert given("alice", w.accepted) == given("bob", w.accepted) == (set(), set())


def test_a_lead_gives_its_contact_to_its_bureau_only() -> None:
    w, plant = World(), Planter()
    plant_secrets(plant)
    lead = Lead.objects.get(pk=w.lead.pk)
    contact = found_in(f"{lead.contact_name.reveal()} {lead.phone.reveal()}")
    assert len(contact) == 2
    for name in ACTORS:
        url = reverse("leads:verb", args=[lead.ref, "reveal"])
        said = login(w.actor(name)).post(url, {"purpose": "联系企业"})
        assert found_in(said.getvalue().decode()) == (contact if name == "suzhou" else set()), name


# --- the checks themselves, checked ---


@pytest.mark.parametrize(
    "written",
    [
        "13910000007", "+86 139 1000 0007", "139-1000-0007", "１３９１００００００７", "139.1000.0007",
        "tel:1391\u30000000007", "&#49;3910000007", "PL0007NT@zoulang.cn", "wxid_pl0007", "讠甲甲甲辛末",
    ],
)  # fmt: skip
def test_a_contact_is_found_however_it_is_written(written: str) -> None:
    assert found_in(f"<p>联系{written}谢谢</p>") == {7}
    assert not found_in(str(Secret(unescape(written))))


def test_a_contact_shown_unmasked_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    w, plant = World(), Planter()
    plant_secrets(plant)
    monkeypatch.setattr(secret, "mask", lambda text: text)
    for name, page in (
        ("suzhou", w.lead.get_absolute_url()),
        ("alice", f"/parties/{w.cast.alice.party}/"),
    ):
        reader = Reader(w, name)
        reader.crawl(page)
        assert reader.found, page
