"""Writes of a cluster's meetings and of its calendar, each told to the audit in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.half_terms import half_terms_of
from dashboard.marks import MEETING_WORDS
from dashboard.meetings.blanks import is_blank
from dashboard.meetings.queries import MeetingRow, load_meeting_rows
from dashboard.models import CalendarPeriod, Cluster, Meeting, PersonMark, SchoolMark
from dashboard.vocabulary import MeetingKind, PeriodKind
from dashboard.wording import day

LONGEST_TITLE: Final = 200
LONGEST_NOTE: Final = 500
LONGEST_NAME: Final = 100
MOST_PERIODS: Final = 100
"""Of one cluster in one year: far more than a year has."""
_EARLIEST, _LATEST = date(1990, 9, 1), date(2099, 8, 31)


class MeetingRefused(Exception):
    """A meeting or period cannot be stored; the text says why, `field` which box of the form it is about."""

    def __init__(self, text: str, field: str = "held_on") -> None:
        super().__init__(text)
        self.field = field


class NotThere(Exception):
    """The cluster, meeting or period is not there, or not the actor's to change: one answer for both."""


@dataclass(frozen=True)
class MeetingPlan:
    """What somebody says of a meeting."""

    held_on: date
    kind: MeetingKind
    title: str | None = None
    starts_at: time | None = None
    ends_at: time | None = None
    in_school_time: bool | None = None
    note: str | None = None
    """Such as when the schools agreed to pay for a sub-group (4.19)."""


class Meetings:
    """The meetings of one cluster of a scope, for one actor, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, cluster_id: int) -> None:
        _check_cluster(session, scope, cluster_id)
        self._session, self._actor, self._scope, self._cluster_id = session, actor, scope, cluster_id

    def add(self, *plans: MeetingPlan) -> list[Meeting]:
        """Put meetings in, all of them or none."""
        made = []
        for plan in plans:
            _check_plan(plan)
            self._check_free(plan)
            made.append(
                Meeting(
                    cluster_id=self._cluster_id, held_on=plan.held_on, year=AcademicYear.of(plan.held_on).start,
                    kind=plan.kind, title=plan.title, starts_at=plan.starts_at, ends_at=plan.ends_at,
                    in_school_time=plan.in_school_time, note=plan.note,
                )
            )  # fmt: skip
            self._session.add(made[-1])
            self._store(plan)
        for meeting in made:
            self._tell("add", meeting, None)
        return made

    def move(self, meeting_id: int, plan: MeetingPlan) -> bool:
        """Change a meeting; one that has marks keeps its day and kind. Gives back whether anything changed."""
        row = self._find(meeting_id)
        meeting = self._session.get_one(Meeting, row.id)
        _check_plan(plan)
        if (plan.held_on, plan.kind) != (meeting.held_on, meeting.kind):
            if row.has_marks:
                raise MeetingRefused(
                    f"Schools are marked at the meeting of {day(meeting.held_on)}, so its day and kind stay. "
                    "Take its marks out of the register first if they were of another meeting."
                )
            self._check_free(plan, besides=meeting.id)
        before = _quote(meeting)
        written = meeting.title, meeting.note
        meeting.note = plan.note
        meeting.held_on, meeting.kind, meeting.title = plan.held_on, plan.kind, plan.title
        meeting.year = AcademicYear.of(plan.held_on).start
        meeting.starts_at, meeting.ends_at, meeting.in_school_time = plan.starts_at, plan.ends_at, plan.in_school_time
        if _quote(meeting) == before and (meeting.title, meeting.note) == written:
            return False
        meeting.changed_by_hand()
        self._store(plan)
        self._tell("change", meeting, before)
        return True

    def cancel(self, meeting_id: int) -> MeetingRow:
        """Take out a meeting on which nothing rests."""
        row = self._find(meeting_id)
        if row.has_marks:
            raise MeetingRefused(
                f"The meeting of {day(row.held_on)} has marks in its register, so it is not cancelled. "
                "Take them out first if it did not take place."
            )
        if row.has_lines:
            raise MeetingRefused(f"Money was spent on the meeting of {day(row.held_on)}, so it is not cancelled.")
        meeting = self._session.get_one(Meeting, row.id)
        before = _quote(meeting)
        for table in (SchoolMark, PersonMark):
            self._session.execute(sa.delete(table).where(table.meeting_id == row.id, is_blank(table)))
        self._session.delete(meeting)
        self._session.flush()
        audit.record(
            self._session, self._actor, "cancel", "meeting", row.id, cluster_id=self._cluster_id, before=before
        )
        return row

    def _find(self, meeting_id: int) -> MeetingRow:
        """The meeting, held so that nobody marks a school at it meanwhile."""
        mine = sa.select(Meeting.id).where(Meeting.id == meeting_id, Meeting.cluster_id == self._cluster_id)
        self._session.execute(mine.with_for_update())
        found = load_meeting_rows(self._session, self._scope, self._cluster_id, meeting_id=meeting_id)
        if not found:
            raise NotThere
        return found[0]

    def _check_free(self, plan: MeetingPlan, besides: int = 0) -> None:
        taken = sa.select(Meeting.id).where(
            Meeting.cluster_id == self._cluster_id, Meeting.held_on == plan.held_on, Meeting.kind == plan.kind,
            Meeting.id != besides,
        )  # fmt: skip
        if self._session.scalar(taken) is not None:
            raise _taken(plan)

    def _store(self, plan: MeetingPlan) -> None:
        """Somebody else may have put in the same a moment ago."""
        try:
            self._session.flush()
        except IntegrityError as error:
            raise _taken(plan) from error

    def _tell(self, action: str, meeting: Meeting, before: dict[str, object] | None) -> None:
        audit.record(
            self._session, self._actor, action, "meeting", meeting.id, cluster_id=self._cluster_id, before=before,
            after=_quote(meeting),
        )  # fmt: skip


class Calendar:
    """The own periods of one cluster of a scope in one year, for one actor, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, cluster_id: int, year: AcademicYear) -> None:
        _check_cluster(session, scope, cluster_id)
        self._session, self._actor, self._cluster_id, self._year = session, actor, cluster_id, year

    def add(self, kind: PeriodKind, name: str, starts: date, ends: date) -> CalendarPeriod:
        """Put a period in."""
        self._check(kind, starts, ends)
        if len(self._own()) >= MOST_PERIODS:
            raise MeetingRefused(f"There are {MOST_PERIODS} periods already; remove some first.", "name")
        return self._put(kind, name, starts, ends)

    def change(self, period_id: int, kind: PeriodKind, name: str, starts: date, ends: date) -> bool:
        """Change an own period. Gives back whether anything changed."""
        period = self._find(period_id)
        self._check(kind, starts, ends, besides=period.id)
        before, named = _quote_period(period), period.name
        period.kind, period.name, period.starts, period.ends = kind, name, starts, ends
        if _quote_period(period) == before and period.name == named:
            return False
        self._tell("change", period, before, _quote_period(period))
        return True

    def remove(self, period_id: int) -> None:
        """Take out an own period."""
        period = self._find(period_id)
        before = _quote_period(period)
        self._session.delete(period)
        self._tell("remove", period, before, None)

    def start_from_usual(self) -> int:
        """Copy the usual half terms as the cluster's own, to be edited; gives back how many. Not if it has own ones."""
        if any(each.kind is PeriodKind.HALF_TERM for each in self._own()):
            return 0
        usual = half_terms_of(self._year)
        for each in usual:
            self._put(PeriodKind.HALF_TERM, each.name, each.starts, each.ends)
        return len(usual)

    def _own(self) -> Sequence[CalendarPeriod]:
        return self._session.scalars(
            sa.select(CalendarPeriod).where(
                CalendarPeriod.cluster_id == self._cluster_id, CalendarPeriod.year == self._year.start
            )
        ).all()

    def _find(self, period_id: int) -> CalendarPeriod:
        found = next((each for each in self._own() if each.id == period_id), None)
        if found is None:
            raise NotThere
        return found

    def _check(self, kind: PeriodKind, starts: date, ends: date, besides: int = 0) -> None:
        if ends < starts:
            raise MeetingRefused(f"It would end on {day(ends)}, before it starts on {day(starts)}.", "ends")
        for field, when in (("starts", starts), ("ends", ends)):
            if AcademicYear.of(when) != self._year:
                raise MeetingRefused(f"{day(when)} is not in {self._year}, which runs from September to August.", field)
        if kind is not PeriodKind.HALF_TERM:
            return
        for each in self._own():
            if each.id != besides and each.kind is kind and starts <= each.ends and each.starts <= ends:
                words = f"{each.name}, {day(each.starts)} to {day(each.ends)}"
                raise MeetingRefused(f"It would overlap another half term: {words}.", "starts")

    def _put(self, kind: PeriodKind, name: str, starts: date, ends: date) -> CalendarPeriod:
        period = CalendarPeriod(
            year=self._year.start, cluster_id=self._cluster_id, kind=kind, name=name, starts=starts, ends=ends
        )
        self._session.add(period)
        self._session.flush()
        self._tell("add", period, None, _quote_period(period))
        return period

    def _tell(
        self, action: str, period: CalendarPeriod, before: dict[str, object] | None, after: dict[str, object] | None
    ) -> None:
        self._session.flush()
        audit.record(
            self._session, self._actor, action, "calendar period", period.id, cluster_id=self._cluster_id,
            before=before, after=after,
        )  # fmt: skip


def _check_cluster(session: Session, scope: Scope, cluster_id: int) -> None:
    seen = sa.select(Cluster.id).where(Cluster.id == cluster_id, Cluster.id.in_(visible_clusters(scope)))
    if session.scalar(seen) is None:
        raise NotThere


def _check_plan(plan: MeetingPlan) -> None:
    if not _EARLIEST <= plan.held_on <= _LATEST:
        raise MeetingRefused(f"{day(plan.held_on)} is not a likely date; look at the year.")
    if plan.ends_at is not None and plan.starts_at is None:
        raise MeetingRefused("Say when it starts, or leave the end empty too.", "starts_at")
    if plan.starts_at is not None and plan.ends_at is not None and plan.ends_at <= plan.starts_at:
        raise MeetingRefused(
            f"It would end at {plan.ends_at:%H:%M}, not after it starts at {plan.starts_at:%H:%M}.", "ends_at"
        )


def _taken(plan: MeetingPlan) -> MeetingRefused:
    return MeetingRefused(
        f"On {day(plan.held_on)} there is one of this kind already ({MEETING_WORDS[plan.kind]}): a cluster has one of "
        "each kind a day. Choose another day or kind, or change the one that is there."
    )


def _quote(meeting: Meeting) -> dict[str, object]:
    """Without title and note, in which people write what they like."""
    return audit.quote(
        meeting,
        {
            name: getattr(meeting, name)
            for name in ("held_on", "kind", "starts_at", "ends_at", "in_school_time")
        },
    )  # fmt: skip


def _quote_period(period: CalendarPeriod) -> dict[str, object]:
    return audit.quote(period, {name: getattr(period, name) for name in ("kind", "starts", "ends")})
