"""Names of pages: safe on any file system, and every thing its own."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from evidence_kb.site.names import Names, safe_name

IRIS = st.one_of(
    st.text(max_size=40),
    st.sampled_from(
        ["a", "A", "b/a", "B/a", "b/A", "../x", "b/../a", "index", "b/index", "con", "b/CON.x", ""]
    ),
    st.from_regex(r"[a-zA-Z./#%-]{1,12}", fullmatch=True),
)


@given(st.text())
def test_a_safe_name_is_plain_short_and_neither_hidden_nor_reserved(text: str) -> None:
    name = safe_name(text)
    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,100}", name)
    assert not name.endswith(".")
    assert name.partition(".")[0].lower() not in {"con", "nul", "index", "text"}


@given(st.text(), st.text())
def test_names_that_had_to_be_changed_stay_apart(one: str, other: str) -> None:
    assert (safe_name(one) == safe_name(other)) == (one == other)


@given(st.lists(IRIS, max_size=12), st.lists(IRIS, max_size=3))
def test_no_two_things_share_a_page_even_where_case_does_not_count(
    things: list[str], articles: list[str]
) -> None:
    names = Names("kb:", [f"kb:{name}" for name in articles], [f"kb:{name}" for name in things] + things)
    places = list(names.pages.values())
    assert len({place.lower() for place in places}) == len(places)
    assert all(re.fullmatch(r"[\w.-]+/[\w.-]+\.html", place) for place in places)
    folders = {place.partition("/")[0].lower() for place in places}
    assert not any(folder.endswith(".html") or folder.startswith(".") for folder in folders)


def test_plain_names_stay_as_they_are() -> None:
    names = Names(
        "https://example.org/kb/",
        ["https://example.org/kb/tea/article"],
        ["https://example.org/kb/tea/claim-1"],
    )
    assert names.pages == {
        "https://example.org/kb/tea/article": "tea/index.html",
        "https://example.org/kb/tea/claim-1": "tea/claim-1.html",
    }


def test_names_do_not_depend_on_the_order_of_things() -> None:
    things = ["kb:a/x", "kb:a/X", "kb:A/x", "urn:1"]
    assert Names("kb:", [], things).pages == Names("kb:", [], reversed(things)).pages
