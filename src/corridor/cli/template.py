"""``corridor template``: an empty sheet for one kind, derived from its declaration."""

import json
from pathlib import Path

import typer

from corridor.engine.factors import Label
from corridor.io import write_template

from . import console, options


def template(
    kind: options.KindArgument,
    output: options.TemplateOption = None,
    side: options.SideOption = None,
    lang: options.LangOption = console.Lang.ZH,
    as_json: options.JsonOption = False,
) -> None:
    """生成某类要素的填报模板。/ Write the import template of a factor kind."""
    with console.errors_explained():
        name = str(console.kind_name(kind))
        path = output or Path(f"{name}-template-{lang.value}.xlsx")
        if path.suffix.lower() not in (".xlsx", ".csv"):
            raise console.usage(
                f"{path}：模板的后缀应为 .xlsx 或 .csv", f"{path}: a template is .xlsx or .csv"
            )
        if path.exists():
            raise console.usage(
                f"{path} 已存在，不覆盖；请用 -o 换一个名字",
                f"{path} exists and is left as it is; name another with -o",
            )
        write_template(path, name, lang=lang.value, side=side)
        if as_json:
            typer.echo(json.dumps({"template": str(path), "kind": name}, ensure_ascii=False))
        else:
            console.say(Label(f"已写出 {path}", f"wrote {path}"))
