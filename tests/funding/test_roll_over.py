"""Opening + in − out = closing, for any sequence of what may happen to money, and every view says the same."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Scope
from dashboard.db import Store
from dashboard.directory.queries import cluster_years, load_rule_sets
from dashboard.directory.view import View
from dashboard.funding.exports import load_allocations, load_spend
from dashboard.funding.lines import Filters, load_sums
from dashboard.funding.panels import COURSE, ROLL_OVER, SPEND_AGAINST_ALLOCATION
from dashboard.funding.panels.spending import BY_USE
from dashboard.funding.queries import load_pots, load_roll_over
from dashboard.models import Cluster, LedgerLine
from dashboard.money import pence_from_text
from dashboard.reports.cluster import report_cluster
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, LineState, Part, Pot
from tests import builders as put
from tests.builders import AS_OF, EXAMPLES, taken_back

YEARS = (2013, 2014, 2015, 2016, 2017)
AMOUNTS = ("opening", "carried", "allocated", "committed", "spent", "closing")

_year = st.sampled_from(YEARS)
_pot = st.sampled_from((Pot.LEAD_HELD, Pot.LEAD_HELD, Pot.SCHOOL_HELD, Pot.TRUST_HELD))
_part = st.sampled_from((Part.A, Part.RELEASE))
_state = st.sampled_from(tuple(LineState))
_HAPPENS = st.one_of(
    st.tuples(st.just("allocate"), _year, _pot, _part, st.integers(1, 90_000)),
    st.tuples(st.just("balance"), _year, _pot, _part, st.integers(-20_000, 20_000).filter(bool)),
    st.tuples(st.just("line"), _year, _pot, _part, st.integers(-9_000, 60_000).filter(bool), _state),
    st.tuples(st.just("line"), _year, _pot, _part, st.integers(1, 60_000), st.just(LineState.PAID)),
    st.tuples(st.just("move"), st.integers(0, 9), _state),
    st.tuples(st.just("reverse"), st.integers(0, 9), _year),
)

Key = tuple[int, Pot, Part]


@dataclass
class Plain:
    """The same story told in a plain list, and its balances by counting from the first year on."""

    rolls: bool
    entries: list[tuple[str, int, Pot, Part, int]] = field(default_factory=list)
    """What came in: allocated or carried."""
    lines: list[list[Any]] = field(default_factory=list)
    """[year, pot, part, pence, state, whether it was reversed or is a reversal]."""

    def balances(self) -> dict[Key, dict[str, int]]:
        left: dict[tuple[Pot, Part], int] = defaultdict(int)
        told = {}
        for year in YEARS:
            for pot in Pot:
                for part in (Part.A, Part.RELEASE):
                    row = {name: self._sum(name, year, pot, part) for name in ("carried", "allocated")}
                    row["spent"] = self._lines(year, pot, part, "invoiced", "paid")
                    row["committed"] = self._lines(year, pot, part, "approved", "committed")
                    row["opening"] = left[pot, part] if pot is Pot.LEAD_HELD and self.rolls else 0
                    came, went = row["carried"] + row["allocated"], row["spent"] + row["committed"]
                    row["closing"] = row["opening"] + came - went
                    left[pot, part] = row["closing"]
                    told[year, pot, part] = row
        return told

    def _sum(self, kind: str, year: int, pot: Pot, part: Part) -> int:
        return sum(entry[4] for entry in self.entries if entry[:4] == (kind, year, pot, part))

    def _lines(self, year: int, pot: Pot, part: Part, *states: str) -> int:
        return sum(line[3] for line in self.lines if line[:3] == [year, pot, part] and line[4] in states)


def tell(session: Session, cluster: Any, school: Any, story: list[Any], plain: Plain) -> None:
    """Let a story happen in the store and in the plain list."""
    stored: list[LedgerLine] = []

    def add(year: int, pot: Pot, part: Part, pence: int, state: LineState, *, of: LedgerLine | None = None) -> None:
        line = put.line(session, cluster, pence, state, year=year, pot=pot, part=part, by=school)
        if of is not None:
            line.reverses_id = of.id
        stored.append(line)
        plain.lines.append([year, pot, part, pence, state, of is not None])

    for what, *told in story:
        if what == "allocate":
            year, pot, part, pence = told
            put.allocation(session, cluster, pence, year=year, pot=pot, part=part, to=school)
            plain.entries.append(("allocated", year, pot, part, pence))
        elif what == "balance":
            year, pot, part, pence = told
            put.carried(session, cluster, pence, year=year, pot=pot, part=part, to=school)
            plain.entries.append(("carried", year, pot, part, pence))
        elif what == "line":
            add(*told)
        elif told[0] < len(stored) and not plain.lines[told[0]][5]:
            line, number = stored[told[0]], told[0]
            if what == "move":
                line.state = plain.lines[number][4] = told[1]
            else:  # taken back by a line of its own, of the day on which that is done
                plain.lines[number][5] = True
                _, pot, part, pence, state, _ = plain.lines[number]
                add(told[1], pot, part, -pence, state, of=line)
    session.flush()


def all_years(cluster_id: int) -> sa.CTE:
    pairs = [sa.select(sa.literal(cluster_id).label("cluster_id"), sa.literal(year).label("year")) for year in YEARS]
    return sa.union_all(*pairs).cte("all_years")


@EXAMPLES
@given(story=st.lists(_HAPPENS, max_size=25), other=st.lists(_HAPPENS, max_size=5), rolls=st.booleans())
def test_opening_and_in_and_out_make_the_closing_of_any_story(
    shared_store: Store, story: list[Any], other: list[Any], rolls: bool
) -> None:
    with taken_back(shared_store) as session:
        under = put.programme(session, roll_over="yes" if rolls else "no")
        mill, decoy = put.cluster(session, under=under), put.cluster(session, "Decoy Cluster")
        ford = put.school(session, within=mill)
        put.membership(session, decoy, ford)
        plain = Plain(rolls)
        tell(session, mill, ford, story, plain)
        tell(session, decoy, ford, other, Plain(True))
        scope, rules = Scope(cluster_ids=frozenset({mill.id})), load_rule_sets(session)
        expected = plain.balances()
        frame = load_roll_over(session, scope, all_years(mill.id), rules)
        found = {(row["year"], row["pot"], row["part"]): row for row in frame.to_dict("records")}
        assert len(found) == len(frame)
        for key, row in expected.items():
            told = {name: found[key][name] if key in found else 0 for name in AMOUNTS}
            assert told == row, key
        for (year, pot, part), row in found.items():
            came, went = row["carried"] + row["allocated"], row["spent"] + row["committed"]
            assert row["opening"] + came - went == row["closing"]
            assert row["rolls"] is (rolls and pot == Pot.LEAD_HELD)
            if row["rolls"] and year > YEARS[0]:
                assert row["opening"] == expected[year - 1, Pot(pot), Part(part)]["closing"]
            elif not row["rolls"]:
                assert row["opening"] == 0
        _pots_say_the_same(session, scope, found)


def _pots_say_the_same(session: Session, scope: Scope, found: dict[Any, Any]) -> None:
    rules = load_rule_sets(session)
    for year in YEARS:
        pots = load_pots(session, scope, cluster_years(scope, AS_OF, year=AcademicYear(year)), rules)
        told = {(year, row.pot, row.part): row for row in pots.itertuples()}
        assert set(told) == {key for key in found if key[0] == year}
        for key, row in told.items():
            assert row.brought_forward == found[key]["opening"] + found[key]["carried"]
            assert row.remaining == found[key]["closing"]
            assert (row.illustrative, row.rows) == (found[key]["illustrative"], found[key]["rows"])


@EXAMPLES
@given(story=st.lists(_HAPPENS, min_size=3, max_size=20))
def test_views_report_tables_exports_and_the_ledger_say_the_same_sums(shared_store: Store, story: list[Any]) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        ford = put.school(session, within=mill)
        plain = Plain(rolls=True)
        tell(session, mill, ford, story, plain)
        put.allocation(session, mill, 1, year=2016)  # so that there is something to show
        plain.entries.append(("allocated", 2016, Pot.LEAD_HELD, Part.A, 1))
        view = put.look_at(session, mill.slug, year=2016, scope=EVERYTHING)
        held = [row for (year, pot, _), row in plain.balances().items() if (year, pot) == (2016, Pot.LEAD_HELD)]
        sums = {name: sum(row[name] for row in held) for name in AMOUNTS}
        report = report_cluster(session, view)["funding"]
        assert pence_from_text(report["remaining"]) == sums["closing"]
        assert pence_from_text(report["spent"]) == sums["spent"]
        pots = SPEND_AGAINST_ALLOCATION.table(SPEND_AGAINST_ALLOCATION.load(session, view))
        lead = pots[pots["Held by"] == "the lead school"]
        roll_over = ROLL_OVER.table(ROLL_OVER.load(session, view))
        of_year = roll_over[(roll_over["Year"] == "2016-17") & (roll_over["Held by"] == "the lead school")]
        uses = BY_USE.load(session, view)
        for column, name in (("Spent", "spent"), ("Committed", "committed"), ("Left", "closing")):
            assert _added(lead[column]) == _added(of_year[column]) == sums[name]
        if not BY_USE.is_empty(uses):
            told = BY_USE.table(uses)
            assert _added(told[told["Held by"] == "the lead school"]["Spent"]) == sums["spent"]
        course = COURSE.load(session, view)
        assert course.spending.so_far + course.spending.later == sums["spent"]
        assert course.spending.committed == sums["committed"]
        assert course.left == sums["closing"]
        year = ROLL_OVER.load(session, view).of(AcademicYear(2016))
        assert year is not None
        assert (year.opening, year.closing) == (sums["opening"], sums["closing"])
        _what_goes_out_says_the_same(session, view, mill, sums)


def _what_goes_out_says_the_same(session: Session, view: View, of: Cluster, sums: dict[str, int]) -> None:
    """The exports, and the foot of the ledger."""
    lines = load_spend(session, EVERYTHING, view.cluster_years)
    held = lines[lines["pot"] == Pot.LEAD_HELD]
    for name, states in (("spent", SPENT_STATES), ("committed", COMMITTED_STATES)):
        assert sum(held[held["state"].isin(states)]["amount"]) * 100 == sums[name]
    given = load_allocations(session, EVERYTHING, view.cluster_years)
    assert sum(given[given["pot"] == Pot.LEAD_HELD]["amount"]) * 100 == sums["allocated"]
    foot = load_sums(session, EVERYTHING, of.id, Filters(year=2016, pots=(Pot.LEAD_HELD,)))
    told = [(each.spent, each.committed) for each in foot] or [(0, 0)]  # no lines, no foot
    assert told == [(sums["spent"], sums["committed"])]


def _added(amounts: Any) -> int:
    return sum(pence_from_text(each) for each in amounts)


def test_a_reversal_in_a_later_year_leaves_the_closing_of_the_year_that_is_over(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.allocation(session, mill, 10_000, year=2015)
        wrong = put.line(session, mill, 4_000, year=2015)
        years = all_years(mill.id)

        def told() -> dict[int, tuple[int, int, int]]:
            frame = load_roll_over(session, EVERYTHING, years, load_rule_sets(session))
            return {row.year: (row.opening, row.spent, row.closing) for row in frame.itertuples()}

        assert told() == {2015: (0, 4_000, 6_000), 2016: (6_000, 0, 6_000), 2017: (6_000, 0, 6_000)}
        put.line(session, mill, -4_000, year=2016, on=date(2016, 9, 20)).reverses_id = wrong.id
        session.flush()
        assert told() == {2015: (0, 4_000, 6_000), 2016: (6_000, -4_000, 10_000), 2017: (10_000, 0, 10_000)}


def test_a_deficit_goes_on_and_a_year_without_an_entry_hands_it_over(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        put.line(session, mill, 2_500, year=2013)
        put.allocation(session, mill, 1_000, year=2016)
        frame = load_roll_over(session, EVERYTHING, all_years(mill.id), load_rule_sets(session))
        assert [(row.year, row.opening, row.closing) for row in frame.itertuples()] == [
            (2013, 0, -2_500), (2014, -2_500, -2_500), (2015, -2_500, -2_500), (2016, -2_500, -1_500),
            (2017, -1_500, -1_500),
        ]  # fmt: skip


def test_of_a_school_only_the_own_money_and_the_totals_of_its_years(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        mill = put.cluster(session)
        ford, weir = put.school(session), put.school(session, "Weir School", within=mill)
        put.membership(session, mill, ford, joined=date(2015, 9, 1))
        put.allocation(session, mill, 700, year=2014)
        for year in (2014, 2015):
            for member, pence in ((ford, 100), (weir, 900)):
                put.allocation(session, mill, pence, year=year, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, to=member)
        scope = Scope(school_ids=frozenset({ford.id}))
        frame = load_roll_over(session, scope, all_years(mill.id), load_rule_sets(session))
        told = [(row.year, str(row.pot), row.opening, row.allocated) for row in frame.itertuples()]
        assert told == [
            (2015, "lead_held", 700, 0), (2015, "school_held", 0, 100), (2016, "lead_held", 700, 0),
            (2017, "lead_held", 700, 0),
        ]  # fmt: skip
