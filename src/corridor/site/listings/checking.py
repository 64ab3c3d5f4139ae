"""Whether a content may be kept, and whether it may be submitted: what is wrong, what would be right."""

import re
from dataclasses import replace
from datetime import date, timedelta

from django.utils.translation import gettext as _

from corridor.engine.factors import (
    Attribute,
    CodeList,
    Range,
    Side,
    TreeList,
    Type,
    UnknownCode,
    Value,
    all_kinds,
)
from corridor.engine.text import mask_contacts, normalise
from corridor.io import what_may_stand
from corridor.io.cells import ILL

from ..core.errors import Invalid
from ..core.models import Party
from ..core.region import corridor, in_language
from .content import Content
from .models import Anonymity

MAX_TITLE, MAX_TEXT, MAX_WORDS, MAX_NAME, MAX_PHONE, MAX_NOTE = 100, 5000, 300, 60, 40, 400
MAX_CAPACITY, MAX_NAMED, MAX_DAYS = 999, 50, 3 * 366
#: Digits after the point; finer ones are noise, and a million of them an attack.
_PLACES = 9
#: A mobile, a landline with its area code, a 400 or 800 number, or one abroad after a plus sign.
_PHONE = re.compile(
    r"(?:\+?86)?1[3-9][0-9]{9}|(?:\+?86|0|\+?860)[1-9][0-9]{1,2}[2-9][0-9]{6,7}|[48]00[0-9]{7}"
    r"|\+(?!86)[1-9][0-9]{6,14}"
)
_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|x|-)\s*[0-9]{1,6}$", re.IGNORECASE)
_JOINTS = re.compile(r"[\s()-]")
_LEGAL_FORM = re.compile(r"(?:股份|有限责任|有限)?(?:公司|集团|合伙企业|研究院|中心)$")

Faults = dict[str, str]


def kept(content: Content) -> Content:
    """The content as it is kept: tidied, with contact data masked in every free text.

    ``must`` and ``flexible`` are cut down to asks that are stated and go against the default.
    Raises :class:`Invalid` naming every field that is wrong; nothing is ever clipped.
    """
    faults = _of_words(content)
    if not faults.keys() & {"kind", "side"}:
        faults |= _of_values(content)
    faults |= _of_the_rest(content)
    if faults:
        raise Invalid(_("有填写不对的地方，没有保存。"), faults)
    return _normal(content)


def _normal(content: Content) -> Content:
    shape = content.factor.by_name
    values = {
        name: mask_contacts(_one_line(value)) if isinstance(value, str) else value
        for name, value in content.values.items()
    }
    content = replace(
        content,
        title=mask_contacts(_one_line(content.title)),
        text=mask_contacts(_lines(content.text)),
        values={name: value for name, value in values.items() if value != ""},
        contact_name=_one_line(content.contact_name),
        contact_phone=_one_line(content.contact_phone),
        named=content.named if content.anonymity == Anonymity.NAMED else (),
    )
    asked = content.asked()
    return replace(
        content,
        must=frozenset(n for n in asked if n in content.must and not shape[n].hard),
        flexible=frozenset(n for n in asked if n in content.flexible and shape[n].hard),
    )


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


# --- what may be kept ---


def _of_words(content: Content) -> Faults:
    faults: Faults = {}
    if content.kind not in all_kinds():
        faults["kind"] = _("请选择要素类别。")
    if content.side not in [*Side]:
        faults["side"] = _("请选择是需求还是供给。")
    if not _one_line(content.title):
        faults["title"] = _("请填写标题：一句话说明要什么、供什么。")
    limits = {
        "title": (_one_line(content.title), MAX_TITLE),
        "text": (_lines(content.text), MAX_TEXT),
        "contact_name": (content.contact_name, MAX_NAME),
        "contact_phone": (content.contact_phone, MAX_PHONE),
    }
    for name, (text, most) in limits.items():
        if fault := _of_text(text, most):
            faults[name] = fault
    given = "contact_phone" not in faults and content.contact_phone.strip()
    if given and not is_phone(content.contact_phone):
        faults["contact_phone"] = _("请填写手机或带区号的座机，如 13800001234、0512-66668888。")
    return faults


def _of_text(text: str, most: int) -> str:
    if len(text) > most:
        return _("有 %(n)s 字，最多 %(most)s 字，请缩短。") % {"n": len(text), "most": most}
    if found := ILL.search(text):
        code = f"U+{ord(found.group()):04X}"
        return _("含有不可显示的字符 %(code)s，请删去。") % {"code": code}
    return ""


def noted(text: str, name: str, *, needed: bool) -> str:
    """A reason or note as it is kept: contact data masked. Raises :class:`Invalid` at ``name``."""
    text = _lines(text)
    fault = _of_text(text, MAX_NOTE)
    if needed and not text:
        fault = _("请写明原因，对方会看到。")
    if fault:
        raise Invalid(fault, {name: fault})
    return mask_contacts(text)


def is_phone(text: str) -> bool:
    """Whether a text is one telephone number, an extension allowed, and nothing else."""
    plain = normalise(text).strip()
    tries = (plain, _EXTENSION.sub("", plain))
    return any(_PHONE.fullmatch(_JOINTS.sub("", one)) for one in tries)


def _of_values(content: Content) -> Faults:
    faults: Faults = {}
    known = content.factor.by_name
    for name, value in content.values.items():
        attribute = known.get(name)
        if attribute is None or not attribute.stated_by(Side(content.side)):
            faults[f"values.{name}"] = _("这一类的这一方没有这一项。")
        elif not fits(attribute, value):
            allowed = in_language(what_may_stand(attribute))
            faults[f"values.{name}"] = _("应为%(allowed)s。") % {"allowed": allowed}
        elif isinstance(value, str) and (fault := _of_text(value, MAX_WORDS)):
            faults[f"values.{name}"] = fault
    return faults


def fits(attribute: Attribute, value: Value) -> bool:
    """Whether an attribute may take a value: its shape, its limits, its codes."""
    match attribute.type:
        case Type.WORDS:
            return isinstance(value, str)
        case Type.CODES:
            listed = attribute.code_list()
            return (
                isinstance(value, frozenset)
                and value != set()
                and all(_listed(listed, code) for code in value)
            )
        case Type.FLAG:
            return isinstance(value, Range) and value.single and _within(attribute, value)
        case _:
            return isinstance(value, Range) and _within(attribute, value)


def _within(attribute: Attribute, value: Range) -> bool:
    ends = [end for end in (value.lo, value.hi) if end is not None]
    whole = attribute.type is not Type.NUMBER
    return all(
        end.is_finite()
        and attribute.low <= end <= attribute.high
        and -int(end.as_tuple().exponent) <= (0 if whole else _PLACES)
        for end in ends
    )


def _listed(codes: CodeList | TreeList, code: str) -> bool:
    if isinstance(codes, CodeList):
        return any(entry.code == code for entry in codes.entries)
    try:
        return codes.read(code) == code
    except UnknownCode:
        return False


def _of_the_rest(content: Content) -> Faults:
    faults: Faults = {}
    if content.city not in corridor().codes:
        faults["city"] = _("请选择走廊内的一个城市，由它的投促局审核。")
    if not 1 <= content.capacity <= MAX_CAPACITY:
        faults["capacity"] = _("请填写 1 到 %(most)s 的整数。") % {"most": MAX_CAPACITY}
    if content.anonymity not in Anonymity.values:
        faults["anonymity"] = _("请选择谁可以看到。")
    if content.anonymity == Anonymity.NAMED:
        there = Party.objects.filter(pk__in=content.named).count()
        if there != len(set(content.named)) or len(content.named) > MAX_NAMED:
            faults["named"] = _("指定的主体里有不存在的，或多于 %(most)s 家。") % {
                "most": MAX_NAMED
            }
    return faults


# --- what may be submitted ---


def complete(content: Content, party: Party, today: date) -> None:
    """Refuse to submit what a reviewer could only send back. Raises :class:`Invalid`."""
    faults: Faults = {}
    if not content.contact_name:
        faults["contact_name"] = _("请填写联系人，双方都同意对接后才给对方看。")
    if not content.contact_phone:
        faults["contact_phone"] = _("请填写联系电话，双方都同意对接后才给对方看。")
    if content.anonymity == Anonymity.NAMED and not content.named:
        faults["named"] = _("请写明给哪些主体看，或改选其他可见范围。")
    if content.deadline is not None:
        if content.deadline < today:
            faults["deadline"] = _("截止日期已过，请改为今天或以后。")
        elif content.deadline > today + timedelta(days=MAX_DAYS):
            faults["deadline"] = _("截止日期最多到三年以后。")
    if content.anonymity == Anonymity.ANONYMOUS and _names(content, party):
        said = _("匿名发布时标题和说明里不能出现本主体的名称，请删去“%(name)s”。")
        faults["text"] = said % {"name": _names(content, party)}
    if faults:
        raise Invalid(_("还不能提交，请补全以下内容。"), faults)


def _names(content: Content, party: Party) -> str:
    """How the text names its party, if it does: in full, or without city and legal form."""
    words = " ".join(
        [content.title, content.text, *(v for v in content.values.values() if isinstance(v, str))]
    )
    core = _LEGAL_FORM.sub("", party.name)
    for city in corridor().cities:
        core = core.removeprefix(city.label.zh)
    forms = [party.name, _LEGAL_FORM.sub("", party.name), core.removeprefix("市")]
    return next((form for form in forms if len(form) >= 4 and form in words), "")
