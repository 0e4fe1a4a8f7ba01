"""The minutes of a day as a Word document that a screen reader can read: headings, header rows, the language, a title.

Pure: what is to be told in, bytes out. Schools are named and roles, never a person.
"""

import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import docx
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt

from dashboard.wording import counted, day, of, share_of

_NOON: Final = datetime(2000, 1, 1, 12)
"""When a file was written is not in it: the same minutes are the same file."""


@dataclass(frozen=True)
class Came:
    """A meeting of the day: what it was, each school with its mark in words, how many came of those expected."""

    name: str
    schools: Sequence[tuple[str, str]]
    came: int
    expected: int
    illustrative: bool = False


@dataclass(frozen=True)
class Noted:
    """A decision or an action as the minutes tell it."""

    kind: str
    words: str
    owner: str
    due_on: date | None
    decided_on: date
    figures: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Minutes:
    """What the minutes of one day hold."""

    cluster: str
    on: date
    meetings: Sequence[Came]
    noted: Sequence[Noted]
    still_open: Sequence[Noted]
    """Decisions and actions of earlier days that were not carried out on that day."""
    dates: Sequence[tuple[str, str]]
    """The meetings that come next: when, and what."""

    @property
    def illustrative(self) -> bool:
        """Whether any of it is made up."""
        return any(each.illustrative for each in self.meetings)


def as_document(minutes: Minutes) -> bytes:
    """The .docx of the minutes."""
    document = docx.Document()
    title = f"{minutes.cluster}: minutes of {day(minutes.on)}"
    _set_up(document, title)
    document.add_heading(title, level=1)
    if minutes.illustrative:
        document.add_paragraph("Illustrative: marks in this document were made up to show how the dashboard works.")
    _say_who_came(document, minutes)
    document.add_heading("Decisions and actions", level=2)
    if minutes.noted:
        _list(document, minutes.noted, f"Decisions and actions of {day(minutes.on)}", figures=True)
    else:
        document.add_paragraph("Nothing was noted on this day.")
    document.add_heading("Open from before", level=2)
    if minutes.still_open:
        _list(document, minutes.still_open, "Decisions and actions that were open on this day", figures=False)
    else:
        document.add_paragraph("Nothing was open from before.")
    document.add_heading("Next meetings", level=2)
    if minutes.dates:
        _table(document, ("When", "What"), minutes.dates, "The next meetings", (6, 11))
    else:
        document.add_paragraph("No meeting was planned when this was written.")
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _say_who_came(document: Any, minutes: Minutes) -> None:
    document.add_heading("Who came", level=2)
    if not minutes.meetings:
        document.add_paragraph("No meeting is recorded for this day.")
    for meeting in minutes.meetings:
        if len(minutes.meetings) > 1:
            document.add_heading(meeting.name, level=3)
        said = (
            f"{share_of(meeting.came, meeting.expected, 'school')} came ({of(meeting.came, meeting.expected)})"
            if meeting.expected
            else "no marks are recorded"
        )
        document.add_paragraph(f"{meeting.name}: {said}.")
        if meeting.schools:
            caption = f"Marks of {counted(len(meeting.schools), 'school')}, {meeting.name.lower()}"
            _table(document, ("School", "Mark"), meeting.schools, caption, (11, 6))


def _list(document: Any, noted: Sequence[Noted], caption: str, *, figures: bool) -> None:
    heads = ("What", "In words", "Who sees to it", "By when", "Figures shown then" if figures else "Decided on")
    rows = [
        (
            each.kind, each.words, each.owner or "nobody named", day(each.due_on) if each.due_on else "no day named",
            _told(each.figures) if figures else day(each.decided_on),
        )
        for each in noted
    ]  # fmt: skip
    _table(document, heads, rows, caption, (2.4, 5, 3.3, 3, 3.3))


def _told(figures: Sequence[tuple[str, str]]) -> str:
    return "\n".join(f"{label}: {value}" for label, value in figures) or "none"


def _table(
    document: Any, heads: Sequence[str], rows: Sequence[Sequence[str]], caption: str, widths: Sequence[float]
) -> None:
    """A table whose first row is marked as its headings and stands again on each page."""
    table = document.add_table(rows=1 + len(rows), cols=len(heads), style="Table Grid")
    table.autofit = False
    said = OxmlElement("w:tblCaption")
    said.set(qn("w:val"), caption)
    table._tbl.tblPr.append(said)
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for cell, head in zip(table.rows[0].cells, heads, strict=True):
        cell.paragraphs[0].add_run(head).bold = True
    for place, row in zip(table.rows[1:], rows, strict=True):
        place._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))
        for cell, text in zip(place.cells, row, strict=True):
            cell.paragraphs[0].add_run(_clean(text))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
    for row in table.rows:
        for cell, width in zip(row.cells, widths, strict=True):
            cell.width = Cm(width)
    document.add_paragraph()


def _clean(text: str) -> str:
    """Text without the signs that XML cannot hold."""
    return "".join(sign for sign in text if sign in "\n\t" or sign.isprintable())


def _set_up(document: Any, title: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Calibri", Pt(11)
    for kind in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        normal.element.rPr.rFonts.attrib.pop(qn(f"w:{kind}"), None)
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), "en-GB")
    about = document.core_properties
    about.title, about.subject = title, "Minutes"
    about.language, about.author, about.comments, about.last_modified_by = "en-GB", "", "", ""
    about.created = about.modified = _NOON
