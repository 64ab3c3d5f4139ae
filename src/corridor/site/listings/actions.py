"""What may be done to a listing. Every verb is one transaction on a fresh, locked row."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ..core.actor import SYSTEM, Actor, Role
from ..core.audit import name_of
from ..core.errors import Forbidden, Invalid, NotNow
from ..core.models import Consent, Party
from ..core.refs import new_ref
from ..core.verbs import Act, act, locked
from ..notices.actions import notify, to_bureau, to_party
from . import content as contents
from . import notices
from .aftermath import (
    edit_url,
    first_version,
    market_changed,
    note_version,
    renew_url,
    review_url,
    saved,
    tell,
)
from .checking import complete, kept, noted
from .content import Content
from .lifecycle import LISTING
from .models import ExitReason, Listing, State
from .reviewing import hide, pass_city, publish, restore, return_
from .terms import REMINDERS, expiry, reminder_due

__all__ = [
    "CONSENT",
    "close",
    "consent_text",
    "create",
    "discard",
    "expire_due",
    "hide",
    "pass_city",
    "publish",
    "remind_due",
    "renew",
    "restore",
    "return_",
    "revise",
    "submit",
    "update",
]

CONSENT = "listing.contact"


def consent_text() -> str:
    """What someone agrees to who leaves a contact, in the language of the page."""
    return _(
        "我同意平台保存这里的联系人和电话，用于这条信息的对接：加密保存，页面上打码，"
        "双方都同意对接以后才给对方看。我已得到联系人本人的同意。"
    )


# --- writing ---


def create(actor: Actor, content: Content, *, party: int | None = None) -> Listing:
    """A draft of the actor's party; an officer may draft for a party of their city.

    Only the party sees a draft, and only the party may submit it. Raises ``Invalid`` naming the
    fields at fault, ``Forbidden`` for an actor who may not publish.
    """
    owner = actor.party if party is None else party
    if owner is None or not _may_draft(actor, owner):
        raise Forbidden(_("只有主体的成员可以发布供需信息。投促局可以为本市主体起草。"))
    content = kept(content)
    listing = Listing(
        ref=new_ref("L"), party_id=owner, author_id=actor.user, changed_at=timezone.now()
    )
    contents.put(content, listing)
    with act(actor, "listing.create", listing) as it:
        it.thing.save()
        it.thing.named.set(content.named)
        note_version(it)
        if owner != actor.party:
            params = {"by": actor.party_name}
            tell(it, to_party(it.thing.party_id), notices.DRAFTED, edit_url(it.thing), **params)
    return it.thing


def _may_draft(actor: Actor, owner: int) -> bool:
    if actor.role not in (Role.MEMBER, Role.BUREAU, Role.OFFICE):
        return False
    if actor.role is Role.MEMBER:
        return owner == actor.party
    return Party.objects.visible_to(actor).filter(pk=owner).exists() and owner != actor.party


def update(actor: Actor, listing: Listing, content: Content) -> Listing:
    """Change a draft or a returned listing.

    Kind and side stay once it has been published. Raises as :func:`create`, and ``NotNow`` for a
    listing that is under review or on the market.
    """
    content = kept(content)
    with act(actor, "listing.update", listing) as it:
        LISTING.allow(it.actor, it.thing, "submit")
        if it.thing.published_at is not None:
            _same_kind(it.thing, content)
        _rewrite(it, content)
    return it.thing


def _rewrite(it: Act[Listing], content: Content, *, fresh: bool = False) -> None:
    first_version(it.thing)
    contents.put(content, it.thing)
    saved(it)
    it.thing.named.set(content.named)
    note_version(it, fresh=fresh)


def _same_kind(listing: Listing, content: Content) -> None:
    if (listing.kind, listing.side) != (content.kind, content.side):
        said = _("发布过的信息不能改要素类别和供需方向。请结束这一条，另行发布。")
        raise Invalid(said, {"kind": said})


def discard(actor: Actor, listing: Listing) -> None:
    """Delete a draft that was never submitted; others never saw it."""
    with act(actor, "listing.discard", listing) as it:
        LISTING.allow(it.actor, it.thing, "submit")
        if it.thing.state != State.DRAFT:
            raise NotNow(_("提交过的信息不能删除，可以结束它。"))
        it.diff["title"] = [it.thing.title, ""]
        Listing.objects.get(pk=it.thing.pk).delete()


def submit(actor: Actor, listing: Listing, *, agreed: str = "") -> Listing:
    """Hand a draft or a returned listing to the bureau of its city.

    ``agreed`` is the consent text the person ticked; without it one given earlier for this listing
    must be there. Raises ``Invalid`` naming what is missing.
    """
    with act(actor, "listing.submit", listing) as it:
        LISTING.move(it.actor, it.thing, "submit")
        _ready(it, contents.of(it.thing), agreed)
        saved(it)
        tell(it, to_bureau(it.thing.city), notices.SUBMITTED, review_url(it.thing))
    return it.thing


def revise(actor: Actor, listing: Listing, content: Content, *, agreed: str = "") -> Listing:
    """Change what is published or has expired: it leaves the market until it has passed again."""
    content = kept(content)
    _same_kind(listing, content)
    with act(actor, "listing.revise", listing) as it:
        LISTING.move(it.actor, it.thing, "revise")
        _rewrite(it, content, fresh=True)
        _ready(it, content, agreed)
        market_changed(it.thing)
        tell(it, to_bureau(it.thing.city), notices.SUBMITTED, review_url(it.thing))
    return it.thing


def _ready(it: Act[Listing], content: Content, agreed: str) -> None:
    complete(content, Party.objects.get(pk=it.thing.party_id), timezone.localdate())
    given = Consent.objects.filter(purpose=CONSENT, thing=name_of(it.thing))
    if agreed and not given.filter(user=it.actor.user, text=agreed).exists():
        given.create(
            purpose=CONSENT,
            text=agreed,
            user_id=it.actor.user,
            party_id=it.thing.party_id,
            thing=name_of(it.thing),
            channel=it.actor.channel,
        )
    elif not given.exists():
        said = _("请阅读并同意联系方式的使用说明。")
        raise Invalid(said, {"agreed": said})


# --- on the market, and off it ---


def renew(actor: Actor, listing: Listing) -> Listing:
    """Six more months from today, or to the deadline the party gave.

    Raises ``NotNow`` where that deadline has passed: then it has to be revised.
    """
    with act(actor, "listing.renew", listing) as it:
        LISTING.move(it.actor, it.thing, "renew")
        today = timezone.localdate()
        it.thing.expires_on, it.thing.reminded_on = expiry(today, it.thing.deadline), None
        if it.thing.expires_on < today:
            raise NotNow(_("您填写的截止日期已过，续期没有用：请修订内容，改掉截止日期。"))
        saved(it)
        market_changed(it.thing)
    return it.thing


def close(actor: Actor, listing: Listing, why: str, note: str = "") -> Listing:
    """End a listing for good, with an exit reason (of ``ExitReason``)."""
    if why not in ExitReason.values:
        raise Invalid(_("请选择结束的原因。"), {"why": _("请选择一个原因，用来改进匹配。")})
    note = noted(note, "note", needed=why == ExitReason.OTHER)
    with act(actor, "listing.close", listing, reason=note) as it:
        LISTING.move(it.actor, it.thing, "close")
        it.thing.exit_reason, it.thing.exit_note = why, note
        saved(it)
        market_changed(it.thing)
    return it.thing


# --- by the clock ---


def expire_due(today: date | None = None) -> int:
    """Take off the market whatever stood until yesterday; how many."""
    today = today or timezone.localdate()
    due = Listing.objects.filter(state=State.PUBLISHED, expires_on__lt=today)
    return sum(_expire(listing, today) for listing in list(due))


def _expire(listing: Listing, today: date) -> bool:
    try:
        with act(SYSTEM, "listing.expire", listing) as it:
            if it.thing.expires_on is None or it.thing.expires_on >= today:
                raise NotNow(_("刚刚续期了。"))
            LISTING.move(SYSTEM, it.thing, "expire")
            saved(it)
            market_changed(it.thing)
            tell(it, to_party(it.thing.party_id), notices.EXPIRED, renew_url(it.thing))
    except NotNow:  # its party was faster
        return False
    return True


def remind_due(today: date | None = None) -> int:
    """Remind the parties whose listings end within days, at each mark once; how many."""
    today = today or timezone.localdate()
    within = (today, today + timedelta(days=max(REMINDERS)))
    near = Listing.objects.filter(state=State.PUBLISHED, expires_on__range=within)
    return sum(_remind(listing, today) for listing in list(near))


def _remind(listing: Listing, today: date) -> bool:
    with transaction.atomic():
        now = locked(listing)
        if now.state != State.PUBLISHED or now.expires_on is None:
            return False
        if not reminder_due(today, now.expires_on, now.reminded_on):
            return False
        now.reminded_on = today
        now.save(update_fields=["reminded_on"])
        params = {"title": now.title, "day": now.expires_on.isoformat()}
        notify(to_party(now.party_id), notices.EXPIRING, now, renew_url(now), params)
    return True
