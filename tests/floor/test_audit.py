"""The record of who did what: whole, chained, unchangeable, and without any person in it (cases 48 and 49)."""

import json
import threading
import time
from datetime import UTC, datetime
from typing import Any

import flask
import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard import audit
from dashboard.access import Reader, Refused, whole_store
from dashboard.access.policy import Action, Object
from dashboard.audit import NOT_QUOTED, Actor, find_head
from dashboard.db import Base, Store
from dashboard.models import Account, AuditHead, Cluster, Person, School
from dashboard.vocabulary import Attempt, Role
from dashboard.web.context import let_in, set_store
from dashboard.web.door import refuse
from tests.conftest import NewStore
from tests.floor.events import COORDINATOR, DECOY, events, faults, names, tampering, write


@pytest.fixture
def told(store: Store) -> Store:
    """Five events, one of them by somebody else."""
    for number in range(5):
        write(store, f"school-{number}", DECOY if number == 2 else COORDINATOR)
    return store


# What an event holds, and that it stands or falls with its write


def test_every_event_is_chained_to_the_one_before(told: Store) -> None:
    found = events(told)
    assert [event.id for event in found] == [1, 2, 3, 4, 5]
    assert [event.previous_sha256 for event in found] == [audit.FIRST, *(event.sha256 for event in found[:-1])]
    assert len({event.sha256 for event in found}) == 5
    with told.reading() as session:
        assert find_head(session) == (5, found[-1].sha256)
    assert faults(told) == []


def test_case_48_an_event_says_who_when_from_where_what_and_why(told: Store) -> None:
    event = events(told)[0]
    assert (event.actor_id, event.actor, event.origin) == (7, "coordinator", "203.0.113.9")
    assert (event.action, event.object_kind, event.object_key, event.cluster_id) == ("add", "school", "1", 3)
    assert (event.outcome, event.reason, event.batch_id) == (Attempt.DONE, "a new member", None)
    assert event.before == {"name": "none"}
    assert event.after is not None
    assert (event.after["name"], event.after["slug"], event.after["id"]) == ("school-0", "school-0", 1)


def test_case_48_an_event_happened_at_a_moment_in_utc_wherever_the_server_stands(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        early = datetime.now(UTC).replace(microsecond=0)
        write(store, "a")
        late = datetime.now(UTC)
    finally:
        monkeypatch.undo()
        time.tzset()
    event = events(store)[0]
    assert event.happened_at.tzinfo is UTC
    assert early <= event.happened_at <= late
    with store.reading() as session:
        raw = session.execute(sa.text("SELECT happened_at AS moment FROM audit_event")).scalar_one()
    stored = datetime.fromisoformat(raw).replace(tzinfo=UTC) if isinstance(raw, str) else raw
    assert stored == event.happened_at


def test_a_write_that_is_taken_back_leaves_no_event(told: Store) -> None:
    def fail_half_way() -> None:
        with told.writing() as session:
            session.add(School(slug="gone", name="gone"))
            audit.record(session, COORDINATOR, "add", "school", "gone")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_half_way()
    assert (len(events(told)), "gone" in names(told)) == (5, False)
    write(told, "next")
    assert events(told)[-1].id == 6
    assert faults(told) == []


def test_a_write_whose_event_cannot_be_written_is_taken_back(told: Store) -> None:
    with tampering(told) as session:
        session.execute(sa.delete(AuditHead))
    with pytest.raises(sa.exc.NoResultFound):
        write(told, "unseen")
    assert "unseen" not in names(told)


def test_what_a_savepoint_takes_back_it_takes_with_its_event(told: Store) -> None:
    with told.writing() as session:
        savepoint = session.begin_nested()
        audit.record(session, COORDINATOR, "add", "school", "gone")
        savepoint.rollback()
        audit.record(session, COORDINATOR, "add", "school", "stays")
    assert [event.object_key for event in events(told)[5:]] == ["stays"]
    assert faults(told) == []


def test_several_events_of_one_transaction_are_chained(store: Store) -> None:
    with store.writing() as session:
        for number in range(3):
            audit.record(session, COORDINATOR, "add", "school", number)
    assert [event.id for event in events(store)] == [1, 2, 3]
    assert faults(store) == []


def test_a_refused_attempt_is_recorded_though_its_write_is_taken_back(told: Store) -> None:
    server = flask.Flask(__name__)
    set_store(server, told)
    reader = Reader("A Headteacher", account_id=9, known_as=Role.HEADTEACHER)

    def try_what_is_not_theirs() -> None:
        with told.writing() as session:
            session.add(School(slug="theirs", name="theirs"))
            session.flush()
            raise Refused(Action.EDIT, Object.CLUSTER)

    with server.test_request_context("/cluster/decoy", environ_base={"REMOTE_ADDR": "203.0.113.5"}):
        let_in(reader)
        with pytest.raises(Refused) as refused:
            try_what_is_not_theirs()
        refuse(refused.value.action, refused.value.thing, "/cluster/decoy")
    assert "theirs" not in names(told)
    event = events(told)[-1]
    assert (event.outcome, event.action, event.object_kind, event.object_key) == (
        Attempt.REFUSED, "edit", "cluster", "/cluster/decoy",
    )  # fmt: skip
    assert (event.actor_id, event.actor, event.origin) == (9, "headteacher", "203.0.113.5")
    assert faults(told) == []


# Nobody appears in it


MODELS = sorted((mapper.class_ for mapper in Base.registry.mappers), key=lambda model: model.__name__)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_what_is_personal_or_secret_is_named_and_never_quoted(model: type[Base]) -> None:
    kept = {
        name
        for name, column in sa.inspect(model).columns.items()
        if column.info.get("personal") or column.info.get("secret")
    }
    row = model(**dict.fromkeys(kept, "A Colleague"))
    quoted = audit.quote(row)
    assert set(quoted) == set(sa.inspect(model).columns.keys())
    assert {quoted[name] for name in kept} <= {NOT_QUOTED}
    assert audit.quote(row, dict.fromkeys(kept, "Another Colleague")) == dict.fromkeys(kept, NOT_QUOTED)
    assert audit.quote(row, dict.fromkeys(kept)) == dict.fromkeys(kept), "that there was nothing may be told"


@pytest.mark.parametrize("word", ["email", "password", "initials", "secret", "recovery", "public_key", "user_agent"])
def test_columns_that_sound_personal_or_secret_are_marked_as_such(word: str) -> None:
    sounding = [column for table in Base.metadata.tables.values() for column in table.columns if word in column.name]
    assert sounding
    assert [column for column in sounding if not (column.info.get("personal") or column.info.get("secret"))] == []


def test_people_have_names_that_are_marked_as_personal() -> None:
    for model in (Account, Person):
        assert sa.inspect(model).columns["name"].info.get("personal")


# Case 49: what somebody typed cannot break a line


HOSTILE = "Mill\r\n2026-01-01 director edited\x00\x1b[2K\u202eevil\u2028next\ud800"


def test_case_49_line_breaks_in_names_stay_within_their_event(store: Store) -> None:
    with store.writing() as session:
        audit.record(
            session, Actor(HOSTILE, HOSTILE, 1), HOSTILE, HOSTILE, HOSTILE, reason=HOSTILE, after={"name": HOSTILE}
        )
    event = events(store)[0]
    for text in (event.actor, event.origin, event.action, event.object_kind, event.object_key, event.reason):
        assert text is not None
        assert text.isprintable()
        assert text.splitlines() == [text]
        text.encode()
    assert event.object_key is not None
    assert event.object_key.startswith("Mill\\r\\n2026")
    assert event.after == {"name": HOSTILE}
    assert faults(store) == []


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.text(max_size=600),
    values=st.dictionaries(
        st.one_of(st.text(max_size=5), st.integers()),
        st.one_of(st.text(max_size=20), st.integers(), st.floats(allow_nan=False, allow_infinity=False), st.none()),
        max_size=12,
    ),
)
def test_whatever_is_told_the_chain_holds(store: Store, text: str, values: dict[Any, Any]) -> None:
    with store.writing() as session:
        audit.record(session, Actor(text, text), text, text, text, reason=text, before=values, after={"text": text})
    last = events(store)[-1]
    assert last.before == (json.loads(json.dumps(values)) if values else None)
    assert len(last.object_key or "") <= 200
    assert faults(store) == []


# Two at once


def test_writers_at_the_same_time_keep_one_chain(store: Store) -> None:
    writers, each = 4, 12
    problems: list[BaseException] = []
    begin = threading.Barrier(writers)

    def work(number: int) -> None:
        try:
            begin.wait()
            for turn in range(each):
                write(store, f"school-{number}-{turn}", Actor("coordinator", "203.0.113.9", number))
        except BaseException as problem:
            problems.append(problem)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(writers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    found = events(store)
    assert [event.id for event in found] == list(range(1, writers * each + 1))
    assert {event.actor_id for event in found} == set(range(writers))
    assert len(names(store)) == writers * each
    assert faults(store) == []


def test_a_second_writer_waits_for_the_first_to_end(new_postgresql: NewStore) -> None:
    with whole_store(new_postgresql()) as store, store.writing() as first:
        audit.record(first, COORDINATOR, "add", "school", 1)
        with store.writing() as second:
            second.execute(sa.text("SET LOCAL lock_timeout = '100ms'"))
            with pytest.raises(sa.exc.OperationalError, match="lock timeout"):
                audit.record(second, COORDINATOR, "add", "school", 2)


def test_the_event_of_a_cluster_that_went_stays(store: Store) -> None:
    with store.writing() as session:
        cluster = Cluster(slug="gone", name="Gone")
        session.add(cluster)
        session.flush()
        audit.record(session, COORDINATOR, "add", "cluster", cluster.id, cluster_id=cluster.id)
    with store.writing() as session:
        session.execute(sa.delete(Cluster))
        audit.record(session, COORDINATOR, "remove", "cluster", 1, cluster_id=1)
    assert [event.cluster_id for event in events(store)] == [1, 1]
