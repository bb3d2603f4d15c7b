"""Faults to plant in the coffee knowledge base, which has none: one or more for every audit rule.

Each is a SPARQL Update on the base, the rule that must fire, and the subjects it must fire for.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox
from support import DATA

from evidence_kb.vocabulary import PREFIXES

COFFEE = DATA / "coffee"
BASE = "https://example.org/kb/coffee/"
TRIAL, GUIDELINE = "https://journal.example/trial", "https://university.example/guideline"
PROLOGUE = "".join(f"PREFIX {p}: <{n}>\n" for p, n in (PREFIXES | {"ex": BASE}).items())


@dataclass(frozen=True)
class Fault:
    """A fault, the rule that must find it, and where."""

    rule: str
    subjects: frozenset[str]
    update: str

    def __str__(self) -> str:
        return f"{self.rule}: {' '.join(self.update.split())[:60]}"


def fault(rule: str, subjects: str, update: str) -> Fault:
    """A fault whose subjects are named by blank-separated local names or addresses."""
    full = (word if word.startswith("http") else BASE + word for word in subjects.split())
    return Fault(rule, frozenset(full), update)


def drop(subject: str, predicate: str) -> str:
    return f"DELETE WHERE {{ ex:{subject} {predicate} ?any }}"


def add(triples: str) -> str:
    return f"INSERT DATA {{ {triples} }}"


def swap(subject: str, predicate: str, value: str) -> str:
    name = f"<{subject}>" if subject.startswith("http") else f"ex:{subject}"
    return (
        f"DELETE {{ {name} {predicate} ?any }} INSERT {{ {name} {predicate} {value} }} "
        f"WHERE {{ {name} {predicate} ?any }}"
    )


def gone(address: str, *, verdict: str = "dead", standing: str = "confirmed") -> str:
    return (
        f"{swap(address, 'ekb:verdict', f'code:{verdict}')} ; "
        f"{swap(address, 'ekb:standing', f'code:{standing}')}"
    )


def missing(rule: str, subject: str, predicate: str) -> Fault:
    return fault(rule, subject, drop(subject, predicate))


STRUCTURE = (
    missing("article-without-title", "article", "schema:name"),
    missing("article-without-language", "article", "schema:inLanguage"),
    missing("article-without-publisher", "article", "schema:publisher"),
    missing("section-without-article", "section-3", "dcterms:isPartOf"),
    fault("section-without-article", "section-3", swap("section-3", "dcterms:isPartOf", "ex:org-shop")),
    missing("section-without-position", "section-1", "schema:position"),
    fault("section-without-position", "section-1", swap("section-1", "schema:position", '"first"')),
    missing("claim-without-text", "claim-delays", "schema:text"),
    fault("claim-text-without-language", "claim-wakes", add('ex:claim-wakes schema:text "Coffee wakes"')),
    fault("claim-text-twice", "claim-wakes", add('ex:claim-wakes schema:text "Coffee wakes"@en')),
    missing("claim-without-section", "claim-delays", "dcterms:isPartOf"),
    fault("claim-without-section", "claim-delays", swap("claim-delays", "dcterms:isPartOf", "ex:article")),
    missing("claim-without-category", "claim-delays", "dcterms:type"),
    fault("claim-without-category", "claim-delays", swap("claim-delays", "dcterms:type", "code:strong")),
    missing("claim-without-wording", "claim-delays", "ekb:certaintyOfWording"),
    fault("claim-draft", "claim-delays", add("ex:claim-delays ekb:status code:draft")),
    missing("claim-without-passage", "claim-delays", "schema:appearance"),
    fault("effect-without-pico", "claim-delays", "DELETE DATA { ex:claim-delays schema:about ex:pico-1 }"),
    fault("effect-without-pico", "claim-delays", swap("pico-1", "rdf:type", "skos:Concept")),
    fault(
        "risk-without-relation", "claim-wakes", "DELETE DATA { ex:claim-wakes schema:about ex:relation-1 }"
    ),
    fault("claim-position-twice", "claim-delays claim-wakes", swap("claim-wakes", "schema:position", "1")),
    fault("contradiction-of-nothing", "claim-delays", add("ex:claim-delays ekb:contradicts ex:claim-dleays")),
    fault(
        "contradiction-with-itself", "claim-delays", add("ex:claim-delays ekb:contradicts ex:claim-delays")
    ),
    fault("topic-without-name", "claim-wakes claim-delays", drop("topic-coffee", "skos:prefLabel")),
    missing("pico-incomplete", "pico-1", "pico:intervention"),
    missing("pico-incomplete", "pico-1", "pico:population"),
    missing("relation-incomplete", "relation-1", "rdf:subject"),
    missing("relation-incomplete", "relation-1", "rdf:object"),
    missing("passage-without-article", "passage-1", "oa:hasSource"),
    fault("passage-without-article", "passage-1", swap("passage-1", "oa:hasSource", "ex:work-trial")),
    missing("passage-without-fragment", "passage-1", "oa:hasSelector"),
    fault("passage-without-fragment", "passage-2", swap("selector-2", "rdf:value", '"Auch am Tag"')),
    fault(
        "passage-reprints-article",
        "passage-2",
        swap("selector-2", "rdf:value", '"text=' + "%20".join("abcdefghijkl") + ',z"'),
    ),
    missing("entry-without-number", "entry-2", "schema:position"),
    fault("entry-without-number", "entry-2", swap("entry-2", "schema:position", '"2"')),
    fault("entry-number-twice", "entry-1 entry-2", swap("entry-2", "schema:position", "1")),
    fault("entry-number-gap", "entry-2", swap("entry-2", "schema:position", "4")),
    fault("entry-number-gap", "entry-1 entry-2", swap("entry-1", "schema:position", "7")),
    missing("entry-without-article", "entry-1", "dcterms:isPartOf"),
    missing("entry-without-title", "entry-1", "dcterms:title"),
    missing("entry-pointing-nowhere", "entry-1", "biro:references"),
    fault("entry-pointing-nowhere", "entry-1", swap("entry-1", "biro:references", "ex:work-trail")),
    missing("work-without-title", "work-trial", "dcterms:title"),
    missing("work-without-publisher", "work-trial", "dcterms:publisher"),
    fault(
        "work-address-malformed", "work-trial", swap("work-trial", "schema:url", "<https://a.example/…/b>")
    ),
    fault("work-address-malformed", "work-trial", swap("work-trial", "schema:url", "<ftp://a.example/b>")),
    fault("work-address-malformed", "work-trial", swap("work-trial", "schema:url", '"https://a.example/b"')),
    fault(
        "work-address-malformed", "work-trial", swap("work-trial", "schema:url", "<http://a.example/b...>")
    ),
    fault("identifier-malformed", "work-trial", swap("work-trial", "schema:identifier", '"10.1000/182"')),
    fault("identifier-malformed", "work-trial", swap("work-trial", "schema:identifier", '"doi:11.1000/182"')),
    fault("identifier-malformed", "work-trial", swap("work-trial", "schema:identifier", '"pmid: 12"')),
    missing("publisher-without-interest", "org-university", "ekb:interest"),
    missing("organisation-without-name", "org-journal", "schema:name"),
    missing("citation-by-nothing", "citation-1", "cito:hasCitingEntity"),
    fault("citation-by-nothing", "citation-1", swap("citation-1", "cito:hasCitingEntity", "ex:claim-dleays")),
    missing("citation-of-nothing", "citation-1", "cito:hasCitedEntity"),
    fault("citation-of-nothing", "citation-1", swap("citation-1", "cito:hasCitedEntity", "ex:work-trail")),
    missing("citation-without-function", "citation-1", "cito:hasCitationCharacterization"),
    missing("citation-without-mark", "citation-1", "ekb:mark"),
    missing("mark-without-words", "mark-1", "c4o:hasContent"),
    fault("mark-pointing-nowhere", "mark-1", swap("mark-1", "c4o:denotes", "ex:entry-9")),
    fault("mark-number-disagrees", "mark-1", swap("mark-1", "c4o:hasContent", '"【7】"')),
    fault("citation-and-mark-disagree", "citation-1", swap("citation-1", "ekb:mark", "ex:mark-2")),
    fault("appeal-without-cue", "appeal-1", add("ex:appeal-1 a ekb:EvidenceAppeal")),
    missing("finding-on-no-claim", "finding-1", "ekb:targetClaim"),
    fault("finding-on-no-claim", "finding-1", swap("finding-1", "ekb:targetClaim", "ex:claim-dleays")),
    missing("finding-without-source", "finding-1", "ekb:evidenceItem"),
    fault("finding-without-source", "finding-1", swap("item-1", "oa:hasSource", "ex:work-trail")),
    missing("finding-direction-unclear", "finding-1", "ekb:direction"),
    fault("finding-direction-unclear", "finding-1", add("ex:finding-1 ekb:direction code:disputes")),
    missing("finding-basis-unclear", "finding-1", "ekb:basis"),
    fault("finding-basis-unclear", "finding-1", add("ex:finding-1 ekb:basis code:excerpt")),
    missing("finding-without-reason", "finding-1", "ekb:reason"),
    missing("finding-without-certainty", "finding-1", "ekb:certainty"),
    missing("finding-undated", "finding-1", "prov:generatedAtTime"),
    fault("finding-undated", "finding-1", swap("finding-1", "prov:generatedAtTime", '"last week"')),
    missing("finding-unattributed", "finding-1", "prov:wasAttributedTo"),
    fault("finding-on-title-only", "finding-1", swap("finding-1", "ekb:basis", "code:title-only")),
    fault(
        "quotation-too-long",
        "finding-1",
        swap("quote-1", "oa:exact", '"' + " ".join("word" for _ in range(26)) + '"'),
    ),
    fault("address-record-incomplete", TRIAL, f"DELETE WHERE {{ <{TRIAL}> ekb:lastChecked ?any }}"),
    fault("address-record-incomplete", TRIAL, f"DELETE WHERE {{ <{TRIAL}> ekb:standing ?any }}"),
    fault("address-with-two-verdicts", TRIAL, add(f"<{TRIAL}> ekb:verdict code:moved")),
    fault("unknown-code", "finding-1", swap("finding-1", "ekb:direction", "code:suports")),
    fault("unknown-code", "finding-1", swap("finding-1", "ekb:reason", '"because"')),
    fault("unknown-code", "org-journal", swap("org-journal", "ekb:interest", "code:alive")),
    fault("unknown-code", TRIAL, swap(TRIAL, "ekb:standing", "code:shaky")),
    fault("unknown-code", "claim-delays", swap("claim-delays", "ekb:certaintyOfWording", "code:loud")),
    fault("unknown-code", "claim-delays", add("ex:claim-delays ekb:status code:darft")),
)

DISPUTES = swap("finding-1", "ekb:direction", "code:disputes")
#: Finding 1 is on a work that the article neither cites nor lists.
ELSEWHERE = swap("finding-1", "ekb:evidenceItem", "ex:item-3")
NOTHING_CITED = "DELETE WHERE { ?act cito:hasCitingEntity ex:claim-delays }"
SELLER = swap("article", "schema:publisher", "ex:org-shop")
DISCLOSURE = "ex:article ekb:disclosure ex:disclosure-1 . ex:disclosure-1 a ekb:InterestDisclosure"
MENTION = (
    'ex:mark-3 a c4o:InTextReferencePointer ; c4o:hasContent "Bean (2020)" . '
    "ex:citation-5 a cito:Citation ; cito:hasCitingEntity ex:claim-wakes ; ekb:mark ex:mark-3 ; "
    "cito:hasCitationCharacterization cito:citesAsEvidence ; cito:hasCitedEntity "
)
APPEAL = add(
    'ex:claim-delays ekb:appeal ex:appeal-1 . ex:appeal-1 a ekb:EvidenceAppeal ; ekb:cue "Studien zeigen"@de'
)
ENTRY = (
    'a biro:BibliographicReference ; dcterms:isPartOf ex:article ; schema:position 3 ; dcterms:title "x" ; '
)


def every(*updates: str) -> str:
    return " ; ".join(updates)


JUDGEMENT = (
    fault("entry-never-cited", "entry-3", add(f"ex:entry-3 {ENTRY} biro:references ex:work-elsewhere")),
    fault("work-listed-twice", "entry-3", add(f"ex:entry-3 {ENTRY} biro:references ex:work-trial")),
    fault("work-under-two-names", "entry-1", add(MENTION + "ex:work-trial")),
    fault("mention-not-listed", "mark-3", add(MENTION + "ex:work-elsewhere")),
    fault("entry-names-another-site", "entry-1", swap("entry-1", "ekb:printedSite", '"Health Portal"')),
    fault("address-truncated", "entry-1", swap("entry-1", "ekb:printedAddress", '"https://a.example/…/b"')),
    fault("address-truncated", "entry-1", swap("entry-1", "ekb:printedAddress", '"https://a.example/b..."')),
    fault("address-malformed", "entry-1", swap("entry-1", "ekb:printedAddress", '"www.a.example/b"')),
    fault("address-malformed", "entry-1", swap("entry-1", "ekb:printedAddress", '"https://a.example/b c"')),
    fault("address-http-only", "entry-1", swap("entry-1", "ekb:printedAddress", '"http://a.example/b"')),
    fault(
        "entry-without-address",
        "entry-2",
        every(drop("entry-2", "ekb:printedAddress"), drop("work-guideline", "schema:url")),
    ),
    fault("article-has-an-interest", "article", SELLER),
    fault("interest-not-disclosed", "article", SELLER),
    fault("interest-disclosed-late", "article", add(f"{DISCLOSURE} ; dcterms:isPartOf ex:section-3")),
    fault(
        "commercial-sources-only",
        "claim-delays claim-wakes",
        every(
            swap("work-trial", "dcterms:publisher", "ex:org-shop"),
            swap("work-guideline", "dcterms:publisher", "ex:org-shop"),
        ),
    ),
    fault("core-claim-disputed", "claim-delays", DISPUTES),
    fault(
        "core-claim-contested",
        "claim-delays",
        add(
            "ex:finding-3 a ekb:EvidenceLine ; ekb:targetClaim ex:claim-delays ; ekb:basis code:abstract ; "
            "ekb:direction code:disputes ; ekb:evidenceItem ex:item-3"
        ),
    ),
    fault(
        "core-claim-without-footing",
        "claim-delays",
        every(NOTHING_CITED, drop("finding-1", "ekb:targetClaim")),
    ),
    fault(
        "cited-source-off-topic", "claim-delays", swap("finding-1", "ekb:direction", "code:does-not-address")
    ),
    fault("cited-source-disputes", "claim-delays", DISPUTES),
    fault(
        "listed-source-disputes",
        "claim-delays",
        every(DISPUTES, "DELETE WHERE { ex:citation-1 ?predicate ?any }"),
    ),
    fault("appeal-without-source", "claim-delays", every(APPEAL, NOTHING_CITED)),
    fault(
        "effect-without-trial",
        "claim-delays",
        every(drop("work-trial", "ekb:studyDesign"), drop("work-guideline", "ekb:studyDesign")),
    ),
    fault("strong-words-weak-evidence", "claim-delays", swap("finding-1", "ekb:certainty", "code:very-low")),
    fault("strong-words-no-source", "claim-delays", NOTHING_CITED),
    fault(
        "cause-from-observation", "claim-wakes", swap("finding-2", "ekb:reason", "code:observational-only")
    ),
    fault(
        "article-contradicts-itself", "claim-delays", add("ex:claim-wakes ekb:contradicts ex:claim-delays")
    ),
    fault(
        "one-study-counted-twice",
        "claim-delays claim-wakes",
        add("ex:work-guideline prov:hadPrimarySource ex:work-trial"),
    ),
    fault(
        "registration-without-result", "entry-1", swap("work-trial", "dcterms:type", "code:register-entry")
    ),
    fault("registration-without-result", "entry-1", swap("work-trial", "schema:identifier", '"drks:DRKS1"')),
    fault(
        "source-studied-something-else",
        "finding-1",
        swap("finding-1", "ekb:reason", "code:population-mismatch"),
    ),
    fault("support-second-hand", "finding-1", swap("finding-1", "ekb:reason", "code:second-hand")),
    fault("one-source-only", "claim-wakes", "DELETE WHERE { ex:citation-4 ?predicate ?any }"),
    fault("unread-sources-only", "claim-delays", ELSEWHERE),
    fault(
        "web-pages-only",
        "claim-delays claim-wakes",
        every(
            swap("work-trial", "dcterms:type", "code:shop-page"),
            swap("work-guideline", "dcterms:type", "code:news-page"),
            swap("work-trial", "a", "fabio:WebPage"),
            swap("work-guideline", "a", "fabio:WikiEntry"),
        ),
    ),
    fault("supported-elsewhere-only", "claim-delays", ELSEWHERE),
    fault(
        "judgement-older-than-source",
        "finding-1",
        add('ex:work-trial dcterms:modified "2026-10-01T00:00:00Z"^^xsd:dateTime'),
    ),
    fault(
        "judgement-older-than-source",
        "finding-1",
        add(f'<{TRIAL}> ekb:contentChangedAt "2026-10-01T00:00:00Z"^^xsd:dateTime'),
    ),
    fault("address-dead", TRIAL, gone(TRIAL)),
    fault("address-dead", TRIAL, gone(TRIAL, verdict="soft-404")),
    fault(
        "address-dead-but-archived",
        TRIAL,
        every(gone(TRIAL), add(f"<{TRIAL}> schema:archivedAt <https://archive.example/1>")),
    ),
    fault("address-suspect", TRIAL, gone(TRIAL, standing="suspect")),
    fault(
        "address-suspect",
        TRIAL,
        every(
            gone(TRIAL, standing="suspect"), add(f"<{TRIAL}> schema:archivedAt <https://archive.example/1>")
        ),
    ),
    fault("address-moved", TRIAL, swap(TRIAL, "ekb:verdict", "code:moved")),
    fault("address-needs-a-person", TRIAL, swap(TRIAL, "ekb:verdict", "code:blocked")),
    fault("address-insecure", TRIAL, swap(TRIAL, "ekb:verdict", "code:insecure")),
    fault("address-drifted", TRIAL, swap(TRIAL, "ekb:verdict", "code:drifted")),
    fault("claim-lost", "claim-delays claim-wakes", every(gone(TRIAL), gone(GUIDELINE))),
)


def graph(update: str = "") -> ox.Store:
    """The coffee knowledge base after a SPARQL Update."""
    store = ox.Store()
    store.load(path=str(COFFEE / "coffee/coffee.ttl"), format=ox.RdfFormat.TURTLE)
    if update:
        store.update(PROLOGUE + update)
    return store


def lines(store: ox.Store) -> str:
    """A store as N-Triples, which are Turtle too."""
    return b"".join(
        sorted(ox.serialize([q.triple], format=ox.RdfFormat.N_TRIPLES) or b"" for q in store)
    ).decode()


def write(folder: Path, text: str) -> Path:
    """A knowledge base of that one file, in ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "kb.toml").write_text((COFFEE / "kb.toml").read_text(encoding="utf-8"), encoding="utf-8")
    (folder / "all.ttl").write_text(text, encoding="utf-8")
    return folder
