"""An account as its export tells of it: roles, passkeys, sessions, links, and what was done with it. Nothing secret."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.models import (
    Account,
    AccountGrant,
    ApprovalRequest,
    AuditEvent,
    Cluster,
    Concern,
    Decision,
    FeedLink,
    Meeting,
    OpenRegister,
    OverviewVisit,
    Passkey,
    Programme,
    SavedView,
    School,
    ScreenLink,
    WatchedCluster,
    WebSession,
    WorkgroupReturn,
)
from dashboard.privacy.origins import done_to, plain
from dashboard.privacy.rules import RULE_OF, Kept


def export_account(session: Session, account_id: int) -> dict[str, Any]:
    """All that is held of one account."""
    account = session.get_one(Account, account_id)
    return {
        "number": account.id,
        "email": account.email,
        "name": account.name,
        "state": "can be used" if account.active else "disabled",
        "made_at": plain(account.created_at),
        "last_signed_in_at": plain(account.last_signed_in_at),
        "has_a_password": account.password is not None,
        "has_an_authenticator_app": account.tf_totp_secret is not None,
        "has_recovery_codes": bool(account.mf_recovery_codes),
        "held_for": "letting the person sign in, with the roles below",
        "kept_until": {
            "if never used": RULE_OF[Kept.NEVER_USED].lasts,
            "if disabled": RULE_OF[Kept.DISABLED].lasts,
            "the record of what was done": RULE_OF[Kept.AUDIT].lasts,
        },
        "roles": _roles(session, account_id),
        "passkeys": _passkeys(session, account_id),
        "sessions": _sessions(session, account_id),
        "screen_links_made": _links(session, account_id),
        "calendar_addresses": _feeds(session, account_id),
        "registers_open": _open_registers(session, account_id),
        "concerns_raised": _concerns(session, account_id),
        "requests_asked_or_decided": _requests(session, account_id),
        "workgroup_returns_sent": _returns(session, account_id),
        "decisions_noted": _decisions(session, account_id),
        "of_the_overview": _overview(session, account_id),
        "what_was_done_with_it": _actions(session, account_id),
        "what_was_done_to_it": done_to(session, "account", account_id),
    }


def _roles(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(
            AccountGrant.role, AccountGrant.granted_at, sa.func.coalesce(Programme.name, Cluster.name, School.name)
        )
        .outerjoin(Programme, Programme.id == AccountGrant.programme_id)
        .outerjoin(Cluster, Cluster.id == AccountGrant.cluster_id)
        .outerjoin(School, School.id == AccountGrant.school_id)
        .where(AccountGrant.account_id == account_id)
        .order_by(AccountGrant.id)
    )
    return [{"role": role.value, "place": place, "given_at": plain(given)} for role, given, place in rows]


def _passkeys(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(Passkey.name, Passkey.create_datetime, Passkey.lastuse_datetime)
        .where(Passkey.user_id == account_id)
        .order_by(Passkey.id)
    )
    return [{"name": name, "made_at": plain(made), "last_used_at": plain(used)} for name, made, used in rows]


def _sessions(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(WebSession.created_at, WebSession.last_seen_at, WebSession.user_agent)
        .where(WebSession.account_id == account_id)
        .order_by(WebSession.id)
    )
    return [{"began_at": plain(began), "last_seen_at": plain(seen), "browser": agent} for began, seen, agent in rows]


def _links(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(ScreenLink.id, Cluster.name, ScreenLink.label, ScreenLink.created_at)
        .join(Cluster, Cluster.id == ScreenLink.cluster_id)
        .where(ScreenLink.created_by_id == account_id)
        .order_by(ScreenLink.id)
    )
    return [
        {"number": number, "cluster": cluster, "where": label, "made_at": plain(made)}
        for number, cluster, label, made in rows
    ]


def _feeds(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(FeedLink.id, FeedLink.label, FeedLink.created_at, FeedLink.last_read_at, FeedLink.revoked_at)
        .where(FeedLink.account_id == account_id)
        .order_by(FeedLink.id)
    )
    return [
        {
            "number": number, "called": label, "made_at": plain(made), "last_read_at": plain(read),
            "revoked_at": plain(revoked),
        }
        for number, label, made, read, revoked in rows
    ]  # fmt: skip


def _open_registers(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(Meeting.held_on, Cluster.name, OpenRegister.seen_at)
        .join(Meeting, Meeting.id == OpenRegister.meeting_id)
        .join(Cluster, Cluster.id == Meeting.cluster_id)
        .where(OpenRegister.account_id == account_id)
        .order_by(OpenRegister.id)
    )
    return [{"meeting": plain(held), "cluster": cluster, "last_seen_at": plain(seen)} for held, cluster, seen in rows]


def _concerns(session: Session, account_id: int) -> list[dict[str, Any]]:
    """That the account raised them, and when; the words are about others."""
    rows = session.execute(
        sa.select(Concern.id, Cluster.name, School.name, Concern.raised_on, Concern.raised_as, Concern.closed_on)
        .join(Cluster, Cluster.id == Concern.cluster_id)
        .outerjoin(School, School.id == Concern.school_id)
        .where(Concern.raised_by_id == account_id)
        .order_by(Concern.id)
    )
    return [
        {
            "number": number, "cluster": cluster, "school": school, "raised_on": plain(raised), "raised_as": known_as,
            "closed_on": plain(closed),
        }
        for number, cluster, school, raised, known_as, closed in rows
    ]  # fmt: skip


def _decisions(session: Session, account_id: int) -> list[dict[str, Any]]:
    """That the account noted them, and when; the words are the cluster's."""
    rows = session.execute(
        sa.select(Decision.id, Cluster.name, Decision.decided_on, Decision.noted_as)
        .join(Cluster, Cluster.id == Decision.cluster_id)
        .where(Decision.noted_by_id == account_id)
        .order_by(Decision.id)
    )
    return [
        {"number": number, "cluster": cluster, "decided_on": plain(decided), "noted_as": known_as}
        for number, cluster, decided, known_as in rows
    ]


def _overview(session: Session, account_id: int) -> dict[str, Any]:
    """What the account keeps for itself of the overview."""
    watched = sa.select(Cluster.name, WatchedCluster.since).join(Cluster, Cluster.id == WatchedCluster.cluster_id)
    views = sa.select(SavedView.name, SavedView.query, SavedView.saved_at)
    visit = session.scalar(sa.select(OverviewVisit).where(OverviewVisit.account_id == account_id))
    return {
        "watched": [
            {"cluster": name, "since": plain(since)}
            for name, since in session.execute(
                watched.where(WatchedCluster.account_id == account_id).order_by(WatchedCluster.id)
            )
        ],
        "saved": [
            {"name": name, "choices": query, "saved_at": plain(saved)}
            for name, query, saved in session.execute(
                views.where(SavedView.account_id == account_id).order_by(SavedView.id)
            )
        ],
        "last_seen_at": plain(visit.seen_at) if visit else None,
        "seen_before_at": plain(visit.before_at) if visit and visit.before_at else None,
    }


def _requests(session: Session, account_id: int) -> list[dict[str, Any]]:
    """That the account asked or decided, and when; the words are about others."""
    asked = ApprovalRequest.asked_by_id == account_id
    decided = ApprovalRequest.decided_by_id == account_id
    rows = session.execute(
        sa.select(
            ApprovalRequest.id, Cluster.name, ApprovalRequest.kind, ApprovalRequest.state, sa.case((asked, True)),
            ApprovalRequest.asked_on, ApprovalRequest.asked_as, sa.case((decided, True)), ApprovalRequest.decided_on,
            ApprovalRequest.decided_as,
        )
        .join(Cluster, Cluster.id == ApprovalRequest.cluster_id)
        .where(sa.or_(asked, decided))
        .order_by(ApprovalRequest.id)
    )  # fmt: skip
    told = []
    for number, cluster, kind, state, mine, asked_on, asked_as, ended, decided_on, decided_as in rows:
        each = {"number": number, "cluster": cluster, "kind": kind.value, "state": state.value}
        each |= {"asked_on": plain(asked_on), "asked_as": asked_as} if mine else {}
        each |= {"decided_on": plain(decided_on), "decided_as": decided_as} if ended else {}
        told.append(each)
    return told


def _returns(session: Session, account_id: int) -> list[dict[str, Any]]:
    rows = session.execute(
        sa.select(Cluster.name, WorkgroupReturn.year, WorkgroupReturn.version, WorkgroupReturn.received_at)
        .join(Cluster, Cluster.id == WorkgroupReturn.cluster_id)
        .where(WorkgroupReturn.returned_by_id == account_id)
        .order_by(WorkgroupReturn.id)
    )
    return [
        {"cluster": cluster, "year": str(AcademicYear(year)), "version": version, "received_at": plain(received)}
        for cluster, year, version, received in rows
    ]


def _actions(session: Session, account_id: int) -> list[dict[str, Any]]:
    """The events of the audit that this account caused; what stood before and after may be about other people."""
    rows = session.execute(
        sa.select(
            AuditEvent.happened_at, AuditEvent.action, AuditEvent.object_kind, AuditEvent.outcome, AuditEvent.origin
        )
        .where(AuditEvent.actor_id == account_id)
        .order_by(AuditEvent.id)
    )
    return [
        {"at": plain(at), "action": action, "to": kind, "outcome": outcome.value, "from_computer": computer}
        for at, action, kind, outcome, computer in rows
    ]
