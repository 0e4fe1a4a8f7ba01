"""The pages of the engagement ladder: what is open, a new concern, and one from its first day to the decision."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, Final, NamedTuple, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object, scope_for
from dashboard.ages import Band, band_called
from dashboard.concerns import sentences
from dashboard.concerns.checks import ConcernRefused, NoSuchConcern
from dashboard.concerns.commands import ConcernBook
from dashboard.concerns.departures import Departures
from dashboard.concerns.forms import (
    CloseForm,
    ConcernForm,
    ExitForm,
    OutcomeForm,
    RaiseForm,
    ReviewForm,
    SabbaticalForm,
    StepForm,
)
from dashboard.concerns.queries import (
    ConcernFacts,
    Member,
    StepFacts,
    find_concern,
    load_concerns,
    load_members_on,
    load_open_counts,
    load_steps,
    load_tried,
)
from dashboard.concerns.words import (
    CLOSED_AS,
    KNOWN_RESULTS,
    KNOWN_STEPS,
    OUTCOMES,
    RULES,
    STEPS,
    WHOLE_CLUSTER,
    known_rule,
)
from dashboard.db import Session
from dashboard.directory.queries import ClusterFacts, find_whole_cluster, load_own_places
from dashboard.naming import slug as slug_of
from dashboard.vocabulary import ConcernDecision
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid

ON_A_PAGE: Final = 200
MOST_PAGES: Final = 1_000
MOST_SUGGESTED: Final = 500
"""More clusters than that would make the page larger than all the rest of it."""
MOST_BUTTONS: Final = 6
"""So many own clusters get a button of their own."""
_STATES: Final = ("open", "closed")
_ID: Final = "<int(max=2147483647):concern_id>"

concern_pages = Blueprint("concerns", __name__, template_folder="templates")


class Asked(NamedTuple):
    """What the query string asks for."""

    state: str
    number: int
    age: Band | None = None
    """For how long they have been open; of open ones alone."""


@concern_pages.get("/concerns")
@needs(Action.SEE, Object.CONCERNS)
def concerns() -> ResponseReturnValue:
    """All concerns of the reader's clusters, or those of the cluster that the query string names."""
    written = request.args.get("cluster", "").strip()[:200]
    return _list_page(_asked(), slug_of(written) if written else None)


@concern_pages.get("/cluster/<slug>/concerns")
@needs(Action.SEE, Object.CONCERNS)
def of_cluster(slug: str) -> ResponseReturnValue:
    """The concerns of one cluster."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug)
    if cluster is None:
        _not_there("see", slug)
    return _list_page(_asked(), cluster.slug, cluster)


def _list_page(asked: Asked, cluster: str | None, about: ClusterFacts | None = None) -> str:
    today, closed = date.today(), asked.state == "closed"
    with access.reading(the_store(), the_scope()) as reading:
        rows = load_concerns(
            reading, the_scope(), today, closed=closed, cluster=cluster, most=ON_A_PAGE,
            raised=asked.age.days(today) if asked.age else (None, None),
            skip=(asked.number - 1) * ON_A_PAGE,
        )  # fmt: skip
        counts = [] if about else load_open_counts(reading, the_scope(), today)
        chosen = about or (find_whole_cluster(reading, the_scope(), cluster) if cluster else None)
        may_raise = _clusters_to_raise_in(reading, chosen)
    found, overdue = (rows[0].found, rows[0].overdue) if rows else (0, 0)
    return page(
        "concerns/list.html",
        f"Concerns of {amid(about.name)}" if about else "Concerns",
        headline=sentences.say_closed(found) if closed else sentences.say_open(found, overdue),
        rows=rows, found=found, asked=asked, cluster=cluster, chosen=chosen, about=about,
        counts=counts[:MOST_SUGGESTED], may_raise=may_raise, today=today, last=max(1, -(-found // ON_A_PAGE)),
        on_a_page=ON_A_PAGE,
        say=sentences, steps=STEPS, outcomes=OUTCOMES, closed_as=CLOSED_AS, whole_cluster=WHOLE_CLUSTER,
    )  # fmt: skip


def _clusters_to_raise_in(reading: Session, chosen: ClusterFacts | None) -> list[tuple[str, str]]:
    """Slug and name of the clusters for which there is a button: the chosen one, else the reader's own."""
    scope = scope_for(the_reader(), Action.EDIT, Object.CONCERNS)
    if chosen is not None:
        return [(chosen.slug, chosen.name)] if find_whole_cluster(reading, scope, chosen.slug) else []
    if not scope.cluster_ids:
        return []
    own = [(each.slug, each.name) for each in load_own_places(reading, scope) if each.kind == "cluster"]
    return own[:MOST_BUTTONS]


@concern_pages.route("/cluster/<slug>/concerns/new", methods=["GET", "POST"])
@needs(Action.EDIT, Object.CONCERNS)
def raise_one(slug: str) -> ResponseReturnValue:
    """Raise a concern about a school or the whole cluster, prefilled from a flag where the address names one."""
    today, rule = date.today(), known_rule(request.args.get("rule"))
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug)
        members = load_members_on(reading, the_scope(), cluster.id, today) if cluster else []
        tried = load_tried(reading, the_scope(), rule)
    if cluster is None:
        _not_there("edit", slug)
    form = RaiseForm()
    form.offer(members, request.args.get("school"), rule, today)
    number = _raise(form, cluster.slug) if form.validate_on_submit() else None
    if number is not None:
        flask.flash("The concern is raised.")
        return flask.redirect(flask.url_for("concerns.concern", concern_id=number), 303)
    shown = page(
        "concerns/new.html", f"Raise a concern in {amid(cluster.name)}",
        form=form, cluster=cluster, rule=rule, rules=RULES, **_known(tried),
    )  # fmt: skip
    return shown, 422 if form.errors else 200


def _raise(form: RaiseForm, cluster: str) -> int | None:
    """The number of the new concern; None when the form was refused."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            return ConcernBook(writing, the_actor(), the_scope(), date.today()).raise_concern(
                cluster, form.summary.data, school=form.school.data or None, rule=form.rule.data or None,
                review_on=form.review_on.data, first=form.first,
            )  # fmt: skip
    except NoSuchConcern:
        _not_there("edit", cluster)
    except ConcernRefused as refusal:
        form.refuse(refusal)
        return None


@concern_pages.get(f"/concern/{_ID}")
@needs(Action.SEE, Object.CONCERNS)
def concern(concern_id: int) -> ResponseReturnValue:
    """One concern as a timeline, and what can be done about it."""
    return _concern_page(concern_id)


@concern_pages.post(f"/concern/{_ID}/steps")
@needs(Action.EDIT, Object.CONCERNS)
def add_step(concern_id: int) -> ResponseReturnValue:
    """Note a step."""
    form = StepForm(prefix="step-")
    return _change(
        concern_id, form, "step", "The step is noted.",
        lambda writing: _book(writing).add_step(concern_id, form.said),
    )  # fmt: skip


@concern_pages.post(f"/concern/{_ID}/steps/<int(max=2147483647):step_id>/outcome")
@needs(Action.EDIT, Object.CONCERNS)
def tell_outcome(concern_id: int, step_id: int) -> ResponseReturnValue:
    """Say what came of a step."""
    form = OutcomeForm(prefix=f"outcome-{step_id}-")
    return _change(
        concern_id, form, f"outcome-{step_id}", "What came of the step is noted.",
        lambda writing: _book(writing).tell_outcome(
            concern_id, step_id, form.said, form.outcome_on.data, form.outcome_note.data or ""
        ),
    )  # fmt: skip


@concern_pages.post(f"/concern/{_ID}/review")
@needs(Action.EDIT, Object.CONCERNS)
def set_review(concern_id: int) -> ResponseReturnValue:
    """Set the next review."""
    form = ReviewForm(prefix="review-")
    return _change(
        concern_id, form, "review", "The next review is set." if form.review_on.data else "No review is planned.",
        lambda writing: _book(writing).set_review(concern_id, form.review_on.data),
    )  # fmt: skip


@concern_pages.post(f"/concern/{_ID}/close")
@needs(Action.EDIT, Object.CONCERNS)
def close(concern_id: int) -> ResponseReturnValue:
    """Close a concern as settled or watched."""
    form = CloseForm(prefix="close-")
    return _change(
        concern_id, form, "close", "The concern is closed.",
        lambda writing: _book(writing).close(
            concern_id, ConcernDecision(form.decision.data), form.closed_on.data, form.decision_note.data or ""
        ),
    )  # fmt: skip


@concern_pages.post(f"/concern/{_ID}/sabbatical")
@needs(Action.EDIT, Object.CONCERNS)
def close_with_sabbatical(concern_id: int) -> ResponseReturnValue:
    """Close a concern with a time away."""
    form = SabbaticalForm(prefix="away-")
    return _change(
        concern_id, form, "away", "The sabbatical is agreed, and the concern is closed.",
        lambda writing: _departures(writing).close_with_sabbatical(
            concern_id, form.said, form.closed_on.data, form.decision_note.data or ""
        ),
    )  # fmt: skip


@concern_pages.post(f"/concern/{_ID}/exit")
@needs(Action.EDIT, Object.EXITS)
def close_with_exit(concern_id: int) -> ResponseReturnValue:
    """Close a concern and a membership."""
    form = ExitForm(prefix="exit-")
    form.new_lead.validate_choice = False  # the command looks it up among the members of that day
    form.new_lead.choices = []

    def leave(writing: Session) -> str | None:
        came = _departures(writing).close_with_exit(
            concern_id, form.said, form.closed_on.data, form.decision_note.data or ""
        )
        return sentences.say_came_after(came)

    return _change(
        concern_id, form, "exit", "The membership ends, and the concern is closed. All that was recorded stays.", leave
    )  # fmt: skip


def _book(writing: Session) -> ConcernBook:
    return ConcernBook(writing, the_actor(), the_scope(), date.today())


def _departures(writing: Session) -> Departures:
    exits = scope_for(the_reader(), Action.EDIT, Object.EXITS)
    return Departures(writing, the_actor(), the_scope(), exits, date.today())


def _change(
    concern_id: int, form: ConcernForm, name: str, said: str, do: Callable[[Session], str | None]
) -> ResponseReturnValue:
    """Do what a form asks for and go back to the concern, or show there what is wrong.

    `said` is what the page tells then, with what `do` gives to add.
    """
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                more = do(writing)
        except NoSuchConcern:
            _not_there("edit", f"concern {concern_id}")
        except ConcernRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash(f"{said} {more}" if more else said)
            return flask.redirect(flask.url_for("concerns.concern", concern_id=concern_id), 303)
    return _concern_page(concern_id, {name: form}), 422


def _concern_page(concern_id: int, sent: Mapping[str, ConcernForm] | None = None) -> str:
    """The page of a concern; `sent` holds the form that came and was refused."""
    today, reader = date.today(), the_reader()
    scope = scope_for(reader, Action.SEE, Object.CONCERNS)
    with access.reading(the_store(), scope) as reading:
        facts = find_concern(reading, scope, concern_id)
        steps = load_steps(reading, scope, concern_id)
        tried = load_tried(reading, scope, facts.rule if facts else None)
        members = load_members_on(reading, scope, facts.cluster_id, today) if facts else []
        may = {
            what: facts and find_whole_cluster(reading, scope_for(reader, Action.EDIT, what), facts.cluster) is not None
            for what in (Object.CONCERNS, Object.EXITS)
        }
    if facts is None:
        _not_there("see", f"concern {concern_id}")
    is_open = facts.closed_on is None
    about = facts.school_name or WHOLE_CLUSTER
    return page(
        "concerns/concern.html", f"Concern about {about}",
        facts=facts, steps=steps, today=today, about=about,
        headline=_headline(facts, today),
        may_edit=may[Object.CONCERNS], changes=is_open and may[Object.CONCERNS], may_exit=may[Object.EXITS],
        forms=_forms(facts, steps, members, today, sent or {}) if is_open and may[Object.CONCERNS] else {},
        leads=any(member.leads for member in members if member.school_id == facts.school_id),
        problem=next(iter(sent.values())) if sent else None, sent=set(sent or {}),
        say=sentences, rules=RULES, closed_as=CLOSED_AS, **_known(tried),
    )  # fmt: skip


def _headline(facts: ConcernFacts, today: date) -> str:
    if facts.closed_on is not None:
        return sentences.say_end(facts.raised_on, facts.closed_on, facts.decision)
    return sentences.say_state(facts.raised_on, facts.review_on, today)


def _forms(
    facts: ConcernFacts, steps: list[StepFacts], members: list[Member], today: date, sent: Mapping[str, ConcernForm]
) -> dict[str, ConcernForm]:
    """Every form of the page by its name: the one that came, else as it stands before anybody filled it in."""
    leaving = ExitForm(formdata=None, prefix="exit-", closed_on=today)
    forms: dict[str, ConcernForm] = {
        "step": StepForm(formdata=None, prefix="step-", taken_on=today),
        "review": ReviewForm(formdata=None, prefix="review-", review_on=facts.review_on),
        "close": CloseForm(formdata=None, prefix="close-", closed_on=today),
        "away": SabbaticalForm(formdata=None, prefix="away-", closed_on=today),
        "exit": leaving,
        **{
            f"outcome-{step.step_id}": OutcomeForm(
                formdata=None, prefix=f"outcome-{step.step_id}-", outcome=step.outcome.value,
                outcome_on=step.outcome_on or today, outcome_note=step.outcome_note,
            )
            for step in steps
        },
    }  # fmt: skip
    forms |= {name: form for name, form in sent.items() if name in forms}
    exit_form = forms["exit"]
    if isinstance(exit_form, ExitForm):
        exit_form.offer(members, facts.school_id)
    return forms


def _known(tried: list[Any]) -> dict[str, Any]:
    """What the part “What other clusters did” shows."""
    return {
        "tried": tried, "known_steps": KNOWN_STEPS, "known_results": KNOWN_RESULTS, "steps_called": STEPS,
        "outcomes_called": OUTCOMES,
    }  # fmt: skip


def _asked() -> Asked:
    """What the query string asks for. What is no such state or page is nowhere."""
    state, number = request.args.get("state", "open"), request.args.get("page", "1")
    is_number = number.isascii() and number.isdecimal() and len(number) <= len(str(MOST_PAGES))
    if state not in _STATES or not (is_number and 1 <= int(number) <= MOST_PAGES):
        flask.abort(404)
    age = band_called(request.args.get("age"))
    if age is None and request.args.get("age"):
        flask.abort(404)
    return Asked(state, int(number), age if state == "open" else None)


def _not_there(action: str, what: str) -> NoReturn:
    not_there(action, Object.CONCERNS, what)
