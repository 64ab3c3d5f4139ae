"""Who acts in the stories, and what an event of one is."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from ..core.actor import Actor, Role
from ..core.models import Membership, Party, User


@dataclass(frozen=True, slots=True)
class Event:
    """Something done at a time. Returns nothing; refusals are mistakes of the story."""

    at: datetime
    do: Callable[[], object]


class Cast:
    """The actors of the stories, made as they are needed."""

    def __init__(self, bodies: dict[str, Party]) -> None:
        self.bodies = bodies
        self._actors: dict[int, Actor] = {}

    def member(self, party: Party) -> Actor:
        """Someone who acts for a party."""
        if party.pk not in self._actors:
            role = {"bureau": Role.BUREAU, "office": Role.OFFICE}.get(party.kind, Role.MEMBER)
            known = Membership.objects.filter(party=party, role=role).select_related(
                "user", "party"
            )
            self._actors[party.pk] = (known.first() or join(party, role)).actor()
        return self._actors[party.pk]

    def bureau(self, city: str) -> Actor:
        """An officer of a city's bureau."""
        return self.member(self.bodies[city])

    def office(self) -> Actor:
        """An officer of the corridor's office."""
        return self.member(self.bodies[""])


def join(party: Party, role: Role) -> Membership:
    """A person without a password: the role bar and the stories act as them, nobody logs in."""
    user = User(username=f"demo-{party.pk}", name="演示用户")
    user.set_unusable_password()
    user.save()
    return Membership.objects.create(
        user=user, party=party, role=role, city=party.city, manager=True
    )
