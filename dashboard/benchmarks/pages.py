"""The page of a cluster's open figures: the tables, what contradicts, whose the names are, and what was decided."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, scope_for
from dashboard.benchmarks import sentences
from dashboard.benchmarks.checks import (
    Answer,
    Contradiction,
    Figure,
    FiguresRefused,
    NoSuchFigure,
    find_contradictions,
)
from dashboard.benchmarks.commands import NameBook
from dashboard.benchmarks.figures import Shown, build_tables, looks_of, pair_up
from dashboard.benchmarks.forms import NameForm
from dashboard.benchmarks.names import Alias, Member, PrintedName, look_at_names
from dashboard.benchmarks.queries import (
    load_aliases,
    load_answers,
    load_figure_years,
    load_figures,
    load_members_ever,
)
from dashboard.benchmarks.words import LOOKS, SEVERITIES, Look
from dashboard.decisions.commands import DecisionBook, DecisionRefused, NoSuchDecision
from dashboard.decisions.forms import DecisionForm
from dashboard.decisions.queries import DecisionFacts, load_decisions
from dashboard.decisions.words import OWNERS, About
from dashboard.directory.queries import ClusterFacts, find_cluster
from dashboard.naming import slug as slug_of
from dashboard.shown_figures import ShownFigure
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid

figure_pages = Blueprint("figures", __name__, template_folder="templates")


@dataclass(frozen=True)
class Read:
    """What stands in the store for one page, as its reader may see it."""

    cluster: ClusterFacts
    years: list[AcademicYear]
    year: AcademicYear | None
    figures: list[Figure] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    aliases: list[Alias] = field(default_factory=list)
    members: list[Member] = field(default_factory=list)

    @property
    def told(self) -> list[tuple[Contradiction, Answer | None]]:
        """What contradicts. Of a school whose book is open to the reader only what it answered: asked it is at home."""
        own = scope_for(the_reader(), Action.SEE, Object.OPEN_FIGURES).school_ids
        return [
            (found, answer)
            for found, answer in pair_up(find_contradictions(self.figures), self.answers)
            if self.cluster.whole or found.school_id in own or answer is not None
        ]

    @property
    def names(self) -> list[PrintedName]:
        """The printed names, for whoever sees the whole cluster."""
        if not self.cluster.whole:
            return []
        printed = {each.label: each.school_name for each in self.figures}
        return look_at_names(printed, self.aliases, self.members)


@figure_pages.get("/cluster/<slug>/open-figures")
@needs(Action.SEE, Object.OPEN_FIGURES)
def figures(slug: str) -> ResponseReturnValue:
    """The figures of a year, side by side."""
    return _page(slug)


@figure_pages.post("/cluster/<slug>/open-figures/names/<name>/<any(confirm, 'take-back'):what>")
@needs(Action.EDIT, Object.OPEN_FIGURES)
def settle_name(slug: str, name: str, what: str) -> ResponseReturnValue:
    """Say whose a printed name is, or take that back."""
    read, form = _read(slug, "edit"), NameForm(prefix=f"{name}-")
    form.school.choices = []
    try:
        if not form.validate_on_submit():
            raise FiguresRefused("Choose a school of this cluster from the list, or “no member’s name”.", "school")
        with access.writing(the_store(), the_scope()) as writing:
            book = NameBook(writing, the_actor(), the_scope())
            if what == "confirm":
                book.confirm(read.cluster.id, name, form.chosen)
            else:
                book.take_back(read.cluster.id, name)
    except NoSuchFigure:
        _not_there("edit", slug)
    except FiguresRefused as refusal:
        form.refuse(refusal)
        return _page(slug, names={name: form}), 422
    flask.flash("The name is confirmed." if what == "confirm" else "The confirmation is taken back.")
    return _back(slug, "names")


@figure_pages.post("/cluster/<slug>/open-figures/decisions")
@needs(Action.EDIT, Object.DECISIONS)
def decide(slug: str) -> ResponseReturnValue:
    """Note a decision with the figures that the page shows."""
    read, form = _read(slug, "edit"), DecisionForm()
    tables = build_tables(read.figures, read.told)
    form.shown.choices = _rows_to_keep(tables)
    if form.validate_on_submit():
        try:
            kept = _kept(tables, form.shown.data)
            if tables and not kept:
                raise DecisionRefused("Choose at least one row of figures on which it was taken.", "shown")
            with access.writing(the_store(), the_scope()) as writing:
                DecisionBook(writing, the_actor(), the_scope(), date.today()).note(
                    read.cluster.id, form.said, about=About.OPEN_BOOK, year=read.year, figures=kept
                )
        except NoSuchDecision:
            _not_there("edit", slug)
        except DecisionRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The decision is noted, with the figures as they are shown now.")
            return _back(slug, "decisions")
    return _page(slug, decision=form), 422


def _read(slug: str, action: str = "see") -> Read:
    """What the page shows, or nothing there."""
    scope, today = scope_for(the_reader(), Action.SEE, Object.OPEN_FIGURES), date.today()
    with access.reading(the_store(), scope) as reading:
        cluster = find_cluster(reading, scope, slug) if slug.isprintable() else None
        years = load_figure_years(reading, scope, cluster.id, today) if cluster else []
        year = _asked_year(years) if cluster else None
        found = (
            load_figures(reading, scope, today, cluster_id=cluster.id, year=year),
            load_answers(reading, scope, today, cluster_id=cluster.id, year=year),
            load_aliases(reading, scope, cluster.id),
            load_members_ever(reading, scope, cluster.id),
        ) if cluster and year else ([], [], [], [])  # fmt: skip
    if cluster is None or (action == "edit" and not cluster.whole):
        _not_there(action, slug)
    return Read(cluster, years, year, *found)


def _asked_year(years: Sequence[AcademicYear]) -> AcademicYear | None:
    """The year that the address asks for, else the newest; one without figures is nowhere."""
    asked = request.args.get("year")
    if asked is None:
        return years[0] if years else None
    found = next((each for each in years if str(each) == asked), None)
    if found is None:
        flask.abort(404)
    return found


def _page(slug: str, *, names: dict[str, NameForm] | None = None, decision: DecisionForm | None = None) -> str:
    """The page; `names` and `decision` are forms that came and were refused."""
    read, today = _read(slug), date.today()
    cluster, told, printed = read.cluster, read.told, read.names
    looks = looks_of(read.figures)
    look = next((each for each in looks if each.value == request.args.get("as")), Look.PRINTED)
    own = scope_for(the_reader(), Action.SEE, Object.OPEN_FIGURES).school_ids
    tables = build_tables(read.figures, told, look, own)
    labels = {each.label: each.school_id in own for each in read.figures}
    decisions, may_decide = _decisions(cluster)
    asking = [each for each in printed if each.asks] if _may(Action.EDIT, Object.OPEN_FIGURES, cluster) else []
    return page(
        "figures/page.html", f"Open figures of {amid(cluster.name)}",
        headlines=sentences.say_headlines(
            read.year, len(labels), None if cluster.whole else sum(labels.values()), told, printed
        ) if read.year else [],
        cluster=cluster, years=read.years, year=read.year, looks=looks, look=look, look_words=LOOKS, tables=tables,
        computed=any(row.computed for table in tables for row in table.rows),
        told=told, names=printed, sees_names=cluster.whole,
        name_forms=_name_forms(asking, read.members, names or {}),
        name_problem=next(iter((names or {}).values()), None),
        may_name=_may(Action.EDIT, Object.OPEN_FIGURES, cluster), slug_of=slug_of, own=own,
        decisions=decisions, may_decide=may_decide, owners=OWNERS, today=today,
        decision_form=decision or _decision_form(read, today),
        decision_problem=decision, sees_decisions=_may(Action.SEE, Object.DECISIONS, cluster),
        say=sentences, severities=SEVERITIES,
    )  # fmt: skip


def _may(action: Action, thing: Object, cluster: ClusterFacts) -> bool:
    return scope_for(the_reader(), action, thing).holds(cluster.id, cluster.programme_id)


def _decisions(cluster: ClusterFacts) -> tuple[list[DecisionFacts], bool]:
    """The decisions taken on these figures, for whoever may read them; and whether the reader notes some."""
    if not _may(Action.SEE, Object.DECISIONS, cluster):
        return [], False
    scope = scope_for(the_reader(), Action.SEE, Object.DECISIONS)
    with access.reading(the_store(), scope) as reading:
        found = load_decisions(reading, scope, cluster.id, about=About.OPEN_BOOK)
    return found, _may(Action.EDIT, Object.DECISIONS, cluster)


def _decision_form(read: Read, today: date) -> DecisionForm:
    form = DecisionForm(formdata=None, decided_on=today)
    form.shown.choices = _rows_to_keep(build_tables(read.figures))
    return form


def _rows_to_keep(tables: Sequence[Shown]) -> list[tuple[str, str]]:
    """The rows that hold a figure, by where they stand."""
    return [
        (f"{table.number}-{place}", row.measure)
        for table in tables
        for place, row in enumerate(table.rows)
        if row.supplied
    ]


def _kept(tables: Sequence[Shown], chosen: Sequence[str] | None) -> list[ShownFigure]:
    """Every school's figure of the chosen rows, as it is shown."""
    wanted = set(chosen or ())
    return [
        ShownFigure(
            f"{row.measure}, {cell.label}", f"{cell.words} ({cell.beside})" if cell.beside else cell.words, row.unit
        )
        for table in tables
        for place, row in enumerate(table.rows)
        if f"{table.number}-{place}" in wanted
        for cell in row.cells
    ]


def _name_forms(asking: Sequence[PrintedName], members: Sequence[Member], sent: dict[str, NameForm]) -> dict[str, Any]:
    """A form for each name that waits, by its address; with nothing chosen before a person does."""
    forms = {}
    for each in asking:
        name = slug_of(each.label)
        forms[name] = sent.get(name) or NameForm(formdata=None, prefix=f"{name}-")
        forms[name].offer(each, members)
    return forms


def _back(slug: str, part: str) -> ResponseReturnValue:
    address = flask.url_for("figures.figures", slug=slug, year=request.args.get("year"), _anchor=part)
    return flask.redirect(address, 303)


def _not_there(action: str, slug: str) -> NoReturn:
    not_there(action, Object.OPEN_FIGURES, slug)
