"""Fetching: polite, bounded, never to private machines, past TLS faults with a word about each."""

from __future__ import annotations

import datetime
import ssl
import time
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID
from hard_server import Request, Server, bare, host_number, html, serving

from evidence_kb.links import LinkResult, Options, Target, check_links
from evidence_kb.links.fetch import Fetcher

POLITE = Options(
    "evidence-kb test (me@a.example)", timeout=2.0, per_host_delay=0.0, pauses=(), allow_private=True
)


def check(*urls: str, options: Options = POLITE) -> list[LinkResult]:
    return list(check_links([Target(url) for url in urls], options).results)


@pytest.fixture
def server() -> Iterator[Server]:
    with serving(lambda _: html("Da")) as running:
        yield running


def test_an_address_is_asked_once_however_it_is_written(server: Server) -> None:
    base = f"http://127.0.0.1:{server.port}"
    results = check(f"{base}/ä", f"{base}/%C3%A4", f"{base}/%c3%a4#x", f"HTTP://127.0.0.1:{server.port}/ä")

    assert len(server.log) == 1
    assert [r.verdict for r in results] == ["alive"] * 4
    assert [r.url for r in results][1] == f"{base}/%C3%A4"


def test_another_query_is_another_address(server: Server) -> None:
    check(f"http://127.0.0.1:{server.port}/?id=1", f"http://127.0.0.1:{server.port}/?id=2")

    assert sorted(path for _, _, _, path, _ in server.log) == ["/?id=1", "/?id=2"]


def test_we_say_who_we_are(server: Server) -> None:
    check(f"http://127.0.0.1:{server.port}/")

    assert server.log[0][4]["user-agent"] == "evidence-kb test (me@a.example)"


def test_results_come_in_the_order_asked(server: Server) -> None:
    urls = [f"http://{host_number(n % 7)}:{server.port}/{n}" for n in range(60)]

    assert [r.url for r in check(*urls)] == urls


def test_a_host_is_not_asked_sooner_than_the_gap(server: Server) -> None:
    urls = [f"http://127.0.0.1:{server.port}/{n}" for n in range(5)]
    began = time.monotonic()
    check(*urls, options=POLITE._replace(per_host_delay=0.1))
    times = sorted(at - began for at, *_ in server.log)

    # A busy machine may note a request late, never early.
    assert all(at >= 0.1 * number for number, at in enumerate(times))


def test_a_host_is_not_asked_by_too_many_at_once() -> None:
    under_way, most = [0], [0]

    def slow(_: Request) -> bytes:
        under_way[0] += 1
        most[0] = max(most[0], under_way[0])
        time.sleep(0.05)
        under_way[0] -= 1
        return html("Da")

    with serving(slow) as server:
        check(
            *(f"http://127.0.0.1:{server.port}/{n}" for n in range(12)), options=POLITE._replace(per_host=2)
        )

    assert most[0] == 2


def test_waiting_for_one_host_does_not_hold_up_another() -> None:
    def answer(request: Request) -> bytes:
        if request.headers["host"].startswith("127.0.0.1:") and not request.count:
            return bare("429 Too Many Requests", "Retry-After: 1\r\n")
        return html("Da")

    with serving(answer) as server:
        others = [f"http://{host_number(n + 1)}:{server.port}/x" for n in range(20)]
        options = POLITE._replace(pauses=(0.0,), patience=5.0)
        results = check(f"http://127.0.0.1:{server.port}/x", *others, options=options)
        times = {host: at for at, _, host, _, _ in server.log}
        first = min(at for at, *_ in server.log)

    assert {r.verdict for r in results} == {"alive"}
    assert times.pop(f"127.0.0.1:{server.port}") - first >= 0.9
    assert max(times.values()) - first < 0.9


def test_connections_are_used_again(server: Server) -> None:
    seen: set[int] = set()
    server.answer = lambda r: (seen.add(r.connection.fileno()), html("Da"))[1]
    check(*(f"http://127.0.0.1:{server.port}/{n}" for n in range(20)), options=POLITE._replace(per_host=1))

    assert len(seen) == 1


def test_a_bomb_costs_no_more_than_the_cap(server: Server) -> None:
    server.answer = lambda _: bare("200 OK", "Content-Type: text/html\r\n", b"x" * 5_000_000)
    fetcher = Fetcher(POLITE)
    fetcher.add(f"http://127.0.0.1:{server.port}/")
    (outcome,) = fetcher

    assert (len(outcome.last.body), outcome.last.whole) == (1_000_000, False)


def test_by_head_a_clear_yes_is_enough_and_anything_else_is_asked_again() -> None:
    def answer(request: Request) -> bytes:
        if request.path == "/lies" and request.method == "HEAD":
            return bare("404 Not Found")
        if request.path == "/no-head" and request.method == "HEAD":
            return bare("405 Method Not Allowed")
        return html("Da")

    with serving(answer) as server:
        base = f"http://127.0.0.1:{server.port}"
        results = check(f"{base}/fine", f"{base}/lies", f"{base}/no-head", options=POLITE._replace(head=True))
        asked = sorted((path, method) for _, method, _, path, _ in server.log)

    assert [r.verdict for r in results] == ["alive"] * 3
    assert asked == [
        ("/fine", "HEAD"),
        ("/lies", "GET"),
        ("/lies", "HEAD"),
        ("/no-head", "GET"),
        ("/no-head", "HEAD"),
    ]


def test_three_tries_and_no_more() -> None:
    with serving(lambda _: bare("500 Internal Server Error")) as server:
        check(f"http://127.0.0.1:{server.port}/", options=POLITE._replace(pauses=(0.01, 0.01)))

        assert len(server.log) == 3


def test_a_host_that_hangs_does_not_cost_its_time_out_for_every_address() -> None:
    """After twenty in a row the rest waits for the last pass, and is given up if that is no better."""
    options = POLITE._replace(timeout=0.1, pauses=(0.01, 0.01), per_host=4)
    with serving(lambda r: time.sleep(0.3) or b"") as server:  # type: ignore[func-returns-value]
        hanging = [f"http://127.0.0.1:{server.port}/{n}" for n in range(300)]
        results = check(*hanging, options=options)
        asked = len(server.log)

    assert {r.verdict for r in results} == {"unreachable"}
    assert any("not asked" in r.reason for r in results)
    assert asked < 120


def test_a_host_that_was_away_for_a_while_is_asked_again_at_the_end() -> None:
    def answer(request: Request) -> bytes:
        if len(server.log) <= 25:
            request.connection.close()
            return b""
        return html("Da")

    with serving(answer) as server:
        urls = [f"http://127.0.0.1:{server.port}/{n}" for n in range(200)]
        results = check(*urls, options=POLITE._replace(pauses=(0.01, 0.01)))

    assert {r.verdict for r in results} == {"alive"}


def test_a_time_out_is_no_sign_that_the_network_is_down() -> None:
    with serving(lambda r: time.sleep(0.3) or b"") as server:  # type: ignore[func-returns-value]
        url = f"http://127.0.0.1:{server.port}/"
        report = check_links([Target(url)], POLITE._replace(timeout=0.1))

    assert (report.network_down, report.results[0].verdict) == (False, "unreachable")


@pytest.mark.parametrize(
    "host", ["169.254.169.254", "0xa9fea9fe", "[fd00:ec2::254]", "metadata.google.internal"]
)
def test_a_clouds_secrets_are_never_asked_for(host: str) -> None:
    (result,) = check(f"http://{host}/latest/meta-data/")

    assert result.verdict == "refused"
    assert "metadata" in result.reason


def test_no_passwords_are_sent_or_shown(server: Server) -> None:
    (result,) = check(f"http://me:secret@127.0.0.1:{server.port}/x")

    assert "secret" not in result.url
    assert "authorization" not in server.log[0][4]


# -- private machines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    [
        *("127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1"),
        *("[::1]", "[::ffff:127.0.0.1]", "[::]", "[0:0:0:0:0:ffff:7f00:1]", "0", "017700000001", "127.0.1"),
        *("①②⑦.0.0.1", "127。0。0。1", "LOCALHOST.", "a.localhost"),
        *("10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "metadata.google.internal", "0.0.0.0"),
        *("[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "printer.local", "100.64.0.1"),
    ],
)  # fmt: skip
def test_private_machines_are_not_asked(server: Server, host: str) -> None:
    (result,) = check(f"http://{host}:{server.port}/", options=POLITE._replace(allow_private=False))

    assert result.verdict == "refused"
    assert server.log == []


def test_a_name_that_leads_to_a_private_machine_is_not_asked(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As DNS rebinding does: the name says nothing, the number it resolves to does."""
    monkeypatch.setattr("evidence_kb.links.fetch.private_host", lambda _host: None)
    (result,) = check(f"http://localhost:{server.port}/", options=POLITE._replace(allow_private=False))

    assert (result.verdict, server.log) == ("refused", [])
    assert "loopback" in result.reason


# -- TLS -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def tls(cert: trustme.LeafCert) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    cert.configure_cert(context)
    return context


def self_signed() -> bytes:
    """A key, and a certificate for 127.0.0.1 signed by it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(
        pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return secret + certificate.public_bytes(pem)


@pytest.fixture
def trusted(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> trustme.CA:
    """An authority that this machine trusts."""
    path = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(path))
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return authority


def test_a_good_certificate_is_no_matter(trusted: trustme.CA) -> None:
    with serving(lambda _: html("Da"), tls(trusted.issue_cert("127.0.0.1"))) as server:
        (result,) = check(f"https://127.0.0.1:{server.port}/")

    assert (result.verdict, result.status) == ("alive", 200)


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("expired", "has expired"),
        ("host", "for another host"),
        ("issuer", "incomplete"),
        ("self", "self-signed"),
    ],
)
def test_each_fault_of_a_certificate_is_named(
    trusted: trustme.CA, tmp_path: Path, fault: str, reason: str
) -> None:
    past = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)
    match fault:
        case "expired":
            context = tls(trusted.issue_cert("127.0.0.1", not_after=past))
        case "host":
            context = tls(trusted.issue_cert("elsewhere.example"))
        case "issuer":
            context = tls(trustme.CA().issue_cert("127.0.0.1"))
        case _:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            (tmp_path / "own.pem").write_bytes(self_signed())
            context.load_cert_chain(tmp_path / "own.pem")
    with serving(lambda _: html("Da"), context) as server:
        (result,) = check(f"https://127.0.0.1:{server.port}/")

    assert result.verdict == "insecure"
    assert reason in result.reason


@pytest.mark.parametrize(
    ("where", "verdict"),
    [("/ok", "moved"), ("/de/", "soft-404"), ("/en-us", "soft-404"), ("/de/index.html", "soft-404")],
)
def test_a_page_with_a_short_name_is_no_home_page(where: str, verdict: str) -> None:
    moved = bare("301 Moved Permanently", f"Location: {where}\r\n")
    with serving(lambda r: moved if r.path == "/text" else html("Da")) as server:
        (result,) = check(f"http://127.0.0.1:{server.port}/text")

    assert result.verdict == verdict


def test_an_upgrade_to_https_for_good_is_a_move(trusted: trustme.CA) -> None:
    with serving(lambda _: html("Da"), tls(trusted.issue_cert("127.0.0.1"))) as secure:
        where = f"https://127.0.0.1:{secure.port}/x"
        upgrade = bare("301 Moved Permanently", f"Location: {where}\r\n")
        with serving(lambda _: upgrade) as server:
            (result,) = check(f"http://127.0.0.1:{server.port}/x")

    assert (result.verdict, result.final) == ("moved", where)
    assert result.reason == f"moved for good to {where}"


def test_an_upgrade_to_a_bad_certificate_is_insecure() -> None:
    with serving(lambda _: html("Da"), tls(trustme.CA().issue_cert("127.0.0.1"))) as secure:
        upgrade = bare("301 Moved Permanently", f"Location: https://127.0.0.1:{secure.port}/x\r\n")
        with serving(lambda _: upgrade) as server:
            (result,) = check(f"http://127.0.0.1:{server.port}/x")

    assert result.verdict == "insecure"
    assert "issuer unknown; past it: moved for good" in result.reason


def test_a_chain_that_ends_in_an_unknown_root_is_not_called_self_signed(
    trusted: trustme.CA, tmp_path: Path
) -> None:
    stranger = trustme.CA()
    leaf = stranger.issue_cert("127.0.0.1")
    chain = leaf.private_key_pem.bytes() + leaf.cert_chain_pems[0].bytes() + stranger.cert_pem.bytes()
    (tmp_path / "chain.pem").write_bytes(chain)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "chain.pem")
    with serving(lambda _: html("Da"), context) as server:
        (result,) = check(f"https://127.0.0.1:{server.port}/")

    assert result.verdict == "insecure"
    assert "issuer is unknown" in result.reason
    assert "self-signed" not in result.reason


def leaf_of(issuer: trustme.CA, *, says_where: bool) -> bytes:
    """A key and a certificate alone, which may say where its issuer's is to be had, as public ones do."""
    key = ec.generate_private_key(ec.SECP256R1())
    pem = serialization.Encoding.PEM
    authority_key = serialization.load_pem_private_key(issuer.private_key_pem.bytes(), None)
    assert isinstance(authority_key, ec.EllipticCurvePrivateKey)
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")]))
        .issuer_name(x509.load_pem_x509_certificate(issuer.cert_pem.bytes()).subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False)
    )
    if says_where:
        where = x509.UniformResourceIdentifier("http://issuer.example/issuer.crt")
        access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, where)
        builder = builder.add_extension(x509.AuthorityInformationAccess([access]), critical=False)
    certificate = builder.sign(authority_key, hashes.SHA256())
    secret = key.private_bytes(
        pem, serialization.PrivateFormat.TraditionalOpenSSL, serialization.NoEncryption()
    )
    return secret + certificate.public_bytes(pem)


@pytest.mark.parametrize(
    ("says_where", "reason"),
    [(True, "chain is incomplete: the server does not send"), (False, "incomplete, or its issuer unknown")],
)
def test_a_missing_link_of_the_chain_is_told_where_the_certificate_says_that_there_is_one(
    trusted: trustme.CA, tmp_path: Path, says_where: bool, reason: str
) -> None:
    between = trusted.create_child_ca()
    (tmp_path / "leaf.pem").write_bytes(leaf_of(between, says_where=says_where))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "leaf.pem")
    with serving(lambda _: html("Da"), context) as server:
        (result,) = check(f"https://127.0.0.1:{server.port}/")

    assert result.verdict == "insecure"
    assert reason in result.reason


def test_a_dead_page_behind_a_bad_certificate_is_dead() -> None:
    with serving(lambda _: bare("404 Not Found"), tls(trustme.CA().issue_cert("127.0.0.1"))) as server:
        (result,) = check(f"https://127.0.0.1:{server.port}/")

    assert result.verdict == "dead"


# -- the network ---------------------------------------------------------------------------------------


def test_when_nothing_answers_the_network_is_down() -> None:
    report = check_links([Target("http://127.0.0.1:9/"), Target("https://a.example/…")], POLITE)

    assert report.network_down
    assert [r.verdict for r in report.results] == ["unreachable", "invalid"]


def test_where_no_name_at_all_is_found_the_last_pass_is_spared() -> None:
    targets = [Target(f"http://no-such-name-{number}.invalid/") for number in range(3)]
    began = time.monotonic()
    report = check_links(targets, POLITE._replace(pauses=(0.01, 60.0)), canary="canary.invalid")

    assert report.network_down
    assert time.monotonic() - began < 30


def test_a_name_is_dead_only_where_another_is_found(server: Server) -> None:
    alive, nameless = f"http://127.0.0.1:{server.port}/", "http://no-such-name.invalid/"
    told = check_links([Target(alive), Target(nameless)], POLITE, canary="localhost")
    untold = check_links([Target(alive), Target(nameless)], POLITE, canary="canary.invalid")

    assert [r.verdict for r in untold.results] == ["alive", "unreachable"]
    assert told.results[1].verdict in {"dead", "unreachable"}  # the latter where the resolver itself is away
