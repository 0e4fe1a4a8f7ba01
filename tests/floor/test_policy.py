"""The decision itself, against tables worked out by hand: every role, every cell of the matrix, every kind of grant."""

from dataclasses import FrozenInstanceError, replace
from itertools import product
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.access import (
    EVERYTHING,
    MATRIX,
    NOTHING,
    Action,
    Grant,
    Object,
    Range,
    Reader,
    Refused,
    Scope,
    check,
    may,
    policy,
    scope_for,
)
from dashboard.access.policy import reaches_people
from dashboard.vocabulary import Role

PROGRAMME, CLUSTER, SCHOOL = 11, 22, 33
OF_PROGRAMME: Final = Scope(programme_ids=frozenset({PROGRAMME}))
OF_CLUSTER: Final = Scope(cluster_ids=frozenset({CLUSTER}))
OF_SCHOOL: Final = Scope(school_ids=frozenset({SCHOOL}))
EVERY: Final = tuple(product(Action, Object))
SEE_CLUSTER: Final = (Action.SEE, Object.CLUSTER)

USUAL: Final[dict[Role, Grant]] = {
    Role.DIRECTOR: Grant(Role.DIRECTOR, programme_id=PROGRAMME),
    Role.ADVISOR: Grant(Role.ADVISOR, programme_id=PROGRAMME),
    Role.COORDINATOR: Grant(Role.COORDINATOR, cluster_id=CLUSTER),
    Role.HEADTEACHER: Grant(Role.HEADTEACHER, school_id=SCHOOL),
    Role.BURSAR: Grant(Role.BURSAR, cluster_id=CLUSTER),
    Role.STEERING: Grant(Role.STEERING, cluster_id=CLUSTER),
    Role.ADMINISTRATOR: Grant(Role.ADMINISTRATOR),
}
"""Each role at the place it is given for."""

WORKS_WITH_CLUSTERS: Final = {
    Role.DIRECTOR: OF_PROGRAMME, Role.ADVISOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER,
}  # fmt: skip

REACHED: Final[dict[tuple[str, str], dict[Role, Scope]]] = {
    ("see", "overview"): {
        Role.DIRECTOR: OF_PROGRAMME, Role.ADVISOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER,
    },
    ("see", "cluster"): {
        Role.DIRECTOR: OF_PROGRAMME, Role.ADVISOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER,
        Role.HEADTEACHER: OF_SCHOOL,
    },
    ("see", "school"): {
        Role.DIRECTOR: OF_PROGRAMME, Role.ADVISOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER,
        Role.HEADTEACHER: OF_SCHOOL,
    },
    ("see", "screen"): {
        Role.DIRECTOR: OF_PROGRAMME, Role.ADVISOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER,
        Role.STEERING: OF_CLUSTER,
    },
    ("edit", "register"): WORKS_WITH_CLUSTERS,
    ("edit", "lifecycle"): WORKS_WITH_CLUSTERS,
    ("see", "reasons"): {Role.DIRECTOR: OF_PROGRAMME},
    ("see", "concerns"): WORKS_WITH_CLUSTERS,
    ("edit", "concerns"): WORKS_WITH_CLUSTERS,
    ("edit", "exits"): {Role.DIRECTOR: OF_PROGRAMME, Role.ADVISOR: OF_PROGRAMME},
    ("see", "workgroup"): WORKS_WITH_CLUSTERS,
    ("edit", "workgroup"): WORKS_WITH_CLUSTERS,
    ("see", "money"): {**WORKS_WITH_CLUSTERS, Role.HEADTEACHER: OF_SCHOOL, Role.BURSAR: OF_CLUSTER},
    ("see", "ledger"): {**WORKS_WITH_CLUSTERS, Role.HEADTEACHER: OF_SCHOOL, Role.BURSAR: OF_CLUSTER},
    ("edit", "ledger"): {
        Role.DIRECTOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER, Role.HEADTEACHER: OF_SCHOOL, Role.BURSAR: OF_CLUSTER,
    },
    ("see", "requests"): {**WORKS_WITH_CLUSTERS, Role.BURSAR: OF_CLUSTER},
    ("edit", "requests"): {Role.DIRECTOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER},
    ("edit", "approvals"): {Role.DIRECTOR: OF_PROGRAMME, Role.ADVISOR: OF_PROGRAMME},
    ("see", "open figures"): {**WORKS_WITH_CLUSTERS, Role.HEADTEACHER: OF_SCHOOL},
    ("edit", "open figures"): {Role.DIRECTOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER},
    ("see", "decisions"): {**WORKS_WITH_CLUSTERS, Role.STEERING: OF_CLUSTER},
    ("edit", "decisions"): {
        Role.DIRECTOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER, Role.STEERING: OF_CLUSTER,
    },
    ("see", "plan"): {**WORKS_WITH_CLUSTERS, Role.HEADTEACHER: OF_SCHOOL, Role.STEERING: OF_CLUSTER},
    ("edit", "plan"): {Role.DIRECTOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER},
    ("see", "stages"): {**WORKS_WITH_CLUSTERS, Role.HEADTEACHER: OF_SCHOOL, Role.STEERING: OF_CLUSTER},
    ("edit", "stages"): WORKS_WITH_CLUSTERS,
    ("see", "working groups"): {**WORKS_WITH_CLUSTERS, Role.HEADTEACHER: OF_SCHOOL, Role.STEERING: OF_CLUSTER},
    ("edit", "working groups"): {Role.DIRECTOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER},
    ("see", "evaluation"): {**WORKS_WITH_CLUSTERS, Role.HEADTEACHER: OF_SCHOOL},
    ("edit", "evaluation"): {
        Role.DIRECTOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER, Role.HEADTEACHER: OF_SCHOOL,
    },
    ("edit", "screen links"): {Role.DIRECTOR: OF_PROGRAMME, Role.COORDINATOR: OF_CLUSTER},
    ("edit", "open book"): {Role.HEADTEACHER: OF_SCHOOL},
    ("see", "audit"): {Role.DIRECTOR: OF_PROGRAMME, Role.ADMINISTRATOR: NOTHING},
    ("edit", "people"): {Role.ADMINISTRATOR: NOTHING},
    ("edit", "contacts"): {Role.ADMINISTRATOR: NOTHING},
}  # fmt: skip
"""What the requirements say (R.1–R.4), by hand. What is not here is refused; an administrator's scope is empty."""


def holding(*grants: Grant, looks_only: bool = False) -> Reader:
    return Reader("Somebody", grants, 1, known_as="somebody", looks_only=looks_only)


# The matrix as it stands


@pytest.mark.parametrize(("action", "thing"), EVERY)
@pytest.mark.parametrize("role", Role)
def test_each_role_reaches_what_the_table_says_and_is_refused_the_rest(
    role: Role, action: Action, thing: Object
) -> None:
    reader, expected = holding(USUAL[role]), REACHED.get((action, thing), {}).get(role)
    assert scope_for(reader, action, thing) == (expected or NOTHING)
    assert may(reader, action, thing) is (expected is not None)
    assert reaches_people(reader, action, thing) is (expected == NOTHING)
    if expected is not None:
        assert check(reader, action, thing) == expected
        return
    with pytest.raises(Refused):
        check(reader, action, thing)


@pytest.mark.parametrize(("action", "thing"), EVERY)
@pytest.mark.parametrize("role", Role)
def test_who_looks_only_sees_the_same_and_changes_nothing(role: Role, action: Action, thing: Object) -> None:
    reader, signed_in = holding(USUAL[role], looks_only=True), holding(USUAL[role])
    if action is Action.SEE:
        assert scope_for(reader, action, thing) == scope_for(signed_in, action, thing)
        assert may(reader, action, thing) == may(signed_in, action, thing)
        assert reaches_people(reader, action, thing) == reaches_people(signed_in, action, thing)
        return
    assert scope_for(reader, action, thing) == NOTHING
    assert may(reader, action, thing) is False
    assert reaches_people(reader, action, thing) is False
    with pytest.raises(Refused):
        check(reader, action, thing)


@pytest.mark.parametrize(("action", "thing"), EVERY)
def test_without_a_grant_nothing_is_reached(action: Action, thing: Object) -> None:
    for reader in (Reader(), holding()):
        assert scope_for(reader, action, thing) == NOTHING
        assert may(reader, action, thing) is False
        assert reaches_people(reader, action, thing) is False


def test_a_cell_fits_the_place_that_its_role_is_given_for() -> None:
    """A role that is given for a cluster and read as one of a programme would reach every programme."""
    fitting = {
        Role.DIRECTOR: {Range.PROGRAMME}, Role.ADVISOR: {Range.PROGRAMME}, Role.COORDINATOR: {Range.CLUSTER},
        Role.BURSAR: {Range.CLUSTER}, Role.STEERING: {Range.CLUSTER}, Role.HEADTEACHER: {Range.SCHOOL, Range.TOTALS},
        Role.ADMINISTRATOR: {Range.PEOPLE},
    }  # fmt: skip
    for cells in MATRIX.values():
        for role, reach in cells.items():
            assert reach in fitting[role], (role, reach)


# Each kind of cell, for each role

GRANTS: Final[dict[str, dict[str, int]]] = {
    "no place": {},
    "a programme": {"programme_id": PROGRAMME},
    "a cluster": {"cluster_id": CLUSTER},
    "a school": {"school_id": SCHOOL},
    "every place": {"programme_id": PROGRAMME, "cluster_id": CLUSTER, "school_id": SCHOOL},
}
CELLS: Final[dict[Range, dict[str, Scope]]] = {
    Range.PROGRAMME: {"a programme": OF_PROGRAMME, "every place": OF_PROGRAMME},
    Range.CLUSTER: {"a cluster": OF_CLUSTER, "every place": OF_CLUSTER},
    Range.TOTALS: {"a school": OF_SCHOOL, "every place": OF_SCHOOL},
    Range.SCHOOL: {"a school": OF_SCHOOL, "every place": OF_SCHOOL},
    Range.PEOPLE: {},
}
"""What a cell gives for the places of a grant. Where it says nothing: nothing, but everything to an overseer."""
OVERSEERS: Final = (Role.DIRECTOR, Role.ADVISOR)
"""The roles that are given for a programme, or for all of them. No other role reaches everything, whatever its cell."""


@pytest.mark.parametrize(("role", "cell", "where"), list(product(Role, Range, GRANTS)))
def test_each_cell_reaches_as_far_as_its_grant_holds(
    monkeypatch: pytest.MonkeyPatch, role: Role, cell: Range, where: str
) -> None:
    monkeypatch.setattr(policy, "MATRIX", {SEE_CLUSTER: {role: cell}})
    reader, expected = holding(Grant(role, **GRANTS[where])), CELLS[cell].get(where, NOTHING)
    if cell is Range.PROGRAMME and where == "no place" and role in OVERSEERS:
        expected = EVERYTHING
    assert scope_for(reader, *SEE_CLUSTER) == expected
    assert may(reader, *SEE_CLUSTER) is (cell is Range.PEOPLE or expected != NOTHING)
    assert reaches_people(reader, *SEE_CLUSTER) is (cell is Range.PEOPLE)


@pytest.mark.parametrize("role", Role)
def test_a_role_that_the_matrix_does_not_name_reaches_nothing(monkeypatch: pytest.MonkeyPatch, role: Role) -> None:
    others = {other: Range.PROGRAMME for other in Role if other is not role}
    monkeypatch.setattr(policy, "MATRIX", {SEE_CLUSTER: others})
    reader = holding(Grant(role, **GRANTS["every place"]))
    assert scope_for(reader, *SEE_CLUSTER) == NOTHING
    assert may(reader, *SEE_CLUSTER) is False


def test_several_grants_add_up() -> None:
    two = holding(USUAL[Role.HEADTEACHER], USUAL[Role.COORDINATOR], Grant(Role.HEADTEACHER, school_id=34))
    assert scope_for(two, *SEE_CLUSTER) == Scope(cluster_ids=frozenset({22}), school_ids=frozenset({33, 34}))
    assert scope_for(two, Action.SEE, Object.OVERVIEW) == OF_CLUSTER
    assert scope_for(two, Action.EDIT, Object.OPEN_BOOK) == Scope(school_ids=frozenset({33, 34}))
    programmes = holding(USUAL[Role.DIRECTOR], Grant(Role.ADVISOR, programme_id=12))
    assert scope_for(programmes, *SEE_CLUSTER) == Scope(programme_ids=frozenset({11, 12}))
    assert scope_for(programmes, Action.SEE, Object.AUDIT) == OF_PROGRAMME
    all_of_them = holding(Grant(Role.DIRECTOR), USUAL[Role.COORDINATOR])
    assert scope_for(all_of_them, *SEE_CLUSTER).everything


def test_the_first_grant_that_reaches_something_is_enough_and_so_is_the_last() -> None:
    nothing, something = Grant(Role.COORDINATOR), USUAL[Role.STEERING]
    for grants in ((nothing, something), (something, nothing)):
        assert may(holding(*grants), Action.SEE, Object.SCREEN)
        assert check(holding(*grants), Action.SEE, Object.SCREEN) == OF_CLUSTER


_GRANTS = st.lists(
    st.builds(
        Grant, st.sampled_from(Role), st.none() | st.integers(1, 3), st.none() | st.integers(1, 3),
        st.none() | st.integers(1, 3),
    ),
    max_size=4,
)  # fmt: skip
_CELLS = st.tuples(st.sampled_from(Role), st.sampled_from(Range))
_MATRICES = st.dictionaries(st.sampled_from(EVERY), st.lists(_CELLS).map(dict), max_size=6)


@given(
    matrix=_MATRICES,
    grants=_GRANTS,
    asked=st.sampled_from(EVERY),
    looks_only=st.booleans(),
    sees_only=st.one_of(st.none(), st.sampled_from(Object)),
)
def test_a_decision_is_the_union_of_its_grants_for_any_matrix(
    matrix: Any, grants: list[Grant], asked: tuple[Action, Object], looks_only: bool, sees_only: Object | None
) -> None:
    reader = replace(holding(*grants, looks_only=looks_only), sees_only=sees_only)
    cells = [(matrix.get(asked, {}).get(grant.role), grant) for grant in grants]
    if (looks_only and asked[0] != "see") or sees_only not in (None, asked[1]):
        cells = []
    expected = Scope(
        everything=any(
            cell == "programme" and g.role in OVERSEERS and not (g.programme_id or g.cluster_id or g.school_id)
            for cell, g in cells
        ),
        programme_ids=frozenset(g.programme_id for cell, g in cells if cell == "programme" and g.programme_id),
        cluster_ids=frozenset(g.cluster_id for cell, g in cells if cell == "cluster" and g.cluster_id),
        school_ids=frozenset(g.school_id for cell, g in cells if cell in ("school", "totals") and g.school_id),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(policy, "MATRIX", matrix)
        assert scope_for(reader, *asked) == expected
        about_people = any(cell == "people" for cell, _ in cells)
        assert reaches_people(reader, *asked) is about_people
        assert may(reader, *asked) is (about_people or expected != Scope())


# Readers, grants and refusals


def test_the_roles_of_a_reader_are_named_once_in_the_order_of_the_grants() -> None:
    grants = (USUAL[Role.STEERING], USUAL[Role.HEADTEACHER], Grant(Role.STEERING, cluster_id=5))
    assert holding(*grants).roles == (Role.STEERING, Role.HEADTEACHER)
    assert Reader().roles == ()


def test_a_reader_is_nobody_unless_something_else_is_said() -> None:
    assert Reader() == Reader("", (), None, "nobody signed in", looks_only=False)


@pytest.mark.parametrize("made", [Reader(), Grant(Role.DIRECTOR, programme_id=PROGRAMME)])
def test_nobody_gives_themselves_more_later(made: Any) -> None:
    for name in ("grants", "looks_only", "programme_id"):
        if hasattr(made, name):
            with pytest.raises(FrozenInstanceError):
                setattr(made, name, None)


def test_a_refusal_says_what_was_refused_and_nothing_else() -> None:
    with pytest.raises(Refused, match=r"^You may not edit this open book\.$") as refused:
        check(holding(USUAL[Role.DIRECTOR]), Action.EDIT, Object.OPEN_BOOK)
    assert (refused.value.action, refused.value.thing) == (Action.EDIT, Object.OPEN_BOOK)
