"""Every IRI the code uses, in one place, and nothing else.

The meaning of the ``ekb:`` and ``code:`` terms is written in ``ontology/``; this file only names them.
Code lists are enumerations whose values are the contract's words.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

__all__ = [
    "CODE",
    "EKB",
    "PREFIXES",
    "Basis",
    "Direction",
    "Footing",
    "Severity",
    "Standing",
    "Verdict",
    "code",
    "compact",
    "expand",
    "local_name",
]

EKB = "https://w3id.org/evidence-kb/ns#"
CODE = "https://w3id.org/evidence-kb/codes/"

#: Prefixes every Turtle file of a knowledge base is written with; ``kb.toml`` may add its own.
PREFIXES: dict[str, str] = {
    "biro": "http://purl.org/spar/biro/",
    "c4o": "http://purl.org/spar/c4o/",
    "cito": "http://purl.org/spar/cito/",
    "code": CODE,
    "dcterms": "http://purl.org/dc/terms/",
    "doco": "http://purl.org/spar/doco/",
    "earl": "http://www.w3.org/ns/earl#",
    "ekb": EKB,
    "fabio": "http://purl.org/spar/fabio/",
    "mesh": "http://id.nlm.nih.gov/mesh/",
    "oa": "http://www.w3.org/ns/oa#",
    "obo": "http://purl.obolibrary.org/obo/",
    "owl": "http://www.w3.org/2002/07/owl#",
    "pico": "http://data.cochrane.org/ontologies/pico/",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "vann": "http://purl.org/vocab/vann/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def expand(name: str, prefixes: dict[str, str] | None = None) -> str | None:
    """The IRI a prefixed name stands for, or ``None`` where its prefix is not known.

    >>> expand("ekb:WebAddress")
    'https://w3id.org/evidence-kb/ns#WebAddress'
    >>> expand("https://example.org/") is None
    True
    """
    prefix, colon, local = name.partition(":")
    namespace = (PREFIXES | (prefixes or {})).get(prefix) if colon else None
    return None if namespace is None or local.startswith("//") else namespace + local


_NOT_LOCAL = frozenset("/#?")


def compact(iri: str, prefixes: Mapping[str, str] | None = None) -> str:
    """The shortest prefixed name for ``iri``; the IRI itself where no prefix fits.

    >>> compact("https://schema.org/Claim")
    'schema:Claim'
    """
    best = ""
    for table in (PREFIXES, prefixes or {}):
        for prefix, namespace in table.items():
            if not iri.startswith(namespace):
                continue
            local = iri[len(namespace) :]
            candidate = f"{prefix}:{local}"
            if local and not set(local) & _NOT_LOCAL and (not best or len(candidate) < len(best)):
                best = candidate
    return best or iri


def local_name(iri: str) -> str:
    """What stands behind the last ``#`` or ``/``: the name people use for a claim or source.

    >>> local_name("https://example.org/kb/tea/claim-tea-eases-headache")
    'claim-tea-eases-headache'
    """
    return iri.rstrip("/#").replace("#", "/").rpartition("/")[2]


def code(word: str) -> str:
    """The IRI of a code-list word."""
    return CODE + word


class Footing(StrEnum):
    """What a claim stands on, derived by ``queries/footing.rq``; worst first."""

    DISPUTED = "disputed"
    LOST = "lost"
    MISCITED = "miscited"
    CONTESTED = "contested"
    NONE = "none"
    APPEAL = "appeal"
    CITED = "cited"
    PARTLY_SUPPORTED = "partly-supported"
    SUPPORTED = "supported"


class Direction(StrEnum):
    """Which way a curator's finding points."""

    SUPPORTS = "supports"
    PARTLY_SUPPORTS = "partly-supports"
    DISPUTES = "disputes"
    DOES_NOT_ADDRESS = "does-not-address"


class Basis(StrEnum):
    """How much of the source was read; ``title-only`` never lifts a claim."""

    FULL_TEXT = "full-text"
    ABSTRACT = "abstract"
    EXCERPT = "excerpt"
    TITLE_ONLY = "title-only"


class Verdict(StrEnum):
    """One observation of an address."""

    ALIVE = "alive"
    MOVED = "moved"
    SOFT_404 = "soft-404"
    DEAD = "dead"
    BLOCKED = "blocked"
    UNREACHABLE = "unreachable"
    INSECURE = "insecure"
    DRIFTED = "drifted"
    INVALID = "invalid"
    REFUSED = "refused"


class Standing(StrEnum):
    """The judgement on an address over time."""

    STEADY = "steady"
    SUSPECT = "suspect"
    CONFIRMED = "confirmed"


class Severity(StrEnum):
    """How bad an audit finding is; worst first."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"
