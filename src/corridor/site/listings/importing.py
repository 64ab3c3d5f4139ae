"""Files of listings → listings of the actor's own party: every row, or every reason why not."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from corridor.engine.factors import Label, Side
from corridor.engine.factors import Listing as Drawn
from corridor.engine.factors import kind as kind_of
from corridor.io import Loaded, RowError, load

from ..core import audit
from ..core.actor import Actor
from ..core.errors import Invalid
from ..core.jobs import Run
from ..core.models import Consent, Membership, Party, Upload
from ..core.refs import new_ref
from ..core.region import corridor
from ..core.uploads import path_of
from ..core.verbs import confirmed
from . import content as contents
from . import search
from .actions import CONSENT
from .checking import complete, is_phone, kept
from .content import Content
from .lifecycle import LISTING
from .models import Listing, ListingVersion, State

MAX_ROWS = 20_000
CHUNK = 200
_COLUMNS = {
    "title": Label("标题", "Title"),
    "text": Label("说明", "Description"),
    "city": Label("城市", "City"),
    "capacity": Label("可承接数", "Capacity"),
    "deadline": Label("截止日期", "Expires"),
}
_ID = Label("编号", "ID")


@dataclass(frozen=True, slots=True)
class Wish:
    """How a file is to be imported; ``kind`` and ``side`` "" where the file says them."""

    kind: str = ""
    side: str = ""
    anonymity: str = "public"
    skip_bad: bool = False
    submit: bool = False
    agreed: str = ""
    language: str = "zh-hans"


@dataclass(frozen=True, slots=True)
class Ready:
    """A row that may be imported."""

    sheet: str
    row: int
    key: str
    content: Content


class TooMany(Exception):
    """More rows than are taken at once."""


@dataclass
class Import:
    """One attempt at an import: what it found, and what it wrote."""

    run: Run
    wish: Wish
    actor: Actor
    party: Party
    upload: Upload

    def __post_init__(self) -> None:
        self.errors: list[RowError] = []
        self.skipped: list[tuple[str, int]] = []
        self.district_notes: list[tuple[str, int, Label]] = []

    def read(self) -> Loaded:
        """The file's good rows. Raises what ``load`` raises, and :class:`TooMany`."""

        def told(done: int, total: int) -> None:
            if done > MAX_ROWS:
                raise TooMany
            self.run.progress(done, 2 * total, _("正在读取第 %(n)s 行") % {"n": done})

        with TemporaryDirectory() as folder:
            file = Path(folder, f"upload.{self.upload.format}")
            file.symlink_to(path_of(self.upload.key).resolve())
            return load(
                file,
                today=timezone.localdate(),
                kind=self.wish.kind or None,
                side=self.wish.side or None,
                near=corridor().codes,
                skip_bad=True,  # so that what only the site refuses is said in the same go
                progress=told,
            )

    def checked(self, loaded: Loaded) -> list[Ready]:
        """The rows that may be kept; what is wrong with the others joins ``errors``."""
        found: list[Ready] = []
        seen: dict[tuple[str, str], int] = {}
        for (sheet, row), drawn in zip(loaded.rows, loaded.listings, strict=True):
            ready = self._row(sheet, row, drawn)
            if ready is None:
                continue
            slot = (ready.content.side, ready.key)
            if slot in seen:
                said = Label(
                    f"与第 {seen[slot]} 行内容完全相同", f"it says the same as row {seen[slot]}"
                )
                self._fault(sheet, row, "", "", said, Label("删去一行", "one of them"))
                continue
            seen[slot] = row
            found.append(ready)
        return self._new(found)

    def _row(self, sheet: str, row: int, drawn: Drawn) -> Ready | None:
        content = self._content(sheet, row, drawn)
        try:
            tidy = self._tidy(content)
        except Invalid as error:
            with translation.override("en"):
                english = self._refusal(content)
            for name, text in error.fields.items():
                column, found = _where(content, name)
                said = Label(str(text), str(english.get(name, text)))
                self._fault(sheet, row, column, found, said)
            return None
        named = drawn.id != f"{sheet}-{row}"
        return Ready(sheet, row, f"id:{drawn.id}" if named else f"sha:{_digest(tidy)}", tidy)

    def _content(self, sheet: str, row: int, drawn: Drawn) -> Content:
        home = corridor().city(drawn.city or self.party.city)
        values = dict(drawn.values)
        if home is not None and drawn.city and home.code != drawn.city:
            place = kind_of(drawn.kind).by_name.get("place")
            if place and place.home and place.asked_by is not drawn.side and "place" not in values:
                values["place"] = frozenset({drawn.city})
            said = Label(f"城市记为所属的{home.label.zh}", f"the city is kept as {home.label.en}")
            self.district_notes.append((sheet, row, said))
        phone, name = self.party.contact_phone.reveal(), self.party.contact_name.reveal()
        return Content(
            side=str(drawn.side),
            kind=drawn.kind,
            title=drawn.title,
            text=drawn.text,
            city=home.code if home else drawn.city,
            values=values,
            must=drawn.must,
            flexible=drawn.flexible,
            capacity=drawn.capacity,
            anonymity=self.wish.anonymity,
            contact_name=name,
            contact_phone=phone,
            deadline=drawn.expires,
        )

    def _tidy(self, content: Content) -> Content:
        tidy = kept(content)
        if self.wish.submit:
            complete(tidy, self.party, timezone.localdate())
        return tidy

    def _refusal(self, content: Content) -> dict[str, Any]:
        try:
            self._tidy(content)
        except Invalid as error:
            return error.fields
        return {}

    def _new(self, rows: list[Ready]) -> list[Ready]:
        """Those not imported before. What this very job wrote before it was killed is passed over."""
        had: dict[tuple[str, str], tuple[str, bool]] = {}
        since = self.run.job.created_at
        own = Listing.objects.filter(party=self.party).exclude(state=State.CLOSED)
        for at in range(0, len(rows), CHUNK):
            keys = [ready.key for ready in rows[at : at + CHUNK]]
            for ref, side, key, user, made in own.filter(import_key__in=keys).values_list(
                "ref", "side", "import_key", "author", "created_at"
            ):
                mine = user == self.actor.user and made >= since
                had[side, key] = ref, mine
        fresh = []
        for ready in rows:
            ref, mine = had.get((ready.content.side, ready.key), ("", False))
            if ref and not mine:
                self._again(ready, ref)
            elif not ref:
                fresh.append(ready)
        self.before = sum(mine for _ref, mine in had.values())
        return fresh

    def _again(self, ready: Ready, ref: str) -> None:
        said = Label(f"已经导入过，是 {ref}", f"it was imported before, as {ref}")
        right = Label(
            "删去这一行；要改内容请在网站上修订那一条",
            "no such row; to change the listing, revise it on the site",
        )
        column, found = ("", "")
        if ready.key.startswith("id:"):
            column, found = _ID.zh, ready.key.removeprefix("id:")
        self._fault(ready.sheet, ready.row, column, found, said, right)

    def _fault(
        self,
        sheet: str,
        row: int,
        column: str,
        found: str,
        said: Label,
        right: Label = Label("", ""),  # noqa: B008 - a Label never changes
    ) -> None:
        self.errors.append(RowError("", sheet, row, column, found, said, right))
        self.skipped.append((sheet, row))

    def write(self, rows: Sequence[Ready]) -> int:
        """Write the rows, some hundred in a transaction, so that nobody waits long; how many."""
        done = self.before
        for at in range(0, len(rows), CHUNK):
            part = rows[at : at + CHUNK]
            with transaction.atomic():
                said = _("已写入 %(n)s 条") % {"n": done + len(part)}
                total = 2 * (self.before + len(rows))
                self.run.progress(total // 2 + done + len(part), total, said, now=True)
                self._write(part)
            done += len(part)
        return done

    def _write(self, part: Sequence[Ready]) -> None:
        actor, now = confirmed(self.actor), timezone.now()
        made = [self._listing(actor, ready) for ready in part]
        for listing in made:
            listing.changed_at = now
        Listing.objects.bulk_create(made)
        ListingVersion.objects.bulk_create(
            ListingVersion(
                listing=listing,
                number=1,
                user_id=actor.user,
                content=contents.record(ready.content),
            )
            for listing, ready in zip(made, part, strict=True)
        )
        Consent.objects.bulk_create(
            Consent(
                purpose=CONSENT,
                text=self.wish.agreed,
                user_id=actor.user,
                party=self.party,
                thing=audit.name_of(listing),
                channel="import",
            )
            for listing in made
        )
        search.index_new(made)
        diff = {"state": made[0].state, "listings": [listing.ref for listing in made]}
        audit.record(actor, "listing.import", self.upload, diff=diff)

    def _listing(self, actor: Actor, ready: Ready) -> Listing:
        listing = Listing(
            ref=new_ref("L"), party=self.party, author_id=actor.user, import_key=ready.key
        )
        contents.put(ready.content, listing)
        if self.wish.submit:
            LISTING.move(actor, listing, "submit")
        return listing


def begun(run: Run) -> Import:
    """The import a job asks for, by the one who asked."""
    asked = run.payload
    member = Membership.objects.select_related("user", "party").get(pk=asked["membership"])
    upload = Upload.objects.get(pk=asked["upload"])
    return Import(run, Wish(**asked["wish"]), member.actor(), member.party, upload)


def contact_ready(party: Party) -> bool:
    """Whether the party has a contact that imported listings can carry."""
    name, phone = party.contact_name.reveal(), party.contact_phone.reveal()
    return bool(name) and is_phone(phone)


def problems(made: Import) -> Iterator[RowError]:
    """The errors by sheet, row and column, as people work through them."""
    order = {name: at for at, name in enumerate(dict.fromkeys(e.sheet for e in made.errors))}
    yield from sorted(made.errors, key=lambda e: (order[e.sheet], e.row))


def _where(content: Content, name: str) -> tuple[str, str]:
    """The column a field of the site stands in, and what was found there."""
    if name.startswith("values."):
        attribute = kind_of(content.kind).by_name[name.removeprefix("values.")]
        return attribute.side_label(Side(content.side)).zh, str(content.values[attribute.name])[:60]
    column = _COLUMNS.get(name)
    return (column.zh, str(getattr(content, name))[:60]) if column else ("", "")


def _digest(content: Content) -> str:
    said = {
        name: value
        for name, value in contents.record(content).items()
        if name not in ("contact_name", "contact_phone", "anonymity", "named")
    }
    text = json.dumps(said, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()
