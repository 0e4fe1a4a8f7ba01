"""The ledger kept by hand: what is recorded, changed, moved on and taken back, and by whom."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from dashboard.access import Reader, writing
from dashboard.attachments import MOST_BYTES
from dashboard.funding.commands import LedgerBook
from dashboard.funding.entry import NEXT_STATES, BreaksRules, ChangedMeanwhile, LedgerRefused, NoSuchLine
from dashboard.models import ApprovalRequest, Contribution, LedgerLine, Programme, ProgrammeRule, Receipt
from dashboard.vocabulary import ContributionKind, ContributionState, LinePurpose, LineState, Part, Pot, UseCode
from tests import builders as put
from tests.funding.ledger_world import PDF, SECRET, TODAY, World, book, line, release


def do(world: World, what: Callable[[LedgerBook], Any], by: Reader | None = None, today: date = TODAY) -> Any:
    reader = by or world.bursar
    with writing(world.walled, world.scope(reader)) as session:
        return what(book(session, reader, today))


def told(row: LedgerLine) -> tuple[Any, ...]:
    return (row.spent_on, row.year, row.pot, row.part, row.amount, row.vat, row.state)


# Recording


def test_a_line_is_recorded_with_all_that_it_belongs_to(world: World) -> None:
    number = world.recorded(
        use_code=UseCode.B6, purpose=LinePurpose.CPD_SESSION, school="ford-school", supplier="  Books \n Ltd ",
        meeting_id=world.meeting, target_id=world.target, request_id=world.request, state=LineState.INVOICED,
    )  # fmt: skip
    row = world.line(number)
    assert told(row) == (date(2017, 2, 1), 2016, Pot.LEAD_HELD, Part.B, 52_00, 10_40, LineState.INVOICED)
    assert (row.cluster_id, row.school_id, row.use_code, row.purpose) == (
        world.mill, world.ford_school, UseCode.B6, LinePurpose.CPD_SESSION,
    )  # fmt: skip
    assert (row.meeting_id, row.target_id, row.request_id) == (world.meeting, world.target, world.request)
    assert (row.supplier, row.version, row.batch_id, row.illustrative) == ("Books Ltd", 1, None, False)


def test_two_equal_lines_are_two_lines(world: World) -> None:
    numbers = [world.recorded() for _ in range(3)]
    rows = [world.line(number) for number in numbers]
    assert [row.occurrence for row in rows] == [1, 2, 3]
    assert len({row.fingerprint for row in rows}) == 1


def test_an_event_tells_amounts_and_nothing_that_was_written(world: World) -> None:
    number = world.recorded(note=SECRET)
    do(world, lambda book: book.change(number, line(description=f"{SECRET} again", amount=53_00), 1))
    do(world, lambda book: book.reverse(number, SECRET))
    do(world, lambda book: book.attach(number, f"{SECRET}.pdf", PDF))
    events = world.events()
    assert [(event.action, event.object_kind, event.cluster_id) for event in events] == [
        (action, "ledger line", world.mill) for action in ("record", "change", "reverse", "attach receipt")
    ]
    assert [event.object_key for event in events] == [str(number), str(number), str(number + 1), str(number)]
    assert events[1].before == {"amount": 52_00}
    assert events[1].after == {"amount": 53_00, "written_anew": ["description"]}
    said = json.dumps([[event.before, event.after, event.reason] for event in events]).lower()
    for word in (SECRET.lower(), "cover-for", "books ltd", "inv 7"):
        assert word not in said


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        ({"spent_on": None}, "spent_on", "Give the day"),
        ({"spent_on": TODAY + timedelta(1)}, "spent_on", "2 March 2017 is still to come"),
        ({"spent_on": date(216, 2, 1)}, "spent_on", "too long ago"),
        ({"spent_on": TODAY + timedelta(367), "state": LineState.COMMITTED}, "spent_on", "more than a year ahead"),
        ({"amount": 0, "vat": 0}, "amount", "A line of nothing"),
        ({"amount": 10**11, "vat": 0}, "amount", "£1,000,000,000 is more than any line"),
        ({"amount": -52_00}, "vat", "same sign"),
        ({"pot": Pot.SCHOOL_HELD}, "school", "say which"),
        ({"school": "weir-school"}, "school", "no member of the cluster on 1 February 2017"),
        ({"school": "late-school"}, "school", "no member of the cluster on 1 February 2017"),
        ({"school": "nobody"}, "school", "no member"),
        ({"description": "x" * 501}, "description", "501 letters; use at most 500"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence_and_its_field(
    world: World, said: dict[str, Any], field: str, words: str
) -> None:
    with pytest.raises(LedgerRefused, match=words) as refusal:
        world.recorded(**said)
    assert refusal.value.field == field
    assert len(world.rows(LedgerLine)) == 1
    assert world.events() == []


def test_a_promise_may_lie_ahead_and_a_school_that_came_later_may_be_named_from_then_on(world: World) -> None:
    assert world.recorded(spent_on=TODAY + timedelta(366), state=LineState.COMMITTED)
    assert world.recorded(spent_on=date(2017, 2, 15), school="late-school")


@pytest.mark.parametrize("field", ["meeting", "target", "request"])
def test_what_a_line_belongs_to_is_of_its_cluster(world: World, field: str) -> None:
    others = {"meeting": world.other_meeting, "target": world.other_target, "request": 999}
    for number in (others[field], 999_999):
        with pytest.raises(LedgerRefused, match=f"no such {field}") as refusal:
            world.recorded(**{f"{field}_id": number})
        assert refusal.value.field == field


# Who


def test_a_headteacher_keeps_the_money_that_the_own_school_holds(world: World) -> None:
    head = world.headteacher
    number = do(world, lambda book: book.record("mill-cluster", release(meeting_id=world.meeting)), head)
    assert (world.line(number).school_id, world.line(number).meeting_id) == (world.ford_school, world.meeting)
    assert do(world, lambda book: book.change(number, release(amount=90_00, meeting_id=world.meeting), 1), head)
    with pytest.raises(LedgerRefused, match="its lead school") as refusal:
        do(world, lambda book: book.record("mill-cluster", line()), head)
    assert refusal.value.field == "pot"
    for theirs in ("lock-school", "weir-school"):
        with pytest.raises(LedgerRefused, match="no member"):
            do(world, lambda book, theirs=theirs: book.record("mill-cluster", release(school=theirs)), head)
    with pytest.raises(LedgerRefused, match="no such request"):
        do(world, lambda book: book.change(number, release(request_id=world.request), 2), head)
    assert do(world, lambda book: book.reverse(number, "Twice"), head) == number + 1


def test_what_was_looked_up_for_a_school_is_no_longer_seen_when_it_writes(world: World) -> None:
    do(world, lambda book: book.record("mill-cluster", release(school="lock-school")))
    with writing(world.walled, world.scope(world.headteacher)) as session:
        book(session, world.headteacher).record("mill-cluster", release(meeting_id=world.meeting))
        seen = session.scalars(sa.select(LedgerLine.school_id)).all()
        others = set(seen) - {world.ford_school}
        assert others == (set() if world.store.is_postgresql else {world.lock_school, None})


def test_nobody_reaches_the_lines_of_others(world: World) -> None:
    about_ford = world.recorded(school="ford-school")
    of_lock = do(world, lambda book: book.record("mill-cluster", release(school="lock-school")))
    receipt = do(world, lambda book: book.attach(about_ford, "a.pdf", PDF))
    tries = (
        (world.bursar, world.other_line), (world.director, world.other_line), (world.stranger, about_ford),
        (world.headteacher, about_ford), (world.headteacher, of_lock), (world.headteacher, world.other_line),
        (world.bursar, 999_999),
    )  # fmt: skip
    for reader, number in tries:
        for what in (
            lambda book, number=number: book.change(number, line(), 1),
            lambda book, number=number: book.move(number, LineState.PAID, 1),
            lambda book, number=number: book.reverse(number, "Because"),
            lambda book, number=number: book.attach(number, "b.pdf", PDF + b"b"),
        ):
            with pytest.raises(NoSuchLine):
                do(world, what, reader)
    for reader in (world.stranger, world.headteacher):
        with pytest.raises(NoSuchLine):
            do(world, lambda book: book.take_away(receipt), reader)
    for reader, slug in (
        (world.bursar, "weir-cluster"),
        (world.headteacher, "weir-cluster"),
        (world.bursar, "nowhere"),
    ):
        with pytest.raises(NoSuchLine):
            do(world, lambda book, slug=slug: book.record(slug, release()), reader)


# Changing


def test_a_change_is_counted_and_makes_the_line_somebodys_own(world: World) -> None:
    with world.store.writing() as session:
        row = put.line(session, session.get_one(put.Cluster, world.mill), 70_00, illustrative=True)
        number, print_ = row.id, row.fingerprint
    assert do(world, lambda book: book.change(number, line(amount=71_00), 1))
    row = world.line(number)
    assert (row.amount, row.version, row.illustrative, row.fingerprint) == (71_00, 2, False, print_)
    assert not do(world, lambda book: book.change(number, line(amount=71_00), 2)), "nothing is different"
    assert world.line(number).version == 2
    assert len(world.events()) == 1


def test_of_two_who_change_a_line_the_second_is_told_and_nothing_is_stored(world: World) -> None:
    number = world.recorded()
    do(world, lambda book: book.change(number, line(amount=60_00), 1), world.director)
    for what in (
        lambda book: book.change(number, line(amount=70_00), 1),
        lambda book: book.move(number, LineState.PAID, 1),
        lambda book: book.reverse(number, "Wrong", version=1),
    ):
        with pytest.raises(ChangedMeanwhile) as told_:
            do(world, what)
        assert (told_.value.line_id, told_.value.version) == (number, 2)
    assert (world.line(number).amount, len(world.events())) == (60_00, 2)
    assert do(world, lambda book: book.change(number, line(amount=70_00), 2)), "with what is there now it goes"


def test_a_line_whose_day_a_file_lost_keeps_its_year_until_somebody_knows_the_day(world: World) -> None:
    with world.store.writing() as session:
        row = put.line(session, session.get_one(put.Cluster, world.mill), 70_00)
        row.spent_on = None
        session.flush()
        number, version = row.id, row.version
    do(world, lambda book: book.change(number, line(spent_on=None, school="late-school"), version))
    assert (world.line(number).spent_on, world.line(number).year) == (None, 2016)
    do(world, lambda book: book.change(number, line(spent_on=date(2016, 8, 31)), version + 1))
    assert (world.line(number).spent_on, world.line(number).year) == (date(2016, 8, 31), 2015)


def test_a_receipt_follows_its_line_to_another_school(world: World) -> None:
    number = do(world, lambda book: book.record("mill-cluster", release()))
    do(world, lambda book: book.attach(number, "a.pdf", PDF))
    do(world, lambda book: book.change(number, release(school="lock-school"), 1))
    assert [row.school_id for row in world.rows(Receipt)] == [world.lock_school]


@pytest.mark.parametrize(
    ("edit", "goes"),
    [
        ({"amount": 53_00}, False), ({"part": Part.A}, False), ({"spent_on": date(2017, 9, 2)}, False),
        ({"vat": 0}, True), ({"description": "Better said"}, True), ({"spent_on": date(2017, 3, 1)}, True),
    ],
)  # fmt: skip
def test_a_year_that_is_over_keeps_its_closing(world: World, edit: dict[str, Any], goes: bool) -> None:
    number, later = world.recorded(), date(2017, 9, 5)
    if goes:
        assert do(world, lambda book: book.change(number, line(**edit), 1), today=later)
        return
    with pytest.raises(LedgerRefused, match="2016-17 is over and keeps its closing"):
        do(world, lambda book: book.change(number, line(**edit), 1), today=later)
    assert do(world, lambda book: book.reverse(number, "Wrong"), today=later)
    assert world.line(number + 1).year == 2017


# Going on


@pytest.mark.parametrize("was", list(LineState))
def test_a_line_goes_on_and_never_back(world: World, was: LineState) -> None:
    order = list(LineState)[:5]
    for now in LineState:
        number = world.recorded(state=was)
        forward = was in order and now in order and order.index(now) > order.index(was)
        withdrawn = was is LineState.REQUESTED and now is LineState.REVERSED
        assert (now in NEXT_STATES[was]) == (forward or withdrawn)
        if forward or withdrawn:
            do(world, lambda book, number=number, now=now: book.move(number, now, 1))
            assert (world.line(number).state, world.line(number).version) == (now, 2)
        else:
            with pytest.raises(LedgerRefused):
                do(world, lambda book, number=number, now=now: book.move(number, now, 1))


def test_what_is_promised_for_a_day_to_come_is_not_paid_before(world: World) -> None:
    number = world.recorded(spent_on=TODAY + timedelta(30), state=LineState.APPROVED)
    with pytest.raises(LedgerRefused, match="31 March 2017 is still to come"):
        do(world, lambda book: book.move(number, LineState.PAID, 1))
    do(world, lambda book: book.move(number, LineState.COMMITTED, 1))
    do(world, lambda book: book.move(number, LineState.PAID, 2), today=TODAY + timedelta(30))


def test_a_request_of_a_year_that_is_over_binds_nobody_any_more(world: World) -> None:
    number, owed = world.recorded(state=LineState.REQUESTED), world.recorded(state=LineState.COMMITTED)
    later = date(2017, 9, 5)
    with pytest.raises(LedgerRefused, match="keeps its closing"):
        do(world, lambda book: book.move(number, LineState.APPROVED, 1), today=later)
    do(world, lambda book: book.move(number, LineState.REVERSED, 1), today=later)
    do(world, lambda book: book.move(owed, LineState.PAID, 1), today=later)
    assert [event.action for event in world.events()[2:]] == ["withdraw", "move on"]


# Taking back


def test_a_reversal_is_a_line_of_its_own_and_both_count(world: World) -> None:
    number = world.recorded(school="ford-school", meeting_id=world.meeting, use_code=UseCode.B1)
    back = do(world, lambda book: book.reverse(number, " Sent  back "))
    first, second = world.line(number), world.line(back)
    assert told(second) == (TODAY, 2016, Pot.LEAD_HELD, Part.B, -52_00, -10_40, LineState.PAID)
    assert (second.reverses_id, second.note, second.school_id, second.meeting_id, second.use_code) == (
        number, "Sent back", world.ford_school, world.meeting, UseCode.B1,
    )  # fmt: skip
    assert (first.state, first.amount + second.amount, first.vat + second.vat, first.version) == (
        LineState.PAID, 0, 0, 1,
    )  # fmt: skip


def test_what_is_taken_back_and_what_takes_back_stay_as_they_are(world: World) -> None:
    number = world.recorded(state=LineState.INVOICED)
    back = do(world, lambda book: book.reverse(number, "Twice", TODAY - timedelta(3)))
    assert world.line(back).spent_on == TODAY - timedelta(3)
    for one in (number, back):
        for what in (
            lambda book, one=one: book.change(one, line(amount=1), 1),
            lambda book, one=one: book.move(one, LineState.PAID, 1),
            lambda book, one=one: book.reverse(one, "Again"),
        ):
            with pytest.raises(LedgerRefused, match="stays as it is"):
                do(world, what)
    assert do(world, lambda book: book.attach(back, "credit.pdf", PDF)), "a credit note proves it"


def test_a_reversal_has_a_reason_and_a_day_between_the_line_and_today(world: World) -> None:
    number = world.recorded()
    for reason, on, words, field in (
        ("  ", None, "Give the reason", "note"),
        ("Why", date(2017, 1, 31), "before the line itself", "on"),
        ("Why", TODAY + timedelta(1), "still to come", "on"),
    ):
        with pytest.raises(LedgerRefused, match=words) as refusal:
            do(world, lambda book, reason=reason, on=on: book.reverse(number, reason, on))
        assert refusal.value.field == field
    asked = world.recorded(state=LineState.REQUESTED)
    with pytest.raises(LedgerRefused, match="withdraw it"):
        do(world, lambda book: book.reverse(asked, "Why"))


def test_a_reversal_waives_what_schools_had_agreed_to_share_and_the_pots_part_stays_with_theirs(world: World) -> None:
    number = world.recorded()
    with world.store.writing() as session:
        for school, state in (
            (world.ford_school, ContributionState.AGREED),
            (world.lock_school, ContributionState.PAID),
        ):
            share = Contribution(cluster_id=world.mill, school_id=school, year=2016, amount=60_00, line_id=number)
            share.kind, share.state = ContributionKind.CPD_EXCESS, state
            session.add(share)
    with pytest.raises(LedgerRefused, match="share the invoice"):
        do(world, lambda book: book.change(number, line(amount=1), 1))
    do(world, lambda book: book.change(number, line(description="Better said"), 1))
    do(world, lambda book: book.reverse(number, "Cancelled"))
    assert [row.state for row in world.rows(Contribution)] == [ContributionState.WAIVED, ContributionState.PAID]
    assert world.events()[-1].after["waived_contributions"] == [1]


# Receipts


def test_a_receipt_is_known_by_its_content_and_kept_under_a_plain_name(world: World) -> None:
    number = world.recorded()
    files = {
        "C:\\\\Scans\\\\Invoice No. 7 (May).PDF": (PDF, "invoice-no-7-may.pdf", "application/pdf"),
        "../../photo.pdf": (b"\x89PNG\r\n\x1a\n..", "photo.png", "image/png"),
        "…": (b"\xff\xd8\xff\xe0..", "receipt.jpg", "image/jpeg"),
    }
    for name, (content, _, _) in files.items():
        do(world, lambda book, name=name, content=content: book.attach(number, name, content))
    kept = [(row.file_name, row.media_type, row.size, row.line_id) for row in world.rows(Receipt)]
    assert kept == [(name, kind, len(content), number) for content, name, kind in files.values()]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b"<html><script>", "no PDF, PNG or JPEG, whatever its name says"),
        (b"GIF89a", "no PDF, PNG or JPEG"),
        (PDF + b"x" * MOST_BYTES, "at most 5 MB"),
    ],
)
def test_what_is_no_receipt_is_not_taken(world: World, content: bytes, words: str) -> None:
    number = world.recorded()
    with pytest.raises(LedgerRefused, match=words) as refusal:
        do(world, lambda book: book.attach(number, "invoice.pdf", content))
    assert refusal.value.field == "receipt"
    assert world.rows(Receipt) == []


def test_the_same_file_is_attached_once(world: World) -> None:
    number = world.recorded()
    do(world, lambda book: book.attach(number, "a.pdf", PDF))
    with pytest.raises(LedgerRefused, match="attached to this line already"):
        do(world, lambda book: book.attach(number, "b.pdf", PDF))


def test_a_receipt_is_taken_away_on_its_day_alone_and_the_event_keeps_its_digest(world: World) -> None:
    number = world.recorded()
    wrong, old = (do(world, lambda book, more=more: book.attach(number, "a.pdf", PDF + more)) for more in (b"1", b"2"))
    with world.store.writing() as session:
        kept = session.get_one(Receipt, old)
        kept.added_at -= timedelta(days=1)
    digest = world.rows(Receipt)[0].sha256
    assert do(world, lambda book: book.take_away(wrong)) == number
    with pytest.raises(LedgerRefused, match="and stays"):
        do(world, lambda book: book.take_away(old))
    assert [row.id for row in world.rows(Receipt)] == [old]
    event = world.events()[-1]
    assert (event.action, event.before) == (
        "take away receipt", {"receipt": wrong, "size": len(PDF) + 1, "sha256": digest},
    )  # fmt: skip


# Rules


def test_what_breaks_a_rule_is_refused_with_what_is_lawful_and_may_be_recorded_as_it_happened(world: World) -> None:
    dear = release(amount=120_00)
    with pytest.raises(BreaksRules, match="release money pays at most £100") as refusal:
        do(world, lambda book: book.record("mill-cluster", dear))
    assert [(breach.rule, breach.source) for breach in refusal.value.breaches] == [("half_day_over_limit", "4.5")]
    with pytest.raises(LedgerRefused, match="Give the reason") as missing:
        do(world, lambda book: book.record("mill-cluster", dear, as_it_happened=True))
    assert missing.value.field == "note"
    with_reason = release(amount=120_00, note="The agency charged for a bank holiday")
    number = do(world, lambda book: book.record("mill-cluster", with_reason, as_it_happened=True), world.headteacher)
    assert world.line(number).note == "The agency charged for a bank holiday"


def test_a_change_answers_for_what_it_breaks_itself_alone(world: World) -> None:
    number = do(world, lambda book: book.record("mill-cluster", release(amount=120_00, note="So"), as_it_happened=True))
    assert do(world, lambda book: book.change(number, release(amount=120_00, description="Better said"), 1))
    with pytest.raises(BreaksRules, match="held by the school itself"):
        do(world, lambda book: book.change(number, release(amount=120_00, pot=Pot.LEAD_HELD), 2))


def test_half_days_are_counted_over_the_year_of_the_school_without_what_was_taken_back(world: World) -> None:
    numbers = [do(world, lambda book: book.record("mill-cluster", release())) for _ in range(5)]
    do(world, lambda book: book.record("mill-cluster", release(school="lock-school")))
    do(world, lambda book: book.record("mill-cluster", release(spent_on=date(2016, 8, 31))))
    do(world, lambda book: book.record("mill-cluster", release(state=LineState.REQUESTED)))
    with pytest.raises(BreaksRules, match="has used or booked five half days"):
        do(world, lambda book: book.record("mill-cluster", release()), world.headteacher)
    assert do(world, lambda book: book.change(numbers[4], release(amount=90_00), 1)), "itself is none of the others"
    do(world, lambda book: book.reverse(numbers[0], "Not used"))
    assert do(world, lambda book: book.record("mill-cluster", release()), world.headteacher)


def test_an_approval_carries_as_much_as_was_granted(world: World) -> None:
    with world.store.writing() as session:
        programme = session.get_one(Programme, session.get_one(put.Cluster, world.mill).programme_id)
        session.add(ProgrammeRule(programme_id=programme.id, name="extra_coordination_needs_approval", value="yes"))
        row = session.get_one(ApprovalRequest, world.request)
        row.granted, row.decided_on = 100_00, date(2017, 1, 20)
    extra = line(part=Part.JOINT, purpose=LinePurpose.EXTRA_TIME, amount=60_00)
    with pytest.raises(BreaksRules, match="rests on no request"):
        do(world, lambda book: book.record("mill-cluster", extra))
    asked = do(world, lambda book: book.record("mill-cluster", replace(extra, state=LineState.REQUESTED)))
    with pytest.raises(BreaksRules, match="rests on no request"):
        do(world, lambda book: book.move(asked, LineState.APPROVED, 1))
    do(world, lambda book: book.move(asked, LineState.APPROVED, 1, "The advisor said so on the telephone"))
    assert world.line(asked).note == "The advisor said so on the telephone"
    carried = replace(extra, request_id=world.request)
    do(world, lambda book: book.record("mill-cluster", carried))
    with pytest.raises(BreaksRules, match="£100 was approved and this line is £60, with the other lines £120"):
        do(world, lambda book: book.record("mill-cluster", carried))


def test_an_allowance_holds_what_came_forward_and_what_a_year_brings(world: World) -> None:
    with world.store.writing() as session:
        mill = session.get_one(put.Cluster, world.mill)
        session.add(ProgrammeRule(programme_id=mill.programme_id, name="finance_allowance", value="120.00"))
        put.allocation(session, mill, 120_00, year=2015, part=Part.FINANCE_ALLOWANCE)
        put.line(session, mill, 100_00, year=2015, part=Part.FINANCE_ALLOWANCE)
        put.carried(session, mill, 5_00, year=2016, part=Part.FINANCE_ALLOWANCE)
        put.line(session, mill, 999_00, LineState.REQUESTED, part=Part.FINANCE_ALLOWANCE)
    do(world, lambda book: book.record("mill-cluster", line(part=Part.FINANCE_ALLOWANCE, amount=145_00)))
    with pytest.raises(BreaksRules, match=r"there is £145 \(£120 a year, £25 brought forward\)"):
        do(world, lambda book: book.record("mill-cluster", line(part=Part.FINANCE_ALLOWANCE, amount=1, vat=0)))


def test_a_second_way_to_the_quality_mark_is_not_paid(world: World) -> None:
    with world.store.writing() as session:
        mill = session.get_one(put.Cluster, world.mill)
        for name, value in (("psqm_first_time_only", "yes"), ("psqm_places", "1")):
            session.add(ProgrammeRule(programme_id=mill.programme_id, name=name, value=value))
        session.get_one(put.School, world.lock_school).quality_mark_on = date(2014, 7, 1)
    way = line(purpose=LinePurpose.QUALITY_MARK, school="ford-school")
    do(world, lambda book: book.record("mill-cluster", way))
    do(world, lambda book: book.record("mill-cluster", way))
    with pytest.raises(BreaksRules) as refusal:
        do(world, lambda book: book.record("mill-cluster", replace(way, school="lock-school")))
    assert [breach.rule for breach in refusal.value.breaches] == ["psqm_renewal", "psqm_places"]


# The invoice of a session

SESSION = line(amount=520_00, vat=104_00, purpose=LinePurpose.CPD_SESSION, use_code=UseCode.B6)


def test_the_invoice_of_a_session_is_shared_to_the_penny(world: World) -> None:
    with pytest.raises(BreaksRules, match="cluster funds pay at most £400"):
        do(world, lambda book: book.record("mill-cluster", SESSION))
    late = replace(SESSION, spent_on=date(2017, 2, 20))
    schools = ["lock-school", "late-school", "ford-school", "weir-school"]
    number = do(world, lambda book: book.record_session("mill-cluster", late, schools))
    row = world.line(number)
    assert (row.amount, row.vat, row.purpose) == (400_00, 80_00, LinePurpose.CPD_SESSION)
    shares = world.rows(Contribution)
    assert [(each.amount, each.vat, each.year) for each in shares] == [(40_00, 8_00, 2016)] * 3
    assert shares[0].school_id == world.ford_school, "by name; nobody of another cluster"
    assert {(each.kind, each.state, each.line_id, each.cluster_id) for each in shares} == {
        (ContributionKind.CPD_EXCESS, ContributionState.AGREED, number, world.mill)
    }
    assert row.amount + sum(each.amount for each in shares) == 520_00
    assert row.vat + sum(each.vat for each in shares) == 104_00
    assert world.events()[-1].after["contributions"] == [each.id for each in shares]


def test_pennies_that_cannot_be_divided_go_to_the_first_schools(world: World) -> None:
    odd = replace(SESSION, amount=520_01, vat=104_00)
    do(world, lambda book: book.record_session("mill-cluster", odd, ["lock-school", "ford-school"]))
    shares = [(each.school_id, each.amount, each.vat) for each in world.rows(Contribution)]
    assert shares == [(world.ford_school, 60_01, 12_00), (world.lock_school, 60_00, 12_00)]


def test_a_share_needs_somebody_to_share_with_and_something_to_share(world: World) -> None:
    with pytest.raises(LedgerRefused, match="at least one school") as refusal:
        do(world, lambda book: book.record_session("mill-cluster", SESSION, ["late-school", "weir-school"]))
    assert refusal.value.field == "sharers"
    for within in (replace(SESSION, amount=400_00, vat=80_00), replace(SESSION, purpose=LinePurpose.RESOURCES)):
        with pytest.raises(LedgerRefused, match="within what the pot may pay"):
            do(world, lambda book, within=within: book.record_session("mill-cluster", within, ["ford-school"]))
    with pytest.raises(BreaksRules, match="B6 is a use of Part B"):
        do(world, lambda book: book.record_session("mill-cluster", replace(SESSION, part=Part.A), ["ford-school"]))
    assert world.rows(Contribution) == []
