"""The day of the demo's conference as it goes: arrivals, talks kept or missed, what came of them."""

from collections.abc import Collection, Iterable, Sequence

from django.utils import timezone

from corridor.demo.draw import Draw

from ..conference import day
from ..conference.lifecycle import MEETING
from ..conference.models import Conference, Meeting, Participant, Slot
from ..core.actor import Actor
from ..docking import notices
from ..docking.lifecycle import INTRODUCTION
from ..docking.models import Outcome
from ..docking.models import State as Stage
from .cast import Cast
from .dockings import REASONS
from .ledger import BATCH, Ledger, batches, differing

State = Meeting.State
#: Who looks on has told what came of their talks up to this round.
LOOKED_BACK = 6
#: What comes of a talk, in a hundred; and what the two note as the next step.
RESULTS = (("intention", 40), ("again", 38), ("none", 22))
NEXT = {
    "intention": (
        "下周安排现场考察，双方各出一名技术负责人。",
        "两周内交换样品和检测要求，再定首批数量。",
        "先签保密协议，再给出完整报价。",
        "由园区准备意向书文本，月底前回复。",
    ),
    "again": (
        "补充参数后再约一次线上沟通。",
        "等我方内部评审后再谈。",
        "对方先看场地照片和图纸，再定时间。",
    ),
    "none": ("",),
}


class Attending:
    """What happens in the halls, round by round; ``hosts`` are parties that someone looks over."""

    def __init__(
        self, cast: Cast, conference: Conference, draw: Draw, hosts: Collection[int]
    ) -> None:
        self._cast, self._draw, self._hosts = cast, draw, hosts
        self._ledger = Ledger()
        self.conference = conference
        self.absent: set[int] = set()

    def arrive(self, parts: Iterable[Participant]) -> None:
        """These come in at the door, if they come at all and are not there yet."""
        coming = [one for one in parts if one.arrived_at is None and one.pk not in self.absent]
        office, now = self._cast.office(), timezone.now()
        for one in {one.pk: one for one in coming}.values():
            one.arrived_at = now
            diff = differing(one, {"arrived_at": None})
            self._ledger.enter(office, "conference.check_in", one, diff)
        for keys in batches(one.pk for one in coming):
            Participant.objects.filter(pk__in=keys).update(arrived_at=now)
        self._ledger.write()

    def begin(self, slot: Slot) -> None:
        """Who has a meeting in a slot comes in for it."""
        found = self._placed(slot)
        self.arrive(part for one in found for part in (one.a, one.b))

    def end(self, slot: Slot) -> None:
        """A slot ends: most talks were kept, some were not; of many it is told what came of them."""
        kept, missed = [], []
        for one in self._placed(slot):
            if {one.a_id, one.b_id} & self.absent:
                continue  # that somebody did not come is for the organiser to find out
            lucky = {one.a.party_id, one.b.party_id} & set(self._hosts)
            roll = 0 if lucky else self._draw.below(100)
            if roll < 92:
                kept.append(one)
            elif roll < 98:
                missed.append(one)
        self._keep(kept)
        self._miss(missed)
        told = [one for one in kept if self._draw.chance(74)]
        self._outcomes(told, () if slot.number <= LOOKED_BACK else self._hosts)
        self._ledger.write()

    def under_way(self, slot: Slot) -> None:
        """A slot has just begun: most sit at their tables, some wait for the other, some are on
        their way.
        """
        found = [one for one in self._placed(slot) if not {one.a_id, one.b_id} & self.absent]
        here, alone = [], []
        for one in found:
            roll = self._draw.below(100)
            hosted = {one.a.party_id, one.b.party_id} & set(self._hosts)
            if hosted or roll >= 70:
                alone += [one] if not hosted and roll < 88 else []
            else:
                here.append(one)
        self._keep(here)
        for one in alone:
            self._sit(one, "a")
        for keys in batches(one.pk for one in alone):
            Meeting.objects.filter(pk__in=keys).update(present_a=True)
        self._ledger.write()

    def _placed(self, slot: Slot) -> list[Meeting]:
        found = Meeting.objects.filter(slot=slot, state=State.PLACED).order_by("id")
        unread = [f"introduction__target__{name}" for name in ("contact_name", "contact_phone")]
        return list(found.select_related("a", "b", "introduction__target").defer(*unread))

    def _sit(self, one: Meeting, side: str) -> None:
        """One of the two has read the code of the table."""
        actor = self._cast.of(getattr(one, side).party_id)
        before = {f"present_{side}": False, "state": one.state}
        setattr(one, f"present_{side}", True)
        if one.present_a and one.present_b:
            MEETING.move(actor, one, "keep")
        self._ledger.enter(actor, "meeting.present", one, differing(one, before))

    def _keep(self, kept: Sequence[Meeting]) -> None:
        for one in kept:
            for side in "ab":
                self._sit(one, side)
        for keys in batches(one.pk for one in kept):
            both = {"present_a": True, "present_b": True}
            Meeting.objects.filter(pk__in=keys).update(state=State.KEPT, **both)

    def _miss(self, missed: Sequence[Meeting]) -> None:
        office = self._cast.office()
        for one in missed:
            before = {"state": one.state}
            MEETING.move(office, one, "miss")
            self._ledger.enter(office, "meeting.miss", one, differing(one, before))
        for keys in batches(one.pk for one in missed):
            Meeting.objects.filter(pk__in=keys).update(state=State.MISSED)

    def _outcomes(self, kept: Sequence[Meeting], silent: Collection[int]) -> None:
        """Of each talk one side tells what came of it, of some both; but for those who have yet to."""
        made: list[tuple[Actor, Meeting, Outcome]] = []
        for one in kept:
            result = self._draw.weighted(RESULTS)
            sides = [one.b, one.a] if self._draw.chance(20) else [self._draw.pick([one.a, one.b])]
            for part in sides:
                if part.party_id not in silent:
                    actor = self._cast.of(part.party_id)
                    made.append((actor, one, self._outcome(actor, one, result)))
        Outcome.objects.bulk_create([outcome for _who, _one, outcome in made], batch_size=BATCH)
        for actor, one, outcome in made:
            talk = one.introduction
            before = {"state": talk.state}
            if outcome.result in Outcome.FINAL and talk.state == Stage.ACCEPTED:
                INTRODUCTION.move(actor, talk, "close")
                talk.ended_at = timezone.now()
                talk.save(update_fields=["state", "ended_at"])
            said = {name: getattr(outcome, name) for name in Outcome.AUDITED}
            diff = differing(talk, before) | {"outcome": said}
            self._ledger.enter(actor, "introduction.outcome", talk, diff)
            params = {"ref": talk.ref, "title": talk.target.title}
            other = talk.other_party(outcome.party_id)
            self._ledger.tell(other, notices.OUTCOME, talk, talk.get_absolute_url(), params)

    def _outcome(self, actor: Actor, one: Meeting, result: str) -> Outcome:
        return Outcome(
            introduction=one.introduction,
            party_id=actor.party or 0,
            user_id=actor.user,
            result=day.RESULTS[result],
            on=timezone.localdate(),
            reason=self._draw.pick(REASONS) if result == "none" else "",
            note=self._draw.pick(NEXT[result]),
        )
