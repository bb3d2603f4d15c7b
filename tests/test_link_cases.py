"""Every hard case gets the verdict and the reason it deserves, over real sockets."""

from __future__ import annotations

import pytest
from hard_pages import CASES
from hard_server import host_number, serving

from evidence_kb.links import LinkResult, Options, Target, check_links
from evidence_kb.links.judgement import Cited

OPTIONS = Options(
    "evidence-kb test",
    timeout=2.0,
    per_host=4,
    per_host_delay=0.0,
    patience=5.0,
    pauses=(0.05,),
    allow_private=True,
)


@pytest.fixture(scope="module")
def results() -> dict[str, LinkResult]:
    """All cases, checked at once, each on a host of its own."""
    with serving() as server:
        targets = [
            Target(
                f"http://{host_number(n)}:{server.port}/{case.start or case.name}{case.suffix}",
                Cited((case.title,) if case.title else ()),
            )
            for n, case in enumerate(CASES.values())
        ]
        report = check_links(targets, OPTIONS)
    assert not report.network_down
    return dict(zip(CASES, report.results, strict=True))


@pytest.mark.parametrize("name", CASES)
def test_the_verdict_and_its_reason(results: dict[str, LinkResult], name: str) -> None:
    case, result = CASES[name], results[name]

    assert result.verdict == case.verdict, result.reason
    assert case.reason.lower() in result.reason.lower()


def test_there_are_enough_cases() -> None:
    assert len(CASES) >= 70


def test_the_whole_chain_is_kept_with_its_codes(results: dict[str, LinkResult]) -> None:
    assert [hop.status for hop in results["moved-then-temporary"].hops] == [301, 302]
    assert [hop.status for hop in results["meta-refresh"].hops] == [0]
    assert (results["moved-then-temporary"].final or "").endswith("/b")
