"""Which aims look alike: the pairs of the real document, none that is not one, and the same answer every time."""

from pathlib import Path
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.intake.documents import read_document
from dashboard.plans.likeness import find_alike

ROOT: Final = Path(__file__).parents[2]
RETOLD: Final = ROOT / "data" / "cogs-plan.docx"
PLANS: Final = (RETOLD, ROOT.parent / "shared" / "data" / "seed" / "cogs_development_plan.docx")
"""The sample's, retold; and the document itself, where it lies beside the checkout."""
SMOOTH: Final = "Make the move to secondary school smoother by planning it together."
SMOOTHER: Final = "Planning together makes moves to the secondary school smoother for families"


def aims_of(path: Path) -> list[str]:
    """The wordings in the second column of a plan, each once, in their order."""
    cells = [
        line.text
        for table in read_document(path.read_bytes()).tables
        for row in table.rows[1:]
        for line in row.cells[1].lines
    ]
    return list(dict.fromkeys(cells))


def pairs(*aims: str) -> list[tuple[int, int]]:
    found = find_alike([(number, [text]) for number, text in enumerate(aims)])
    return [(int(str(each.first)), int(str(each.second))) for each in found]


def test_two_wordings_and_why() -> None:
    (alike,) = find_alike([("a", [SMOOTH]), ("b", ["Share what each school is good at"]), ("c", [SMOOTHER])])
    assert (alike.first, alike.second) == ("a", "c")
    assert alike.reason == "Seven words in common: make, move, secondary, school, smoother, planning, together"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Improve reading", "Improve writing"),
        ("Better results for all students of our schools", "More kinds of learning for all students of our schools"),
        ("Train staff and governors together", "Train pupils as sports leaders"),
        ("To work with the schools of the cluster", "To be with each of the families"),
        ("", ""),
    ],
)
def test_what_is_not_alike(one: str, other: str) -> None:
    assert pairs(one, other) == []


def test_a_slip_of_the_pen_is_told_as_one() -> None:
    (alike,) = find_alike([(1, ["Improve readnig"]), (2, ["Improve reading"])])
    assert alike.reason == "The same words but for a few letters"


def test_a_wording_that_was_confirmed_counts_for_its_aim() -> None:
    aims = [(1, ["A smooth start for all"]), (2, [SMOOTHER])]
    assert find_alike(aims) == []
    assert len(find_alike([(1, ["A smooth start for all", SMOOTH]), aims[1]])) == 1


def test_what_somebody_kept_apart_is_not_asked_again() -> None:
    aims = [(1, [SMOOTH]), (2, [SMOOTHER])]
    assert find_alike(aims, {frozenset((2, 1))}) == []


@pytest.mark.parametrize("path", [path for path in PLANS if path.exists()], ids=lambda path: path.stem)
def test_the_real_plan(path: Path) -> None:
    """Six wordings: two of transition, and two of wider opportunities, which were retold without a word in common."""
    aims = aims_of(path)
    assert len(aims) == 6
    assert pairs(*aims) == ([(1, 4)] if path == RETOLD else [(0, 5), (1, 4)])


WORDS: Final = st.lists(
    st.sampled_from(("improving", "improve", "schools", "school", "transition", "close", "closer", "of", "the")),
    max_size=7,
).map(" ".join)  # fmt: skip


@given(aims=st.lists(WORDS, max_size=5))
def test_the_same_answer_from_both_sides(aims: list[str]) -> None:
    turned = {frozenset(len(aims) - 1 - number for number in each) for each in pairs(*reversed(aims))}
    assert {frozenset(each) for each in pairs(*aims)} == turned
    assert all(first < second for first, second in pairs(*aims))


@given(text=WORDS)
def test_an_aim_looks_like_itself_if_it_says_anything(text: str) -> None:
    assert bool(pairs(text, text)) is bool(text)
