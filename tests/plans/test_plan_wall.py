"""The plan's page as its readers meet it, behind PostgreSQL’s wall too: whole, in totals, and not at all."""

import json
from datetime import date

from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.vocabulary import CriterionState, PlanChangeKind, Role
from tests import builders as put
from tests.builders import AS_OF
from tests.conftest import NewStore
from tests.visitors import SETTINGS, Visitor, account

PLAN = "/cluster/mill-cluster/plan"


def test_what_each_reader_is_shown(new_store: NewStore) -> None:
    address = new_store()
    with whole_store(address) as store, Store(address) as walled:
        with store.writing() as session:
            for name in ("Mill Cluster", "Decoy Cluster"):
                cluster = put.cluster(session, name)
                ford = put.school(session, f"Ford of {name}", within=cluster)
                art = put.target(session, cluster, "ART", title=f"Art of {name}", criteria=(CriterionState.MET,))
                put.evidence(session, art, date(2017, 2, 17), f"Photographs of {name}")
                put.review(session, cluster, date(2017, 1, 9), art)
                put.plan(session, cluster).dated = date(2016, 10, 3)
                put.change(session, art, PlanChangeKind.TITLE, after=f"Art of {name}", before="Once called so")
                if name == "Mill Cluster":
                    people = {
                        Role.STEERING: account(session, Role.STEERING, cluster=cluster).fs_uniquifier,
                        Role.COORDINATOR: account(session, Role.COORDINATOR, cluster=cluster).fs_uniquifier,
                        Role.HEADTEACHER: account(session, Role.HEADTEACHER, school=ford).fs_uniquifier,
                        Role.BURSAR: account(session, Role.BURSAR, cluster=cluster).fs_uniquifier,
                    }
        app = create_app(walled, SETTINGS, lambda: AS_OF)
        coming = {role: Visitor.signed_in(app, store, unique) for role, unique in people.items()}
        assert coming.pop(Role.BURSAR).get(PLAN).status_code == 404
        said = {role: json.dumps(each.show(PLAN), ensure_ascii=False) for role, each in coming.items()}
        menu = coming[Role.STEERING].get(f"{PLAN}/one-page").text
    for words in said.values():
        assert "could not be shown" not in words
        assert "Decoy" not in words
        for told in (
            "The one target is achieved.", "Art of Mill Cluster", "Photographs of Mill Cluster", "Review 1 of ART",
            "The date that the plan bears", f'"{PLAN}/one-page?year=2016-17"', f'"{PLAN}/ART?year=2016-17"',
        ):  # fmt: skip
            assert told in words
    assert f'href="{PLAN}"' in menu, "whoever has no page of the cluster finds its plan in the menu"
    assert '"/cluster/mill-cluster?year=2016-17"' not in said[Role.STEERING]
    for role, words in said.items():
        history = role is not Role.HEADTEACHER
        assert ("is now called “Art of Mill Cluster”" in words) == history
        assert ("changes-since" in words) == history
