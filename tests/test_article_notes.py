"""What an editor is told about an article is told in German, too."""

from __future__ import annotations

import ast

import pytest
from support import REPOSITORY

from evidence_kb.cli.formats.article_notes import told


@pytest.mark.parametrize(
    ("english", "german"),
    [
        ("no source list was found", "kein Quellenverzeichnis gefunden"),
        (
            "2 of 5 entries are never cited in the text: 3–4",
            "2 von 5 Einträgen werden im Text nie zitiert: 3–4",
        ),
        ("“Wood: (1999)” is not in the source list", "„Wood: (1999)“ steht nicht im Quellenverzeichnis"),
        (
            "is not UTF-8; read as cp1250; save it as UTF-8; line 3: NUL characters were left out",
            "ist kein UTF-8; als cp1250 gelesen; bitte als UTF-8 speichern; Zeile 3: NUL-Zeichen blieben weg",
        ),
        (
            "declares entities of its own; they were not expanded",
            "erklärt eigene Entitäten; sie wurden nicht aufgelöst",
        ),
        (
            "line 2: not well-formed XML (Opening and ending tag mismatch); read as far as it goes",
            "Zeile 2: kein wohlgeformtes XML (Opening and ending tag mismatch); gelesen, soweit es geht",
        ),
        ("something that nobody has put into German", "something that nobody has put into German"),
    ],
)
def test_a_message_is_told_in_german(english: str, german: str) -> None:
    assert told(english, "de") == german
    assert told(english, "en") == english


def problems() -> list[str]:
    """Every message of a `Problem` in the code that finds them, with "7" for what changes."""
    found = []
    for path in sorted((REPOSITORY / "src/evidence_kb/articles/finding").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                message = node.args[1]
                pieces = message.values if isinstance(message, ast.JoinedStr) else [message]
                if not isinstance(message, ast.Name):
                    found.append("".join(p.value if isinstance(p, ast.Constant) else "7" for p in pieces))  # type: ignore[misc]
    return found


def test_every_problem_that_the_code_finds_has_a_german_sentence() -> None:
    assert len(problems()) == 7
    for message in problems():
        assert told(message, "de") != message
