"""Names, roles and year groups as people write them: read exactly, or refused in words."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.vocabulary import PersonRole
from dashboard.workgroups.cells import read_name, read_roles, read_year_groups
from dashboard.workgroups.words import ROLES, role_words, year_figures, year_words

KS3, Y6, ENGLISH = PersonRole.KEY_STAGE_3_LEAD, PersonRole.YEAR_6_TEACHER, PersonRole.ENGLISH_LEAD


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("KS3 lead", [KS3]),
        ("Key Stage 3 lead", [KS3]),
        ("key_stage_3_lead", [KS3]),
        ("Head of KS3", [KS3]),
        ("Y6 teacher", [Y6]),
        ("Year 6 teacher", [Y6]),
        ("Yr 6 Teacher", [Y6]),
        ("Year 6 (teacher)", [Y6]),
        ("English lead", [ENGLISH]),
        ("English Co-ordinator", [ENGLISH]),
        ("headteacher", [PersonRole.HEADTEACHER]),
        ("Head Teacher", [PersonRole.HEADTEACHER]),
        ("co-ordinator", [PersonRole.COORDINATOR]),
        ("Coordinator", [PersonRole.COORDINATOR]),
        ("Workgroup co-ordinator", [PersonRole.COORDINATOR]),
        ("SSL", [PersonRole.SUBJECT_LEAD]),
        ("English lead; Year 6 teacher", [Y6, ENGLISH]),
        ("Year 6 teacher, English lead,", [Y6, ENGLISH]),
        ("Year 6 teacher; Y6 teacher", [Y6]),
    ],
)
def test_roles_are_read_as_people_write_them(text: str, roles: list[PersonRole]) -> None:
    assert list(read_roles(text)) == roles


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Y5/6 teacher", "“Y5/6 teacher” is not a role"),
        ("Year 6", "year_groups"),
        ("Literacy lead", "“Literacy lead” is not a role; known are Key Stage 3 lead"),
        ("KS2 lead", "“KS2 lead” is not a role"),
        ("Teacher; helper; cook", "“helper” and “cook” are not roles"),
        ("Year 5, 6 teacher", "“Year 5” and “6 teacher” are not roles"),
        (";", "at least one role"),
        (6, "“6” is not a role"),
    ],
)
def test_other_roles_are_an_error_and_never_a_guess(text: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_roles(text)


@pytest.mark.parametrize(
    ("cell", "groups"),
    [
        ("5,6", [5, 6]),
        ("Y5/6", [5, 6]),
        ("Year 6", [6]),
        (6, [6]),
        (6.0, [6]),
        ("Years 5 and 6", [5, 6]),
        ("6; 5; 6", [5, 6]),
        ("Y4/5/6", [4, 5, 6]),
        ("4-6", [4, 5, 6]),
        ("Y4 – Y6", [4, 5, 6]),
        ("3 to 4", [3, 4]),
        ("R", [0]),
        ("YR", [0]),
        ("Reception, Year 1", [0, 1]),
        ("R-2", [0, 1, 2]),
        ("Yr 6", [6]),
        ("Year 13", [13]),
    ],
)
def test_year_groups_are_read_as_people_write_them(cell: Any, groups: list[int]) -> None:
    assert list(read_year_groups(cell)) == groups


@pytest.mark.parametrize("cell", [5.6, 56, "six", "Year 14", "0", "6-4", "4-5-6", "5,,6", "Y", "-1", "5 6", "n/a"])
def test_what_is_no_list_of_year_groups_is_refused(cell: Any) -> None:
    with pytest.raises(ValueError, match="is not a list of year groups"):
        read_year_groups(cell)


def test_the_date_that_a_spreadsheet_makes_of_5_6_is_refused_with_what_to_do() -> None:
    with pytest.raises(ValueError, match="is a date, which a spreadsheet makes of 5/6; write “5, 6”"):
        read_year_groups(date(2022, 6, 5))


@pytest.mark.parametrize("name", ["Ann Alder", "Zoë  Birch-Cole", "’t Hooft", "Ó Cedar"])
def test_a_name_is_taken_as_it_is(name: str) -> None:
    assert read_name(name) == " ".join(name.split())


@pytest.mark.parametrize("name", ["=Ann", "ann@example.org", "Ann 2", "-", "+Ann", "A" * 121, "Ann\x07"])
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="name"):
        read_name(name)


@given(st.sets(st.sampled_from(tuple(ROLES)), min_size=1))
def test_roles_that_were_written_read_back(roles: set[PersonRole]) -> None:
    ordered = [role for role in ROLES if role in roles]
    assert list(read_roles(role_words(ordered))) == ordered


@given(st.sets(st.integers(0, 13), min_size=1))
def test_year_groups_that_were_written_read_back(groups: set[int]) -> None:
    assert list(read_year_groups(year_figures(sorted(groups)))) == sorted(groups)
    assert list(read_year_groups(year_words(sorted(groups)))) == sorted(groups)


def test_every_role_has_a_label() -> None:
    assert set(ROLES) == set(PersonRole)
