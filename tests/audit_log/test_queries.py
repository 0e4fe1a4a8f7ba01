"""Who may know of which event, and how much of it."""

import ast
from typing import Any

import pandas as pd
import pytest
import sqlalchemy as sa

from dashboard import audit
from dashboard.access import EVERYTHING, NOTHING, Action, Grant, Object, Reader, Scope, reading
from dashboard.access.policy import reaches_people
from dashboard.audit import COMMAND_LINE
from dashboard.audit_log.kinds import ABOUT_DATA, ABOUT_PEOPLE
from dashboard.audit_log.queries import Filters, count_events, load_choices, load_events
from dashboard.db import Base, Store
from dashboard.models import Cluster
from dashboard.settings import PROJECT_ROOT
from dashboard.vocabulary import Attempt, Role
from tests.audit_log.told import ADMINISTRATOR, BOTH, DIRECTOR, Told

PRIVATE = ["object_key", "cluster", "cluster_name", "reason", "before", "after", "batch_id"]
ABOUT_PEOPLE_HERE = ("account", "sign-in")
ABOUT_A_CLUSTER = ("mill link", "mill import", "weir link", "weir import", "decoy link", "decoy import")
ALL = (*ABOUT_A_CLUSTER, *ABOUT_PEOPLE_HERE, "sample", "refused", "strange")


def load(
    told: Told, scope: Scope, *, people: bool = False, most: int = 100, before: int | None = None, **asked: Any
) -> Any:
    with reading(told.store, scope) as session:
        filters = Filters(**asked)
        frame = load_events(session, scope, people=people, filters=filters, most=most, before=before)
        if before is None and most == 100:
            assert count_events(session, scope, people=people, filters=filters) == len(frame)
        return frame


def numbers(frame: pd.DataFrame) -> list[int]:
    return list(frame["id"])


# Which events


def test_nothing_brings_no_event(told: Told) -> None:
    assert load(told, NOTHING).empty
    with reading(told.store, NOTHING) as session:
        choices = load_choices(session, NOTHING, people=False)
    assert (choices.actions, choices.clusters) == ((), ())


def test_everything_brings_the_events_about_data_and_none_about_accounts(told: Told) -> None:
    frame = load(told, EVERYTHING)
    assert numbers(frame) == told.numbers(*ABOUT_A_CLUSTER, "sample", "refused")
    assert frame["known"].all()


def test_a_programme_brings_the_events_of_its_clusters_and_never_the_decoys(told: Told) -> None:
    frame = load(told, Scope(programme_ids=frozenset({told.river})))
    assert numbers(frame) == told.numbers("mill link", "mill import", "weir link", "weir import")
    assert "decoy" not in repr(frame.to_dict("records")).lower()
    assert "whole.csv" not in repr(frame.to_dict("records"))


def test_a_cluster_brings_its_own_events_alone(told: Told) -> None:
    frame = load(told, told.within("weir"))
    assert numbers(frame) == told.numbers("weir link", "weir import")
    assert {row.cluster_name for row in frame.itertuples()} == {"Weir Cluster"}


def test_a_school_brings_no_event(told: Told) -> None:
    assert load(told, Scope(school_ids=frozenset({1}))).empty


def test_whoever_looks_after_people_learns_of_every_event_and_of_clusters_not_what_it_was(told: Told) -> None:
    frame = load(told, NOTHING, people=True)
    assert numbers(frame) == told.numbers(*ALL)
    closed = frame[~frame["known"].astype(bool)]
    assert numbers(closed) == told.numbers(*ABOUT_A_CLUSTER, "sample", "refused", "strange")
    assert closed[PRIVATE].isna().all(axis=None)
    said = repr(closed.to_dict("records")).lower()
    for secret in ("mill", "weir", "decoy", "whole.csv", "strange key", "strange reason"):
        assert secret not in said
    public = ["happened_at", "actor", "origin", "action", "object_kind", "outcome"]
    assert closed[public].notna().all(axis=None)


def test_whoever_looks_after_people_reads_events_about_people_whole(told: Told) -> None:
    frame = load(told, NOTHING, people=True).set_index("id")
    account, sign_in = (frame.loc[told.events[name]] for name in ABOUT_PEOPLE_HERE)
    assert (account.object_key, account.before, account.after) == (
        str(told.accounts["bea"]), {"active": True}, {"active": False},
    )  # fmt: skip
    assert (sign_in.reason, sign_in.outcome) == ("wrong", Attempt.REFUSED)


def test_an_event_about_people_within_a_cluster_is_closed_to_whoever_looks_after_people(told: Told) -> None:
    told_of = {"reason": "secret"}
    with told.store.writing() as session:
        audit.record(session, COMMAND_LINE, "grant", "account", 1, cluster_id=told.clusters["mill"], **told_of)
        audit.record(session, COMMAND_LINE, "import", "contact", 1, batch_id=9, **told_of)
    frame = load(told, NOTHING, people=True).head(2)
    assert list(frame["known"]) == [False, False]
    assert frame[PRIVATE].isna().all(axis=None)


def test_both_together_bring_the_union(told: Told) -> None:
    frame = load(told, EVERYTHING, people=True).set_index("id")
    assert list(frame.index) == told.numbers(*ALL)
    assert list(frame[~frame["known"].astype(bool)].index) == [told.events["strange"]]
    narrow = load(told, told.within("mill"), people=True).set_index("id")
    known = told.numbers("mill link", "mill import", *ABOUT_PEOPLE_HERE)
    assert list(narrow[narrow["known"].astype(bool)].index) == known
    assert narrow.loc[told.events["mill import"]].reason == "mill reason"
    assert "decoy" not in repr(narrow.to_dict("records")).lower()


def test_a_cluster_that_went_leaves_its_events_to_whoever_sees_everything(told: Told) -> None:
    with told.store.writing() as session:
        session.execute(sa.delete(Cluster).where(Cluster.slug == "mill-cluster"))
    frame = load(told, EVERYTHING).set_index("id")
    assert frame.loc[told.events["mill link"]].object_key == "1"
    assert frame.loc[told.events["mill link"]].cluster is None


def test_the_wall_does_not_take_away_what_the_scope_gives(told: Told) -> None:
    for scope in (EVERYTHING, NOTHING, told.within("mill"), Scope(programme_ids=frozenset({told.river}))):
        for people in (False, True):
            asked: dict[str, Any] = {"people": people, "filters": Filters(), "most": 100}
            with reading(told.store, scope) as behind, told.store.reading() as without:
                pd.testing.assert_frame_equal(load_events(behind, scope, **asked), load_events(without, scope, **asked))


# Who


def test_who_it_was_is_looked_up_when_it_is_read(told: Told) -> None:
    frame = load(told, EVERYTHING, people=True).set_index("id")
    ada, gone, machine = (frame.loc[told.events[name]] for name in ("mill link", "mill import", "sample"))
    assert (ada["name"], ada.email, bool(ada.erased)) == ("Ada", "ada@example.org", False)
    assert (gone["name"], gone.email, bool(gone.erased)) == (None, None, True)
    assert (machine["name"], machine.actor_id, bool(machine.erased)) == (None, None, False)


# Filters


CASES: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"action": "make"}, ("mill link", "weir link", "decoy link")),
    ({"action": "mak"}, ()),
    ({"cluster": "mill-cluster"}, ("mill link", "mill import")),
    ({"cluster": "mill"}, ()),
    ({"outcome": Attempt.REFUSED}, ("refused", "sign-in")),
    ({"outcome": Attempt.REFUSED, "action": "see"}, ("refused",)),
    ({"cluster": "mill-cluster", "action": "import"}, ("mill import",)),
]


@pytest.mark.parametrize(("asked", "expected"), CASES)
def test_filters(told: Told, asked: dict[str, Any], expected: tuple[str, ...]) -> None:
    assert numbers(load(told, EVERYTHING, people=True, **asked)) == told.numbers(*expected)


def test_filter_by_who_did_it(told: Told) -> None:
    ada, links = told.accounts["ada"], ("mill link", "weir link", "decoy link")
    assert numbers(load(told, EVERYTHING, people=True, actor=ada)) == told.numbers(*links, "account")
    assert numbers(load(told, EVERYTHING, actor=ada)) == told.numbers(*links)


def test_days_are_days_in_utc_and_the_last_one_counts(told: Told) -> None:
    first, second = pd.Timestamp("2026-11-01").date(), pd.Timestamp("2026-11-02").date()
    assert numbers(load(told, EVERYTHING, until=first)) == told.numbers("mill link")
    assert told.events["mill link"] not in numbers(load(told, EVERYTHING, since=second))
    assert len(load(told, EVERYTHING, since=second)) == 7
    assert len(load(told, EVERYTHING, since=first, until=second)) == 8
    assert load(told, EVERYTHING, since=second, until=first).empty


def test_a_filter_by_cluster_does_not_tell_what_a_closed_event_was_about(told: Told) -> None:
    assert load(told, NOTHING, people=True, cluster="mill-cluster").empty
    assert load(told, told.within("weir"), people=True, cluster="mill-cluster").empty
    assert numbers(load(told, told.within("mill"), people=True, cluster="mill-cluster")) == told.numbers(
        "mill link", "mill import"
    )


def test_pages_follow_one_another_without_gap_or_repeat(told: Told) -> None:
    found: list[int] = []
    before = None
    while not (page := load(told, EVERYTHING, people=True, most=4, before=before)).empty:
        found += numbers(page)
        before = found[-1]
    assert found == told.numbers(*ALL)
    older = load(told, EVERYTHING, most=2, before=told.events["weir link"])
    assert numbers(older) == told.numbers("mill link", "mill import")


def test_choices_are_what_the_reader_would_find(told: Told) -> None:
    def choices(scope: Scope, people: bool) -> tuple[tuple[str, ...], list[str]]:
        with reading(told.store, scope) as session:
            found = load_choices(session, scope, people=people)
        return found.actions, [slug for slug, _ in found.clusters]

    every = ["decoy-cluster", "mill-cluster", "weir-cluster"]
    assert choices(EVERYTHING, False) == (("import", "make", "see"), every)
    assert choices(told.within("mill"), False) == (("import", "make"), ["mill-cluster"])
    assert choices(NOTHING, True) == (("disable", "hum", "import", "make", "see", "sign in"), [])
    assert choices(EVERYTHING, True)[1] == every


# The matrix


def test_the_matrix_gives_the_audit_of_people_to_administrators_alone() -> None:
    assert [
        role for role in Role if reaches_people(Reader(grants=(Grant(role, 1, 1, 1),)), Action.SEE, Object.AUDIT)
    ] == [Role.ADMINISTRATOR]
    assert reaches_people(BOTH, Action.SEE, Object.AUDIT)
    assert not reaches_people(DIRECTOR, Action.SEE, Object.AUDIT)
    assert not reaches_people(Reader(), Action.SEE, Object.AUDIT)


def test_reaching_people_goes_by_action_and_object_and_guests_change_nothing() -> None:
    assert reaches_people(ADMINISTRATOR, Action.EDIT, Object.PEOPLE)
    assert not reaches_people(ADMINISTRATOR, Action.EDIT, Object.AUDIT)
    assert not reaches_people(ADMINISTRATOR, Action.SEE, Object.CLUSTER)
    guest = Reader(grants=ADMINISTRATOR.grants, looks_only=True)
    assert reaches_people(guest, Action.SEE, Object.AUDIT)
    assert not reaches_people(guest, Action.EDIT, Object.PEOPLE)


# What is about what


def test_no_kind_is_about_both() -> None:
    assert set() == ABOUT_DATA & ABOUT_PEOPLE
    assert {str(each) for each in Object} <= ABOUT_DATA | ABOUT_PEOPLE


def test_every_kind_that_is_recorded_is_known_to_be_about_something() -> None:
    """A kind in neither list is shown to nobody in full: put it into `dashboard/audit_log/kinds.py`."""
    assert recorded_kinds() >= {"batch", "account"}
    assert recorded_kinds() <= ABOUT_DATA | ABOUT_PEOPLE


def recorded_kinds() -> set[str]:
    """The kinds that stand as words in a call of `audit.record`."""
    found = set()
    for path in (PROJECT_ROOT / "dashboard").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func) == "audit.record" and len(node.args) > 3:
                kind = node.args[3]
                if isinstance(kind, ast.Constant):
                    found.add(kind.value)
    return found


def test_the_audit_holds_no_column_that_this_page_does_not_know(store: Store) -> None:
    told_by_digest = {"previous_sha256", "sha256"}
    frame = load(Told(store), EVERYTHING)
    columns = set(Base.metadata.tables["audit_event"].c.keys()) - told_by_digest
    assert columns - {"cluster_id"} <= set(frame.columns)
