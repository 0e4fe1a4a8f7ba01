"""The schools that a search of the overview finds."""

from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import Scope, may_see
from dashboard.frames import alphabetical
from dashboard.models import Membership, School


@dataclass(frozen=True)
class FoundSchool:
    """A school that a search found."""

    school_id: int
    slug: str
    name: str


def find_schools(session: Session, scope: Scope, search: str, most: int) -> list[FoundSchool]:
    """The schools in whose names all words of a search stand, by name, at most so many; none without a word.

    Of schools that belong to a cluster of the scope, and those that the scope names.
    """
    words = search.lower().split()
    if not words:
        return []
    members = sa.select(Membership.school_id).where(may_see(scope, Membership.cluster_id, Membership.school_id))
    found = session.execute(
        sa.select(School.id, School.slug, School.name)
        .where(
            *(sa.func.lower(School.name).contains(word, autoescape=True) for word in words),
            School.id.in_(members),
        )
        .order_by(alphabetical(School.name), School.id)
        .limit(most)
    )
    return [FoundSchool(*row) for row in found]
