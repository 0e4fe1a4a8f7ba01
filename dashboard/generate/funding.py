"""Allocations and ledger lines of one cluster in one year. Money is whole pence."""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256
from random import Random

from dashboard.academic_year import AcademicYear
from dashboard.generate.engagement import HeldMeeting
from dashboard.generate.places import GeneratedCluster, MemberSchool
from dashboard.generate.plan import Span, day_between
from dashboard.generate.rows import Rows
from dashboard.generate.words import COVER_FIRMS, PURPOSES, SUPPLIERS
from dashboard.models import Allocation, LedgerLine
from dashboard.vocabulary import LineState, Part, Pot, UseCode

_LEAD_ALLOWANCE = 30_000
_FINANCE_ALLOWANCE = 12_000
_RELEASE = 50_000
_HALF_DAY_COSTS = (8_000, 9_000, 9_500, 10_000)
_PER_SCHOOL = {Part.A: 24_000, Part.B: 16_000, Part.COORDINATOR: 8_000}
_USES = {
    Part.A: (UseCode.A1, UseCode.A1, UseCode.A2, UseCode.A3, UseCode.A4, UseCode.A5),
    Part.B: (UseCode.B1, UseCode.B2, UseCode.B3, UseCode.B4, UseCode.B5, UseCode.B6, UseCode.B7),
    Part.COORDINATOR: (UseCode.C1, UseCode.C2, UseCode.C3),
}
_LINES = {
    Part.A: (5, 7),
    Part.B: (4, 6),
    Part.COORDINATOR: (2, 4),
    Part.LEAD_ALLOWANCE: (1, 1),
    Part.FINANCE_ALLOWANCE: (1, 2),
}
_RELEASE_LINES = (0, 1, 2, 3, 5)
_RELEASE_LINES_WEIGHTS = (20, 30, 25, 20, 5)
_DONE = (LineState.PAID, LineState.INVOICED, LineState.REVERSED)
_DONE_WEIGHTS = (93, 5, 2)
_OPEN = (LineState.REQUESTED, LineState.APPROVED, LineState.COMMITTED)
_OPEN_WEIGHTS = (30, 20, 50)
_PROMISED_DAYS = 40
"""Most of what is promised is invoiced within a month or so."""


@dataclass(frozen=True)
class _Year:
    """Where the lines of one year go."""

    rows: Rows
    rng: Random
    cluster: GeneratedCluster
    year: AcademicYear
    span: Span


def add_funding(
    rows: Rows,
    rng: Random,
    cluster: GeneratedCluster,
    year: AcademicYear,
    span: Span,
    held: list[HeldMeeting],
    target_ids: list[int],
) -> None:
    """A year's allocations and ledger, some of it tied to the meetings that were held and to the plan's targets."""
    place = _Year(rows, rng, cluster, year, span)
    keen = rng.triangular(0.3, 1.1, 0.95)
    for part, amount in _lead_held_amounts(place).items():
        _allocate(place, None, Pot.LEAD_HELD, part, amount)
        _spend_lead_held(place, part, int(amount * keen), target_ids)
    for school in cluster.schools:
        if school.belongs_in(year):
            _allocate(place, school.id, Pot.SCHOOL_HELD, Part.RELEASE, _RELEASE)
            _spend_release(place, school, held)


def _lead_held_amounts(place: _Year) -> dict[Part, int]:
    schools = sum(school.belongs_in(place.year) for school in place.cluster.schools)
    return {
        **{part: amount * schools for part, amount in _PER_SCHOOL.items()},
        Part.LEAD_ALLOWANCE: _LEAD_ALLOWANCE,
        Part.FINANCE_ALLOWANCE: _FINANCE_ALLOWANCE,
    }


def _allocate(place: _Year, school_id: int | None, pot: Pot, part: Part, amount: int) -> None:
    place.rows.add(
        Allocation,
        cluster_id=place.cluster.id,
        school_id=school_id,
        year=place.year.start,
        pot=pot,
        part=part,
        amount=amount,
    )


def _spend_lead_held(place: _Year, part: Part, budget: int, target_ids: list[int]) -> None:
    rng, over = place.rng, place.span.share_over(place.year)
    fewest, most = _LINES[part]
    weights = [rng.uniform(0.4, 1.6) for _ in range(rng.randint(fewest, most))]
    for weight in weights:
        done = rng.random() <= over
        if not done and rng.random() < 0.5:
            continue  # not even asked for yet
        until = place.span.over_until(place.year)
        since = place.year.starts if done else max(place.year.starts, until - timedelta(days=_PROMISED_DAYS))
        _add_line(
            place,
            school_id=None,
            pot=Pot.LEAD_HELD,
            part=part,
            day=day_between(rng, since, until),
            amount=int(budget * weight / sum(weights)),
            state=rng.choices(_DONE, _DONE_WEIGHTS)[0] if done else rng.choices(_OPEN, _OPEN_WEIGHTS)[0],
            use_code=rng.choice(_USES[part]) if part in _USES else None,
            meeting_id=None,
            target_id=rng.choice(target_ids) if rng.random() < 0.2 else None,
        )


def _spend_release(place: _Year, school: MemberSchool, held: list[HeldMeeting]) -> None:
    came_to = [meeting for meeting in held if school.id in meeting.came]
    wanted = place.rng.choices(_RELEASE_LINES, _RELEASE_LINES_WEIGHTS)[0]
    for meeting in place.rng.sample(came_to, min(wanted, len(came_to))):
        _add_line(
            place,
            school_id=school.id,
            pot=Pot.SCHOOL_HELD,
            part=Part.RELEASE,
            day=meeting.day,
            amount=place.rng.choice(_HALF_DAY_COSTS),
            state=LineState.PAID,
            use_code=None,
            meeting_id=meeting.id,
            target_id=None,
        )


def _add_line(
    place: _Year,
    *,
    school_id: int | None,
    pot: Pot,
    part: Part,
    day: date,
    amount: int,
    state: LineState,
    use_code: UseCode | None,
    meeting_id: int | None,
    target_id: int | None,
) -> None:
    number = place.rows.next_id(LedgerLine)
    bought = part == Part.B
    place.rows.add(
        LedgerLine,
        cluster_id=place.cluster.id,
        school_id=school_id,
        year=place.year.start,
        spent_on=day,
        pot=pot,
        part=part,
        use_code=use_code,
        supplier=place.rng.choice(SUPPLIERS if bought else COVER_FIRMS) if use_code or school_id else None,
        description=_description(part, use_code),
        reference=f"G{number:07d}",
        amount=amount,
        vat=amount // 5 if bought else 0,
        state=state,
        meeting_id=meeting_id,
        target_id=target_id,
        reverses_id=None,
        fingerprint=sha256(f"generated line {number}".encode()).hexdigest(),
        occurrence=1,
    )


def _description(part: Part, use_code: UseCode | None) -> str:
    if use_code is not None:
        return PURPOSES[use_code]
    return {
        Part.LEAD_ALLOWANCE: "Allowance for leading the cluster",
        Part.FINANCE_ALLOWANCE: "Allowance for keeping the accounts",
    }.get(part, "Cover for a half day of release")
