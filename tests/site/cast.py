"""The people of the site's tests: Alice and Bob, their bureaus, the office, a judge, an analyst.

Alice is an enterprise in Suzhou, Bob a lab in Hefei, Carol another enterprise in Suzhou that has
nothing to do with them.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from corridor.engine.factors import Range
from corridor.engine.factors.credit_code import credit_check
from corridor.site.core.actor import Actor, Role
from corridor.site.core.models import Membership, Party, User
from corridor.site.core.refs import new_ref
from corridor.site.listings.models import Listing, State
from corridor.site.listings.values import stored

SUZHOU, HEFEI = "320500", "340100"


def credit_code(number: int, city: str = SUZHOU, series: str = "MA9") -> str:
    """A right credit code; nobody has one of the series MA9."""
    head = f"91{city}{series}{number:06d}"
    return head + credit_check(head)


def party(name: str, kind: str, city: str, number: int, phone: str = "") -> Party:
    """A verified party with a right credit code and a phone that must never be seen."""
    return Party.objects.create(
        name=name,
        kind=kind,
        city=city,
        credit_code=credit_code(number, city, "MA1"),
        contact_name="联系人",
        contact_phone=phone or f"1391234{number:04d}",
        verified_at=timezone.now(),
    )


def member(of: Party, role: Role, username: str, *, manager: bool = False) -> Actor:
    """A person with one membership, as an actor."""
    user = User.objects.create(username=username, name=username.title())
    made = Membership.objects.create(user=user, party=of, role=role, city=of.city, manager=manager)
    return made.actor()


@dataclass
class Cast:
    """Eight actors, by name."""

    alice: Actor
    bob: Actor
    carol: Actor
    suzhou: Actor
    hefei: Actor
    office: Actor
    judge: Actor
    analyst: Actor

    def user(self, name: str) -> User:
        """The user of an actor."""
        return User.objects.get(pk=getattr(self, name).user)


def cast() -> Cast:
    """Make them all."""
    bureaus = {
        city: party(f"{name}市投资促进局", "bureau", city, number)
        for number, (city, name) in enumerate(((SUZHOU, "苏州"), (HEFEI, "合肥")), 1)
    }
    hall = party("走廊联席会议办公室", "office", SUZHOU, 3)
    return Cast(
        alice=member(
            party("苏州澄源精密有限公司", "enterprise", SUZHOU, 11),
            Role.MEMBER,
            "alice",
            manager=True,
        ),
        bob=member(party("合肥砺行研究院", "lab", HEFEI, 12), Role.MEMBER, "bob", manager=True),
        carol=member(party("苏州岫禾科技有限公司", "enterprise", SUZHOU, 13), Role.MEMBER, "carol"),
        suzhou=member(bureaus[SUZHOU], Role.BUREAU, "suzhou"),
        hefei=member(bureaus[HEFEI], Role.BUREAU, "hefei"),
        office=member(hall, Role.OFFICE, "office"),
        judge=member(hall, Role.JUDGE, "judge"),
        analyst=member(hall, Role.ANALYST, "analyst"),
    )


def listing(of: Actor, **given: Any) -> Listing:
    """A published listing of an actor's party; any field may be given."""
    now = timezone.now()
    fields: dict[str, Any] = {
        "ref": new_ref("L"),
        "party_id": of.party,
        "author_id": of.user,
        "side": "need",
        "kind": "space",
        "title": "求租带行车的单层厂房",
        "text": "需要八米以上净高，靠近高速口。",
        "city": of.city,
        "values": stored({"area": Range.between(3000, 5000), "premises": frozenset({"single"})}),
        "contact_name": "王小明",
        "contact_phone": "13800001234",
        "state": State.PUBLISHED,
        "published_at": now,
        "expires_on": date.today() + timedelta(days=180),
        "changed_at": now,
    }
    return Listing.objects.create(**fields | given)
