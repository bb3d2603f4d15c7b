"""One way to write Turtle: same triples, same text.

Subjects, predicates and objects are sorted, prefixes fixed, blank nodes nested where they are used once.
Comments are kept: those at the head of the file stay there, the others stand above the block they were
in or in front of. Reading the result and writing it again gives the identical text.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

import pyoxigraph as ox

from ..vocabulary import PREFIXES
from .tokens import statements

__all__ = ["edit_turtle", "format_turtle", "write_turtle"]

_RDF = PREFIXES["rdf"]
_XSD = PREFIXES["xsd"]
_TYPE, _FIRST, _REST, _NIL = (_RDF + name for name in ("type", "first", "rest", "nil"))
_LOCAL = re.compile(r"[^\W_](?:[\w-]|\.(?=[\w-]))*", re.ASCII)
_NUMBERS = re.compile(r"(\d+)")
_SHORTHAND = {
    _XSD + "integer": re.compile(r"[+-]?\d+"),
    _XSD + "decimal": re.compile(r"[+-]?\d*\.\d+"),
    _XSD + "boolean": re.compile(r"true|false"),
}
_INDENT = "    "
_DEEPEST_NESTING = 40

_Properties = dict[str, list[ox.NamedNode | ox.BlankNode | ox.Literal]]


def format_turtle(text: str, prefixes: Mapping[str, str] | None = None) -> str:
    """``text``, a Turtle document, in the one way this project writes Turtle.

    :param prefixes: further fixed prefixes, beside the vocabulary's and the document's own.
    :raises SyntaxError: it is no Turtle (pyoxigraph's error, with the line in ``lineno``).
    """
    return edit_turtle(text, (), (), prefixes)


def edit_turtle(
    text: str,
    add: Iterable[ox.Triple],
    remove: Iterable[ox.Triple] = (),
    prefixes: Mapping[str, str] | None = None,
) -> str:
    """``text``, a Turtle document, with some triples more and some less, comments kept.

    :param remove: triples without blank nodes; those that ``text`` does not have are passed over.
    :param prefixes: further fixed prefixes, beside the vocabulary's and the document's own.
    :raises SyntaxError: it is no Turtle (pyoxigraph's error, with the line in ``lineno``).
    """
    parser = ox.parse(text.encode(), ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    dropped = set(remove)
    triples = [quad.triple for quad in parser if quad.triple not in dropped]
    fixed = dict(PREFIXES) | dict(prefixes or {})
    taken = set(fixed.values())
    own = {p: n for p, n in parser.prefixes.items() if p not in fixed and n not in taken}
    return write_turtle([*triples, *add], fixed | own, _Comments(text, fixed | own))


def write_turtle(
    triples: Iterable[ox.Triple],
    prefixes: Mapping[str, str],
    comments: _Comments | None = None,
) -> str:
    """Triples as Turtle text; only the prefixes that are used are declared."""
    writer = _Writer(triples, prefixes)
    keep = comments or _Comments("", prefixes)
    blocks = []
    for name, block in writer.blocks():
        above = keep.above.pop(name, [])
        blocks.append("\n".join([*above, block]))
    head = "\n".join(keep.head) + "\n\n" if keep.head else ""
    declared = "".join(f"@prefix {p}: <{prefixes[p]}> .\n" for p in sorted(writer.used))
    left_over = [line for lines in keep.above.values() for line in lines] + keep.tail
    tail = "\n".join(left_over)
    parts = [*blocks, tail] if tail else blocks
    body = "\n\n".join(parts)
    document = head + declared + ("\n" if declared and body else "") + body
    return document.rstrip("\n") + "\n" if document.strip() else ""


class _Comments:
    """Where the comments of a document belong: its head, above a subject's block, or its tail."""

    def __init__(self, text: str, prefixes: Mapping[str, str]) -> None:
        self.head: list[str] = []
        self.above: dict[str, list[str]] = defaultdict(list)
        self.tail: list[str] = []
        declared = dict(prefixes)
        for statement in statements(text):
            found = statement.prefix()
            if found:
                declared[found[0]] = found[1]
            subject = statement.subject(declared)
            if statement.is_directive:
                self.head += statement.comments
            elif subject is not None:
                self.above[subject] += statement.comments
            else:
                self.tail += statement.comments


class _Writer:
    def __init__(self, triples: Iterable[ox.Triple], prefixes: Mapping[str, str]) -> None:
        self.used: set[str] = set()
        self._namespaces = sorted(prefixes.items(), key=lambda item: (-len(item[1]), item[0]))
        self._names: dict[str, str] = {}
        self._about: dict[object, _Properties] = {}
        self._users: dict[object, list[object]] = {}
        self._labels: dict[object, str] = {}
        unique = set(triples)
        self._index(unique)
        if any(self._needs_label(node) for node in self._users):
            # RDFC-1.0 labels depend on the triples alone, not on the order of reading
            dataset = ox.Dataset(ox.Quad(*triple) for triple in unique)
            dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
            self._index(quad.triple for quad in dataset)
            self._labels = {n: str(n) for n in self._users if self._needs_label(n)}

    def _index(self, triples: Iterable[ox.Triple]) -> None:
        self._about = defaultdict(lambda: defaultdict(list))
        self._users = defaultdict(list)
        for subject, predicate, value in triples:
            self._about[subject][predicate.value].append(value)
            if isinstance(value, ox.BlankNode):
                self._users[value].append(subject)

    def _needs_label(self, node: object) -> bool:
        """Whether a blank node cannot be nested: used twice, in a circle, or too deep."""
        if len(self._users[node]) > 1:
            return True
        seen = [node]
        while isinstance(node, ox.BlankNode) and len(self._users.get(node, ())) == 1:
            node = self._users[node][0]
            if node in seen or len(seen) > _DEEPEST_NESTING:
                return True
            seen.append(node)
        return False

    def blocks(self) -> list[tuple[str, str]]:
        """The subject's IRI (empty for blank nodes) and its block, in order."""
        named = [s for s in self._about if isinstance(s, ox.NamedNode)]
        named.sort(key=lambda s: (_natural(self._iri(s.value)), s.value))
        result = [(s.value, self._block(self._iri(s.value), self._about[s])) for s in named]
        labelled = sorted((label, n) for n, label in self._labels.items() if n in self._about)
        result += [("", self._block(label, self._about[node])) for label, node in labelled]
        loose = [s for s in self._about if isinstance(s, ox.BlankNode) and s not in self._users]
        result += [("", text) for text in sorted(self._block("[]", self._about[s]) for s in loose)]
        return result

    def _block(self, head: str, properties: _Properties) -> str:
        return head + " " + self._properties(properties, 1).lstrip() + " ."

    def _properties(self, properties: _Properties, level: int) -> str:
        lines = []
        indent = _INDENT * level
        for predicate in sorted(properties, key=lambda p: (p != _TYPE, _natural(self._name(p)))):
            verb = "a" if predicate == _TYPE else self._iri(predicate)
            values = sorted((self._value(v, level) for v in properties[predicate]), key=_rank)
            lines.append(f"{indent}{verb} " + f" ,\n{indent}{_INDENT}".join(values))
        return " ;\n".join(lines)

    def _value(self, value: object, level: int) -> str:
        if isinstance(value, ox.NamedNode):
            return self._iri(value.value)
        if isinstance(value, ox.Literal):
            return self._literal(value)
        assert isinstance(value, ox.BlankNode)
        if value in self._labels:
            return self._labels[value]
        about = self._about.get(value)
        if not about:
            return "[]"
        members = self._list(value)
        if members is not None:
            return "( " + " ".join(self._value(m, level) for m in members) + " )"
        return f"[\n{self._properties(about, level + 2)}\n{_INDENT * (level + 1)}]"

    def _list(self, node: object) -> list[object] | None:
        """The members of a well-formed RDF list that starts at ``node``, else ``None``."""
        members: list[object] = []
        while not (isinstance(node, ox.NamedNode) and node.value == _NIL):
            about = self._about.get(node, {})
            if node in self._labels or set(about) != {_FIRST, _REST}:
                return None
            if len(about[_FIRST]) != 1 or len(about[_REST]) != 1:
                return None
            members.append(about[_FIRST][0])
            node = about[_REST][0]
        return members

    def _iri(self, iri: str) -> str:
        name = self._name(iri)
        if not name.startswith("<"):
            self.used.add(name.partition(":")[0])
        return name

    def _name(self, iri: str) -> str:
        if iri not in self._names:
            self._names[iri] = self._shorten(iri)
        return self._names[iri]

    def _shorten(self, iri: str) -> str:
        for prefix, namespace in self._namespaces:
            if iri.startswith(namespace) and _LOCAL.fullmatch(iri, len(namespace)):
                return f"{prefix}:{iri[len(namespace) :]}"
        return str(ox.NamedNode(iri))

    def _literal(self, literal: ox.Literal) -> str:
        datatype = literal.datatype.value
        shorthand = _SHORTHAND.get(datatype)
        if shorthand and shorthand.fullmatch(literal.value):
            return literal.value
        quoted = str(ox.Literal(literal.value))
        if literal.language:
            return f"{quoted}@{literal.language}"
        return quoted if datatype == _XSD + "string" else f"{quoted}^^{self._iri(datatype)}"


def _natural(text: str) -> list[tuple[int, int, str]]:
    """Sort key by which ``entry-2`` comes before ``entry-10``."""
    return [
        (0, int(part), part) if part.isascii() and part.isdigit() else (1, 0, part)
        for part in _NUMBERS.split(text)
    ]


def _rank(value: str) -> tuple[int, str, list[tuple[int, int, str]]]:
    """Names before literals before nested nodes; literals by language, German before English."""
    kind = 2 if value[0] in "[(" else 1 if value[0] in "\"'" else 0
    language = value.rpartition('"')[2] if kind == 1 else ""
    return kind, language, _natural(value)
