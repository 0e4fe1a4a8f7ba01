"""The commands by which an event is written down, each with what follows from it."""

from datetime import date
from typing import Final

import sqlalchemy as sa

from dashboard.changes import Outcome, Writes
from dashboard.directory.lifecycle.book import DAY, OF_THE_CLUSTER, Book, Recorded, last_day, need_kind
from dashboard.directory.lifecycle.colleagues import Colleagues
from dashboard.directory.lifecycle.putting_right import PuttingRight
from dashboard.directory.lifecycle.refusals import EventRefused, check_day, check_order
from dashboard.directory.lifecycle.sabbaticals import check_sabbatical
from dashboard.directory.lifecycle.trusts import Trusts
from dashboard.models import Cluster, ContextEvent, LifecycleEvent, Membership, School, SchoolAgreement
from dashboard.vocabulary import AWAY_EVENTS, EventKind, PersonRole
from dashboard.wording import day

ONLY_A_DATE: Final = (EventKind.DISENGAGED, *OF_THE_CLUSTER)
"""Events from which nothing follows for a membership or a role."""


class Lifecycle:
    """What happens in one cluster. Each command checks, then writes the event and what follows from it.

    Raises EventRefused with a sentence for a person. A missing date means that nobody said. An event that stands there
    already is not written twice; dates that were not known before complete it.
    """

    def __init__(self, writes: Writes, cluster: Cluster, today: date) -> None:
        self._writes, self._cluster, self._today = writes, cluster, today
        self._book = Book(writes, cluster)
        self._trusts = Trusts(writes)
        self._colleagues = Colleagues(writes, cluster)
        self.putting_right = PuttingRight(self._book, self._trusts, self._colleagues, today)

    def find(self, event_id: int) -> LifecycleEvent | None:
        """An event of this cluster."""
        return next((each for each in self._book.events if each.id == event_id), None)

    # --------------------------------------------------------------------------------------------------- memberships
    def join(self, school: School, on: date, *, reason: str | None = None) -> Recorded:
        """The school is a member from a day on (4.7). What was still open from an earlier time ends the day before."""
        check_day(on, self._today)
        if (stands := self._book.find(EventKind.JOINED, school, on)) is not None:
            return Recorded(stands, Outcome.UNCHANGED)
        spells = self._book.spells[school.id]
        if not any(spell.joined == on for spell in spells):  # a list of schools may have said so before
            self._book.check_joining(school, on)
            for each in self._book.events:
                if each.school_id == school.id and each.kind in AWAY_EVENTS and last_day(each) >= on > each.happened_on:
                    self._writes.edit(each, ends_on=on - DAY)
            spell = Membership(cluster_id=self._cluster.id, school_id=school.id, joined=on)
            self._writes.add(spell)
            spells.append(spell)
        return self._book.note(EventKind.JOINED, school, on, reason=reason)

    def leave(self, school: School, on: date, *, reason: str | None = None) -> Recorded:
        """The school drops out (4.22, 4.23); `on` is its last day as a member."""
        check_day(on, self._today)
        if (stands := self._book.find(EventKind.DROPPED_OUT, school, on)) is not None:
            return Recorded(stands, Outcome.UNCHANGED)
        self._book.end_membership(school, on)
        return self._book.note(EventKind.DROPPED_OUT, school, on, reason=reason)

    def replace(
        self, school: School, newcomer: School, on: date, *, joins: date | None = None, reason: str | None = None
    ) -> Recorded:
        """Another school takes the place of one that leaves, or has left (4.23): it joins on the day after, or `joins`.

        `on` is the last day of the school as a member. What the leaver did stays with the leaver.
        """
        check_day(on, self._today)
        first = joins or on + DAY
        check_day(first, self._today, "joins")
        if school.id == newcomer.id:
            raise EventRefused("replaced_by", f"{school.name} cannot be replaced by itself")
        stands = self._book.find(EventKind.REPLACED, school, on)
        if stands is not None and stands.replaced_by_school_id == newcomer.id:
            return Recorded(stands, Outcome.UNCHANGED)
        if stands is not None:
            raise EventRefused("replaced_by", f"{school.name} was replaced on {day(on)} already, by another school")
        if not any(spell.joined == first for spell in self._book.spells[newcomer.id]):
            self._book.check_joining(newcomer, first, "replaced_by")
        left_before = any(spell.left is not None and spell.left < on for spell in self._book.spells[school.id])
        if self._book.spell(school, on) is not None or not left_before:
            self._book.end_membership(school, on)
        self.join(newcomer, first)
        return self._book.note(EventKind.REPLACED, school, on, newcomer=newcomer, reason=reason)

    def close(self, school: School, on: date, *, until: date | None = None, reason: str | None = None) -> Recorded:
        """The school is closed from a day on: until a day, or for good (3.5).

        For good, its membership of this cluster ends the day before. Its other clusters decide for themselves.
        """
        check_day(on, self._today)
        stands = self._book.find(EventKind.CLOSED, school, on)
        if stands is not None and until in (None, stands.ends_on):
            return Recorded(stands, Outcome.UNCHANGED)
        if stands is not None and stands.ends_on is None:
            raise EventRefused("until", f"{school.name} is closed for good since {day(on)}; take that back first")
        if until is None:
            self._book.end_membership(school, on - DAY)
        else:
            check_day(until, self._today, "until")
            self._book.check_away(school, on, until, None, stands)
        return self._book.note(EventKind.CLOSED, school, on, ends=until, reason=reason)

    # ---------------------------------------------------------------------------------------------------- being away
    def begin_sabbatical(
        self,
        school: School,
        on: date,
        *,
        until: date | None = None,
        review: date | None = None,
        reviewed: date | None = None,
        person: str | None = None,
        reason: str | None = None,
    ) -> Recorded:
        """The school, or one of its colleagues, is away for a set period, which is then reviewed (3.6)."""
        check_sabbatical(on, until, review, reviewed, self._today)
        found = self._colleagues.find(school, person) if person else None
        stands = None if person and found is None else self._book.find(EventKind.SABBATICAL, school, on, found)
        last = until or (stands.ends_on if stands else None)
        nobody_yet = 0
        whose = (found.id if found else nobody_yet) if person else None
        self._book.check_away(school, on, last, whose, stands)
        holder = self._colleagues.bring(school, person) if person else None
        return self._book.note(
            EventKind.SABBATICAL, school, on, person=holder, ends=until, review=review, reviewed=reviewed, reason=reason
        )

    def come_back(self, event: LifecycleEvent, last: date) -> Outcome:
        """Whoever was away comes back; `last` is the last day away."""
        school = self._book.school_of(event)
        need_kind(event, *AWAY_EVENTS)
        check_day(last, self._today, "until")
        if event.kind is EventKind.CLOSED and event.ends_on is None:
            raise EventRefused("until", f"{school.name} was closed for good; if it comes again, record that it joined")
        self._book.check_away(school, event.happened_on, last, event.person_id, event)
        return self._writes.edit(event, ends_on=last)

    def review(self, event: LifecycleEvent, on: date, *, again: date | None = None) -> Outcome:
        """A sabbatical was looked at (3.6). With a day on which it is due again it waits for that review."""
        need_kind(event, EventKind.SABBATICAL)
        check_day(on, self._today)
        if on < event.happened_on:
            raise EventRefused("date", f"the sabbatical began on {day(event.happened_on)}; it was not reviewed before")
        if again is None:
            return self._writes.edit(event, reviewed_on=on)
        check_day(again, self._today, "review")
        if again <= on:
            raise EventRefused("review", f"the next review must come after this one, of {day(on)}")
        return self._writes.edit(event, review_on=again, reviewed_on=None)

    # ----------------------------------------------------------------------------------------- trusts and agreements
    def join_trust(
        self,
        school: School,
        on: date,
        *,
        trust: str | None = None,
        until: date | None = None,
        reason: str | None = None,
    ) -> Recorded:
        """The school joins a trust or federation and stays a member of the cluster (3.5, 3.7)."""
        check_day(on, self._today)
        check_order(on, until)
        self._book.need_member(school, on)
        stands = self._book.find(EventKind.FEDERATED, school, on)
        if stands is None and trust:
            self._trusts.open(school, trust, on)
        if until is not None and (stands is None or stands.ends_on is None):
            check_day(until, self._today, "until")
            self._trusts.close(school, until)
        return self._book.note(EventKind.FEDERATED, school, on, ends=until, reason=reason)

    def leave_trust(self, school: School, on: date) -> Recorded:
        """The school leaves its trust or federation; `on` is its last day in it. It stays a member of the cluster."""
        check_day(on, self._today)
        self._book.need_member(school, on)
        events = [e for e in self._book.events if e.school_id == school.id and e.kind is EventKind.FEDERATED]
        if (stands := next((e for e in events if e.ends_on == on), None)) is not None:
            return Recorded(stands, Outcome.UNCHANGED)
        open_since = [e for e in events if e.ends_on is None and e.happened_on <= on]
        known = self._trusts.close(school, on)
        if open_since:
            return Recorded(open_since[-1], self._writes.edit(open_since[-1], ends_on=on))
        if not known:
            raise EventRefused("date", f"as far as is known, {school.name} is in no trust or federation on {day(on)}")
        return self._book.note(EventKind.FEDERATED, school, on, ends=on)

    def sign_agreement(self, school: School, on: date) -> Recorded:
        """The headteacher signed the school's agreement (0.11)."""
        check_day(on, self._today)
        self._book.need_member(school, on)
        if self._book.find(EventKind.AGREEMENT_SIGNED, school, on) is None:
            self._writes.add(SchoolAgreement(cluster_id=self._cluster.id, school_id=school.id, signed_on=on))
        return self._book.note(EventKind.AGREEMENT_SIGNED, school, on)

    # ---------------------------------------------------------------------------------------------------- colleagues
    def hand_over(
        self,
        school: School,
        person: str,
        successor: str,
        on: date,
        *,
        last: date | None = None,
        role: PersonRole = PersonRole.SUBJECT_LEAD,
        reason: str | None = None,
    ) -> Recorded:
        """A colleague hands the role over to another (0.12), who begins `on`; the old one's last day is `last`.

        Where nobody says, the old one's last day is the day before. They may overlap: the one begins, then supports.
        """
        check_day(on, self._today)
        last = last or on - DAY
        check_day(last, self._today, "until")
        self._book.need_member(school, on)
        old, new = self._colleagues.find(school, person), self._colleagues.find(school, successor)
        stands = self._book.find(EventKind.HANDOVER, school, on, old) if old is not None else None
        if stands is not None and new is not None and stands.replaced_by_person_id == new.id:
            return Recorded(stands, Outcome.UNCHANGED)
        if stands is not None:
            raise EventRefused("replaced_by", f"{person} handed over to somebody else on {day(on)} already")
        one, other = self._colleagues.hand_over(school, person, successor, on, last, role)
        ends = last if last >= on else None
        return self._book.note(EventKind.HANDOVER, school, on, person=one, successor=other, ends=ends, reason=reason)

    def share_role(
        self,
        school: School,
        person: str,
        on: date,
        *,
        until: date | None = None,
        role: PersonRole = PersonRole.SUBJECT_LEAD,
    ) -> Recorded:
        """A second colleague shares the role from a day on (0.13)."""
        self._check_time_of(school, on, until)
        found = self._colleagues.find(school, person)
        if found is None or self._book.find(EventKind.JOB_SHARE, school, on, found) is None:
            found = self._colleagues.appoint(school, person, role, on, until)
        elif until is not None:
            self._colleagues.end(school, found, on, until)
        return self._book.note(EventKind.JOB_SHARE, school, on, person=found, ends=until)

    def arrange_substitute(
        self, school: School, person: str, on: date, *, until: date | None = None, reason: str | None = None
    ) -> Recorded:
        """Somebody will come for the usual person (3.13)."""
        self._check_time_of(school, on, until)
        found = self._colleagues.find(school, person)
        if found is None:
            found = self._colleagues.appoint(school, person, PersonRole.TEACHER, on, until)
        elif until is not None:
            self._colleagues.end(school, found, on, until, PersonRole.TEACHER)
        return self._book.note(EventKind.SUBSTITUTE_ARRANGED, school, on, person=found, ends=until, reason=reason)

    def induct(self, school: School, person: str, on: date) -> Recorded:
        """A new colleague was brought up to speed (3.8)."""
        self._check_time_of(school, on, None)
        return self._book.note(EventKind.INDUCTED, school, on, person=self._colleagues.need(school, person))

    def _check_time_of(self, school: School, on: date, until: date | None) -> None:
        check_day(on, self._today)
        if until is not None:
            check_day(until, self._today, "until")
        check_order(on, until)
        self._book.need_member(school, on)

    # -------------------------------------------------------------------------------------------------- what remains
    def note(self, kind: EventKind, school: School | None, on: date, *, reason: str | None = None) -> Recorded:
        """Something from which nothing follows: a school disengaged, the cluster passed a stage gate."""
        check_day(on, self._today)
        if kind not in ONLY_A_DATE:
            raise EventRefused("event", f"{kind} needs more than a date")
        if kind in OF_THE_CLUSTER:
            return self._book.note(kind, None, on, reason=reason)
        if school is None:
            raise EventRefused("school", "say which school")
        self._book.need_member(school, on)
        return self._book.note(kind, school, on, reason=reason)

    def add_context(self, on: date, words: str) -> tuple[ContextEvent, Outcome]:
        """Something outside the cluster that its figures are to be read with (1.5)."""
        check_day(on, self._today)
        session = self._writes.session
        same = sa.select(ContextEvent).where(
            ContextEvent.cluster_id == self._cluster.id, ContextEvent.happened_on == on, ContextEvent.words == words
        )
        if (stands := session.scalars(same).first()) is not None:
            return stands, Outcome.UNCHANGED
        row = ContextEvent(cluster_id=self._cluster.id, happened_on=on, words=words)
        self._writes.add(row)
        session.flush()
        return row, Outcome.ADDED
