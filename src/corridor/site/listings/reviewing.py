"""What reviewers may do to a listing: pass, return, publish; hide it and put it back."""

from collections.abc import Collection

from django.utils import timezone
from django.utils.translation import gettext as _

from ..core.actions import party_verify
from ..core.actor import Actor, Role
from ..core.errors import Invalid, NotNow
from ..core.models import Party, User
from ..core.verbs import Act, act
from ..notices.actions import to_office, to_party
from . import notices
from .aftermath import edit_url, market_changed, review_url, saved, tell
from .checking import noted
from .lifecycle import LISTING
from .models import Listing, ReturnReason, Review
from .terms import expiry


def pass_city(
    actor: Actor, listing: Listing, *, version: int | None = None, verify: bool = False
) -> Listing:
    """The city's bureau finds nothing to object to; ``verify`` confirms the party as well.

    ``version`` is the one the officer read: another one in the meantime refuses the decision, as
    does a colleague who was faster (``NotNow``).
    """
    with act(actor, "listing.pass_city", listing) as it:
        _still_open(it, "pass_city", version)
        LISTING.move(it.actor, it.thing, "pass_city")
        _decide(it, "city", passed=True, verify=verify)
        saved(it)
        tell(it, to_office(), notices.SUBMITTED, review_url(it.thing))
        url = it.thing.get_absolute_url()
        tell(it, to_party(it.thing.party_id), notices.PASSED_CITY, url)
    return it.thing


def publish(
    actor: Actor, listing: Listing, *, version: int | None = None, verify: bool = False
) -> Listing:
    """The office lets it onto the market for six months, or to its deadline if that is sooner.

    Raises ``NotNow`` as :func:`pass_city`, and for a party nobody has verified.
    """
    with act(actor, "listing.publish", listing) as it:
        _still_open(it, "publish", version)
        LISTING.move(it.actor, it.thing, "publish")
        _decide(it, "corridor", passed=True, verify=verify)
        if not Party.objects.filter(pk=it.thing.party_id, verified_at__isnull=False).exists():
            raise NotNow(_("发布前要先核验主体：请勾选“同时核验主体”，或退回。"))
        today = timezone.localdate()
        it.thing.published_at = it.thing.published_at or timezone.now()
        it.thing.expires_on, it.thing.reminded_on = expiry(today, it.thing.deadline), None
        saved(it)
        market_changed(it.thing)
        day = it.thing.expires_on.isoformat()
        url = it.thing.get_absolute_url()
        tell(it, to_party(it.thing.party_id), notices.PUBLISHED, url, day=day)
    return it.thing


def return_(
    actor: Actor,
    listing: Listing,
    reasons: Collection[str],
    note: str = "",
    *,
    version: int | None = None,
) -> Listing:
    """Send it back with reasons (of ``ReturnReason``) and words: a bureau, or the office."""
    known = [reason for reason in ReturnReason if reason in reasons]
    if not known or len(known) != len(set(reasons)):
        raise Invalid(_("请选择退回原因。"), {"reasons": _("至少选一个原因，主体会看到。")})
    note = noted(note, "note", needed=ReturnReason.OTHER in known)
    corridor = actor.role is Role.OFFICE
    verb, stage = ("return_corridor", "corridor") if corridor else ("return_city", "city")
    said = _("；").join([*(str(reason.label) for reason in known), *([note] if note else [])])
    with act(actor, f"listing.{verb}", listing, reason=said) as it:
        _still_open(it, verb, version)
        LISTING.move(it.actor, it.thing, verb, said)
        _decide(it, stage, passed=False, reasons=[str(r) for r in known], note=note)
        saved(it)
        url = edit_url(it.thing)
        tell(it, to_party(it.thing.party_id), notices.RETURNED, url, reason=said)
    return it.thing


def _still_open(it: Act[Listing], verb: str, version: int | None) -> None:
    """Refuse a decision on what a colleague has decided, or what has changed since it was read."""
    listing, move = it.thing, LISTING.moves[verb]
    if not move.may(it.actor, listing) or listing.state in move.sources:
        if version is not None and version != listing.version:
            raise NotNow(
                _("您看的是第 %(n)s 版，内容已经改过。请重新查看后再决定。") % {"n": version}
            )
        return
    last = Review.objects.filter(listing=listing, version=listing.version).first()
    if last is not None:
        by = User.objects.filter(pk=last.user_id).values_list("name", flat=True).first() or "—"
        at = timezone.localtime(last.at).strftime("%m-%d %H:%M")
        said = _("%(by)s已于 %(at)s 通过了这条信息，您的决定没有执行。")
        if not last.passed:
            said = _("%(by)s已于 %(at)s 退回了这条信息，您的决定没有执行。")
        raise NotNow(said % {"by": by, "at": at})


def _decide(
    it: Act[Listing],
    stage: str,
    *,
    passed: bool,
    verify: bool = False,
    reasons: Collection[str] = (),
    note: str = "",
) -> None:
    party = Party.objects.get(pk=it.thing.party_id)
    if verify and party.verified_at is None:
        party_verify(it.actor, party)
    Review.objects.create(
        listing=it.thing,
        version=it.thing.version,
        stage=stage,
        passed=passed,
        reasons=list(reasons),
        reason=note,
        user_id=it.actor.user,
    )


def hide(actor: Actor, listing: Listing, reason: str) -> Listing:
    """Take a listing off the market at once; the party is told why."""
    return _moderate(actor, listing, "hide", reason)


def restore(actor: Actor, listing: Listing, reason: str) -> Listing:
    """Put a hidden listing back; if it should have expired meanwhile, the clock sees to that."""
    return _moderate(actor, listing, "restore", reason)


def _moderate(actor: Actor, listing: Listing, verb: str, reason: str) -> Listing:
    reason = noted(reason, "reason", needed=True)
    with act(actor, f"listing.{verb}", listing, reason=reason) as it:
        LISTING.move(it.actor, it.thing, verb, reason)
        saved(it)
        market_changed(it.thing)
        kind = notices.HIDDEN if verb == "hide" else notices.RESTORED
        url = it.thing.get_absolute_url()
        tell(it, to_party(it.thing.party_id), kind, url, reason=reason)
    return it.thing
