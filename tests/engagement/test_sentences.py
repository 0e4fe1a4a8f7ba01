"""What attendance figures say in words."""

from typing import NamedTuple

import pandas as pd
import pytest

from dashboard.academic_year import Term
from dashboard.engagement.flags import flag_schools
from dashboard.engagement.sentences import say_attendance, say_own_attendance, say_rate, say_term, say_trend
from dashboard.rules import DEFAULT_RULES


class Row(NamedTuple):
    school: str
    name: str
    attended: int
    expected: int
    not_recorded: int = 0
    missed_in_a_row: int = 0


def every(name: str, meetings: int = 3, missing: int = 0) -> Row:
    return Row(name.lower(), f"{name} School", meetings, meetings, missing)


def drifts(name: str) -> Row:
    return Row(name.lower(), f"{name} School", 1, 4, 0, 3)


def part(name: str) -> Row:
    return Row(name.lower(), f"{name} School", 3, 4)


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ([Row("a", "A School", 0, 0, 2)], "Meetings were held, but no marks are recorded yet."),
        ([every("Ash")], "The one school came to every meeting; none is drifting."),
        ([every("Ash"), every("Elm")], "All two schools came to every meeting; none is drifting."),
        ([every("Ash"), part("Elm")], "One of two schools came to every meeting; none is drifting."),
        ([part("Ash"), part("Elm")], "None of two schools came to every meeting; none is drifting."),
        ([every("Ash"), drifts("Elm")], "One of two schools came to every meeting; Elm is drifting."),
        ([drifts("Ash"), drifts("Elm")], "None of two schools came to every meeting; Ash and Elm are drifting."),
        (
            [every("Yew"), drifts("Ash"), drifts("Elm"), drifts("Oak")],
            "One of four schools came to every meeting; Ash, Elm and Oak are drifting.",
        ),
        (
            [every("Yew"), *map(drifts, ("Ash", "Elm", "Oak", "Fir"))],
            "One of five schools came to every meeting; Ash, Elm and two others are drifting.",
        ),
        ([every("Ash", missing=1), part("Elm")], "One of two schools came to every meeting; one mark not recorded."),
        ([every("Ash", missing=14)], "The one school came to every meeting; 14 marks not recorded."),
        ([every("Ash", missing=1), drifts("Elm")], "One of two schools came to every meeting; Elm is drifting."),
        ([every("Ash"), Row("elm", "Elm School", 0, 0)], "The one school came to every meeting; none is drifting."),
    ],
)
def test_a_cluster_in_one_sentence(rows: list[Row], sentence: str) -> None:
    frame = pd.DataFrame(rows, dtype=object)
    assert say_attendance(frame, flag_schools(frame, DEFAULT_RULES)) == sentence


@pytest.mark.parametrize(
    ("attended", "expected", "words"),
    [
        (0, 0, "not known"),
        (13, 15, "87 % (13 of 15)"),
        (0, 4, "0 % (0 of 4)"),
        (999, 1000, "99 % (999 of 1000)"),
        (4, 4, "100 % (4 of 4)"),
    ],
)
def test_a_rate_with_both_numbers(attended: int, expected: int, words: str) -> None:
    assert say_rate(attended, expected) == words


@pytest.mark.parametrize(
    ("attended", "expected", "sentence"),
    [
        (0, 0, "No meeting with a mark for your school yet."),
        (1, 1, "You came to the one meeting."),
        (4, 4, "You came to all four meetings."),
        (1, 4, "You came to 1 of 4 meetings."),
        (0, 1, "You did not come to the one meeting."),
    ],
)
def test_what_a_school_reads_of_itself(attended: int, expected: int, sentence: str) -> None:
    assert say_own_attendance(attended, expected) == sentence


@pytest.mark.parametrize(
    ("others", "told"),
    [
        (
            (7, 0.75, 1),
            "You came to 4 of 5 meetings; the middle half of the other schools came to between 75 % and 100 %.",
        ),
        ((5, 0.8, 0.8), "You came to 4 of 5 meetings; the middle half of the other schools came to 80 %."),
        ((1, 0.5, 0.5), "You came to 4 of 5 meetings; the one other school came to 50 %."),
    ],
)
def test_what_a_school_reads_of_itself_beside_the_others(others: tuple[int, float, float], told: str) -> None:
    row = dict(zip(("others", "lower", "upper"), others, strict=True))
    assert say_own_attendance(4, 5, row) == told
    assert say_own_attendance(0, 0, row) == "No meeting with a mark for your school yet."


TermRow = tuple[int, Term, int, int]


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([(2016, Term.AUTUMN, 5, 8)], "Schools came 62 % of the times they were expected in the autumn term 2016."),
        (
            [(2015, Term.AUTUMN, 4, 4), (2015, Term.SPRING, 1, 4), (2016, Term.SPRING, 3, 4)],
            "Attendance fell from 100 % in the autumn term 2015 to 75 % in the spring term 2017.",
        ),
        (
            [(2015, Term.SPRING, 1, 2), (2015, Term.SUMMER, 2, 2)],
            "Attendance rose from 50 % in the spring term 2016 to 100 % in the summer term 2016.",
        ),
        (
            [(2015, Term.AUTUMN, 1, 2), (2016, Term.AUTUMN, 4, 8)],
            "Attendance is 50 % in the autumn term 2016, as it was in the autumn term 2015.",
        ),
        (
            [(2015, Term.AUTUMN, 501, 1000), (2016, Term.AUTUMN, 499, 1000)],
            "Attendance is 50 % in the autumn term 2016, as it was in the autumn term 2015.",
        ),
        (
            [(2015, Term.AUTUMN, 0, 3), (2016, Term.AUTUMN, 1, 300)],
            "Attendance rose from 0 % in the autumn term 2015 to 1 % in the autumn term 2016.",
        ),
    ],
)
def test_from_the_first_term_to_the_last(rows: list[TermRow], told: str) -> None:
    frame = pd.DataFrame(rows, columns=["year", "term", "attended", "expected"], dtype=object)
    assert say_trend(frame) == told


@pytest.mark.parametrize(("term", "told"), [("autumn", "2016"), ("spring", "2017"), ("summer", "2017")])
def test_a_term_is_named_by_the_year_on_the_calendar(term: str, told: str) -> None:
    assert say_term({"year": 2016, "term": Term(term)}) == f"{term} term {told}"
