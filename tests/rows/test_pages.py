"""The pages of rows and the files of tables, as a director, as two headteachers and as somebody from elsewhere."""

import csv
import io
from dataclasses import dataclass
from datetime import date

import openpyxl
import pytest
from dash import Dash

from dashboard.db import Store
from dashboard.main import create_app
from dashboard.vocabulary import CriterionState, LineState, Mark, Part, Pot, Role, UseCode
from tests import builders as put
from tests.plain_pages import BEHIND_THE_WALL
from tests.visitors import SETTINGS, Visitor, account

pytestmark = BEHIND_THE_WALL
TODAY = date(2017, 3, 1)
MILL = "/cluster/mill-cluster"


@dataclass(frozen=True)
class House:
    """One application; who comes."""

    director: Visitor
    head: Visitor
    decoy: Visitor


@pytest.fixture
def house(store: Store, walled: Store) -> House:
    with store.writing() as session:
        mill, decoy = put.cluster(session), put.cluster(session, "Decoy Cluster")
        ford, weir = put.school(session, within=mill), put.school(session, "=Weir School", within=mill)
        lock = put.school(session, "Lock School", within=mill)
        away = put.school(session, "Decoy School", within=decoy)
        for day, marks in ((5, "PSA"), (12, "PA?")):
            held = put.meeting(session, mill, date(2016, 10, day))
            for school, letter in zip((ford, weir, lock), marks, strict=True):
                if letter != "?":
                    said = {"P": Mark.PRESENT, "S": Mark.SUBSTITUTE, "A": Mark.ABSENT}[letter]
                    put.mark(session, held, school, said)
        put.mark(session, put.meeting(session, decoy, date(2016, 10, 5)), away, Mark.PRESENT)
        put.allocation(session, mill, 100_000)
        art = put.target(session, mill, "ART", criteria=(CriterionState.MET, CriterionState.NO_EVIDENCE))
        put.line(session, mill, 20_050, on=date(2016, 10, 6), use=UseCode.A1, for_=art)
        put.line(session, mill, 4_000, LineState.COMMITTED, use=UseCode.A1)
        put.line(session, mill, 700, LineState.REQUESTED)
        for school, spent in ((ford, 9_000), (weir, 8_000)):
            put.allocation(session, mill, 50_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=school)
            put.line(session, mill, spent, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=school, illustrative=True)
        put.line(session, decoy, 77_700)
        people = (
            account(session, Role.DIRECTOR), account(session, Role.HEADTEACHER, school=ford),
            account(session, Role.HEADTEACHER, school=away),
        )  # fmt: skip
        marks = [each.fs_uniquifier for each in people]
    app: Dash = create_app(walled, SETTINGS, lambda: TODAY)
    return House(*(Visitor.signed_in(app, store, each) for each in marks))


def table(visitor: Visitor, path: str) -> list[list[str]]:
    answer = visitor.get(path)
    assert answer.status_code == 200, path
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))


def test_rows_files_and_who_gets_them(house: House) -> None:
    director, head, decoy = house.director, house.head, house.decoy

    # Attendance: 3 schools, 2 meetings: 3 came of 5 expected, 1 mark is not recorded.
    shown = director.get(f"{MILL}/rows/attendance?year=2016-17").text
    assert "60 % (3 of 5)" in shown
    marks = table(director, f"{MILL}/rows/attendance.csv?year=2016-17")
    assert len(marks) == 1 + 6
    assert [sum(int(row[place]) for row in marks[1:]) for place in (3, 4, 5)] == [5, 3, 1]
    assert [row[0] for row in marks[1:3]] == ["'=Weir School"] * 2  # no formula
    own = table(head, f"{MILL}/rows/attendance.csv?year=2016-17")
    assert {row[0] for row in own[1:]} == {"Ford School"}
    assert "Single marks of other schools are theirs" in head.get(f"{MILL}/rows/attendance?year=2016-17").text
    assert head.get(f"{MILL}/rows/attendance?year=2016-17&school=lock-school").status_code == 404
    meetings = table(head, f"{MILL}/rows/attendance.csv?year=2016-17&by=meeting")
    # Of the second meeting the total would tell the mark of the one other school that has one.
    assert [row[2:5] for row in meetings[1:]] == [["3", "2", "0"]]

    # Money: £204.50 in the lead school's pot spent and committed; what others hold is not in its foot.
    lines = table(director, f"{MILL}/rows/money.csv?year=2016-17&pot=lead_held")
    assert [sum(float(row[place]) for row in lines[1:]) for place in range(4, 9)] == [0, 1000, 40, 200.5, 759.5]
    held = director.get(f"{MILL}/rows/money?year=2016-17").text
    assert "Lines that bind nobody are not here: 1 requested." in held
    assert 'id="lead_held-left" data-value="75950"' in held
    assert 'id="school_held-left" data-value="83000"' in held
    mine = table(head, f"{MILL}/rows/money.csv?year=2016-17")
    assert [row[7] for row in mine[1:]] == ["0.00", "90.00"]
    assert head.get(f"{MILL}/rows/money?year=2016-17&pot=lead_held").status_code == 404
    assert head.get(f"{MILL}/rows/money?year=2016-17&by=meeting").status_code == 404
    parts = table(head, f"{MILL}/rows/money.csv?year=2016-17&by=part&pot=lead_held")
    assert parts[1][:6] == ["Part A", "0.00", "1000.00", "40.00", "200.50", "759.50"]

    # The plan is everybody's in the cluster; what is for those who hold it whole is not.
    for visitor in (director, head):
        criteria = table(visitor, f"{MILL}/rows/plan.csv?year=2016-17")
        assert [row[4:8] for row in criteria[1:]] == [["1", "1", "0", "0"], ["1", "0", "0", "1"]]
    assert director.get(f"{MILL}/rows/plan?year=2016-17&by=question").status_code == 200
    assert head.get(f"{MILL}/rows/plan?year=2016-17&by=question").status_code == 404

    # Tables of panels: those of the reader's own pages alone.
    for panel in ("engagement-heatmap", "funding-by-school", "plan-board", "funding-spend-against-allocation"):
        found = director.get(f"{MILL}/files/{panel}.csv?year=2016-17")
        assert found.status_code == 200, panel
        alone = panel in ("plan-board", "funding-spend-against-allocation")
        assert head.get(f"{MILL}/files/{panel}.csv?year=2016-17").status_code == (200 if alone else 404)
    money = director.get(f"{MILL}/files/funding-spend-against-allocation.xlsx?year=2016-17")
    assert (
        "funding-spend-against-allocation-mill-cluster-2016-17-illustrative.xlsx"
        in money.headers["Content-Disposition"]
    )
    rows = list(openpyxl.load_workbook(io.BytesIO(money.data)).active.iter_rows(values_only=True))
    assert rows[0] == (
        "Part", "Held by", "Brought forward (£)", "Allocated (£)", "Spent (£)", "Committed (£)", "Left (£)", "Figures"
    )  # fmt: skip
    assert rows[1] == ("Part A", "the lead school", 0, 1000, 200.5, 40, 759.5, "real")
    assert rows[2][4:] == (170, 0, 830, "2 of 4 entries illustrative")
    register = table(director, f"{MILL}/files/engagement-heatmap.csv?year=2016-17")
    assert "'=Weir School" in [row[0] for row in register]
    of_ford = table(head, "/school/ford-school/files/school-register.csv?year=2016-17&cluster=mill-cluster")
    assert of_ford[1][-1] == "100 % (2 of 2)"
    assert head.get("/school/lock-school/files/school-register.csv?year=2016-17").status_code == 404
    assert director.get("/files/overview-programme-years.csv").status_code == 404  # there is nothing to compare
    assert director.get("/files/engagement-heatmap.csv").status_code == 404  # not of this page

    # The clusters side by side: each once, and 4 of 6 came.
    clusters = director.get("/rows/clusters?year=2016-17").text
    assert 'id="clusters" data-value="2"' in clusters
    assert "67 % (4 of 6)" in clusters
    assert head.get("/rows/clusters").status_code == 403

    # Whoever is from elsewhere finds nothing, whatever the address says.
    for path in (
        "rows/attendance", "rows/money", "rows/plan", "rows/attendance.csv", "rows/money.xlsx", "rows/plan.csv",
        "files/engagement-heatmap.csv", "files/plan-board.csv", "rows/attendance?by=meeting", "rows/money?by=part",
    ):  # fmt: skip
        assert decoy.get(f"{MILL}/{path}").status_code == 404, path
    for odd in (
        "rows/attendance?year=1", "rows/attendance?by=person", "rows/attendance?meeting=-1", "rows/attendance?term=x",
        "rows/money?by=person", "rows/money?pot=x", "rows/plan?by=person", "rows/plan?since=x", "rows/plan?target=x",
        "files/nothing.csv", "files/plan-board.pdf",
    ):  # fmt: skip
        assert director.get(f"{MILL}/{odd}").status_code == 404, odd
    for year in ("rows/attendance", "rows/plan"):
        assert "Nothing is recorded here yet" in director.get(f"{MILL}/{year}?year=2020-21").text
