"""Everything that is held about one person, for that person: readable JSON, with where it came from and until when.

`EXPORTED` and `LEFT_OUT` name every column that is personal, secret or points at a person; a test walks the tables, so
that a new column cannot be forgotten.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy.orm import Session

from dashboard.db import now_utc
from dashboard.privacy.export_account import export_account
from dashboard.privacy.export_contact import export_contact
from dashboard.privacy.subjects import Subject
from dashboard.privacy.traces import find_mentions, find_named, load_names

EXPORTED: Final = frozenset(
    {
        "account.email", "account.name", "account_grant.account_id", "aim_wording.confirmed_by",
        "appointment.person_id", "appointment.replaced_by_id", "approval_request.asked_by_id",
        "approval_request.decided_by_id", "audit_event.actor_id", "concern.raised_by_id", "decision.noted_by_id",
        "feed_link.account_id", "lifecycle_event.person_id", "lifecycle_event.replaced_by_person_id",
        "open_register.account_id", "overview_visit.account_id", "passkey.name", "passkey.user_id", "person.initials",
        "person.name", "person.purpose", "person.work_email", "person_mark.person_id", "saved_view.account_id",
        "school_alias.confirmed_by", "screen_link.created_by_id", "watched_cluster.account_id",
        "web_session.account_id", "web_session.user_agent", "workgroup_line.person_id", "workgroup_line.replaces_id",
        "workgroup_return.returned_by_id",
    }
)  # fmt: skip
"""Columns whose rows or values are in the export."""
LEFT_OUT: Final[Mapping[str, str]] = {
    "account.password": "a hash; it tells nothing of the person and would help whoever finds the file",
    "account.fs_uniquifier": "stands in sessions; whoever has it could try to pass for the person",
    "account.fs_webauthn_user_handle": "a random number known to the person's passkeys",
    "account.tf_totp_secret": "whoever has it has the second factor; that there is one is said",
    "account.mf_recovery_codes": "whoever has them has the second factor; that there are some is said",
    "receipt.file_name": "of an invoice of a cluster; whose name stands on it no machine can tell",
    "receipt.content": "an invoice of a cluster; whose name stands on it no machine can tell",
    "evidence_file.file_name": "of evidence in a cluster's plan; whose name stands on it no machine can tell",
    "evidence_file.content": "evidence in a cluster's plan; who is named or seen in it no machine can tell",
    "passkey.public_key": "half of a key; the passkey is named with its dates",
}
"""Columns that are not, and why."""


def export_subject(session: Session, subject: Subject) -> dict[str, Any]:
    """All that is held about a person. The session has to see the whole store; other people's data is left out."""
    people = [] if subject.person_id is None else [subject.person_id]
    accounts = [] if subject.account_id is None else [subject.account_id]
    names = load_names(session, people, accounts)
    return {
        "about": "Everything that this dashboard holds about one person",
        "made_at": now_utc().isoformat(),
        "contact": export_contact(session, people[0]) if people else None,
        "account": export_account(session, accounts[0]) if accounts else None,
        "named_as_responsible": [str(each) for each in find_named(session, names)],
        "texts_that_hold_the_name": [str(each) for each in find_mentions(session, names)],
        "left_out": {
            "of other people": "who took over a role, who else was at a meeting or on a return, what a concern or a "
            "request says",
            **{column: why for column, why in LEFT_OUT.items() if accounts},
        },
    }
