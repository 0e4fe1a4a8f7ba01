"""Writes about contributions and money from outside: by a form, with an event each, and by a file, through a batch.

A levy that is paid is an allocation of the lead-held pot; taking that back removes just this allocation, and nothing
else here removes anything. Events hold kinds, days and amounts, never a text.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.access import Scope, visible_clusters
from dashboard.audit import Actor
from dashboard.changes import Changes, Outcome
from dashboard.contributions.checks import (
    LONGEST_ABOUT,
    LONGEST_PARTY,
    LONGEST_WORDS,
    Agreed,
    ContributionRefused,
    Figures,
    NoSuchContribution,
    OutsideSaid,
    check_figures,
    check_outside,
    check_paid,
    check_text,
)
from dashboard.contributions.words import BY_HAND, WAIVED_BECAUSE
from dashboard.directory.members import load_members_of_year
from dashboard.models import Allocation, Cluster, Contribution, OutsideMoney, Target
from dashboard.vocabulary import ContributionKind, ContributionState, OutsideKind, Part, Pot

_TOLD: Final = ("school_id", "year", "kind", "amount", "vat", "minutes", "state", "due_on", "paid_on", "target_id")
_TOLD_OF_OUTSIDE: Final = (
    "school_id", "year", "kind", "state", "asked", "won", "received", "applied_on", "decided_on", "declared_on",
    "target_id",
)  # fmt: skip


class ContributionBook:
    """The contributions of the clusters of a scope, for one actor on one day, within one transaction."""

    def __init__(self, session: Session, actor: Actor, scope: Scope, today: date) -> None:
        self._session, self._actor, self._scope, self._today = session, actor, scope, today

    def agree(self, cluster: str, said: Agreed) -> list[int]:
        """Write down what some schools agreed to put in, one contribution each; gives their numbers."""
        cluster_id = self._cluster(cluster)
        if said.kind not in BY_HAND:
            raise ContributionRefused(
                "A share of a session is made with the session’s line in the ledger; enter that line.", "kind"
            )
        if not said.schools:
            raise ContributionRefused("Choose at least one school.", "schools")
        figures = self._checked(said.kind, said.figures)
        members = self._members(cluster_id, said)
        target_id = self._target(cluster_id, said.year.start, said.target)
        rows = [
            Contribution(
                cluster_id=cluster_id, school_id=school_id, year=said.year.start, kind=said.kind, **_columns(figures),
                state=ContributionState.AGREED, target_id=target_id,
            )
            for school_id in members
        ]  # fmt: skip
        self._session.add_all(rows)
        self._session.flush()
        for row in rows:
            self._tell("agree", row, None)
        return [row.id for row in rows]

    def edit(self, contribution_id: int, figures: Figures) -> None:
        """Change what was agreed and is not paid yet. Of a share of a session only until when, and what for."""
        row = self._agreed(contribution_id)
        clean = self._checked(row.kind, figures)
        before = _quoted(row)
        if row.kind is ContributionKind.CPD_EXCESS:
            if (clean.amount, clean.vat) != (row.amount, row.vat):
                raise ContributionRefused(
                    "This share comes from the session’s line in the ledger; change that line instead.", "amount"
                )
            clean = Figures(row.amount, row.vat, row.minutes, clean.words, clean.due_on)
        for name, value in _columns(clean).items():
            setattr(row, name, value)
        row.changed_by_hand()
        self._tell("change", row, before)

    def mark_paid(self, cluster: str, contribution_ids: Sequence[int], paid_on: date) -> int:
        """Mark contributions of a cluster as paid on a day, all or none; gives how many. A levy becomes money of the
        pot.
        """
        cluster_id = self._cluster(cluster)
        if not contribution_ids:
            raise ContributionRefused("Choose at least one contribution.")
        rows = [self._agreed(number) for number in sorted(set(contribution_ids))]
        if any(row.cluster_id != cluster_id for row in rows):
            raise NoSuchContribution
        for row in rows:
            check_paid(row.kind, row.amount, paid_on, self._today)
        told = []
        for row in rows:
            before = _quoted(row)
            row.state, row.paid_on = ContributionState.PAID, paid_on
            row.changed_by_hand()
            allocation = allocation_of(row)
            if allocation is not None:
                self._session.add(allocation)
            told.append((row, before))
        self._session.flush()
        for row, before in told:
            self._tell("mark paid", row, before)
        return len(rows)

    def take_back(self, contribution_id: int) -> None:
        """It was not paid, or is not waived after all: it is agreed again, and a levy is no money of the pot."""
        row = self._find(contribution_id)
        if row.state is ContributionState.AGREED:
            raise ContributionRefused("It is neither paid nor waived, so there is nothing to take back.")
        before = _quoted(row)
        row.state, row.paid_on = ContributionState.AGREED, None
        row.changed_by_hand()
        self._session.execute(sa.delete(Allocation).where(Allocation.contribution_id == row.id))
        self._tell("take back", row, before)

    def waive(self, contribution_id: int, because: str) -> None:
        """Do without it. `because` is one of `WAIVED_BECAUSE`, and stands in the event."""
        reason = WAIVED_BECAUSE.get(because)
        if reason is None:
            raise ContributionRefused("Choose why it is waived.", "because")
        row = self._agreed(contribution_id)
        before = _quoted(row)
        row.state = ContributionState.WAIVED
        row.changed_by_hand()
        self._tell("waive", row, before, reason)

    def declare(self, cluster: str, said: OutsideSaid) -> int:
        """Write down money from outside (4.21), or raised for charity (2.5); gives its number."""
        cluster_id = self._cluster(cluster)
        row = OutsideMoney(cluster_id=cluster_id, **self._of_outside(cluster_id, said))
        self._session.add(row)
        self._session.flush()
        self._tell_outside("declare", row, None)
        return row.id

    def edit_outside(self, outside_id: int, said: OutsideSaid) -> None:
        """Say anew what is known of money from outside."""
        row = self._session.scalar(
            sa.select(OutsideMoney)
            .where(OutsideMoney.id == outside_id, OutsideMoney.cluster_id.in_(visible_clusters(self._scope)))
            .with_for_update()
        )
        if row is None:
            raise NoSuchContribution
        before = audit.quote(row, {name: getattr(row, name) for name in _TOLD_OF_OUTSIDE})
        if (row.kind is OutsideKind.CHARITY) != (said.kind is OutsideKind.CHARITY):
            raise ContributionRefused("What is for charity stays apart; enter it anew instead.", "kind")
        for name, value in self._of_outside(row.cluster_id, said).items():
            setattr(row, name, value)
        row.changed_by_hand()
        self._tell_outside("change", row, before)

    def _of_outside(self, cluster_id: int, said: OutsideSaid) -> dict[str, Any]:
        party = check_text(said.party, LONGEST_PARTY, "party") or ""
        words = check_text(said.words, LONGEST_ABOUT, "words")
        values = {**vars(said), "party": party, "words": words, "year": said.year}
        check_outside(OutsideSaid(**values), self._today)
        school_id = None
        if said.school:
            members = load_members_of_year(self._session, self._scope, cluster_id, said.year)
            school_id = next((each.school_id for each in members if each.school == said.school), None)
            if school_id is None:
                raise ContributionRefused("This school is no member in that year; choose one from the list.", "school")
        values |= {
            "year": said.year.start, "school_id": school_id,
            "target_id": self._target(cluster_id, said.year.start, said.target),
        }  # fmt: skip
        return {name: value for name, value in values.items() if name not in {"school", "target"}}

    def _checked(self, kind: ContributionKind, figures: Figures) -> Figures:
        words = check_text(figures.words, LONGEST_WORDS, "words")
        check_figures(kind, figures)
        return Figures(figures.amount, figures.vat, figures.minutes, words, figures.due_on)

    def _find(self, contribution_id: int) -> Contribution:
        """The contribution of a number, if it is within the scope; nobody else writes it meanwhile."""
        row = self._session.scalar(
            sa.select(Contribution)
            .where(Contribution.id == contribution_id, Contribution.cluster_id.in_(visible_clusters(self._scope)))
            .with_for_update()
        )
        if row is None:
            raise NoSuchContribution
        return row

    def _agreed(self, contribution_id: int) -> Contribution:
        row = self._find(contribution_id)
        if row.state is not ContributionState.AGREED:
            raise ContributionRefused(f"It is {row.state} already; take that back first.")
        return row

    def _cluster(self, slug: str) -> int:
        found = self._session.scalar(
            sa.select(Cluster.id).where(Cluster.slug == slug, Cluster.id.in_(visible_clusters(self._scope)))
        )
        if found is None:
            raise NoSuchContribution
        return found

    def _members(self, cluster_id: int, said: Agreed) -> list[int]:
        """The numbers of the chosen schools, by name; each must be a member at some time of the year."""
        chosen = set(said.schools)
        members = load_members_of_year(self._session, self._scope, cluster_id, said.year)
        if chosen - {each.school for each in members}:
            raise ContributionRefused(
                f"A school that you chose is no member in {said.year}; choose from the list.", "schools"
            )
        return [each.school_id for each in members if each.school in chosen]

    def _target(self, cluster_id: int, year: int, code: str | None) -> int | None:
        if not code:
            return None
        found = self._session.scalar(
            sa.select(Target.id).where(Target.cluster_id == cluster_id, Target.year == year, Target.code == code)
        )
        if found is None:
            raise ContributionRefused("There is no such target in the plan of that year; choose another.", "target")
        return found

    def _tell(
        self, action: str, row: Contribution, before: Mapping[str, Any] | None, reason: str | None = None
    ) -> None:
        self._session.flush()
        audit.record(
            self._session, self._actor, action, "contribution", row.id, cluster_id=row.cluster_id, before=before,
            after=_quoted(row), reason=reason,
        )  # fmt: skip

    def _tell_outside(self, action: str, row: OutsideMoney, before: Mapping[str, Any] | None) -> None:
        self._session.flush()
        after = audit.quote(row, {name: getattr(row, name) for name in _TOLD_OF_OUTSIDE})
        audit.record(
            self._session, self._actor, action, "outside money", row.id, cluster_id=row.cluster_id, before=before,
            after=after,
        )  # fmt: skip


def allocation_of(row: Contribution) -> Allocation | None:
    """What a paid levy is to the pot; None of anything else."""
    if row.kind is not ContributionKind.LEVY or row.state is not ContributionState.PAID or row.amount is None:
        return None
    return Allocation(
        cluster_id=row.cluster_id, school_id=row.school_id, year=row.year, pot=Pot.LEAD_HELD, part=Part.LEVY,
        amount=row.amount, contribution_id=row.id,
    )  # fmt: skip


def _columns(figures: Figures) -> dict[str, Any]:
    return {
        "amount": figures.amount, "vat": figures.vat, "minutes": figures.minutes, "words": figures.words,
        "due_on": figures.due_on,
    }  # fmt: skip


def _quoted(row: Contribution) -> dict[str, Any]:
    return audit.quote(row, {name: getattr(row, name) for name in _TOLD})


Key = tuple[int, int, int, ContributionKind, str | None]
"""What makes two rows of files the same contribution: cluster, school, year, kind, what it is for."""


class ContributionList:
    """Every contribution of a store with its allocation, loaded once for a file."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        session = changes.session
        self._rows: dict[Key, Contribution] = {
            (row.cluster_id, row.school_id, row.year, row.kind, row.words): row
            for row in session.scalars(sa.select(Contribution).order_by(Contribution.id.desc()))
        }
        self._allocations = {
            row.contribution_id: row
            for row in session.scalars(sa.select(Allocation).where(Allocation.contribution_id.is_not(None)))
        }

    def note(self, key: Key, said: Mapping[str, Any]) -> Outcome:
        """The contribution of a key, made or completed. `said` are columns; what is None says nothing.

        Raises ContributionRefused where the whole of it would not hold.
        """
        given = {name: value for name, value in said.items() if value is not None}
        if given.get("state", ContributionState.PAID) is not ContributionState.PAID:
            given["paid_on"] = None  # whatever a file said before
        found = self._rows.get(key)
        if found is not None:
            outcome = self._changes.edit(found, **given)
        else:
            cluster_id, school_id, year, kind, words = key
            found = Contribution(
                cluster_id=cluster_id, school_id=school_id, year=year, kind=kind, words=words,
                **{"state": ContributionState.AGREED, "vat": 0, **given},
            )  # fmt: skip
            self._changes.add(found)
            self._changes.session.flush()
            self._rows[key] = found
            outcome = Outcome.ADDED
        check_figures(found.kind, Figures(found.amount, found.vat, found.minutes))
        if found.state is ContributionState.PAID and found.paid_on is not None:
            check_paid(found.kind, found.amount, found.paid_on, found.paid_on)
        self._keep_allocation(found)
        return outcome

    def _keep_allocation(self, row: Contribution) -> None:
        wanted, there = allocation_of(row), self._allocations.get(row.id)
        if wanted is None and there is not None:
            self._changes.remove(self._allocations.pop(row.id))
        elif wanted is not None and there is None:
            self._changes.add(wanted)
            self._allocations[row.id] = wanted
        elif wanted is not None and there is not None:
            self._changes.edit(there, amount=wanted.amount)


OutsideKey = tuple[int, int | None, int, OutsideKind, str, str | None]
"""What makes two rows of files the same money: cluster, school, year, kind, funder, what it is for."""


class OutsideList:
    """All money from outside of a store, loaded once for a file."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._rows: dict[tuple[OutsideKey, int], OutsideMoney] = {}
        for row in changes.session.scalars(sa.select(OutsideMoney).order_by(OutsideMoney.id)):
            key = (row.cluster_id, row.school_id, row.year, row.kind, row.party, row.words)
            self._rows[key, self._next(key)] = row

    def note(self, key: OutsideKey, occurrence: int, said: Mapping[str, Any]) -> tuple[OutsideMoney, Outcome]:
        """The money of a key, made or completed; the n-th equal row of a file is the n-th of the store. What is None
        says nothing.
        """
        given = {name: value for name, value in said.items() if value is not None}
        found = self._rows.get((key, occurrence))
        if found is not None:
            return found, self._changes.edit(found, **given)
        cluster_id, school_id, year, kind, party, words = key
        row = OutsideMoney(
            cluster_id=cluster_id, school_id=school_id, year=year, kind=kind, party=party, words=words, **given
        )
        self._changes.add(row)
        self._rows[key, occurrence] = row
        return row, Outcome.ADDED

    def _next(self, key: OutsideKey) -> int:
        number = 1
        while (key, number) in self._rows:
            number += 1
        return number
