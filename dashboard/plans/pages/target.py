"""The page of one target, on which it is brought up to date; the forms of its words, its status and its meetings."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, Final, NamedTuple

import flask
from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.academic_year import AcademicYear
from dashboard.access import Action, Object, Scope, scope_for
from dashboard.db import Session
from dashboard.directory.queries import cluster_years, find_whole_cluster
from dashboard.marks import name_meeting
from dashboard.plans.commands.by_hand import ChangedMeanwhile, NoSuchTarget, TargetRefused, TargetsByHand
from dashboard.plans.forms import (
    BareForm,
    MeetingsForm,
    NewForm,
    StatusForm,
    TargetForm,
    UpdateForm,
    WordsForm,
    update_form,
)
from dashboard.plans.pages.place import Place, find_place, keeps_plan, nowhere, place_to_edit
from dashboard.plans.prompts import RULES
from dashboard.plans.queries import load_lineage, load_plans
from dashboard.plans.queries.target import (
    LineSum,
    find_last_review,
    load_contributions_of_target,
    load_evidence_of_target,
    load_history,
    load_lines_of_target,
    load_meetings_of_target,
    load_outside_of_target,
    load_school_counts,
    load_ticks,
)
from dashboard.plans.target_sentences import derive_status, say_due, say_headline, say_why
from dashboard.plans.target_shown import (
    group_evidence,
    show_criterion,
    tell_history,
    tell_resources,
    update_differences,
    word_differences,
)
from dashboard.plans.words import (
    ACTIVITY_WORDS,
    CRITERION_SYMBOLS,
    CRITERION_WORDS,
    FOCUS_WORDS,
    HORIZON_WORDS,
    RATING_WORDS,
    STATUS_SYMBOLS,
    STATUS_WORDS,
)
from dashboard.vocabulary import PLAN_HEADINGS, PlanCell, TargetStatus
from dashboard.web.asked import asked_year
from dashboard.web.bodies import takes_rows
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs
from dashboard.web.pages import page
from dashboard.wording import amid, sentence

PLAN: Final = "/cluster/<slug>/plan"
TARGET: Final = f"{PLAN}/<code>"

target_pages = Blueprint("target", __name__, template_folder="../templates")
_LOOKS: Final = {
    TargetStatus.ACHIEVED: "state-ok",
    TargetStatus.IN_PROGRESS: "state-ok",
    TargetStatus.NOT_STARTED: "state-info",
    TargetStatus.STALLED: "state-act",
}
Differences = Sequence[tuple[str, str, str]]


class Prompt(NamedTuple):
    """What a careful reader would ask of a target, and why. Never a verdict."""

    sentence: str
    reason: str


def load_prompts(session: Session, scope: Scope, place: Place, today: date) -> Sequence[Prompt]:
    """What a careful reader would ask of the target."""
    years = cluster_years(scope, today, year=place.year, cluster_id=place.cluster.id)
    return [
        Prompt(sentence(each.message), RULES[each.rule].statement)
        for plan in load_plans(session, scope, years)
        for each in plan.ask_target(place.target.code, today)
    ]


@target_pages.get(TARGET)
@needs(Action.SEE, Object.PLAN)
def show(slug: str, code: str) -> ResponseReturnValue:
    """A target: how far it is and why, its criteria with their evidence, its words, money, meetings and history."""
    return _target_page(slug, code)


@target_pages.post(TARGET)
@needs(Action.EDIT, Object.PLAN)
def update(slug: str, code: str) -> ResponseReturnValue:
    """Bring a target up to date: its criteria, one new piece of evidence, a next step."""
    place = place_to_edit(slug, code)
    form = update_form(place.target, place.criteria, date.today())
    if not form.validate_on_submit():
        return _target_page(slug, code, form), 422
    number, said = place.target.target_id, form.said(place.criteria)
    try:
        stored = write(place, lambda desk: desk.update(number, said, form.seen))
    except ChangedMeanwhile:
        place = place_to_edit(slug, code)
        form = update_form(place.target, place.criteria, date.today())  # the criteria may be others by now
        form.version.data = str(place.target.version)
        return _target_page(slug, code, form, update_differences(place.target, place.criteria, said)), 409
    except TargetRefused as refusal:
        form.refuse(refusal)
        return _target_page(slug, code, form), 422
    flask.flash("The target is up to date." if stored else "Nothing was new, so nothing was stored.")
    return place.back()


@target_pages.route(f"{PLAN}/new", methods=["GET", "POST"])
@needs(Action.EDIT, Object.PLAN)
@takes_rows
def new(slug: str) -> ResponseReturnValue:
    """A new target of a year's plan."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_whole_cluster(reading, the_scope(), slug)
    if cluster is None:
        nowhere(Action.EDIT, slug)
    year = asked_year() or AcademicYear.of(date.today())
    form = NewForm()
    if form.validate_on_submit():
        try:
            with access.writing(the_store(), the_scope()) as writing:
                _desk(writing).add(cluster.id, year, form.code.data, form.said)
        except NoSuchTarget:
            nowhere(Action.EDIT, slug)
        except TargetRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The target is in the plan.")
            code = " ".join(form.code.data.split()).upper()
            return flask.redirect(flask.url_for("target.show", slug=slug, code=code, year=year), 303)
    title = f"A new target for {amid(cluster.name)}, {year}"
    shown = page("plans/target_new.html", title, cluster=cluster, year=year, form=form)
    return shown, 422 if _is_refused(form) else 200


@target_pages.route(f"{TARGET}/words", methods=["GET", "POST"])
@needs(Action.EDIT, Object.PLAN)
@takes_rows
def words(slug: str, code: str) -> ResponseReturnValue:
    """All words of a target. Where somebody else was faster, both are shown and nothing is lost."""
    place, form, meanwhile = place_to_edit(slug, code), WordsForm(), None
    form.show(place.target)
    if form.validate_on_submit():
        number = place.target.target_id
        try:
            stored = write(place, lambda desk: desk.put_words(number, form.said, form.seen))
        except ChangedMeanwhile:
            place = place_to_edit(slug, code)
            meanwhile = word_differences(place.target, form.said)
            form.version.data = str(place.target.version)
        except TargetRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash("The words are stored." if stored else "Nothing was different, so nothing was stored.")
            return place.back()
    shown = page("plans/target_words.html", f"Words of {code}", place=place, form=form, meanwhile=meanwhile)
    return shown, status_of(form, meanwhile)


@target_pages.route(f"{TARGET}/status", methods=["GET", "POST"])
@needs(Action.EDIT, Object.PLAN)
def status(slug: str, code: str) -> ResponseReturnValue:
    """Somebody's own status, with the reason."""
    place, form, meanwhile = place_to_edit(slug, code), StatusForm(), None
    form.show(place.target)
    if form.validate_on_submit():
        number, said = place.target.target_id, TargetStatus(form.status.data)
        try:
            write(place, lambda desk: desk.say_status(number, said, form.reason.data, form.seen))
        except ChangedMeanwhile:
            place = place_to_edit(slug, code)
            meanwhile = _status_differences(place, said, form.reason.data)
            form.version.data = str(place.target.version)
        except TargetRefused as refusal:
            form.refuse(refusal)
        else:
            flask.flash(f"The status is said: {STATUS_WORDS[said].lower()}.")
            return place.back()
    shown = page(
        "plans/target_status.html", f"Status of {code}", place=place, form=form, meanwhile=meanwhile, bare=BareForm(
            formdata=None, version=place.target.version
        ),
    )  # fmt: skip
    return shown, status_of(form, meanwhile)


@target_pages.post(f"{TARGET}/status/take-back")
@needs(Action.EDIT, Object.PLAN)
def take_status_back(slug: str, code: str) -> ResponseReturnValue:
    """Let the status follow from criteria and evidence again."""
    place, form = place_to_edit(slug, code), BareForm()
    number = place.target.target_id
    return do(place, form, lambda desk: desk.take_status_back(number, form.seen), "The status follows again.")


@target_pages.post(f"{TARGET}/meetings")
@needs(Action.EDIT, Object.PLAN)
def meetings(slug: str, code: str) -> ResponseReturnValue:
    """Tick the meetings at which the target was worked on."""
    place, form = place_to_edit(slug, code), MeetingsForm()
    number = place.target.target_id
    return do(
        place, form, lambda desk: desk.worked_on_at(number, form.chosen), "The meetings are stored.", "meetings"
    )  # fmt: skip


@target_pages.post(f"{TARGET}/put-into-plan")
@needs(Action.EDIT, Object.PLAN)
def put_into_plan(slug: str, code: str) -> ResponseReturnValue:
    """Make a target of a draft."""
    place = place_to_edit(slug, code)
    number = place.target.target_id
    return do(place, BareForm(), lambda desk: desk.put_into_plan(number), "The draft is a target of the plan now.")


@target_pages.post(f"{TARGET}/remove")
@needs(Action.EDIT, Object.PLAN)
def remove(slug: str, code: str) -> ResponseReturnValue:
    """Remove a draft."""
    place = place_to_edit(slug, code)
    try:
        write(place, lambda desk: desk.remove_draft(place.target.target_id))
    except TargetRefused as refusal:
        flask.flash(str(refusal), "error")
        return place.back()
    flask.flash(f"The draft {code} is removed.")
    return flask.redirect(place.plan, 303)


def do(
    place: Place, form: TargetForm, deed: Callable[[TargetsByHand], Any], done: str, anchor: str | None = None
) -> ResponseReturnValue:
    """What a small form asks for, and back to the target's page, which says what became of it."""
    if not form.validate_on_submit():
        flask.flash("Nothing was stored; look at the form and send it again.", "error")
        return place.back(anchor)
    try:
        write(place, deed)
    except ChangedMeanwhile:
        flask.flash(
            "Somebody else changed this target meanwhile. This is how it is now; nothing of yours was stored.", "error"
        )
    except TargetRefused as refusal:
        flask.flash(str(refusal), "error")
    else:
        flask.flash(done)
    return place.back(anchor)


def write(place: Place, deed: Callable[[TargetsByHand], Any]) -> Any:
    """Do something to a target in one transaction; what is gone meanwhile answers like what is not there."""
    try:
        with access.writing(the_store(), the_scope()) as writing:
            return deed(_desk(writing))
    except NoSuchTarget:
        nowhere(Action.EDIT, place.cluster.slug)


def _desk(writing: Session) -> TargetsByHand:
    return TargetsByHand(writing, the_actor(), the_scope(), date.today())


def _target_page(
    slug: str, code: str, sent: UpdateForm | None = None, meanwhile: Differences | None = None
) -> str:  # fmt: skip
    """The page of a target; `sent` is the form that came and was not stored, `meanwhile` what differs by now."""
    scope, today = scope_for(the_reader(), Action.SEE, Object.PLAN), date.today()
    with access.reading(the_store(), scope) as reading:
        place = find_place(reading, scope, Action.SEE, slug, code)
        number = place.target.target_id
        evidence = load_evidence_of_target(reading, scope, number)
        counts = {each.criterion_id: each for each in load_school_counts(reading, scope, number)}
        ticks = load_ticks(reading, scope, number) if any(row.per_school for row in place.criteria) else []
        lines = load_lines_of_target(reading, scope, number)
        read = {
            "lineage": [row for row in load_lineage(reading, scope, number) if row.place],
            "resources": tell_resources(
                load_contributions_of_target(reading, scope, number),
                lines,
                load_outside_of_target(reading, scope, number),
            ),
            "meetings": load_meetings_of_target(reading, scope, number),
            "review": find_last_review(reading, scope, number),
            "history": tell_history(load_history(reading, scope, number)) if place.cluster.whole else [],
            "prompts": load_prompts(reading, scope, place, today),
        }
    target, may_edit = place.target, keeps_plan(place.cluster)
    states = [row.state for row in place.criteria]
    last = max((row.dated for row in evidence if row.dated), default=None)
    known = (states, len(evidence), target.due, today)
    status_now = derive_status(target.own_status, *known)
    return page(
        "plans/target.html", target.code if target.title == target.code else f"{target.code}: {target.title}",
        place=place, cluster=place.cluster, target=target, evidence=evidence, by_criterion=group_evidence(evidence),
        shown={row.criterion_id: show_criterion(row, counts.get(row.criterion_id)) for row in place.criteria},
        ticks=ticks, counts=counts, status=status_now, symbol=STATUS_SYMBOLS[status_now],
        status_words=STATUS_WORDS[status_now], look=_LOOKS[status_now],
        why=say_why(target.own_status, target.own_status_reason, *known),
        headline=say_headline(states, len(evidence), last, today), overdue=say_due(target.due, status_now, today),
        form=(sent or update_form(target, place.criteria, today, fresh=True)) if may_edit else None, sent=sent,
        meanwhile=meanwhile, may_edit=may_edit, ledger=_ledger_of(place, lines),
        sees_cluster=_sees_cluster(),
        headings=PLAN_HEADINGS, cells=PlanCell, activities=ACTIVITY_WORDS, horizons=HORIZON_WORDS,
        focus_areas=FOCUS_WORDS, ratings=RATING_WORDS, symbols=CRITERION_SYMBOLS, state_words=CRITERION_WORDS,
        name_meeting=name_meeting, year_of=AcademicYear, **read,
    )  # fmt: skip


def _ledger_of(place: Place, lines: Sequence[LineSum]) -> str | None:
    """Where the lines stand that serve the target, for whoever may open all of them."""
    scope = scope_for(the_reader(), Action.SEE, Object.LEDGER)
    if not lines or not scope.holds(place.cluster.id, place.cluster.programme_id):
        return None
    return f"/cluster/{place.cluster.slug}/ledger?target={place.target.target_id}"


def _sees_cluster() -> bool:
    return not scope_for(the_reader(), Action.SEE, Object.CLUSTER).empty


def _status_differences(place: Place, said: TargetStatus, reason: str) -> Differences:
    now = place.target.own_status
    theirs = STATUS_WORDS[now] if now else "none said"
    return [("Status", theirs, STATUS_WORDS[said]), ("Reason", place.target.own_status_reason or "none", reason)]


def _is_refused(form: TargetForm) -> bool:
    return bool(form.errors or form.form_errors)


def status_of(form: TargetForm, meanwhile: Differences | None) -> int:
    """How a page with a form answers: what somebody else was faster with, what is wrong, or as usual."""
    if meanwhile is not None:
        return 409
    return 422 if _is_refused(form) else 200
