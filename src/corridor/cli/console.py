"""What every command shares: where words go, how errors end, the options with one meaning."""

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from pathlib import Path

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from corridor.demo import corridor_file
from corridor.engine.factors import Corridor, Label, all_kinds
from corridor.engine.text import ReadError
from corridor.io import BadRows, InputError, read_corridor

#: Exit codes: 0 done, 1 the data is wrong, 2 the command is wrong, 130 interrupted.
DATA_ERROR, USAGE_ERROR, INTERRUPTED = 1, 2, 130


class Lang(StrEnum):
    """Language of tables, templates and reports."""

    ZH = "zh"
    EN = "en"

    @property
    def at(self) -> int:
        """Position in a ``Label``."""
        return 0 if self is Lang.ZH else 1


class Screen(Console):
    """A console that ends quietly when its reader has gone (``| head``)."""

    def on_broken_pipe(self) -> None:
        """Keep Python from complaining at exit."""
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0)


out = Screen(highlight=False)
err = Screen(stderr=True, highlight=False, soft_wrap=True)


def plain(text: str) -> str:
    """Text without what would drive a terminal: control characters and direction overrides."""
    return "".join(c if c == "\n" or c.isprintable() or c == "\u3000" else "�" for c in text)


def utf8() -> None:
    """JSON is UTF-8 whatever the terminal speaks."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")


def lenient() -> None:
    """A terminal that cannot show a sign shows "?", it does not end the run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(label: Label) -> None:
    """A line on standard error, in both languages."""
    err.print(plain(f"{label.zh} / {label.en}"), markup=False)


def usage(zh: str, en: str) -> typer.Exit:
    """Say how the command was meant; raise what this returns."""
    say(Label(zh, en))
    return typer.Exit(USAGE_ERROR)


def day(text: str | None) -> date:
    """The day an option names, today by default."""
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise usage(f"--today 应写成 2026-11-22，写的是 {text}",
                    f"--today wants a day like 2026-11-22, got {text}") from None  # fmt: skip


def corridor(path: Path | None) -> Corridor:
    """The corridor of the option, of ./corridor.toml, or the packaged nine cities."""
    if path is None and Path("corridor.toml").is_file():
        path = Path("corridor.toml")
    return read_corridor(path or Path(str(corridor_file())))


@contextmanager
def progress(text: Label, total: int, *, quiet: bool = False) -> Iterator[Callable[[int], None]]:
    """A bar on standard error that shows n/total; hidden when that is no terminal."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, disable=quiet or not err.is_terminal) as bar:
        task = bar.add_task(f"{text.zh} {text.en}", total=total)
        yield lambda step: bar.advance(task, step)


@contextmanager
def errors_explained() -> Iterator[None]:
    """Turn what can go wrong into a clear line and an exit code, never a traceback."""
    try:
        yield
    except BadRows as bad:
        for line in str(bad).splitlines():
            err.print(plain(line), markup=False)
        say(
            Label(
                "改正后重试，或用 --skip-bad 跳过这些行",
                "mend them, or leave them out with --skip-bad",
            )
        )
        raise typer.Exit(DATA_ERROR) from None
    except InputError as wrong:
        say(Label(f"{wrong.file}：{wrong.label.zh}", f"{wrong.file}: {wrong.label.en}"))
        raise typer.Exit(DATA_ERROR) from None
    except ReadError as wrong:
        say(wrong.message)
        raise typer.Exit(DATA_ERROR) from None
    except BrokenPipeError:
        out.on_broken_pipe()
    except OSError as wrong:
        say(Label(f"读写失败：{wrong}", f"could not read or write: {wrong}"))
        raise typer.Exit(DATA_ERROR) from None
    except KeyboardInterrupt:
        say(Label("已中断；没有留下写了一半的文件", "interrupted; no file is left half written"))
        raise typer.Exit(INTERRUPTED) from None


def kind_name(word: str | None) -> str | None:
    """The kind a name or label stands for."""
    if word is None:
        return None
    found = next((k.name for k in all_kinds().values() if word in (k.name, *k.label)), None)
    if found is None:
        names = "、".join(f"{k.name}（{k.label.zh}）" for k in all_kinds().values())
        raise usage(f"没有要素类别 {word}；可选：{names}",
                    f"no factor kind {word}; there are: {', '.join(all_kinds())}")  # fmt: skip
    return found
