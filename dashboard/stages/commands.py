"""Writes about where a cluster stands: its times in stages, what it ticks off, and which schools go on.

By a form, one at a time with its event; the times also by a file, through the changes of a batch. Notes may be about
persons: events hold states and days, never a text.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.changes import Changes, Outcome, Writes
from dashboard.directory.expected import belongs
from dashboard.directory.lifecycle import ByHand
from dashboard.models import (
    ChecklistTick,
    Cluster,
    ClusterStage,
    Membership,
    School,
    SchoolCommitment,
    Stage,
)
from dashboard.naming import slug as slug_of
from dashboard.stages.checks import (
    NotThere,
    StageRefused,
    TickedMeanwhile,
    check_answer,
    check_note,
    check_tick,
    check_time,
    sign_of_tick,
)
from dashboard.vocabulary import Checklist, Commitment, TickState

_LONGEST_AS: Final = 60


@dataclass(frozen=True)
class TickSaid:
    """What somebody says of an item; `stage_id` is the stage that a gate leads out of."""

    checklist: Checklist
    item: str
    state: TickState
    stage_id: int | None = None
    dated: date | None = None
    note: str | None = None
    seen: str = ""
    """The sign of what a form showed of the item; TickedMeanwhile is raised where something else stands there."""


class StageBook:
    """What is known of one cluster's way, for one actor on one day, within one transaction.

    Raises NotThere for what is not within the scope, StageRefused for what cannot be stored.
    """

    def __init__(self, session: Session, actor: Actor, scope: Scope, cluster_id: int, today: date) -> None:
        self._session, self._actor, self._today = session, actor, today
        self._writes = ByHand(session)
        mine = sa.select(Cluster).where(Cluster.id == cluster_id, Cluster.id.in_(visible_clusters(scope)))
        # Held until the end: two people who tick off the same item do it one after the other.
        found = session.scalar(mine.with_for_update())
        if found is None:
            raise NotThere
        self._cluster = found

    def set_time(self, stage_id: int, starts: date | None, ends: date | None, time_id: int | None = None) -> Outcome:
        """Record a time in a stage, or change the one of a number."""
        times = self._times(stage_id)
        found = next((each for each in times if each.id == time_id), None)
        if time_id is not None and found is None:
            raise NotThere
        if not times and not self._is_of_its_programme(stage_id):
            raise NotThere
        check_time(starts, ends, [(each.starts, each.ends) for each in times if each is not found])
        if found is None:
            row = ClusterStage(cluster_id=self._cluster.id, stage_id=stage_id, starts=starts, ends=ends)
            self._writes.add(row)
            self._tell("record", "cluster stage", row, _TIME, None)
            return Outcome.ADDED
        before = _quoted(found, _TIME)
        outcome = self._writes.edit(found, starts=starts, ends=ends)
        if outcome is Outcome.CHANGED:
            self._tell("change", "cluster stage", found, _TIME, before)
        return outcome

    def remove_time(self, stage_id: int, time_id: int) -> None:
        """Take out a time that never was."""
        found = next((each for each in self._times(stage_id) if each.id == time_id), None)
        if found is None:
            raise NotThere
        self._writes.remove(found)
        self._tell("remove", "cluster stage", found, _TIME, _quoted(found, _TIME), gone=True)

    def tick(self, said: TickSaid) -> Outcome:
        """Say what is known of an item of a checklist."""
        is_gate = said.checklist is Checklist.STAGE_GATE
        if is_gate != (said.stage_id is not None):
            raise NotThere
        if said.stage_id is not None and not self._is_of_its_programme(said.stage_id):
            raise NotThere
        note = check_note(said.note)
        check_tick(said.checklist, said.item, said.state, said.dated, note, self._today)
        columns = {"state": said.state, "dated": said.dated, "note": note}
        found = self._session.scalar(
            sa.select(ChecklistTick).where(
                ChecklistTick.cluster_id == self._cluster.id,
                ChecklistTick.checklist == said.checklist,
                ChecklistTick.stage_id == said.stage_id if is_gate else ChecklistTick.stage_id.is_(None),
                ChecklistTick.item == said.item,
            )
        )
        if found is None:
            if said.state is TickState.OPEN and note is None:
                return Outcome.UNCHANGED  # that is what an item is of which nobody said anything
            row = ChecklistTick(
                cluster_id=self._cluster.id, checklist=said.checklist, stage_id=said.stage_id, item=said.item,
                said_as=self._known_as, **columns,
            )  # fmt: skip
            self._writes.add(row)
            self._tell("tick off", "checklist", row, _TICK, None)
            return Outcome.ADDED
        before, stood = _quoted(found, _TICK), sign_of_tick(found)
        outcome = self._writes.edit(found, **columns)
        if outcome is Outcome.CHANGED and stood != said.seen:
            raise TickedMeanwhile
        if outcome is Outcome.CHANGED:
            found.said_as = self._known_as
            self._tell("tick off", "checklist", found, _TICK, before)
        return outcome

    def say(self, school: str, answer: Commitment, said_on: date) -> Outcome:
        """Note whether a member (its slug) goes on."""
        check_answer(said_on, self._today)
        school_id = self._session.scalar(
            sa.select(School.id).where(
                School.slug == school,
                sa.exists().where(
                    belongs(Membership, self._cluster.id, self._today), Membership.school_id == School.id
                ),
            )
        )
        if school_id is None:
            raise StageRefused("This school is no member today; choose one from the list.", "school")
        found = self._session.scalar(
            sa.select(SchoolCommitment).where(
                SchoolCommitment.cluster_id == self._cluster.id, SchoolCommitment.school_id == school_id
            )
        )
        if found is None:
            row = SchoolCommitment(cluster_id=self._cluster.id, school_id=school_id, answer=answer, said_on=said_on)
            row.said_as = self._known_as
            self._writes.add(row)
            self._tell("record", "school commitment", row, _ANSWER, None)
            return Outcome.ADDED
        before = _quoted(found, _ANSWER)
        outcome = self._writes.edit(found, answer=answer, said_on=said_on)
        if outcome is Outcome.CHANGED:
            found.said_as = self._known_as
            self._tell("change", "school commitment", found, _ANSWER, before)
        return outcome

    @property
    def _known_as(self) -> str:
        return self._actor.known_as[:_LONGEST_AS]

    def _times(self, stage_id: int) -> list[ClusterStage]:
        mine = (ClusterStage.cluster_id == self._cluster.id, ClusterStage.stage_id == stage_id)
        return list(self._session.scalars(sa.select(ClusterStage).where(*mine).order_by(ClusterStage.id)))

    def _is_of_its_programme(self, stage_id: int) -> bool:
        stage = sa.select(Stage.id).where(Stage.id == stage_id, Stage.programme_id == self._cluster.programme_id)
        return self._session.scalar(stage) is not None

    def _tell(
        self,
        action: str,
        thing: str,
        row: Any,
        names: tuple[str, ...],
        before: Mapping[str, Any] | None,
        *,
        gone: bool = False,
    ) -> None:
        self._session.flush()
        after = None if gone else _quoted(row, names)
        audit.record(
            self._session, self._actor, action, thing, row.id, cluster_id=self._cluster.id, before=before, after=after
        )


_TIME: Final = ("stage_id", "starts", "ends")
_TICK: Final = ("checklist", "stage_id", "item", "state", "dated")
_ANSWER: Final = ("school_id", "answer", "said_on")


def _quoted(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return audit.quote(row, {name: getattr(row, name) for name in names})


class TimeList:
    """The stages of every programme and the times of every cluster, loaded once for a file."""

    def __init__(self, changes: Changes) -> None:
        self._changes: Writes = changes
        session = changes.session
        self._stages: defaultdict[int, dict[str, Stage]] = defaultdict(dict)
        for stage in session.scalars(sa.select(Stage).order_by(Stage.position)):
            self._stages[stage.programme_id].setdefault(slug_of(stage.name), stage)
        self._times: defaultdict[tuple[int, int], list[ClusterStage]] = defaultdict(list)
        for time in session.scalars(sa.select(ClusterStage).order_by(ClusterStage.id)):
            self._times[time.cluster_id, time.stage_id].append(time)

    def stage(self, cluster: Cluster, written: str) -> Stage:
        """The stage of a cluster's programme that goes by a name. Raises ValueError, with those there are, for none."""
        stages = self._stages[cluster.programme_id] if cluster.programme_id is not None else {}
        found = stages.get(slug_of(written))
        if found is None:
            there = ", ".join(f"“{each.name}”" for each in stages.values())
            raise ValueError(f"there is no such stage; {f'the stages are {there}' if there else 'none are recorded'}")
        return found

    def note(self, cluster: Cluster, stage: Stage, starts: date | None, ends: date | None) -> Outcome:
        """A time of a cluster in a stage, made, or completed where the same one stands there: of the same start, or of
        which no start, or no date at all, is known. Raises StageRefused where it cannot be.
        """
        times = self._times[cluster.id, stage.id]
        same = next((each for each in times if starts is not None and each.starts == starts), None)
        if same is None:
            same = next((each for each in times if each.starts is None and each.ends in (None, ends)), None)
        if same is None and starts is None:
            same = next((each for each in times if ends is None or each.ends in (None, ends)), None)
        first = starts or (same.starts if same else None)
        last = ends or (same.ends if same else None)
        check_time(first, last, [(each.starts, each.ends) for each in times if each is not same])
        if same is not None:
            return self._changes.edit(same, starts=first, ends=last)
        row = ClusterStage(cluster_id=cluster.id, stage_id=stage.id, starts=starts, ends=ends)
        self._changes.add(row)
        times.append(row)
        return Outcome.ADDED
