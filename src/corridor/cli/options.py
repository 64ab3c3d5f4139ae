"""Every option of the commands, once."""

from pathlib import Path
from typing import Annotated

import typer

from corridor.engine.factors import Side

from .console import Lang

LangOption = Annotated[Lang, typer.Option("--lang", help="输出语言 / language: zh | en")]
JsonOption = Annotated[
    bool, typer.Option("--json", help="标准输出为 JSON / JSON on standard output")
]
KindOption = Annotated[
    str | None,
    typer.Option(
        "--kind", help="要素类别（文件未写明时）/ factor kind, where the file does not say"
    ),
]
SkipOption = Annotated[
    bool,
    typer.Option("--skip-bad", help="跳过有误的行并逐一列出 / leave bad rows out and list them"),
]
CorridorOption = Annotated[
    Path | None,
    typer.Option("--corridor", help="走廊城市表 corridor.toml / the corridor's city table"),
]
TodayOption = Annotated[
    str | None,
    typer.Option("--today", metavar="YYYY-MM-DD", help="按哪一天计算 / the day to judge by"),
]
NeedsArgument = Annotated[
    Path | None, typer.Argument(help="需求文件 / needs: csv xlsx jsonl parquet", show_default=False)
]
OffersArgument = Annotated[
    Path | None, typer.Argument(help="供给文件 / offers: the same formats", show_default=False)
]
OutputOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--output", "-o", help="结果文件，可多个：xlsx csv jsonl parquet html / results, repeatable"
    ),
]
TextOption = Annotated[
    str | None, typer.Option("--text", help="直接粘贴一条需求 / one pasted need")
]
TopOption = Annotated[
    int, typer.Option("--top", min=1, max=1000, help="每条最多几个结果 / results per listing")
]
ReverseOption = Annotated[
    bool, typer.Option("--reverse", help="反向：谁需要我的供给 / who needs each offer")
]
AllocateOption = Annotated[
    bool,
    typer.Option("--allocate", help="统筹分配，兼顾双方承接数 / allocate over everyone at once"),
]
FloorOption = Annotated[
    list[str] | None,
    typer.Option(
        "--floor", metavar="城市=数", help="分配时某城市需求至少达成几项 / a city's floor, CITY=N"
    ),
]
QueriesOption = Annotated[Path, typer.Option("--queries", help="查询表：id,text / queries")]
DocumentsOption = Annotated[Path, typer.Option("--documents", help="文档表：id,text / documents")]
JudgementsOption = Annotated[
    Path, typer.Option("--judgements", help="标注表：query,document,grade / judgements")
]
KindArgument = Annotated[
    str, typer.Argument(help="要素类别，如 space；或 conference / factor kind, or conference")
]
TemplateOption = Annotated[
    Path | None, typer.Option("--output", "-o", help="写到哪里（xlsx csv）/ where to")
]
SideOption = Annotated[Side | None, typer.Option("--side", help="只要一方 / one side only")]
DataOption = Annotated[Path, typer.Option("--data", help="输出目录 / where to write")]
ListingsOption = Annotated[
    int, typer.Option("--listings", min=200, max=1_000_000, help="供需条数 / listings")
]
SeedOption = Annotated[int, typer.Option("--seed", help="随机种子 / seed")]
ConferenceArgument = Annotated[
    Path, typer.Argument(help="大会工作簿 .xlsx，或洽谈实例 .json / a conference or instance")
]
TimetableOption = Annotated[
    list[Path] | None,
    typer.Option("--output", "-o", help="时间表，可多个：xlsx html json / timetables, repeatable"),
]
CalendarsOption = Annotated[
    Path | None, typer.Option("--ics", help="各方日历写到哪个文件夹 / a folder for calendars")
]
CheckOption = Annotated[
    Path | None, typer.Option("--check", help="只检验这份时间表 / only check this timetable")
]
LimitOption = Annotated[
    float | None, typer.Option("--time-limit", min=0.1, help="最多几秒 / seconds at most")
]
