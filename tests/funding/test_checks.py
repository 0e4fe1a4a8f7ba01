"""The rules of money: fifty breaches and fifty lawful lines, alone and out of a store, and what is said of them."""

import inspect
import re
from collections import Counter
from datetime import date
from types import ModuleType

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, NOTHING, Scope
from dashboard.db import Store
from dashboard.directory.queries import cluster_years, load_rule_sets
from dashboard.funding import checks
from dashboard.funding.around import Tied, load_around
from dashboard.funding.checks import CHECKS, Around, Breach, LineFacts, RequestFacts, check_line
from dashboard.funding.flags import breaches_of
from dashboard.funding.queries import load_lines_to_check, load_pots
from dashboard.models import ApprovalRequest, Cluster, LedgerLine, School
from dashboard.rules import RULES, RuleSet
from dashboard.vocabulary import LinePurpose, LineState, Part, Pot, RequestKind, RequestState, UseCode
from tests import builders as put
from tests.builders import AS_OF, taken_back
from tests.funding import rule_cases
from tests.funding.rule_cases import BREACHES, LAWFUL, Case, Row

CASES = BREACHES + LAWFUL


def test_there_are_fifty_of_each_and_every_rule_is_broken() -> None:
    assert (len(BREACHES), len(LAWFUL)) == (50, 50)
    assert len({case.name for case in CASES}) == 100
    assert {case.breaks for case in BREACHES} == set(CHECKS)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_line_by_itself(case: Case) -> None:
    found = check_line(case.facts, case.around, RuleSet(case.rule_values))
    assert [breach.rule for breach in found] == ([case.breaks] if case.breaks else [])


# The same lines out of a store: all of them in one, each in its own cluster beside a decoy.


def store_case(session: Session, case: Case, number: int) -> tuple[Cluster, LedgerLine]:
    """A cluster with the line of a case, and what stands beside it."""
    of = put.cluster(session, f"Case {number}", under=put.programme(session, **case.rule_values))
    schools = [put.school(session, f"School {each} of {number}", within=of) for each in range(3)]
    schools[0].quality_mark_on = case.around.mark_since
    request = _request(session, of, case) if case.request else None
    if case.forward:
        put.carried(session, of, case.forward, pot=case.row.pot, part=case.row.part)
    before = [row for row in case.beside if row.first]
    _store(session, of, before, schools, request)
    [line] = _store(session, of, [case.row], schools, request)
    _store(session, of, [row for row in case.beside if not row.first], schools, request, line)
    return of, line


def _request(session: Session, of: Cluster, case: Case) -> ApprovalRequest:
    request = ApprovalRequest(cluster_id=of.id, summary="Please", asked_on=date(2016, 9, 2), asked_as="coordinator")
    for name, value in (case.request or {}).items():
        setattr(request, name, value)
    return put.put(session, request)


def _store(
    session: Session,
    of: Cluster,
    rows: list[Row],
    schools: list[School],
    request: ApprovalRequest | None,
    last: LedgerLine | None = None,
) -> list[LedgerLine]:
    stored = []
    for row in rows:
        by = schools[row.school] if row.school is not None else None
        line = put.line(session, of, row.amount, row.state, year=row.year, pot=row.pot, part=row.part, by=by)
        line.spent_on, line.vat, line.use_code, line.purpose = row.on, row.vat, row.use, row.purpose
        line.request_id = request.id if request and row.rests else None
        line.reverses_id = last.id if row.back and last else None
        last = line
        stored.append(line)
    session.flush()
    return stored


def add_decoy(session: Session, number: int) -> None:
    """A cluster of the same programme's kind whose lines keep the rules and would break them if they were counted
    elsewhere: the same school's half days, a quality mark, an approved request, both allowances.
    """
    of = put.cluster(session, f"Decoy {number}", under=put.programme(session, **rule_cases.RULES))
    shared = session.scalars(sa.select(School).where(School.slug == f"school-0-of-{number}")).one()
    put.membership(session, of, shared)
    other = put.school(session, f"Decoy School {number}", within=of)
    half_days = rule_cases.half_days(5)
    marks = [rule_cases.mark(0), rule_cases.mark(1)]
    allowances = [rule_cases.lead(30_000), rule_cases.finance(12_000)]
    _store(session, of, [*half_days, *marks, *allowances], [shared, other], None)


def breaches_in(session: Session, scope: Scope = EVERYTHING) -> list[tuple[int, int, Breach]]:
    """Every breach of 2016-17: cluster, line, and what is wrong."""
    years = cluster_years(scope, AS_OF, year=AcademicYear(2016))
    rules = load_rule_sets(session)
    pots = load_pots(session, scope, years, rules)
    lines = load_lines_to_check(session, scope, years, rules, AS_OF, pots)
    programmes = {each.id: each.programme_id for each in session.scalars(sa.select(Cluster))}
    return [
        (cluster_id, line.line_id, breach)
        for cluster_id, of_it in lines.groupby("cluster_id", sort=False)
        for line, breach in breaches_of(
            list(of_it.itertuples()),
            list(pots[pots["cluster_id"] == cluster_id].itertuples()),
            AS_OF,
            rules[programmes[cluster_id]],
        )
    ]


def test_the_same_lines_out_of_a_store(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        expected, names = {}, {}
        for number, case in enumerate(CASES):
            of, line = store_case(session, case, number)
            names[of.id] = case.name
            if case.breaks:
                expected[case.name] = (line.id, check_line(case.facts, case.around, RuleSet(case.rule_values)))
            # A quality mark counts for its school alone, wherever the school is a member.
            if case.around.mark_since is None:
                add_decoy(session, number)
        found: dict[str, tuple[int, list[Breach]]] = {}
        for cluster_id, line_id, breach in breaches_in(session):
            found.setdefault(names.get(cluster_id, "decoy"), (line_id, []))[1].append(breach)
        assert found == expected


def test_the_same_lines_as_they_are_entered(shared_store: Store) -> None:
    """What a form learns of the other lines, all of them, comes to the same as what stands before a stored one."""
    with taken_back(shared_store) as session:
        for number, case in enumerate(CASES):
            of, line = store_case(session, case, number)
            rules = RuleSet(case.rule_values)
            tied = Tied(of.id, line.school_id, line.request_id, line.id)
            around = load_around(session, tied, case.facts, rules, AS_OF, sees_requests=True)
            broken = [breach.rule for breach in check_line(case.facts, around, rules)]
            assert broken == ([case.breaks] if case.breaks else []), case.name


def world(session: Session) -> tuple[Cluster, School, School]:
    """Two schools of a cluster, each with a dear half day; the lead school pays travel for the first."""
    of = put.cluster(session, under=put.programme(session, **rule_cases.RULES))
    mine, other = put.school(session, "Ford School", within=of), put.school(session, "Mill School", within=of)
    for each in (mine, other):
        put.line(session, of, 11_000, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=each)
    put.line(session, of, 2_000, part=Part.JOINT, by=mine).purpose = LinePurpose.TRAVEL
    session.flush()
    return of, mine, other


def test_a_school_is_told_of_its_own_money_alone(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        of, mine, _ = world(session)
        whole = breaches_in(session, Scope(cluster_ids=frozenset({of.id})))
        own = breaches_in(session, Scope(school_ids=frozenset({mine.id})))
        assert Counter(breach.rule for _, _, breach in whole) == {"half_day_over_limit": 2, "unapproved_travel": 1}
        assert [session.get_one(LedgerLine, line_id).school_id for _, line_id, _ in own] == [mine.id]
        assert [breach.rule for _, _, breach in own] == ["half_day_over_limit"]
        assert breaches_in(session, NOTHING) == []


def test_nothing_is_said_of_an_approval_that_the_reader_may_not_see(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        of, mine, _ = world(session)
        request = ApprovalRequest(cluster_id=of.id, kind=RequestKind.TRAVEL, summary="Coach", asked_on=AS_OF)
        request.asked_as, request.state = "coordinator", RequestState.DECLINED
        put.put(session, request)
        line = put.line(session, of, 4_000, pot=Pot.SCHOOL_HELD, part=Part.GRANT, by=mine)
        line.purpose, line.request_id = LinePurpose.TRAVEL, request.id
        session.flush()

        def told(scope: Scope) -> bool:
            return any(line_id == line.id for _, line_id, _ in breaches_in(session, scope))

        assert told(Scope(cluster_ids=frozenset({of.id})))
        assert not told(Scope(school_ids=frozenset({mine.id})))


def test_a_request_of_another_cluster_approves_nothing(shared_store: Store) -> None:
    with taken_back(shared_store) as session:
        of, mine, _ = world(session)
        elsewhere = put.cluster(session, "Decoy Cluster")
        request = ApprovalRequest(cluster_id=elsewhere.id, kind=RequestKind.TRAVEL, summary="Coach", asked_on=AS_OF)
        request.asked_as, request.state, request.decided_on = "coordinator", RequestState.APPROVED, date(2016, 9, 2)
        put.put(session, request)
        line = put.line(session, of, 4_000, part=Part.JOINT, by=mine)
        line.purpose, line.request_id = LinePurpose.TRAVEL, request.id
        session.flush()
        [breach] = [breach for _, line_id, breach in breaches_in(session) if line_id == line.id]
        assert breach.sentence == "Travel needs the advisor’s approval first; this line rests on no request."


# What is said.

SAID = {
    "£520": Breach(
        "cpd_over_limit",
        "The session costs £520 before VAT; cluster funds pay at most £400 of one session.",
        "Record £400 and £80 VAT as paid from cluster funds, and share the other £120 and £24 VAT over the schools as "
        "their contributions.",
        "4.9",
    ),
    "a penny more than £100": Breach(
        "half_day_over_limit",
        "This half day of cover costs £100.01; release money pays at most £100 of one.",
        "Record £100 as paid from release money; the school pays the other £0.01 itself. Two half days are two lines.",
        "4.5",
    ),
    "the sixth": Breach(
        "half_days_over",
        "The school has used or booked five half days of release in 2016-17 besides this one; release money is for "
        "five half days a year.",
        "The school covers further half days itself: record this one as its contribution in kind.",
        "4.5",
    ),
    "held since the year before": Breach(
        "psqm_renewal",
        "The school holds the quality mark since 1 June 2015; only the way to a first one is paid, no renewal.",
        "The school pays its renewal itself; if this was its first way to the mark, correct the day on the school.",
        "4.8",
    ),
    "the third school of two": Breach(
        "psqm_places",
        "The way to the quality mark was paid for two other schools already; the cluster has two places.",
        "Ask the advisor whether there is another place before it is paid, or let the school pay itself.",
        "4.8",
    ),
    "more than was approved, with another line": Breach(
        "unapproved_time",
        "Extra organising time needs the advisor’s approval first; £100 was approved and this line is £40.01, with the "
        "other lines £100.01.",
        "Ask the advisor first and record the line once it is approved, or let the school pay it itself.",
        "4.17",
    ),
    "time approved the day after": Breach(
        "unapproved_time",
        "Extra organising time needs the advisor’s approval first; its request was approved on 11 February 2017, "
        "after the day of the line.",
        "Ask the advisor first and record the line once it is approved, or let the school pay it itself.",
        "4.17",
    ),
    "travel that was declined": Breach(
        "unapproved_travel",
        "Travel needs the advisor’s approval first; its request is declined.",
        "Ask the advisor first and record the line once it is approved, or let the school pay it itself.",
        "4.26",
    ),
    "resources from Part A": Breach(
        "use_not_allowed",
        "B1 is a use of Part B; this line is of Part A.",
        "Take it from Part B, or choose the use of Part A that fits.",
        "3.2",
    ),
    "£260 after a deficit of £50": Breach(
        "over_allowance",
        "With this line £260 of the cluster lead’s allowance is spent or committed in 2016-17; there is £250 (£300 a "
        "year, −£50 brought forward).",
        "Record what the allowance holds; more organising time from the joint pot needs the advisor’s approval first.",
        "4.15",
    ),
    "£121 for the accounts, nothing of the other": Breach(
        "over_allowance",
        "With this line £121 of the finance allowance is spent or committed in 2016-17; there is £120 (£120 a year).",
        "Record what the allowance holds; the lead school carries the rest itself.",
        "4.16",
    ),
    "promised 31 days ago": Breach(
        "uninvoiced",
        "£10 was promised for 29 January 2017, 31 days ago, and is not invoiced.",
        "Ask for the invoice, or take the line back if nothing will come of it.",
        "3.18",
    ),
    "release money held by the lead school": Breach(
        "wrong_holder",
        "Release money is held by the school itself; this line says that the lead school pays it.",
        "Record it as money that the school itself holds, or choose the part of the pot that it was taken from.",
        "4.13",
    ),
}


@pytest.mark.parametrize("name", SAID)
def test_a_breach_is_explained_and_offers_what_is_lawful(name: str) -> None:
    [case] = [case for case in CASES if case.name == name]
    assert check_line(case.facts, case.around, RuleSet(case.rule_values)) == [SAID[name]]


def test_a_line_may_break_several_rules_in_a_fixed_order() -> None:
    line = LineFacts(
        Pot.LEAD_HELD, Part.A, 50_000, AcademicYear(2016), date(2016, 10, 1), use_code=UseCode.B6,
        purpose=LinePurpose.CPD_SESSION, state=LineState.COMMITTED,
    )  # fmt: skip
    found = [breach.rule for breach in check_line(line, Around(AS_OF), RuleSet())]
    assert found == ["use_not_allowed", "cpd_over_limit", "uninvoiced"]


def test_a_request_without_a_day_of_its_decision_approves_nothing() -> None:
    line = rule_cases.time()
    facts = Case("time", None, line).facts
    request = RequestFacts(RequestKind.EXTRA_TIME, RequestState.APPROVED)
    [breach] = check_line(facts, Around(AS_OF, request=request), RuleSet(rule_cases.RULES))
    assert "nobody noted on which day" in breach.sentence


def test_every_value_that_a_check_asks_for_is_a_rule_that_a_programme_may_set() -> None:
    named = set(_rules_named_in(checks))
    assert named
    assert named <= {rule.name for rule in RULES}


def _rules_named_in(module: ModuleType) -> list[str]:
    return re.findall(r'rules\.(?:count|pence|yes)\("([a-z_]+)"\)', inspect.getsource(module))
