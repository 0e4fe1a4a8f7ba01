"""Writes of a school's time in a trust or federation, which is apart from its time in a cluster (3.5, 3.7)."""

from datetime import date

import sqlalchemy as sa

from dashboard.changes import Writes
from dashboard.directory.lifecycle.book import covers
from dashboard.directory.lifecycle.refusals import EventRefused
from dashboard.models import LifecycleEvent, School, Trust, TrustMembership
from dashboard.naming import slug


class Trusts:
    """The trusts of schools, looked up where they are needed."""

    def __init__(self, writes: Writes) -> None:
        self._writes, self._session = writes, writes.session

    def open(self, school: School, name: str, on: date) -> None:
        """Let a school join a trust by name; it is made when nobody named it before."""
        trust = self._session.scalar(sa.select(Trust).where(Trust.slug == slug(name)))
        present = self._present(school, on)
        if present is not None and (trust is None or present.trust_id != trust.id):
            other = self._session.get_one(Trust, present.trust_id).name
            raise EventRefused("trust", f"{school.name} is in {other}; record first that it left it")
        if trust is None:
            trust = Trust(slug=slug(name), name=name)
            self._writes.add(trust)
            self._session.flush()
        if present is None:
            self._writes.add(TrustMembership(trust_id=trust.id, school_id=school.id, joined=on))
        elif present.joined is None:
            self._writes.edit(present, joined=on)

    def close(self, school: School, last: date) -> bool:
        """Let a school leave the trust that it is in. Says whether it was in one."""
        present = self._present(school, last)
        if present is None or present.left is not None:
            return False
        self._writes.edit(present, left=last)
        return True

    def take_back(self, school: School, event: LifecycleEvent) -> None:
        """Take out the time in a trust that began with an event, or go on with the one that ended with it."""
        present = self._present(school, event.happened_on)
        if present is None:
            return
        if present.joined == event.happened_on and present.batch_id == event.batch_id:
            self._writes.remove(present)
        elif event.ends_on is not None and present.left == event.ends_on:
            self._writes.edit(present, left=None)

    def _present(self, school: School, on: date) -> TrustMembership | None:
        found = self._session.scalars(sa.select(TrustMembership).where(TrustMembership.school_id == school.id)).all()
        return next((each for each in found if covers(each, on)), None)
