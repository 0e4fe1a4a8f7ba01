"""Where papers are had: the board packs, the slides, the annual review as page and document, and the page of them all.

Each is behind the same rule as the screen whose figures it holds. A computer in a room shows its screen and no more:
slides ask for what such a link never has.
"""

from collections.abc import Sequence
from datetime import date
from typing import Final, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, Scope, scope_for
from dashboard.db import Session
from dashboard.decisions.commands import DecisionBook, DecisionRefused, NoSuchDecision
from dashboard.decisions.forms import DecisionForm
from dashboard.decisions.words import About
from dashboard.directory.queries import ClusterFacts
from dashboard.directory.view import View, view_cluster
from dashboard.overview.filters import Filters
from dashboard.paper import pack, review, slides, typesetting, word
from dashboard.paper.blocks import Bar, Cell, Tiles
from dashboard.paper.facts import Facts, load_facts
from dashboard.paper.typesetting import PaperRefused, typeset
from dashboard.reports.overview import load_overview
from dashboard.shown_figures import ShownFigure
from dashboard.web.asked import asked_year
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.downloads import send_file
from dashboard.web.pages import page
from dashboard.wording import amid, day

pages: Final = Blueprint("papers", __name__, template_folder="templates")

_CLUSTER: Final = "/cluster/<slug>"


@pages.get(f"{_CLUSTER}/papers")
@needs(Action.SEE, Object.DECISIONS)
def papers(slug: str) -> ResponseReturnValue:
    """What can be taken away of a cluster and year, as far as it is the reader's."""
    with access.reading(the_store(), the_scope()) as reading:
        view, cluster = _whole(reading, the_scope(), Object.DECISIONS, slug)
    return page(
        "paper/papers.html", f"Papers of {amid(cluster.name)}", cluster=cluster, year=view.year, years=view.years,
        sees={str(thing): _sees(thing, cluster) for thing in (Object.CLUSTER, Object.SCREEN, Object.PLAN)},
    )  # fmt: skip


@pages.get(f"{_CLUSTER}/pack.pdf")
@needs(Action.SEE, Object.CLUSTER)
def pack_of_cluster(slug: str) -> ResponseReturnValue:
    """The board pack of a cluster that the reader sees whole."""
    with access.reading(the_store(), the_scope()) as reading:
        view, cluster = _whole(reading, the_scope(), Object.CLUSTER, slug)
        facts = load_facts(reading, view, decisions=_sees(Object.DECISIONS, cluster))
    try:
        written = typeset(pack.pack_of_cluster(facts), facts.view.as_of)
    except PaperRefused as refusal:
        return _refused(refusal)
    return send_file(written, typesetting.MEDIA_TYPE, f"{pack.file_name('board-pack', facts)}.pdf")


@pages.get("/pack.pdf")
@needs(Action.SEE, Object.OVERVIEW)
def pack_of_clusters() -> ResponseReturnValue:
    """The board pack of the clusters that the choices of the overview keep."""
    today, chosen, scope = date.today(), Filters.read(request.args), the_scope()
    with access.reading(the_store(), scope) as reading:
        every = load_overview(
            reading, scope, year=chosen.year, as_of=today, account_id=the_reader().account_id, search=chosen.q
        )
        rows = chosen.keep(every)
        found = [_facts_of(reading, scope, row.cluster, row.year, today) for row in rows[: pack.MOST_CLUSTERS]]
    paper = pack.pack_of_clusters(rows, found, chosen.words(), day(today), of_all=len(every))
    try:
        written = typeset(paper, today)
    except PaperRefused as refusal:
        return _refused(refusal)
    made_up = "-illustrative" if any(row.illustrative for row in rows) else ""
    return send_file(written, typesetting.MEDIA_TYPE, f"board-pack-{today.isoformat()}{made_up}.pdf")


def _facts_of(reading: Session, scope: Scope, slug: str, year: AcademicYear, today: date) -> Facts:
    view = view_cluster(reading, scope, slug, year=year, as_of=today)
    if view is None:
        raise LookupError(slug)  # it stood in the table a moment ago, in the same transaction
    return load_facts(reading, view, decisions=False)


@pages.get(f"{_CLUSTER}/slides.pptx")
@needs(Action.SEE, Object.DECISIONS)
def slides_of_cluster(slug: str) -> ResponseReturnValue:
    """The slides of whoever sees the cluster's screen and its decisions: never a room's own computer."""
    with access.reading(the_store(), the_scope()) as reading:
        view, cluster = _whole(reading, the_scope(), Object.SCREEN, slug)
        if not _sees(Object.SCREEN, cluster):
            _nothing(Object.SCREEN, slug)
        facts = load_facts(reading, view, decisions=True)
    return send_file(slides.slides_of(facts), slides.MEDIA_TYPE, f"{pack.file_name('slides', facts)}.pptx")


@pages.get(f"{_CLUSTER}/annual-review")
@needs(Action.SEE, Object.DECISIONS)
def annual_review(slug: str) -> ResponseReturnValue:
    """The review of a year as a page, with a form for what is decided on it."""
    return _review_page(_review(slug))


@pages.post(f"{_CLUSTER}/annual-review")
@needs(Action.EDIT, Object.DECISIONS)
def decide(slug: str) -> ResponseReturnValue:
    """Note a decision of the review, with the figures on which it was taken."""
    found, form = _review(slug), DecisionForm()
    view, figures = found.facts.view, review.figures_of(found)
    form.shown.choices = _choices(figures)
    if form.validate_on_submit():
        kept = [each for number, each in enumerate(figures) if str(number) in (form.shown.data or ())]
        try:
            with access.writing(the_store(), the_scope()) as writing:
                DecisionBook(writing, the_actor(), the_scope(), view.as_of).note(
                    found.facts.cluster.id, form.said, about=About.ANNUAL_REVIEW, year=view.year, figures=kept
                )
        except NoSuchDecision:
            _nothing(Object.DECISIONS, slug, Action.EDIT)
        except DecisionRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The decision is noted, with the figures as they are shown now.")
            return flask.redirect(flask.url_for("papers.annual_review", slug=slug, year=view.year), 303)
    return _review_page(found, form), 422


@pages.get(f"{_CLUSTER}/annual-review.docx")
@needs(Action.SEE, Object.DECISIONS)
def annual_review_document(slug: str) -> ResponseReturnValue:
    """The same as a Word document."""
    found = _review(slug)
    return send_file(word.as_document(review.review_paper(found)), word.MEDIA_TYPE, f"{review.name_of(found)}.docx")


def _review(slug: str) -> review.Review:
    scope = scope_for(the_reader(), Action.SEE, Object.DECISIONS)
    with access.reading(the_store(), scope) as reading:
        view, _ = _whole(reading, scope, Object.DECISIONS, slug)
        return review.load_review(reading, view)


def _review_page(found: review.Review, sent: DecisionForm | None = None) -> str:
    facts, paper = found.facts, review.review_paper(found)
    form = sent or DecisionForm(formdata=None, decided_on=facts.view.as_of)
    form.shown.choices = _choices(review.figures_of(found))
    return page(
        "paper/annual_review.html", paper.title, paper=paper, cluster=facts.cluster, year=facts.view.year,
        years=facts.view.years, may_decide=_sees(Object.DECISIONS, facts.cluster, Action.EDIT), form=form,
        cell_words=_cell_words,
    )  # fmt: skip


def _choices(figures: Sequence[ShownFigure]) -> list[tuple[str, str]]:
    return [(str(number), f"{each.label}: {each.value}") for number, each in enumerate(figures)]


def _cell_words(cell: Cell) -> str:
    return cell.alt if isinstance(cell, Tiles | Bar) else cell


def _whole(reading: Session, scope: Scope, thing: Object, slug: str) -> tuple[View, ClusterFacts]:
    """The view of a cluster that is seen whole; anything else is not there."""
    year = asked_year()
    view = view_cluster(reading, scope, slug, year=year, as_of=date.today()) if slug.isprintable() else None
    if view is None or view.cluster is None or not view.cluster.whole:
        _nothing(thing, slug)
    return view, view.cluster


def _sees(thing: Object, cluster: ClusterFacts, action: Action = Action.SEE) -> bool:
    return scope_for(the_reader(), action, thing).holds(cluster.id, cluster.programme_id)


def _nothing(thing: Object, slug: str, action: Action = Action.SEE) -> NoReturn:
    not_there(action, thing, slug)


def _refused(refusal: PaperRefused) -> ResponseReturnValue:
    return page("message.html", "The document was not made", text=f"Nothing was lost or changed. {refusal}"), 503
