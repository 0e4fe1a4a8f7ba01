"""Writes of benchmark figures: what a file brings, what a school answers, whose a printed name is.

What people write in an answer may be about persons: events hold numbers and choices, never a text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session, aliased

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.benchmarks.checks import Contradiction, Figure, FiguresRefused, NoSuchFigure, find_contradictions
from dashboard.changes import Changes, Outcome
from dashboard.directory.commands import confirm_alias, find_aliases
from dashboard.directory.lifecycle import ByHand
from dashboard.models import AnsweredFigure, Benchmark, Cluster, Membership, School
from dashboard.naming import slug
from dashboard.vocabulary import FigureAnswer

LONGEST_NOTE: Final = 500
_LONGEST_AS: Final = 60
_STORED: Final = Decimal("0.001")


@dataclass(frozen=True)
class AnswerSaid:
    """What a school says of a contradiction."""

    answer: FigureAnswer
    value: Decimal | None = None
    """The right figure, where the printed one is not."""
    note: str = ""


class BenchmarkBook:
    """The benchmark figures of one cluster, loaded once. Every write goes through the changes of a batch."""

    def __init__(self, changes: Changes, cluster: Cluster) -> None:
        self._changes = changes
        self._cluster = cluster
        self._figures: dict[tuple[int, str, str], Benchmark] = {}
        self._positions: dict[tuple[int, str], int] = {}
        mine = sa.select(Benchmark).where(Benchmark.cluster_id == cluster.id)
        for row in changes.session.scalars(mine):
            self._figures[row.year, row.measure, row.school_label] = row
            self._positions[row.year, row.measure] = row.position

    def record_figure(
        self,
        *,
        year: AcademicYear,
        measure: str,
        label: str,
        school: School | None,
        value: Decimal | None,
        unit: str,
    ) -> tuple[Benchmark, Outcome]:
        """Store one printed figure under the printed name of its school.

        No value means "not supplied": it is stored as that, and never overwrites a figure. A label that matched no
        school before takes its school once one is found.
        """
        found = self._figures.get((year.start, measure, label))
        if found is not None:
            said = {"unit": unit, "value": value, "school_id": school.id if school else None}
            return found, self._changes.edit(found, **{name: each for name, each in said.items() if each is not None})
        place = self._positions.setdefault((year.start, measure), self._next_position(year))
        row = Benchmark(
            cluster_id=self._cluster.id,
            school_id=school.id if school else None,
            school_label=label,
            year=year.start,
            measure=measure,
            position=place,
            value=value,
            unit=unit,
        )
        self._changes.add(row)
        self._figures[year.start, measure, label] = row
        return row, Outcome.ADDED

    def _next_position(self, year: AcademicYear) -> int:
        return max((place for (start, _), place in self._positions.items() if start == year.start), default=0) + 1


class AnswerBook:
    """What schools say of their own figures, for one actor on one day, within one transaction (1.9)."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, today: date) -> None:
        self._session, self._actor, self._scope, self._today = session, actor, scope, today

    def answer(self, cluster_id: int, school_id: int, year: AcademicYear, key: str, said: AnswerSaid) -> None:
        """Keep what a school answers to one contradiction of its figures. What it said before is replaced.

        The figures stay as they were printed.
        """
        if school_id not in self._scope.school_ids:
            raise NoSuchFigure
        found = self._find(cluster_id, school_id, year, key)
        value = _checked(said, found.printed)
        row = self._session.scalar(
            sa.select(AnsweredFigure)
            .where(
                AnsweredFigure.cluster_id == cluster_id,
                AnsweredFigure.year == year.start,
                AnsweredFigure.school_id == school_id,
                AnsweredFigure.check_name == found.name,
            )
            .with_for_update()
        )
        before = _told(row) if row is not None else None
        if row is None:
            row = AnsweredFigure(cluster_id=cluster_id, school_id=school_id, year=year.start, check_name=found.name)
            self._session.add(row)
        row.answer, row.value, row.note = said.answer, value, " ".join(said.note.split()) or None
        row.answered_on, row.answered_as = self._today, self._actor.known_as[:_LONGEST_AS]
        self._session.flush()
        audit.record(
            self._session, self._actor, "answer", "answered figure", row.id, cluster_id=cluster_id, before=before,
            after=_told(row),
        )  # fmt: skip

    def _find(self, cluster_id: int, school_id: int, year: AcademicYear, key: str) -> Contradiction:
        mine = sa.select(Benchmark).where(
            Benchmark.cluster_id == cluster_id, Benchmark.school_id == school_id, Benchmark.year == year.start
        )
        rows = self._session.scalars(mine.order_by(Benchmark.position, Benchmark.id)).all()
        if not rows:
            raise NoSuchFigure
        for found in find_contradictions(_as_printed(row) for row in rows):
            if found.key == key:
                return found
        raise FiguresRefused("These figures have changed since you opened the page. Look at them again, then answer.")


class NameBook:
    """Whose the printed names are, for one actor, within one transaction: it is a person who decides (1.10)."""

    def __init__(self, session: Session, actor: Actor, scope: Scope) -> None:
        self._session, self._actor, self._scope = session, actor, scope

    def confirm(self, cluster_id: int, name: str, school: str | None) -> int:
        """Say whose a printed name is: a school that is or was a member, by its slug, or (None) no member's.

        `name` is the printed one as it stands in an address.
        Every figure of that name goes to the school, or to none; gives how many there are.
        """
        cluster, labels = self._look_up(cluster_id, name)
        label = labels[0]
        found = self._member(cluster, school) if school is not None else None
        if found is not None:
            self._check_alone(cluster, labels, found)
        before = [row.school_id for row in find_aliases(self._session, cluster.id, label)]
        alias, outcome = confirm_alias(ByHand(self._session), None, cluster, found, label, self._actor.known_as)
        count = self._match(cluster, labels, alias.school_id)
        if outcome is not Outcome.UNCHANGED:
            self._tell("confirm", cluster, label, {"school_id": before[0]} if before else None,
                       {"school_id": alias.school_id, "figures": count})  # fmt: skip
        return count

    def take_back(self, cluster_id: int, name: str) -> int:
        """Forget what was confirmed: the figures of that name are nobody's again, until somebody says whose."""
        cluster, labels = self._look_up(cluster_id, name)
        label = labels[0]
        aliases = find_aliases(self._session, cluster.id, label)
        if not aliases:
            raise FiguresRefused(f"Nobody has confirmed “{label}”, so there is nothing to take back.")
        before = {"school_id": aliases[0].school_id}
        for alias in aliases:
            ByHand(self._session).remove(alias)
        count = self._match(cluster, labels, None)
        self._tell("take back", cluster, label, before, {"figures": count})
        return count

    def _look_up(self, cluster_id: int, name: str) -> tuple[Cluster, list[str]]:
        """The cluster, and the ways in which the name is printed; locked, so that no two people decide at once."""
        cluster = self._session.scalar(
            sa.select(Cluster)
            .where(Cluster.id == cluster_id, Cluster.id.in_(visible_clusters(self._scope)))
            .with_for_update()
        )
        if cluster is None:
            raise NoSuchFigure
        printed = self._session.scalars(
            sa.select(Benchmark.school_label).where(Benchmark.cluster_id == cluster.id).distinct()
        )
        labels = sorted(each for each in printed if slug(each) == name)
        if not labels:
            raise NoSuchFigure
        return cluster, labels

    def _member(self, cluster: Cluster, school: str) -> School:
        found = self._session.scalar(
            sa.select(School).where(
                School.slug == school,
                sa.exists().where(Membership.school_id == School.id, Membership.cluster_id == cluster.id),
            )
        )
        if found is None:
            raise FiguresRefused("Choose a school of this cluster from the list, or “no member’s name”.", "school")
        return found

    def _check_alone(self, cluster: Cluster, labels: Sequence[str], school: School) -> None:
        """A school has one figure of each measure in a year."""
        mine, other = aliased(Benchmark), aliased(Benchmark)
        taken = self._session.execute(
            sa.select(other.school_label, other.year)
            .join(mine, sa.and_(
                mine.cluster_id == other.cluster_id, mine.year == other.year, mine.measure == other.measure
            ))
            .where(
                other.cluster_id == cluster.id, other.school_id == school.id, other.school_label.not_in(labels),
                mine.school_label.in_(labels),
            )
            .limit(1)
        ).one_or_none()  # fmt: skip
        if taken is not None:
            raise FiguresRefused(
                f"{school.name} has these figures of {AcademicYear(taken.year)} already, printed as "
                f"“{taken.school_label}”. If that name is wrong, take it back first.",
                "school",
            )

    def _match(self, cluster: Cluster, labels: Sequence[str], school_id: int | None) -> int:
        """Give the figures of a name to a school. They stay what their file printed: it may still be undone."""
        rows = self._session.scalars(
            sa.select(Benchmark).where(Benchmark.cluster_id == cluster.id, Benchmark.school_label.in_(labels))
        ).all()
        for row in rows:
            row.school_id = school_id
        self._session.flush()
        return len(rows)

    def _tell(
        self, action: str, cluster: Cluster, label: str, before: dict[str, Any] | None, after: dict[str, Any]
    ) -> None:
        audit.record(
            self._session, self._actor, action, "printed name", slug(label), cluster_id=cluster.id, before=before,
            after=after,
        )  # fmt: skip


def _checked(said: AnswerSaid, printed: Decimal) -> Decimal | None:
    """The right figure, where there is one to be given."""
    if len(said.note) > LONGEST_NOTE:
        raise FiguresRefused(f"Use at most {LONGEST_NOTE} letters.", "note")
    if said.answer is not FigureAnswer.CORRECTED:
        return None
    if said.value is None:
        raise FiguresRefused("Give the right figure, or choose another answer.", "value")
    if said.value == printed:
        raise FiguresRefused("That is the printed figure. If it is right, answer that it stands.", "value")
    if said.value != said.value.quantize(_STORED):
        raise FiguresRefused("Give at most three places after the point.", "value")
    return said.value


def _as_printed(row: Benchmark) -> Figure:
    return Figure(
        row.cluster_id, row.year, row.batch_id, row.position, row.measure, row.unit, row.school_label, row.value,
        row.school_id,
    )  # fmt: skip


def _told(row: AnsweredFigure) -> dict[str, Any]:
    """What an event holds of an answer: never the note."""
    names = ("school_id", "year", "answer", "value")
    return audit.quote(row, {name: getattr(row, name) for name in names})
