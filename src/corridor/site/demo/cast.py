"""Who acts in the stories, and what an event of one is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

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

    def _acting(self, party: Party, role: Role) -> Actor:
        if (party.pk, role) not in self._actors:
            known = Membership.objects.filter(party=party, role=role)
            found = known.select_related("user", "party").first() or join(party, role)
            self._actors[party.pk, role] = found.actor()
        return self._actors[party.pk, role]


def join(party: Party, role: Role) -> Membership:
    """A person without a password: the stories act as them, nobody logs in."""
    user = User(username=f"demo-{party.pk}-{role}", name="演示用户")
    user.set_unusable_password()
    user.save()
    return Membership.objects.create(
        user=user, party=party, role=role, city=party.city, manager=True
    )
