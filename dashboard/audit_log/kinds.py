"""What the kinds of things in the audit are about. A kind that stands in neither list is shown to nobody in full.

Administrators look after people and see no school; directors oversee clusters and manage no account.
"""

from typing import Final

from dashboard.access import Object

ABOUT_DATA: Final = frozenset({
    "batch", "open book", "school", "screen link",
    "context event", "lifecycle event", Object.LIFECYCLE,
    Object.AUDIT, Object.CLUSTER, Object.OPEN_BOOK, Object.OVERVIEW, Object.SCHOOL, Object.SCREEN, Object.SCREEN_LINKS,
})  # fmt: skip
"""Clusters, schools and their figures, and the attempts to see them."""

ABOUT_PEOPLE: Final = frozenset({
    "account", "contact", "personal data", "set-up link",
    Object.CONTACTS, Object.PEOPLE,
})  # fmt: skip
"""Accounts, contacts and what became of them, and the attempts to see them."""
