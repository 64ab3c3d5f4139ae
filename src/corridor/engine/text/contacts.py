"""Ways to reach somebody, found in free text however they are written, and masked.

Nobody sees a contact before both sides accept, so what people slip into a title or a text is found
here: telephone numbers, WeChat and QQ ids, e-mail addresses, identity cards, links to contact codes.
Numbers that name a thing stay: credit codes, patents, standards, models, amounts and dates.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

from .normal import digits, fold
from .phones import find_phones, in_a_contact


class ContactKind(StrEnum):
    """What sort of contact it is."""

    PHONE = "phone"
    WECHAT = "wechat"
    QQ = "qq"
    EMAIL = "email"
    IDENTITY = "identity"  # 身份证
    LINK = "link"  # to a contact code or card
    ACCOUNT = "account"  # of another messenger


class Contact(NamedTuple):
    """A contact: where it stands, and how it may be shown, which takes as many characters."""

    kind: ContactKind
    start: int
    end: int
    shown: str


class _Hit(NamedTuple):
    """A stretch of text, and the places in it that must not be seen."""

    kind: ContactKind
    start: int
    end: int
    hidden: frozenset[int]


# --- e-mail ---

_PROVIDER = r"(?:vip\.)?(?:qq|163|126|139|189|sina|sohu|yeah|foxmail|aliyun|gmail|outlook|hotmail|icloud|yahoo|live)"
_DOT = r" ?(?:\.|。|点|[(\[【] ?(?:dot|点|\.) ?[)\]】]| dot ) ?"
_AT = r" {0,2}(?:@|艾特|[(\[{【<] ?(?:at|@|艾特) ?[)\]}】>]) {0,2}"
_EMAIL = re.compile(
    r"(?<![a-z0-9*])(?P<local>[a-z0-9][a-z0-9._%+-]{0,63})"
    rf"(?:{_AT}[a-z0-9][a-z0-9-]{{0,62}}(?:{_DOT}[a-z0-9-]{{1,63}}){{0,3}}?"
    rf"|(?: at |#){_PROVIDER}){_DOT}(?P<top>[a-z]{{2,12}})(?![a-z0-9])"
)


def _emails(plain: str) -> Iterator[_Hit]:
    for match in _EMAIL.finditer(plain):
        first = match.start() if len(match["local"]) > 2 else -1
        hidden = _word_places(plain, match.start(), match.start("top")) - {first}
        yield _Hit(ContactKind.EMAIL, match.start(), match.end(), hidden)


# --- identity cards (GB 11643) ---

_PROVINCE = r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3])"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
# Who is old enough to be a contact; later "births" are days in numbers of tenders and projects.
_BORN = r"(?:19[2-9][0-9]|200[0-9]|201[0-2])"
_S = r"[ -]{0,2}"
_IDENTITY = re.compile(
    rf"(?<![0-9a-z*]){_PROVINCE}[0-9]{{4}}{_S}{_BORN}{_S}{_DAY}{_S}[0-9]{{3}}{_S}[0-9x](?![0-9a-z])"
)
_TOLD_IDENTITY = re.compile(
    r"(?:身份证|证件)[^0-9a-z，。;\n]{0,8}(?P<number>[1-9](?:[ -]?[0-9]){13,16}[ -]?[0-9x])(?![0-9a-z])"
)
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def _identities(plain: str) -> Iterator[_Hit]:
    figures = digits(plain)
    for match in _TOLD_IDENTITY.finditer(figures):
        yield _ends_kept(figures, *match.span("number"))
    for match in _IDENTITY.finditer(figures):
        number = re.sub(r"[ -]", "", match[0])
        total = sum(w * int(d) for w, d in zip(_WEIGHTS, number[:17], strict=True))
        if number[17] == "10x98765432"[total % 11]:
            yield _ends_kept(figures, *match.span())


def _ends_kept(plain: str, start: int, end: int) -> _Hit:
    hidden = _word_places(plain, start, end) - {start, end - 1}
    return _Hit(ContactKind.IDENTITY, start, end, hidden)


# --- links ---

_HOSTS = (
    r"u\.wechat\.com|work\.weixin\.qq\.com|weixin\.qq\.com(?=/[a-z]/)|wpa\.(?:b\.)?qq\.com|qm\.qq\.com"
    r"|jq\.qq\.com|t\.me|wa\.me|(?:api|chat)\.whatsapp\.com|line\.me|(?:qr|h5)\.dingtalk\.com"
    r"|applink\.feishu\.cn|qr\.alipay\.com"
)
_CODES = r"qr|qr-?codes?|ewm|erweima|wechat|weixin|vcard|contact(?:-?us)?|lianxi(?:women)?"
_TAIL = r"[^\s\u3000-\uffef*<>\"']"
_LINK = re.compile(
    rf"(?<![a-z0-9.*])(?:(?:https?://)?(?:{_HOSTS})(?![a-z0-9.-]){_TAIL}{{0,300}}"
    rf"|(?:weixin|wxp|wechat|mqq[a-z]{{0,8}}|tencent|dingtalk|tg|whatsapp|skype)://{_TAIL}{{1,300}}"
    rf"|https?://{_TAIL}{{1,200}}?/(?:{_CODES})(?![a-z0-9]){_TAIL}{{0,300}})"
)


def _links(plain: str) -> Iterator[_Hit]:
    for match in _LINK.finditer(plain):
        scheme = re.match(r"[a-z]+://", match[0])
        shown = match.start() + (scheme.end() if scheme else 0)
        hidden = _word_places(plain, shown, match.end())
        yield _Hit(ContactKind.LINK, match.start(), match.end(), hidden)


# --- accounts of messengers: a word that announces one, then the account ---

_FILLER = r"(?:号码|账号|帐号|同号|公众号|群号|邮箱|号|群|id|是|为|请|加|搜索|搜|联系|我|好友|[ :/=()\[\]\"'【】|~>-])"
#: What says that an account follows, where a word like 微信 alone may only name the thing.
_EXPLICIT = re.compile(r"[:=号加搜是为]|id|联系")
_LETTERS = r"(?!v[0-9])[a-z][a-z0-9_-]{5,19}(?![a-z0-9_])|[a-z](?: [a-z0-9_]){5,19}(?![a-z0-9_])"
_AMOUNT = r"(?! ?(?:[万亿元台辆个家人名吨套件平㎡%年月]|\.[0-9]))"
_FIGURES = rf"(?:[1-9][0-9]{{4,11}}|[1-9][0-9]{{2}}(?:[ -][0-9]{{3}}){{2,3}})(?![0-9]){_AMOUNT}"
_WECHAT_WORDS = (
    r"(?:[微威薇徽维魏巍] ?信|wei ?信|[微薇]xin|(?<![a-z])wei ?xin|(?<![a-z])we ?chat"
    r"|(?:[微薇]|(?<![a-z])v) ?[信❤♥]\ufe0f?"
    r"|绿泡泡|加 ?[微薇v](?![a-z])|(?<![a-z0-9_])[vw] ?x(?![a-z0-9_-])|[+➕] ?vx?(?![a-z0-9]))"
)
_QQ_WORDS = r"(?:(?<![a-z])q ?q(?![a-z])|扣 ?扣|抠抠|叩叩|球球|企鹅(?=号|:)|(?<![a-z])q(?=号|群)|扣(?=号|群))"
_OTHER_WORDS = (
    r"(?:(?<![a-z])(?:whats ?app|telegram|skype|line(?= ?(?:id|:))|dingtalk|facebook|linkedin)"
    r"|电报|飞机(?=号)|钉钉|飞书|抖音|快手|小红书|脉脉)"
)
_WECHAT = re.compile(
    rf"(?P<word>{_WECHAT_WORDS})(?P<how>{_FILLER}{{0,8}})(?P<account>{_LETTERS}|{_FIGURES})"
)
_QQ = re.compile(rf"(?P<word>{_QQ_WORDS})(?P<how>{_FILLER}{{0,6}})(?P<account>{_FIGURES})")
_OTHER = re.compile(
    rf"(?P<word>{_OTHER_WORDS})(?P<how>{_FILLER}{{1,6}})(?P<account>[a-z0-9][a-z0-9._-]{{4,29}})"
)
_ASKING = re.compile(r"[加搜➕]\D{0,4}$|联系\D{0,2}$")


def _accounts(plain: str) -> Iterator[_Hit]:
    figures = digits(plain)
    for match in _WECHAT.finditer(figures):
        if _announced(figures, match):
            yield _first_kept(ContactKind.WECHAT, figures, match)
    for match in _QQ.finditer(figures):
        yield _first_kept(ContactKind.QQ, figures, match)
    for match in _OTHER.finditer(plain):
        if _EXPLICIT.search(match["how"]) and re.search(r"[0-9_]", match["account"]):
            yield _first_kept(ContactKind.ACCOUNT, plain, match)


def _announced(plain: str, match: re.Match[str]) -> bool:
    """Whether what follows is meant as an account: it is asked to be added, or looks like one."""
    asked = _EXPLICIT.search(match["word"] + match["how"])
    before = plain[max(match.start() - 6, 0) : match.start()]
    return bool(asked or _ASKING.search(before) or re.search(r"[0-9_]", match["account"]))


def _first_kept(kind: ContactKind, plain: str, match: re.Match[str]) -> _Hit:
    start, end = match.span("account")
    return _Hit(kind, start, end, _word_places(plain, start, end) - {start})


# --- all of them ---


def _phones(plain: str) -> Iterator[_Hit]:
    for start, end, hidden in find_phones(plain):
        yield _Hit(ContactKind.PHONE, start, end, hidden)


def _phones_in_a_contact(plain: str) -> Iterator[_Hit]:
    for start, end, hidden in in_a_contact(plain):
        yield _Hit(ContactKind.PHONE, start, end, hidden)


_NAMELESS = re.compile(
    r"(?<![a-z0-9_*-])(?=[a-z_-]*[0-9_])(?P<account>[a-z][a-z0-9_-]{5,19})(?![a-z0-9_])"
)


def _nameless(plain: str) -> Iterator[_Hit]:
    for match in _NAMELESS.finditer(plain):
        yield _first_kept(ContactKind.WECHAT, plain, match)


#: Without a figure of these no number is found, and without a word of those nothing else; most texts
#: hold neither and are done with here. Both are looked for in lower case, full width or not.
_DIGIT = r"\d〇○零幺一二三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸①-⑨⓪❶-❾➀-➈⒈-⒐²³¹⁴-⁹⁰"
_FIGURE = re.compile(
    rf"[{_DIGIT}](?:[^{_DIGIT}]{{0,3}}[{_DIGIT}]){{6}}|[1liｌｉ１][3-9３-９][0-9oli０-９ｏｌｉ]{{9}}"
)
#: First characters, and what must follow one of them.
_STARTS = (
    ("@＠#＃", ""), ("艾", "特"), ("(（[【<{", " ?at"), (" ", "at "), (":：", "[/／]"), (".．", "(?:me|com)(?![a-z])"),
    ("微薇威徽维魏巍iｉvｖ", "[ \u3000]?[信❤♥]"), ("微薇", "xin"), ("绿", "泡泡"), ("加", "[ \u3000]?[微薇vｖ]"),
    ("wｗ", "[ \u3000]?[eｅ][ \u3000]?[cｃiｉ]"), ("vwｖｗ", "[ \u3000]?[xｘ]"), ("+＋➕", "[ \u3000]?[vｖ]"),
    ("qｑ", "[ \u3000]?[qｑ号群]"), ("扣抠叩球", "[ \u3000]?[扣抠叩球号群]"), ("企", "鹅"), ("电", "报"),
    ("飞", "[机书]"), ("钉", "钉"), ("抖", "音"), ("快", "手"), ("小", "红书"), ("脉", "脉"), ("l", "in(?:e|ked)"),
    ("wtsdf", "(?:hats|eleg|kype|ing|ace)"),
)  # fmt: skip
# One set of characters first: without it the search would try every way at every place.
_WORD = re.compile(
    f"[{re.escape(''.join(first for first, _ in _STARTS))}]"
    f"(?:{'|'.join(f'(?<=[{re.escape(first)}]){rest}' for first, rest in _STARTS)})"
)
_SHORTEST = 6  # t.me/a
_SHORT = 40  # longer texts are not repeated
Finder = Callable[[str], Iterator[_Hit]]


@lru_cache(maxsize=4096)
def _seen(text: str) -> tuple[bool, bool]:
    """Whether a text holds a figure or a word; kept, for a table repeats its names and cells."""
    low = text.lower()
    return bool(_FIGURE.search(low)), bool(_WORD.search(low))


def _finders(text: str, contact: bool) -> tuple[Finder, ...]:
    """Who has to look at a text at all; of two hits that overlap the earlier finder's counts."""
    figure, word = _seen(text) if len(text) <= _SHORT else _seen.__wrapped__(text)
    if not (figure or word or contact):
        return ()
    said: tuple[Finder, ...] = (_links, _emails) if word else ()
    if figure:
        said = (*said, _identities, _phones_in_a_contact if contact else _phones)
    if word:
        said = (*said, _accounts)
    return (*said, _nameless) if contact else said


def find_contacts(text: str, *, contact: bool = False) -> tuple[Contact, ...]:
    """Ways to reach somebody, in reading order; none overlaps another. No errors.

    Telephone numbers, WeChat and QQ ids, e-mail addresses, identity cards, links to contact codes,
    and accounts of other messengers; spaces, dashes and dots between digits, full width, Chinese
    and circled digits, （at）, 扣扣, 加V and the like are understood.

    ``contact``: the text is known to say how to reach somebody, so that no word is needed before an
    id, and every run of seven digits counts.
    """
    finders = _finders(text, contact) if len(text) >= _SHORTEST else ()
    if not finders:
        return ()
    found: list[_Hit] = []
    shown = text
    while hits := _hits(fold(shown), finders):
        found += hits
        shown = _starred(shown, hits)  # and look again: one may have stood in another's way
    return tuple(Contact(kind, start, end, shown[start:end]) for kind, start, end in _apart(found))


def mask_contacts(text: str, *, contact: bool = False) -> str:
    """The text with every contact masked: 138****0000, a******, z****@**.com.

    What counts as one is said at :func:`find_contacts`, which finds nothing in the result.
    Length-preserving, so spans stay valid. No errors.
    """
    parts, at = [], 0
    for found in find_contacts(text, contact=contact):
        parts += [text[at : found.start], found.shown]
        at = found.end
    return "".join([*parts, text[at:]]) if parts else text


def _hits(plain: str, finders: Sequence[Finder]) -> list[_Hit]:
    """What the finders find; of hits that overlap the first found counts."""
    found: list[_Hit] = []
    taken = bytearray(len(plain))
    for finder in finders:
        for hit in finder(plain):
            if hit.hidden and 1 not in taken[hit.start : hit.end]:
                taken[hit.start : hit.end] = b"\1" * (hit.end - hit.start)
                found.append(hit)
    return sorted(found, key=lambda hit: hit.start)


def _word_places(plain: str, start: int, end: int) -> frozenset[int]:
    return frozenset(i for i in range(start, end) if plain[i].isalnum() or plain[i] in "_-%+")


def _starred(text: str, hits: Iterable[_Hit]) -> str:
    chars = list(text)
    for hit in hits:
        for at in hit.hidden:
            chars[at] = "*"
    return "".join(chars)


def _apart(hits: Iterable[_Hit]) -> list[tuple[ContactKind, int, int]]:
    """The hits in reading order; those that share what one of them left to be seen are one."""
    found: list[tuple[ContactKind, int, int]] = []
    for kind, start, end, _ in sorted(hits, key=lambda hit: hit.start):
        if found and start < found[-1][2]:
            kind, start, before = found.pop()
            end = max(end, before)
        found.append((kind, start, end))
    return found
