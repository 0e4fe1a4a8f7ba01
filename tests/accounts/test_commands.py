"""Who there is and what they are trusted with: nothing is given by halves, nothing that was taken away goes on."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from dashboard import audit
from dashboard.access import EVERYTHING, whole_store
from dashboard.accounts.commands import AccountBook
from dashboard.accounts.grants import AccountRefused
from dashboard.accounts.queries import find_account, is_open
from dashboard.accounts.screen_links import ScreenLinks
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.db import Session, Store, now_utc
from dashboard.models import Account, AccountGrant, ScreenLink, WebSession
from dashboard.vocabulary import Role
from tests.accounts.places import account, events, passkey, sessions_of, settled, sign_in, told
from tests.builders import EXAMPLES, put, taken_back
from tests.conftest import NewStore

ACTOR = Actor("administrator", "192.0.2.7", 41)

Change = Callable[[AccountBook, int], Account]

WHERE = {
    Role.DIRECTOR: ({"programme"}, set()),
    Role.ADVISOR: ({"programme"}, set()),
    Role.COORDINATOR: ({"cluster"},),
    Role.BURSAR: ({"cluster"},),
    Role.STEERING: ({"cluster"},),
    Role.HEADTEACHER: ({"school"},),
    Role.ADMINISTRATOR: (set(),),
}
"""Which places may be said with a role; everything else is refused."""


NO_ADDRESSES = (
    "", "one", "one@", "one@localhost", "a b@example.org", "<b>@example.org", "\0@example.org", f"x@{'e' * 250}.org",
)  # fmt: skip


def book(session: Session) -> AccountBook:
    return AccountBook(session, ACTOR)


def grant_of(session: Session, account_id: int, role: Role) -> int:
    return session.scalars(
        sa.select(AccountGrant.id).where(AccountGrant.account_id == account_id, AccountGrant.role == role)
    ).one()


@pytest.mark.parametrize("role", Role)
def test_a_role_is_given_with_exactly_the_place_it_needs(store: Store, role: Role) -> None:
    places = settled(store)
    slugs = {"programme": places.river_slug, "cluster": "mill-cluster", "school": "mill-school"}
    numbers = {"programme": places.river, "cluster": places.mill, "school": places.mill_school}
    for chosen in product((False, True), repeat=3):
        said = {kind for kind, is_said in zip(slugs, chosen, strict=True) if is_said}
        with taken_back(store) as session:
            given_ = {kind: slugs[kind] for kind in said}
            if said not in WHERE[role]:
                with pytest.raises(AccountRefused, match=f"The role {role} ") as refused:
                    book(session).add("one@example.org", role, **given_)
                assert refused.value.option in slugs
                continue
            (grant,) = book(session).add("one@example.org", role, **given_).grants
            held = {"programme": grant.programme_id, "cluster": grant.cluster_id, "school": grant.school_id}
            assert (grant.role, held) == (role, {kind: numbers[kind] if kind in said else None for kind in slugs})


@pytest.mark.parametrize(
    ("role", "option"),
    [(Role.DIRECTOR, "programme"), (Role.STEERING, "cluster"), (Role.HEADTEACHER, "school")],
)
def test_a_place_that_is_not_there_is_refused_by_name(store: Store, role: Role, option: str) -> None:
    settled(store)
    with store.writing() as session, pytest.raises(AccountRefused, match="“no-such-place”") as refused:
        book(session).add("one@example.org", role, **{option: "no-such-place"})
    assert refused.value.option == option
    assert events(store) == []


@pytest.mark.parametrize("email", NO_ADDRESSES)
def test_what_is_not_an_address_is_refused(store: Store, email: str) -> None:
    with store.writing() as session, pytest.raises(AccountRefused) as refused:
        book(session).add(email, Role.ADMINISTRATOR)
    assert refused.value.option == "email"


@pytest.mark.parametrize("name", ["x" * 201, "A\0B", "A\x1b[31mB"])
def test_a_name_that_cannot_be_kept_is_refused(store: Store, name: str) -> None:
    with store.writing() as session, pytest.raises(AccountRefused) as refused:
        book(session).add("one@example.org", Role.ADMINISTRATOR, name=name)
    assert refused.value.option == "name"


def test_an_address_is_one_account_in_whatever_case_it_is_written(store: Store) -> None:
    settled(store)
    with store.writing() as session:
        mine = book(session)
        first = mine.add("One@Example.org", Role.ADMINISTRATOR, name=" Ada\n Example ")
        assert (first.email, first.name, mine.outcome) == ("one@example.org", "Ada Example", Outcome.ADDED)
        second = mine.add("ONE@example.ORG ", Role.COORDINATOR, cluster="mill-cluster")
        assert (second.id, mine.outcome, len(second.grants)) == (first.id, Outcome.CHANGED, 2)
        third = mine.add("one@example.org", Role.COORDINATOR, cluster="weir-cluster")
        assert (mine.outcome, len(third.grants), third.name) == (Outcome.CHANGED, 3, "Ada Example")


def test_the_same_again_changes_nothing_and_says_so(store: Store) -> None:
    settled(store)
    with store.writing() as session:
        account(session, "one@example.org", Role.COORDINATOR, cluster="mill-cluster", name="Ada")
        account_id = account(session, "one@example.org", Role.DIRECTOR).id
        sign_in(session, account_id)
    before = len(events(store))
    for said in ({"role": Role.COORDINATOR, "cluster": "mill-cluster", "name": "Ada"}, {"role": Role.DIRECTOR}):
        with store.writing() as session:
            mine = book(session)
            assert len(mine.add("one@example.org", **said).grants) == 2
            assert mine.outcome is Outcome.UNCHANGED
    assert (len(events(store)), sessions_of(store, account_id)) == (before, 1)


CHANGES: dict[str, Change] = {
    "add role": lambda mine, number: mine.add("one@example.org", Role.DIRECTOR),
    "withdraw role": lambda mine, number: mine.withdraw(
        number, grant_of(mine._session, number, Role.COORDINATOR)
    ),
    "disable": AccountBook.disable,
    "end sessions": AccountBook.end_sessions,
    "reset second factor": AccountBook.reset_second_factor,
    "give out password link": AccountBook.note_password_link,
}  # fmt: skip


@pytest.mark.parametrize("action", CHANGES)
def test_whatever_takes_away_or_gives_ends_sessions_and_links_of_that_account_at_once(
    store: Store, action: str
) -> None:
    """Sessions, links to a password and a sign-in under way carry the mark of the account."""
    settled(store)
    with store.writing() as session:
        account(session, "admin@example.org")
        one = account(session, "one@example.org", Role.COORDINATOR, cluster="mill-cluster", name="Ada Example")
        decoy = account(session, "decoy@example.org", Role.COORDINATOR, cluster="mill-cluster")
        for each in (one, decoy):
            sign_in(session, each.id, times=2)
            passkey(session, each.id)
        one_id, decoy_id, unique, other = one.id, decoy.id, one.fs_uniquifier, decoy.fs_uniquifier
    with store.writing() as session:
        CHANGES[action](book(session), one_id)
    assert (sessions_of(store, one_id), sessions_of(store, decoy_id)) == (0, 2)
    with store.reading() as session:
        assert session.get_one(Account, one_id).fs_uniquifier != unique
        assert session.get_one(Account, decoy_id).fs_uniquifier == other
    event = events(store)[-1]
    assert (event.action, event.object_kind, event.object_key) == (action, "account", str(one_id))
    assert (event.actor, event.actor_id, event.origin) == ("administrator", 41, "192.0.2.7")


def test_disabling_and_enabling_keep_the_roles_and_are_told_in_words(store: Store) -> None:
    places = settled(store)
    with store.writing() as session:
        one_id = account(session, "one@example.org", Role.COORDINATOR, cluster="mill-cluster").id
    for change, before, after in ((AccountBook.disable, "yes", "no"), (AccountBook.enable, "no", "yes")):
        for outcome in (Outcome.CHANGED, Outcome.UNCHANGED):
            with store.writing() as session:
                mine = book(session)
                assert change(mine, one_id).active == (after == "yes")
                assert mine.outcome is outcome
        event = events(store)[-1]
        roles = f"coordinator of cluster {places.mill}"
        assert (event.before, event.after) == ({"roles": roles, "active": before}, {"roles": roles, "active": after})
    assert [event.action for event in events(store)] == ["add", "disable", "enable"]


def test_a_role_goes_alone_and_only_from_the_account_that_holds_it(store: Store) -> None:
    settled(store)
    with store.writing() as session:
        one = account(session, "one@example.org", Role.COORDINATOR, cluster="mill-cluster")
        account(session, "one@example.org", Role.STEERING, cluster="weir-cluster")
        decoy = account(session, "decoy@example.org", Role.COORDINATOR, cluster="mill-cluster")
        one_id, decoy_grant = one.id, decoy.grants[0].id
    with store.writing() as session, pytest.raises(AccountRefused, match="does not hold"):
        book(session).withdraw(one_id, decoy_grant)
    with store.writing() as session:
        left = book(session).withdraw(one_id, grant_of(session, one_id, Role.COORDINATOR)).grants
        assert [grant.role for grant in left] == [Role.STEERING]
    with store.reading() as session:
        assert session.get(AccountGrant, decoy_grant) is not None
        assert len(session.scalars(sa.select(AccountGrant.id)).all()) == 2


def test_a_reset_forgets_everything_that_proves_the_person_but_the_password(store: Store) -> None:
    with store.writing() as session:
        one, decoy = account(session, "one@example.org"), account(session, "decoy@example.org")
        for each in (one, decoy):
            each.password, each.tf_totp_secret, each.tf_primary_method = "hash", "secret", "authenticator"
            each.mf_recovery_codes, each.tf_last_counter = ["a", "b"], 7
            passkey(session, each.id)
        one_id, decoy_id = one.id, decoy.id
    with store.writing() as session:
        book(session).reset_second_factor(one_id)
    with store.reading() as session:
        one, kept = session.get_one(Account, one_id), find_account(session, decoy_id)
        assert (one.tf_totp_secret, one.tf_primary_method, one.tf_last_counter) == (None, None, None)
        assert (one.mf_recovery_codes, one.passkeys, one.password) == ([], [], "hash")
        assert kept is not None
        assert kept.second_factor == "authenticator app, 1 passkey"
    event = events(store)[-1]
    assert event.before == {"second factor": "authenticator app, 1 passkey"}
    assert event.after == {"second factor": "none"}


def test_a_link_to_choose_a_password_is_noted_and_not_given_for_a_disabled_account(store: Store) -> None:
    with store.writing() as session:
        account(session, "admin@example.org")
        one_id = account(session, "one@example.org").id
    with store.writing() as session:
        book(session).note_password_link(one_id)
        book(session).disable(one_id)
    with store.writing() as session, pytest.raises(AccountRefused, match="disabled"):
        book(session).note_password_link(one_id)
    assert [event.action for event in events(store)][2:] == ["give out password link", "disable"]


@pytest.mark.parametrize(
    "change",
    [
        AccountBook.disable,
        AccountBook.enable,
        AccountBook.end_sessions,
        AccountBook.reset_second_factor,
        AccountBook.note_password_link,
    ],
)
def test_there_is_no_changing_an_account_that_is_not_there(store: Store, change: Change) -> None:
    with store.writing() as session, pytest.raises(AccountRefused, match="no account 999"):
        change(book(session), 999)
    assert events(store) == []


def test_the_last_active_administrator_stays(store: Store) -> None:
    settled(store)
    with store.writing() as session:
        one_id = account(session, "one@example.org").id
        account(session, "one@example.org", Role.DIRECTOR)
        account(session, "disabled@example.org").active = False
        account(session, "decoy@example.org", Role.DIRECTOR)
        admin, director = (grant_of(session, one_id, role) for role in (Role.ADMINISTRATOR, Role.DIRECTOR))
    before = len(events(store))
    for change in (AccountBook.disable, lambda mine, number: mine.withdraw(number, admin)):
        with store.writing() as session, pytest.raises(AccountRefused, match="last administrator"):
            change(book(session), one_id)
    assert len(events(store)) == before
    with store.writing() as session:
        book(session).withdraw(one_id, director)
        account(session, "second@example.org")
        book(session).disable(one_id)
        book(session).withdraw(one_id, admin)


def test_an_administrator_who_never_signed_in_does_not_stand_for_one_who_has(store: Store) -> None:
    with store.writing() as session:
        one_id, two_id, three_id = (account(session, f"{name}@example.org").id for name in ("one", "two", "three"))
        session.get_one(Account, one_id).last_signed_in_at = now_utc()
        session.get_one(Account, three_id).last_signed_in_at = now_utc()
        session.get_one(Account, three_id).active = False
        role = grant_of(session, one_id, Role.ADMINISTRATOR)
    before = len(events(store))
    for change in (AccountBook.disable, lambda mine, number: mine.withdraw(number, role)):
        with store.writing() as session, pytest.raises(AccountRefused, match="No other administrator has ever signed"):
            change(book(session), one_id)
    assert len(events(store)) == before
    with store.writing() as session:
        session.get_one(Account, two_id).last_signed_in_at = now_utc()
        book(session).disable(one_id)


def test_a_password_that_was_chosen_counts_as_much_as_a_sign_in_for_whoever_goes(store: Store) -> None:
    with store.writing() as session:
        one_id, two_id = (account(session, f"{name}@example.org").id for name in ("one", "two"))
        session.get_one(Account, one_id).password = "hash"
    with store.writing() as session, pytest.raises(AccountRefused, match="No other administrator has ever signed"):
        book(session).disable(one_id)
    with store.writing() as session:
        book(session).disable(two_id)  # an address that was mistyped, say


# Screen links that somebody made.


def made_links(session: Session, by: int | None) -> dict[str, int]:
    """An open link for each cluster, made by somebody, and one that is closed already."""
    links = ScreenLinks(session, Actor("coordinator", "192.0.2.7", by))
    made = {slug: links.add(slug, scope=EVERYTHING)[0].id for slug in ("mill-cluster", "weir-cluster")}
    closed = links.add("mill-cluster", scope=EVERYTHING)[0].id
    links.revoke(closed, scope=EVERYTHING)
    for link_id in made.values():
        put(session, WebSession(token_sha256=f"{by or 0:032x}{link_id:032x}", screen_link_id=link_id, data=b"{}"))
    return made


def open_links(store: Store) -> set[int]:
    with store.reading() as session:
        rows = session.scalars(sa.select(ScreenLink.id).where(is_open(now_utc())))
        kept = session.scalars(sa.select(WebSession.screen_link_id).where(WebSession.screen_link_id.is_not(None)))
        found = set(rows)
        assert found == set(kept), "a screen is open exactly as long as its link"
        return found


def revoked(store: Store) -> list[tuple[str | None, int | None, str | None]]:
    return [
        (event.object_key, event.actor_id, event.reason)
        for event in events(store)
        if event.action == "revoke" and event.actor_id == ACTOR.account_id
    ]


WHY = "whoever made it no longer looks after the cluster"


def test_whoever_is_disabled_leaves_no_screen_open(store: Store) -> None:
    settled(store)
    with store.writing() as session:
        account(session, "admin@example.org")
        one = account(session, "one@example.org", Role.COORDINATOR, cluster="mill-cluster").id
        decoy = account(session, "decoy@example.org", Role.COORDINATOR, cluster="mill-cluster").id
        mine, others, nobodys = made_links(session, one), made_links(session, decoy), made_links(session, None)
    with store.writing() as session:
        book(session).disable(one)
    assert open_links(store) == {*others.values(), *nobodys.values()}
    assert revoked(store) == [(str(link_id), 41, WHY) for link_id in mine.values()]
    assert events(store)[-1].action == "disable"
    with store.writing() as session:
        book(session).enable(one)
    assert open_links(store) == {*others.values(), *nobodys.values()}


@pytest.mark.parametrize(
    ("kept", "gone"),
    [
        ({}, {"mill-cluster", "weir-cluster"}),
        ({"role": Role.COORDINATOR, "cluster": "weir-cluster"}, {"mill-cluster"}),
        ({"role": Role.DIRECTOR, "programme": "river"}, {"weir-cluster"}),
        ({"role": Role.DIRECTOR}, set()),
        ({"role": Role.STEERING, "cluster": "mill-cluster"}, {"mill-cluster", "weir-cluster"}),
        ({"role": Role.ADVISOR}, {"mill-cluster", "weir-cluster"}),
    ],
)
def test_with_a_role_go_the_screen_links_that_no_other_role_looks_after(
    store: Store, kept: dict[str, Any], gone: set[str]
) -> None:
    places = settled(store)
    if "programme" in kept:
        kept = {**kept, "programme": places.river_slug}
    with store.writing() as session:
        one = account(session, "one@example.org", Role.COORDINATOR, cluster="mill-cluster").id
        taken = grant_of(session, one, Role.COORDINATOR)
        if kept:
            account(session, "one@example.org", **kept)
        mine = made_links(session, one)
    with store.writing() as session:
        book(session).withdraw(one, taken)
    assert open_links(store) == {link_id for slug, link_id in mine.items() if slug not in gone}
    assert revoked(store) == [(str(mine[slug]), 41, WHY) for slug in sorted(gone)]


def test_two_administrators_cannot_disable_each_other_at_the_same_moment(new_store: NewStore) -> None:
    url = new_store()
    stores = [whole_store(url), whole_store(url)]
    with stores[0].writing() as session:
        one, two = (account(session, f"{name}@example.org").id for name in ("one", "two"))

    def disable_the_other() -> bool:
        try:
            with stores[1].writing() as session:
                book(session).disable(two)
        except AccountRefused:
            return False
        return True

    with ThreadPoolExecutor() as pool:
        with stores[0].writing() as session:
            book(session).disable(one)
            second = pool.submit(disable_the_other)
            time.sleep(0.5)  # long enough for the second to look while the first is not stored yet
        done = second.result()
    with stores[0].reading() as session:
        assert session.scalars(sa.select(Account.id).where(Account.active.is_(True))).all() == [two]
    for each in stores:
        each.close()
    assert not done


def test_the_audit_names_nobody(store: Store) -> None:
    settled(store)
    with store.writing() as session:
        mine = book(session)
        mine.add("keeper@example.org", Role.ADMINISTRATOR)
        one = mine.add("orla.example@example.org", Role.COORDINATOR, cluster="mill-cluster", name="Orla Example")
        mine.add("orla.example@example.org", Role.HEADTEACHER, school="mill-school", name="Orla Changed")
        mine.rename(one.id, "Orla Again")
        mine.note_password_link(one.id)
        mine.reset_second_factor(one.id)
        mine.end_sessions(one.id)
        mine.disable(one.id)
        mine.enable(one.id)
        mine.withdraw(one.id, one.grants[0].id)
        unique = one.fs_uniquifier
    said = told(store)
    # No name that could stand in a digest by chance.
    for secret in ("orla", "example.org", "keeper", unique):
        assert secret not in said.casefold()
    assert [event.action for event in events(store)] == [
        "add", "add", "rename", "add role", "rename", "give out password link", "reset second factor", "end sessions",
        "disable", "enable", "withdraw role",
    ]  # fmt: skip
    with store.reading() as session:
        assert audit.find_faults(session) == []


def test_a_rename_to_the_same_name_is_no_change(store: Store) -> None:
    with store.writing() as session:
        one = account(session, "one@example.org", name="Ada")
        mine = book(session)
        mine.rename(one.id, " Ada ")
        assert mine.outcome is Outcome.UNCHANGED
        mine.rename(one.id, "")
        assert (one.name, mine.outcome) == (None, Outcome.CHANGED)


STEPS = st.lists(
    st.tuples(st.sampled_from(("add", "disable", "enable", "withdraw", "reset")), st.integers(0, 2)), max_size=12
)


@EXAMPLES
@given(STEPS)
def test_whatever_is_done_an_administrator_can_still_sign_in(store: Store, steps: list[tuple[str, int]]) -> None:
    with taken_back(store) as session:
        mine = book(session)
        numbers = [mine.add(f"{name}@example.org", Role.ADMINISTRATOR).id for name in ("one", "two")]
        numbers.append(mine.add("three@example.org", Role.DIRECTOR).id)
        for step, who in steps:
            _do(session, mine, step, numbers[who])
            active = sa.select(sa.func.count(AccountGrant.id)).join(Account, Account.id == AccountGrant.account_id)
            left = session.scalar(active.where(Account.active.is_(True), AccountGrant.role == Role.ADMINISTRATOR))
            assert left
        assert audit.find_faults(session) == []


def _do(session: Session, mine: AccountBook, step: str, account_id: int) -> None:
    row = session.get_one(Account, account_id)
    try:
        if step == "add":
            mine.add(row.email, Role.ADMINISTRATOR)
        elif step == "withdraw":
            mine.withdraw(account_id, row.grants[-1].id if row.grants else 0)
        else:
            {"disable": mine.disable, "enable": mine.enable, "reset": mine.reset_second_factor}[step](account_id)
    except AccountRefused:
        return


def test_a_refused_change_within_a_larger_one_leaves_nothing_of_it(store: Store) -> None:
    settled(store)

    def change() -> None:
        with store.writing() as session:
            mine = book(session)
            mine.add("one@example.org", Role.ADMINISTRATOR)
            mine.add("two@example.org", Role.COORDINATOR)

    with pytest.raises(AccountRefused):
        change()
    with store.reading() as session:
        assert session.scalars(sa.select(Account.id)).all() == []
    assert events(store) == []
