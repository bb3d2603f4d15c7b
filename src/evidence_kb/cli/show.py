"""One claim or source, with all that hangs on it.

NAME is the last part of an IRI (claim-…, work-…, finding-…), an entry's number such as 9, an
identifier such as doi:10.1000/182, a prefixed name, or an IRI.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from typing import Any

from ..errors import UnknownName
from ..knowledge_base import KnowledgeBase
from ..model import Claim, Finding, Source
from ..store import Table
from ..turtle import write_turtle
from ..vocabulary import PREFIXES, local_name
from .formats.summary import FOOTING_WORDS
from .terminal import clean, paint

__all__ = ["add_arguments", "run"]

_WORDS = {
    "en": {
        "footing": "stands on",
        "passage": "passage",
        "category": "category",
        "core": "core claim",
        "cited": "The author cites",
        "nothing": "nothing",
        "appeals": "Appeals without a source",
        "found": "What curators found",
        "unread": "nobody has compared it with a source",
        "contradicts": "Contradicts",
        "entry": "printed as",
        "publisher": "publisher",
        "address": "address",
        "unchecked": "not checked yet",
        "identifiers": "identifiers",
        "relays": "relays",
        "claims": "Claims it is cited for",
        "archived": "archived copy",
        "listed": "none; it is only listed",
    },
    "de": {
        "footing": "steht auf",
        "passage": "Stelle",
        "category": "Kategorie",
        "core": "Kernaussage",
        "cited": "Der Autor zitiert",
        "nothing": "nichts",
        "appeals": "Berufungen ohne Quelle",
        "found": "Was Kuratoren fanden",
        "unread": "niemand hat sie mit einer Quelle verglichen",
        "contradicts": "Widerspricht",
        "entry": "gedruckt als",
        "publisher": "Herausgeber",
        "address": "Adresse",
        "unchecked": "noch nicht geprüft",
        "identifiers": "Kennungen",
        "relays": "gibt wieder",
        "claims": "Behauptungen, für die sie zitiert wird",
        "archived": "Archivkopie",
        "listed": "keine; sie ist nur gelistet",
    },
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument("name", metavar="IRI|NAME", help="what to show")
    parser.add_argument("--format", choices=("text", "json"), default="text")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; gives its exit code."""
    kb = KnowledgeBase.open(arguments.kb)
    iri = kb.resolve(arguments.name)
    claims = {claim.iri: claim for claim in kb.claims()}
    sources = {source.iri: source for source in kb.sources()}
    entries = {entry.iri: source for source in sources.values() for entry in source.entries}
    source = sources.get(iri) or entries.get(iri)
    findings = list(kb.findings())
    if iri in claims:
        found = [f for f in findings if f.claim == iri]
        view = _claim_json if arguments.format == "json" else _claim_text
        sys.stdout.write(view(claims[iri], found, sources, kb, arguments.lang))
    elif source:
        found = [f for f in findings if f.source == source.iri]
        cited = [c for c in claims.values() if any(x.source == source.iri for x in c.citations)]
        if arguments.format == "json":
            sys.stdout.write(_dump({"source": asdict(source), "findings": found, "claims": cited}))
        else:
            sys.stdout.write(_source_text(source, found, cited, claims, kb, arguments.lang))
    else:
        sys.stdout.write(_anything(kb, iri, arguments.name, arguments.format))
    return 0


def _claim_text(
    claim: Claim, found: list[Finding], sources: dict[str, Source], kb: KnowledgeBase, lang: str
) -> str:
    words = _WORDS[lang]
    file, line = kb.place(claim.iri)
    footing = FOOTING_WORDS[lang][claim.footing] + (f" ({claim.via})" if claim.via else "")
    kind = f"{claim.category}, {claim.wording}" + (f", {words['core']}" if claim.core else "")
    lines = [paint(claim.text(lang), "bold"), f"  {claim.name}  {file}:{line}"]
    lines += [f"  {words['footing']}: {claim.footing} – {footing}"]
    lines += [f"  {words['category']}: {kind}", f"  § {claim.section or '–'}"]
    lines += [f"  {words['passage']}: #:~:{fragment}" for fragment in claim.passages]
    lines += ["", words["cited"]]
    for citation in claim.citations:
        cited = sources.get(citation.source)
        title = _title(cited, lang) if cited else citation.source
        lines.append(f"  {citation.mark or '?'}  {title}  {kb.compact(citation.function)}")
        lines += _addresses(cited, lang, "     ") if cited else []
    lines += [] if claim.citations else [f"  {words['nothing']}"]
    if claim.appeals:
        lines += ["", words["appeals"], *(f"  “{cue}”" for cue in claim.appeals)]
    lines += ["", words["found"]]
    lines += _finding_lines(found, {iri: _title(s, lang) for iri, s in sources.items()}, "source", lang)
    lines += [] if found else [f"  {words['unread']}"]
    if claim.contradicts:
        others = {c.iri: c for c in kb.claims()}
        lines += ["", words["contradicts"]]
        lines += [
            f"  {local_name(iri)}: {others[iri].text(lang) if iri in others else '?'}"
            for iri in claim.contradicts
        ]
    return clean_lines(lines)


def _source_text(
    source: Source,
    found: list[Finding],
    cited: list[Claim],
    claims: dict[str, Claim],
    kb: KnowledgeBase,
    lang: str,
) -> str:
    words = _WORDS[lang]
    file, line = kb.place(source.iri)
    lines = [paint(_title(source, lang), "bold"), f"  {source.name}  {file}:{line}"]
    for entry in source.entries:
        lines.append(f"  {words['entry']}: [{entry.number}] {entry.title}  {entry.printed_address or ''}")
    lines.append(f"  {words['publisher']}: {source.publisher or '–'} ({source.interest or '–'})")
    lines += _addresses(source, lang, "  ")
    if source.identifiers:
        lines.append(f"  {words['identifiers']}: {', '.join(source.identifiers)}")
    lines += [f"  {words['relays']}: {local_name(iri)}" for iri in source.primary_sources]
    lines += ["", words["claims"]]
    lines += [f"  {c.name} ({c.footing}): {c.text(lang)}" for c in cited] or [f"  {words['listed']}"]
    lines += ["", words["found"]]
    names = {iri: f"{c.name}: {c.text(lang)}" for iri, c in claims.items()}
    lines += _finding_lines(found, names, "claim", lang)
    lines += [] if found else [f"  {words['nothing']}"]
    return clean_lines(lines)


def _finding_lines(found: list[Finding], names: dict[str, str], of: str, lang: str) -> list[str]:
    lines = []
    for finding in found:
        about = getattr(finding, of)
        facts = ", ".join(word for word in (*finding.reasons, finding.basis, finding.certainty) if word)
        lines.append(f"  {finding.direction} ({facts})  {names.get(about, about)}")
        text = finding.descriptions.get(lang) or next(iter(finding.descriptions.values()), "")
        lines += [f"     {text}"] if text else []
        lines += [f"     “{finding.quote}”"] if finding.quote else []
    return lines


def _addresses(source: Source, lang: str, indent: str) -> list[str]:
    words = _WORDS[lang]
    lines = []
    for address in source.addresses:
        state = ", ".join(w for w in (address.verdict, address.standing) if w) or words["unchecked"]
        lines.append(f"{indent}{words['address']}: {address.url} ({state})")
        lines += [f"{indent}  {words['archived']}: {copy}" for copy in address.archived]
    return lines


def _title(source: Source, lang: str) -> str:
    title = source.titles.get(lang) or next(iter(source.titles.values()), source.name)
    numbers = "".join(f"[{entry.number}]" for entry in source.entries)
    return f"{numbers} {title}".strip()


def _claim_json(
    claim: Claim, found: list[Finding], sources: dict[str, Source], kb: KnowledgeBase, lang: str
) -> str:
    cited = [sources[c.source] for c in claim.citations if c.source in sources]
    return _dump({"claim": claim, "sources": cited, "findings": found})


def _anything(kb: KnowledgeBase, iri: str, name: str, form: str) -> str:
    """Whatever else has that name: its triples."""
    import pyoxigraph as ox

    subject = ox.NamedNode(iri)
    table = kb.store.query(f"SELECT ?p ?o WHERE {{ {subject} ?p ?o }} ORDER BY ?p ?o")
    assert isinstance(table, Table)
    if not table.rows:
        names = [c.name for c in kb.claims()] + [s.name for s in kb.sources()]
        raise UnknownName("claim or source", name, names)
    if form == "json":
        pairs = [[kb.compact(row["p"].value), row["o"].value] for row in table]
        return _dump({iri: pairs})
    triples = [ox.Triple(subject, p, o) for p, o in table.rows]  # type: ignore[arg-type]
    return write_turtle(triples, PREFIXES | dict(kb.config.prefixes))


def _dump(document: dict[str, Any]) -> str:
    def plain(value: object) -> Any:
        return asdict(value) if hasattr(value, "__dataclass_fields__") else str(value)  # type: ignore[call-overload]

    return json.dumps(document, ensure_ascii=False, indent=2, default=plain) + "\n"


def clean_lines(lines: list[str]) -> str:
    """Lines as one text, without characters that would steer a terminal (but for our own colours)."""
    return "\n".join(line if "\x1b[" in line else clean(line) for line in lines) + "\n"
