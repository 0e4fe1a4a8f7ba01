"""What each query must answer, recomputed in plain loops over whole tables, from the contract and the docstrings."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.db import Base
from dashboard.models import (
    Allocation,
    Benchmark,
    CarriedBalance,
    Cluster,
    Criterion,
    Evidence,
    LedgerLine,
    LifecycleEvent,
    Meeting,
    Membership,
    ProgrammeRule,
    School,
    SchoolMark,
    Target,
)
from dashboard.vocabulary import CriterionState, EventKind, Mark, MeetingKind, Part, PlanCell, Pot, TargetStatus

Answer = dict[str, Any]
Pairs = list[tuple[int, int]]
"""The pairs (cluster_id, year) that a view is about."""


def records(frame: pd.DataFrame, like: list[Answer] | None = None) -> list[Answer]:
    """The rows of a frame as plain dictionaries; of `like` the columns only."""
    rows: list[Answer] = frame.to_dict("records")
    keys = list(like[0]) if like else list(frame.columns)
    return [{key: row[key] for key in keys} for row in rows]


def in_any_order(rows: Iterable[Answer]) -> list[Answer]:
    return sorted(rows, key=lambda row: [str(value) for value in row.values()])


@dataclass(frozen=True)
class SlowAnswers:
    """Every row of a store, and what to make of it."""

    clusters: list[Cluster]
    schools: dict[int, School]
    memberships: list[Membership]
    events: list[LifecycleEvent]
    meetings: list[Meeting]
    marks: dict[tuple[int, int], SchoolMark]
    allocations: list[Allocation]
    balances: list[CarriedBalance]
    lines: list[LedgerLine]
    targets: list[Target]
    criteria: list[Criterion]
    evidence: list[Evidence]
    benchmarks: list[Benchmark]
    rolls: dict[int, bool]
    """Whether money goes on into the next year, by cluster."""

    @classmethod
    def of(cls, session: Session) -> "SlowAnswers":
        clusters = _all(session, Cluster)
        against = {
            rule.programme_id
            for rule in _all(session, ProgrammeRule)
            if rule.name == "roll_over" and rule.value == "no"
        }
        return cls(
            clusters=clusters,
            schools={school.id: school for school in _all(session, School)},
            memberships=_all(session, Membership),
            events=_all(session, LifecycleEvent),
            meetings=_all(session, Meeting),
            marks={(mark.meeting_id, mark.school_id): mark for mark in _all(session, SchoolMark)},
            allocations=_all(session, Allocation),
            balances=_all(session, CarriedBalance),
            lines=_all(session, LedgerLine),
            targets=_all(session, Target),
            criteria=_all(session, Criterion),
            evidence=_all(session, Evidence),
            benchmarks=_all(session, Benchmark),
            rolls={cluster.id: cluster.programme_id not in against for cluster in clusters},
        )

    # The directory.

    def cluster_years(self, cluster_ids: Iterable[int], as_of: date, year: int | None) -> Pairs:
        if year is not None:
            return [(each, year) for each in cluster_ids]
        this_year = AcademicYear.of(as_of).start
        pairs = []
        for each in cluster_ids:
            begun = [of for of in self.years_with_data([each]) if of <= this_year]
            pairs.append((each, begun[0] if begun else this_year))
        return pairs

    def years_with_data(self, cluster_ids: Iterable[int]) -> list[int]:
        wanted, years = set(cluster_ids), set()
        yearly = (self.meetings, self.allocations, self.balances, self.lines, self.targets, self.benchmarks)
        for table in yearly:
            for row in table:
                if row.cluster_id in wanted:
                    years.add(row.year)
        return sorted(years, reverse=True)

    def members_in(self, cluster_id: int, year: int) -> list[int]:
        begins, ends = AcademicYear(year).starts, AcademicYear(year).ends
        members = []
        for row in self.memberships:
            late, gone = row.joined is not None and row.joined > ends, row.left is not None and row.left < begins
            if row.cluster_id == cluster_id and not late and not gone and row.school_id not in members:
                members.append(row.school_id)
        return sorted(members, key=lambda school_id: (self.schools[school_id].name, school_id))

    def is_member(self, cluster_id: int, school_id: int, day: date) -> bool:
        for row in self.memberships:
            if (row.cluster_id, row.school_id) == (cluster_id, school_id):
                joined, left = row.joined or date.min, row.left or date.max
                if joined <= day <= left:
                    return True
        return False

    def away_on(self, cluster_id: int, school_id: int, day: date) -> EventKind | None:
        """Why a school was expected at no meeting of a cluster on a day; where there are two reasons, closed."""
        found = None
        for event in self.events:
            mine = (event.cluster_id, event.school_id, event.of_a_person) == (cluster_id, school_id, False)
            lasts = event.happened_on <= day <= (event.ends_on or date.max)
            if mine and lasts and event.kind in (EventKind.SABBATICAL, EventKind.CLOSED):
                found = EventKind.CLOSED if EventKind.CLOSED in (found, event.kind) else event.kind
        return found

    def is_expected(self, cluster_id: int, school_id: int, day: date) -> bool:
        return self.is_member(cluster_id, school_id, day) and self.away_on(cluster_id, school_id, day) is None

    def load_sizes(self, pairs: Pairs, as_of: date) -> list[Answer]:
        return [
            {
                "cluster_id": cluster_id,
                "year": year,
                "schools": len(self.members_in(cluster_id, year)),
                "held": len(self._whole_meetings(cluster_id, year, as_of)),
                "planned": len(self._whole_meetings(cluster_id, year, date.max))
                - len(self._whole_meetings(cluster_id, year, as_of)),
                "in_school": self._in_school(cluster_id, year, as_of, True),
                "after_school": self._in_school(cluster_id, year, as_of, False),
            }
            for cluster_id, year in pairs
        ]

    def _in_school(self, cluster_id: int, year: int, as_of: date, said: bool) -> int:
        return sum(each.in_school_time is said for each in self._whole_meetings(cluster_id, year, as_of))

    def _whole_meetings(self, cluster_id: int, year: int, until: date) -> list[Meeting]:
        return [each for each in self.past_meetings(cluster_id, year, until) if each.kind == MeetingKind.CLUSTER]

    # Attendance.

    def past_meetings(self, cluster_id: int, year: int, as_of: date) -> list[Meeting]:
        held = [
            each
            for each in self.meetings
            if each.cluster_id == cluster_id and AcademicYear.of(each.held_on).start == year and each.held_on <= as_of
        ]
        return sorted(held, key=lambda each: (each.held_on, each.id))

    def load_meetings(self, pairs: Pairs, as_of: date) -> list[Answer]:
        held = [each for cluster_id, year in pairs for each in self.past_meetings(cluster_id, year, as_of)]
        return [
            {"cluster_id": each.cluster_id, "meeting_id": each.id, "held_on": each.held_on, "kind": each.kind}
            for each in sorted(held, key=lambda each: (each.held_on, each.id))
        ]

    def mark_at(self, meeting: Meeting, school_id: int) -> Mark:
        if not self.is_expected(meeting.cluster_id, school_id, meeting.held_on):
            return Mark.NOT_EXPECTED
        row = self.marks.get((meeting.id, school_id))
        return row.mark if row else Mark.NOT_RECORDED

    def load_marks(self, pairs: Pairs, as_of: date, school_id: int | None = None) -> list[Answer]:
        rows = []
        for cluster_id, year in pairs:
            for member in self.members_in(cluster_id, year):
                for meeting in self.past_meetings(cluster_id, year, as_of):
                    stored = self.marks.get((meeting.id, member))
                    rows.append(
                        {
                            "school_id": member,
                            "school": self.schools[member].slug,
                            "name": self.schools[member].name,
                            "meeting_id": meeting.id,
                            "held_on": meeting.held_on,
                            "kind": meeting.kind,
                            "mark": self.mark_at(meeting, member),
                            "away": (
                                self.away_on(cluster_id, member, meeting.held_on)
                                if self.is_member(cluster_id, member, meeting.held_on)
                                else None
                            ),
                            "illustrative": stored.illustrative if stored else meeting.illustrative,
                        }
                    )
        rows.sort(key=lambda row: (row["name"], row["school_id"], row["held_on"], row["meeting_id"]))
        return [row for row in rows if school_id in (None, row["school_id"])]

    def load_turnout_by_term(self, pairs: Pairs, as_of: date) -> list[Answer]:
        """Each term of a cluster and year with a mark, by the months of its meetings."""
        terms: dict[tuple[int, int, str], Answer] = {}
        for cluster_id, year in pairs:
            for held in self.past_meetings(cluster_id, year, as_of):
                members = [each for each in self.schools if self.is_expected(cluster_id, each, held.held_on)]
                marks = [self.mark_at(held, each) for each in members]
                expected = [each for each in marks if each not in (Mark.NOT_RECORDED, Mark.NOT_EXPECTED)]
                if not expected:
                    continue
                month = held.held_on.month
                name = "autumn" if month >= 9 else "spring" if month <= 3 else "summer"
                term = terms.setdefault(
                    (cluster_id, year, name),
                    {"cluster_id": cluster_id, "year": year, "term": name, "meetings": 0, "attended": 0, "expected": 0,
                     "not_recorded": 0},
                )  # fmt: skip
                term["meetings"] += 1
                term["expected"] += len(expected)
                term["attended"] += sum(each in (Mark.PRESENT, Mark.SUBSTITUTE) for each in expected)
                term["not_recorded"] += marks.count(Mark.NOT_RECORDED)
        return list(terms.values())

    def load_attendance_by_school(self, pairs: Pairs, as_of: date, school_id: int | None = None) -> list[Answer]:
        rows = [
            self._attendance(cluster_id, member, self.past_meetings(cluster_id, year, as_of))
            for cluster_id, year in pairs
            for member in self.members_in(cluster_id, year)
            if school_id in (None, member)
        ]
        return sorted(rows, key=lambda row: (row["name"], row["school_id"]))

    def _attendance(self, cluster_id: int, school_id: int, meetings: list[Meeting]) -> Answer:
        counts = dict.fromkeys(("present", "substitute", "apologies", "absent", "not_recorded", "not_expected"), 0)
        missed, last, illustrative, marks = 0, None, 0, 0
        for meeting in meetings:
            if not self.is_expected(cluster_id, school_id, meeting.held_on):
                continue
            stored = self.marks.get((meeting.id, school_id))
            marks += 1 if stored else 0
            illustrative += 1 if stored and stored.illustrative else 0
            mark = self.mark_at(meeting, school_id)
            counts[mark.value] += 1
            if mark in (Mark.PRESENT, Mark.SUBSTITUTE):
                missed, last = 0, meeting.held_on
            elif mark in (Mark.APOLOGIES, Mark.ABSENT):
                missed += 1
        del counts["not_expected"]
        attended = counts["present"] + counts["substitute"]
        expected = attended + counts["apologies"] + counts["absent"]
        school = self.schools[school_id]
        return {
            "cluster_id": cluster_id,
            "school_id": school_id,
            "school": school.slug,
            "name": school.name,
            **counts,
            "expected": expected,
            "attended": attended,
            "rate": attended / expected if expected else None,
            "last_attended": last,
            "missed_in_a_row": missed,
            "illustrative": illustrative,
            "marks": marks,
        }

    # Money.

    def _balance(self, rows: "_Money", year: int, *, rolls: bool) -> Answer:
        carried = sum(row.amount for row in rows.balances if row.year == year)
        allocated = sum(row.amount for row in rows.allocations if row.year == year)
        committed = sum(row.amount for row in rows.lines if row.year == year and row.state in ("approved", "committed"))
        spent = sum(row.amount for row in rows.lines if row.year == year and row.state in ("invoiced", "paid"))
        earlier = 0
        if rolls and year > min(rows.years, default=year):
            earlier = self._balance(rows, year - 1, rolls=True)["remaining"]
        forward = carried + earlier
        return {
            "brought_forward": forward,
            "allocated": allocated,
            "committed": committed,
            "spent": spent,
            "remaining": forward + allocated - spent - committed,
        }

    def load_pots(self, pairs: Pairs, *, school_id: int | None = None) -> list[Answer]:
        """A row for each pot and part with an entry in the year, or with money that came forward."""
        answers = []
        for cluster_id, year in sorted(pairs):
            for holder in Pot:
                for part in Part:
                    rows = self._money(cluster_id, holder, part, school_id)
                    rolls = holder == Pot.LEAD_HELD and self.rolls[cluster_id]
                    figures = self._balance(rows, year, rolls=rolls)
                    if year in rows.years or any(figures.values()):
                        answers.append({"cluster_id": cluster_id, "pot": holder, "part": part} | figures)
        return answers

    def _money(self, cluster_id: int, pot: Pot, part: Part | None, school_id: int | None) -> "_Money":
        def concerns(row: Allocation | CarriedBalance | LedgerLine) -> bool:
            return (
                (row.cluster_id, row.pot) == (cluster_id, pot)
                and part in (None, row.part)
                and school_id in (None, row.school_id)
            )

        return _Money(
            [row for row in self.allocations if concerns(row)],
            [row for row in self.balances if concerns(row)],
            [row for row in self.lines if concerns(row)],
        )

    def load_release_by_school(self, pairs: Pairs) -> list[Answer]:
        answers = []
        for cluster_id, year in pairs:
            rows = self._money(cluster_id, Pot.SCHOOL_HELD, Part.RELEASE, None)
            holders = {row.school_id for row in rows.all if row.year == year}
            for holder in holders:
                own = _Money(*([r for r in table if r.school_id == holder] for table in rows.tables))
                figures = self._balance(own, year, rolls=False)
                spent = [r for r in own.lines if r.year == year and r.state in ("invoiced", "paid")]
                answers.append(
                    {"cluster_id": cluster_id, "school_id": holder}
                    | {name: figures[name] for name in ("allocated", "committed", "spent")}
                    | {"half_days": sum((r.amount > 0) - (r.amount < 0) for r in spent)}
                )
        return answers

    # Plans.

    def _targets(self, pairs: Pairs) -> list[Target]:
        chosen = [each for each in self.targets if (each.cluster_id, each.year) in pairs]
        return sorted(chosen, key=lambda each: (each.cluster_id, each.position, each.id))

    def _criteria_of(self, target: Target) -> list[Criterion]:
        return sorted((each for each in self.criteria if each.target_id == target.id), key=lambda each: each.position)

    def load_targets(self, pairs: Pairs, as_of: date) -> list[Answer]:
        return [self._target(each, as_of) for each in self._targets(pairs)]

    def _target(self, target: Target, as_of: date) -> Answer:
        states = [each.state for each in self._criteria_of(target)]
        pieces = [each.dated for each in self.evidence if each.target_id == target.id]
        filled = [cell for cell in PlanCell if getattr(target, f"cell_{cell}") is not None]
        return {
            "cluster_id": target.cluster_id,
            "target_id": target.id,
            "code": target.code,
            "title": target.title,
            "owner": target.owner,
            "due": target.due,
            "status": _status(target, states, len(pieces), as_of),
            "own_status": target.own_status,
            "criteria": len(states),
            "met": states.count(CriterionState.MET),
            "not_met": states.count(CriterionState.NOT_MET),
            "no_evidence": states.count(CriterionState.NO_EVIDENCE),
            "evidence": len(pieces),
            "last_evidence": max((dated for dated in pieces if dated), default=None),
            "cells_filled": len(filled),
            "has_impact": PlanCell.IMPACT in filled,
            "illustrative": target.illustrative,
        }

    def load_criteria(self, pairs: Pairs) -> list[Answer]:
        targets = sorted(self._targets(pairs), key=lambda each: (each.position, each.id))
        return [
            {
                "target_id": target.id,
                "code": target.code,
                "position": each.position,
                "number": number,
                "text": each.text,
                "state": each.state,
            }
            for target in targets
            for number, each in enumerate(self._criteria_of(target), start=1)
        ]


@dataclass(frozen=True)
class _Money:
    allocations: list[Any]
    balances: list[Any]
    lines: list[Any]

    @property
    def tables(self) -> tuple[list[Any], list[Any], list[Any]]:
        return self.allocations, self.balances, self.lines

    @property
    def all(self) -> list[Any]:
        return [*self.allocations, *self.balances, *self.lines]

    @property
    def years(self) -> set[int]:
        return {row.year for row in self.all}


def _status(target: Target, states: list[CriterionState], pieces: int, as_of: date) -> TargetStatus:
    if target.own_status is not None:
        return target.own_status
    if states and all(state == CriterionState.MET for state in states):
        return TargetStatus.ACHIEVED
    if pieces:
        return TargetStatus.IN_PROGRESS
    if target.due is not None and target.due < as_of:
        return TargetStatus.STALLED
    return TargetStatus.NOT_STARTED


def _all(session: Session, model: type[Base]) -> list[Any]:
    return list(session.scalars(sa.select(model)))


def as_pairs(session: Session, years: sa.CTE) -> Pairs:
    """The pairs that `cluster_years` chose."""
    return sorted((row.cluster_id, row.year) for row in session.execute(sa.select(years)))
