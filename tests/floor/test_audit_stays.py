"""Nobody changes the record of who did what; and what somebody changed nevertheless is found (case 48)."""

from collections.abc import Callable, Generator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import whole_store
from dashboard.audit import find_head
from dashboard.db import Store
from dashboard.integrity import find_faults as find_faults_of_the_store
from dashboard.models import AuditEvent, AuditHead
from dashboard.vocabulary import Attempt
from tests.conftest import NewStore
from tests.floor.events import events, faults, tampering, write

COLUMNS = [column.name for column in AuditEvent.__table__.columns if column.name != "id"]


@pytest.fixture
def told(store: Store) -> Store:
    """Five events."""
    for number in range(5):
        write(store, f"school-{number}")
    return store


# Nothing changes it


FORGED = (
    "INSERT INTO audit_event (id, happened_at, actor, origin, action, object_kind, outcome, previous_sha256, sha256)"
    " SELECT {number}, happened_at, actor, origin, 'forged', object_kind, outcome, {previous}, 'x' FROM audit_event"
    " WHERE id = 5"
)
CHANGES = [
    *(FORGED.format(number=number, previous="sha256") for number in (-5, 0, 7)),
    FORGED.format(number=6, previous="previous_sha256"),
    "UPDATE audit_head SET events = 0",
    "UPDATE audit_head SET events = 4, sha256 = (SELECT sha256 FROM audit_event WHERE id = 4)",
    "UPDATE audit_head SET events = 6",
    "UPDATE audit_head SET id = 2",
    "UPDATE audit_head SET sha256 = 'x'",
]
EDITS = [
    "UPDATE audit_event SET action = 'x' WHERE id = 2",
    "UPDATE audit_event SET action = action",
    "DELETE FROM audit_event WHERE id = 5",
    "DELETE FROM audit_event",
]
SQLITE_CHANGES = [
    "REPLACE INTO audit_event SELECT * FROM audit_event WHERE id = 5",
    (
        "REPLACE INTO audit_event (id, happened_at, actor, origin, action, object_kind, outcome, previous_sha256,"
        " sha256) VALUES (5, '2026-01-01', 'x', 'x', 'x', 'x', 'done', 'x', 'x')"
    ),
    "INSERT INTO audit_event SELECT * FROM audit_event WHERE id = 5 ON CONFLICT (id) DO UPDATE SET action = 'x'",
    "UPDATE OR REPLACE audit_event SET id = 4 WHERE id = 5",
    "DELETE FROM audit_head",
    "REPLACE INTO audit_head VALUES (1, 0, '')",
    "INSERT INTO audit_head VALUES (2, 0, '')",
]
OF_THE_OWNER = [*EDITS, "TRUNCATE audit_event"]
OF_THE_APPLICATION = [*OF_THE_OWNER, "DELETE FROM audit_head", "INSERT INTO audit_head VALUES (2, 0, '')"]


@pytest.mark.parametrize("statement", [*CHANGES, *EDITS, *SQLITE_CHANGES])
def test_sqlite_refuses_every_change_of_an_event(new_sqlite: NewStore, statement: str) -> None:
    with filled(new_sqlite()) as store:
        assert_refused(store, statement, "never changed")


@pytest.mark.parametrize("statement", OF_THE_APPLICATION)
def test_the_applications_role_has_no_right_to_change_an_event(new_postgresql: NewStore, statement: str) -> None:
    with filled(new_postgresql()) as store:
        assert_refused(store, statement, "permission denied")


@pytest.mark.parametrize("statement", OF_THE_OWNER)
def test_even_the_owner_of_the_tables_is_refused(new_postgresql: NewStore, statement: str) -> None:
    with filled(new_postgresql()) as store:
        assert_refused(store, statement, "never changed", as_owner=True)


@pytest.mark.parametrize("as_owner", [False, True])
@pytest.mark.parametrize("statement", CHANGES)
def test_nobody_puts_an_event_elsewhere_or_sets_the_head_back(
    new_postgresql: NewStore, statement: str, as_owner: bool
) -> None:
    with filled(new_postgresql()) as store:
        assert_refused(store, statement, "never changed", as_owner=as_owner)


def test_a_table_of_the_same_name_deceives_nobody(new_postgresql: NewStore) -> None:
    with filled(new_postgresql()) as store, store.engine.connect() as connection:
        connection.exec_driver_sql("CREATE TEMP TABLE audit_head AS SELECT 1 AS id, -6 AS events, 'x'::text AS sha256")
        with pytest.raises(sa.exc.DBAPIError, match="never changed"):
            connection.exec_driver_sql(
                FORGED.format(number=-5, previous="'x'").replace("audit_event", "public.audit_event")
            )


def assert_refused(store: Store, statement: str, why: str, **options: Any) -> None:
    before = [(event.id, event.action, event.sha256) for event in events(store)]
    with (
        pytest.raises(sa.exc.DBAPIError, match=why),
        store.engine.connect().execution_options(sqlite_begin="IMMEDIATE", **options) as connection,
        connection.begin(),
    ):
        connection.exec_driver_sql(statement)
    assert [(event.id, event.action, event.sha256) for event in events(store)] == before
    assert faults(store) == []


@contextmanager
def filled(address: str) -> Generator[Store]:
    with whole_store(address) as store:
        for number in range(5):
            write(store, f"school-{number}")
        yield store


# And what was changed nevertheless is found


def edit(session: Session, number: int, **values: Any) -> None:
    session.execute(sa.update(AuditEvent).where(AuditEvent.id == number).values(**values))


def recompute(session: Session, number: int) -> None:
    """Give one event the digest of what it says now."""
    row = session.execute(sa.select(AuditEvent.__table__).where(AuditEvent.id == number)).mappings().one()
    edit(session, number, sha256=audit._digest(dict(row)))


def swap(session: Session, one: int, other: int) -> None:
    for now, then in ((one, 99), (other, one), (99, other)):
        edit(session, now, id=then)


def change_and_recompute(session: Session, number: int) -> None:
    edit(session, number, action="nothing")
    recompute(session, number)


def forge_one_more(session: Session) -> None:
    row = dict(session.execute(sa.select(AuditEvent.__table__).where(AuditEvent.id == 5)).mappings().one())
    forged = row | {"id": 6, "previous_sha256": row["sha256"], "actor_id": 8}
    session.execute(sa.insert(AuditEvent).values(forged | {"sha256": audit._digest(forged)}))


def forge_before(number: int) -> Callable[[Session], object]:
    def forge(session: Session) -> None:
        row = dict(session.execute(sa.select(AuditEvent.__table__).where(AuditEvent.id == 1)).mappings().one())
        forged = row | {"id": number, "actor_id": 8}
        session.execute(sa.insert(AuditEvent).values(forged | {"sha256": audit._digest(forged)}))

    return forge


def delete(*numbers: int) -> Callable[[Session], object]:
    return lambda session: session.execute(sa.delete(AuditEvent).where(AuditEvent.id.in_(numbers)))


TAMPERINGS: list[tuple[Callable[[Session], object], str]] = [
    (delete(3), "Audit: event 3 is missing."),
    *((forge_before(number), "Audit: event 1 is missing.") for number in (0, -5)),
    (delete(1), "Audit: event 1 is missing."),
    (delete(5), "Audit: 5 events are noted as written, 4 are there."),
    (delete(1, 2, 3, 4, 5), "Audit: 5 events are noted as written, 0 are there."),
    (lambda session: swap(session, 2, 3), "Audit: event 2 is not as it was written."),
    (lambda session: change_and_recompute(session, 3), "Audit: event 4 is not as it was written."),
    (lambda session: change_and_recompute(session, 5), "Audit: 5 events are noted as written, 5 are there."),
    (forge_one_more, "Audit: 5 events are noted as written, 6 are there."),
    (
        lambda session: session.execute(sa.insert(AuditHead).values(id=2, events=5, sha256="x")),
        "Audit: more than one end is noted as written, 5 are there.",
    ),
    (lambda session: session.execute(sa.delete(AuditHead)), "Audit: nothing is noted as written, 5 are there."),
    (
        lambda session: session.execute(sa.update(AuditHead).values(events=4)),
        "Audit: 4 events are noted as written, 5 are there.",
    ),
    (
        lambda session: session.execute(sa.text("UPDATE audit_event SET outcome = 'perhaps' WHERE id = 2")),
        "Audit: an event after event 0 is not as it was written and cannot be read.",
    ),
]
TAMPERING_NAMES = [
    "deleted in the middle", "forged as 0", "forged as -5", "deleted at the start", "cut off the end", "all deleted",
    "re-ordered", "one digest recomputed", "the last digest recomputed", "one forged", "a second head",
    "the head deleted", "the head set back", "not to be read",
]  # fmt: skip


@pytest.mark.parametrize(("tamper", "fault"), TAMPERINGS, ids=TAMPERING_NAMES)
def test_tampering_is_found(told: Store, tamper: Callable[[Session], object], fault: str) -> None:
    with tampering(told) as session:
        tamper(session)
    assert faults(told) == [fault]


@pytest.mark.parametrize("column", COLUMNS)
def test_a_change_of_any_column_is_found(told: Store, column: str) -> None:
    others: dict[str, Any] = {
        "happened_at": datetime(2020, 1, 1, tzinfo=UTC),
        "actor_id": 8,
        "cluster_id": None,
        "outcome": Attempt.REFUSED,
        "before": {"name": "another"},
        "after": None,
        "batch_id": 1,
    }
    with tampering(told) as session:
        edit(session, 2, **{column: others.get(column, "x")})
    assert faults(told) == ["Audit: event 2 is not as it was written."]


def test_what_is_no_moment_and_no_json_is_told_and_not_stumbled_over(new_sqlite: NewStore) -> None:
    for edit_raw in ("UPDATE audit_event SET happened_at = 'neither'", "UPDATE audit_event SET after = 'neither'"):
        with filled(new_sqlite()) as store:
            with tampering(store) as session:
                session.execute(sa.text(edit_raw))
            assert faults(store) == ["Audit: an event after event 0 is not as it was written and cannot be read."]


def test_a_chain_that_was_written_anew_differs_from_the_head_that_was_noted_elsewhere(told: Store) -> None:
    with told.reading() as session:
        noted = find_head(session)
    with tampering(told) as session:
        edit(session, 2, actor_id=8)
        previous = audit.FIRST
        for number in range(1, 6):
            edit(session, number, previous_sha256=previous)
            recompute(session, number)
            previous = session.scalars(sa.select(AuditEvent.sha256).where(AuditEvent.id == number)).one()
        session.execute(sa.update(AuditHead).values(sha256=previous))
    assert faults(told) == []
    with told.reading() as session:
        assert find_head(session) != noted


def test_the_command_that_checks_the_store_reports_a_broken_chain(told: Store) -> None:
    assert find_faults_of_the_store(told) == []
    with tampering(told) as session:
        delete(3)(session)
    assert find_faults_of_the_store(told) == ["Audit: event 3 is missing."]


def test_a_long_chain_is_read_page_by_page(told: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for page in (1, 2, 5, 6):
        monkeypatch.setattr(audit, "_PAGE", page)
        assert faults(told) == []
    with tampering(told) as session:
        edit(session, 5, reason="x")
    monkeypatch.setattr(audit, "_PAGE", 2)
    assert faults(told) == ["Audit: event 5 is not as it was written."]
