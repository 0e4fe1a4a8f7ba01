"""Who may see and change what. All of the policy stands in this folder and nowhere else.

`matrix.csv` says which role may do what to which objects; `policy.py` reads it and decides; `scope.py` turns what was
decided into conditions that every query takes, `wall.py` into the settings of a transaction. Deny is the default: what
the matrix does not name is nobody's.
"""

from dashboard.access.policy import (
    MATRIX,
    Action,
    Grant,
    Object,
    Range,
    Reader,
    Refused,
    check,
    describe_matrix,
    may,
    scope_for,
)
from dashboard.access.scope import (
    EVERYTHING,
    NOTHING,
    Scope,
    clusters_in_totals,
    may_see,
    may_see_totals,
    open_to,
    stayed_member,
    visible_clusters,
    visible_schools,
    was_member,
)
from dashboard.access.wall import looking_up, reading, wall, whole_store, writing

__all__ = [
    "EVERYTHING",
    "MATRIX",
    "NOTHING",
    "Action",
    "Grant",
    "Object",
    "Range",
    "Reader",
    "Refused",
    "Scope",
    "check",
    "clusters_in_totals",
    "describe_matrix",
    "looking_up",
    "may",
    "may_see",
    "may_see_totals",
    "open_to",
    "reading",
    "scope_for",
    "stayed_member",
    "visible_clusters",
    "visible_schools",
    "wall",
    "was_member",
    "whole_store",
    "writing",
]
