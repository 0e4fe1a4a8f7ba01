"""Answers and notes by hand: whose they are, what is refused, and what the audit keeps."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.changes import Outcome
from dashboard.evaluation.checks import ChangedMeanwhile, EvaluationRefused, NoteSaid, NotThere
from dashboard.models import CollaborationNote, Membership, SelfEvaluation
from dashboard.vocabulary import NoteKind
from tests.evaluation.world import IMPROVE, NOTHING_YET, SECRET, SO_SO, TODAY, WELL, YEAR, World

BARRIER = NoteSaid(NoteKind.BARRIER, "timing", SECRET)


def test_a_school_answers_changes_and_takes_back(world: World) -> None:
    assert world.answer(("Writing", IMPROVE, SECRET), ("Reading", WELL), ("", None)) is Outcome.CHANGED
    assert world.kept() == {("ford", "Writing"): "want_to_improve", ("ford", "Reading"): "works_well"}
    assert world.answer(("Writing", SO_SO), ("reading", None), ("Maths", WELL)) is Outcome.CHANGED
    assert world.kept() == {("ford", "Writing"): "so_so", ("ford", "Maths"): "works_well"}
    assert world.answer(("Writing", SO_SO)) is Outcome.UNCHANGED, "what is not named stays"
    events = world.events()
    assert [(event.action, event.object_kind, event.object_key) for event in events] == [
        ("answer", "self-evaluation", str(world.schools["ford"]))
    ] * 2
    assert events[1].after == {
        "school_id": world.schools["ford"], "year": 2016, "added": 1, "changed": 1, "removed": 1,
    }  # fmt: skip
    assert SECRET not in repr([(event.before, event.after, event.reason) for event in events])
    row = next(row for row in world.rows(SelfEvaluation) if row.area == "Writing" and row.cluster_id == world.mill)
    assert (row.said_on, row.said_as, row.note) == (TODAY, "headteacher", None)


def test_one_area_has_one_spelling_in_a_cluster(world: World) -> None:
    world.answer(("Cross-curricular  work".replace("  ", " "), WELL))
    world.answer(("CROSS-CURRICULAR WORK", SO_SO), school="lock-school", reader=world.coordinator)
    assert {area for _, area in world.kept()} == {"Cross-curricular work"}
    with pytest.raises(EvaluationRefused, match="stands twice"):
        world.answer(("Writing", WELL), ("writing", SO_SO))


def test_a_headteacher_answers_for_the_own_school_alone(world: World) -> None:
    with pytest.raises(NotThere):
        world.answer(("Writing", WELL), school="lock-school")
    for school, cluster in (
        ("decoy-school", "decoy-cluster"),
        ("lock-school", "decoy-cluster"),
        ("nowhere", "mill-cluster"),
    ):
        for reader in (world.head, world.coordinator):
            with pytest.raises(NotThere):
                world.answer(("Writing", WELL), school=school, cluster=cluster, reader=reader)
    world.answer(("Writing", WELL), school="lock-school", reader=world.coordinator)
    # The school belongs to the decoy too: there its headteacher answers, and the coordinator of Mill Cluster does not.
    with pytest.raises(NotThere):
        world.answer(("Writing", WELL), cluster="decoy-cluster", reader=world.coordinator)
    world.answer(("Writing", WELL), cluster="decoy-cluster", seen=NOTHING_YET)
    assert world.kept() == {("lock", "Writing"): "works_well"}


def test_a_school_answers_for_years_in_which_it_belonged_and_that_have_begun(world: World) -> None:
    with world.store.writing() as session:
        spell = session.scalars(
            sa.select(Membership).where(
                Membership.school_id == world.schools["ford"], Membership.cluster_id == world.mill
            )
        ).one()
        spell.joined = date(2016, 9, 1)
    with pytest.raises(NotThere):
        world.answer(("Writing", WELL), year=AcademicYear(2015), seen=NOTHING_YET)
    with pytest.raises(EvaluationRefused, match="has not begun"):
        world.answer(("Writing", WELL), year=AcademicYear(2017), seen=NOTHING_YET)
    assert world.answer(("Writing", WELL)) is Outcome.CHANGED


def test_nobody_writes_over_answers_they_did_not_see(world: World) -> None:
    opened = world.seen("ford-school")
    world.answer(("Writing", WELL), reader=world.coordinator)
    with pytest.raises(ChangedMeanwhile, match="Nothing of yours is lost"):
        world.answer(("Writing", IMPROVE), seen=opened)
    assert world.kept() == {("ford", "Writing"): "works_well"}
    assert world.answer(("Writing", IMPROVE)) is Outcome.CHANGED


def test_an_answer_that_cannot_be_is_refused_whole(world: World) -> None:
    wrong: tuple[tuple[Any, str], ...] = (
        (("", WELL), "Name the area"),
        (("x" * 121, WELL), "at most 120"),
        (("Writing", None, "A note"), "Choose an answer"),
        (("Writing", WELL, "x" * 501), "at most 500"),
    )
    for said, words in wrong:
        with pytest.raises(EvaluationRefused, match=words):
            world.answer(("Reading", WELL), said)
    assert world.kept() == {}
    with pytest.raises(EvaluationRefused, match="60 areas"):
        world.answer(*((f"Area {number}", WELL) for number in range(61)))
    assert world.answer(("Area", WELL), *((f"Area {number}", None) for number in range(61))) is Outcome.CHANGED


def test_a_note_is_added_changed_and_taken_out(world: World) -> None:
    number = world.write(lambda book: book.add(YEAR, BARRIER))
    said = NoteSaid(NoteKind.BARRIER, "TIMING", "In the week of the tests", world.project)
    assert (
        world.write(lambda book: book.change(number, AcademicYear(2015), said, world.sign_of_note(number)))
        is Outcome.CHANGED
    )
    (row,) = [each for each in world.rows(CollaborationNote) if each.cluster_id == world.mill]
    assert (row.year, row.tag, row.words, row.project_id) == (2015, "timing", said.words, world.project)
    assert (
        world.write(lambda book: book.change(number, AcademicYear(2015), said, world.sign_of_note(number)))
        is Outcome.UNCHANGED
    )
    with pytest.raises(ChangedMeanwhile, match="Nothing of yours is lost"):
        world.write(lambda book: book.change(number, YEAR, BARRIER, "what stood there before"))
    world.write(lambda book: book.remove(number))
    assert [each.id for each in world.rows(CollaborationNote)] == [world.decoy_note]
    events = world.events()
    assert [event.action for event in events] == ["add", "change", "remove"]
    assert events[1].after == {"kind": "barrier", "year": 2015, "project_id": world.project}
    assert not {SECRET, "timing"} & {str(value) for event in events for value in (event.after or {}).values()}


def test_a_note_that_cannot_be_or_is_anothers_is_refused(world: World) -> None:
    for said, words in (
        (NoteSaid(NoteKind.BARRIER, "", "x"), "tag"),
        (NoteSaid(NoteKind.BARRIER, "x" * 61, "x"), "at most 60"),
        (NoteSaid(NoteKind.BARRIER, "x", ""), "sentence"),
        (NoteSaid(NoteKind.BARRIER, "x", "x" * 501), "at most 500"),
        (NoteSaid(NoteKind.BARRIER, "x", "x", world.decoy_project), "no such project"),
    ):
        with pytest.raises(EvaluationRefused, match=words):
            world.write(lambda book, said=said: book.add(YEAR, said))
    with pytest.raises(EvaluationRefused, match="has not begun"):
        world.write(lambda book: book.add(AcademicYear(2017), BARRIER))
    for do in (
        lambda book: book.change(world.decoy_note, YEAR, BARRIER, ""),
        lambda book: book.remove(world.decoy_note),
    ):
        with pytest.raises(NotThere):
            world.write(do)
    for reader, cluster in ((world.head, "mill-cluster"), (None, "decoy-cluster"), (None, "nowhere")):
        with pytest.raises(NotThere):
            world.write(lambda book: book.add(YEAR, BARRIER), reader, cluster=cluster)
    assert world.events() == []
