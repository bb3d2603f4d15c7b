"""Addresses: which are none, which are the same, and where files have them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.links.addresses import joined, read_address, shown
from evidence_kb.links.fingerprint import distance, fingerprint
from evidence_kb.links.lists import addresses_in


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("https://a.example/…/b", "cut short"),
        ("https://a.example/b...", "cut short"),
        ("https://a.example/.../b", "cut short"),
        ("https://a.example/[...]/b", "cut short"),
        ("https://a.example/b%20(...)", "cut short"),
        ("C:/files/b", "no scheme"),
        ("www.a.example/b", "no scheme"),
        ("a.example:80/b", "no scheme"),
        ("//a.example/b", "no scheme"),
        ("https:/a.example", "no host"),
        ("https:///b", "no host"),
        ("https://a.example:99999/", "host or port"),
        ("https://a.example:x/", "host or port"),
        ("https://a.example/b c", "blanks"),
        ("https://a.example/b\n", "blanks"),
        ("https://a..example/", "no domain name"),
        ("https://[::g]/", ""),
        ("https://a.example\\@b.example/", "backslash"),
        ("https://256.1.1.1/", "no IPv4 address"),
        ("https://1.2.3.4.5/", "no IPv4 address"),
        ("https://a.example:65536/", "host or port"),
        ("https://-a.example/", "no domain name"),
        ("", "empty"),
    ],
)
def test_what_is_no_address(url: str, problem: str) -> None:
    address = read_address(url)

    assert address.request is None
    assert problem in (address.problem or "")


@pytest.mark.parametrize(
    "url", ["mailto:a@b.example", "ftp://a.example/", "file:///x", "javascript:x", "data:,x"]
)
def test_other_schemes_are_refused(url: str) -> None:
    assert read_address(url).refusal


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/ä", "https://a.example/%C3%A4"),
        ("https://a.example/%c3%a4", "https://a.example/%C3%A4"),
        ("https://bücher.example/", "https://xn--bcher-kva.example"),
        ("HTTPS://A.example:443/#x", "https://a.example/"),
        ("https://a.example/%7Eb", "https://a.example/~b"),
        ("https://me@a.example/", "https://a.example/"),
        ("https://i❤.example/", "https://xn--i-7iq.example/"),
        ("https://a.example/b/./c", "https://a.example/b/c"),
        ("https://a.example/x/../b/", "https://a.example/b/"),
        ("https://a.example/b/%2E%2e", "https://a.example/"),
        ("https://a.example/../../b", "https://a.example/b"),
        ("https://a.example/?", "https://a.example/"),
        ("https://a.example./b", "https://a.example/b"),
        ("https://a.example:0443/b", "https://a.example/b"),
        ("http://a.example:80/b", "http://A.EXAMPLE:/b"),
        ("https://FAß.example/", "https://xn--fa-hia.example/"),
        ("http://[0:0:0:0:0:0:0:1]/", "http://[::1]/"),
        ("https://a.example/%41%7e", "https://a.example/A~"),
    ],
)
def test_what_is_the_same_address(one: str, other: str) -> None:
    assert read_address(one).request == read_address(other).request


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://a.example/?id=1", "https://a.example/?id=2"),
        ("https://a.example/b", "https://a.example/b/"),
        ("https://a.example/B", "https://a.example/b"),
        ("https://a.example/%2F", "https://a.example//"),
        ("http://a.example/", "https://a.example/"),
        ("https://a.example/%E4", "https://a.example/%C3%A4"),
        ("https://a.example/a+b", "https://a.example/a%20b"),
        ("https://a.example/a;b=1", "https://a.example/a"),
        ("https://a.example/?a;b", "https://a.example/?a&b"),
        ("https://a.example/.b", "https://a.example/b"),
        ("https://www.a.example/", "https://a.example/"),
        ("http://a.example:443/", "http://a.example/"),
    ],
)
def test_what_is_another_address(one: str, other: str) -> None:
    assert read_address(one).request != read_address(other).request


def test_three_dots_between_two_versions_are_no_gap() -> None:
    assert read_address("https://a.example/compare/v1...v2").request


@given(st.text(max_size=40).map(lambda text: "https://a.example/" + text))
def test_reading_twice_changes_nothing(url: str) -> None:
    request = read_address(url).request
    if request is not None:
        assert request.isascii()
        assert read_address(request).request == request


@given(st.text(max_size=60))
def test_any_text_is_read_without_a_fall(text: str) -> None:
    address = read_address(text)

    assert (address.request is None) == bool(address.problem or address.refusal)
    joined("https://a.example/b", text)
    shown(text)


# -- lists -------------------------------------------------------------------------------------------------


def found(text: str, ending: str) -> list[tuple[int, str]]:
    return [(one.line, one.url) for one in addresses_in(text, ending, "x")]


def test_markdown() -> None:
    text = """\
See [one](https://a.example/a_(b)) and <https://a.example/two>, https://a.example/three.
![image](https://a.example/i.png "Title") (https://a.example/four)
[ref]: https://a.example/five
`https://a.example/code`
```
https://a.example/fenced
```
[mail](mailto:a@b.example) [local](docs/x.md) [top](#top)
"""
    assert found(text, ".md") == [
        (1, "https://a.example/a_(b)"),
        (1, "https://a.example/two"),
        (1, "https://a.example/three"),
        (2, "https://a.example/i.png"),
        (2, "https://a.example/four"),
        (3, "https://a.example/five"),
    ]


def test_markdown_as_people_write_it() -> None:
    text = """\
| where | what |
| --- | --- |
| https://a.example/table | [x](<https://a.example/a b>) |

    https://a.example/indented

[![badge](https://a.example/b.svg)](https://a.example/target) [two
lines](https://a.example/lines) “https://a.example/quoted”
see https://a.example/?a=1&amp;b=2 and [e](https://a.example/x\\_y), https://a.example/kopf...
<a href="https://a.example/html">x</a> <!-- https://a.example/comment --> [^1] [r][used]

[^1]: https://a.example/foot.
[used]: https://a.example/used
[unused]: https://a.example/unused
"""
    assert found(text, ".md") == [
        (3, "https://a.example/table"),
        (3, "https://a.example/a%20b"),
        (7, "https://a.example/target"),
        (7, "https://a.example/b.svg"),
        (7, "https://a.example/lines"),
        (8, "https://a.example/quoted"),
        (9, "https://a.example/?a=1&b=2"),
        (9, "https://a.example/x_y"),
        (9, "https://a.example/kopf..."),
        (10, "https://a.example/html"),
        (10, "https://a.example/foot"),
        (10, "https://a.example/used"),
        (14, "https://a.example/unused"),
    ]


def test_html() -> None:
    text = '<a href="https://a.example/1">x</a>\n<!-- <a href="https://a.example/no">x</a> -->\n<a href=/local>\n<a href="https://a.example/?a=1&amp;b=2">'

    assert found(text, ".html")[0] == (1, "https://a.example/1")
    assert [url for _, url in found(text, ".html")] == ["https://a.example/1", "https://a.example/?a=1&b=2"]


def test_bibtex_as_people_write_it() -> None:
    text = """\
@comment{ @misc{no, url = {https://a.example/no}} }
@misc{one, note = {see \\url{https://a.example/note}},
  URL = "https://a.example/{nested}/x",
  url-date = {2020-01-01}}
@misc{two, url = {https://a.example/long/
  path}, doi = {10.1000/a_b{\\_}c<1::x>3.0.co;2-#}}
@misc{two, url = {https://a.example/same-key}}
@misc{three, howpublished = {Online: https://a.example/online.}, doi = "https://doi.org/10.1/x"}
@misc{broken, url = {https://a.example/broken
@misc{four, url = {http://a.example/kopf…/tee}}
"""
    assert found(text, ".bib") == [
        (2, "https://a.example/note"),
        (3, "https://a.example/nested/x"),
        (5, "https://a.example/long/path"),
        (6, "https://doi.org/10.1000/a_b_c%3C1::x%3E3.0.co;2-%23"),
        (7, "https://a.example/same-key"),
        (8, "https://a.example/online"),
        (8, "https://doi.org/10.1/x"),
        (9, "https://a.example/broken"),
        (10, "http://a.example/kopf…/tee"),
    ]


@given(st.text(alphabet=st.sampled_from(list('[]()<>!`#*_{}@\\"=,.:/ \nahtps')), max_size=80))
def test_no_text_breaks_a_reader(text: str) -> None:
    for ending in (".md", ".html", ".bib", ".txt"):
        for _, url in found(text, ending):
            read_address(url)


def test_bibtex() -> None:
    text = "@misc{a,\n  url = {https://a.example/x\\_y},\n  doi = {10.1000/182},\n  howpublished = {\\url{https://a.example/z}}\n}"

    assert found(text, ".bib") == [
        (2, "https://a.example/x_y"),
        (3, "https://doi.org/10.1000/182"),
        (4, "https://a.example/z"),
    ]


def test_lines() -> None:
    assert found("# note\nhttps://a.example/1\n\n  nonsense  \n", "") == [
        (2, "https://a.example/1"),
        (4, "nonsense"),
    ]


# -- fingerprints --------------------------------------------------------------------------------------------

WORDS = [f"wort{chr(97 + n % 26)}{chr(97 + n // 26)}" for n in range(600)]


def test_a_text_that_changes_a_little_stays_close() -> None:
    text = " ".join(WORDS[:300])
    edited = " ".join(WORDS[:140] + WORDS[150:300]) + " 24. November 2026, 1234 Aufrufe"
    one, two = fingerprint(text), fingerprint(edited)

    assert one
    assert two
    assert distance(one, two) < 0.15


def test_another_text_is_far() -> None:
    one, two = fingerprint(" ".join(WORDS[:300])), fingerprint(" ".join(WORDS[300:]))

    assert one
    assert two
    assert distance(one, two) > 0.3
