"""The panels of the plan's page over a small plan: what each says, where its marks and rows lead, and in totals."""

import json
from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pandas as pd
import pytest
from sqlalchemy.orm import Session

from dashboard.access import Scope
from dashboard.db import Store
from dashboard.directory.view import View
from dashboard.plans.panels import ON_PLAN_PAGE, ON_PLAN_PAGE_IN_TOTALS, PROMISED
from dashboard.plans.queries import load_changes, load_meetings_held
from dashboard.plans.sentences import say_board
from dashboard.ui.panel import Panel, show
from dashboard.ui.theme import DARK, ROOM_SCALE, Look
from dashboard.vocabulary import ActivityKind, CriterionState, MeetingKind, PlanCell, PlanChangeKind, TargetStatus
from tests import builders as put
from tests.builders import AS_OF, YEAR, taken_back

PANELS = {panel.id: panel for panel in ON_PLAN_PAGE}
LOOKS = (Look(), Look(narrow=True), Look(DARK, narrow=True), Look(scale=ROOM_SCALE, room=True))
MET, NOT_MET, NO_EVIDENCE = CriterionState.MET, CriterionState.NOT_MET, CriterionState.NO_EVIDENCE
PLAN = "/cluster/mill-cluster/plan"


@dataclass(frozen=True)
class Place:
    session: Session
    view: View
    head: View
    bare: View

    def data(self, panel: str, view: View | None = None) -> Any:
        return PANELS[panel].load(self.session, view or self.view)

    def table(self, panel: str, view: View | None = None) -> list[list[Any]]:
        rows: list[list[Any]] = PANELS[panel].table(self.data(panel, view)).to_numpy().tolist()
        return rows

    def headline(self, panel: str, view: View | None = None) -> str:
        return PANELS[panel].headline(self.data(panel, view), view or self.view)

    def links(self, panel: str) -> dict[Any, str]:
        return dict(PANELS[panel].links(self.data(panel)))


def said(shown: Any) -> str:
    return json.dumps(shown, default=lambda part: part.to_plotly_json(), ensure_ascii=False)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> Generator[Place]:
    store: Store = request.getfixturevalue(f"shared_{request.param}")
    with taken_back(store) as session:
        yield fill(session)


def fill(session: Session) -> Place:
    mill, bare, decoy = (put.cluster(session, f"{name} Cluster") for name in ("Mill", "Bare", "Decoy"))
    ford = put.school(session, within=mill)
    put.membership(session, bare, ford)
    for day, kind in (
        (date(2016, 10, 5), MeetingKind.CLUSTER), (date(2017, 2, 1), MeetingKind.STEERING_GROUP),
        (date(2017, 2, 20), MeetingKind.TRAINING), (AS_OF, MeetingKind.CLUSTER),
    ):  # fmt: skip
        put.meeting(session, mill, day).kind = kind
    session.flush()
    art = put.target(session, mill, "ART", title="Art for all", criteria=(MET, NOT_MET), due=date(2017, 2, 14))
    art.owner, art.review_on, art.activity = "Arts lead", date(2017, 3, 20), ActivityKind.DEVELOPMENT
    meetings = put.criterion(session, art, NOT_MET, 5, "Two meetings")
    meetings.number_wanted, meetings.number_reached = 2, 1
    shown = put.evidence(session, art, date(2017, 2, 17), "Photographs of the show")
    shown.criterion_id = meetings.id
    put.evidence(session, art, date(2016, 7, 1), "A show last summer").position = 2
    put.target(session, mill, "A/B?C", position=2, criteria=(MET,), due=date(2017, 4, 1), cells=tuple(PlanCell))
    put.target(session, mill, "SUMS", title="SUMS", position=3, due=date(2017, 6, 3))
    put.target(session, mill, "LATER", position=4, criteria=(NO_EVIDENCE,), due=date(2017, 3, 2), draft=True)
    put.plan(session, mill).dated = date(2016, 10, 3)
    put.aim(session, mill, 1, art)
    put.aim(session, decoy, 1)
    put.review(session, mill, date(2016, 12, 1), art)
    put.review(session, mill, date(2017, 1, 9), next_on=date(2017, 3, 27))
    put.change(session, art, PlanChangeKind.OWNER, date(2016, 11, 1), after="Arts lead")
    put.change(session, art, PlanChangeKind.CRITERION, date(2017, 2, 1), about="Two meetings", after={"state": "met"})
    put.change(session, art, PlanChangeKind.EVIDENCE_ADDED, date(2017, 2, 18), about="Photographs of the show")
    put.context(session, mill, date(2017, 1, 16), "The library van stops")
    put.context(session, mill, date(2015, 1, 16), "Long before")
    other = put.target(session, decoy, "DECOY", criteria=(MET,), evidence_on=(AS_OF,), due=date(2017, 3, 3))
    put.change(session, other, PlanChangeKind.TITLE, after="Decoy")
    put.review(session, decoy, AS_OF, other)
    put.context(session, decoy, date(2017, 1, 16), "Decoy")
    return Place(
        session,
        put.look_at(session, mill.slug),
        put.look_at(session, mill.slug, scope=Scope(school_ids=frozenset({ford.id}))),
        put.look_at(session, bare.slug),
    )


@pytest.mark.parametrize("panel", ON_PLAN_PAGE, ids=lambda panel: panel.id)
def test_every_panel_is_shown_in_every_look_and_says_why_it_is_empty(place: Place, panel: Panel[Any]) -> None:
    for look in LOOKS:
        for large in (False, True):
            full = show(panel, place.session, place.view, look, large=large, headed=True)
            assert full.missing is None
            assert full.headline.endswith(".")
            empty = show(panel, place.session, place.bare, look, large=large)
            assert empty.missing is not None
            for each in (full, empty):
                assert "could not be shown" not in said(each.card)
                assert "DECOY" not in said(each.card)
                assert "LATER" not in said(each.card), "a draft counts nowhere"


def test_the_board_has_a_card_for_each_target_under_its_status(place: Place) -> None:
    assert place.headline("plan-board") == "One of three targets is achieved; one is past its due date."
    board = PANELS["plan-board"].shows
    assert board is not None
    columns = board(place.data("plan-board")).children
    heads = [column.children[0].children for column in columns]
    assert [(head[1].strip(), head[2].children) for head in heads] == [
        ("Not started", "1"), ("In progress", "1"), ("Stalled", "0"), ("Achieved", "1"),
    ]  # fmt: skip
    assert [said(column.children[1]).count("board-card") for column in columns] == [1, 1, 0, 1]
    art = said(columns[1])
    for words in (
        "Art for all", "1 of 3 criteria met", "Last evidence: 12 days ago (17 February 2017)", "since 14 February 2017",
        "Overdue", "Owner: Arts lead", f'"{PLAN}/ART?year=2016-17"',
    ):  # fmt: skip
        assert words in art
    for words in ("No success criterion", "No evidence yet", "Due 3 June 2017", "No owner named"):
        assert words in said(columns[0])
    assert f"{PLAN}/A%2FB%3FC?year=2016-17" in said(columns[3]), "a code is one part of an address"
    assert place.table("plan-board")[0] == [
        "ART: Art for all", "◐ In progress", "1 of 3", 2, 0, "12 days ago (17 February 2017)",
        "14 February 2017, overdue", "Arts lead", "0 of 8",
    ]  # fmt: skip
    assert place.links("plan-board")[0] == f"{PLAN}/ART?year=2016-17"


@pytest.mark.parametrize(
    ("statuses", "told"),
    [
        (["achieved"], "The one target is achieved."),
        (["stalled"], "None of one target is achieved, one has stalled."),
        (["stalled", "stalled"], "None of two targets are achieved, two have stalled."),
        (["achieved", "achieved"], "All two targets are achieved."),
    ],
)
def test_where_few_targets_stand(statuses: list[str], told: str) -> None:
    assert say_board(pd.DataFrame({"status": [TargetStatus(each) for each in statuses], "due": None}), AS_OF) == told


def test_each_criterion_leads_to_where_it_stands_on_the_page_of_its_target(place: Place) -> None:
    assert place.table("plan-criteria") == [
        ["ART, 1: Done", "● met", "none", "none"],
        ["ART, 2: Done", "✕ not met", "none", "none"],
        ["ART, 3: Two meetings", "◉ 1 of 2 so far", "one piece", "17 February 2017"],
        ["A/B?C, 1: Done", "● met", "none", "none"],
    ]
    links = place.links("plan-criteria")
    assert [links[row] for row in (0, 2, 3)] == [
        f"{PLAN}/ART?year=2016-17#criterion-1", f"{PLAN}/ART?year=2016-17#criterion-3",
        f"{PLAN}/A%2FB%3FC?year=2016-17#criterion-1",
    ]  # fmt: skip
    draw = PANELS["plan-criteria"].draw
    assert draw is not None
    dots = draw(place.data("plan-criteria"), Look())
    assert [point[1] for trace in dots.data for point in trace.customdata] == [links[0], links[3], links[1], links[2]]


def test_the_days_of_the_year_in_their_order_with_what_happened_outside(place: Place) -> None:
    assert place.table("plan-timeline") == [
        ["ART: A show last summer", "1 July 2016", "evidence"],
        ["The date that the plan bears", "3 October 2016", "the plan’s own date"],
        ["Review 1 of ART: on track", "1 December 2016", "review held"],
        ["Review 1 of the plan: on track", "9 January 2017", "review held"],
        ["The library van stops", "16 January 2017", "outside the cluster"],
        ["ART was due and is not achieved", "14 February 2017", "due"],
        ["ART: Photographs of the show", "17 February 2017", "evidence"],
        ["ART is to be reviewed", "20 March 2017", "review planned"],
        ["The plan is to be reviewed", "27 March 2017", "review planned"],
        ["A/B?C is due", "1 April 2017", "due"],
        ["SUMS is due", "3 June 2017", "due"],
    ]
    assert place.headline("plan-timeline") == "Next, ART is to be reviewed on 20 March 2017."
    links = place.links("plan-timeline")
    assert (links[0], links.get(1), links.get(4)) == (f"{PLAN}/ART?year=2016-17", None, None)


def test_the_days_are_drawn_on_their_rows_and_the_one_before_the_year_at_its_edge(place: Place) -> None:
    draw, days = PANELS["plan-timeline"].draw, place.data("plan-timeline")
    assert draw is not None
    figure = draw(days, Look())
    assert list(days.rows) == ["The plan", "ART", "A/B?C", "SUMS"]
    dated, evidence, held, planned, due = figure.data
    assert (list(dated.x), list(dated.y)) == (["2016-10-03"], [0])
    assert (list(evidence.x), list(evidence.y)) == (["2016-09-01", "2017-02-17"], [1, 1])
    assert list(evidence.marker.symbol) == ["triangle-left", "circle"]
    assert evidence.customdata[0] == ["1 July 2016: ART: A show last summer", f"{PLAN}/ART?year=2016-17"]
    assert list(held.y) == [1, 0]
    assert list(planned.y) == [1, 0]
    assert list(due.y) == [1, 2, 3]
    texts = [each.text for each in figure.layout.annotations]
    assert texts == ["today, 1 March 2017", "↳ 16 January 2017: The library van stops"]
    assert [each.word for each in PANELS["plan-timeline"].key(days)] == [
        "the plan’s own date", "evidence", "reviewed", "to be reviewed", "due", "before or after the year",
        "what happened outside the cluster",
    ]  # fmt: skip


def test_what_changed_since_the_last_meeting_before_today_or_a_day_that_is_chosen(place: Place) -> None:
    assert place.headline("plan-changes") == "One target changed since the steering group on 1 February 2017: ART."
    told = place.data("plan-changes").told
    assert told == {"ART": ["Criterion 3 of ART is now met.", "One piece of evidence was added."]}
    assert [row[:2] for row in place.table("plan-changes")] == [
        ["ART", "“Two meetings” is now met"], ["ART", "Evidence added: “Photographs of the show”"],
    ]  # fmt: skip
    since = {
        date(2016, 9, 1): "One target changed since 1 September 2016: ART.",
        date(2016, 10, 5): "One target changed since the meeting on 5 October 2016: ART.",
        date(2017, 2, 2): "One target changed since 2 February 2017: ART.",
        date(2017, 2, 19): "Nothing changed in the plan since 19 February 2017.",
    }
    for when, headline in since.items():
        assert place.headline("plan-changes", replace(place.view, since=when)) == headline
    choice = said(show(PANELS["plan-changes"], place.session, place.view, Look()).card)
    for when in ("2016-10-05", "2016-09-01"):
        assert f'"{PLAN}?year=2016-17&since={when}"' in choice
    assert "2017-02-20" not in choice, "at a training nobody looks at the plan"


def test_a_headteacher_sees_the_plan_and_no_word_of_its_history(place: Place) -> None:
    assert "plan-changes" not in {panel.id for panel in ON_PLAN_PAGE_IN_TOTALS}
    for panel in ON_PLAN_PAGE_IN_TOTALS:
        assert said(place.table(panel.id, place.head)) == said(place.table(panel.id))
    years, scope = place.head.cluster_years, place.head.scope
    assert load_changes(place.session, scope, years, date(2010, 1, 1)).empty
    assert load_meetings_held(place.session, scope, years, AS_OF).empty


def test_a_school_is_told_what_is_overdue_and_what_is_due_next(place: Place) -> None:
    plan = PROMISED.load(place.session, place.head)
    assert PROMISED.headline(plan, place.head) == (
        "2 of 4 success criteria are met; two of three targets have no evidence yet. One target is overdue; next, "
        "SUMS is due on 3 June 2017."
    )
    assert list(PROMISED.table(plan)["Due"]) == ["14 February 2017, overdue", "1 April 2017", "3 June 2017"]
    with_own = plan.targets.assign(status=TargetStatus.ACHIEVED)
    assert PROMISED.headline(replace(plan, targets=with_own), place.head).endswith("no evidence yet.")


def test_another_year_has_another_plan(place: Place) -> None:
    before = replace(place.view, year=type(place.view.year)(YEAR - 1))
    assert show(PANELS["plan-board"], place.session, before, Look()).missing is not None
