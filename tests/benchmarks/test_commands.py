"""What a school answers, and whose a printed name is: who may, what is refused, what stays, what the audit holds."""

import json
from decimal import Decimal

import pytest

from dashboard.benchmarks.checks import Contradiction, FiguresRefused, NoSuchFigure
from dashboard.benchmarks.commands import AnswerSaid
from dashboard.models import AnsweredFigure, Benchmark, SchoolAlias
from dashboard.vocabulary import FigureAnswer
from tests.benchmarks.world import MAPPING, STANDS, World, bring_table
from tests.uploads import undo

LILLINGTON = "lillington-primary-school"
TELFORD = "telford-infant-school"
SECRET = "The bursar had left"


def asked(world: World, label: str, measure: str = "TOTAL INCOME") -> Contradiction:
    return next(each for each in world.found() if (each.label, each.measure) == (label, measure))


# Answers


def test_a_school_answers_and_may_answer_again(world: World) -> None:
    found = asked(world, "Lilington")
    before = [(row.value, row.school_id) for row in world.rows(Benchmark)]
    world.answer(LILLINGTON, found, AnswerSaid(FigureAnswer.CORRECTED, Decimal("6359.5"), f" {SECRET} "))
    (row,) = world.rows(AnsweredFigure)
    assert (row.answer, row.value, row.note, row.answered_as) == ("corrected", Decimal("6359.5"), SECRET, "headteacher")
    assert (row.cluster_id, row.school_id, row.year, row.check_name) == (
        world.cluster, world.schools[LILLINGTON], 2009, found.name,
    )  # fmt: skip
    world.answer(LILLINGTON, found, STANDS)
    (row,) = world.rows(AnsweredFigure)
    assert (row.answer, row.value, row.note) == ("stands", None, None)
    assert [(row.value, row.school_id) for row in world.rows(Benchmark)] == before, "what was printed stays"
    first, second = world.events()
    assert [(each.action, each.object_kind, each.cluster_id) for each in (first, second)] == [
        ("answer", "answered figure", world.cluster)
    ] * 2
    assert first.before is None
    assert first.after == {
        "school_id": world.schools[LILLINGTON], "year": 2009, "answer": "corrected", "value": "6359.5",
    }  # fmt: skip
    assert second.before == first.after
    assert SECRET not in json.dumps([each.after for each in world.events()])


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (AnswerSaid(FigureAnswer.CORRECTED), "value"),
        (AnswerSaid(FigureAnswer.CORRECTED, Decimal(6360)), "value"),
        (AnswerSaid(FigureAnswer.CORRECTED, Decimal("1.0001")), "value"),
        (AnswerSaid(FigureAnswer.STANDS, None, "x" * 501), "note"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(world: World, said: AnswerSaid, field: str) -> None:
    with pytest.raises(FiguresRefused) as refusal:
        world.answer(LILLINGTON, asked(world, "Lilington"), said)
    assert refusal.value.field == field
    assert (world.rows(AnsweredFigure), world.events()) == ([], [])


def test_nobody_answers_for_another_school(world: World) -> None:
    found = asked(world, "Lilington")
    for reader in (world.head(TELFORD), world.coordinator, world.director):
        with pytest.raises(NoSuchFigure):
            world.answer(LILLINGTON, found, STANDS, reader)
    with pytest.raises(FiguresRefused, match="have changed"):
        world.answer(TELFORD, found, STANDS)
    with pytest.raises(NoSuchFigure):
        world.answer("trinity-catholic-school", found, STANDS)
    assert world.rows(AnsweredFigure) == []


def test_where_a_figure_changes_the_school_is_asked_again(world: World) -> None:
    found = asked(world, "Lilington")
    world.answer(LILLINGTON, found, STANDS)
    with world.store.writing() as session:
        row = next(each for each in session.query(Benchmark) if (each.school_label, each.measure) ==
                   ("Lilington", "TOTAL INCOME"))  # fmt: skip
        row.value = Decimal(6357)
    assert asked(world, "Lilington").name != found.name
    with pytest.raises(FiguresRefused, match="have changed"):
        world.answer(LILLINGTON, found, STANDS)


# Names


def test_a_person_confirms_whose_a_name_is_and_takes_it_back(world: World) -> None:
    brookhurst = world.schools["brookhurst-primary-school"]
    assert world.school_of("Netona") == {None}
    assert world.confirm("netona", "brookhurst-primary-school") == 3
    assert world.school_of("Netona") == {brookhurst}
    (alias,) = world.rows(SchoolAlias)
    assert (alias.alias, alias.school_id, alias.confirmed_by, alias.confirmed_at is None) == (
        "Netona", brookhurst, "coordinator", False,
    )  # fmt: skip
    world.answer("brookhurst-primary-school", asked(world, "Netona"), STANDS)
    world.confirm("netona", "brookhurst-primary-school")
    assert world.take_back("netona") == 3
    assert (world.school_of("Netona"), world.rows(SchoolAlias)) == ({None}, [])
    names = [(each.action, each.object_key, each.before, each.after) for each in world.events()
             if each.object_kind == "printed name"]  # fmt: skip
    assert names == [
        ("confirm", "netona", None, {"school_id": brookhurst, "figures": 3}),
        ("take back", "netona", {"school_id": brookhurst}, {"figures": 3}),
    ]
    with pytest.raises(FiguresRefused, match="nothing to take back"):
        world.take_back("netona")


def test_it_may_be_no_members_name(world: World) -> None:
    world.confirm("fircroft", None)
    (alias,) = world.rows(SchoolAlias)
    assert (alias.alias, alias.school_id) == ("Fircroft", None)
    world.confirm("fircroft", "brookhurst-primary-school")
    (alias,) = world.rows(SchoolAlias)
    assert alias.school_id == world.schools["brookhurst-primary-school"], "somebody knows better now"
    world.confirm("lilington", None)
    assert world.school_of("Lilington") == {None}, "the mapping was wrong"


def test_a_name_that_was_confirmed_helps_the_next_file(world: World) -> None:
    declared = {**MAPPING, "aliases": {}}
    with world.store.writing() as session:
        for row in session.query(Benchmark).filter_by(cluster_id=world.cluster):
            session.delete(row)
    assert bring_table(world.store, "income", declared) == 30
    assert world.school_of("Lilington") == {None}
    world.confirm("lilington", LILLINGTON)
    assert bring_table(world.store, "schools", declared) == 108
    assert world.school_of("Lilington") == {world.schools[LILLINGTON]}
    assert world.school_of("Telford I") == {None}, "nothing is taken because it comes near"


def test_the_figures_of_a_confirmed_name_stay_those_of_their_file(world: World) -> None:
    batches = {row.batch_id for row in world.rows(Benchmark) if row.cluster_id == world.cluster}
    world.confirm("netona", "brookhurst-primary-school")
    assert {row.batch_id for row in world.rows(Benchmark) if row.cluster_id == world.cluster} == batches
    for batch in sorted(batches, reverse=True):
        undo(world.store, batch)
    assert {row.cluster_id for row in world.rows(Benchmark)} == {world.decoy}


@pytest.mark.parametrize("school", ["decoy-school", "nowhere", ""])
def test_a_name_goes_to_a_member_alone(world: World, school: str) -> None:
    with pytest.raises(FiguresRefused, match="Choose a school of this cluster"):
        world.confirm("netona", school)
    assert world.rows(SchoolAlias) == []


def test_a_school_has_its_figures_once(world: World) -> None:
    with pytest.raises(FiguresRefused, match="has these figures of 2009-10 already, printed as “Lilington”"):
        world.confirm("netona", LILLINGTON)
    assert (world.school_of("Netona"), world.rows(SchoolAlias)) == ({None}, [])


def test_nobody_else_says_whose_a_name_is(world: World) -> None:
    for reader in (world.stranger, world.head(LILLINGTON)):
        with pytest.raises(NoSuchFigure):
            world.confirm("netona", LILLINGTON, reader)
    with pytest.raises(NoSuchFigure):
        world.confirm("decoy-school", LILLINGTON)
    assert world.rows(SchoolAlias) == []
    world.confirm("netona", "brookhurst-primary-school", world.director)
