"""`/contacts`: who is held, what for and until when; what is past its date; one person's export and erasure.

For administrators, whose role sees no school. A contact is the person with its roles and where they are held, so these
pages read past the wall of the store, and show neither attendance nor money.
"""

import json
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import date
from typing import Any, Final

import flask
from flask import Blueprint, request, session
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import EVERYTHING, Action, Object
from dashboard.changes import Outcome
from dashboard.db import Session
from dashboard.privacy.commands import PrivacyBook, PrivacyRefused
from dashboard.privacy.due import find_due
from dashboard.privacy.export import export_subject
from dashboard.privacy.forms import EraseForm, FindForm, TermForm
from dashboard.privacy.queries import Contact, load_contacts, load_taken_out
from dashboard.privacy.rules import RETENTION, Kept
from dashboard.privacy.subjects import Subject, SubjectUnclear, find_subject
from dashboard.roles import ROLE_WORDS
from dashboard.web.context import the_actor, the_reader, the_store
from dashboard.web.door import needs
from dashboard.web.pages import page
from dashboard.wording import counted, sentence

ON_A_PAGE: Final = 100
_KEY: Final = "<any(contact, account):kind>-<int(max=2147483647):number>"

pages = Blueprint("privacy", __name__, template_folder="templates")


@pages.get("/contacts")
@needs(Action.EDIT, Object.CONTACTS)
def contacts() -> ResponseReturnValue:
    """Every contact, those past their date first, and what was taken out before."""
    return _list_page(FindForm(formdata=None))


@pages.post("/contacts/find")
@needs(Action.EDIT, Object.CONTACTS)
def find() -> ResponseReturnValue:
    """Go to the person of an address. By POST, so that no address of a person stands in the address of a page."""
    form = FindForm()
    if not form.validate_on_submit():
        return _list_page(form), 422
    try:
        with _reading() as reading:
            subject = find_subject(reading, form.who.data)
    except SubjectUnclear as unclear:
        form.refuse(unclear)
        return _list_page(form), 422
    return flask.redirect(_address(subject), 303)


@pages.post("/contacts/purge")
@needs(Action.EDIT, Object.CONTACTS)
def purge() -> ResponseReturnValue:
    """Show what a purge would take out; once that was seen, take it out."""
    shown = request.form.get("seen", "")
    with _writing() as writing:
        book, today = PrivacyBook(writing, the_actor()), date.today()
        counts = book.purge(today, dry_run=True)
        seen = json.dumps(counts)
        agreed = shown == seen and bool(book.purge(today))
    if agreed:
        flask.flash(f"Taken out or emptied, because past its date: {counted(sum(counts.values()), 'row')}.")
        return flask.redirect(flask.url_for("privacy.contacts"), 303)
    return page(
        "contacts_purge.html", _would_go(counts), counts=counts, rules=RETENTION, seen=seen,
        changed=bool(shown),
    )  # fmt: skip


@pages.get(f"/contacts/{_KEY}")
@needs(Action.EDIT, Object.CONTACTS)
def contact(kind: str, number: int) -> ResponseReturnValue:
    """What is held of one person."""
    return _person_page(kind, number)


@pages.post(f"/contacts/{_KEY}/term")
@needs(Action.EDIT, Object.CONTACTS)
def set_term(kind: str, number: int) -> ResponseReturnValue:
    """Say what a contact is held for, and until when."""
    form, subject = TermForm(), _subject(kind, number)
    if subject.person_id is None:
        flask.abort(404)
    if not form.validate_on_submit():
        return _person_page(kind, number, term=form)
    try:
        with _writing() as writing:
            book = PrivacyBook(writing, the_actor())
            done = book.set_term(subject.person_id, purpose=form.purpose.data, delete_after=form.day)
    except PrivacyRefused as refusal:
        form.refuse(refusal)
        return _person_page(kind, number, term=form)
    flask.flash("Stored." if done is Outcome.CHANGED else "Nothing was changed.")
    return flask.redirect(_address(subject), 303)


@pages.post(f"/contacts/{_KEY}/export")
@needs(Action.EDIT, Object.CONTACTS)
def export(kind: str, number: int) -> ResponseReturnValue:
    """Everything that is held of one person, as a file."""
    subject = _subject(kind, number)
    with _writing() as writing:
        held = export_subject(writing, subject)
        PrivacyBook(writing, the_actor()).note_export(subject)
    text = json.dumps(held, indent=2, ensure_ascii=False)
    name = f"attachment; filename=personal-data-{subject.key}.json"
    return flask.Response(text, mimetype="application/json", headers={"Content-Disposition": name})


@pages.post(f"/contacts/{_KEY}/erase")
@needs(Action.EDIT, Object.CONTACTS)
def erase(kind: str, number: int) -> ResponseReturnValue:
    """Take one person out."""
    form, subject = EraseForm(), _subject(kind, number)
    if not form.validate_on_submit():
        return _person_page(kind, number, erasing=form)
    try:
        with _writing() as writing:
            done = PrivacyBook(writing, the_actor()).erase(subject, form.reason.data)
    except PrivacyRefused as refusal:
        form.refuse(refusal)
        return _person_page(kind, number, erasing=form)
    if subject.account_id is not None and subject.account_id == the_reader().account_id:
        session.clear()  # else this answer would bring back the session that has just ended
        return flask.redirect("/sign-in", 303)
    return page("contact_erased.html", "The person is taken out", counts=done.counts, mentions=done.mentions)


def headline(rows: Sequence[Contact]) -> str:
    """How many contacts are past their date."""
    over = sum(row.is_over for row in rows)
    return sentence(f"{counted(over, 'contact')} {'is past its' if over == 1 else 'are past their'} date")


def _would_go(counts: Mapping[Kept, int]) -> str:
    if not counts:
        return "Nothing is past its date"
    rows = sum(counts.values())
    return sentence(f"{counted(rows, 'row')} would be taken out or emptied")


def _list_page(form: FindForm) -> str:
    with _reading() as reading:
        today = date.today()
        rows, due, gone = load_contacts(reading, today), find_due(reading, today), load_taken_out(reading)
    last = max(1, -(-len(rows) // ON_A_PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), last)
    shown = rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
    return page(
        "contacts.html", headline(rows), rows=shown, found=len(rows), number=number, last=last, form=form, gone=gone,
        unknown=sum(row.until is None for row in rows), due=len(due),
    )  # fmt: skip


def _person_page(
    kind: str, number: int, *, term: TermForm | None = None, erasing: EraseForm | None = None
) -> ResponseReturnValue:
    with _reading() as reading:
        subject = _find(reading, kind, number)
        held = export_subject(reading, subject)
    person: dict[str, Any] | None = held["contact"]
    account: dict[str, Any] | None = held["account"]
    until = person and person["kept_until"]
    usual = TermForm(formdata=None, purpose=person and person["held_for"], delete_after=_own_date(person))
    shown = page(
        "contact.html", _called(person, account), subject=subject, kind=kind, number=number, person=person, until=until,
        account=account, role_words=ROLE_WORDS, texts=held["texts_that_hold_the_name"], term=term or usual,
        erasing=erasing or EraseForm(formdata=None),
    )  # fmt: skip
    return shown, 422 if term or erasing else 200


def _called(person: Mapping[str, Any] | None, account: Mapping[str, Any] | None) -> str:
    named = person or account or {}
    return str(named.get("name") or named.get("email"))


def _own_date(person: Mapping[str, Any] | None) -> date | None:
    return date.fromisoformat(person["kept_until"]) if person and person["has_own_date"] else None


def _subject(kind: str, number: int) -> Subject:
    with _reading() as reading:
        return _find(reading, kind, number)


def _find(reading: Session, kind: str, number: int) -> Subject:
    try:
        return find_subject(reading, f"{kind}-{number}")
    except SubjectUnclear:
        flask.abort(404)


def _address(subject: Subject) -> str:
    return f"/contacts/{subject.key}"


def _reading() -> AbstractContextManager[Session]:
    return access.reading(the_store(), EVERYTHING)


def _writing() -> AbstractContextManager[Session]:
    return access.writing(the_store(), EVERYTHING)
