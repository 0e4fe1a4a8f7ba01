"""The panels of the money page over a small ledger: what each says, and that its table holds the same sums."""

import json
from collections.abc import Generator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy.orm import Session

from dashboard.access import EVERYTHING, Scope
from dashboard.db import Store
from dashboard.directory.view import View
from dashboard.funding.forecast import Forecast, Silence
from dashboard.funding.panels import ON_MONEY_PAGE, ON_MONEY_PAGE_IN_TOTALS
from dashboard.ui.panel import Panel, show
from dashboard.ui.theme import DARK, ROOM_SCALE, Look
from dashboard.vocabulary import (
    ContributionKind,
    ContributionState,
    LinePurpose,
    LineState,
    Mark,
    OutsideKind,
    OutsideState,
    Part,
    Pot,
    UseCode,
)
from tests import builders as put
from tests.builders import AS_OF, YEAR, taken_back

PANELS = {panel.id: panel for panel in ON_MONEY_PAGE}
LOOKS = (Look(), Look(narrow=True), Look(DARK, narrow=True), Look(scale=ROOM_SCALE, room=True))


@dataclass(frozen=True)
class Place:
    session: Session
    view: View
    head: View
    bare: View
    """Of a cluster in which nothing is recorded."""

    def table(self, panel: str, view: View | None = None) -> list[dict[str, Any]]:
        data = PANELS[panel].load(self.session, view or self.view)
        rows: list[dict[str, Any]] = PANELS[panel].table(data).to_dict("records")
        return rows

    def headline(self, panel: str, view: View | None = None) -> str:
        return PANELS[panel].headline(PANELS[panel].load(self.session, view or self.view), view or self.view)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest) -> Generator[Place]:
    store: Store = request.getfixturevalue(f"shared_{request.param}")
    with taken_back(store) as session:
        yield fill(session)


def fill(session: Session) -> Place:
    mill, bare = put.cluster(session), put.cluster(session, "Bare Cluster")
    ford, weir = put.school(session, within=mill), put.school(session, "Weir School", within=mill)
    put.membership(session, bare, weir)
    first = put.meeting(session, mill, date(2016, 10, 5), ford_school=Mark.PRESENT, weir_school=Mark.SUBSTITUTE)
    put.meeting(session, mill, date(2016, 11, 9), ford_school=Mark.PRESENT, weir_school=Mark.ABSENT)
    art, maths = put.target(session, mill, "ART"), put.target(session, mill, "MATHS", title="Sums", position=2)
    put.aim(session, mill, 1, art)
    put.aim(session, mill, 2, art)
    assert maths
    put.allocation(session, mill, 9_000, year=YEAR - 1)
    put.allocation(session, mill, 100_000, illustrative=True)
    put.allocation(session, mill, 12_000, part=Part.FINANCE_ALLOWANCE)
    put.line(session, mill, 20_000, on=date(2016, 10, 6), use=UseCode.A1, for_=art, at=first)
    put.line(session, mill, 5_050, on=date(2016, 12, 1), use=UseCode.A5, purpose=LinePurpose.CPD_SESSION, for_=maths)
    put.line(session, mill, 1_000, dated=False)
    put.line(session, mill, 4_000, LineState.COMMITTED, use=UseCode.A1)
    put.line(session, mill, 12_000, part=Part.FINANCE_ALLOWANCE, on=date(2017, 1, 9))
    for school, days in ((ford, 2), (weir, 0)):
        put.allocation(session, mill, 50_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=school)
        for _ in range(days):
            put.line(session, mill, 9_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=school, at=first)
    put.contribution(session, mill, ford, ContributionKind.LEVY, 5_000)
    put.contribution(session, mill, weir, ContributionKind.LEVY, 5_000, state=ContributionState.AGREED)
    put.contribution(session, mill, weir, ContributionKind.CASH, 800, state=ContributionState.WAIVED)
    put.contribution(session, mill, ford, ContributionKind.TIME_IN_KIND, minutes=90)
    put.outside(session, mill, "A fund", asked=90_000, won=80_000, received=40_000)
    put.outside(session, mill, "Another fund", state=OutsideState.APPLIED, asked=5_000)
    put.outside(session, mill, "A hospice", OutsideKind.CHARITY, OutsideState.RAISED, won=4_000)
    view = put.look_at(session, mill.slug, scope=EVERYTHING)
    head = put.look_at(session, mill.slug, scope=Scope(school_ids=frozenset({ford.id})))
    ledger = {"opens_ledger": True}
    return Place(
        session, replace(view, **ledger), replace(head, **ledger), put.look_at(session, bare.slug, scope=EVERYTHING)
    )


@pytest.mark.parametrize("panel", ON_MONEY_PAGE, ids=lambda panel: panel.id)
def test_every_panel_is_shown_in_every_look_and_says_why_it_is_empty(place: Place, panel: Panel[Any]) -> None:
    for look in LOOKS:
        for large in (False, True):
            full = show(panel, place.session, place.view, look, large=large, headed=True)
            assert full.missing is None
            assert full.headline.endswith(".")
            empty = show(panel, place.session, place.bare, look, large=large)
            assert empty.missing is not None
            for each in (full, empty):
                assert "could not be shown" not in json.dumps(each.card, default=lambda part: part.to_plotly_json())


def test_spending_by_use_and_purpose(place: Place) -> None:
    assert [(row["Use"], row["Held by"], row["Purpose"], row["Spent"], row["Committed"], row["Lines"])
            for row in place.table("funding-by-use")] == [
        ("A1, supply cover for meetings", "the lead school", "not said", "£200", "£40", 2),
        ("A5, CPD for the group or for outreach", "the lead school", "CPD session by a provider", "£50.50", "£0", 1),
        ("Part A, no use code", "the lead school", "not said", "£10", "£0", 1),
        ("Finance allowance", "the lead school", "not said", "£120", "£0", 1),
        ("Release money", "the schools", "not said", "£180", "£0", 2),
    ]  # fmt: skip
    assert place.headline("funding-by-use") == (
        "The largest part of the £380.50 that the lead school spent went to A1, supply cover for meetings: £200; "
        "£10 has no use code."
    )


def test_spending_by_school_and_by_target(place: Place) -> None:
    schools = [(row["School"], row["Held by"], row["Spent"]) for row in place.table("funding-by-school")]
    assert schools == [("Of no one school", "the lead school", "£380.50"), ("Ford School", "the schools", "£180")]
    targets = [(row["Target"], row["Held by"], row["Spent"]) for row in place.table("funding-by-target")]
    assert targets == [
        ("ART, Reading", "the lead school", "£200"), ("MATHS, Sums", "the lead school", "£50.50"),
        ("No target", "the lead school", "£130"), ("No target", "the schools", "£180"),
    ]  # fmt: skip
    assert place.headline("funding-by-target") == (
        "£250.50 of the £380.50 that the lead school spent serves a target of the plan; £130 serves none."
    )


def test_a_target_of_two_aims_counts_once_under_both(place: Place) -> None:
    aims = [(row["Aims"], row["Target"], row["Held by"], row["Spent"]) for row in place.table("funding-by-aim")]
    assert aims == [
        ("Aims 1 and 2", "ART, Reading", "the lead school", "£200"),
        ("A target without an aim", "MATHS, Sums", "the lead school", "£50.50"),
        ("No target", "No target", "the lead school", "£130"),
        ("No target", "No target", "the schools", "£180"),
    ]


def test_the_course_month_by_month_to_the_same_sum(place: Place) -> None:
    rows = [(row["When"], row["Amount"], row["Sum"]) for row in place.table("funding-course")]
    assert rows[:6] == [
        ("October 2016", "£200", "£200"), ("December 2016", "£50.50", "£250.50"), ("January 2017", "£120", "£370.50"),
        ("Without a day", "£10", "£380.50"), ("Committed", "£40", "£420.50"), ("Left", "–", "£789.50"),
    ]  # fmt: skip
    course = PANELS["funding-course"].load(place.session, place.view)
    assert isinstance(course.ahead, Forecast)
    assert course.ahead.assumed
    late = PANELS["funding-course"].load(place.session, replace(place.view, as_of=date(2018, 1, 1)))
    assert late.ahead is Silence.OVER


def test_a_headteacher_sees_the_course_by_half_terms(place: Place) -> None:
    whole = PANELS["funding-course"].load(place.session, place.view)
    totals = PANELS["funding-course"].load(place.session, place.head)
    assert totals.stretches
    assert list(totals.spending.by_day) == [date(2016, 10, 30), date(2017, 1, 1), date(2017, 2, 19)]
    assert totals.spending.so_far == whole.spending.so_far
    assert totals.spending.committed == whole.spending.committed
    assert totals.ahead == whole.ahead, "the same forecast, without a single day"


def test_what_lies_in_the_half_term_that_is_running_counts_by_today(place: Place) -> None:
    early = replace(place.head, as_of=date(2016, 12, 5))
    course = PANELS["funding-course"].load(place.session, early)
    assert course.spending.by_day == {date(2016, 10, 30): 20_000, date(2016, 12, 5): 5_050}
    assert course.spending.later == 12_000


def test_from_year_to_year(place: Place) -> None:
    told = [
        (row["Year"], row["Held by"], row["Part"], row["Opening"], row["Left"], row["What is left"])
        for row in place.table("funding-roll-over")
    ]
    assert told == [
        ("2015-16", "the lead school", "Part A", "£0", "£90", "goes on"),
        ("2016-17", "the lead school", "Part A", "£90", "£789.50", "goes on"),
        ("2016-17", "the lead school", "Finance allowance", "£0", "£0", "goes on"),
        ("2016-17", "the schools", "Release money", "£0", "£820", "for its year alone"),
    ]
    assert place.headline("funding-roll-over") == "£90 came forward into 2016-17; £789.50 is left so far."


def test_half_days_of_each_school_and_of_ones_own(place: Place) -> None:
    told = [(row["School"], row["Half days"], row["Spent"]) for row in place.table("funding-release")]
    assert told == [("Ford School", "2 of 5 half days", "£180"), ("Weir School", "0 of 5 half days", "£0")]
    assert [row["School"] for row in place.table("funding-release", place.head)] == ["Ford School"]
    assert place.headline("funding-release", place.head) == "Your school used 2 of 5 half days."


def test_a_meeting_costs_each_school_present_a_share_by_holder(place: Place) -> None:
    told = [
        (row["Meeting"], row["Held by"], row["Schools present"], row["Spent"], row["For each school present"])
        for row in place.table("funding-meetings")
    ]
    assert told == [
        ("5 October 2016, cluster", "the lead school", 2, "£200", "£100"),
        ("5 October 2016, cluster", "the schools", 2, "£180", "£90"),
        ("9 November 2016, cluster", "no line", 1, "not recorded", "not known"),
    ]
    assert place.headline("funding-meetings") == (
        "A meeting cost each school present £100 of what the lead school holds and £90 of what the schools hold; "
        "one of two meetings has no line."
    )
    data = PANELS["funding-meetings"].load(place.session, place.view)
    figure = PANELS["funding-meetings"].draw(data, Look())  # type: ignore[misc]
    assert [each.text for each in figure.layout.annotations].count("no line") == 2, "said, and not drawn as free"


def test_both_sides_put_in_what_was_entered(place: Place) -> None:
    told = [(row["What"], row["Who"], row["In words"]) for row in place.table("funding-match")]
    assert told == [
        ("Release money", "schools", "£1,000"),
        ("Levy", "schools", "£50, £50 agreed"),
        ("Time in kind", "schools", "1 hour 30 minutes"),
        ("Held by the lead school", "programme", "£1,120"),
    ]
    assert place.headline("funding-match") == (
        "The schools put in £1,000 (release money), £50 (levy) and 1 hour 30 minutes; the programme £1,120 (held "
        "by the lead school)."
    )
    data = PANELS["funding-match"].load(place.session, place.view)
    assert "One contribution waived is left out." in PANELS["funding-match"].measure(data, place.view)


def test_money_from_elsewhere_and_for_charity_stand_apart(place: Place) -> None:
    told = [(row["From"], row["State"], row["Won"], row["Received"]) for row in place.table("funding-outside")]
    assert told == [("A fund", "won", "£800", "£400"), ("Another fund", "applied for", "not said", "not said")]
    assert place.headline("funding-outside") == "£800 was won from elsewhere in one award; one application is open."
    assert [(row["For whom"], row["Raised"]) for row in place.table("funding-charity")] == [("A hospice", "£40")]
    assert place.headline("funding-charity") == "£40 was raised for others."


def test_a_panel_without_a_chart_shows_its_table_open(place: Place) -> None:
    card = show(PANELS["funding-outside"], place.session, place.view, Look()).card.to_plotly_json()
    kinds = [each.to_plotly_json()["type"] for each in card["props"]["children"]]
    assert kinds == ["H2", "P", "Div", "P", "Div"]
    assert "Figure" not in kinds


def test_made_up_figures_are_told_apart(place: Place) -> None:
    some = {panel.id: panel.made_up(panel.load(place.session, place.view)) for panel in ON_MONEY_PAGE}
    partly = {"funding-spend-against-allocation", "funding-course", "funding-roll-over", "funding-match"}
    assert {panel for panel, told in some.items() if told == (True, False)} == partly
    assert all(told == (False, False) for panel, told in some.items() if panel not in partly)
    for panel in partly:
        assert "illustrative" in repr(place.table(panel))


@pytest.mark.parametrize("panel", ON_MONEY_PAGE_IN_TOTALS, ids=lambda panel: panel.id)
def test_a_headteacher_is_told_of_no_other_school(place: Place, panel: Panel[Any]) -> None:
    for look in LOOKS:
        shown = show(panel, place.session, place.head, look)
        assert shown.missing is None
        told = json.dumps(shown.card, default=lambda part: part.to_plotly_json(), ensure_ascii=False)
        assert "Weir" not in told
        assert "£820" not in told, "what both schools have left"


def test_today_is_the_day_of_the_builders() -> None:
    assert date(2017, 2, 20) <= AS_OF <= date(2017, 4, 13), "the table above is of a day in this half term"
