"""Whom an address or a number means; and where else a name stands."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.db import Store
from dashboard.models import Evidence, ImportBatch, Meeting, Person
from dashboard.privacy.rules import NAMELESS
from dashboard.privacy.subjects import Subject, SubjectUnclear, find_subject
from dashboard.privacy.traces import Names, find_mentions, load_names, rub_out, rub_out_who, rub_out_within
from tests import builders as put
from tests.privacy.world import EMAIL, NAME, World, make_world


@pytest.fixture
def world(store: Store) -> World:
    return make_world(store)


def find(store: Store, text: str) -> Subject:
    with store.reading() as session:
        return find_subject(session, text)


@pytest.mark.parametrize("text", [EMAIL, EMAIL.upper(), f"  {EMAIL.lower()} "])
def test_an_address_in_any_case_means_the_contact_and_the_account(store: Store, world: World, text: str) -> None:
    assert find(store, text) == Subject(world.person, world.account)


def test_a_number_means_whoever_has_it(store: Store, world: World) -> None:
    both = Subject(world.person, world.account)
    assert find(store, f"contact-{world.person}") == find(store, f"Account {world.account}") == both
    assert find(store, f"account-{world.administrator}") == Subject(None, world.administrator)
    assert find(store, f"contact {world.unknown}") == Subject(world.unknown, None)
    assert find(store, str(world.unknown)) == Subject(world.unknown, None)
    assert (both.key, Subject(None, 3).key) == (f"contact-{world.person}", "account-3")


def test_a_number_that_two_have_is_unclear(store: Store, world: World) -> None:
    assert world.person == world.account
    with pytest.raises(SubjectUnclear, match=f"say contact-{world.person} or account-{world.person}"):
        find(store, str(world.person))


@pytest.mark.parametrize(
    "text", ["nobody@example.org", "999", "contact-999", "account-999", "", " ", "Zebedee Quill", "9" * 30]
)
def test_nobody_is_said_so(store: Store, world: World, text: str) -> None:
    with pytest.raises(SubjectUnclear, match="nobody is held under"):
        find(store, text)


def test_an_address_that_two_share_joins_nobody_and_is_unclear_by_itself(store: Store, world: World) -> None:
    with store.writing() as session:
        session.get_one(Person, world.other).work_email = EMAIL.upper()
    with pytest.raises(
        SubjectUnclear, match=f"2 contacts share this address; .* contact-{world.person}, contact-{world.other}"
    ):
        find(store, EMAIL)
    assert find(store, f"contact-{world.person}") == Subject(world.person, None)
    assert find(store, f"account-{world.account}") == Subject(None, world.account)


def test_the_holders_of_nameless_marks_are_nobody(store: Store, world: World) -> None:
    with store.writing() as session:
        holder = put.put(session, Person(name="x", purpose=NAMELESS, work_email="x@example.org")).id
    for text in (f"contact-{holder}", "x@example.org"):
        with pytest.raises(SubjectUnclear, match="nobody is held under"):
            find(store, text)


ZEB = Names(NAME, "ZQ", EMAIL, frozenset({1}), frozenset({"mill-cluster"}))


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("Zebedee Quill", "(name removed)"),
        ("zebedee_QUILL.csv", "(name removed).csv"),
        ("by Zebedee  Quill, and Zebedee Quill's deputy", "by (name removed), and (name removed)'s deputy"),
        (f"ask {EMAIL.lower()}!", "ask (name removed)!"),
        ("Zebedee Quilliam", "Zebedee Quilliam"),
        ("Quill", "Quill"),
        ("ZQ", "ZQ"),
        ("", ""),
    ],
)
def test_a_whole_name_is_rubbed_out_however_it_is_joined(text: str, left: str) -> None:
    assert rub_out([ZEB], text) == left


@pytest.mark.parametrize(
    ("text", "cluster", "left"),
    [
        ("ZQ", 1, "(name removed)"),
        (" zq ", 1, "(name removed)"),
        ("ZQ", 2, "ZQ"),
        ("ZQ and OM", 1, "ZQ and OM"),
        ("Zebedee Quill and OM", 1, "(name removed) and OM"),
        ("Zebedee Quill and OM", None, "Zebedee Quill and OM"),
    ],
)
def test_initials_count_only_where_somebody_is_named_in_an_own_cluster(text: str, cluster: Any, left: str) -> None:
    assert rub_out_who([ZEB], text, cluster) == left


def test_one_word_is_no_whole_name(store: Store) -> None:
    may = Names("May", None, None, frozenset(), frozenset())
    assert rub_out([may], "register of May.csv") == "register of May.csv"
    assert rub_out_who([may], "may", 7) == "(name removed)"


@given(
    st.recursive(
        st.text(max_size=20) | st.integers() | st.none(),
        lambda each: st.lists(each) | st.dictionaries(st.text(max_size=5), each),
    )
)
def test_a_json_value_without_the_name_stays_as_it_is(value: Any) -> None:
    assert rub_out_within([ZEB], value) == value


def test_texts_that_people_wrote_are_told_of_by_their_place(store: Store, world: World) -> None:
    with store.writing() as session:
        for held in session.query(Meeting).filter_by(cluster_id=world.mill).limit(1):
            held.note = f"Thanks to {NAME.upper()} for the room"
        session.query(Evidence).first().text = f"see {EMAIL}"  # type: ignore[union-attr]
        batch = ImportBatch(kind="plan", file_name="a", mapping={"defaults": {"owner": NAME}})
        session.add(batch)
        session.flush()
        names = load_names(session, [world.person])
        told = {str(each) for each in find_mentions(session, names)}
        assert {f"import batch {batch.id}, mapping"} < told
        assert any(each.startswith("meeting ") and each.endswith(", note") for each in told)
        assert any(each.startswith("evidence ") and each.endswith(", text") for each in told)
        assert {each.table for each in find_mentions(session, names)}.isdisjoint({"person", "account", "passkey"})
        assert find_mentions(session, load_names(session, [world.unknown])) == []


def test_a_name_beyond_ascii_is_found_in_a_text_and_in_json(store: Store) -> None:
    with store.writing() as session:
        person = put.put(session, Person(name="Zoë Ångström"))
        session.add(ImportBatch(kind="plan", file_name="Zoë Ångström.csv", mapping={"dates": "zoë ångström"}))
        session.flush()
        told = find_mentions(session, load_names(session, [person.id]))
        assert {each.column for each in told} == {"file_name", "mapping"}
