"""Events that were entered by mistake: their dates put right, or all of it taken back."""

from datetime import date
from typing import Final

import sqlalchemy as sa

from dashboard.changes import Outcome
from dashboard.directory.lifecycle.book import CLOSING, DAY, OF_THE_CLUSTER, Book, need_kind
from dashboard.directory.lifecycle.colleagues import Colleagues
from dashboard.directory.lifecycle.refusals import EventRefused, check_day
from dashboard.directory.lifecycle.sabbaticals import check_sabbatical
from dashboard.directory.lifecycle.trusts import Trusts
from dashboard.models import (
    ContextEvent,
    LifecycleEvent,
    Meeting,
    Membership,
    PersonMark,
    School,
    SchoolAgreement,
    SchoolMark,
)
from dashboard.vocabulary import EventKind, Mark
from dashboard.wording import day

CORRECTED_IN_PLACE: Final = (
    EventKind.JOINED, EventKind.SABBATICAL, EventKind.INDUCTED, EventKind.DISENGAGED, *CLOSING, *OF_THE_CLUSTER,
)  # fmt: skip
"""Events whose dates can be put right where they stand. Of others the dates stand in roles, agreements and trusts as
well: those are taken back and written down anew."""


class PuttingRight:
    """Corrects and takes back events of one cluster, with the memberships and roles that hang on them."""

    def __init__(self, book: Book, trusts: Trusts, colleagues: Colleagues, today: date) -> None:
        self._book, self._trusts, self._colleagues, self._today = book, trusts, colleagues, today
        self._writes, self._session = book.writes, book.session

    def correct(
        self,
        event: LifecycleEvent,
        on: date,
        *,
        until: date | None = None,
        review: date | None = None,
        reviewed: date | None = None,
    ) -> Outcome:
        """Put the dates of an event right, and those of the membership that it opened or closed."""
        check_day(on, self._today)
        need_kind(event, *CORRECTED_IN_PLACE)
        if event.kind is EventKind.SABBATICAL or (event.kind is EventKind.CLOSED and event.ends_on is not None):
            return self._correct_time_away(event, on, until, review, reviewed)
        if until or review or reviewed:
            raise EventRefused("until" if until else "review", "this has one day alone; leave the others empty")
        if event.kind is EventKind.JOINED:
            self._move_joining(event, on)
        elif event.kind in CLOSING:
            self._move_leaving(event, on)
        elif event.school_id is not None:
            self._book.need_member(self._book.school_of(event), on)
        return self._writes.edit(event, happened_on=on)

    def take_back(self, event: LifecycleEvent) -> None:
        """Remove an event that was entered by mistake. The membership or role that it opened or closed goes back.

        Only where nothing rests on it; else the refusal says what to do.
        """
        if event.school_id is not None:
            self._put_back(event, self._book.school_of(event))
        self._book.events.remove(event)
        self._writes.remove(event)
        self._session.flush()

    def take_back_context(self, context: ContextEvent) -> None:
        """Remove a context event."""
        self._writes.remove(context)
        self._session.flush()

    def _put_back(self, event: LifecycleEvent, school: School) -> None:
        if event.kind is EventKind.JOINED:
            self._unjoin(event, school)
        elif event.kind in CLOSING:
            self._rejoin(event, school)
        elif event.kind is EventKind.FEDERATED:
            self._trusts.take_back(school, event)
        elif event.kind is EventKind.AGREEMENT_SIGNED:
            self._unsign(event, school)
        else:
            self._colleagues.take_back(school, event, [each for each in self._book.events if each is not event])

    def _correct_time_away(
        self, event: LifecycleEvent, on: date, until: date | None, review: date | None, reviewed: date | None
    ) -> Outcome:
        if event.kind is EventKind.SABBATICAL:
            check_sabbatical(on, until, review, reviewed, self._today)
        elif until is None:
            raise EventRefused("until", "say until when; if it closed for good, take this back and record it anew")
        self._book.check_away(self._book.school_of(event), on, until, event.person_id, event)
        return self._writes.edit(event, happened_on=on, ends_on=until, review_on=review, reviewed_on=reviewed)

    def _move_joining(self, event: LifecycleEvent, on: date) -> None:
        school = self._book.school_of(event)
        spell = self._spell_begun_by(event)
        if spell is None:
            raise EventRefused("date", f"no membership of {school.name} began on {day(event.happened_on)}")
        if spell.left is not None and on > spell.left:
            raise EventRefused("date", f"{school.name} left on {day(spell.left)}; it cannot have joined after that")
        if any(each is not event and each.happened_on < on for each in self._book.of_spell(school, spell)):
            raise EventRefused("date", f"something is told of {school.name} before {day(on)}; correct that first")
        before = [each for each in self._book.spells[school.id] if each is not spell and each.left is not None]
        if any(on <= each.left < event.happened_on for each in before if each.left is not None):
            raise EventRefused("date", f"{school.name} was a member on {day(on)} before; two times may not overlap")
        self._writes.edit(spell, joined=on)

    def _move_leaving(self, event: LifecycleEvent, on: date) -> None:
        school, spell = self._book.school_of(event), self._book.spell_ended_by(event)
        if spell is None or spell.left is None:
            raise EventRefused("date", f"no membership of {school.name} ended with this; take it back instead")
        last = on - DAY * (event.kind is EventKind.CLOSED)
        if spell.joined is not None and last < spell.joined:
            raise EventRefused("date", f"{school.name} joined on {day(spell.joined)}; it cannot have left before")
        others = [each.joined for each in self._book.spells[school.id] if each is not spell]
        if any(joined is not None and spell.left < joined <= last for joined in others):
            raise EventRefused("date", f"{school.name} joined again before {day(on)}; two times may not overlap")
        if self._also_ended(spell, event):
            raise EventRefused("date", f"another event says that {school.name} left then; take one of them back first")
        self._book.refuse_if_something_follows(school, spell, last, but=event)
        self._writes.edit(spell, left=last)

    def _spell_begun_by(self, event: LifecycleEvent) -> Membership | None:
        spells = self._book.spells[event.school_id or 0]
        return next((each for each in spells if each.joined == event.happened_on), None)

    def _also_ended(self, spell: Membership, event: LifecycleEvent) -> bool:
        return any(each is not event and self._book.spell_ended_by(each) is spell for each in self._book.events)

    def _unjoin(self, event: LifecycleEvent, school: School) -> None:
        spell = self._spell_begun_by(event)
        if spell is None or (spell.batch_id is not None and spell.batch_id != event.batch_id):
            return  # the membership came with a list of schools and stays
        others = [each for each in self._book.of_spell(school, spell) if each is not event]
        if others or self._also_ended(spell, event) or self._has_marks(school, spell):
            raise EventRefused(
                "event",
                f"{school.name} stands in registers or other events since it joined; take those back first, or record "
                "that it left",
            )
        self._book.spells[school.id].remove(spell)
        self._writes.remove(spell)

    def _has_marks(self, school: School, spell: Membership) -> bool:
        within = sa.and_(
            Meeting.cluster_id == self._book.cluster.id,
            Meeting.held_on >= (spell.joined or date.min),
            Meeting.held_on <= (spell.left or date.max),
        )
        marks = (
            sa.select(each.id)
            .join(Meeting, Meeting.id == each.meeting_id)
            .where(each.school_id == school.id, each.mark != Mark.NOT_RECORDED, within)
            for each in (SchoolMark, PersonMark)
        )
        return any(self._session.scalar(each.limit(1)) is not None for each in marks)

    def _rejoin(self, event: LifecycleEvent, school: School) -> None:
        spell = self._book.spell_ended_by(event)
        if spell is None or spell.left is None or self._also_ended(spell, event):
            return  # it closed for a time, or had left before
        if any(each is not spell and (each.joined or date.min) > spell.left for each in self._book.spells[school.id]):
            raise EventRefused("event", f"{school.name} joined again later; take that back first")
        self._writes.edit(spell, left=None)

    def _unsign(self, event: LifecycleEvent, school: School) -> None:
        signed = sa.select(SchoolAgreement).where(
            SchoolAgreement.cluster_id == self._book.cluster.id, SchoolAgreement.school_id == school.id,
            SchoolAgreement.signed_on == event.happened_on,
        )  # fmt: skip
        for row in self._session.scalars(signed):
            self._writes.remove(row)
