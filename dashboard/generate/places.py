"""Programmes, clusters and their schools."""

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from dashboard.academic_year import AcademicYear
from dashboard.generate.plan import Span, day_between
from dashboard.generate.rows import Rows
from dashboard.generate.words import (
    DIRECTIONS,
    ENDINGS,
    FOCUSES,
    LOCAL_AUTHORITIES,
    PHASES,
    PROGRAMMES,
    PUPILS,
    PUPILS_OTHERWISE,
    QUARTERS,
    STEMS,
)
from dashboard.models import Cluster, Cohort, LeadSchool, Membership, Programme, ProgrammeRule, School
from dashboard.naming import free_slug
from dashboard.rules import check_rule
from dashboard.vocabulary import Phase

_FIRST_URN = 900_001
"""Above every number that a real school has had."""
_DAYS_BEFORE_A_CHANGE = 60
_GRID_COLUMNS = 6


@dataclass(frozen=True)
class MemberSchool:
    """A school's time in its cluster. `drifts` and `reliable` are its habits when meetings come."""

    id: int
    joined: date | None
    left: date | None
    reliable: float
    drifts: bool

    def belongs(self, day: date) -> bool:
        """Whether the school was a member that day."""
        return (self.joined is None or self.joined <= day) and (self.left is None or day <= self.left)

    def belongs_in(self, year: AcademicYear) -> bool:
        """Whether the school was a member at any time of a year."""
        return (self.joined is None or self.joined <= year.ends) and (self.left is None or year.starts <= self.left)


@dataclass(frozen=True)
class GeneratedCluster:
    """What the other parts need to know of a cluster. The first school leads, and was always a member."""

    id: int
    focus: str
    schools: tuple[MemberSchool, ...]


@dataclass(frozen=True)
class ProgrammeKeys:
    """A programme that clusters can belong to, with its cohorts."""

    id: int
    cohort_ids: tuple[int, ...]
    lead_phase: str | None


class Places:
    """Makes clusters one after another; remembers which addresses are taken and how many schools there are."""

    def __init__(self, rows: Rows, span: Span, names: Random, taken_programmes: set[str]) -> None:
        self._rows = rows
        self._span = span
        self._programmes = _add_programmes(rows, span, taken_programmes)
        self._names = [f"{where}{stem}{end} Cluster" for where in DIRECTIONS for stem in STEMS for end in ENDINGS]
        names.shuffle(self._names)
        self._made = 0
        self._schools = 0
        self._cluster_slugs: set[str] = set()
        self._school_slugs: set[str] = set()

    def add_cluster(self, rng: Random, schools: int) -> GeneratedCluster:
        """A new cluster with so many schools, its memberships and its lead school."""
        name = self._names[self._made % len(self._names)]
        self._made += 1
        programme, focus = rng.choice(self._programmes), rng.choice(FOCUSES)
        cluster_id = self._rows.add(
            Cluster,
            slug=_claim(name, self._cluster_slugs),
            name=name,
            programme_id=programme.id,
            cohort_id=rng.choice(programme.cohort_ids),
            focus=focus,
            starts=self._span.first.starts,
            ends=None,
        )
        area = rng.randrange(len(LOCAL_AUTHORITIES))
        phases = sorted(_phases(rng, schools), key=lambda phase: phase[0] != programme.lead_phase)
        members = tuple(
            self._add_member(rng, cluster_id, self._add_school(rng, area, phase, kind), may_change=bool(number))
            for number, (phase, kind) in enumerate(phases)
        )
        self._rows.add(LeadSchool, cluster_id=cluster_id, school_id=members[0].id, starts=None, ends=None)
        return GeneratedCluster(cluster_id, focus, members)

    def _add_school(self, rng: Random, area: int, phase: Phase, kind: str) -> int:
        where, part = (rng.choice(DIRECTIONS), "") if rng.random() < 0.5 else ("", rng.choice(QUARTERS))
        name = f"{where}{rng.choice(STEMS)}{rng.choice(ENDINGS)}{part} {kind}"
        fewest, most = PUPILS.get(phase, PUPILS_OTHERWISE)
        pupils = rng.randint(fewest, most)
        latitude, longitude = _somewhere_in(rng, area)
        self._schools += 1
        return self._rows.add(
            School,
            slug=_claim(name, self._school_slugs),
            name=name,
            urn=_FIRST_URN + self._schools - 1,
            phase=phase,
            local_authority=LOCAL_AUTHORITIES[area],
            postcode=None,
            latitude=latitude,
            longitude=longitude,
            pupils=pupils,
            free_school_meals=int(pupils * rng.uniform(0.04, 0.45)),
            opened=None,
            closed=None,
        )

    def _add_member(self, rng: Random, cluster_id: int, school_id: int, *, may_change: bool) -> MemberSchool:
        joined, left = _times(rng, self._span) if may_change else (None, None)
        self._rows.add(Membership, cluster_id=cluster_id, school_id=school_id, joined=joined, left_on=left)
        steady = rng.random() < 0.75
        return MemberSchool(
            id=school_id,
            joined=joined,
            left=left,
            reliable=rng.uniform(0.82, 0.98) if steady else rng.uniform(0.45, 0.75),
            drifts=rng.random() < 0.1,
        )


def _add_programmes(rows: Rows, span: Span, taken: set[str]) -> list[ProgrammeKeys]:
    made = []
    for name, rules in PROGRAMMES:
        starts = AcademicYear(span.first.start - 1).starts
        programme_id = rows.add(Programme, slug=_claim(name, taken), name=name, starts=starts, ends=None)
        for rule, value in rules.items():
            check_rule(rule, value)
            rows.add(
                ProgrammeRule, programme_id=programme_id, name=rule, value=value, source="illustrative", statement=None
            )
        cohorts = tuple(
            rows.add(Cohort, programme_id=programme_id, name=f"Cohort {number}", starts=year.starts)
            for number, year in enumerate((AcademicYear(span.first.start - 1), span.first), start=1)
        )
        made.append(ProgrammeKeys(programme_id, cohorts, rules.get("lead_phase")))
    return made


def _claim(name: str, taken: set[str]) -> str:
    slug = free_slug(name, taken)
    taken.add(slug)
    return slug


def _phases(rng: Random, schools: int) -> list[tuple[Phase, str]]:
    chosen = rng.choices(PHASES, weights=[weight for _, weight, _ in PHASES], k=schools)
    return [(phase, rng.choice(kinds)) for phase, _, kinds in chosen]


def _somewhere_in(rng: Random, area: int) -> tuple[float, float]:
    """A point of a local authority; they stand side by side in a box that lies within England."""
    row, column = divmod(area, _GRID_COLUMNS)
    return (
        round(51.1 + row * 0.6 + rng.uniform(0.0, 0.55), 5),
        round(-2.4 + column * 0.42 + rng.uniform(0.0, 0.4), 5),
    )


def _times(rng: Random, span: Span) -> tuple[date | None, date | None]:
    """When a school joined and left: for most nobody wrote it down."""
    earliest = span.first.starts + timedelta(days=_DAYS_BEFORE_A_CHANGE)
    chance = rng.random()
    if earliest >= span.today or chance >= 0.09:
        return None, None
    day = day_between(rng, earliest, span.today)
    return (day, None) if chance < 0.06 else (None, day)
