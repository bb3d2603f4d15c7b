"""One libcurl handle: how it is set up, what it collects, and what its error numbers mean."""

from __future__ import annotations

import os
import socket
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import NamedTuple

import pycurl

from .outcome import Exchange, Headers, Trouble
from .policy import private_address

__all__ = ["Transfer", "TransferOptions"]

_MOST_BODY = 1_000_000  #: decoded bytes; enough to judge any page
_MOST_OTHER = 65_536  #: of what is no page: its beginning says that it is there
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")
_HEADERS = ["Accept: text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language: de,en;q=0.8,*;q=0.5"]
_TROUBLES = {
    pycurl.E_COULDNT_RESOLVE_HOST: Trouble.NAME,
    pycurl.E_COULDNT_RESOLVE_PROXY: Trouble.CONNECTION,
    pycurl.E_COULDNT_CONNECT: Trouble.CONNECTION,
    pycurl.E_RECV_ERROR: Trouble.CONNECTION,
    pycurl.E_SEND_ERROR: Trouble.CONNECTION,
    pycurl.E_GOT_NOTHING: Trouble.CONNECTION,
    pycurl.E_OPERATION_TIMEDOUT: Trouble.TIMEOUT,
    pycurl.E_PEER_FAILED_VERIFICATION: Trouble.CERTIFICATE,
    pycurl.E_SSL_CONNECT_ERROR: Trouble.CONNECTION,
    pycurl.E_URL_MALFORMAT: Trouble.ADDRESS,
}
_NOT_CONNECTED = frozenset(
    (pycurl.E_COULDNT_RESOLVE_HOST, pycurl.E_COULDNT_RESOLVE_PROXY, pycurl.E_COULDNT_CONNECT)
)


class TransferOptions(NamedTuple):
    """What all handles share."""

    user_agent: str
    allow_private: bool
    certificates: str | None

    @classmethod
    def of(cls, user_agent: str, allow_private: bool) -> TransferOptions:
        """The options, with the certificate authorities this machine trusts.

        A proxy stands where its owner put it: with one, numbers are not judged, names still are.
        """
        proxied = any(os.environ.get(name) or os.environ.get(name.upper()) for name in _PROXIES)
        return cls(user_agent, allow_private or proxied, _certificates())


class Transfer:
    """A handle that is used for one request after the other."""

    def __init__(self, options: TransferOptions) -> None:
        self.job: object = None
        self._url = ""
        self._header_lines = BytesIO()
        self._body: list[bytes] = []
        self._room = _MOST_OTHER  #: bytes of the body that may still come
        self._is_other: bool | None = None  #: whether it is no text; not looked at for what is small
        self._stopped = False
        self._refusal = ""
        self._get = self._verify = True  # libcurl's own settings to begin with
        self._seconds = 0.0
        self._has_cookies = False
        curl = self.curl = pycurl.Curl()
        for option, value in (
            (pycurl.NOSIGNAL, 1),
            (pycurl.NETRC, pycurl.NETRC_IGNORED),
            (pycurl.PROTOCOLS, pycurl.PROTO_HTTP | pycurl.PROTO_HTTPS),
            (pycurl.HTTP_VERSION, pycurl.CURL_HTTP_VERSION_2TLS),
            (pycurl.HTTP09_ALLOWED, 0),
            (pycurl.FOLLOWLOCATION, 0),
            (pycurl.ACCEPT_ENCODING, ""),
            (pycurl.COOKIEFILE, ""),
            (pycurl.DNS_CACHE_TIMEOUT, 600),
            (pycurl.USERAGENT, options.user_agent),
            (pycurl.HTTPHEADER, _HEADERS),
            (pycurl.WRITEFUNCTION, self._on_body),
            (pycurl.WRITEHEADER, self._header_lines),  # libcurl itself ends headers without end
        ):  # fmt: skip
            curl.setopt(option, value)
        if options.certificates:
            curl.setopt(pycurl.CAINFO, options.certificates)
        if not options.allow_private:
            curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)

    def prepare(self, url: str, job: object, seconds: float, *, get: bool, verify: bool, fresh: bool) -> None:
        """Set the handle up for a request; a fresh chain of redirects begins without cookies."""
        self._url, self.job = url, job
        self._stopped, self._refusal = False, ""
        self._header_lines.seek(0)
        self._header_lines.truncate()
        self._body.clear()
        self._room, self._is_other = _MOST_OTHER, None
        curl = self.curl
        curl.setopt(pycurl.URL, url)
        if seconds != self._seconds:
            curl.setopt(pycurl.TIMEOUT_MS, max(int(seconds * 1000), 1))
            self._seconds = seconds
        if get is not self._get:
            curl.setopt(pycurl.NOBODY, 0 if get else 1)
            if get:
                curl.setopt(pycurl.HTTPGET, 1)
            self._get = get
        if verify is not self._verify:
            curl.setopt(pycurl.SSL_VERIFYPEER, 1 if verify else 0)
            curl.setopt(pycurl.SSL_VERIFYHOST, 2 if verify else 0)
            curl.setopt(pycurl.OPT_CERTINFO, 0 if verify else 1)
            self._verify = verify
        if fresh and self._has_cookies:
            curl.setopt(pycurl.COOKIELIST, "ALL")
            self._has_cookies = False

    def exchange(self, number: int, message: str) -> Exchange:
        """What came back; ``number`` and ``message`` are libcurl's error, 0 for none."""
        status: int = self.curl.getinfo(pycurl.RESPONSE_CODE)
        headers = Headers(self._header_lines.getvalue())
        if b"cookie:" in headers.raw.lower():
            self._has_cookies = True
        trouble, detail, whole = None, "", True
        if self._refusal:
            trouble, detail = Trouble.POLICY, self._refusal
        elif self._stopped:
            whole = False
        elif number:
            trouble = _TROUBLES.get(number, Trouble.BROKEN)
            detail, whole = message, False
            if number == pycurl.E_BAD_CONTENT_ENCODING and "nrecognized" in message:
                trouble, detail = None, ""  # a coding nobody knows (UTF-8, say): browsers show the page
            if "response headers" in message:
                trouble, detail = Trouble.BROKEN, "its headers are longer than 300 kB"
            elif number == pycurl.E_RECV_ERROR and "chunk" in message:
                trouble = Trouble.BROKEN
        connected = number not in _NOT_CONNECTED
        if number == pycurl.E_OPERATION_TIMEDOUT:
            connected = bool(self.curl.getinfo(pycurl.PRIMARY_IP))
        gap = not self._verify and self._has_chain_gap()
        body = b"".join(self._body)
        return Exchange(self._url, status, headers, body, whole, trouble, detail, connected, gap)

    def _has_chain_gap(self) -> bool:
        chain: list[tuple[tuple[bytes, bytes], ...]] = self.curl.getinfo_raw(pycurl.INFO_CERTINFO)
        return len(chain) == 1 and any(name == b"Authority Information Access" for name, _ in chain[0])

    def close(self) -> None:
        """Give the handle back."""
        self.curl.close()

    def _on_body(self, chunk: bytes) -> int | None:
        self._body.append(chunk)
        self._room -= len(chunk)
        if self._room >= 0:
            return None
        if self._is_other is None:
            self._is_other = not _is_text(Headers(self._header_lines.getvalue()).get("content-type", ""))
            if not self._is_other:
                self._room += _MOST_BODY - _MOST_OTHER
                if self._room >= 0:
                    return None
        self._body[-1] = chunk[: self._room]
        self._stopped = True
        return -1

    def _open(self, _purpose: int, address: tuple[int, int, int, tuple[str, int]]) -> socket.socket | int:
        family, kind, protocol, where = address
        refusal = private_address(where[0])
        if refusal:
            self._refusal = refusal
            bad: int = pycurl.SOCKET_BAD
            return bad
        return socket.socket(family, kind, protocol)


def _is_text(content_type: str) -> bool:
    kind = content_type.partition(";")[0].strip().lower()
    return not kind or kind.startswith("text/") or "html" in kind or "xml" in kind


def _certificates() -> str | None:
    """The bundle the usual variables name, else the one that comes with requests."""
    for variable in ("SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE"):
        path = os.environ.get(variable)
        if path and os.path.isfile(path):  # noqa: PTH113
            return path
    package = find_spec("certifi")  # to import it would take longer than to read the bundle
    bundle = Path(package.origin or "").with_name("cacert.pem") if package else None
    return str(bundle) if bundle and bundle.is_file() else None
