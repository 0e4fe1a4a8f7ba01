"""Who somebody is, who there is, what the sample is looked around with."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from dashboard.access import EVERYTHING, NOTHING, Grant, Scope, reading
from dashboard.accounts.queries import (
    any_account,
    find_account,
    find_account_id,
    find_examples,
    load_link_reader,
    load_people,
    load_places,
    load_reader,
    load_screen_links,
)
from dashboard.accounts.screen_links import ScreenLinks
from dashboard.audit import COMMAND_LINE
from dashboard.db import Session, Store, now_utc
from dashboard.models import Account, Cluster, School, ScreenLink
from dashboard.vocabulary import Role
from tests.accounts.places import DAY, account, passkey, settle, settled, sign_in, statements
from tests.builders import allocation, cluster, membership, register, school, target

TODAY = date(2017, 3, 1)


def mark_of(session: Session, account_id: int) -> str:
    return session.get_one(Account, account_id).fs_uniquifier


def test_a_reader_has_every_grant_of_the_account_and_none_of_another(store: Store) -> None:
    with store.writing() as session:
        places = settle(session)
        one = account(session, "one@example.org", Role.DIRECTOR, programme=places.river_slug)
        account(session, "one@example.org", Role.HEADTEACHER, school="mill-school")
        account(session, "decoy@example.org", Role.COORDINATOR, cluster="weir-cluster")
        unique, account_id = one.fs_uniquifier, one.id
    with store.reading() as session, statements(store) as sent:
        reader = load_reader(session, unique)
    assert reader is not None
    assert len(sent) == 1
    assert reader.grants == (
        Grant(Role.DIRECTOR, programme_id=places.river),
        Grant(Role.HEADTEACHER, school_id=places.mill_school),
    )
    assert (reader.account_id, reader.known_as, reader.looks_only) == (account_id, "director, headteacher", False)


def test_a_reader_is_called_by_name_or_else_by_address_and_known_by_roles_alone(store: Store) -> None:
    with store.writing() as session:
        named = account(session, "named@example.org", name="Ada Example")
        bare = account(session, "bare@example.org")
        session.delete(bare.grants[0])
        session.flush()
        called, plain = (load_reader(session, each.fs_uniquifier) for each in (named, bare))
    assert called is not None
    assert plain is not None
    assert (called.name, called.known_as) == ("Ada Example", "administrator")
    assert (plain.name, plain.known_as, plain.grants) == ("bare@example.org", "no role", ())


def test_a_disabled_or_unknown_account_is_no_reader(store: Store) -> None:
    with store.writing() as session:
        one = account(session, "one@example.org")
        account(session, "decoy@example.org")
        one.active = False
        unique = one.fs_uniquifier
    with store.reading() as session:
        assert load_reader(session, unique) is None
        assert load_reader(session, "") is None
        assert load_reader(session, "nobody") is None


def test_a_screen_link_reads_one_cluster_and_changes_nothing_until_it_ends(store: Store) -> None:
    with store.writing() as session:
        places = settle(session)
        links = ScreenLinks(session, COMMAND_LINE)
        link, _ = links.add("mill-cluster", scope=EVERYTHING, days=2)
        links.add("weir-cluster", scope=EVERYTHING)
        link_id, ends = link.id, link.expires_at
    with store.reading() as session:
        found = load_link_reader(session, link_id, ends - timedelta(seconds=1))
        assert found is not None
        reader, slug = found
        assert (slug, reader.looks_only, reader.account_id) == ("mill-cluster", True, None)
        assert reader.grants == (Grant(Role.STEERING, cluster_id=places.mill),)
        assert reader.known_as == f"screen link {link_id}"
        assert load_link_reader(session, link_id, ends) is None
        assert load_link_reader(session, 999, now_utc()) is None
    with store.writing() as session:
        ScreenLinks(session, COMMAND_LINE).revoke(link_id, scope=EVERYTHING)
    with store.reading() as session:
        assert load_link_reader(session, link_id, ends - DAY) is None


def test_there_is_any_account_as_soon_as_there_is_one_even_a_disabled_one(store: Store) -> None:
    with store.reading() as session:
        assert not any_account(session)
    with store.writing() as session:
        account(session, "one@example.org").active = False
    with store.reading() as session:
        assert any_account(session)


def test_the_list_of_people_says_what_each_holds_and_where(store: Store) -> None:
    with store.writing() as session:
        settle(session)
        one = account(session, "b@example.org", Role.COORDINATOR, name="Bea Example", cluster="mill-cluster")
        account(session, "b@example.org", Role.DIRECTOR)
        other = account(session, "a@example.org", Role.HEADTEACHER, school="weir-school")
        one.tf_totp_secret, one.password = "secret", "hash"
        sign_in(session, one.id, times=2)
        passkey(session, one.id)
        passkey(session, other.id)
        passkey(session, other.id)
        one_id = one.id
    with store.reading() as session:
        first, second = load_people(session)
        found = find_account(session, one_id)
    assert found == second
    assert [(held.role, held.place) for held in second.roles] == [
        (Role.COORDINATOR, "Mill Cluster"),
        (Role.DIRECTOR, "all programmes"),
    ]
    assert (second.called, second.state, second.second_factor, second.sessions) == (
        "Bea Example", "active", "authenticator app, 1 passkey", 2,
    )  # fmt: skip
    assert (first.called, first.state, first.second_factor, first.sessions) == (
        "a@example.org", "active", "2 passkeys", 0,
    )  # fmt: skip
    assert [held.place for held in first.roles] == ["Weir School"]
    assert second.mentions("mill CLUSTER")
    assert second.mentions("coordinator mill")
    assert not first.mentions("mill")


def test_the_list_of_people_takes_as_many_statements_for_one_as_for_many(store: Store) -> None:
    taken = []
    for number in (1, 25):
        with store.writing() as session:
            for each in range(number):
                one = account(session, f"p{number}-{each}@example.org")
                sign_in(session, one.id)
                passkey(session, one.id)
        with store.reading() as session, statements(store) as sent:
            assert len(load_people(session)) >= number
        taken.append(len(sent))
    assert taken == [2, 2]


def test_an_account_is_found_by_its_address_in_any_case(store: Store) -> None:
    with store.writing() as session:
        one = account(session, "One.Two@Example.org")
        account(session, "decoy@example.org")
        session.flush()
        assert find_account_id(session, " ONE.TWO@example.ORG ") == one.id
        assert find_account_id(session, "three@example.org") is None
        assert find_account(session, 999) is None


def test_links_are_listed_of_clusters_in_the_scope_alone(store: Store) -> None:
    with store.writing() as session:
        places = settle(session)
        links = ScreenLinks(session, COMMAND_LINE)
        for slug, label in (("mill-cluster", "Library"), ("mill-cluster", None), ("weir-cluster", "Decoy")):
            links.add(slug, scope=EVERYTHING, label=label)
        revoked = session.scalars(sa.select(ScreenLink.id).where(ScreenLink.label == "Library")).one()
        links.revoke(revoked, scope=EVERYTHING)
    mill, both = (
        Scope(cluster_ids=frozenset({places.mill})),
        Scope(programme_ids=frozenset({places.river, places.hill})),
    )
    headteacher = Scope(school_ids=frozenset({places.mill_school}))
    with store.reading() as session:
        rows = load_screen_links(session, mill)
        assert [(row.cluster, row.label, row.open) for row in rows] == [
            ("mill-cluster", None, True), ("mill-cluster", "Library", False),
        ]  # fmt: skip
        assert rows[0].state.startswith("open until ")
        assert rows[1].state.startswith("revoked on ")
        later = load_screen_links(session, mill, now=now_utc() + 91 * DAY)
        assert [row.state.split(" on ")[0] for row in later] == ["expired", "revoked"]
        assert [row.cluster for row in load_screen_links(session, both, cluster="weir-cluster")] == ["weir-cluster"]
        assert load_screen_links(session, mill, cluster="weir-cluster") == []
        assert load_screen_links(session, headteacher) == load_screen_links(session, NOTHING) == []


def test_places_are_suggested_unless_there_are_too_many(store: Store) -> None:
    places = settled(store)
    with store.reading() as session:
        assert load_places(session, 2) == {
            "programme": load_places(session, 9)["programme"],
            "cluster": [("mill-cluster", "Mill Cluster"), ("weir-cluster", "Weir Cluster")],
            "school": [],
        }
        assert places.river_slug in dict(load_places(session, 3)["programme"])
        assert len(load_places(session, 3)["school"]) == 3


def test_without_a_cluster_that_has_a_school_there_is_no_example(store: Store) -> None:
    with store.writing() as session:
        assert find_examples(session, TODAY) is None
        cluster(session, "Bare Cluster")
        assert find_examples(session, TODAY) is None


def test_the_example_is_the_cluster_with_most_marks_of_those_that_have_money_and_a_plan(store: Store) -> None:
    with store.writing() as session:
        for name, letters, whole in (
            ("Much", "PPPPP", False),
            ("Some", "PP", True),
            ("Also", "PP", True),
            ("Few", "P", True),
        ):
            made = cluster(session, f"{name} Cluster")
            register(session, made, school(session, f"Zeal {name} School", within=made), letters)
            membership(session, made, school(session, f"Alder {name} School"), left=TODAY)
            left = school(session, f"Aardvark {name} School")
            membership(session, made, left, left=date(2017, 2, 28))
            membership(session, made, school(session, f"Abbot {name} School"), joined=date(2017, 3, 2))
            if whole:
                allocation(session, made, 100)
                target(session, made)
        found = find_examples(session, TODAY)
        assert found is not None
        assert (found.cluster, found.cluster_name) == ("also-cluster", "Also Cluster")
        assert (found.school, found.school_name) == ("alder-also-school", "Alder Also School")
        assert session.get_one(Cluster, found.cluster_id).slug == found.cluster
        assert session.get_one(School, found.school_id).slug == found.school


def test_marks_of_earlier_years_do_not_make_an_example(store: Store) -> None:
    with store.writing() as session:
        old, new = cluster(session, "Old Cluster"), cluster(session, "New Cluster")
        register(session, old, school(session, "Old School", within=old), "PPPPPPPP", year=2014)
        allocation(session, old, 100)
        register(session, new, school(session, "New School", within=new), "P")
        found = find_examples(session, TODAY)
    assert found is not None
    assert found.cluster == "new-cluster"


@pytest.mark.parametrize("seen", [True, False])
def test_behind_the_wall_a_link_reads_only_for_whoever_may_see_its_cluster(store: Store, seen: bool) -> None:
    with store.writing() as session:
        places = settle(session)
        link, _ = ScreenLinks(session, COMMAND_LINE).add("mill-cluster", scope=EVERYTHING)
        link_id = link.id
    scope = Scope(cluster_ids=frozenset({places.mill if seen else places.weir}))
    with reading(store, scope) as session:
        found = load_link_reader(session, link_id, now_utc())
    assert (found is not None) == (seen or not store.is_postgresql)
