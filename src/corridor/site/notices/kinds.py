"""The kinds of notices. Each app declares its own in its ``notices.py``."""

from dataclasses import dataclass

from ..core.errors import Text


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """A kind of notice.

    Attributes:
        name: as stored, ``app.event``.
        text: what happened; a lazy translation with ``%(name)s`` places.
        action: the words of the button to the next thing to do; a lazy translation.
    """

    name: str
    text: Text
    action: Text


KINDS: dict[str, NoticeKind] = {}


def kind(name: str, text: Text, action: Text) -> NoticeKind:
    """Declare a kind of notice."""
    if name in KINDS:
        raise ValueError(f"two kinds of notice are named {name}")
    KINDS[name] = NoticeKind(name, text, action)
    return KINDS[name]
