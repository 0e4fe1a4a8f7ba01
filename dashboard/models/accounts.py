"""Who can sign in, what they were trusted with, and what they hold to prove it. Nothing secret is stored as it is."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.db import NUMBERED_ONCE, Base, UtcTime, choice, now_utc
from dashboard.vocabulary import Role


class Words(sa.types.TypeDecorator[list[str]]):
    """A list of words without commas, kept as one text."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: list[str] | None, dialect: sa.Dialect) -> str | None:
        return None if value is None else ",".join(value)

    def process_result_value(self, value: str | None, dialect: sa.Dialect) -> list[str]:
        return value.split(",") if value else []


class Account(Base):
    """A person who can sign in. The columns that begin with tf, mf and fs carry the names Flask-Security knows."""

    __tablename__ = "account"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(sa.String(254), unique=True, info={"personal": True})
    """The work address, in lower case (0.4)."""
    name: Mapped[str | None] = mapped_column(sa.String(200), info={"personal": True})
    password: Mapped[str | None] = mapped_column(sa.String(255), info={"secret": True})
    """An argon2 hash; nothing until the person has chosen a password."""
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(sa.String(64), unique=True, info={"secret": True})
    """Stands in every session; a new one ends them all."""
    fs_webauthn_user_handle: Mapped[str | None] = mapped_column(sa.String(64), unique=True, info={"secret": True})
    tf_primary_method: Mapped[str | None] = mapped_column(sa.String(64))
    tf_totp_secret: Mapped[str | None] = mapped_column(sa.String(255), info={"secret": True})
    tf_last_counter: Mapped[int | None] = mapped_column(sa.BigInteger)
    """The time step of the last code that was taken: no code is good twice."""
    mf_recovery_codes: Mapped[list[str] | None] = mapped_column(Words, info={"secret": True})
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)
    last_signed_in_at: Mapped[datetime | None] = mapped_column(UtcTime)

    grants: Mapped[list["AccountGrant"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)
    passkeys: Mapped[list["Passkey"]] = relationship(cascade="all, delete-orphan", passive_deletes=True)


class AccountGrant(Base):
    """One role of one account, and where it holds: a programme (none: all), a cluster, a school.

    A place is not taken out while somebody holds a role there: that a role is gone must be told by an event.
    """

    __tablename__ = "account_grant"

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    role: Mapped[Role] = mapped_column(choice(Role))
    programme_id: Mapped[int | None] = mapped_column(sa.ForeignKey("programme.id"))
    cluster_id: Mapped[int | None] = mapped_column(sa.ForeignKey("cluster.id"))
    school_id: Mapped[int | None] = mapped_column(sa.ForeignKey("school.id"))
    granted_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)


class Passkey(Base):
    """A WebAuthn credential of an account."""

    __tablename__ = "passkey"

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(sa.LargeBinary(1024), unique=True)
    public_key: Mapped[bytes] = mapped_column(sa.LargeBinary, info={"secret": True})
    sign_count: Mapped[int | None] = mapped_column(default=0)
    transports: Mapped[list[str] | None] = mapped_column(Words)
    backup_state: Mapped[bool]
    device_type: Mapped[str] = mapped_column(sa.String(64))
    extensions: Mapped[str | None] = mapped_column(sa.String(255))
    create_datetime: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)
    lastuse_datetime: Mapped[datetime] = mapped_column(UtcTime)
    name: Mapped[str] = mapped_column(sa.String(64), info={"personal": True})
    usage: Mapped[str] = mapped_column(sa.String(64))


class WebSession(Base):
    """One browser that is or was signed in. The cookie holds the token, this only its digest."""

    __tablename__ = "web_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    account_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    screen_link_id: Mapped[int | None] = mapped_column(sa.ForeignKey("screen_link.id", ondelete="CASCADE"))
    data: Mapped[bytes] = mapped_column(sa.LargeBinary)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)
    last_seen_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc, index=True)
    user_agent: Mapped[str | None] = mapped_column(sa.String(200), info={"personal": True})


class SetUpLink(Base):
    """The one-time link by which the first administrator is made."""

    __tablename__ = "set_up_link"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class ScreenLink(Base):
    """A link that opens one cluster's screen, and nothing else, on a meeting room's computer."""

    __tablename__ = "screen_link"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    cluster_id: Mapped[int] = mapped_column(sa.ForeignKey("cluster.id"), index=True)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    label: Mapped[str | None] = mapped_column(sa.String(100))
    """Where it is used, in words: "meeting room at the lead school"."""
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)
    created_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("account.id", ondelete="SET NULL"))
    expires_at: Mapped[datetime] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcTime)


class FeedLink(Base):
    """The secret address under which a calendar program reads the meetings that an account may see."""

    __tablename__ = "feed_link"
    __table_args__ = (NUMBERED_ONCE,)

    id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id", ondelete="CASCADE"), index=True)
    token_sha256: Mapped[str] = mapped_column(sa.String(64), unique=True)
    label: Mapped[str | None] = mapped_column(sa.String(100))
    created_at: Mapped[datetime] = mapped_column(UtcTime, default=now_utc)
    last_read_at: Mapped[datetime | None] = mapped_column(UtcTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcTime)
