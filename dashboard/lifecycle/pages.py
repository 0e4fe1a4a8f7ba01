"""`/cluster/SLUG/events`: what happened in a cluster, newest first, and the forms that record it (R.5)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object, Scope, scope_for
from dashboard.changes import Outcome
from dashboard.directory.lifecycle import CORRECTED_IN_PLACE, EventRefused
from dashboard.directory.queries import find_whole_cluster
from dashboard.lifecycle.commands import EventBook, NotThere, Said
from dashboard.lifecycle.forms import CorrectForm, EventForm, ReasonForm, RemoveForm, ReturnForm, ReviewForm
from dashboard.lifecycle.queries import (
    ColleagueRow,
    ContextRow,
    EventRow,
    SchoolRow,
    find_newcomer,
    load_colleagues,
    load_context_rows,
    load_events,
    load_reasons,
    load_schools,
)
from dashboard.lifecycle.telling import Telling
from dashboard.lifecycle.words import FORMS, dates_of, headline, is_overdue, review_of, words_of
from dashboard.vocabulary import AWAY_EVENTS, EventKind
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import day

pages = Blueprint("lifecycle", __name__, template_folder="templates")

_RECORDED: Final = "Recorded."
_STANDS: Final = "This is on record already. Nothing was changed."


@dataclass(frozen=True)
class Shown:
    """One event as it stands on the timeline."""

    on: date
    words: str
    dates: str
    review: str | None
    overdue: bool
    illustrative: bool
    reason: str | None
    """For the director alone; of others nobody asks."""
    event_id: int | None
    context_id: int | None


@dataclass(frozen=True)
class Place:
    """A cluster with all that its page shows."""

    id: int
    slug: str
    name: str
    events: list[EventRow]
    context: list[ContextRow]
    schools: list[SchoolRow]
    colleagues: list[ColleagueRow]
    reasons: dict[int, str]
    sees_reasons: bool

    def event(self, event_id: int | None) -> EventRow | None:
        """An event of the cluster."""
        return next((each for each in self.events if each.id == event_id), None)


@pages.get("/cluster/<slug>/events")
@needs(Action.EDIT, Object.LIFECYCLE)
def events(slug: str) -> ResponseReturnValue:
    """What happened; with `?new=` the form for one thing, with `?event=` what can be done about one event."""
    return _show(_place(slug))


@pages.post("/cluster/<slug>/events")
@needs(Action.EDIT, Object.LIFECYCLE)
def record(slug: str) -> ResponseReturnValue:
    """Write down what happened."""
    place, telling = _place(slug), _telling()
    if telling is None:
        flask.abort(400, "Choose first what happened.")
    form = EventForm.asking(telling, place.schools, None)
    if not form.validate_on_submit():
        return _show(place, form=form), 422
    try:
        said = _said(place, form)
        with access.writing(the_store(), the_scope()) as writing:
            book = EventBook(writing, the_actor(), the_scope(), place.id, date.today())
            outcome = book.record(telling, said).outcome
    except EventRefused as refusal:
        form.refuse(refusal)
        return _show(place, form=form), 422
    except NotThere:
        _not_there(slug)
    flask.flash(_STANDS if outcome is Outcome.UNCHANGED else _RECORDED)
    return _back(slug)


@pages.post("/cluster/<slug>/events/<int(max=2147483647):event_id>/<any(review, return, correct, reason, remove):what>")
@needs(Action.EDIT, Object.LIFECYCLE)
def change(slug: str, event_id: int, what: str) -> ResponseReturnValue:
    """Do something about one event."""
    place = _place(slug)
    event = place.event(event_id)
    if event is None or (what == "reason" and not place.sees_reasons):
        _not_there(slug)
    form, write, done = _doing(place, event, what)
    if not form.validate_on_submit():
        return _show(place, event=event, form=form, what=what), 422
    try:
        with access.writing(the_store(), the_scope()) as writing:
            outcome = write(EventBook(writing, the_actor(), the_scope(), place.id, date.today()))
    except EventRefused as refusal:
        form.refuse(refusal)
        return _show(place, event=event, form=form, what=what), 422
    except NotThere:
        _not_there(slug)
    flask.flash("Nothing was changed." if outcome is Outcome.UNCHANGED else done)
    return _back(slug)


@pages.post("/cluster/<slug>/events/context/<int(max=2147483647):context_id>/remove")
@needs(Action.EDIT, Object.LIFECYCLE)
def remove_context(slug: str, context_id: int) -> ResponseReturnValue:
    """Remove a context event."""
    place = _place(slug)
    try:
        with access.writing(the_store(), the_scope()) as writing:
            EventBook(writing, the_actor(), the_scope(), place.id, date.today()).take_back_context(context_id)
    except NotThere:
        _not_there(slug)
    flask.flash("Removed.")
    return _back(slug)


def _place(slug: str) -> Place:
    """The cluster at an address, if its events are the reader's to record; else the same answer as for none."""
    reasons_of = scope_for(the_reader(), Action.SEE, Object.REASONS)
    with access.reading(the_store(), the_scope()) as reading:
        found = find_whole_cluster(reading, the_scope(), slug)
        if found is not None:
            number, scope = found.id, the_scope()
            rows = load_events(reading, scope, number), load_context_rows(reading, scope, number)
            people = load_schools(reading, scope, date.today(), number), load_colleagues(reading, scope, number)
    if found is None:
        _not_there(slug)
    reasons, sees = _reasons(reasons_of, slug, number)
    return Place(number, slug, found.name, *rows, *people, reasons, sees)


def _reasons(scope: Scope, slug: str, number: int) -> tuple[dict[int, str], bool]:
    """The reasons by event, for those who may read them here, and whether the reader is one of those."""
    if scope.empty:
        return {}, False
    with access.reading(the_store(), scope) as reading:
        sees = find_whole_cluster(reading, scope, slug) is not None
        found = load_reasons(reading, scope, number)
    return {each.event_id: each.reason for each in found}, sees


def _not_there(slug: str) -> NoReturn:
    not_there("edit", "lifecycle", slug)


def _back(slug: str) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("lifecycle.events", slug=slug, school=request.args.get("school")), 303)


def _telling() -> Telling | None:
    try:
        return Telling(request.args.get("new", ""))
    except ValueError:
        return None


def _said(place: Place, form: EventForm) -> Said:
    on = form.said_day("date")
    if on is None:
        raise EventRefused("date", "enter a date")
    schools = {each.school: each.school_id for each in place.schools}
    newcomer = _newcomer(form.said_text("newcomer"))
    chosen = schools.get(form.said_text("school") or "")
    return Said(
        on,
        newcomer if "school" not in form else chosen,
        form.said_day("until"),
        form.said_day("review"),
        person=form.said_text("person"),
        successor=form.said_text("replaced_by"),
        newcomer_id=newcomer if "school" in form else None,
        reason=form.said_text("reason"),
        words=form.said_text("words"),
    )


def _newcomer(written: str | None) -> int | None:
    """The one school in sight that goes by what somebody wrote."""
    if written is None:
        return None
    with access.reading(the_store(), the_scope()) as reading:
        found = find_newcomer(reading, the_scope(), written)
    if not found:
        raise EventRefused(
            "newcomer",
            f"no school “{written}” is among those that you see; a school that is new here comes in with a list of "
            "schools, or is recorded by whoever sees its other cluster",
        )
    if len(found) > 1:
        raise EventRefused("newcomer", f"{len(found)} schools are called “{written}”; give the URN of the one you mean")
    return found[0][0]


_Write = Callable[[EventBook], Outcome]


def _doing(place: Place, event: EventRow, what: str) -> tuple[Any, _Write, str]:
    """The form of an action, what it writes, and what is said when it is done."""
    form: Any = _forms_of(place, event).get(what) or _not_there(place.slug)
    number = event.id

    def review(book: EventBook) -> Outcome:
        return book.review(number, form.date.data, form.review.data)

    def come_back(book: EventBook) -> Outcome:
        return book.come_back(number, form.until.data)

    def correct(book: EventBook) -> Outcome:
        days = [form.said_day(name) for name in ("until", "review", "reviewed")]
        return book.correct(number, form.date.data, *days)

    def set_reason(book: EventBook) -> Outcome:
        return book.set_reason(
            number, scope_for(the_reader(), Action.SEE, Object.REASONS), form.reason.data or None
        )  # fmt: skip

    def remove(book: EventBook) -> Outcome:
        book.take_back(number)
        return Outcome.CHANGED

    writes: dict[str, _Write] = {
        "review": review, "return": come_back, "correct": correct, "reason": set_reason, "remove": remove,
    }  # fmt: skip
    return form, writes[what], "Removed." if what == "remove" else "Stored."


def _forms_of(place: Place, event: EventRow) -> dict[str, Any]:
    """What can be done about an event, each with its form."""
    forms: dict[str, Any] = {}
    for_good = event.kind is EventKind.CLOSED and event.ends_on is None
    if event.kind is EventKind.SABBATICAL:
        forms["review"] = ReviewForm()
    if event.kind in AWAY_EVENTS and not for_good:
        forms["return"] = ReturnForm()
    if event.kind in CORRECTED_IN_PLACE:
        forms["correct"] = CorrectForm.of(
            lasts=event.kind in AWAY_EVENTS and not for_good, is_reviewed=event.kind is EventKind.SABBATICAL,
            date=event.happened_on, until=event.ends_on, review=event.review_on, reviewed=event.reviewed_on,
        )  # fmt: skip
    if place.sees_reasons:
        forms["reason"] = ReasonForm(reason=place.reasons.get(event.id))
    forms["remove"] = RemoveForm()
    for name, form in forms.items():
        for field in form:
            field.id = f"{name}-{field.name}"  # several forms of one page ask for a date
            field.label.field_id = field.id
    return forms


def _show(
    place: Place, *, form: EventForm | None = None, event: EventRow | None = None, what: str | None = None
) -> str:  # fmt: skip
    today, chosen = date.today(), request.args.get("school")
    school = next((each for each in place.schools if each.school == chosen), None)
    telling = _telling() if what is None and event is None else None
    if telling is not None and form is None:
        form = EventForm.asking(telling, place.schools, school.school if school else None)
    event = event or place.event(request.args.get("event", type=int))
    forms = _forms_of(place, event) if event is not None else {}
    if what is not None and form is not None:
        forms[what] = form
    return page(
        "lifecycle.html", headline(place.name, place.events, today, context=bool(place.context)), place=place,
        school=school,
        rows=_timeline(place, school, today), tellings=FORMS, telling=telling, asked=FORMS.get(telling),  # type: ignore[arg-type]
        form=form if telling is not None else None, event=_shown(place, event, today) if event else None, forms=forms,
        wrong=forms.get(what) if what else None,
    )  # fmt: skip


def _timeline(place: Place, school: SchoolRow | None, today: date) -> list[Shown]:
    """Events and what happened outside, newest first; of one school its own alone."""
    rows = [_shown(place, each, today) for each in place.events if school is None or each.school_id == school.school_id]
    if school is None:
        rows += [
            Shown(each.happened_on, each.words, day(each.happened_on), None, False, each.illustrative, None, None,
                  each.id)
            for each in place.context
        ]  # fmt: skip
    return sorted(rows, key=lambda each: each.on, reverse=True)


def _shown(place: Place, row: EventRow, today: date) -> Shown:
    return Shown(
        row.happened_on, words_of(row), dates_of(row), review_of(row, today), is_overdue(row, today), row.illustrative,
        place.reasons.get(row.id), row.id, None,
    )  # fmt: skip
