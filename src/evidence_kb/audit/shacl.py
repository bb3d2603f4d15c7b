"""The structure rules a second time: ``ontology/shapes.ttl``, judged by pySHACL on rdflib.

Ten to twenty times slower than our rules; for those who want the standard's own engine to say so.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..errors import CannotRun
from ..knowledge_base import KnowledgeBase
from ..resources import ontology_folder
from ..store import read_turtle
from ..vocabulary import EKB, PREFIXES
from .findings import AuditFinding, Report
from .rules import Rule
from .run import all_rules

if TYPE_CHECKING:
    import rdflib

__all__ = ["run_shapes"]


def run_shapes(kb: KnowledgeBase, language: str = "en") -> Report:
    """What the shapes find, under the ids of the rules that say the same.

    :raises CannotRun: pySHACL is not installed.
    """
    try:
        import pyshacl
    except ImportError:
        raise CannotRun("--shacl needs pySHACL: pip install 'evidence-kb[shacl]'") from None
    import rdflib

    rules = {rule.id: rule for rule in all_rules(kb) if rule.kind == "structure"}
    data = KnowledgeBase(kb.config, engine="rdflib").store.graph  # type: ignore[union-attr]
    shapes = rdflib.Graph().parse(data=read_turtle(ontology_folder() / "shapes.ttl"), format="turtle")
    _, results, _ = pyshacl.validate(data, shacl_graph=shapes, advanced=True)
    assert isinstance(results, rdflib.Graph)
    findings = {f.key: f for f in _findings(kb, data, results, shapes, rules, language)}
    ordered = sorted(findings.values(), key=AuditFinding.rank)
    return Report(tuple(ordered), tuple(rules.values()))


def _findings(
    kb: KnowledgeBase,
    data: rdflib.Graph,
    results: rdflib.Graph,
    shapes: rdflib.Graph,
    rules: dict[str, Rule],
    language: str,
) -> Iterator[AuditFinding]:
    import rdflib
    from rdflib.namespace import SH

    claim_type = rdflib.URIRef(PREFIXES["schema"] + "Claim")
    for result in results.subjects(rdflib.RDF.type, SH.ValidationResult):
        shape = results.value(result, SH.sourceShape)
        constraint = results.value(result, SH.sourceConstraint)
        rule_id = _rule_id(shapes, constraint) or _rule_id(shapes, shape)
        focus = results.value(result, SH.focusNode)
        if rule_id not in rules or focus is None:
            continue
        messages = {
            m.language or "en": str(m)
            for m in results.objects(result, SH.resultMessage)
            if isinstance(m, rdflib.Literal)
        }
        message = messages.get(language) or next(iter(sorted(messages.values())), rule_id)
        path = results.value(result, SH.resultPath)
        file, line = kb.place(str(focus), str(path) if path else None)
        claims = (str(focus),) if (focus, rdflib.RDF.type, claim_type) in data else ()
        shown = f"{kb.compact(str(focus))}: {message}"
        yield AuditFinding(rules[rule_id], str(focus), shown, file, line, claims)


def _rule_id(shapes: rdflib.Graph, shape: rdflib.term.Node | None) -> str:
    """The audit rule that a shape says the same as."""
    from rdflib import URIRef

    return str(shapes.value(shape, URIRef(EKB + "auditRule")) or "") if shape else ""
