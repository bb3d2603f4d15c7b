"""Link results as audit findings, so that every format for findings serves for links too."""

from __future__ import annotations

from datetime import UTC, datetime

from ..audit import AuditFinding, Report, Rule
from ..knowledge_base import KnowledgeBase
from ..links.judgement import FAILING
from ..links.lists import Listed
from ..links.result import LinkReport, LinkResult
from ..links.settings import LinkSettings
from ..vocabulary import Severity, Verdict

__all__ = ["report_of"]

_TITLES: dict[Verdict, tuple[str, str]] = {
    Verdict.DEAD: ("Address dead", "Adresse tot"),
    Verdict.SOFT_404: ("Page gone, though the server says 200", "Seite weg, obwohl der Server 200 sagt"),
    Verdict.UNREACHABLE: ("Address not reachable", "Adresse nicht erreichbar"),
    Verdict.INVALID: ("No address", "Keine Adresse"),
    Verdict.INSECURE: ("Only past a bad certificate", "Nur an schlechtem Zertifikat vorbei"),
    Verdict.DRIFTED: ("No longer what was cited", "Nicht mehr, was zitiert wurde"),
    Verdict.BLOCKED: ("A person must look", "Ein Mensch muss nachsehen"),
    Verdict.REFUSED: ("Not asked, by policy", "Nach Regel nicht gefragt"),
    Verdict.MOVED: ("Moved for good", "Dauerhaft umgezogen"),
}
_MEND: dict[Verdict, tuple[str, str]] = {
    Verdict.MOVED: ("Write the new address.", "Die neue Adresse eintragen."),
    Verdict.BLOCKED: ("Open it in a browser.", "Im Browser öffnen."),
    Verdict.INVALID: ("Write the whole address.", "Die ganze Adresse eintragen."),
    Verdict.REFUSED: (
        "Cite a public address; --allow-private asks others.",
        "Eine öffentliche Adresse zitieren; --allow-private fragt auch andere.",
    ),
    Verdict.DRIFTED: (
        "Compare with an archived copy, and judge the source anew.",
        "Mit einer Archivkopie vergleichen und die Quelle neu beurteilen.",
    ),
    Verdict.INSECURE: (
        "Tell the site's owner, or cite another address.",
        "Den Betreiber benachrichtigen oder eine andere Adresse zitieren.",
    ),
}
_FIND = (
    "Find its new address or an archived copy, or cite another source.",
    "Die neue Adresse oder eine Archivkopie suchen oder eine andere Quelle zitieren.",
)
_WHY = (
    "What the claims rest on can no longer be checked, or not where it is said to be.",
    "Worauf die Behauptungen ruhen, ist nicht mehr zu prüfen, oder nicht dort, wo es stehen soll.",
)
_EXPIRED = Rule(
    "link-ignore-expired",
    Severity.WARNING,
    "link",
    {"en": "Ignore rule expired", "de": "Ausnahme abgelaufen"},
    {"en": "{message}", "de": "{message}"},
    {"en": "The address is checked again.", "de": "Die Adresse wird wieder geprüft."},
    {
        "en": "Strike the rule, or give it a new end and reason.",
        "de": "Die Ausnahme streichen oder neu befristen und begründen.",
    },
)


def report_of(
    links: LinkReport,
    kb: KnowledgeBase,
    settings: LinkSettings,
    listed: list[Listed],
    now: datetime,
    language: str,
) -> Report:
    """The findings, worst first; live addresses are none."""
    findings = [] if links.network_down else [
        _finding(result, kb, where)
        for result, where in zip(links.results, _places(links, kb, listed), strict=True)
        if result.verdict is not Verdict.ALIVE
    ]  # fmt: skip
    today = now.astimezone(UTC).date()
    for rule in settings.ignore:
        if rule.expired(today):
            said = {"en": "“{}” was left alone until {}: {}", "de": "„{}“ war ausgenommen bis {}: {}"}
            message = said[language].format(rule.pattern, rule.until, rule.reason)
            file = kb.shown(kb.config.file)
            findings.append(AuditFinding(_EXPIRED, rule.pattern, message, file, None, ()))
    rules = {finding.rule.id: finding.rule for finding in findings}
    return Report(tuple(sorted(findings, key=AuditFinding.rank)), tuple(rules.values()))


def _finding(result: LinkResult, kb: KnowledgeBase, where: tuple[str | None, int | None]) -> AuditFinding:
    severity = result.severity
    title, mend = _TITLES[result.verdict], _MEND.get(result.verdict, _FIND)
    suspect = result.verdict in FAILING and severity is Severity.WARNING
    rule = _rule(f"link-{result.verdict}{'-suspect' if suspect else ''}", severity, title, mend)
    return AuditFinding(rule, result.url, f"{result.url}: {result.reason}", *where, result.target.claims)


def _rule(name: str, severity: Severity, title: tuple[str, str], mend: tuple[str, str]) -> Rule:
    def both(words: tuple[str, str]) -> dict[str, str]:
        return {"en": words[0], "de": words[1]}

    return Rule(name, severity, "link", both(title), both(("{message}", "{message}")), both(_WHY), both(mend))


def _places(
    links: LinkReport, kb: KnowledgeBase, listed: list[Listed]
) -> list[tuple[str | None, int | None]]:
    if listed:
        by_url = {one.url: (one.file, one.line) for one in reversed(listed)}
        return [by_url.get(result.target.given, (None, None)) for result in links.results]
    return [_place(result, kb) for result in links.results]


def _place(result: LinkResult, kb: KnowledgeBase) -> tuple[str | None, int | None]:
    for subject in result.target.places:
        for predicate in ("https://w3id.org/evidence-kb/ns#printedAddress", "https://schema.org/url"):
            file, line = kb.place(subject, predicate)
            if file:
                return file, line
    return None, None
