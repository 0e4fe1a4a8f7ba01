"""What a paper is made of: headings, sentences, lists and tables with small charts in their cells.

Pure, and nothing of how it is set: `typesetting` makes a PDF of it, `word` a document.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum


class Shape(StrEnum):
    """A small sign of a chart. Each differs by shape as well as by colour."""

    FULL = "full"
    HALF = "half"
    OPEN = "open"
    SQUARE = "square"
    CROSS = "cross"
    DOTTED = "dotted"
    DIAMOND = "diamond"
    CLOSED = "closed"
    DASH = "dash"
    QUESTION = "question"


@dataclass(frozen=True)
class Tiles:
    """A row of signs, as wide as `of` of them; `alt` says the same in words."""

    shapes: Sequence[Shape]
    of: int
    alt: str


@dataclass(frozen=True)
class Bar:
    """Parts of one bar in hundredths of the longest one: spent, committed, left, and how much is over."""

    spent: float
    committed: float
    left: float
    alt: str


Cell = str | Tiles | Bar


@dataclass(frozen=True)
class Heading:
    """A heading; `level` 1 is the highest below the title. A `new_page` begins one."""

    text: str
    level: int = 1
    new_page: bool = False


@dataclass(frozen=True)
class Text:
    """A paragraph: the message of a section stands `strong`, what is measured `quiet`."""

    text: str
    strong: bool = False
    quiet: bool = False


@dataclass(frozen=True)
class Points:
    """A list of sentences."""

    items: Sequence[str]


@dataclass(frozen=True)
class Key:
    """What the signs of the chart above mean."""

    items: Sequence[tuple[Shape, str]]


@dataclass(frozen=True)
class Swatches:
    """What the parts of the bars above mean."""

    items: Sequence[tuple[str, str]]
    """Spent, committed or left, and the words."""


@dataclass(frozen=True)
class Column:
    """A column: its heading, its share of the width, whether it holds numbers.

    `over_tiles` are the short headings of the signs beneath, one for each.
    """

    heading: str
    width: float = 1
    number: bool = False
    over_tiles: Sequence[str] = ()


@dataclass(frozen=True)
class Table:
    """A table. Its heading stands again on each page; `foot` is a last row of sums."""

    columns: Sequence[Column]
    rows: Sequence[Sequence[Cell]]
    caption: str
    foot: Sequence[Cell] | None = None


Block = Heading | Text | Points | Key | Swatches | Table


@dataclass(frozen=True)
class Paper:
    """A whole paper. `about` is what was chosen, printed under the title; `running` stands at the top of each page."""

    title: str
    running: str
    about: Sequence[tuple[str, str]]
    blocks: Sequence[Block]
    notes: Sequence[str] = field(default=())
    """What must be known before anything is read, such as that figures are made up."""

    @property
    def rows(self) -> int:
        """How many rows its tables have."""
        return sum(len(each.rows) for each in self.blocks if isinstance(each, Table))
