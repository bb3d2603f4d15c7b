"""``kb``: finds the command, runs it, and turns errors into one line and an exit code."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from ..errors import CannotRun, KbError, UsageError, nearest

__all__ = ["COMMANDS", "main", "parser_of", "run"]

TYPE_CHECKING = False  # importing typing would cost every start of kb 5 ms
if TYPE_CHECKING:
    from typing import NoReturn

    from _typeshed import SupportsWrite

#: Command, the module that runs it, and its line in ``kb --help``.
COMMANDS: dict[str, tuple[str, str]] = {
    "audit": (
        "audit",
        "check the knowledge base: what is wrong, worst first, and the claims at stake",
    ),
    "query": ("query", "ask a named question, or SPARQL of your own"),
    "links": ("links", "check every address: which sources are gone, and which claims are at stake"),
    "add": ("add", "read articles and draft their sources, citations and claims; update those that changed"),
    "show": ("show", "one claim or source with all that hangs on it"),
    "impact": ("impact", "which claims lose their footing if a source, address or host goes away"),
    "report": ("report", "write pages that open from disk: claims, sources, findings, search"),
    "serve": ("serve", "the pages live in a browser, with a SPARQL endpoint, linked data and a JSON API"),
    "fmt": ("fmt", "write the Turtle files in the one sorted way, or check that they are"),
    "init": ("init", "make an empty knowledge base"),
}


class _Formatter(argparse.RawDescriptionHelpFormatter):
    def __init__(self, prog: str) -> None:
        super().__init__(prog, width=_width())  # left alone, argparse imports shutil to find it


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise UsageError(f"{message}; see {self.prog} --help")

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        (file or sys.stdout).write(self.format_help())  # argparse would hide that the disk is full


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``kb`` with these arguments (the process's own where not given); gives the exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    if sys.stdout is None:  # closed by the caller: ">&-"
        sys.stdout = os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")
    try:
        try:
            code = _dispatch(words)
        except SystemExit as done:  # argparse, after --help
            code = int(done.code or 0)
        sys.stdout.flush()
    except KbError as error:
        print(f"kb: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:  # the reader (head, less) has seen enough
        _drop_output()
        return 0
    except OSError as error:  # a full disk, for example
        _drop_output()
        place = error.filename or "the output"
        print(f"kb: {place} cannot be read or written ({error.strerror or error})", file=sys.stderr)
        return CannotRun.exit_code
    except KeyboardInterrupt:
        return 130
    return code


def run() -> NoReturn:
    """Entry point of the ``kb`` script."""
    # A command lives for one answer: looking for garbage often, and freeing every triple one by one at
    # the end, would take longer than the answer itself.
    gc.set_threshold(100_000)
    code = main()
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except OSError:  # the reader has gone
        pass
    os._exit(code)


def _drop_output() -> None:
    """Send what is still to be printed nowhere, so that printing it at the end does not fail again."""
    from contextlib import suppress

    with suppress(OSError, ValueError):  # captured, as in tests
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def parser_of(command: str) -> argparse.ArgumentParser:
    """The parser of one command, with the options that every command takes."""
    module = import_module(f".{COMMANDS[command][0]}", __package__)
    parser = _Parser(
        prog=f"kb {command}",
        description=module.__doc__,
        formatter_class=_Formatter,
    )
    _common_options(parser)
    module.add_arguments(parser)
    parser.set_defaults(run=module.run)
    return parser


def top_parser() -> argparse.ArgumentParser:
    """The parser of ``kb`` itself."""
    width = max(map(len, COMMANDS))
    lines = "\n".join(f"  {name:{width}}  {help_}" for name, (_, help_) in COMMANDS.items())
    parser = _Parser(
        prog="kb",
        usage="kb [--kb DIR] [--lang de|en] COMMAND …",
        description="Claims, the sources they rest on, and what falls when a link dies.",
        epilog=f"commands:\n{lines}\n\n'kb COMMAND --help' tells more. "
        "Exit codes: 0 done, 1 findings, 2 bad usage or input, 3 could not run.",
        formatter_class=_Formatter,
    )
    _common_options(parser)
    parser.add_argument("--version", action="store_true", help="print the version")
    return parser


def _common_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kb",
        metavar="DIR",
        default=argparse.SUPPRESS,
        help="the knowledge base (default: the nearest kb.toml from here upwards, or in ./kb)",
    )
    parser.add_argument(
        "--lang",
        choices=("de", "en"),
        default=argparse.SUPPRESS,
        help="language of the output (default: en)",
    )


def _dispatch(words: list[str]) -> int:
    at = _command_index(words)
    options = argparse.Namespace()
    if at or not words:
        parser = top_parser()
        options = parser.parse_args(words[:at])
        if options.version:
            from .. import __version__

            print(f"kb {__version__}")
            return 0
        if at == len(words):
            parser.print_help()
            return 0 if not words else 2
    command = words[at]
    if command not in COMMANDS:
        close = nearest(command, COMMANDS)
        meant = f"; did you mean {' or '.join(close)}?" if close else ""
        raise UsageError(f"no command is called {command!r}{meant} (kb --help lists them)")
    arguments = argparse.Namespace(kb=None, lang="en")
    vars(arguments).update({k: v for k, v in vars(options).items() if k != "version"})
    parser_of(command).parse_args(words[at + 1 :], arguments)
    result: int = arguments.run(arguments)
    return result


def _command_index(words: list[str]) -> int:
    """Where the command stands: the first word that is no option of ``kb`` nor an option's value."""
    position = 0
    while position < len(words) and words[position].startswith("-"):
        position += 2 if words[position] in {"--kb", "--lang"} else 1
    return min(position, len(words))


def _width() -> int:
    columns = os.environ.get("COLUMNS", "")
    if columns.isdigit():
        return max(int(columns) - 2, 40)
    try:
        return min(os.get_terminal_size().columns, 120) - 2
    except OSError:
        return 98
