"""What the kinds of things in the audit are about. A kind that stands in neither list is shown to nobody in full.

Administrators look after people and see no school; directors oversee clusters and manage no account.
"""

from typing import Final

from dashboard.access import Object

ABOUT_DATA: Final = frozenset({
    "aim", "answered figure", "batch", "calendar period", "checklist", "cluster stage", "collaboration note", "concern",
    "context event", "contribution", "decision", "ledger line", "lifecycle event", "meeting", "open book",
    "outside money", "plan review", "printed name", "project", "request", "school", "school agreement",
    "school commitment", "screen link", "self-evaluation", "target", "workgroup call", "workgroup return",
    "working group",
    Object.APPROVALS, Object.AUDIT, Object.CLUSTER, Object.CONCERNS, Object.DECISIONS, Object.EVALUATION, Object.EXITS,
    Object.LEDGER, Object.LIFECYCLE, Object.MONEY, Object.OPEN_BOOK, Object.OPEN_FIGURES, Object.OVERVIEW, Object.PLAN,
    Object.REASONS, Object.REGISTER, Object.REQUESTS, Object.SCHOOL, Object.SCREEN, Object.SCREEN_LINKS, Object.STAGES,
    Object.WORKGROUP, Object.WORKING_GROUPS,
})  # fmt: skip
"""Clusters, schools and their figures, and the attempts to see them."""

ABOUT_PEOPLE: Final = frozenset({
    "account", "contact", "feed link", "personal data", "saved view", "set-up link", "watched cluster",
    Object.CONTACTS, Object.PEOPLE,
})  # fmt: skip
"""Accounts, contacts and what became of them, and the attempts to see them."""
