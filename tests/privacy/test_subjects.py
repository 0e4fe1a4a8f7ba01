"""Whom an address or a number means; and where else a name stands."""

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.db import Store
from dashboard.models import NAMELESS, Evidence, ImportBatch, Meeting, Person
from dashboard.privacy.subjects import Subject, SubjectUnclear, find_subject
from dashboard.privacy.traces import Names, find_mentions, load_names, rub_out, rub_out_who, rub_out_within, tells_of
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
        ("Zebedee Quill and OM", 2, "Zebedee Quill and OM"),
        ("ZQ", None, "(name removed)"),
        ("Quill, Zebedee and OM", 1, "(name removed) and OM"),
    ],
)
def test_initials_count_only_where_somebody_is_named_in_an_own_cluster_or_in_nobody_knows_which(
    text: str, cluster: Any, left: str
) -> None:
    assert rub_out_who([ZEB], text, cluster) == left


ZOE = Names("Zoë O’Neill-Smith", None, "zoe@mill.example.org", frozenset(), frozenset())
APART = unicodedata.normalize("NFD", "Zoë")


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"by {APART} O’Neill-Smith, née {APART}", f"by (name removed), née {APART}"),
        ("ZOË O'NEILL SMITH", "(name removed)"),
        (f"{APART.upper()} O’NEILL-SMITH’s", "(name removed)’s"),
        ("O’Neill-Smith, Zoë", "(name removed)"),
        (f"(o'neill-smith,{APART})", "((name removed))"),
        ("O’Neill-Smith_,_Zoë.csv", "(name removed).csv"),
        ("cafe\u0301  O’Neill-Smith, Zoë  cafe\u0301", "cafe\u0301  (name removed)  cafe\u0301"),
        ("ask zoe@mill.example.org", "ask (name removed)"),
        # without the accent, without the comma, within another word: not known to be the same person
        ("Zoe O’Neill-Smith", "Zoe O’Neill-Smith"),
        ("O’Neill-Smith Zoë", "O’Neill-Smith Zoë"),
        ("O’Neill-Smith, Zoëlla", "O’Neill-Smith, Zoëlla"),
    ],
)
def test_a_name_with_an_accent_or_turned_round_is_rubbed_out_and_nothing_around_it_changes(
    text: str, left: str
) -> None:
    assert rub_out([ZOE], text) == left


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (f"{APART} Smith", "Zoë Smith"),
        ("Smith, Zoë", "Zoë Smith"),
        ("Smith, Zoë", "smith, zoë"),
        ("Jan van der Berg", "Berg, Jan van der"),
        ("Jan van der Berg", "van der Berg, Jan"),
        ("Anna Groß", "ANNA GROSS"),
        ("Nguyễn Văn", unicodedata.normalize("NFD", "Nguyễn Văn")),
        ("Nguyễn Văn", "Nguyê\u0303n Va\u0306n"),
        ("한 지민", unicodedata.normalize("NFD", "한 지민")),
        ("प्रिया शर्मा", "प्रिया शर्मा"),
    ],
)
def test_names_of_all_kinds_are_known_again(name: str, text: str) -> None:
    names = [Names(name, None, None, frozenset(), frozenset())]
    assert rub_out(names, f"to {text}.") == "to (name removed)."
    assert rub_out_who(names, text, 7) == "(name removed)"


@pytest.mark.parametrize("name", ["- -", ", ,", "  ", "\u0301 \u0301"])
def test_a_name_without_a_letter_is_found_nowhere(name: str) -> None:
    names = [Names(name, None, None, frozenset(), frozenset())]
    assert rub_out(names, "a - b, \u0301 \u0301") == "a - b, \u0301 \u0301"
    assert not tells_of(names, "a - b")


def test_a_name_with_one_word_and_a_sign_is_no_whole_name() -> None:
    names = [Names("May -", None, None, frozenset(), frozenset())]
    assert rub_out(names, "register of May.csv") == "register of May.csv"


@pytest.mark.parametrize(
    ("name", "initials", "text", "told"),
    [
        (NAME, "ZQ", "Quill, Zebedee asked", True),
        (NAME, "ZQ", "Mrs Quill left, depressed", True),
        (NAME, "ZQ", "QUILL", True),
        (NAME, "ZQ", "for Zebedee", True),
        (NAME, "ZQ", "Quill's letter", True),
        (NAME, "ZQ", "Quills letter", True),
        (NAME, "ZQ", "zebedee_2017", True),
        (NAME, "ZQ", "Qùill asked", True),
        (NAME, "ZQ", "Ｑuill asked", True),
        (NAME, "ZQ", "Z. Quill", True),
        (NAME, "ZQ", "Z.Q. asked", True),
        (NAME, "ZQ", "Z Q asked", True),
        (NAME, None, "ZQ asked", True),
        (NAME, "ZQ", "the zq file", False),
        (NAME, "ZQ", "ZQX left", False),
        (NAME, "ZQ", "the Z and the Q", False),
        (NAME, "ZQ", "wrote with a quilled pen", False),
        (NAME, "ZQ", "asked for it", False),
        # two letters are too much of an ordinary word
        ("Jo Li", None, "Jo asked", False),
        ("Jo Li", None, "JL asked", True),
        ("Jo Li", None, "Jo Li asked", True),
        ("Jo Li", "xy", "XY asked", True),
        ("Jo Li", "xy", "xy asked", True),
        ("Jo Li", "x.y.", "XY asked", True),
        ("Jo Li", "J", "J asked", False),
        (ZOE.name, None, "ONeill asked", True),
        (ZOE.name, None, "O'Neill asked", True),
        (ZOE.name, None, "Zoe asked", True),
        (ZOE.name, None, "ZOS asked", True),
        (ZOE.name, None, "ZS asked", True),
        ("Mary Ann Smith", None, "AS asked", True),
        ("Mary Ann Smith", None, "MS asked", True),
        ("Søren Łoś", None, "Soren asked", True),
        ("Head of the Federation", None, "left for the new school", False),
        ("Head of the Federation", None, "the head left", True),
        (None, None, "asked for it", False),
    ],
)
def test_a_part_of_a_name_or_the_initials_tell_of_somebody(
    name: str | None, initials: str | None, text: str, told: bool
) -> None:
    names = Names(name, None, None, frozenset(), frozenset(), initials)
    assert tells_of([names], text) is told
    assert not tells_of([], text)


@given(st.text(max_size=30), st.text(max_size=30))
def test_what_stands_around_a_name_stays_sign_for_sign(before: str, after: str) -> None:
    text = f"{before} | {APART} O’Neill-Smith | {after}"
    assert rub_out([ZOE], text) == f"{before} | (name removed) | {after}"


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


@pytest.mark.parametrize(
    "text",
    [
        "Zoë Ångström", "ZOË ÅNGSTRÖM", "zoe angstrom", "Zoë_Ångström", "Ångström, Zoë", "Angstrom Zoe",
        unicodedata.normalize("NFD", "with Zoë Ångström, and"), "Zoe Ångströms", "Zoë  Ångström",
    ],
)  # fmt: skip
def test_a_name_is_told_of_with_and_without_its_accents_and_turned_round(store: Store, text: str) -> None:
    with store.writing() as session:
        person = put.put(session, Person(name="Zoë Ångström"))
        session.add(ImportBatch(kind="plan", file_name=f"{text}.csv", mapping={"aliases": {text: "x"}}))
        session.add(ImportBatch(kind="plan", file_name="Zoë Angst", mapping={"aliases": {"Ångström": "Zara"}}))
        session.flush()
        told = find_mentions(session, load_names(session, [person.id]))
        assert [each.column for each in told] == ["file_name", "mapping"]
        assert len({each.number for each in told}) == 1


def test_a_name_without_accents_is_told_of_where_somebody_wrote_it_with_them(store: Store) -> None:
    with store.writing() as session:
        person = put.put(session, Person(name="Zoe Angstrom"))
        session.add(ImportBatch(kind="plan", file_name="Zoë Ångström.csv", mapping={"dates": "zoë ångström"}))
        session.flush()
        told = find_mentions(session, load_names(session, [person.id]))
        assert {each.column for each in told} == {"file_name", "mapping"}
