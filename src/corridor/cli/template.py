"""``corridor template``: an empty sheet for one kind, or an empty conference workbook, from declarations."""

import json
from pathlib import Path

import typer

from corridor.engine.factors import Label
from corridor.io import write_template
from corridor.io.conference import write_conference_template

from . import console, options

#: What is written in place of a kind for the workbook of a conference.
CONFERENCE = ("conference", "大会")


def template(
    kind: options.KindArgument,
    output: options.TemplateOption = None,
    side: options.SideOption = None,
    lang: options.LangOption = console.Lang.ZH,
    as_json: options.JsonOption = False,
) -> None:
    """生成某类要素的填报模板，或大会的空工作簿。/ Write the import template of a factor kind, or of a conference."""
    with console.errors_explained():
        meeting = kind in CONFERENCE
        name = CONFERENCE[0] if meeting else str(console.kind_name(kind))
        path = output or Path(f"{name}-template-{lang.value}.xlsx")
        allowed = [".xlsx"] if meeting else [".xlsx", ".csv"]
        if path.suffix.lower() not in allowed:
            raise console.usage(
                f"{path}：模板的后缀应为 {' 或 '.join(allowed)}",
                f"{path}: a template is {' or '.join(allowed)}",
            )
        if meeting and side is not None:
            raise console.usage("大会的工作簿不分供需", "the workbook of a conference has no sides")
        if path.exists():
            raise console.usage(
                f"{path} 已存在，不覆盖；请用 -o 换一个名字",
                f"{path} exists and is left as it is; name another with -o",
            )
        if meeting:
            write_conference_template(path, lang=lang.value)
        else:
            write_template(path, name, lang=lang.value, side=side)
        if as_json:
            typer.echo(json.dumps({"template": str(path), "kind": name}, ensure_ascii=False))
        else:
            console.say(Label(f"已写出 {path}", f"wrote {path}"))
