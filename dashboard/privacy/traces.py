"""Where else a name stands: in who owns a target, in a file's name, in what somebody wrote. Pure, but for the reading.

What is there to hold a name is rubbed out. Texts that people wrote are not changed by a machine: they are told of.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.db import Base
from dashboard.models import Account, AccountGrant, Aim, AimWording, Cluster, Person, PlanChange, SchoolAlias, Target
from dashboard.privacy import spelling
from dashboard.privacy.due import is_somebody, places_of_people
from dashboard.privacy.rules import REMOVED
from dashboard.vocabulary import PlanChangeKind

WHO: Final = (
    (Target, "owner", sa.select(Target.id, Target.owner, Target.cluster_id)),
    *(
        (
            PlanChange,
            column.key,
            sa.select(PlanChange.id, column, PlanChange.cluster_id).where(PlanChange.kind == PlanChangeKind.OWNER),
        )
        for column in (PlanChange.before, PlanChange.after)
    ),
    (
        SchoolAlias,
        "confirmed_by",
        sa.select(SchoolAlias.id, SchoolAlias.confirmed_by, SchoolAlias.cluster_id),
    ),
    (
        AimWording,
        "confirmed_by",
        sa.select(AimWording.id, AimWording.confirmed_by, Aim.cluster_id).join(Aim, Aim.id == AimWording.aim_id),
    ),
)
"""The table, the column that says who, and a statement of id, who and cluster_id."""

_OF_THE_PERSON: Final = frozenset({"person", "account", "passkey", "web_session"})
"""Tables whose names go with the person."""
_NEVER_A_NAME: Final = frozenset(
    {"slug", "sha256", "previous_sha256", "token_sha256", "fingerprint", "postcode", "table_name"}
)
_MOST_TOLD: Final = 200
_MORE_THAN_ASCII: Final = r"[^\u0001-\u007F]"


@dataclass(frozen=True)
class Names:
    """What one person is called, and the clusters the person has to do with."""

    name: str | None
    initials: str | None
    email: str | None
    cluster_ids: frozenset[int]
    clusters: frozenset[str]
    """The slugs of the same."""
    own_initials: str | None = None
    """The initials as they are held, though a colleague may share them."""

    @property
    def whole(self) -> tuple[str, ...]:
        """What means this person wherever it stands: the address, and a name of two words or more."""
        return tuple(each for each in (self.name, self.email) if each and len(re.split(r"[\s@]+", each.strip())) > 1)

    def knows(self, cluster_id: int | None) -> bool:
        """Whether a text of a cluster may be about this person; where one of them has no cluster, it may."""
        return cluster_id is None or not self.cluster_ids or cluster_id in self.cluster_ids


@dataclass(frozen=True)
class Mention:
    """A text that still holds a name: the table, the number of the row, the column."""

    table: str
    number: int
    column: str

    def __str__(self) -> str:
        return f"{self.table.replace('_', ' ')} {self.number}, {self.column.replace('_', ' ')}"


def load_names(session: Session, person_ids: Collection[int], account_ids: Collection[int] = ()) -> list[Names]:
    """What people and accounts are called. Initials that another contact of the same clusters shares are left out."""
    slugs = {row.id: row.slug for row in session.execute(sa.select(Cluster.id, Cluster.slug))}
    return [*_of_people(session, frozenset(person_ids), slugs), *_of_accounts(session, account_ids, slugs)]


def rub_out(names: Iterable[Names], text: str) -> str:
    """A text with every whole name and address taken out, however it is written ("Jo_Bloggs.csv", "Bloggs, Jo")."""
    return spelling.take_out({each for name in names for each in name.whole}, text, REMOVED)


def rub_out_within(names: Sequence[Names], value: Any) -> Any:
    """The same in every text of a JSON value, keys included."""
    if isinstance(value, str):
        return rub_out(names, value)
    if isinstance(value, Mapping):
        return {rub_out(names, key): rub_out_within(names, each) for key, each in value.items()}
    return [rub_out_within(names, each) for each in value] if isinstance(value, list) else value


def rub_out_who(names: Iterable[Names], text: str, cluster_id: int | None) -> str:
    """What stands where somebody is named, such as who owns a target: there initials and short names count too."""
    for name in names:
        if not name.knows(cluster_id):
            continue
        called = {spelling.same(each.strip()) for each in (name.name, name.initials, name.email) if each}
        if spelling.same(text.strip()) in called:
            return REMOVED
        text = rub_out((name,), text)
    return text


def tells_of(names: Sequence[Names], text: str) -> bool:
    """Whether a text lets one guess who somebody is: by the name, a part of it, the initials or the address."""
    return rub_out(names, text) != text or any(
        spelling.hints_at(name.name, name.own_initials or name.initials, text) for name in names
    )


def find_mentions(session: Session, names: Iterable[Names]) -> list[Mention]:
    """The texts of the store that hold a whole name or address, at most 200: where a person has to look."""
    words = sorted({each for name in names for each in name.whole})
    found: list[Mention] = []
    for table in Base.metadata.sorted_tables if words else ():
        if table.name not in _OF_THE_PERSON:
            for column in (each for each in table.columns if _holds_text(each)):
                rows = session.execute(
                    sa.select(table.c.id, sa.cast(column, sa.Text)).where(_may_say(column, words)).order_by(table.c.id)
                )
                found += [
                    Mention(table.name, number, column.name)
                    for number, text in rows
                    if spelling.stands_in(words, _readable(column, text))
                ]
    return found[:_MOST_TOLD]


def find_named(session: Session, names: Sequence[Names]) -> list[Mention]:
    """Where somebody is named as the one who is responsible or has confirmed something."""
    found: list[Mention] = []
    for table, column, statement in WHO:
        rows = session.execute(
            statement.where(statement.selected_columns[1].is_not(None)).order_by(statement.selected_columns[0])
        )
        found += [
            Mention(table.__tablename__, number, column)
            for number, who, place in rows
            if rub_out_who(names, who or "", place) != who
        ]
    return found


def _of_people(session: Session, person_ids: frozenset[int], slugs: Mapping[int, str]) -> Iterable[Names]:
    places: dict[int, set[int]] = {}
    for person_id, cluster_id in session.execute(places_of_people()):
        if cluster_id is not None:
            places.setdefault(person_id, set()).add(cluster_id)
    called = sa.select(Person.id, Person.name, Person.initials, Person.work_email)
    people: Sequence[Any] = session.execute(called.where(is_somebody()).order_by(Person.id)).all()
    others = [row for row in people if row.initials and row.id not in person_ids]
    taken = {(row.initials.casefold(), place) for row in others for place in places.get(row.id, ())}
    for row in people:
        if row.id not in person_ids:
            continue
        where = places.get(row.id, set())
        shared = any((row.initials.casefold(), place) in taken for place in where) if row.initials else False
        initials = None if shared or not where else row.initials
        names = _names(row.name, initials, row.work_email, where, slugs)
        yield replace(names, own_initials=row.initials)


def _of_accounts(session: Session, account_ids: Collection[int], slugs: Mapping[int, str]) -> Iterable[Names]:
    held: dict[int, set[int | None]] = {}
    grants = sa.select(AccountGrant.account_id, AccountGrant.cluster_id).where(AccountGrant.account_id.in_(account_ids))
    for account_id, cluster_id in session.execute(grants):
        held.setdefault(account_id, set()).add(cluster_id)
    for row in session.execute(sa.select(Account.id, Account.name, Account.email).where(Account.id.in_(account_ids))):
        # A role beyond one cluster, such as a director's, may have left the name anywhere.
        places = held.get(row.id, {None})
        yield _names(
            row.name, None, row.email, {each for each in places if each} if None not in places else set(), slugs
        )


def _names(
    name: str | None, initials: str | None, email: str | None, places: Collection[int], slugs: Mapping[int, str]
) -> Names:
    return Names(name, initials, email, frozenset(places), frozenset(slugs[each] for each in places))


def _holds_text(column: sa.Column[Any]) -> bool:
    is_text = isinstance(_kind(column), sa.String) and not isinstance(_kind(column), sa.Enum)
    return (is_text or _is_json(column)) and column.name not in _NEVER_A_NAME


def _is_json(column: sa.Column[Any]) -> bool:
    return isinstance(_kind(column), sa.JSON)


def _kind(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    return column.type.impl_instance if isinstance(column.type, sa.types.TypeDecorator) else column.type


def _may_say(column: sa.Column[Any], words: Iterable[str]) -> sa.ColumnElement[bool]:
    """Which rows to read: a database knows too little of accents to say which of those beyond ASCII hold a name."""
    text = sa.cast(column, sa.Text)
    ways = [text.regexp_match(_MORE_THAN_ASCII)]
    if _is_json(column):
        ways.append(text.contains("\\u", autoescape=True))
    for word in words:
        pieces = spelling.parts(spelling.bare(word))
        if pieces and all(piece.isascii() for piece in pieces):
            ways.append(sa.and_(*(sa.func.lower(text).contains(piece, autoescape=True) for piece in pieces)))
    return sa.or_(*ways)


def _readable(column: sa.Column[Any], text: str) -> str:
    """What stands in a column; of JSON, whose signs may be written as numbers, every text in it."""
    return "\n".join(_texts_within(json.loads(text))) if _is_json(column) else text


def _texts_within(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield key
            yield from _texts_within(each)
    elif isinstance(value, list):
        for each in value:
            yield from _texts_within(each)
