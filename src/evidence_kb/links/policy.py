"""Which machines may be asked: none that is private, this one, or a cloud's metadata service.

Names are judged before the connection, numbers when it is made: what a name resolves to is only known then,
and may change between two look-ups (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
import socket

__all__ = ["metadata_host", "private_address", "private_host"]

_LOCAL_NAMES = ("localhost", "local", "internal", "home.arpa", "lan", "intranet", "corp")
#: Where clouds tell a machine its secrets: never asked, for no intranet needs it.
_METADATA = frozenset(
    ipaddress.ip_address(number) for number in ("169.254.169.254", "100.100.100.200", "fd00:ec2::254")
)
_METADATA_NAMES = frozenset(("metadata.google.internal", "metadata.goog", "instance-data.ec2.internal"))
#: Prefixes of IPv6 that carry an IPv4 address: where it begins, in bits from the right.
_CARRIERS = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b:1::/48"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)


def private_host(host: str) -> str | None:
    """Why a host as written in an address may not be asked; ``None`` if its name says nothing against it.

    >>> private_host("printer.local"), private_host("0x7f.1"), private_host("a.example")
    ('printer.local is a name for machines nearby', '127.0.0.1 is a loopback address', None)
    """
    name = host.lower().strip("[]").rstrip(".")
    number = _number(name)
    if number is not None:
        return private_address(number)
    for suffix in _LOCAL_NAMES:
        if name == suffix or name.endswith("." + suffix):
            return f"{name} is a name for machines nearby"
    return None


def metadata_host(host: str) -> str | None:
    """Why a host may not be asked even where private ones may."""
    name = host.lower().strip("[]").rstrip(".")
    number = _number(name)
    if name in _METADATA_NAMES or (number is not None and ipaddress.ip_address(number) in _METADATA):
        return f"{name} is a cloud's metadata service"
    return None


def _number(name: str) -> str | None:
    """The IP address that a name spells, in whatever way: 127.1, 0177.0.0.1, 0x7f000001."""
    try:
        return str(ipaddress.IPv6Address(name.partition("%")[0]))
    except ValueError:
        pass
    try:
        return socket.inet_ntoa(socket.inet_aton(name))
    except (OSError, ValueError, UnicodeEncodeError):
        return None


def private_address(number: str) -> str | None:
    """Why an IP address may not be asked; ``None`` if it is a public one."""
    address = ipaddress.ip_address(number.partition("%")[0])
    if address in _METADATA:
        return f"{address} is a cloud's metadata service"
    if isinstance(address, ipaddress.IPv6Address):
        if address in {ipaddress.IPv6Address("::1"), ipaddress.IPv6Address("::")}:
            return f"{address} is a loopback address"
        for network, shift in _CARRIERS:
            if address in network:
                return private_address(str(ipaddress.IPv4Address(int(address) >> shift & 0xFFFFFFFF)))
    if address.is_loopback or address.is_unspecified or address.packed[:1] == b"\0":
        return f"{address} is a loopback address"
    if address.is_link_local:
        return f"{address} is a link-local address"
    if address.is_multicast:
        return f"{address} is a multicast address"
    return None if address.is_global else f"{address} is a private address"
