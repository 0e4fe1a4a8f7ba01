"""What stands in a paper, as programs that open it find it."""

import io
import re
from collections.abc import Iterator
from typing import Any

import docx
import pptx
import pypdf


def pdf_of(content: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(content))


def words_of(content: bytes) -> str:
    """All words of a PDF, without line ends and the places where long words may break."""
    return flat(" ".join(page.extract_text() for page in pdf_of(content).pages))


def flat(text: str) -> str:
    """Without white space: lines break where they like."""
    return re.sub(r"[\s\u200b]+", "", text)


def slides_in(content: bytes) -> Any:
    return pptx.Presentation(io.BytesIO(content))


def words_on(slide: Any) -> str:
    return " ".join(_words_on(slide))


def _words_on(slide: Any) -> Iterator[str]:
    for shape in slide.shapes:
        if shape.has_text_frame:
            yield shape.text_frame.text
        if getattr(shape, "has_table", False) and shape.has_table:
            yield from (cell.text for row in shape.table.rows for cell in row.cells)
        if getattr(shape, "has_chart", False) and shape.has_chart:
            yield from (str(each) for each in shape.chart.plots[0].categories)


def alt_of(shape: Any) -> str:
    return str(shape._element.xpath(".//p:cNvPr")[0].get("descr") or "")


def document_in(content: bytes) -> Any:
    return docx.Document(io.BytesIO(content))


def words_in(document: Any) -> str:
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(each.text for each in document.paragraphs), *cells])
