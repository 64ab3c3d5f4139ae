"""The command line: ``corridor match | schedule | evaluate | template | sample``, and the site's commands."""

from typing import Annotated

import typer

from corridor import __version__

from .console import lenient
from .evaluate import evaluate
from .match import match
from .sample import sample
from .schedule import schedule
from .site import demo, doctor, serve, setup, worker
from .template import template

app = typer.Typer(
    name="corridor",
    help="走廊 · 要素对接平台：让供需跨城对接，并说明理由。/ Match needs with offers across cities, and say why.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _command in (demo, match, schedule, evaluate, template, sample, serve, worker, doctor, setup):
    app.command()(_command)


@app.callback(invoke_without_command=True)
def _root(
    version: Annotated[bool, typer.Option("--version", help="版本 / version")] = False,
) -> None:
    if version:
        typer.echo(f"corridor {__version__}")
        raise typer.Exit


def main() -> None:
    """Entry point of the ``corridor`` program."""
    lenient()
    app()
