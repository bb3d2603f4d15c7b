"""Runs the server: a socket, a pool of workers, an eye on the files, and an end in order."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import signal
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

import uvicorn

from ..errors import CannotRun, KbError, UsageError
from .app import make_app
from .connection import GuardedConnection
from .delivery import Delivery
from .front import Log
from .lane_settings import LaneSettings
from .lanes import Pool
from .state import Limits
from .template import Settings, available_cores
from .watch import Watch

__all__ = ["Address", "ServeOptions", "listen", "serve"]

_LOOK_EVERY_S = 0.5
_END_WITHIN_S = 5
_BACKLOG = 512


@dataclass(frozen=True)
class ServeOptions:
    """How to serve a knowledge base.

    :param folder: the knowledge base.
    :param article_texts: files with the text of articles, by article IRI.
    :param query_timeout: seconds a query may run.
    :param row_limit: rows or triples an answer may have.
    :param workers: queries that are answered at once; 0 for one for each core, at least two.
    :param root_path: the path that a proxy in front strips from addresses.
    :param allow_service: whether queries may ask other endpoints.
    :param log_format: ``text``, ``json`` or ``off``.
    """

    folder: Path
    article_texts: dict[str, Path] = field(default_factory=dict)
    query_timeout: float = 30.0
    row_limit: int = 100_000
    workers: int = 0
    root_path: str = ""
    allow_service: bool = False
    log_format: str = "text"


class Address:
    """A socket that listens.

    :param given: the host as the user named it.
    """

    def __init__(self, sock: socket.socket, given: str) -> None:
        self.socket, self._given = sock, given

    @property
    def url(self) -> str:
        """The address to open in a browser."""
        host, port = self.socket.getsockname()[:2]
        if ip_address(host).is_unspecified:
            host = "localhost"
        return f"http://[{host}]:{port}/" if ":" in host else f"http://{host}:{port}/"

    @property
    def is_private(self) -> bool:
        """Whether only programs on this machine can reach it."""
        return ip_address(self.socket.getsockname()[0]).is_loopback


def listen(host: str, port: int) -> Address:
    """A socket at an address; port 0 takes any that is free.

    :raises CannotRun: the port is taken or not allowed, or the host is not this machine's.
    :raises UsageError: there is no such port.
    """
    if not 0 <= port <= 65535:
        raise UsageError(f"there is no port {port}; ports go from 0 (any free one) to 65535")
    try:
        family, _, _, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except (OSError, UnicodeError):
        raise CannotRun(f"{host} is no address of this machine") from None
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
        sock.listen(_BACKLOG)
    except OSError as error:
        sock.close()
        hint = "; stop what listens there, or take another with --port (0 takes any)" if port else ""
        raise CannotRun(f"cannot listen on {host} port {port}: {error.strerror}{hint}") from None
    sock.setblocking(False)
    return Address(sock, host)


def serve(options: ServeOptions, address: Address, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM.

    :param on_ready: called once requests are answered.
    :raises KbError: the knowledge base cannot be read.
    """
    with asyncio.Runner(loop_factory=_loop_factory()) as runner:
        runner.run(_serve(options, address, on_ready))


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's loop where it is installed; there is none for Windows."""
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


async def _serve(options: ServeOptions, address: Address, on_ready: Callable[[], None]) -> None:
    log = Log(options.log_format)
    texts = {article: str(path.resolve()) for article, path in options.article_texts.items()}
    limits = Limits(rows=options.row_limit, service=options.allow_service)
    settings = Settings(str(options.folder.resolve()), texts, limits._asdict())
    workers = options.workers or max(available_cores(), 2)
    lanes = LaneSettings(workers, slow=max(2 * workers, 4), time_limit=options.query_timeout)
    pool = Pool(settings, lanes, lambda what, details: log.event(what, details=details))
    delivery = Delivery(pool)
    watch = Watch(settings.folder, texts.values())
    loop = asyncio.get_running_loop()
    server = _Server(_uvicorn_config(make_app(delivery, log, options.allow_service), options))
    serving = asyncio.current_task()
    assert serving is not None
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, _end, server, serving)
    try:
        await pool.load()
        watching = loop.create_task(_follow(watch, delivery, log))
        server.on_ready = on_ready
        await server.serve(sockets=[address.socket])
        watching.cancel()
    except asyncio.CancelledError:  # Ctrl-C while the data was being loaded
        pass
    finally:
        pool.close()
        address.socket.close()


def _end(server: _Server, serving: asyncio.Task[None]) -> None:
    """Stop taking requests, and end when those that run are done; at the second signal at once."""
    if not server.started or server.should_exit:
        server.force_exit = True
        if not server.started:
            serving.cancel()
    server.should_exit = True


class _Server(uvicorn.Server):
    """uvicorn's server, which leaves signals to us and tells when it is ready."""

    on_ready: Callable[[], None] | None = None

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.on_ready:
            self.on_ready()


def _uvicorn_config(app: object, options: ServeOptions) -> uvicorn.Config:
    # Faults are told by `front`; uvicorn's own lines repeat them, or speak of clients that misbehave.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
    return uvicorn.Config(
        app,  # type: ignore[arg-type]  # an ASGI application; uvicorn's type is narrower than Starlette's
        http=GuardedConnection,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        root_path=options.root_path,
        timeout_graceful_shutdown=_END_WITHIN_S,
        timeout_keep_alive=30,
        backlog=_BACKLOG,
    )


async def _follow(watch: Watch, delivery: Delivery, log: Log) -> None:
    """Load the data anew whenever its files have changed; broken ones leave everything as it is."""
    while True:
        await asyncio.sleep(_LOOK_EVERY_S)
        if not await asyncio.to_thread(watch.has_changed):
            continue
        try:
            summary = await delivery.pool.load()
        except KbError as error:
            delivery.trouble = str(error)
            log.event("the newest files cannot be read; the state before them stays", error=str(error))
        else:
            delivery.trouble = None
            log.event("the files have changed", version=summary["version"], triples=summary["triples"])
        delivery.forget()
