"""The steering group's screen, which a whole room reads."""

import json
from datetime import date

import pytest

from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.models import Person, PersonMark
from dashboard.vocabulary import CriterionState, Mark, Role
from tests import builders as put
from tests.builders import AS_OF
from tests.conftest import NewStore
from tests.visitors import SETTINGS, Visitor, account


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
