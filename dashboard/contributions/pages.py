"""The pages of what schools put in and of money from outside: `/cluster/SLUG/contributions` and their forms."""

from collections.abc import Callable
from datetime import date
from typing import Any, Final, NamedTuple, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard import kinds as called
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, scope_for
from dashboard.contributions import sentences, words
from dashboard.contributions.checks import MONEY, ContributionRefused, NoSuchContribution
from dashboard.contributions.commands import ContributionBook
from dashboard.contributions.forms import (
    AgreeForm,
    BackForm,
    BookForm,
    FiguresForm,
    OutsideForm,
    PayForm,
    WaiveForm,
)
from dashboard.contributions.queries import (
    ContributionRow,
    KindSum,
    OutsideSum,
    find_contribution,
    find_outside,
    load_contribution_years,
    load_contributions,
    load_outside,
    load_outside_sums,
    load_sums_by_kind,
    load_sums_by_school,
    load_target_choices,
)
from dashboard.db import Session
from dashboard.directory.members import MemberRow, load_members_of_year
from dashboard.directory.queries import ClusterFacts, find_cluster, find_whole_cluster
from dashboard.money import pounds
from dashboard.vocabulary import ContributionState
from dashboard.web.asked import named_year
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid, counted, money
from dashboard.wording import hours as in_hours

_MOST_CHOSEN: Final = 500
_AT: Final = "/cluster/<slug>/contributions"
_ID: Final = "<int(max=2147483647):contribution_id>"

pages = Blueprint("contributions", __name__, template_folder="templates")


class Place(NamedTuple):
    """A cluster whose accounts the reader keeps, in a year, with what its forms offer to choose from."""

    cluster: ClusterFacts
    year: AcademicYear
    members: list[MemberRow]
    targets: list[Any]


@pages.get(_AT)
@needs(Action.SEE, Object.LEDGER)
def show(slug: str) -> ResponseReturnValue:
    """What each school puts in, in a year, and money from outside; to a headteacher that of the own school alone."""
    return _show(slug)


@pages.route(f"{_AT}/new", methods=["GET", "POST"])
@needs(Action.EDIT, Object.LEDGER)
def agree(slug: str) -> ResponseReturnValue:
    """Write down what some schools agreed to put in."""
    place, form = _place(slug), AgreeForm()
    form.offer(place.members, place.targets)
    if form.validate_on_submit():
        made = _write(form, lambda book: book.agree(slug, form.said(place.year)), slug)
        if made is not None:
            flask.flash(f"{counted(len(made), 'contribution')} of {place.year} noted.".capitalize())
            return _back(slug, place.year)
    title = f"What schools of {amid(place.cluster.name)} put in, {place.year}"
    return page("contributions/agree.html", title, form=form, place=place), 422 if form.errors else 200


@pages.post(f"{_AT}/paid")
@needs(Action.EDIT, Object.LEDGER)
def pay(slug: str) -> ResponseReturnValue:
    """Mark the chosen contributions as paid or given on a day."""
    place, form = _place(slug), PayForm()
    written = request.form.getlist("chosen")[:_MOST_CHOSEN]
    chosen = [int(each) for each in written if each.isascii() and each.isdecimal() and len(each) < 10]
    if form.validate_on_submit():
        done = _write(form, lambda book: book.mark_paid(slug, chosen, form.paid_on.data), slug)
        if done is not None:
            flask.flash(f"{counted(done, 'contribution')} marked.".capitalize())
            return _back(slug, place.year)
    return _show(slug, form, set(chosen)), 422


@pages.get(f"{_AT}/{_ID}")
@needs(Action.EDIT, Object.LEDGER)
def one(slug: str, contribution_id: int) -> ResponseReturnValue:
    """One contribution, and what can be done about it."""
    return _one_page(slug, contribution_id)


@pages.post(f"{_AT}/{_ID}/<any(change, waive, back):what>")
@needs(Action.EDIT, Object.LEDGER)
def change(slug: str, contribution_id: int, what: str) -> ResponseReturnValue:
    """Change what was agreed, waive it, or take back that it was paid or waived."""
    row = _contribution(slug, contribution_id)
    form, do, done = _doing(what, contribution_id)
    if form.validate_on_submit() and _write(form, do, slug) is not None:
        flask.flash(done)
        return _back(slug, AcademicYear(row.year))
    return _one_page(slug, contribution_id, {what: form}), 422


@pages.route("/cluster/<slug>/outside-money/new", methods=["GET", "POST"])
@needs(Action.EDIT, Object.LEDGER)
def declare(slug: str) -> ResponseReturnValue:
    """Declare money from outside, or note what was raised for charity."""
    place, form = _place(slug), OutsideForm()
    form.offer(place.members, place.targets)
    if form.validate_on_submit() and _write(form, lambda book: book.declare(slug, form.said(place.year)), slug):
        flask.flash("Noted.")
        return _back(slug, place.year)
    title = f"Money from outside for {amid(place.cluster.name)}, {place.year}"
    return page("contributions/outside.html", title, form=form, place=place), 422 if form.errors else 200


@pages.route("/cluster/<slug>/outside-money/<int(max=2147483647):outside_id>", methods=["GET", "POST"])
@needs(Action.EDIT, Object.LEDGER)
def edit_outside(slug: str, outside_id: int) -> ResponseReturnValue:
    """Say anew what is known of money from outside."""
    with access.reading(the_store(), the_scope()) as reading:
        row = find_outside(reading, the_scope(), outside_id)
    if row is None or row.cluster != slug:
        _not_there("edit", slug)
    year = AcademicYear(row.year)
    place, form = _place(slug, year), OutsideForm()
    form.offer(place.members, place.targets)
    form.show(row)
    if form.validate_on_submit():

        def store(book: ContributionBook) -> bool:
            book.edit_outside(outside_id, form.said(year))
            return True

        if _write(form, store, slug):
            flask.flash("Stored.")
            return _back(slug, year)
    title = f"{row.party}: {called.OUTSIDE[row.kind].lower()} of {year}"
    shown = page("contributions/outside.html", title, form=form, place=place, row=row)
    return shown, 422 if form.errors else 200


def _show(slug: str, sent: PayForm | None = None, chosen: set[int] | None = None) -> str:
    today, reader = date.today(), the_reader()
    scope = scope_for(reader, Action.SEE, Object.LEDGER)
    with access.reading(the_store(), scope) as reading:
        cluster = find_cluster(reading, scope, slug) if slug.isprintable() else None
        if cluster is None:
            _not_there("see", slug)
        years = load_contribution_years(reading, scope, cluster.id)
        year = named_year() or (years[0] if years else AcademicYear.of(today))
        rows = load_contributions(reading, scope, cluster.id, year)
        kinds = load_sums_by_kind(reading, scope, cluster.id, year, today)
        schools = load_sums_by_school(reading, scope, cluster.id, year, today)
        outside = load_outside(reading, scope, cluster.id, year)
        sums = load_outside_sums(reading, scope, cluster.id, year)
    edits = scope_for(reader, Action.EDIT, Object.LEDGER)
    return page(
        "contributions/show.html",
        f"What schools of {amid(cluster.name)} put in",
        cluster=cluster, year=year, years=sorted({*years, year}, reverse=True), rows=rows, kinds=kinds,
        schools=schools, outside=[row for row in outside if row.kind in _FOR_SCHOOLS],
        charity=[row for row in outside if row.kind not in _FOR_SCHOOLS],
        sums={each.charity: each for each in sums}, headlines=_headlines(kinds, sums), total=_total(kinds),
        may_edit=edits.holds(cluster.id, cluster.programme_id), today=today, pay=sent or _pay_form(today),
        problem=sent, chosen=chosen or set(), words=words, called=called, in_hours=in_hours, say=sentences, money=money,
        is_money=MONEY,
    )  # fmt: skip


_FOR_SCHOOLS: Final = frozenset(kind for kind in called.OUTSIDE if kind != "charity")


def _headlines(kinds: list[KindSum], sums: list[OutsideSum]) -> list[str]:
    paid = [each for each in kinds if each.kind in MONEY]
    given = [each for each in kinds if each.kind not in MONEY]
    told = [
        sentences.say_paid(
            sum(each.agreed for each in paid),
            sum(each.paid for each in paid),
            sum(each.overdue_amount for each in paid),
        ),
        sentences.say_in_kind(sum(each.minutes for each in given), sum(each.agreed for each in given)),
        sentences.say_no_figure(sum(each.no_figure for each in kinds)),
        *(sentences.say_undeclared(each.undeclared) for each in sums if not each.charity),
    ]
    return [each for each in told if each]


def _total(kinds: list[KindSum]) -> dict[str, int]:
    """The foot of the table of kinds: money alone."""
    names = ("agreed", "agreed_vat", "paid", "paid_vat", "open", "open_vat")
    return {name: sum(getattr(each, name) for each in kinds if each.kind in MONEY) for name in names}


def _pay_form(today: date) -> PayForm:
    return PayForm(formdata=None, paid_on=today)


def _one_page(slug: str, contribution_id: int, sent: dict[str, BookForm] | None = None) -> str:
    row = _contribution(slug, contribution_id)
    today = date.today()
    open_ = row.state is ContributionState.AGREED
    forms: dict[str, BookForm] = {"back": BackForm(formdata=None)}
    if open_:
        forms = {"change": _figures_of(row), "waive": WaiveForm(formdata=None), "pay": _pay_form(today)}
    forms |= {name: form for name, form in (sent or {}).items() if name in forms}
    return page(
        "contributions/one.html",
        f"{called.CONTRIBUTIONS[row.kind]} of {row.school_name}, {AcademicYear(row.year)}",
        row=row, forms=forms, problem=next(iter(sent.values())) if sent else None, today=today, words=words,
        is_money=row.kind in MONEY, year=AcademicYear(row.year), open=open_, made_by_ledger=row.line_id is not None,
    )  # fmt: skip


def _figures_of(row: ContributionRow) -> FiguresForm:
    hours, minutes = divmod(row.minutes or 0, 60)
    return FiguresForm(
        formdata=None, amount="" if row.amount is None else pounds(row.amount), vat=pounds(row.vat) if row.vat else "",
        minutes=f"{hours}:{minutes:02d}" if row.minutes else "", words=row.words or "", due_on=row.due_on,
    )  # fmt: skip


def _doing(what: str, contribution_id: int) -> tuple[BookForm, Callable[[ContributionBook], bool], str]:
    """The form for something to be done about a contribution, what does it, and what the page tells then."""
    form: BookForm

    def did(do: Callable[[ContributionBook], None]) -> Callable[[ContributionBook], bool]:
        def done(book: ContributionBook) -> bool:
            do(book)
            return True

        return done

    if what == "change":
        figures = form = FiguresForm()
        return form, did(lambda book: book.edit(contribution_id, figures.figures)), "What was agreed is changed."
    if what == "waive":
        waiver = form = WaiveForm()
        return form, did(lambda book: book.waive(contribution_id, waiver.because.data)), "The contribution is waived."
    return BackForm(), did(lambda book: book.take_back(contribution_id)), "It is agreed again, and open."


def _write(form: BookForm, do: Callable[[ContributionBook], Any], slug: str) -> Any:
    """What a command gives; None when it refused, and the form says why."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            return do(_book(writing))
    except NoSuchContribution:
        _not_there("edit", slug)
    except ContributionRefused as refusal:
        form.refuse(refusal)
        return None


def _book(writing: Session) -> ContributionBook:
    return ContributionBook(writing, the_actor(), the_scope(), date.today())


def _contribution(slug: str, contribution_id: int) -> ContributionRow:
    """A contribution of a cluster whose accounts the reader keeps; else the same answer as for none."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug)
        row = find_contribution(reading, the_scope(), contribution_id)
    if cluster is None or row is None or row.cluster_id != cluster.id:
        _not_there("edit", slug)
    return row


def _place(slug: str, of: AcademicYear | None = None) -> Place:
    """The cluster at an address, if its accounts are the reader's to keep; else the same answer as for none."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug)
        if cluster is None:
            _not_there("edit", slug)
        year = of or named_year() or AcademicYear.of(date.today())
        members = load_members_of_year(reading, the_scope(), cluster.id, year)
        targets = load_target_choices(reading, the_scope(), cluster.id, year)
    return Place(cluster, year, members, targets)


def _back(slug: str, year: AcademicYear) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("contributions.show", slug=slug, year=str(year)), 303)


def _not_there(action: str, what: str) -> NoReturn:
    not_there(action, Object.LEDGER, what)
