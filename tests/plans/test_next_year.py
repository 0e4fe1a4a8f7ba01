"""From next steps to drafts and from drafts to targets, and the line of a target over the years (2.11, 1.22)."""

from typing import Any, Final

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Action, Scope, reading, writing
from dashboard.audit import COMMAND_LINE
from dashboard.db import Session, Store
from dashboard.models import CellLine, Criterion, PlanChange, Target, TargetAim
from dashboard.plans import queries
from dashboard.plans.commands.next_year import Chosen, DraftRefused, DraftText, NextYear, NoSuchDraft
from dashboard.vocabulary import CriterionState, PlanChangeKind
from tests import builders as put
from tests.builders import EXAMPLES, taken_back
from tests.plans.aims_world import LEARN, SMOOTH, TODAY, YEAR, World, make_world, put_plan

NEXT = AcademicYear(2020)
HELD, WIDER, MORE = "Hold it again", "Open it to older children", "Ask the families"


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    made = make_world(store, walled)
    made.plan(
        ("ART-SEPT19", [SMOOTH, LEARN], [HELD, WIDER, MORE]), ("BAND-SEPT19", [], ["Meetings: 15 October"]),
        ("CHESS-SEPT19", [LEARN], []), owner="Arts lead",
    )  # fmt: skip
    return made


def draft(world: World, code: str, *lines: int, together: bool = False) -> list[int]:
    with writing(world.walled, world.scope()) as session:
        return world.next_year(session).draft([Chosen(world.target(code).id, lines, together)])


def drafts(world: World) -> list[tuple[str, str]]:
    with reading(world.walled, world.scope()) as session:
        return [(row.code, row.title) for row in queries.load_drafts(session, world.scope(), world.mill, NEXT)]


def do(world: World, what: str, *args: Any) -> Any:
    with writing(world.walled, world.scope()) as session:
        return getattr(world.next_year(session), what)(*args)


def test_each_ticked_line_is_a_draft(world: World) -> None:
    draft(world, "ART-SEPT19", 0, 2)
    assert drafts(world) == [("ART-SEPT20", HELD), ("ART-2-SEPT20", MORE)]
    made, came = world.target("ART-SEPT20"), world.target("ART-SEPT19")
    assert (made.year, made.draft, made.came_from_id, made.owner) == (2020, True, came.id, "Arts lead")
    assert made.cell_target == (CellLine(True, "ART-SEPT20"), CellLine(False, HELD))
    assert made.cell_aims == came.cell_aims
    assert made.from_steps == (CellLine(True, HELD),)
    assert world.served()["ART-SEPT20"] == {SMOOTH, LEARN}
    assert not [row for row in world.rows(PlanChange) if row.target_id == made.id], "of a draft nothing is kept"
    event = world.events()[-1]
    assert (event.action, event.object_kind, event.cluster_id) == ("draft", "target", world.mill)
    assert HELD not in repr((event.before, event.after, event.reason))


def test_several_lines_make_one_draft_together(world: World) -> None:
    (number,) = draft(world, "ART-SEPT19", 0, 1, together=True)
    made = world.target("ART-SEPT20")
    assert made.id == number
    assert made.cell_target == (CellLine(True, "ART-SEPT20"), CellLine(False, HELD), CellLine(True, WIDER))
    assert made.from_steps == (CellLine(True, HELD), CellLine(True, WIDER))


def test_a_step_of_many_words_stands_whole(world: World) -> None:
    world.plan(("LONG-SEPT19", [], ["so " * 200]))
    draft(world, "LONG-SEPT19", 0)
    made = world.target("LONG-SEPT20")
    assert len(made.title) == 500
    assert [line.text for line in made.cell_target or ()] == ["LONG-SEPT20", made.title, "so " * 200]


def test_a_next_step_is_drafted_once_however_the_draft_is_said_anew(world: World) -> None:
    (number,) = draft(world, "ART-SEPT19", 0)
    do(world, "change", number, DraftText("FAIR-SEPT20", "A\nfair", (), "Headteacher"), 1)
    with pytest.raises(DraftRefused, match="nothing came of yet"):
        draft(world, "ART-SEPT19", 0)
    draft(world, "ART-SEPT19", 0, 1)
    assert drafts(world) == [("FAIR-SEPT20", "A fair"), ("ART-SEPT20", WIDER)]
    scope = world.scope()
    with reading(world.walled, scope) as session:
        came = queries.load_continued(session, scope, world.mill, YEAR)
    assert [(row.code, row.draft, [line.text for line in row.lines]) for row in came] == [
        ("FAIR-SEPT20", True, [HELD]), ("ART-SEPT20", True, [WIDER]),
    ]  # fmt: skip
    do(world, "remove", number)
    assert draft(world, "ART-SEPT19", 0), "it is open again"


def test_a_draft_becomes_a_target(world: World) -> None:
    numbers = draft(world, "ART-SEPT19", 0, 1)
    assert do(world, "begin", numbers[:1]) == 1
    made = world.target("ART-SEPT20")
    assert (made.draft, made.year, made.came_from_id) == (False, 2020, world.target("ART-SEPT19").id)
    (kept,) = [row for row in world.rows(PlanChange) if row.target_id == made.id]
    assert (kept.kind, kept.about, kept.known_as) == (PlanChangeKind.TARGET_ADDED, HELD, "coordinator")
    assert drafts(world) == [("ART-2-SEPT20", WIDER)]
    for what, args in (
        ("begin", ([made.id],)),
        ("remove", (made.id,)),
        ("change", (made.id, DraftText("A-B", "c"), 2)),
    ):
        with pytest.raises(NoSuchDraft):
            do(world, what, *args)
    assert do(world, "begin", numbers[1:] * 2) == 1
    with pytest.raises(DraftRefused, match="no draft"):
        do(world, "begin", [])


def test_a_draft_goes_with_all_that_hangs_on_it(world: World) -> None:
    (number,) = draft(world, "ART-SEPT19", 0)
    with writing(world.store, EVERYTHING) as session:
        put.criterion(session, session.get_one(Target, number), CriterionState.MET)
        put.evidence(session, session.get_one(Target, number))
    do(world, "remove", number)
    assert drafts(world) == []
    assert not world.rows(Criterion)
    assert number not in {row.target_id for row in world.rows(TargetAim)}


def test_work_that_no_target_names(world: World) -> None:
    text = "- Audit what we have\r\n• Ask governors\n\nAudit what we have\n"
    do_write(world, "Impact and sustainability", text)
    assert drafts(world) == [("IMPACT-SEPT20", "Audit what we have"), ("IMPACT-2-SEPT20", "Ask governors")]
    assert world.target("IMPACT-SEPT20").came_from_id is None
    do_write(world, "Impact and sustainability", "One\nTwo", together=True)
    assert world.target("IMPACT-3-SEPT20").cell_target == (
        CellLine(True, "IMPACT-3-SEPT20"), CellLine(False, "Impact and sustainability"), CellLine(True, "One"),
        CellLine(True, "Two"),
    )  # fmt: skip
    do_write(world, "", "Travel plans\nShared minibus", together=True)
    assert drafts(world)[-1] == ("TRAVEL-SEPT20", "Travel plans")
    for written, why in (
        (" \n- \n", "at least one"),
        ("\n".join(map(str, range(41))), "41 items"),
        ("x" * 501, "500 l"),
    ):
        with pytest.raises(DraftRefused, match=why):
            do_write(world, "", written)


def do_write(world: World, name: str, written: str, *, together: bool = False) -> None:
    with writing(world.walled, world.scope()) as session:
        world.next_year(session).write(name, written, together=together)


WRONG: Final = (
    (DraftText("ART-SEPT20", "A fair"), 0, "Somebody changed"),
    (DraftText("ART-2-SEPT20", "A fair"), 1, "already stands"),
    (DraftText("art show", "A fair"), 1, "Write a code"),
    (DraftText("new", "A fair"), 1, "Write a code"),
    (DraftText("ART-SEPT20", " "), 1, "Say what the target is"),
    (DraftText("ART-SEPT20", "x" * 501), 1, "501 letters"),
    (DraftText("ART-SEPT20", "A fair", (), "x" * 201), 1, "201 letters"),
)


def test_a_draft_that_cannot_be_stored(world: World) -> None:
    first, _ = draft(world, "ART-SEPT19", 0, 1)
    for said, version, why in WRONG:
        with pytest.raises(DraftRefused, match=why):
            do(world, "change", first, said, version)
    assert drafts(world) == [("ART-SEPT20", HELD), ("ART-2-SEPT20", WIDER)]


def test_what_is_chosen_has_to_be_there(world: World) -> None:
    with pytest.raises(DraftRefused, match="changed meanwhile"):
        draft(world, "ART-SEPT19", 3)
    (number,) = draft(world, "ART-SEPT19", 0)
    for target in (number, world.decoy_draft, 9_999, next(row.id for row in world.rows(Target) if row.code[0] == "D")):
        with pytest.raises(NoSuchDraft), writing(world.walled, world.scope()) as session:
            world.next_year(session).draft([Chosen(target, (0,))])
    for what, args in (
        ("remove", (world.decoy_draft,)), ("begin", ([world.decoy_draft],)),
        ("change", (world.decoy_draft, DraftText("MINE-SEPT20", "Mine"), 1)),
    ):  # fmt: skip
        with pytest.raises(NoSuchDraft):
            do(world, what, *args)
    for reader in (world.headteacher, world.neighbour):
        with pytest.raises(NoSuchDraft), writing(world.walled, world.scope(reader)) as session:
            world.next_year(session, reader)
    assert "MINE-SEPT20" not in {row.code for row in world.rows(Target)}


def test_a_draft_counts_nowhere_and_its_readers_keep_the_cluster(world: World) -> None:
    draft(world, "ART-SEPT19", 0)
    sees = Action.SEE
    for reader in (world.headteacher, world.neighbour):
        scope = world.scope(reader, sees)
        with reading(world.walled, scope) as session:
            assert queries.load_drafts(session, scope, world.mill, NEXT) == []
            assert queries.load_next_steps(session, scope, world.mill, YEAR) == []
            assert queries.load_continued(session, scope, world.mill, YEAR) == []
            assert queries.find_draft(session, scope, world.target("ART-SEPT20").id) is None


# ------------------------------------------------------------------------------------------------------- the line
def line(world: World, scope: Scope, code: str) -> list[tuple[str, int, bool]]:
    with reading(world.walled, scope) as session:
        found = queries.load_lineage(session, scope, world.target(code).id)
    return [(row.code, row.place, row.draft) for row in found]


def test_the_line_of_a_target_over_the_years(world: World) -> None:
    first, _ = draft(world, "ART-SEPT19", 0, 1)
    do(world, "begin", [first])
    with writing(world.store, EVERYTHING) as session:
        mill = session.get_one(put.Cluster, world.mill)
        old = put.target(session, mill, "ART-SEPT18", year=2018)
        session.get_one(Target, world.target("ART-SEPT19").id).came_from_id = old.id
        put.target(session, mill, "FAIR-SEPT21", year=2021).came_from_id = first
        # What came from another cluster's target is no line of ours.
        session.execute(sa.update(Target).where(Target.id == world.decoy_draft).values(came_from_id=old.id))
    whole = world.scope(action=Action.SEE)
    assert line(world, whole, "ART-SEPT19") == [
        ("ART-SEPT18", -1, False), ("ART-SEPT19", 0, False), ("ART-SEPT20", 1, False), ("ART-2-SEPT20", 1, True),
        ("FAIR-SEPT21", 2, False),
    ]  # fmt: skip
    assert line(world, whole, "ART-SEPT20") == [
        ("ART-SEPT18", -2, False), ("ART-SEPT19", -1, False), ("ART-SEPT20", 0, False), ("FAIR-SEPT21", 1, False),
    ]  # fmt: skip
    assert [code for code, *_ in line(world, world.scope(world.headteacher, Action.SEE), "ART-SEPT19")] == [
        "ART-SEPT18", "ART-SEPT19", "ART-SEPT20", "FAIR-SEPT21",
    ]  # fmt: skip
    assert line(world, world.scope(world.headteacher, Action.SEE), "ART-2-SEPT20") == []
    assert line(world, world.scope(world.neighbour, Action.SEE), "ART-SEPT19") == []
    with writing(world.store, EVERYTHING) as session:
        session.get_one(
            Target, world.target("ART-SEPT18").id
        ).came_from_id = first  # round in a circle, as a mended store might be
    assert {code for code, *_ in line(world, whole, "ART-SEPT19")} >= {"ART-SEPT18", "ART-SEPT20"}


@EXAMPLES
@given(ticks=st.lists(st.tuples(st.integers(0, 2), st.sets(st.integers(0, 2)), st.booleans()), max_size=4))
def test_whatever_is_ticked_every_step_comes_once(shared_store: Store, ticks: list[tuple[int, set[int], bool]]) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session, "Mill Cluster")
        put_plan(session, mill, [(f"T{number}-SEPT19", ["An aim"], [f"Step {number}{place}" for place in range(3)])
                                 for number in range(3)])  # fmt: skip
        codes = [f"T{number}-SEPT19" for number in range(3)]
        numbers = list(session.scalars(sa.select(Target.id).where(Target.code.in_(codes)).order_by(Target.code)))
        done: set[tuple[int, int]] = set()
        for which, lines, together in ticks:
            new = {(which, place) for place in lines} - done
            book = NextYear(session, COMMAND_LINE, EVERYTHING, TODAY, mill.slug, YEAR)
            chosen = [Chosen(numbers[which], tuple(sorted(lines)), together=together)]
            if new:
                assert len(book.draft(chosen)) == (1 if together else len(new))
            else:
                with pytest.raises(DraftRefused):
                    book.draft(chosen)
            done |= new
        made = _drafts(session, mill.id)
        assert sorted(text for row in made for text in (line.text for line in row.from_steps or ())) == sorted(
            f"Step {which}{place}" for which, place in done
        )
        assert len({row.code for row in made}) == len(made)


def _drafts(session: Session, cluster_id: int) -> list[Target]:
    return list(session.scalars(sa.select(Target).where(Target.cluster_id == cluster_id, Target.draft)))
