"""The two decisions that change more than the concern: a sabbatical (3.6), and an exit, replaced or not (4.22, 4.23).

What follows for events and memberships is written by `dashboard.directory.lifecycle`, as for everybody else who tells
of them. Nothing that was recorded of a school that leaves is touched: its marks, money and plans stay with it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Action, Object, Refused, Scope, visible_clusters, visible_schools
from dashboard.audit import Actor
from dashboard.changes import Outcome
from dashboard.concerns.checks import LONGEST_NOTE, ConcernRefused, check_review, check_text
from dashboard.concerns.commands import ConcernBook
from dashboard.directory.expected import belongs
from dashboard.directory.lifecycle import ByHand, EventRefused, Lifecycle
from dashboard.models import Cluster, Concern, LeadSchool, Meeting, Membership, School, SchoolMark
from dashboard.naming import slug
from dashboard.vocabulary import ATTENDED_MARKS, ConcernDecision
from dashboard.wording import day, sentence

NEWCOMER: Final = "+newcomer"
"""Said instead of a member's slug: the school that comes is to lead. No slug has a plus."""
_AHEAD: Final = timedelta(days=366)
_ONE_DAY: Final = timedelta(days=1)
_AWAY_FIELDS: Final = {"date": "starts", "until": "ends", "review": "review_on"}
_EXIT_FIELDS: Final = {"date": "last_day", "joins": "joins_on", "replaced_by": "replaced_by"}
"""Which field of the form holds what the floor finds wrong."""


@dataclass(frozen=True)
class Away:
    """A sabbatical as somebody decides it."""

    starts: date
    review_on: date
    ends: date | None = None
    reason: str = ""
    """For the director alone (3.5)."""


@dataclass(frozen=True)
class Leaving:
    """An exit as somebody decides it. Schools are named by slug, the one that comes by its name too."""

    last_day: date
    replaced_by: str = ""
    joins_on: date | None = None
    """The day after, where nobody says."""
    new_lead: str = ""
    """Who holds the cluster's money from the next day on, where it is the leaver that does."""


class Departures:
    """Closes concerns with a sabbatical or an exit, for one actor on one day, within one transaction.

    `scope` is where the actor may edit concerns, `exits` where exits.
    """

    def __init__(self, session: Session, actor: Actor, scope: Scope, exits: Scope, today: date) -> None:
        self._session, self._exits, self._today = session, exits, today
        self._book = ConcernBook(session, actor, scope, today)

    def close_with_sabbatical(self, concern_id: int, away: Away, closed_on: date, note: str = "") -> None:
        """Close a concern and write down from when until when the school is expected at no meeting."""
        row = self._book.find_open(concern_id)
        school = self._school(row, "A sabbatical")
        self._check_near(away.starts, "starts")
        check_review(away.review_on, self._today)
        reason = check_text(away.reason, LONGEST_NOTE, "reason") or None
        with _refusing(_AWAY_FIELDS):
            written = self._lifecycle(row).begin_sabbatical(
                school, away.starts, until=away.ends, review=away.review_on, reason=reason
            )
        if reason and written.outcome is not Outcome.ADDED:
            raise ConcernRefused(
                f"The sabbatical from {day(away.starts)} is on record already, and a reason is kept with a new one "
                "alone; leave this empty.",
                "reason",
            )
        event = written.event
        ends = event.ends_on and event.ends_on.isoformat()
        also = {"starts": event.happened_on.isoformat(), "ends": ends, "event": event.id}
        self._book.put_away(row, ConcernDecision.SABBATICAL, closed_on, note, also)

    def close_with_exit(self, concern_id: int, leaving: Leaving, closed_on: date, note: str = "") -> date | None:
        """Close a concern and the membership of its school; bring in the school that comes instead, if one does.

        Gives the last meeting that the school came to when it was no member any more: kept, and not counted.
        Raises Refused where the actor may edit the concern, but decide no exit.
        """
        row = self._book.find_open(concern_id)
        may_decide = sa.select(sa.literal(row.cluster_id).in_(visible_clusters(self._exits)))
        if not self._session.scalar(may_decide):
            raise Refused(Action.EDIT, Object.EXITS)
        school = self._school(row, "An exit")
        self._check_near(leaving.last_day, "last_day")
        also: dict[str, Any] = {"last_day": leaving.last_day.isoformat()}
        newcomer = self._newcomer(leaving)
        with _refusing(_EXIT_FIELDS):
            if newcomer is None:
                self._lifecycle(row).leave(school, leaving.last_day)
            else:
                joins = leaving.joins_on or leaving.last_day + _ONE_DAY
                self._lifecycle(row).replace(school, newcomer, leaving.last_day, joins=joins)
                row.replaced_by_school_id = newcomer.id
                also |= {"replaced_by_school_id": newcomer.id, "joins_on": joins.isoformat()}
        lead_id = self._hand_over_lead(row, school, newcomer, leaving)
        if lead_id is not None:
            also["lead_school_id"] = lead_id
        self._book.put_away(row, ConcernDecision.EXIT, closed_on, note, also)
        return self._came_after(row, school, leaving.last_day)

    def _lifecycle(self, row: Concern) -> Lifecycle:
        return Lifecycle(ByHand(self._session), self._session.get_one(Cluster, row.cluster_id), self._today)

    def _school(self, row: Concern, what: str) -> School:
        if row.school_id is None:
            raise ConcernRefused(
                f"{what} is of a school, and this concern is about the cluster as a group; "
                "raise one about the school, or decide otherwise.",
                "decision",
            )
        return self._session.get_one(School, row.school_id)

    def _check_near(self, when: date, field: str) -> None:
        first, last = self._today - _AHEAD, self._today + _AHEAD
        if not first <= when <= last:
            raise ConcernRefused(
                f"{day(when)} is more than a year away; give a day from {day(first)} to {day(last)}.", field
            )

    def _came_after(self, row: Concern, school: School, last_day: date) -> date | None:
        return self._session.scalar(
            sa.select(sa.func.max(Meeting.held_on))
            .join(SchoolMark, SchoolMark.meeting_id == Meeting.id)
            .where(
                Meeting.cluster_id == row.cluster_id, Meeting.held_on > last_day,
                SchoolMark.school_id == school.id, SchoolMark.mark.in_(ATTENDED_MARKS),
            )
        )  # fmt: skip

    def _newcomer(self, leaving: Leaving) -> School | None:
        written = leaving.replaced_by.strip()
        if not written:
            if leaving.joins_on is not None:
                raise ConcernRefused("Name the school that comes on that day, or leave the day empty.", "replaced_by")
            return None
        if leaving.joins_on is not None:
            self._check_near(leaving.joins_on, "joins_on")
        return self._find_school(written)

    def _find_school(self, text: str) -> School:
        found = self._session.scalars(
            sa.select(School)
            .where(
                School.id.in_(visible_schools(self._exits)),
                sa.or_(School.slug.in_((text, slug(text))), sa.func.lower(School.name) == text.lower()),
            )
            .order_by(School.slug)
            .limit(6)
        ).all()
        exact = [each for each in found if each.slug == text]
        if exact or len(found) == 1:
            return (exact or found)[0]
        if not found:
            raise ConcernRefused(
                f"There is no school “{text}” among those you may see; check the name. "
                "A school that is new to the store is brought in by an import first.",
                "replaced_by",
            )
        raise ConcernRefused(
            f"“{text}” may be more than one school; give one of {', '.join(each.slug for each in found)}.",
            "replaced_by",
        )

    def _hand_over_lead(self, row: Concern, leaver: School, newcomer: School | None, leaving: Leaving) -> int | None:
        """End the leaver's time as lead school with its last day, and let the named school follow: nobody else is made
        to lead, and a cluster is not left without one (4.12).
        """
        last_day = leaving.last_day
        leads = self._session.scalars(
            sa.select(LeadSchool)
            .where(
                LeadSchool.cluster_id == row.cluster_id,
                sa.or_(LeadSchool.ends.is_(None), LeadSchool.ends > last_day),
            )
            .with_for_update()
        ).all()
        own = [each for each in leads if each.school_id == leaver.id]
        others = [each for each in leads if each.school_id != leaver.id]
        to_come = next((each.starts for each in own if each.starts is not None and each.starts > last_day), None)
        if to_come is not None:
            raise ConcernRefused(
                f"{leaver.name} is to be the lead school from {day(to_come)}; have another one named for that time.",
                "last_day",
            )
        first = last_day + _ONE_DAY
        later = [each.starts - _ONE_DAY for each in others if each.starts is not None and each.starts > first]
        for each in own:
            ends, each.ends = min(filter(None, (each.ends, *later)), default=None), last_day
            if not any(other.starts is None or other.starts <= first for other in others):
                lead = self._new_lead(row, leaver, newcomer, leaving.new_lead, first)
                self._session.add(LeadSchool(cluster_id=row.cluster_id, school_id=lead.id, starts=first, ends=ends))
                return lead.id
        return None

    def _new_lead(self, row: Concern, leaver: School, newcomer: School | None, said: str, first: date) -> School:
        if not said:
            raise ConcernRefused(
                f"{leaver.name} is the lead school and holds the cluster’s money; "
                f"say which school leads from {day(first)} on.",
                "new_lead",
            )
        if said == NEWCOMER:
            said = newcomer.slug if newcomer is not None else ""
        found = self._session.scalar(
            sa.select(School).where(
                School.slug == said,
                School.id != leaver.id,
                sa.exists().where(belongs(Membership, row.cluster_id, first), Membership.school_id == School.id),
            )
        )
        if found is None:
            raise ConcernRefused(
                f"This school is no member on {day(first)} and cannot lead from then; choose one that is.", "new_lead"
            )
        return found


@contextmanager
def _refusing(fields: dict[str, str]) -> Iterator[None]:
    """Say what contradicts an event beside the field of the form that holds it."""
    try:
        yield
    except EventRefused as refusal:
        raise ConcernRefused(f"{sentence(str(refusal))}.", fields.get(refusal.about)) from refusal
