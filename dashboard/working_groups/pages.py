"""`/cluster/SLUG/working-groups`: the register of working groups and projects, and the forms that keep it."""

from collections.abc import Callable, Collection, Iterable
from datetime import date
from typing import Any, Final, NamedTuple, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, scope_for
from dashboard.changes import Outcome
from dashboard.db import Session
from dashboard.directory.members import MemberRow, load_members_of_day
from dashboard.directory.queries import ClusterFacts, find_cluster, find_whole_cluster
from dashboard.vocabulary import ProjectStage
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid, money, sentence
from dashboard.working_groups import sentences, words
from dashboard.working_groups.checks import MOST_YEAR_GROUPS, GroupRefused, NoSuchGroup, by_age
from dashboard.working_groups.commands import GroupBook
from dashboard.working_groups.forms import (
    BookForm,
    EmptyForm,
    GroupForm,
    OutcomeForm,
    ProjectForm,
    make_children_form,
    make_group_form,
)
from dashboard.working_groups.matrix import put_together
from dashboard.working_groups.queries import (
    GroupRow,
    GroupSchoolRow,
    OutcomeRow,
    ParticipationRow,
    ProjectRow,
    StepRow,
    load_group_schools,
    load_groups,
    load_outcomes,
    load_participation,
    load_participation_sums,
    load_projects,
    load_steps,
    load_targets_to_choose,
)

pages = Blueprint("working_groups", __name__, template_folder="templates")

_AT: Final = "/cluster/<slug>/working-groups"
_GROUP: Final = f"{_AT}/<int(max=2147483647):group_id>"
_OUTCOME: Final = f"{_GROUP}/outcomes/<int(max=2147483647):outcome_id>"
_PROJECT: Final = f"{_AT}/projects/<int(max=2147483647):project_id>"
_MORE_COLUMNS: Final = 2
"""Empty columns for further year groups, such as “Year 3/4”."""
_MOST_COLUMNS: Final = MOST_YEAR_GROUPS + _MORE_COLUMNS


class Known(NamedTuple):
    """All that is kept of the groups of one cluster."""

    groups: list[GroupRow]
    schools: list[GroupSchoolRow]
    outcomes: list[OutcomeRow]
    projects: list[ProjectRow]
    steps: list[StepRow]


class Place(NamedTuple):
    """A cluster whose groups are the reader's to keep, with all that is kept of them."""

    cluster: ClusterFacts
    known: Known


@pages.get(_AT)
@needs(Action.SEE, Object.WORKING_GROUPS)
def show(slug: str) -> ResponseReturnValue:
    """The groups and projects; to a headteacher those of the own time, and of schools the own alone."""
    today, scope, reader = date.today(), the_scope(), the_reader()
    with access.reading(the_store(), scope) as reading:
        cluster = find_cluster(reading, scope, slug)
        if cluster is None:
            not_there("see", Object.WORKING_GROUPS, slug)
        known = _load(reading, cluster.id, today)
        children = load_participation(reading, scope, cluster.id)
        sums = load_participation_sums(reading, scope, cluster.id, today)
    edits = scope_for(reader, Action.EDIT, Object.WORKING_GROUPS)
    sees_plan = scope_for(reader, Action.SEE, Object.PLAN)
    return page(
        "working_groups/show.html",
        f"Working groups of {amid(cluster.name)}",
        cluster=cluster, headlines=_headlines(known), known=known, today=today,
        groups=_in_projects(known), schools=_by(known.schools, "group_id"),
        outcomes=_by(known.outcomes, "group_id"), stages=list(ProjectStage),
        steps={(each.project_id, each.stage): each for each in known.steps},
        matrices={each.project_id: put_together(children, sums, each.project_id) for each in known.projects},
        may_edit=edits.holds(cluster.id, cluster.programme_id), opens_plan=not sees_plan.empty,
        made_up=any(each.illustrative for rows in (known.groups, known.projects, known.outcomes) for each in rows),
        words=words, say=sentences, money=money, year_of=AcademicYear, sentence=sentence,
    )  # fmt: skip


@pages.route(f"{_AT}/new", methods=["GET", "POST"])
@needs(Action.EDIT, Object.WORKING_GROUPS)
def add(slug: str) -> ResponseReturnValue:
    """Write down a new group."""
    place = _place(slug)
    form = _group_form(place, None)
    if form.validate_on_submit() and _write(form, slug, lambda book: book.add_group(form.said())):
        flask.flash("The group is noted.")
        return _back(slug)
    return _form("group.html", f"A working group of {amid(place.cluster.name)}", form, place)


@pages.route(_GROUP, methods=["GET", "POST"])
@needs(Action.EDIT, Object.WORKING_GROUPS)
def change(slug: str, group_id: int) -> ResponseReturnValue:
    """Say anew what a group is; its outcomes stand below."""
    place = _place(slug)
    row = _find(place.known.groups, slug, group_id=group_id)
    form = _group_form(place, row)
    if form.validate_on_submit():
        outcome = _write(form, slug, lambda book: book.change_group(group_id, form.said(), form.seen.data or ""))
        if outcome is not None:
            return _stored(slug, outcome)
    outcomes = [each for each in place.known.outcomes if each.group_id == group_id]
    return _form(
        "group.html", row.name, form, place, row=row, outcomes=outcomes, words=words, sentence=sentence, money=money
    )


@pages.post(f"{_GROUP}/remove")
@needs(Action.EDIT, Object.WORKING_GROUPS)
def remove(slug: str, group_id: int) -> ResponseReturnValue:
    """Take a group out that was entered by mistake."""
    _write(EmptyForm(), slug, lambda book: book.remove_group(group_id))
    flask.flash("The group is taken out.")
    return _back(slug)


@pages.route(f"{_GROUP}/outcomes/new", methods=["GET", "POST"])
@needs(Action.EDIT, Object.WORKING_GROUPS)
def add_outcome(slug: str, group_id: int) -> ResponseReturnValue:
    """Write down what a group wants to reach."""
    place = _place(slug)
    group, form = _find(place.known.groups, slug, group_id=group_id), OutcomeForm()
    if form.validate_on_submit() and _write(form, slug, lambda book: book.add_outcome(group_id, form.said())):
        flask.flash("The outcome is noted.")
        return _to_group(slug, group_id)
    return _form("outcome.html", f"An outcome of {group.name}", form, place, group=group)


@pages.route(_OUTCOME, methods=["GET", "POST"])
@needs(Action.EDIT, Object.WORKING_GROUPS)
def change_outcome(slug: str, group_id: int, outcome_id: int) -> ResponseReturnValue:
    """Say what became of an outcome."""
    place = _place(slug)
    group = _find(place.known.groups, slug, group_id=group_id)
    row = _find(place.known.outcomes, slug, outcome_id=outcome_id, group_id=group_id)
    form = OutcomeForm()
    form.show(row)
    if form.validate_on_submit():
        outcome = _write(
            form, slug, lambda book: book.change_outcome(group_id, outcome_id, form.said(), form.seen.data or "")
        )
        if outcome is not None:
            flask.flash("Nothing was changed." if outcome is Outcome.UNCHANGED else "Stored.")
            return _to_group(slug, group_id)
    return _form("outcome.html", f"An outcome of {group.name}", form, place, group=group, row=row)


@pages.post(f"{_OUTCOME}/remove")
@needs(Action.EDIT, Object.WORKING_GROUPS)
def remove_outcome(slug: str, group_id: int, outcome_id: int) -> ResponseReturnValue:
    """Take an outcome out that was entered by mistake."""
    _write(EmptyForm(), slug, lambda book: book.remove_outcome(group_id, outcome_id))
    flask.flash("The outcome is taken out.")
    return _to_group(slug, group_id)


@pages.route(f"{_AT}/projects/new", methods=["GET", "POST"])
@needs(Action.EDIT, Object.WORKING_GROUPS)
def add_project(slug: str) -> ResponseReturnValue:
    """Write down a new project."""
    place, form = _place(slug), ProjectForm()
    if form.validate_on_submit() and _write(form, slug, lambda book: book.add_project(form.said())):
        flask.flash("The project is noted.")
        return _back(slug)
    return _form("project.html", f"A project of {amid(place.cluster.name)}", form, place)


@pages.route(_PROJECT, methods=["GET", "POST"])
@needs(Action.EDIT, Object.WORKING_GROUPS)
def change_project(slug: str, project_id: int) -> ResponseReturnValue:
    """Say anew what a project is, and when it went through its stages."""
    place, form = _place(slug), ProjectForm()
    row = _find(place.known.projects, slug, project_id=project_id)
    form.show(row, [each for each in place.known.steps if each.project_id == project_id])
    if form.validate_on_submit():
        outcome = _write(form, slug, lambda book: book.change_project(project_id, form.said(), form.seen.data or ""))
        if outcome is not None:
            return _stored(slug, outcome)
    return _form("project.html", row.name, form, place, row=row)


@pages.post(f"{_PROJECT}/remove")
@needs(Action.EDIT, Object.WORKING_GROUPS)
def remove_project(slug: str, project_id: int) -> ResponseReturnValue:
    """Take a project out that was entered by mistake and on which nothing rests."""
    place, form = _place(slug), EmptyForm()
    row = _find(place.known.projects, slug, project_id=project_id)

    def take_out(book: GroupBook) -> bool:
        book.remove_project(project_id)
        return True

    if _write(form, slug, take_out):
        flask.flash("The project is taken out.")
        return _back(slug)
    sent = ProjectForm(formdata=None)
    sent.show(row, [each for each in place.known.steps if each.project_id == project_id])
    return _form("project.html", row.name, sent, place, row=row, problem=form)


@pages.route(f"{_PROJECT}/children", methods=["GET", "POST"])
@needs(Action.EDIT, Object.WORKING_GROUPS)
def children(slug: str, project_id: int) -> ResponseReturnValue:
    """How many children of each school and year group took part: counts alone."""
    place = _place(slug)
    row = _find(place.known.projects, slug, project_id=project_id)
    with access.reading(the_store(), the_scope()) as reading:
        rows = [
            each for each in load_participation(reading, the_scope(), row.cluster_id) if each.project_id == project_id
        ]
        members = _members(reading, row.cluster_id, (row.starts, row.ends), {each.school_id: each for each in rows})
    known = {each.year_group for each in rows}
    year_groups = sorted(known or words.YEAR_GROUPS, key=by_age)
    sent = sum(name.startswith("year_group_") for name in request.form)
    # What somebody stored meanwhile has a column too, to be told.
    across = max(min(sent, _MOST_COLUMNS), len(known)) if request.method == "POST" else len(year_groups) + _MORE_COLUMNS
    form = make_children_form(members, across)
    form.show(year_groups, rows)
    if form.validate_on_submit():
        # A year group that was shown and has another name now is not recorded any more under the old one.
        there = dict.fromkeys((each.school_id, each.year_group) for each in rows)
        outcome = _write(
            form, slug, lambda book: book.record_children(project_id, there | form.said(), form.seen.data or "")
        )
        if outcome is not None:
            return _stored(slug, outcome)
    return _form("children.html", f"Children who took part in {row.name}", form, place, row=row)


def _group_form(place: Place, row: GroupRow | None) -> GroupForm:
    """The form of a group: schools are those of its time, of today, and those that are in it."""
    mine = [each for each in place.known.schools if row is not None and each.group_id == row.group_id]
    days = (row.starts, row.ends) if row else ()
    cluster_id = place.cluster.id
    with access.reading(the_store(), the_scope()) as reading:
        members = _members(reading, cluster_id, days, {each.school_id: each for each in mine})
        if row is not None and row.lead_school_id is not None and row.lead_school is not None:
            leading = MemberRow(cluster_id, row.lead_school_id, "", row.lead_school)
            members = [*members, *([leading] if all(leading.school_id != each.school_id for each in members) else [])]
        targets = load_targets_to_choose(reading, the_scope(), cluster_id)
    form = make_group_form(members)
    form.offer(place.known.projects, targets, {each.year: str(AcademicYear(each.year)) for each in targets})
    if row is not None:
        form.show(row, mine)
    return form


def _members(
    reading: Session,
    cluster_id: int,
    days: Iterable[date | None],
    there: dict[int, GroupSchoolRow] | dict[int, ParticipationRow],
) -> list[MemberRow]:
    """The schools to choose from: members today and on some days, and those that are there already."""
    asked = dict.fromkeys([date.today(), *(each for each in days if each is not None)])
    found = {each.school_id: each for on in asked for each in load_members_of_day(reading, the_scope(), cluster_id, on)}
    for number, row in there.items():
        found.setdefault(number, MemberRow(cluster_id, number, "", row.school_name))
    return sorted(found.values(), key=lambda each: (each.name, each.school_id))


def _headlines(known: Known) -> list[str]:
    if not known.groups:
        return []
    told = (
        sentences.say_groups(each.status for each in known.groups),
        sentences.say_outcomes([each.state for each in known.outcomes]),
        sentences.say_saved((each.state, each.saved) for each in known.outcomes),
    )
    return [each for each in told if each]


def _load(reading: Session, cluster_id: int, today: date) -> Known:
    scope = the_scope()
    return Known(
        load_groups(reading, scope, cluster_id, today), load_group_schools(reading, scope, cluster_id),
        load_outcomes(reading, scope, cluster_id, today), load_projects(reading, scope, cluster_id, today),
        load_steps(reading, scope, cluster_id, today),
    )  # fmt: skip


def _in_projects(known: Known) -> dict[int | None, list[GroupRow]]:
    """The groups of each project that the reader is told of; the others stand with those that belong to none."""
    told, found = {each.project_id for each in known.projects}, dict[int | None, list[GroupRow]]()
    for row in known.groups:
        found.setdefault(row.project_id if row.project_id in told else None, []).append(row)
    return found


def _by(rows: Collection[Any], name: str) -> dict[Any, list[Any]]:
    """Rows by one of their values, in their order."""
    found: dict[Any, list[Any]] = {}
    for row in rows:
        found.setdefault(getattr(row, name), []).append(row)
    return found


def _place(slug: str) -> Place:
    """The cluster at an address, if its groups are the reader's to keep; else the same answer as for none."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug)
        if cluster is None:
            _not_there(slug)
        return Place(cluster, _load(reading, cluster.id, date.today()))


def _find(rows: Iterable[Any], slug: str, **wanted: int) -> Any:
    """The row of the cluster with these numbers; else the same answer as for none."""
    found = next((row for row in rows if all(getattr(row, name) == value for name, value in wanted.items())), None)
    if found is None:
        _not_there(slug)
    return found


def _write(form: BookForm, slug: str, do: Callable[[GroupBook], Any]) -> Any:
    """What a command gives; None when it refused, and the form says why."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            return do(GroupBook(writing, the_actor(), the_scope(), slug, date.today()))
    except NoSuchGroup:
        _not_there(slug)
    except GroupRefused as refusal:
        form.refuse(refusal)
        return None


def _form(template: str, title: str, form: BookForm, place: Place, **values: Any) -> ResponseReturnValue:
    problem = values.pop("problem", form)
    shown = page(f"working_groups/{template}", title, form=form, problem=problem, cluster=place.cluster, **values)
    return shown, 422 if problem.errors else 200


def _stored(slug: str, outcome: Outcome) -> ResponseReturnValue:
    flask.flash("Nothing was changed." if outcome is Outcome.UNCHANGED else "Stored.")
    return _back(slug)


def _back(slug: str) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("working_groups.show", slug=slug), 303)


def _to_group(slug: str, group_id: int) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("working_groups.change", slug=slug, group_id=group_id), 303)


def _not_there(slug: str) -> NoReturn:
    not_there("edit", Object.WORKING_GROUPS, slug)
