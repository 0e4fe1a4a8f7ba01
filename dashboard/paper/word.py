"""A paper as a Word document, with real headings, lists and tables whose heads stand again on each page."""

import io
from datetime import datetime
from typing import Any, Final

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from dashboard.paper.blocks import Bar, Cell, Heading, Paper, Points, Table, Text, Tiles
from dashboard.paper.lettering import fit

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_INK: Final = RGBColor(0x1B, 0x1F, 0x24)
_MUTED: Final = RGBColor(0x56, 0x5D, 0x66)
_NOON: Final = datetime(2000, 1, 1, 12)
"""When a file was written is not in it: the same paper is the same file."""
_ROOM: Final = 17.0
"""Centimetres between the margins."""


def as_document(paper: Paper) -> bytes:
    """The .docx of a paper."""
    document = docx.Document()
    _set_up(document, paper)
    document.add_heading(fit(paper.title), level=0)
    for note in paper.notes:
        document.add_paragraph().add_run(fit(note)).bold = True
    for name, value in paper.about:
        document.add_paragraph(fit(f"{name}: {value}")).paragraph_format.space_after = Pt(0)
    for block in paper.blocks:
        _add(document, block)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Any, block: Any) -> None:
    match block:
        case Heading():
            document.add_heading(fit(block.text), level=block.level)
        case Text():
            paragraph = document.add_paragraph()
            paragraph.paragraph_format.keep_with_next = block.strong or block.quiet
            run = paragraph.add_run(fit(block.text))
            run.font.size = Pt(12) if block.strong else Pt(9.5) if block.quiet else None
            run.font.color.rgb = _MUTED if block.quiet else _INK
        case Points():
            for item in block.items:
                document.add_paragraph(fit(item), style="List Bullet")
        case Table():
            _add_table(document, block)


def _add_table(document: Any, block: Table) -> None:
    rows = [[each.heading for each in block.columns], *block.rows, *([block.foot] if block.foot else [])]
    table = document.add_table(rows=len(rows), cols=len(block.columns), style="Table Grid")
    table.autofit = False
    said = OxmlElement("w:tblCaption")
    said.set(qn("w:val"), fit(block.caption))
    table._tbl.tblPr.append(said)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    whole = sum(each.width for each in block.columns)
    for place, column in zip(table.columns, block.columns, strict=True):
        place.width = Cm(_ROOM * column.width / whole)
    for at, (row, cells) in enumerate(zip(table.rows, rows, strict=True)):
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for place, column, cell in zip(row.cells, block.columns, cells, strict=True):
            place.width = Cm(_ROOM * column.width / whole)
            paragraph = place.paragraphs[0]
            paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(2)
            paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if column.number else WD_ALIGN_PARAGRAPH.LEFT
            run = paragraph.add_run(fit(_words(cell)))
            run.font.size, run.bold = Pt(9), at == 0 or (block.foot is not None and at == len(rows) - 1)
    document.add_paragraph().paragraph_format.space_after = Pt(0)


def _words(cell: Cell) -> str:
    return cell.alt if isinstance(cell, Tiles | Bar) else cell


def _set_up(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2)
    section.top_margin = section.bottom_margin = Cm(2)
    section.header.paragraphs[0].add_run(fit(paper.running)).font.size = Pt(8.5)
    _number_pages(section.footer.paragraphs[0])
    styles = document.styles
    for name, size in (("Normal", 10.5), ("List Bullet", 10.5), ("Title", 22), ("Heading 1", 16), ("Heading 2", 12)):
        style = styles[name]
        style.font.name, style.font.size, style.font.color.rgb = "Calibri", Pt(size), _INK
        fonts = style.element.rPr.rFonts
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
    styles["Normal"].paragraph_format.space_after = Pt(4)
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    about = document.core_properties
    about.title, about.language = fit(paper.title), "en-GB"
    about.author = about.comments = about.last_modified_by = ""
    about.created = about.modified = _NOON


def _number_pages(paragraph: Any) -> None:
    """Put “3 of 7” there, as fields that Word counts."""
    for number, field in enumerate(("PAGE", "NUMPAGES")):
        if number:
            paragraph.add_run(" of ")
        counted = OxmlElement("w:fldSimple")
        counted.set(qn("w:instr"), field)
        run = OxmlElement("w:r")
        words = OxmlElement("w:t")
        words.text = "1"
        run.append(words)
        counted.append(run)
        paragraph._p.append(counted)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
