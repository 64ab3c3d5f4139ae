"""Where a clause ends, and whether a word in it is refused (不接受化工、电镀 / 化工电镀勿扰)."""

import re
from bisect import bisect_right

_ENDS = re.compile(r"[，。;；、\n!?！？]|,(?![0-9]{3}(?![0-9]))|(?<![0-9]),")
_ADJOIN = re.compile(r"(?:[、/和或及与跟]|或者|以及| )?")
# Between two words of a refused list: 企业、 or an item that is no code word (房地产、P2P、白酒).
_ITEM = re.compile(
    r"(?:类|企业|行业|产业|项目|客户)?(?:[、/](?:(?![只专主看要找可优重])[^，。;；、,\n!?！？/]){1,6})?"
    r"(?:[、/和或及与]|或者|以及)"
)
_REFUSED_BEFORE = re.compile(
    r"(?:不接受|不接收|不接|不考虑|不要求|不要|不需要?|不用|无需|无须|不含|不招收?|不做|不收|不带|不配|不设|不包|不参加|不提供|不支持|不解决|不欢迎"
    r"|不投资?|不碰|不涉及|不涉足|不介入|不看|不参与|不引进|不鼓励|不受理|不承接|不对接|排除|剔除|规避|回避|避开"
    r"|没有|没|谢绝|拒绝|禁止|严禁|不得|除了?)(?:任何|有|从事|引进|涉及|能|的|做|是|再)*(?:[^，。;；、\n,]{0,2})$"
)
# Words that refuse a list whose first items may be no code words (不涉及危化品、化工).
_REFUSED_LIST = re.compile(
    r"(?:不接受|不接收|不考虑|不要(?!求)|不招|不收|不欢迎|不投资?|不碰|不涉及|不涉足|不介入|不引进|谢绝|拒绝|禁止|严禁|排除)"
    r"(?:(?![只专主看要找可优重])[^，。;；、,\n!?！？/]){1,8}[、/](?:[^，。;；、,\n!?！？/]{1,6}[、/]){0,1}$"
)
_REFUSED_CLOSE = re.compile(r"(?:(?<![无是])不|非|无|未|免|勿|别)$")
_ASKED = re.compile(r"(?:有没有|有无|是不是|能不能|是否)[^，。;；、\n,]{0,6}$")
_REFUSED_AFTER = re.compile(
    r"(?:的|类|企业|行业|项目|客户|等|资质|证|一概|一律|都|均|也|统统|以?外)*"
    r"(?:勿扰|勿来|除外|以外|免谈|谢绝|不要求|不要|不考虑|不接受|不需要|不用|不做|不行|不收|没有|不带|不配|不设|不包|不参加|不提供|不含|不支持"
    r"|不投|不碰|不涉及|不涉足|不介入|不看|不参与|不引进|不欢迎|不接|拒绝|排除|勿入|绕行"
    r"|不可以?|不能|暂无|无(?=$|[，。;；、\n,]))"
)


_LEFT_BEHIND = re.compile(
    r"(?:目前|现在|原来|原先|之前|以前)[^，。;；\n]{0,12}(?:不够|太小|到期|拥挤|租了|租的)[^，。;；\n]{0,12}"
)


def left_behind(text: str) -> list[tuple[int, int]]:
    """Where the text tells what one has now and wants to leave (目前租了三层楼不够用)."""
    return [m.span() for m in _LEFT_BEHIND.finditer(text)]


class Clauses:
    """The clause borders of a folded text."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._ends = [m.start() for m in _ENDS.finditer(text)]

    def of(self, at: int) -> int:
        """The number of the clause that holds a position."""
        return bisect_right(self._ends, at - 1)

    def together(self, first: int, second: int) -> bool:
        """Whether two positions stand in one clause."""
        return self.of(first) == self.of(second)


def adjoining(text: str, end: int, start: int) -> bool:
    """Whether only 、, 和, 或 or nothing stands between two words of a list."""
    return end <= start <= end + 2 and _ADJOIN.fullmatch(text, end, start) is not None


def _listed(text: str, end: int, start: int) -> bool:
    return adjoining(text, end, start) or (
        end < start <= end + 12 and _ITEM.fullmatch(text, end, start) is not None
    )


def refused(text: str, spans: list[tuple[int, int]]) -> list[bool]:
    """For each word span, in reading order, whether the text refuses it.

    A refusal reaches over the whole list it stands before or after, not beyond; an item of the list
    that is no code word does not end it.
    """
    found = [_refused_here(text, start, end) for start, end in spans]
    direction = range(1, len(spans)), range(len(spans) - 2, -1, -1)
    for i in direction[0]:
        if found[i - 1] == "before" and _listed(text, spans[i - 1][1], spans[i][0]):
            found[i] = found[i] or "before"
    for i in direction[1]:
        if found[i + 1] == "after" and _listed(text, spans[i][1], spans[i + 1][0]):
            found[i] = found[i] or "after"
    return [bool(f) for f in found]


def _refused_here(text: str, start: int, end: int) -> str:
    window = text[max(0, start - 10) : start]
    if _ASKED.search(window):
        return ""
    if _REFUSED_BEFORE.search(window) or _REFUSED_CLOSE.search(window):
        return "before"
    if _REFUSED_LIST.search(text[max(0, start - 22) : start]):
        return "before"
    return "after" if _REFUSED_AFTER.match(text, end, end + 12) else ""
