"""Bringing a plan in from Word, in the browser: choose, look side by side, store, undo. Nothing is stored by a look."""

import base64
import binascii
from contextlib import closing
from datetime import date
from typing import Final

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, Signer

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Action, Object
from dashboard.changes import UndoRefused, undo_batch
from dashboard.directory.queries import ClusterFacts, find_whole_cluster, years_with_data
from dashboard.intake.files import SourceFile
from dashboard.intake.mapping import NO_MAPPING, Mapping
from dashboard.plans.bringing import (
    IGNORED,
    MEANINGS,
    Bringer,
    Look,
    find_brought,
    headings_of,
    last_mapping,
    slimmed,
)
from dashboard.web.asked import named_year
from dashboard.web.bodies import takes_files, takes_rows
from dashboard.web.context import the_actor, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid, counted

bring_in_pages = Blueprint("plan_in", __name__, template_folder="../templates")

_BRING_IN: Final = "/cluster/<slug>/plan/bring-in"
_BATCH: Final = f"{_BRING_IN}/<int(max=2147483647):brought_id>"
_MOST_BYTES: Final = 350_000
"""Of a file without its pictures: it is sent along from page to page, so that a look keeps nothing here."""
_MOST_HEADINGS: Final = 40
_LONGEST_HEADING: Final = 500
_MARKS: Final = {"added": "New", "changed": "Changed", "unchanged": "As it is", "absent": "Not in the file"}


@bring_in_pages.get(_BRING_IN)
@needs(Action.EDIT, Object.PLAN)
def choose(slug: str) -> ResponseReturnValue:
    """Choose a file and its year."""
    cluster, years = _find(slug)
    return _choose(cluster, years)


@bring_in_pages.post(_BRING_IN)
@takes_files
@needs(Action.EDIT, Object.PLAN)
def look(slug: str) -> ResponseReturnValue:
    """The chosen file, side by side with the plan."""
    cluster, years = _find(slug)
    year = _year(years)
    sent = request.files.get("file")
    if year is None or sent is None or not sent.filename:
        what = "Choose the file of the plan." if year is not None else "Choose the year of the plan."
        return _choose(cluster, years, year, said=what), 422
    with closing(sent):
        file = slimmed(SourceFile(sent.filename, sent.read()))
    if len(file.data) > _MOST_BYTES:
        what = (
            f"“{file.name}” holds more than this page takes, even without its pictures. Divide it into a document for "
            "each year, or ask your administrator to import it."
        )
        return _choose(cluster, years, year, said=what), 422
    with access.writing(the_store(), the_scope()) as writing:
        told = last_mapping(writing, cluster)
        there = set(headings_of(file, NO_MAPPING))
        mapping = Mapping(
            columns={title: meaning for title, meaning in told.columns.items() if title in there},
            ignore=tuple(title for title in told.ignore if title in there),
        )
        found = Bringer(writing, the_actor(), the_scope(), date.today()).look_at(cluster, year, file, mapping)
    return _shown(cluster, year, file, mapping, found)


@bring_in_pages.post(f"{_BRING_IN}/again")
@takes_rows
@needs(Action.EDIT, Object.PLAN)
def again(slug: str) -> ResponseReturnValue:
    """The same file with what was said of its headings: looked at again, or stored."""
    cluster, years = _find(slug)
    year, file = _year(years), _carried()
    if year is None or file is None:
        return _choose(cluster, years, year, said="The page was open too long. Choose the file again."), 422
    mapping = _mapping()
    moved = False
    with access.writing(the_store(), the_scope()) as writing:
        bringer = Bringer(writing, the_actor(), the_scope(), date.today())
        if request.form.get("how") == "store":
            result = bringer.store(cluster, year, file, mapping, request.form.get("seen", ""))
            moved = result is None
            if result is not None and result.stored:
                return _stored(cluster, result.batch)
        found = bringer.look_at(cluster, year, file, mapping)
    return _shown(cluster, year, file, mapping, found, moved=moved)


def _stored(cluster: ClusterFacts, batch: int | None) -> ResponseReturnValue:
    if batch is None:
        flask.flash("The plan says all of that already. There was nothing to store.")
        return flask.redirect(flask.url_for("plan_in.choose", slug=cluster.slug), 303)
    return flask.redirect(flask.url_for("plan_in.brought", slug=cluster.slug, brought_id=batch), 303)


@bring_in_pages.get(_BATCH)
@needs(Action.EDIT, Object.PLAN)
def brought(slug: str, brought_id: int) -> ResponseReturnValue:
    """What was stored, and the button that takes it back."""
    cluster, _ = _find(slug)
    with access.reading(the_store(), the_scope()) as reading:
        found = find_brought(reading, the_scope(), cluster, brought_id, the_actor())
    if found is None:
        not_there("see", "batch", str(brought_id))
    title = (
        "The plan was taken out again" if found.undone else f"{counted(len(found.codes), 'target').capitalize()} stored"
    )
    return page("plans/brought.html", title, cluster=cluster, brought=found)


@bring_in_pages.post(f"{_BATCH}/undo")
@needs(Action.EDIT, Object.PLAN)
def undo(slug: str, brought_id: int) -> ResponseReturnValue:
    """Put the plan back as it stood, as long as nothing rests on what was brought."""
    cluster, _ = _find(slug)
    with access.reading(the_store(), the_scope()) as reading:
        found = find_brought(reading, the_scope(), cluster, brought_id, the_actor())
    if found is None:
        not_there("edit", "batch", str(brought_id))
    back = flask.redirect(flask.url_for("plan_in.brought", slug=slug, brought_id=brought_id), 303)
    if not found.may_undo:
        flask.flash("Only whoever stored a plan takes it out again, and only once.", "error")
        return back
    try:
        # What a batch wrote is recorded behind every wall; that it is the writer's own was looked at above.
        with access.writing(the_store(), EVERYTHING) as writing:
            undo_batch(writing, brought_id, the_actor())
    except UndoRefused as refusal:
        flask.flash(f"Nothing was taken out: {refusal}.", "error")
        return back
    flask.flash("The plan stands as it did before.")
    return flask.redirect(flask.url_for("plan_in.choose", slug=slug), 303)


def _find(slug: str) -> tuple[ClusterFacts, list[AcademicYear]]:
    """The cluster of an address, and the years that a plan may be for, the newest first."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug) if slug.isprintable() else None
        if cluster is None:
            not_there("edit", "plan", slug)
        known = years_with_data(reading, the_scope(), cluster.id)
    now = AcademicYear.of(date.today())
    some = {*known, *(AcademicYear(now.start + step) for step in range(-8, 2))}
    return cluster, sorted(some, reverse=True)


def _year(years: list[AcademicYear]) -> AcademicYear | None:
    try:
        year = AcademicYear.parse(request.form.get("year", ""))
    except ValueError:
        return None
    return year if year in years else None


def _mapping() -> Mapping:
    """What was said of the headings: pairs of a heading and a meaning."""
    columns, ignore = {}, []
    for number in range(_MOST_HEADINGS):
        title, meaning = request.form.get(f"heading-{number}"), request.form.get(f"meaning-{number}", "")
        if title is None or len(title) > _LONGEST_HEADING:
            continue
        if meaning in MEANINGS:
            columns[title] = meaning
        elif meaning == IGNORED:
            ignore.append(title)
    return Mapping(columns=columns, ignore=tuple(ignore))


# The file on its way from page to page


def _signer() -> Signer:
    return Signer(flask.current_app.config["SECRET_KEY"], salt="plan-bring-in")


def _carry(file: SourceFile) -> str:
    """A file as a field of a form, signed so that its digest is that of the file that was sent."""
    parts = (file.sha256.encode(), *map(base64.urlsafe_b64encode, (file.name.encode(), file.data)))
    return _signer().sign(b"|".join(parts)).decode()


def _carried() -> SourceFile | None:
    try:
        digest, name, data = _signer().unsign(request.form.get("carried", "")).split(b"|")
        return SourceFile(base64.urlsafe_b64decode(name).decode(), base64.urlsafe_b64decode(data), digest.decode())
    except (BadSignature, ValueError, binascii.Error):
        return None


def _choose(
    cluster: ClusterFacts, years: list[AcademicYear], year: AcademicYear | None = None, *, said: str | None = None
) -> str:
    chosen = year or named_year() or AcademicYear.of(date.today())
    return page(
        "plans/bring_in.html", f"Bring a plan into {amid(cluster.name)}",
        cluster=cluster, years=years, year=chosen, said=said,
    )  # fmt: skip


def _shown(
    cluster: ClusterFacts, year: AcademicYear, file: SourceFile, mapping: Mapping, found: Look, *, moved: bool = False
) -> ResponseReturnValue:
    asked = [
        (title, mapping.columns.get(title) or (IGNORED if title in mapping.ignore else "")) for title in found.headings
    ]
    changed = sum(each.mark != "unchanged" for each in found.targets)
    shown = page(
        "plans/look.html", f"Look before you store: {file.name}",
        cluster=cluster, year=year, file=file, carried=_carry(file), found=found, headings=asked[:_MOST_HEADINGS],
        meanings=MEANINGS, ignored=IGNORED, marks=_MARKS, moved=moved, changed=changed,
        questions=sum(each.questions for each in found.targets),
    )  # fmt: skip
    return shown, 422 if found.result.errors or moved else 200
