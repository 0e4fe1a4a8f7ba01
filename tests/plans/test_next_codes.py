"""What targets of the next year may be called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.plans.cell_text import year_of_code
from dashboard.plans.next_codes import LONGEST_CODE, code_of_words, next_code

NEXT = AcademicYear(2020)


@pytest.mark.parametrize(
    ("code", "taken", "proposed"),
    [
        ("ARTS-SEPT19", (), "ARTS-SEPT20"),
        ("ARTS-SEPT19", ("ARTS-SEPT20",), "ARTS-2-SEPT20"),
        ("ARTS-SEPT19", ("ARTS-SEPT20", "ARTS-2-SEPT20"), "ARTS-3-SEPT20"),
        ("MATHS-JAN20", (), "MATHS-JAN21"),
        ("MATHS-SEP2019", (), "MATHS-SEP2020"),
        ("MATHS-SEPT18", (), "MATHS-SEPT20"),  # an old code that was kept
        ("SCIENCE", (), "SCIENCE"),
        ("SCIENCE", ("SCIENCE",), "SCIENCE-2"),
        ("KS1-TEAM", (), "KS1-TEAM"),
    ],
)
def test_the_next_code(code: str, taken: tuple[str, ...], proposed: str) -> None:
    assert next_code(code, NEXT, taken) == proposed


@pytest.mark.parametrize(
    ("words", "taken", "proposed"),
    [
        ("Impact and sustainability", (), "IMPACT-SEPT20"),
        ("Impact and sustainability", ("IMPACT-SEPT20",), "IMPACT-2-SEPT20"),
        ("To be or so", (), "WORK-SEPT20"),
        ("éé", (), "WORK-SEPT20"),
    ],
)
def test_a_code_of_words(words: str, taken: tuple[str, ...], proposed: str) -> None:
    assert code_of_words(words, NEXT, taken) == proposed


@given(
    name=st.from_regex(r"[A-Z][A-Z0-9]{0,58}", fullmatch=True),
    ending=st.sampled_from(("", "-SEPT19", "-JAN2020")),
    times=st.integers(1, 12),
)
def test_codes_are_free_fit_and_are_of_the_year(name: str, ending: str, times: int) -> None:
    taken: set[str] = set()
    for _ in range(times):
        proposed = next_code((name + ending)[:LONGEST_CODE], NEXT, taken)
        assert proposed not in taken
        assert 0 < len(proposed) <= LONGEST_CODE
        taken.add(proposed)
        if ending and len(name + ending) <= LONGEST_CODE:
            assert year_of_code(proposed) == NEXT
