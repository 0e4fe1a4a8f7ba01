"""The minutes of a day as a paper: schools are named and roles, never a person.

Pure: what is to be told in, blocks out.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard.paper.blocks import Block, Column, Heading, Paper, Table, Text
from dashboard.wording import counted, day, of, share_of


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


def minutes_paper(minutes: Minutes) -> Paper:
    """The minutes as blocks."""
    title = f"{minutes.cluster}: minutes of {day(minutes.on)}"
    made_up = "Illustrative: marks in this document were made up to show how the dashboard works."
    return Paper(
        title=title,
        running=title,
        about=(),
        blocks=[
            *_who_came(minutes),
            Heading("Decisions and actions"),
            _list(minutes.noted, f"Decisions and actions of {day(minutes.on)}", figures=True)
            if minutes.noted
            else Text("Nothing was noted on this day."),
            Heading("Open from before"),
            _list(minutes.still_open, "Decisions and actions that were open on this day", figures=False)
            if minutes.still_open
            else Text("Nothing was open from before."),
            Heading("Next meetings"),
            Table((Column("When", 6), Column("What", 11)), minutes.dates, "The next meetings")
            if minutes.dates
            else Text("No meeting was planned when this was written."),
        ],
        notes=(made_up,) if minutes.illustrative else (),
    )


def _who_came(minutes: Minutes) -> Iterator[Block]:
    yield Heading("Who came")
    if not minutes.meetings:
        yield Text("No meeting is recorded for this day.")
    for meeting in minutes.meetings:
        if len(minutes.meetings) > 1:
            yield Heading(meeting.name, level=2)
        said = (
            f"{share_of(meeting.came, meeting.expected, 'school')} came ({of(meeting.came, meeting.expected)})"
            if meeting.expected
            else "no marks are recorded"
        )
        yield Text(f"{meeting.name}: {said}.")
        if meeting.schools:
            caption = f"Marks of {counted(len(meeting.schools), 'school')}, {meeting.name.lower()}"
            yield Table((Column("School", 11), Column("Mark", 6)), meeting.schools, caption)


def _list(noted: Sequence[Noted], caption: str, *, figures: bool) -> Table:
    heads = ("What", "In words", "Who sees to it", "By when", "Figures shown then" if figures else "Decided on")
    rows = [
        (
            each.kind, each.words, each.owner or "nobody named", day(each.due_on) if each.due_on else "no day named",
            _told(each.figures) if figures else day(each.decided_on),
        )
        for each in noted
    ]  # fmt: skip
    return Table([Column(*each) for each in zip(heads, (2.4, 5, 3.3, 3, 3.3), strict=True)], rows, caption)


def _told(figures: Sequence[tuple[str, str]]) -> str:
    return "; ".join(f"{label}: {value}" for label, value in figures) or "none"
