"""The definitions of all figures, read from `docs/numbers.md`: written down once, for those who open the file and for
the page of help alike.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby
from typing import Final

from dashboard.settings import PROJECT_ROOT

NUMBERS: Final = PROJECT_ROOT / "docs" / "numbers.md"

_LINK: Final = re.compile(r"\[([^\]]+)\]\([^)]+\)")
_MARKS: Final = re.compile(r"[*`]")
_ONLY_FOR_FILES: Final = re.compile(r"\[[^\]]+\.md\]\([^)]+\)")
"""A sentence that sends its reader to another file of the repository says nothing on a page."""


@dataclass(frozen=True)
class Passage:
    """Words between two tables, or a table: its rows, the first of them what its columns are called."""

    words: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Chapter:
    """What stands under one heading; `deeper` where it is part of the chapter before."""

    title: str
    deeper: bool = False
    passages: list[Passage] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """What an address ends with that leads to it."""
        return "-".join(re.findall(r"[a-z0-9]+", self.title.lower()))


@cache
def load_definitions() -> tuple[Chapter, ...]:
    """The chapters of the file; none where the product was installed without its documents."""
    return read_definitions(NUMBERS.read_text(encoding="utf-8")) if NUMBERS.is_file() else ()


def read_definitions(text: str) -> tuple[Chapter, ...]:
    """The chapters of such a text: headings of the second and third level, paragraphs and tables."""
    chapters: list[Chapter] = []
    for block in re.split(r"\n\s*\n|\n(?=#)", text):
        lines = block.strip().splitlines()
        if lines and lines[0].startswith("##"):
            marks, _, title = lines[0].partition(" ")
            chapters.append(Chapter(_plain(title), deeper=len(marks) > 2))
            lines = lines[1:]
        if chapters and lines:
            chapters[-1].passages.extend(_passages(lines))
    return tuple(chapters)


def _passages(lines: list[str]) -> Iterator[Passage]:
    for in_table, some in groupby(lines, lambda line: line.startswith("|")):
        if in_table:
            rows = [_cells(line) for line in some if not re.fullmatch(r"[|\s-]+", line)]
            yield Passage(rows=tuple(rows))
        else:
            words = " ".join(line.strip() for line in some)
            kept = [each for each in re.split(r"(?<=\.) (?=[A-Z])", words) if not _ONLY_FOR_FILES.search(each)]
            if kept:
                yield Passage(words=_plain(" ".join(kept)))


def _cells(line: str) -> tuple[str, ...]:
    return tuple(_plain(cell.strip()) for cell in line.strip().strip("|").split("|"))


def _plain(text: str) -> str:
    return _MARKS.sub("", _LINK.sub(r"\1", text))
