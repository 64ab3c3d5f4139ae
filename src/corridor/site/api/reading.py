"""What a program states, as a content: read by the same reader as files are."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from corridor.engine.factors import FactorKind, Side, Value, all_kinds
from corridor.io.cells import cell_text
from corridor.io.values import CellError, ValueReader

from ..core.errors import Invalid
from ..core.models import Party
from ..core.region import corridor, in_language
from ..listings import content as contents
from ..listings.checking import MAX_NAMED
from ..listings.content import Content
from ..listings.models import Listing
from .schemas import ListingIn


def content_of(said: ListingIn, before: Listing | None = None) -> Content:
    """The content; what is never read back and not said anew is as in ``before``.

    Raises ``Invalid`` naming every value that cannot be read and what would be right.
    """
    kind = all_kinds().get(said.kind)
    if kind is None:
        raise Invalid(_("没有这类要素。"), {"kind": _("、").join(all_kinds())})
    had = contents.of(before) if before is not None else None
    return Content(
        side=said.side,
        kind=said.kind,
        title=said.title,
        text=said.text,
        city=said.city,
        values=_values(kind, Side(said.side), said.values),
        must=frozenset(said.must),
        flexible=frozenset(said.flexible),
        capacity=said.capacity,
        anonymity=said.anonymity,
        named=(had.named if had else ()) if said.named is None else _named(said.named),
        contact_name=_kept(said.contact_name, had.contact_name if had else ""),
        contact_phone=_kept(said.contact_phone, had.contact_phone if had else ""),
        deadline=said.deadline,
    )


def _kept(said: str | None, before: str) -> str:
    return before if said is None else said


def _values(kind: FactorKind, side: Side, said: Mapping[str, Any]) -> dict[str, Value]:
    reader = ValueReader(timezone.localdate(), corridor().codes)
    values: dict[str, Value] = {}
    faults: dict[str, str] = {}
    for name, raw in said.items():
        attribute = kind.by_name.get(name)
        if attribute is None:
            faults[f"values.{name}"] = _("这类要素没有这个属性。")
            continue
        cell = raw if isinstance(raw, dict | list) else cell_text(raw)
        try:
            value = reader.read(attribute, cell, "", asking=attribute.asked_by is side)
        except CellError as error:
            right = in_language(error.allowed)
            faults[f"values.{name}"] = " ".join(filter(None, [in_language(error.message), right]))
            continue
        if value is not None:
            values[name] = value
    if faults:
        raise Invalid(_("有读不懂的值。"), faults)
    return values


def _named(codes: list[str]) -> tuple[int, ...]:
    if len(codes) > MAX_NAMED:  # more than SQLite looks for at once, and than may be named
        raise Invalid(_("指定的主体太多。"), {"named": _("最多 %(n)s 家。") % {"n": MAX_NAMED}})
    found = dict(Party.objects.filter(credit_code__in=codes).values_list("credit_code", "pk"))
    missing = [code for code in codes if code not in found]
    if missing:
        raise Invalid(_("没有找到指定的主体。"), {"named": _("、").join(missing[:10])})
    return tuple(sorted(found.values()))
