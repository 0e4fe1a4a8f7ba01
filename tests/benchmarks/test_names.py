"""Printed names: what reads as a member's name, what comes near, and what only a person decides (1.10)."""

import pytest

from dashboard.benchmarks.names import Alias, Member, begins, come_near, look_at_names

MEMBERS = [
    Member(1, number, name.lower(), name)
    for number, name in enumerate(
        ("Ford Infant School", "Ford Junior School", "St Peter's Catholic School", "Weir School"), start=1
    )
]


@pytest.mark.parametrize(
    ("label", "name", "same"),
    [
        ("Weir", "Weir School", True),
        ("WEIR SCHOOL", "Weir School", True),
        ("The Weir School", "Weir School", True),
        ("St Peters", "St Peter's Catholic School", True),
        ("St. Peter’s", "St Peter's Catholic School", True),
        ("Wier", "Weir School", False),
        ("Ford I", "Ford Infant School", False),
        ("School", "Weir School", False),
        ("Weir School Academy", "Weir School", False),
        ("We", "Weir School", False),
    ],
)
def test_the_beginning_of_a_name_is_the_name(label: str, name: str, same: bool) -> None:
    assert begins(label, name) == same


def test_what_only_a_person_can_decide_is_told_as_that() -> None:
    printed = {
        "Weir": "Weir School", "Wier": "Weir School", "Ford": "Ford Infant School", "Ford Jnr": None, "Elsewhere": None,
        "FORD-I": "Ford Infant School", "Gone": None, "Both": None,
    }  # fmt: skip
    aliases = [
        Alias(1, "Ford I", 1, "Ford Infant School", "coordinator"),
        Alias(1, "Gone", None, None, "coordinator"),
        Alias(1, "Both", 4, "Weir School", "coordinator"),  # a file that came later left it without a school
    ]
    seen = look_at_names(printed, aliases, MEMBERS)
    assert {each.label: each.standing.value for each in seen} == {
        "Weir": "same", "Wier": "variant", "Ford": "variant", "Ford Jnr": "unmatched", "Elsewhere": "unmatched",
        "FORD-I": "confirmed", "Gone": "nobody", "Both": "unmatched",
    }  # fmt: skip
    assert [each.label for each in seen if each.asks] == ["Wier", "Ford", "Ford Jnr", "Elsewhere", "Both"]


def test_names_that_come_near_are_offered_the_nearest_first() -> None:
    assert [each.name for each in come_near("Ford Jnr", MEMBERS)] == ["Ford Junior School", "Ford Infant School"]
    assert come_near("Elsewhere", MEMBERS) == ()
