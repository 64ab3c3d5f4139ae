"""What may be done about taking part: invited, registered, changed, withdrawn."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ..core.actor import SYSTEM, Actor, Role
from ..core.audit import name_of
from ..core.errors import Forbidden, Invalid, NotNow
from ..core.models import Consent, Party
from ..core.refs import new_ref
from ..listings.models import Anonymity, Listing
from ..listings.models import State as ListingState
from ..notices.actions import notify, to_party
from . import notices, timetable
from .frame import check_state, differing, doing, numbers, standing
from .lifecycle import MEETING, PARTICIPANT, own, runs
from .models import TO_COME, Conference, Language, Meeting, Participant
from .moment import now
from .seating import language_between

S = Conference.State
JOINED, SHOWN = "conference.join", "conference.screen"

#: Version 1 of what is agreed to. The rows keep the words that were shown.
TEXT = gettext_lazy(
    "我同意：主办方和本市投促局可查看本主体的名称和日程；与本主体约定洽谈的对方可看到本主体的名称和该场洽谈的时间、"
    "桌位；平台对洽谈结果作不指明主体的统计。联系方式不在此列。"
)
SCREEN_TEXT = gettext_lazy("我同意：洽谈双方都同意时，会场屏幕可显示本主体的名称。")


@dataclass(frozen=True, slots=True)
class Part:
    """How a party takes part. ``away``: numbers of the slots in which it cannot meet."""

    listings: Sequence[Listing]
    language: str = ""
    away: Iterable[int] = ()
    most: int | None = None
    on_screen: bool = False


def register(actor: Actor, conference: Conference, part: Part, *, agreed: bool) -> Participant:
    """Take part, or take up an invitation, or come back.

    Raises ``Forbidden`` unless a party's member, ``NotNow`` unless registration is open, ``Invalid``
    without consent or a published listing of its own.
    """
    if actor.role is not Role.MEMBER or actor.party is None:
        raise Forbidden(_("只有主体成员可以报名。"))
    if not agreed:
        raise Invalid(_("报名需要您的同意。"), {"agreed": _("请阅读并勾选。")})
    with doing(actor, "conference.register", _part_of(actor.party, conference), conference) as it:
        one = it.thing
        _check_open(one.conference)
        _fill(one, part)
        if one._state.adding:
            one.state = Participant.State.INVITED  # as if invited, and taken up at once
        PARTICIPANT.move(it.actor, one, "register")
        _save(one, part.listings)
        _agree(it.actor, one)
        return one


def invite(
    actor: Actor, conference: Conference, party: Party, listings: Sequence[Listing]
) -> Participant:
    """Ask a party to take part with these listings of its; it is registered once it agrees.

    Raises ``Forbidden`` unless by who runs the conference or the bureau of the party's city,
    ``NotNow`` where it takes part already or registration is not open.
    """
    if not (runs(actor, conference) or (actor.role is Role.BUREAU and actor.city == party.city)):
        raise Forbidden(_("只有主办方和主体所在市投促局可以邀请。"))
    with doing(actor, "conference.invite", _part_of(party.pk, conference), conference) as it:
        one = it.thing
        _check_open(one.conference)
        if not one._state.adding:
            raise NotNow(_("该主体已报名或已被邀请。"))
        _check_listings(party.pk, Listing.objects.visible_to(it.actor), listings)
        _save(one, listings)
        params = {"title": conference.title}
        notify(to_party(party.pk), notices.INVITED, one, conference.get_absolute_url(), params)
        return one


def change(actor: Actor, participant: Participant, part: Part) -> Participant:
    """Change how a party takes part, by its members, until the timetable is published."""
    with doing(actor, "conference.part", participant, participant.conference) as it:
        one = it.thing
        if not own(it.actor, one):
            raise Forbidden(_("只有本主体成员可以进行这一操作。"))
        check_state(one.conference, S.OPEN, S.CLOSED)
        if one.state != Participant.State.REGISTERED:
            raise NotNow(_("请先报名。"))
        asked = Meeting.objects.of(one.pk).exclude(state=Meeting.State.CANCELLED)
        kept = {one.pk for one in part.listings}
        used = asked.values_list(
            "introduction__need", "introduction__offer", "introduction__target"
        )
        brought = set(one.listings.values_list("pk", flat=True))
        if brought & {pk for row in used for pk in row} - kept:
            raise NotNow(_("有洽谈关于要撤下的信息，请先取消洽谈。"))
        _fill(one, part)
        before = Participant.objects.get(pk=one.pk)
        placed = asked.filter(slot__isnull=False)
        if placed.filter(slot__number__in=one.away).exists():
            raise NotNow(_("您在这些场次已有洽谈，请先取消或改期。"))
        if one.language != before.language:
            _say_language(one, asked, placed)
        _save(one, part.listings)
        if one.on_screen and not before.on_screen:
            _note(it.actor, one, SHOWN, str(SCREEN_TEXT))
        return one


def _say_language(one: Participant, asked: QuerySet[Any], placed: QuerySet[Any]) -> None:
    """The meetings of one that needs another language now need another interpreter."""
    if placed.exists():
        raise NotNow(_("已有洽谈排定了翻译，请先取消或改期。"))
    for meeting in asked.select_related("a", "b"):
        a, b = (one if part.pk == one.pk else part for part in (meeting.a, meeting.b))
        meeting.language = language_between(a, b)
        meeting.save(update_fields=["language"])


def withdraw(actor: Actor, participant: Participant, *, reason: str = "") -> Participant:
    """Not take part: its meetings are cancelled and the others told. By its members, or who runs it."""
    verb, conference = "conference.withdraw", participant.conference
    with doing(actor, verb, participant, conference, reason=reason) as it:
        one = it.thing
        check_state(one.conference, S.OPEN, S.CLOSED, S.PLANNED, S.RUNNING)
        PARTICIPANT.move(it.actor, one, "withdraw")
        one.save()
        gone = list(Meeting.objects.of(one.pk).filter(state__in=TO_COME).held())
        stood = standing(gone)
        with timetable.changing(one.conference) as changes:
            for meeting in gone:
                changes.free(meeting)
                MEETING.move(SYSTEM, meeting, "cancel")
        it.diff["meetings"] = differing(stood, gone)
        return one


def renew_feed(actor: Actor, participant: Participant) -> Participant:
    """Read one's calendar from a new address; the old one leads nowhere from now on. By its members."""
    with doing(actor, "conference.feed", participant, participant.conference) as it:
        if not own(it.actor, it.thing):
            raise Forbidden(_("只有本主体成员可以进行这一操作。"))
        it.thing.feed = new_ref("F", 32)
        it.thing.save(update_fields=["feed"])
        return it.thing


def _part_of(party: int, conference: Conference) -> Participant:
    """The participation of a party, or a new one; ``one_part_a_party`` is the fence."""
    found = Participant.objects.filter(conference=conference, party=party).first()
    return found or Participant(conference=conference, party_id=party)


def _check_open(conference: Conference) -> None:
    check_state(conference, S.OPEN)
    if conference.registration_closes is not None and conference.registration_closes <= now():
        raise NotNow(_("报名已截止。"))


def _fill(one: Participant, part: Part) -> None:
    if part.language and part.language not in Language.values:
        raise Invalid(_("请选择语言。"), {"language": _("请从列表中选择一种语言。")})
    if part.most is not None and part.most < 1:
        raise Invalid(_("请检查洽谈场数。"), {"most": _("请填写 1 或更大的数，或留空。")})
    _check_listings(one.party_id, Listing.objects.filter(party=one.party_id), part.listings)
    one.language, one.most, one.on_screen = part.language, part.most, part.on_screen
    one.away = numbers(part.away, one.conference)


def _check_listings(party: int, known: QuerySet[Any], listings: Sequence[Listing]) -> None:
    wanted = {one.pk for one in listings}
    fit = known.filter(pk__in=wanted, party=party, state=ListingState.PUBLISHED)
    hidden = {name == Anonymity.ANONYMOUS for name in fit.values_list("anonymity", flat=True)}
    if not wanted or fit.count() != len(wanted):
        raise Invalid(
            _("请选择参会的信息。"), {"listings": _("请至少选择一条该主体发布中的信息。")}
        )
    if len(hidden) > 1:
        raise Invalid(
            _("请选择参会的信息。"),
            {"listings": _("匿名信息不能与其他信息一起带来：对方会推知是同一家。")},
        )


def _save(one: Participant, listings: Sequence[Listing]) -> None:
    if one._state.adding:
        last = Participant.objects.filter(conference=one.conference).aggregate(n=Max("number"))
        one.number = (last["n"] or 0) + 1
        one.code, one.feed = new_ref("P", 20), new_ref("F", 32)
    one.save()
    one.listings.set(listings)


def _agree(actor: Actor, one: Participant) -> None:
    _note(actor, one, JOINED, str(TEXT))
    if one.on_screen:
        _note(actor, one, SHOWN, str(SCREEN_TEXT))


def _note(actor: Actor, one: Participant, purpose: str, text: str) -> None:
    Consent.objects.create(
        purpose=purpose,
        text=text,
        user_id=actor.user,
        party_id=actor.party,
        to_party_id=one.conference.party_id,
        thing=name_of(one.conference),
        channel=actor.channel,
    )
