"""What a listing says, in the words people read: its facts one by one, and what a change changed."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from corridor.engine.factors import SIDE_LABELS, Side, value_text

from ..core.region import city_name, in_language
from .content import Content
from .models import Anonymity


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a listing states; ``strict`` is ``None`` where it sets no limit."""

    name: str
    label: str
    text: str
    strict: bool | None = None

    @property
    def limit(self) -> str:
        """Whether the limit may give way, in words; "" where there is none."""
        if self.strict is None:
            return ""
        return _("硬性") if self.strict else _("可商量")


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a listing before and after."""

    label: str
    before: str
    after: str


def facts(content: Content) -> list[Fact]:
    """The stated attributes in the order of the kind, in the language of the page."""
    side, asked = Side(content.side), content.asked()
    return [
        Fact(
            attribute.name,
            in_language(attribute.side_label(side) if attribute.name in asked else attribute.label),
            in_language(value_text(attribute, content.values[attribute.name])),
            content.strict(attribute.name) if attribute.name in asked else None,
        )
        for attribute in content.factor.attributes
        if attribute.name in content.values
    ]


def differences(before: Content, after: Content) -> list[Change]:
    """What changed, field by field, in the order of the form."""
    old, new = dict(_said(before)), dict(_said(after))
    labels = [*dict.fromkeys([*new, *old])]
    return [
        Change(label, old.get(label, ""), new.get(label, ""))
        for label in labels
        if old.get(label, "") != new.get(label, "")
    ]


def _said(content: Content) -> Iterator[tuple[str, str]]:
    yield _("供需方向"), in_language(SIDE_LABELS[Side(content.side)])
    yield _("要素类别"), in_language(content.factor.label)
    yield _("标题"), content.title
    yield _("详细说明"), content.text
    yield _("城市"), city_name(content.city)
    for fact in facts(content):
        yield (
            fact.label,
            _("%(text)s（%(limit)s）")
            % {
                "text": fact.text,
                "limit": fact.limit,
            }
            if fact.limit
            else fact.text,
        )
    yield _("可承接数"), str(content.capacity)
    yield _("截止日期"), content.deadline.isoformat() if content.deadline else ""
    yield _("谁可以看到"), str(Anonymity(content.anonymity).label)
    yield (
        _("指定的主体"),
        _("%(n)s 家（编号 %(ids)s）")
        % {
            "n": len(content.named),
            "ids": _("、").join(map(str, content.named)),
        }
        if content.named
        else "",
    )
    yield _("联系人"), content.contact_name
    yield _("联系电话"), content.contact_phone
