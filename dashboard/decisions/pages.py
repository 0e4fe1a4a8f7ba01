"""All decisions and actions of a cluster, the form for another, and their ticks.

Those that were taken on a page with figures of its own are noted, and listed, there as well.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final, TypeVar

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, scope_for
from dashboard.decisions.commands import DecisionBook, DecisionRefused, NoSuchDecision
from dashboard.decisions.forms import NoteForm
from dashboard.decisions.queries import DecisionFacts, load_days_of_notes, load_decisions
from dashboard.decisions.words import ABOUTS, KINDS, OWNERS, PAGES, STATES, About, State
from dashboard.directory.queries import ClusterFacts, find_cluster
from dashboard.vocabulary import DecisionKind
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid, in_words, sentence

decision_pages = Blueprint("decisions", __name__, template_folder="templates")

_MOST: Final = 200
_FILTERS: Final[Sequence[tuple[str, str, Mapping[Any, str]]]] = (
    ("How far", "state", STATES), ("Kind", "kind", KINDS), ("About", "about", ABOUTS),
)  # fmt: skip
"""The questions by which one chooses: their words, their name in the address, the answers."""
Choice = TypeVar("Choice", bound=StrEnum)


@decision_pages.get("/cluster/<slug>/decisions")
@needs(Action.SEE, Object.DECISIONS)
def decisions(slug: str) -> ResponseReturnValue:
    """All of a cluster's, chosen by the query string (`kind`, `about`, `state`), with the days that have minutes."""
    return _page(slug, None)


@decision_pages.post("/cluster/<slug>/decisions")
@needs(Action.EDIT, Object.DECISIONS)
def note(slug: str) -> ResponseReturnValue:
    """Note a decision or an action."""
    cluster, form = _find(slug, "edit"), NoteForm()
    form.shown.choices = []
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                DecisionBook(writing, the_actor(), the_scope(), date.today()).note(
                    cluster.id, form.said, about=About(form.about.data)
                )
        except NoSuchDecision:
            not_there("edit", Object.DECISIONS, slug)
        except DecisionRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("It is noted.")
            return flask.redirect(f"/cluster/{slug}/decisions#decisions", 303)
    return _page(slug, form), 422


@decision_pages.post("/cluster/<slug>/decisions/<int(max=2147483647):decision_id>/<any(done, undone):what>")
@needs(Action.EDIT, Object.DECISIONS)
def tick(slug: str, decision_id: int, what: str) -> ResponseReturnValue:
    """Say that a decision was carried out, or that it was not after all, and go back to the page it was taken on."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            row = DecisionBook(writing, the_actor(), the_scope(), date.today()).tick(
                slug, decision_id, done=what == "done"
            )
            about, year = About(row.about), row.year
    except NoSuchDecision:
        not_there("edit", Object.DECISIONS, f"decision {decision_id}")
    flask.flash("The decision is ticked as done." if what == "done" else "The decision is open again.")
    own_page = PAGES.get(about)
    asked = f"?year={AcademicYear(year)}" if own_page and year is not None else ""
    return flask.redirect(f"/cluster/{slug}/{own_page or 'decisions'}{asked}#decisions", 303)


def _find(slug: str, action: str) -> ClusterFacts:
    """The cluster, of which the reader sees all; else the same answer as for none."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_cluster(reading, the_scope(), slug) if slug.isprintable() else None
    if cluster is None or not cluster.whole:
        not_there(action, Object.DECISIONS, slug)
    return cluster


def _asked(name: str, choices: type[Choice]) -> Choice | None:
    """What the query string chooses; nothing where it names none of what there is."""
    try:
        return choices(request.args.get(name, ""))
    except ValueError:
        return None


def _page(slug: str, sent: NoteForm | None) -> str:
    """The page; `sent` is a form that came and was refused."""
    today, seen = date.today(), scope_for(the_reader(), Action.SEE, Object.DECISIONS)
    cluster = _find(slug, "see")
    kind, about, state = _asked("kind", DecisionKind), _asked("about", About), _asked("state", State)
    with access.reading(the_store(), seen) as reading:
        found = load_decisions(
            reading, seen, cluster.id, about=about, kind=kind, state=state, today=today, most=_MOST
        )  # fmt: skip
        days = load_days_of_notes(reading, seen, cluster.id)
    form = sent or NoteForm(formdata=None, decided_on=today)
    form.shown.choices = []
    asked = {"kind": kind, "about": about, "state": state}
    return page(
        "decisions/page.html", f"Decisions and actions of {amid(cluster.name)}",
        slug=slug, headline=_say(found, today), decisions=found, days=days, form=form, problem=sent,
        may_edit=scope_for(the_reader(), Action.EDIT, Object.DECISIONS).holds(cluster.id, cluster.programme_id),
        owners=OWNERS, kinds=KINDS, abouts=ABOUTS, today=today, most=_MOST, chosen=any(asked.values()),
        filters=[
            (label, _options(slug, asked, name, words))
            for label, name, words in _FILTERS
        ],
    )  # fmt: skip


def _options(slug: str, asked: Mapping[str, Any], name: str, words: Mapping[Any, str]) -> list[tuple[str, str, bool]]:
    """The choices of one question, as links that keep the answers to the others."""
    options = [("All", _address(slug, asked, name, None), asked[name] is None)]
    return options + [(said, _address(slug, asked, name, each), asked[name] is each) for each, said in words.items()]


def _address(slug: str, asked: Mapping[str, Any], name: str, choice: StrEnum | None) -> str:
    chosen = {key: each.value for key, each in {**asked, name: choice}.items() if each is not None}
    return flask.url_for("decisions.decisions", slug=slug, **chosen)


def _say(found: Sequence[DecisionFacts], today: date) -> str:
    """How many are listed, open and overdue: "Twelve are listed; three are open, one of them overdue."."""
    if not found:
        return "None is listed."
    still = sum(each.done_on is None for each in found)
    late = sum(each.is_late(today) for each in found)
    overdue = f", {in_words(late)} of them overdue" if late else ""
    return (
        f"{sentence(in_words(len(found)))} {'is' if len(found) == 1 else 'are'} listed; "
        f"{in_words(still) if still else 'none'} {'is' if still < 2 else 'are'} open{overdue}."
    )
