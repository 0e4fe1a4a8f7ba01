"""A plan as the Word document it came from: the eight columns, then a small table of what Word cannot hold otherwise.

Pure: a record in, bytes out. The same plan gives the same bytes, and brought in again it changes nothing.
"""

import io
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

import docx
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from dashboard.models import CellLine
from dashboard.plans.cell_text import clean_line
from dashboard.plans.codes import say_code
from dashboard.plans.record import PlanRecord, TargetRecord
from dashboard.plans.words import STATUS_WORDS
from dashboard.vocabulary import PLAN_HEADINGS, PlanCell
from dashboard.wording import day, sentence

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_WIDTHS: Final = {
    PlanCell.TARGET: 3.6, PlanCell.AIMS: 3.2, PlanCell.CRITERIA: 3.8, PlanCell.ORGANISATION: 3.4,
    PlanCell.PERSONNEL: 2.6, PlanCell.EVALUATION: 4.1, PlanCell.IMPACT: 3.2, PlanCell.NEXT_STEPS: 2.8,
}  # fmt: skip
"""Of the columns in centimetres; together what A4 leaves between its margins."""
_HEADED: Final = RGBColor(0x1F, 0x2A, 0x37)
_SHADE: Final = "E7ECF2"
_NO_TIME: Final = datetime(2000, 1, 1)
"""Of the archive's parts: of when a file was written is not in it."""

Say = Callable[[TargetRecord], str]
_ALWAYS: Final[Sequence[tuple[str, float, Say]]] = (
    ("Code", 4.6, lambda each: each.code),
    ("Due", 2.9, lambda each: day(each.due) if each.due else ""),
    ("Next review", 2.9, lambda each: day(each.review_on) if each.review_on else ""),
    ("Owner", 3.6, lambda each: each.owner or ""),
    ("Status", 2.4, lambda each: STATUS_WORDS[each.own_status] if each.own_status else ""),
    ("Reason", 4.3, lambda each: each.own_status_reason or ""),
)
_IF_ANY: Final[Sequence[tuple[str, float, Say]]] = (
    ("Title", 3.6, lambda each: each.own_title or ""),
    ("Kind of work", 2.6, lambda each: _words(each.activity)),
    ("Horizon", 1.9, lambda each: _words(each.horizon)),
    ("Focus area", 2.6, lambda each: _words(each.focus_area)),
)


def as_document(plan: PlanRecord) -> bytes:
    """The .docx of a plan."""
    document = docx.Document()
    _set_up(document, plan)
    document.add_heading(f"{plan.name}: development plan {plan.year}", level=1)
    for text in _dated(plan):
        document.add_paragraph(text)
    headings = [(PLAN_HEADINGS[cell], _WIDTHS[cell]) for cell in PlanCell]
    table = _table(document, headings, len(plan.targets), f"Targets of {plan.name}, {plan.year}")
    for row, target in zip(table.rows[1:], plan.targets, strict=True):
        written = target.written()
        written[PlanCell.TARGET] = say_code(written[PlanCell.TARGET], target.code)
        for cell, place in zip(PlanCell, row.cells, strict=True):
            _fill(place, written[cell], bold=cell is PlanCell.TARGET)
    _add_beside(document, plan)
    return _same_bytes(document)


def _dated(plan: PlanRecord) -> list[str]:
    said = []
    if plan.dated is not None:
        said.append(f"Plan dated {day(plan.dated)}")
    if plan.changed_on is not None:
        said.append(f"Last changed on {day(plan.changed_on)}")
    if plan.illustrative:
        said.append("Illustrative: some or all of this was made up to show how the dashboard works.")
    return said


def _add_beside(document: Any, plan: PlanRecord) -> None:
    columns = [*_ALWAYS, *(each for each in _IF_ANY if any(each[2](target) for target in plan.targets))]
    document.add_heading("Dates, owners and status", level=2)
    document.add_paragraph(
        "A status stands here where a person gave one. Keep the codes: they say which target is meant."
    )
    widest = sum(width for _, width, _ in columns)
    scale = min(1.0, sum(_WIDTHS.values()) / widest)
    headings = [(heading, width * scale) for heading, width, _ in columns]
    table = _table(document, headings, len(plan.targets), f"Dates, owners and status of targets, {plan.year}")
    for row, target in zip(table.rows[1:], plan.targets, strict=True):
        for (_, _, say), place in zip(columns, row.cells, strict=True):
            place.paragraphs[0].add_run(clean_line(say(target)))


def _set_up(document: Any, plan: PlanRecord) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = Cm(1.5)
    section.top_margin = section.bottom_margin = Cm(1.5)
    styles = document.styles
    for name, size in (("Normal", 9), ("List Bullet", 9), ("Heading 1", 16), ("Heading 2", 12)):
        style = styles[name]
        style.font.name, style.font.size = "Calibri", Pt(size)
        fonts = style.element.rPr.rFonts
        for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{kind}"), None)
        style.paragraph_format.space_after = Pt(2)
        if name.startswith("Heading"):
            style.font.color.rgb = _HEADED
    bullet = styles["List Bullet"].paragraph_format
    bullet.left_indent, bullet.first_line_indent = Cm(0.35), Cm(-0.35)
    bullet.tab_stops.add_tab_stop(Cm(0.35))
    for language in styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    about = document.core_properties
    about.title = f"{plan.name}: development plan {plan.year}"
    about.language, about.author, about.comments, about.last_modified_by = "en-GB", "", "", ""
    about.created = about.modified = _NO_TIME


def _table(document: Any, headings: Sequence[tuple[str, float]], rows: int, caption: str) -> Any:
    """A table whose first row holds headings: it is marked as such and stands again on each page."""
    table = document.add_table(rows=rows + 1, cols=len(headings), style="Table Grid")
    table.autofit = False
    properties = table._tbl.tblPr
    look = properties.find(qn("w:tblLook"))
    for name in ("firstRow", "lastRow", "firstColumn", "lastColumn", "noHBand", "noVBand"):
        look.set(qn(f"w:{name}"), "1" if name in {"firstRow", "noHBand", "noVBand"} else "0")
    look.set(qn("w:val"), "0620")
    said = OxmlElement("w:tblCaption")
    said.set(qn("w:val"), caption)
    properties.append(said)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for index, (heading, width) in enumerate(headings):
        table.columns[index].width = Cm(width)
        top = table.rows[0].cells[index]
        run = top.paragraphs[0].add_run(heading)
        run.bold = True
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", _SHADE)):
            shade.set(qn(f"w:{name}"), value)
        top._tc.get_or_add_tcPr().append(shade)
    for row in table.rows:
        for cell, (_, width) in zip(row.cells, headings, strict=True):
            cell.width = Cm(width)
    return table


def _fill(cell: Any, lines: Sequence[CellLine], *, bold: bool) -> None:
    for number, line in enumerate(lines):
        paragraph = cell.paragraphs[0] if number == 0 else cell.add_paragraph()
        if line.bullet:
            paragraph._p.style = "ListBullet"
        run = paragraph.add_run(clean_line(line.text))
        run.bold = True if bold and number == 0 else None


def _words(value: str | None) -> str:
    return sentence(str(value).replace("_", " ")) if value else ""


def _same_bytes(document: Any) -> bytes:
    """The file without the hour at which it was written."""
    out, packed = io.BytesIO(), io.BytesIO()
    document.save(out)
    with ZipFile(out) as written, ZipFile(packed, "w", ZIP_DEFLATED) as archive:
        for name in sorted(written.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            archive.writestr(ZipInfo(name, _NO_TIME.timetuple()[:6]), written.read(name), ZIP_DEFLATED)
    return packed.getvalue()
