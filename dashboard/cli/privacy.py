"""Commands about the data of people: what is due, the purge, one person's export and erasure.

Lists hold numbers, not names: they end up in mails and logs.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from dashboard.audit import COMMAND_LINE
from dashboard.cli.opening import open_store
from dashboard.db import Store
from dashboard.intake.problems import Refused
from dashboard.privacy.commands import PrivacyBook, PrivacyRefused
from dashboard.privacy.due import find_due, find_unknown
from dashboard.privacy.export import export_subject
from dashboard.privacy.queries import load_taken_out
from dashboard.privacy.subjects import SubjectUnclear, find_subject
from dashboard.wording import day

Who = Annotated[str, typer.Argument(metavar="EMAIL_OR_NUMBER", help="A work address, or contact-7, or account-3.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for scripts.")]


def register(app: typer.Typer) -> None:
    """Add `personal-data` to the command line."""
    commands = typer.Typer(help="Data about people: what is due, purge, export, erasure.", no_args_is_help=True)
    for name, command in (
        ("due", list_due), ("purge", purge), ("log", list_taken_out), ("export", export_person),
        ("erase", erase_person),
    ):  # fmt: skip
        commands.command(name)(command)
    app.add_typer(commands, name="personal-data")


def list_due(as_json: AsJson = False) -> None:
    """What is kept no longer, and the contacts of whom nobody knows how long they are kept. By number, not by name."""
    with _opened() as store, store.reading() as session:
        today = date.today()
        due, unknown = find_due(session, today), find_unknown(session)
    counts = Counter(each.kept.value for each in due)
    if as_json:
        rows = [{"rule": each.kept.value, "number": each.number, "since": each.since.isoformat()} for each in due]
        _print_json({"today": today.isoformat(), "counts": counts, "due": rows, "unknown": unknown})
        return
    for each in due:
        print(f"{each.kept} {each.number}: was kept until {day(each.since)}")
    for number in unknown:
        print(f"contact-{number}: nobody knows until when; give it a date of its own")
    print(_counts(counts) or "Nothing is past its date.")


def purge(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would go; take nothing out.")] = False,
    as_json: AsJson = False,
) -> None:
    """Take out what is kept no longer. No figure changes."""
    with _opened() as store, store.writing() as session:
        counts = PrivacyBook(session, COMMAND_LINE).purge(date.today(), dry_run=dry_run)
    if as_json:
        _print_json({"dry_run": dry_run, "stored": bool(counts) and not dry_run, "counts": counts})
        return
    print((_counts(counts) or "Nothing is past its date.") + (" (dry run: nothing was taken out)" if dry_run else ""))


def list_taken_out(as_json: AsJson = False) -> None:
    """The latest purges and erasures, newest first."""
    with _opened() as store, store.reading() as session:
        rows = load_taken_out(session)
    if as_json:
        _print_json([{**vars(row), "at": row.at.isoformat()} for row in rows])
        return
    for row in rows:
        why = f" ({row.reason})" if row.reason else ""
        print(f"{row.at:%Y-%m-%d %H:%M} {row.what} by {row.actor}: {_counts(row.counts)}{why}")


def export_person(
    who: Who, to: Annotated[Path, typer.Option("--to", help="The JSON file to write; its owner alone can read it.")]
) -> None:
    """Write everything that is held of one person into a file, for that person."""
    with _opened() as store, store.writing() as session:
        subject = find_subject(session, who)
        text = json.dumps(export_subject(session, subject), indent=2, ensure_ascii=False)
        PrivacyBook(session, COMMAND_LINE).note_export(subject)
        _write(to, text + "\n")
    print(f"Everything held of {subject.key} stands in {to}.")


def erase_person(
    who: Who,
    reason: Annotated[str | None, typer.Option(help="Why, for the record; leave the person out of it.")] = None,
    as_json: AsJson = False,
) -> None:
    """Take one person out: contact, account and all that hangs on them. No figure changes; nobody can put it back."""
    with _opened() as store, store.writing() as session:
        subject = find_subject(session, who)
        done = PrivacyBook(session, COMMAND_LINE).erase(subject, reason)
    texts = [str(each) for each in done.mentions]
    if as_json:
        _print_json({"erased": subject.key, "counts": done.counts, "texts_that_hold_the_name": texts})
        return
    print(f"{subject.key} is erased: {_counts(done.counts)}")
    for text in texts:
        print(f"The name still stands in what somebody wrote: {text}")


def _counts(counts: Mapping[Any, int]) -> str:
    """How much of what, in a line."""
    return ", ".join(f"{kept}: {number}" for kept, number in counts.items())


def _write(path: Path, text: str) -> None:
    """Write a file that only its owner can read."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            path.chmod(0o600)  # an older file may have been open to others
            file.write(text)
    except OSError as error:
        raise Refused.because(f"“{path}” cannot be written: {(error.strerror or str(error)).lower()}") from error


@contextmanager
def _opened() -> Generator[Store]:
    """The store; whatever is refused is said on standard error, and nothing of it is stored."""
    try:
        with open_store() as store:
            yield store
    except (PrivacyRefused, Refused, SubjectUnclear) as refusal:
        _refuse(str(refusal))


def _refuse(reason: str) -> NoReturn:
    print(f"Nothing was stored. {reason[:1].upper()}{reason[1:]}{'' if reason.endswith('.') else '.'}", file=sys.stderr)
    raise typer.Exit(2)


def _print_json(value: Any) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
