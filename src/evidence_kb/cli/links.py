"""Check which addresses can still be reached, and say which claims lose their footing.

Every address of the knowledge base is asked once, politely, and what comes back is judged and remembered
in links.ttl. --urls checks plain lists, Markdown, HTML or BibTeX files instead, without a knowledge base.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from threading import Event, current_thread, main_thread
from typing import TYPE_CHECKING

from ..errors import CannotRun, UsageError
from ..vocabulary import Severity
from .terminal import bar, warn

if TYPE_CHECKING:
    from ..knowledge_base import KnowledgeBase
    from ..links.lists import Listed
    from ..links.result import LinkReport
    from ..links.settings import LinkSettings
    from ..links.targets import Target

__all__ = ["FORMATS", "add_arguments", "run"]

FORMATS = ("text", "json", "markdown", "sarif", "junit", "github")
_LONG = 60.0  #: seconds for one host that are worth a word beforehand
_AT_LEAST = {
    "error": frozenset((Severity.ERROR,)),
    "warning": frozenset((Severity.ERROR, Severity.WARNING)),
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--urls",
        action="extend",
        nargs="+",
        default=[],
        metavar="FILE|-",
        help="check the addresses in a list, .md, .html or .bib file, or on standard input",
    )
    parser.add_argument("--format", choices=FORMATS, default="text")
    parser.add_argument(
        "--fail-on",
        choices=("error", "warning", "never"),
        default="error",
        help="the least severe finding that counts (default: error)",
    )
    parser.add_argument(
        "--timeout", type=float, default=20.0, metavar="S", help="seconds for one attempt (default: 20)"
    )
    parser.add_argument(
        "--concurrency", type=int, default=256, metavar="N", help="most requests at once (default: 256)"
    )
    parser.add_argument(
        "--per-host-delay",
        type=float,
        default=0.2,
        metavar="S",
        help="least seconds between two requests to a host (default: 0.2)",
    )
    parser.add_argument("--head", action="store_true", help="ask by HEAD first: quicker, judges no bodies")
    parser.add_argument("--all", action="store_true", help="ask also what was checked recently")
    parser.add_argument("--allow-private", action="store_true", help="ask private and loopback addresses too")
    parser.add_argument("--no-record", action="store_true", help="do not write links.ttl")
    parser.add_argument("--at", metavar="TIME", help="the time to record, for back-filling (ISO 8601)")


def run(arguments: argparse.Namespace) -> int:
    """Run the command; gives its exit code."""
    if not arguments.timeout > 0 or arguments.concurrency < 1 or arguments.per_host_delay < 0:
        raise UsageError("--timeout and --concurrency must be above 0, --per-host-delay not below 0")
    at = _time(arguments.at)
    kb = _knowledge_base(arguments)
    settings = _settings(kb)
    listed, targets = _targets(kb, arguments.urls)
    report = _check(kb, arguments, targets, settings, at)
    today = at or datetime.now(UTC)
    _write(report, kb, settings, listed, today, arguments)
    if report.network_down:
        sys.stdout.flush()
        raise CannotRun("no host could be reached: the network seems to be down; nothing was recorded")
    if report.stopped:
        rest = len(targets) - len(report.results)
        warn(f"stopped; what was seen is recorded, the next run goes on with the other {rest}")
        return 130
    if arguments.fail_on == "never":
        return 0
    found = {result.severity for result in report.results}
    if any(rule.expired(today.astimezone(UTC).date()) for rule in settings.ignore):
        found.add(Severity.WARNING)
    return 1 if found & _AT_LEAST[arguments.fail_on] else 0


def _write(
    report: LinkReport,
    kb: KnowledgeBase | None,
    settings: LinkSettings,
    listed: list[Listed],
    today: datetime,
    arguments: argparse.Namespace,
) -> None:
    """The results, in the format asked for, to standard output."""
    if arguments.format == "json":  # says all that was seen, and needs no findings made of it
        from .formats.links_json import render as pieces

        sys.stdout.writelines(pieces(report))
        return
    from .link_report import report_of

    if kb is None:
        from ..config import Config
        from ..knowledge_base import KnowledgeBase

        kb = KnowledgeBase(Config(Path.cwd()))  # for names only: nothing of it is read
    findings = report_of(report, kb, settings, listed, today, arguments.lang)
    if arguments.format in {"text", "markdown", "junit"}:
        form = import_module(f".formats.links_{arguments.format}", __package__)
        sys.stdout.write(form.render(report, findings, kb, arguments.lang))
    else:
        form = import_module(f".formats.audit_{arguments.format}", __package__)
        sys.stdout.write(form.render(findings, kb, arguments.lang, True))
    path = os.environ.get("GITHUB_STEP_SUMMARY")
    if arguments.format == "github" and path:
        from .formats.links_markdown import render

        with Path(path).open("a", encoding="utf-8") as page:
            page.write(render(report, findings, kb, arguments.lang))


def _knowledge_base(arguments: argparse.Namespace) -> KnowledgeBase | None:
    """The knowledge base to check, or whose settings hold for a list; ``None`` for a list without one."""
    if arguments.urls and arguments.kb is None:
        return None
    from ..knowledge_base import KnowledgeBase

    return KnowledgeBase.open(arguments.kb)


def _settings(kb: KnowledgeBase | None) -> LinkSettings:
    from ..links.settings import LinkSettings, read_settings

    return LinkSettings() if kb is None else read_settings(kb.config.links, kb.config.file)


def _targets(kb: KnowledgeBase | None, files: list[str]) -> tuple[list[Listed], list[Target]]:
    from ..links.lists import read_list
    from ..links.targets import Target, targets_of

    if kb is not None and not files:
        return [], targets_of(kb)
    listed: list[Listed] = []
    for file in files:
        listed += _standard_input() if file == "-" else read_list(Path(file))
    return listed, [Target(one.url) for one in listed]


def _standard_input() -> Iterator[Listed]:
    from ..links.lists import addresses_in, decoded

    return addresses_in(decoded(sys.stdin.buffer.read(), "standard input"), "", "standard input")


def _check(
    kb: KnowledgeBase | None,
    arguments: argparse.Namespace,
    targets: list[Target],
    settings: LinkSettings,
    at: datetime | None,
) -> LinkReport:
    from .. import __version__
    from ..links import Options, check_links

    options = Options(
        settings.user_agent(__version__),
        timeout=arguments.timeout,
        concurrency=arguments.concurrency,
        per_host_delay=arguments.per_host_delay,
        head=arguments.head,
        allow_private=arguments.allow_private,
    )
    history = None
    if kb is not None and not arguments.urls:
        from ..links import History

        path = kb.config.folder / "links.ttl"
        history = History(path, kb.config.base, settings.rules, read_only=arguments.no_record)
        if not arguments.no_record and (taken := history.take_up()):
            warn(f"{taken} observations of a run that was stopped are recorded")
    now = at or datetime.now(UTC)
    asked = targets
    if settings.ignore:
        asked = [t for t in targets if settings.ignored(t.given, now) is None]
    _warn_of_long_waits(asked, arguments.per_host_delay)
    report = check_links(
        asked,
        options,
        history=history,
        at=at,
        canary=settings.canary,
        due=(lambda _record, _now: True) if arguments.all or at else settings.due,
        gone_phrases=settings.gone_phrases,
        progress=_progress(),
        stop=_stop_on_interrupt(),
    )
    if len(asked) < len(targets):
        warn(f"{len(targets) - len(asked)} addresses are left alone by rules in kb.toml")
    return report


def _stop_on_interrupt() -> Event:
    """Set by Ctrl-C, or by what ends a job: the check ends in order, with everything seen recorded."""
    stop = Event()

    def end(number: int, _frame: object) -> None:
        stop.set()
        signal.signal(number, signal.default_int_handler)  # a second one does not wait

    if current_thread() is main_thread():
        signal.signal(signal.SIGINT, end)
        signal.signal(signal.SIGTERM, end)
    return stop


def _warn_of_long_waits(targets: list[Target], delay: float) -> None:
    """Say beforehand which host's addresses will take long, and why."""
    from collections import Counter

    from ..links.addresses import host_of, read_address

    if delay * len(targets) <= _LONG:
        return
    requests = {read_address(target.given).request for target in targets}
    hosts = Counter(host_of(request) for request in requests if request)
    for host, number in hosts.most_common(1):
        if number * delay > _LONG:
            warn(
                f"{number} addresses at {host} take at least {number * delay:.0f} s at one request "
                f"every {delay:g} s; --per-host-delay changes that"
            )


def _progress() -> Callable[[int, int], None]:
    """A bar on a terminal, a line for each tenth elsewhere; to standard error."""
    began = datetime.now(UTC)
    shown = [0]
    terminal = sys.stderr.isatty()

    def tell(done: int, total: int) -> None:
        step = total if total < 100 and not terminal else max(total // (100 if terminal else 10), 1)
        if done == shown[0] or (done < total and done - shown[0] < step):
            return
        shown[0] = done
        seconds = max((datetime.now(UTC) - began).total_seconds(), 0.001)
        rate = done / seconds
        left = f", {(total - done) / rate:.0f} s left" if rate and done < total else ""
        line = f"{done} of {total} addresses, {rate:.0f} a second{left}"
        drawn = f"{bar(done, total, 20):20} {line}"
        sys.stderr.write(
            f"\r\x1b[K{drawn}" + ("\n" if done >= total else "") if terminal else f"kb: {line}\n"
        )
        sys.stderr.flush()

    return tell


def _time(word: str | None) -> datetime | None:
    if word is None:
        return None
    try:
        when = datetime.fromisoformat(word)
    except ValueError:
        raise UsageError(f"--at {word!r} is no time; write it like 2026-09-01T09:00:00Z") from None
    return when if when.tzinfo else when.replace(tzinfo=UTC)
