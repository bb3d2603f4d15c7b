"""One libcurl handle: how it is set up, what it collects, and what its error numbers mean."""

from __future__ import annotations

import os
import socket
from typing import NamedTuple

import pycurl

from .outcome import Exchange, Trouble
from .policy import private_address

__all__ = ["Transfer", "TransferOptions"]

_MOST_BODY = 1_000_000  #: decoded bytes; enough to judge any page
_MOST_OTHER = 65_536  #: of what is no page: its beginning says that it is there
_MOST_HEADERS = 100_000
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
        import urllib.request

        proxied = bool(urllib.request.getproxies())
        return cls(user_agent, allow_private or proxied, _certificates())


class Transfer:
    """A handle that is used for one request after the other."""

    def __init__(self, options: TransferOptions) -> None:
        self.job: object = None
        self._url = ""
        self._headers: dict[str, str] = {}
        self._header_bytes = 0
        self._status_line = ""
        self._body = bytearray()
        self._most = _MOST_BODY
        self._stopped = ""
        self._refusal = ""
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
            (pycurl.HEADERFUNCTION, self._on_header),
        ):  # fmt: skip
            curl.setopt(option, value)
        if options.certificates:
            curl.setopt(pycurl.CAINFO, options.certificates)
        if not options.allow_private:
            curl.setopt(pycurl.OPENSOCKETFUNCTION, self._open)

    def prepare(self, url: str, job: object, seconds: float, *, get: bool, verify: bool, fresh: bool) -> None:
        """Set the handle up for a request; a fresh chain of redirects begins without cookies."""
        self._url, self.job = url, job
        self._stopped = self._refusal = ""
        self._begin_headers("")
        curl = self.curl
        curl.setopt(pycurl.URL, url)
        curl.setopt(pycurl.NOBODY, 0 if get else 1)
        if get:
            curl.setopt(pycurl.HTTPGET, 1)
        curl.setopt(pycurl.TIMEOUT_MS, max(int(seconds * 1000), 1))
        curl.setopt(pycurl.SSL_VERIFYPEER, 1 if verify else 0)
        curl.setopt(pycurl.SSL_VERIFYHOST, 2 if verify else 0)
        if fresh:
            curl.setopt(pycurl.COOKIELIST, "ALL")

    def exchange(self, number: int, message: str) -> Exchange:
        """What came back; ``number`` and ``message`` are libcurl's error, 0 for none."""
        status: int = self.curl.getinfo(pycurl.RESPONSE_CODE)
        body = bytes(self._body)
        trouble, detail, whole = None, "", True
        if self._refusal:
            trouble, detail = Trouble.POLICY, self._refusal
        elif self._stopped == "body":
            whole = False
        elif self._stopped == "headers":
            trouble, detail = Trouble.BROKEN, f"its headers are longer than {_MOST_HEADERS:,} bytes"
        elif number:
            trouble = _TROUBLES.get(number, Trouble.BROKEN)
            if number == pycurl.E_RECV_ERROR and "chunk" in message.lower():
                trouble = Trouble.BROKEN
            detail, whole = message, False
        return Exchange(self._url, status, self._headers, body, whole, trouble, detail)

    def close(self) -> None:
        """Give the handle back."""
        self.curl.close()

    def _begin_headers(self, status_line: str) -> None:
        self._status_line, self._headers, self._header_bytes = status_line, {}, 0
        self._body.clear()
        self._most = _MOST_BODY

    def _on_header(self, line: bytes) -> int | None:
        text = line.decode("latin-1")
        if text.startswith("HTTP/"):  # also after a 100 Continue or 103 Early Hints
            self._begin_headers(text)
        self._header_bytes += len(line)
        if self._header_bytes > _MOST_HEADERS:
            self._stopped = "headers"
            return -1
        name, colon, value = text.partition(":")
        if colon:
            self._headers[name.strip().lower()] = value.strip()
            if name.lower() == "content-type" and not _is_text(value):
                self._most = _MOST_OTHER
        return None

    def _on_body(self, chunk: bytes) -> int | None:
        self._body += chunk
        if len(self._body) > self._most:
            del self._body[self._most :]
            self._stopped = "body"
            return -1
        return None

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
    try:
        import certifi
    except ImportError:
        return None
    return certifi.where()
