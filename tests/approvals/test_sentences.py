"""What pages say of requests."""

from datetime import date

import pytest

from dashboard.approvals import sentences as say
from dashboard.vocabulary import RequestState

TODAY = date(2017, 3, 1)


@pytest.mark.parametrize(
    ("waiting", "oldest", "words"),
    [
        (0, None, "No requests are waiting"),
        (1, date(2017, 2, 28), "One request is waiting, for one day"),
        (1, TODAY, "One request is waiting, since today"),
        (3, date(2017, 1, 30), "Three requests are waiting, the oldest for 30 days"),
        (14, TODAY, "14 requests are waiting, the oldest since today"),
    ],
)
def test_the_headline_of_the_inbox(waiting: int, oldest: date | None, words: str) -> None:
    assert say.say_waiting(waiting, oldest, TODAY) == words


def test_the_headline_of_a_search() -> None:
    assert say.say_found("decided", 0, filtered=False) == "No decided requests"
    assert say.say_found("decided", 2, filtered=True) == "Two decided requests for this search"


@pytest.mark.parametrize(
    ("state", "decided", "words"),
    [
        (RequestState.WAITING, None, "Waiting for 12 days".replace("12", "twelve")),
        (RequestState.APPROVED, date(2017, 2, 17), "Approved on 17 February 2017, the day it was asked"),
        (RequestState.DECLINED, date(2017, 2, 18), "Declined on 18 February 2017, one day after it was asked"),
        (RequestState.WITHDRAWN, None, "Withdrawn"),
    ],
)
def test_how_a_request_stands(state: RequestState, decided: date | None, words: str) -> None:
    assert say.say_state(state, date(2017, 2, 17), decided, TODAY) == words
    assert say.say_state(RequestState.WAITING, TODAY, None, TODAY) == "Waiting since today"


def test_what_was_granted_and_what_is_left() -> None:
    assert say.say_granted(4_500, None) is None
    assert say.say_granted(4_500, 4_500) == "£45 approved, as asked"
    assert say.say_granted(4_500, 3_050) == "£30.50 approved of £45 asked for"
    assert say.say_granted(None, 3_000) == "£30 approved; no amount was asked for"
    assert say.say_left(3_000, 0, 0) == "£0 spent of £30 approved; £30 left"
    assert say.say_left(3_000, 1_000, 500) == "£10 spent, £5 promised of £30 approved; £15 left"
    assert say.say_left(3_000, 3_001, 0) == "£30.01 spent: £0.01 more than the £30 approved"
    assert say.say_left(None, 100, 0) == "£1 spent; no amount was set"
