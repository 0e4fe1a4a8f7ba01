"""The two decisions that change more than the concern: a sabbatical (3.6), and an exit, replaced or not (4.22, 4.23).

Nothing that was recorded of a school that leaves is touched: its marks, money and plans stay with it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Action, Object, Refused, Scope, visible_clusters, visible_schools
from dashboard.audit import Actor
from dashboard.concerns.checks import LONGEST_NOTE, ConcernRefused, check_review, check_text
from dashboard.concerns.commands import ConcernBook, is_member
from dashboard.models import (
    Concern,
    LeadSchool,
    LifecycleEvent,
    LifecycleReason,
    Meeting,
    Membership,
    School,
    SchoolMark,
)
from dashboard.naming import slug
from dashboard.vocabulary import ATTENDED_MARKS, AWAY_EVENTS, ConcernDecision, EventKind
from dashboard.wording import day

NEWCOMER: Final = "+newcomer"
"""Said instead of a member's slug: the school that comes is to lead. No slug has a plus."""
_AHEAD: Final = timedelta(days=366)
_ONE_DAY: Final = timedelta(days=1)


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
        if away.ends is not None and away.ends < away.starts:
            raise ConcernRefused(
                f"{day(away.ends)} is before the first day ({day(away.starts)}); give that day or a later one.", "ends"
            )
        check_review(away.review_on, self._today)
        self._check_member(row, school, away.starts)
        self._check_not_away(row, school, away)
        reason = check_text(away.reason, LONGEST_NOTE, "reason")
        event = LifecycleEvent(
            cluster_id=row.cluster_id, school_id=school.id, kind=EventKind.SABBATICAL, happened_on=away.starts,
            ends_on=away.ends, review_on=away.review_on,
        )  # fmt: skip
        self._session.add(event)
        self._session.flush()
        if reason:
            # Without asking for the row back: whoever writes a reason may not read it.
            self._session.execute(
                sa.insert(LifecycleReason).inline(),
                [{"event_id": event.id, "cluster_id": row.cluster_id, "reason": reason}],
            )
        also = {"starts": away.starts.isoformat(), "ends": away.ends and away.ends.isoformat(), "event": event.id}
        self._book.put_away(row, ConcernDecision.SABBATICAL, closed_on, note, also)

    def close_with_exit(self, concern_id: int, leaving: Leaving, closed_on: date, note: str = "") -> None:
        """Close a concern and the membership of its school; bring in the school that comes instead, if one does.

        Raises Refused where the actor may edit the concern, but decide no exit.
        """
        row = self._book.find_open(concern_id)
        may_decide = sa.select(sa.literal(row.cluster_id).in_(visible_clusters(self._exits)))
        if not self._session.scalar(may_decide):
            raise Refused(Action.EDIT, Object.EXITS)
        school = self._school(row, "An exit")
        self._check_near(leaving.last_day, "last_day")
        self._end_membership(row, school, leaving.last_day)
        newcomer = self._bring_in(row, school, leaving)
        lead_id = self._hand_over_lead(row, school, newcomer, leaving)
        self._add_event(row, school, EventKind.DROPPED_OUT, leaving.last_day, newcomer)
        if newcomer is not None and leaving.joins_on is not None:
            self._add_event(row, school, EventKind.REPLACED, leaving.joins_on, newcomer)
            self._add_event(row, newcomer, EventKind.JOINED, leaving.joins_on, None)
            row.replaced_by_school_id = newcomer.id
        also: dict[str, Any] = {"last_day": leaving.last_day.isoformat()}
        if newcomer is not None and leaving.joins_on is not None:
            also |= {"replaced_by_school_id": newcomer.id, "joins_on": leaving.joins_on.isoformat()}
        if lead_id is not None:
            also["lead_school_id"] = lead_id
        self._book.put_away(row, ConcernDecision.EXIT, closed_on, note, also)

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

    def _check_member(self, row: Concern, school: School, on: date) -> None:
        belongs = sa.exists().where(
            Membership.cluster_id == row.cluster_id, Membership.school_id == school.id, is_member(on)
        )
        if not self._session.scalar(sa.select(belongs)):
            raise ConcernRefused(
                f"{school.name} is no member on {day(on)}; give a day on which it is, or decide otherwise.", "starts"
            )

    def _check_not_away(self, row: Concern, school: School, away: Away) -> None:
        overlaps: list[sa.ColumnElement[bool]] = [
            LifecycleEvent.ends_on.is_(None) | (LifecycleEvent.ends_on >= away.starts)
        ]
        if away.ends is not None:
            overlaps.append(LifecycleEvent.happened_on <= away.ends)
        other = self._session.scalar(
            sa.select(LifecycleEvent)
            .where(
                LifecycleEvent.cluster_id == row.cluster_id,
                LifecycleEvent.school_id == school.id,
                LifecycleEvent.of_a_person.is_(False),
                LifecycleEvent.kind.in_(AWAY_EVENTS),
                *overlaps,
            )
            .order_by(LifecycleEvent.happened_on)
            .limit(1)
        )
        if other is not None:
            until = f" until {day(other.ends_on)}" if other.ends_on else ""
            raise ConcernRefused(
                f"{school.name} is away already, from {day(other.happened_on)}{until}; "
                "end that first, or give days outside it.",
                "starts",
            )

    def _end_membership(self, row: Concern, school: School, last_day: date) -> None:
        spells = self._session.scalars(
            sa.select(Membership)
            .where(Membership.cluster_id == row.cluster_id, Membership.school_id == school.id)
            .with_for_update()
        ).all()
        covering = [each for each in spells if each.left is None or each.left >= last_day]
        if not covering:
            left = max((each.left for each in spells if each.left), default=None)
            told = f"{school.name} left on {day(left)} already" if left else f"{school.name} is no member"
            raise ConcernRefused(
                f"{told}; give {'that day' if left else 'another decision'}, or settle the concern.", "last_day"
            )
        for each in covering:
            if each.joined is not None and each.joined > last_day:
                raise ConcernRefused(
                    f"{school.name} joined on {day(each.joined)}; give a last day on or after it.", "last_day"
                )
        came = self._session.scalar(
            sa.select(sa.func.max(Meeting.held_on))
            .join(SchoolMark, SchoolMark.meeting_id == Meeting.id)
            .where(
                Meeting.cluster_id == row.cluster_id, Meeting.held_on > last_day,
                SchoolMark.school_id == school.id, SchoolMark.mark.in_(ATTENDED_MARKS),
            )
        )  # fmt: skip
        if came is not None:
            raise ConcernRefused(
                f"{school.name} came to the meeting of {day(came)}; give that day or a later one as the last.",
                "last_day",
            )
        for each in covering:
            each.left = last_day

    def _bring_in(self, row: Concern, leaver: School, leaving: Leaving) -> School | None:
        if not leaving.replaced_by.strip():
            if leaving.joins_on is not None:
                raise ConcernRefused("Name the school that comes on that day, or leave the day empty.", "replaced_by")
            return None
        school = self._find_school(leaving.replaced_by.strip())
        if school.id == leaver.id:
            raise ConcernRefused(
                f"{school.name} is the school that leaves; name another one, or leave it empty.", "replaced_by"
            )
        if leaving.joins_on is None:
            raise ConcernRefused(f"Give the first day of {school.name} as a member.", "joins_on")
        self._check_near(leaving.joins_on, "joins_on")
        later = self._session.scalar(
            sa.select(Membership)
            .where(
                Membership.cluster_id == row.cluster_id, Membership.school_id == school.id,
                Membership.left.is_(None) | (Membership.left >= leaving.joins_on),
            )
            .limit(1)
        )  # fmt: skip
        if later is not None:
            raise ConcernRefused(
                f"{school.name} is a member of this cluster then already; name another school, or leave it empty.",
                "replaced_by",
            )
        self._session.add(Membership(cluster_id=row.cluster_id, school_id=school.id, joined=leaving.joins_on))
        self._session.flush()
        return school

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
                sa.exists().where(
                    Membership.cluster_id == row.cluster_id, Membership.school_id == School.id, is_member(first)
                ),
            )
        )
        if found is None:
            raise ConcernRefused(
                f"This school is no member on {day(first)} and cannot lead from then; choose one that is.", "new_lead"
            )
        return found

    def _add_event(self, row: Concern, school: School, kind: EventKind, on: date, by: School | None) -> None:
        self._session.add(
            LifecycleEvent(
                cluster_id=row.cluster_id, school_id=school.id, kind=kind, happened_on=on,
                replaced_by_school_id=by.id if by else None,
            )
        )  # fmt: skip
