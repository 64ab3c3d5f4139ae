"""Which kind a text is about, and which side it stands on, from the declarations and a few verbs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import chain

from ..factors import FactorKind, Range, Relation, Side, Type, all_kinds
from .codewords import Field
from .lexicon import Key, Words, lexicon
from .normal import fold
from .quantities import find_quantities

# How much a word of each sort says for its kind, before it is shared among the kinds that know it.
_OWN, _CODE, _FLAG, _CUE, _UNIT = 3.0, 1.5, 1.5, 1.0, 1.0

_OFFER = re.compile(
    r"(?<!求)出租|招租|出售|转租|分租|供应(?!商)|现货|有售|承接|对外|代加工|自产|厂家|展商|展品|求职|期望年?薪|我行|我校|课题组"
    r"|基金|私募|单笔|授信|银行(?!贷)|管理规模|重点[看投]|[主]?投(?=天使|种子|[abcd]轮)|给予|可享|安家补贴,|受理|资助|单个(?:企业|项目)"
    r"|(?:找|寻求|寻)[^，。;,]{0,6}(?:代理|采购商|经销商|买家|投资方)|可供|资质实验室|持有|能做|都能|派遣|开放|提供|转让"
)
_MAY = re.compile(r"可(?!以|能|接受|扩|量产|转债)")
_NEED = re.compile(
    r"(?<![不无勿没别未])(?:(?<![要需])求(?!职)|找|需要|急需|需求|需|想|采购(?!商)|招(?![商租])|缺|寻(?!求)|希望"
    r"|(?<!不[需想])要(?!求)|购买|急租|求租|租个|承租|解决|攻关|揭榜|预算|悬赏|我们是|我公司是|融资(?=[0-9])|接受)"
)


def guess_kind(text: str) -> FactorKind | None:
    """The kind a folded text points to; ``None`` when no word of any kind is in it.

    Each word counts once, shared among the kinds that know it; ties go to the kind declared first.
    """
    kinds = tuple(all_kinds().values())
    words, weights = _vocabulary(tuple(map(Key, kinds)))
    scores = [0.0] * len(kinds)
    for word in dict.fromkeys(f.word for f in words.find(text)):
        _add(scores, weights[word])
    for form in dict.fromkeys(q.form for q in find_quantities(text[:2000]) if q.form):
        _add(
            scores,
            _shared(
                [i for i, k in enumerate(kinds) if form in lexicon(k, Side.NEED).defaults], _UNIT
            ),
        )
    best = max(range(len(kinds)), key=lambda i: (scores[i], -i), default=0)
    return kinds[best] if kinds and scores[best] > 0 else None


def _add(scores: list[float], weights: Iterable[tuple[int, float]]) -> None:
    for index, weight in weights:
        scores[index] += weight


def _shared(indices: Sequence[int], weight: float) -> tuple[tuple[int, float], ...]:
    return tuple((i, weight / len(indices)) for i in indices)


@lru_cache(maxsize=4)
def _vocabulary(
    keys: tuple[Key[FactorKind], ...],
) -> tuple[Words, Mapping[str, tuple[tuple[int, float], ...]]]:
    found: dict[str, dict[int, float]] = {}
    for index, key in enumerate(keys):
        words = lexicon(key.of, Side.NEED)
        own = map(fold, key.of.cues)
        groups = (
            (own, _OWN),
            (chain.from_iterable(words.codes.sets()), _CODE),
            (words.flags, _FLAG),
            (words.cues, _CUE),
        )
        for group, weight in groups:
            for word in group:
                if len(word) > 1 or weight == _OWN:
                    known = found.setdefault(word, {})
                    known[index] = max(known.get(index, 0.0), weight)
    same: dict[tuple[tuple[int, float], ...], tuple[tuple[int, float], ...]] = {}
    weights = {}
    for word, known in found.items():
        weight_of = tuple((i, v / len(known)) for i, v in known.items())
        weights[word] = same.setdefault(weight_of, weight_of)  # thousands of places weigh the same
    return Words(weights), weights


def guess_side(text: str, fields: Sequence[Field]) -> Side:
    """The side the verbs of a folded text speak for, and the way its limits point.

    A limit that points the way its attribute asks (层高 8 米以上) speaks for the side that asks,
    one that points the other way (年利率 3.2% 起) for the side that answers. Need where neither
    outweighs.
    """
    offers = len(_OFFER.findall(text)) + 0.6 * len(_MAY.findall(text))
    needs = float(len(_NEED.findall(text)))
    for field in fields:
        asker = _speaks_for(field)
        offers += 0.7 * (asker is Side.OFFER)
        needs += 0.7 * (asker is Side.NEED)
    return Side.OFFER if offers > needs else Side.NEED


def _speaks_for(field: Field) -> Side | None:
    attribute, value = field.attribute, field.value
    if not isinstance(value, Range) or attribute.type in (Type.FLAG, Type.DAY):
        return None
    open_end = {Relation.AT_LEAST: value.hi, Relation.AT_MOST: value.lo}
    other_end = {Relation.AT_LEAST: value.lo, Relation.AT_MOST: value.hi}
    shut = Decimal(0)
    if open_end.get(attribute.relation or Relation.NEAR, shut) is None:
        return attribute.asked_by
    if other_end.get(attribute.relation or Relation.NEAR, shut) is None:
        return attribute.asked_by.other
    return None
