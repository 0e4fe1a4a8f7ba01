"""The rows beneath the money figures of a cluster: balances, allocations and lines of the ledger, holder by holder.

The queries are those of the pots, the panels and the ledger, with the same scope, so that each foot says what they say.
Money held by different bodies is never added up (4.12–4.14): each holder has a table and a foot of its own. Who sees
only totals of a cluster gets the rows of the own school, and of the rest what the totals are made of.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from statistics import median
from typing import Any, Final

from sqlalchemy.orm import Session

from dashboard import kinds
from dashboard.academic_year import AcademicYear
from dashboard.directory.view import View
from dashboard.funding import queries
from dashboard.funding.forecast import Course, Forecast
from dashboard.funding.lines import ALL_LINES, Filters, LineRow, Sums, load_lines, load_sums
from dashboard.funding.panels.course import load_course
from dashboard.funding.panels.inputs import of_each_side
from dashboard.funding.panels.meetings import each_school, load_costs
from dashboard.funding.panels.release import load_release
from dashboard.funding.panels.shared import COUNTING, lines_at, rows_of_lines
from dashboard.funding.panels.spending import (
    GROUPINGS,
    Spending,
    load_aims,
    load_schools,
    load_targets,
    load_uses,
)
from dashboard.funding.queries.behind import load_allocations_given, load_balances, load_contributions_made
from dashboard.funding.sentences import HOLDERS, say_how, say_range
from dashboard.funding.words import PART_WORDS, POT_WORDS, STATE_WORDS
from dashboard.naming import slug
from dashboard.ui.rows import (
    Column,
    Kind,
    Row,
    Sheet,
    Table,
    WorkedOut,
    amounts,
    counts,
    provenance,
    real_or_not,
    rows_at,
)
from dashboard.vocabulary import (
    COMMITTED_STATES,
    SPENT_STATES,
    ContributionKind,
    ContributionState,
    OutsideKind,
    OutsideState,
    Part,
    Pot,
)
from dashboard.wording import amid, day, money, sentence, share

_MONEY: Final = amounts(
    brought="Brought forward", allocated="Allocated", committed="Committed", spent="Spent", left="Left"
)
_NOTHING: Final = {"brought": 0, "allocated": 0, "committed": 0, "spent": 0, "left": 0}


@dataclass(frozen=True)
class Asked:
    """What an address asks for. `by` is "" for single entries, else what they are added up by; `what` one of its
    groups, as it is called.
    """

    by: str = ""
    filters: Filters = field(default=ALL_LINES)
    what: str | None = None
    most: int = 3_000
    """So many lines of each holder; the foot is that of all."""

    def holds(self, pot: str, part: str | None = None) -> bool:
        """Whether a holder, and a part of its money, are asked for."""
        return (not self.filters.pots or pot in self.filters.pots) and (
            part is None or not self.filters.parts or part in self.filters.parts
        )

    @property
    def of_lines_alone(self) -> bool:
        """Whether something is asked for that only lines of the ledger have."""
        asked = self.filters
        return bool(asked.uses or asked.purposes or asked.states or asked.targets or asked.meetings or asked.lines)


def load_rows(session: Session, view: View, asked: Asked) -> Sheet | None:
    """The rows that are asked for; None where there are none that the reader may see."""
    sheet = _LOADS[asked.by](session, view, asked)
    return sheet if sheet.tables else None


def _sheet(
    view: View, tables: Sequence[Table], *notes: str, told: str = "", worked_out: Sequence[WorkedOut] = ()
) -> Sheet:
    name = view.cluster.name if view.cluster else ""
    return Sheet(
        f"Money of {amid(name)}, {view.year}", told or _say(tables), tables, worked_out,
        ("Net of VAT. Money held by different bodies is never added up.", *notes),
    )  # fmt: skip


def _say(tables: Sequence[Table]) -> str:
    told = "; ".join(
        f"{HOLDERS[Pot(table.key)] if table.key else 'together'}: "
        f"{money(table.foot['spent'])} spent, {money(table.foot['committed'])} committed"
        for table in tables
    )
    return f"{sentence(told)}."


# -------------------------------------------------------------------------------------------------- single entries
def _entries(session: Session, view: View, asked: Asked) -> Sheet:
    cluster_id = view.cluster.id if view.cluster else -1
    filters = (
        asked.filters if asked.filters.states else replace(asked.filters, states=(*SPENT_STATES, *COMMITTED_STATES))
    )
    filters = replace(filters, year=None if asked.filters.meetings else view.year.start)
    # A pot with nothing but requests is shown, too: nothing is spent of it.
    every = load_sums(session, view.scope, cluster_id, replace(filters, states=asked.filters.states))
    sums = {each.pot: each for each in load_sums(session, view.scope, cluster_id, filters)}
    given = [] if asked.of_lines_alone else list(_given(session, view, asked))
    tables = []
    for pot in Pot:
        before = [row for row in given if row["pot"] is pot]
        found = sums.get(pot)
        if not before and not any(each.pot is pot for each in every):
            continue
        lines = (
            load_lines(session, view.scope, cluster_id, replace(filters, pots=(pot,)), most=asked.most) if found else []
        )
        rows = sorted([*before, *(_line(line) for line in lines)], key=lambda row: row["order"])
        spent, committed = (found.spent, found.committed) if found else (0, 0)
        foot = {name: sum(row[name] for row in before) for name in ("brought", "allocated")}
        foot |= {"spent": spent, "committed": committed, "left": sum(foot.values()) - spent - committed}
        short = found is not None and found.lines > len(lines)
        tables.append(
            _of_holder(session, view, asked, pot, rows, foot, found.lines + len(before) if found and short else None)
        )
    counted = sum(each.lines for each in sums.values())
    return _sheet(
        view, tables, *_not_here(every), told=_say_all(tables),
        worked_out=(WorkedOut("lines", "Lines of the ledger that count", f"{counted:,}"),),
    )  # fmt: skip


def _say_all(tables: Sequence[Table]) -> str:
    told = [
        f"{HOLDERS[Pot(table.key)]}: {money(table.foot['spent'])} spent"
        + (f" and {money(table.foot['committed'])} committed" if table.foot["committed"] else "")
        + (f" of {money(available)}, {money(table.foot['left'])} left" if available else "")
        for table in tables
        for available in (table.foot["brought"] + table.foot["allocated"],)
    ]
    return f"{sentence('; '.join(told))}."


def _of_holder(
    session: Session, view: View, asked: Asked, pot: Pot, rows: list[dict[str, Any]], foot: Mapping[str, int],
    found: int | None,
) -> Table:  # fmt: skip
    release = asked.filters.parts == (Part.RELEASE,)
    half_days = sum(row["half_days"] for row in rows)
    worked_out = [*_available(foot), *_course(session, view, asked, pot)]
    of = view.rules.count("release_half_days")
    if release and of:
        worked_out.append(WorkedOut("of-half-days", "Half days used", f"{half_days} of {of}", "For one school."))
    return Table(
        POT_WORDS[pot],
        (
            Column("name", "What"), Column("day", "Day"), Column("part", "Part"), Column("of", "Kind"), *_MONEY,
            *(counts(half_days="Half days") if release else ()),
        ),
        rows, str(pot), "part", worked_out,
        foot if not release else {**foot, "half_days": half_days}, found,
    )  # fmt: skip


def _available(foot: Mapping[str, int]) -> list[WorkedOut]:
    available = foot["brought"] + foot["allocated"]
    told = [
        WorkedOut("available", "Available", money(available), "Brought forward and allocated."),
        WorkedOut("bound", "Spent and committed", money(foot["spent"] + foot["committed"])),
    ]
    if available:
        told.append(WorkedOut("share", "Spent of what is available", share(foot["spent"] / available)))
    return told


def _course(session: Session, view: View, asked: Asked, pot: Pot) -> list[WorkedOut]:
    """Where the money of the lead school is heading; nothing of a part of it."""
    if pot is not Pot.LEAD_HELD or asked.of_lines_alone or asked.filters.parts or asked.filters.schools:
        return []
    course = load_course(session, view)
    told = [WorkedOut("so-far", f"Spent by {day(course.until)}", money(course.spending.so_far))] if course.lines else []
    return [*told, *_ahead(course)]


def _ahead(course: Course) -> list[WorkedOut]:
    spending = course.spending
    told = [
        WorkedOut(key, label, money(amount))
        for key, label, amount in (
            ("undated", "Spent, without a day", spending.undated),
            ("later", f"Spent, dated after {day(course.as_of)}", spending.later),
        )
        if amount
    ]
    if isinstance(course.ahead, Forecast):
        told.append(
            WorkedOut("forecast", f"Forecast to {day(course.year.ends)}", say_range(course.ahead), say_how(course)[0])
        )
    return told


def _not_here(every: Sequence[Sums]) -> list[str]:
    """Lines that bind nobody are in no sum."""
    asked, back = sum(each.requested_lines for each in every), sum(each.withdrawn_lines for each in every)
    told = [f"{number:,} {words}" for number, words in ((asked, "requested"), (back, "withdrawn")) if number]
    return [f"Lines that bind nobody are not here: {' and '.join(told)}."] if told else []


def _given(session: Session, view: View, asked: Asked) -> Any:
    """What a year began with and what was allocated, as rows."""
    schools = asked.filters.schools
    if not schools and view.cluster is not None and view.cluster.whole:
        opened = queries.load_roll_over(session, view.scope, view.cluster_years, view.rule_sets)
        before = AcademicYear(view.year.start - 1)
        for row in opened.itertuples():
            if row.opening and asked.holds(row.pot, row.part):
                yield _entry(
                    row, "Left over from earlier years", f"to {day(before.ends)}", "brought forward",
                    brought=int(row.opening), href=rows_at(view, "money", year=before, pot=row.pot, part=row.part),
                    figures=provenance(int(row.illustrative), int(row.rows)),
                )  # fmt: skip
    for row in load_balances(session, view.scope, view.cluster_years).itertuples():
        if asked.holds(row.pot, row.part) and (not schools or row.school in schools):
            words = row.reason or "A balance that was entered by hand"
            yield _entry(row, words, "–", "brought forward", brought=int(row.amount))
    for row in load_allocations_given(session, view.scope, view.cluster_years).itertuples():
        if asked.holds(row.pot, row.part) and (not schools or row.school in schools):
            words = f"Allocation to {row.name}" if row.name else "Allocation"
            yield _entry(
                row, words, "–", "paid in by schools" if row.paid_in else "allocated", allocated=int(row.amount)
            )


_PARTS: Final = list(Part)


def _entry(row: Any, words: str, when: str, of: str, *, href: str | None = None, figures: str = "", **sums: int) -> Any:
    left = sum(sums.values())
    return {
        "pot": Pot(row.pot), "name": words, "day": when, "part": PART_WORDS[Part(row.part)], "of": of,
        **_NOTHING, **sums,
        "left": left, "half_days": 0, "href": href, "order": _PARTS.index(Part(row.part)),
        "figures": figures or real_or_not(row.illustrative),
    }  # fmt: skip


def _line(line: LineRow) -> dict[str, Any]:
    spent = line.amount if line.state in SPENT_STATES else 0
    committed = line.amount if line.state in COMMITTED_STATES else 0
    return {
        "pot": line.pot, "name": line.supplier or line.description or f"Line {line.line_id}",
        "day": day(line.spent_on) if line.spent_on else "not known", "part": PART_WORDS[line.part],
        "of": f"line, {STATE_WORDS[line.state]}", **_NOTHING, "spent": spent, "committed": committed,
        "left": -spent - committed, "half_days": (spent > 0) - (spent < 0),
        "href": f"/cluster/{line.cluster}/ledger/{line.line_id}", "order": _PARTS.index(line.part),
        "figures": real_or_not(line.illustrative),
    }  # fmt: skip


# --------------------------------------------------------------------------------------------------------- by part
def _by_part(session: Session, view: View, asked: Asked) -> Sheet:
    pots = queries.load_pots(session, view.scope, view.cluster_years, view.rule_sets)
    whole = view.cluster is not None and view.cluster.whole
    tables = []
    for pot in Pot:
        rows = [
            {
                "part": PART_WORDS[Part(row.part)], "brought": int(row.brought_forward),
                "allocated": int(row.allocated),
                "committed": int(row.committed), "spent": int(row.spent), "left": int(row.remaining),
                "href": rows_at(view, "money", pot=pot, part=row.part) if whole or pot is Pot.SCHOOL_HELD else None,
                "figures": provenance(int(row.illustrative), int(row.rows)),
            }
            for row in pots.itertuples()
            if row.pot == pot and asked.holds(row.pot, row.part)
        ]  # fmt: skip
        if rows:
            table = Table(POT_WORDS[pot], (Column("part", "Part"), *_MONEY), rows, str(pot))
            worked_out = [*_available(table.foot), *_course(session, view, asked, pot)]
            tables.append(replace(table, worked_out=worked_out))
    return _sheet(view, tables, *_in_totals(view), told=_say_all(tables))


def _in_totals(view: View) -> Sequence[str]:
    if view.cluster is None or view.cluster.whole:
        return ()
    return (
        "Single lines of what the lead school holds are the cluster’s own; here stands what its totals are made of.",
    )


# ------------------------------------------------------------------------------ by use, by school, by target, by aim
_GROUPS: Final[Mapping[str, tuple[str, Callable[[Session, View], Spending]]]] = {
    "use": ("Use", load_uses), "school": ("School", load_schools), "target": ("Target", load_targets),
    "aim": ("Aims", load_aims),
}  # fmt: skip


def _grouped(session: Session, view: View, asked: Asked) -> Sheet:
    grouping, (head, load) = GROUPINGS[asked.by], _GROUPS[asked.by]
    spending = load(session, view)
    addresses = spending.addresses or [
        lines_at(view, Pot(row["pot"]), target=row["target_id"] or "none", state=COUNTING)
        for row in spending.frame.to_dict("records")
    ]
    tables = []
    every = list(zip(spending.frame.to_dict("records"), spending.labels, addresses, strict=True))
    for pot in Pot:
        rows: list[Row] = [
            {
                "name": label if asked.by != "aim" else f"{label}: {row['code'] or 'no target'}",
                "spent": int(row["spent"]), "committed": int(row["committed"]), "lines": int(row["lines"]),
                "assigned": int(row["spent"]) if grouping.assigned(spending, row) else 0,
                "rest": 0 if grouping.assigned(spending, row) else int(row["spent"]),
                "href": rows_of_lines(address), "figures": provenance(int(row["illustrative"]), int(row["lines"])),
            }
            for row, label, address in every
            if row["pot"] == pot and asked.holds(row["pot"]) and asked.what in (None, label)
        ]  # fmt: skip
        if rows:
            heads = (
                Column("name", head), *amounts(spent="Spent", committed="Committed"), *counts(lines="Lines"),
                *amounts(assigned=f"{grouping.yes} (spent)", rest=f"{grouping.no} (spent)"),
            )  # fmt: skip
            told = WorkedOut("groups", "Different ones", f"{len({row['name'] for row in rows}):,}")
            tables.append(Table(POT_WORDS[pot], heads, rows, str(pot), worked_out=(told,)))
    lines = sum(table.foot["lines"] for table in tables)
    counted = (WorkedOut("lines", "Lines of the ledger that count", f"{lines:,}"),)
    return _sheet(view, tables, *_in_totals(view), worked_out=counted)


# ------------------------------------------------------------------------------------------------------ by meeting
def _by_meeting(session: Session, view: View, asked: Asked) -> Sheet:
    costs = load_costs(session, view)
    meetings = asked.filters.meetings
    every = [
        (row, address)
        for row, address in zip(costs.frame.itertuples(), costs.addresses, strict=True)
        if not meetings or row.meeting_id in meetings
    ]
    tables = []
    for pot in (*Pot, None):
        rows = [
            {
                "meeting": f"{day(row.held_on)}, {str(row.kind).replace('_', ' ')}", "present": int(row.present),
                "spent": int(row.spent or 0) if row.lines else 0,
                "committed": int(row.committed or 0) if row.lines else 0,
                "silent": int(not row.lines),
                "each": money(each_school(row)) if row.lines and row.present else "not known",
                "href": rows_of_lines(address),
                "figures": provenance(int(row.illustrative), int(row.lines + row.marks)),
            }
            for row, address in every
            if (Pot(row.pot) if row.lines else None) is pot and (pot is None or asked.holds(pot))
        ]  # fmt: skip
        if not rows:
            continue
        shares = [each_school(row) for row, _ in every if row.lines and row.present and Pot(row.pot) is pot]
        told = (
            [WorkedOut("each", "For each school present", money(round(median(shares))), "The middle one.")]
            if shares
            else []
        )
        heads = (
            Column("meeting", "Meeting"), *counts(present="Schools present"),
            *amounts(spent="Spent", committed="Committed"), Column("each", "For each school present"),
            *counts(silent="No line"),
        )  # fmt: skip
        tables.append(
            Table(POT_WORDS[pot] if pot else "Without a line", heads, rows, str(pot or "none"), worked_out=told)
        )
    counted = len({row.meeting_id for row, _ in every})
    silent = sum(not row.lines for row, _ in every)
    told_of_all = f"{silent:,} of {counted:,} meetings have no line."
    return _sheet(
        view,
        tables,
        "A share is rounded to the penny.",
        told=told_of_all,
        worked_out=(
            WorkedOut("meetings", "Meetings", f"{counted:,}"),
            WorkedOut("silent", "Meetings without a line", f"{silent:,}"),
        ),
    )


# ------------------------------------------------------------------------------------------------------ by release
def _by_release(session: Session, view: View, asked: Asked) -> Sheet:
    release = load_release(session, view)
    rows = [
        {
            "school": row.name, "schools": 1, "half_days": int(row.half_days), "half_days_of": release.of,
            "unused": int(row.half_days <= 0), "beyond": int(row.half_days > release.of),
            "brought": 0, "allocated": int(row.allocated), "committed": int(row.committed), "spent": int(row.spent),
            "left": int(row.allocated - row.spent - row.committed),
            "href": rows_at(view, "money", pot=Pot.SCHOOL_HELD, part=Part.RELEASE, school=row.school),
            "figures": provenance(int(row.illustrative), int(row.rows)),
        }
        for row in release.frame.itertuples()
        if asked.what in (None, row.school)
    ]  # fmt: skip
    heads = (
        Column("school", "School"), *counts(schools="Schools", half_days="Half days used", half_days_of="There are",
        unused="None used", beyond="More than its own"),
        *amounts(allocated="Allocated", committed="Committed", spent="Spent", left="Left"),
    )  # fmt: skip
    tables = [Table(POT_WORDS[Pot.SCHOOL_HELD], heads, rows, str(Pot.SCHOOL_HELD))] if rows else []
    told = WorkedOut("of", "Half days that each school has", f"{release.of:,}", "A rule of the programme (4.5).")
    note = "Each school holds its own release money; a line that is spent stands for half a day (4.5)."
    return _sheet(view, tables, note, worked_out=(told,))


# ----------------------------------------------------------------------------------- what both sides put in, outside
def _by_input(session: Session, view: View, asked: Asked) -> Sheet:
    """What each side put in, entry by entry, under what it is called on the page."""
    rows: dict[str, list[Row]] = {}
    given = load_allocations_given(session, view.scope, view.cluster_years)
    for row in given[~given["paid_in"].map(bool)].itertuples():
        label = of_each_side(row.pot, row.part)
        if label:
            entry: dict[str, object] = {
                "name": PART_WORDS[Part(row.part)] + (f", {row.name}" if row.name else ""),
                "given": int(row.amount),
            }
            entry |= {"agreed": 0, "minutes": 0, "figures": real_or_not(row.illustrative)}
            rows.setdefault(label, []).append(entry)
    for row in load_contributions_made(session, view.scope, view.cluster_years).itertuples():
        if row.state == ContributionState.WAIVED:
            continue
        paid, amount = row.state == ContributionState.PAID, int(row.amount or 0)
        words = f"{row.name}: {row.words or ('paid' if paid else 'agreed')}"
        rows.setdefault(kinds.CONTRIBUTIONS[ContributionKind(row.kind)], []).append(
            {
                "name": words,
                "given": amount if paid else 0,
                "agreed": 0 if paid else amount,
                "minutes": int(row.minutes or 0),
                "href": f"/cluster/{view.cluster.slug}/contributions" if view.cluster else None,
                "figures": real_or_not(row.illustrative),
            }
        )
    heads = (
        Column("name", "What"),
        *amounts(given="Given", agreed="Agreed, not paid yet"),
        Column("minutes", "Time", Kind.MINUTES),
    )
    tables = [
        Table(label, heads, entries, slug(label)) for label, entries in rows.items() if asked.what in (None, label)
    ]
    agreed = sum(table.foot["agreed"] for table in tables)
    told = "; ".join(f"{table.caption}: {money(table.foot['given'])}" for table in tables)
    return _sheet(
        view,
        tables,
        "A grant in a pot is from elsewhere and on neither side.",
        told=f"{told}.",
        worked_out=(WorkedOut("agreed", "Agreed by schools, not paid yet", money(agreed)),),
    )


def _outside(session: Session, view: View, asked: Asked) -> Sheet:
    charity = asked.by == "charity"
    frame = queries.load_outside(session, view.scope, view.cluster_years)
    rows = [
        {
            "name": row["party"], "kind": kinds.OUTSIDE[OutsideKind(row["kind"])],
            "state": kinds.OUTSIDE_STATES[OutsideState(row["state"])],
            "awards": int(row["state"] == OutsideState.WON), "open": int(row["state"] == OutsideState.APPLIED),
            "won": int(row["won"] or 0) if row["state"] == OutsideState.WON else 0,
            "received": int(row["received"] or 0), "raised": int(row["won"] or row["received"] or 0),
            "href": f"/cluster/{view.cluster.slug}/contributions" if view.cluster else None,
            "figures": real_or_not(row["illustrative"]),
        }
        for row in frame.to_dict("records")
        if (row["kind"] == OutsideKind.CHARITY) == charity
    ]  # fmt: skip
    heads = (
        amounts(raised="Raised") if charity
        else (*counts(awards="Awards", open="Open applications"), *amounts(won="Won", received="Received"))
    )  # fmt: skip
    named = (Column("name", "For whom" if charity else "From whom"), Column("kind", "Kind"), Column("state", "State"))
    tables = [Table("Raised for others" if charity else "From elsewhere", (*named, *heads), rows)] if rows else []
    got = "raised" if charity else "won"
    told = f"{money(tables[0].foot[got])} {got}." if tables else ""
    return _sheet(view, tables, "In no pot and in no sum of pots.", told=told)


_LOADS: Final[Mapping[str, Callable[[Session, View, Asked], Sheet]]] = {
    "": _entries, "part": _by_part, **dict.fromkeys(_GROUPS, _grouped), "meeting": _by_meeting,
    "release": _by_release, "input": _by_input, "outside": _outside, "charity": _outside,
}  # fmt: skip
BY: Final = frozenset(_LOADS)
"""What an address may ask for."""
WHOLE_ONLY: Final = frozenset({"school", "meeting", "input", "outside", "charity"})
"""Of these only who sees the cluster whole has a panel."""
