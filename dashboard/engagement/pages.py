"""The rows beneath the figures of attendance, as plain pages and as files."""

from dataclasses import replace
from datetime import date
from typing import Final, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear, Term
from dashboard.access import Action, Object, scope_for
from dashboard.directory.view import View, view_cluster
from dashboard.engagement.rows import BY, Asked, load_programme_years, load_rows
from dashboard.web.asked import asked_year
from dashboard.web.context import the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.rows import nothing_recorded, send_rows, show_rows
from dashboard.wording import amid

row_pages: Final = Blueprint("attendance_rows", __name__)
_LARGEST: Final = 2**31 - 1


@row_pages.get("/cluster/<slug>/rows/attendance")
@row_pages.get("/cluster/<slug>/rows/attendance.<any(csv, xlsx):ending>")
@needs(Action.SEE, Object.CLUSTER)
def attendance(slug: str, ending: str | None = None) -> ResponseReturnValue:
    """The marks of a cluster's year, or what they come to by meeting, school or term."""
    asked, year = _asked(), asked_year()
    with access.reading(the_store(), the_scope()) as reading:
        view = view_cluster(reading, the_scope(), slug, year=year, as_of=date.today())
        if view is None or view.cluster is None or not view.of_a_member:
            _nowhere(slug)
        edits = scope_for(the_reader(), Action.EDIT, Object.REGISTER)
        keeps = view.cluster.whole and edits.holds(view.cluster.id, view.cluster.programme_id)
        sheet = load_rows(reading, replace(view, keeps_registers=keeps), asked)
    if sheet is None:
        sheet = nothing_recorded(f"Attendance of {amid(view.cluster.name)}, {view.year}")
    if ending is not None:
        return send_rows(sheet, f"attendance-{slug}-{view.year}", ending)
    return show_rows(sheet, (view.cluster.name, f"/cluster/{slug}?year={view.year}"))


@row_pages.get("/rows/programme-years")
@row_pages.get("/rows/programme-years.<any(csv, xlsx):ending>")
@needs(Action.SEE, Object.OVERVIEW)
def programme_years(ending: str | None = None) -> ResponseReturnValue:
    """The attendance of each cluster by year of its programme."""
    today = date.today()
    view = View(the_scope(), today, AcademicYear.of(today), ())
    with access.reading(the_store(), the_scope()) as reading:
        sheet = load_programme_years(reading, view, request.args.get("nth"), request.args.get("cohort"))
    if sheet is None:
        sheet = nothing_recorded("Attendance by year of the programme")
    if ending is not None:
        return send_rows(sheet, "programme-years", ending)
    return show_rows(sheet, ("All clusters", "/?by=programme-year"))


def _asked() -> Asked:
    """What the address asks for; what is none of it answers like what is not there."""
    by, meeting, term = (request.args.get(name) for name in ("by", "meeting", "term"))
    try:
        return Asked(
            BY[BY.index(by or "")],
            request.args.get("school"),
            request.args.get("without"),
            _number(meeting) if meeting else None,
            Term(term) if term else None,
        )
    except ValueError:
        flask.abort(404)


def _number(written: str) -> int:
    if not (written.isascii() and written.isdecimal() and len(written) <= 10 and int(written) <= _LARGEST):
        raise ValueError(written)
    return int(written)


def _nowhere(slug: str) -> NoReturn:
    not_there("see", Object.CLUSTER, slug)
