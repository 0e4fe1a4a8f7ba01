"""What somebody keeps of a target by hand: what is stored, what is refused, and what nobody loses."""

from collections.abc import Callable, Mapping
from dataclasses import astuple
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any, Final

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.attachments import MOST_BYTES
from dashboard.db import Store
from dashboard.models import (
    CellLine,
    Criterion,
    CriterionSchool,
    Evidence,
    EvidenceFile,
    PlanChange,
    Target,
    TargetMeeting,
)
from dashboard.plans.cell_text import read_lines
from dashboard.plans.commands import TargetsByHand
from dashboard.plans.commands.by_hand import (
    ChangedMeanwhile,
    CriterionSaid,
    EvidenceSaid,
    NoSuchTarget,
    TargetRefused,
    UpdateSaid,
    WordsSaid,
)
from dashboard.vocabulary import (
    ActivityKind,
    CriterionState,
    EvidenceKind,
    FocusArea,
    Horizon,
    PlanCell,
    PlanChangeKind,
    TargetStatus,
)
from tests.plans.target_world import ARTS, CELLS, PNG, SECRET, TODAY, YEAR, World, make_world

MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE
SEEN: Final = date(2017, 2, 20)


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    return make_world(store, walled)


def words(**said: Any) -> WordsSaid:
    cells = {cell: read_lines(CELLS.get(cell, "")) for cell in PlanCell}
    given: dict[str, Any] = {"title": "Put on an exhibition", "cells": cells, "due": date(2017, 2, 10)}
    return WordsSaid(**given | said)


def changed_cell(cell: PlanCell, text: str) -> Mapping[PlanCell, Any]:
    return {**words().cells, cell: read_lines(text)}


def history(world: World) -> list[tuple[PlanChangeKind, Any, Any, Any]]:
    rows = [row for row in world.rows(PlanChange) if row.target_id == world.target]
    return [(row.kind, row.about or row.cell, row.before, row.after) for row in rows][1:]


def refused(world: World, deed: Callable[[TargetsByHand], Any], field: str | None, said: str) -> None:
    """A deed that is refused with a sentence, and of which nothing is stored."""
    before = [(row.version, row.cell_evaluation) for row in world.rows(Target)], len(world.events())
    with pytest.raises(TargetRefused, match=said) as told:
        world.do(deed)
    assert told.value.field == field
    assert ([(row.version, row.cell_evaluation) for row in world.rows(Target)], len(world.events())) == before


def test_a_target_is_brought_up_to_date_at_once(world: World) -> None:
    first, second, _ = world.criteria
    said = UpdateSaid({first: MET, second: 2}, SECRET, SEEN, first, "- Ask the museum")
    assert world.do(lambda desk: desk.update(world.target, said, 1)) is True
    states = {row.id: (row.state, row.number_reached, row.said_on) for row in world.rows(Criterion)}
    assert states[first] == (MET, None, TODAY)
    assert states[second] == (MET, 2, TODAY)
    assert world.cell(PlanCell.EVALUATION) == ["First meeting held", "Families were told", SECRET]
    assert world.now().cell_evaluation[-1] == CellLine(True, SECRET)
    assert world.cell(PlanCell.NEXT_STEPS) == ["Do it again", "Ask the museum"]
    new = world.rows(Evidence)[-1]
    assert (new.text, new.dated, new.criterion_id, new.kind, new.batch_id) == (
        SECRET, SEEN, first, EvidenceKind.TEXT, None,
    )  # fmt: skip
    assert world.version == 2
    (event,) = world.events()
    assert (event.action, event.object_kind, event.object_key, event.cluster_id) == (
        "update", "target", str(world.target), world.mill,
    )  # fmt: skip
    assert event.after == {"version": 2, "criteria": 2, "new_evaluation": True, "new_next_steps": True}
    assert SECRET not in str((event.before, event.after, event.reason))
    kinds = [kind for kind, *_ in history(world)]
    assert kinds.count(PlanChangeKind.CRITERION) == 2
    assert (PlanChangeKind.EVIDENCE_ADDED, SECRET, None, "2017-02-20") in history(world)
    assert {row.known_as for row in world.rows(PlanChange)} == {"command line", "coordinator"}
    # The decoy's plan has the same words and stays as it was.
    assert world.row(Target, world.other_target).version == 1


def test_what_is_as_it_was_is_no_change(world: World) -> None:
    said = UpdateSaid({world.criteria[0]: NO_EVIDENCE, world.criteria[1]: 1})
    assert world.do(lambda desk: desk.update(world.target, said, 1)) is False
    assert world.do(lambda desk: desk.put_words(world.target, words(), 1)) is False
    assert world.version == 1
    assert world.events() == []


def test_evidence_that_cannot_be_is_refused(world: World) -> None:
    for said, field, sentence in (
        (UpdateSaid(evidence="Families were told"), "evidence", "very same words"),
        (UpdateSaid(evidence="Families were told (2 May 2016)"), "evidence", "very same words"),
        (UpdateSaid(evidence="x" * 2_001), "evidence", "2,000 letters"),
        (UpdateSaid(evidence="•"), "evidence", "few words"),
        (UpdateSaid(evidence="Seen", dated=date(2017, 3, 2)), "dated", "2 March 2017 is still to come"),
        (UpdateSaid(evidence="Seen", about=99_999), "about", "one of the criteria"),
        (UpdateSaid(next_step="•"), "next_step", "few words"),
    ):
        refused(world, lambda desk, said=said: desk.update(world.target, said, 1), field, sentence)


def test_a_refused_update_stores_nothing_of_the_rest(world: World) -> None:
    said = UpdateSaid({world.criteria[0]: MET, world.criteria[2]: MET})
    refused(world, lambda desk: desk.update(world.target, said, 1), f"state_{world.criteria[2]}", "tick the schools")
    assert world.row(Criterion, world.criteria[0]).state is NO_EVIDENCE


def test_two_people_on_one_target_lose_nothing(world: World) -> None:
    world.do(lambda desk: desk.update(world.target, UpdateSaid(next_step="First"), 1))
    for late in (
        lambda desk: desk.update(world.target, UpdateSaid(next_step="Second"), 1),
        lambda desk: desk.put_words(world.target, words(title="Mine"), 1),
        lambda desk: desk.say_status(world.target, TargetStatus.STALLED, "No time", 1),
        lambda desk: desk.take_status_back(world.target, 1),
        lambda desk: desk.say_criterion(world.target, world.criteria[0], CriterionSaid(MET), 1),
        lambda desk: desk.change_evidence(world.target, world.evidence[0], EvidenceSaid("Mine"), 1),
        lambda desk: desk.take_out(world.target, world.evidence[0], 1),
    ):
        with pytest.raises(ChangedMeanwhile):
            world.do(late)
    assert world.cell(PlanCell.NEXT_STEPS) == ["Do it again", "First"]
    assert (world.version, len(world.events())) == (2, 1)


def test_nobody_writes_what_is_anothers(world: World) -> None:
    """A headteacher writes nothing; a coordinator nothing of the decoy, nor parts of its target into the own one."""
    deeds: list[Callable[[TargetsByHand, int, int], Any]] = [
        lambda desk, target, _: desk.update(target, UpdateSaid(next_step="x"), 1),
        lambda desk, target, _: desk.put_words(target, words(title="x"), 1),
        lambda desk, target, _: desk.say_status(target, TargetStatus.STALLED, "x", 1),
        lambda desk, target, _: desk.worked_on_at(target, []),
        lambda desk, target, _: desk.put_into_plan(target),
        lambda desk, target, _: desk.remove_draft(target),
        lambda desk, target, piece: desk.attach(target, piece, "a.png", PNG),
        lambda desk, target, piece: desk.take_out(target, piece, 1),
        lambda desk, target, piece: desk.change_evidence(target, piece, EvidenceSaid("x"), 1),
        lambda desk, target, piece: desk.take_file_out(target, piece),
    ]
    mine, theirs = (world.target, world.evidence[0]), (world.other_target, world.other_evidence)
    pairs = [(world.headteacher, mine), (world.stranger, mine), (world.coordinator, theirs)]
    for (reader, (target, piece)), deed in product(pairs, deeds):
        with pytest.raises(NoSuchTarget):
            world.do(lambda desk, deed=deed, target=target, piece=piece: deed(desk, target, piece), by=reader)
    for mixed in (
        lambda desk: desk.change_evidence(world.target, world.other_evidence, EvidenceSaid("x"), 1),
        lambda desk: desk.update(world.target, UpdateSaid({world.criteria[0] + 100: MET}), 1),
        lambda desk: desk.say_criterion(world.target, world.criteria[0] + 100, CriterionSaid(MET), 1),
        lambda desk: desk.worked_on_at(world.target, [world.meetings[0], world.other_meeting]),
        lambda desk: desk.say_criterion(
            world.target, world.criteria[2], CriterionSaid(per_school=True, ticks={world.other_school: MET}), 1
        ),
        lambda desk: desk.add(world.row(Target, world.other_target).cluster_id, YEAR, "NEW-SEPT16", words()),
    ):
        with pytest.raises(NoSuchTarget):
            world.do(mixed)
    assert world.events() == []
    assert {row.version for row in world.rows(Target)} == {1}


def test_words_are_stored_and_criteria_keep_what_is_known(world: World) -> None:
    first, second, third = world.criteria
    world.do(lambda desk: desk.update(world.target, UpdateSaid({first: MET}), 1))
    said = words(
        title="Put on a show",
        cells=changed_cell(PlanCell.CRITERIA, "- A show is open to families\n- Two meetings held\n- One film (1 of 1)"),
        due=None, review_on=date(2017, 5, 1), owner="  Arts   lead ", activity=ActivityKind.CLUSTER_PROJECT,
        horizon=Horizon.SHORT, focus_area=FocusArea.FAMILY_LEARNING,
    )  # fmt: skip
    assert world.do(lambda desk: desk.put_words(world.target, said, 2)) is True
    now = world.now()
    assert (now.title, now.due, now.review_on, now.owner) == ("Put on a show", None, date(2017, 5, 1), "Arts lead")
    assert (now.activity, now.horizon, now.focus_area, now.version) == (
        ActivityKind.CLUSTER_PROJECT, Horizon.SHORT, FocusArea.FAMILY_LEARNING, 3,
    )  # fmt: skip
    rows = {row.id: (row.text, row.state, row.number_reached) for row in world.rows(Criterion)}
    assert rows[first] == ("A show is open to families", MET, None)
    assert rows[second] == ("Two meetings held", NOT_MET, 1)
    assert rows[third] == ("One film", MET, 1)
    assert (PlanChangeKind.OWNER, None, None, "Arts lead") in history(world)
    assert (PlanChangeKind.DUE, None, "2017-02-10", None) in history(world)


def test_a_date_alone_counts_the_version_up(world: World) -> None:
    assert world.do(lambda desk: desk.put_words(world.target, words(due=date(2017, 6, 1)), 1)) is True
    assert world.version == 2


def test_a_line_taken_out_of_the_evaluation_takes_its_evidence_along(world: World) -> None:
    said = words(cells=changed_cell(PlanCell.EVALUATION, "- First meeting held"))
    world.do(lambda desk: desk.put_words(world.target, said, 1))
    mine = [row for row in world.rows(Evidence) if row.target_id == world.target]
    assert [(row.text, row.dated, row.criterion_id) for row in mine] == [
        ("First meeting held", date(2016, 10, 4), world.criteria[1])
    ]


def test_a_line_with_a_file_is_not_written_anew(world: World) -> None:
    world.do(lambda desk: desk.attach(world.target, world.evidence[0], "hall.png", PNG))
    for lines in ("- First meeting was held\n- Families were told", ""):
        said = words(cells=changed_cell(PlanCell.EVALUATION, lines))
        refused(world, lambda desk, said=said: desk.put_words(world.target, said, 2), "cell_evaluation", "has a file")
    assert len(world.rows(EvidenceFile)) == 1
    said = words(cells=changed_cell(PlanCell.EVALUATION, "- First meeting held (5 October 2016)"))
    assert world.do(lambda desk: desk.put_words(world.target, said, 2)) is True
    assert len(world.rows(EvidenceFile)) == 1
    assert world.row(Evidence, world.evidence[0]).dated == date(2016, 10, 5)


def test_words_that_do_not_fit_are_refused(world: World) -> None:
    for said, field, sentence in (
        (words(title="  "), "title", "title"),
        (words(title="x" * 501), "title", "500"),
        (words(owner="x" * 201), "owner", "200"),
        (words(due=date(1066, 1, 1)), "due", "1 January 1066 cannot be right"),
        (words(cells={PlanCell.IMPACT: (CellLine(False, "x" * 20_001),)}), "cell_impact", "20,000"),
    ):
        refused(world, lambda desk, said=said: desk.put_words(world.target, said, 1), field, sentence)


def test_an_own_status_needs_a_reason_and_is_taken_back(world: World) -> None:
    refused(
        world, lambda desk: desk.say_status(world.target, TargetStatus.STALLED, " ", 1), "reason", "Give the reason"
    )
    refused(world, lambda desk: desk.say_status(world.target, TargetStatus.STALLED, "x" * 501, 1), "reason", "500")
    assert world.do(lambda desk: desk.say_status(world.target, TargetStatus.STALLED, SECRET, 1)) is True
    assert (world.now().own_status, world.now().own_status_reason) == (TargetStatus.STALLED, SECRET)
    assert world.do(lambda desk: desk.say_status(world.target, TargetStatus.STALLED, SECRET, 2)) is False
    assert world.do(lambda desk: desk.take_status_back(world.target, 2)) is True
    assert world.do(lambda desk: desk.take_status_back(world.target, 3)) is False
    assert (world.now().own_status, world.now().own_status_reason) == (None, None)
    assert [event.after for event in world.events()] == [
        {"version": 2, "own_status": "stalled"}, {"version": 3, "own_status": None},
    ]  # fmt: skip
    assert history(world) == [
        (PlanChangeKind.STATUS, SECRET, None, "stalled"), (PlanChangeKind.STATUS, None, "stalled", None),
    ]  # fmt: skip


def test_a_criterion_follows_its_number_unless_somebody_says_otherwise(world: World) -> None:
    number, seen = world.criteria[1], []
    said_and_state = (
        (CriterionSaid(wanted=2, reached=2), MET),
        (CriterionSaid(wanted=2, reached=3), MET),
        (CriterionSaid(wanted=3, reached=1), NOT_MET),
        (CriterionSaid(wanted=2, reached=0), NO_EVIDENCE),
        (CriterionSaid(wanted=2), NO_EVIDENCE),
        (CriterionSaid(MET, wanted=2, reached=1), MET),
        (CriterionSaid(NOT_MET), NOT_MET),
        (CriterionSaid(), NO_EVIDENCE),
    )
    for version, (said, _) in enumerate(said_and_state, start=1):
        assert world.do(lambda desk, s=said, v=version: desk.say_criterion(world.target, number, s, v)) is True
        row = world.row(Criterion, number)
        assert (row.number_wanted, row.number_reached) == (said.wanted, said.reached)
        seen.append(row.state)
    assert seen == [state for _, state in said_and_state]


def test_numbers_that_cannot_be_are_refused(world: World) -> None:
    for said, field in (
        (CriterionSaid(reached=1), "wanted"), (CriterionSaid(wanted=0), "wanted"),
        (CriterionSaid(wanted=2_000_000), "wanted"), (CriterionSaid(wanted=2, reached=-1), "reached"),
    ):  # fmt: skip
        number = world.criteria[1]
        refused(world, lambda desk, n=number, s=said: desk.say_criterion(world.target, n, s, 1), field, "number|many")


def test_a_criterion_for_each_school_follows_the_schools_of_the_year(world: World) -> None:
    ford, lock, weir = world.schools
    number, seen = world.criteria[2], []
    for ticks in (
        {ford: MET}, {lock: NOT_MET}, {lock: NO_EVIDENCE, weir: MET}, {lock: MET}, {lock: MET}, {ford: NOT_MET},
    ):  # fmt: skip
        said = CriterionSaid(MET, per_school=True, ticks=ticks)
        stored = world.do(lambda desk, said=said: desk.say_criterion(world.target, number, said, world.version))
        seen.append((stored, world.row(Criterion, number).state))
    assert seen == [
        (True, NO_EVIDENCE), (True, NOT_MET), (True, NO_EVIDENCE), (True, MET), (False, MET), (True, NOT_MET),
    ]  # fmt: skip
    told = [(before, after) for kind, _, before, after in history(world) if kind is PlanChangeKind.CRITERION]
    assert told[0] == ({"state": "no_evidence", "schools": 0}, {"state": "no_evidence", "schools": 1})
    assert told[3] == ({"state": "no_evidence", "schools": 2}, {"state": "met", "schools": 3})
    assert {row.school_id for row in world.rows(CriterionSchool)} == set(world.schools)


def test_evidence_is_changed_with_its_line_and_its_kind_follows(world: World) -> None:
    piece = world.evidence[1]
    said = EvidenceSaid(
        "Families were told by letter", SEEN, world.criteria[0], "https://example.org/letter", Decimal("62.5"),
        "letters (home)",
    )  # fmt: skip
    assert world.do(lambda desk: desk.change_evidence(world.target, piece, said, 1)) is True
    row = world.row(Evidence, piece)
    assert (row.text, row.dated, row.criterion_id) == ("Families were told by letter", SEEN, world.criteria[0])
    assert (row.kind, row.link, row.value, row.unit) == (
        EvidenceKind.LINK, "https://example.org/letter", Decimal("62.5"), "letters home",
    )  # fmt: skip
    assert world.cell(PlanCell.EVALUATION) == ["First meeting held", "Families were told by letter"]
    assert world.do(lambda desk: desk.change_evidence(world.target, piece, said, 2)) is False
    typed = EvidenceSaid("• Families were told by letter (21 February 2017)", None, *astuple(said)[2:])
    world.do(lambda desk: desk.change_evidence(world.target, piece, typed, 2))
    assert (world.row(Evidence, piece).text, world.row(Evidence, piece).dated) == (said.text, date(2017, 2, 21))
    assert world.cell(PlanCell.EVALUATION) == ["First meeting held", said.text]
    world.do(lambda desk: desk.change_evidence(world.target, piece, said, 3))
    bare = EvidenceSaid("Families were told by letter")
    world.do(lambda desk: desk.change_evidence(world.target, piece, bare, 4))
    row = world.row(Evidence, piece)
    assert (row.kind, row.dated, row.criterion_id, row.link, row.value) == (EvidenceKind.TEXT, None, None, None, None)
    twice = EvidenceSaid("First meeting held")
    refused(world, lambda desk: desk.change_evidence(world.target, piece, twice, 5), "text", "very same words")
    assert history(world)[-1] == (
        PlanChangeKind.EVIDENCE, "Families were told by letter",
        {"dated": "2017-02-20", "criterion": "criterion 1", "figure": "62.5 letters home",
         "link": "https://example.org/letter"},
        {"dated": None},
    )  # fmt: skip


def test_a_file_is_attached_once_and_goes_with_its_evidence(world: World) -> None:
    piece = world.evidence[0]
    for content, sentence in ((b"", "empty"), (b"GIF89a", "no PDF, PNG or JPEG"), (PNG + bytes(MOST_BYTES), "5.0 MB")):
        refused(world, lambda desk, c=content: desk.attach(world.target, piece, "a.png", c), "file", sentence)
    world.do(lambda desk: desk.attach(world.target, piece, "C:\\My Pictures\\Hall/Show 1.JPG", PNG))
    (file,) = world.rows(EvidenceFile)
    assert (file.file_name, file.media_type, file.size, file.cluster_id) == (
        "show-1.png", "image/png", len(PNG), world.mill,
    )  # fmt: skip
    assert world.row(Evidence, piece).kind is EvidenceKind.FILE
    refused(world, lambda desk: desk.attach(world.target, piece, "b.png", PNG), "file", "already")
    world.do(lambda desk: desk.take_file_out(world.target, piece))
    assert (world.rows(EvidenceFile), world.row(Evidence, piece).kind) == ([], EvidenceKind.TEXT)
    world.do(lambda desk: desk.attach(world.target, piece, " .png", PNG))
    assert world.rows(EvidenceFile)[0].file_name == "evidence.png"
    version = world.version
    world.do(lambda desk: desk.take_out(world.target, piece, version))
    assert world.rows(EvidenceFile) == []
    assert piece not in {row.id for row in world.rows(Evidence)}
    assert world.cell(PlanCell.EVALUATION) == ["Families were told"]
    assert (PlanChangeKind.EVIDENCE_GONE, "First meeting held", None, None) in history(world)
    assert not any("show" in str((event.before, event.after)) for event in world.events())


def test_meetings_are_ticked_and_let_go(world: World) -> None:
    first, second = world.meetings
    assert world.do(lambda desk: desk.worked_on_at(world.target, [first, second])) is True
    assert world.do(lambda desk: desk.worked_on_at(world.target, [second])) is True
    assert world.do(lambda desk: desk.worked_on_at(world.target, [second])) is False
    assert [row.meeting_id for row in world.rows(TargetMeeting)] == [second]
    assert [event.after for event in world.events()] == [{"meetings": 2}, {"meetings": 1}]


def test_a_new_target_stands_at_the_end_of_the_plan(world: World) -> None:
    said = words(title="Read more", cells={PlanCell.CRITERIA: read_lines("- Ten books read (0 of 10)")}, owner="Lead")
    number = world.do(lambda desk: desk.add(world.mill, YEAR, " reading-sept16 ", said))
    row = world.row(Target, number)
    assert (row.code, row.title, row.year, row.position, row.owner, row.draft, row.version) == (
        "READING-SEPT16", "Read more", 2016, 2, "Lead", False, 1,
    )  # fmt: skip
    assert row.cell_target == (CellLine(False, "READING-SEPT16"), CellLine(False, "Read more"))
    next_year = world.do(lambda desk: desk.add(world.mill, AcademicYear(2017), ARTS, words()))
    assert world.row(Target, next_year).plan_id != row.plan_id
    for code, sentence in (
        (ARTS, "already"), ("NEXT-YEAR", "page of the plan"), ("ab", "three capitals"), ("A B C", "no spaces"),
        ("A/B/C", "capitals"), ("", "capitals"),
    ):  # fmt: skip
        refused(world, lambda desk, code=code: desk.add(world.mill, YEAR, code, words()), "code", sentence)


def test_only_a_draft_is_removed_and_a_draft_becomes_a_target(world: World) -> None:
    refused(world, lambda desk: desk.remove_draft(world.target), None, "not removed")
    with world.store.writing() as session:
        for number in (world.target, world.other_target):
            session.get_one(Target, number).draft = True
        session.add(CriterionSchool(criterion_id=world.criteria[2], school_id=world.schools[0], state=MET))
    # Money rests on it: nothing is removed by halves.
    refused(world, lambda desk: desk.remove_draft(world.target), None, "rests on this draft")
    assert len(world.rows(Evidence)) == 4
    assert world.do(lambda desk: desk.put_into_plan(world.target)) is True
    assert world.do(lambda desk: desk.put_into_plan(world.target)) is False
    assert (world.now().draft, world.version) == (False, 2)
    world.do(lambda desk: desk.remove_draft(world.other_target), by=world.stranger)
    assert [row.id for row in world.rows(Target)] == [world.target]
    assert world.events()[-1].action == "remove draft"
