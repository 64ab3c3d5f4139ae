"""The templates of the offline pages, and what every one of them may say."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from . import wording


@cache
def environment() -> Environment:
    """Everything that goes into a template is escaped there."""
    made = Environment(
        loader=PackageLoader("corridor.report"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    script = _asset("script.js")
    digest = b64encode(sha256(script.encode()).digest()).decode()
    made.globals |= {
        "style": Markup(_asset("style.css")),
        "script": Markup(script),
        "digest": digest,
        "both": wording.both,
        "say": wording.say,
        "n": wording.number,
        "rate": wording.rate,
        "day": wording.day,
    }
    return made


def _asset(name: str) -> str:
    return (Path(__file__).parent / "templates" / name).read_text(encoding="utf-8")
