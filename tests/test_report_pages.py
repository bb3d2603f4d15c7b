"""What must hold of every page of every knowledge base."""

from __future__ import annotations

import gzip
import re
import tomllib
from functools import cache
from pathlib import Path

import html5lib
import pytest
from hostile import LONG, SCRIPT, TEMPLATE, write_hostile
from html_checks import broken_links, faults_of
from support import DATA, REPOSITORY

import evidence_kb.site
from evidence_kb import KnowledgeBase
from evidence_kb.site import Facts, Pages

ROOM = Path(evidence_kb.site.__file__).parent
EMPTY = '[knowledge-base]\nbase = "https://example.org/kb/"\n'


@cache
def _rendered(folder: Path, text: Path | None = None) -> tuple[Pages, dict[str, str]]:
    kb = KnowledgeBase.open(folder)
    pages = Pages(Facts(kb, {next(iter(kb.articles().values())): text} if text else None))
    return pages, {path: pages.render(path) or "" for path in pages.paths()}


@pytest.fixture(scope="module", params=["shipped", "tea", "coffee", "empty", "hostile"])
def site(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Pages, dict[str, str]]:
    """All pages of a knowledge base: good, small, empty, hostile."""
    if request.param == "shipped":
        return _rendered(REPOSITORY / "kb")
    if request.param in {"tea", "coffee"}:
        return _rendered(DATA / request.param)
    folder = tmp_path_factory.mktemp("kb")
    if request.param == "hostile":
        return _rendered(write_hostile(folder / "hostile"))
    (folder / "kb.toml").write_text(EMPTY)
    return _rendered(folder)


def test_no_page_has_a_fault(site: tuple[Pages, dict[str, str]]) -> None:
    _, pages = site
    found = [fault for path, html in pages.items() if path != "index.html" for fault in faults_of(path, html)]
    assert found == []


def test_every_link_within_the_report_leads_somewhere(site: tuple[Pages, dict[str, str]]) -> None:
    made, pages = site
    assert broken_links(pages, set(made.assets())) == []


def test_pages_are_valid_html(site: tuple[Pages, dict[str, str]]) -> None:
    _, pages = site
    samples = dict.fromkeys(  # a page or two of each kind; html5lib takes its time
        path for path in sorted(pages, key=lambda p: (len(pages[p]), p)) if path.startswith("en/")
    )
    kinds: dict[str, list[str]] = {}
    for path in samples:
        kinds.setdefault(re.sub(r"[^/]*$", "", path) + path.rpartition("/")[2].partition("-")[0], []).append(
            path
        )
    for paths in kinds.values():
        for path in {paths[0], paths[len(paths) // 2]}:
            if len(pages[path]) < 300_000:
                html5lib.HTMLParser(strict=True).parse(pages[path])


def test_each_language_has_the_same_pages(site: tuple[Pages, dict[str, str]]) -> None:
    _, pages = site
    german = {path.removeprefix("de/") for path in pages if path.startswith("de/")}
    english = {path.removeprefix("en/") for path in pages if path.startswith("en/")}
    assert german == english
    assert set(pages) == {"index.html"} | {f"{tag}/{path}" for tag in ("de", "en") for path in german}


def test_no_page_weighs_more_than_150_kilobytes(site: tuple[Pages, dict[str, str]]) -> None:
    made, pages = site
    around = {
        "assets/site.css",
        "assets/site.js",
        "assets/theme.js",
        "assets/search.js",
        "assets/search-start.js",
    }
    assets = made.assets()
    extra = sum(
        len(gzip.compress(content if isinstance(content, bytes) else content.read_bytes()))
        for name, content in assets.items()
        if name in around
    )
    for path, html in pages.items():
        assert len(gzip.compress(html.encode())) + extra < 150_000, path
    for name, content in assets.items():
        if name.startswith("assets/search-"):
            assert isinstance(content, bytes)
            assert len(gzip.compress(content)) < 100_000, name


def test_paths_stay_in_the_report_whatever_the_file_system(site: tuple[Pages, dict[str, str]]) -> None:
    made, pages = site
    paths = [*pages, *made.assets()]
    assert len({path.lower() for path in paths}) == len(paths)
    folders = {path.rpartition("/")[0].lower() for path in paths}
    assert not folders & {path.lower() for path in paths}
    for path in paths:
        for part in path.split("/"):
            assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,120}", part), path
            assert not part.endswith("."), path
            assert part.partition(".")[0].lower() not in {"con", "nul", "aux", "prn", "com1", "lpt1"}, path
        assert len(path) < 220, path


def test_what_data_says_stays_text(tmp_path: Path) -> None:
    pages = Pages(Facts(KnowledgeBase.open(write_hostile(tmp_path / "kb"))))
    path = pages.path_of("https://example.org/kb/h/half", "en")
    assert path is not None
    html = pages.render(path) or ""
    assert "<script>document" not in html
    assert SCRIPT.replace("<", "&lt;").replace(">", "&gt;").replace("'", "&#39;") in html
    everything = "".join(pages.render(page) or "" for page in pages.paths())
    assert 'href="javascript:' not in everything
    assert 'href="data:text' not in everything
    assert TEMPLATE.replace("'", "&#39;") in everything  # not worked out: {{ 7 * 7 }} stays what it is
    assert 'href="https://user:secret@' not in everything


def test_long_titles_are_cut_in_lists_and_whole_where_they_belong(tmp_path: Path) -> None:
    pages = Pages(Facts(KnowledgeBase.open(write_hostile(tmp_path / "kb"))))
    for path in ("en/claims.html", "en/sources.html", "en/findings.html", "en/index.html"):
        assert LONG[:2000] not in (pages.render(path) or ""), path
    work = pages.path_of("https://example.org/kb/h/work", "en")
    assert LONG[:1900] in (pages.render(work or "") or "")


def test_the_first_page_leads_to_the_knowledge_base_s_first_language() -> None:
    _, pages = _rendered(REPOSITORY / "kb")
    assert 'content="0; url=de/index.html"' in pages["index.html"]


def test_a_page_that_is_not_there_is_none() -> None:
    pages, _ = _rendered(DATA / "tea")
    assert pages.render("en/nothing.html") is None
    assert pages.path_of("https://example.org/kb/tea/nothing", "en") is None


def test_things_are_found_by_their_iri() -> None:
    pages, _ = _rendered(DATA / "tea")
    tea = "https://example.org/kb/tea/"
    assert pages.path_of(tea + "article", "de") == "de/tea/index.html"
    assert pages.path_of(tea + "claim-tea-eases-headache", "en") == "en/tea/claim-tea-eases-headache.html"
    assert pages.path_of(tea + "work-klinik-tee", "en") == "en/tea/work-klinik-tee.html"
    assert pages.path_of(tea + "entry-3", "en") == "en/tea/index.html#entry-1"


def test_the_article_s_text_is_shown_with_its_passages_marked(tmp_path: Path) -> None:
    text = tmp_path / "tea.txt"
    text.write_text("Tee und Kopfschmerz\nStudien zeigen, dass es hilft, nach einer Tasse. Mehr nicht.\n")
    _, pages = _rendered(DATA / "tea", text)
    html = pages["de/tea/text.html"]
    assert ">Studien zeigen, dass es hilft, nach einer Tasse</mark>" in html
    assert 'href="#at-claim-tea-eases-headache"' in html
    assert '<a class="button" href="../../de/tea/text.html">' in pages["de/tea/index.html"]


def test_files_are_named_from_the_knowledge_base_wherever_it_lies_here(tea_folder: Path) -> None:
    facts = Facts(KnowledgeBase.open(tea_folder))
    assert facts.place("https://example.org/kb/tea/article") == ("kb/tea/article.ttl", 8)
    assert facts.shown_file("somewhere/else.ttl") == "somewhere/else.ttl"
    assert str(tea_folder) not in (Pages(facts).render("en/findings.html") or "")


def test_without_the_text_nothing_of_it_is_there() -> None:
    _, pages = _rendered(DATA / "tea")
    assert not [path for path in pages if path.endswith("text.html")]


def test_every_key_that_is_used_has_words_and_every_word_is_used() -> None:
    with (ROOM / "words.toml").open("rb") as file:
        words = tomllib.load(file)
    keys = {f"{table}.{key}" for table, own in words.items() for key in own}
    for table, own in words.items():
        for key, both in own.items():
            assert set(both) == {"de", "en"}, f"{table}.{key}"
            assert all(both.values()), f"{table}.{key}"
            assert re.findall(r"{\w+}", both["de"]) or not re.findall(
                r"{\w+}", both["en"].replace("{n}", "")
            ), key
    sources = "".join(
        path.read_text() for kind in ("*.py", "templates/*.html", "static/*.js") for path in ROOM.glob(kind)
    )
    used = set(re.findall(r"""["']([a-z_]+\.[a-z_]+)["']""", sources))
    begun = {  # t("severity." ~ word)
        prefix
        for prefix in re.findall(r"""["']([a-z_]+\.[a-z_]*)["']\s*~|f["']([a-z_]+\.)\{""", sources)
        for prefix in prefix
        if prefix
    }
    unused = {key for key in keys - used if not any(key.startswith(prefix) for prefix in begun)}
    assert unused == set()
