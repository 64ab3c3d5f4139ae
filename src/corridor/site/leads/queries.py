"""What may be seen of leads: the officers' list, one lead's surroundings, its status, the numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

from django.db.models import Count, F, OrderBy, Q, QuerySet
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from corridor.engine.factors import kind as kind_of
from corridor.engine.factors import value_text
from corridor.engine.text import normalise

from ..core.actor import Actor, Role
from ..core.errors import Text
from ..core.region import city_name, in_language
from ..listings.values import restored
from .clocks import BY_NAME, PROMISES, lengths, since
from .credit import credits
from .models import OPEN, Circulation, EndReason, Lead, LeadEvent, State, Stated, Suspicion
from .phones import last_four

#: The tabs of the officers' list.
TABS: Mapping[str, Text] = {
    "open": gettext_lazy("办理中"),
    "overdue": gettext_lazy("已超时"),
    "held": gettext_lazy("待甄别"),
    "asked": gettext_lazy("待接收"),
    "done": gettext_lazy("已办结"),
}
POOL = "-"


def open_leads(actor: Actor) -> QuerySet[Lead]:
    """What is still to be done, overdue first; each has its running ``clock`` and ``due_at``."""
    found: QuerySet[Lead] = Lead.objects.visible_to(actor).open().order_by(*_by_due())
    return found


def listed(actor: Actor, tab: str = "open", city: str = "") -> QuerySet[Lead]:
    """The leads of a tab, overdue first; of one city where given, ``POOL`` being the office's pool."""
    found = _in(actor, city).filter(_of_tab(actor)[tab])
    return found.order_by("-id") if tab == "done" else found.order_by(*_by_due())


def counts(actor: Actor, city: str = "") -> dict[str, int]:
    """How many leads each tab holds."""
    counted = {tab: Count("pk", filter=of_tab) for tab, of_tab in _of_tab(actor).items()}
    found: dict[str, int] = _in(actor, city).aggregate(**counted)
    return found


def _in(actor: Actor, city: str) -> QuerySet[Lead]:
    seen: QuerySet[Lead] = Lead.objects.visible_to(actor)
    return seen.filter(city="" if city == POOL else city) if city else seen


def _of_tab(actor: Actor) -> dict[str, Q]:
    asked = Circulation.objects.visible_to(actor).filter(state=Circulation.State.PROPOSED)
    if actor.city and actor.role is Role.BUREAU:
        asked = asked.filter(to_city=actor.city)
    return {
        "open": Q(state__in=OPEN - {State.HELD}),
        "overdue": Q(due_at__lt=timezone.now()),
        "held": Q(state=State.HELD),
        "asked": Q(pk__in=asked.values("lead")),
        "done": ~Q(state__in=OPEN),
    }


def _by_due() -> tuple[OrderBy, str]:
    return F("due_at").asc(nulls_last=True), "-id"


@dataclass(frozen=True, slots=True)
class Timing:
    """The clock that runs: what is due, since when and until when."""

    label: Text
    start: datetime
    due: datetime
    overdue: bool


def timing(lead: Lead) -> Timing | None:
    """The clock of a lead; ``None`` for one that has ended.

    Where the clock on the wall has gone behind the start, the whole time is still left, no more.
    """
    if not lead.clock or lead.due_at is None:
        return None
    clock, now = BY_NAME[lead.clock], timezone.now()
    start = min(since(lead, clock), lead.due_at)
    behind = max(start - now, timedelta())
    return Timing(clock.label, start - behind, lead.due_at - behind, lead.due_at < now)


def task(lead: Lead, *, city: bool = False) -> dict[str, object]:
    """A lead as a line of ``ui/parts/tasks.html``; ``city`` says which city has it."""
    parts = [lead.ref, lead.city_label if city else "", lead.kind_label]
    if lead.duplicate_of_id:
        parts.append(_("疑似重复"))
    found: dict[str, object] = {
        "title": lead.company,
        "url": lead.get_absolute_url(),
        "meta": " · ".join([*filter(None, parts), Truncator(lead.need).chars(60)]),
        "badge": (lead.get_state_display(), lead.tone),
    }
    if running := timing(lead):
        action = running.label if lead.city else _("分派城市")
        action = _("甄别") if lead.state == State.HELD else action
        found |= {"start": running.start, "due": running.due, "action": action}
    return found


# --- one lead ---


def reading(lead: Lead) -> list[tuple[str, str, str]]:
    """What was read from the text: attribute, its label, its value, for an officer to check."""
    if not lead.kind:
        return []
    by_name = kind_of(lead.kind).by_name
    return [
        (name, in_language(by_name[name].label), in_language(value_text(by_name[name], value)))
        for name, value in restored(lead.values).items()
    ]


@dataclass(frozen=True, slots=True)
class Twin:
    """Another lead that looks like this one. ``url`` only for who may open it; no contact data."""

    city: str
    at: datetime
    why: str
    first: bool
    url: str


def twins(actor: Actor, lead: Lead) -> list[Twin]:
    """The leads of the last 90 days that look like this one, the first report first."""
    root = lead.duplicate_of_id or lead.pk
    group = Lead._base_manager.filter(Q(pk=root) | Q(duplicate_of=root)).exclude(pk=lead.pk)
    others = list(group.exclude(end_reason=EndReason.SPAM).order_by("first_reported_at", "id"))
    seen = set(
        Lead.objects.visible_to(actor)
        .filter(pk__in=[o.pk for o in others])
        .values_list("pk", flat=True)
    )
    return [
        Twin(
            city=other.city_label,
            at=other.first_reported_at,
            why=other.get_duplicate_why_display() or lead.get_duplicate_why_display(),
            first=other.pk == root,
            url=other.get_absolute_url() if other.pk in seen else "",
        )
        for other in others
    ]


def credit(lead: Lead) -> list[tuple[str, int]]:
    """Who holds how much of the credit, as the cities agreed; empty without a circulation."""
    agreed = [one for one in lead.circulations.all() if one.state == Circulation.State.ACCEPTED]
    if not agreed:
        return []
    held = credits(agreed[0].from_city, agreed)
    return [(city_name(city), percent) for city, percent in held]


def given_away(actor: Actor) -> QuerySet[Circulation]:
    """The leads that the actor's city passed on: what became of them, without opening them."""
    found: QuerySet[Circulation] = (
        Circulation.objects.visible_to(actor)
        .filter(state=Circulation.State.ACCEPTED, from_city=actor.city)
        .select_related("lead")
        .order_by("-id")
    )
    return found


@dataclass(frozen=True, slots=True)
class Promise:
    """One of the promised clocks of a lead: what, until when, when it was met."""

    label: Text
    due: datetime
    done: datetime | None
    running: bool


def promises(lead: Lead) -> list[Promise]:
    """What the enterprise was promised, and what was kept of it."""
    return [
        Promise(
            label=clock.label,
            due=getattr(lead, f"{clock.name}_due"),
            done=getattr(lead, clock.done),
            running=clock.name == lead.clock,
        )
        for clock in PROMISES
    ]


def surroundings(actor: Actor, lead: Lead) -> dict[str, object]:
    """All that the page of a lead shows beside the lead itself."""
    events = lead.events.select_related("user", "party").order_by("-id")
    return {
        "timing": timing(lead),
        "promises": promises(lead),
        "stage": stage(lead),
        "stages": STAGES,
        "ended": lead.state == State.CLOSED,
        "reading": reading(lead),
        "twins": twins(actor, lead),
        "suspicions": [Suspicion(one).label for one in lead.suspicions],
        "stated": [(one.label, one in lead.stated) for one in Stated],
        "credit": credit(lead),
        "events": [_event(event) for event in events],
    }


def _event(event: LeadEvent) -> dict[str, object]:
    who = " · ".join(str(one) for one in (event.party, event.user) if one is not None)
    tones = {
        event.What.ESCALATE: "bad", event.What.JUDGE_INVALID: "bad", event.What.DECLINE: "warn",
        event.What.JUDGE_VALID: "ok", event.What.CONVERT: "ok",
    }  # fmt: skip
    public = event.what == event.What.REPORT
    return {
        "when": event.at,
        "who": who or (_("企业") if public else _("系统")),
        "what": event.get_what_display(),
        "reason": event.text,
        "tone": tones.get(LeadEvent.What(event.what), ""),
    }


# --- for the enterprise ---

#: How far a lead is, as the enterprise sees it. Being held, and the judgement, are ours alone.
STAGES = (
    gettext_lazy("收到"),
    gettext_lazy("联系"),
    gettext_lazy("研判"),
    gettext_lazy("答复"),
    gettext_lazy("洽谈"),
)
_REACHED = {
    State.HELD: 2, State.RECEIVED: 2, State.CONTACTED: 3, State.VALID: 4, State.INVALID: 4,
    State.ANSWERED: 5, State.TALKS: 5, State.CONVERTED: 6,
}  # fmt: skip


def stage(lead: Lead) -> int:
    """The stage a lead is in, from 1; for one that was ended, the one it was in then."""
    if lead.state == State.CLOSED:
        done = (lead.contacted_at, lead.judged_at, lead.answered_at)
        return 2 + next((at for at, one in enumerate(done) if one is None), len(done))
    return _REACHED[State(lead.state)]


def status(ref: str, four: str) -> Lead | None:
    """The lead of a reference, for who knows the last four digits of its phone; else ``None``.

    The public's only way to a lead. The two ways of not finding it look alike.
    """
    found: Lead | None = Lead._base_manager.filter(ref=normalise(ref).strip().upper()).first()
    given = normalise(four).strip()
    number = found.phone.reveal() if found else "0000"
    fits = compare_digest(last_four(number).encode(), given.encode())
    return found if found is not None and fits else None


def progress(lead: Lead) -> dict[str, object]:
    """What the enterprise sees of its lead: no officer, no judgement, no other city."""
    over = lead.state in OPEN and lead.answered_at is None and lead.answer_due < timezone.now()
    return {
        "stages": STAGES,
        "stage": stage(lead),
        "overdue": over,
        "ended": lead.state == State.CLOSED,
        "drafted": lead.state == State.CONVERTED,
        "met": [promise for promise in promises(lead) if promise.done],
    }


def answer_days() -> dict[str, int]:
    """In how many days the enterprise hears what; said on the form."""
    return lengths()


# --- the numbers ---


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole; see the label for what both count."""

    label: str
    part: int
    whole: int


@dataclass(frozen=True, slots=True)
class Numbers:
    """How the leads fare that were reported in a window."""

    window: str
    received: int
    rates: list[Rate]


def numbers(actor: Actor, *, days: int = 30, city: str = "") -> Numbers:
    """The numbers of the leads an actor sees, of the last ``days``. Spam counts nowhere.

    A step counts once its clock has ended: the step was done, or it is overdue.
    """
    now = timezone.now()
    seen = _in(actor, city).filter(first_reported_at__gte=now - timedelta(days=days))
    asked = {
        "all_received": Count("pk"),
        "all_judged": Count("pk", filter=Q(judged_at__isnull=False)),
        "all_valid": Count("pk", filter=Q(valid=True)),
        "all_converted": Count("pk", filter=Q(state=State.CONVERTED)),
    }
    for clock in PROMISES:
        due = f"{clock.name}_due"
        missed = Q(**{f"{due}__lt": now}) & (Q(closed_at=None) | Q(closed_at__gt=F(due)))
        done = Q(**{f"{clock.done}__isnull": False})
        asked[f"{clock.name}_in_time"] = Count("pk", filter=Q(**{f"{clock.done}__lte": F(due)}))
        asked[f"{clock.name}_ended"] = Count("pk", filter=done | missed)
    n = seen.exclude(end_reason=EndReason.SPAM).aggregate(**asked)
    return Numbers(
        window=_("近 %(days)s 天") % {"days": days},
        received=n["all_received"],
        rates=[
            *(
                Rate(str(clock.in_time), n[f"{clock.name}_in_time"], n[f"{clock.name}_ended"])
                for clock in PROMISES
            ),
            Rate(_("研判有效"), n["all_valid"], n["all_judged"]),
            Rate(_("有效线索转为供需信息"), n["all_converted"], n["all_valid"]),
        ],
    )
