"""What may be done: the verbs of an introduction."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from ..core import contacts as core_contacts
from ..core import limits, verbs
from ..core.actor import Actor, Role
from ..core.errors import Forbidden, Invalid, NotNow
from ..core.secret import Secret
from ..core.verbs import act
from ..listings.models import Listing
from ..listings.models import State as ListingState
from ..notices.actions import notify, to_party
from ..notices.kinds import NoticeKind
from . import codes, lifecycle, notices, release
from .lifecycle import INTRODUCTION
from .models import OPEN, Introduction, Message, Outcome, State

DAYS_TO_ANSWER = 14
ASKS_BY_PARTY = limits.Limit("introduction-ask", 30, 86400)
REMINDERS = limits.Limit("introduction-remind", 1, 86400)


@dataclass(frozen=True, slots=True)
class Occasion:
    """What an introduction is asked for, by an app above that has limits of its own.

    What is talked of there takes no capacity until it leads to an agreement: an offer for one may
    be talked of with many.
    """

    ref: str
    until: datetime
    asked: NoticeKind


def ask(
    actor: Actor,
    target: Listing,
    *,
    own: Listing | None = None,
    cooperation: str,
    question: str,
    agreed: bool,
    occasion: Occasion | None = None,
) -> Introduction:
    """Ask the party of ``target`` to talk, bringing in ``own`` listing of the other side or none.

    Raises ``Forbidden`` unless a party's member, ``Missing`` where the target may not be seen,
    ``Invalid`` for the own party's listing, a listing that does not fit, an unknown way, no question
    or no consent, ``NotNow`` where the two talk about it already, ``TooOften`` beyond 30 a day.
    """
    if actor.role is not Role.MEMBER:
        raise Forbidden(_("只有主体成员可以发起对接意向。"))
    _check_agreed(agreed)
    if cooperation not in codes.ways(target.kind):
        raise Invalid(_("请选择合作方式。"), {"cooperation": _("请从列表中选择一种合作方式。")})
    text = mask_contacts(question.strip())
    if not text or len(text) > 1000:
        raise Invalid(_("请写明想了解的问题。"), {"question": _("请填写 1 至 1000 个字。")})
    try:
        with act(actor, "introduction.ask", Introduction()) as it:
            if occasion is None:
                limits.hit(ASKS_BY_PARTY, it.actor.party)
            it.thing = opened(it.actor, target, own, occasion)
            it.thing.cooperation, it.thing.question = cooperation, text
            it.thing.save()
            release.give(it.actor, it.thing)
            tell(it.thing, occasion.asked if occasion else notices.ASKED, it.thing.to_party_id)
            return it.thing
    except IntegrityError:
        raise already() from None


def opened(
    actor: Actor, target: Listing, own: Listing | None, occasion: Occasion | None
) -> Introduction:
    """An introduction about listings that fit, locked and free of another one; not saved. Part of
    a verb.
    """
    named = [target] if own is None else sorted((target, own), key=lambda listing: listing.pk)
    held = {listing.pk: verbs.locked(listing) for listing in named}
    target = Listing.objects.one(actor, pk=target.pk)
    own = held[own.pk] if own is not None else None
    _check_fit(actor, target, own)
    sides = {listing.side: listing for listing in (target, own) if listing is not None}
    asking = _party(actor)
    if _talk_already((asking, target.party_id), target, own):
        raise already()
    spine = sides.get("need", target)
    of_spine = Q(need=spine) if spine.side == "need" else Q(need=None, offer=spine)
    last = Introduction.objects.filter(of_spine).aggregate(last=Max("number"))["last"] or 0
    now = timezone.now()
    return Introduction(
        ref=f"{spine.ref}-{last + 1:02d}",
        number=last + 1,
        need=sides.get("need"),
        offer=sides.get("offer"),
        target=target,
        from_party_id=asking,
        to_party_id=target.party_id,
        asked_by_id=actor.user,
        occasion=occasion.ref if occasion else "",
        created_at=now,
        expires_at=occasion.until if occasion else now + timedelta(days=DAYS_TO_ANSWER),
    )


def _talk_already(parties: tuple[int, int], target: Listing, own: Listing | None) -> bool:
    """Whether the two have one under way that is about either's target, whoever asked."""
    about = Q(need=target) | Q(offer=target)
    if own is not None:
        about |= Q(target=own)
    return bool(
        Introduction.objects.filter(
            about, from_party__in=parties, to_party__in=parties, state__in=OPEN
        ).exists()
    )


def _check_fit(actor: Actor, target: Listing, own: Listing | None) -> None:
    if target.party_id == actor.party:
        raise Invalid(_("不能与本主体自己的信息对接。"))
    if target.state != ListingState.PUBLISHED:
        raise NotNow(_("这条信息已不在发布中，不能发起对接。"))
    if target.deadline is not None and target.deadline < timezone.localdate():
        raise NotNow(_("这条信息的对接截止日期已过。"))
    if own is None:
        return
    fits = own.party_id == actor.party and own.state == ListingState.PUBLISHED
    if not fits or own.side == target.side or own.kind != target.kind:
        raise Invalid(
            _("所选信息不能用于这次对接。"),
            {"own": _("请选择本主体已发布的、同类别的另一方信息，或留空。")},
        )
    reader = Actor(role=Role.MEMBER, party=target.party_id)
    if not Listing.objects.visible_to(reader).filter(pk=own.pk).exists():
        raise Invalid(
            _("对方看不到所选信息。"), {"own": _("请先把对方加入这条信息的定向名单，或留空。")}
        )


def already() -> NotNow:
    """That the two talk about it already."""
    return NotNow(_("双方就这条信息已有进行中的对接意向，请在原意向中继续沟通。"))


def accept(actor: Actor, introduction: Introduction, *, agreed: bool) -> Introduction:
    """Agree to talk; the contacts of both are released.

    Raises ``Forbidden`` unless a member of the party asked, ``Invalid`` without consent, ``NotNow``
    when it has been answered, has expired, or the offer has no capacity left.
    """
    with act(actor, "introduction.accept", introduction) as it:
        INTRODUCTION.move(it.actor, it.thing, "accept")
        _check_agreed(agreed)
        now = timezone.now()
        if it.thing.expires_at <= now:
            raise NotNow(_("这条对接意向已超过答复期限。"))
        _check_room(it.thing)
        it.thing.accepted_at, it.thing.answered_by_id = now, it.actor.user
        it.thing.save()
        release.give(it.actor, it.thing)
        tell(it.thing, notices.ACCEPTED, it.thing.from_party_id)
        return it.thing


def _check_room(introduction: Introduction) -> None:
    """Both listings are still on offer, and the offer carries one agreement more. Holds the offer."""
    offer = verbs.locked(introduction.offer) if introduction.offer else None
    for listing in (introduction.need, offer):
        if listing is not None and listing.state != ListingState.PUBLISHED:
            raise NotNow(_("“%(title)s”已不在发布中，不能接受。") % {"title": listing.title})
    if offer is not None and not introduction.occasion and taken(offer) >= offer.capacity:
        raise NotNow(
            _(
                "“%(title)s”最多同时承接 %(count)s 项合作，已满。请先结束一项，或在信息中调整可承接数量。"
            )
            % {"title": offer.title, "count": offer.capacity}
        )


def taken(offer: Listing) -> int:
    """How many agreements an offer carries: introductions accepted, but for those of an occasion, and
    those that led to one.
    """
    held = Q(state=State.ACCEPTED, occasion="") | Q(
        accepted_at__isnull=False, outcomes__result=Outcome.Result.AGREEMENT
    )
    return int(Introduction.objects.filter(held, offer=offer).distinct().count())


def decline(
    actor: Actor, introduction: Introduction, *, reason: str, note: str = ""
) -> Introduction:
    """Say no, and why. The asker is told both. Errors as :func:`accept`."""
    with act(actor, "introduction.decline", introduction, reason=reason) as it:
        INTRODUCTION.move(it.actor, it.thing, "decline")
        check_reason(reason)
        it.thing.reason, it.thing.note = reason, mask_contacts(note.strip())[:400]
        it.thing.answered_by_id = it.actor.user
        return ended(it.thing, notices.DECLINED, it.thing.from_party_id)


def withdraw(actor: Actor, introduction: Introduction) -> Introduction:
    """Take back what was asked and not answered yet. Errors as :func:`accept`."""
    with act(actor, "introduction.withdraw", introduction) as it:
        INTRODUCTION.move(it.actor, it.thing, "withdraw")
        return ended(it.thing, notices.WITHDRAWN, it.thing.to_party_id)


def ended(introduction: Introduction, kind: NoticeKind, *to: int) -> Introduction:
    """Save one that just ended and tell these parties. Part of its verb."""
    introduction.ended_at = timezone.now()
    introduction.save()
    tell(introduction, kind, *to)
    return introduction


def consent(actor: Actor, introduction: Introduction, *, agree: bool) -> None:
    """Take back the consent to be reached, or give it again; both sides' contacts go with it.

    Raises ``Forbidden`` unless a member of either party, ``NotNow`` unless accepted.
    """
    with act(actor, "introduction.consent", introduction) as it:
        _check_either(it.actor, it.thing)
        if it.thing.state != State.ACCEPTED:
            raise NotNow(_("只有已接受的对接意向可以调整联系方式授权。"))
        if agree == (it.actor.party in release.agreed(it.thing)):
            raise NotNow(_("授权状态没有变化。"))
        it.diff["agreed"] = [not agree, agree]
        release.give(it.actor, it.thing, taken_back=not agree)
        kind = notices.AGREED_AGAIN if agree else notices.CONSENT
        tell(it.thing, kind, it.thing.other_party(it.actor.party))


def say(actor: Actor, introduction: Introduction, text: str) -> Message:
    """Send a message: either party, or an adviser. Contacts in it are hidden until released.

    Raises ``Forbidden`` for anyone else, ``NotNow`` once it has ended, ``Invalid`` without a text.
    """
    with act(actor, "introduction.message", introduction) as it:
        intro, party = it.thing, _party(it.actor)
        talks = lifecycle.either(it.actor, intro)
        if not talks and not lifecycle.adviser(it.actor, intro):
            raise Forbidden(_("您的身份不能进行这一操作。"))
        if intro.state not in OPEN:
            raise NotNow(_("这条对接意向已结束，不能再留言。"))
        text = text.strip()
        if not text or len(text) > 2000:
            raise Invalid(_("请填写留言。"), {"text": _("请填写 1 至 2000 个字。")})
        said = Message.objects.create(
            introduction=intro,
            party_id=party,
            user_id=it.actor.user,
            role=it.actor.role,
            text=text if release.released(intro) else mask_contacts(text),
        )
        to = {intro.from_party_id, intro.to_party_id} - ({party} if talks else set())
        tell(intro, notices.MESSAGE, *sorted(to))
        return said


def remind(actor: Actor, introduction: Introduction) -> None:
    """An adviser reminds whoever has to act: the party asked, or both once it was accepted.

    Raises ``Forbidden`` for anyone else, ``NotNow`` once it has ended, ``TooOften`` twice a day.
    """
    with act(actor, "introduction.remind", introduction) as it:
        if not lifecycle.adviser(it.actor, it.thing):
            raise Forbidden(_("您的身份不能进行这一操作。"))
        if it.thing.state not in OPEN:
            raise NotNow(_("这条对接意向已结束，无需提醒。"))
        limits.hit(REMINDERS, it.thing.ref)
        to = {it.thing.to_party_id}
        if it.thing.state == State.ACCEPTED:
            to.add(it.thing.from_party_id)
        tell(it.thing, notices.REMINDED, *sorted(to))


def contacts(actor: Actor, introduction: Introduction, purpose: str) -> dict[str, str]:
    """The counterpart's contact, on record: name, and phone or e-mail.

    Raises ``Forbidden`` unless a member of either party, ``NotNow`` unless both agree now,
    ``Invalid`` without a purpose, ``TooOften`` for someone who collects contacts.
    """
    with transaction.atomic():
        now = verbs.confirmed(actor)
        intro = verbs.locked(introduction)
        _check_either(now, intro)
        if not release.released(intro):
            raise NotNow(_("双方都接受并同意后才能查看联系方式。"))
        owner = intro.other_party(now.party)
        return core_contacts.reveal(now, intro, _contact(intro, owner), owner, purpose)


def _contact(introduction: Introduction, owner: int) -> dict[str, Secret]:
    """What a party's listing names as its contact; the party's own where it names none."""
    listing = introduction.listing_of(owner)
    if listing is not None and str(listing.contact_phone):
        return {"name": listing.contact_name, "phone": listing.contact_phone}
    party = introduction.to_party if owner == introduction.to_party_id else introduction.from_party
    return {
        "name": party.contact_name,
        "phone": party.contact_phone,
        "email": party.contact_email,
    }


@dataclass(frozen=True, slots=True)
class Report:
    """What came of an introduction, as one side tells it. ``amount`` in 万元."""

    result: str
    on: date
    cooperation: str = ""
    amount: Decimal | None = None
    reason: str = ""
    note: str = ""


def report(actor: Actor, introduction: Introduction, told: Report) -> Outcome:
    """Write down what came of it. An agreement, or none, ends it; the other side may report too.

    Raises ``Forbidden`` unless a member of either party, ``NotNow`` unless it was accepted,
    ``Invalid`` for a report that contradicts itself.
    """
    with act(actor, "introduction.outcome", introduction) as it:
        _check_either(it.actor, it.thing)
        if it.thing.state not in (State.ACCEPTED, State.CLOSED):
            raise NotNow(_("接受后才能登记结果。"))
        _check_report(told, it.thing.target.kind)
        made = Outcome.objects.create(
            introduction=it.thing,
            party_id=_party(it.actor),
            user_id=it.actor.user,
            result=told.result,
            on=told.on,
            cooperation=told.cooperation,
            amount=told.amount,
            reason=told.reason,
            note=mask_contacts(told.note.strip())[:400],
        )
        it.diff["outcome"] = {name: getattr(made, name) for name in Outcome.AUDITED}
        if told.result in Outcome.FINAL and it.thing.state == State.ACCEPTED:
            INTRODUCTION.move(it.actor, it.thing, "close")
            it.thing.ended_at = timezone.now()
            it.thing.save()
        tell(it.thing, notices.OUTCOME, it.thing.other_party(it.actor.party))
        return made


def _check_report(told: Report, kind: str) -> None:
    agreement, none = Outcome.Result.AGREEMENT, Outcome.Result.NONE
    wrong = {}
    if told.result not in Outcome.Result.values:
        wrong["result"] = _("请选择结果。")
    if told.on > timezone.localdate():
        wrong["on"] = _("日期不能晚于今天。")
    if (told.result == agreement) != bool(told.cooperation):
        wrong["cooperation"] = _("达成合作时请选择合作方式；其他结果请留空。")
    elif told.cooperation and told.cooperation not in codes.ways(kind):
        wrong["cooperation"] = _("请从列表中选择一种合作方式。")
    if told.amount is not None and (told.result != agreement or told.amount < 0):
        wrong["amount"] = _("金额不能为负，只在达成合作时填写。")
    if (told.result == none) != bool(told.reason):
        wrong["reason"] = _("未达成时请选择原因；其他结果请留空。")
    elif told.reason and told.reason not in codes.Reason.values:
        wrong["reason"] = _("请从列表中选择一个原因。")
    if wrong:
        raise Invalid(_("请检查登记的结果。"), wrong)


def _party(actor: Actor) -> int:
    if actor.party is None:
        raise Forbidden(_("您的身份不能进行这一操作。"))
    return actor.party


def _check_agreed(agreed: bool) -> None:
    if not agreed:
        raise Invalid(
            _("需要您同意提供联系方式。"), {"agreed": _("请阅读并勾选；双方都同意后才会互相展示。")}
        )


def _check_either(actor: Actor, introduction: Introduction) -> None:
    if not lifecycle.either(actor, introduction):
        raise Forbidden(_("只有对接双方可以进行这一操作。"))


def tell(introduction: Introduction, kind: NoticeKind, *parties: int, **more: object) -> None:
    """Tell everyone who acts for these parties. Part of a verb."""
    params = {"ref": introduction.ref, "title": introduction.target.title} | more
    for party in parties:
        notify(to_party(party), kind, introduction, introduction.get_absolute_url(), params)


def check_reason(reason: str) -> None:
    """Refuse a reason that is not of the list."""
    if reason not in codes.Reason.values:
        raise Invalid(_("请选择原因。"), {"reason": _("请从列表中选择一个原因。")})
