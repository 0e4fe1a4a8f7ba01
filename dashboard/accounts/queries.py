"""Who somebody is, who there is, and which links are open. Accounts and links stand outside the wall of the store."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.access import EVERYTHING, Grant, Object, Reader, Scope, visible_clusters
from dashboard.accounts.rows import AccountRow, HeldRole, LinkRow
from dashboard.db import now_utc
from dashboard.directory.queries import cluster_years
from dashboard.frames import alphabetical
from dashboard.models import (
    Account,
    AccountGrant,
    Allocation,
    Cluster,
    LedgerLine,
    Meeting,
    Membership,
    Passkey,
    Programme,
    School,
    SchoolMark,
    ScreenLink,
    Target,
    WebSession,
)
from dashboard.vocabulary import Role


@dataclass(frozen=True)
class Examples:
    """What the sample is looked around with: a cluster and one of its schools."""

    cluster_id: int
    cluster: str
    cluster_name: str
    school_id: int
    school: str
    school_name: str


def load_reader(session: Session, unique: str) -> Reader | None:
    """The reader that a session's mark stands for, with every grant; None when there is no such active account."""
    rows = session.execute(
        sa.select(
            Account.id,
            Account.name,
            Account.email,
            AccountGrant.role,
            AccountGrant.programme_id,
            AccountGrant.cluster_id,
            AccountGrant.school_id,
        )
        .outerjoin(AccountGrant, AccountGrant.account_id == Account.id)
        .where(Account.fs_uniquifier == unique, Account.active.is_(True))
        .order_by(AccountGrant.id)
    ).all()
    if not rows:
        return None
    grants = tuple(
        Grant(row.role, row.programme_id, row.cluster_id, row.school_id) for row in rows if row.role is not None
    )
    roles = ", ".join(dict.fromkeys(grant.role for grant in grants)) or "no role"
    return Reader(rows[0].name or rows[0].email, grants, rows[0].id, known_as=roles)


def load_link_reader(session: Session, link_id: int, now: datetime) -> tuple[Reader, str] | None:
    """Whoever looks by a screen link, and the cluster's slug; None once the link is revoked or has expired.

    The session has to see the cluster: nobody has been let in yet for whom a wall could stand.
    """
    found = session.execute(
        sa.select(ScreenLink.cluster_id, Cluster.slug)
        .join(Cluster, Cluster.id == ScreenLink.cluster_id)
        .where(ScreenLink.id == link_id, is_open(now))
    ).one_or_none()
    if found is None:
        return None
    grants = (Grant(Role.STEERING, cluster_id=found.cluster_id),)
    known_as = f"screen link {link_id}"
    return Reader("Meeting screen", grants, known_as=known_as, looks_only=True, sees_only=Object.SCREEN), found.slug


def is_open(now: datetime) -> sa.ColumnElement[bool]:
    """The condition that a screen link opens the screen."""
    return sa.and_(ScreenLink.revoked_at.is_(None), ScreenLink.expires_at > now)


def open_links_out_of_reach(session: Session, account_id: int, scope: Scope, now: datetime) -> list[int]:
    """The open screen links that somebody made, but for those of the clusters in a scope.

    On PostgreSQL they are held until the transaction ends, and the session has to see the clusters.
    """
    mine = sa.select(ScreenLink.id).where(ScreenLink.created_by_id == account_id, is_open(now))
    out = mine.where(ScreenLink.cluster_id.not_in(visible_clusters(scope))).order_by(ScreenLink.id)
    return list(session.scalars(out.with_for_update(of=ScreenLink)))


def count_open_links(session: Session, account_id: int, now: datetime) -> int:
    """How many screen links that somebody made open a screen."""
    mine = sa.select(sa.func.count(ScreenLink.id)).where(ScreenLink.created_by_id == account_id, is_open(now))
    return session.scalar(mine) or 0


def any_account(session: Session) -> bool:
    """Whether there is any account at all, active or not: without one nobody has set the dashboard up."""
    return session.scalar(sa.select(Account.id).limit(1)) is not None


def load_people(session: Session) -> list[AccountRow]:
    """Every account by its address, for administrators: two statements, however many there are.

    The session has to see the names of clusters and schools, so that roles can be told apart.
    """
    return _load_accounts(session, sa.true())


def find_account(session: Session, account_id: int) -> AccountRow | None:
    """One account as `load_people` tells of it; None when there is none of that number."""
    found = _load_accounts(session, Account.id == account_id)
    return found[0] if found else None


def find_account_id(session: Session, email: str) -> int | None:
    """The number of the account with an address, in whatever case it is written."""
    return session.scalar(sa.select(Account.id).where(Account.email == email.strip().lower()))


def _load_accounts(session: Session, condition: sa.ColumnElement[bool]) -> list[AccountRow]:
    roles = _roles_by_account(session, condition)
    passkeys = sa.select(sa.func.count(Passkey.id)).where(Passkey.user_id == Account.id).scalar_subquery()
    sessions = sa.select(sa.func.count(WebSession.id)).where(WebSession.account_id == Account.id).scalar_subquery()
    rows = session.execute(
        sa.select(
            Account.id,
            Account.email,
            Account.name,
            Account.active,
            Account.password.is_not(None).label("has_password"),
            Account.tf_totp_secret.is_not(None).label("has_app"),
            passkeys.label("passkeys"),
            sessions.label("sessions"),
            Account.last_signed_in_at,
        )
        .where(condition)
        .order_by(alphabetical(Account.email))
    )
    return [AccountRow(**row._asdict(), roles=tuple(roles[row.id])) for row in rows]


def _roles_by_account(session: Session, condition: sa.ColumnElement[bool]) -> defaultdict[int, list[HeldRole]]:
    roles: defaultdict[int, list[HeldRole]] = defaultdict(list)
    place = sa.func.coalesce(Programme.name, Cluster.name, School.name)
    for row in session.execute(
        sa.select(AccountGrant.account_id, AccountGrant.id, AccountGrant.role, place.label("place"))
        .join(Account, Account.id == AccountGrant.account_id)
        .outerjoin(Programme, Programme.id == AccountGrant.programme_id)
        .outerjoin(Cluster, Cluster.id == AccountGrant.cluster_id)
        .outerjoin(School, School.id == AccountGrant.school_id)
        .where(condition)
        .order_by(AccountGrant.id)
    ):
        nowhere = "all programmes" if row.role in {Role.DIRECTOR, Role.ADVISOR} else ""
        roles[row.account_id].append(HeldRole(row.id, row.role, row.place or nowhere))
    return roles


def load_screen_links(
    session: Session, scope: Scope, *, cluster: str | None = None, now: datetime | None = None
) -> list[LinkRow]:
    """The links of the clusters in a scope, or of the one of a slug; newest first within each cluster."""
    condition = sa.true() if cluster is None else Cluster.slug == cluster
    rows = session.execute(
        sa.select(
            ScreenLink.id,
            Cluster.slug,
            Cluster.name,
            ScreenLink.label,
            ScreenLink.created_at,
            ScreenLink.expires_at,
            ScreenLink.revoked_at,
            ScreenLink.last_used_at,
            is_open(now or now_utc()).label("open"),
        )
        .join(Cluster, Cluster.id == ScreenLink.cluster_id)
        .where(Cluster.id.in_(visible_clusters(scope)), condition)
        .order_by(alphabetical(Cluster.name), Cluster.id, ScreenLink.id.desc())
    )
    return [LinkRow(*row) for row in rows]


def load_places(session: Session, most: int) -> dict[str, Sequence[tuple[str, str]]]:
    """Slug and name of every programme, cluster and school, for suggestions while a role is given.

    A kind of place of which there are more than `most` has no suggestions: its slugs are typed.
    """
    places: dict[str, Sequence[tuple[str, str]]] = {}
    for kind in (Programme, Cluster, School):
        rows = session.execute(sa.select(kind.slug, kind.name).order_by(alphabetical(kind.name)).limit(most + 1)).all()
        places[kind.__tablename__] = [(row[0], row[1]) for row in rows] if len(rows) <= most else []
    return places


def find_examples(session: Session, as_of: date | None = None) -> Examples | None:
    """The cluster with most to look at and its first present school by name; None where no cluster has a school.

    Most to look at: in the cluster's latest year money, a plan, and of those that have both the most marks of schools.
    """
    day = as_of or date.today()
    years = cluster_years(EVERYTHING, day, year=None)
    has_all = sa.and_(
        sa.or_(_has(years, Allocation), _has(years, LedgerLine)),
        _has(years, Target, Target.draft.is_(False)),
    )
    cluster = session.execute(
        sa.select(Cluster.id, Cluster.slug, Cluster.name)
        .join(years, years.c.cluster_id == Cluster.id)
        .outerjoin(Meeting, (Meeting.cluster_id == Cluster.id) & (Meeting.year == years.c.year))
        .outerjoin(SchoolMark, SchoolMark.meeting_id == Meeting.id)
        .where(sa.exists().where(Membership.cluster_id == Cluster.id))
        .group_by(Cluster.id, Cluster.slug, Cluster.name, years.c.cluster_id, years.c.year)
        .order_by(sa.case((has_all, 0), else_=1), sa.func.count(SchoolMark.id).desc(), alphabetical(Cluster.slug))
        .limit(1)
    ).one_or_none()
    if cluster is None:
        return None
    present = sa.and_(sa.func.coalesce(Membership.joined, day) <= day, sa.func.coalesce(Membership.left, day) >= day)
    school = session.execute(
        sa.select(School.id, School.slug, School.name)
        .join(Membership, Membership.school_id == School.id)
        .where(Membership.cluster_id == cluster.id)
        .order_by(sa.case((present, 0), else_=1), alphabetical(School.name), School.id)
        .limit(1)
    ).one()
    return Examples(*cluster, *school)


def _has(
    years: sa.CTE, table: type[Allocation | LedgerLine | Target], *that: sa.ColumnElement[bool]
) -> sa.ColumnElement[bool]:
    return sa.exists().where(table.cluster_id == years.c.cluster_id, table.year == years.c.year, *that)
