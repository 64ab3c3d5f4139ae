"""The gate of the public form: no picture, no third party, and nobody's lead is thrown away.

What a program does and a person does not (it fills the hidden field, answers at once, sends
links) holds the lead back for someone to look at. A page that was open too long, or a token that
was tampered with, costs another tap and loses no text. The token is sent as the form's
``core.once`` token too, and so is good for one lead.
"""

import re
import secrets
import time

from django.core import signing

from .models import Suspicion

#: The name of the field nobody sees. Browsers fill in what is called email or website.
TRAP = "remark_2"
FASTEST_SECONDS = 5
OLDEST_SECONDS = 24 * 3600
_SALT = "corridor.leads.form"
_LINK = re.compile(
    r"https?:|www\.|[a-z0-9-]+\.(?:com|cn|net|org|top|xyz|vip|club|shop|site|info|ru|cc|me|io)\b",
    re.IGNORECASE,
)


def new_token() -> str:
    """A token for a form that is about to be shown: its nonce and the time, signed."""
    return signing.dumps([secrets.token_hex(16), int(time.time())], salt=_SALT)


def age(token: str) -> int | None:
    """A token's age in seconds; ``None`` where it is forged, or older than a day.

    A clock that went backwards makes a token neither fast nor old: its age is then negative.
    """
    try:
        _nonce, at = signing.loads(token, salt=_SALT)
    except signing.BadSignature:
        return None
    seconds = int(time.time()) - at
    return seconds if seconds <= OLDEST_SECONDS else None


def suspicions(*texts: str, trap: str, seconds: int) -> list[str]:
    """What speaks for a program having filled in the form."""
    found = []
    if trap:
        found.append(Suspicion.TRAP)
    if 0 <= seconds < FASTEST_SECONDS:
        found.append(Suspicion.FAST)
    if any(_LINK.search(text) for text in texts):
        found.append(Suspicion.LINK)
    return [str(one) for one in found]
