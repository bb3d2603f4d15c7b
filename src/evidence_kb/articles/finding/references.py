"""Making references of the entries of a source list: title, address, identifiers, authors, year.

Authors, year and title are read from the printed styles of APA, Vancouver, AMA, Harvard, the encyclopedias
and German lists; where the format itself names them, that is taken.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from urllib.parse import urlsplit

from ..document import Problem, ProblemKind, Reference
from ..identifiers import addresses_in, bare_hosts_in, identifiers_in
from ..manuscript import PrintedReference
from .bibliography import describe

__all__ = ["labels_by_key", "list_problems", "references_of", "shortened"]

#: Hosts that an entry links in passing: about its author or journal, a catalogue, a copy of the page.
_IN_PASSING = (
    "wikipedia.org",
    "wikidata.org",
    "web.archive.org",
    "archive.today",
    "archive.ph",
    "api.semanticscholar.org",
    "worldcat.org",
    "scholar.google.com",
)
_LONGEST_READ = 4_000


def references_of(printed: Sequence[PrintedReference]) -> tuple[Reference, ...]:
    """The references that the entries of a source list are, in order."""
    return tuple(_reference(entry, place) for place, entry in enumerate(printed, start=1))


def labels_by_key(printed: Sequence[PrintedReference], references: Sequence[Reference]) -> dict[str, str]:
    """The label of each reference by the key that marks target."""
    return {entry.key: reference.label for entry, reference in zip(printed, references, strict=True)}


def list_problems(printed: Sequence[PrintedReference], references: Sequence[Reference]) -> Iterator[Problem]:
    """What an editor should look at in the source list itself."""
    numbers = [int(entry.label) for entry in printed if entry.label.isdecimal() and len(entry.label) <= 5]
    if numbers:
        missing = sorted(set(range(1, min(max(numbers), 5_000))) - set(numbers))
        if missing:
            yield Problem(
                ProblemKind.NUMBER_GAP,
                f"the source list goes up to {max(numbers)} without {shortened(missing)}",
            )
    counts = Counter(entry.label for entry in printed if entry.label)
    twice = [label for label, count in counts.items() if count > 1]
    if twice:
        yield Problem(ProblemKind.NUMBER_TWICE, f"more than one entry is numbered {', '.join(twice[:20])}")
    bare = [ref.label for ref in references if ref.url is None and not ref.identifiers]
    if bare:
        yield Problem(
            ProblemKind.NO_ADDRESS, f"neither an address nor an identifier stands in entry {shortened(bare)}"
        )


def shortened(labels: Iterable[str | int]) -> str:
    """Labels for a message, neighbouring numbers drawn together.

    >>> shortened(["1", "2", "3", "7", "a"])
    '1–3, 7, a'
    """
    runs: list[list[str]] = []
    for label in map(str, labels):
        if runs and label.isdecimal() and runs[-1][-1].isdecimal() and int(label) == int(runs[-1][-1]) + 1:
            runs[-1].append(label)
        else:
            runs.append([label])
    texts = [run[0] if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs]
    return ", ".join(texts[:20]) + (f" and {len(texts) - 20} more" if len(texts) > 20 else "")


def _reference(entry: PrintedReference, place: int) -> Reference:
    text = entry.text[:_LONGEST_READ]
    number = int(entry.label) if entry.label.isdecimal() and len(entry.label) <= 9 else place
    identifiers = tuple(dict.fromkeys([*entry.identifiers, *identifiers_in([text, *entry.links])]))
    doi = next((identifier[4:] for identifier in identifiers if identifier.startswith("doi:")), None)
    description = describe(_without_label(text, entry.label))
    return Reference(
        number=number,
        label=entry.label or str(place),
        title=entry.title or description.title,
        url=_address(text, entry.links),
        doi=doi,
        identifiers=identifiers,
        authors=entry.authors or description.authors,
        year=entry.year or description.year,
        text=entry.text,
        line=entry.line,
    )


def _without_label(text: str, label: str) -> str:
    """The entry without its label, where the format left it before the text."""
    rest = text.lstrip("[( ")
    if label and rest.startswith(label) and not rest[len(label) : len(label) + 1].isalnum():
        return rest[len(label) :].lstrip("])., ")
    return text


def _address(text: str, links: Sequence[str]) -> str | None:
    """The address that the entry is about: printed or linked, the first that is not there in passing."""
    usable = [link for link in links if re.match(r"(?:https?|ftp)://|www\.", link, re.IGNORECASE)]
    candidates = usable or addresses_in(text) or bare_hosts_in(text)
    return next((url for url in candidates if not _is_in_passing(url)), candidates[0] if candidates else None)


def _is_in_passing(url: str) -> bool:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return any(host == known or host.endswith(f".{known}") for known in _IN_PASSING)
