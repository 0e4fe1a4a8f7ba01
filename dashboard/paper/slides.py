"""Slides for the meeting, on the agenda of the steering group's screen: one message each, charts that can be edited.

No word that somebody wrote into a plan stands on them: such words may name a colleague, and a room reads along.
"""

import io
from collections.abc import Iterator, Sequence
from typing import Any, Final

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LABEL_POSITION, XL_LEGEND_POSITION
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml.ns import qn
from pptx.util import Emu, Inches, Pt

from dashboard.decisions.words import KINDS, OWNERS
from dashboard.funding.words import PART_WORDS, POT_WORDS
from dashboard.money import pence_from_text
from dashboard.naming import short_names
from dashboard.paper import sections
from dashboard.paper.facts import ATTENDANCE, MONEY, PLAN, Facts
from dashboard.paper.lettering import fit
from dashboard.plans.sentences import say_due
from dashboard.ui.theme import LIGHT
from dashboard.vocabulary import Part, Pot
from dashboard.wording import counted, day, of, sentence

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
_Colour: Any = RGBColor  # its own methods bear no types
_ChartData: Any = CategoryChartData
_WIDTH, _HEIGHT, _SIDE = Inches(13.333), Inches(7.5), Inches(0.6)
_BODY_TOP, _BODY_HEIGHT = Inches(1.75), Inches(4.95)
_TITLE, _WORDS, _SMALL = Pt(30), Pt(20), Pt(14)
_MOST_BARS: Final = 10
_MOST_ROWS: Final = 6
_INK, _MUTED, _BLUE, _TEAL, _REST, _WHITE = (
    _Colour.from_string(each.removeprefix("#"))
    for each in (LIGHT.ink, LIGHT.muted, LIGHT.blue, LIGHT.teal, "#c9ced4", "#ffffff")
)


_LONG: Final = 120
_LEAST_LABELLED: Final = 0.12
"""A part of a bar that is shorter than this share of the longest one has no room for its amount."""
_LEAST: Final = 0.01
_Part = tuple[str, Sequence[float], RGBColor]
"""A part of stacked bars: its words, an amount for each bar, its colour."""


def slides_of(facts: Facts) -> bytes:
    """The presentation of one cluster and year."""
    deck = _Deck(facts)
    deck.begin()
    for put in (_attendance, _money, _plan, _decisions, _dates):
        put(deck, facts)
    return deck.saved()


class _Deck:
    """A presentation of 16:9 with its footers: what it is about, the day, the number of the slide."""

    def __init__(self, facts: Facts) -> None:
        self._facts = facts
        self._file = Presentation()
        self._file.slide_width, self._file.slide_height = _WIDTH, _HEIGHT
        about = self._file.core_properties
        about.title = fit(f"{facts.cluster.name}: meeting slides {facts.view.year}")
        about.language, about.author, about.last_modified_by, about.comments = "en-GB", "", "", ""

    def begin(self) -> None:
        """The first slide."""
        facts = self._facts
        slide = self.slide(facts.cluster.name, f"Slides of the steering group for {facts.view.year}.")
        lines = [f"Steering group, academic year {facts.view.year}", f"As of {day(facts.view.as_of)}"]
        self.write(slide, [*lines, *sections.say_illustrative(facts)], top=_BODY_TOP + Inches(0.6), size=Pt(24))

    def slide(self, title: str, notes: str) -> Any:
        """A slide with its message, its notes and its footer."""
        slide = self._file.slides.add_slide(self._file.slide_layouts[5])
        box = slide.shapes.title
        box.left, box.top, box.width, box.height = _SIDE, Inches(0.4), Emu(_WIDTH - 2 * _SIDE), Inches(1.25)
        box.text_frame.word_wrap, box.text_frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        box.text_frame.paragraphs[0].alignment = PP_ALIGN.LEFT
        words = fit(title)
        self._run(box.text_frame.paragraphs[0], words, _TITLE if len(words) <= _LONG else Pt(24), bold=True)
        source = f"Source: Schools Cluster Dashboard, as of {day(self._facts.view.as_of)}."
        slide.notes_slide.notes_text_frame.text = fit(
            " ".join([notes, source, *sections.say_illustrative(self._facts)])
        )
        self._foot(slide)
        return slide

    def write(self, slide: Any, lines: Sequence[str], *, top: int = _BODY_TOP, size: Any = _WORDS) -> None:
        """Lines of text on a slide."""
        frame = slide.shapes.add_textbox(_SIDE, top, Emu(_WIDTH - 2 * _SIDE), Inches(3)).text_frame
        frame.word_wrap = True
        for number, words in enumerate(lines):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.space_after = Pt(10)
            self._run(paragraph, fit(words), size)

    def bars(self, slide: Any, names: Sequence[str], parts: Sequence[_Part], alt: str, form: str) -> None:
        """A native chart of stacked bars, the first name at the top."""
        data = _ChartData(number_format=form)
        data.categories = [fit(name) for name in names]
        for words, amounts, _ in parts:
            data.add_series(words, amounts)
        frame = slide.shapes.add_chart(
            XL_CHART_TYPE.BAR_STACKED, _SIDE, _BODY_TOP, Emu(_WIDTH - 2 * _SIDE), _BODY_HEIGHT, data
        )
        _describe(frame, alt)
        chart = frame.chart
        chart.font.size, chart.font.color.rgb = Pt(18), _INK
        chart.has_legend, chart.has_title = True, False
        chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        chart.category_axis.reverse_order = True
        chart.category_axis.format.line.color.rgb = _MUTED
        chart.category_axis.has_major_gridlines = False
        chart.value_axis.has_major_gridlines = chart.value_axis.visible = False
        chart.value_axis.minimum_scale = 0
        # Too short a part has no room for its amount; the name of its bar says what matters.
        longest = max((sum(each) for each in zip(*(amounts for _, amounts, _ in parts), strict=True)), default=0)
        shown = f'[>={max(longest * _LEAST_LABELLED, _LEAST):.2f}]{form};""'
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 45, 100
        for series, (_, _, colour) in zip(plot.series, parts, strict=True):
            series.format.fill.solid()
            series.format.fill.fore_color.rgb = colour
            labels = series.data_labels
            labels.show_value, labels.number_format, labels.number_format_is_linked = True, shown, False
            labels.position = XL_LABEL_POSITION.CENTER
            labels.font.size, labels.font.color.rgb = Pt(16), _INK if colour == _REST else _WHITE

    def table(self, slide: Any, head: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float]) -> None:
        """A native table with its head marked as such."""
        whole = _WIDTH - 2 * _SIDE
        frame = slide.shapes.add_table(len(rows) + 1, len(head), _SIDE, _BODY_TOP, Emu(whole), Inches(0.5))
        _describe(frame, f"Table with {counted(len(rows), 'row')}: {', '.join(head)}")
        table = frame.table
        table.first_row, table.horz_banding = True, False
        for number, width in enumerate(widths):
            table.columns[number].width = Emu(int(whole * width / sum(widths)))
        for at, row in enumerate([head, *rows]):
            for number, words in enumerate(row):
                cell = table.cell(at, number)
                cell.fill.solid()
                cell.fill.fore_color.rgb = _BLUE if at == 0 else _WHITE
                self._run(cell.text_frame.paragraphs[0], fit(words), Pt(18), bold=at == 0, light=at == 0)

    def saved(self) -> bytes:
        """The file."""
        out = io.BytesIO()
        self._file.save(out)
        return out.getvalue()

    def _foot(self, slide: Any) -> None:
        facts = self._facts
        told = f"{facts.cluster.name} · {facts.view.year} · as of {day(facts.view.as_of)}"
        told += " · illustrative" if facts.made_up else ""
        frame = slide.shapes.add_textbox(_SIDE, Inches(6.95), Inches(10.5), Inches(0.4)).text_frame
        frame.word_wrap = True
        self._run(frame.paragraphs[0], fit(told), _SMALL, quiet=True)
        frame = slide.shapes.add_textbox(Inches(11.7), Inches(6.95), Inches(1.05), Inches(0.4)).text_frame
        frame.word_wrap, frame.paragraphs[0].alignment = True, PP_ALIGN.RIGHT
        self._number(frame.paragraphs[0], len(self._file.slides))

    def _number(self, paragraph: Any, number: int) -> None:
        """The number of the slide as a field, which stays right when slides are moved."""
        self._run(paragraph, str(number), _SMALL, quiet=True)
        run = paragraph._p.r_lst[0]
        run.tag = qn("a:fld")
        run.set("id", "{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}")
        run.set("type", "slidenum")

    def _run(
        self, paragraph: Any, words: str, size: Any, *, bold: bool = False, light: bool = False, quiet: bool = False
    ) -> None:
        run = paragraph.add_run()
        run.text = words
        run.font.size, run.font.bold = size, bold
        run.font.color.rgb = _WHITE if light else _MUTED if quiet else _INK
        run._r.get_or_add_rPr().set("lang", "en-GB")


def _describe(frame: Any, alt: str) -> None:
    frame._element.nvGraphicFramePr.cNvPr.set("descr", fit(alt))


def _numbered(title: str, at: int, every: int) -> str:
    """The message of one of several slides that say the same."""
    return title if every == 1 else f"{title.rstrip('.')} ({at} of {every})"


def _pages(rows: Sequence[Any], most: int) -> Iterator[tuple[int, int, Sequence[Any]]]:
    pages = [rows[start : start + most] for start in range(0, len(rows), most)]
    for number, page in enumerate(pages, start=1):
        yield number, len(pages), page


def _attendance(deck: _Deck, facts: Facts) -> None:
    said, figures = facts.said[ATTENDANCE], facts.report["engagement"]
    if said.data is None:
        deck.slide(said.headline, "")
        return
    short = short_names([each["name"] for each in figures["schools"]])
    for at, every, schools in _pages(figures["schools"], _MOST_BARS):
        slide = deck.slide(_numbered(said.headline, at, every), " ".join(said.measure))
        names = [
            f"{short[each['name']]}, {of(each['attended'], each['expected'])}"
            if each["expected"] else f"{short[each['name']]}, no marks"
            for each in schools
        ]  # fmt: skip
        parts = [
            ("Came", [each["attended"] for each in schools], _BLUE),
            ("Did not come", [each["expected"] - each["attended"] for each in schools], _REST),
        ]
        deck.bars(slide, names, parts, f"Meetings that each school came to. {'; '.join(names)}.", "0")


def _money(deck: _Deck, facts: Facts) -> None:
    said, figures = facts.said[MONEY], facts.report["funding"]
    if said.data is None:
        deck.slide(said.headline, "")
        return
    for at, every, pots in _pages(figures["pots"], _MOST_BARS):
        slide = deck.slide(_numbered(said.headline, at, every), " ".join(said.measure))
        names = [
            f"{PART_WORDS[Part(each['part'])]} ({_HOLDERS[Pot(each['pot'])]}): "
            f"{sections.pounds(each['remaining'])} left"
            for each in pots
        ]
        parts = [
            (words, [max(pence_from_text(each[name]), 0) / 100 for each in pots], colour)
            for name, words, colour in (
                ("spent", "Spent", _BLUE), ("committed", "Committed", _TEAL), ("remaining", "Left", _REST),
            )
        ]  # fmt: skip
        told = [
            f"{name}, {sections.pounds(each['spent'])} spent, {sections.pounds(each['committed'])} committed"
            for name, each in zip(names, pots, strict=True)
        ]
        deck.bars(slide, names, parts, f"Money of each pot and part. {'; '.join(told)}.", "£#,##0")


_HOLDERS: Final = {pot: words.removeprefix("Held by ") for pot, words in POT_WORDS.items()}


def _plan(deck: _Deck, facts: Facts) -> None:
    said, figures = facts.said[PLAN], facts.report["plan"]
    if said.data is None:
        deck.slide(said.headline, "")
        return
    rows = {row.code: row for row in said.data.targets.itertuples()}
    for at, every, targets in _pages(figures["targets"], _MOST_ROWS):
        slide = deck.slide(_numbered(said.headline, at, every), " ".join([*said.measure, said.explain]))
        deck.table(
            slide,
            ["Target", "Status", "Criteria met", "Not met", "No evidence", "Due"],
            [
                [each["code"], sections.status_words(each["status"]),
                 of(each["criteria"]["met"], each["criteria"]["total"]), str(each["criteria"]["not_met"]),
                 str(each["criteria"]["no_evidence"]), say_due(rows[each["code"]], facts.view.as_of)]
                for each in targets
            ],
            [3.2, 2.2, 1.8, 1.2, 1.7, 2.6],
        )  # fmt: skip


def _decisions(deck: _Deck, facts: Facts) -> None:
    still = facts.open_decisions
    notes = "Decisions and actions that are not carried out yet, the newest first."
    if not still:
        deck.write(
            deck.slide("To decide today: nothing is open from earlier meetings.", notes),
            ["Decisions and actions that are noted in the meeting stand here the next time."],
        )
        return
    late = sum(1 for each in still if each.is_late(facts.view.as_of))
    title = f"{sentence(counted(len(still), 'decision or action', 'decisions and actions'))} "
    title += f"{'is' if len(still) == 1 else 'are'} open" + (
        f"; {counted(late, 'is', 'are')} overdue." if late else "."
    )
    for at, every, rows in _pages(still, _MOST_ROWS - 1):
        deck.table(
            deck.slide(_numbered(title, at, every), notes),
            ["What", "Who sees to it", "By", "State"],
            [
                [_short(f"{KINDS[each.kind]}: {each.words}"),
                 OWNERS.get(each.owner, each.owner) if each.owner else "nobody yet",
                 day(each.due_on) if each.due_on else "no date", sections.state_of(each, facts.view.as_of)]
                for each in rows
            ],
            [6, 2, 2.2, 1.2],
        )  # fmt: skip


_MOST_WORDS: Final = 110


def _short(words: str) -> str:
    return words if len(words) <= _MOST_WORDS else f"{words[:_MOST_WORDS].rstrip()}…"


def _dates(deck: _Deck, facts: Facts) -> None:
    ahead = sections.ahead_of(facts, titles=False)
    notes = "Meetings, targets and reviews that are due, decisions with a date."
    if not ahead:
        deck.write(
            deck.slide("Nothing is in the calendar from today on.", notes),
            ["Add the next meeting on the page of the cluster’s meetings."],
        )
        return
    title = f"Next: {ahead[0][1]}, {day(ahead[0][0])}."
    for at, every, rows in _pages(ahead, _MOST_ROWS):
        deck.table(
            deck.slide(_numbered(_short(title), at, every), notes),
            ["Day", "What"],
            [[day(when), _short(what)] for when, what in rows],
            [1, 4],
        )
