"""``corridor match --text``: one pasted need, read, shown for confirmation, and matched."""

import json
from datetime import date
from pathlib import Path

import typer
from rich.table import Table
from rich.text import Text

from corridor.demo import world
from corridor.engine.factors import (
    Label,
    Listing,
    Side,
    Value,
    kind,
    value_text,
)
from corridor.engine.matching import Matcher, Result, results
from corridor.engine.text import Field, Reading, read
from corridor.io import Record, result_record

from . import console, show
from .inputs import Inputs

PASTED = "pasted"


def pasted_need(
    text: str, offers: Path | None, how: Inputs, *, top: int, lang: console.Lang, as_json: bool
) -> None:
    """Read a need, say how it was understood, and match it with a file or the demo world."""
    shape = kind(how.kind) if how.kind else None
    reading = read(text, shape, Side.NEED, today=how.today, near=how.corridor.codes)
    if reading.kind is None:
        raise console.usage(
            "看不出这段话要的是哪类要素，请加 --kind", "cannot tell the kind of factor: add --kind"
        )
    need = listing_of(reading)
    matcher = Matcher(today=how.today, distance=how.corridor.distance_km)
    matcher.fit(
        how.load_for(offers, Side.OFFER, need.kind) if offers else _demo_offers(need, how.today)
    )
    (result,) = results(matcher, matcher.match_all([need], top))
    if as_json:
        record = result_record(result) | {
            "fields": _fields(reading, need),
            "unread": [
                {"span": reading.text[start:end], "start": start, "end": end}
                for start, end in reading.unread
            ],
        }
        typer.echo(json.dumps([record], ensure_ascii=False, indent=1))
        return
    _show(reading, need, result, lang)


def listing_of(reading: Reading) -> Listing:
    """The need a reading makes; what was read is shown for confirmation, so it limits."""
    return Listing(
        PASTED, Side.NEED, str(reading.kind), title="", text=reading.text, values=reading.limits()
    )


def _demo_offers(need: Listing, today: date) -> list[Listing]:
    console.say(
        Label(
            "未给供给文件，与合成的演示数据匹配",
            "no offers given: matching with the synthetic demo world",
        )
    )
    return [offer for offer in world(today=today).offers if offer.kind == need.kind]


def _fields(reading: Reading, need: Listing) -> list[Record]:
    """How each part of the text was understood, with the part itself."""
    said = []
    for field in reading.fields:
        value = value_text(field.attribute, _as_asked(field, need))
        said.append({
            "attribute": field.attribute.name, "label_zh": field.attribute.label.zh,
            "label_en": field.attribute.label.en, "value_zh": value.zh, "value_en": value.en,
            "span": reading.text[field.start : field.end], "start": field.start, "end": field.end,
            "note_zh": field.note and field.note.zh, "note_en": field.note and field.note.en,
        })  # fmt: skip
    return said


def _as_asked(field: Field, need: Listing) -> Value:
    """A code as this part of the text names it; an amount as the need asks it."""
    asked = need.values.get(field.attribute.name, field.value)
    return field.value if isinstance(asked, frozenset) else asked


def _show(reading: Reading, need: Listing, result: Result, lang: console.Lang) -> None:
    shape, zh = kind(need.kind), lang is console.Lang.ZH
    title = (
        f"读懂的需求（{shape.label.zh}），请核对"
        if zh
        else f"Understood as a need for {shape.label.en}: please check"
    )
    grid = Table(title=title, title_justify="left")
    for name in (
        ("项目", "理解为", "原文", "说明") if zh else ("Attribute", "Read as", "Text", "Note")
    ):
        grid.add_column(name)
    tail = "zh" if zh else "en"
    for field in _fields(reading, need):
        grid.add_row(
            *(
                Text(field[k] or "")
                for k in (f"label_{tail}", f"value_{tail}", "span", f"note_{tail}")
            )
        )
    console.out.print(grid)
    if reading.unread:
        words = "、".join(f"“{reading.text[start:end]}”" for start, end in reading.unread)
        console.say(Label(f"未读懂的数字：{words}", f"numbers not understood: {words}"))
    show.table([result], lang, most=1)
