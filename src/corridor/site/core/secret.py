"""Contact data: encrypted in the database, masked when shown, revealed only on purpose."""

import base64
import hashlib
import hmac
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute


class Secret:
    """A text that shows itself masked wherever it is printed.

    ``reveal()`` is the only way to the text. Another's contact is shown through ``core.contacts``
    alone, on record; docs/architecture.md lists what else may call it.
    """

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def reveal(self) -> str:
        """The text itself."""
        return self._text

    @property
    def masked(self) -> str:
        """The text with its middle hidden: 138****0000, a***@b.cn, 王**."""
        return mask(self._text)

    def __str__(self) -> str:
        return self.masked

    def __repr__(self) -> str:
        return f"Secret({self.masked!r})"

    def __bool__(self) -> bool:
        return bool(self._text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._text == other._text

    def __hash__(self) -> int:
        return hash(self._text)


def mask(text: str) -> str:
    """Hide what would let someone be reached, and keep enough to recognise one's own."""
    if not text:
        return ""
    if "@" in text:
        name, _, host = text.partition("@")
        return f"{name[:1]}***@{host}"
    digits = re.sub(r"\D", "", text)
    if len(digits) >= 7:
        return f"{digits[:3]}****{digits[-4:]}" if len(digits) >= 11 else f"****{digits[-2:]}"
    return text[:1] + "**"


def _key(purpose: str) -> bytes:
    return hmac.new(settings.SECRET_KEY.encode(), purpose.encode(), hashlib.sha256).digest()


@lru_cache(maxsize=4)
def _cipher(secret_key: str) -> Fernet:
    del secret_key  # the argument is what the cached cipher belongs to
    return Fernet(base64.urlsafe_b64encode(_key("corridor.secret.v1")))


def encrypt(text: str) -> str:
    """A text as the database keeps it: Fernet, that is AES-128-CBC and HMAC-SHA256."""
    return _cipher(settings.SECRET_KEY).encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """What :func:`encrypt` was given. Raises ``ValueError`` where the secret key is not the one."""
    try:
        return _cipher(settings.SECRET_KEY).decrypt(text.encode()).decode()
    except InvalidToken as error:
        raise ValueError("secret.key is not the key this database was written with") from error


def blind_index(text: str) -> str:
    """A keyed digest of a phone number or address, equal for equal ones however written."""
    plain = text.strip().lower() if "@" in text else re.sub(r"\D", "", text)[-11:]
    return hmac.new(_key("corridor.index.v1"), plain.encode(), hashlib.sha256).hexdigest()


class _Wrapped(DeferredAttribute):
    """Makes a secret of whatever is assigned, so that no instance holds the plain text."""

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = self.field.to_python(value)


# Django's fields are generic to the type checker only.
if TYPE_CHECKING:
    _Text = models.TextField[Any, Any]
else:
    _Text = models.TextField


class SecretField(_Text):
    """A text kept encrypted; its value is a :class:`Secret`."""

    descriptor_class = _Wrapped

    def get_prep_value(self, value: object) -> str:
        """Encrypt on the way in."""
        text = self.to_python(value).reveal()
        return encrypt(text) if text else ""

    def from_db_value(self, value: str | None, *_: object) -> Secret:
        """Decrypt on the way out. Raises ``ValueError`` where the secret key is not the one."""
        return Secret(decrypt(value) if value else "")

    def to_python(self, value: object) -> Secret:
        """A secret out of plain text."""
        return value if isinstance(value, Secret) else Secret(str(value or ""))
