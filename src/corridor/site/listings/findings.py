"""What a reviewer should look at in a listing before deciding."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ..core.actor import Actor
from .content import Content, outline, recorded
from .models import Listing, ListingVersion, State
from .promises import objection, promises
from .words import Change, differences

#: What masking leaves of a contact: 138****0000.
_MASKED = re.compile(r"\*{3,}")
_SHORT = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at; ``tone`` is ok, warn or bad."""

    tone: str
    text: str
    hint: str = ""


def findings(actor: Actor, listing: Listing) -> list[Finding]:
    """Everything looked at, the worst first. Needs ``party`` loaded."""
    content = outline(listing)
    found = [
        *_of_words(content),
        _of_values(content),
        _of_party(listing),
        *_of_likes(actor, listing),
    ]
    return sorted(found, key=lambda one: ("bad", "warn", "ok").index(one.tone))


def _of_words(content: Content) -> Iterator[Finding]:
    text = f"{content.title}\n{content.text}"
    if found := promises(text):
        words = _("、").join(_("“%(words)s”") % {"words": words} for words in found)
        yield Finding("bad", _("有违规承诺：%(words)s") % {"words": words}, objection())
    if _MASKED.search(text):
        hint = _("系统已打码，别人看不到。只为留联系方式而写的广告，请退回。")
        yield Finding("warn", _("文字里写过联系方式"), hint)
    if len(content.text) < _SHORT:
        hint = _("说明太短的信息很难谈成。看不出要什么、供什么时，请退回补充。")
        yield Finding("warn", _("说明只有 %(n)s 字") % {"n": len(content.text)}, hint)


def _of_values(content: Content) -> Finding:
    strict = sum(content.strict(name) for name in content.asked())
    stated = ngettext("写明了 %(n)s 项条件", "写明了 %(n)s 项条件", len(content.values))
    text = stated % {"n": len(content.values)}
    if not content.values:
        return Finding("warn", text, _("没有可比较的条件，只能按文字匹配。"))
    hint = ngettext("其中 %(n)s 项是硬性的。", "其中 %(n)s 项是硬性的。", strict) % {"n": strict}
    return Finding("ok", text, hint if strict else "")


def _of_party(listing: Listing) -> Finding:
    if listing.party.verified_at is not None:
        return Finding("ok", _("主体已核验：%(name)s") % {"name": listing.party.name})
    hint = _("发布前要核验。通过时勾选“同时核验主体”。")
    return Finding("warn", _("主体还没有核验：%(name)s") % {"name": listing.party.name}, hint)


def _of_likes(actor: Actor, listing: Listing) -> Iterator[Finding]:
    alike = (
        Listing.objects.visible_to(actor)
        .filter(side=listing.side, kind=listing.kind, title=listing.title)
        .exclude(pk=listing.pk)
        .exclude(state__in=[State.DRAFT, State.CLOSED])
    )
    refs = list(alike.values_list("ref", flat=True)[:3])
    if refs:
        hint = _("可能重复发布：%(refs)s。") % {"refs": _("、").join(refs)}
        yield Finding("warn", _("有同名的信息"), hint)


def latest_changes(listing: Listing) -> list[Change]:
    """What the version under review changed against the one before; nothing for the first."""
    versions = list(ListingVersion.objects.filter(listing=listing)[:2])
    if len(versions) < 2:
        return []
    now, before = (recorded(version.content) for version in versions)
    return differences(before, now)
