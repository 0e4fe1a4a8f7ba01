"""Everything held about a person is in the export, and nothing of anybody else and nothing secret."""

import json
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard import audit
from dashboard.accounts.commands import AccountBook
from dashboard.audit import COMMAND_LINE, NOT_QUOTED, Actor
from dashboard.db import Base, Store
from dashboard.models import BatchChange, ImportBatch, LifecycleEvent, Person, PersonMark, WorkgroupLine
from dashboard.privacy.commands import PrivacyBook
from dashboard.privacy.export import EXPORTED, LEFT_OUT, export_subject
from dashboard.privacy.subjects import Subject, find_subject
from tests import builders as put
from tests.privacy.world import EMAIL, NAME, OTHER, World, make_world


@pytest.fixture
def world(store: Store) -> World:
    return make_world(store)


def export(store: Store, text: str) -> dict[str, Any]:
    with store.reading() as session:
        return export_subject(session, find_subject(session, text))


def columns() -> set[str]:
    """Every column that is personal, secret, or points at a person or an account."""
    found = {"audit_event.actor_id"}
    for table in Base.metadata.sorted_tables:
        for column in table.columns:
            points = any(key.column.table.name in {"person", "account"} for key in column.foreign_keys)
            if points or column.info.get("personal") or column.info.get("secret"):
                found.add(f"{table.name}.{column.name}")
    return found


def test_every_column_about_people_is_exported_or_left_out_for_a_reason() -> None:
    assert columns() == EXPORTED | set(LEFT_OUT)
    assert not EXPORTED & set(LEFT_OUT)
    assert all(len(reason) > 20 for reason in LEFT_OUT.values())
    secret = {f"{t.name}.{c.name}" for t in Base.metadata.sorted_tables for c in t.columns if c.info.get("secret")}
    assert secret <= set(LEFT_OUT)


def test_the_values_of_every_personal_column_are_in_it(store: Store, world: World) -> None:
    text = json.dumps(export(store, EMAIL))
    with store.reading() as session:
        for name in sorted(EXPORTED):
            table, column = name.split(".")
            if not Base.metadata.tables[table].columns[column].info.get("personal"):
                continue
            if column == "confirmed_by":  # told by its place: others may be named beside
                assert f"{table.replace('_', ' ')} 1, confirmed by" in text
                continue
            number = {"person": world.person}.get(table, world.account)
            owner = {"passkey": "user_id", "web_session": "account_id"}.get(table, "id")
            row = sa.select(sa.column(column)).select_from(sa.table(table)).where(sa.column(owner) == number)
            assert session.scalar(row) in text, name


def test_every_row_that_points_at_the_person_is_in_it(store: Store, world: World) -> None:
    with store.writing() as session:
        audit.record(session, Actor("coordinator", "10.0.0.7", world.account), "look at", "cluster", "mill-cluster")
        audit.record(session, Actor("director", "10.0.0.8", world.administrator), "look at", "cluster", "other")
    told = export(store, EMAIL)
    contact, account = told["contact"], told["account"]
    assert [(each["role"], each["cluster"], each["school"]) for each in contact["roles"]] == [
        ("subject_lead", "Mill Cluster", "Ford School"),
        ("mentor", "Mill Cluster", None),
    ]
    assert contact["roles"][1] | {"came_from": None} == {
        "role": "mentor", "cluster": "Mill Cluster", "school": None, "year_groups": [5, 6], "from": "2016-09-01",
        "to": "2017-01-01", "somebody_took_over": True, "came_from": None,
    }  # fmt: skip
    assert [each["role"] for each in contact["roles_taken_over"]] == ["subject_lead"]
    assert [(each["meeting"], each["mark"], each["note"]) for each in contact["marks"]][:2] == [
        ("2016-10-04", "present", f"{NAME} came late"),
        ("2016-10-05", "apologies", None),
    ]
    assert [(each["what"], each["on"], each["reason"]) for each in contact["events"]] == [
        ("sabbatical", "2017-01-09", "ZQ was ill")
    ]
    assert [(each["what"], "reason" in each) for each in contact["events_in_which_the_person_took_over"]] == [
        ("sabbatical", False)
    ]
    lines = contact["lines_of_workgroup_returns"]
    assert lines[0] == {
        "year": "2016-17", "version": 1, "cluster": "Mill Cluster", "school": "Ford School",
        "roles": ["subject_lead", "mentor"], "year_groups": [5, 6], "from": "2016-09-01", "to": None,
        "takes_over_from_somebody": True, "came_from": {"entered": "by hand"},
    }  # fmt: skip
    assert [(each["version"], each["takes_over_from_somebody"]) for each in lines] == [(1, True), (2, False)]
    assert [each["version"] for each in contact["lines_of_those_who_take_over"]] == [2]
    assert told["named_as_responsible"] == [
        "target 1, owner", "target 2, owner", "school alias 1, confirmed by", "aim wording 1, confirmed by",
    ]  # fmt: skip
    assert [(each["role"], each["place"]) for each in account["roles"]] == [("coordinator", "Mill Cluster")]
    assert [len(account[name]) for name in ("passkeys", "sessions", "screen_links_made")] == [1, 1, 1]
    seen = "2017-08-31T09:00:00+00:00"
    assert account["calendar_addresses"] == [
        {
            "number": 1, "called": f"phone of {world.account}", "made_at": seen, "last_read_at": None,
            "revoked_at": None,
        }
    ]  # fmt: skip
    assert account["registers_open"] == [{"meeting": "2016-10-04", "cluster": "Mill Cluster", "last_seen_at": seen}]
    assert account["concerns_raised"] == [
        {
            "number": 1, "cluster": "Mill Cluster", "school": "Ford School", "raised_on": "2017-08-01",
            "raised_as": "coordinator", "closed_on": None,
        }
    ]  # fmt: skip
    assert account["decisions_noted"] == [
        {"number": 1, "cluster": "Mill Cluster", "decided_on": "2017-08-03", "noted_as": "coordinator"}
    ]
    assert account["requests_asked_or_decided"] == [
        {
            "number": 1, "cluster": "Mill Cluster", "kind": "travel", "state": "withdrawn", "asked_on": "2017-08-03",
            "asked_as": "coordinator", "decided_on": None, "decided_as": "coordinator",
        }
    ]  # fmt: skip
    assert [(each["cluster"], each["year"], each["version"]) for each in account["workgroup_returns_sent"]] == [
        ("Mill Cluster", "2016-17", 1),
        ("Mill Cluster", "2016-17", 2),
    ]
    assert account["workgroup_returns_sent"][0]["received_at"] == seen
    assert [(each["action"], each["from_computer"]) for each in account["what_was_done_with_it"]] == [
        ("look at", "10.0.0.7")
    ]


def test_it_says_what_for_until_when_and_where_from(store: Store, world: World) -> None:
    with store.writing() as session:
        number = put.put(session, ImportBatch(kind="attendance", file_name="register.csv")).id
        session.add(BatchChange(batch_id=number, table_name="person", row_id=world.person))
        old = {"name": "Zeb Q"}
        session.add(
            BatchChange(batch_id=number, table_name="person", row_id=world.person, before=old, after={"name": NAME})
        )
        for table in (PersonMark, LifecycleEvent, WorkgroupLine):
            session.execute(sa.update(table).where(table.person_id == world.person).values(batch_id=number))
    contact = export(store, EMAIL)["contact"]
    file = {"import": number, "file": "register.csv"}
    assert (contact["held_for"], contact["kept_until"], contact["came_from"]) == (
        "science leads of the cluster",
        "2017-07-31",
        file,
    )
    for rows in ("marks", "events", "lines_of_workgroup_returns"):
        assert {str(each["came_from"]) for each in contact[rows]} == {str(file)}, rows
    assert contact["roles"][0]["came_from"] == {"entered": "by hand"}
    assert contact["changed_by_imports"] == [{**file, "before": old, "after": {"name": NAME}}]
    assert export(store, f"contact-{world.other}")["contact"]["kept_until_because"] == "the contact's own date"
    assert export(store, f"contact-{world.unknown}")["contact"]["kept_until"] == "not known"


def test_nothing_secret_and_nobody_else_is_in_it(store: Store, world: World) -> None:
    text = json.dumps(export(store, EMAIL))
    with store.reading() as session:
        for table in ("account", "passkey", "web_session", "screen_link", "set_up_link", "feed_link"):
            for column in Base.metadata.tables[table].columns:
                secret = column.info.get("secret") or column.name in {"token_sha256", "data", "credential_id"}
                for value in session.scalars(sa.select(column)) if secret else ():
                    for said in value if isinstance(value, list) else [value]:
                        hidden = said.decode() if isinstance(said, bytes) else said
                        assert hidden is None or hidden not in text, column
    others = (
        OTHER,
        "om@mill",
        "OM",
        "Una Kerr",
        "zq@weir",
        "head of the decoy",
        "Ada Min",
        "admin@example.org",
        "Weir",
        "Decoy",
        "Nobody came twice",
        "Nobody drives twice",
    )
    assert [word for word in others if word in text] == []


def test_somebody_who_is_only_one_of_both_has_only_that(store: Store, world: World) -> None:
    told = export(store, "admin@example.org")
    assert told["contact"] is None
    assert told["account"]["name"] == "Ada Min"
    told = export(store, f"contact-{world.unknown}")
    assert told["account"] is None
    assert set(told["left_out"]) == {"of other people"}


def test_places_where_the_name_stands_are_told_by_place_and_not_by_their_text(store: Store, world: World) -> None:
    with store.writing() as session:
        session.execute(
            sa.text("UPDATE meeting SET note = :note WHERE cluster_id = :one"),
            {"note": f"{NAME} and somebody private", "one": world.mill},
        )
    told = export(store, EMAIL)
    assert any(each.startswith("meeting ") for each in told["texts_that_hold_the_name"])
    assert "somebody private" not in json.dumps(told)


def test_what_was_done_to_a_contact_is_told(store: Store, world: World) -> None:
    with store.writing() as session:
        audit.record(session, COMMAND_LINE, "set term", "contact", world.person, reason="on request")
        audit.record(session, COMMAND_LINE, "set term", "contact", world.other, reason="of another")
    done = export(store, EMAIL)["contact"]["what_was_done_to_it"]
    assert [(each["action"], each["reason"]) for each in done] == [("set term", "on request")]
    assert isinstance(done[0]["at"], str)


def test_what_an_event_says_of_before_and_after_is_told_where_it_says_so(store: Store, world: World) -> None:
    with store.writing() as session:
        PrivacyBook(session, COMMAND_LINE).set_term(world.person, purpose="mentors", delete_after=date(2018, 1, 1))
        PrivacyBook(session, COMMAND_LINE).set_term(world.other, purpose="heads", delete_after=date(2019, 1, 1))
        PrivacyBook(session, COMMAND_LINE).note_export(Subject(world.person, world.account))
        AccountBook(session, COMMAND_LINE).disable(world.account)
    told = export(store, EMAIL)
    change, exported = told["contact"]["what_was_done_to_it"]
    assert change["before"] == {"purpose": NOT_QUOTED, "delete_after": None}
    assert change["after"] == {"purpose": NOT_QUOTED, "delete_after": "2018-01-01"}
    assert not {"before", "after"} & exported.keys()
    exported, disabled = told["account"]["what_was_done_to_it"]
    assert "after" not in exported
    assert (disabled["before"]["active"], disabled["after"]["active"]) == ("yes", "no")


def test_the_person_is_read_as_they_stand(store: Store, world: World) -> None:
    with store.writing() as session:
        session.get_one(Person, world.person).initials = "QZ"
    assert export(store, EMAIL)["contact"]["initials"] == "QZ"
