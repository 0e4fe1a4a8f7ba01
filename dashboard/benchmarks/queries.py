"""The open figures out of the store. Whoever sees a cluster whole sees all that was brought in for it; a headteacher
sees the own school's figures and, by the year they are of, those of schools whose book is open to it (1.11).
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, may_see, open_to, visible_clusters
from dashboard.benchmarks.checks import Answer, Figure
from dashboard.benchmarks.names import Alias, Member
from dashboard.frames import alphabetical
from dashboard.models import AnsweredFigure, Benchmark, Membership, School, SchoolAlias


def load_figures(
    session: Session,
    scope: Scope,
    as_of: date,
    *,
    cluster_id: int | None = None,
    year: AcademicYear | None = None,
    others: bool = True,
) -> list[Figure]:
    """The figures of a cluster in a year, or of all: in the order of the tables they were printed in.

    `others=False` leaves out what is seen by an open book alone.
    """
    seen = _may_read(scope, Benchmark, as_of) if others else may_see(scope, Benchmark.cluster_id, Benchmark.school_id)
    rows = session.execute(
        sa.select(
            Benchmark.cluster_id,
            Benchmark.year,
            Benchmark.batch_id.label("table"),
            Benchmark.position,
            Benchmark.measure,
            Benchmark.unit,
            Benchmark.school_label.label("label"),
            Benchmark.value,
            Benchmark.school_id,
            School.slug.label("school"),
            School.name.label("school_name"),
            Benchmark.illustrative,
        )
        .outerjoin(School, School.id == Benchmark.school_id)
        .where(seen, *_narrowed(Benchmark, cluster_id, year))
        .order_by(Benchmark.cluster_id, Benchmark.year, Benchmark.position, Benchmark.id)
    )
    return [Figure(**row._asdict()) for row in rows]


def load_figure_years(session: Session, scope: Scope, cluster_id: int, as_of: date) -> list[AcademicYear]:
    """The years of which a reader sees figures of a cluster, newest first."""
    years = session.scalars(
        sa.select(Benchmark.year)
        .where(Benchmark.cluster_id == cluster_id, _may_read(scope, Benchmark, as_of))
        .distinct()
        .order_by(Benchmark.year.desc())
    )
    return [AcademicYear(start) for start in years]


def load_answers(
    session: Session,
    scope: Scope,
    as_of: date,
    *,
    cluster_id: int | None = None,
    year: AcademicYear | None = None,
    others: bool = True,
) -> list[Answer]:
    """What schools said of their figures. The note is for those who see the school itself."""
    own = may_see(scope, AnsweredFigure.cluster_id, AnsweredFigure.school_id)
    rows = session.execute(
        sa.select(
            AnsweredFigure.cluster_id,
            AnsweredFigure.school_id,
            AnsweredFigure.year,
            AnsweredFigure.check_name.label("name"),
            AnsweredFigure.answer,
            AnsweredFigure.value,
            sa.case((own, AnsweredFigure.note)).label("note"),
            AnsweredFigure.answered_on,
            AnsweredFigure.answered_as,
        )
        .where(_may_read(scope, AnsweredFigure, as_of) if others else own, *_narrowed(AnsweredFigure, cluster_id, year))
        .order_by(AnsweredFigure.id)
    )
    return [Answer(**row._asdict()) for row in rows]


def load_aliases(session: Session, scope: Scope, cluster_id: int) -> list[Alias]:
    """What people have confirmed of printed names, of a cluster that is seen whole."""
    rows = session.execute(
        sa.select(
            SchoolAlias.cluster_id,
            SchoolAlias.alias,
            SchoolAlias.school_id,
            School.name,
            SchoolAlias.confirmed_by,
            SchoolAlias.confirmed_at,
        )
        .outerjoin(School, School.id == SchoolAlias.school_id)
        .where(
            SchoolAlias.cluster_id == cluster_id,
            SchoolAlias.cluster_id.in_(visible_clusters(scope)),
            SchoolAlias.confirmed_at.is_not(None),
        )
        .order_by(SchoolAlias.alias, SchoolAlias.id)
    )
    return [Alias(*row) for row in rows]


def load_members_ever(session: Session, scope: Scope, cluster_id: int) -> list[Member]:
    """The schools that are or were members of a cluster that is seen whole, by name: a printed name may be of any."""
    rows = session.execute(
        sa.select(Membership.cluster_id, School.id, School.slug, School.name)
        .join(School, School.id == Membership.school_id)
        .where(Membership.cluster_id == cluster_id, Membership.cluster_id.in_(visible_clusters(scope)))
        .group_by(Membership.cluster_id, School.id, School.slug, School.name)
        .order_by(alphabetical(School.name), School.id)
    )
    return [Member(*row) for row in rows]


def _may_read(scope: Scope, table: type[Benchmark | AnsweredFigure], as_of: date) -> sa.ColumnElement[bool]:
    return sa.or_(
        may_see(scope, table.cluster_id, table.school_id),
        open_to(scope, table.cluster_id, table.school_id, table.year, as_of, figures=True),
    )


def _narrowed(
    table: type[Benchmark | AnsweredFigure], cluster_id: int | None, year: AcademicYear | None
) -> list[sa.ColumnElement[bool]]:
    return [
        *([table.cluster_id == cluster_id] if cluster_id is not None else []),
        *([table.year == year.start] if year is not None else []),
    ]
