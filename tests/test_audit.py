"""The audit: rules become findings with their place, baselines accept what is known, formats carry it all."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from support import Outcome

from evidence_kb import KnowledgeBase, run_audit
from evidence_kb.audit import all_rules
from evidence_kb.errors import InputError, UsageError
from evidence_kb.text_fragments import TextFragment, text_digest

Kb = Callable[..., Outcome]

RULE = """\
#+ title: {en: "Claim about tea", de: "Behauptung über Tee"}
#+ severity: warning
#+ kind: judgement
#+ message: {en: "{claim} says 100% {word}:\\n, tea.", de: "{claim} sagt {word}, Tee."}
#+ why: {en: "Tea is tea.", de: "Tee ist Tee."}
#+ mend: {en: "Drink coffee.", de: "Kaffee trinken."}
SELECT ?subject ?claim ?property ?word WHERE {
  ?subject a <http://purl.org/spar/biro/BibliographicReference> .
  ?claim a <https://schema.org/Claim> ; <https://schema.org/text> ?text .
  BIND("<b>" AS ?word) BIND(<https://w3id.org/evidence-kb/ns#printedAddress> AS ?property)
} ORDER BY ?subject ?claim ?text
"""


@pytest.fixture
def own_rule(tea_folder: Path) -> Path:
    """The tea knowledge base with a rule of its own, which finds one thing."""
    checks = tea_folder / "queries/checks"
    checks.mkdir(parents=True)
    (checks / "about-tea.rq").write_text(RULE, encoding="utf-8")
    return tea_folder


def audit(kb: Kb, folder: Path, *words: str | Path) -> Outcome:
    return kb("--kb", folder, "audit", "--rule", "about-tea", *words)


def test_a_finding_has_place_message_and_claims(kb: Kb, own_rule: Path) -> None:
    found = json.loads(audit(kb, own_rule, "--format", "json").out)
    lines = (own_rule / "tea/sources.ttl").read_text(encoding="utf-8").splitlines()
    line = next(i for i, text in enumerate(lines, 1) if "printedAddress" in text)

    assert found == {
        "findings": [
            {
                "rule": "about-tea",
                "severity": "warning",
                "subject": "https://example.org/kb/tea/entry-3",
                "message": "tea:claim-tea-eases-headache says 100% <b>:\n, tea.",
                "file": str(own_rule / "tea/sources.ttl"),
                "line": line,
                "claims": ["https://example.org/kb/tea/claim-tea-eases-headache"],
            }
        ],
        "summary": {"error": 0, "warning": 1, "info": 0},
    }


@pytest.mark.parametrize(
    ("words", "code"),
    [((), 0), (("--fail-on", "warning"), 1), (("--fail-on", "error"), 0), (("--fail-on", "never"), 0)],
)
def test_the_exit_code_follows_the_threshold(
    kb: Kb, own_rule: Path, words: tuple[str, ...], code: int
) -> None:
    assert audit(kb, own_rule, *words).code == code


def test_kb_toml_sets_the_threshold(kb: Kb, own_rule: Path) -> None:
    toml = own_rule / "kb.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + '[audit]\nfail-on = "warning"\n', encoding="utf-8")

    assert audit(kb, own_rule).code == 1
    assert audit(kb, own_rule, "--fail-on", "error").code == 0


def test_a_baseline_accepts_what_is_known_and_tells_what_is_settled(kb: Kb, own_rule: Path) -> None:
    baseline = own_rule / "baseline.json"
    baseline.write_text(audit(kb, own_rule, "--format", "json").out, encoding="utf-8")

    accepted = audit(kb, own_rule, "--baseline", baseline, "--fail-on", "warning")
    assert accepted.code == 0
    assert "1 known findings are accepted" in accepted.out

    (own_rule / "tea/sources.ttl").unlink()
    settled = audit(kb, own_rule, "--baseline", baseline)
    assert "the baseline accepts what is no longer there: about-tea of tea:entry-3" in settled.err


@pytest.mark.parametrize("content", ["", "[]", '{"findings": 3}', '{"findings": [{}]}', "nonsense"])
def test_a_broken_baseline_is_one_line(kb: Kb, own_rule: Path, content: str) -> None:
    baseline = own_rule / "baseline.json"
    baseline.write_text(content, encoding="utf-8")
    done = audit(kb, own_rule, "--baseline", baseline)

    assert done.code == 2
    assert str(baseline) in done.err
    assert done.err.count("\n") == 1


def test_a_missing_baseline_says_how_to_make_one(kb: Kb, own_rule: Path) -> None:
    assert "make one with: kb audit --format json" in audit(kb, own_rule, "--baseline", "nowhere").err


def test_github_annotations_are_escaped(kb: Kb, own_rule: Path) -> None:
    out = audit(kb, own_rule, "--format", "github").out

    assert out.startswith("::warning file=")
    assert out.endswith(
        "title=about-tea%3A Claim about tea::tea:claim-tea-eases-headache says 100%25 <b>:%0A, tea.\n"
    )


def test_sarif_names_rule_place_and_level(kb: Kb, own_rule: Path) -> None:
    sarif = json.loads(audit(kb, own_rule, "--format", "sarif").out)
    run = sarif["runs"][0]
    result = run["results"][0]

    assert sarif["version"] == "2.1.0"
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "about-tea"
    assert result["level"] == "warning"
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].endswith("sources.ttl")
    assert result["locations"][0]["physicalLocation"]["region"]["startLine"] > 1


def test_junit_has_a_case_for_every_rule(kb: Kb, own_rule: Path) -> None:
    suite = Xml.fromstring(audit(kb, own_rule, "--format", "junit").out)[0]

    assert [case.get("name") for case in suite] == ["about-tea"]
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    assert "<b>" in (suite[0][0].text or "")


def test_markdown_shows_data_as_text(kb: Kb, own_rule: Path) -> None:
    out = audit(kb, own_rule, "--format", "markdown").out

    assert r"\<b\>" in out
    assert "## warning: Claim about tea" in out


def test_text_is_in_the_readers_language(kb: Kb, own_rule: Path) -> None:
    german = audit(kb, own_rule, "--lang", "de").out

    assert "WARNUNG  Behauptung über Tee" in german
    assert "Wie man es behebt: Kaffee trinken." in german
    assert "Funde: 1 Warnung" in german


def test_a_rule_can_be_switched_off_with_a_reason(own_rule: Path) -> None:
    toml = own_rule / "kb.toml"
    off = '[[audit.off]]\nrule = "about-tea"\nreason = "all our claims are"\n'
    toml.write_text(toml.read_text(encoding="utf-8") + off, encoding="utf-8")

    assert "about-tea" not in {rule.id for rule in all_rules(KnowledgeBase.open(own_rule))}


def test_switching_off_a_rule_that_is_none_is_refused(own_rule: Path) -> None:
    toml = own_rule / "kb.toml"
    off = '[[audit.off]]\nrule = "about-tee"\nreason = "x"\n'
    toml.write_text(toml.read_text(encoding="utf-8") + off, encoding="utf-8")

    with pytest.raises(UsageError, match="did you mean about-tea"):
        all_rules(KnowledgeBase.open(own_rule))


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        ("severity: warning", "severity: grave", "severity must be one of error, warning, info"),
        ("kind: judgement", "kind: whim", "kind must be one of"),
        ('why: {en: "Tea is tea.", de: "Tee ist Tee."}', "x: y", "lacks 'why'"),
        ("SELECT ?subject ?claim", "SELECT (?subject AS ?s) ?claim", "a column .subject"),
    ],
)
def test_a_rule_that_is_wrong_is_named_with_its_file(
    own_rule: Path, old: str, new: str, complaint: str
) -> None:
    path = own_rule / "queries/checks/about-tea.rq"
    path.write_text(RULE.replace(old, new), encoding="utf-8")

    with pytest.raises(InputError, match=complaint) as error:
        run_audit(KnowledgeBase.open(own_rule))

    assert "about-tea.rq" in str(error.value)


# -- passages ------------------------------------------------------------------------------------------

ARTICLE = "Tee und Kopfschmerz\n\nStudien  zeigen, dass Tee hilft, schon\nnach einer Tasse.\n"


def test_a_passage_that_is_there_is_no_finding(kb: Kb, tea_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    done = kb(
        "--kb", tea_folder, "audit", "--article", tmp_path / "a.txt", "--rule", "passage-not-in-article"
    )

    assert (done.code, "Nothing is wrong" in done.out) == (0, True)


def test_a_passage_that_is_gone_puts_its_claim_at_stake(kb: Kb, tea_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE.replace("Tasse", "Kanne"), encoding="utf-8")
    words = ("--article", f"tea={tmp_path / 'a.txt'}", "--rule", "passage-not-in-article", "--format", "json")
    done = kb("--kb", tea_folder, "audit", *words)

    finding = json.loads(done.out)["findings"][0]
    assert done.code == 1
    assert finding["subject"] == "https://example.org/kb/tea/passage-12"
    assert finding["claims"] == ["https://example.org/kb/tea/claim-tea-eases-headache"]
    assert finding["line"] > 1


def test_an_unknown_article_is_answered_with_the_nearest(kb: Kb, tea_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    done = kb("--kb", tea_folder, "audit", "--article", f"tee={tmp_path / 'a.txt'}")

    assert (done.code, "did you mean tea" in done.err) == (2, True)


def test_an_article_that_cannot_be_read_is_one_line(kb: Kb, tea_folder: Path, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(bytes(range(256)) * 4)

    for file in ("nowhere.txt", "a.txt"):
        done = kb("--kb", tea_folder, "audit", "--article", tmp_path / file)
        assert (done.code, done.err.count("\n")) == (2, 1)


@pytest.mark.parametrize(
    ("fragment", "text", "count"),
    [
        ("text=one%20two,five", "One  two three four five six.", 1),
        ("text=one%20two,five", "one two three four FIVE. Teaser: one two three four five", 1),
        ("text=one,two", "one a two. one b two.", 2),
        ("text=one,two", "two one", 0),
        ("text=on,two", "one two", 0),
        ("text=one%2C%20two", "one, two, three", 1),
        ("text=pre-,one,two,-post", "pre one two post", 1),
    ],
)
def test_fragments_are_found_as_a_browser_would(fragment: str, text: str, count: int) -> None:
    parsed = TextFragment.parse(fragment)

    assert parsed is not None
    assert len(parsed.matches(text)) == count


@pytest.mark.parametrize("value", ["", "text=", "element=one", "text=a,b,c", "one two"])
def test_what_is_no_text_fragment_is_none(value: str) -> None:
    assert TextFragment.parse(value) is None


def test_the_digest_does_not_care_for_blanks() -> None:
    assert text_digest("a  b\n") == text_digest("a\r\nb")
    assert text_digest("a b") != text_digest("a c")
