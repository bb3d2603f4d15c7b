"""The search's index: what is found by which words, and in how many pieces it comes."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from support import REPOSITORY

from evidence_kb import KnowledgeBase
from evidence_kb.site import Facts
from evidence_kb.site.search import fold, index_of, stems
from evidence_kb.site.view import View


@pytest.mark.parametrize(
    "words",
    [
        ("Rücken", "ruecken", "RUCKEN"),
        ("Übung", "uebung", "ubung"),
        ("Straße", "strasse", "STRASSE"),
        ("Café", "cafe", "CAFÉ"),
        ("Ärzte", "aerzte", "arzte"),
    ],
)
def test_umlauts_and_accents_may_be_written_either_way(words: tuple[str, ...]) -> None:
    assert len({fold(word) for word in words}) == 1


def test_two_vowels_that_are_no_umlaut_stay_two() -> None:
    assert [fold(word) for word in ("neue", "Quelle", "Mauer")] == ["neue", "quelle", "mauer"]


def test_a_word_is_found_by_its_stem() -> None:
    assert set(stems("Rückenschmerzen", "de")) == {"ruckenschmerz"}
    assert set(stems("exercises", "en")) == {"exercis"}
    assert set(stems("Massagen exercises")) >= {"massag", "exercis"}


def _read(data: bytes) -> tuple[str, object]:
    found = re.fullmatch(r'evidenceKbSearch\.take\("([a-z0-9-]+)",(.*)\);\n', data.decode(), re.S)
    assert found
    return found[1], json.loads(found[2])


def test_every_claim_and_source_is_in_the_index_of_both_languages(shipped: KnowledgeBase) -> None:
    facts = Facts(shipped)
    files = index_of([View(facts, "de"), View(facts, "en")])
    parts = dict(_read(data) for data in files.values())
    start = parts["start"]
    assert isinstance(start, dict)
    assert (start["size"], start["claims"], len(start["starts"])) == (400, 159, 1)
    german, english, words = parts["de-0"], parts["en-0"], parts["words-0"]
    assert isinstance(german, list)
    assert isinstance(english, list)
    assert isinstance(words, dict)
    assert len(german) == len(english) == 159 + len(facts.sources)
    place = [line[0] for line in german].index("de/lws-schmerzen/claim-massage-proven-effect.html")
    assert place in [entry // 2 for entry in words["massag"]]
    assert german[place][1:3] == ["claim", "contested"]


def test_the_index_cannot_end_its_script(tmp_path: Path) -> None:
    (tmp_path / "kb.toml").write_text('[knowledge-base]\nbase = "https://example.org/kb/"\n')
    (tmp_path / "x.ttl").write_text(
        "<https://example.org/kb/c> a <https://schema.org/Claim> ;"
        ' <https://schema.org/text> "</script><!-- \\u2028 \\u202E"@en .'
    )
    files = index_of([View(Facts(KnowledgeBase.open(tmp_path)), "en")])
    everything = b"".join(files.values()).decode()
    assert "</script>" not in everything
    assert "<!--" not in everything
    assert not set("\u2028\u202e") & set(everything)


def test_the_shipped_knowledge_base_needs_one_piece_of_each_kind() -> None:
    facts = Facts(KnowledgeBase.open(REPOSITORY / "kb"))
    assert set(index_of([View(facts, "de")])) == {"search-start.js", "search-words-0.js", "search-de-0.js"}
