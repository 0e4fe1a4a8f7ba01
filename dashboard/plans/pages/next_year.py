"""`/cluster/SLUG/plan/next-year`: from next steps to drafts, from drafts to the targets of the next year (2.11)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object
from dashboard.db import Session
from dashboard.directory.view import View, view_cluster
from dashboard.models.plans import CellLine
from dashboard.naming import slug as same
from dashboard.plans import queries
from dashboard.plans.commands.next_year import Chosen, DraftRefused, NextYear, NoSuchDraft
from dashboard.plans.draft_forms import DraftForm, DraftsForm, ItemsForm
from dashboard.plans.queries.next_year import ContinuedRow, DraftRow, StepsRow
from dashboard.plans.sentences import say_next_steps
from dashboard.web.asked import named_year
from dashboard.web.context import the_actor, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid, counted, sentence

MOST_CHOSEN: Final = 400
_AT: Final = "/cluster/<slug>/plan/next-year"
_ID: Final = "<int(max=2147483647):draft_id>"

pages = Blueprint("next_year", __name__, template_folder="../templates")


@dataclass(frozen=True)
class Step:
    """One next step on the page: its number in the cell, and what came of it."""

    number: int
    line: CellLine
    came: ContinuedRow | None


@dataclass(frozen=True)
class Ahead:
    """A target with its next steps, and what came of it from no step that still stands there."""

    target: StepsRow
    steps: Sequence[Step]
    besides: Sequence[ContinuedRow]

    @property
    def open(self) -> int:
        """How many steps nothing came of yet."""
        return sum(step.came is None for step in self.steps)


@pages.get(_AT)
@needs(Action.EDIT, Object.PLAN)
def show(slug: str) -> ResponseReturnValue:
    """The next steps of a year's targets, and the drafts of the next year."""
    return _show(slug)


@pages.post(_AT)
@needs(Action.EDIT, Object.PLAN)
def draft(slug: str) -> ResponseReturnValue:
    """Make drafts of the ticked lines."""
    year, form = _year_of(slug), DraftsForm()
    if form.validate_on_submit():
        made = _write(form, slug, year, lambda book: book.draft(_chosen()))
        if made is not None:
            flask.flash(f"{sentence(counted(len(made), 'draft'))} made. Drafts count nowhere until they are targets.")
            return _back(slug, year)
    return _show(slug, problem=form), 422


@pages.post(f"{_AT}/items")
@needs(Action.EDIT, Object.PLAN)
def write(slug: str) -> ResponseReturnValue:
    """Make drafts of work that somebody writes down."""
    year, form = _year_of(slug), ItemsForm()
    if form.validate_on_submit():
        name, written, together = form.name.data or "", form.items.data or "", form.together.data == "one"
        made = _write(form, slug, year, lambda book: book.write(name, written, together=together))
        if made is not None:
            flask.flash(f"{sentence(counted(len(made), 'draft'))} made. Drafts count nowhere until they are targets.")
            return _back(slug, year)
    return _show(slug, items=form, problem=form), 422


@pages.post(f"{_AT}/begin")
@needs(Action.EDIT, Object.PLAN)
def begin_all(slug: str) -> ResponseReturnValue:
    """Make all drafts that the page showed targets of the next year."""
    year, form = _year_of(slug), DraftsForm()
    shown = [int(each) for each in request.form.getlist("draft")[:MOST_CHOSEN] if _is_number(each)]
    if form.validate_on_submit():
        done = _write(form, slug, year, lambda book: book.begin(shown))
        if done is not None:
            flask.flash(f"{sentence(counted(done, 'draft'))} {'is a target' if done == 1 else 'are targets'} now.")
            return _back(slug, year)
    return _show(slug, problem=form), 422


@pages.route(f"{_AT}/{_ID}", methods=["GET", "POST"])
@needs(Action.EDIT, Object.PLAN)
def one(slug: str, draft_id: int) -> ResponseReturnValue:
    """One draft, to be said anew."""
    row = _draft(slug, draft_id)
    year = AcademicYear(row.year - 1)
    form = DraftForm() if request.method == "POST" else DraftForm.of(row)
    if form.validate_on_submit():
        if _done(form, slug, year, lambda book: book.change(draft_id, form.said, form.seen)):
            flask.flash("The draft is changed.")
            return _back(slug, year)
        form.version.data = str(_draft(slug, draft_id).version)
    shown = page(
        "plans/draft.html", f"Draft {row.code}", row=row, form=form, year=year, next=AcademicYear(row.year),
        problem=form if form.errors else None, came=row.from_year and AcademicYear(row.from_year),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


@pages.post(f"{_AT}/{_ID}/<any(begin, remove):what>")
@needs(Action.EDIT, Object.PLAN)
def do(slug: str, draft_id: int, what: str) -> ResponseReturnValue:
    """Make a draft a target, or let go of it."""
    row, form = _draft(slug, draft_id), DraftsForm()
    year = AcademicYear(row.year - 1)
    begins = what == "begin"
    if form.validate_on_submit() and _done(
        form, slug, year, lambda book: book.begin([draft_id]) if begins else book.remove(draft_id)
    ):
        said = f"is a target of {AcademicYear(row.year)} now" if begins else "is removed; its next steps are open again"
        flask.flash(f"{row.code} {said}.")
        return _back(slug, year)
    return _show(slug, problem=form), 422


def _show(slug: str, items: ItemsForm | None = None, problem: DraftsForm | None = None) -> str:
    with access.reading(the_store(), the_scope()) as reading:
        view = _view(reading, slug)
        if view is None or view.cluster is None or not view.cluster.whole:
            _not_there("edit", slug)
        cluster, year = view.cluster, view.year
        following = AcademicYear(year.start + 1)
        steps = queries.load_next_steps(reading, the_scope(), cluster.id, year)
        came = queries.load_continued(reading, the_scope(), cluster.id, year)
        drafts = queries.load_drafts(reading, the_scope(), cluster.id, following)
    ahead = [_ahead(target, came) for target in steps]
    lines = [step for each in ahead for step in each.steps]
    return page(
        "plans/next_year.html",
        f"From {year} to {following}: {amid(cluster.name)}",
        cluster=cluster, year=year, next=following, years=sorted({*view.years, year}, reverse=True),
        ahead=[each for each in ahead if each.steps], without=[each.target for each in ahead if not each.steps],
        drafts=drafts, items=items or ItemsForm(formdata=None), problem=problem,
        chosen=set(request.form.getlist("step")),
        headline=say_next_steps(len(lines), sum(step.came is not None for step in lines), len(drafts)),
        any_open=any(each.open for each in ahead), academic=lambda start: str(AcademicYear(start)),
    )  # fmt: skip


def _ahead(target: StepsRow, came: Sequence[ContinuedRow]) -> Ahead:
    mine = [row for row in came if row.came_from_id == target.target_id]
    by_words = {same(line.text): row for row in reversed(mine) for line in row.lines}
    steps = [Step(number, line, by_words.get(same(line.text))) for number, line in enumerate(target.lines)]
    shown = {step.came.target_id for step in steps if step.came is not None}
    return Ahead(target, steps, [row for row in mine if row.target_id not in shown])


def _chosen() -> list[Chosen]:
    """The ticked lines by target, as a command takes them. What is no such line is no line of ours."""
    together = set(request.form.getlist("together")[:MOST_CHOSEN])
    lines: dict[int, list[int]] = {}
    for written in request.form.getlist("step")[:MOST_CHOSEN]:
        target, _, number = written.partition("-")
        if not (_is_number(target) and _is_number(number)):
            raise DraftRefused("The next steps were changed meanwhile. Look at them again, then choose.")
        lines.setdefault(int(target), []).append(int(number))
    return [Chosen(target, tuple(numbers), together=str(target) in together) for target, numbers in lines.items()]


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdecimal() and len(written) < 10


def _write(form: DraftsForm, slug: str, year: AcademicYear, do: Callable[[NextYear], Any]) -> Any:
    """What a command gives; None when it refused, and the form says why."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            return do(NextYear(writing, the_actor(), the_scope(), date.today(), slug, year))
    except NoSuchDraft:
        _not_there("edit", slug)
    except DraftRefused as refusal:
        form.refuse(refusal)
        return None


def _done(form: DraftsForm, slug: str, year: AcademicYear, do: Callable[[NextYear], Any]) -> bool:
    """Whether a command that may give nothing did not refuse."""

    def done(book: NextYear) -> bool:
        do(book)
        return True

    return bool(_write(form, slug, year, done))


def _draft(slug: str, draft_id: int) -> DraftRow:
    """A draft of a cluster whose plan the reader keeps; else the same answer as for none."""
    with access.reading(the_store(), the_scope()) as reading:
        found = queries.find_draft(reading, the_scope(), draft_id)
    if found is None or found.cluster != slug:
        _not_there("edit", slug)
    return found


def _year_of(slug: str) -> AcademicYear:
    """The year whose next steps are looked at, of a cluster whose plan the reader keeps."""
    with access.reading(the_store(), the_scope()) as reading:
        view = _view(reading, slug)
    if view is None:
        _not_there("edit", slug)
    return view.year


def _view(reading: Session, slug: str) -> View | None:
    if not slug.isprintable():
        return None
    return view_cluster(reading, the_scope(), slug, year=named_year(), as_of=date.today())


def _back(slug: str, year: AcademicYear) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("next_year.show", slug=slug, year=str(year)), 303)


def _not_there(action: str, what: str) -> NoReturn:
    not_there(action, Object.PLAN, what)
