"""Results as plain records: the one stable shape of JSON, and the flat rows of a table.

The JSON schema is ``docs/schema/match.schema.json``; a test holds every record to it.
"""

from collections.abc import Iterable, Iterator
from typing import Any

from corridor.engine.factors import PLACES, Label, Listing, Side, State, value_text
from corridor.engine.factors import kind as kind_of
from corridor.engine.matching import (
    Change,
    Check,
    Found,
    Nothing,
    Relaxation,
    Result,
    change_text,
    counterpart,
)

Record = dict[str, Any]

COLUMNS = (
    ("need", "需求编号"), ("need_title", "需求标题"), ("kind", "要素类别"), ("need_city", "需求城市"),
    ("rank", "名次"), ("offer", "供给编号"), ("offer_title", "供给标题"), ("offer_city", "供给城市"),
    ("score", "得分"), ("limits", "硬性条件"), ("chosen", "统筹分配"), ("reason_1", "理由一"),
    ("reason_2", "理由二"), ("reason_3", "理由三"), ("to_verify", "待核实"), ("nothing", "未匹配原因"),
)  # fmt: skip

YES_NO = {True: Label("是", "yes"), False: Label("否", "no")}


def result_record(result: Result) -> Record:
    """One listing with what it found, as JSON takes it. Contacts are never part of it."""
    listing = result.listing
    return {
        str(listing.side): listing.id,
        "kind": listing.kind,
        "title": listing.title,
        "city": listing.city,
        "matches": [_found(listing, found) for found in result.found],
        "nothing": None if result.nothing is None else _nothing(listing, result.nothing),
    }


def _found(listing: Listing, found: Found) -> Record:
    other = counterpart(listing, found.match)
    record: Record = {
        str(other.side): other.id,
        "title": other.title,
        "city": other.city,
        "score": round(found.match.score, 6),
        "verified": found.match.verified if found.match.limits else None,
        "parts": {
            part: None if value is None else round(value, 6)
            for part, value in found.match.parts.items()
        },
        "hard": [_check(check) for check in found.hard],
        "reasons_zh": [reason.zh for reason in found.reasons],
        "reasons_en": [reason.en for reason in found.reasons],
    }
    if found.chosen is not None:
        record["chosen"] = found.chosen
    return record


def _check(check: Check) -> Record:
    ask = value_text(check.attribute, check.ask)
    answer = None if check.answer is None else value_text(check.attribute, check.answer)
    return {
        "attribute": check.attribute.name,
        "label_zh": check.attribute.label.zh,
        "label_en": check.attribute.label.en,
        "asked_by": str(check.asker),
        "ask_zh": ask.zh,
        "ask_en": ask.en,
        "answer_zh": answer and answer.zh,
        "answer_en": answer and answer.en,
        "state": check.state.name.lower(),
    }


def _nothing(listing: Listing, nothing: Nothing) -> Record:
    sentence, nearest = nothing.sentence(), nothing.nearest
    return {
        "considered": nothing.considered,
        "sentence_zh": sentence.zh,
        "sentence_en": sentence.en,
        "relaxations": [_relaxation(r) for r in nothing.relaxations],
        "nearest": nearest and {
            "id": counterpart(listing, nearest).id,
            "title": counterpart(listing, nearest).title,
            "changes": [_change(change) for change in nearest.changes],
        },
    }  # fmt: skip


def _relaxation(relaxation: Relaxation) -> Record:
    return {
        **_change(relaxation.change),
        "freed": relaxation.freed,
        "nearest": relaxation.nearest.id,
    }


def _change(change: Change) -> Record:
    text = change_text(change)
    return {"attribute": change.attribute.name, "change_zh": text.zh, "change_en": text.en}


def table_columns(lang: int) -> list[str]:
    """Headers of the result table, Chinese (0) or English (1)."""
    return [names[1 - lang] for names in COLUMNS]


def table_rows(results: Iterable[Result], lang: int) -> Iterator[list[object]]:
    """One row per pair, and one for each listing that found nothing, saying why."""
    for result in results:
        head = [result.listing.id, result.listing.title, kind_of(result.listing.kind).label[lang],
                _city(result.listing, lang)]  # fmt: skip
        for rank, found in enumerate(result.found, 1):
            yield [*head, rank, *_pair_cells(result.listing, found, lang), None]
        if result.nothing is not None:
            empty: list[object] = [None] * (len(COLUMNS) - len(head) - 1)
            yield [*head, *empty, result.nothing.sentence()[lang]]


def _pair_cells(listing: Listing, found: Found, lang: int) -> list[object]:
    other = counterpart(listing, found.match)
    said = [reason[lang] for reason in found.reasons] + [""] * (3 - len(found.reasons))
    unknown = [c.attribute.label[lang] for c in found.hard if c.state is State.UNVERIFIED]
    chosen = "" if found.chosen is None else YES_NO[found.chosen][lang]
    verified = found.match.standing[lang]
    return [other.id, other.title, _city(other, lang), round(found.match.score, 4), verified,
            chosen, *said, ("、", ", ")[lang].join(unknown)]  # fmt: skip


def _city(listing: Listing, lang: int) -> str:
    return PLACES.label(listing.city)[lang] if listing.city else ""


def side_columns(asking: Side, lang: int) -> list[str]:
    """The headers when ``asking`` is the side of the rows: offers that look for needs swap names."""
    names = table_columns(lang)
    if asking is Side.NEED:
        return names
    swap = {"需求": "供给", "供给": "需求", "need": "offer", "offer": "need"}
    return [
        next((n.replace(a, b, 1) for a, b in swap.items() if n.startswith(a)), n) for n in names
    ]
