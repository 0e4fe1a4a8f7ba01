"""The lines of a ledger, their sums against a plain answer in Python, and who sees which."""

from collections.abc import Callable, Iterable
from datetime import date
from itertools import product
from typing import Any

import pytest
from sqlalchemy.orm import Session

from dashboard.access import NOTHING, Reader, reading
from dashboard.funding.lines import (
    Filters,
    LineRow,
    find_line,
    find_receipt,
    load_ledger_clusters,
    load_lines,
    load_meetings_to_choose,
    load_receipts,
    load_requests_to_choose,
    load_schools_to_choose,
    load_shares,
    load_story,
    load_sums,
    load_targets_to_choose,
)
from dashboard.models import LedgerLine
from dashboard.vocabulary import COMMITTED_STATES, SPENT_STATES, LinePurpose, LineState, Part, Pot, UseCode
from tests import builders as put
from tests.accounts.places import statements
from tests.funding.ledger_world import PDF, TODAY, World, line, release
from tests.funding.test_ledger_commands import SESSION, do


@pytest.fixture
def filled(world: World) -> World:
    """Fifteen lines of Mill Cluster, in both years, of all holders and states, tied and untied."""
    said = [
        line(), line(part=Part.A, use_code=UseCode.A1, state=LineState.INVOICED),
        line(spent_on=date(2015, 10, 1), amount=-20_00, vat=-4_00, description="A credit"),
        line(state=LineState.APPROVED, use_code=UseCode.B1, target_id=world.target),
        line(state=LineState.COMMITTED, meeting_id=world.meeting, school="ford-school"),
        line(state=LineState.REQUESTED, amount=1_00, vat=20),
        line(state=LineState.REQUESTED, purpose=LinePurpose.TRAVEL),
        release(), release(state=LineState.COMMITTED, amount=80_00), release(school="lock-school"),
        line(pot=Pot.TRUST_HELD, part=Part.RESOURCES, purpose=LinePurpose.RESOURCES),
    ]  # fmt: skip
    for each in said:
        do(world, lambda book, each=each: book.record("mill-cluster", each))
    first = next(row.id for row in world.rows(LedgerLine) if row.cluster_id == world.mill)
    do(world, lambda book: book.reverse(first, "Twice"))
    travel = next(row.id for row in world.rows(LedgerLine) if row.purpose is LinePurpose.TRAVEL)
    do(world, lambda book: book.move(travel, LineState.REVERSED, 1))
    with world.store.writing() as session:
        row = put.line(session, session.get_one(put.Cluster, world.mill), 7_77, illustrative=True)
        row.spent_on = None
        put.line(session, session.get_one(put.Cluster, world.mill), 3_33, year=2015)
    return world


def load(world: World, reader: Reader, query: Callable[..., Any], *values: Any, **more: Any) -> Any:
    scope = world.scope(reader)
    with reading(world.walled, scope) as session:
        return query(session, scope, *values, **more)


def plain_sums(rows: Iterable[LineRow]) -> dict[Pot, tuple[int, ...]]:
    """The slow answer: every row added up by hand."""
    found: dict[Pot, list[int]] = {}
    for row in rows:
        one = found.setdefault(row.pot, [0] * 11)
        one[0] += 1
        one[1] += row.amount
        one[2] += row.vat
        states = (SPENT_STATES, COMMITTED_STATES, (LineState.REQUESTED,), (LineState.REVERSED,))
        for place, among in enumerate(states):
            if row.state in among:
                one[3 + 2 * place] += row.amount
                one[4 + 2 * place] += 1
    return {pot: tuple(each) for pot, each in found.items()}


FILTERS = {
    "all": Filters(),
    "a year": Filters(year=2015),
    "a holder": Filters(pots=(Pot.SCHOOL_HELD,)),
    "parts": Filters(parts=(Part.A, Part.RELEASE)),
    "a use": Filters(uses=(UseCode.A1,)),
    "no use": Filters(uses=(None,)),
    "a use or none": Filters(uses=(UseCode.B1, None)),
    "a purpose": Filters(purposes=(LinePurpose.TRAVEL,)),
    "spent": Filters(states=SPENT_STATES),
    "promised": Filters(states=COMMITTED_STATES),
    "a school": Filters(schools=("ford-school",)),
    "no school": Filters(schools=(None,)),
    "a code": Filters(targets=("READING",)),
    "no target": Filters(targets=(None,)),
    "a foreign code": Filters(targets=("DECOY",)),
    "several": Filters(year=2016, pots=(Pot.LEAD_HELD,), states=SPENT_STATES, targets=(None,)),
    "nobody": Filters(schools=("nobody",)),
}


def test_the_sums_are_of_exactly_what_is_listed(filled: World) -> None:
    for who, asked in product((filled.bursar, filled.headteacher), FILTERS.values()):
        rows = load(filled, who, load_lines, filled.mill, asked)
        sums = load(filled, who, load_sums, filled.mill, asked)
        assert {each.pot: (
            each.lines, each.net, each.vat, each.spent, each.spent_lines, each.committed, each.committed_lines,
            each.requested, each.requested_lines, each.withdrawn, each.withdrawn_lines,
        ) for each in sums} == plain_sums(rows), asked  # fmt: skip
        assert [each.pot for each in sums] == [pot for pot in Pot if pot in {row.pot for row in rows}]
        pages = [load(filled, who, load_lines, filled.mill, asked, most=4, skip=skip) for skip in range(0, 20, 4)]
        assert [row for page in pages for row in page] == rows


def test_each_filter_finds_the_lines_it_names(filled: World) -> None:
    def found(**asked: Any) -> list[tuple[int, LineState]]:
        rows = load(filled, filled.bursar, load_lines, filled.mill, Filters(**asked))
        return sorted((row.amount, row.state) for row in rows)

    assert len(found()) == 14
    assert found(year=2015) == [(-20_00, LineState.PAID), (3_33, LineState.PAID)]
    assert found(uses=(UseCode.A1,)) == [(52_00, LineState.INVOICED)]
    assert found(targets=(filled.target,)) == found(targets=("READING",)) == [(52_00, LineState.APPROVED)]
    assert found(targets=("DECOY",)) == found(targets=(filled.other_target,)) == []
    assert found(meetings=(filled.meeting,)) == [(52_00, LineState.COMMITTED)]
    assert found(purposes=(LinePurpose.TRAVEL,)) == [(52_00, LineState.REVERSED)]
    assert found(schools=("lock-school",)) == [(95_00, LineState.PAID)]
    assert found(parts=(Part.RESOURCES, Part.A)) == [
        (3_33, LineState.PAID), (7_77, LineState.PAID), (52_00, LineState.INVOICED), (52_00, LineState.PAID),
    ]  # fmt: skip
    assert found(lines=(filled.other_line,)) == []


def test_the_newest_come_first_and_what_has_no_day_first_in_its_year(filled: World) -> None:
    rows = load(filled, filled.bursar, load_lines, filled.mill)
    assert rows[0].spent_on is None
    assert (rows[1].spent_on, rows[1].amount) == (TODAY, -52_00)
    days = [row.spent_on for row in rows[1:]]
    assert days == sorted(days, reverse=True)
    assert [row.year for row in rows] == [2016] * 12 + [2015] * 2


def test_a_line_says_what_it_belongs_to_and_what_became_of_it(filled: World) -> None:
    rows = load(filled, filled.bursar, load_lines, filled.mill)
    back = next(row for row in rows if row.reverses_id)
    first = next(row for row in rows if row.line_id == back.reverses_id)
    assert (first.reversed_by, first.open, back.open, back.gross) == (back.line_id, False, False, -62_40)
    tied = next(row for row in rows if row.meeting_id)
    assert (tied.held_on, tied.school, tied.school_name, tied.target, tied.open) == (
        date(2017, 2, 1), "ford-school", "Ford School", None, True,
    )  # fmt: skip
    served = next(row for row in rows if row.target_id)
    assert (served.target, served.target_title) == ("READING", "Reading")


def test_a_headteacher_sees_what_the_own_school_holds(filled: World) -> None:
    rows = load(filled, filled.headteacher, load_lines, filled.mill)
    assert [(row.pot, row.school, row.amount) for row in rows] == [
        (Pot.SCHOOL_HELD, "ford-school", 80_00), (Pot.SCHOOL_HELD, "ford-school", 95_00),
    ]  # fmt: skip
    for row in load(filled, filled.bursar, load_lines, filled.mill):
        seen = load(filled, filled.headteacher, find_line, row.line_id)
        assert (seen is not None) == (row.line_id in {each.line_id for each in rows})


def test_what_is_anothers_is_not_there(filled: World) -> None:
    number = do(filled, lambda book: book.record_session("mill-cluster", SESSION, ["ford-school", "lock-school"]))
    receipt = do(filled, lambda book: book.attach(number, "a.pdf", PDF))
    assert len(load(filled, filled.bursar, load_shares, number)) == 2
    assert [each.receipt_id for each in load(filled, filled.bursar, load_receipts, number)] == [receipt]
    found, content = load(filled, filled.bursar, find_receipt, receipt)
    assert (found.line_id, found.size, content) == (number, len(PDF), PDF)
    assert [each.action for each in load(filled, filled.bursar, load_story, number)] == ["record", "attach receipt"]
    for stranger in (filled.stranger, filled.headteacher):
        for query, key in ((find_line, number), (find_receipt, receipt)):
            assert load(filled, stranger, query, key) is None
        for query in (load_receipts, load_story):
            assert load(filled, stranger, query, number) == []
    assert load(filled, filled.stranger, load_shares, number) == []
    assert [each.school_name for each in load(filled, filled.headteacher, load_shares, number)] == ["Ford School"]


def test_there_is_to_choose_from_what_is_the_clusters(filled: World) -> None:
    def names(reader: Reader, query: Callable[..., Any], name: str) -> list[Any]:
        return [getattr(each, name) for each in load(filled, reader, query, filled.mill)]

    bursar, head = filled.bursar, filled.headteacher
    assert names(bursar, load_schools_to_choose, "school") == ["ford-school", "late-school", "lock-school"]
    assert names(head, load_schools_to_choose, "school") == ["ford-school"]
    for reader in (bursar, head):
        assert names(reader, load_meetings_to_choose, "meeting_id") == [filled.meeting]
        assert names(reader, load_targets_to_choose, "code") == ["READING"]
    assert names(bursar, load_requests_to_choose, "request_id") == [filled.request]
    assert names(head, load_requests_to_choose, "request_id") == []
    for query in (load_schools_to_choose, load_meetings_to_choose, load_targets_to_choose, load_requests_to_choose):
        assert load(filled, bursar, query, filled.weir) == []


def test_the_ledgers_that_a_reader_may_open(filled: World) -> None:
    for reader, clusters in (
        (filled.bursar, ["mill-cluster"]), (filled.headteacher, ["mill-cluster"]), (filled.stranger, ["weir-cluster"]),
        (Reader(), []),
    ):  # fmt: skip
        assert [each.cluster for each in load(filled, reader, load_ledger_clusters)] == clusters
    assert load(filled, filled.bursar, load_ledger_clusters, "weir") == []
    assert [each.name for each in load(filled, filled.bursar, load_ledger_clusters, "ill-cl")] == ["Mill Cluster"]


def test_nothing_is_seen_of_nothing(filled: World) -> None:
    with reading(filled.walled, NOTHING) as session:
        assert load_lines(session, NOTHING, filled.mill) == []
        assert load_sums(session, NOTHING, filled.mill) == []


def test_a_list_takes_one_statement_however_long_it_is(filled: World) -> None:
    for lines in (1, 20):
        with filled.store.writing() as session:
            for _ in range(lines):
                put.line(session, session.get_one(put.Cluster, filled.mill), 5)
        scope = filled.scope(filled.bursar)
        with reading(filled.walled, scope) as session, statements(filled.walled) as sent:
            _list_all(session, filled, scope)
        assert len(sent) == 2


def _list_all(session: Session, world: World, scope: Any) -> None:
    load_lines(session, scope, world.mill)
    load_sums(session, scope, world.mill)
