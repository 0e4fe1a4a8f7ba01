"""`/cluster/SLUG/plan/aims`: what a cluster aims at, what serves each aim, and which wordings are one (1.6, 2.3)."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, scope_for
from dashboard.db import Session
from dashboard.directory.queries import ClusterFacts, find_whole_cluster
from dashboard.directory.view import View, view_cluster
from dashboard.plans import queries
from dashboard.plans.aim_forms import AimForm, AimsForm, PairForm, SameForm
from dashboard.plans.aim_words import AimRefused, NoSuchAim
from dashboard.plans.commands.aims import AimBook
from dashboard.plans.likeness import Alike, find_alike, same_words
from dashboard.plans.panels.coverage import Coverage, load_coverage, say_money
from dashboard.plans.queries.aims import AimFacts, WordingRow
from dashboard.plans.sentences import say_alike
from dashboard.web.asked import named_year
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid

_AT: Final = "/cluster/<slug>/plan/aims"
_ID: Final = "<int(max=2147483647):aim_id>"

pages = Blueprint("aims", __name__, template_folder="../templates")


class Kept(NamedTuple):
    """What stands on the page of whoever keeps the aims."""

    all: Sequence[AimFacts] = ()
    wordings: Sequence[WordingRow] = ()
    alike: Sequence[Alike] = ()


@pages.get(_AT)
@needs(Action.SEE, Object.PLAN)
def show(slug: str) -> ResponseReturnValue:
    """The aims of a cluster in a year, with what serves them; to whoever keeps them, what can be done."""
    return _show(slug)


@pages.post(_AT)
@needs(Action.EDIT, Object.PLAN)
def add(slug: str) -> ResponseReturnValue:
    """A new aim."""
    cluster, form = _whole(slug), AimForm()
    if form.validate_on_submit() and _write(form, lambda book: book.add(cluster.slug, form.said), slug):
        flask.flash("The aim is added.")
        return _back(slug)
    return _show(slug, form), 422


@pages.route(f"{_AT}/{_ID}", methods=["GET", "POST"])
@needs(Action.EDIT, Object.PLAN)
def one(slug: str, aim_id: int) -> ResponseReturnValue:
    """One aim, to be said anew."""
    aim = _aim(slug, aim_id)
    form = AimForm() if request.method == "POST" else AimForm.of(aim)
    if form.validate_on_submit() and _do(form, lambda book: book.change(aim_id, form.said), slug):
        flask.flash("The aim is changed. Its former words still lead to it when a plan is brought in.")
        return _back(slug)
    return _one_page(aim, form), 422 if form.errors else 200


@pages.post(f"{_AT}/{_ID}/<any(up, down):way>")
@needs(Action.EDIT, Object.PLAN)
def move(slug: str, aim_id: int, way: str) -> ResponseReturnValue:
    """One place up or down."""
    _aim(slug, aim_id)
    form = AimsForm()
    if form.validate_on_submit():
        _do(form, lambda book: book.move(aim_id, up=way == "up"), slug)
        flask.flash("The order is changed.")
    return _back(slug)


@pages.post(f"{_AT}/{_ID}/same")
@needs(Action.EDIT, Object.PLAN)
def join(slug: str, aim_id: int) -> ResponseReturnValue:
    """An aim is another wording of one that is chosen."""
    aim, form = _aim(slug, aim_id), SameForm()
    form.offer(_others(aim))
    if form.validate_on_submit() and _do(form, lambda book: book.join(form.keep.data, aim_id), slug):
        flask.flash(_JOINED)
        return _back(slug)
    return _one_page(aim, same=form), 422


@pages.post(f"{_AT}/{_ID}/remove")
@needs(Action.EDIT, Object.PLAN)
def remove(slug: str, aim_id: int) -> ResponseReturnValue:
    """Take out an aim that nothing serves."""
    aim, form = _aim(slug, aim_id), AimsForm()
    if form.validate_on_submit() and _do(form, lambda book: book.remove(aim_id), slug):
        flask.flash("The aim is taken out.")
        return _back(slug)
    return _one_page(aim, problem=form), 422


@pages.post(f"{_AT}/alike")
@needs(Action.EDIT, Object.PLAN)
def decide(slug: str) -> ResponseReturnValue:
    """Say of two aims that look alike whether they are one."""
    form = PairForm()
    if form.validate_on_submit():
        first, second, keep = form.first.data, form.second.data, form.keep.data
        for each in (first, second):
            _aim(slug, each)
        if keep is None:
            done = _do(form, lambda book: book.keep_apart(first, second), slug)
            words = "They stay two aims, and nobody is asked again."
        else:
            done = _do(form, lambda book: book.join(keep, second if keep == first else first), slug)
            words = _JOINED
        if done:
            flask.flash(words)
            return _back(slug)
    return _show(slug, problem=form), 422


_JOINED: Final = "The two are one aim now; the targets of both serve it. Its other wording stands with it."


@pages.post(f"{_AT}/wordings/<int(max=2147483647):wording_id>/apart")
@needs(Action.EDIT, Object.PLAN)
def part(slug: str, wording_id: int) -> ResponseReturnValue:
    """They are two after all."""
    cluster, form = _whole(slug), AimsForm()
    with access.reading(the_store(), the_scope()) as reading:
        known = {row.wording_id for row in queries.load_wordings(reading, the_scope(), cluster.id) if row.same}
    if wording_id not in known:
        _not_there("edit", slug)
    if form.validate_on_submit() and _do(form, lambda book: book.part(wording_id), slug):
        flask.flash("They are two aims again. The targets whose plan has these words serve the second one.")
        return _back(slug)
    return _show(slug, problem=form), 422


def _show(slug: str, sent: AimForm | None = None, problem: AimsForm | None = None) -> str:
    scope = scope_for(the_reader(), Action.SEE, Object.PLAN)
    edits = scope_for(the_reader(), Action.EDIT, Object.PLAN)
    with access.reading(the_store(), scope) as reading:
        view = view_cluster(reading, scope, slug, year=named_year(), as_of=date.today()) if slug.isprintable() else None
        if view is None or view.cluster is None:
            _not_there("see", slug)
        cluster = view.cluster
        coverage = load_coverage(reading, view)
        may_edit = edits.holds(cluster.id, cluster.programme_id)
        kept = _kept(reading, view, cluster) if may_edit else Kept()
    shown = {aim.aim_id for aim in coverage.aims.itertuples()}
    return page(
        "plans/aims.html",
        f"Aims of {amid(cluster.name)}",
        cluster=cluster, year=view.year, years=sorted({*view.years, view.year}, reverse=True), view=view,
        headlines=_headlines(coverage, kept), rows=_rows(coverage), targets={each.target_id: each.code for each in
        coverage.targets.itertuples()}, without=coverage.without, made_up=any(coverage.aims["illustrative"]),
        may_edit=may_edit, kept=kept, by_id={each.aim_id: each for each in kept.all},
        others=[each for each in kept.all if each.aim_id not in shown], form=sent or AimForm(formdata=None),
        problem=sent or problem, say_money=say_money, academic=lambda year: str(AcademicYear(year)),
    )  # fmt: skip


def _rows(coverage: Coverage) -> list[dict[str, Any]]:
    """Each aim with what serves it, and at the end what serves none."""
    facts: list[Any] = [*coverage.aims.itertuples(), None]
    return [{"aim": aim, "covered": covered} for aim, covered in zip(facts, coverage.rows, strict=False)]


def _headlines(coverage: Coverage, kept: Kept) -> list[str]:
    told = [] if coverage.aims.empty or coverage.targets.empty else [coverage.headline]
    return [*told, *([say_alike(len(kept.alike))] if kept.alike else [])]


def _kept(reading: Session, view: View, cluster: ClusterFacts) -> Kept:
    aims = queries.load_all_aims(reading, view.scope, cluster.id)
    wordings = queries.load_wordings(reading, view.scope, cluster.id)
    return Kept(aims, wordings, _alike(aims, wordings))


def _alike(aims: Sequence[AimFacts], wordings: Sequence[WordingRow]) -> list[Alike]:
    """The pairs to ask about: not those of which somebody said already that they are two."""
    words = {aim.aim_id: [aim.text] for aim in aims}
    for row in wordings:
        if row.same:
            words[row.aim_id].append(row.wording)
    whose = {same_words(text): aim_id for aim_id, texts in words.items() for text in texts}
    apart = {
        frozenset((row.aim_id, other))
        for row in wordings
        if not row.same and (other := whose.get(same_words(row.wording))) is not None
    }
    return find_alike(list(words.items()), apart)


def _one_page(
    aim: AimFacts, form: AimForm | None = None, same: SameForm | None = None, problem: AimsForm | None = None
) -> str:
    others = _others(aim)
    if same is None:
        same = SameForm(formdata=None)
        same.offer(others)
    return page(
        "plans/aim.html", f"Aim {aim.position}", aim=aim, form=form or AimForm.of(aim), same=same, others=others,
        problem=next((each for each in (form, same, problem) if each is not None and each.errors), None),
    )  # fmt: skip


def _others(aim: AimFacts) -> list[AimFacts]:
    with access.reading(the_store(), the_scope()) as reading:
        return [each for each in queries.load_all_aims(reading, the_scope(), aim.cluster_id) if each != aim]


def _write(form: AimsForm, do: Callable[[AimBook], Any], slug: str) -> Any:
    """What a command gives; None when it refused, and the form says why."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            return do(AimBook(writing, the_actor(), the_scope(), date.today()))
    except NoSuchAim:
        _not_there("edit", slug)
    except AimRefused as refusal:
        form.refuse(refusal)
        return None


def _do(form: AimsForm, do: Callable[[AimBook], Any], slug: str) -> bool:
    """Whether a command that gives nothing did not refuse."""

    def done(book: AimBook) -> bool:
        do(book)
        return True

    return bool(_write(form, done, slug))


def _whole(slug: str) -> ClusterFacts:
    """The cluster at an address, if its plan is the reader's to keep; else the same answer as for none."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug) if slug.isprintable() else None
    if cluster is None:
        _not_there("edit", slug)
    return cluster


def _aim(slug: str, aim_id: int) -> AimFacts:
    """An aim of a cluster whose plan the reader keeps; else the same answer as for none."""
    with access.reading(the_store(), the_scope()) as reading:
        found = queries.find_aim(reading, the_scope(), aim_id)
    if found is None or found.cluster != slug:
        _not_there("edit", slug)
    return found


def _back(slug: str) -> ResponseReturnValue:
    return flask.redirect(flask.url_for("aims.show", slug=slug, year=named_year()), 303)


def _not_there(action: str, what: str) -> NoReturn:
    not_there(action, Object.PLAN, what)
