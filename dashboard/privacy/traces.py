"""Where else a name stands: in who owns a target, in a file's name, in what somebody wrote. Pure, but for the reading.

What is there to hold a name is rubbed out. Texts that people wrote are not changed by a machine: they are told of.
"""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.db import Base
from dashboard.models import Account, AccountGrant, Aim, AimWording, Cluster, Person, SchoolAlias, Target
from dashboard.privacy.due import is_somebody, places_of_people
from dashboard.privacy.rules import REMOVED

WHO: Final = (
    (Target, "owner", sa.select(Target.id, Target.owner, Target.cluster_id)),
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
"""The table, the column that says who, and a statement of number, who and cluster."""

_OF_THE_PERSON: Final = frozenset({"person", "account", "passkey", "web_session"})
"""Tables whose names go with the person."""
_NEVER_A_NAME: Final = frozenset(
    {"slug", "sha256", "previous_sha256", "token_sha256", "fingerprint", "postcode", "table_name"}
)
_MOST_TOLD: Final = 200


@dataclass(frozen=True)
class Names:
    """What one person is called, and the clusters the person has to do with."""

    name: str | None
    initials: str | None
    email: str | None
    cluster_ids: frozenset[int]
    clusters: frozenset[str]
    """The slugs of the same."""

    @property
    def whole(self) -> tuple[str, ...]:
        """What means this person wherever it stands: the address, and a name of two words or more."""
        return tuple(each for each in (self.name, self.email) if each and len(re.split(r"[\s@]+", each.strip())) > 1)

    def knows(self, cluster_id: int | None) -> bool:
        """Whether a text of a cluster may be about this person; without any cluster, every text may."""
        return not self.cluster_ids or cluster_id in self.cluster_ids


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
    """A text with every whole name and address taken out, however its words are joined ("Jo_Bloggs.csv")."""
    # The longest first: the name may be a part of the address.
    for word in sorted({each for name in names for each in name.whole}, key=len, reverse=True):
        apart = r"[\W_]+".join(re.escape(part) for part in re.split(r"[\W_]+", word) if part)
        text = re.sub(rf"(?<![^\W_]){apart}(?![^\W_])", REMOVED, text, flags=re.IGNORECASE)
    return text


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
        if text.strip().casefold() in {each.casefold() for each in (name.name, name.initials, name.email) if each}:
            return REMOVED
        text = rub_out((name,), text)
    return text


def find_mentions(session: Session, names: Iterable[Names]) -> list[Mention]:
    """The texts of the store that hold a whole name or address, at most 200: where a person has to look."""
    words = sorted({each for name in names for each in name.whole})
    found: list[Mention] = []
    for table in Base.metadata.sorted_tables if words else ():
        if table.name not in _OF_THE_PERSON:
            for column in (each for each in table.columns if _holds_text(each)):
                numbers = session.scalars(sa.select(table.c.id).where(_says(column, words)).order_by(table.c.id))
                found += [Mention(table.name, number, column.name) for number in numbers]
    return found[:_MOST_TOLD]


def find_named(session: Session, names: Sequence[Names]) -> list[Mention]:
    """Where somebody is named as the one who is responsible or has confirmed something."""
    found: list[Mention] = []
    for table, column, statement in WHO:
        rows = session.execute(statement.where(statement.selected_columns[1].is_not(None)).order_by(table.id))
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
        yield _names(row.name, None if shared or not where else row.initials, row.work_email, where, slugs)


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
    kind = column.type.impl if isinstance(column.type, sa.types.TypeDecorator) else column.type
    is_text = isinstance(kind, sa.JSON) or (isinstance(kind, sa.String) and not isinstance(kind, sa.Enum))
    return is_text and column.name not in _NEVER_A_NAME


def _says(column: sa.Column[Any], words: Sequence[str]) -> sa.ColumnElement[bool]:
    text = sa.func.lower(sa.cast(column, sa.Text))
    forms = {form for word in words for form in _forms(word)}
    return sa.or_(*(text.contains(form, autoescape=True) for form in sorted(forms)))


def _forms(word: str) -> Iterable[str]:
    """How a word may stand in lowered text: SQLite lowers plain letters alone, and JSON holds the others as numbers."""
    for each in (word, word.lower()):
        yield from (re.sub("[A-Z]+", lambda found: found[0].lower(), each), json.dumps(each)[1:-1].lower())
