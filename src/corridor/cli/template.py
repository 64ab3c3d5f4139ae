"""``corridor template``: an empty sheet for one kind, derived from its declaration."""

from pathlib import Path
from typing import Annotated

import typer

from corridor.engine.factors import Label, Side, all_kinds
from corridor.io import write_template

from . import console


def template(
    kind: Annotated[str, typer.Argument(help="要素类别，如 space / factor kind")],
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="写到哪里（xlsx csv）/ where to")
    ] = None,
    side: Annotated[
        Side | None, typer.Option(help="只要一方：need | offer / one side only")
    ] = None,
    lang: console.LangOption = console.Lang.ZH,
    as_json: console.JsonOption = False,
) -> None:
    """生成某类要素的填报模板。/ Write the import template of a factor kind."""
    with console.errors_explained():
        shape = next((k for k in all_kinds().values() if kind in (k.name, *k.label)), None)
        if shape is None:
            names = "、".join(f"{k.name}（{k.label.zh}）" for k in all_kinds().values())
            raise console.usage(f"没有要素类别 {kind}；可选：{names}",
                                f"no factor kind {kind}; there are: {', '.join(all_kinds())}")  # fmt: skip
        path = output or Path(f"{shape.name}-template-{lang.value}.xlsx")
        write_template(path, shape.name, lang=lang.value, side=side)
        if as_json:
            import json

            typer.echo(json.dumps({"template": str(path), "kind": shape.name}, ensure_ascii=False))
        else:
            console.say(Label(f"已写出 {path}", f"wrote {path}"))
