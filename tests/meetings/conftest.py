"""A cluster with a programme that wants four meetings, a decoy that shares a school with it, and people for both."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import pytest
from dash import Dash

from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import Account, AccountGrant
from dashboard.vocabulary import Mark, MeetingKind, Role
from tests import builders as put
from tests.visitors import SETTINGS, Visitor, account

TODAY: Final = date(2017, 3, 1)
MILL: Final = "/cluster/mill-cluster"


@dataclass(frozen=True)
class House:
    """The application behind PostgreSQL's wall, and the numbers of what is in its store."""

    app: Dash
    store: Store
    mill: int
    decoy: int
    ford: int
    held: int
    planned: int
    of_the_decoy: int

    def account(self, *roles: Role, school: int | None = None) -> Account:
        """Somebody with roles at the Mill Cluster or, as a headteacher, at Ford School."""
        with self.store.writing() as session:
            made = account(session)
            for role in roles:
                grant = AccountGrant(role=role)
                if role in {Role.COORDINATOR, Role.STEERING}:
                    grant.cluster_id = self.mill
                if role is Role.HEADTEACHER:
                    grant.school_id = school or self.ford
                made.grants.append(grant)
            session.flush()
            session.expunge_all()
            return made

    def comes(self, of: Account) -> Visitor:
        return Visitor.signed_in(self.app, self.store, of.fs_uniquifier)

    def coordinator(self) -> Visitor:
        return self.comes(self.account(Role.COORDINATOR))


@pytest.fixture
def house(store: Store, walled: Store, monkeypatch: pytest.MonkeyPatch) -> House:
    for module in ("places", "pages"):
        monkeypatch.setattr(f"dashboard.meetings.{module}.today", lambda: TODAY)
    with store.writing() as session:
        river = put.programme(session, "River", meetings_minimum="4")
        mill, decoy = put.cluster(session, "Mill Cluster", under=river), put.cluster(session, "Decoy Cluster")
        ford = put.school(session, "Ford School", within=mill)
        put.school(session, "Weir School", within=mill)
        shared = put.school(session, "Shared School", within=mill)
        put.membership(session, decoy, shared)
        put.school(session, "Decoy School", within=decoy)
        held = put.meeting(session, mill, date(2016, 11, 9), ford_school=Mark.PRESENT, weir_school=Mark.ABSENT)
        planned = put.meeting(session, mill, date(2017, 5, 10))
        put.meeting(session, mill, date(2016, 10, 4), MeetingKind.STEERING_GROUP)
        of_the_decoy = put.meeting(session, decoy, date(2017, 3, 9), shared_school=Mark.PRESENT)
        of_the_decoy.title = "Decoy business"
        numbers = (mill.id, decoy.id, ford.id, held.id, planned.id, of_the_decoy.id)
    return House(create_app(walled, SETTINGS, lambda: TODAY), store, *numbers)
