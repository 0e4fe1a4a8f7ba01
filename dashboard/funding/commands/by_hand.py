"""The lines that somebody keeps by hand: recorded, changed, moved on, taken back, with receipts."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from hashlib import sha256
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from dashboard import audit
from dashboard.academic_year import AcademicYear
from dashboard.access import Scope, looking_up, visible_clusters, was_member
from dashboard.attachments import check_file, plain_name
from dashboard.audit import Actor
from dashboard.db import now_utc
from dashboard.directory.expected import belongs
from dashboard.directory.queries import load_rule_sets
from dashboard.funding.around import Tied, load_around, load_members_on
from dashboard.funding.checks import Breach, LineFacts, check_line, is_cpd_session
from dashboard.funding.commands.line import Line
from dashboard.funding.entry import (
    NEXT_STATES,
    NOT_AT_ENTRY,
    OF_A_CLOSING,
    TOLD,
    WRITTEN,
    BreaksRules,
    ChangedMeanwhile,
    LedgerRefused,
    LineSaid,
    NoSuchLine,
    check_amounts,
    check_day,
    checked_text,
)
from dashboard.funding.reach import lines_within
from dashboard.funding.sharing import SessionSplit, share, split_session
from dashboard.funding.words import STATE_WORDS
from dashboard.models import (
    ApprovalRequest,
    Cluster,
    Contribution,
    LedgerLine,
    Meeting,
    Membership,
    Receipt,
    School,
    Target,
)
from dashboard.rules import RuleSet
from dashboard.vocabulary import (
    ContributionKind,
    ContributionState,
    LineState,
    Pot,
)
from dashboard.wording import day

MOST_RECEIPTS: Final = 20
_TRIES: Final = 5
_TIED_TO: Final[Mapping[str, type[Meeting | Target | ApprovalRequest]]] = {
    "meeting": Meeting, "target": Target, "request": ApprovalRequest,
}  # fmt: skip


class LedgerBook:
    """The lines that are kept by hand within a scope, for one actor on one day, within one transaction.

    A scope of schools reaches the money that these schools hold; a scope of clusters all of their money.
    """

    def __init__(self, session: Session, actor: Actor, scope: Scope, today: date) -> None:
        self._session, self._actor, self._scope, self._today = session, actor, scope, today
        self._clusters: dict[str, Cluster] = {}
        self._rule_sets: Mapping[int | None, RuleSet] | None = None

    def record(self, cluster: str, said: LineSaid, *, as_it_happened: bool = False) -> int:
        """Record one more line of a cluster (a slug); gives its number.

        Raises BreaksRules for a line that keeps not every rule of the programme, unless it is recorded as it happened,
        with the reason in its note.
        """
        place = self._cluster(cluster)
        values = self._values(place, said, None)
        self._hold_against_rules(place, values | {"state": said.state}, None, as_it_happened=as_it_happened)
        row = self._new_line(place, said, values)
        self._tell("record", row, None, audit.quote(row, _told(row)))
        return row.id

    def record_session(
        self, cluster: str, said: LineSaid, schools: Sequence[str], *, as_it_happened: bool = False
    ) -> int:
        """Record the invoice of one CPD session that costs more than the pot may pay: the pot's part as a line, the
        rest as contributions of the schools named (slugs), to the penny (4.9). Gives the number of the line.
        """
        place = self._cluster(cluster)
        split = self.split_of(place, said)
        if split is None:
            raise LedgerRefused("This invoice is within what the pot may pay; record it as it is.")
        sharers = [] if said.spent_on is None else load_members_on(self._session, place.id, said.spent_on)
        sharers = [each for each in sharers if each.school in set(schools)]
        if not sharers:
            raise LedgerRefused("Tick at least one school that shares the rest.", "sharers")
        of_the_pot = replace(said, amount=split.net, vat=split.vat)
        values = self._values(place, of_the_pot, None)
        self._hold_against_rules(place, values | {"state": said.state}, None, as_it_happened=as_it_happened)
        row = self._new_line(place, of_the_pot, values)
        shares = [
            Contribution(
                cluster_id=place.id, school_id=each.school_id, year=row.year, kind=ContributionKind.CPD_EXCESS,
                amount=net, vat=vat, state=ContributionState.AGREED, line_id=row.id,
                words=f"Share of the session of {day(row.spent_on)}" if row.spent_on else "Share of a session",
            )
            for each, net, vat in zip(
                sharers, share(split.excess_net, len(sharers)), share(split.excess_vat, len(sharers)), strict=True
            )
        ]  # fmt: skip
        self._session.add_all(shares)
        self._session.flush()
        after = audit.quote(row, _told(row)) | {"contributions": [each.id for each in shares]}
        self._tell("record", row, None, after)
        return row.id

    def breaches_of(self, cluster: str, said: LineSaid) -> list[Breach]:
        """The rules that a new line would not keep; none for one that could not be stored at all."""
        try:
            return self.look_at(cluster, said)
        except LedgerRefused:
            return []

    def look_at(self, cluster: str, said: LineSaid) -> list[Breach]:
        """The rules that a new line would not keep. Raises LedgerRefused for one that could not be stored at all."""
        place = self._cluster(cluster)
        values = self._values(place, said, None)
        return self._broken(place, values | {"state": said.state}, None, self._rules(place))

    def split_of(self, cluster: Cluster | str, said: LineSaid) -> SessionSplit | None:
        """How the invoice of a CPD session is divided; nothing where the pot may pay all of it."""
        place = self._cluster(cluster) if isinstance(cluster, str) else cluster
        rules = self._rules(place)
        limit = rules.pence("cpd_session_max")
        if limit is None or said.spent_on is None:
            return None
        facts = LineFacts(
            said.pot, said.part, said.amount, AcademicYear.of(said.spent_on), said.spent_on, said.vat, said.use_code,
            said.purpose,
        )  # fmt: skip
        split = split_session(said.amount, said.vat, limit)
        return split if split.excess_net and is_cpd_session(facts, rules) else None

    def change(self, line_id: int, said: LineSaid, version: int, *, as_it_happened: bool = False) -> bool:
        """Change a line that the writer saw in a version; False where nothing was different. Its state goes on by
        `move` alone.

        Raises ChangedMeanwhile when somebody else was faster.
        """
        row = self._find_open(line_id, version)
        place = self._cluster_of(row)
        values = self._values(place, said, row)
        edits = {name: value for name, value in values.items() if getattr(row, name) != value}
        if not edits:
            return False
        self._refuse_to_reopen(row, edits)
        self._refuse_to_unshare(row, edits)
        self._hold_against_rules(place, values | {"state": row.state}, row, as_it_happened=as_it_happened)
        before = audit.quote(row, {name: getattr(row, name) for name in edits if name in TOLD})
        for name, value in edits.items():
            setattr(row, name, value)
        row.changed_by_hand()
        if "school_id" in edits:
            self._session.execute(sa.update(Receipt).where(Receipt.line_id == row.id).values(school_id=row.school_id))
        written = [name for name in WRITTEN if name in edits]
        after = audit.quote(row, {name: value for name, value in edits.items() if name in TOLD})
        self._tell("change", row, before, after | ({"written_anew": written} if written else {}))
        return True

    def move(self, line_id: int, state: LineState, version: int, reason: str | None = None) -> None:
        """Say that a line has got further, or that a mere request is withdrawn.

        With a reason it goes on as it happened, although it keeps not every rule.
        """
        row = self._find_open(line_id, version)
        if state not in NEXT_STATES[row.state]:
            raise LedgerRefused(
                f"A line that is {STATE_WORDS[row.state]} does not become {STATE_WORDS[state]}: a line goes on from "
                "requested to paid. If it was wrong, reverse it.",
                "state",
            )
        check_day(state, row.spent_on, self._today)
        if row.state is LineState.REQUESTED and state is not LineState.REVERSED and self._is_over(row.year):
            raise LedgerRefused(
                f"{AcademicYear(row.year)} is over and keeps its closing. Withdraw the request, and record it with a "
                "day of this year.",
                "state",
            )
        note = checked_text(reason, "note")
        values = {name: getattr(row, name) for name in TOLD} | {"note": note, "state": state}
        self._hold_against_rules(self._cluster_of(row), values, row, as_it_happened=note is not None)
        before = {"state": str(row.state)}
        row.state, row.note = state, note or row.note
        row.changed_by_hand()
        self._tell("withdraw" if state is LineState.REVERSED else "move on", row, before, {"state": str(state)})

    def reverse(self, line_id: int, reason: str, on: date | None = None, version: int | None = None) -> int:
        """Take a line back by one of its own, with the other sign, on a day that is not before it; gives its number.

        Both stay and both count, so that a year that is over keeps its closing. What schools had agreed to share of it
        is waived; what they have paid already stays.
        """
        row = self._find_open(line_id, version)
        if row.state is LineState.REQUESTED:
            raise LedgerRefused("A mere request binds nobody: withdraw it instead.")
        note = checked_text(reason, "note")
        if note is None:
            raise LedgerRefused("Give the reason: whoever reads the ledger later will ask for it.", "note")
        when = on or self._today
        if row.spent_on is not None and when < row.spent_on:
            raise LedgerRefused(
                f"{day(when)} is before the line itself ({day(row.spent_on)}); give that day or a later one.", "on"
            )
        if when > self._today:
            raise LedgerRefused(f"{day(when)} is still to come; give the day on which it was taken back.", "on")
        back = LedgerLine(
            cluster_id=row.cluster_id, school_id=row.school_id, year=AcademicYear.of(when).start, spent_on=when,
            pot=row.pot, part=row.part, use_code=row.use_code, purpose=row.purpose, supplier=row.supplier,
            description=row.description, reference=row.reference, amount=-row.amount, vat=-row.vat, state=row.state,
            meeting_id=row.meeting_id, target_id=row.target_id, request_id=row.request_id, reverses_id=row.id,
            note=note, illustrative=row.illustrative,
            # Not as a file would tell it: a credit in a file is another line than this one.
            fingerprint=sha256(f"reverses\x1f{row.fingerprint}\x1f{row.occurrence}".encode()).hexdigest(),
        )  # fmt: skip
        self._session.add(back)
        self._session.flush()
        waived = self._waive(row)
        after = audit.quote(back, _told(back)) | ({"waived_contributions": waived} if waived else {})
        self._tell("reverse", back, None, after)
        return back.id

    def attach(self, line_id: int, file_name: str, content: bytes) -> int:
        """Attach a receipt to a line; gives its number. What it is, its first bytes say."""
        row = self._find(line_id)
        try:
            kind = check_file(content, "the invoice or receipt")
        except ValueError as error:
            raise LedgerRefused(str(error), "receipt") from error
        there = self._session.scalars(sa.select(Receipt.sha256).where(Receipt.line_id == row.id)).all()
        digest = sha256(content).hexdigest()
        if digest in there:
            raise LedgerRefused("This very file is attached to this line already.", "receipt")
        if len(there) >= MOST_RECEIPTS:
            raise LedgerRefused(
                f"A line holds at most {MOST_RECEIPTS} receipts; put several pages in one PDF.", "receipt"
            )
        made = Receipt(
            line_id=row.id, cluster_id=row.cluster_id, school_id=row.school_id,
            file_name=plain_name(file_name, kind, "receipt"), media_type=kind, size=len(content), sha256=digest,
            content=content, added_at=now_utc(),
        )  # fmt: skip
        self._session.add(made)
        self._session.flush()
        self._tell("attach receipt", row, None, {"receipt": made.id, "size": made.size, "sha256": digest})
        return made.id

    def take_away(self, receipt_id: int) -> int:
        """Take a receipt away that was attached by mistake, on the day on which it was; gives the number of its line.

        The event keeps its size and digest. Later it stays, as everything in the ledger does.
        """
        found = self._session.scalar(
            sa.select(Receipt)
            .join(LedgerLine, LedgerLine.id == Receipt.line_id)
            .where(Receipt.id == receipt_id, lines_within(self._scope))
        )
        if found is None:
            raise NoSuchLine
        if found.added_at.date() != now_utc().date():
            raise LedgerRefused(
                f"This receipt was attached on {day(found.added_at.date())} and stays: one is taken away on the day it "
                "was attached by mistake. Attach the right one beside it."
            )
        row = self._find(found.line_id)
        before = {"receipt": found.id, "size": found.size, "sha256": found.sha256}
        self._session.delete(found)
        self._tell("take away receipt", row, before, None)
        return row.id

    def _new_line(self, cluster: Cluster, said: LineSaid, values: Mapping[str, Any]) -> LedgerLine:
        school = self._session.get(School, values["school_id"]) if values["school_id"] else None
        if said.spent_on is None:
            raise LedgerRefused("Give the day of the invoice or the payment.", "spent_on")
        told = Line(
            school, said.spent_on, said.pot, said.part, said.amount, said.vat, said.use_code, values["supplier"],
            values["description"], values["reference"],
        )  # fmt: skip
        print_, cluster_id = told.fingerprint(cluster), cluster.id
        same = (LedgerLine.cluster_id == cluster_id, LedgerLine.fingerprint == print_)
        for _ in range(_TRIES):
            last = self._session.scalar(sa.select(sa.func.max(LedgerLine.occurrence)).where(*same)) or 0
            row = LedgerLine(
                cluster_id=cluster_id, state=said.state, fingerprint=print_, occurrence=last + 1, **values
            )  # fmt: skip
            try:
                with self._session.begin_nested():
                    self._session.add(row)
            except IntegrityError:  # somebody records the very same at this moment
                self._clusters.clear()
                continue
            return row
        raise LedgerRefused("Somebody records the same line at this moment. Wait a little and send it again.")

    def _values(self, cluster: Cluster, said: LineSaid, row: LedgerLine | None) -> dict[str, Any]:
        """The columns of a line as said, each looked up within the scope; `row` is the line that is changed."""
        if said.spent_on is None and (row is None or row.spent_on is not None):
            raise LedgerRefused("Give the day of the invoice or the payment.", "spent_on")
        year = AcademicYear.of(said.spent_on).start if said.spent_on else row.year if row else 0
        check_day(row.state if row else said.state, said.spent_on, self._today)
        check_amounts(said.amount, said.vat)
        whole = self._sees_whole(cluster)
        if not whole and said.pot is not Pot.SCHOOL_HELD:
            raise LedgerRefused(
                "A school records the money that it holds itself; that of the cluster its lead school.", "pot"
            )
        school_id = self._member(cluster, said, year, row)
        if said.pot is Pot.SCHOOL_HELD and school_id is None:
            raise LedgerRefused("Money that a school holds needs the school; say which.", "school")
        return {
            "school_id": school_id, "year": year, "spent_on": said.spent_on, "pot": said.pot, "part": said.part,
            "use_code": said.use_code, "purpose": said.purpose, "amount": said.amount, "vat": said.vat,
            **{name: checked_text(getattr(said, name), name) for name in WRITTEN},
            "note": checked_text(said.note, "note") or (row.note if row else None),  # a reason that was given stays
            **{f"{field}_id": self._of(cluster, field, said, row) for field in _TIED_TO},
        }  # fmt: skip

    def _hold_against_rules(
        self, cluster: Cluster, values: Mapping[str, Any], row: LedgerLine | None, *, as_it_happened: bool
    ) -> None:
        """Refuse what breaks a rule, unless it happened so and the reason is given. Of a line that is there, only what
        it did not break before.
        """
        rules = self._rules(cluster)
        known = self._broken(cluster, {name: getattr(row, name) for name in TOLD}, row, rules) if row else []
        broken = self._broken(cluster, values, row, rules)
        new = [breach for breach in broken if breach.rule not in {each.rule for each in known}]
        if not new:
            return
        if not as_it_happened:
            raise BreaksRules(new)
        if not values["note"]:
            raise LedgerRefused("Give the reason why it is recorded as it happened.", "note")

    def _broken(
        self, cluster: Cluster, values: Mapping[str, Any], row: LedgerLine | None, rules: RuleSet
    ) -> list[Breach]:
        facts = LineFacts(
            values["pot"], values["part"], values["amount"], AcademicYear(values["year"]), values["spent_on"],
            values["vat"], values["use_code"], values["purpose"], values["state"], values["school_id"] is not None,
        )  # fmt: skip
        tied = Tied(cluster.id, values["school_id"], values["request_id"], row.id if row else None)
        around = load_around(self._session, tied, facts, rules, self._today, sees_requests=self._sees_whole(cluster))
        return [breach for breach in check_line(facts, around, rules) if breach.rule not in NOT_AT_ENTRY]

    def _rules(self, cluster: Cluster) -> RuleSet:
        if self._rule_sets is None:
            self._rule_sets = load_rule_sets(self._session)
        return self._rule_sets[cluster.programme_id]

    def _member(self, cluster: Cluster, said: LineSaid, year: int, row: LedgerLine | None) -> int | None:
        """The school of a line, which must have been a member on its day, and the writer's own or the cluster's."""
        if not said.school:
            return None
        if row is not None and row.spent_on == said.spent_on and self._slug_of(row.school_id) == said.school:
            return row.school_id  # as it stands, whatever a file said of it
        on = said.spent_on
        held = (
            belongs(Membership, cluster.id, on)
            if on
            else was_member(Membership, sa.literal(cluster.id), sa.literal(year))
        )
        found = self._session.scalar(
            sa.select(School.id)
            .where(School.slug == said.school, sa.exists().where(held, Membership.school_id == School.id))
            .where(sa.true() if self._sees_whole(cluster) else School.id.in_(self._scope.school_ids))
        )
        if found is None:
            when = f"on {day(on)}" if on else f"in {AcademicYear(year)}"
            raise LedgerRefused(
                f"This school was no member of the cluster {when}; choose another school or day.", "school"
            )
        return found

    def _slug_of(self, school_id: int | None) -> str | None:
        return self._session.scalar(sa.select(School.slug).where(School.id == school_id)) if school_id else None

    def _of(self, cluster: Cluster, field: str, said: LineSaid, row: LedgerLine | None) -> int | None:
        """The number of the meeting, target or request of a line, if it is the cluster's."""
        table, number = _TIED_TO[field], getattr(said, f"{field}_id")
        if number is None or (row is not None and number == getattr(row, f"{field}_id")):
            return None if number is None else int(number)
        theirs = sa.true() if table is not ApprovalRequest or self._sees_whole(cluster) else sa.false()
        with looking_up(self._session, self._scope):
            found: int | None = self._session.scalar(
                sa.select(table.id).where(table.id == number, table.cluster_id == cluster.id, theirs)
            )
        if found is None:
            raise LedgerRefused(f"There is no such {field} in this cluster; choose one from the list.", field)
        return found

    def _cluster(self, slug: str) -> Cluster:
        """The cluster of a slug: one that is seen whole, or one that a school of the scope belongs or belonged to."""
        found = self._clusters.get(slug)
        if found is None:
            own = sa.select(Membership.cluster_id).where(Membership.school_id.in_(self._scope.school_ids))
            found = self._look_up(
                sa.and_(
                    Cluster.slug == slug, sa.or_(Cluster.id.in_(visible_clusters(self._scope)), Cluster.id.in_(own))
                )
            )
        return found

    def _cluster_of(self, row: LedgerLine) -> Cluster:
        return self._look_up(Cluster.id == row.cluster_id)

    def _look_up(self, condition: sa.ColumnElement[bool]) -> Cluster:
        with looking_up(self._session, self._scope):
            found = self._session.scalar(sa.select(Cluster).where(condition))
        if found is None:
            raise NoSuchLine
        self._clusters[found.slug] = found
        return found

    def _sees_whole(self, cluster: Cluster) -> bool:
        return self._scope.holds(cluster.id, cluster.programme_id)

    def _find(self, line_id: int) -> LedgerLine:
        """The line of a number, if it is within the scope; nobody else writes it meanwhile."""
        row = self._session.scalar(
            sa.select(LedgerLine)
            .where(LedgerLine.id == line_id, lines_within(self._scope))
            .with_for_update()
            .execution_options(populate_existing=True)
        )
        if row is None:
            raise NoSuchLine
        return row

    def _find_open(self, line_id: int, version: int | None) -> LedgerLine:
        """A line that may still be changed, as the writer saw it."""
        row = self._find(line_id)
        if version is not None and row.version != version:
            raise ChangedMeanwhile(row.id, row.version)
        if row.reverses_id is not None:
            raise LedgerRefused(f"This line takes back line {row.reverses_id} and stays as it is.")
        if row.state is LineState.REVERSED:
            raise LedgerRefused("This line was taken back and stays as it is; record a new one.")
        back = self._session.scalar(sa.select(LedgerLine.id).where(LedgerLine.reverses_id == row.id))
        if back is not None:
            raise LedgerRefused(f"This line was reversed by line {back} and stays as it is; record a new one.")
        return row

    def _refuse_to_reopen(self, row: LedgerLine, edits: Mapping[str, Any]) -> None:
        """A year that is over keeps its closing."""
        touched = [words for name, words in OF_A_CLOSING.items() if name in edits]
        if touched and row.state is not LineState.REQUESTED and self._is_over(row.year):
            raise LedgerRefused(
                f"{AcademicYear(row.year)} is over and keeps its closing, so {touched[0]} of this line stays. Reverse "
                "it, and record it anew as it should be."
            )

    def _is_over(self, year: int) -> bool:
        return AcademicYear(year).ends < self._today

    def _refuse_to_unshare(self, row: LedgerLine, edits: Mapping[str, Any]) -> None:
        """Of a session's invoice the pot's part and those of the schools belong together (4.9)."""
        if not {"amount", "vat", "pot", "purpose", "year"} & edits.keys():
            return
        if self._session.scalar(sa.select(sa.exists().where(Contribution.line_id == row.id))):
            raise LedgerRefused(
                "The schools share the invoice of this line, so its amount, pot, purpose and year stay. Reverse it, "
                "and record it anew."
            )

    def _waive(self, row: LedgerLine) -> list[int]:
        """Waive what schools had agreed to pay towards a line; gives the numbers."""
        agreed = self._session.scalars(
            sa.select(Contribution).where(
                Contribution.line_id == row.id,
                Contribution.kind == ContributionKind.CPD_EXCESS,
                Contribution.state == ContributionState.AGREED,
            )
        ).all()
        for each in agreed:
            each.state = ContributionState.WAIVED
            each.changed_by_hand()
        return [each.id for each in agreed]

    def _tell(
        self, action: str, row: LedgerLine, before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
    ) -> None:
        """The event, last of all."""
        audit.record(
            self._session, self._actor, action, "ledger line", row.id, cluster_id=row.cluster_id,
            before=before, after=after,
        )  # fmt: skip


def _told(row: LedgerLine) -> dict[str, Any]:
    return {name: value for name in TOLD if (value := getattr(row, name)) is not None}
