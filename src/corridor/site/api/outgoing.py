"""Requests to addresses other people gave us: only to the open internet, to one checked address.

A name is looked up once, every address it has must be public (or in ``CORRIDOR_WEBHOOK_ALLOW``),
and the connection goes to the address that was checked, so that a name that answers differently
the second time gains nothing. Redirects are not followed.
"""

import http.client
import ipaddress
import socket
import ssl
from collections.abc import Mapping
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from ..core.errors import Invalid

SECONDS = 10
PORTS = {"https": 443, "http": 80}


def checked_address(url: str) -> str:
    """The address of the host of ``url``. Raises ``Invalid`` where it is not one to send to."""
    at = urlsplit(url)
    try:
        port = at.port or PORTS.get(at.scheme, 0)
    except ValueError:
        port = 0
    if at.scheme not in PORTS or not at.hostname or not port or at.username or at.password:
        raise Invalid(_("地址须以 https:// 开头，写明主机名，不含用户名和密码。"))
    try:
        found = socket.getaddrinfo(at.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Invalid(_("找不到主机 %(host)s。") % {"host": at.hostname}) from None
    addresses = [str(entry[4][0]) for entry in found]
    allowed = all(_open(ipaddress.ip_address(address)) for address in addresses)
    if not addresses or not allowed:
        raise Invalid(_("%(host)s 指向内部网络地址，不能作为推送地址。") % {"host": at.hostname})
    if at.scheme == "http" and addresses[0] not in settings.WEBHOOK_ALLOW:
        raise Invalid(_("地址须以 https:// 开头。"))
    return addresses[0]


def _open(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    mapped = getattr(address, "ipv4_mapped", None)
    plain = mapped or address
    return str(plain) in settings.WEBHOOK_ALLOW or (plain.is_global and not plain.is_multicast)


def post(url: str, body: bytes, headers: Mapping[str, str]) -> int:
    """POST ``body`` and give the status. Raises ``Invalid`` or ``OSError``."""
    at = urlsplit(url)
    address = checked_address(url)
    host = at.hostname or ""
    port = at.port or PORTS[at.scheme]
    plain = socket.create_connection((address, port), timeout=SECONDS)
    try:
        secure = at.scheme == "https"
        wrapped = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=host)
            if secure
            else plain
        )
        connection = http.client.HTTPConnection(host, port, timeout=SECONDS)
        connection.sock = wrapped
        target = (at.path or "/") + (f"?{at.query}" if at.query else "")
        connection.request("POST", target, body=body, headers=dict(headers))
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(type(error).__name__) from error
    finally:
        plain.close()
