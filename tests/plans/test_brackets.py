"""What lines say in brackets at their end, and that it is read as it was written."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.models import CellLine
from dashboard.plans.brackets import (
    CriterionLine,
    EvidenceLine,
    join_criteria,
    join_evidence,
    split_criteria,
    split_evidence,
    state_of_count,
)
from dashboard.plans.cell_text import clean_line
from dashboard.vocabulary import CriterionState

MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE


def one_criterion(line: str) -> CriterionLine:
    return split_criteria((CellLine(True, line),))[1][0]


def one_piece(line: str) -> EvidenceLine:
    return split_evidence((CellLine(True, line),))[1][0]


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("Two meetings (1 of 2)", CriterionLine("Two meetings", None, 2, 1)),
        ("Two meetings (2 OF 2, met).", CriterionLine("Two meetings", MET, 2, 2)),
        ("Two meetings (2 wanted)", CriterionLine("Two meetings", None, 2)),
        ("A picture for all (each school; not met)", CriterionLine("A picture for all", NOT_MET, per_school=True)),
        ("Twice said (not met) (met)", CriterionLine("Twice said", MET)),
        ("An aside (of which two in May)", CriterionLine("An aside (of which two in May)")),
        ("Half understood (met, in May)", CriterionLine("Half understood (met, in May)")),
        ("Said twice in one (met, met)", CriterionLine("Said twice in one (met, met)")),
        ("Nothing of nothing (0 of 0)", CriterionLine("Nothing of nothing (0 of 0)")),
        ("(met)", CriterionLine("(met)")),
    ],
)
def test_criteria(line: str, read: CriterionLine) -> None:
    assert one_criterion(line) == read


@pytest.mark.parametrize(
    ("line", "read"),
    [
        ("INSET held (6 January 2020)", EvidenceLine("INSET held", date(2020, 1, 6))),
        ("INSET held (6 january 2020; criterion 1)", EvidenceLine("INSET held", date(2020, 1, 6), 1)),
        ("Seen (https://cluster.example.org/a?b=1)", EvidenceLine("Seen", link="https://cluster.example.org/a?b=1")),
        ("Came (figure 25 governors)", EvidenceLine("Came", value=Decimal(25), unit="governors")),
        ("Came (figure -2.5)", EvidenceLine("Came", value=Decimal("-2.5"))),
        ("Hung up (file the wall.jpg)", EvidenceLine("Hung up", file_name="the wall.jpg")),
        ("No such day (31 February 2020)", EvidenceLine("No such day (31 February 2020)")),
        ("Held in January (2020)", EvidenceLine("Held in January (2020)")),
    ],
)
def test_evidence(line: str, read: EvidenceLine) -> None:
    assert one_piece(line) == read


@pytest.mark.parametrize(
    ("wanted", "reached", "state"),
    [(2, 2, MET), (2, 3, MET), (2, 1, NOT_MET), (2, 0, NO_EVIDENCE), (2, None, None), (None, None, None)],
)
def test_what_a_count_says(wanted: int | None, reached: int | None, state: CriterionState | None) -> None:
    assert state_of_count(wanted, reached) is state


WORDS = st.lists(
    st.sampled_from(["a", "held", " ", "(", ")", "-", " – ", ".", ";", "(met)", "(1 of 2)", "(6 May 2020)", "1", ": "]),
    min_size=1,
    max_size=7,
).map("".join)
COUNTS = st.one_of(st.just((None, None)), st.tuples(st.integers(1, 50), st.one_of(st.none(), st.integers(0, 50))))
TARGETS = st.lists(st.tuples(st.booleans(), WORDS), max_size=6)


def bare_lines(drawn: list[tuple[bool, str]], of: type) -> tuple[CellLine, ...]:
    """Lines as they are stored: read once, and no words twice."""
    split = split_criteria if of is CriterionLine else split_evidence
    cell, _ = split(tuple(CellLine(bullet, text) for bullet, words in drawn if (text := clean_line(words))))
    return tuple({line.text: line for line in cell}.values())


@given(drawn=TARGETS, data=st.data())
def test_criteria_are_read_as_they_were_written(drawn: list[tuple[bool, str]], data: st.DataObject) -> None:
    cell = bare_lines(drawn, CriterionLine)
    _, criteria = split_criteria(cell)
    known = []
    for each in criteria:
        wanted, reached = data.draw(COUNTS)
        state = data.draw(st.sampled_from(list(CriterionState)))
        known.append(CriterionLine(each.text, state, wanted, reached, data.draw(st.booleans())))
    again, read = split_criteria(join_criteria(cell, known))
    assert again == cell
    assert [
        CriterionLine(each.text, each.shown_state or NO_EVIDENCE, each.wanted, each.reached, bool(each.per_school))
        for each in read
    ] == known


@given(drawn=TARGETS, data=st.data())
def test_evidence_is_read_as_it_was_written(drawn: list[tuple[bool, str]], data: st.DataObject) -> None:
    cell = bare_lines(drawn, EvidenceLine)
    _, pieces = split_evidence(cell)
    known = [
        EvidenceLine(
            each.text,
            data.draw(st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2090, 1, 1)))),
            data.draw(st.one_of(st.none(), st.integers(1, 9))),
            data.draw(st.one_of(st.none(), st.just("https://cluster.example.org/?a=1,2"))),
            *data.draw(
                st.one_of(
                    st.just((None, None)),
                    st.tuples(st.decimals(-999, 999, places=3), st.sampled_from([None, "schools", "hours in all"])),
                )
            ),
        )
        for each in pieces
    ]
    again, read = split_evidence(join_evidence(cell, known))
    assert again == cell
    assert list(read) == known
