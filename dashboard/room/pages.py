"""What the screen's own script asks: whether anything changed, the form of a note, and to keep one."""

from collections.abc import Mapping, Sequence
from datetime import date

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import IntegrityError

from dashboard import access
from dashboard.access import Action, Object, Scope, scope_for
from dashboard.db import Session
from dashboard.decisions.commands import DecisionBook, DecisionRefused, NoSuchDecision
from dashboard.decisions.queries import load_days_of_notes, load_decisions
from dashboard.decisions.words import KINDS, OWNERS, About
from dashboard.directory.queries import ClusterFacts, find_cluster
from dashboard.directory.view import View, view_cluster
from dashboard.paper.minutes import minutes_paper
from dashboard.paper.word import MEDIA_TYPE, as_document
from dashboard.room.agenda import load_all_figures, load_figures
from dashboard.room.forms import NoteForm
from dashboard.room.minutes import load_minutes
from dashboard.room.queries import find_version
from dashboard.shown_figures import ShownFigure
from dashboard.web.asked import named_year
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.downloads import send_file

room_pages = Blueprint("room", __name__, template_folder="templates")


@room_pages.get("/screen/<slug>/pulse")
@needs(Action.SEE, Object.SCREEN)
def pulse(slug: str) -> ResponseReturnValue:
    """A word that changes with what the screen shows, and the day. Asked by every screen every few seconds."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_cluster(reading, the_scope(), slug) if slug.isprintable() else None
        version = find_version(reading, the_scope(), cluster.id) if cluster else None
    if version is None:
        not_there("see", Object.SCREEN, slug)
    return flask.jsonify(version=version, day=date.today().isoformat())


@room_pages.get("/screen/<slug>/notes")
@needs(Action.EDIT, Object.DECISIONS)
def notes(slug: str) -> ResponseReturnValue:
    """The form of a note with the figures that would be kept with it, and today's notes: a piece of a page."""
    view, cluster = _look(slug)
    today = date.today()
    with access.reading(the_store(), the_scope()) as reading:
        todays = [each for each in load_decisions(reading, the_scope(), cluster.id) if each.decided_on == today]
    return flask.render_template(
        "room/notes.html", form=NoteForm(formdata=None), slug=slug, figures=_figures_by_panel(view), todays=todays,
        owners=OWNERS, kinds=KINDS, today=today,
    )  # fmt: skip


@room_pages.post("/screen/<slug>/notes")
@needs(Action.EDIT, Object.DECISIONS)
def note(slug: str) -> ResponseReturnValue:
    """Keep a note with the figures of its panel as they stand at this moment. Sent twice, it is kept once."""
    (view, cluster), form = _look(slug), NoteForm()
    if not form.validate_on_submit():
        field, sentence = form.first_problem()
        return flask.jsonify(field=field, sentence=sentence), 422
    try:
        number = _keep(view, cluster.id, form)
    except NoSuchDecision:
        not_there("edit", Object.DECISIONS, slug)
    except DecisionRefused as refusal:
        return flask.jsonify(field=refusal.field, sentence=str(refusal)), 422
    return flask.jsonify(id=number), 201


def _keep(view: View, cluster_id: int, form: NoteForm) -> int:
    about = About(form.about.data)
    with access.reading(the_store(), _shown_scope()) as reading:
        figures = load_figures(reading, view, about)
    try:
        return _write(view, cluster_id, form, about, figures)
    except IntegrityError:  # the same note came by two ways at once: the other one is kept by now
        return _write(view, cluster_id, form, about, figures)


def _write(view: View, cluster_id: int, form: NoteForm, about: About, figures: Sequence[ShownFigure]) -> int:
    today = date.today()
    with access.writing(the_store(), the_scope()) as writing:
        return DecisionBook(writing, the_actor(), the_scope(), today).note(
            cluster_id, form.said(today), about=about, year=view.year, figures=figures, sent_as=form.sent_as.data
        )


def _shown_scope() -> Scope:
    """What the reader may see on the screen: the figures of a note come from there, and from nowhere else."""
    return scope_for(the_reader(), Action.SEE, Object.SCREEN)


def _look(slug: str) -> tuple[View, ClusterFacts]:
    """The screen's view of a cluster in the year that the address asks for; nothing there for who may note nothing."""
    with access.reading(the_store(), the_scope()) as reading:
        noted = find_cluster(reading, the_scope(), slug) if slug.isprintable() else None
    with access.reading(the_store(), _shown_scope()) as reading:
        view = (
            view_cluster(reading, _shown_scope(), slug, year=named_year(request.values), as_of=date.today())
            if noted
            else None
        )
    if view is None or view.cluster is None or not view.cluster.whole:
        not_there("edit", Object.DECISIONS, slug)
    return view, view.cluster


def _figures_by_panel(view: View) -> Mapping[About, Sequence[ShownFigure]]:
    with access.reading(the_store(), _shown_scope()) as reading:
        return load_all_figures(reading, view)


@room_pages.get("/cluster/<slug>/minutes.docx")
@needs(Action.SEE, Object.DECISIONS)
def minutes(slug: str) -> ResponseReturnValue:
    """The minutes of the day that the address names (`on`), else of the last on which something was noted.

    The name of the file says so where something in it is made up.
    """
    seen = _shown_scope()
    with access.reading(the_store(), the_scope() | seen) as reading:
        cluster = find_cluster(reading, the_scope(), slug) if slug.isprintable() else None
        if cluster is None or not cluster.whole:
            not_there("see", Object.DECISIONS, slug)
        on = _asked_day() if "on" in request.args else _last_day(reading, cluster.id)
        told = load_minutes(reading, seen, the_scope(), cluster, on) if on else None
    if told is None:
        flask.abort(404)
    made_up = "-illustrative" if told.illustrative else ""
    name = f"minutes-{slug}-{told.on.isoformat()}{made_up}.docx"
    return send_file(as_document(minutes_paper(told)), MEDIA_TYPE, name)


def _asked_day() -> date | None:
    try:
        return date.fromisoformat(request.args["on"])
    except ValueError:
        return None


def _last_day(reading: Session, cluster_id: int) -> date | None:
    days = load_days_of_notes(reading, the_scope(), cluster_id, most=1)
    return days[0] if days else None
