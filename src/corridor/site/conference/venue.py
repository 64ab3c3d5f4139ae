"""What may be done with the rounds, the tables and the interpreters of a conference."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from corridor.engine import meetings as engine
from corridor.engine.text import mask_contacts

from ..core.actor import Actor
from ..core.errors import Invalid, NotNow
from ..core.refs import new_ref
from ..core.region import in_language
from .frame import check_runs, check_state, doing, numbers
from .models import Conference, Hall, Interpreter, Language, Meeting, Slot, Table

S = Conference.State
BEFORE = (S.DRAFT, S.OPEN, S.CLOSED)
UNTIL_OVER = (*BEFORE, S.PLANNED, S.RUNNING)
SLOTS, TABLES = 200, 1000


@dataclass(frozen=True, slots=True)
class Round:
    """A slot to be: its part of the day, and when it is, in aware times."""

    session: str
    start: datetime
    end: datetime


def rounds(session: str, start: datetime, end: datetime, minutes: int, gap: int) -> list[Round]:
    """Rounds of ``minutes`` each with ``gap`` minutes between, as many as fit."""
    if minutes < 1 or gap < 0:
        raise Invalid(_("每场至少 1 分钟，间隔不能为负。"))
    length, found = timedelta(minutes=minutes), list[Round]()
    while start + length <= end and len(found) < SLOTS:
        found.append(Round(session, start, start + length))
        start += length + timedelta(minutes=gap)
    return found


def set_slots(actor: Actor, conference: Conference, wanted: Sequence[Round]) -> list[Slot]:
    """Replace all slots, while the conference is a draft: participants later register by them.

    Raises ``Forbidden`` unless by who runs it, ``NotNow`` later, ``Invalid`` for slots that end before
    they begin, overlap, or have no time zone.
    """
    with doing(actor, "conference.slots", conference, conference) as it:
        check_runs(it.actor, it.thing)
        if it.thing.state != S.DRAFT:
            raise NotNow(_("场次只能在筹备中更改：参会方已按场次报名。"))
        wanted = _checked(wanted)
        it.diff["slots"] = [it.thing.slots.count(), len(wanted)]
        it.thing.slots.all().delete()
        return Slot.objects.bulk_create(
            Slot(conference=it.thing, number=at, session=mask_contacts(one.session.strip())[:20],
                 start=one.start, end=one.end)
            for at, one in enumerate(wanted, 1)
        )  # fmt: skip


def _checked(wanted: Sequence[Round]) -> Sequence[Round]:
    """The rounds in the order of time."""
    if len(wanted) > SLOTS:
        raise Invalid(_("场次最多 %(n)s 场。") % {"n": SLOTS})
    if all(one.start.tzinfo and one.end.tzinfo for one in wanted):
        wanted = sorted(wanted, key=lambda one: one.start)
    slots = tuple(engine.Slot(one.session, one.start, one.end) for one in wanted)
    wrong = engine.faults(engine.Conference(slots, (), (), {}))
    if wrong:
        said = "".join(in_language(label) for label in wrong[:5])
        raise Invalid(_("请检查场次。"), {"slots": said})
    return wanted


def set_tables(actor: Actor, conference: Conference, hall: str, count: int) -> Hall | None:
    """Give a hall so many tables, numbered from 1; with none the hall goes.

    Raises ``NotNow`` where a table that would go has a meeting, or once the conference is over.
    """
    name = mask_contacts(hall.strip())[:40]
    if not name or not 0 <= count <= TABLES:
        raise Invalid(
            _("请检查会场。"),
            {"tables": _("请填写会场名称，洽谈桌 0 至 %(n)s 张。") % {"n": TABLES}},
        )
    with doing(actor, "conference.tables", conference, conference) as it:
        check_runs(it.actor, it.thing)
        check_state(it.thing, *UNTIL_OVER)
        found, _new = Hall.objects.get_or_create(conference=it.thing, name=name)
        had = found.tables.count()
        it.diff["tables"] = {name: [had, count]}
        beyond = Table.objects.filter(hall=found, number__gt=count)
        if Meeting.objects.filter(table__in=beyond).exists():
            raise NotNow(_("有洽谈排在要撤下的桌上，请先调整，或在当日登记该桌停用。"))
        beyond.delete()
        Table.objects.bulk_create(
            Table(hall=found, number=at, code=new_ref("T", 16)) for at in range(had + 1, count + 1)
        )
        if count:
            return found
        found.delete()
        return None


def add_interpreter(
    actor: Actor, conference: Conference, *, name: str, language: str, away: Iterable[int] = ()
) -> Interpreter:
    """Someone who interprets, away in slots of these numbers."""
    title = mask_contacts(name.strip())[:40]
    if not title or language not in Language.values:
        raise Invalid(_("请填写翻译的姓名并选择语言。"))
    made = Interpreter(conference=conference, name=title, language=language)
    with doing(actor, "conference.interpreter", made, conference) as it:
        check_runs(it.actor, it.thing.conference)
        check_state(it.thing.conference, *UNTIL_OVER)
        it.thing.away = numbers(away, conference)
        it.thing.save()
        return made


def change_interpreter(actor: Actor, one: Interpreter, *, away: Iterable[int]) -> Interpreter:
    """Say in which slots they are away. Raises ``NotNow`` where they have a meeting then."""
    with doing(actor, "conference.interpreter", one, one.conference) as it:
        check_runs(it.actor, it.thing.conference)
        it.thing.away = numbers(away, one.conference)
        if Meeting.objects.filter(interpreter=one, slot__number__in=it.thing.away).exists():
            raise NotNow(_("这位翻译在这些场次已有洽谈，请先调整洽谈。"))
        it.thing.save()
        changed: Interpreter = it.thing
        return changed


def remove_interpreter(actor: Actor, one: Interpreter) -> None:
    """Do without them. Raises ``NotNow`` where they have a meeting."""
    with doing(actor, "conference.interpreter_removed", one, one.conference) as it:
        check_runs(it.actor, it.thing.conference)
        if Meeting.objects.filter(interpreter=one).exists():
            raise NotNow(_("这位翻译已有洽谈，请先调整洽谈。"))
        Interpreter.objects.filter(pk=one.pk).delete()
