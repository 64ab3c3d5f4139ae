"""Times as people say them: 3 小时前, 还剩 2 天 3 小时, 已超 5 小时."""

from datetime import date, datetime, time, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

_MINUTE, _HOUR, _DAY = 60, 3600, 86400
#: Less than this left is called soon.
SOON = timedelta(days=1)
#: What lies longer back is given as its date.
_LONG_AGO = timedelta(days=30)


def moment(when: date | datetime) -> datetime:
    """An aware time; a bare date means its last moment here, as deadlines do."""
    if not isinstance(when, datetime):
        when = datetime.combine(when, time.max)
    return when if timezone.is_aware(when) else timezone.make_aware(when)


def length_text(length: timedelta) -> str:
    """A length in its two largest units, rounded down: 2 天 3 小时."""
    seconds = int(length.total_seconds())
    days, hours, minutes = seconds // _DAY, seconds % _DAY // _HOUR, seconds % _HOUR // _MINUTE
    if days:
        return _two(_days(days), _hours(hours) if hours else "")
    if hours:
        return _two(_hours(hours), _minutes(minutes) if minutes else "")
    return _minutes(minutes) if minutes else _("不到 1 分钟")


def ago_text(when: datetime, now: datetime) -> str:
    """How long ago; 刚刚 also when a clock went backwards and ``when`` lies ahead."""
    past = now - when
    if past < timedelta(minutes=1):
        return _("刚刚")
    if past > _LONG_AGO:
        return timezone.localtime(when).strftime("%Y-%m-%d")
    seconds = int(past.total_seconds())
    if seconds >= _DAY:
        largest = _days(seconds // _DAY)
    else:
        largest = _hours(seconds // _HOUR) if seconds >= _HOUR else _minutes(seconds // _MINUTE)
    return _("%(time)s前") % {"time": largest}


def due_text(due: datetime, now: datetime) -> str:
    """How long is left, or how long it is over."""
    if due >= now:
        return _("还剩 %(time)s") % {"time": length_text(due - now)}
    return _("已超 %(time)s") % {"time": length_text(now - due)}


def urgency(due: datetime, now: datetime) -> str:
    """``over``, ``soon`` (within a day) or ``calm``."""
    if due < now:
        return "over"
    return "soon" if due - now < SOON else "calm"


def _two(large: str, small: str) -> str:
    return f"{large} {small}".rstrip()


def _days(n: int) -> str:
    return ngettext("%(n)d 天", "%(n)d 天", n) % {"n": n}


def _hours(n: int) -> str:
    return ngettext("%(n)d 小时", "%(n)d 小时", n) % {"n": n}


def _minutes(n: int) -> str:
    return ngettext("%(n)d 分钟", "%(n)d 分钟", n) % {"n": n}
