"""What a workgroup must be made of, by hand: the Derby strand (0.5–0.9) and the Salisbury project (4.25)."""

from datetime import date

import pytest

from dashboard.rules import DEFAULT_RULES, RuleSet
from dashboard.vocabulary import PersonRole, Phase
from dashboard.workgroups.composition import Check, Named, WorkgroupSchool, check_composition, missing

DERBY = RuleSet({
    "workgroup_secondaries": "1", "workgroup_feeder_primaries_min": "1", "workgroup_ks3_lead": "yes",
    "workgroup_year_6_teacher": "yes", "workgroup_english_lead_invited": "yes",
})  # fmt: skip
SALISBURY = RuleSet({"lead_phase": "primary", "workgroup_secondary_welcome": "yes"})
KS3, Y6 = PersonRole.KEY_STAGE_3_LEAD, PersonRole.YEAR_6_TEACHER
ENGLISH, TEACHER, HEAD = PersonRole.ENGLISH_LEAD, PersonRole.TEACHER, PersonRole.HEADTEACHER


def named(name: str, *roles: PersonRole, years: tuple[int, ...] = (), ends: date | None = None) -> Named:
    return Named(name, frozenset(roles), frozenset(years), ends)


def school(name: str, phase: Phase | None, *people: Named, leads: bool = False) -> WorkgroupSchool:
    return WorkgroupSchool(name, phase, people, leads)


ANN = named("Ann", Y6, years=(6,))
WEIR = school("Weir High", Phase.SECONDARY, named("Kit", KS3))
FORD = school("Ford Primary", Phase.PRIMARY, ANN)
SILENT = [school(f"{name} Primary", Phase.PRIMARY) for name in ("Alder", "Birch")]

SECONDARY, FEEDERS, LEAD, YEAR_6, ENGLISH_LEADS = (
    "secondary school", "feeder primaries", "Key Stage 3 lead", "Year 6 teachers", "English leads",
)  # fmt: skip


def find(checks: list[Check], name: str) -> Check:
    (found,) = [check for check in checks if check.name == name]
    return found


CASES = [
    # one secondary, exactly (0.5)
    ([WEIR, FORD], SECONDARY, True, "One secondary school takes part: Weir High."),
    (
        [FORD], SECONDARY, False,
        "No secondary school belongs to the cluster; a workgroup has exactly one secondary school.",
    ),
    (
        [school("Weir High", Phase.SECONDARY), FORD], SECONDARY, False,
        "Weir High has named nobody; a workgroup has exactly one secondary school.",
    ),
    (
        [WEIR, school("Lock High", Phase.SECONDARY, named("Lee", KS3)), FORD], SECONDARY, False,
        "Two secondary schools take part, Weir High and Lock High; a workgroup has exactly one secondary school.",
    ),
    (
        [WEIR, school("Lock High", Phase.SECONDARY), FORD], SECONDARY, True,
        "One secondary school takes part: Weir High.",
    ),
    (
        [school("Lock Academy", Phase.ALL_THROUGH, named("Lee", KS3)), FORD], SECONDARY, True,
        "One secondary school takes part: Lock Academy.",
    ),
    (
        [school("Mere School", None, named("Lee", KS3)), FORD], SECONDARY, False,
        (
            "No secondary school belongs to the cluster; a workgroup has exactly one secondary school."
            " The phase of Mere School is not recorded, so it counts as neither."
        ),
    ),
    # at least one feeder primary; some that stay away are fine (0.6)
    ([WEIR, FORD, *SILENT], FEEDERS, True, "1 of 3 feeder primaries take part."),
    ([WEIR, FORD], FEEDERS, True, "1 of 1 feeder primary takes part."),
    ([WEIR, *SILENT], FEEDERS, False, "0 of 2 feeder primaries take part; at least one is needed."),
    ([WEIR], FEEDERS, False, "No feeder primary belongs to the cluster; at least one is needed."),
    (
        [
            WEIR, *SILENT, *(school(f"{n} Primary", Phase.PRIMARY, ANN) for n in ("C", "D", "E")),
            school("F Juniors", Phase.JUNIOR, ANN),
        ], FEEDERS, True, "4 of 6 feeder primaries take part.",
    ),
    ([WEIR, FORD, school("Mere Infants", Phase.INFANT)], FEEDERS, True, "1 of 1 feeder primary takes part."),
    # a Key Stage 3 lead from the secondary (0.5)
    ([WEIR, FORD], LEAD, True, "Weir High sends a Key Stage 3 lead for reading."),
    (
        [school("Weir High", Phase.SECONDARY, named("Kit", ENGLISH)), FORD], LEAD, False,
        "Weir High has named no Key Stage 3 lead for reading.",
    ),
    ([FORD], LEAD, False, "There is no secondary school to send a Key Stage 3 lead for reading."),
    (
        [school("Weir High", Phase.SECONDARY), school("Ford Primary", Phase.PRIMARY, named("Ann", KS3))], LEAD, False,
        (
            "Weir High has named no Key Stage 3 lead for reading."
            " The one of Ford Primary does not count: it must be from the secondary."
        ),
    ),
    # a Year 6 teacher from each primary that takes part (0.5, 0.8, 0.9)
    ([WEIR, FORD], YEAR_6, True, "The feeder primary that takes part has named a Year 6 teacher."),
    ([WEIR, FORD, *SILENT], YEAR_6, True, "The feeder primary that takes part has named a Year 6 teacher."),
    (
        [WEIR, school("Ford Primary", Phase.PRIMARY, named("Bo", TEACHER, years=(3, 4)))], YEAR_6, False,
        "Ford Primary has named no Year 6 teacher; a Year 3 or 4 teacher cannot stand in.",
    ),
    (
        [WEIR, school("Ford Primary", Phase.PRIMARY, named("Bo", Y6, years=(3, 4)))], YEAR_6, False,
        (
            "Ford Primary has named no Year 6 teacher; a Year 3 or 4 teacher cannot stand in."
            " Bo of Ford Primary is named as one but teaches years 3 and 4."
        ),
    ),
    (
        [WEIR, school("Ford Primary", Phase.PRIMARY, named("Bo", TEACHER, years=(5,)))], YEAR_6, False,
        "Ford Primary has named no Year 6 teacher; a Year 3 or 4 teacher cannot stand in.",
    ),
    (
        [WEIR, school("Ford Primary", Phase.PRIMARY, named("Bo", TEACHER, years=(4, 5, 6)))], YEAR_6, True,
        "The feeder primary that takes part has named a Year 6 teacher.",
    ),
    (
        [WEIR, school("Ford Primary", Phase.PRIMARY, named("Bo", ENGLISH, TEACHER, years=(5, 6)))], YEAR_6, True,
        "The feeder primary that takes part has named a Year 6 teacher.",
    ),
    (
        [WEIR, school("Ford Primary", Phase.PRIMARY, named("Bo", Y6))], YEAR_6, True,
        "The feeder primary that takes part has named a Year 6 teacher.",
    ),
    (
        [
            WEIR, school("Ford Primary", Phase.PRIMARY, named("Bo", HEAD)),
            school("Mill", Phase.JUNIOR, named("Di", ENGLISH)),
        ],
        YEAR_6, False,
        "Ford Primary and Mill have named no Year 6 teacher; a Year 3 or 4 teacher cannot stand in.",
    ),
    ([WEIR, FORD, school("Mere Infants", Phase.INFANT, named("Di", TEACHER, years=(2,)))], YEAR_6, True,
     "The feeder primary that takes part has named a Year 6 teacher."),
    ([WEIR, *SILENT], YEAR_6, False, "No feeder primary has named a Year 6 teacher."),
    # an English lead as well, if a school likes (0.7)
    (
        [
            school("Weir High", Phase.SECONDARY, named("Kit", KS3, ENGLISH)), FORD, *SILENT,
            school("Mill", Phase.PRIMARY, named("Di", Y6, ENGLISH)),
            *(school(f"{n} Primary", Phase.PRIMARY, ANN) for n in ("C", "D")),
        ], ENGLISH_LEADS, None, "2 of 5 schools send an English lead; each is invited to, none has to.",
    ),
    (
        [WEIR, FORD], ENGLISH_LEADS, None,
        "0 of 2 schools send an English lead; each is invited to, none has to.",
    ),
    (SILENT, ENGLISH_LEADS, None, "Each school is invited to send an English lead as well."),
]  # fmt: skip


@pytest.mark.parametrize(("schools", "name", "passed", "words"), CASES)
def test_the_derby_strand(schools: list[WorkgroupSchool], name: str, passed: bool | None, words: str) -> None:
    check = find(check_composition(DERBY, schools, focus="reading"), name)
    assert (check.sentence, check.passed) == (words, passed)


def test_a_complete_workgroup_lacks_nothing() -> None:
    checks = check_composition(DERBY, [WEIR, FORD, *SILENT])
    assert [check.name for check in checks] == [SECONDARY, FEEDERS, LEAD, YEAR_6, ENGLISH_LEADS]
    assert missing(checks) == []
    assert [check.source for check in checks] == ["0.5", "0.6", "0.5", "0.8", "0.7"]
    assert find(checks, LEAD).sentence == "Weir High sends a Key Stage 3 lead for the focus area."


@pytest.mark.parametrize(
    ("lead", "passed", "words"),
    [
        (school("Ford", Phase.PRIMARY, leads=True), True, "Ford, a primary school, leads."),
        (school("Ford", Phase.INFANT, leads=True), True, "Ford, an infant school, leads."),
        (
            school("Weir High", Phase.SECONDARY, leads=True), False,
            "Weir High leads and is a secondary school; a primary school must lead.",
        ),
        (
            school("Lock", Phase.ALL_THROUGH, leads=True), False,
            "Lock leads and is an all-through school; a primary school must lead.",
        ),
        (
            school("Mere", None, leads=True), False,
            "Mere leads, but its phase is not recorded; a primary school must lead.",
        ),
        (
            school("Ford", Phase.PRIMARY), False,
            "Nobody has recorded which school leads; a primary school must lead.",
        ),
    ],
)  # fmt: skip
def test_the_salisbury_project_is_led_by_a_primary(lead: WorkgroupSchool, passed: bool, words: str) -> None:
    check = find(check_composition(SALISBURY, [lead]), "lead school")
    assert (check.passed, check.sentence) == (passed, words)


def test_in_salisbury_a_secondary_is_welcome_and_never_missed() -> None:
    without = check_composition(SALISBURY, [school("Ford", Phase.PRIMARY, ANN, leads=True)])
    assert [(check.passed, check.sentence) for check in without] == [
        (True, "Ford, a primary school, leads."),
        (None, "No secondary school takes part; one is welcome, none is needed."),
    ]
    beside = find(check_composition(SALISBURY, [FORD, WEIR]), "secondary welcome")
    assert (beside.passed, beside.sentence) == (None, "One secondary school takes part: Weir High.")


def test_the_two_programmes_contradict_each_other() -> None:
    """A primary alone is right in Salisbury and wrong in Derby (4.25, 0.5)."""
    alone = [school("Ford", Phase.PRIMARY, ANN, leads=True)]
    assert missing(check_composition(SALISBURY, alone)) == []
    assert [check.name for check in missing(check_composition(DERBY, alone))] == [SECONDARY, LEAD]


@pytest.mark.parametrize("schools", [[], [WEIR, FORD], SILENT])
def test_a_programme_that_says_nothing_is_asked_nothing(schools: list[WorkgroupSchool]) -> None:
    assert check_composition(DEFAULT_RULES, schools) == []


@pytest.mark.parametrize(
    ("on", "passed"), [(date(2023, 2, 28), True), (date(2023, 3, 31), True), (date(2023, 4, 1), False), (None, True)]
)
def test_whoever_has_left_is_not_there(on: date | None, passed: bool) -> None:
    """A planned leaver counts to the last day (0.12)."""
    leaver = school("Ford Primary", Phase.PRIMARY, named("Ann", Y6, years=(6,), ends=date(2023, 3, 31)))
    stays = school("Mill", Phase.PRIMARY, ANN)
    assert find(check_composition(DERBY, [WEIR, leaver, stays], on=on), FEEDERS).passed is True
    both = school("Ford Primary", Phase.PRIMARY, *leaver.people, named("Bo", HEAD))
    assert find(check_composition(DERBY, [WEIR, both], on=on), YEAR_6).passed is passed


def test_a_successor_takes_the_leavers_place() -> None:
    handed_over = school(
        "Ford Primary", Phase.PRIMARY,
        named("Ann", Y6, years=(6,), ends=date(2023, 3, 31)), named("Bo", Y6, years=(5, 6)),
    )  # fmt: skip
    assert find(check_composition(DERBY, [WEIR, handed_over], on=date(2023, 6, 1)), YEAR_6).passed is True
