"""What may be done with a conference itself, by who runs it."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from ..core.actor import SYSTEM, Actor, Role
from ..core.errors import Forbidden, Invalid, NotNow
from ..core.models import Party
from ..core.refs import new_ref
from ..core.region import city_choices
from ..core.verbs import act
from ..notices.actions import notify
from . import notices
from .frame import check_runs, check_state, differing, doing, standing
from .lifecycle import CONFERENCE, MEETING
from .models import TO_COME, Conference, Meeting, Participant, Seat, Table
from .moment import now

S = Conference.State


@dataclass(frozen=True, slots=True)
class Setup:
    """What who runs a conference decides; names and defaults are the model's."""

    title: str
    city: str
    venue: str
    about: str = ""
    request_mode: str = Conference.RequestMode.APPROVE
    scheduling_mode: str = Conference.SchedulingMode.ORGANISER
    rule: str = Conference.Rule.ANYONE
    hours_to_answer: int = 72
    registration_closes: datetime | None = None
    requests_close: datetime | None = None
    asks: int = 40
    most: int | None = None
    fairness: int | None = None


def create(actor: Actor, setup: Setup) -> Conference:
    """Set up a conference, as a draft. The office anywhere, a bureau in its own city.

    Raises ``Forbidden`` for anyone else, ``Invalid`` for a setup that makes no sense.
    """
    if actor.role not in (Role.OFFICE, Role.BUREAU):
        raise Forbidden(_("只有走廊办和城市投促局可以举办大会。"))
    made = Conference(ref=new_ref("C"), author_id=actor.user)
    with act(actor, "conference.create", made) as it:
        it.thing.party = Party.objects.get(pk=it.actor.party or 0)
        _set(it.actor, it.thing, setup)
        it.thing.save()
        return it.thing


def change(actor: Actor, conference: Conference, setup: Setup) -> Conference:
    """Change what was decided, until the timetable is published. Errors as :func:`create`."""
    with doing(actor, "conference.change", conference, conference) as it:
        check_runs(it.actor, it.thing)
        check_state(it.thing, S.DRAFT, S.OPEN, S.CLOSED)
        _set(it.actor, it.thing, setup)
        it.thing.save()
        return it.thing


def _set(actor: Actor, conference: Conference, setup: Setup) -> None:
    decided = asdict(setup)
    for name, value in decided.items():
        text = mask_contacts(value.strip()) if isinstance(value, str) else value
        setattr(conference, name, text)
    try:
        conference.clean_fields({one.name for one in Conference._meta.fields} - decided.keys())
    except ValidationError as error:
        raise Invalid(
            _("请检查大会的设置。"),
            {name: "".join(said) for name, said in error.message_dict.items()},
        ) from None
    wrong = {}
    cities = [code for code, _name in city_choices()]
    if conference.city not in cities:
        wrong["city"] = _("请选择走廊内的城市。")
    elif actor.role is Role.BUREAU and conference.city != actor.city:
        wrong["city"] = _("城市投促局只能在本市举办大会。")
    for name in ("registration_closes", "requests_close"):
        at = getattr(conference, name)
        if at is not None and at.tzinfo is None:
            wrong[name] = _("请写明时区。")
    if wrong:
        raise Invalid(_("请检查大会的设置。"), wrong)


def open_(actor: Actor, conference: Conference) -> Conference:
    """Let parties register and ask. Raises ``NotNow`` without slots to come or without a table."""
    with doing(actor, "conference.open", conference, conference) as it:
        CONFERENCE.move(it.actor, it.thing, "open")
        first = it.thing.slots.first()
        if first is None or first.start <= now():
            raise NotNow(_("请先设置场次，首场应在将来。"))
        if not Table.objects.filter(hall__conference=it.thing).exists():
            raise NotNow(_("一张洽谈桌也没有，请先设置会场和洽谈桌。"))
        it.thing.opened_at = now()
        it.thing.save()
        return it.thing


def _moving(verb: str) -> Callable[[Actor, Conference], Conference]:
    def moved(actor: Actor, conference: Conference) -> Conference:
        with doing(actor, f"conference.{verb}", conference, conference) as it:
            CONFERENCE.move(it.actor, it.thing, verb)
            it.thing.save()
            return it.thing

    moved.__doc__ = f"{verb.title()} it, as the life cycle allows; raises what that raises."
    return moved


close, reopen, finish = _moving("close"), _moving("reopen"), _moving("finish")


def start(actor: Actor, conference: Conference) -> Conference:
    """Begin the day. Raises ``NotNow`` where the organiser was to publish a timetable and has not."""
    with doing(actor, "conference.start", conference, conference) as it:
        CONFERENCE.move(it.actor, it.thing, "start")
        if it.thing.plan_id is None and not it.thing.self_booked:
            raise NotNow(_("请先发布日程。"))
        it.thing.save()
        return it.thing


def cancel(actor: Actor, conference: Conference, *, reason: str) -> Conference:
    """Call it off, and with it all meetings; everyone who takes part is told why. A meeting stays
    where it was to be, so that calendars can say that it is off.
    """
    with doing(actor, "conference.cancel", conference, conference, reason=reason) as it:
        CONFERENCE.move(it.actor, it.thing, "cancel", reason)
        it.thing.reason = mask_contacts(reason.strip())[:400]
        it.thing.save()
        gone = list(Meeting.objects.filter(conference=it.thing, state__in=TO_COME).held())
        stood = standing(gone)
        for meeting in gone:
            MEETING.move(SYSTEM, meeting, "cancel")
            meeting.save(update_fields=["state"])
        it.diff["meetings"] = differing(stood, gone)
        Seat.objects.filter(meeting__conference=it.thing).delete()
        coming = Participant.objects.filter(conference=it.thing)
        parties = coming.exclude(state=Participant.State.WITHDRAWN).values("party")
        params = {"title": it.thing.title, "reason": it.thing.reason}
        url = it.thing.get_absolute_url()
        notify(Q(party__in=parties), notices.CANCELLED, it.thing, url, params)
        return it.thing
