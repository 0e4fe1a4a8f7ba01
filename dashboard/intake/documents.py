"""Word documents (.docx): bytes to tables of cells, a cell being its paragraphs."""

import io
from typing import Any

import docx
from docx.opc.exceptions import PackageNotFoundError

from dashboard.intake.archives import BROKEN
from dashboard.intake.problems import Refused
from dashboard.models import CellLine

CellLines = tuple[CellLine, ...]


def read_document(data: bytes) -> list[list[list[CellLines]]]:
    """Every table of a document: its rows, their cells, the lines of each.

    A line is a bullet when its style is one of the list styles or it carries numbering of its own. Blank lines and
    empty bullets are dropped, so a cell of empty bullets is an empty cell. A line break inside a paragraph parts two
    lines. Raises Refused when the document cannot be opened.
    """
    try:
        document = docx.Document(io.BytesIO(data))
        return [[[_lines(cell) for cell in row.cells] for row in table.rows] for table in document.tables]
    except (PackageNotFoundError, *BROKEN) as error:
        raise Refused.because("this document cannot be opened; save it again as .docx") from error


def _lines(cell: Any) -> CellLines:
    return tuple(
        CellLine(_is_bullet(paragraph), text.strip())
        for paragraph in cell.paragraphs
        for text in paragraph.text.splitlines()
        if text.strip()
    )


def _is_bullet(paragraph: Any) -> bool:
    properties = paragraph._p.pPr
    numbered = properties is not None and properties.numPr is not None
    return numbered or (paragraph.style is not None and (paragraph.style.name or "").startswith("List"))
