"""Aims as people keep them: order, days and years, and wordings that are one aim or two (1.6, 2.3, 4.6)."""

from collections.abc import Sequence
from datetime import date
from random import Random
from typing import Final

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import EVERYTHING, Action, reading, writing
from dashboard.audit import COMMAND_LINE
from dashboard.changes import Outcome
from dashboard.db import Session, Store
from dashboard.directory.queries import cluster_years
from dashboard.models import Aim, AimWording, PlanChange, Target
from dashboard.plans import queries
from dashboard.plans.aim_words import AimRefused, AimText, NoSuchAim
from dashboard.plans.commands.aims import AimBook
from tests import builders as put
from tests.builders import EXAMPLES, taken_back
from tests.plans.aims_world import LEARN, SMOOTH, SMOOTHER, TODAY, YEAR, World, make_world, put_plan, served_by
from tests.uploads import MILL, bring, brought, docx_file, everything, undo

HEADINGS: Final = (
    "Target", "Links to Aims", "Success Criteria", "Organisation/Expenditure", "Monitoring/Personnel",
    "Evaluation/Evidence", "Impact", "Next Steps/Future Targets",
)  # fmt: skip


@pytest.fixture
def world(store: Store, walled: Store) -> World:
    made = make_world(store, walled)
    made.plan(
        ("ART", [SMOOTH, LEARN], []), ("BAND", [SMOOTHER], []), ("CHESS", [SMOOTH, SMOOTHER], []), ("DANCE", [], [])
    )
    return made


def join(world: World, keep: str, other: str) -> None:
    with writing(world.walled, world.scope()) as session:
        world.aims(session).join(world.aim(keep), world.aim(other))


def part(world: World, wording: str) -> None:
    number = next(row.id for row in world.rows(AimWording) if row.wording == wording and row.confirmed_by)
    with writing(world.walled, world.scope()) as session:
        world.aims(session).part(number)


def test_two_wordings_are_one_aim_and_two_again(world: World) -> None:
    before, history = world.served(), len(world.rows(PlanChange))
    versions = {row.id: row.version for row in world.rows(Target)}
    join(world, SMOOTH, SMOOTHER)
    assert world.served() == {"ART": {SMOOTH, LEARN}, "BAND": {SMOOTH}, "CHESS": {SMOOTH}, "DANCE": set()}
    assert [aim.text for aim in world.of_mill()] == [SMOOTH, LEARN]
    assert world.wordings() == [(SMOOTHER, "coordinator", None)]
    part(world, SMOOTHER)
    assert world.served() == before
    assert [aim.text for aim in world.of_mill()] == [SMOOTH, LEARN, SMOOTHER]
    assert world.wordings() == [(SMOOTHER, None, "coordinator")], "nobody is asked again"
    assert len(world.rows(PlanChange)) == history, "nothing became of the targets"
    assert {row.id: row.version for row in world.rows(Target)} == versions
    assert [event.action for event in world.events()][-2:] == ["join", "part"]
    assert [aim.text for aim in world.rows(Aim) if aim.cluster_id == world.weir] == [SMOOTH, SMOOTHER], "the decoy's"
    told = repr([(event.before, event.after, event.reason) for event in world.events()])
    assert "moother" not in told


def test_the_other_words_can_stay(world: World) -> None:
    join(world, SMOOTHER, SMOOTH)
    assert world.served()["ART"] == {SMOOTHER, LEARN}
    assert world.wordings() == [(SMOOTH, "coordinator", None)]


def test_wordings_go_with_their_aim(world: World) -> None:
    join(world, SMOOTH, SMOOTHER)
    join(world, LEARN, SMOOTH)
    assert world.served() == {"ART": {LEARN}, "BAND": {LEARN}, "CHESS": {LEARN}, "DANCE": set()}
    part(world, SMOOTHER)
    assert world.served() == {"ART": {LEARN}, "BAND": {SMOOTHER}, "CHESS": {LEARN, SMOOTHER}, "DANCE": set()}


def test_kept_apart_until_somebody_says_otherwise(world: World) -> None:
    with writing(world.walled, world.scope()) as session:
        world.aims(session).keep_apart(world.aim(SMOOTH), world.aim(SMOOTHER))
        world.aims(session).keep_apart(world.aim(SMOOTH), world.aim(SMOOTHER))
    assert world.wordings() == [(SMOOTHER, None, "coordinator")]
    assert len(world.of_mill()) == 3
    join(world, SMOOTH, SMOOTHER)
    assert world.wordings() == [(SMOOTHER, "coordinator", None)]


def test_a_later_plan_finds_the_aim_by_either_wording_and_a_batch_can_be_undone(two_clusters: Store) -> None:
    rows = [(f"* {code}-SEPT19", f"* {aim}", *["* x"] * 6) for code, aim in (("ART", SMOOTH), ("BAND", SMOOTHER))]
    file = docx_file([HEADINGS, *rows])
    before = everything(two_clusters)
    result = bring(two_clusters, "plan", file, cluster=MILL)
    with two_clusters.writing() as session:
        first, second = session.scalars(sa.select(Aim.id).order_by(Aim.position))
        AimBook(session, COMMAND_LINE, EVERYTHING, TODAY).join(first, second)
    again = brought(two_clusters, "plan", file, cluster=MILL)
    assert (again.added, again.changed) == (0, 0)
    assert [row["text"] for row in everything(two_clusters)["aim"]] == [SMOOTH]
    assert result.batch is not None
    undo(two_clusters, result.batch)
    assert everything(two_clusters) == before, "what somebody said of the aims went with them"


def test_words_day_and_years_are_said_anew(world: World) -> None:
    with writing(world.walled, world.scope()) as session:
        world.aims(session).change(world.aim(LEARN), AimText("Learn from each other", date(2019, 9, 20), 2019, 2021))
    aim = next(each for each in world.of_mill() if each.text == "Learn from each other")
    assert (aim.agreed_on, aim.first_year, aim.last_year, aim.position) == (date(2019, 9, 20), 2019, 2021, 2)
    assert world.wordings() == [(LEARN, "coordinator", None)], "plans that have the old words still find it"
    world.plan(("ART", [SMOOTH, LEARN], []), ("EGGS", [LEARN], []))
    assert world.served()["EGGS"] == {"Learn from each other"}
    with writing(world.walled, world.scope()) as session:
        world.aims(session).change(aim.id, AimText(f"{LEARN}!"))
    assert [row[0] for row in world.wordings()] == ["Learn from each other"], "what it says now is no other wording"
    assert [event.action for event in world.events()][-2:] == ["reword", "reword"]


def test_the_order_is_changed(world: World) -> None:
    def move(text: str, *, up: bool) -> list[str]:
        with writing(world.walled, world.scope()) as session:
            world.aims(session).move(world.aim(text), up=up)
        return [aim.text for aim in world.of_mill()]

    assert move(SMOOTHER, up=True) == [SMOOTH, SMOOTHER, LEARN]
    assert move(SMOOTH, up=False) == [SMOOTHER, SMOOTH, LEARN]
    assert move(SMOOTHER, up=True) == [SMOOTHER, SMOOTH, LEARN]
    assert [aim.position for aim in world.of_mill()] == [1, 2, 3]


def test_a_new_aim_and_one_that_goes(world: World) -> None:
    with writing(world.walled, world.scope()) as session:
        number = world.aims(session).add("mill-cluster", AimText("- Sing together\n more", date(2020, 3, 13), 2020))
    assert [aim.text for aim in world.of_mill()][3:] == ["- Sing together more"]
    with writing(world.walled, world.scope()) as session:
        world.aims(session).remove(number)
    assert len(world.of_mill()) == 3
    with pytest.raises(AimRefused, match="Targets serve this aim"), writing(world.walled, world.scope()) as session:
        world.aims(session).remove(world.aim(LEARN))


WRONG: Final = (
    (AimText(" \n "), "Say what"),
    (AimText("x" * 501), "501 letters"),
    (AimText("Sing", date(2020, 3, 14)), "14 March 2020 is still to come"),
    (AimText("Sing", None, 2020, 2019), "last year is before"),
    (AimText(LEARN.upper()), "the words of aim 2"),
)


def test_what_cannot_be_stored(world: World) -> None:
    number = world.aim(SMOOTH)
    for said, why in WRONG:
        with pytest.raises(AimRefused, match=why), writing(world.walled, world.scope()) as session:
            world.aims(session).add("mill-cluster", said)
        with pytest.raises(AimRefused, match=why), writing(world.walled, world.scope()) as session:
            world.aims(session).change(number, said)
    assert [aim.text for aim in world.of_mill()] == [SMOOTH, LEARN, SMOOTHER]


def test_words_that_another_aim_had_are_taken(world: World) -> None:
    join(world, SMOOTH, SMOOTHER)
    with pytest.raises(AimRefused, match="aim 1"), writing(world.walled, world.scope()) as session:
        world.aims(session).add("mill-cluster", AimText(SMOOTHER))


def test_nobody_touches_anothers_aims(world: World) -> None:
    mine, theirs = world.aim(SMOOTH), world.decoy_aim
    with writing(world.store, EVERYTHING) as session:
        wording = put.put(session, AimWording(aim_id=theirs, wording="Decoy words", confirmed_by="x")).id
    for reader in (world.coordinator, world.headteacher, world.neighbour):
        for write in (
            lambda book: book.add("weir-cluster", AimText("Mine now")),
            lambda book: book.change(theirs, AimText("Mine now")),
            lambda book: book.move(theirs, up=False),
            lambda book: book.remove(theirs),
            lambda book: book.join(theirs, mine),
            lambda book: book.join(mine, theirs),
            lambda book: book.keep_apart(mine, theirs),
            lambda book: book.part(wording),
            lambda book: book.part(wording + 99),
        ):
            with pytest.raises(NoSuchAim), writing(world.walled, world.scope(reader)) as session:
                write(world.aims(session, reader))
    with pytest.raises(AimRefused), writing(world.walled, world.scope()) as session:
        world.aims(session).join(mine, mine)
    assert "Mine now" not in {aim.text for aim in world.rows(Aim)}


def test_the_aims_of_a_year(world: World) -> None:
    with writing(world.walled, world.scope()) as session:
        book = world.aims(session)
        book.add("mill-cluster", AimText("Over by then", None, 2017, 2018))
        book.add("mill-cluster", AimText("Since then", None, 2019))
        book.change(world.aim(LEARN), AimText(LEARN, None, 2015, 2016))
    for reader in (world.coordinator, world.headteacher, world.director):
        scope = world.scope(reader, action=Action.SEE)
        with reading(world.walled, scope) as session:
            frame = queries.load_aims(session, scope, cluster_years(scope, TODAY, year=YEAR))
        rows = list(zip(frame["position"], frame["text"], frame["targets"], frame["holds"], strict=True))
        assert rows == [(1, SMOOTH, 2, True), (2, LEARN, 1, False), (3, SMOOTHER, 2, True), (5, "Since then", 0, True)]
        assert set(frame["cluster_id"]) == {world.mill}
    with reading(world.walled, world.scope(world.headteacher, Action.SEE)) as session:
        assert queries.load_all_aims(session, world.scope(world.headteacher, Action.SEE), world.mill) == []


# ------------------------------------------------------------------------- any sequence, against a slow plain answer
WORDS: Final = ("one", "two", "three", "four")
_TARGETS: Final = st.lists(st.lists(st.sampled_from(WORDS), unique=True, max_size=3), min_size=1, max_size=3)
_STEPS: Final = st.lists(
    st.one_of(
        st.tuples(st.just("join"), st.sampled_from(WORDS), st.sampled_from(WORDS)),
        st.tuples(st.just("part"), st.sampled_from(WORDS), st.none()),
    ),
    max_size=6,
)


class Slow:
    """Which aim each wording stands for, in a plain dictionary."""

    def __init__(self) -> None:
        self.root = {word: word for word in WORDS}

    def join(self, keep: str, other: str) -> None:
        kept, gone = self.root[keep], self.root[other]
        self.root = {word: kept if root == gone else root for word, root in self.root.items()}

    def part(self, word: str) -> None:
        self.root[word] = word

    def served(self, targets: Sequence[Sequence[str]]) -> dict[str, set[str]]:
        return {f"T{number}": {self.root[word] for word in aims} for number, aims in enumerate(targets)}


def _start(session: Session, targets: Sequence[Sequence[str]]) -> tuple[int, AimBook]:
    mill = put.cluster(session, "Mill Cluster")
    put.target(session, mill, "ALL")
    book = AimBook(session, COMMAND_LINE, EVERYTHING, TODAY)
    for word in WORDS:
        book.add(mill.slug, AimText(word))
    put_plan(session, mill, [(f"T{number}", aims, ()) for number, aims in enumerate(targets)])
    return mill.id, book


def _aim(session: Session, word: str) -> int:
    return session.query(Aim.id).filter_by(text=word).scalar() or 0


@EXAMPLES
@given(targets=_TARGETS, steps=_STEPS)
def test_any_sequence_of_one_and_two(
    shared_store: Store, targets: list[list[str]], steps: list[tuple[str, str, str | None]]
) -> None:
    with taken_back(shared_store) as session:
        mill, book = _start(session, targets)
        slow = Slow()
        for what, word, other in steps:
            if what == "join" and other is not None and slow.root[word] != slow.root[other]:
                book.join(_aim(session, slow.root[word]), _aim(session, slow.root[other]))
                slow.join(word, other)
            elif what == "part" and slow.root[word] != word:
                rows = session.query(AimWording).filter(
                    AimWording.confirmed_by.is_not(None), AimWording.wording == word
                )
                book.part(rows.one().id)
                slow.part(word)
            found = served_by(session, mill)
            assert {code: aims for code, aims in found.items() if code != "ALL"} == slow.served(targets)
        again = put_plan(session, session.get_one(put.Cluster, mill), [
            (f"T{number}", aims, ()) for number, aims in enumerate(targets)
        ])  # fmt: skip
        assert {outcome for _, outcome in again} == {Outcome.UNCHANGED}, "a later plan finds what was confirmed"


@EXAMPLES
@given(
    targets=_TARGETS,
    pairs=st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(WORDS)), max_size=3),
    order=st.randoms(use_true_random=False),
)
def test_the_order_of_confirmations_does_not_matter(
    shared_store: Store, targets: list[list[str]], pairs: list[tuple[str, str]], order: Random
) -> None:
    def together(shuffled: Sequence[tuple[str, str]]) -> set[frozenset[str]]:
        """Which targets serve the same aims, whatever these are called."""
        with taken_back(shared_store) as session:
            mill, book = _start(session, targets)
            slow = Slow()
            for keep, other in shuffled:
                if slow.root[keep] != slow.root[other]:
                    book.join(_aim(session, slow.root[keep]), _aim(session, slow.root[other]))
                    slow.join(keep, other)
            serving: dict[str, set[str]] = {}
            for code, aims in served_by(session, mill).items():
                for aim in aims:
                    serving.setdefault(aim, set()).add(code)
            return {frozenset(codes) for codes in serving.values()}

    shuffled = list(pairs)
    order.shuffle(shuffled)
    assert together(pairs) == together(shuffled)
