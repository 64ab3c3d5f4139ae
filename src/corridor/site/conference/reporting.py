"""What came of a conference: requests → accepted → placed → kept → intention.

Only sums; each step counts those of the step before that went on, with both numbers. By city, a
meeting counts for the city of each side, once where they are the same.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from ..core.actor import Actor, Role
from ..core.errors import Forbidden
from ..core.region import city_name
from ..docking.funnel import Conversion, Step
from ..docking.models import Outcome
from ..listings.models import kind_choices
from .lifecycle import runs
from .models import Conference, Meeting

LABELS = (
    pgettext_lazy("conference", "约谈"),
    pgettext_lazy("conference", "同意"),
    pgettext_lazy("conference", "排定"),
    pgettext_lazy("conference", "履约"),
    pgettext_lazy("conference", "意向"),
)
#: Roles that read sums of what they may not see one by one.
READERS = (Role.OFFICE, Role.BUREAU, Role.ANALYST)


@dataclass(frozen=True, slots=True)
class Report:
    """The steps in all, by city and by factor kind."""

    total: list[Step]
    cities: list[Conversion]
    kinds: list[Conversion]


@dataclass(frozen=True, slots=True)
class _Fact:
    """How far one meeting got, in steps."""

    cities: frozenset[str]
    kind: str
    steps: int


def report(actor: Actor, conference: Conference) -> Report:
    """The report, for bureaus, the office and analysts. Raises ``Forbidden`` for others."""
    if actor.role not in READERS and not runs(actor, conference):
        raise Forbidden(_("只有主办方、城市投促局和分析员可以查看。"))
    facts, window = list(_facts(conference)), _window(conference)
    cities = sorted({city for fact in facts for city in fact.cities})
    kinds = [(name, label) for name, label in kind_choices() if any(f.kind == name for f in facts)]
    return Report(
        _steps(facts, window),
        [
            Conversion(
                city, city_name(city), _steps([f for f in facts if city in f.cities], window)
            )
            for city in cities
        ],
        [
            Conversion(name, label, _steps([f for f in facts if f.kind == name], window))
            for name, label in kinds
        ],
    )


def _facts(conference: Conference) -> Iterable[_Fact]:
    good = (Outcome.Result.INTENTION, Outcome.Result.AGREEMENT)
    told = Outcome.objects.filter(introduction=OuterRef("introduction"), result__in=good)
    first = conference.slots.first()
    if first is not None:  # what two intended before is not the conference's
        told = told.filter(on__gte=timezone.localdate(first.start))
    rows = Meeting.objects.filter(conference=conference).annotate(intended=Exists(told))
    fields = (
        "a__party__city", "b__party__city", "introduction__target__kind",
        "introduction__accepted_at", "placed_at", "state", "intended",
    )  # fmt: skip
    for a, b, kind, accepted, placed, state, intended in rows.values_list(*fields):
        kept = state == Meeting.State.KEPT
        reached = (accepted is not None, placed is not None, kept, intended)
        steps = 1
        for got in reached:
            if not got:
                break
            steps += 1
        yield _Fact(frozenset((a, b)), kind, steps)


def _window(conference: Conference) -> str:
    first, last = conference.slots.first(), conference.slots.last()
    if first is None or last is None:
        return conference.title
    days = [timezone.localdate(at).isoformat() for at in (first.start, last.end)]
    return " · ".join([conference.title, " – ".join(sorted(set(days)))])


def _steps(facts: Iterable[_Fact], window: str) -> list[Step]:
    count = Counter(fact.steps for fact in facts)
    reached = [sum(n for steps, n in count.items() if steps > at) for at in range(len(LABELS))]
    before: list[int | None] = [None, *reached[:-1]]
    return [
        Step(str(label), n, of, window)
        for label, n, of in zip(LABELS, reached, before, strict=True)
    ]
