"""Whether a workgroup is made up as its programme asks (0.5–0.9, 4.25). Pure: rules and schools in, sentences out.

Programmes contradict one another, so nothing is asked for unless a rule of the programme says so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from dashboard.rules import RuleSet
from dashboard.vocabulary import PersonRole, Phase
from dashboard.wording import all_of, counted, of, sentence
from dashboard.workgroups.words import year_words

SECONDARIES: Final = frozenset({Phase.SECONDARY, Phase.ALL_THROUGH})
FEEDERS: Final = frozenset({Phase.PRIMARY, Phase.JUNIOR, Phase.MIDDLE})
"""The schools before a secondary that have a Year 6. Infant schools have none."""
_OF_PHASE: Final = {
    "primary": frozenset({Phase.PRIMARY, Phase.JUNIOR, Phase.INFANT}),
    "secondary": SECONDARIES,
}
"""What counts as a school of the phase that must lead; any other phase stands for itself."""
_YEAR_6: Final = 6


@dataclass(frozen=True)
class Named:
    """One person on a return."""

    name: str
    roles: frozenset[str]
    year_groups: frozenset[int] = frozenset()
    ends: date | None = None

    @property
    def teaches_year_6(self) -> bool:
        """Whether the class includes Year 6, as a mixed one of Years 4 to 6 does (0.9), whatever else the person is.

        The role alone will do where nobody wrote down year groups; the years of another class undo it (0.8).
        """
        return _YEAR_6 in self.year_groups if self.year_groups else PersonRole.YEAR_6_TEACHER in self.roles


@dataclass(frozen=True)
class WorkgroupSchool:
    """A member of the cluster and whom it has named. A school that named nobody takes no part."""

    name: str
    phase: str | None
    people: tuple[Named, ...] = ()
    leads: bool = False

    def sends(self, role: PersonRole) -> bool:
        """Whether anybody of the school has a role."""
        return any(role in person.roles for person in self.people)


@dataclass(frozen=True)
class Check:
    """One thing a programme asks of a workgroup: kept, not kept, or (None) left to the schools."""

    name: str
    passed: bool | None
    sentence: str
    source: str


def check_composition(
    rules: RuleSet, schools: Sequence[WorkgroupSchool], *, focus: str | None = None, on: date | None = None
) -> list[Check]:
    """Every check that the rules of a programme ask for, in their order; none where they ask for nothing.

    `focus` is the cluster's curriculum area, for the words alone. With `on`, whoever left before that day is not there.
    """
    there = [_without_those_who_left(school, on) for school in schools]
    return [*_numbers(rules, there), *_people(rules, there, focus), *_lead(rules, there)]


def missing(checks: Sequence[Check]) -> list[Check]:
    """The checks that are not kept."""
    return [check for check in checks if check.passed is False]


def _without_those_who_left(school: WorkgroupSchool, on: date | None) -> WorkgroupSchool:
    people = tuple(each for each in school.people if on is None or each.ends is None or each.ends >= on)
    return WorkgroupSchool(school.name, school.phase, people, school.leads)


def _numbers(rules: RuleSet, schools: Sequence[WorkgroupSchool]) -> Iterator[Check]:
    exactly = rules.count("workgroup_secondaries")
    if exactly is not None:
        yield _secondaries(exactly, schools)
    least = rules.count("workgroup_feeder_primaries_min")
    if least is not None:
        yield _feeders(least, schools)


def _secondaries(exactly: int, schools: Sequence[WorkgroupSchool]) -> Check:
    members = [school for school in schools if school.phase in SECONDARIES]
    taking = [school.name for school in members if school.people]
    asked = f"a workgroup has exactly {counted(exactly, 'secondary school')}"
    if len(taking) == exactly:
        return Check("secondary school", True, f"{sentence(_colon(_take_part(taking), taking))}.", "0.5")
    silent = [school.name for school in members if not school.people]
    if len(taking) < exactly and silent:
        words = f"{all_of(silent)} {_has(silent)} named nobody; {asked}"
    elif not taking:
        words = f"no secondary school belongs to the cluster; {asked}"
    else:
        words = f"{_take_part(taking)}, {all_of(taking)}; {asked}"
    return Check("secondary school", False, f"{sentence(words)}.{_phase_unknown(schools)}", "0.5")


def _feeders(least: int, schools: Sequence[WorkgroupSchool]) -> Check:
    feeders = [school for school in schools if school.phase in FEEDERS]
    taking = sum(bool(school.people) for school in feeders)
    if not feeders:
        words = f"No feeder primary belongs to the cluster; at least {counted(least, 'is', 'are')} needed."
        return Check("feeder primaries", taking >= least, words + _phase_unknown(schools), "0.6")
    words = f"{of(taking, len(feeders))} feeder {'primary takes' if len(feeders) == 1 else 'primaries take'} part"
    enough = taking >= least
    more = "" if enough else f"; at least {counted(least, 'is', 'are')} needed"
    return Check("feeder primaries", enough, f"{words}{more}.{'' if enough else _phase_unknown(schools)}", "0.6")


def _people(rules: RuleSet, schools: Sequence[WorkgroupSchool], focus: str | None) -> Iterator[Check]:
    if rules.yes("workgroup_ks3_lead"):
        yield _key_stage_3(schools, focus)
    if rules.yes("workgroup_year_6_teacher"):
        yield _year_6(schools)
    if rules.yes("workgroup_english_lead_invited"):
        yield _english(schools)


def _key_stage_3(schools: Sequence[WorkgroupSchool], focus: str | None) -> Check:
    area = f"for {focus}" if focus else "for the focus area"
    secondaries = [school for school in schools if school.phase in SECONDARIES]
    sending = [school.name for school in secondaries if school.sends(PersonRole.KEY_STAGE_3_LEAD)]
    if sending:
        words = f"{all_of(sending)} {'sends' if len(sending) == 1 else 'send'} a Key Stage 3 lead {area}."
        return Check("Key Stage 3 lead", True, words, "0.5")
    elsewhere = [s.name for s in schools if s not in secondaries and s.sends(PersonRole.KEY_STAGE_3_LEAD)]
    also = f" The one of {all_of(elsewhere)} does not count: it must be from the secondary." if elsewhere else ""
    silent = [school.name for school in secondaries]
    words = (
        f"{all_of(silent)} {_has(silent)} named no Key Stage 3 lead {area}."
        if silent
        else f"There is no secondary school to send a Key Stage 3 lead {area}."
    )
    return Check("Key Stage 3 lead", False, words + also, "0.5")


def _year_6(schools: Sequence[WorkgroupSchool]) -> Check:
    taking = [school for school in schools if school.phase in FEEDERS and school.people]
    without = [school for school in taking if not any(person.teaches_year_6 for person in school.people)]
    if not taking:
        return Check("Year 6 teachers", False, "No feeder primary has named a Year 6 teacher.", "0.8")
    if not without:
        words = f"{'The feeder primary' if len(taking) == 1 else 'Every feeder primary'} that takes part has named"
        return Check("Year 6 teachers", True, f"{words} a Year 6 teacher.", "0.8")
    names = [school.name for school in without]
    words = f"{all_of(names)} {_has(names)} named no Year 6 teacher; a Year 3 or 4 teacher cannot stand in."
    undone = [
        f" {person.name} of {school.name} is named as one but teaches {year_words(sorted(person.year_groups))}."
        for school in without
        for person in school.people
        if PersonRole.YEAR_6_TEACHER in person.roles
    ]
    return Check("Year 6 teachers", False, words + "".join(undone), "0.8")


def _english(schools: Sequence[WorkgroupSchool]) -> Check:
    taking = [school for school in schools if school.people]
    sending = sum(school.sends(PersonRole.ENGLISH_LEAD) for school in taking)
    if not taking:
        return Check("English leads", None, "Each school is invited to send an English lead as well.", "0.7")
    words = f"{of(sending, len(taking))} {'school sends' if len(taking) == 1 else 'schools send'} an English lead"
    return Check("English leads", None, f"{words}; each is invited to, none has to.", "0.7")


def _lead(rules: RuleSet, schools: Sequence[WorkgroupSchool]) -> Iterator[Check]:
    wanted = rules.text("lead_phase")
    if wanted is not None:
        yield _lead_phase(wanted, schools)
    if rules.yes("workgroup_secondary_welcome"):
        taking = [school.name for school in schools if school.phase in SECONDARIES and school.people]
        words = (
            f"{sentence(_colon(_take_part(taking), taking))}."
            if taking
            else "No secondary school takes part; one is welcome, none is needed."
        )
        yield Check("secondary welcome", None, words, "4.25")


def _lead_phase(wanted: str, schools: Sequence[WorkgroupSchool]) -> Check:
    leads = [school for school in schools if school.leads]
    phases = _OF_PHASE.get(wanted, frozenset({wanted}))
    asked = f"a {wanted.replace('_', '-')} school must lead."
    if not leads:
        return Check("lead school", False, f"Nobody has recorded which school leads; {asked}", "4.25")
    lead = leads[0]
    if lead.phase is None:
        return Check("lead school", False, f"{lead.name} leads, but its phase is not recorded; {asked}", "4.25")
    phase = lead.phase.replace("_", "-")
    a_school = f"{'an' if phase[0] in 'aio' else 'a'} {phase} school"
    if lead.phase not in phases:
        return Check("lead school", False, f"{lead.name} leads and is {a_school}; {asked}", "4.25")
    return Check("lead school", True, f"{lead.name}, {a_school}, leads.", "4.25")


def _take_part(secondaries: Sequence[str]) -> str:
    return f"{counted(len(secondaries), 'secondary school takes', 'secondary schools take')} part"


def _colon(words: str, names: Sequence[str]) -> str:
    return f"{words}: {all_of(names)}" if names else words


def _has(names: Sequence[str]) -> str:
    return "has" if len(names) == 1 else "have"


def _phase_unknown(schools: Sequence[WorkgroupSchool]) -> str:
    names = [school.name for school in schools if school.phase is None]
    return f" The phase of {all_of(names)} is not recorded, so it counts as neither." if names else ""
