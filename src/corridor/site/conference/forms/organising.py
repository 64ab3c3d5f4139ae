"""Setting a conference up: what it is, its rounds, its halls, its interpreters."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ...core.actor import Actor, Role
from ...core.region import city_choices
from ...leads.forms import Form, Line, Paragraphs
from ..actions import Setup
from ..models import Conference, Interpreter, Language, Slot
from ..venue import SLOTS, TABLES, Round, rounds

#: Years that a conference can be in.
YEARS = range(2020, 2101)
#: As many parts of days can be typed at once, or as many as there are: mornings and afternoons.
PARTS = 4
LENGTHS = {"minutes": 20, "gap": 5}


def _number(least: int, most: int, **given: Any) -> forms.IntegerField:
    digits = forms.TextInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(min_value=least, max_value=most, widget=digits, **given)


def _in_years(when: date) -> None:
    if when.year not in YEARS:
        raise ValidationError(_("请填写今后的日期。"))


class When(forms.DateTimeField):
    """A minute of a day, as the browser lets it be picked."""

    def __init__(self, **given: Any) -> None:
        kind = forms.DateTimeInput(format="%Y-%m-%dT%H:%M", attrs={"type": "datetime-local"})
        super().__init__(widget=kind, validators=[_in_years], **given)


class SetupForm(Form):
    """What a conference is and by which rules people meet at it."""

    title = Line(label=gettext_lazy("名称"), max_length=100)
    city = forms.ChoiceField(label=gettext_lazy("城市"))
    venue = Line(label=gettext_lazy("地点"), max_length=200)
    about = Paragraphs(
        label=gettext_lazy("说明"),
        max_length=4000,
        required=False,
        help_text=gettext_lazy("写给参会方：主题、议程、交通。写到的联系方式会被隐去。"),
    )
    request_mode = forms.ChoiceField(
        label=gettext_lazy("约谈方式"),
        choices=Conference.RequestMode.choices,
        widget=forms.RadioSelect,
    )
    scheduling_mode = forms.ChoiceField(
        label=gettext_lazy("排期方式"),
        choices=Conference.SchedulingMode.choices,
        widget=forms.RadioSelect,
    )
    rule = forms.ChoiceField(
        label=gettext_lazy("谁可约谁"), choices=Conference.Rule.choices, widget=forms.RadioSelect
    )
    hours_to_answer = _number(1, 336, label=gettext_lazy("答复时限（小时）"))
    registration_closes = When(
        label=gettext_lazy("报名截止"),
        required=False,
        help_text=gettext_lazy("不填则到约谈截止为止。"),
    )
    requests_close = When(
        label=gettext_lazy("约谈截止"),
        required=False,
        help_text=gettext_lazy("到时自动截止；不填则到首场开始为止。"),
    )
    asks = _number(1, 500, label=gettext_lazy("每家最多发起约谈"))
    most = _number(
        1,
        SLOTS,
        label=gettext_lazy("每家最多洽谈"),
        required=False,
        help_text=gettext_lazy("不填则不限，有几场就可谈几场。"),
    )
    fairness = _number(
        0,
        SLOTS,
        label=gettext_lazy("空档最多相差（段）"),
        required=False,
        help_text=gettext_lazy("任何两家之间，夹在洽谈中间的空档段数最多差这么多；不填则不限。"),
    )

    def __init__(self, *given: Any, actor: Actor, **more: Any) -> None:
        super().__init__(*given, **more)
        own = actor.role is Role.BUREAU
        cities = [choice for choice in city_choices() if not own or choice[0] == actor.city]
        self.fields["city"].choices = cities if own else [("", _("请选择")), *cities]  # type: ignore[attr-defined]
        defaults = {field.name: field.get_default() for field in _kept() if field.has_default()}
        self.initial = {**defaults, **self.initial}

    def setup(self) -> Setup:
        """What was typed."""
        return Setup(**self.cleaned_data)

    @staticmethod
    def of(conference: Conference) -> dict[str, Any]:
        """What a conference was set up with."""
        return {name: getattr(conference, name) for name in SetupForm.base_fields}


def _kept() -> Iterator[Any]:
    return (Conference._meta.get_field(name) for name in SetupForm.base_fields)


class SlotsForm(Form):
    """The parts of the days, cut into rounds of one length. ``wanted`` once it is valid."""

    minutes = _number(1, 240, label=gettext_lazy("每场（分钟）"))
    gap = _number(0, 240, label=gettext_lazy("场间间隔（分钟）"))

    def __init__(self, *given: Any, slots: Iterable[Slot] = (), **more: Any) -> None:
        super().__init__(*given, **more)
        known = _parts_of(list(slots))
        self.count = max(PARTS, sum(name.startswith("day_") for name in known))
        for at in range(self.count):
            self.fields |= {
                f"session_{at}": Line(label=_("时段名称"), max_length=20, required=not at),
                f"day_{at}": forms.DateField(
                    label=_("日期"),
                    required=not at,
                    validators=[_in_years],
                    widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
                ),
                f"from_{at}": _hour(_("开始"), required=not at),
                f"to_{at}": _hour(_("结束"), required=not at),
            }
        for field in self.fields.values():
            field.widget.attrs.pop("maxlength", None)
        self.initial = {**LENGTHS, **known, **self.initial}

    @property
    def parts(self) -> list[list[forms.BoundField]]:
        """The fields of each part of a day."""
        return [[self[f"{name}_{at}"] for name in _PART] for at in range(self.count)]

    @property
    def lengths(self) -> list[forms.BoundField]:
        """The fields that are the same for all."""
        return [self[name] for name in LENGTHS]

    def clean(self) -> dict[str, Any]:
        """Each part in full or not at all, the first in full, and each with room for a round."""
        said = super().clean() or {}
        self.parts_said: list[tuple[str, datetime, datetime]] = []
        for at in range(self.count):
            values: dict[str, Any] = {name: said.get(f"{name}_{at}") for name in _PART}
            if not any(values[name] for name in _PART[1:]):
                continue  # a name alone is the one that was there to begin with
            for name, value in values.items():
                if not value and f"{name}_{at}" not in self.errors:
                    self.add_error(f"{name}_{at}", _("请填写，或把这一时段全部留空。"))
            if all(values.values()):
                self._take(at, values, timedelta(minutes=said.get("minutes") or 0))
        return said

    def _take(self, at: int, values: Mapping[str, Any], length: timedelta) -> None:
        start, end = (_at(values["day"], values[name]) for name in ("from", "to"))
        if end <= start:
            self.add_error(f"to_{at}", _("结束应在开始之后。"))
        elif end - start < length:
            self.add_error(f"to_{at}", _("这一时段不够一场的时间。"))
        else:
            self.parts_said.append((str(values["session"]), start, end))

    def wanted(self) -> list[Round]:
        """The rounds of all parts. Raises ``Invalid`` as :func:`venue.rounds` does."""
        lengths = [self.cleaned_data[name] for name in LENGTHS]
        return [one for part in self.parts_said for one in rounds(*part, *lengths)]


_PART = ("session", "day", "from", "to")


def _hour(label: str, *, required: bool) -> forms.TimeField:
    kind = forms.TimeInput(format="%H:%M", attrs={"type": "time"})
    return forms.TimeField(label=label, required=required, widget=kind)


def _at(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))


def _parts_of(slots: list[Slot]) -> dict[str, Any]:
    """Slots as they were typed."""
    if not slots:
        return {"session_0": _("上午"), "session_1": _("下午")}

    def part(slot: Slot) -> tuple[str, date]:
        return slot.session, timezone.localdate(slot.start)

    found: dict[str, Any] = {"minutes": _minutes(slots[0].end - slots[0].start)}
    if len(slots) > 1:
        found["gap"] = _minutes(slots[1].start - slots[0].end)
    for at, ((session, day), some) in enumerate(groupby(slots, part)):
        rows = list(some)
        start, end = timezone.localtime(rows[0].start), timezone.localtime(rows[-1].end)
        found |= {
            f"session_{at}": session, f"day_{at}": day, f"from_{at}": start.time(),
            f"to_{at}": end.time(),
        }  # fmt: skip
    return found


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


class HallForm(Form):
    """A hall, and how many tables stand in it. The first of a conference is asked for tables alone."""

    name = Line(label=gettext_lazy("会场名称"), max_length=80)
    tables = _number(1, TABLES, label=gettext_lazy("洽谈桌（张）"))

    def __init__(
        self, *given: Any, needs_name: bool, only_tables: bool = False, **more: Any
    ) -> None:
        super().__init__(*given, **more)
        self.fields["name"].required = needs_name
        if only_tables:
            del self.fields["name"]


class AwayForm(Form):
    """The slots in which somebody is not there."""

    away = forms.TypedMultipleChoiceField(
        label=gettext_lazy("不在的场次"),
        coerce=int,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *given: Any, slots: Iterable[Slot], **more: Any) -> None:
        super().__init__(*given, **more)
        choices = [(slot.number, slot_text(slot)) for slot in slots]
        self.fields["away"].choices = choices  # type: ignore[attr-defined]
        if not choices:
            del self.fields["away"]


class InterpreterForm(AwayForm):
    """Someone who interprets."""

    name = Line(label=gettext_lazy("姓名"), max_length=40)
    language = forms.ChoiceField(
        label=gettext_lazy("语言"),
        choices=[("", gettext_lazy("请选择")), *Language.choices],
    )
    field_order = ("name", "language", "away")


def away_of(one: Interpreter) -> dict[str, Any]:
    """What :class:`AwayForm` begins with."""
    return {"away": one.away}


def slot_text(slot: Slot) -> str:
    """A slot as people say it: number, day and times."""
    start, end = timezone.localtime(slot.start), timezone.localtime(slot.end)
    return _("第 %(n)s 场 %(day)s %(from)s–%(to)s") % {
        "n": slot.number, "day": f"{start:%m-%d}", "from": f"{start:%H:%M}", "to": f"{end:%H:%M}",
    }  # fmt: skip


class ReasonForm(Form):
    """Why; those whom it concerns are told."""

    reason = Paragraphs(label=gettext_lazy("原因"), max_length=400, rows=3)
