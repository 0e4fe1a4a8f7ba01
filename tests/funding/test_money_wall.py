"""The money page as its readers meet it, behind PostgreSQL’s wall too: a bursar whole, a headteacher in totals."""

import json
from datetime import date

from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.vocabulary import Mark, Part, Pot, Role, UseCode
from tests import builders as put
from tests.builders import AS_OF
from tests.conftest import NewStore
from tests.funding.test_spending import fill_inputs
from tests.visitors import SETTINGS, Visitor, account

MONEY = "/cluster/mill-cluster/money"


def test_what_each_reader_is_shown(new_store: NewStore) -> None:
    address = new_store()
    with whole_store(address) as store, Store(address) as walled:
        with store.writing() as session:
            for name in ("Mill Cluster", "Decoy Cluster"):
                cluster = put.cluster(session, name)
                ford = put.school(session, f"Ford of {name}", within=cluster)
                weir = put.school(session, f"Weir of {name}", within=cluster)
                fill_inputs(session, cluster, ford, weir)
                held = put.meeting(session, cluster, date(2016, 10, 5))
                put.mark(session, held, ford, Mark.PRESENT)
                target = put.target(session, cluster, "ART")
                put.aim(session, cluster, 1, target)
                put.line(session, cluster, 20_000, use=UseCode.A1, for_=target, at=held)
                put.line(session, cluster, 9_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=ford)
                if name == "Mill Cluster":
                    bursar = account(session, Role.BURSAR, cluster=cluster).fs_uniquifier
                    head = account(session, Role.HEADTEACHER, school=ford).fs_uniquifier
        app = create_app(walled, SETTINGS, lambda: AS_OF)
        coming = Visitor.signed_in(app, store, bursar)
        assert coming.get("/").headers["Location"] == MONEY, "the bursar lands there"
        whole = json.dumps(coming.show(MONEY), ensure_ascii=False)
        own = json.dumps(Visitor.signed_in(app, store, head).show(MONEY), ensure_ascii=False)
    for said in (whole, own):
        assert "could not be shown" not in said
        assert "Decoy" not in said
        assert "All of the £200 that the lead school spent serves a target of the plan." in said
        assert "All of the £200 that the lead school spent serves an aim of the cluster." in said
    for told in (
        "A meeting cost each school present £200 of what the lead school holds.",
        "£500 (release money), £100 (levy) and 1 hour 30 minutes; the programme £1,200 (held by the lead school)",
        "£80 was won from elsewhere", "£40 was raised for others.", "The one school used 1 of 5 half days.",
    ):  # fmt: skip
        assert told in whole
    assert "Your school used 1 of 5 half days." in own
    for hidden in ("Weir", "won from elsewhere", "raised for others", "cost each school present"):
        assert hidden not in own
