"""Serve the pages live, with a read-only SPARQL 1.1 endpoint, linked data and a JSON API.

The address is printed when requests are answered. Only this machine can reach it unless --host says
otherwise. Edits to the files show up by themselves. Ctrl-C ends it.
"""

from __future__ import annotations

import argparse
import os
import sys

from ..errors import CannotRun, UsageError
from .terminal import warn

__all__ = ["add_arguments", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the command's options."""
    parser.add_argument(
        "--host", default="127.0.0.1", help="the address to listen on (default: 127.0.0.1, this machine only)"
    )
    parser.add_argument(
        "--port", type=int, default=8000, help="the port to listen on; 0 takes any free one (default: 8000)"
    )
    parser.add_argument(
        "--article",
        action="append",
        default=[],
        metavar="[NAME=]FILE",
        help="the text of an article, shown with its claims; may be repeated",
    )
    parser.add_argument(
        "--query-timeout", type=float, default=30.0, metavar="S", help="seconds a query may run (default: 30)"
    )
    parser.add_argument(
        "--row-limit",
        type=int,
        default=100_000,
        metavar="N",
        help="rows an answer may have (default: 100000)",
    )
    parser.add_argument(
        "--workers",
        type=int,
        default=0,
        metavar="N",
        help="quick queries answered at once (default: one for each core, at least two)",
    )
    parser.add_argument(
        "--root-path", default="", metavar="PATH", help="the path that a proxy in front of it strips: /kb"
    )
    parser.add_argument(
        "--allow-service",
        action="store_true",
        help="let queries ask other endpoints with SERVICE; only where every asker is trusted",
    )
    parser.add_argument(
        "--log-format",
        choices=("text", "json", "off"),
        default="text",
        help="a line for every request on standard error (default: text)",
    )


def run(arguments: argparse.Namespace) -> int:
    """Run the command; gives its exit code."""
    if not hasattr(os, "fork"):
        raise CannotRun("kb serve needs a system that can fork processes (Linux, macOS, WSL)")
    _check(arguments)
    from ..knowledge_base import KnowledgeBase
    from .audit import articles_given

    kb = KnowledgeBase.open(arguments.kb)
    texts = articles_given(kb, arguments.article)
    try:
        from ..site.serve import ServeOptions, listen, serve
    except ImportError as error:
        raise CannotRun(f"{error.name} is not installed; install evidence-kb anew") from None
    options = ServeOptions(
        kb.config.folder,
        texts,
        arguments.query_timeout,
        arguments.row_limit,
        arguments.workers,
        arguments.root_path,
        arguments.allow_service,
        arguments.log_format,
    )
    address = listen(arguments.host, arguments.port)
    if not address.is_private:
        warn(
            f"{arguments.host} lets other machines read this knowledge base; put a proxy with TLS in front "
            "of it and let kb listen on 127.0.0.1 (docs/serve.md shows how)"
        )

    def ready() -> None:
        name = kb.config.name or kb.config.folder.name
        warn(f"serving {name}; SPARQL at {address.url}sparql; Ctrl-C ends it")
        print(address.url, flush=True)

    serve(options, address, ready)
    sys.stderr.flush()
    return 0


def _check(arguments: argparse.Namespace) -> None:
    if not arguments.query_timeout > 0:
        raise UsageError("--query-timeout must be more than 0 seconds")
    if arguments.row_limit < 1:
        raise UsageError("--row-limit must be at least 1")
    if not 0 <= arguments.workers <= 256:
        raise UsageError("--workers goes from 1 to 256")
    path = arguments.root_path
    if path and (not path.startswith("/") or path.endswith("/") or not path.isascii()):
        raise UsageError(f"--root-path is written like /kb, not {path!r}")
