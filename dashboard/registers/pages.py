"""The pages on which a register is taken: the list to start from, the register, and what its script asks for.

A tap is sent by the script as soon as it is made (`assets/register.js`). Without a script the page is one form, whose
button sends all marks at once under the same rule.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from typing import Any, Final

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object
from dashboard.db import now_utc
from dashboard.marks import SYMBOLS, WORDS, name_meeting
from dashboard.registers.commands import (
    FORGOTTEN_AFTER,
    LONGEST_NAME,
    LONGEST_NOTE,
    NoSuchRegister,
    NotTaken,
    StandsOtherwise,
    Taking,
    note_open,
)
from dashboard.registers.forms import (
    AboutForm,
    Malformed,
    Tap,
    read_details,
    read_mark,
    read_page,
    read_taps,
    write_details,
)
from dashboard.registers.queries import MOST, RegisterRow, Sheet, State, find_sheet, find_state, load_registers
from dashboard.registers.words import OFFERED, TICKS, say_away, say_roles, say_time
from dashboard.vocabulary import Mark
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid, counted, day, sentence

SHOWN: Final = timedelta(days=60)
"""How far back meetings are listed. Older registers open by their address all the same."""
_ID: Final = "<int(max=2147483647):meeting_id>"

pages = Blueprint("registers", __name__, template_folder="templates")


@pages.get("/registers")
@needs(Action.EDIT, Object.REGISTER)
def registers() -> ResponseReturnValue:
    """The meetings of the last weeks and today, to take the register of one."""
    today = date.today()
    with access.reading(the_store(), the_scope()) as reading:
        rows = load_registers(reading, the_scope(), today - SHOWN, today)
    return page(
        "registers.html", headline(rows, today), rows=rows, today=today, days=SHOWN.days, most=MOST,
        name_meeting=name_meeting, clusters=len({row.cluster_id for row in rows}),
    )  # fmt: skip


@pages.get(f"/register/{_ID}")
@needs(Action.EDIT, Object.REGISTER)
def register(meeting_id: int) -> ResponseReturnValue:
    """One register."""
    return _register_page(meeting_id)


@pages.post(f"/register/{_ID}")
@needs(Action.EDIT, Object.REGISTER)
def save(meeting_id: int) -> ResponseReturnValue:
    """All marks of the page at once, for browsers without scripts. What stands otherwise is told and left alone."""
    differing = []
    try:
        with _told(meeting_id), access.writing(the_store(), the_scope()) as writing:
            taking = Taking(writing, the_actor(), the_scope(), meeting_id, date.today())
            for key, tap in read_taps(request.form):
                try:
                    with writing.begin_nested():  # of a tap that is refused half-way nothing stays
                        _write(taking, tap)
                except (StandsOtherwise, NotTaken):  # or it went on sabbatical while the page was open
                    differing.append((key, tap.mark))
    except NotTaken:
        return _back(meeting_id)  # which says when the register opens
    if differing:
        return _register_page(meeting_id, differing=differing)
    flask.flash("The register is saved.")
    return _back(meeting_id)


@pages.post(f"/register/{_ID}/mark")
@needs(Action.EDIT, Object.REGISTER)
def mark(meeting_id: int) -> ResponseReturnValue:
    """One tap. Answers with what stands in the register then: 409 where it was something else than the page believed,
    422 with the reason where the tap is not taken.
    """
    conflict = False
    word = ""
    with _told(meeting_id):
        try:
            with access.writing(the_store(), the_scope()) as writing:
                taking = Taking(writing, the_actor(), the_scope(), meeting_id, date.today())
                tap = Tap.read(request.get_json(silent=True))
                word = tap.page
                _write(taking, tap)
        except StandsOtherwise:
            conflict = True
        except NotTaken as refusal:
            return flask.jsonify(problem=str(refusal)), 422
        return flask.jsonify(_state(meeting_id, word)), 409 if conflict else 200


@pages.get(f"/register/{_ID}/state")
@needs(Action.EDIT, Object.REGISTER)
def state(meeting_id: int) -> ResponseReturnValue:
    """What stands in the register now, and on how many other pages it is open."""
    with _told(meeting_id):
        return flask.jsonify(_state(meeting_id, request.args.get("page", "")))


@pages.post(f"/register/{_ID}/here")
@needs(Action.EDIT, Object.REGISTER)
def here(meeting_id: int) -> ResponseReturnValue:
    """A page says that it is still open, or that it is being left."""
    body = request.get_json(silent=True)
    said = body if isinstance(body, dict) else {}
    with _told(meeting_id), access.writing(the_store(), the_scope()) as writing:
        note_open(
            writing, the_scope(), meeting_id, read_page(said.get("page")), the_reader().account_id, now_utc(),
            leaves=bool(said.get("leaves")),
        )  # fmt: skip
    return "", 204


@pages.post(f"/register/{_ID}/note")
@needs(Action.EDIT, Object.REGISTER)
def note(meeting_id: int) -> ResponseReturnValue:
    """A note beside the mark of a school."""
    said = "The note is stored."

    def write(taking: Taking, school_id: int) -> None:
        taking.note_school(school_id, request.form.get("note"), request.form.get("was"))

    return _for_school(meeting_id, write, said)


@pages.post(f"/register/{_ID}/colleague")
@needs(Action.EDIT, Object.REGISTER)
def colleague(meeting_id: int) -> ResponseReturnValue:
    """Somebody who came and was not asked for."""
    substitute = request.form.get("came_as") == "substitute"

    def write(taking: Taking, school_id: int) -> None:
        was = read_mark(request.form.get("school_was"))
        taking.add_colleague(school_id, request.form.get("name", ""), substitute=substitute, school_was=was)

    return _for_school(meeting_id, write, "The colleague is in the register.")


@pages.post(f"/register/{_ID}/about")
@needs(Action.EDIT, Object.REGISTER)
def about(meeting_id: int) -> ResponseReturnValue:
    """When the meeting was, and what else is known of it."""
    with _told(meeting_id), access.reading(the_store(), the_scope()) as reading:
        if find_sheet(reading, the_scope(), meeting_id) is None:
            raise NoSuchRegister
    form = AboutForm()
    if not form.validate_on_submit():
        return _register_page(meeting_id, form=form)
    try:
        with _told(meeting_id), access.writing(the_store(), the_scope()) as writing:
            taking = Taking(writing, the_actor(), the_scope(), meeting_id, date.today())
            taking.describe(form.wanted, read_details(request.form.get("was", "")))
    except NotTaken as refusal:
        flask.flash(str(refusal), "error")
        return _register_page(meeting_id, form=form)
    except StandsOtherwise:
        text = "Somebody else changed this a moment ago. It stands as they left it; look and change it again."
        flask.flash(text, "error")
        return _back(meeting_id, "#about")
    flask.flash("What you said of the meeting is stored.")
    return _back(meeting_id)


def headline(rows: Sequence[RegisterRow], today: date) -> str:
    """What is still to be done."""
    of_today = [row for row in rows if row.held_on == today and row.marked < row.expected]
    missing = sum(row.marked < row.expected for row in rows)
    if of_today:
        return f"Today: {counted(len(of_today), 'register')} to take"
    if missing:
        return sentence(f"{counted(missing, 'register')} {'is' if missing == 1 else 'are'} not complete")
    return "Every register is complete" if rows else "No register to take"


@contextmanager
def _told(meeting_id: int) -> Iterator[None]:
    """What is not the reader's answers as what is not there, and is written down; what no page of ours sends, 422."""
    try:
        yield
    except NoSuchRegister:
        not_there("edit", "register", f"meeting {meeting_id}")
    except Malformed:
        flask.abort(flask.make_response(flask.jsonify(problem="This is no tap of a register."), 422))


def _write(taking: Taking, tap: Tap) -> None:
    if tap.person_id is None:
        taking.mark_school(tap.school_id, tap.mark, tap.was)
    else:
        taking.mark_person(tap.school_id, tap.person_id, tap.mark, tap.was, tap.school_was)


def _for_school(meeting_id: int, write: Callable[[Taking, int], None], said: str) -> ResponseReturnValue:
    """A form about one school of the register, and back to that school."""
    with _told(meeting_id):
        text, kind = said, "message"
        number = request.form.get("school_id", "")
        school_id = int(number) if re.fullmatch("[0-9]{1,9}", number) else 0
        try:
            with access.writing(the_store(), the_scope()) as writing:
                write(Taking(writing, the_actor(), the_scope(), meeting_id, date.today()), school_id)
        except NotTaken as refusal:
            text, kind = str(refusal), "error"
        except StandsOtherwise:
            text = "Somebody else changed this school a moment ago, so nothing was stored. Look at it and try again."
            kind = "error"
    flask.flash(text, kind)
    return _back(meeting_id, f"?open={school_id}#school-{school_id}")


def _register_page(
    meeting_id: int,
    *,
    form: AboutForm | None = None,
    differing: Sequence[tuple[str, Mark | None]] = (),
) -> ResponseReturnValue:
    with _told(meeting_id), access.reading(the_store(), the_scope()) as reading:
        sheet = find_sheet(reading, the_scope(), meeting_id)
        if sheet is None:
            raise NoSuchRegister
    title = f"Register of {amid(sheet.cluster_name)}, {day(sheet.held_on)}"
    if sheet.held_on > date.today():
        text = f"This register opens on {day(sheet.held_on)}, the day of the meeting. Come back then."
        return page("message.html", title, text=text, href="/registers", link="Go to the registers")
    shown = page(
        "register.html", title, sheet=sheet, form=form or AboutForm.of(sheet), details=write_details(sheet),
        stands=_stands_on(sheet), differing=[*_say_differing(sheet, differing)], offered=OFFERED, ticks=TICKS,
        symbols=SYMBOLS, words=WORDS, marks=Mark, name_meeting=name_meeting, say_time=say_time, say_away=say_away,
        say_roles=say_roles, longest_note=LONGEST_NOTE, longest_name=LONGEST_NAME,
        opened=request.args.get("open", type=int), account_id=the_reader().account_id or 0,
    )  # fmt: skip
    return shown, 409 if differing else 422 if form else 200


def _say_differing(sheet: Sheet, differing: Sequence[tuple[str, Mark | None]]) -> Iterator[str]:
    """A sentence for each mark of a form that stands otherwise by now."""
    schools = {school.school_id: school for school in sheet.schools}
    for key, wanted in differing:
        number, _, person = key[1:].partition("-")
        school = schools.get(int(number))
        if school is None:
            yield "A school of this register is not expected any more."
            continue
        chosen = WORDS[wanted or Mark.NOT_RECORDED]
        who = next((each.name for each in school.people if str(each.person_id) == person), None)
        stands = WORDS[school.mark or Mark.NOT_RECORDED]
        of_whom = f" for {who}" if who else ""
        yield f"{school.name} was set to {stands} by somebody else; you had chosen {chosen}{of_whom}."


def _stands_on(sheet: Sheet) -> dict[str, str]:
    schools = {school.school_id: school.mark for school in sheet.schools if school.mark}
    people = {
        (school.school_id, person.person_id): person.mark
        for school in sheet.schools
        for person in school.people
        if person.mark
    }
    return _by_key(State(sheet.meeting_id, schools, people, 0, 0))


def _state(meeting_id: int, word: str) -> dict[str, Any]:
    with access.reading(the_store(), the_scope()) as reading:
        found = find_state(reading, the_scope(), meeting_id, word, now_utc() - FORGOTTEN_AFTER)
    if found is None:
        raise NoSuchRegister
    return {"stands": _by_key(found), "others": found.others, "own": found.own}


def _by_key(found: State) -> dict[str, str]:
    """Marks by the keys of the page: "s5" is a school, "p5-7" a person of it."""
    return {
        **{f"s{school_id}": mark.value for school_id, mark in found.schools.items()},
        **{f"p{school_id}-{person_id}": mark.value for (school_id, person_id), mark in found.people.items()},
    }


def _back(meeting_id: int, more: str = "") -> ResponseReturnValue:
    return flask.redirect(f"{flask.url_for('registers.register', meeting_id=meeting_id)}{more}", 303)
