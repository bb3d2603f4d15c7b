"""Are the passages still in the article's text? Only asked where the text is at hand."""

from __future__ import annotations

from collections.abc import Iterator

from ..knowledge_base import KnowledgeBase
from ..store import Table
from ..text_fragments import TextFragment, text_digest
from ..vocabulary import Severity
from .findings import AuditFinding
from .rules import Rule

__all__ = ["PASSAGE_RULES", "check_passages"]

PASSAGE_RULES = (
    Rule(
        "passage-not-in-article",
        Severity.ERROR,
        "article",
        {"en": "Passage not in the article's text", "de": "Stelle nicht im Artikeltext"},
        {
            "en": "{passage} points to “{fragment}”, which the article's text no longer has.",
            "de": "{passage} zeigt auf „{fragment}“, das im Artikeltext nicht mehr steht.",
        },
        {
            "en": "The claim can no longer be checked against the words it was drawn from.",
            "de": "Die Behauptung ist nicht mehr an ihrem Wortlaut zu prüfen.",
        },
        {
            "en": "Find the passage again in the article and correct its first and last words.",
            "de": "Die Stelle im Artikel neu suchen und ihre ersten und letzten Wörter berichtigen.",
        },
    ),
    Rule(
        "passage-ambiguous",
        Severity.WARNING,
        "article",
        {"en": "Passage begins in several places", "de": "Stelle beginnt mehrfach"},
        {
            "en": "{passage}: “{fragment}” begins in {count} places of the article.",
            "de": "{passage}: „{fragment}“ beginnt an {count} Stellen des Artikels.",
        },
        {
            "en": "A reader who follows the link may land in the wrong sentence.",
            "de": "Wer dem Verweis folgt, landet womöglich im falschen Satz.",
        },
        {
            "en": "Use a word more at the passage's beginning.",
            "de": "Am Anfang der Stelle ein Wort mehr nehmen.",
        },
    ),
    Rule(
        "article-text-changed",
        Severity.WARNING,
        "article",
        {"en": "Article text has changed", "de": "Artikeltext hat sich geändert"},
        {
            "en": "The text given has another digest than {article} was curated from.",
            "de": "Der gegebene Text hat eine andere Prüfsumme als der, nach dem {article} erfasst ist.",
        },
        {
            "en": "Claims may have been added, changed or withdrawn since they were curated.",
            "de": "Seit der Erfassung können Behauptungen hinzugekommen, geändert oder entfallen sein.",
        },
        {
            "en": "Read the article again, curate what changed, then record the new digest.",
            "de": "Den Artikel neu lesen, Änderungen erfassen, dann die neue Prüfsumme eintragen.",
        },
    ),
)

_BY_ID = {rule.id: rule for rule in PASSAGE_RULES}


def check_passages(
    kb: KnowledgeBase, article: str, text: str, language: str, wanted: set[str]
) -> Iterator[AuditFinding]:
    """What is wrong with the passages of ``article``, given its text."""
    table = kb.store.query(_PASSAGES.replace("?_article", f"<{article}>"))
    assert isinstance(table, Table)
    passages: dict[str, tuple[str, list[str]]] = {}
    for row in table:
        _, claims = passages.setdefault(row["passage"].value, (row["fragment"].value, []))
        if "claim" in row:
            claims.append(row["claim"].value)
    digest = kb.store.query(_DIGEST.replace("?_article", f"<{article}>"))
    assert isinstance(digest, Table)
    known = [row["digest"].value for row in digest]
    if known and text_digest(text) not in known and "article-text-changed" in wanted:
        yield _finding(kb, "article-text-changed", article, (), language, article=article)
    for passage, (value, claims) in passages.items():
        fragment = TextFragment.parse(value)
        if fragment is None:
            continue  # a structure rule says so
        matches = fragment.matches(text)
        rule = "passage-not-in-article" if not matches else "passage-ambiguous"
        if len(matches) != 1 and rule in wanted:
            yield _finding(
                kb,
                rule,
                passage,
                tuple(claims),
                language,
                passage=passage,
                fragment=str(fragment),
                count=str(len(matches)),
            )


def _finding(
    kb: KnowledgeBase,
    rule_id: str,
    subject: str,
    claims: tuple[str, ...],
    language: str,
    **values: str,
) -> AuditFinding:
    rule = _BY_ID[rule_id]
    shown = {key: kb.compact(value) for key, value in values.items()}
    file, line = kb.place(subject)
    return AuditFinding(rule, subject, rule.say(shown, language), file, line, claims)


_PASSAGES = """
PREFIX oa: <http://www.w3.org/ns/oa#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX schema: <https://schema.org/>
SELECT ?passage ?fragment ?claim WHERE {
  ?passage oa:hasSource ?_article ; oa:hasSelector/rdf:value ?fragment .
  OPTIONAL { ?claim schema:appearance ?passage ; a schema:Claim }
} ORDER BY ?passage ?claim
"""

_DIGEST = """
PREFIX ekb: <https://w3id.org/evidence-kb/ns#>
SELECT ?digest WHERE { ?_article ekb:textDigest ?digest } ORDER BY ?digest
"""
