"""The steering group's screen, which a whole room reads."""

import json
from datetime import date, timedelta

import pytest

from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import Decision, Person, PersonMark
from dashboard.vocabulary import CriterionState, Mark, Role
from tests import builders as put
from tests.builders import AS_OF
from tests.conftest import NewStore
from tests.visitors import SETTINGS, Visitor, account, screen_link


@pytest.mark.parametrize("narrow", [False, True])
def test_the_steering_groups_screen_names_nobody(new_store: NewStore, narrow: bool) -> None:
    """Initials stand in cells that are there for something else (2.6, 2.7), owners and notes hold names."""
    address = new_store()
    with whole_store(address) as store, Store(address) as walled:
        with store.writing() as session:
            cluster = put.cluster(session)
            school = put.school(session, "Ford School", within=cluster)
            held = put.meeting(session, cluster, date(2016, 10, 5), ford_school=Mark.PRESENT)
            target = put.target(session, cluster, "SCIENCE", title="Science", criteria=(CriterionState.NO_EVIDENCE,))
            target.owner = "Jo Bloggs"
            put.criterion(session, target, CriterionState.MET, 2, "Jo Bloggs to lead")
            put.evidence(session, target, AS_OF, "Jo Bloggs said so")
            put.line(session, cluster, 100).description = "Cover for Jo Bloggs"
            person = put.put(session, Person(name="Jo Bloggs", initials="JB"))
            mark = PersonMark(meeting_id=held.id, school_id=school.id, person_id=person.id, mark=Mark.ABSENT)
            put.put(session, mark)
            unique = account(session, Role.STEERING, cluster=cluster).fs_uniquifier
        coming = Visitor.signed_in(create_app(walled, SETTINGS, lambda: AS_OF), store, unique)
        said = json.dumps(coming.show("/screen/mill-cluster", display={"theme": "light", "narrow": narrow}))
    assert "Science" in said
    assert "Bloggs" not in said


def test_a_rooms_link_tells_that_something_is_open_and_not_what_it_says(new_store: NewStore) -> None:
    """Whoever stands before the wall reads the screen; what was written of decisions is for those who may see those."""
    address = new_store()
    with whole_store(address) as store, Store(address) as walled:
        with store.writing() as session:
            cluster, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
            for of, words in ((cluster, "Ask Jo Bloggs to step in"), (decoy, "Decoy")):
                put.put(session, Decision(
                    cluster_id=of.id, decided_on=AS_OF, words=words, about="plan", noted_as="x", owner="chair",
                    due_on=AS_OF + timedelta(2),
                ))  # fmt: skip
            unique = account(session, Role.STEERING, cluster=cluster).fs_uniquifier
            link = screen_link(session, cluster).id
        app = create_app(walled, SETTINGS, lambda: AS_OF)
        wall = json.dumps(Visitor.by_link(app, store, link).show("/screen/mill-cluster"))
        group = json.dumps(Visitor.signed_in(app, store, unique).show("/screen/mill-cluster"))
    assert "Jo Bloggs" not in wall
    assert "Decision of 1 March 2017" in wall
    assert "Chair to see to it, by 3 March 2017" in wall
    assert '"data-do": "note"' not in wall
    assert group.count("Ask Jo Bloggs to step in") == 2, "to decide, and among the dates"
    assert '"data-do": "note"' in group
    assert "Decoy" not in wall + group
