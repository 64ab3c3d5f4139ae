"""Searches that people keep: what may be done with them, and the daily look for new finds."""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.text import mask_contacts

from ..core.actor import Actor
from ..core.errors import Forbidden, Invalid
from ..core.models import Membership
from ..core.verbs import act
from ..notices.actions import notify
from . import notices
from .conditions import matching
from .filters import Filters, parse
from .models import SavedSearch

MOST = 20
LONGEST_NAME = 60
#: What is being published right now may not be seen yet; it is left for the next look.
SETTLED = timedelta(minutes=2)


def save(actor: Actor, name: str, filters: Filters) -> SavedSearch:
    """Keep a search; its new finds are told daily. The same one again is the one there is.

    Raises ``Forbidden`` for who acts for no party; ``Invalid`` for a search without a condition,
    one too long to keep, and the twenty-first.
    """
    if actor.user is None or actor.party is None:
        raise Forbidden(_("请先登录。"))
    if filters.empty:
        raise Invalid(_("请先选定搜索词或条件，再保存。"))
    query = filters.query
    longest = SavedSearch._meta.get_field("query").max_length or 0
    if len(query) > longest:
        raise Invalid(_("条件太多，无法保存。请去掉一些条件。"))
    with transaction.atomic():
        mine = SavedSearch.objects.visible_to(actor)
        had: SavedSearch | None = mine.filter(query=query).first()
        if had is not None:
            return had
        if mine.count() >= MOST:
            raise Invalid(_("最多保存 %(most)s 个搜索，请先删除不用的。") % {"most": MOST})
        made = SavedSearch(
            user_id=actor.user,
            party_id=actor.party,
            name=_named(name),
            query=query,
            seen_until=timezone.now(),
        )
        with act(actor, "search.save", made) as it:
            it.thing.save()
        return made


def _named(name: str) -> str:
    kept = mask_contacts(" ".join(name.split()))
    if not kept:
        raise Invalid(_("请给搜索起个名字。"), {"name": _("请给搜索起个名字。")})
    if len(kept) > LONGEST_NAME:
        fault = _("名称最多 %(most)s 字，现在 %(n)s 字。") % {"most": LONGEST_NAME, "n": len(kept)}
        raise Invalid(fault, {"name": fault})
    return kept


def forget(actor: Actor, pk: int) -> None:
    """Keep a search no longer."""
    with act(actor, "search.forget", SavedSearch.objects.one(actor, pk=pk)) as it:
        SavedSearch.objects.filter(pk=it.thing.pk).delete()


def filters_of(kept: SavedSearch) -> Filters:
    """What a kept search asks for, read as an address is."""
    return parse(dict(QueryDict(kept.query).lists()), timezone.localdate())[0]


def tell_finds(now: datetime | None = None) -> int:
    """Tell everyone of what was published since they were last told; how many were told.

    Only what the one who keeps the search may see, in the role they keep it in. Doing it again at
    once tells nothing twice.
    """
    until = (now or timezone.now()) - SETTLED
    told = 0
    for kept in SavedSearch.objects.filter(seen_until__lt=until).order_by("pk").iterator():
        told += _tell(kept.pk, until)
    return told


def _tell(pk: int, until: datetime) -> bool:
    with transaction.atomic():
        kept = SavedSearch.objects.select_for_update().filter(pk=pk, seen_until__lt=until).first()
        if kept is None:
            return False
        since, kept.seen_until = kept.seen_until, until
        kept.save(update_fields=["seen_until"])
        member = (
            Membership.objects.select_related("user", "party")
            .filter(user=kept.user_id, party=kept.party_id, ended_at=None, user__is_active=True)
            .first()
        )
        if member is None:
            return False
        found = matching(member.actor(), filters_of(kept), timezone.localdate(until))
        new = found.filter(published_at__gt=since, published_at__lte=until)
        count = new.exclude(party=kept.party_id).count()
        if not count:
            return False
        url = f"{reverse('listings:list')}?{kept.query}"
        about = {"name": kept.name, "n": count}
        to = Q(user=kept.user_id, party=kept.party_id)
        return bool(notify(to, notices.FOUND, kept, url, about))
