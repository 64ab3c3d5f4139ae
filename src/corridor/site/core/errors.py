"""Refusals: what was wrong, and what would be right, with the HTTP status they answer with."""

from collections.abc import Mapping

from django.utils.functional import Promise

Text = str | Promise


class Refused(Exception):
    """A request that is refused. ``message`` is in the language of the page; nothing was changed.

    ``fields`` names the fields at fault, with what would be right for each.
    """

    status = 400
    code = "refused"

    def __init__(self, message: Text, fields: Mapping[str, Text] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.fields = dict(fields or {})


class Missing(Refused):
    """There is no such thing, or the actor may not know of it: the two look alike."""

    status, code = 404, "missing"


class Forbidden(Refused):
    """The actor sees the thing but may not do this to it."""

    status, code = 403, "forbidden"


class NotNow(Refused):
    """The thing is not in a state that allows this, or someone else was first."""

    status, code = 409, "not_now"


class Invalid(Refused):
    """What was sent is not right."""

    status, code = 422, "invalid"


class TooLarge(Refused):
    """More was sent than is taken."""

    status, code = 413, "too_large"


class TooOften(Refused):
    """Too many attempts; ``retry`` is in seconds."""

    status, code = 429, "too_often"

    def __init__(self, message: Text, retry: int) -> None:
        super().__init__(message)
        self.retry = retry
