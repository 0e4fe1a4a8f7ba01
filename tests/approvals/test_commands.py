"""What is written of requests: by whom, with which days and amounts, and what an event tells of it."""

import json
from dataclasses import replace
from datetime import date

import pytest

from dashboard.access import writing
from dashboard.approvals.checks import Asked, NoSuchRequest, RequestRefused, Verdict
from dashboard.models import ApprovalRequest
from dashboard.vocabulary import RequestKind, RequestState
from tests.approvals.world import SECRET, TODAY, TRAVEL, Object, World, book

YES, NO = RequestState.APPROVED, RequestState.DECLINED
APPROVED = Verdict(YES, "One coach for two schools", TODAY, 3_000)
SABBATICAL = Asked(
    RequestKind.SABBATICAL, "A year of building work", None, "lock-school", None, date(2017, 4, 1), date(2017, 9, 1)
)
JOINING = Asked(RequestKind.JOINING, "It lies next door", None, None, "Bridge School", date(2017, 9, 1))


def test_a_request_is_asked_and_approved_for_less(world: World) -> None:
    number = world.asked(replace(TRAVEL, summary=f"  {SECRET} \r\n yesterday "))
    row = world.request(number)
    assert (row.cluster_id, row.school_id, row.kind, row.amount) == (world.mill, world.ford, TRAVEL.kind, 4_500)
    assert (row.summary, row.asked_on, row.state) == (f"{SECRET}\n yesterday", TODAY, RequestState.WAITING)
    assert (row.asked_by_id, row.asked_as) == (world.coordinator.account_id, "coordinator")
    world.decided(number, replace(APPROVED, reason=" One coach "), today=date(2017, 3, 9))
    row = world.request(number)
    assert (row.state, row.granted, row.decided_on, row.reason) == (YES, 3_000, TODAY, "One coach")
    assert (row.decided_by_id, row.decided_as) == (world.advisor.account_id, "advisor")


def test_a_request_may_be_declined_or_withdrawn(world: World) -> None:
    declined, withdrawn = world.asked(), world.asked(JOINING)
    world.decided(declined, Verdict(NO, "There is a bus", TODAY))
    with writing(world.walled, world.scope(world.coordinator)) as session:
        book(session, world.coordinator, Object.REQUESTS, date(2017, 3, 5)).withdraw(withdrawn)
    row = world.request(declined)
    assert (row.state, row.granted, row.reason) == (NO, None, "There is a bus")
    row = world.request(withdrawn)
    assert (row.state, row.candidate, row.starts) == (RequestState.WITHDRAWN, "Bridge School", date(2017, 9, 1))
    assert (row.decided_on, row.decided_as, row.school_id) == (date(2017, 3, 5), "coordinator", None)


def test_without_an_amount_some_may_be_granted_or_none(world: World) -> None:
    open_ended = replace(TRAVEL, amount=None)
    first, second, away = world.asked(open_ended), world.asked(open_ended), world.asked(SABBATICAL)
    world.decided(first, replace(APPROVED, granted=2_000))
    world.decided(second, replace(APPROVED, granted=None))
    world.decided(away, replace(APPROVED, granted=None))
    assert [world.request(each).granted for each in (first, second, away)] == [2_000, None, None]
    row = world.request(away)
    assert (row.school_id, row.starts, row.ends) == (world.lock, date(2017, 4, 1), date(2017, 9, 1))


@pytest.mark.parametrize("end", ["approve", "decline", "withdraw"])
def test_what_is_decided_or_withdrawn_stays_as_it_is(world: World, end: str) -> None:
    number = world.asked()
    ask_back = book_of = world.scope(world.coordinator)
    if end == "withdraw":
        with writing(world.walled, ask_back) as session:
            book(session, world.coordinator, Object.REQUESTS).withdraw(number)
    else:
        world.decided(number, APPROVED if end == "approve" else Verdict(NO, "No", TODAY))
    before = {**vars(world.request(number))}
    with pytest.raises(RequestRefused, match=r"on 1 March 2017 and stays as it is; ask anew instead"):
        world.decided(number, Verdict(NO, "On second thoughts", TODAY))
    with (
        pytest.raises(RequestRefused, match="stays as it is"),
        writing(world.walled, book_of) as session,
    ):
        book(session, world.coordinator, Object.REQUESTS).withdraw(number)
    after = {**vars(world.request(number))}
    before.pop("_sa_instance_state"), after.pop("_sa_instance_state")
    assert before == after


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        (replace(TRAVEL, summary=" \n "), "summary", "Say what you ask for, and why."),
        (replace(TRAVEL, summary="x" * 1001), "summary", "This has 1,001 letters; at most 1,000 fit."),
        (replace(TRAVEL, amount=0), "amount", "£0 cannot be asked for; give an amount such as 45.00."),
        (replace(TRAVEL, amount=-5), "amount", "−£0.05 cannot be asked for"),
        (replace(TRAVEL, school="weir-school"), "school", "no member today; choose one from the list"),
        (replace(TRAVEL, candidate="Bridge School", school=None), "candidate", "only when it would like to join"),
        (replace(TRAVEL, starts=TODAY), "starts", "Days belong to a sabbatical"),
        (replace(TRAVEL, ends=TODAY), "ends", "Days belong to a sabbatical"),
        (replace(JOINING, candidate=None), "candidate", "Say which school would like to join."),
        (replace(JOINING, candidate=" ford school "), "candidate", "ford school is a member already"),
        (replace(JOINING, school="ford-school"), "school", "no member yet; leave this empty"),
        (replace(JOINING, amount=100), "amount", "Nothing is paid by this kind of request"),
        (replace(JOINING, ends=TODAY), "ends", "Days belong to a sabbatical"),
        (replace(SABBATICAL, school=None), "school", "Say which school would be away."),
        (replace(SABBATICAL, starts=None), "starts", "Give the first day"),
        (replace(SABBATICAL, ends=None), "ends", "Give the last day: a sabbatical is for a set time, then reviewed."),
        (replace(SABBATICAL, ends=date(2017, 3, 31)), "ends", "31 March 2017 is before the first day (1 April 2017)"),
        (replace(SABBATICAL, amount=100), "amount", "Nothing is paid"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_said_and_nothing_is_stored(world: World, said: Asked, field: str, words: str) -> None:
    with pytest.raises(RequestRefused) as refused:
        world.asked(said)
    assert refused.value.field == field
    assert words in str(refused.value)
    assert [row.id for row in world.rows(ApprovalRequest)] == [world.decoy]
    assert world.events() == []


@pytest.mark.parametrize(
    ("said", "field", "words"),
    [
        (replace(APPROVED, reason=" "), "reason", "Give the reason"),
        (replace(APPROVED, reason="x" * 1001), "reason", "1,001 letters"),
        (replace(APPROVED, granted=4_501), "granted", "£45.01 is more than the £45 that was asked for"),
        (replace(APPROVED, granted=0), "granted", "£0 cannot be asked for"),
        (replace(APPROVED, granted=None), "granted", "Say how much is approved; £45 was asked for."),
        (replace(APPROVED, state=NO), "granted", "What is declined grants nothing"),
        (replace(APPROVED, state=RequestState.WAITING), "state", "Choose whether it is approved or declined."),
        (replace(APPROVED, state=RequestState.WITHDRAWN), "state", "Choose whether"),
        (replace(APPROVED, decided_on=date(2017, 3, 2)), "decided_on", "2 March 2017 is still to come"),
        (replace(APPROVED, decided_on=date(2017, 2, 28)), "decided_on", "28 February 2017 is before the request"),
    ],
)
def test_what_cannot_be_decided_is_said_and_nothing_is_stored(
    world: World, said: Verdict, field: str, words: str
) -> None:
    number = world.asked()
    with pytest.raises(RequestRefused) as refused:
        world.decided(number, said)
    assert refused.value.field == field
    assert words in str(refused.value)
    assert (world.request(number).state, world.request(number).reason) == (RequestState.WAITING, None)
    assert [event.action for event in world.events()] == ["ask"]


def test_money_is_granted_only_for_what_is_about_money(world: World) -> None:
    number = world.asked(SABBATICAL)
    with pytest.raises(RequestRefused, match="Nothing is paid"):
        world.decided(number, APPROVED)
    world.decided(number, replace(APPROVED, granted=None))


def test_nobody_writes_about_anothers_cluster(world: World) -> None:
    with pytest.raises(NoSuchRequest), writing(world.walled, world.scope(world.coordinator)) as session:
        book(session, world.coordinator, Object.REQUESTS).ask("weir-cluster", TRAVEL)
    with pytest.raises(NoSuchRequest):
        world.decided(world.decoy, APPROVED)
    number = world.asked()
    with pytest.raises(NoSuchRequest), writing(world.walled, world.scope(world.coordinator)) as session:
        book(session, world.coordinator, Object.APPROVALS).decide(number, APPROVED)  # a coordinator decides nothing
    with pytest.raises(NoSuchRequest), writing(world.walled, world.scope(world.bursar)) as session:
        book(session, world.bursar, Object.REQUESTS).withdraw(number)


def test_events_tell_kinds_days_and_amounts_but_nothing_that_was_written(world: World) -> None:
    number = world.asked(replace(TRAVEL, school=None, candidate=None))
    joining = world.asked(replace(JOINING, candidate=f"{SECRET} School"))
    world.decided(number, replace(APPROVED, reason=SECRET))
    world.decided(joining, Verdict(NO, SECRET, TODAY))
    events = world.events()
    assert [(event.action, event.object_kind, event.object_key, event.cluster_id) for event in events] == [
        ("ask", "request", str(number), world.mill), ("ask", "request", str(joining), world.mill),
        ("approve", "request", str(number), world.mill), ("decline", "request", str(joining), world.mill),
    ]  # fmt: skip
    assert SECRET not in json.dumps([(event.before, event.after, event.reason) for event in events])
    assert events[2].before is not None
    assert events[2].after is not None
    assert (events[2].before["state"], events[2].after["state"], events[2].after["granted"]) == (
        "waiting", "approved", 3_000,
    )  # fmt: skip


def test_a_request_that_a_file_brought_is_somebodys_own_once_it_is_decided(world: World) -> None:
    number = world.asked()
    with world.store.writing() as session:
        session.get_one(ApprovalRequest, number).illustrative = True
    world.decided(number, APPROVED)
    assert not world.request(number).illustrative
