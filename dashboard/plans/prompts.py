"""What a careful reader would ask of a plan: each prompt has its reason, the words it is about and its source.

Never a verdict. Where it is not certain that something is missing, nothing is said. Pure: texts and dates in, prompts
out.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from dashboard.academic_year import AcademicYear
from dashboard.plans.likeness import find_alike, same_words
from dashboard.vocabulary import PLAN_HEADINGS, PlanCell, Severity
from dashboard.wording import all_of, counted, day


@dataclass(frozen=True)
class Rule:
    """One thing that is asked: in words, how much it asks for, and the point it comes from."""

    statement: str
    severity: Severity
    point: str


RULES: Final[Mapping[str, Rule]] = {
    "code_only": Rule("The Target cell holds a code and no words: nobody can tell what is to be reached.",
                      Severity.LOOK, "2.7"),
    "cells_shifted": Rule("Success Criteria holds names or headings, as if the cells had moved by a column.",
                          Severity.LOOK, "2.7"),
    "no_measurable_criterion": Rule("Nothing says when the target is reached.", Severity.LOOK, "2.7"),
    "no_evaluation": Rule("Nothing is written under Evaluation/Evidence.", Severity.INFO, "2.7"),
    "empty_cell": Rule("One of the eight cells of a target is empty.", Severity.INFO, "2.7"),
    "activity_without_impact": Rule("There is evidence of what was done, and nothing is written under Impact: activity "
                                    "is not impact.", Severity.INFO, "2.12"),
    "vague_quantity": Rule("A share of schools or people is claimed without a number.", Severity.INFO, "2.8, 2.10"),
    "criterion_without_evidence": Rule("A criterion is about what people say, and no evidence speaks of that.",
                                       Severity.LOOK, "2.8"),
    "evidence_outside_plan": Rule("Evidence is of a time that the plan cannot know: after its date, outside its year, "
                                  "or still to come.", Severity.LOOK, "2.14"),
    "agreed_without_figure": Rule("Money is said to be agreed, and no amount is named.", Severity.LOOK, "2.4"),
    "names_not_roles": Rule("People stand in the plan by initials or names, not by their role.", Severity.INFO, "2.6"),
    "aims_alike": Rule("Two wordings look like one aim.", Severity.INFO, "2.3"),
}  # fmt: skip
"""Every prompt by its stable name."""
OF_THE_PLAN: Final = frozenset({"names_not_roles", "aims_alike"})
"""What is asked once of a whole plan, however many targets it is about."""


@dataclass(frozen=True)
class Prompt:
    """One question of a careful reader. `code` is that of a target; none where it is about the plan."""

    rule: str
    message: str
    code: str | None = None
    cell: PlanCell | None = None
    words: tuple[str, ...] = ()
    """The words of the plan it is about."""

    @property
    def severity(self) -> Severity:
        """How much it asks for."""
        return RULES[self.rule].severity

    @property
    def point(self) -> str:
        """Where the rule comes from."""
        return RULES[self.rule].point


@dataclass(frozen=True)
class AskedCriterion:
    """A success criterion as far as prompts look at it."""

    text: str
    answered: bool = False
    """Whether somebody said how it stands, or a piece of evidence is about it."""
    counted: bool = False
    """Whether it has a number to reach."""


@dataclass(frozen=True)
class AskedEvidence:
    """A piece of evidence as far as prompts look at it."""

    text: str
    dated: date | None = None
    by_hand: bool = False
    """Whether it was entered after the document, so that it may be younger than the plan."""
    counted: bool = False
    """Whether it has a figure."""


@dataclass(frozen=True)
class AskedTarget:
    """One target as far as prompts look at it. A cell that is not named is not known; an empty one is empty."""

    code: str
    cells: Mapping[PlanCell, Sequence[str]] = field(default_factory=dict)
    criteria: Sequence[AskedCriterion] = ()
    evidence: Sequence[AskedEvidence] = ()
    owner: str | None = None


@dataclass(frozen=True)
class AskedPlan:
    """What targets are held against: their year, the date of the plan if it has one, and today."""

    year: AcademicYear
    today: date
    dated: date | None = None
    known: frozenset[str] = frozenset()
    """Initials of people that the directory knows."""


def ask_target(target: AskedTarget, plan: AskedPlan) -> list[Prompt]:
    """The prompts of one target, in the order of its cells."""
    found = [
        *_ask_for_words(target),
        *_ask_criteria(target),
        *_ask_money(target),
        *_ask_names(target, plan.known),
        *_ask_evidence(target, plan),
        *_ask_for_impact(target),
    ]
    places = list(PlanCell)
    return sorted(found, key=lambda each: places.index(each.cell) if each.cell else len(places))


def ask_plan(
    targets: Sequence[AskedTarget],
    plan: AskedPlan,
    aims: Sequence[str] = (),
    apart: Collection[frozenset[str]] = (),
) -> list[Prompt]:
    """The prompts of all targets of a plan, and those of the plan: names once for all of them, aims that look alike.

    `aims` are the wordings that stand for different aims, `apart` the pairs of which somebody said so.
    """
    by_target = [each for target in targets for each in ask_target(target, plan)]
    named = [each for each in by_target if each.rule == "names_not_roles"]
    found = [each for each in by_target if each.rule not in OF_THE_PLAN]
    if named:
        words = tuple(dict.fromkeys(word for each in named for word in each.words))
        codes = tuple(dict.fromkeys(each.code for each in named if each.code))
        found.append(Prompt("names_not_roles", f"{_named(words)} in {all_of(codes)}; write the role", words=words))
    found += [
        Prompt("aims_alike", f"“{one}” and “{other}” look like one aim", cell=PlanCell.AIMS, words=(one, other))
        for one, other in aims_alike(aims, apart)
    ]
    return found


def reads_like_headings(criteria: Sequence[str]) -> bool:
    """Whether a Success Criteria cell holds initials or headings and nothing that could be met (2.7).

    Then no line is longer than a heading, most are a word or three, and none has a number to reach.
    """
    if not criteria:
        return False
    if any(_LIST_OF_INITIALS.match(text) for text in criteria):
        return all(_LIST_OF_INITIALS.match(text) or len(text.split()) <= _MOST_WORDS_OF_A_HEADING for text in criteria)
    counts = [len(text.split()) for text in criteria]
    short = sum(count <= _WORDS_OF_A_SHORT_LINE for count in counts)
    plain = not any(re.search(r"\d", text) for text in criteria)
    return plain and max(counts) <= _MOST_WORDS_OF_A_HEADING and short * 2 > len(counts)


def aims_alike(aims: Sequence[str], apart: Collection[frozenset[str]] = ()) -> list[tuple[str, str]]:
    """The pairs of wordings that look like one aim (2.3), but for those of which a person said that they are two:
    `apart`, each as `same_words` gives it.
    """
    key = {text: same_words(text) for text in dict.fromkeys(aims)}
    alike = find_alike([(text, (text,)) for text in key])
    pairs = [(str(each.first), str(each.second)) for each in alike]
    return [(one, other) for one, other in pairs if frozenset((key[one], key[other])) not in apart]


# Criteria, money, words


def _ask_for_words(target: AskedTarget) -> Iterator[Prompt]:
    lines = target.cells.get(PlanCell.TARGET)
    if lines is not None and not [text for text in lines if text != target.code]:
        yield Prompt(
            "code_only", "the target cell holds only a code; what is to be reached?", target.code, PlanCell.TARGET,
            (target.code,),
        )  # fmt: skip


def _ask_criteria(target: AskedTarget) -> Iterator[Prompt]:
    if PlanCell.CRITERIA not in target.cells:
        return
    texts = [each.text for each in target.criteria]

    def prompt(rule: str, message: str, *words: str) -> Prompt:
        return Prompt(rule, message, target.code, PlanCell.CRITERIA, words)

    if not texts:
        yield prompt("no_measurable_criterion", "no measurable criterion: the cell is empty")
    elif reads_like_headings(texts) and not any(each.answered or each.counted for each in target.criteria):
        yield prompt("no_measurable_criterion", "no measurable criterion in the cell, only names or headings", *texts)
        yield prompt("cells_shifted", "the cells look shifted; see whether this text belongs in another column", *texts)
    for each in target.criteria:
        if not each.counted and (vague := vague_quantity(each.text)):
            yield prompt("vague_quantity", f"“{vague}” asks for a number: how many, of how many?", each.text)
    if not target.evidence or _speaks_of_opinions(target):
        return
    for each in target.criteria:
        if not each.answered and _ABOUT_OPINIONS.search(each.text):
            message = "the criterion is about what people say, and no evidence speaks of that"
            yield prompt("criterion_without_evidence", message, each.text)


def vague_quantity(text: str) -> str | None:
    """The words with which a text claims a share of schools, people or meetings without a number; None if it does not.

    "Many positive comments" claims none, nor does a text with the number beside it, such as "most (18 of 22)".
    """
    found = _VAGUE.search(text)
    if found is None or re.search(r"\d", _OTHER_NUMBERS.sub(" ", text)):
        return None
    return found[0].strip()


def _speaks_of_opinions(target: AskedTarget) -> bool:
    told = [each.text for each in target.evidence] + list(target.cells.get(PlanCell.IMPACT, ()))
    return any(_TELLS_OPINIONS.search(text) for text in told)


def _ask_money(target: AskedTarget) -> Iterator[Prompt]:
    for text in target.cells.get(PlanCell.ORGANISATION, ()):
        if _AGREED.search(text) and _MONEY.search(text) and not re.search(r"\d", text):
            message = "money is said to be agreed; how much?"
            yield Prompt("agreed_without_figure", message, target.code, PlanCell.ORGANISATION, (text,))


def _ask_for_impact(target: AskedTarget) -> Iterator[Prompt]:
    impact = target.cells.get(PlanCell.IMPACT)
    evaluation = target.cells.get(PlanCell.EVALUATION)
    if evaluation is not None and not evaluation and not target.evidence:
        message = f"the cell {PLAN_HEADINGS[PlanCell.EVALUATION]} is empty; what was done, and what shows it?"
        yield Prompt("no_evaluation", message, target.code, PlanCell.EVALUATION)
    if impact is not None and not impact:
        if evaluation or target.evidence:
            message = "there is evidence but no impact: activity without impact"
            yield Prompt("activity_without_impact", message, target.code, PlanCell.IMPACT)
        else:
            yield Prompt("empty_cell", "the cell Impact is empty", target.code, PlanCell.IMPACT)
    if PlanCell.NEXT_STEPS in target.cells and not target.cells[PlanCell.NEXT_STEPS]:
        message = f"the cell {PLAN_HEADINGS[PlanCell.NEXT_STEPS]} is empty"
        yield Prompt("empty_cell", message, target.code, PlanCell.NEXT_STEPS)


# Evidence and its time


def _ask_evidence(target: AskedTarget, plan: AskedPlan) -> Iterator[Prompt]:
    for each in target.evidence:
        if not each.counted and (vague := vague_quantity(each.text)):
            message = f"“{vague}” asks for a number: how many, of how many?"
            yield Prompt("vague_quantity", message, target.code, PlanCell.EVALUATION, (each.text,))
        if (outside := _outside(each, plan)) is not None:
            yield Prompt("evidence_outside_plan", outside, target.code, PlanCell.EVALUATION, (each.text,))


def _outside(evidence: AskedEvidence, plan: AskedPlan) -> str | None:
    """Why a piece of evidence cannot be of the time of its plan; None where it can."""
    known_on = plan.today if evidence.by_hand or plan.dated is None else min(plan.dated, plan.today)
    whose = f"the plan is dated {day(known_on)}" if known_on == plan.dated else f"today is {day(known_on)}"
    if evidence.dated is not None:
        return _outside_on(evidence.dated, known_on, whose, plan.year)
    found = _MONTH_OF_YEAR.search(evidence.text)
    if found is not None:
        month = date(int(found[2]), _MONTHS.index(found[1][:3].casefold()) + 1, 1)
        return _outside_on(month, known_on, whose, plan.year, f"{found[1]} {found[2]}")
    ends = date(plan.year.start + 1, 6, 1)
    if (worded := _END_OF_YEAR.search(evidence.text)) is not None and known_on < ends:
        return f"the evidence is of the “{worded[0]}”, and {whose}"
    if (worded := _SUMMER_TERM.search(evidence.text)) is not None and known_on < date(plan.year.start + 1, 4, 1):
        return f"the evidence is of the “{worded[0]}”, and {whose}"
    return None


def _outside_on(when: date, known_on: date, whose: str, year: AcademicYear, said: str | None = None) -> str | None:
    said = said or day(when)
    if when > known_on:
        return f"the evidence is of {said}, and {whose}"
    if AcademicYear.of(when) != year:
        return f"the evidence is of {said}, outside the plan’s year {year}"
    return None


# People


def _ask_names(target: AskedTarget, known: Collection[str]) -> Iterator[Prompt]:
    for cell in (PlanCell.CRITERIA, PlanCell.ORGANISATION, PlanCell.PERSONNEL):
        words = [word for text in target.cells.get(cell, ()) for word in named_people(text) if word not in known]
        if cell is PlanCell.PERSONNEL and target.owner:
            words += named_people(target.owner)
        if words:
            told = tuple(dict.fromkeys(words))
            yield Prompt("names_not_roles", f"{_named(told)}; write the role", target.code, cell, told)


def _named(words: Sequence[str]) -> str:
    return f"{counted(len(words), 'person is', 'people are')} named by initials or names"


def named_people(text: str) -> list[str]:
    """The initials and names of people in a text, as far as they are surely such (2.6)."""
    found = [each for each in _INITIALS.findall(text) if each not in _NO_INITIALS]
    pairs = [
        f"{first} {last}" for first, last in _PAIR.findall(text) if first in _GIVEN_NAMES and last not in _NO_SURNAMES
    ]
    items = [item.strip(" .") for item in _BETWEEN_PEOPLE.split(text)]
    beside = [item for item in items if found and len(items) > 1 and item.isalpha() and item.istitle()]
    return [*found, *pairs, *(item for item in beside if item not in _NO_SURNAMES)]


_MOST_WORDS_OF_A_HEADING: Final = 5
_WORDS_OF_A_SHORT_LINE: Final = 3
_LIST_OF_INITIALS: Final = re.compile(r"^[A-Z]{2,3}([\s,;&+/]+(and\s+)?[A-Z]{2,3})*\.?$")

_WHO: Final = (
    r"(?:schools?|children|pupils?|students?|learners?|staff|teachers?|governors?|parents?|carers?|famil(?:y|ies)"
    r"|heads?|headteachers?|colleagues|members?|people|participants?|classes|visitors?|responses?)"
)
_WHAT: Final = r"(?:meetings?|sessions?|events?|visits?|workshops?)"
_OF_WHOM: Final = rf"(?:of\s+(?:the\s+|our\s+|its\s+)?(?:[\w’']+\s+){{0,2}}?)?(?:{_WHO}|{_WHAT})\b"
_VAGUE: Final = re.compile(
    r"\b(?:(?:vast|great|large|clear|overwhelming)\s+)?majority\b"
    r"|\b(?:nearly|almost|virtually)\s+all\b"
    r"|(?<!the\s)(?<!at\s)\bmost\s+of\b(?!\s+all\b)"
    rf"|\bmost\s+(?:[\w’']+\s+)?{_WHO}\b"
    rf"|\b(?:many|several|lots\s+of|a\s+lot\s+of|a\s+number\s+of|some)(?=\s+{_OF_WHOM})",
    re.IGNORECASE,
)
_OTHER_NUMBERS: Final = re.compile(
    r"£\s?[\d,.]+|\b(?:19|20)\d\d\b|\bKS\s?\d\b|\b(?:Key\s+Stages?|Years?)\s+\d+(?:\s*(?:and|&|to|-)\s*\d+)?",
    re.IGNORECASE,
)
_ABOUT_OPINIONS: Final = re.compile(
    r"\b(?:feedback|surveys?|questionnaires?|evaluation\s+forms?|what\s+\w+\s+(?:say|think|feel)|opinions?)\b",
    re.IGNORECASE,
)
_TELLS_OPINIONS: Final = re.compile(
    r"\b(?:feedback|survey\w*|questionnaires?|forms?|evaluat\w+|comment\w*|sa(?:id|y|ys)|told|respon\w+|rat(?:ed|ing\w*)"
    r"|views?|opinions?|thank\w*|positive\w*|favourabl\w+|quot\w+|prais\w+|enjoy\w*|fe(?:el\w*|lt)|found|thought)\b",
    re.IGNORECASE,
)
_AGREED: Final = re.compile(r"\b(?:agreed|approved)\b", re.IGNORECASE)
_MONEY: Final = re.compile(
    r"\b(?:expenditure|funding|funds?|costs?|money|budget\w*|spend(?:ing)?|contributions?|payments?)\b", re.IGNORECASE
)
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH_OF_YEAR: Final = re.compile(
    r"\b(January|February|March|April|May|June|July|August|September|October|November|December)\s+((?:19|20)\d\d)\b"
)
_END_OF_YEAR: Final = re.compile(r"\bend[\s-]of[\s-](?:the[\s-]|this[\s-])?(?:school[\s-]|academic[\s-])?year\b"
                                 r"|\byear[\s-]end\b", re.IGNORECASE)  # fmt: skip
_SUMMER_TERM: Final = re.compile(r"\bsummer\s+term\b", re.IGNORECASE)

_INITIALS: Final = re.compile(r"(?<![\w£’'&-])[A-Z]{2}(?![\w’'-])")
_NO_INITIALS: Final = frozenset(
    {"AI", "AM", "BA", "CE", "CP", "DH", "DT", "EU", "EY", "GB", "GP", "HE", "HR", "HT", "ID", "IT", "KS", "LA", "MP",
     "NB", "NI", "OK", "PA", "PE", "PM", "PP", "PR", "QA", "RC", "RE", "TA", "TV", "UK", "US", "VA", "VC"}
)  # fmt: skip
"""Two capitals that schools use otherwise."""
_PAIR: Final = re.compile(
    r"\b([A-Z][a-z]+)\s+([A-Z][a-z’'-]+)\b(?!\s+(?:School|Primary|Infant|Junior|Academy|College|CE|C of E)\b)"
)
_BETWEEN_PEOPLE: Final = re.compile(r"\s*[,;&+/]\s*|\s+and\s+")
_NO_SURNAMES: Final = frozenset(
    {"School", "Schools", "Primary", "Infant", "Junior", "Academy", "College", "Cluster", "Trust", "Resources",
     "Governors", "Headteachers", "Staff", "Teachers", "Parents", "Festival", "Day", "Week", "Road", "Street"}
)  # fmt: skip
_NAMES: Final = """
    Adam Alan Alex Alice Alison Amanda Amy Andrea Andrew Andy Angela Anita Ann Anna Anne Annie Anthony Barbara Becky
    Ben Beth Bob Brian Carol Caroline Catherine Charlotte Chris Christine Claire Clare Clive Colin Daniel Dave David
    Dawn Debbie Deborah Denise Diane Donna Elaine Elizabeth Emily Emma Fiona Gary Gemma Geoff George Gill Graham Hannah
    Harry Heather Helen Ian Jack Jackie James Jane Janet Jason Jean Jennifer Jenny Jessica Jill Jim Jo Joanna Joanne
    John Jonathan Joseph Judith Julia Julie Karen Kate Katherine Kathryn Katie Keith Kelly Kevin Kim Laura Lesley Linda
    Lisa Liz Louise Lucy Lynn Lynne Margaret Maria Marie Martin Mary Matt Matthew Melanie Michael Michelle Mike
    Nicola Nick Nigel Pam Pat Patricia Paul Paula Peter Phil Philip Rachel Rebecca Richard Rob Robert Robin Roger
    Ruth Sally Sam Samantha Sara Sarah Sharon Sheila Simon Sophie Stephen Steve Stuart Sue Susan Suzanne Teresa Tim
    Tina Tom Tony Tracey Tracy Vicki Vicky Victoria Wendy William Zoe"""
_GIVEN_NAMES: Final = frozenset(_NAMES.split())
"""Common given names; one of them before another capitalised word is a person."""
