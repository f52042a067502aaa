"""Which addresses may be opened. Inside stays inside.

A URL is checked as it is written, a name by every address that DNS gives for it, and in the end
the very address that a socket is made for: what was checked is what is connected to.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from dataclasses import dataclass
from typing import Any

from aiohttp.abc import AbstractResolver, ResolveResult
from yarl import URL

from bot.reading.models import TroubleError
from bot.settings import Network

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_PORTS = {80, 443}
_LONGEST_URL = 2_000
#: The only IPv6 addresses that lead to the public network, less those that carry an IPv4 address
#: (Teredo, 6to4) or are kept for documents and other special uses.
_GLOBAL_V6 = ipaddress.IPv6Network("2000::/3")
_SPECIAL_V6 = tuple(
    map(ipaddress.IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"))
)
#: IPv4 networks that `is_global` of an older Python calls public.
_SPECIAL_V4 = tuple(
    map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24", "192.31.196.0/24"))
)
# A host that ends in a number is an IPv4 address in disguise, unless it is one in plain form.
_NUMERIC_END = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$", re.IGNORECASE)
_NAME = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?", re.IGNORECASE)


class InsideAddressError(OSError):
    """An address that must not be connected to."""


@dataclass(frozen=True)
class Gate:
    """Decides on addresses. `allow`: networks that may be read on any port though not public."""

    allow: tuple[Network, ...] = ()

    def permits(self, host: str, port: int) -> bool:
        """Whether this address (no name) may be connected to on this port."""
        try:
            address = ipaddress.ip_address(host)
        except ValueError:
            return False
        if self.allows(address):
            return True
        return port in _PORTS and _is_public(address)

    def allows(self, address: Address) -> bool:
        """Whether the operator opened this address."""
        return any(address in network for network in self.allow)

    def socket(self, info: tuple[Any, ...]) -> socket.socket:
        """The socket for one connection: the last check, on the address that is connected to.

        Raises InsideAddressError, an OSError, so that the connection fails as any other.
        """
        family, kind, protocol, _, address = info
        if not self.permits(address[0], address[1]):
            raise InsideAddressError(address[0])
        return socket.socket(family, kind, protocol)


class GuardedResolver(AbstractResolver):
    """Asks another resolver and passes on an answer only where every address in it is permitted."""

    def __init__(self, inner: AbstractResolver, gate: Gate) -> None:
        self._inner = inner
        self._gate = gate

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """The addresses of a name. Raises InsideAddressError where one of them is inside."""
        found = await self._inner.resolve(host, port, family)
        for each in found:
            if not self._gate.permits(each["host"], port):
                raise InsideAddressError(each["host"])
        return found

    async def close(self) -> None:
        """Nothing to be closed: the inner resolver belongs to whoever made it."""


def checked_url(written: str, gate: Gate) -> URL:
    """A URL that may be tried. Raises TroubleError where its spelling alone says that it may not."""
    if len(written) > _LONGEST_URL:
        raise TroubleError("bad_address")
    try:
        url = URL(written)
        host, port = url.raw_host, url.port
    except ValueError:
        raise TroubleError("bad_address") from None
    if url.scheme not in {"http", "https"} or not host or port is None:
        raise TroubleError("bad_address")
    if url.user is not None or url.password is not None:
        raise TroubleError("bad_address")
    if _is_literal(host):
        if not gate.permits(host, port):
            raise TroubleError("inside", host=host)
    elif _NUMERIC_END.search(host.rstrip(".")):
        raise TroubleError("inside", host=host)  # decimal, octal, hex, parts left out, a dot more
    elif not _NAME.fullmatch(host):
        raise TroubleError("bad_address")
    elif not gate.allow and port not in _PORTS:
        raise TroubleError("port", host=host)
    return url.with_fragment(None)


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        return (
            address.scope_id is None
            and address in _GLOBAL_V6
            and address.is_global
            and not any(address in network for network in _SPECIAL_V6)
        )
    special = any(address in network for network in _SPECIAL_V4)
    return address.is_global and not address.is_multicast and not special
