"""What is kept about people, how long and why: one table, shown word for word in docs/personal-data.md."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Final

REMOVED: Final = "(name removed)"
"""What stands where a name stood."""
WORDS_REMOVED: Final = "(words removed)"
"""What stands where somebody said what they ask for."""
PURGE: Final = "purge"
ERASED: Final = "erased"
"""The two actions of the audit by which data about people goes: by the clock, and because somebody asked."""


class Kept(StrEnum):
    """One kind of data about people, as the rules, the counts of a purge and the audit call it."""

    CONTACTS = "contacts"
    MARKS = "marks of people"
    IMPORTS = "records of imports"
    ACCOUNTS = "accounts"
    """Taken out because somebody asked; by the clock they go as one of the next two."""
    NEVER_USED = "accounts never used"
    DISABLED = "disabled accounts"
    CONCERNS = "closed concerns"
    RECEIPTS = "receipts"
    EVIDENCE = "files of evidence"
    REQUESTS = "decided requests"
    SESSIONS = "sessions"
    OPEN_REGISTERS = "open registers"
    SCREEN_LINKS = "screen links"
    FEED_LINKS = "calendar addresses"
    SET_UP_LINKS = "set-up links"
    AUDIT = "audit"


@dataclass(frozen=True)
class Retention:
    """One rule. Where `days` are given, the time runs from what `until` names."""

    kept: Kept
    tables: tuple[str, ...]
    what: str
    until: str
    why: str
    then: str
    days: int | None = None

    @property
    def lasts(self) -> str:
        """Until when, in words."""
        return self.until.format(days=self.days)

    def cutoff(self, today: date) -> datetime:
        """What lies before this moment is kept no longer."""
        return datetime.combine(today - timedelta(days=self.days or 0), time(), UTC)


RETENTION: Final = (
    Retention(
        Kept.CONTACTS,
        (
            "person",
            "appointment",
            "workgroup_line",
            "lifecycle_event",
            "lifecycle_reason",
            "target",
            "plan_change",
            "school_alias",
            "aim_wording",
        ),
        "name, initials, work address, roles with their dates, lines of workgroup returns, what happened in a role "
        "and why, who owns or owned a target or has confirmed a name",
        "the contact's own date; without one, the latest end of the programmes of the clusters the person has a role, "
        "a mark or a line in (of the cluster, where its programme has no end); where that is not known, until somebody "
        "gives a date",
        "the two bodies hold the addresses “for the duration of the programme” (0.4)",
        "taken out, from every version of a return too; of what happened, the kind and the dates stay without the "
        "person and the reason",
    ),
    Retention(
        Kept.MARKS,
        ("person_mark",),
        "who came to which meeting, with a note",
        "as long as the contact",
        "the mark of the school is made of the marks of its people (3.13, 3.14)",
        "the mark stays, so that no figure changes; name and note go, and nobody can tell whose it was",
    ),
    Retention(
        Kept.IMPORTS,
        ("batch_change", "import_batch"),
        "what a file changed about a person, a concern or a request, so that it can be undone; a name within a file's "
        "name",
        "as long as the contact, the concern or the words of the request; where a file took it out again, {days} days "
        "after the import",
        "a wrong file is noticed within a term",
        "the names are emptied, and an import that would bring the person back can no longer be undone",
        90,
    ),
    Retention(
        Kept.NEVER_USED,
        ("account", "account_grant"),
        "address, name and roles of an account with which nobody ever signed in",
        "{days} days after it was made or last given a role; an administrator's stays until it is disabled",
        "an invitation that nobody took up serves no purpose",
        "taken out",
        90,
    ),
    Retention(
        Kept.DISABLED,
        (
            "account",
            "account_grant",
            "passkey",
            "workgroup_return",
            "approval_request",
            "decision",
            "watched_cluster",
            "saved_view",
            "overview_visit",
        ),
        "address, name, roles and passkeys of a disabled account; which concerns it raised, which returns it sent, "
        "which requests it asked or decided, which decisions it noted; what it watches and saved of the overview, and "
        "when it last looked there",
        "{days} days after it was disabled",
        "long enough to answer who had access in the last school year, and to let somebody return",
        "taken out; the audit keeps the number of the account",
        365,
    ),
    Retention(
        Kept.CONCERNS,
        ("concern", "concern_step"),
        "what somebody worried about, who raised it, what was done and what was decided, in words",
        "{days} days (three years) after it was closed; while it is open it stays",
        "a record of decisions about a school: its next concern is read with the last one",
        "taken out with its steps",
        3 * 365,
    ),
    Retention(
        Kept.RECEIPTS,
        ("receipt",),
        "invoices and receipts attached to lines of a ledger, on which a name may stand",
        "{days} days (seven years) after it was attached",
        "accounts are kept for six years after the year that they are of",
        "the file is taken out; the line stays, and the audit keeps the size and digest of the file",
        7 * 365,
    ),
    Retention(
        Kept.EVIDENCE,
        ("evidence_file",),
        "files attached to evidence in a plan, in which somebody may be named or seen",
        "{days} days (three years) after it was attached",
        "a plan is read beside the two that follow it",
        "the file is taken out; the words of the evidence stay, and the audit keeps the size and digest of the file",
        3 * 365,
    ),
    Retention(
        Kept.REQUESTS,
        ("approval_request",),
        "what was asked of the advisor and why it was decided so, in words; the name of a school that would join",
        "{days} days (six years) after it was decided or withdrawn; while it waits it stays",
        "decided cases are precedent (4.26), and the money that rests on one is accounted for so long",
        "the words go; kind, school, days, amounts and the decision stay",
        6 * 365,
    ),
    Retention(
        Kept.SESSIONS,
        ("web_session",),
        "when a browser was signed in, and which one it was",
        "{days} days after it was last seen",
        "to see whether somebody else used an account",
        "taken out",
        30,
    ),
    Retention(
        Kept.OPEN_REGISTERS,
        ("open_register",),
        "which account had the page of a register open",
        "{days} day after the page was last seen",
        "to tell two people who take one register at once",
        "taken out",
        1,
    ),
    Retention(
        Kept.SCREEN_LINKS,
        ("screen_link",),
        "who made a link to a screen, and where it is used",
        "{days} days after it expired or was revoked",
        "to tell an old screen why it went dark",
        "taken out",
        90,
    ),
    Retention(
        Kept.FEED_LINKS,
        ("feed_link",),
        "whose calendar program reads the meetings, and when it did last",
        "as long as the account; {days} days after it was revoked",
        "to tell an old calendar why it went dark",
        "taken out",
        90,
    ),
    Retention(
        Kept.SET_UP_LINKS,
        ("set_up_link",),
        "when the first administrator was made",
        "{days} days after it was used or expired",
        "to see who set the dashboard up",
        "taken out",
        30,
    ),
    Retention(
        Kept.AUDIT,
        ("audit_event",),
        "who did what: numbers of accounts and addresses of computers, no names",
        "as long as the store",
        "a record that can be shortened proves nothing",
        "stays; once an account is erased, its number leads to nobody",
    ),
)

RULE_OF: Final = {rule.kept: rule for rule in RETENTION}


def describe_retention() -> str:
    """The table in Markdown, as docs/personal-data.md shows it."""
    head = ["| kept | what it holds | until | why | then |", "| --- | --- | --- | --- | --- |"]
    rows = [f"| {r.kept} | {r.what} | {r.lasts} | {r.why} | {r.then} |" for r in RETENTION]
    return "\n".join([*head, *rows])
