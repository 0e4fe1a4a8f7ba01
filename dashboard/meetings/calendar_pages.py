"""The calendar of a cluster in a year: its half terms week by week, and what it entered itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object
from dashboard.db import Session
from dashboard.half_terms import HalfTerm, england
from dashboard.marks import name_meeting
from dashboard.meetings.commands import Calendar, MeetingRefused, NotThere
from dashboard.meetings.forms import PeriodForm
from dashboard.meetings.places import Place, find_place, nowhere
from dashboard.meetings.queries import MeetingRow, find_period_year, load_half_terms, load_meeting_rows, load_periods
from dashboard.meetings.series import Period
from dashboard.meetings.words import PERIODS
from dashboard.vocabulary import PeriodKind
from dashboard.web.context import the_actor, the_scope, the_store
from dashboard.web.door import needs
from dashboard.web.pages import page
from dashboard.wording import counted, day, sentence

_CALENDAR = "/cluster/<slug>/calendar"
_PERIOD = f"{_CALENDAR}/<int(max=2147483647):period_id>"

pages = Blueprint("calendar", __name__, template_folder="templates")


@dataclass(frozen=True)
class Week:
    """One week of a half term, and what is in it, in words."""

    number: int
    monday: date
    said: tuple[str, ...]


@pages.route(_CALENDAR, methods=["GET", "POST"])
@needs(Action.EDIT, Object.REGISTER)
def calendar(slug: str) -> ResponseReturnValue:
    """The year laid out, and a form for a period of the cluster's own."""
    place, form = find_place(slug), PeriodForm()
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                _book(writing, place).add(*form.said)
        except MeetingRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("It is in the calendar.")
            return _back(place)
    with access.reading(the_store(), the_scope()) as reading:
        half_terms = load_half_terms(reading, the_scope(), place.cluster.id, place.year)
        periods = load_periods(reading, the_scope(), place.cluster.id, place.year)
        meetings = load_meeting_rows(reading, the_scope(), place.cluster.id, year=place.year)
    own = [each for each in periods if each.own]
    shown = page(
        "calendar.html",
        _headline(half_terms),
        place=place,
        form=form,
        half_terms=[(each, _weeks(each, periods, meetings)) for each in half_terms],
        assumed=any(each.assumed for each in half_terms),
        own=own,
        has_own_half_terms=any(each.kind is PeriodKind.HALF_TERM for each in own),
        others=[each for each in periods if not each.own],
        kinds=PERIODS,
    )
    return shown, 422 if form.errors else 200


@pages.route(_PERIOD, methods=["GET", "POST"])
@needs(Action.EDIT, Object.REGISTER)
def period(slug: str, period_id: int) -> ResponseReturnValue:
    """Change a period of the cluster's own."""
    place = _place_of(slug, period_id)
    with access.reading(the_store(), the_scope()) as reading:
        periods = load_periods(reading, the_scope(), place.cluster.id, place.year)
    found = next((each for each in periods if each.id == period_id and each.own), None)
    if found is None:
        nowhere(slug)
    form = PeriodForm() if request.method == "POST" else PeriodForm(
        formdata=None, period_kind=found.kind.value, name=found.name, starts=found.starts, ends=found.ends
    )  # fmt: skip
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                changed = _book(writing, place).change(period_id, *form.said)
        except NotThere:  # removed a moment ago
            nowhere(slug)
        except MeetingRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The calendar is changed." if changed else "Nothing was changed.")
            return _back(place)
    shown = page("calendar_period.html", f"Change “{found.name}”", place=place, form=form, row=found)
    return shown, 422 if form.errors else 200


@pages.post(f"{_PERIOD}/remove")
@needs(Action.EDIT, Object.REGISTER)
def remove(slug: str, period_id: int) -> ResponseReturnValue:
    """Take out a period of the cluster's own."""
    place = _place_of(slug, period_id)
    try:
        with access.writing(the_store(), the_scope()) as writing:
            _book(writing, place).remove(period_id)
    except NotThere:
        nowhere(slug)
    flask.flash("It is taken out of the calendar.")
    return _back(place)


@pages.post(f"{_CALENDAR}/usual")
@needs(Action.EDIT, Object.REGISTER)
def start_from_usual(slug: str) -> ResponseReturnValue:
    """Copy the usual half terms as the cluster's own."""
    place = find_place(slug)
    with access.writing(the_store(), the_scope()) as writing:
        copied = _book(writing, place).start_from_usual()
    flask.flash(
        sentence(f"{counted(copied, 'half term is', 'half terms are')} copied. Change the days that differ.")
        if copied
        else "The cluster has half terms of its own already."
    )
    return _back(place)


def _place_of(slug: str, period_id: int) -> Place:
    """The cluster of the address, in the year of its period."""
    place = find_place(slug)
    with access.reading(the_store(), the_scope()) as reading:
        year = find_period_year(reading, the_scope(), place.cluster.id, period_id)
    return replace(place, year=year) if year is not None else nowhere(slug)


def _headline(half_terms: Sequence[HalfTerm]) -> str:
    if any(each.assumed for each in half_terms):
        return "Nobody has entered the half terms: the usual ones are assumed"
    return sentence(f"{counted(len(half_terms), 'half term')} entered")


def _weeks(half_term: HalfTerm, periods: Sequence[Period], meetings: Sequence[MeetingRow]) -> list[Week]:
    """The weeks of a half term with the meetings and free days in them, in the order of their days."""
    holidays = england(half_term.starts.year, half_term.ends.year)
    weeks = []
    for number, monday in enumerate(half_term.weeks(), start=1):
        days = [monday + timedelta(days=turn) for turn in range(7)]
        said = [
            (when, f"{day(when)}: {holidays[when]} (public holiday)")
            for when in days
            if when in holidays and when in half_term
        ]
        said += [
            (each.starts, f"{_stretch(each)}: {each.name} ({PERIODS[each.kind].lower()})")
            for each in periods
            if each.kind in {PeriodKind.INSET, PeriodKind.HOLIDAY} and each.starts <= days[-1] and each.ends >= monday
        ]
        said += [
            (each.held_on, f"{day(each.held_on)}: {name_meeting(each.kind, each.title)}")
            for each in meetings
            if each.held_on in days and each.held_on in half_term
        ]
        weeks.append(Week(number, monday, tuple(words for _, words in sorted(said))))
    return weeks


def _stretch(period: Period) -> str:
    return day(period.starts) if period.starts == period.ends else f"{day(period.starts)} to {day(period.ends)}"


def _book(writing: Session, place: Place) -> Calendar:
    return Calendar(writing, the_actor(), the_scope(), place.cluster.id, place.year)


def _back(place: Place) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("calendar.calendar", slug=place.cluster.slug, year=place.year), 303)
