"""The application as a browser meets it: addresses, callbacks, ids, failures."""

import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from dash import Dash
from sqlalchemy.orm import Session

from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.directory.view import View
from dashboard.engagement.panels import REGISTER
from dashboard.funding.panels import SPEND_AGAINST_ALLOCATION
from dashboard.main import create_app
from dashboard.models import School
from dashboard.plans.panels import PROGRESS
from dashboard.screens.ways_on import LEADING_CHARTS
from dashboard.vocabulary import ActivityKind, CriterionState, Mark, Part, Pot
from tests import builders as put
from tests.plain_pages import BEHIND_THE_WALL
from tests.visitors import DISPLAY, SETTINGS, Visitor

pytestmark = BEHIND_THE_WALL

TODAY = date(2017, 3, 1)
ADDRESSES = (
    "/", "/cluster/mill-cluster", "/school/ford-school", "/screen/mill-cluster", "/cluster/mill-cluster/money",
    "/cluster/mill-cluster/plan",
)  # fmt: skip
GRAPHS = dict(zip(ADDRESSES, (0, 4, 3, 3, 9, 3), strict=True))
CHARTS = {"engagement-heatmap", "funding-spend-against-allocation", "plan-progress"}


def app_of(store: Store) -> Dash:
    return create_app(store, SETTINGS, lambda: TODAY)


@pytest.fixture
def filled(store: Store) -> Store:
    """One cluster with everything in two years, and one without any data."""
    with store.writing() as session:
        mill = put.cluster(session)
        ford, weir = put.school(session, within=mill), put.school(session, "Weir School", within=mill)
        put.school(session, "Lone School")
        put.cluster(session, "Bare Cluster")
        for year in (2015, 2016):
            for member in (ford, weir):
                put.allocation(session, mill, 50_000, year=year, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=member)
            held = put.meeting(session, mill, date(year, 10, 4), ford_school=Mark.PRESENT, weir_school=Mark.ABSENT)
            put.allocation(session, mill, 100_000 + year, year=year)
            put.line(session, mill, 40_025, year=year, at=held)
            target = put.target(session, mill, f"Reading {year}", year=year, criteria=(CriterionState.MET,))
            put.evidence(session, target, date(year, 11, 1))
            target.activity = ActivityKind.DEVELOPMENT
    return store


def visit(app: Dash, path: str, search: str = "", display: object = DISPLAY) -> Any:
    """What the server's one page callback answers to somebody who looks around as a director."""
    answer = Visitor.guest(app).show(path, search, display)
    answer["page"]["children"] = opened(answer["page"]["children"])
    return answer


def opened(still: dict[str, Any]) -> Any:
    """A page as it is before its plain elements become one component."""
    assert still["type"] == "Still"
    live = still["props"]["children"]

    def component(part: Any) -> Any:
        if isinstance(part, dict):
            return live[part["live"]]
        if not isinstance(part, list):
            return part
        tag, attributes, *inside = part
        children = [component(each) for each in inside]
        return {"type": tag, "props": {**(attributes or {}), "children": children}} if tag else children

    return component(still["props"]["tree"])


def walk(tree: Any) -> Iterator[dict[str, Any]]:
    """Every component of a page."""
    if isinstance(tree, list):
        for each in tree:
            yield from walk(each)
    elif isinstance(tree, dict):
        if "props" in tree and "type" in tree:
            yield tree
        for each in tree.values():
            yield from walk(each)


def ids(tree: Any) -> set[str]:
    return {each["props"]["id"] for each in walk(tree) if "id" in each["props"]}


def words(tree: Any) -> str:
    """All text of a page, in order."""
    if isinstance(tree, str):
        return tree
    if isinstance(tree, list):
        return " ".join(words(each) for each in tree)
    return words(tree["props"].get("children")) if isinstance(tree, dict) and "props" in tree else ""


def text_of(app: Dash, path: str, search: str = "") -> str:
    return " ".join(words(visit(app, path, search)["page"]["children"]).split())


def dependencies(app: Dash) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(Visitor.guest(app).get("/_dash-dependencies").data)
    return found


def touched(app: Dash) -> set[str]:
    """The ids that callbacks read or write."""
    used = set()
    for callback in dependencies(app):
        used |= {each["id"] for each in [*callback["inputs"], *callback["state"]]}
        outputs = callback["output"].strip(".").split("...")
        used |= {each.rsplit(".", 1)[0] for each in outputs}
    return used


def layout(app: Dash) -> Any:
    return json.loads(Visitor.guest(app).get("/_dash-layout").data)


def test_two_applications_in_one_process_both_have_their_callbacks(store: Store) -> None:
    first, second = app_of(store), app_of(store)
    assert len(dependencies(first)) == len(dependencies(second)) == 4 + len(LEADING_CHARTS)
    for app in (first, second):
        assert "There is no cluster in this store." in text_of(app, "/")


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/", {"overview-clusters"}),
        ("/cluster/mill-cluster", CHARTS),
        ("/screen/mill-cluster", CHARTS),
        ("/school/ford-school", {"school-register", "school-release", "school-plan"}),
        ("/cluster/mill-cluster/plan", {"plan-criteria", "plan-timeline", "plan-balance"}),
        (
            "/cluster/mill-cluster/money",
            {
                "funding-spend-against-allocation",
                "funding-course",
                "funding-by-use",
                "funding-by-school",
                "funding-by-target",
                "funding-roll-over",
                "funding-release",
                "funding-meetings",
                "funding-match",
            },
        ),
    ],
)
def test_each_address_shows_its_charts(filled: Store, path: str, wanted: set[str]) -> None:
    assert wanted <= ids(visit(app_of(filled), path)["page"]["children"])


def test_every_id_of_a_callback_is_on_the_shell_or_a_page(filled: Store) -> None:
    with filled.writing() as session:
        for number in range(4):  # enough clusters for the chart of all of them
            cluster = put.cluster(session, f"Cluster {number}")
            put.register(session, cluster, put.school(session, f"School {number}", within=cluster), "PPP")
        session.execute(sa.update(School).values(latitude=51.0 + School.id / 100, longitude=-1.8))
    app = app_of(filled)
    there = ids(layout(app)).union(*(ids(visit(app, path)) for path in ADDRESSES))
    there |= ids(visit(app, "/", "?show=compare")) | ids(visit(app, "/", "?show=map"))
    assert touched(app) <= there


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_callback_waits_for_an_element_that_stands_still(filled: Store, path: str) -> None:
    app = app_of(filled)
    still = {
        each["props"]["id"]
        for each in walk(visit(app, path)["page"]["children"])
        if "id" in each["props"] and "namespace" not in each
    }
    assert still, "each page names its headings"
    assert not still & touched(app)


@pytest.mark.parametrize("path", ADDRESSES)
def test_no_id_stands_twice_on_a_page(filled: Store, path: str) -> None:
    app = app_of(filled)
    found = [
        each["props"]["id"] for tree in (layout(app), visit(app, path)) for each in walk(tree) if "id" in each["props"]
    ]
    assert len(found) == len(set(found))


@pytest.mark.parametrize("path", ADDRESSES)
@pytest.mark.parametrize("display", [None, {"theme": "dark", "narrow": True}, "nonsense"])
def test_no_chart_offers_to_send_its_figures_away(filled: Store, path: str, display: object) -> None:
    graphs = [each for each in walk(visit(app_of(filled), path, display=display)) if each["type"] == "Graph"]
    assert len(graphs) == GRAPHS[path]
    for each in graphs:
        assert each["props"]["config"]["showSendToCloud"] is False
        assert not each["props"]["config"].get("plotlyServerURL")


@pytest.mark.parametrize("path", [*ADDRESSES, "/cluster/mill-cluster/"])
def test_an_address_that_is_there_answers_200(filled: Store, path: str) -> None:
    assert Visitor.guest(app_of(filled)).get(path).status_code == 200


@pytest.mark.parametrize(
    "path", ["/nowhere", "/cluster", "/cluster/nobody", "/school/nobody", "/screen/ford-school", "/cluster/a/b"]
)
def test_an_unknown_address_answers_404_and_says_so(filled: Store, path: str) -> None:
    app = app_of(filled)
    assert Visitor.guest(app).get(path).status_code == 404
    answer = visit(app, path)
    assert "There is nothing at this address" in words(answer["page"]["children"])
    assert answer["window-title"]["data"] == "Nothing here"


@pytest.mark.parametrize("path", ["/cluster/mill-cluster", "/school/ford-school", "/screen/mill-cluster"])
@pytest.mark.parametrize(
    ("search", "year"), [("", "2016-17"), ("?year=2015-16", "2015-16"), ("?year=2015/16&a=b", "2015-16")]
)
def test_a_copied_address_shows_its_year(filled: Store, path: str, search: str, year: str) -> None:
    text = text_of(app_of(filled), path, search)
    assert f"cademic year {year}" in text
    page = json.dumps(visit(app_of(filled), path, search))
    other = "2015" if year == "2016-17" else "2016"
    assert f"Reading {year[:4]}" in page
    assert f"Reading {other}" not in page


def test_the_overview_of_one_year(filled: Store) -> None:
    assert "in 2015-16" in text_of(app_of(filled), "/", "?year=2015-16")
    assert "each in its latest year" in text_of(app_of(filled), "/")


def test_a_year_that_is_none_is_the_latest(filled: Store) -> None:
    assert "academic year 2016-17" in text_of(app_of(filled), "/cluster/mill-cluster", "?year=soon")


def test_the_screen_has_no_menus(filled: Store) -> None:
    app = app_of(filled)
    assert visit(app, "/screen/mill-cluster")["shell"]["className"] == "shell bare"
    assert visit(app, "/cluster/mill-cluster")["shell"]["className"] == "shell"


def test_health(store: Store) -> None:
    client = app_of(store).server.test_client()
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)


def test_a_store_without_a_schema_is_alive_but_not_ready(store: Store) -> None:
    with store.engine.connect().execution_options(as_owner=True) as connection, connection.begin():
        connection.execute(sa.text("DROP TABLE alembic_version"))
    client = app_of(store).server.test_client()
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)


def test_a_store_that_cannot_be_reached_is_alive_but_not_ready(caplog: pytest.LogCaptureFixture) -> None:
    unreachable = whole_store("postgresql://nobody@127.0.0.1:1/nothing")
    client = app_of(unreachable).server.test_client()
    with caplog.at_level(logging.CRITICAL):
        assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)
    unreachable.close()


def raise_error(*_args: object) -> Any:
    raise ZeroDivisionError("secret words")


def ask_for_what_is_not_there(session: Session, _view: View) -> Any:
    session.execute(sa.text("SELECT nothing FROM nowhere"))


@pytest.mark.parametrize("failure", [raise_error, ask_for_what_is_not_there])
@pytest.mark.parametrize("failing", [REGISTER, SPEND_AGAINST_ALLOCATION, PROGRESS], ids=lambda panel: panel.id)
def test_a_panel_that_fails_says_so_and_the_others_stand(
    filled: Store, monkeypatch: pytest.MonkeyPatch, failing: Any, failure: Any
) -> None:
    panels = (REGISTER, SPEND_AGAINST_ALLOCATION, PROGRESS)
    broken = tuple(replace(panel, load=failure) if panel is failing else panel for panel in panels)
    monkeypatch.setattr("dashboard.screens.cluster.PANELS", broken)
    page = visit(app_of(filled), "/cluster/mill-cluster")["page"]["children"]
    assert CHARTS & ids(page) == CHARTS - {failing.id}
    text = words(page)
    assert "This part could not be shown." in text
    assert "Reference " in text
    assert "secret words" not in text
    assert "nowhere" not in text


def test_a_page_that_fails_says_so_with_a_reference(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.screens.cluster.view_cluster", raise_error)
    text = text_of(app_of(filled), "/cluster/mill-cluster")
    assert "This page could not be shown." in text
    assert "Reference " in text
    assert "secret words" not in text


def test_a_failing_query_leaves_the_rest_of_the_page(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dashboard.engagement.queries.load_attendance_by_school", raise_error)
    page = visit(app_of(filled), "/cluster/mill-cluster")["page"]["children"]
    assert CHARTS & ids(page) == CHARTS - {"engagement-heatmap"}


def test_an_empty_store_says_what_to_do(store: Store) -> None:
    app = app_of(store)
    assert Visitor.guest(app).get("/").status_code == 200
    text = text_of(app, "/")
    assert "There is no cluster in this store." in text
    assert "import clusters" in text
    assert "could not be shown" not in text


@pytest.mark.parametrize("path", ["/cluster/bare-cluster", "/screen/bare-cluster"])
def test_a_cluster_without_data_says_what_is_missing(filled: Store, path: str) -> None:
    text = text_of(app_of(filled), path)
    for missing in ("No meetings are recorded", "No money is recorded", "No development plan is recorded"):
        assert f"{missing} for 2016-17." in text
    assert "python -m" not in text, "whoever reads this may run nothing"
    assert "could not be shown" not in text


def test_a_school_without_a_cluster_says_so(filled: Store) -> None:
    text = text_of(app_of(filled), "/school/lone-school")
    assert "This school belongs to no cluster you can see." in text


@pytest.mark.parametrize("year", ["1900-01", "9998-99", "9999-00", "0000-01"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_any_year_that_can_be_written_can_be_shown(filled: Store, path: str, year: str) -> None:
    text = text_of(app_of(filled), path, f"?year={year}")
    assert "could not be shown" not in text


def test_a_school_of_two_clusters_is_shown_in_either(filled: Store) -> None:
    with filled.writing() as session:
        other = put.cluster(session, "Weir Cluster")
        ford = session.query(School).filter_by(slug="ford-school").one()
        put.membership(session, other, ford, joined=date(2016, 9, 1))
        put.meeting(session, other, date(2016, 11, 1), ford_school=Mark.ABSENT)
    app = app_of(filled)
    assert "You did not come to the one meeting." in text_of(app, "/school/ford-school", "?year=2016-17")
    page = visit(app, "/school/ford-school", "?cluster=mill-cluster&year=2016-17")["page"]["children"]
    assert "You came to the one meeting; the one other school came to 0\N{NO-BREAK SPACE}%." in words(page)
    links = {each["props"]["href"] for each in walk(page) if each["type"] == "Link"}
    assert "/school/ford-school?cluster=weir-cluster" in links
    assert "/school/ford-school?year=2015-16&cluster=mill-cluster" in links
    assert "Weir Cluster" not in text_of(app, "/school/weir-school")
    of_mill = visit(app, "/cluster/mill-cluster", "?year=2016-17")["page"]["children"]
    assert any("cluster=mill-cluster" in each["props"].get("href", "") for each in walk(of_mill))
