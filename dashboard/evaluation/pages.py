"""`/cluster/SLUG/evaluation`: how schools see themselves and what they share, and how working together goes."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, scope_for
from dashboard.changes import Outcome
from dashboard.db import Session
from dashboard.directory.queries import ClusterFacts, find_cluster, find_whole_cluster
from dashboard.evaluation import sentences, words
from dashboard.evaluation.checks import MOST_AREAS, ChangedMeanwhile, EvaluationRefused, NotThere, seen_as, sign_of_note
from dashboard.evaluation.commands import EvaluationBook, NoteBook
from dashboard.evaluation.forms import (
    NEW_AREAS,
    AnswersForm,
    EmptyForm,
    EvaluationForm,
    NoteForm,
    make_answers_form,
)
from dashboard.evaluation.overlap import AreaOverlap, Recurring, find_overlaps, find_recurring
from dashboard.evaluation.queries import (
    Answered,
    NoteRow,
    load_answered,
    load_answers,
    load_area_sums,
    load_areas,
    load_evaluation_years,
    load_notes,
    load_project_choices,
    load_schools,
    load_tags,
)
from dashboard.naming import short_names
from dashboard.vocabulary import NoteKind, SelfAnswer
from dashboard.web.asked import named_year
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid, counted, in_words, sentence

pages = Blueprint("evaluation", __name__, template_folder="templates")

_AT: Final = "/cluster/<slug>/evaluation"
_NOTE: Final = f"{_AT}/notes/<int(max=2147483647):note_id>"
_YEARS_BACK: Final = 15
"""A note may be about so many years back."""


@pages.get(_AT)
@needs(Action.SEE, Object.EVALUATION)
def show(slug: str) -> ResponseReturnValue:
    """The answers of a year and what is shared; to a headteacher the own answers, and numbers of all."""
    today, scope = date.today(), the_scope()
    with access.reading(the_store(), scope) as reading:
        cluster = find_cluster(reading, scope, slug)
        if cluster is None:
            _not_there("see", slug)
        years = load_evaluation_years(reading, scope, cluster.id)
        year = _year(years[0] if years else AcademicYear.of(today))
        schools = load_schools(reading, scope, cluster.id, year)
        answers = load_answers(reading, scope, cluster.id, year)
        sums = load_area_sums(reading, scope, cluster.id, year)
        answered = load_answered(reading, scope, cluster.id, year)
        tags, notes = load_tags(reading, scope, cluster.id), load_notes(reading, scope, cluster.id)
    overlaps = find_overlaps(answers) if cluster.whole else []
    told_in = sorted({each.year for each in tags})
    barriers, positives = (find_recurring(tags, notes, kind) for kind in (NoteKind.BARRIER, NoteKind.POSITIVE))
    edits = scope_for(the_reader(), Action.EDIT, Object.EVALUATION)
    return page(
        "evaluation/show.html",
        f"How schools of {amid(cluster.name)} see themselves",
        cluster=cluster, year=year, years=sorted({*years, year}, reverse=True), schools=schools,
        short=short_names([each.school_name for each in schools]), overlaps=overlaps, answers=answers,
        sums={each.area: each for each in sums}, headlines=_headlines(cluster, answered, overlaps),
        recurs=_recurs(barriers, len(told_in)),
        recurring=[(NoteKind.BARRIER, barriers), (NoteKind.POSITIVE, positives)], told_in=told_in,
        most=_most([*barriers, *positives]), answered_of=_answered_of(answers), say=sentences, words=words,
        may_edit=edits.holds(cluster.id, cluster.programme_id), belongs=bool(answered), may_answer=not edits.empty,
        made_up=any(each.illustrative for each in sums), notes_made_up=any(each.illustrative for each in tags),
        year_of=AcademicYear, Answer=SelfAnswer, counted=counted, in_words=in_words, sentence=sentence,
    )  # fmt: skip


@pages.route(f"{_AT}/schools/<school>", methods=["GET", "POST"])
@needs(Action.EDIT, Object.EVALUATION)
def answer(slug: str, school: str) -> ResponseReturnValue:
    """What a school says of itself: for its headteacher, and for whoever runs the cluster."""
    scope, today = the_scope(), date.today()
    year = _year(AcademicYear.of(today))
    with access.reading(the_store(), scope) as reading:
        cluster = find_cluster(reading, scope, slug)
        found = (
            [each for each in load_schools(reading, scope, cluster.id, year) if each.school == school]
            if cluster
            else []
        )
        if cluster is None or not found or year > AcademicYear.of(today):
            _not_there("edit", slug)
        mine = {
            each.area: each
            for each in load_answers(reading, scope, cluster.id, year)
            if each.school_id == found[0].school_id
        }
        areas = _areas([each.area for each in load_areas(reading, scope, cluster.id)], list(mine))
    sent = sum(name.startswith("area_") for name in request.form)
    form = make_answers_form(sent if request.method == "POST" else len(areas) + NEW_AREAS)
    seen = seen_as((each.area, each.answer, each.note) for each in mine.values())
    form.show(areas, mine, seen)
    if form.validate_on_submit():
        outcome = _store_answers(form, slug, school, year, seen)
        if outcome is not None:
            flask.flash("Nothing was changed." if outcome is Outcome.UNCHANGED else "The answers are stored.")
            return flask.redirect(flask.url_for("evaluation.show", slug=slug, year=str(year)), 303)
    shown = page(
        "evaluation/answers.html", f"How {amid(found[0].school_name)} sees itself, {year}", form=form, cluster=cluster,
        school=school, year=year, known=set(areas), whole=cluster.whole, stored=list(mine.values()), words=words,
    )  # fmt: skip
    return shown, 422 if form.errors else 200


def _areas(known: list[str], own: list[str]) -> list[str]:
    """The areas to propose, by name. Where they are too many for a form, those of the school itself are all there."""
    proposed = [*own, *(area for area in known if area not in own)]
    return sorted(proposed[: max(MOST_AREAS, len(own))], key=str.casefold)


def _store_answers(form: AnswersForm, slug: str, school: str, year: AcademicYear, now: str) -> Outcome | None:
    """Store what was sent; None when it was refused, and the form says why. `now` is the sign of the answers that are
    shown beside it then.
    """
    try:
        with access.writing(the_store(), the_scope()) as writing:
            book = EvaluationBook(writing, the_actor(), the_scope(), date.today())
            return book.answer(slug, school, year, form.said(), form.seen.data or "")
    except NotThere:
        _not_there("edit", slug)
    except ChangedMeanwhile as refusal:
        form.refuse(refusal)
        form.seen.data = now
    except EvaluationRefused as refusal:
        form.refuse(refusal)
    return None


@pages.route(f"{_AT}/notes/new", methods=["GET", "POST"])
@needs(Action.EDIT, Object.EVALUATION)
def add_note(slug: str) -> ResponseReturnValue:
    """Write down what went well in working together, or got in the way."""
    cluster, form, tags, _ = _note_place(slug)
    if form.validate_on_submit():
        year = AcademicYear.parse(form.year.data)
        if _write(form, slug, lambda book: book.add(year, form.said())):
            flask.flash("The note is stored.")
            return _to_notes(slug, year)
    title = f"How working together goes in {amid(cluster.name)}"
    shown = page("evaluation/note.html", title, form=form, cluster=cluster, tags=tags, row=None)
    return shown, 422 if form.errors else 200


@pages.route(_NOTE, methods=["GET", "POST"])
@needs(Action.EDIT, Object.EVALUATION)
def change_note(slug: str, note_id: int) -> ResponseReturnValue:
    """Say a note anew."""
    cluster, form, tags, notes = _note_place(slug, note_id)
    row = next((each for each in notes if each.note_id == note_id), None)
    if row is None:
        _not_there("edit", slug)
    form.show(row)
    if form.validate_on_submit():
        year, seen = AcademicYear.parse(form.year.data), form.seen.data or ""
        form.seen.data = sign_of_note(row)  # where it is refused, what is shown beside it
        outcome = _write(form, slug, lambda book: book.change(note_id, year, form.said(), seen))
        if outcome is not None:
            flask.flash("Nothing was changed." if outcome is Outcome.UNCHANGED else "Stored.")
            return _to_notes(slug, year)
    title = f"How working together goes in {amid(cluster.name)}"
    shown = page("evaluation/note.html", title, form=form, cluster=cluster, tags=tags, row=row, words=words)
    return shown, 422 if form.errors else 200


@pages.post(f"{_NOTE}/remove")
@needs(Action.EDIT, Object.EVALUATION)
def remove_note(slug: str, note_id: int) -> ResponseReturnValue:
    """Take a note out."""
    _write(EmptyForm(), slug, lambda book: book.remove(note_id))
    flask.flash("The note is taken out.")
    return _to_notes(slug, None)


def _note_place(slug: str, note_id: int | None = None) -> tuple[ClusterFacts, NoteForm, list[str], list[NoteRow]]:
    """The cluster whose notes are the reader's to keep, the form of one, the tags used before, and the notes."""
    this_year, scope = AcademicYear.of(date.today()), the_scope()
    with access.reading(the_store(), scope) as reading:
        cluster = find_whole_cluster(reading, scope, slug)
        if cluster is None:
            _not_there("edit", slug)
        notes, projects = load_notes(reading, scope, cluster.id), load_project_choices(reading, scope, cluster.id)
        years = _years_to_choose(reading, cluster.id, this_year)
    form = NoteForm()
    form.offer(years, min(_year(this_year), this_year), projects)
    return cluster, form, sorted({each.tag for each in notes}), notes


def _years_to_choose(reading: Session, cluster_id: int, this_year: AcademicYear) -> list[AcademicYear]:
    known = load_evaluation_years(reading, the_scope(), cluster_id)
    asked = _year(this_year)
    usual = [AcademicYear(this_year.start - back) for back in range(_YEARS_BACK)]
    return sorted({*known, *usual, *([asked] if asked <= this_year else [])}, reverse=True)


def _write(form: EvaluationForm, slug: str, do: Callable[[NoteBook], Any]) -> Any:
    """What a command gives; None when it refused, and the form says why."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            return do(NoteBook(writing, the_actor(), the_scope(), slug, date.today()))
    except NotThere:
        _not_there("edit", slug)
    except EvaluationRefused as refusal:
        form.refuse(refusal)
        return None


def _headlines(cluster: ClusterFacts, answered: list[Answered], overlaps: list[AreaOverlap]) -> list[str]:
    """What the page says first: the need that most schools share, and how many have answered."""
    told = []
    if overlaps and cluster.whole:
        first = overlaps[0]
        if len(first.wanting) >= 2:
            models = first.of(SelfAnswer.WORKS_WELL)
            told.append(sentences.say_shared(first.area, len(first.wanting), len(first.answers), models))
        else:
            told.append(sentences.say_no_overlap())
    return [*told, *(sentences.say_answered(each.answered, each.members) for each in answered)]


def _answered_of(answers: list[Any]) -> dict[int, int]:
    """School → on how many areas it answered."""
    counts: dict[int, int] = {}
    for each in answers:
        counts[each.school_id] = counts.get(each.school_id, 0) + 1
    return counts


def _recurs(barriers: list[Recurring], years: int) -> list[str]:
    """The barriers that came back, in words."""
    told = (sentences.say_recurring(each.tag, len(each.by_year), years) for each in barriers)
    return [each for each in told if each]


def _most(recurring: list[Recurring]) -> int:
    """The most notes of one tag in one year: as long as the longest bar."""
    return max((count for each in recurring for count in each.by_year.values()), default=1)


def _year(otherwise: AcademicYear) -> AcademicYear:
    return named_year() or otherwise


def _to_notes(slug: str, year: AcademicYear | None) -> ResponseReturnValue:
    asked = str(year) if year else None
    return flask.redirect(flask.url_for("evaluation.show", slug=slug, year=asked, _anchor="together"), 303)


def _not_there(action: str, slug: str) -> NoReturn:
    not_there(action, Object.EVALUATION, slug)
