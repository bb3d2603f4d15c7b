"""The link check as JSON: the contract's keys, in the order asked."""

from __future__ import annotations

import json
from collections.abc import Iterator

from ...links.result import LinkReport, LinkResult

__all__ = ["render"]

_AT_ONCE = 500  #: results in one piece: where output is unbuffered, each piece is written by itself
_text = json.JSONEncoder(ensure_ascii=False).encode


def render(links: LinkReport) -> Iterator[str]:
    """One object for each address, each on a line of its own; piece by piece, for there may be many."""
    yield '{"links": ['
    comma = "\n  "
    for start in range(0, len(links.results), _AT_ONCE):
        yield comma + ",\n  ".join(map(_link, links.results[start : start + _AT_ONCE]))
        comma = ",\n  "
    yield f'\n ],\n "summary": {json.dumps(links.summary())}}}\n'


def _link(result: LinkResult) -> str:
    # Written out, for it is several times as fast as the encoder of dictionaries, and it is done often.
    hops = claims = "[]"
    if result.hops:
        hops = _text([{"status": hop.status, "url": hop.url} for hop in result.hops])
    if result.target.claims:
        claims = _text(list(result.target.claims))
    final = "null" if result.final is None else _text(result.final)
    return (
        f'{{"url": {_text(result.url)}, "verdict": "{result.verdict}", "standing": "{result.standing}", '
        f'"status": {result.status or "null"}, "final_url": {final}, "reason": {_text(result.reason)}, '
        f'"redirects": {hops}, "checked_at": "{result.checked.isoformat()[:19]}Z", '
        f'"elapsed_ms": {round(result.seconds * 1000)}, "claims": {claims}}}'
    )
