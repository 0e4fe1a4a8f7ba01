"""Writes of what happens to schools and colleagues in a cluster (R.5), and of what follows for memberships and roles.

One table of dated events drives who is expected at a meeting. Whatever says that a school joined, left or is away goes
through here, so that no two times of membership overlap, nobody leaves before joining, and no school is on sabbatical
twice at once. Commands only: queries, and panels that draw, do not import this.
"""

from dashboard.directory.lifecycle.book import CLOSING, OF_THE_CLUSTER, Recorded
from dashboard.directory.lifecycle.putting_right import CORRECTED_IN_PLACE
from dashboard.directory.lifecycle.recording import ONLY_A_DATE, Lifecycle
from dashboard.directory.lifecycle.refusals import EventRefused
from dashboard.directory.lifecycle.writes import ByHand

__all__ = [
    "CLOSING",
    "CORRECTED_IN_PLACE",
    "OF_THE_CLUSTER",
    "ONLY_A_DATE",
    "ByHand",
    "EventRefused",
    "Lifecycle",
    "Recorded",
]
