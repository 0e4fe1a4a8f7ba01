import pytest

from dashboard.intake.tables import Cell
from dashboard.intake.words import (
    read_mark,
    read_meeting_kind,
    read_part,
    read_phase,
    read_pot,
    read_state,
    read_status,
    read_use_code,
)
from dashboard.vocabulary import LineState, Mark, MeetingKind, Part, Phase, Pot, TargetStatus, UseCode


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (("Y", "yes", "P", "Present", "✓", "✔", "✔️", "x", "X", "1", 1, 1.0), Mark.PRESENT),
        (("S", "sub", "Substitute"), Mark.SUBSTITUTE),
        (("A", "apologies", "Apols"), Mark.APOLOGIES),
        (("N", "no", "0", 0, "Absent", "✗"), Mark.ABSENT),
        (("n/a", "N/A", "-", "–", "not_expected"), Mark.NOT_EXPECTED),
        (("", None, "  ", "not_recorded"), Mark.NOT_RECORDED),
    ],
)
def test_marks_are_read_as_the_contract_lists_them(cells: tuple[Cell, ...], mark: Mark) -> None:
    assert [read_mark(cell, {}) for cell in cells] == [mark] * len(cells)


@pytest.mark.parametrize("cell", ["?", "late", "AB", "2", True, "Yes!"])
def test_any_other_mark_is_refused(cell: Cell) -> None:
    with pytest.raises(ValueError, match="is not a mark"):
        read_mark(cell, {})


def test_the_registers_own_key_goes_first() -> None:
    key = {"a": Mark.ABSENT, "late": Mark.PRESENT}
    assert read_mark("A", key) is Mark.ABSENT
    assert read_mark("Late", key) is Mark.PRESENT
    assert read_mark("P", key) is Mark.PRESENT


def test_the_words_of_the_money() -> None:
    assert [read_pot(text) for text in ("lead_held", "Lead held", "lead-held", "school", "Trust held")] == [
        Pot.LEAD_HELD,
        Pot.LEAD_HELD,
        Pot.LEAD_HELD,
        Pot.SCHOOL_HELD,
        Pot.TRUST_HELD,
    ]
    assert [read_part(text) for text in ("a", "Part A", "Coordinator's Allowance", "Co-ordinator’s allowance")] == [
        Part.A,
        Part.A,
        Part.COORDINATOR,
        Part.COORDINATOR,
    ]
    assert read_use_code("b7") is UseCode.B7
    assert read_state("Invoiced") is LineState.INVOICED
    for read in (read_pot, read_part, read_use_code, read_state):
        with pytest.raises(ValueError, match="known are"):
            read("Z9")


def test_other_words() -> None:
    assert read_meeting_kind("Steering Group") is MeetingKind.STEERING_GROUP
    assert read_phase("Middle deemed primary") is Phase.MIDDLE
    assert read_phase("All-through") is Phase.ALL_THROUGH
    assert read_status("In progress") is TargetStatus.IN_PROGRESS
