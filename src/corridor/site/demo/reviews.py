"""Stories of publishing: drafts, listings under review, returned and freshly published ones."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from corridor.demo.draw import Draw

from ..core.models import Party
from ..listings import actions, content, reviewing
from ..listings.models import Anonymity, Listing, State
from .cast import Cast, Event

RETURNED = "面积写的是占地还是建筑面积？请分开填写，并补充可接受的租金上限。"


def events(cast: Cast, firm: Party, draw: Draw, now: datetime, count: int) -> Iterator[Event]:
    """``count`` listings handed in anew: most wait for the city, some for the corridor."""
    models = list(
        Listing.objects.filter(state=State.EXPIRED, party__kind="enterprise")
        .select_related("party")
        .order_by("id")[: count * 3]
    )
    own = list(Listing.objects.filter(party=firm).select_related("party").order_by("id")[:4])
    for number, model in enumerate([*own, *models][:count]):
        yield from _handed_in(cast, model, number, draw, now)


def _handed_in(
    cast: Cast, model: Listing, number: int, draw: Draw, now: datetime
) -> Iterator[Event]:
    begun = now - timedelta(minutes=draw.between(90, 6 * 24 * 60))
    author = cast.member(model.party)
    said = replace(content.of(model), deadline=None, anonymity=Anonymity.PUBLIC)
    made: list[Listing] = []

    def create() -> None:
        made.append(actions.create(author, said))

    yield Event(begun, create)
    if number == 0:
        return
    gap = timedelta(minutes=25)
    yield Event(
        begun + gap,
        lambda: actions.submit(author, made[0], agreed=actions.consent_text()),
    )
    bureau = cast.bureau(model.city)
    if number == 1 or number % 9 == 5:
        yield Event(
            begun + 2 * gap, lambda: reviewing.return_(bureau, made[0], ["vague"], RETURNED)
        )
    elif number == 2 or number % 3 == 0:
        yield Event(begun + 2 * gap, lambda: reviewing.pass_city(bureau, made[0]))
        if number % 6 == 0:
            yield Event(begun + 3 * gap, lambda: reviewing.publish(cast.office(), made[0]))
