"""Fifty lines that break a rule of money and fifty that keep them all, each with what stands around it.

A case says the same thing twice: as `Around`, worked out by hand, and as the rows beside the line in a store.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from dashboard.academic_year import AcademicYear
from dashboard.funding.checks import Around, LineFacts, RequestFacts
from dashboard.vocabulary import LinePurpose, LineState, Part, Pot, RequestKind, RequestState, UseCode
from tests.builders import AS_OF

DAY = date(2017, 2, 10)
"""The day of a line unless a case says other: 19 days ago, so that a promise is not stale."""
RULES: Mapping[str, str] = {
    "psqm_first_time_only": "yes",
    "psqm_places": "2",
    "travel_needs_approval": "yes",
    "extra_coordination_needs_approval": "yes",
    "cluster_lead_allowance": "300.00",
    "finance_allowance": "120.00",
}


@dataclass(frozen=True)
class Row:
    """A line as it stands in a store; `school` 0 is the case's own, 1, 2 … are others."""

    amount: int
    pot: Pot = Pot.LEAD_HELD
    part: Part = Part.B
    on: date | None = DAY
    year: int = 2016
    vat: int = 0
    use: UseCode | None = None
    purpose: LinePurpose | None = None
    state: LineState = LineState.PAID
    school: int | None = None
    rests: bool = False
    """On the request of the case."""
    back: bool = False
    """It takes the row before it back."""
    first: bool = False
    """Among those beside: it was stored before the line of the case."""


@dataclass(frozen=True)
class Case:
    name: str
    breaks: str | None
    row: Row
    around: Around = field(default_factory=lambda: Around(AS_OF))
    beside: tuple[Row, ...] = ()
    rules: Mapping[str, str | None] = field(default_factory=dict)
    """What the programme says other than `RULES`; None: nothing."""
    request: Mapping[str, Any] | None = None
    forward: int = 0
    """Pence that came forward into the part of the line."""
    taken_back: bool = False

    @property
    def rule_values(self) -> dict[str, str]:
        return {name: value for name, value in {**RULES, **self.rules}.items() if value is not None}

    @property
    def facts(self) -> LineFacts:
        row = self.row
        return LineFacts(
            row.pot, row.part, row.amount, AcademicYear(row.year), row.on, row.vat, row.use, row.purpose, row.state,
            row.school is not None, self.taken_back,
        )  # fmt: skip


def around(**known: Any) -> Around:
    return Around(AS_OF, **known)


def session(amount: int, **more: Any) -> Row:
    return Row(amount, **{"vat": amount // 5, "purpose": LinePurpose.CPD_SESSION, **more})


def half_day(amount: int = 9_500, **more: Any) -> Row:
    return Row(amount, **{"pot": Pot.SCHOOL_HELD, "part": Part.RELEASE, "school": 0, **more})


def half_days(number: int, **more: Any) -> tuple[Row, ...]:
    return tuple(half_day(first=True, **{"on": date(2016, 10, day), **more}) for day in range(1, number + 1))


def mark(school: int = 0, **more: Any) -> Row:
    return Row(45_000, **{"purpose": LinePurpose.QUALITY_MARK, "school": school, **more})


def time(amount: int = 6_000, **more: Any) -> Row:
    return Row(amount, **{"part": Part.JOINT, "purpose": LinePurpose.EXTRA_TIME, "rests": True, **more})


def travel(amount: int = 4_000, **more: Any) -> Row:
    return Row(amount, **{"part": Part.JOINT, "purpose": LinePurpose.TRAVEL, "rests": True, **more})


def lead(amount: int, **more: Any) -> Row:
    return Row(amount, **{"part": Part.LEAD_ALLOWANCE, **more})


def finance(amount: int, **more: Any) -> Row:
    return Row(amount, **{"part": Part.FINANCE_ALLOWANCE, **more})


def asked(
    kind: RequestKind,
    state: RequestState = RequestState.APPROVED,
    decided: date | None = DAY,
    granted: int | None = None,
) -> dict[str, Any]:
    return {"kind": kind, "state": state, "decided_on": decided, "granted": granted}


def rests(request: Mapping[str, Any], other_lines: int = 0) -> Around:
    return around(request=RequestFacts(**request, other_lines=other_lines))


EARLY = date(2016, 10, 1)
TIME, TRAVEL = RequestKind.EXTRA_TIME, RequestKind.TRAVEL
APPROVED = asked(TIME, granted=10_000)
BY_CODE = {"cpd_by_use_code": "yes"}
FIVE = {"beside": half_days(5), "around": around(half_days=5)}
TWO_MARKS = {"beside": (mark(1, on=EARLY, first=True), mark(2, on=EARLY, first=True)), "around": around(other_marks=2)}


def _held(since: date, **more: Any) -> dict[str, Any]:
    return {"around": around(mark_since=since, **more)}


def _asked(request: Mapping[str, Any], other_lines: int = 0, **more: Any) -> dict[str, Any]:
    return {"request": request, "around": rests(request, other_lines), **more}


BREACHES = (
    # 4.9: one session costs cluster funds at most £400 before VAT.
    Case("£520", "cpd_over_limit", session(52_000)),
    Case("a penny more than £400", "cpd_over_limit", session(40_001)),
    Case("promised", "cpd_over_limit", session(45_000, state=LineState.COMMITTED)),
    Case("invoiced, of a joint pot", "cpd_over_limit", session(40_100, part=Part.JOINT, state=LineState.INVOICED)),
    Case("on a day nobody knows", "cpd_over_limit", session(50_000, on=None)),
    Case("£350 where £300 is the most", "cpd_over_limit", session(35_000), rules={"cpd_session_max": "300.00"}),
    Case("said to be a session, whatever its use", "cpd_over_limit", session(45_000, part=Part.A, use=UseCode.A5)),
    Case("known by B6", "cpd_over_limit", Row(45_000, use=UseCode.B6), rules=BY_CODE),
    Case("known by A5", "cpd_over_limit", Row(45_000, part=Part.A, use=UseCode.A5), rules=BY_CODE),
    # 4.5: half a day costs at most £100, and a school has five of them.
    Case("a penny more than £100", "half_day_over_limit", half_day(10_001)),
    Case("£150, promised", "half_day_over_limit", half_day(15_000, state=LineState.APPROVED)),
    Case("£95 where £90 is the most", "half_day_over_limit", half_day(), rules={"half_day_max": "90.00"}),
    Case("dear, on a day nobody knows", "half_day_over_limit", half_day(12_000, on=None)),
    Case("the sixth", "half_days_over", half_day(), **FIVE),
    Case("the sixth, promised", "half_days_over", half_day(state=LineState.COMMITTED), **FIVE),
    Case("the sixth after promised ones", "half_days_over", half_day(),
         beside=(*half_days(4), half_day(state=LineState.APPROVED, on=date(2017, 2, 5))), around=around(half_days=5)),
    Case("the third of two", "half_days_over", half_day(), beside=half_days(2), around=around(half_days=2),
         rules={"release_half_days": "2"}),
    Case("the sixth that counts, another was taken back", "half_days_over", half_day(),
         beside=(*half_days(5), half_day(on=EARLY), half_day(-9_500, back=True)), around=around(half_days=5)),
    Case("the sixth by its day, the first by its number", "half_days_over", half_day(),
         beside=tuple(replace(row, first=False) for row in half_days(5)), around=around(half_days=5)),
    Case("the sixth, on a day nobody knows", "half_days_over", half_day(on=None), **FIVE),
    # 4.8: the quality mark for the first time, and as many schools as there are places.
    Case("held since the year before", "psqm_renewal", mark(), **_held(date(2015, 6, 1))),
    Case("held since the day before", "psqm_renewal", mark(), **_held(date(2017, 2, 9))),
    Case("held before the year, on a day nobody knows", "psqm_renewal", mark(on=None), **_held(date(2016, 8, 31))),
    Case("a renewal promised", "psqm_renewal", mark(state=LineState.COMMITTED), **_held(date(2015, 6, 1))),
    Case("a renewal by the school’s own pot", "psqm_renewal", mark(pot=Pot.SCHOOL_HELD, part=Part.GRANT),
         **_held(date(2015, 6, 1))),
    Case("the third school of two", "psqm_places", mark(), **TWO_MARKS),
    Case("the second school of one", "psqm_places", mark(), beside=(mark(1, on=EARLY),),
         around=around(other_marks=1), rules={"psqm_places": "1"}),
    Case("the first school of none", "psqm_places", mark(), rules={"psqm_places": "0"}),
    Case("the third school, two in the year before", "psqm_places", mark(),
         beside=(mark(1, on=date(2016, 3, 1), year=2015), mark(2, on=date(2016, 3, 2), year=2015)),
         around=around(other_marks=2)),
    # 4.17: organising time once it is approved.
    Case("time without a request", "unapproved_time", time(rests=False)),
    Case("time that waits", "unapproved_time", time(), **_asked(asked(TIME, RequestState.WAITING, None))),
    Case("time that was declined", "unapproved_time", time(), **_asked(asked(TIME, RequestState.DECLINED))),
    Case("time whose request was withdrawn", "unapproved_time", time(),
         **_asked(asked(TIME, RequestState.WITHDRAWN, None))),
    Case("time approved the day after", "unapproved_time", time(),
         **_asked(asked(TIME, decided=date(2017, 2, 11), granted=10_000))),
    Case("time on a request for travel", "unapproved_time", time(), **_asked(asked(TRAVEL, granted=10_000))),
    Case("a penny more than was approved", "unapproved_time", time(10_001), **_asked(APPROVED)),
    Case("more than was approved, with another line", "unapproved_time", time(4_001),
         **_asked(APPROVED, 6_000, beside=(time(on=date(2017, 2, 10), first=True),))),
    # 4.26: travel once it is approved.
    Case("travel without a request", "unapproved_travel", travel(rests=False)),
    Case("travel that was declined", "unapproved_travel", travel(), **_asked(asked(TRAVEL, RequestState.DECLINED))),
    Case("travel of a school beyond what was approved", "unapproved_travel",
         travel(pot=Pot.SCHOOL_HELD, part=Part.GRANT, school=0), **_asked(asked(TRAVEL, granted=3_999))),
    # 3.2–3.4: each part for its own uses.
    Case("resources from Part A", "use_not_allowed", Row(1_000, part=Part.A, use=UseCode.B1)),
    Case("cover from Part B", "use_not_allowed", Row(1_000, use=UseCode.A1)),
    Case("a mere request for books of the coordinator", "use_not_allowed",
         Row(1_000, part=Part.COORDINATOR, use=UseCode.B2, state=LineState.REQUESTED)),
    # 4.15, 4.16: the two allowances, kept apart.
    Case("a penny more than £300", "over_allowance", lead(30_001)),
    Case("£1 after £300", "over_allowance", lead(100), beside=(lead(30_000, on=EARLY, first=True),),
         around=around(allowance_used=30_000)),
    Case("£121 for the accounts, nothing of the other", "over_allowance", finance(12_100)),
    Case("£260 after a deficit of £50", "over_allowance", lead(26_000), forward=-5_000,
         around=around(allowance_forward=-5_000)),
    # 3.18: prompt invoices.
    Case("promised 31 days ago", "uninvoiced", Row(1_000, state=LineState.COMMITTED, on=date(2017, 1, 29))),
    Case("approved in the year before, the day is lost", "uninvoiced",
         Row(1_000, state=LineState.APPROVED, on=None, year=2015)),
    # 4.12–4.16: who holds what.
    Case("release money held by the lead school", "wrong_holder", half_day(pot=Pot.LEAD_HELD)),
)  # fmt: skip

LAWFUL = (
    Case("a session of £400", None, session(40_000)),
    Case("a session by a school’s own pot", None, session(52_000, pot=Pot.SCHOOL_HELD, part=Part.GRANT, school=0)),
    Case("a session that the Trust pays", None, session(52_000, pot=Pot.TRUST_HELD, part=Part.GRANT)),
    Case("B6 of which nobody says that it is one session", None, Row(52_000, use=UseCode.B6)),
    Case("B6 for things", None, Row(52_000, use=UseCode.B6, purpose=LinePurpose.RESOURCES), rules=BY_CODE),
    Case("B7 is no session", None, Row(52_000, use=UseCode.B7), rules=BY_CODE),
    Case("a mere request for a dear session", None, session(52_000, state=LineState.REQUESTED)),
    Case("a dear session that was withdrawn", None, session(52_000, state=LineState.REVERSED)),
    Case("a dear session that was taken back", None, session(52_000), beside=(session(-52_000, back=True),),
         taken_back=True),
    Case("a credit for a session", None, session(-52_000)),
    Case("£520 where £600 is the most", None, session(52_000), rules={"cpd_session_max": "600.00"}),
    Case("half a day of £100", None, half_day(10_000)),
    Case("half a day of £110 where £120 is the most", None, half_day(11_000), rules={"half_day_max": "120.00"}),
    Case("a credit for half a day", None, half_day(-11_000)),
    Case("a mere request for a dear half day", None, half_day(15_000, state=LineState.REQUESTED)),
    Case("two half days of one day", None, half_day(10_000), beside=(half_day(10_000),), around=around(half_days=0)),
    Case("the fifth half day", None, half_day(), beside=half_days(4), around=around(half_days=4)),
    Case("the sixth, of which one was credited", None, half_day(),
         beside=(*half_days(5), half_day(-9_500, on=date(2017, 2, 20))), around=around(half_days=4)),
    Case("the sixth, of which one was taken back", None, half_day(),
         beside=(*half_days(5), half_day(-9_500, back=True, first=True)), around=around(half_days=4)),
    Case("the sixth, of which one was a mere request", None, half_day(),
         beside=half_days(4) + half_days(1, state=LineState.REQUESTED), around=around(half_days=4)),
    Case("the first of its year", None, half_day(), beside=half_days(5, on=date(2016, 3, 1), year=2015)),
    Case("the first of its school", None, half_day(), beside=half_days(5, school=1)),
    Case("the sixth of six", None, half_day(), **FIVE, rules={"release_half_days": "6"}),
    Case("a first quality mark", None, mark()),
    Case("a quality mark from the very day", None, mark(), **_held(DAY)),
    Case("a quality mark paid in the year it was won, the day is lost", None, mark(on=None),
         **_held(date(2016, 9, 1))),
    Case("a renewal where renewals are paid", None, mark(), **_held(date(2015, 6, 1)),
         rules={"psqm_first_time_only": "no"}),
    Case("the second school of two", None, mark(), beside=(mark(1, on=EARLY),), around=around(other_marks=1)),
    Case("a school that has its place already", None, mark(),
         beside=(mark(on=EARLY, first=True), mark(1, on=date(2016, 10, 2), first=True)),
         around=around(other_marks=0)),
    Case("the third school, the place of another is free again", None, mark(),
         beside=(mark(1, on=EARLY), mark(2, on=EARLY), mark(2, back=True, on=date(2016, 11, 1))),
         around=around(other_marks=1)),
    Case("the third school where nobody counts", None, mark(), **TWO_MARKS, rules={"psqm_places": None}),
    Case("time approved on the day, all of it", None, time(10_000), **_asked(APPROVED)),
    Case("time that is all that was left", None, time(4_000),
         **_asked(APPROVED, 6_000, beside=(time(on=DAY, first=True),))),
    Case("time that a credit made room for", None, time(10_000),
         **_asked(APPROVED, 0, beside=(time(on=EARLY, first=True, rests=True, purpose=None), time(-6_000)))),
    Case("time approved without a sum", None, time(90_000), **_asked(asked(TIME))),
    Case("time approved in its year, the day is lost", None, time(on=None), **_asked(APPROVED)),
    Case("time within the allowance of the lead", None, lead(6_000, purpose=LinePurpose.EXTRA_TIME)),
    Case("time where nobody approves it", None, time(rests=False),
         rules={"extra_coordination_needs_approval": "no"}),
    Case("travel as approved", None, travel(), **_asked(asked(TRAVEL, granted=4_000))),
    Case("travel where nobody approves it", None, travel(rests=False), rules={"travel_needs_approval": "no"}),
    Case("cover from Part A", None, Row(1_000, part=Part.A, use=UseCode.A1)),
    Case("a use code that only describes", None, Row(1_000, part=Part.JOINT, use=UseCode.B1)),
    Case("resources from Part A where uses are free", None, Row(1_000, part=Part.A, use=UseCode.B1),
         rules={"uses_follow_parts": "no"}),
    Case("£300 for the lead, £120 for the accounts", None, lead(30_000), beside=(finance(12_000),)),
    Case("£350 with £50 that came forward", None, lead(35_000), forward=5_000, around=around(allowance_forward=5_000)),
    Case("£350 less a credit of £50", None, lead(35_000), beside=(lead(-5_000, on=date(2017, 2, 25)),),
         around=around(allowance_used=-5_000)),
    Case("£500 where no allowance is set", None, lead(50_000), rules={"cluster_lead_allowance": None}),
    Case("promised 30 days ago", None, Row(1_000, state=LineState.COMMITTED, on=date(2017, 1, 30))),
    Case("paid long ago", None, Row(1_000, on=date(2016, 9, 1))),
    Case("release money wherever a programme lets it be", None, half_day(pot=Pot.LEAD_HELD),
         rules={"holders_follow_parts": "no"}),
)  # fmt: skip
