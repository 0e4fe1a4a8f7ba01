"""What a version says otherwise than the one before, and who sent it."""

from dataclasses import replace
from datetime import date

import sqlalchemy as sa

from dashboard.db import Store
from dashboard.models import Account, Cluster
from dashboard.vocabulary import Role
from dashboard.workgroups.versions import ReturnLine, SchoolChange, compare
from tests.uploads import brought
from tests.visitors import account
from tests.workgroups.places import YEAR, Desk, Places, coordinator

ANN = ReturnLine(1, "ford", "Ford", 10, "Ann Alder", None, ("year_6_teacher",), (6,), None, None, None)
BEA = ReturnLine(1, "ford", "Ford", 11, "Bea Birch", None, ("teacher",), (), None, None, None)
CAL = ReturnLine(2, "alder", "Alder", 12, "Cal Cedar", None, ("teacher",), (), None, None, None)


def test_the_same_lines_in_any_order_are_no_change() -> None:
    assert compare([ANN, BEA, CAL], [CAL, ANN, BEA]) == []
    assert compare([], []) == []


def test_who_came_and_who_went_is_told_by_school_in_the_order_of_names() -> None:
    assert compare([ANN, CAL], [ANN, BEA]) == [
        SchoolChange("Alder", (), ("Cal Cedar",), ()),
        SchoolChange("Ford", ("Bea Birch",), (), ()),
    ]


def test_somebody_who_changed_the_school_left_one_and_came_to_the_other() -> None:
    moved = replace(CAL, school_id=1, slug="ford", school="Ford")
    assert compare([CAL], [moved]) == [
        SchoolChange("Alder", (), ("Cal Cedar",), ()),
        SchoolChange("Ford", ("Cal Cedar",), (), ()),
    ]


def test_each_thing_that_is_another_is_told() -> None:
    later = replace(
        ANN, roles=("year_6_teacher", "english_lead"), year_groups=(), ends=date(2023, 3, 31), replaces="Bea Birch"
    )
    (change,) = compare([ANN], [later])
    (told,) = change.changed
    assert told == (
        "Ann Alder: Year 6 teacher → Year 6 teacher; English lead, year 6 → no year group, "
        "the whole year → until 31 March 2023, takes over from Bea Birch"
    )
    (back,) = compare([later], [replace(later, replaces=None)])
    assert back.changed == ("Ann Alder: takes over from Bea Birch no more",)


def test_another_address_is_no_change_of_the_return() -> None:
    assert compare([ANN], [replace(ANN, work_email="ann@example.org")]) == []


def test_who_sent_a_version_is_told_as_a_role_and_never_by_name(store: Store, walled: Store, at: Places) -> None:
    with store.writing() as session:
        cluster = session.get(Cluster, at.mill)
        number = account(session, Role.COORDINATOR, Role.ADMINISTRATOR, cluster=cluster, email="who@example.org").id
    desk = Desk(walled, replace(coordinator(at.mill), account_id=number))
    form = desk.form() | {"lines-0-name": "Ann Alder", "lines-0-roles": ["teacher"]}
    assert desk.send(form).status_code == 303
    brought(store, "workgroup", "school,name,roles\nFord Primary,Bo Beech,Teacher\n", cluster="mill-cluster", year=YEAR)
    page = " ".join(desk.get("/cluster/mill-cluster/workgroup?year=2022-23").text.split())
    assert ", by the coordinator; 1 person" in page
    assert ", from a file; 1 person" in page
    assert "who@example.org" not in page
    assert "administrator" not in page
    with store.writing() as session:
        session.execute(sa.delete(Account))
    page = " ".join(desk.get("/cluster/mill-cluster/workgroup?year=2022-23").text.split())
    assert ", by somebody whose account is gone; 1 person" in page
