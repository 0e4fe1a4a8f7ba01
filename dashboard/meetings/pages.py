"""The meetings of a cluster in a year: what was held, what is planned, one more, a change, a whole series."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Action, Object
from dashboard.half_terms import HalfTerm, england
from dashboard.marks import name_meeting
from dashboard.meetings.commands import MeetingRefused, Meetings, NotThere
from dashboard.meetings.forms import MeetingForm, SeriesForm
from dashboard.meetings.places import Place, find_place, nowhere, today
from dashboard.meetings.queries import (
    MeetingRow,
    load_busy_days,
    load_half_terms,
    load_meeting_rows,
    load_periods,
)
from dashboard.meetings.series import Known, Proposal, clashes, propose
from dashboard.meetings.words import (
    KINDS,
    besides,
    day_and_weekday,
    headline,
    hours,
    released,
    share_in_school_time,
)
from dashboard.vocabulary import MeetingKind
from dashboard.web.context import the_actor, the_scope, the_store
from dashboard.web.door import needs
from dashboard.web.pages import page
from dashboard.wording import counted, day, in_words, sentence

MOST_AT_ONCE: Final = 60
"""Meetings of one series: a year has 53 weeks."""
_MEETING: Final = "/cluster/<slug>/meetings/<int(max=2147483647):meeting_id>"

pages = Blueprint("meetings", __name__, template_folder="templates")
for _filter in (day_and_weekday, sentence, released, hours, name_meeting):
    pages.add_app_template_filter(_filter)


@pages.route("/cluster/<slug>/meetings", methods=["GET", "POST"])
@needs(Action.EDIT, Object.REGISTER)
def meetings(slug: str) -> ResponseReturnValue:
    """The meetings of a year, and a form for one more."""
    place, form = find_place(slug), MeetingForm()
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                Meetings(writing, the_actor(), the_scope(), place.cluster.id).add(form.plan)
        except MeetingRefused as refusal:
            form.refuse(refusal)
        else:
            done = "planned" if form.held_on.data > today() else "added; its register is still empty"
            flask.flash(f"The meeting of {day(form.held_on.data)} is {done}.")
            return _back(slug, form.held_on.data)
    rows = _load_rows(place)
    of_the_whole = [row for row in rows if row.kind is MeetingKind.CLUSTER]
    held = [row for row in of_the_whole if row.held_on <= today()]
    shown = page(
        "meetings.html",
        headline(len(held), len(of_the_whole) - len(held), place.cluster.rules.count("meetings_minimum")),
        place=place,
        form=form,
        besides=besides(row.kind for row in rows),
        in_school_time=share_in_school_time([row.in_school_time for row in of_the_whole]),
        planned=[row for row in rows if row.held_on > today()],
        held=[row for row in reversed(rows) if row.held_on <= today()],
        today=today(),
    )
    return shown, 422 if form.errors else 200


@pages.route(_MEETING, methods=["GET", "POST"])
@needs(Action.EDIT, Object.REGISTER)
def meeting(slug: str, meeting_id: int) -> ResponseReturnValue:
    """Move one meeting, or say more of it."""
    place = find_place(slug)
    with access.reading(the_store(), the_scope()) as reading:
        found = load_meeting_rows(reading, the_scope(), place.cluster.id, meeting_id=meeting_id)
    if not found:
        nowhere(slug)
    form = MeetingForm() if request.method == "POST" else MeetingForm.of(found[0])
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                book = Meetings(writing, the_actor(), the_scope(), place.cluster.id)
                changed = book.move(meeting_id, form.plan)
        except NotThere:  # cancelled a moment ago
            nowhere(slug)
        except MeetingRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The meeting is changed." if changed else "Nothing was changed.")
            return _back(slug, form.held_on.data)
    title = f"Change the meeting of {day(found[0].held_on)}"
    return page("meeting.html", title, place=place, form=form, row=found[0]), 422 if form.errors else 200


@pages.post(f"{_MEETING}/cancel")
@needs(Action.EDIT, Object.REGISTER)
def cancel(slug: str, meeting_id: int) -> ResponseReturnValue:
    """Take a meeting out, as long as nothing rests on it."""
    place = find_place(slug)
    try:
        with access.writing(the_store(), the_scope()) as writing:
            gone = Meetings(writing, the_actor(), the_scope(), place.cluster.id).cancel(meeting_id)
    except NotThere:
        nowhere(slug)
    except MeetingRefused as refusal:
        flask.flash(str(refusal), "error")
        return flask.redirect(flask.url_for("meetings.meeting", slug=slug, meeting_id=meeting_id), 303)
    flask.flash(f"The meeting of {day(gone.held_on)} is cancelled.")
    return _back(slug, gone.held_on)


@dataclass(frozen=True)
class Choice:
    """One row of a series: the day, what speaks against it, and whether it is ticked."""

    place: str
    day: date | None
    missing: str = ""
    clashes: tuple[str, ...] = ()
    ticked: bool = False
    seen: bool = True
    """Whether the person has seen what this day clashes with."""
    wrong: str = ""
    """What was written where a date should be."""


@pages.get("/cluster/<slug>/meetings/series")
@needs(Action.EDIT, Object.REGISTER)
def series(slug: str) -> ResponseReturnValue:
    """Ask for a series, and see its dates on the calendar before anything is stored."""
    place, form = find_place(slug), SeriesForm.asked()
    asked = "rhythm" in request.args
    if not asked or not form.validate():
        return _series_page(place, form, ()), 422 if form.errors else 200
    choices = [Choice(each.place, each.day, each.missing, ticked=True) for each in _proposals(place, form)]
    return _series_page(place, form, _looked_at(place, choices))


@pages.post("/cluster/<slug>/meetings/series")
@needs(Action.EDIT, Object.REGISTER)
def create_series(slug: str) -> ResponseReturnValue:
    """Make the meetings that are ticked, all of them or none. Dates that were changed are looked at again first."""
    place, form = find_place(slug), SeriesForm.asked()
    if "rhythm" not in request.args or not form.validate():
        return _series_page(place, form, ()), 422
    choices = _looked_at(place, _read_choices())
    ticked = [each for each in choices if each.ticked and each.day is not None]
    problem = _problem(choices)
    if problem is None:
        try:
            with access.writing(the_store(), the_scope()) as writing:
                book = Meetings(writing, the_actor(), the_scope(), place.cluster.id)
                book.add(*(form.plan_on(each.day) for each in ticked if each.day is not None))
        except MeetingRefused as refusal:
            problem = str(refusal)
        else:
            flask.flash(sentence(f"{counted(len(ticked), 'meeting is', 'meetings are')} planned."))
            return _back(slug, max(each.day for each in ticked if each.day is not None))
    return _series_page(place, form, choices, problem), 422


def _proposals(place: Place, form: SeriesForm) -> Sequence[Proposal]:
    with access.reading(the_store(), the_scope()) as reading:
        half_terms = load_half_terms(reading, the_scope(), place.cluster.id, place.year)
    return propose(form.series, place.year, half_terms)[:MOST_AT_ONCE]


def _read_choices() -> list[Choice]:
    """The rows as they come back from the page. A row that is not ticked may hold anything."""
    rows = []
    for number in range(MOST_AT_ONCE):
        text, ticked = request.form.get(f"day-{number}"), f"make-{number}" in request.form
        if text is None:
            continue
        where = request.form.get(f"place-{number}", "")[:200]
        try:
            when = date.fromisoformat(text)
        except ValueError:
            rows.append(Choice(where, None, ticked=ticked, wrong=text[:40] or "nothing"))
            continue
        rows.append(Choice(where, when, ticked=ticked, seen=request.form.get(f"seen-{number}") == text))
    return rows


def _looked_at(place: Place, choices: Sequence[Choice]) -> list[Choice]:
    """The rows with what speaks against each day. What nobody has seen yet is not ticked."""
    known = _known(place, [each.day for each in choices if each.day is not None])
    rows = []
    for each in choices:
        found = tuple(clashes(each.day, known)) if each.day is not None else ()
        agreed = each.seen and request.method == "POST"
        ticked = each.ticked and (agreed or not found)
        unseen = each.ticked and not ticked and not each.seen
        rows.append(Choice(each.place, each.day, each.missing, found, ticked, not unseen, each.wrong))
    return rows


def _problem(choices: Sequence[Choice]) -> str | None:
    """Why the rows cannot be made meetings as they are."""
    for each in choices:
        if each.ticked and each.wrong:
            return f"“{each.wrong}” is not a date; write it like 2027-03-12."
    unseen = [each.day for each in choices if not each.seen and each.day is not None]
    if unseen:
        return f"Nothing is stored yet: {day(unseen[0])} clashes. Tick it if it is meant, or change it again."
    days = [each.day for each in choices if each.ticked and each.day is not None]
    if not days:
        return "Tick at least one date."
    twice = next((one for one in days if days.count(one) > 1), None)
    return f"{day(twice)} is there twice." if twice else None


def _known(place: Place, days: Sequence[date]) -> Known:
    cluster_id = place.cluster.id
    own: defaultdict[date, list[str]] = defaultdict(list)
    with access.reading(the_store(), the_scope()) as reading:
        years = {place.year, *(AcademicYear.of(each) for each in days if 1990 <= each.year < 2100)}
        half_terms: list[HalfTerm] = []
        periods = []
        for year in sorted(years):
            half_terms += load_half_terms(reading, the_scope(), cluster_id, year)
            periods += load_periods(reading, the_scope(), cluster_id, year)
            for row in load_meeting_rows(reading, the_scope(), cluster_id, year=year):
                own[row.held_on].append(name_meeting(row.kind, row.title))
    # The other clusters of its schools are not the reader's to see: what comes back is a number.
    with access.reading(the_store(), EVERYTHING) as reading:
        busy = load_busy_days(reading, the_scope(), cluster_id, days)
    holidays = england(*{each.year for each in days})
    return Known(half_terms, holidays, periods, own, busy, today())


def _series_page(place: Place, form: SeriesForm, choices: Sequence[Choice], problem: str | None = None) -> str:
    with access.reading(the_store(), the_scope()) as reading:
        half_terms = load_half_terms(reading, the_scope(), place.cluster.id, place.year)
    title = "Plan a series of meetings"
    if choices:
        ticked, dates = sum(each.ticked for each in choices), sum(each.day is not None for each in choices)
        title = sentence(f"{counted(dates, 'date')} proposed, {in_words(ticked) if ticked else 'none'} ticked")
    return page(
        "meetings_series.html", title, place=place, form=form, choices=choices, problem=problem,
        assumed=any(each.assumed for each in half_terms), kinds=KINDS,
    )  # fmt: skip


def _load_rows(place: Place) -> list[MeetingRow]:
    with access.reading(the_store(), the_scope()) as reading:
        return load_meeting_rows(reading, the_scope(), place.cluster.id, year=place.year)


def _back(slug: str, on: date) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("meetings.meetings", slug=slug, year=str(AcademicYear.of(on))), 303)
