"""What may be done with the rounds, the halls and the interpreters of a conference."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import QuerySet
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


def add_hall(actor: Actor, conference: Conference, name: str, tables: int) -> Hall:
    """Another hall with tables numbered from 1. The first needs no name; it gets one by the second.

    Raises ``Invalid`` for a second without a name or with one that is taken, or no tables.
    """
    name = _named(name, tables)
    with doing(actor, "conference.hall", Hall(conference=conference, name=name), conference) as it:
        check_runs(it.actor, it.thing.conference)
        check_state(it.thing.conference, *UNTIL_OVER)
        Hall.objects.filter(conference=conference, name="").update(name=_("主会场"))
        _check_name(it.thing)
        it.thing.save()
        it.diff["tables"] = _give_tables(it.thing, tables)
        return it.thing


def change_hall(actor: Actor, hall: Hall, name: str, tables: int) -> Hall:
    """Call a hall so, and give it so many tables. Raises ``Invalid`` as :func:`add_hall`, ``NotNow``
    where a table that would go has a meeting, or once the conference is over.
    """
    name = _named(name, tables)
    with doing(actor, "conference.hall", hall, hall.conference) as it:
        check_runs(it.actor, it.thing.conference)
        check_state(it.thing.conference, *UNTIL_OVER)
        it.thing.name = name
        _check_name(it.thing)
        it.thing.save()
        it.diff["tables"] = _give_tables(it.thing, tables)
        return it.thing


def remove_hall(actor: Actor, hall: Hall) -> None:
    """Do without a hall and its tables. Raises ``NotNow`` where one of them has a meeting."""
    with doing(actor, "conference.hall_removed", hall, hall.conference) as it:
        check_runs(it.actor, it.thing.conference)
        check_state(it.thing.conference, *UNTIL_OVER)
        _take_tables(Table.objects.filter(hall=hall))
        Hall.objects.filter(pk=hall.pk).delete()


def _named(name: str, tables: int) -> str:
    if not 1 <= tables <= TABLES:
        wrong = _("请填写 1 至 %(n)s 张。") % {"n": TABLES}
        raise Invalid(_("请检查会场。"), {"tables": wrong})
    return mask_contacts(name.strip())[:80]


def _check_name(hall: Hall) -> None:
    others = Hall.objects.filter(conference=hall.conference).exclude(pk=hall.pk)
    if not hall.name and others.exists():
        raise Invalid(_("请检查会场。"), {"name": _("有多个会场时，请填写会场名称。")})
    if others.filter(name=hall.name).exists():
        raise Invalid(_("请检查会场。"), {"name": _("已有同名的会场。")})


def _give_tables(hall: Hall, count: int) -> list[int]:
    """How many it had, and how many it has."""
    had = hall.tables.count()
    _take_tables(Table.objects.filter(hall=hall, number__gt=count))
    Table.objects.bulk_create(
        Table(hall=hall, number=at, code=new_ref("T", 16)) for at in range(had + 1, count + 1)
    )
    return [had, count]


def _take_tables(gone: QuerySet[Any]) -> None:
    if Meeting.objects.filter(table__in=gone).exists():
        raise NotNow(_("有洽谈排在要撤下的桌上，请先调整，或在当日登记该桌停用。"))
    gone.delete()


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
    """Say in which slots they are away. Raises ``NotNow`` where they have a meeting then, or once the
    conference is over.
    """
    with doing(actor, "conference.interpreter", one, one.conference) as it:
        check_runs(it.actor, it.thing.conference)
        check_state(it.thing.conference, *UNTIL_OVER)
        it.thing.away = numbers(away, one.conference)
        if Meeting.objects.filter(interpreter=one, slot__number__in=it.thing.away).exists():
            raise NotNow(_("这位翻译在这些场次已有洽谈，请先调整洽谈。"))
        it.thing.save()
        changed: Interpreter = it.thing
        return changed


def remove_interpreter(actor: Actor, one: Interpreter) -> None:
    """Do without them. Raises ``NotNow`` where they have a meeting, or once it is over."""
    with doing(actor, "conference.interpreter_removed", one, one.conference) as it:
        check_runs(it.actor, it.thing.conference)
        check_state(it.thing.conference, *UNTIL_OVER)
        if Meeting.objects.filter(interpreter=one).exists():
            raise NotNow(_("这位翻译已有洽谈，请先调整洽谈。"))
        Interpreter.objects.filter(pk=one.pk).delete()
