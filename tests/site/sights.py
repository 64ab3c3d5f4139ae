"""Every page of the site as someone sees it: who, where, and what they send from there.

The addresses are those of the table of permissions, each seen by the first who may; then come the
pages that show something else to someone else, or after something was sent.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cast as people
from alices_world import PASSWORD, PHONE, World
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from browsing import Fields
from conference_sights import looks
from conference_taking import sights
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import CharField, TextField
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from errands import login, pages

from corridor.engine.factors import Range
from corridor.site.core import jobs
from corridor.site.core.models import Job, User
from corridor.site.docking import actions as docking
from corridor.site.docking import refresh
from corridor.site.docking.models import Match, NearMiss
from corridor.site.listings import actions, search
from corridor.site.listings.models import Listing
from corridor.site.listings.values import stored

if TYPE_CHECKING:
    from playwright.sync_api import Page

TABLE = Path(__file__).with_name("permissions.toml")
ACTORS = (
    "public", "former", "alice", "bob", "carol", "suzhou", "hefei", "office", "judge", "analyst",
)  # fmt: skip
#: Members first: a page has the most on it for who works with it.
FIRST = ("alice", "bob", "suzhou", "office", "public", "hefei")
#: What is answered with a file, or with a part of a page.
FILES = {
    "core:file", "listings:template", "api:openapi", "mfa_download_recovery_codes",
    "notices:follow", "conference:feed",
}  # fmt: skip
#: What has Chinese in it that nobody typed, or that is not shown as it is.
NOT_TYPED = {"AuditEntry", "Consent", "Job", "Notice"}
SHEET = [
    "标题,城市,所需面积(㎡),可接受场所类型",
    "求租厂房,佳兴,很大,厂防",
    "求租研发楼,苏州,800,办公",
]
#: The referrer's code that is made to raise an error.
FAIL = "fail"
PASTED = "我司在苏州求租三千到五千平单层厂房，净高8米以上，带10吨行车"
#: What people say here that is kept as a secret, or is not kept.
SAID = {
    "您好，请问何时可以看厂房？", "王小明", "王", "没有", "嘉兴市", "导入 需求.csv",
    PASTED,
}  # fmt: skip
Act = Callable[["Page"], None]


@dataclass(frozen=True)
class Sight:
    """A page: who looks, at which address, and what is done there before it is looked at."""

    name: str
    who: str
    url: str
    act: Act | None = None


def send(form: str, button: str = "", **typed: str) -> Act:
    """Fill in and send a form of the page, whatever the browser thinks of it."""

    def act(page: Page) -> None:
        with page.expect_navigation():
            page.evaluate(
                """([selector, button, typed]) => {
                    const form = document.querySelector(selector);
                    form.noValidate = true;
                    for (const [name, value] of Object.entries(typed)) {
                        const field = form.elements[name];
                        if (field.type === "checkbox") field.checked = true;
                        else field.value = value;
                    }
                    form.requestSubmit(button ? form.querySelector(button) : undefined);
                }""",
                [form, button, typed],
            )

    return act


def menu(page: Page) -> None:
    """Open the menu of the account."""
    page.locator("details.menu summary").first.click()


class Sights:
    """The world of the permissions, and what else there is to be seen in it."""

    def __init__(self) -> None:
        self.world = World()
        self._clients: dict[str, Client] = {}
        cast = self.world.cast
        values = {
            "area": Range.between(3000, 5000),
            "clear_height": Range(8, None),
            "premises": frozenset({"single"}),
        }
        Listing.objects.filter(kind="space").update(values=stored(values))
        small = stored({"area": Range(2000, 2000), "premises": frozenset({"single"})})
        Listing.objects.filter(pk=self.world.offers[3].pk).update(values=small, must=["area"])
        refresh.refresh("space")
        assert Match.objects.exists() and NearMiss.objects.exists()
        self._gone_wrong()
        search.index_all()
        self.outsider = User.objects.get(username="outsider")
        self.outsider.set_unusable_password()
        self.outsider.save()
        RecoveryCodes.activate(cast.user("hefei"))
        docking.say(cast.alice, self.world.accepted, "您好，请问何时可以看厂房？")
        Job.objects.filter(pk=self.world.imported.pk).update(state="failed")
        self.imports = [self._imported(SHEET), self._imported([SHEET[0], SHEET[2]])]
        self.jobs = [self._job(state) for state in ("running", "done", "failed", "cancelled")]

    def _gone_wrong(self) -> None:
        """A listing that was closed, and an introduction that was declined."""
        carol, bob = self.world.cast.carol, self.world.cast.bob
        actions.close(carol, people.listing(carol, title="求租冷库"), "plan_changed")
        asked = docking.ask(
            carol, self.world.offers[3], cooperation="lease", question="租金多少？", agreed=True
        )
        docking.decline(bob, asked, reason="price")

    def client(self, who: str) -> Client:
        """A client of someone, logged in once; the outsider acts for nobody."""
        if who not in self._clients:
            if who == "outsider":
                self._clients[who] = Client()
                self._clients[who].force_login(self.outsider)
            else:
                self._clients[who] = login(self.world.actor(who))
        return self._clients[who]

    def _imported(self, lines: list[str]) -> str:
        client, url = self.client("alice"), reverse("listings:import")
        data = Fields(client.get(url).content.decode()).data
        file = SimpleUploadedFile("需求.csv", "\n".join(lines).encode())
        sent = client.post(
            url, {**data, "agreed": "on", "file": file, "kind": "space", "side": "need"}
        )
        run = jobs.claim(kinds=frozenset({"listings.import"}))
        assert run is not None
        jobs.perform(run)
        return str(sent.headers["Location"])

    def _job(self, state: str) -> Job:
        alice = self.world.cast.alice
        made: Job = Job.objects.create(
            kind="listings.export",
            key=state,
            state=state,
            party_id=alice.party,
            user_id=alice.user,
            not_before=timezone.now(),
            done_units=3,
            total_units=8,
        )
        return made

    def typed(self) -> list[str]:
        """What people have typed, longest first: it is in their language on every page."""
        found = {cell for line in SHEET for cell in line.split(",")} | SAID
        for model in apps.get_models():
            if not model.__module__.startswith("corridor.") or model.__name__ in NOT_TYPED:
                continue
            names = [
                field.name
                for field in model._meta.concrete_fields
                if isinstance(field, (CharField, TextField)) and not field.choices
            ]
            for row in model._base_manager.only(*names) if names else ():
                found.update(*(str(getattr(row, name)).splitlines() for name in names))
        return sorted((one for one in found if re.search(r"[一-鿿]", one)), key=len, reverse=True)

    # --- what is looked at ---

    def all(self) -> Iterator[Sight]:
        """Everything, one who looks after the other."""
        found = [*self._addresses(), *self._roles(), *self._wrong(), *self._sent(), *self._states()]
        yield from sorted(found, key=lambda sight: sight.who)

    def _addresses(self) -> Iterator[Sight]:
        table = tomllib.loads(TABLE.read_text())
        for name, asks in pages(self.world).items():
            group, _, short = name.rpartition(":")
            for one in asks:
                answers = table[group or "account"].get(f"{short} {one.name}".strip() + " GET", "")
                said = dict(zip(ACTORS, answers.split(), strict=False))
                who = next((who for who in FIRST if said.get(who) == "200"), None)
                if who is not None and name not in FILES:
                    url = reverse(name, args=one.args) + one.query
                    yield Sight(f"{name} {one.name}".strip(), who, url)

    def _roles(self) -> Iterator[Sight]:
        """Pages on which another role sees something else."""
        w, desk = self.world, reverse("desks:desk")
        for who in ("bob", "suzhou", "office", "judge", "analyst", "outsider"):
            yield Sight("desk", who, desk)
        for who in ("suzhou", "office", "analyst"):
            yield Sight("exits", who, reverse("desks:exits"))
        yield Sight("numbers", "office", reverse("desks:numbers"))
        need, offer = w.need.get_absolute_url(), w.offers[3].get_absolute_url()
        for who in ("public", "suzhou", "office"):
            yield Sight("home", who, "/")
            yield Sight("listing", who, need)
        yield Sight("listing to ask about", "alice", offer)
        yield Sight("asked", "bob", w.asked.get_absolute_url())
        yield Sight("accepted", "bob", w.accepted.get_absolute_url())
        yield Sight("accepted", "suzhou", w.accepted.get_absolute_url())
        yield Sight("taken back", "alice", w.taken_back.get_absolute_url())
        yield Sight("introductions", "hefei", reverse("docking:introductions"))
        yield Sight(
            "matches of an offer", "bob", reverse("docking:matches", args=[w.offers[0].ref])
        )
        for lead in (w.held, w.contacted, w.valid, w.answered, w.offered):
            yield Sight(f"lead {lead.ref}", "suzhou", lead.get_absolute_url())
        yield Sight("lead", "office", w.lead.get_absolute_url())
        yield Sight("leads", "office", reverse("leads:list"))
        yield Sight("clocks", "office", reverse("leads:clocks"))
        yield Sight("last review", "office", reverse("listings:review_one", args=[w.passed.ref]))
        yield Sight("reviews", "office", reverse("listings:review"))
        yield Sight("password set", "outsider", reverse("account_set_password"))
        yield Sight("recovery codes", "hefei", reverse("mfa_view_recovery_codes"))
        yield Sight("second factor", "hefei", reverse("mfa_index"))
        yield Sight("menu", "alice", "/account/me/", menu)

    def _states(self) -> Iterator[Sight]:
        """Pages that show nothing, much, or what is wrong."""
        for job in self.jobs:
            yield Sight(f"job {job.state}", "alice", reverse("core:job", args=[job.pk]))
        for at, url in enumerate(self.imports):
            yield Sight(f"imported {at}", "alice", url)
        for query in ("", "?q=%E6%B2%A1%E6%9C%89&kind=talent", "?side=need&city=320500&sort=new"):
            yield Sight(f"list {query}", "public", reverse("listings:list") + query)
        yield Sight("nobody's notices", "judge", reverse("notices:list"))
        yield Sight("nobody's listings", "carol", reverse("listings:mine"))
        yield Sight("nobody's introductions", "carol", reverse("docking:introductions"))
        yield Sight("no page", "public", "/nowhere/")
        yield Sight("not theirs", "carol", reverse("listings:mine") + "../" + "LNONE/")
        yield Sight("refused", "alice", "/?q=%00")
        yield from (Sight(*look) for look in (*looks(self.world), *sights(self.world)))
        yield Sight("failing", "public", f"{reverse('leads:new')}?to={FAIL}")

    def _wrong(self) -> Iterator[Sight]:
        """Forms sent as they should not be."""
        w = self.world
        wrong: dict[str, list[tuple[str, list[object]]]] = {
            "alice": [
                ("listings:new", []),
                ("listings:edit", [w.draft.ref, 2]),
                ("listings:edit", [w.draft.ref, 3]),
                ("listings:revise", [w.need.ref]),
                ("listings:close", [w.need.ref]),
                ("listings:import", []),
                ("docking:introduce", [w.offers[3].ref]),
                ("core:members", []),
                ("account_change_password", []),
                ("account_reauthenticate", []),
                ("mfa_activate_totp", []),
            ],
            "public": [("core:join", []), ("leads:new", []), ("leads:status", [])],
            "bob": [("listings:report", [w.need.ref])],
            "suzhou": [
                ("mfa_reauthenticate", []),
                ("conference:new", []),
                ("conference:door", [w.conferences.running.conference.ref]),
            ],
            "office": [("core:party_new", []), ("listings:hide", [w.need.ref])],
        }
        for who, places in wrong.items():
            for name, args in places:
                yield Sight(f"wrong {name}", who, reverse(name, args=args), empty)

    def _sent(self) -> Iterator[Sight]:
        """What comes back from forms that show something, or that have a page of many."""
        w, post = self.world, "main form[method=post]"
        lead, enter, status = w.lead, reverse("account_login"), reverse("leads:status")
        contacts = send("form[action$='/contacts/']", purpose="约看现场")
        yield Sight("contacts", "alice", w.accepted.get_absolute_url(), contacts)
        running = w.conferences.running
        door = reverse("conference:door", args=[running.conference.ref])
        here = send(post, code=running.parts["alice"].code)
        yield Sight("let in", "suzhou", door, here)
        venue = reverse("conference:venue", args=[w.conferences.draft.conference.ref])
        yield Sight("nobody to interpret", "suzhou", venue, send("form[action$='/interpreter/']"))
        reveal = send("form[action$='/reveal/']", purpose="联系企业")
        yield Sight("phone", "suzhou", lead.get_absolute_url(), reveal)
        note = send("form[action$='/note/']", text="")
        yield Sight("wrong verb", "suzhou", w.valid.get_absolute_url(), note)
        one = reverse("listings:review_one", args=[w.waiting.ref])
        yield Sight("returned without a reason", "suzhou", one, send("aside details form"))
        yield Sight("progress", "public", status, send(post, ref=lead.ref, four=PHONE[-4:]))
        yield Sight("second step", "public", reverse("leads:new"), send(post, need=PASTED))
        yield Sight("pasted", "public", "/", send("form[role=search]", q=PASTED))
        yield Sight("code", "public", enter, send(post, login="judge", password=PASSWORD))
        yield Sight("wrong password", "public", enter, send(post, login="alice", password="x"))


def empty(page: Page) -> None:
    """Send the largest form of the page with nothing typed in it."""
    with page.expect_navigation():
        page.evaluate(
            """() => {
                const forms = [...document.querySelectorAll("main form[method=post]")];
                const form = forms.sort((a, b) => b.elements.length - a.elements.length)[0];
                form.noValidate = true;
                for (const name of ["title", "text", "contact_name", "name", "note"]) {
                    if (form.elements[name]) form.elements[name].value = "";
                }
                form.requestSubmit(form.querySelector("button.primary") ?? undefined);
            }"""
        )
