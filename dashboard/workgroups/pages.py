"""`/workgroups` lists the returns of a year; `/cluster/…/workgroup` shows one and takes the next version of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Final, NoReturn

import flask
import pandas as pd
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, scope_for
from dashboard.changes import Outcome
from dashboard.db import now_utc
from dashboard.directory.queries import ClusterFacts, cluster_years, find_whole_cluster
from dashboard.sheets import to_csv, to_xlsx
from dashboard.web.asked import named_year
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid
from dashboard.workgroups import board
from dashboard.workgroups.commands import Desk, NotTheirs, Received, ReturnRefused, Stale
from dashboard.workgroups.composition import Check
from dashboard.workgroups.deadline import told
from dashboard.workgroups.files import as_file
from dashboard.workgroups.forms import MOST_LINES, AgreementForm, DeadlineForm, ReturnForm, Wrong
from dashboard.workgroups.queries import (
    RULES,
    load_lines,
    load_return_years,
    load_returns,
    load_versions,
    load_workgroups,
)
from dashboard.workgroups.versions import ReturnLine, SchoolChange, compare

ON_A_PAGE: Final = 100
_SLUG: Final = "/cluster/<slug>/workgroup"
_MIMETYPES: Final = {
    "csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip

workgroup_pages = Blueprint("workgroups", __name__, template_folder="templates")


# ----------------------------------------------------------------------------------------------------- every cluster
@workgroup_pages.get("/workgroups")
@needs(Action.SEE, Object.WORKGROUP)
def workgroups() -> ResponseReturnValue:
    """The returns of a year, outstanding and late ones first."""
    return _list_page(DeadlineForm(formdata=None))


@workgroup_pages.post("/workgroups")
@needs(Action.EDIT, Object.WORKGROUP)
def set_deadline() -> ResponseReturnValue:
    """Say by when a programme asks for its returns."""
    year, form = _year(), DeadlineForm()
    try:
        programme_id, due_at = form.read()
        with access.writing(the_store(), the_scope()) as writing:
            outcome = Desk(writing, the_actor(), the_scope()).set_deadline(programme_id, year, due_at)
    except ValueError as error:
        form.on.errors = [str(error)]
        return _list_page(form), 422
    except NotTheirs:
        not_there("edit", Object.WORKGROUP, f"programme {form.programme.data}")
    same = outcome is Outcome.UNCHANGED
    flask.flash("Nothing was changed." if same else f"The returns for {year} are due by {told(due_at)}.")
    return flask.redirect(flask.url_for("workgroups.workgroups", year=str(year)), 303)


def _list_page(form: DeadlineForm) -> str:
    year, today, now = _year(), date.today(), now_utc()
    number = max(request.args.get("page", 1, type=int), 1)
    with access.reading(the_store(), the_scope()) as reading:
        years = cluster_years(the_scope(), today, year=year)
        returns = load_returns(reading, the_scope(), years)
        rows = board.in_order_of_need(returns, year, now)
        last = max(-(-len(rows) // ON_A_PAGE), 1)
        number = min(number, last)
        shown = rows[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        ids = [row.cluster_id for row in shown]
        members = load_workgroups(reading, the_scope(), years, cluster_ids=ids)
    checks = board.checks_by_cluster(
        returns[returns["cluster_id"].isin(ids)], members, RULES, board.composition_day(year, today)
    )
    programmes = _programmes(returns)
    form.offer({key: name for key, (name, _) in programmes.items()})
    return page(
        "workgroups.html", "Workgroups", year=year, years=_years_beside(year, today), rows=shown, number=number,
        last=last, headline=board.headline(rows, year), programmes=programmes, form=form,
        composition={key: board.composition_words(checks.get(key)) for key in ids}, checks=checks,
        others=len(returns) - len(rows),
    )  # fmt: skip


def _programmes(returns: pd.DataFrame) -> dict[int, tuple[str, str | None]]:
    """The programmes whose deadline the reader may set: number → name and deadline in words."""
    scope = scope_for(the_reader(), Action.EDIT, Object.WORKGROUP)
    once = returns.drop_duplicates("programme_id").sort_values("programme", na_position="last")
    return {
        row.programme_id: (row.programme, told(row.due_at) if row.due_at else None)
        for row in once.itertuples()
        if row.programme_id is not None and (scope.everything or row.programme_id in scope.programme_ids)
    }


def _years_beside(year: AcademicYear, today: date) -> list[AcademicYear]:
    """The years to choose from: around this one and the one that is shown."""
    this = AcademicYear.of(today).start
    return [AcademicYear(start) for start in sorted({this + 1, this, this - 1, year.start - 1, year.start})]


# ------------------------------------------------------------------------------------------------------- one cluster
@dataclass(frozen=True)
class Shown:
    """Everything about the return of a cluster and year."""

    cluster: ClusterFacts
    year: AcademicYear
    on: date
    facts: Any
    """Its row of `load_returns`."""
    workgroup: pd.DataFrame
    versions: pd.DataFrame
    by_version: dict[int, list[ReturnLine]]
    years: list[AcademicYear]

    @property
    def version(self) -> int:
        """The newest; 0 where there is none."""
        return self.facts.version or 0

    @property
    def lines(self) -> list[ReturnLine]:
        """Of the newest version."""
        return self.by_version.get(self.version, [])

    @property
    def checks(self) -> list[Check]:
        """What the programme asks of the workgroup; nothing before there is a return."""
        frame = pd.DataFrame([self.facts._asdict()], dtype=object)
        found = board.checks_by_cluster(frame, self.workgroup, RULES, self.on)
        return found.get(self.cluster.id, [])

    @property
    def schools(self) -> list[board.SchoolShown]:
        """Every member with its people."""
        return board.schools_shown(self.workgroup, self.lines)


@workgroup_pages.get(_SLUG)
@needs(Action.SEE, Object.WORKGROUP)
def workgroup(slug: str) -> ResponseReturnValue:
    """The return as it stands; with `change=yes`, and for those who may, the form for the next version."""
    shown = _find(slug, Action.SEE)
    if request.args.get("change") == "yes" and _may_edit(shown.cluster):
        silent = [school.slug for school in shown.schools if not school.people]
        return _form_page(shown, ReturnForm.of(shown.lines, shown.version, silent))
    return _reading_page(shown, AgreementForm(formdata=None))


@workgroup_pages.post(_SLUG)
@needs(Action.EDIT, Object.WORKGROUP)
def enter(slug: str) -> ResponseReturnValue:
    """Store what was typed as the next version, or give the form back with one line more."""
    shown, form = _find(slug, Action.EDIT), ReturnForm()
    if request.form.get("what") == "another":
        form.add_one()
        return _form_page(shown, form, focus=len(form.lines) - 1)
    lines, places, wrong = form.read({school.slug: school.school_id for school in shown.schools})
    if wrong:
        return _form_page(shown, form, wrong=wrong), 422
    try:
        with access.writing(the_store(), the_scope()) as writing:
            desk = Desk(writing, the_actor(), the_scope())
            received = desk.enter(slug, shown.year, lines, seen=form.version_seen, received_at=now_utc())
    except NotTheirs:
        _not_there(slug, Action.EDIT)
    except ReturnRefused as refusal:
        return _form_page(shown, form, wrong=form.refuse(refusal.problems, places)), 422
    except Stale:
        return _meanwhile(slug, form)
    flask.flash(_said(received))
    return flask.redirect(flask.url_for("workgroups.workgroup", slug=slug, year=str(shown.year)), 303)


def _said(received: Received) -> str:
    if received.is_new:
        return f"Version {received.version} is stored."
    if any(outcome is Outcome.CHANGED for outcome in received.outcomes):
        return f"The addresses are stored; what version {received.version} says stays the same."
    return "Nothing was changed." if received.version else "Nobody was named, so nothing was stored."


def _meanwhile(slug: str, form: ReturnForm) -> ResponseReturnValue:
    """Somebody else was faster: say what they changed, keep what was typed, and let it be saved on top."""
    shown = _find(slug, Action.EDIT)
    changes = compare(shown.by_version.get(form.version_seen, []), shown.lines)
    form.seen.data = str(shown.version)
    return _form_page(shown, form, meanwhile=changes, is_stale=True), 409


@workgroup_pages.post(f"{_SLUG}/agreements/<int(max=2147483647):school_id>")
@needs(Action.EDIT, Object.WORKGROUP)
def agreement(slug: str, school_id: int) -> ResponseReturnValue:
    """Write down that a school has signed its agreement."""
    shown, form = _find(slug, Action.EDIT), AgreementForm()
    try:
        signed_on, signed_by = form.read()
        with access.writing(the_store(), the_scope()) as writing:
            desk = Desk(writing, the_actor(), the_scope())
            desk.note_agreement(slug, school_id, signed_on=signed_on, signed_by=signed_by, today=date.today())
    except NotTheirs:
        _not_there(slug, Action.EDIT)
    except ValueError as error:
        form.signed_on.errors = [str(error)]
        return _reading_page(shown, form, signing=school_id), 422
    flask.flash("The agreement is written down.")
    return flask.redirect(flask.url_for("workgroups.workgroup", slug=slug, year=str(shown.year)), 303)


@workgroup_pages.get(f"{_SLUG}.<any(csv, xlsx):ending>")
@needs(Action.SEE, Object.WORKGROUP)
def download(slug: str, ending: str) -> ResponseReturnValue:
    """The newest version as a file that can be changed and brought in again."""
    shown = _find(slug, Action.SEE)
    frame = as_file(shown.cluster.name, shown.lines)
    write: Callable[..., bytes] = to_csv if ending == "csv" else partial(to_xlsx, title=f"Workgroup {shown.year}")
    data = write(frame)
    name = f"workgroup-{shown.cluster.slug}-{shown.year}.{ending}"
    headers = {"Content-Disposition": f"attachment; filename={name}"}
    return flask.Response(data, mimetype=_MIMETYPES[ending], headers=headers)


def _reading_page(shown: Shown, agreement: AgreementForm, *, signing: int | None = None) -> str:
    state = board.state_of(shown.facts, now_utc())
    return page(
        "workgroup.html", f"Workgroup of {amid(shown.cluster.name)}", shown=shown, slug=shown.cluster.slug, state=state,
        headline=board.page_headline(shown.checks, shown.year, has_return=bool(shown.version)),
        received=board.received_words(shown.facts),
        due=told(shown.facts.due_at) if shown.facts.due_at else None,
        schools=shown.schools, versions=board.versions_shown(shown.versions, shown.by_version),
        contacts=board.contacts_of(shown.lines, shown.on), everybody=board.everybody(shown.lines, shown.on),
        editable=_may_edit(shown.cluster), form=agreement, signing=signing,
        illustrative=any(line.illustrative for line in shown.lines),
    )  # fmt: skip


def _form_page(
    shown: Shown, form: ReturnForm, *, wrong: Sequence[Wrong] = (), meanwhile: Sequence[SchoolChange] = (),
    is_stale: bool = False, focus: int | None = None,
) -> str:  # fmt: skip
    form.offer({school.slug: school.name for school in shown.schools})
    verb = "Change the return" if shown.version else "Enter the return"
    return page(
        "workgroup_form.html", f"{verb} of {amid(shown.cluster.name)}", shown=shown, slug=shown.cluster.slug, form=form,
        wrong=wrong, meanwhile=meanwhile, is_stale=is_stale, focus=focus, most=MOST_LINES,
    )  # fmt: skip


def _find(slug: str, action: Action) -> Shown:
    """The return at an address, if it is the reader's to see or change; else the same answer as for none."""
    scope, today = the_scope(), date.today()
    with access.reading(the_store(), scope) as reading:
        cluster = find_whole_cluster(reading, scope, slug)
        if cluster is None:
            _not_there(slug, action)
        held = [AcademicYear(start) for start in load_return_years(reading, scope, cluster.id)["year"]]
        year = _year()
        years = cluster_years(scope, today, year=year, cluster_id=cluster.id)
        (facts,) = load_returns(reading, scope, years).itertuples(index=False)
        return Shown(
            cluster, year, board.composition_day(year, today), facts,
            load_workgroups(reading, scope, years), load_versions(reading, scope, years),
            board.lines_by_version(load_lines(reading, scope, years)),
            sorted({*held, *_years_beside(year, today)[-3:], year}),
        )  # fmt: skip


def _may_edit(cluster: ClusterFacts) -> bool:
    return scope_for(the_reader(), Action.EDIT, Object.WORKGROUP).holds(cluster.id, cluster.programme_id)


def _year() -> AcademicYear:
    """The year that is asked for; without one, or with one that is none, the year of today."""
    return named_year() or AcademicYear.of(date.today())


def _not_there(slug: str, action: Action) -> NoReturn:
    not_there(action, Object.WORKGROUP, slug)
