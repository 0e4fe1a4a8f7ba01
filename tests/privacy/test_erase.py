"""One person taken out: everything of them goes, the audit stays whole, and no figure changes."""

from datetime import date

import pytest
import sqlalchemy as sa

from dashboard import audit
from dashboard.audit import NOT_QUOTED, Actor
from dashboard.changes import Outcome
from dashboard.db import Base, Store
from dashboard.models import NAMELESS, Account, AuditEvent, ImportBatch, Person
from dashboard.privacy.commands import Erasure, PrivacyBook, PrivacyRefused
from dashboard.privacy.rules import Kept
from dashboard.privacy.subjects import Subject, SubjectUnclear, find_subject
from tests import builders as put
from tests.privacy.world import EMAIL, NAME, World, make_world, reports
from tests.uploads import everything

KEEPER = Actor("administrator", "10.0.0.1", 2)


@pytest.fixture
def world(store: Store) -> World:
    return make_world(store)


def erase(store: Store, text: str, reason: str | None = "asked for it") -> Erasure:
    with store.writing() as session:
        return PrivacyBook(session, KEEPER).erase(find_subject(session, text), reason)


def everything_written(store: Store) -> str:
    """All that the tables hold, imports and audit included."""
    with store.reading() as session:
        return str([session.execute(sa.select(table)).all() for table in Base.metadata.sorted_tables])


def test_contact_and_account_go_with_all_that_hangs_on_them(store: Store, world: World) -> None:
    done = erase(store, EMAIL.upper())
    assert done.counts == {Kept.CONTACTS: 1, Kept.MARKS: 4, Kept.ACCOUNTS: 1}
    assert {str(each) for each in done.mentions} == {
        "school alias 2, confirmed by", "aim wording 2, confirmed by", "target 4, owner", "person mark 9, note",
        "person mark 12, note",
    }, "what is left is the decoy's, where somebody of the same name works"  # fmt: skip
    stored = everything(store)
    assert world.person not in [row["id"] for row in stored["person"]]
    for table in ("account_grant", "passkey", "web_session"):
        owners = {row.get("account_id", row.get("user_id")) for row in stored[table]}
        assert owners == {world.administrator}, table
    assert [row["id"] for row in stored["account"]] == [world.administrator]
    with pytest.raises(SubjectUnclear):
        erase(store, EMAIL)


def test_no_row_points_at_anybody_who_is_gone(store: Store, world: World) -> None:
    pointing = [
        (table, column, key.column.table.name)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table.name in {"person", "account"}
    ]
    gone = {"person": world.person, "account": world.account}
    with store.reading() as session:
        held = [session.scalars(sa.select(column).where(column == gone[to])).all() for _, column, to in pointing]
    assert len(pointing) >= 9
    assert all(held), "the world has a row for each of them"
    erase(store, EMAIL)
    with store.reading() as session:
        for table, column, to in pointing:
            found = session.scalars(sa.select(column).where(column == gone[to])).all()
            assert found == [], f"{table.name}.{column.name}"


def test_nothing_that_was_the_persons_stands_anywhere(store: Store, world: World) -> None:
    """But for the decoy, where somebody of the same name works."""
    with store.writing() as session:
        for row in (session.get_one(Person, world.namesake),):
            row.name, row.initials = "Somebody Else", "SE"
    texts = (NAME, EMAIL, EMAIL.lower(), "totp-secret", "unique-secret", "recovery-secret", "handle-secret")
    before = everything_written(store)
    assert all(text in before for text in texts)
    with store.writing() as session:
        session.execute(sa.text("UPDATE person_mark SET note = NULL WHERE person_id = :one"), {"one": world.namesake})
        session.execute(sa.text("UPDATE target SET owner = NULL WHERE cluster_id = :one"), {"one": world.decoy})
        session.execute(sa.text("UPDATE school_alias SET confirmed_by = NULL WHERE id = 2"))
        session.execute(sa.text("UPDATE aim_wording SET confirmed_by = NULL WHERE id = 2"))
    erase(store, EMAIL)
    after = everything_written(store)
    assert [text for text in texts if text in after] == []


def test_the_audit_is_whole_and_knows_the_number_and_the_reason_alone(store: Store, world: World) -> None:
    with store.writing() as session:
        audit.record(session, Actor("coordinator", "10.0.0.7", world.account), "edit", "cluster", "mill-cluster")
    erase(store, EMAIL, "  left the\nprogramme ")
    with store.reading() as session:
        assert audit.find_faults(session) == []
        first, contact, account = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id))
    assert (first.actor_id, first.actor) == (world.account, "coordinator")
    for event, kind, number in ((contact, "contact", world.person), (account, "account", world.account)):
        assert (event.action, event.object_kind, event.object_key) == ("erased", kind, str(number))
        assert (event.reason, event.actor_id, event.before) == ("left the programme", 2, None)
        assert event.after == {"contacts": 1, "marks of people": 4, "accounts": 1}


def test_no_figure_changes(store: Store, world: World) -> None:
    before = reports(store)
    erase(store, EMAIL)
    erase(store, f"contact-{world.other}")
    erase(store, f"contact-{world.namesake}")
    assert reports(store) == before


@pytest.mark.parametrize(
    "reason", [f"{NAME} asked for it", "zebedee quill", f"mail of {EMAIL.lower()}", "Zebedee_Quill", "x" * 501]
)
def test_a_reason_that_would_keep_the_person_in_the_audit_is_refused(store: Store, world: World, reason: str) -> None:
    before = everything(store)
    with pytest.raises(PrivacyRefused) as refused:
        erase(store, EMAIL, reason)
    assert refused.value.field == "reason"
    assert everything(store) == before


@pytest.mark.parametrize("reason", ["Quill, Zebedee asked", "Mrs Quill left, depressed", "ZQ asked", "Z. Quill"])
def test_a_reason_with_a_part_of_the_name_or_the_initials_is_refused_and_does_not_quote_it(
    store: Store, world: World, reason: str
) -> None:
    before = everything(store)
    with pytest.raises(
        PrivacyRefused, match=r"A part of the name or the initials count too; .* use another"
    ) as refused:
        erase(store, EMAIL, reason)
    assert refused.value.field == "reason"
    assert not {"quill", "zebedee", "zq"} & set(str(refused.value).casefold().split())
    assert everything(store) == before


def test_initials_in_a_reason_count_where_a_colleague_shares_them_too(store: Store, world: World) -> None:
    with store.writing() as session:
        session.get_one(Person, world.other).initials = "ZQ"
        session.get_one(Person, world.person).name = "Una"
        with pytest.raises(PrivacyRefused):
            PrivacyBook(session, KEEPER).erase(Subject(world.person), "ZQ asked")


def test_a_part_of_the_name_of_an_account_is_refused_too(store: Store, world: World) -> None:
    with pytest.raises(PrivacyRefused, match="Leave the person out of the reason"):
        erase(store, f"account-{world.administrator}", "Ada asked")


def test_the_last_administrator_cannot_be_erased_and_the_last_but_one_can(store: Store, world: World) -> None:
    with pytest.raises(PrivacyRefused, match="the last administrator"):
        erase(store, "admin@example.org")
    with store.writing() as session:
        session.execute(sa.text("UPDATE account_grant SET role = 'administrator'"))
    assert erase(store, "admin@example.org").counts == {Kept.ACCOUNTS: 1}


def test_an_administrator_who_cannot_sign_in_is_none(store: Store, world: World) -> None:
    with store.writing() as session:
        session.execute(sa.text("UPDATE account_grant SET role = 'administrator'"))
        session.get_one(Account, world.account).active = False
    with pytest.raises(PrivacyRefused, match="the last administrator"):
        erase(store, "admin@example.org")


def test_the_name_of_an_account_leaves_what_it_confirmed_and_what_files_are_called(store: Store, world: World) -> None:
    with store.writing() as session:
        session.get_one(Account, world.account).active = True
        session.execute(sa.text("UPDATE account_grant SET role = 'administrator'"))
        session.execute(sa.text("UPDATE school_alias SET confirmed_by = 'ada min'"))
        session.add(ImportBatch(kind="plan", file_name="plan of Ada Min.docx"))
    assert erase(store, "admin@example.org").counts == {Kept.ACCOUNTS: 1, Kept.IMPORTS: 1}
    stored = everything(store)
    assert {row["confirmed_by"] for row in stored["school_alias"]} == {"(name removed)"}
    with store.reading() as session:
        assert session.scalars(sa.select(ImportBatch.file_name)).all() == ["plan of (name removed).docx"]


def test_somebody_can_be_erased_while_there_is_no_administrator_at_all(store: Store, world: World) -> None:
    with store.writing() as session:
        session.get_one(Account, world.administrator).active = False
    assert erase(store, EMAIL).counts[Kept.ACCOUNTS] == 1


def test_a_text_that_fills_its_column_stays_within_it(store: Store, world: World) -> None:
    """ "(name removed)" is longer than some names."""
    with store.writing() as session:
        session.add(Person(name="Al Ng"))
        batch = put.put(session, ImportBatch(kind="plan", file_name="", source=f"{'Al Ng, ' * 71}"[:500]))
        batch.file_name = ("Al Ng " * 43)[:255]
        number = batch.id
        person = session.scalars(sa.select(Person.id).where(Person.name == "Al Ng")).one()
    erase(store, f"contact-{person}")
    with store.reading() as session:
        batch = session.get_one(ImportBatch, number)
        assert (len(batch.source or ""), len(batch.file_name)) == (500, 255)
        assert "Al Ng" not in f"{batch.source} {batch.file_name}"


def test_texts_that_still_hold_the_name_are_told_of(store: Store, world: World) -> None:
    with store.writing() as session:
        session.execute(
            sa.text("UPDATE meeting SET note = :note WHERE cluster_id = :one"),
            {"note": f"with {NAME}", "one": world.mill},
        )
    told = [str(each) for each in erase(store, EMAIL).mentions]
    assert len([each for each in told if each.startswith("meeting ")]) == 4


def test_the_number_of_an_erased_account_is_not_given_to_another(store: Store, world: World) -> None:
    with store.writing() as session:
        last = put.put(session, Account(email="last@example.org", fs_uniquifier="last")).id
        PrivacyBook(session, KEEPER).erase(Subject(None, last))
        assert put.put(session, Account(email="next@example.org", fs_uniquifier="next")).id > last


def test_a_contact_gets_a_purpose_and_a_date(store: Store, world: World) -> None:
    with store.writing() as session:
        book = PrivacyBook(session, KEEPER)
        assert book.set_term(world.unknown, purpose=" the director ", delete_after=date(2018, 1, 1)) is Outcome.CHANGED
        assert book.set_term(world.unknown, purpose="the director", delete_after=date(2018, 1, 1)) is Outcome.UNCHANGED
    with store.reading() as session:
        person = session.get_one(Person, world.unknown)
        assert (person.purpose, person.delete_after) == ("the director", date(2018, 1, 1))
        (event,) = session.scalars(sa.select(AuditEvent))
    assert (event.action, event.object_kind, event.object_key) == ("set term", "contact", str(world.unknown))
    assert event.before == {"purpose": None, "delete_after": None}
    assert event.after == {"purpose": NOT_QUOTED, "delete_after": "2018-01-01"}


def test_another_purpose_is_a_change_though_the_event_quotes_neither(store: Store, world: World) -> None:
    with store.writing() as session:
        book = PrivacyBook(session, KEEPER)
        assert book.set_term(world.person, purpose="mentors", delete_after=None) is Outcome.CHANGED
        assert book.set_term(world.person, purpose="mentors", delete_after=None) is Outcome.UNCHANGED
    with store.reading() as session:
        assert session.get_one(Person, world.person).purpose == "mentors"
        (event,) = session.scalars(sa.select(AuditEvent))
    assert event.before == event.after == {"purpose": NOT_QUOTED, "delete_after": None}


@pytest.mark.parametrize(
    "purpose",
    ["x" * 201, NAMELESS, "room of Una Kerr", "UNA@example.org", "Kerr, Una", "room of Miss Kerr", "UK", "U. Kerr"],
)
def test_a_purpose_that_cannot_be_kept_is_refused(store: Store, world: World, purpose: str) -> None:
    with store.writing() as session, pytest.raises(PrivacyRefused):
        PrivacyBook(session, KEEPER).set_term(world.unknown, purpose=purpose, delete_after=None)


def test_nobody_has_a_term(store: Store, world: World) -> None:
    with store.writing() as session, pytest.raises(PrivacyRefused, match="There is no contact 999"):
        PrivacyBook(session, KEEPER).set_term(999, purpose=None, delete_after=None)
