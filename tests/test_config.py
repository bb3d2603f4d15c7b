"""``kb.toml`` is found, read, and answered with one clear line where it is wrong."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support import REPOSITORY

from evidence_kb import toml
from evidence_kb.config import Config, find_folder, given_folder, read_config
from evidence_kb.errors import InputError, UsageError
from evidence_kb.toml import read_toml
from evidence_kb.vocabulary import Severity


def config(folder: Path, text: str) -> Config:
    (folder / "kb.toml").write_text(text, encoding="utf-8")
    return read_config(folder)


@pytest.mark.parametrize("start", [".", "kb", "kb/article", "scripts"])
def test_the_knowledge_base_is_found_from_inside_it_and_from_around_it(tmp_path: Path, start: str) -> None:
    (tmp_path / "kb/article").mkdir(parents=True)
    (tmp_path / "scripts").mkdir()
    (tmp_path / "kb/kb.toml").write_text("", encoding="utf-8")

    assert find_folder(tmp_path / start) == tmp_path / "kb"


@pytest.mark.parametrize("given", [".", "kb", "kb/kb.toml"])
def test_a_user_may_name_the_folder_the_file_or_what_is_around(tmp_path: Path, given: str) -> None:
    (tmp_path / "kb").mkdir()
    (tmp_path / "kb/kb.toml").write_text("", encoding="utf-8")

    assert given_folder(tmp_path / given) == tmp_path / "kb"


def test_a_folder_that_is_none_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"is no knowledge base: it has no kb\.toml"):
        given_folder(tmp_path)
    with pytest.raises(UsageError, match="does not exist"):
        given_folder(tmp_path / "nowhere")


def test_an_empty_file_is_all_defaults(tmp_path: Path) -> None:
    assert config(tmp_path, "") == Config(tmp_path)


def test_everything_that_can_be_said_is_understood(tmp_path: Path) -> None:
    text = """
    [knowledge-base]
    name = "Tea"
    base = "https://tea.example/"
    languages = ["de", "en"]
    [prefixes]
    tea = "https://tea.example/tea/"
    [audit]
    fail-on = "warning"
    [[audit.off]]
    rule = "entry-never-cited"
    reason = "a reading list"
    """

    assert config(tmp_path, text) == Config(
        tmp_path,
        "https://tea.example/",
        "Tea",
        ("de", "en"),
        {"tea": "https://tea.example/tea/"},
        Severity.WARNING,
        {"entry-never-cited": "a reading list"},
    )


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[knowledge-base\n", "kb.toml:1: broken TOML"),
        ('[knowledge-base]\nname = "x"\nbase = 3', "kb.toml:3: base must be a text"),
        ('[knowledge-base]\nbase = "tea"', "kb.toml:2: base must be an absolute IRI"),
        ("[knowledge-base]\nlanguages = []", "kb.toml:2: languages must list"),
        ('[prefixes]\nschema = "http://else/"', "kb.toml:2: schema is taken"),
        ('[audit]\nfail-on = "sometimes"', "kb.toml:2: fail-on must be"),
        ('[[audit.off]]\nrule = "x"', "audit.off needs rule"),
        ('audit = "x"', "audit must be a table"),
    ],
)
def test_what_is_impossible_is_refused_with_its_line(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint.replace("[", r"\[")):
        config(tmp_path, text)


def test_what_is_not_known_is_passed_over_with_a_warning(tmp_path: Path) -> None:
    warnings = config(tmp_path, '[audit]\nfail-om = "never"\n[link]\nx = 1').warnings

    assert [line.partition("kb.toml: ")[2] for line in warnings] == [
        "[audit] fail-om is not known and is passed over; did you mean fail-on?",
        "[link] is not known and is passed over; did you mean links?",
    ]


@pytest.mark.parametrize("content", [b"\xff\xfea\x00", b'name = "\xe4"'])
def test_another_encoding_is_named(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "kb.toml").write_bytes(content)

    with pytest.raises(InputError, match="is not UTF-8"):
        read_config(tmp_path)


# -- plain TOML is read without tomllib ------------------------------------------------------------------

PIECES = st.sampled_from(
    ["[a]", "[b-c]", "[[d]]", "[a.b]", 'x = "y"', 'x="ä # z"', "x = 'y'", 'x = "a\\nb"', 'x = ["a", "b"]',
     "x = []", 'x = ["a", 1]', "x = true", "x = 1", "y = 1979-05-27", "# note", "", '"q" = "r"',
     'x = "y" # n',
     "x = [ 'a' ]", 'x = ["a",]', "z", '= "y"', 'ä = "y"', 'a = "y"', '[a] # n', 'x = """y"""', "x = {a = 1}",
     'x = "a\tb"', 'x = "a\x7f"', "# a\x00", 'u = "\\u00e4"', '  v  =  "w"  ', "x = null", '"', "x ="]
)  # fmt: skip


@given(st.lists(PIECES, max_size=6).map("\n".join))
def test_plain_toml_is_read_as_tomllib_reads_it(text: str) -> None:
    try:
        expected: object = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        expected = None
    try:
        read: object = read_toml(text)
    except tomllib.TOMLDecodeError:
        read = None

    assert read == expected


def test_the_shipped_settings_are_plain_enough_to_be_read_at_once() -> None:
    text = (REPOSITORY / "kb/kb.toml").read_text(encoding="utf-8")

    assert toml._plain(text) == tomllib.loads(text)
