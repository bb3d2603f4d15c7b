"""Web addresses: which are none, which are the same, and how they may be shown.

Pure functions on text; nothing here asks the network.
"""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

__all__ = ["Address", "host_of", "joined", "read_address", "shown"]

_PORTS = {"http": 80, "https": 443}
_UNRESERVED = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
_KEPT = "%!$&'()*+,;=:@/?[]"
_TRIPLET = re.compile(r"%[0-9A-Fa-f]{2}")
#: Most addresses are as they should be, and need no second look.
_PLAIN = re.compile(
    r"https?://(?:(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"|(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!:|/)|(?=[:/]))){4})"
    r"(?::(?!80/|443/)(?:[1-9]\d{1,3}|[1-5]\d{4}))?/[A-Za-z0-9._~/-]*(?:\?[A-Za-z0-9._~/=&-]+)?"
)
_IPV4_END = re.compile(r"(?:^|\.)(?:\d+|0x[0-9a-f]*)$")
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)", re.I)


class Address(NamedTuple):
    """What an address as written comes to.

    :param given: exactly as written.
    :param request: what is asked for, in ASCII and without its fragment; ``None`` if nothing can be.
        Addresses with the same one are the same: ``ä`` and ``%C3%A4``, an IDN and its punycode.
    :param fragment: what stands behind ``#``, as written.
    :param problem: why nothing can be asked for: a reason for the verdict ``invalid``.
    :param refusal: why it may not be asked for: a reason for the verdict ``refused``.
    """

    given: str
    request: str | None
    fragment: str = ""
    problem: str | None = None
    refusal: str | None = None


def read_address(given: str) -> Address:
    """What the address ``given`` asks for, or why it asks for nothing.

    >>> read_address("HTTPS://Bücher.example:443/ä?x=1#y").request
    'https://xn--bcher-kva.example/%C3%A4?x=1'
    >>> read_address("https://a.example/…/b").problem
    'it is cut short: …'
    >>> read_address("mailto:a@b.example").refusal
    'the scheme mailto is not checked, only http and https'
    """
    if _PLAIN.fullmatch(given) and "/." not in given and ".." not in given:
        return Address(given, given)
    problem = _problem(given)
    if problem:
        return Address(given, None, problem=problem)
    scheme = given.partition(":")[0].lower()
    if scheme not in _PORTS:
        return Address(given, None, refusal=f"the scheme {scheme} is not checked, only http and https")
    try:
        parts = urlsplit(given)
        host, port = parts.hostname or "", parts.port
    except ValueError as error:
        return Address(given, None, problem=f"its host or port is none ({error})")
    ascii_host, trouble = _ascii_host(host)
    if trouble or port == 0:
        return Address(given, None, problem=trouble or "0 is no port")
    netloc = ascii_host if port in {None, _PORTS[scheme]} else f"{ascii_host}:{port}"
    path = _without_dots(_encoded(parts.path)) or "/"
    request = urlunsplit((scheme, netloc, path, _encoded(parts.query), ""))
    return Address(given, request, parts.fragment)


def host_of(request: str) -> str:
    """Host and port of a request: what politeness is owed to."""
    return request.split("/", 3)[2]


def joined(base: str, reference: str) -> str:
    """Where a reference found at ``base`` leads; the fragment of ``base`` is not inherited."""
    try:
        return urljoin(base, reference.strip())
    except ValueError:
        return reference.strip()


def shown(address: str) -> str:
    """``address`` without a user name and password, for output and logs.

    >>> shown("https://me:secret@a.example/x")
    'https://a.example/x'
    """
    if "@" not in address:
        return address
    scheme, slashes, rest = address.partition("://")
    authority = re.split(r"[/?#]", rest, maxsplit=1)[0]
    if not slashes or "@" not in authority:
        return address
    return scheme + slashes + rest[authority.rindex("@") + 1 :]


def _problem(given: str) -> str | None:
    if not given.strip():
        return "it is empty"
    if "…" in given:
        return "it is cut short: …"
    if any(part.startswith("...") or part.endswith("...") for part in re.split(r"[/?#&=()\[\]]", given)):
        return "it is cut short: ..."
    if re.search(r"[\s\x00-\x1f\x7f]", given):
        return "it has blanks or control characters in it"
    if not re.match(r"[A-Za-z][A-Za-z0-9+.-]+:", given) or re.match(r"[\w.-]+:\d+(/|$)", given):
        return "it has no scheme such as https://"
    if re.match(r"https?:(?!//[^/?#])", given, re.I):
        return "it has no host"
    if re.match(r"https?://[^/?#]*\\", given, re.I):
        return "its host has a backslash in it"
    return None


def _ascii_host(host: str) -> tuple[str, str | None]:
    """The host in ASCII, and what is wrong with it."""
    if ":" in host:  # an IPv6 address; urlsplit has taken the brackets off
        import ipaddress

        try:
            return f"[{ipaddress.IPv6Address(host.partition('%')[0])}]", None
        except ValueError:
            return host, "its host is no IPv6 address"
    name = host.rstrip(".").lower()
    if not name.isascii():
        import idna

        try:
            name = idna.encode(name, uts46=True).decode()
        except idna.IDNAError as error:
            symbols = _with_symbols(name)
            if symbols is None:
                return host, f"its host is no domain name ({error})"
            name = symbols
    if not name or len(name) > 253 or not all(_LABEL.fullmatch(label) for label in name.split(".")):
        return host, "its host is no domain name"
    if _IPV4_END.search(name) and not _is_ipv4(name):
        return host, "its host is no IPv4 address"
    return name, None


def _is_ipv4(name: str) -> bool:
    """Whether a name that ends in a number is an address of IPv4, in whatever spelling."""
    from socket import inet_aton

    try:
        inet_aton(name)
    except OSError:
        return False
    return True


def _with_symbols(name: str) -> str | None:
    """A name with hearts and smileys in ASCII: IDNA 2008 forbids them, registries and browsers do not."""
    import unicodedata

    if any(not char.isascii() and unicodedata.category(char) not in {"So", "Sm", "Mn"} for char in name):
        return None
    labels = name.split(".")
    return ".".join(one if one.isascii() else f"xn--{one.encode('punycode').decode()}" for one in labels)


def _encoded(part: str) -> str:
    """Percent-encoded in one way: capital digits, and nothing encoded that need not be."""
    part = _TRIPLET.sub(_one_way, part)
    return quote(re.sub(r"%(?![0-9A-F]{2})", "%25", part), safe=_KEPT)


def _without_dots(path: str) -> str:
    """A path without ``.`` and ``..`` (RFC 3986, 5.2.4), as every client sends it."""
    if "/." not in path:
        return path
    kept: list[str] = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    return "/" + "/".join([*kept, ""] if parts[-1] in {".", ".."} else kept)


def _one_way(triplet: re.Match[str]) -> str:
    byte = unquote_to_bytes(triplet[0])
    return byte.decode() if byte[0] in _UNRESERVED else triplet[0].upper()
