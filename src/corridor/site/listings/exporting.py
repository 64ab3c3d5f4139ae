"""What an actor may see, as a table: without contacts, marked with who took it, when and why."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from corridor.engine.factors import SIDE_LABELS, Side
from corridor.io import save_table

from ..core import audit, jobs, limits, uploads
from ..core.actor import Actor
from ..core.errors import Forbidden, Invalid
from ..core.limits import Limit
from ..core.models import Job, Membership, Upload
from ..core.region import in_language
from ..core.verbs import confirmed
from . import content as contents
from .checking import noted as kept_words
from .conditions import in_order, matching
from .filters import Filters, parse
from .models import Listing
from .words import facts

FORMATS = ("xlsx", "csv")
#: More rows than these are written by a job.
AT_ONCE = 2000
EXPORTS = Limit("export-account", 20, 3600)
_STEP = 500

Told = Callable[[int, int, str], None]


@dataclass(frozen=True, slots=True)
class Asked:
    """An export: by whom, of what, why. ``query`` is a list page's query string."""

    actor: Actor
    query: str
    format: str
    reason: str
    language: str


def rows_of(actor: Actor, query: str) -> "QuerySet[Listing]":
    """The listings a list page shows under that query string, in its order."""
    filters = _filters(query)
    found: QuerySet[Listing] = matching(actor, filters, timezone.localdate())
    found = found.select_related("party").defer("contact_name", "contact_phone")
    return found.order_by(*in_order(filters))


def _filters(query: str) -> Filters:
    given: Mapping[str, list[str]] = dict(QueryDict(query).lists())
    return parse(given, timezone.localdate())[0]


def ask(actor: Actor, query: str, form: str, reason: str) -> Upload | Job:
    """The file, or the job that will write it where it is large.

    Raises ``Forbidden`` for who has no party, ``Invalid`` without a reason or with nothing to
    export, ``TooOften`` for who takes one file after another.
    """
    if actor.party is None or actor.user is None:
        raise Forbidden(_("请先登录。"))
    if form not in FORMATS:
        raise Invalid(_("请选择格式。"), {"format": _("请选择 xlsx 或 csv。")})
    why = kept_words(reason, "reason", needed=True)
    limits.hit(EXPORTS, actor.user)
    asked = Asked(actor, _filters(query).query, form, why, get_language() or "zh-hans")
    count = rows_of(actor, asked.query).count()
    if not count:
        raise Invalid(_("这些条件下没有可导出的信息。"), {"query": _("没有可导出的信息。")})
    if count > AT_ONCE:
        title = _("导出 %(n)s 条供需") % {"n": count}
        payload = asdict(asked) | {"actor": actor.membership, "title": title}
        return jobs.enqueue("listings.export", payload=payload, actor=actor)
    upload = write(asked)
    with transaction.atomic():
        noted(asked, upload)
    return upload


def asked_again(payload: Mapping[str, Any]) -> Asked:
    """What a job was queued with; the actor as they are now. Raises ``Forbidden`` if they left."""
    member = Membership.objects.select_related("user", "party").get(pk=payload["actor"])
    with transaction.atomic():
        actor = confirmed(member.actor())
    return Asked(actor, *(payload[name] for name in ("query", "format", "reason", "language")))


def write(asked: Asked, told: Told | None = None) -> Upload:
    """Write the file and keep it for the party."""
    found = rows_of(asked.actor, asked.query)
    total = found.count()
    mark = watermark(asked)
    with TemporaryDirectory() as folder:
        file = Path(folder, f"export.{asked.format}")
        save_table(file, columns(), _rows(asked.actor, found, mark, total, told))
        name = _("供需导出-%(day)s") % {"day": timezone.localdate().isoformat()}
        return uploads.keep(asked.actor, f"{name}.{asked.format}", asked.format, file.read_bytes())


def noted(asked: Asked, upload: Upload) -> None:
    """Put the export on record. Part of the caller's transaction."""
    diff = {"query": asked.query, "format": asked.format, "sha256": upload.sha256}
    audit.record(asked.actor, "listing.export", upload, diff=diff, reason=asked.reason)


def watermark(asked: Asked) -> str:
    """Who took the file, when and why: in every row, so that a part of it says it too."""
    return _("%(name)s（%(party)s）%(at)s 导出，用途：%(reason)s") % {
        "name": asked.actor.name,
        "party": asked.actor.party_name,
        "at": timezone.localtime().strftime("%Y-%m-%d %H:%M"),
        "reason": asked.reason,
    }


def columns() -> list[str]:
    """The columns, in the language of the page."""
    return [
        _("编号"), _("供需方向"), _("要素类别"), _("标题"), _("详细说明"), _("城市"), _("主体名称"), _("条件"),
        _("可承接数"), _("发布日期"), _("截止日期"), _("到期日"), _("导出标识"),
    ]  # fmt: skip


def _rows(
    actor: Actor, found: "QuerySet[Listing]", mark: str, total: int, told: Told | None
) -> Iterator[list[object]]:
    for number, listing in enumerate(found.iterator(_STEP), 1):
        yield [*cells(actor, listing), mark]
        if told is not None and number % _STEP == 0:
            told(number, total, _("已写 %(n)s 行") % {"n": number})


def cells(actor: Actor, listing: Listing) -> list[object]:
    """One listing as the actor may see it. Needs ``party`` loaded."""
    stated = [
        _("%(label)s：%(text)s") % {"label": fact.label, "text": fact.text}
        + (_("（%(limit)s）") % {"limit": fact.limit} if fact.limit else "")
        for fact in facts(contents.outline(listing))
    ]
    published = timezone.localtime(listing.published_at).date() if listing.published_at else ""
    return [
        listing.ref,
        in_language(SIDE_LABELS[Side(listing.side)]),
        listing.kind_label,
        listing.title,
        listing.text,
        listing.city_label,
        listing.party_shown_to(actor),
        _("；").join(stated),
        listing.capacity,
        published,
        listing.deadline or "",
        listing.expires_on or "",
    ]
