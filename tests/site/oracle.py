"""Who may see what, said a second time: in plain Python, from the words of what was promised.

Nothing here asks ``visible_to`` or any query of the site. Rows are read whole from their tables and
judged one by one, so that a mistake in a condition of the site is not made again here.

The words: a draft is its party's alone. What is published is for everyone (public, anonymous), for
whoever acts for someone in the corridor (corridor), or for the parties it names (named). The bureau
of its city and the office see all but drafts. Who is behind an anonymous listing is known to its
party, its city's bureau and the office, and to the other side once both have accepted. Matches are
the business of both parties, their bureaus and the office. Introductions are seen by the two
parties, the bureaus of their cities and the office; leads by the bureau they are with, one they
are offered to, and the office. A judge and an analyst act for the office and see none of its
files. Whoever has lost their role sees what the public sees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from django.apps import apps

from corridor.site.core.actor import Actor

OPEN = ("public", "anonymous")
OURS = ("bureau", "office")


class Oracle:
    """The rows of the site as they are now, and who may see each."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[Any, SimpleNamespace]] = {}
        for model in apps.get_models():
            columns = [field.attname for field in model._meta.concrete_fields]
            rows = model._base_manager.values_list(*columns)
            made = [SimpleNamespace(**dict(zip(columns, row, strict=True))) for row in rows]
            key = model._meta.pk.attname
            self.rows[model._meta.model_name] = {getattr(row, key): row for row in made}
        self.named: dict[int, set[int]] = {}
        for row in self.all("listingnamed"):
            self.named.setdefault(row.listing_id, set()).add(row.party_id)

    def all(self, model: str) -> Iterable[SimpleNamespace]:
        """The rows of a model."""
        return self.rows[model].values()

    def seen(self, actor: Actor, model: str) -> set[Any]:
        """The keys of the rows of a model that an actor may see."""
        may = getattr(self, model)
        return {key for key, row in self.rows[model].items() if may(actor, row)}

    # --- core ---

    def party(self, a: Actor, row: Any) -> bool:
        if a.role == "office" or row.kind in OURS or row.id == a.party:
            return True
        return a.role == "bureau" and row.city == a.city

    def membership(self, a: Actor, row: Any) -> bool:
        return a.role == "office" or (a.party is not None and _of(a, row.party_id, row.user_id))

    def membershiprequest(self, a: Actor, row: Any) -> bool:
        city = self.rows["party"][row.party_id].city
        near = a.role == "bureau" and city == a.city
        return a.role == "office" or near or _of(a, row.party_id, row.user_id)

    def invitation(self, a: Actor, row: Any) -> bool:
        return a.role == "office" or _mine(a, row.party_id)

    def upload(self, a: Actor, row: Any) -> bool:
        return _file(a, row)

    def job(self, a: Actor, row: Any) -> bool:
        return a.role == "office" or _file(a, row)

    def auditentry(self, a: Actor, row: Any) -> bool:
        if a.role in ("judge", "analyst"):
            return bool(row.user == a.user)
        return a.role == "office" or _mine(a, row.party)

    def consent(self, a: Actor, row: Any) -> bool:
        return _mine(a, row.party_id) or _mine(a, row.to_party_id)

    def reveal(self, a: Actor, row: Any) -> bool:
        return a.role == "office" or _mine(a, row.owner_id)

    def notice(self, a: Actor, row: Any) -> bool:
        return a.user is not None and (row.user_id, row.party_id) == (a.user, a.party)

    # --- listings ---

    def listing(self, a: Actor, row: Any) -> bool:
        if _mine(a, row.party_id):
            return True
        if row.state == "published":
            if row.anonymity in OPEN or (row.anonymity == "corridor" and a.user is not None):
                return True
            if row.anonymity == "named" and a.party in self.named.get(row.id, ()):
                return True
        return row.state != "draft" and self.moderates(a, row)

    def moderates(self, a: Actor, listing: Any) -> bool:
        """Whether an actor is of the listing's bureau or of the office."""
        return a.role == "office" or (a.role == "bureau" and a.city == listing.city)

    def knows_party(self, a: Actor, listing: Any) -> bool:
        """Whether the party behind a listing that the actor sees may be named to them."""
        hidden = listing.anonymity == "anonymous"
        return not hidden or _mine(a, listing.party_id) or self.moderates(a, listing)

    def listingnamed(self, a: Actor, row: Any) -> bool:
        return _mine(a, row.party_id) or _mine(a, self.of_listing(row).party_id)

    def listingversion(self, a: Actor, row: Any) -> bool:
        return self.inside(a, self.of_listing(row))

    def review(self, a: Actor, row: Any) -> bool:
        return self.inside(a, self.of_listing(row))

    def inside(self, a: Actor, listing: Any) -> bool:
        """Whether an actor sees what went on with a listing."""
        if _mine(a, listing.party_id) and a.role != "office":
            return True
        return listing.state != "draft" and self.moderates(a, listing)

    def savedsearch(self, a: Actor, row: Any) -> bool:
        return a.user is not None and (row.user_id, row.party_id) == (a.user, a.party)

    def contentreport(self, a: Actor, row: Any) -> bool:
        return self.moderates(a, self.of_listing(row))

    def of_listing(self, row: Any) -> Any:
        """The listing a row is about."""
        return self.rows["listing"][row.listing_id]

    # --- docking ---

    def match(self, a: Actor, row: Any) -> bool:
        need, offer = (self.rows["listing"][pk] for pk in (row.need_id, row.offer_id))
        if any(one.state != "published" or not self.listing(a, one) for one in (need, offer)):
            return False
        own = a.role == "member" and a.party in (need.party_id, offer.party_id)
        near = a.role == "bureau" and a.city in (need.city, offer.city)
        return own or near or a.role == "office"

    nearmiss = match

    def unsuitable(self, a: Actor, row: Any) -> bool:
        near = a.role == "bureau" and a.city == self.of_listing(row).city
        return near or a.role == "office" or (a.role == "member" and row.party_id == a.party)

    def introduction(self, a: Actor, row: Any) -> bool:
        sides = (row.from_party_id, row.to_party_id)
        cities = {self.rows["party"][pk].city for pk in sides}
        own = a.role == "member" and a.party in sides
        return own or (a.role == "bureau" and a.city in cities) or a.role == "office"

    def message(self, a: Actor, row: Any) -> bool:
        return self.introduction(a, self.rows["introduction"][row.introduction_id])

    outcome = message

    def knows_side(self, a: Actor, intro: Any, party: int) -> bool:
        """Whether one of the two parties of an introduction that the actor sees may be named."""
        if party == a.party or intro.accepted_at is not None:
            return True
        about_need = intro.target_id == intro.need_id
        own = intro.offer_id if about_need else intro.need_id
        brought = intro.target_id if party == intro.to_party_id else own
        return brought is None or self.knows_party(a, self.rows["listing"][brought])

    # --- leads ---

    def lead(self, a: Actor, row: Any) -> bool:
        if a.role == "office":
            return True
        offered = any(
            one.lead_id == row.id and one.to_city == a.city and one.state == "proposed"
            for one in self.all("circulation")
        )
        return a.role == "bureau" and (row.city == a.city or offered)

    def leadevent(self, a: Actor, row: Any) -> bool:
        return self.lead(a, self.rows["lead"][row.lead_id])

    def circulation(self, a: Actor, row: Any) -> bool:
        near = a.role == "bureau" and a.city in (row.from_city, row.to_city)
        return near or a.role == "office"

    def clocklength(self, a: Actor, row: Any) -> bool:
        return True

    # --- conferences ---

    def runs(self, a: Actor, row: Any) -> bool:
        """Whether an actor runs a conference."""
        return a.role == "office" or (a.role == "bureau" and row.party_id == a.party)

    def conference(self, a: Actor, row: Any) -> bool:
        return row.opened_at is not None or self.runs(a, row)

    def slot(self, a: Actor, row: Any) -> bool:
        return self.conference(a, self.rows["conference"][row.conference_id])

    hall = slot

    def interpreter(self, a: Actor, row: Any) -> bool:
        return self.runs(a, self.rows["conference"][row.conference_id])

    plan = interpreter

    def table(self, a: Actor, row: Any) -> bool:
        return self.interpreter(a, self.rows["hall"][row.hall_id])

    def participant(self, a: Actor, row: Any) -> bool:
        own = a.role == "member" and a.party == row.party_id
        near = a.role == "bureau" and self.rows["party"][row.party_id].city == a.city
        return own or near or self.interpreter(a, row)

    def meeting(self, a: Actor, row: Any) -> bool:
        return any(self.participant(a, self.rows["participant"][pk]) for pk in (row.a_id, row.b_id))

    # --- programs ---

    def apitoken(self, a: Actor, row: Any) -> bool:
        return _mine(a, row.party_id)

    webhook = apitoken

    def delivery(self, a: Actor, row: Any) -> bool:
        return _mine(a, self.rows["webhook"][row.webhook_id].party_id)

    def remembered(self, a: Actor, row: Any) -> bool:
        return False

    # --- what is shown of all this ---

    def market(self, a: Actor) -> list[Any]:
        """The published listings an actor finds."""
        shown = self.rows["listing"].values()
        return [one for one in shown if one.state == "published" and self.listing(a, one)]

    def counts(self, a: Actor, by: str, **where: str) -> Counter[str]:
        """How many of them there are for each value of a field, of those with the given values."""
        found = [one for one in self.market(a) if where.items() <= vars(one).items()]
        return Counter(getattr(one, by) for one in found)

    def known_parties(self, a: Actor) -> set[int]:
        """The parties that may be named to an actor somewhere."""
        known = {row.id for row in self.all("party") if self.party(a, row)}
        for one in self.all("listing"):
            if self.listing(a, one) and self.knows_party(a, one):
                known.add(one.party_id)
        for intro in self.all("introduction"):
            if self.introduction(a, intro):
                sides = (intro.from_party_id, intro.to_party_id)
                known |= {party for party in sides if self.knows_side(a, intro, party)}
        return known

    def known_titles(self, a: Actor) -> set[int]:
        """The listings whose title may be shown to an actor: in an introduction, also later on."""
        known = self.seen(a, "listing")
        for intro in self.all("introduction"):
            if self.introduction(a, intro):
                known |= {intro.need_id, intro.offer_id, intro.target_id} - {None}
        return known


def _mine(a: Actor, party: int | None) -> bool:
    return a.party is not None and a.party == party


def _of(a: Actor, party: int, user: int) -> bool:
    return _mine(a, party) or (a.user is not None and a.user == user)


def _file(a: Actor, row: Any) -> bool:
    if a.role in ("judge", "analyst"):
        return a.user is not None and row.user_id == a.user
    return _mine(a, row.party_id)
