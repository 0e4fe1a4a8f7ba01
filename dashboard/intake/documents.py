"""Word documents (.docx): bytes to tables of cells, a cell being its paragraphs."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import docx
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn

from dashboard.intake.archives import BROKEN
from dashboard.intake.problems import Refused
from dashboard.models import CellLine

CellLines = tuple[CellLine, ...]

_TYPED_BULLETS: Final = ("- ", "• ", "* ", "· ", "– ")
_BULLET_ALONE: Final = frozenset({"-", "•", "*", "·", "–"})
_FALLBACK: Final = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
"""What Word keeps for older programs says the same once more."""
_NOT_THERE: Final = frozenset({_FALLBACK, qn("w:moveFrom"), qn("w:del")})
_SIGNS: Final = {
    qn("w:tab"): "\t", qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:noBreakHyphen"): "-", qn("w:softHyphen"): "",
}  # fmt: skip


@dataclass(frozen=True)
class DocumentCell:
    """What stands under one heading of a row. `continues`: it is merged with the cell above."""

    lines: CellLines = ()
    continues: bool = False

    @property
    def text(self) -> str:
        """Its lines as one text."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True)
class DocumentRow:
    """One row with its number as a person sees it. `band`: it is one cell across the whole table."""

    number: int
    cells: tuple[DocumentCell, ...]
    band: bool = False


@dataclass(frozen=True)
class DocumentTable:
    """One table. Every row has as many cells as the first of more than one; where cells are merged there, those below
    them are one.
    """

    rows: tuple[DocumentRow, ...]
    nested: bool = False
    """Whether it lies within a cell of another."""


@dataclass(frozen=True)
class Document:
    """What a document says: its tables, those within others last, and the paragraphs outside of them."""

    tables: tuple[DocumentTable, ...]
    paragraphs: tuple[str, ...]


def read_document(data: bytes) -> Document:
    """The tables of a document: their rows, their cells, the lines of each.

    A line is a bullet when its style is one of the list styles, it carries numbering of its own, or it begins with a
    typed bullet ("- ", "• "). Blank lines and empty bullets are dropped, so a cell of empty bullets is an empty cell. A
    line break inside a paragraph parts two lines. Merged cells are read once, where they begin; text in tables within a
    cell, in links and in text boxes is read, and so is what was inserted with changes tracked, not what was deleted.
    Raises Refused when the document cannot be opened.
    """
    try:
        return _read(docx.Document(io.BytesIO(data)))
    except (PackageNotFoundError, *BROKEN) as error:
        raise Refused.because("this document cannot be opened; save it again as .docx") from error


def _read(document: Any) -> Document:
    reader = _Reader(document)
    body = document.element.body
    found = [table for table in body.iter(qn("w:tbl")) if _is_there(table)]
    outer = [table for table in found if not _within(table, "w:tbl")]
    inner = [table for table in found if _within(table, "w:tbl")]
    tables = [*((table, False) for table in outer), *((table, True) for table in inner)]
    paragraphs = [each for each in body.iter(qn("w:p")) if not _within(each, "w:tbl") and _is_there(each)]
    return Document(
        tuple(DocumentTable(tuple(reader.rows(table)), nested) for table, nested in tables),
        tuple(text for each in paragraphs if (text := " ".join(_text(each).split()))),
    )


def _within(element: Any, tag: str) -> bool:
    return next(element.iterancestors(qn(tag)), None) is not None


def _is_there(element: Any) -> bool:
    return not any(each.tag in _NOT_THERE for each in element.iterancestors())


class _Reader:
    def __init__(self, document: Any) -> None:
        self._bullets = _list_styles(document)

    def rows(self, table: Any) -> Iterator[DocumentRow]:
        """The rows of a table, every one as wide as the first."""
        raw = [row for row in table.iter(qn("w:tr")) if next(row.iterancestors(qn("w:tbl"))) is table]
        gone = f"{qn('w:trPr')}/{qn('w:del')}"
        kept = [(number, row) for number, row in enumerate(raw, start=1) if row.find(gone) is None]
        if not kept:
            return
        ends = _ends(next((row for _, row in kept if len(_cells(row)) > 1), kept[0][1]))  # not those of a title above
        for number, row in kept:
            yield self._row(number, row, ends)

    def _row(self, number: int, row: Any, ends: list[int]) -> DocumentRow:
        found: list[list[DocumentCell]] = [[] for _ in ends]
        at = _before(row)
        cells = _cells(row)
        for cell in cells:
            column = next((index for index, end in enumerate(ends) if at < end), None)
            read = DocumentCell(self._lines(cell), _continues(cell))
            if column is None:  # wider than the first row: what stands there has no heading
                found.append([read])
            else:
                found[column].append(read)
            at += _span(cell)
        return DocumentRow(number, tuple(_as_one(each) for each in found), len(cells) == 1 and len(ends) > 1)

    def _lines(self, cell: Any) -> CellLines:
        lines = []
        for paragraph in cell.iter(qn("w:p")):
            if not _is_there(paragraph):
                continue
            bullet = self._is_bullet(paragraph)
            for text in _text(paragraph).splitlines():
                line = _line(bullet, text.replace("\t", " ").strip())
                if line is not None:
                    lines.append(line)
        return tuple(lines)

    def _is_bullet(self, paragraph: Any) -> bool:
        properties = paragraph.pPr
        if properties is None:
            return False
        if properties.numPr is not None:
            numbering = properties.numPr.numId
            return numbering is None or numbering.val != 0  # nought takes the bullet of the style away
        style = properties.pStyle
        return style is not None and style.val in self._bullets


def _line(bullet: bool, text: str) -> CellLine | None:
    if not text or text in _BULLET_ALONE:
        return None
    if not bullet and text.startswith(_TYPED_BULLETS):
        bare = text[1:].strip()
        return CellLine(True, bare) if bare else None
    return CellLine(bullet, text)


def _list_styles(document: Any) -> frozenset[str]:
    """The ids of the styles whose paragraphs are bullets or numbered."""
    found = set()
    for style in document.styles.element.iter(qn("w:style")):
        name = style.find(qn("w:name"))
        called = (name.get(qn("w:val")) or "") if name is not None else ""
        if called.casefold().startswith("list") or style.find(f"{qn('w:pPr')}/{qn('w:numPr')}") is not None:
            found.add(style.get(qn("w:styleId")))
    return frozenset(found)


def _text(paragraph: Any) -> str:
    """What a reader sees of a paragraph, without what belongs to a paragraph within it, as that of a text box."""
    parts = []
    for element in paragraph.iter(qn("w:t"), *_SIGNS):
        if next(element.iterancestors(qn("w:p"))) is not paragraph or not _is_there(element):
            continue
        if element.tag == qn("w:t"):
            parts.append(element.text or "")
        elif element.getparent().tag == qn("w:r"):  # a tab stop of the paragraph's look is none in its text
            parts.append(_SIGNS[element.tag])
    return "".join(parts)


def _cells(row: Any) -> list[Any]:
    return [cell for cell in row.iter(qn("w:tc")) if next(cell.iterancestors(qn("w:tr"))) is row]


def _ends(row: Any) -> list[int]:
    """Behind which column of the grid each cell of a row ends."""
    at, ends = _before(row), []
    for cell in _cells(row):
        at += _span(cell)
        ends.append(at)
    return ends


def _before(row: Any) -> int:
    skipped = row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}")
    return int(skipped.get(qn("w:val"), 0)) if skipped is not None else 0


def _span(cell: Any) -> int:
    span = cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}")
    return max(1, int(span.get(qn("w:val"), 1))) if span is not None else 1


def _continues(cell: Any) -> bool:
    merged = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
    return merged is not None and merged.get(qn("w:val"), "continue") == "continue"


def _as_one(cells: list[DocumentCell]) -> DocumentCell:
    lines = tuple(line for cell in cells for line in cell.lines)
    return DocumentCell(lines, bool(cells) and all(cell.continues for cell in cells))
