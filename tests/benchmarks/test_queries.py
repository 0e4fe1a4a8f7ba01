"""Who reads which figures: all of a cluster, the own school's, and those that an open book lays open (1.11)."""

from datetime import date

import pytest

from dashboard.access import Action, Object, Reader, Scope, reading, scope_for
from dashboard.benchmarks.commands import AnswerSaid
from dashboard.benchmarks.queries import load_answers, load_figure_years, load_figures
from dashboard.vocabulary import FigureAnswer
from tests.benchmarks.world import STANDS, TODAY, YEAR, World

LILLINGTON, TELFORD, MILVERTON = "lillington-primary-school", "telford-infant-school", "milverton-primary-school"


def seen(world: World, reader: Reader, *, others: bool = True) -> set[str]:
    scope = scope_for(reader, Action.SEE, Object.OPEN_FIGURES)
    with reading(world.walled, scope) as session:
        rows = load_figures(session, scope, TODAY, others=others)
        years = load_figure_years(session, scope, world.cluster, TODAY)
    assert years == ([YEAR] if rows else [])
    return {each.label for each in rows}


def test_whoever_sees_the_cluster_sees_all_that_was_brought_in(world: World) -> None:
    assert len(seen(world, world.coordinator)) == len(seen(world, world.director)) == 10


def test_a_headteacher_sees_the_own_school_until_books_are_open_on_both_sides(world: World) -> None:
    head = world.head(LILLINGTON)
    assert seen(world, head) == {"Lilington"}
    world.open(TELFORD)
    assert seen(world, head) == {"Lilington"}
    world.open(LILLINGTON)
    assert seen(world, head) == {"Lilington", "Telford I"}
    assert seen(world, head, others=False) == {"Lilington"}
    assert seen(world, world.head(MILVERTON)) == {"Milverton"}
    assert seen(world, world.head("trinity-catholic-school")) == set()


@pytest.mark.parametrize(("agreed", "open_"), [(date(2010, 8, 31), True), (date(2010, 9, 1), False)])
def test_a_book_is_open_from_the_year_in_which_both_agreed(world: World, agreed: date, open_: bool) -> None:
    world.open(LILLINGTON)
    world.open(TELFORD, on=agreed)
    assert (seen(world, world.head(LILLINGTON)) == {"Lilington", "Telford I"}) == open_


def test_who_agreed_while_it_was_of_attendance_alone_has_opened_no_figure(world: World) -> None:
    world.open(LILLINGTON)
    world.open(TELFORD, figures=False)
    assert seen(world, world.head(LILLINGTON)) == {"Lilington"}
    assert seen(world, world.head(TELFORD)) == {"Telford I"}


def test_an_answer_is_seen_with_the_figure_and_its_note_only_by_the_school_and_the_cluster(world: World) -> None:
    found = next(each for each in world.found() if (each.label, each.measure) == ("Telford I", "Income per pupil"))
    world.answer(TELFORD, found, AnswerSaid(FigureAnswer.STANDS, note="As audited"))
    lilington = next(each for each in world.found() if each.label == "Lilington")
    world.answer(LILLINGTON, lilington, STANDS)

    def read(reader: Reader) -> list[tuple[int, str | None]]:
        scope: Scope = scope_for(reader, Action.SEE, Object.OPEN_FIGURES)
        with reading(world.walled, scope) as session:
            rows = load_answers(session, scope, TODAY, cluster_id=world.cluster, year=YEAR)
        return [(each.school_id, each.note) for each in rows]

    telford, lillington = world.schools[TELFORD], world.schools[LILLINGTON]
    assert read(world.coordinator) == [(telford, "As audited"), (lillington, None)]
    assert read(world.head(TELFORD)) == [(telford, "As audited")]
    assert read(world.head(LILLINGTON)) == [(lillington, None)]
    assert read(world.stranger) == []
    world.open(LILLINGTON, TELFORD)
    assert read(world.head(LILLINGTON)) == [(telford, None), (lillington, None)]
