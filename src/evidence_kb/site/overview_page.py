"""The overview of a knowledge base, and the list of its articles."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import NamedTuple

from ..audit import AuditFinding
from ..audit.rules import Rule
from ..model import Claim, Source
from ..vocabulary import Footing
from .charts import Bar, bars
from .details import Article
from .page import Page, Part, parts
from .tasks_page import WEAK
from .view import View

__all__ = ["RuleCount", "by_rule", "pages", "source_charts", "weak_claims"]

_MOST_ARTICLES = 30


class RuleCount(NamedTuple):
    """How often a rule is broken, and how many claims are at stake in all."""

    rule: Rule
    findings: tuple[AuditFinding, ...]
    claims: int


class Change(NamedTuple):
    """An address whose verdict became another at the last link check."""

    url: str
    before: str | None
    after: str
    when: str
    sources: tuple[Source, ...]
    falls: int


def pages(view: View) -> Iterator[Page]:
    """The overview, and the list of articles."""

    def overview() -> Mapping[str, object]:
        facts = view.facts
        claims = list(facts.claims.values())
        articles = sorted(facts.articles, key=lambda a: -len(weak_claims(a)))
        return {
            "footings": footing_bars(view, facts.footings(), f"{view.language}/claims"),
            "rules": by_rule(facts.report(view.language).findings),
            "charts": source_charts(view, list(facts.sources.values()), linked=True),
            "checked": max(
                (a.last_checked or "" for s in facts.sources.values() for a in s.addresses), default=""
            ),
            "changes": last_changes(view),
            "core": [c for c in claims if c.core and c.footing in WEAK][:8],
            "weak_total": sum(c.footing in WEAK for c in claims),
            "articles": articles[:_MOST_ARTICLES],
            "weak": weak_claims,
            "summary": facts.report(view.language).summary(),
        }

    yield Page(f"{view.language}/index.html", "overview.html", overview)
    for part in parts(view.facts.articles, f"{view.language}/articles.html"):
        yield Page(part.path, "articles.html", partial(_articles, part))


def _articles(part: Part[Article]) -> Mapping[str, object]:
    return {"part": part, "weak": weak_claims}


def weak_claims(article: Article) -> list[Claim]:
    """An article's claims that stand badly."""
    return [claim for claim in article.claims if claim.footing in WEAK]


def by_rule(findings: Iterable[AuditFinding]) -> list[RuleCount]:
    """Findings by rule, worst rule first, then the one with most claims at stake."""
    groups: dict[str, list[AuditFinding]] = {}
    for finding in findings:
        groups.setdefault(finding.rule.id, []).append(finding)
    order = {"error": 0, "warning": 1, "info": 2}
    counted = [
        RuleCount(found[0].rule, tuple(found), len({claim for f in found for claim in f.claims}))
        for found in groups.values()
    ]
    return sorted(counted, key=lambda c: (order[c.rule.severity], -c.claims, -len(c.findings), c.rule.id))


def footing_bars(view: View, counts: list[tuple[Footing, int]], link: str | None) -> list[Bar]:
    """Claims by footing, as a chart."""
    labels = {f.value: view.facts.label(f, "footings", view.language) for f, _ in counts}
    found = bars({footing.value: number for footing, number in counts}, labels, "footings", keep_order=True)
    return [bar._replace(link=f"{link}-{bar.word}.html") if link else bar for bar in found]


def source_charts(view: View, sources: list[Source], *, linked: bool = False) -> dict[str, list[Bar]]:
    """Sources by kind, by interest and by liveness."""
    facts, lang = view.facts, view.language
    kinds = Counter(source.kind or "" for source in sources)
    interests = Counter(source.interest or "" for source in sources)
    live = Counter(view.liveness(source) for source in sources)
    named = {
        "kind": ("source-kinds", kinds, "chart.no_kind"),
        "interest": ("interests", interests, "chart.no_interest"),
        "address": ("verdicts", live, ""),
    }
    charts = {}
    for name, (scheme, counts, missing) in named.items():
        labels = {word: facts.label(word, scheme, lang) for word in counts}
        labels |= {"": view.t(missing)} if missing else {}
        labels |= {"unchecked": view.t("address.unchecked"), "no-address": view.t("address.none")}
        made = bars(dict(counts), labels, scheme)
        charts[name] = [
            bar._replace(link=f"{lang}/sources-{name}-{bar.word}.html") if linked and bar.word else bar
            for bar in made
        ]
    return charts


def last_changes(view: View) -> list[Change]:
    """What became of addresses at the last link check: on the day of the latest one."""
    facts = view.facts
    owners: dict[str, list[Source]] = {}
    checked = {}
    for source in facts.sources.values():
        for address in source.addresses:
            owners.setdefault(address.url, []).append(source)
            if address.last_checked:
                checked[address.url] = address
    last_day = max((a.last_checked or "" for a in checked.values()), default="")[:10]
    changes = []
    for url, address in checked.items():
        detail = facts.addresses.get(url)
        since = (detail.since if detail else None) or ""
        if not last_day or since[:10] != last_day or address.verdict is None:
            continue
        earlier = [check.verdict for check in facts.history.get(url, ()) if check.when < since]
        before = earlier[-1] if earlier else None
        well = before is None and address.verdict in {"alive", "moved"}  # at its first check
        if well or before == address.verdict:
            continue
        falls = {claim for s in owners[url] for claim in facts.falls.get(s.iri, ())}
        changes.append(Change(url, before, address.verdict, since, tuple(owners[url]), len(falls)))
    return sorted(changes, key=lambda c: (-c.falls, c.after in {"alive", "moved"}, c.url))
