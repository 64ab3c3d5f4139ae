"""Who acts in the stories, and what an event of one is."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import make_password

from ..core.actor import Actor, Role
from ..core.models import Membership, Party, User


@dataclass(frozen=True, slots=True)
class Event:
    """Something done at a time; a refusal is a mistake of the story."""

    at: datetime
    do: Callable[[], object]


class Cast:
    """The actors of the stories, made as they are needed."""

    def __init__(self, bodies: dict[str, Party]) -> None:
        self._bodies = bodies
        self._actors: dict[tuple[int, Role], Actor] = {}

    def member(self, party: Party) -> Actor:
        """Someone who acts for a party."""
        return self._acting(party, Role.MEMBER)

    def bureau(self, city: str) -> Actor:
        """An officer of a city's bureau."""
        return self._acting(self._bodies[city], Role.BUREAU)

    def office(self) -> Actor:
        """An officer of the corridor's office."""
        return self._acting(self._bodies[""], Role.OFFICE)

    def of(self, party: int) -> Actor:
        """Someone who acts for one of the parties that were :meth:`gathered <gather>`."""
        return self._actors[party, Role.MEMBER]

    def gather(self, parties: Collection[int]) -> None:
        """Have someone act for each of many parties, by a few queries."""
        known = Membership.objects.filter(party__in=parties, role=Role.MEMBER)
        without = set(parties) - set(known.values_list("party", flat=True))
        rows = Party.objects.filter(pk__in=without).order_by("pk").only("pk", "city")
        nobody = make_password(None)
        users = [_person(party, Role.MEMBER) for party in rows]
        for user in users:
            user.password = nobody
        User.objects.bulk_create(users)
        Membership.objects.bulk_create(
            Membership(user=user, party=party, role=Role.MEMBER, city=party.city, manager=True)
            for user, party in zip(users, rows, strict=True)
        )
        people = known.select_related("user", "party").order_by("-id")
        unread = ("contact_name", "contact_phone", "contact_email")
        for one in people.defer("user__email", *(f"party__{name}" for name in unread)):
            self._actors[one.party_id, Role.MEMBER] = one.actor()

    def _acting(self, party: Party, role: Role) -> Actor:
        if (party.pk, role) not in self._actors:
            known = Membership.objects.filter(party=party, role=role)
            found = known.select_related("user", "party").first() or join(party, role)
            self._actors[party.pk, role] = found.actor()
        return self._actors[party.pk, role]


def join(party: Party, role: Role) -> Membership:
    """A person without a password: the stories act as them, nobody logs in."""
    user = _person(party, role)
    user.set_unusable_password()
    user.save()
    return Membership.objects.create(
        user=user, party=party, role=role, city=party.city, manager=True
    )


def _person(party: Party, role: Role) -> User:
    return User(username=f"demo-{party.pk}-{role}", name="演示用户")
