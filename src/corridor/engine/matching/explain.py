"""Why a pair passed or failed, in sentences, in Chinese and English."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

from ..factors import Label, Listing, Side, State, TreeList, Type, join, kind, value_text
from .check import Change, Check, checks, closed, smallest_change
from .pair import Evidence, standing
from .parts import PARTS, is_industry
from .places import Distance, anywhere, apart, origins

WEAK_TEXT = 0.35
NEW = 30  # days
NEAR_BY = 150.0  # km
CLOSE_TRADE = 0.65  # the same division
WEAK = Label(
    "提示：内容关联弱，请人工判断", "Note: hardly about the same thing; judge for yourself"
)
_WHO = {Side.NEED: Label("需方", "the need side"), Side.OFFER: Label("供方", "the offer side")}
_TOO_LITTLE = Label("写得不够细：", "is not precise enough on")


@dataclass(frozen=True, slots=True)
class Explanation:
    """What can be said about one pair.

    Attributes:
        passed: no hard limit is broken and nothing else stands in the way.
        verdict: one sentence: passed, passed with things to verify, or failed and why.
        reasons: at most three, strongest first; empty for a failed pair. The last one warns where
            the pair passes but is hardly about the same thing.
        checks: every ask of either side.
        changes: for a failed pair, the smallest changes that together would make it pass; empty
            when no change of the asks would (an expired listing, the same party).
    """

    passed: bool
    verdict: Label
    reasons: tuple[Label, ...]
    checks: tuple[Check, ...]
    changes: tuple[Change, ...]

    @property
    def hard(self) -> tuple[Check, ...]:
        """Every hard ask of either side."""
        return tuple(c for c in self.checks if c.hard)

    @property
    def standing(self) -> Label:
        """How far the hard asks of a pair that passed are checked."""
        hard = self.hard
        return standing(len(hard), all(c.state is State.MET for c in hard))


def explain(
    need: Listing,
    offer: Listing,
    evidence: Evidence | None = None,
    *,
    today: date,
    distance: Distance = anywhere,
) -> Explanation:
    """Explain any pair, whether or not it passes.

    Args:
        evidence: what ``Matcher.evidence`` found out about the pair; without it no reasons.
        today: the day expiry and freshness are judged on.
        distance: kilometres between two places by code, ``None`` when unknown.
    """
    found = tuple(checks(need, offer))
    barred = closed(need, offer, today)
    if barred is not None:
        verdict = Label(f"不能匹配：{barred.zh}。", f"Cannot be matched: {barred.en}.")
        return Explanation(False, verdict, (), found, ())
    if broken := [c for c in found if c.broken]:
        changes = tuple(smallest_change(c) for c in broken)
        return Explanation(False, _failed(broken, changes), (), found, changes)
    pair = evidence and _Pair(need, offer, found, evidence, today, distance)
    return Explanation(True, _passed(found), _strongest(pair) if pair else (), found, ())


@dataclass(frozen=True, slots=True)
class _Pair:
    """All that the sentences are made of."""

    need: Listing
    offer: Listing
    found: tuple[Check, ...]
    evidence: Evidence
    today: date
    distance: Distance


def _strongest(pair: _Pair) -> tuple[Label, ...]:
    """The sentences of what adds most to the score; a part without a sentence gives way."""
    weights, parts = kind(pair.need.kind).part_weights, pair.evidence.parts
    hard = [c for c in pair.found if c.hard]
    ranked = [(weights[part] * (parts[part] or 0.0), part) for part in PARTS]
    if hard:
        ranked.append((sum(c.state is State.MET for c in hard) / len(hard), "hard"))
    ranked.sort(key=lambda r: -r[0])
    said = (_sentence(part, pair) for worth, part in ranked if worth > 0)
    strongest = tuple(islice((sentence for sentence in said if sentence is not None), 3))
    return (*strongest[:2], WEAK) if _hardly_about_the_same(parts, weights) else strongest


def _hardly_about_the_same(parts: Mapping[str, float | None], weights: Mapping[str, float]) -> bool:
    """Where words count most, next to none are shared and the trade is not close either."""
    text, industry = parts["text"], parts["industry"]
    decisive = weights["text"] == max(weights.values())
    return decisive and text is not None and text < WEAK_TEXT and (industry or 0.0) < CLOSE_TRADE


def _sentence(part: str, pair: _Pair) -> Label | None:
    match part:
        case "hard":
            return _hard_reason([c for c in pair.found if c.hard])
        case "text":
            return _text_reason(pair.evidence.words)
        case "industry":
            return _industry_reason(pair)
        case "soft":
            return _wish_reason(pair, Side.NEED, "需方偏好符合", "The need side's wishes met")
        case "reciprocity":
            return _wish_reason(pair, Side.OFFER, "供方偏好符合", "The offer side's wishes met")
        case "distance":
            return _distance_reason(pair)
        case _:
            return _freshness_reason(pair)


# --- sentences ---


def _passed(found: tuple[Check, ...]) -> Label:
    hard = [c for c in found if c.hard]
    unknown = [c for c in hard if c.state is State.UNVERIFIED]
    if not hard:
        return Label("通过：双方都没有硬性条件。", "Passed: neither side sets a hard limit.")
    if not unknown:
        return Label(
            f"通过：{len(hard)} 项硬性条件全部满足。",
            f"Passed: all {len(hard)} hard limits are met.",
        )
    said = _open_points(unknown)
    return Label(
        f"待核实：{len(hard)} 项硬性条件中 {len(unknown)} 项还不能判断（{said.zh}），其余满足。",
        f"To verify: {len(unknown)} of {len(hard)} hard limits cannot be judged yet ({said.en}); "
        "the rest are met.",
    )


def _open_points(unknown: list[Check]) -> Label:
    """What has to be asked, of whom, and whether nothing or too little was stated."""
    said = []
    for who in Side:
        for silent, how in ((True, Label("未写明", "does not state")), (False, _TOO_LITTLE)):
            names = [
                c.attribute.label
                for c in unknown
                if c.asker is not who and (c.answer is None) is silent
            ]
            if names:
                listed = join(names)
                side = _WHO[who]
                said.append(
                    Label(f"{side.zh}{how.zh}{listed.zh}", f"{side.en} {how.en} {listed.en}")
                )
    return join(said, "；", "; ")


def _failed(broken: list[Check], changes: tuple[Change, ...]) -> Label:
    facts = join([_fact(c) for c in broken], "；", "; ")
    wanted = join([change_text(c) for c in changes], "；", "; ")
    both = Label("同时", "all of: ") if len(changes) > 1 else Label("", "")
    return Label(
        f"未通过：{facts.zh}。若{both.zh}{wanted.zh}，即可通过。",
        f"Failed: {facts.en}. It would pass if {both.en}{wanted.en}.",
    )


def _fact(check: Check) -> Label:
    """One ask beside its answer: 净高 7.5 米，要求 ≥8 米."""
    name, ask = check.attribute.label, value_text(check.attribute, check.ask)
    if check.answer is None:
        return Label(f"{name.zh}未写明，要求 {ask.zh}", f"{name.en} not stated, asked {ask.en}")
    have = value_text(check.attribute, check.answer)
    if check.attribute.type is Type.FLAG:
        return Label(f"{name.zh}：{have.zh}", f"{name.en}: {have.en}")
    wanted = (
        Label("不接受", "excluded")
        if check.attribute.relation == "none_of"
        else Label("要求", "asked")
    )
    return Label(
        f"{name.zh} {have.zh}，{wanted.zh} {ask.zh}", f"{name.en} {have.en}, {wanted.en} {ask.en}"
    )


def change_text(change: Change) -> Label:
    """A change as a sentence part: 需方把净高由 ≥8 米放宽到 ≥7.5 米."""
    who, name = _WHO[change.asker], change.attribute.label
    was = value_text(change.attribute, change.ask)
    if change.to is None:
        return Label(
            f"{who.zh}不再要求{name.zh}（{was.zh}）",
            f"{who.en} no longer asks for {name.en} ({was.en})",
        )
    to = value_text(change.attribute, change.to)
    return Label(
        f"{who.zh}把{name.zh}由 {was.zh} 放宽到 {to.zh}",
        f"{who.en} widens {name.en} from {was.en} to {to.en}",
    )


def _hard_reason(hard: list[Check]) -> Label:
    met = [c for c in hard if c.state is State.MET]
    unknown = [c for c in hard if c.state is State.UNVERIFIED]
    shown = join([_fact(c) for c in met[:4]], "；", "; ")
    more = (
        Label(f"等 {len(met)} 项", f" and {len(met) - 4} more") if len(met) > 4 else Label("", "")
    )
    text = Label(f"硬性条件满足：{shown.zh}{more.zh}", f"Hard limits met: {shown.en}{more.en}")
    if not met:
        text = Label("硬性条件尚无一项写明", "No hard limit can be checked yet")
    if unknown:
        points = _open_points(unknown)
        text += Label(f"；待核实：{points.zh}", f"; to verify: {points.en}")
    return text


def _text_reason(words: Sequence[str]) -> Label | None:
    if not words:
        return None
    zh, en = "、".join(f"“{w}”" for w in words), ", ".join(f"“{w}”" for w in words)
    return Label(f"内容相关：都提到{zh}", f"About the same thing: both mention {en}")


def _industry_reason(pair: _Pair) -> Label | None:
    near = pair.evidence.parts["industry"]
    check = next((c for c in pair.found if is_industry(c.attribute)), None)
    if check is None or check.answer is None or (near or 0.0) < CLOSE_TRADE:
        return None
    tree = check.attribute.codes
    assert isinstance(tree, TreeList)
    assert isinstance(check.ask, frozenset) and isinstance(check.answer, frozenset)
    pairs = [(tree.proximity(a, b), a, b) for a in check.ask for b in sorted(check.answer)]
    best = max(pairs, key=lambda p: (p[0], p[1], p[2]))
    here, there = tree.label(best[1]), tree.label(best[2])
    if best[0] == 1.0:
        return Label(f"行业相同：{here.zh}", f"Same industry: {here.en}")
    return Label(
        f"行业相近：{here.zh}与{there.zh}", f"Related industries: {here.en} and {there.en}"
    )


def _wish_reason(pair: _Pair, asker: Side, zh: str, en: str) -> Label | None:
    met = [
        c
        for c in pair.found
        if not c.hard and c.asker is asker and c.state is State.MET and not is_industry(c.attribute)
    ]
    if not met:
        return None
    facts = join([_fact(c) for c in met[:3]], "；", "; ")
    return Label(f"{zh}：{facts.zh}", f"{en}: {facts.en}")


def _distance_reason(pair: _Pair) -> Label | None:
    km = apart(origins(pair.need), origins(pair.offer), pair.distance)
    if not pair.need.city or not pair.offer.city or km is None or km > NEAR_BY:
        return None
    if km < 1:
        return Label("双方在同一城市", "Both are in the same city")
    return Label(f"两地相距约 {km:.0f} 公里", f"About {km:.0f} km apart")


def _freshness_reason(pair: _Pair) -> Label | None:
    if pair.offer.published is None:
        return None
    days = (pair.today - pair.offer.published).days
    if not 0 <= days <= NEW:
        return None
    if days == 0:
        return Label("供给今天发布", "The offer was published today")
    plural = "" if days == 1 else "s"
    return Label(f"供给 {days} 天前发布", f"The offer was published {days} day{plural} ago")
