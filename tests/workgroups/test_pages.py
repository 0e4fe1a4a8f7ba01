"""The pages of workgroups behind both walls: what they say, the form, two editors, agreements, deadlines."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.academic_year import AcademicYear
from dashboard.db import Store, now_utc
from dashboard.models import (
    Appointment,
    AuditEvent,
    Person,
    SchoolAgreement,
    WorkgroupCall,
    WorkgroupLine,
    WorkgroupReturn,
)
from dashboard.vocabulary import Attempt
from dashboard.workgroups.commands import Line
from dashboard.workgroups.deadline import day_of
from tests import builders as put
from tests.accounts.places import statements
from tests.plain_pages import BEHIND_THE_WALL
from tests.workgroups.places import (
    ENGLISH,
    SEPTEMBER,
    Y6,
    Desk,
    Places,
    coordinator,
    director,
    fields,
    received,
    whole,
)

pytestmark = BEHIND_THE_WALL
PAGE = "/cluster/mill-cluster/workgroup?year=2022-23"


def text_of(page: str) -> str:
    return " ".join(page.split())


def test_a_cluster_without_a_return_says_so_and_offers_the_form(walled: Store, at: Places) -> None:
    page = Desk(walled, coordinator(at.mill)).get(PAGE).text
    assert "No return for 2022-23 yet." in page
    assert "Enter the return" in page
    assert "Decoy" not in page


def test_a_coordinator_enters_a_return_and_changes_it(store: Store, walled: Store, at: Places) -> None:
    desk = Desk(walled, coordinator(at.mill))
    form = desk.form()
    assert [form[f"lines-{n}-school"] for n in range(3)] == ["ford-primary", "lock-primary", "mill-high"]
    form |= {"lines-0-name": "Ann Alder", "lines-0-work_email": "Ann@example.org", "lines-0-roles": ["year_6_teacher"]}
    form |= {"lines-0-year_groups": "Y5/6", "lines-2-name": "Kit Kale", "lines-2-roles": ["key_stage_3_lead"]}
    answer = desk.send(form)
    assert answer.status_code == 303, answer.text
    page = text_of(desk.get(PAGE).text)
    assert "Version 1 is stored." in page
    assert "The workgroup of 2022-23 is complete." in page
    assert "1 of 2 feeder primaries take part." in page
    assert "0 of 2 schools send an English lead" in page
    assert "years 5 and 6" in page
    assert "Ann Alder &lt;ann@example.org&gt;" in page
    form = desk.form()
    assert (form["seen"], form["lines-0-name"], form["lines-0-roles"]) == ("1", "Ann Alder", ["year_6_teacher"])
    form |= {
        "lines-0-year_groups": "3, 4",
        "lines-1-out": "y",
        "lines-2-school": "mill-high",
        "lines-2-name": "Lee Lime",
        "lines-2-roles": ["teacher"],
    }
    assert desk.send(form).status_code == 303
    page = text_of(desk.get(PAGE).text)
    assert "Two things are missing in the workgroup of 2022-23." in page
    assert "Mill High has named nobody" not in page
    assert "Mill High has named no Key Stage 3 lead for reading." in page
    assert "Ann Alder of Ford Primary is named as one but teaches years 3 and 4." in page
    assert "Ford Primary: Ann Alder: years 5 and 6 → years 3 and 4" in page
    assert "Version 1:" in page
    with store.reading() as session:
        events = session.execute(
            sa.select(AuditEvent.action, AuditEvent.object_kind, AuditEvent.after).order_by(AuditEvent.id)
        ).all()
        assert [tuple(event)[:2] for event in events] == [("store return", "workgroup return")] * 2
        assert events[1][2]["version"] == 2
        assert "Alder" not in str(events)
        people = session.execute(sa.select(Person.purpose, Person.delete_after).distinct()).all()
        assert [tuple(row) for row in people] == [("workgroup of Mill Cluster", date(2023, 7, 31))]


def test_nothing_that_was_typed_is_lost_when_something_is_wrong(store: Store, walled: Store, at: Places) -> None:
    desk = Desk(walled, coordinator(at.mill))
    form = desk.form() | {
        "lines-0-name": "Ann Alder", "lines-0-work_email": "ann@gmail.com", "lines-0-starts": "2023-03-01",
        "lines-0-year_groups": "5-six", "lines-0-replaces": "Zed Zinnia", "lines-1-work_email": "lone@example.org",
    }  # fmt: skip
    answer = desk.send(form)
    assert answer.status_code == 422
    page = text_of(answer.text)
    for said in (
        "Ann Alder: say what they do: at least one role", "Ann Alder: “ann@gmail.com” is a private address",
        "Ann Alder: “5-six” is not a list of year groups", "Somebody new: say the name, or empty the other fields",
        'href="#lines-0-roles-0"', 'href="#lines-0-work_email"', 'href="#lines-1-name"',
    ):  # fmt: skip
        assert said in page
    kept = {name: value for name, value in form.items() if name.startswith("lines-")}
    again = fields(answer.text)
    assert {name: again.get(name) for name in kept} == kept
    with store.reading() as session:
        assert session.scalars(sa.select(WorkgroupReturn.id)).all() == []
        assert session.scalars(sa.select(Person.id)).all() == []


def test_what_is_wrong_with_the_whole_stands_beside_its_line(walled: Store, at: Places) -> None:
    desk = Desk(walled, coordinator(at.mill))
    form = desk.form() | {
        "lines-0-name": "Ann Alder", "lines-0-roles": ["teacher"], "lines-0-replaces": "Zed Zinnia",
        "lines-0-starts": "2023-03-01", "lines-0-ends": "2023-02-01",
        "lines-1-name": "ann alder", "lines-1-roles": ["teacher"], "lines-1-school": "ford-primary",
    }  # fmt: skip
    answer = desk.send(form)
    assert answer.status_code == 422
    page = text_of(answer.text)
    assert "Ann Alder: nobody called “Zed Zinnia” is or was named for this school" in page
    assert "Ann Alder would end (2023-02-01) before they start (2023-03-01)" in page
    assert "ann alder stands for this school already; give all roles of a person in one place" in page
    assert 'href="#lines-0-ends"' in page


def test_a_school_may_name_as_many_as_it_likes_one_button_press_each(walled: Store, at: Places) -> None:
    desk = Desk(walled, coordinator(at.mill))
    form = desk.form()
    for number in range(3, 8):
        answer = desk.send(form, "another")
        assert answer.status_code == 200
        form = fields(answer.text) | {
            f"lines-{number}-school": "ford-primary", f"lines-{number}-name": f"Person {'abcdefgh'[number]}",
            f"lines-{number}-roles": ["teacher"],
        }  # fmt: skip
    assert desk.send(form).status_code == 303
    assert "5 people" in desk.get(PAGE).text


def test_a_school_that_is_not_of_the_cluster_is_no_choice(store: Store, walled: Store, at: Places) -> None:
    desk = Desk(walled, coordinator(at.mill))
    for forged in ("decoy-primary", "nowhere", ""):
        form = desk.form() | {"lines-0-school": forged, "lines-0-name": "Ann Alder", "lines-0-roles": ["teacher"]}
        answer = desk.send(form)
        assert answer.status_code == 422
        assert "Ann Alder: choose a school of this cluster" in text_of(answer.text)
        assert "Decoy" not in answer.text
    with store.reading() as session:
        assert session.scalars(sa.select(WorkgroupLine.id)).all() == []


def test_two_editors_the_second_is_told_and_loses_nothing(store: Store, walled: Store, at: Places) -> None:
    received(store, at.mill, whole(at))
    one, other = Desk(walled, coordinator(at.mill)), Desk(walled, director(at.river))
    mine, theirs = one.form(), other.form()
    theirs |= {"lines-0-out": "y", "lines-2-name": "Lou Larch", "lines-2-roles": ["year_6_teacher"]}
    assert other.send(theirs).status_code == 303
    mine |= {"lines-2-name": "Moe Maple", "lines-2-roles": ["teacher"]}
    answer = one.send(mine)
    assert answer.status_code == 409
    page = text_of(answer.text)
    assert "Somebody else stored version 2 while you were typing" in page
    assert "Ford Primary: removed Ann Alder" in page
    assert "Lock Primary: added Lou Larch" in page
    assert "Store as version 3" in page
    again = fields(answer.text)
    assert (again["seen"], again["lines-0-name"], again["lines-2-name"]) == ("2", "Ann Alder", "Moe Maple")
    assert one.send(again).status_code == 303
    with store.reading() as session:
        assert session.scalars(sa.select(WorkgroupReturn.version).order_by(WorkgroupReturn.version)).all() == [1, 2, 3]


def test_the_same_again_makes_no_version(store: Store, walled: Store, at: Places) -> None:
    received(store, at.mill, whole(at))
    desk = Desk(walled, coordinator(at.mill))
    assert desk.send(desk.form()).status_code == 303
    assert "Nothing was changed." in desk.get(PAGE).text
    assert desk.send(desk.form() | {"lines-0-work_email": "a.alder@example.org"}).status_code == 303
    assert "The addresses are stored; what version 1 says stays the same." in desk.get(PAGE).text
    with store.reading() as session:
        assert session.scalars(sa.select(WorkgroupReturn.version)).all() == [1]
        assert session.scalars(sa.select(AuditEvent.action)).all() == ["change addresses"]


def test_an_empty_form_stores_nothing(store: Store, walled: Store, at: Places) -> None:
    desk = Desk(walled, coordinator(at.mill))
    assert desk.send(desk.form()).status_code == 303
    assert "Nobody was named, so nothing was stored." in desk.get(PAGE).text
    with store.reading() as session:
        assert session.scalars(sa.select(WorkgroupReturn.id)).all() == []


def test_a_handover_is_entered_and_shown_on_both_sides(store: Store, walled: Store, at: Places) -> None:
    received(store, at.mill, whole(at))
    desk = Desk(walled, coordinator(at.mill))
    form = desk.form() | {"lines-0-ends": "2023-03-31", "lines-2-school": "ford-primary", "lines-2-name": "Bo Beech"}
    form |= {"lines-2-roles": ["year_6_teacher"], "lines-2-starts": "2023-03-01", "lines-2-replaces": "Ann Alder"}
    assert desk.send(form).status_code == 303
    page = text_of(desk.get(PAGE).text)
    assert "until 31 March 2023<br>⇄ hands over to Bo Beech" in page
    assert "from 1 March 2023<br>⇄ takes over from Ann Alder" in page
    with store.reading() as session:
        successor = sa.orm.aliased(Person)
        told = session.execute(
            sa.select(Person.name, Appointment.role, Appointment.ends, successor.name)
            .join(Person, Person.id == Appointment.person_id)
            .outerjoin(successor, successor.id == Appointment.replaced_by_id)
            .where(Appointment.school_id == at.ford)
            .order_by(Person.name, Appointment.role)
        )
        assert [tuple(row) for row in told] == [
            ("Ann Alder", ENGLISH, date(2023, 3, 31), "Bo Beech"), ("Ann Alder", Y6, date(2023, 3, 31), "Bo Beech"),
            ("Bo Beech", Y6, None, None),
        ]  # fmt: skip


@pytest.mark.parametrize("path", ["", "?change=yes", ".csv"])
def test_another_cluster_answers_as_one_that_does_not_exist(store: Store, walled: Store, at: Places, path: str) -> None:
    received(store, at.weir, [Line(at.decoy, "Dee Decoy", (Y6,))])
    for reader in (coordinator(at.mill), director(at.river)):
        desk = Desk(walled, reader)
        answers = [desk.get(f"/cluster/{slug}/workgroup{path}") for slug in ("weir-cluster", "nowhere")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].text == answers[1].text
    with store.reading() as session:
        refused = session.execute(
            sa.select(AuditEvent.action, AuditEvent.object_kind, AuditEvent.object_key)
            .where(AuditEvent.outcome == Attempt.REFUSED)
            .order_by(AuditEvent.id)
        )
        assert [tuple(row) for row in refused] == [
            ("see", "workgroup", "weir-cluster"), ("see", "workgroup", "nowhere"),
        ] * 2  # fmt: skip


def test_nobody_writes_into_another_cluster(store: Store, walled: Store, at: Places) -> None:
    desk = Desk(walled, coordinator(at.mill))
    form = desk.form() | {"lines-0-name": "Ann Alder", "lines-0-roles": ["teacher"]}
    assert desk.send(form, slug="weir-cluster").status_code == 404
    agreement = {"signed_on": "2022-09-20", "signed_by": "headteacher", "csrf_token": form["csrf_token"]}
    for path in (
        f"/cluster/weir-cluster/workgroup/agreements/{at.decoy}",
        f"/cluster/mill-cluster/workgroup/agreements/{at.decoy}", "/cluster/mill-cluster/workgroup/agreements/999",
    ):  # fmt: skip
        assert desk.client.post(path, data=agreement).status_code == 404
    with store.reading() as session:
        assert session.scalars(sa.select(WorkgroupReturn.id)).all() == []
        assert session.scalars(sa.select(SchoolAgreement.id)).all() == []


def test_an_agreement_is_noted_corrected_and_shown_beside_its_school(store: Store, walled: Store, at: Places) -> None:
    desk = Desk(walled, coordinator(at.mill))
    address = f"/cluster/mill-cluster/workgroup/agreements/{at.ford}"
    token = desk.form()["csrf_token"]

    def note(signed_on: str, signed_by: str = "headteacher") -> Any:
        said = {"signed_on": signed_on, "signed_by": signed_by, "csrf_token": token}
        return desk.client.post(f"{address}?year=2022-23", data=said)

    assert note("2022-09-20").status_code == 303
    assert note("2022-09-21", "governor").status_code == 303
    page = text_of(desk.get(PAGE).text)
    assert page.count("● Agreement") == 1
    assert "signed on 21 September 2022 by the governor" in page
    for wrong, words in (
        ("", "Say on which day"), ("soon", "is not a date"), ("2100-01-01", "cannot have been signed on a day to come"),
    ):  # fmt: skip
        answer = note(wrong)
        assert answer.status_code == 422
        assert words in text_of(answer.text)
    assert note("2022-09-20", "cook").status_code == 422
    with store.reading() as session:
        rows = session.execute(sa.select(SchoolAgreement.school_id, SchoolAgreement.signed_on)).all()
        assert [tuple(row) for row in rows] == [(at.ford, date(2022, 9, 21))]
        assert session.scalars(sa.select(AuditEvent.action)).all() == ["note agreement"] * 2


def test_the_file_of_a_return_is_that_of_the_import(store: Store, walled: Store, at: Places) -> None:
    received(store, at.mill, whole(at))
    answer = Desk(walled, coordinator(at.mill)).get("/cluster/mill-cluster/workgroup.csv?year=2022-23")
    assert answer.headers["Content-Disposition"] == "attachment; filename=workgroup-mill-cluster-2022-23.csv"
    assert answer.data.decode("utf-8-sig").splitlines() == [
        "cluster,school,name,work_email,roles,year_groups,from,to,replaces",
        'Mill Cluster,Ford Primary,Ann Alder,ann@example.org,Year 6 teacher; English lead,"5, 6",,,',
        "Mill Cluster,Mill High,Kit Kale,kit@example.org,Key Stage 3 lead,,,,",
    ]
    book = Desk(walled, coordinator(at.mill)).get("/cluster/mill-cluster/workgroup.xlsx?year=2022-23")
    assert book.data.startswith(b"PK")


# ------------------------------------------------------------------------------------------------------------ the list
LIST = "/workgroups?year=2022-23"


def set_deadline(desk: Desk, programme_id: int, on: str = "2022-09-30", at: str = "16:00") -> Any:
    return desk.post(LIST, LIST, programme=str(programme_id), on=on, at=at)


def test_a_director_sets_a_deadline_and_sees_who_is_late(store: Store, walled: Store, at: Places) -> None:
    with store.writing() as session:
        for name in ("Alder Cluster", "Beech Cluster", "Yew Cluster"):
            put.cluster(session, name, under=session.get(put.Programme, at.river))
        numbers = {each.slug: each.id for each in session.scalars(sa.select(put.Cluster))}
    desk = Desk(walled, director(at.river))
    assert "No return has been asked for or received in 2022-23." in desk.get(LIST).text
    assert "4 clusters were not asked and sent nothing." in desk.get(LIST).text
    assert set_deadline(desk, at.river).status_code == 303
    page = text_of(desk.get(LIST).text)
    assert "The returns for 2022-23 are due by 4 pm on Friday 30 September 2022." in page
    assert "0 of 4 returns are in for 2022-23." in page
    due = SEPTEMBER.replace(day=30, hour=15)
    received(store, at.mill, whole(at), due)
    received(store, numbers["beech-cluster"], [], due)
    received(store, numbers["yew-cluster"], [], due)
    with store.writing() as session:
        for slug, late in (("yew-cluster", timedelta(hours=2, minutes=20)), ("beech-cluster", timedelta(minutes=1))):
            session.add(
                WorkgroupReturn(cluster_id=numbers[slug], year=2022, version=1, received_at=due + late)
            )  # fmt: skip
    page = text_of(desk.get(LIST).text)
    assert "3 of 4 returns are in for 2022-23, two of them late." in page
    assert "Decoy" not in page
    assert "Weir Cluster" not in page
    places = [page.index(name) for name in ("Alder Cluster", "Beech Cluster", "Yew Cluster", "Mill Cluster")]
    assert places == sorted(places)
    for words in (
        "■ Outstanding,", "▲ In, 1 minute late", "▲ In, 2 hours late", "● In, on time", "● Complete",
        "▲ Four things are missing", "4 pm on Friday 30 September 2022, version 1",
    ):  # fmt: skip
        assert words in page, words


def test_a_return_that_came_in_time_is_not_late_for_a_later_version(store: Store, walled: Store, at: Places) -> None:
    desk = Desk(walled, director(at.river))
    set_deadline(desk, at.river)
    received(store, at.mill, whole(at))
    received(store, at.mill, whole(at)[:1], SEPTEMBER + timedelta(days=30))
    page = text_of(desk.get(LIST).text)
    assert "● In, on time" in page
    assert "At 10 am on Tuesday 20 September 2022; version 2 at 10 am on Thursday 20 October 2022" in page


@pytest.mark.parametrize(
    ("on", "at_", "words"),
    [
        ("", "16:00", "Say the day"), ("30/09/22", "16:00", "two digits"), ("2022-09-30", "4", "not a time of day"),
        ("2023-03-26", "01:30", "the clocks go forward"),
    ],
)  # fmt: skip
def test_a_deadline_that_is_none_is_refused(walled: Store, at: Places, on: str, at_: str, words: str) -> None:
    answer = set_deadline(Desk(walled, director(at.river)), at.river, on, at_)
    assert answer.status_code == 422
    assert words in text_of(answer.text)
    assert f'value="{on}"' in answer.text


def test_a_deadline_is_for_those_who_look_after_the_whole_programme(store: Store, walled: Store, at: Places) -> None:
    desk = Desk(walled, coordinator(at.mill))
    assert "Set the deadline" not in desk.get(LIST).text
    said = {"programme": str(at.river), "on": "2022-09-30", "at": "16:00", "csrf_token": desk.form()["csrf_token"]}
    assert desk.client.post(LIST, data=said).status_code == 404
    other = Desk(walled, director(at.river))
    assert set_deadline(other, at.hill).status_code == 404
    assert set_deadline(other, 999).status_code == 404
    with store.reading() as session:
        assert session.scalars(sa.select(WorkgroupCall.id)).all() == []


def test_a_deadline_may_be_moved(store: Store, walled: Store, at: Places) -> None:
    desk = Desk(walled, director())
    for on in ("2022-09-30", "2022-10-07", "2022-10-07"):
        assert set_deadline(desk, at.river, on).status_code == 303
    with store.reading() as session:
        assert [each.isoformat() for each in session.scalars(sa.select(WorkgroupCall.due_at))] == [
            "2022-10-07T15:00:00+00:00"
        ]
        assert session.scalars(sa.select(AuditEvent.action)).all() == ["set deadline"] * 2


@pytest.mark.parametrize("clusters", [1, 12])
def test_the_list_takes_two_statements_however_many_clusters(
    store: Store, walled: Store, at: Places, clusters: int
) -> None:
    with store.writing() as session:
        for number in range(clusters):
            made = put.cluster(session, f"Alder {number}", under=session.get(put.Programme, at.river))
            put.school(session, f"Alder School {number}", within=made)
    received(store, at.mill, whole(at))
    desk = Desk(walled, director(at.river))
    set_deadline(desk, at.river)
    with statements(walled) as sent:
        assert desk.get(LIST).status_code == 200
    assert len(sent) == 2


def test_a_long_list_comes_in_pages(store: Store, walled: Store, at: Places) -> None:
    with store.writing() as session:
        for number in range(100):
            put.cluster(session, f"Alder {number:03}", under=session.get(put.Programme, at.river))
    desk = Desk(walled, director(at.river))
    set_deadline(desk, at.river)
    first, second = desk.get(LIST).text, desk.get(f"{LIST}&page=2").text
    assert "0 of 101 returns are in" in first
    assert "Alder 099" in first
    assert "Mill Cluster" not in first
    assert "Mill Cluster" in second
    assert "Page 2 of 2" in second


def test_todays_year_is_shown_unless_another_is_asked_for(walled: Store, at: Places) -> None:
    today = f"academic year {AcademicYear.of(day_of(now_utc()))}"
    desk = Desk(walled, coordinator(at.mill))
    for search in ("", "?year=soon"):
        assert today in text_of(desk.get(f"/cluster/mill-cluster/workgroup{search}").text)


def test_who_may_look_and_not_change_sees_no_form(walled: Store, at: Places) -> None:
    guest = replace(director(at.river), looks_only=True)
    desk = Desk(walled, guest)
    assert "Enter the return" not in desk.get(PAGE).text
    assert "Never name a pupil" not in desk.get(f"{PAGE}&change=yes").text
    assert "Set the deadline" not in desk.get(LIST).text
