import pytest

from dashboard.academic_year import AcademicYear
from dashboard.models import CellLine
from dashboard.plans.brackets import split_criteria
from dashboard.plans.cell_text import find_code, read_lines, title_of, year_of_code
from dashboard.plans.prompts import reads_like_headings


def test_lines_and_bullets() -> None:
    assert read_lines("- one\n• two\n\n* three\n·  four\n-\nfive - six\n-7 degrees") == (
        CellLine(True, "one"),
        CellLine(True, "two"),
        CellLine(True, "three"),
        CellLine(True, "four"),
        CellLine(False, "five - six"),
        CellLine(False, "-7 degrees"),
    )
    assert read_lines("– one, as in a document\n–\n–5 degrees") == (
        CellLine(True, "one, as in a document"),
        CellLine(False, "–5 degrees"),
    )
    assert read_lines("  ") == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [("ARTS-SEPT19\nGo on", "ARTS-SEPT19"), ("Go on", None), ("GO ON", None), ("AB", None), ("", None)],
)
def test_codes(text: str, code: str | None) -> None:
    assert find_code(read_lines(text)) == code


def test_titles() -> None:
    assert title_of(read_lines("ARTS\nGo on\nFurther"), "ARTS") == "Go on"
    assert title_of(read_lines("ARTS"), "ARTS") == "ARTS"


@pytest.mark.parametrize(
    ("code", "year"),
    [
        ("A-SEPT19", 2019),
        ("A-JAN20", 2019),
        ("A-AUG2020", 2019),
        ("A-SEPTEMBER-20", 2020),
        ("A-19", None),
        ("MAY", None),
    ],
)
def test_the_year_in_a_code(code: str, year: int | None) -> None:
    assert year_of_code(code) == (AcademicYear(year) if year else None)


@pytest.mark.parametrize(
    ("line", "text", "state"),
    [
        ("One (met)", "One", "met"),
        ("One (NOT MET).", "One", "not_met"),
        ("One – (no evidence)", "One", "no_evidence"),
        ("One", "One", None),
        ("(met)", "(met)", None),
        ("One (met) so far", "One (met) so far", None),
    ],
)
def test_the_state_at_the_end_of_a_criterion(line: str, text: str, state: str | None) -> None:
    cell, criteria = split_criteria((CellLine(False, line),))
    assert cell == (CellLine(False, text),)
    assert [(each.text, each.state) for each in criteria] == [(text, state)]


def test_bullets_are_the_criteria_where_there_are_any() -> None:
    cell, criteria = split_criteria((CellLine(False, "By May:"), CellLine(True, "One"), CellLine(True, "Two")))
    assert len(cell) == 3
    assert [each.text for each in criteria] == ["One", "Two"]


@pytest.mark.parametrize(
    ("criteria", "shifted"),
    [
        (["QX, ZZ + YY", "Resources", "Moderation", "Parent support"], True),
        (["Leads of three schools", "Resources", "Help from parents"], True),
        (["Resources"], True),
        (["Two meetings to have been held and one event."], False),
        (["Resources", "Every school has planned and taught one unit together"], False),
        (["2 meetings", "1 event"], False),
        ([], False),
    ],
)
def test_what_looks_shifted(criteria: list[str], shifted: bool) -> None:
    assert reads_like_headings(criteria) is shifted
