"""The JSON API: the same facts, and a description that tells the truth about it."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
import requests
from serving import CLAIM, Server

ARTICLE = "https://example.org/kb/tea/article"
WORK = "https://example.org/kb/tea/work-klinik-tee"


def facts(live: Server, path: str) -> dict[str, object]:
    answer = live.get("api/" + path)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    content = answer.json()
    assert isinstance(content, dict)
    return content


def test_a_page_of_a_list_says_where_the_others_are(live: Server) -> None:
    first = live.get("api/findings?limit=1&language=de")
    pages = {link["rel"]: link["url"] for link in requests.utils.parse_header_links(first.headers["Link"])}

    assert pages["first"] == "?language=de&limit=1&offset=0"
    assert pages["next"] == "?language=de&limit=1&offset=1"
    assert "prev" not in pages
    second = live.get("api/findings" + pages["next"])
    assert second.json()["items"] != first.json()["items"]
    assert '<?language=de&limit=1&offset=0>; rel="prev"' in second.headers["Link"]
    last = live.get("api/findings" + pages["last"])
    assert len(last.json()["items"]) == 1
    assert 'rel="next"' not in last.headers["Link"]


def test_the_overview_counts(live: Server) -> None:
    overview = facts(live, "overview")

    assert (overview["name"], overview["base"]) == ("Tea", "https://example.org/kb/")
    assert (overview["claims"], overview["sources"], overview["findings"], overview["articles"]) == (
        1,
        1,
        1,
        1,
    )
    assert overview["footings"] == {"disputed": 1}
    assert overview["audit"]["error"] >= 1  # type: ignore[index]


def test_articles_come_with_their_sections(live: Server) -> None:
    (article,) = facts(live, "articles")["items"]  # type: ignore[misc]

    assert (article["iri"], article["titles"]) == (ARTICLE, {"de": "Tee und Kopfschmerz"})  # type: ignore[index]
    assert [s["titles"]["de"] for s in article["sections"]] == ["Wirkung"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        ("footing=disputed", 1),
        ("footing=supported", 0),
        ("category=treatment-effect", 1),
        ("section=Wirkung", 1),
        ("section=Anderes", 0),
        (f"article={quote(ARTICLE)}", 1),
        ("core=true", 1),
        ("core=false", 0),
        ("q=gr%C3%BCner+TEE", 1),
        ("q=green+coffee", 0),
        ("offset=1", 1),
    ],
)
def test_claims_are_filtered(live: Server, query: str, found: int) -> None:
    assert facts(live, "claims?" + query)["total"] == found


def test_lists_come_in_pages(live: Server) -> None:
    first = facts(live, "findings?limit=2")
    second = facts(live, "findings?limit=2&offset=2")
    both = facts(live, "findings?limit=4")

    assert [*first["items"], *second["items"]] == both["items"]  # type: ignore[misc]
    assert first["total"] == second["total"] == both["total"]


@pytest.mark.parametrize(
    "name", ["claim-tea-eases-headache", quote(CLAIM, safe=""), "tea:claim-tea-eases-headache"]
)
def test_a_claim_has_all_that_hangs_on_it(live: Server, name: str) -> None:
    claim = facts(live, "claims/" + name)

    assert claim["iri"] == CLAIM
    assert claim["texts"]["en"] == "Green tea eases tension headache."  # type: ignore[index]
    assert claim["footing"] == "disputed"
    assert [c["source"] for c in claim["citations"]] == [WORK]  # type: ignore[attr-defined]
    (finding,) = claim["findings"]  # type: ignore[misc]
    assert (finding["direction"], finding["basis"]) == ("disputes", "abstract")  # type: ignore[index]
    assert claim["audit"]


@pytest.mark.parametrize("name", ["work-klinik-tee", "3", "doi:10.1000/182".replace("/", "%2F")])
def test_a_source_says_what_leans_on_it(live: Server, name: str) -> None:
    source = facts(live, "sources/" + name)

    assert source["iri"] == WORK
    assert [c["iri"] for c in source["claims"]] == [CLAIM]  # type: ignore[attr-defined]
    assert source["addresses"][0]["verdict"] == "dead"  # type: ignore[index]


def test_the_audits_findings_are_filtered_and_in_a_language(live: Server) -> None:
    errors = facts(live, "findings?severity=error")
    german = facts(live, "findings?severity=error&language=de")

    assert {f["severity"] for f in errors["items"]} == {"error"}  # type: ignore[attr-defined]
    assert errors["total"] == german["total"]
    assert errors["items"] != german["items"]
    assert facts(live, f"findings?claim={quote(CLAIM)}")["total"] >= 1  # type: ignore[operator]


@pytest.mark.parametrize("target", ["klinik.example", "3", "work-klinik-tee"])
def test_impact_says_what_leans_on_what_goes(live: Server, target: str) -> None:
    impact = facts(live, "impact?target=" + target)

    assert [s["iri"] for s in impact["sources"]] == [WORK]  # type: ignore[attr-defined]
    assert [c["iri"] for c in impact["leaning"]] == [CLAIM]  # type: ignore[attr-defined]


def test_named_questions_are_listed_and_answered(live: Server) -> None:
    names = [q["name"] for q in facts(live, "questions")["items"]]  # type: ignore[attr-defined]
    table = facts(live, "questions/rests-on/answer?language=en")
    truth = facts(live, "questions/is-anything-lost/answer")
    graph = facts(live, "questions/claim-graph/answer")

    assert {"footing", "rests-on", "claims-about"} <= set(names)
    assert table["kind"] == "table"
    assert {row["text"] for row in table["rows"]} == {"Green tea eases tension headache."}  # type: ignore[attr-defined]
    assert (truth["kind"], truth["rows"]) == ("truth", [{"answer": False}])
    assert graph["kind"] == "graph"
    assert graph["columns"] == ["subject", "predicate", "object"]


@pytest.mark.parametrize(
    ("path", "status", "detail"),
    [
        ("nothing", 404, "there is no /api/nothing; /openapi.json says what there is"),
        ("claims/claim-tea-eases", 404, "did you mean claim-tea-eases-headache?"),
        ("claims?footing=bad", 400, "footing must be one of disputed, lost"),
        ("claims?limit=0", 400, "limit must be a whole number from 1 to 500, not '0'"),
        ("claims?limit=%D9%A1", 400, "limit must be a whole number"),
        ("claims?limit=1&limit=2", 400, "limit is given twice"),
        ("claims?footnig=lost", 400, "there is no parameter 'footnig'; there are: article, section, footing"),
        ("impact", 400, "target is needed: a source's name or number, an address, or a host"),
        ("impact?target=nowhere.example", 404, "no source, address or host is called 'nowhere.example'"),
        ("questions/footin/answer", 404, "did you mean footing"),
        ("questions/claims-of-source/answer?source=nobody", 404, "no claim or source is called 'nobody'"),
    ],
)
def test_what_is_wrong_is_a_problem(live: Server, path: str, status: int, detail: str) -> None:
    answer = live.get("api/" + path)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["status"] == status
    assert detail in answer.json()["detail"]


def test_facts_are_only_read(live: Server) -> None:
    answer = live.request("POST", "api/claims", data="{}")

    assert (answer.status_code, answer.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_the_page_about_the_api_loads_nothing_foreign(live: Server) -> None:
    page = live.get("api", Accept="text/html", Accept_Language="en")

    assert page.status_code == 200
    assert "/api/claims/{name}" in page.text
    assert not re.findall(r"(?:src|href|action)=.(?:https?:)?//", page.text)


def test_the_description_is_valid_openapi_and_names_every_question(live: Server) -> None:
    from openapi_spec_validator import validate

    document = live.get("openapi.json").json()

    validate(document)
    assert document["openapi"] == "3.1.0"
    assert document["servers"] == [{"url": live.url.rstrip("/")}]
    assert "/api/questions/claims-about/answer" in document["paths"]


def test_schemathesis_finds_nothing(live: Server, tmp_path: Path) -> None:
    """Thousands of requests made from the description, valid and not: no answer contradicts it."""
    program = Path(sys.executable).with_name("schemathesis")
    if not program.exists():
        pytest.skip("schemathesis is not installed")
    command = [
        str(program), "run", live.url + "openapi.json", "--checks", "all", "--max-examples", "8",
        "--workers", "2", "--seed", "5", "--no-color",
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path, timeout=300)

    assert done.returncode == 0, done.stdout[-5000:] + done.stderr[-2000:]
