"""What the page of self-evaluation says."""

import pytest

from dashboard.evaluation.sentences import say_alike, say_answered, say_counts, say_recurring, say_shared
from dashboard.vocabulary import SelfAnswer

WELL, SO_SO, IMPROVE = SelfAnswer


@pytest.mark.parametrize(
    ("answered", "members", "told"),
    [
        (0, 0, "No school belongs to this cluster in that year"),
        (0, 4, "None of four schools has answered yet"),
        (1, 4, "One of four schools has answered"),
        (3, 4, "Three of four schools have answered"),
        (4, 4, "All four schools have answered"),
    ],
)
def test_who_has_answered(answered: int, members: int, told: str) -> None:
    assert say_answered(answered, members) == told


def test_a_shared_need_names_who_could_help() -> None:
    assert say_shared("writing", 5, 9, ["Trinity", "Weir"]) == (
        "Five of nine schools that answered want to improve “writing”; they could learn from Trinity and Weir, where "
        "it works well"
    )
    assert say_shared("writing", 2, 2, []) == "Both schools that answered want to improve “writing”"
    assert say_shared("writing", 3, 3, []) == "All three schools that answered want to improve “writing”"


def test_how_many_see_it_alike_is_told_without_telling_who() -> None:
    assert say_alike(IMPROVE, None, None) == "Too few schools have answered to say how many see it alike"
    assert say_alike(IMPROVE, 3, 3) == "All three schools that answered want to improve it"
    assert say_alike(SO_SO, 1, 4) == "No other of four schools that answered says so"
    assert say_alike(WELL, 2, 4) == "Two of four schools that answered say that it works well, yours among them"
    assert say_counts(1, 0, 2) == "Two want to improve it and one works well"


def test_what_comes_back_is_told_once_there_is_more_than_one_year() -> None:
    assert say_recurring("timing", 1, 3) is None
    assert say_recurring("timing", 1, 1) is None
    assert say_recurring("timing", 2, 3) == "What got in the way in two of three years: timing"
    assert say_recurring("timing", 3, 3) == "What got in the way every year: timing"
