"""Requests to addresses other people gave us: only to the open internet, to a checked address.

A name is looked up once, every address it has must be public (or in ``CORRIDOR_WEBHOOK_ALLOW``),
and the connection goes to one that was checked, so that a name that answers differently the second
time gains nothing. Redirects are not followed, and no answer may take longer than ten seconds.
"""

import http.client
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from threading import Timer
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from ..core.errors import Invalid, Text

SECONDS = 10.0
PORTS = {"https": 443, "http": 80}
#: Protocol assignments, relays and documentation, which the standard library takes for global.
_SPECIAL = tuple(map(ip_network, ("192.0.0.0/24", "192.88.99.0/24", "2002::/16", "3fff::/20")))

Address = IPv4Address | IPv6Address


def check(url: str) -> list[str]:
    """The addresses of the host of ``url``. Raises ``Invalid`` where it is not one to send to."""
    at, port = _parts(url)
    host = at.hostname or ""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise _refused(_("找不到主机 %(host)s。") % {"host": host}) from None
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    if not addresses or not all(_allowed(ip_address(one)) for one in addresses):
        raise _refused(_("%(host)s 指向内部网络地址，不能作为推送地址。") % {"host": host})
    if at.scheme == "http" and not settings.WEBHOOK_ALLOW.issuperset(addresses):
        raise _refused(_("地址须以 https:// 开头。"))
    return addresses


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST ``body`` and give the status. Raises ``Invalid`` as :func:`check`, or ``OSError``."""
    addresses = check(url)
    at, port = _parts(url)
    connection = _Checked(at, port, addresses)
    # A time limit for each read would let a receiver that sends a byte now and then hold us up.
    late = Timer(SECONDS, connection.abort)
    late.start()
    try:
        target = (at.path or "/") + (f"?{at.query}" if at.query else "")
        connection.request("POST", target, body=body, headers=dict(headers))
        return connection.getresponse().status
    except (http.client.HTTPException, ValueError) as error:
        raise OSError(f"{type(error).__name__}: {error}") from error
    finally:
        late.cancel()
        connection.close()


class _Checked(http.client.HTTPConnection):
    """A connection to one of the addresses that were checked, under the name that was."""

    def __init__(self, at: SplitResult, port: int, addresses: list[str]) -> None:
        super().__init__(at.hostname or "", port, timeout=SECONDS)
        self.default_port = PORTS[at.scheme]  # so that the Host header names any other
        self._secure, self._addresses = at.scheme == "https", addresses

    def connect(self) -> None:
        """Connect to the first address that answers. Raises ``OSError``."""
        plain = self._reached()
        plain.settimeout(SECONDS)
        self.sock = plain
        if self._secure:
            # Shaking hands comes after, so that it too can be aborted.
            context = ssl.create_default_context()
            self.sock = context.wrap_socket(
                plain, server_hostname=self.host, do_handshake_on_connect=False
            )
            self.sock.do_handshake()

    def _reached(self) -> socket.socket:
        share, failure = SECONDS / len(self._addresses), OSError()
        for address in self._addresses:
            try:
                return socket.create_connection((address, self.port), timeout=share)
            except OSError as error:
                failure = error
        raise failure

    def abort(self) -> None:
        """End it from another thread: whatever it waits for fails now."""
        if self.sock is not None:
            with suppress(OSError):
                socket.socket.shutdown(self.sock, socket.SHUT_RDWR)


def _parts(url: str) -> tuple[SplitResult, int]:
    wrong = _refused(_("地址须以 https:// 开头，写明主机名，不含用户名、密码和空格。"))
    try:
        at = urlsplit(url)
        port = PORTS.get(at.scheme, 0) if at.port is None else at.port
    except ValueError:
        raise wrong from None
    named = at.username is not None or at.password is not None
    if not port or not at.hostname or named or not url.isascii() or not url.isprintable():
        raise wrong
    if " " in url or "\\" in url or at.scheme not in PORTS:
        raise wrong
    return at, port


def _allowed(address: Address) -> bool:
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    plain: Address = mapped or address
    return str(plain) in settings.WEBHOOK_ALLOW or _public(plain)


def _public(address: Address) -> bool:
    """Whether anyone on the internet may be meant. What carries an inner IPv4 address is not."""
    if isinstance(address, IPv6Address) and address.is_site_local:
        return False
    special = address.is_multicast or address.is_reserved
    return address.is_global and not special and not any(address in network for network in _SPECIAL)


def _refused(message: Text) -> Invalid:
    return Invalid(message, {"url": message})
