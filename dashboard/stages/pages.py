"""`/cluster/SLUG/stages`: where a cluster stands in its programme, what is missing before it goes on, and who goes
on.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final, NoReturn

import flask
from flask import Blueprint, request
from flask.typing import ResponseReturnValue

from dashboard import access
from dashboard.access import Action, Object, Scope, may, scope_for
from dashboard.changes import Outcome
from dashboard.db import Session
from dashboard.directory.calendar import load_years
from dashboard.half_terms import HalfTerm
from dashboard.stages import sentences
from dashboard.stages.checks import NotThere, StageRefused, TickedMeanwhile, sign_of_tick
from dashboard.stages.commands import StageBook
from dashboard.stages.forms import AnswerForm, RemoveForm, StageForm, TickForm, TimeForm
from dashboard.stages.queries import (
    AnswerCount,
    ClusterOnItsWay,
    CommitmentRow,
    StageRow,
    TickRow,
    count_answers,
    find_on_its_way,
    load_commitments,
    load_stages,
    load_ticks,
)
from dashboard.stages.standing import (
    Countdown,
    Stage,
    Time,
    count_down,
    gates_of,
    leads_on,
    programme_year,
    standing_of,
    years_between,
    years_of_agreement,
)
from dashboard.stages.words import COMMITMENTS, GATE, INDEPENDENCE, NOT_ASKED, STANDINGS, TICKS, Item, Standing
from dashboard.vocabulary import Checklist, TickState
from dashboard.web.context import the_actor, the_reader, the_scope, the_store
from dashboard.web.door import needs, not_there
from dashboard.web.pages import page
from dashboard.wording import amid

pages = Blueprint("stages", __name__, template_folder="templates")

_PLACE: Final = "/cluster/<slug>/stages"
_STAGE: Final = f"{_PLACE}/<int(max=2147483647):stage_id>"
_TIME: Final = f"{_STAGE}/times/<int(max=2147483647):time_id>"
_Standings = list[tuple[Stage, Standing]]
_STORED: Final = "Stored."
_STANDS: Final = "This is on record already. Nothing was changed."


@dataclass(frozen=True)
class Place:
    """A cluster with all that its page shows."""

    cluster: ClusterOnItsWay
    stages: Sequence[Stage]
    ticks: Sequence[TickRow]
    schools: Sequence[CommitmentRow]
    answered: AnswerCount | None
    half_terms: Sequence[HalfTerm]

    def stage(self, stage_id: int | None) -> Stage | None:
        """The stage of a number."""
        return next((each for each in self.stages if each.stage_id == stage_id), None)


@dataclass(frozen=True)
class Sent:
    """A form that came and was refused, and what it is about: its key on the page."""

    key: str
    form: StageForm
    stage_id: int | None = None
    about_time: bool = False
    outdated: bool = False
    """Whether something else is stored by now: it is shown above the form, which is as good as opened anew."""


@dataclass(frozen=True)
class Line:
    """One item of a checklist as it stands on the page."""

    item: Item
    look: tuple[str, str, str]
    tick: TickRow | None
    key: str
    address: str
    form: TickForm | None


@pages.get(_PLACE)
@needs(Action.SEE, Object.STAGES)
def show(slug: str) -> ResponseReturnValue:
    """Where the cluster stands; with `?stage=` also the gate of that stage and, to who may, its dates to change."""
    return _page(slug, "see")


@pages.post(f"{_STAGE}/times")
@needs(Action.EDIT, Object.STAGES)
def add_time(slug: str, stage_id: int) -> ResponseReturnValue:
    """Record a time in a stage."""
    form = TimeForm(prefix="new-")
    return _change(
        slug, Sent("new", form, stage_id, about_time=True), lambda book: book.set_time(stage_id, *_dates(form))
    )


@pages.post(_TIME)
@needs(Action.EDIT, Object.STAGES)
def change_time(slug: str, stage_id: int, time_id: int) -> ResponseReturnValue:
    """Change the dates of a time in a stage."""
    form = TimeForm(prefix=f"time-{time_id}-")
    sent = Sent(f"time-{time_id}", form, stage_id, about_time=True)
    return _change(slug, sent, lambda book: book.set_time(stage_id, *_dates(form), time_id))


@pages.post(f"{_TIME}/remove")
@needs(Action.EDIT, Object.STAGES)
def remove_time(slug: str, stage_id: int, time_id: int) -> ResponseReturnValue:
    """Take out a time that never was."""

    def remove(book: StageBook) -> Outcome:
        book.remove_time(stage_id, time_id)
        return Outcome.CHANGED

    return _change(slug, Sent("remove", RemoveForm(), stage_id, about_time=True), remove, "Removed.")


@pages.post(f"{_STAGE}/gate/<item>")
@needs(Action.EDIT, Object.STAGES)
def tick_gate(slug: str, stage_id: int, item: str) -> ResponseReturnValue:
    """Say what is known of an item of the gate out of a stage."""
    return _tick(slug, Checklist.STAGE_GATE, stage_id, item)


@pages.post(f"{_PLACE}/independence/<item>")
@needs(Action.EDIT, Object.STAGES)
def tick_independence(slug: str, item: str) -> ResponseReturnValue:
    """Say what is known of an item of the list before the cluster runs itself."""
    return _tick(slug, Checklist.INDEPENDENCE, None, item)


@pages.post(f"{_PLACE}/schools")
@needs(Action.EDIT, Object.STAGES)
def answer(slug: str) -> ResponseReturnValue:
    """Note whether a school goes on."""
    with access.reading(the_store(), the_scope()) as reading:
        cluster = find_on_its_way(reading, the_scope(), slug, date.today())
        schools = load_commitments(reading, the_scope(), cluster.cluster_id, date.today()) if cluster else []
    form = AnswerForm(prefix="school-")
    form.offer(schools)
    sent = Sent("school", form)
    return _change(slug, sent, lambda book: book.say(form.school.data, form.said, form.said_on.data))


def _tick(slug: str, checklist: Checklist, stage_id: int | None, item: str) -> ResponseReturnValue:
    key = _key(stage_id, item)
    form = TickForm(prefix=f"{key}-")
    return _change(slug, Sent(key, form, stage_id), lambda book: book.tick(form.said(checklist, stage_id, item)))


def _change(slug: str, sent: Sent, do: Callable[[StageBook], Outcome], done: str = _STORED) -> ResponseReturnValue:
    """Do what a form asks for and go back to the page, or show there what is wrong."""
    today, scope = date.today(), the_scope()
    if sent.form.validate_on_submit():
        try:
            with access.writing(the_store(), scope) as writing:
                cluster = find_on_its_way(writing, scope, slug, today)
                if cluster is None:
                    raise NotThere
                outcome = do(StageBook(writing, the_actor(), scope, cluster.cluster_id, today))
        except NotThere:
            _not_there("edit", slug)
        except StageRefused as refusal:
            sent.form.refuse(refusal)
            sent = replace(sent, outdated=isinstance(refusal, TickedMeanwhile))
        else:
            flask.flash(_STANDS if outcome is Outcome.UNCHANGED else done)
            chosen = sent.stage_id if "stage" in request.args else None
            return flask.redirect(flask.url_for("stages.show", slug=slug, stage=chosen), 303)
    return _page(slug, "edit", sent), 422


def _page(slug: str, action: str, sent: Sent | None = None) -> str:
    today, reader = date.today(), the_reader()
    scope = scope_for(reader, Action.SEE, Object.STAGES)
    place = _place(slug, scope, today, action)
    cluster = place.cluster
    title = f"Stages of {amid(cluster.name)}"
    crumb = may(reader, Action.SEE, Object.CLUSTER)
    if not cluster.belongs:
        return page("stages/past_member.html", title, cluster=cluster, crumb=crumb)
    may_edit = scope_for(reader, Action.EDIT, Object.STAGES).holds(cluster.cluster_id, cluster.programme_id)
    asked = place.stage(sent.stage_id if sent and sent.stage_id else request.args.get("stage", type=int))
    # A tick that was refused opens its item, and not the dates of the stage.
    chosen = None if sent and sent.stage_id and not sent.about_time and "stage" not in request.args else asked
    year = programme_year(cluster.starts, today)
    standings = [standing_of(each, year, today) for each in place.stages]
    left = count_down(today, cluster.ends, place.half_terms)
    gates = gates_of(place.stages, standings)
    if asked is not None and leads_on(place.stages, asked) and asked not in gates:
        gates = [asked, *gates]
    forms = sent.form if sent else None
    answers = AnswerForm(formdata=None, prefix="school-", said_on=today) if may_edit else None
    if answers is not None:
        answers.offer(place.schools)
    return page(
        "stages/show.html",
        title,
        cluster=cluster, crumb=crumb, may_edit=may_edit, today=today, problem=forms, say=sentences,
        headlines=_headlines(place, standings, gates, left, year),
        groups=_groups(place.stages, standings), looks=STANDINGS, left=left,
        chosen=chosen, times=_time_forms(chosen, sent) if may_edit and chosen else {},
        gates=[(each, _lines(place, GATE, each, sent, may_edit=may_edit)) for each in gates],
        others=[each for each in place.stages if leads_on(place.stages, each) and each not in gates],
        states_of=lambda stage: _states(place.ticks, stage.stage_id), gate=GATE, independence=INDEPENDENCE,
        before_alone=_lines(place, INDEPENDENCE, None, sent, may_edit=may_edit) if cluster.whole else [],
        states_alone=_states(place.ticks, None),
        members=[each for each in place.schools if each.member],
        left_schools=[each for each in place.schools if not each.member],
        answered=place.answered, called=COMMITMENTS, not_asked=NOT_ASKED,
        answers=sent.form if sent and sent.key == "school" else answers, wrong=sent.key if sent else None,
        made_up=any(tick.illustrative for tick in place.ticks) or any(each.illustrative for each in place.schools),
    )  # fmt: skip


def _place(slug: str, scope: Scope, today: date, action: str) -> Place:
    """The cluster at an address with all that is shown of it; else the same answer as for none."""
    with access.reading(the_store(), scope) as reading:
        found = find_on_its_way(reading, scope, slug, today)
        place = _read(reading, scope, found, today) if found is not None else None
    return place or _not_there(action, slug)


def _read(reading: Session, scope: Scope, cluster: ClusterOnItsWay, today: date) -> Place:
    number = cluster.cluster_id
    if not cluster.belongs:
        return Place(cluster, (), (), (), None, ())
    return Place(
        cluster,
        _in_stages(load_stages(reading, scope, number, today)),
        load_ticks(reading, scope, number, today),
        load_commitments(reading, scope, number, today),
        None if cluster.whole else count_answers(reading, scope, number, today),
        load_years(reading, scope, number, years_between(today, cluster.ends)),
    )


def _in_stages(rows: Sequence[StageRow]) -> list[Stage]:
    """Each stage once, with its times."""
    stages: dict[int, Stage] = {}
    for row in rows:
        made = stages.get(row.stage_id) or Stage(
            row.stage_id, row.name, (), row.words, row.first_year, row.last_year, row.programme, row.is_present
        )
        times = (*made.times, Time(row.starts, row.ends, row.time_id)) if row.time_id is not None else made.times
        stages[row.stage_id] = replace(made, times=times)
    return list(stages.values())


def _groups(stages: Sequence[Stage], standings: Sequence[Standing]) -> list[tuple[str, bool, _Standings]]:
    """The stages of each programme together, those of the present one last: its name, whether it is that one."""
    groups: defaultdict[tuple[str, bool], _Standings] = defaultdict(list)
    for stage, standing in zip(stages, standings, strict=True):
        groups[stage.programme, stage.is_present].append((stage, standing))
    return [(name, is_present, rows) for (name, is_present), rows in groups.items()]


def _headlines(
    place: Place, standings: Sequence[Standing], gates: Sequence[Stage], left: Countdown, year: int | None
) -> list[str]:
    cluster = place.cluster
    years = years_of_agreement(cluster.starts, cluster.ends)
    over = left.days is not None and left.days < 0
    told = [sentences.say_standing(sentences.say_year(year, years, cluster.starts, over=over), left)]
    told.append(sentences.say_current(place.stages, standings))
    told += [
        sentences.say_gate(each.name, GATE, _states(place.ticks, each.stage_id), alone=len(gates) == 1)
        for each in gates
    ]
    return told


def _states(ticks: Sequence[TickRow], stage_id: int | None) -> Mapping[str, TickState]:
    """The states of the items of the gate out of a stage; without one those of independence."""
    return {each.item: each.state for each in ticks if each.stage_id == stage_id}


def _key(stage_id: int | None, item: str) -> str:
    return f"{'alone' if stage_id is None else stage_id}-{item}"


def _lines(
    place: Place, items: Sequence[Item], stage: Stage | None, sent: Sent | None, *, may_edit: bool
) -> list[Line]:
    stage_id, slug = (stage.stage_id if stage else None), place.cluster.slug
    ticks = {each.item: each for each in place.ticks if each.stage_id == stage_id}
    lines = []
    for item in items:
        tick, key = ticks.get(item.key), _key(stage_id, item.key)
        form: Any = None
        if sent is not None and sent.key == key:
            form = sent.form
            if sent.outdated:
                form.seen.data = sign_of_tick(tick)
        elif may_edit:
            given = {"state": tick.state.value, "dated": tick.dated, "note": tick.note} if tick else {}
            form = TickForm(formdata=None, prefix=f"{key}-", seen=sign_of_tick(tick), **given)
        chosen = stage_id if "stage" in request.args else None
        address = (
            flask.url_for("stages.tick_gate", slug=slug, stage_id=stage_id, item=item.key, stage=chosen)
            if stage_id is not None
            else flask.url_for("stages.tick_independence", slug=slug, item=item.key)
        )
        lines.append(Line(item, TICKS[tick.state if tick else TickState.OPEN], tick, key, address, form))
    return lines


def _time_forms(stage: Stage, sent: Sent | None) -> dict[int | None, StageForm]:
    """The forms of the times in a stage by their numbers, and the one for another time."""
    came = {sent.key: sent.form} if sent else {}
    forms: dict[int | None, StageForm] = {
        each.number: came.get(f"time-{each.number}")
        or TimeForm(formdata=None, prefix=f"time-{each.number}-", starts=each.starts, ends=each.ends)
        for each in stage.times
    }
    return {**forms, None: came.get("new") or TimeForm(formdata=None, prefix="new-")}


def _dates(form: TimeForm) -> tuple[date | None, date | None]:
    return form.starts.data, form.ends.data


def _not_there(action: str, slug: str) -> NoReturn:
    not_there(action, Object.STAGES, slug)
