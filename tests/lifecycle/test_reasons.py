"""Reasons in the store: a coordinator's transaction may write one, and reads none on PostgreSQL whatever it asks."""

from datetime import date

import sqlalchemy as sa

from dashboard import access
from dashboard.access import Action, Object, Scope, scope_for
from dashboard.audit import Actor
from dashboard.db import Store
from dashboard.lifecycle.commands import EventBook, Said
from dashboard.lifecycle.queries import load_reasons
from dashboard.lifecycle.telling import Telling
from dashboard.models import LifecycleReason
from dashboard.vocabulary import Role
from tests.lifecycle.conftest import Places

TODAY = date(2017, 3, 1)


def seen_by(store: Store, scope: Scope) -> list[str]:
    with access.reading(store, scope) as session:
        return [each.reason for each in load_reasons(session, scope)]


def test_who_reads_a_reason_that_a_coordinator_wrote(store: Store, walled: Store, at: Places) -> None:
    scopes = {role: scope_for(at.reader(role), Action.SEE, Object.REASONS) for role in Role}
    edits = scope_for(at.reader(Role.COORDINATOR), Action.EDIT, Object.LIFECYCLE)
    with access.writing(walled, edits) as session:
        book = EventBook(session, Actor("coordinator", "192.0.2.7"), edits, at.mill, TODAY)
        said = Said(date(2017, 1, 5), at.ford, until=date(2017, 2, 1), reason="maternity")
        book.record(Telling.SABBATICAL, said)
    assert {role for role in Role if seen_by(walled, scopes[role])} == {Role.DIRECTOR}
    assert seen_by(walled, scopes[Role.DIRECTOR]) == ["maternity"]
    if store.is_postgresql:
        # The second wall, past every query of ours: those who edit, and those who have a school.
        for scope in (edits, Scope(school_ids=frozenset({at.ford}))):
            with access.reading(walled, scope) as session:
                assert session.scalars(sa.select(LifecycleReason.reason)).all() == []


def test_the_director_of_another_programme_reads_none(store: Store, walled: Store, at: Places) -> None:
    with store.writing() as session:
        book = EventBook(session, Actor("x", "x"), access.EVERYTHING, at.decoy, TODAY)
        book.record(Telling.DISENGAGED, Said(date(2017, 1, 5), at.decoy_school, reason="quarrel"))
    assert seen_by(walled, scope_for(at.reader(Role.DIRECTOR), Action.SEE, Object.REASONS)) == []
