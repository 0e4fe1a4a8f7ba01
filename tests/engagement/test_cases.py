"""Marks × lifecycle × rules, worked out by hand: what counts for a school, and which flags it and its cluster get.

Six cluster meetings in 2016-17. A mark is a letter for each: P present, S substitute, A apologies, N absent, - not
expected, ? not recorded, a blank nothing at all. Times are told by meetings: "2" is the day of the second, "2<" the day
before it, "2>" the day after.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import pytest
from sqlalchemy.orm import Session

from dashboard.db import Store
from dashboard.marks import roll_up
from dashboard.models import Appointment, Cluster, Meeting, Person, PersonMark, ProgrammeRule, School
from dashboard.reports.cluster import report_cluster
from dashboard.rules import check_rule
from dashboard.vocabulary import EventKind, Mark, MeetingKind, PersonRole
from tests import builders as put
from tests.builders import look_at, taken_back

DAYS: Final = (
    date(2016, 10, 5), date(2016, 11, 23), date(2017, 1, 18), date(2017, 3, 1), date(2017, 5, 10), date(2017, 7, 5),
)  # fmt: skip
END: Final = date(2017, 7, 31)
LETTERS: Final = {
    "P": Mark.PRESENT, "S": Mark.SUBSTITUTE, "A": Mark.APOLOGIES, "N": Mark.ABSENT, "-": Mark.NOT_EXPECTED,
    "?": Mark.NOT_RECORDED,
}  # fmt: skip
STEERING: Final = (
    date(2016, 9, 14), date(2016, 11, 9), date(2017, 1, 11), date(2017, 3, 8), date(2017, 5, 17), date(2017, 6, 21),
)  # fmt: skip
"""One in each half term of the usual course."""


@dataclass(frozen=True)
class Case:
    """What is on record, and what must be told. `told` is "attended/expected +not recorded", None where the school was
    no member in the year; `flags` the rules of the school's and the cluster's flags.
    """

    told: str | None
    flags: str = ""
    marks: str = ""
    people: tuple[str, ...] = ()
    """Marks by person instead, one line for each."""
    spells: tuple[tuple[str, str], ...] = (("", ""),)
    events: tuple[str, ...] = ()
    """kind first..last, then review= and reviewed= (dates), who= (colleague, neighbour, decoy)."""
    rules: dict[str, str] = field(default_factory=dict)
    after_school: str = ""
    in_school: str = ""
    """The numbers of the meetings of which it is known."""
    steering: tuple[date, ...] = ()
    leads: tuple[tuple[str, str], ...] = ()
    """From when until when each lead of the school."""
    as_of: date = END


LOW, RECENT, BLANK = "low_attendance", "no_recent_attendance", "not_recorded"
REVIEW = "sabbatical_review"
ALL_YEAR = "2016-09-01..2017-08-31"

CASES: Final = {
    # Marks alone.
    "came each time": Case("6/6", "", "PPPPPP"),
    "a substitute each time": Case("6/6", "", "SSSSSS"),
    "apologies each time": Case("0/6", f"{LOW} {RECENT}", "AAAAAA"),
    "absent each time": Case("0/6", f"{LOW} {RECENT}", "NNNNNN"),
    "the last two missed": Case("4/6", RECENT, "PPPPAN"),
    "the last but one missed": Case("5/6", "", "PPPPNP"),
    "the first two missed": Case("4/6", "", "NNPPPP"),
    "two of six, the first": Case("2/6", f"{LOW} {RECENT}", "PSNNNN"),
    "two of six, the last": Case("2/6", LOW, "NNNNPP"),
    "three of six": Case("3/6", "", "PSNNNS"),
    "four blanks": Case("2/2 +4", BLANK, "PP    "),
    "all blank": Case("0/0 +6", BLANK, "      "),
    "all marked as not recorded": Case("0/0 +6", BLANK, "??????"),
    "never expected": Case("0/0", "", "------"),
    "expected every other time": Case("3/3", "", "P-P-P-"),
    "missed both times it was expected": Case("0/2", RECENT, "N-N---"),
    "missed the one time it was expected": Case("0/1", "", "N-----"),
    "absent and blank": Case("0/3 +3", f"{LOW} {RECENT} {BLANK}", "NN?N  "),
    "something of each": Case("1/3 +2", f"{LOW} {RECENT} {BLANK}", "P?N A-"),
    "a blank at the end of three": Case("3/3 +1", BLANK, "PPP?"),
    "one of two": Case("1/2", "", "NP"),
    "none of three": Case("0/3", f"{LOW} {RECENT}", "NNN"),
    "one of three": Case("1/3", f"{LOW} {RECENT}", "PNN"),
    "two of three": Case("2/3", LOW, "PPN"),
    "three of four": Case("3/4", "", "PPPN"),
    "no meeting": Case("0/0", "", ""),
    "only what was held by the day": Case("2/2", "", "PPNNNN", as_of=DAYS[1]),
    # Memberships.
    "joined on the day of a meeting": Case("5/5", "", "NPPPPP", spells=(("2", ""),)),
    "joined the day after": Case("4/4", "", "NNPPPP", spells=(("2>", ""),)),
    "left on the day of a meeting": Case("4/4", "", "PPPPNN", spells=(("", "4"),)),
    "left the day before": Case("3/3", "", "PPPNNN", spells=(("", "4<"),)),
    "joined and left": Case("4/4", "", "NPPPPN", spells=(("2", "5"),)),
    "came back": Case("4/4", "", "PPNNPP", spells=(("", "2"), ("5", ""))),
    "left before the year": Case(None, "", "NNNNNN", spells=(("", "2016-08-31"),)),
    "joined after the year": Case(None, "", "NNNNNN", spells=(("2017-09-01", ""),)),
    "a member from the last meeting on": Case("1/1", "", "NNNNNP", spells=(("6", ""),)),
    "blank before it joined": Case("3/3", "", "   PPP", spells=(("4", ""),)),
    "joined and never came": Case("0/3", f"{LOW} {RECENT}", "NNNNNN", spells=(("4", ""),)),
    "joined late and never came": Case("0/2", RECENT, "NNNNNN", spells=(("5", ""),)),
    "absent, then left": Case("0/2", RECENT, "NNNNNN", spells=(("", "2"),)),
    "a member on one day": Case("1/1", "", "NNPNNN", spells=(("3", "3"),)),
    # Sabbaticals (3.6).
    "sabbatical over two meetings": Case("4/4", "", "PPNNPP", events=("sabbatical 3..4",)),
    "sabbatical between two meetings": Case("4/6", "", "PPNNPP", events=("sabbatical 3>..4<",)),
    "sabbatical without end or review": Case("2/2", REVIEW, "PPNNNN", events=("sabbatical 3..",)),
    "review overdue": Case("2/2", REVIEW, "PPNNNN", events=("sabbatical 3.. review=2017-06-01",)),
    "review due today": Case("2/2", "", "PPNNNN", events=("sabbatical 3.. review=2017-07-31",)),
    "reviewed": Case("2/2", "", "PPNNNN", events=("sabbatical 3.. review=2017-06-01 reviewed=2017-06-02",)),
    "review to come": Case("2/2", "", "PPNNNN", events=("sabbatical 3.. review=2017-09-29",)),
    "over before anybody looked": Case("4/4", "", "PPNNPP", events=("sabbatical 3..4 review=2017-02-01",)),
    "came although on sabbatical": Case("4/4", "", "PPPPPP", events=("sabbatical 3..4",)),
    "sabbatical all year": Case("0/0", REVIEW, "NNNNNN", events=(f"sabbatical {ALL_YEAR} review=2017-03-01",)),
    "blank during a sabbatical": Case("4/4", "", "PP  PP", events=("sabbatical 3..4",)),
    "missed before and after a sabbatical": Case("1/3", f"{LOW} {RECENT}", "PNNNNN", events=("sabbatical 3..5",)),
    "two sabbaticals": Case("4/4", "", "PNPPNP", events=("sabbatical 2..2", "sabbatical 5..5")),
    "sabbatical on one day": Case("5/5", "", "PPPPPN", events=("sabbatical 6..6",)),
    "a colleague's sabbatical": Case("4/6", "", "PPNNPP", events=("sabbatical 3..4 who=colleague",)),
    "a colleague's, never reviewed": Case("6/6", REVIEW, "PPPPPP", events=("sabbatical 3.. who=colleague",)),
    "sabbatical in another cluster": Case("4/6", "", "PPNNPP", events=("sabbatical 3..4 who=decoy",)),
    "sabbatical of another school": Case("4/6", "", "PPNNPP", events=("sabbatical 3..4 who=neighbour",)),
    "sabbatical of a school that joined late": Case(
        "2/2", "", "NNNNPP", spells=(("3", ""),), events=("sabbatical 3..4",)
    ),
    # Other things that happen (3.5, 3.7, 4.22).
    "closed for good": Case("3/3", "", "PPPNNN", events=("closed 4..",)),
    "closed for a day": Case("5/5", "", "PPPNPP", events=("closed 4..4",)),
    "joined a trust": Case("4/6", "", "PPNNPP", events=("federated 3..",)),
    "said to have dropped out, still a member": Case("3/6", RECENT, "PPPNNN", events=("dropped_out 4..",)),
    "dropped out": Case("3/3", "", "PPPNNN", spells=(("", "4<"),), events=("dropped_out 4<..",)),
    "closed and on sabbatical": Case("2/2", "", "PNNNNP", events=("closed 2..4", "sabbatical 3..5")),
    # By person (0.10, 0.12, 0.13, 3.13).
    "a shared role": Case("6/6", "", people=("P-P-P-", "-P-P-P")),
    "somebody else each time": Case(
        "6/6", "consistency", people=("P-----", "-P----", "--P---", "---P--", "----P-", "-----P")
    ),
    "a substitute once": Case("6/6", "", people=("PPNPPP", "--S---")),
    "one comes, one sends apologies": Case("6/6", "", people=("PAPAPA", "APAPAP")),
    "apologies of one, the other absent": Case("0/6", f"{LOW} {RECENT}", people=("AAAAAA", "NNNNNN")),
    "two meetings say nothing of consistency": Case("2/2", "", people=("P-", "-P")),
    "half of the meetings with somebody known": Case("3/3", "", people=("PP-", "--P")),
    "three meetings, three people": Case("3/3", "consistency", people=("P--", "-P-", "--P")),
    "handover with an overlap": Case("6/6", "", people=("PPPP--", "--PPPP")),
    "handover without one": Case("6/6", "", people=("PPP---", "---PPP")),
    "another person only during a sabbatical": Case(
        "3/3", "", people=("PP-P", "--P-"), events=("sabbatical 3..3",)
    ),
    "how much consistency belongs to the programme": Case(
        "3/3", "consistency", people=("PP-", "--P"), rules={"consistency_least": "60"}
    ),
    # Rules of a programme.
    "at most one of at least five": Case(
        "2/6", RECENT, "PPNNNN", rules={"low_attendance_at_most": "1", "low_attendance_of_at_least": "5"}
    ),
    "at most three of at least six": Case(
        "3/6", f"{LOW} {RECENT}", "PPPNNN", rules={"low_attendance_at_most": "3", "low_attendance_of_at_least": "6"}
    ),
    "three missed in a row": Case("4/6", "", "PPPPNN", rules={"no_recent_attendance_missed": "3"}),
    "missed meetings do not matter": Case("3/6", "", "PPPNNN", rules={"no_recent_attendance_missed": "0"}),
    "three meetings of four": Case("3/3", "too_few_meetings", "PPP", rules={"meetings_minimum": "4"}),
    "four meetings of four": Case("4/4", "", "PPPP", rules={"meetings_minimum": "4"}),
    "early in the year one is enough": Case(
        "1/1", "", "P", rules={"meetings_minimum": "4"}, as_of=date(2016, 10, 6)
    ),
    "a third after school": Case(
        "6/6", "after_school", "PPPPPP", rules={"in_school_time_expected": "yes"}, after_school="12", in_school="3456"
    ),
    "a quarter after school": Case(
        "6/6", "", "PPPPPP", rules={"in_school_time_expected": "yes"}, after_school="1", in_school="234"
    ),
    "after school, and nobody minds": Case("6/6", "", "PPPPPP", after_school="123456"),
    "the steering group in each half term": Case(
        "6/6", "", "PPPPPP", rules={"steering_group_cadence": "half_termly"}, steering=STEERING
    ),
    "the steering group missed one": Case(
        "6/6", "missed_half_term", "PPPPPP", rules={"steering_group_cadence": "half_termly"},
        steering=(*STEERING[:3], *STEERING[4:]),
    ),
    "a half term that is not over is not missed": Case(
        "4/4", "", "PPPP", rules={"steering_group_cadence": "half_termly"}, steering=STEERING[:3],
        as_of=date(2017, 3, 1),
    ),
    "a meeting in the holiday counts for the half term before": Case(
        "6/6", "", "PPPPPP", rules={"steering_group_cadence": "half_termly"},
        steering=(date(2016, 10, 27), *STEERING[1:]),
    ),
    "no word on steering groups": Case("6/6", "", "PPPPPP"),
    "one school is no group": Case("6/6", "cluster_size", "PPPPPP", rules={"cluster_size_min": "3"}),
    "a new lead": Case(
        "6/6", "induction_due turnover", "PPPPPP", leads=(("2015-09-01", "2017-01-31"), ("2017-01-10", ""))
    ),
    "a new lead, brought up to speed": Case(
        "6/6", "turnover", "PPPPPP", leads=(("2015-09-01", "2017-01-31"), ("2017-01-10", "")),
        events=("inducted 2017-02-01.. who=newest",),
    ),
    "a second lead shares the role": Case("6/6", "", "PPPPPP", leads=(("2015-09-01", ""), ("2017-01-10", ""))),
    "a change in the year before": Case(
        "6/6", "", "PPPPPP", leads=(("2014-09-01", "2016-01-31"), ("2016-01-10", ""))
    ),
    "every school may change its lead": Case(
        "6/6", "induction_due", "PPPPPP", rules={"turnover_most": "100"},
        leads=(("2015-09-01", "2017-01-31"), ("2017-01-10", "")),
    ),
}  # fmt: skip


def when(text: str) -> date | None:
    """A day, told by a meeting or written out; nothing for nothing."""
    if not text:
        return None
    if len(text) > 2:
        return date.fromisoformat(text)
    beside = {"<": -1, ">": 1}.get(text[1:], 0)
    return DAYS[int(text[0]) - 1] + timedelta(days=beside)


def build(session: Session, case: Case) -> None:
    """The cluster of the case with its one school; a decoy shares the school and has the worst of everything."""
    under = put.programme(session, **{"cluster_size_min": "1", **case.rules})
    mill, decoy = put.cluster(session, "Mill Cluster", under=under), put.cluster(session, "Decoy Cluster", under=under)
    ford, neighbour = put.school(session, "Ford School"), put.school(session, "Decoy School", within=decoy)
    put.membership(session, decoy, ford)
    for first, last in case.spells:
        put.membership(session, mill, ford, when(first), when(last))
    for number in range(max(len(case.marks), *(len(line) for line in case.people), 0)):
        _hold(session, case, mill, ford, number)
    for day in DAYS:
        worst = put.meeting(session, decoy, day, in_school_time=False)
        for each in (ford, neighbour):
            put.mark(session, worst, each, Mark.ABSENT)
    for day in case.steering:
        put.mark(session, put.meeting(session, mill, day, MeetingKind.STEERING_GROUP), ford, Mark.NOT_EXPECTED)
    leads = [_lead(session, mill, ford, first, last) for first, last in case.leads]
    for told in case.events:
        _happen(session, told, {"mill": mill, "decoy": decoy}, ford, neighbour, leads)


def _hold(session: Session, case: Case, mill: Cluster, ford: School, number: int) -> None:
    said = True if str(number + 1) in case.in_school else False if str(number + 1) in case.after_school else None
    held = put.meeting(session, mill, DAYS[number], in_school_time=said)
    if case.people:
        _mark_people(session, held, ford, [LETTERS[line[number]] for line in case.people])
    elif case.marks[number] != " ":
        put.mark(session, held, ford, LETTERS[case.marks[number]])


def _mark_people(session: Session, held: Meeting, ford: School, marks: list[Mark]) -> None:
    """As the register does it: a row for each person, and the school's rolled up from them."""
    for number, mark in enumerate(marks):
        name = f"Colleague {number}"
        person = session.query(Person).filter_by(name=name).one_or_none() or put.put(session, Person(name=name))
        put.put(session, PersonMark(meeting_id=held.id, school_id=ford.id, person_id=person.id, mark=mark))
    put.mark(session, held, ford, roll_up(marks))


def _lead(session: Session, mill: Cluster, ford: School, first: str, last: str) -> Person:
    person = put.put(session, Person(name="A lead"))
    role = Appointment(person_id=person.id, role=PersonRole.SUBJECT_LEAD, cluster_id=mill.id, school_id=ford.id)
    role.starts, role.ends = when(first), when(last)
    put.put(session, role)
    return person


def _happen(
    session: Session, told: str, clusters: dict[str, Cluster], ford: School, neighbour: School, leads: list[Person]
) -> None:
    kind, times, *more = told.split()
    first, last = (when(each) for each in times.split(".."))
    said = dict(each.split("=") for each in more)
    who = said.get("who")
    person = put.put(session, Person(name="On leave")) if who == "colleague" else None
    assert first is not None
    put.event(
        session, clusters["decoy" if who == "decoy" else "mill"], neighbour if who == "neighbour" else ford,
        EventKind(kind), first, last, review=when(said.get("review", "")), reviewed=when(said.get("reviewed", "")),
        person=leads[-1] if who == "newest" else person,
    )  # fmt: skip


def test_there_are_enough_of_them() -> None:
    assert len(CASES) >= 60


@pytest.mark.parametrize("name", CASES)
def test_what_counts_and_which_flags_it_gets(shared_store: Store, name: str) -> None:
    case = CASES[name]
    with taken_back(shared_store) as session:
        build(session, case)
        told = report_cluster(session, look_at(session, "mill-cluster", year=2016, as_of=case.as_of))["engagement"]
    assert {flag["rule"] for flag in told["flags"]} == set(case.flags.split())
    rows: dict[str, dict[str, Any]] = {row["school"]: row for row in told["schools"]}
    assert set(rows) == ({"ford-school"} if case.told else set())
    if case.told:
        row = rows["ford-school"]
        blank = f" +{row['not_recorded']}" if row["not_recorded"] else ""
        assert f"{row['attended']}/{row['expected']}{blank}" == case.told
        assert row["rate"] == (row["attended"] / row["expected"] if row["expected"] else None)
        assert (told["attended"], told["expected"]) == (row["attended"], row["expected"])


@pytest.mark.parametrize("rule", sorted({rule for case in CASES.values() for rule in case.flags.split()}))
def test_each_flag_is_told_with_its_rule_its_figure_and_its_rows(shared_store: Store, rule: str) -> None:
    case = next(each for each in CASES.values() if rule in each.flags.split())
    with taken_back(shared_store) as session:
        build(session, case)
        told = report_cluster(session, look_at(session, "mill-cluster", year=2016, as_of=case.as_of))["engagement"]
    [flag] = [each for each in told["flags"] if each["rule"] == rule]
    assert flag["figure"]
    assert flag["rows"]
    assert "(" in flag["statement"] or rule == "not_recorded"
    assert "colleague 0" not in str(flag).lower()


def test_every_rule_of_engagement_has_a_case() -> None:
    known = {rule for case in CASES.values() for rule in case.flags.split()}
    assert known == {
        "low_attendance", "no_recent_attendance", "not_recorded", "sabbatical_review", "consistency", "induction_due",
        "too_few_meetings", "missed_half_term", "after_school", "cluster_size", "turnover",
    }  # fmt: skip


def test_the_rules_of_the_cases_are_rules(shared_store: Store) -> None:
    for case in CASES.values():
        for name, value in case.rules.items():
            check_rule(name, value)
    with taken_back(shared_store) as session:
        build(session, CASES["a third after school"])
        assert session.query(ProgrammeRule).filter_by(name="in_school_time_expected").count() == 1
