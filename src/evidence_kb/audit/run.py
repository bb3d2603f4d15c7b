"""Running the rules over a knowledge base."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from ..errors import InputError, UsageError, nearest
from ..knowledge_base import KnowledgeBase
from ..resources import queries_folder
from ..store import Table, Term
from .findings import AuditFinding, Report
from .passages import PASSAGE_RULES, check_passages
from .rules import Rule, rules_in

__all__ = ["all_rules", "run_audit", "run_audits", "run_rule"]


def all_rules(kb: KnowledgeBase) -> list[Rule]:
    """The rules this knowledge base is audited by: the shipped ones and its own, less those off.

    :raises UsageError: ``kb.toml`` switches off a rule that does not exist.
    """
    rules = [
        *rules_in([queries_folder() / "checks", kb.config.folder / "queries" / "checks"]),
        *PASSAGE_RULES,
    ]
    known = {rule.id for rule in rules}
    for off in kb.config.rules_off:
        if off not in known:
            close = nearest(off, known, most=1)
            meant = f"; did you mean {close[0]}?" if close else ""
            raise UsageError(f"{kb.config.file}: no audit rule is called {off!r}{meant}")
    return [rule for rule in rules if rule.id not in kb.config.rules_off]


def run_audit(
    kb: KnowledgeBase,
    article_texts: Mapping[str, str] | None = None,
    language: str = "en",
    rules: Sequence[Rule] | None = None,
) -> Report:
    """Everything the rules find, worst first.

    :param article_texts: the text of articles, by article IRI: their passages are looked up in it
        (`articles.read_article` gives it, whatever the format).
    :param language: language of the messages.
    :param rules: the rules to run; all of `all_rules` where not given.
    :raises InputError: a file of the knowledge base or a rule is not understood.
    """
    return run_audits(kb, article_texts, (language,), rules)[language]


def run_audits(
    kb: KnowledgeBase,
    article_texts: Mapping[str, str] | None = None,
    languages: Sequence[str] = ("en",),
    rules: Sequence[Rule] | None = None,
) -> dict[str, Report]:
    """The same audit told in several languages: `run_audit` for each, with every rule asked once."""
    rules = all_rules(kb) if rules is None else rules
    findings: dict[str, list[AuditFinding]] = {language: [] for language in languages}
    for rule in (rule for rule in rules if rule.query):
        answer = _ask(kb, rule)
        for language in languages:
            findings[language] += _findings(kb, rule, answer, language)
    for article, text in (article_texts or {}).items():
        for language in languages:
            findings[language] += check_passages(kb, article, text, language, {rule.id for rule in rules})
    return {
        language: Report(tuple(sorted(found, key=AuditFinding.rank)), tuple(rules))
        for language, found in findings.items()
    }


def run_rule(kb: KnowledgeBase, rule: Rule, language: str = "en") -> Iterator[AuditFinding]:
    """What one rule finds; rows with the same subject and message are one finding.

    :raises InputError: the rule returns columns that no finding can be made of.
    """
    return _findings(kb, rule, _ask(kb, rule), language)


def _ask(kb: KnowledgeBase, rule: Rule) -> Table:
    table = kb.store.query(rule.query, str(rule.path))
    if not isinstance(table, Table) or "subject" not in table.columns:
        raise InputError("a rule must be a SELECT with a column ?subject", rule.path, 1)
    return table


def _findings(kb: KnowledgeBase, rule: Rule, table: Table, language: str) -> Iterator[AuditFinding]:
    merged: dict[tuple[str, str], tuple[dict[str, Term], list[str]]] = {}
    for row in table:
        if "subject" not in row:  # an aggregate over nothing
            continue
        values = {column: _shown(kb, term) for column, term in row.items()}
        message = rule.say(values, language)
        _, claims = merged.setdefault((row["subject"].value, message), (row, []))
        if "claim" in row and row["claim"].value not in claims:
            claims.append(row["claim"].value)
    for (subject, message), (row, claims) in merged.items():
        predicate = row["property"].value if "property" in row else None
        file, line = _place(kb, [subject, *claims], predicate)
        yield AuditFinding(rule, subject, message, file, line, tuple(claims))


def _place(
    kb: KnowledgeBase, subjects: Iterable[str], predicate: str | None
) -> tuple[str | None, int | None]:
    """Where the first of ``subjects`` that is written somewhere stands."""
    for subject in subjects:
        file, line = kb.place(subject, predicate)
        if file:
            return file, line
    return None, None


def _shown(kb: KnowledgeBase, term: Term) -> str:
    """A term as it reads in a message: a code by its word, another IRI by its shortest name."""
    from pyoxigraph import NamedNode

    return kb.compact(term.value).removeprefix("code:") if isinstance(term, NamedNode) else term.value
