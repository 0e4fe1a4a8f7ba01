"""The events and memberships of one cluster, loaded once, with what is asked of them before anything is written."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa

from dashboard.changes import Outcome, Writes
from dashboard.directory.lifecycle.refusals import EventRefused, check_order
from dashboard.models import Cluster, LifecycleEvent, LifecycleReason, Membership, Person, School, TrustMembership
from dashboard.vocabulary import AWAY_EVENTS, EventKind
from dashboard.wording import day

DAY: Final = timedelta(days=1)
CLOSING: Final = (EventKind.DROPPED_OUT, EventKind.REPLACED, EventKind.CLOSED)
"""Events that may end a membership: on their day, but on the day before where the school closes for good."""
OF_THE_CLUSTER: Final = (EventKind.STAGE_GATE, EventKind.INDEPENDENT)
"""Events of the cluster as a whole."""


@dataclass(frozen=True)
class Recorded:
    """The event, and what became of it: UNCHANGED where it stood there already."""

    event: LifecycleEvent
    outcome: Outcome


class Book:
    """What is written down of one cluster."""

    def __init__(self, writes: Writes, cluster: Cluster) -> None:
        self.writes, self.session, self.cluster = writes, writes.session, cluster
        # Two people who write about one cluster at the same time do so one after the other.
        self.session.execute(sa.select(Cluster.id).where(Cluster.id == cluster.id).with_for_update())
        self.spells: defaultdict[int, list[Membership]] = defaultdict(list)
        spells = sa.select(Membership).where(Membership.cluster_id == cluster.id)
        for spell in self.session.scalars(spells.order_by(Membership.id)):
            self.spells[spell.school_id].append(spell)
        events = sa.select(LifecycleEvent).where(LifecycleEvent.cluster_id == cluster.id)
        self.events = list(self.session.scalars(events.order_by(LifecycleEvent.id)))

    def note(
        self,
        kind: EventKind,
        school: School | None,
        on: date,
        *,
        person: Person | None = None,
        successor: Person | None = None,
        newcomer: School | None = None,
        ends: date | None = None,
        review: date | None = None,
        reviewed: date | None = None,
        reason: str | None = None,
    ) -> Recorded:
        """Write an event down, or complete the one that stands there. A reason is kept of a new one alone."""
        stands = self.find(kind, school, on, person)
        if stands is not None:
            said = {"ends_on": ends, "review_on": review, "reviewed_on": reviewed}
            known = {name: value for name, value in said.items() if value is not None}
            return Recorded(stands, self.writes.edit(stands, **known))
        event = LifecycleEvent(
            cluster_id=self.cluster.id, school_id=school.id if school else None, kind=kind, happened_on=on,
            person_id=person.id if person else None, ends_on=ends, review_on=review, reviewed_on=reviewed,
            replaced_by_school_id=newcomer.id if newcomer else None,
            replaced_by_person_id=successor.id if successor else None,
        )  # fmt: skip
        self.writes.add(event)
        self.session.flush()
        self.events.append(event)
        if reason:
            # Not through the session, which would read the row back: whoever writes a reason may not read one.
            why = {"event_id": event.id, "cluster_id": self.cluster.id, "reason": reason}
            self.session.execute(sa.insert(LifecycleReason).inline().values(why))
        return Recorded(event, Outcome.ADDED)

    def find(
        self, kind: EventKind, school: School | None, on: date, person: Person | None = None
    ) -> LifecycleEvent | None:
        """The event of this kind that stands there already."""
        key = (kind, school.id if school else None, on, person.id if person else None)
        return next((e for e in self.events if (e.kind, e.school_id, e.happened_on, e.person_id) == key), None)

    def school_of(self, event: LifecycleEvent) -> School:
        """The school that an event is about."""
        return self.session.get_one(School, event.school_id)

    def spell(self, school: School, on: date) -> Membership | None:
        """The membership that covers a day."""
        return next((each for each in self.spells[school.id] if covers(each, on)), None)

    def need_member(self, school: School, on: date) -> Membership:
        """As `spell`, but it is wrong if there is none."""
        spell = self.spell(school, on)
        if spell is not None:
            return spell
        spells = self.spells[school.id]
        joined = [each.joined for each in spells if each.joined is not None and each.joined > on]
        left = [each.left for each in spells if each.left is not None and each.left < on]
        if left:
            why = f"it left on {day(max(left))}"
        else:
            why = f"it joined on {day(min(joined))}" if joined else "it never joined"
        raise EventRefused("date", f"{school.name} was no member of {self.cluster.name} on {day(on)}: {why}")

    def check_joining(self, school: School, on: date, about: str = "date") -> None:
        """Refuse to let a school join that is a member on the day, or will be."""
        there = next((each for each in self.spells[school.id] if each.left is None or each.left >= on), None)
        if there is None:
            return
        since = f"since {day(there.joined)}" if there.joined else "since a day that nobody wrote down"
        until = f" until {day(there.left)}" if there.left else ""
        raise EventRefused(about, f"{school.name} is a member of {self.cluster.name} already, {since}{until}")

    def end_membership(self, school: School, last: date) -> None:
        """End the membership that covers a day, which is its last."""
        spell = self.need_member(school, last)
        if spell.left is not None and spell.left != last:
            raise EventRefused("date", f"{school.name} leaves on {day(spell.left)} already; correct that first")
        self.refuse_if_something_follows(school, spell, last)
        self.writes.edit(spell, left=last)

    def refuse_if_something_follows(
        self, school: School, spell: Membership, last: date, but: LifecycleEvent | None = None
    ) -> None:
        """Refuse to end a membership before something that happened during it."""
        for each in self.of_spell(school, spell):
            if each is not but and each.happened_on > last:
                raise EventRefused(
                    "date",
                    f"something else is written down of {school.name} for {day(each.happened_on)}, when it would have "
                    "left; take that back first, or choose a later day",
                )

    def of_spell(self, school: School, spell: Membership) -> list[LifecycleEvent]:
        """The events of a school during a membership."""
        return [each for each in self.events if each.school_id == school.id and covers(spell, each.happened_on)]

    def spell_ended_by(self, event: LifecycleEvent) -> Membership | None:
        """The membership that ended with an event."""
        if event.school_id is None or event.kind not in CLOSING:
            return None
        if event.kind is EventKind.CLOSED and event.ends_on is not None:
            return None
        last = event.happened_on - DAY * (event.kind is EventKind.CLOSED)
        return next((each for each in self.spells[event.school_id] if each.left == last), None)

    def check_away(
        self, school: School, on: date, until: date | None, person_id: int | None, but: LifecycleEvent | None
    ) -> None:
        """Refuse a time away that overlaps another one of the same school, or of the same colleague."""
        check_order(on, until)
        self.need_member(school, on)
        for each in self.events:
            if each is but or each.school_id != school.id or each.kind not in AWAY_EVENTS:
                continue
            if each.of_a_person is not (person_id is not None):
                continue
            if each.person_id == person_id and each.happened_on <= (until or date.max) and last_day(each) >= on:
                what = "closed" if each.kind is EventKind.CLOSED else "on sabbatical"
                ends = f" until {day(each.ends_on)}" if each.ends_on else ""
                whose = school.name if person_id is None else f"this colleague of {school.name}"
                raise EventRefused(
                    "date", f"{whose} is {what} already, from {day(each.happened_on)}{ends}; two at once cannot be"
                )


def need_kind(event: LifecycleEvent, *kinds: EventKind) -> None:
    """Refuse what cannot be done to an event."""
    if event.kind not in kinds:
        raise EventRefused("event", "this cannot be done to an event of this kind; take it back and record it anew")


def covers(spell: Membership | TrustMembership, on: date) -> bool:
    """Whether a day lies within a membership."""
    return (spell.joined or date.min) <= on <= (spell.left or date.max)


def last_day(event: LifecycleEvent) -> date:
    """The last day of an event; of one that goes on, the last that there is."""
    return event.ends_on or date.max
