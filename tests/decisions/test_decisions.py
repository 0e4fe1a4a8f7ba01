"""Decisions: who notes and ticks them, what is refused, what the audit holds. On both databases, behind the wall."""

import json
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any, Final

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, NOTHING, Scope, reading, writing
from dashboard.audit import Actor
from dashboard.db import Session, Store
from dashboard.decisions.commands import DecisionBook, DecisionRefused, DecisionSaid, NoSuchDecision
from dashboard.decisions.queries import DecisionFacts, load_decisions
from dashboard.decisions.words import About
from dashboard.models import Cluster
from dashboard.shown_figures import ShownFigure
from tests import builders as put
from tests.accounts.places import Places, events, settled

TODAY: Final = date(2017, 3, 1)
ACTOR: Final = Actor("coordinator", "192.0.2.7")
SECRET: Final = "Buy together, as the bursar of Ford asked"
FIGURES: Final = (ShownFigure("Income, Ford", "3,184", "pounds"), ShownFigure("Income, Weir", "not supplied", "pounds"))


@pytest.fixture
def at(store: Store) -> Places:
    return settled(store)


def mill(at: Places) -> Scope:
    return Scope(cluster_ids=frozenset({at.mill}))


def as_writer(walled: Store, scope: Scope, do: Callable[[DecisionBook], Any], on: date = TODAY) -> Any:
    with writing(walled, scope) as session:
        return do(DecisionBook(session, ACTOR, scope, on))


def note(walled: Store, at: Places, scope: Scope | None = None, **said: Any) -> int:
    given = DecisionSaid(**{"decided_on": TODAY, "words": SECRET, **said})
    number: int = as_writer(
        walled, scope or mill(at),
        lambda book: book.note(at.mill, given, about=About.OPEN_BOOK, year=AcademicYear(2016), figures=FIGURES),
    )  # fmt: skip
    return number


def listed(walled: Store, at: Places, scope: Scope | None = None) -> list[DecisionFacts]:
    chosen = scope if scope is not None else mill(at)
    with reading(walled, chosen) as session:
        return load_decisions(session, chosen, at.mill, about=About.OPEN_BOOK)


def test_a_decision_is_kept_with_its_figures_and_the_audit_holds_no_word_of_it(
    store: Store, walled: Store, at: Places
) -> None:
    number = note(walled, at, owner="bursar", due_on=TODAY + timedelta(30))
    (row,) = listed(walled, at)
    assert (row.decision_id, row.words, row.owner, row.year, row.figures) == (number, SECRET, "bursar", 2016, FIGURES)
    assert [row.is_late(TODAY + timedelta(days)) for days in (30, 31)] == [False, True]
    (event,) = events(store)
    assert (event.action, event.object_kind, event.object_key, event.cluster_id) == (
        "note", "decision", str(number), at.mill,
    )  # fmt: skip
    assert event.after == {
        "decided_on": "2017-03-01", "kind": "decision", "about": "open book", "year": 2016, "owner": "bursar",
        "due_on": "2017-03-31", "done_on": None, "meeting_id": None, "figures": 2,
    }  # fmt: skip
    assert SECRET not in json.dumps(event.after)


def test_it_belongs_to_the_one_meeting_of_that_day(store: Store, walled: Store, at: Places) -> None:
    def hold(session: Session, day: date, **said: Any) -> int:
        return put.meeting(session, session.get_one(Cluster, at.mill), day, **said).id

    with store.writing() as session:
        put.meeting(session, session.get_one(Cluster, at.weir), date(2017, 2, 1))
        number = hold(session, date(2017, 2, 2))
    note(walled, at, decided_on=date(2017, 2, 1))
    note(walled, at, decided_on=date(2017, 2, 2))
    assert [row.meeting_id for row in listed(walled, at)] == [number, None]


def test_what_is_to_be_done_comes_first_and_a_tick_can_be_taken_back(store: Store, walled: Store, at: Places) -> None:
    first, second = note(walled, at, decided_on=date(2017, 2, 1)), note(walled, at, decided_on=date(2017, 2, 2))
    as_writer(walled, mill(at), lambda book: book.tick("mill-cluster", second, done=True))
    assert [(row.decision_id, row.done_on) for row in listed(walled, at)] == [(first, None), (second, TODAY)]
    as_writer(walled, mill(at), lambda book: book.tick("mill-cluster", second, done=True))
    as_writer(walled, mill(at), lambda book: book.tick("mill-cluster", second, done=False))
    assert [row.decision_id for row in listed(walled, at)] == [second, first]
    told = [(each.action, each.before, each.after) for each in events(store)[2:]]
    assert told == [
        ("tick", {"done_on": None}, {"done_on": "2017-03-01"}),
        ("take tick back", {"done_on": "2017-03-01"}, {"done_on": None}),
    ]


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"words": " "}, "words"),
        ({"words": "x" * 1001}, "words"),
        ({"decided_on": TODAY + timedelta(1)}, "decided_on"),
        ({"decided_on": date(1999, 12, 31)}, "decided_on"),
        ({"owner": "somebody by name"}, "owner"),
        ({"due_on": TODAY - timedelta(1)}, "due_on"),
        ({"due_on": TODAY + timedelta(2000)}, "due_on"),
    ],
)
def test_what_makes_no_sense_is_refused(
    store: Store, walled: Store, at: Places, said: dict[str, Any], field: str
) -> None:
    with pytest.raises(DecisionRefused) as refusal:
        note(walled, at, **said)
    assert (refusal.value.field, listed(walled, at), events(store)) == (field, [], [])


def test_nobody_notes_ticks_or_reads_in_another_cluster(store: Store, walled: Store, at: Places) -> None:
    number = note(walled, at)
    others = (Scope(cluster_ids=frozenset({at.weir})), Scope(school_ids=frozenset({at.mill_school})), NOTHING)
    for scope in others:
        with pytest.raises(NoSuchDecision):
            note(walled, at, scope)
        for slug in ("mill-cluster", "weir-cluster"):
            with pytest.raises(NoSuchDecision):
                as_writer(walled, scope, lambda book, slug=slug: book.tick(slug, number, done=True))
        assert listed(walled, at, scope) == []
    with pytest.raises(NoSuchDecision):
        as_writer(walled, EVERYTHING, lambda book: book.tick("weir-cluster", number, done=True))
    assert [row.done_on for row in listed(walled, at)] == [None]
    assert len(events(store)) == 1
