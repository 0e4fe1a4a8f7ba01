"""What a careful reader would ask: rule by rule, and of the plan of the COGS cluster exactly so."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING
from dashboard.db import Store
from dashboard.directory.view import view_cluster
from dashboard.intake.documents import read_document
from dashboard.intake.files import SourceFile
from dashboard.plans.brackets import split_criteria, split_evidence
from dashboard.plans.cell_text import find_code
from dashboard.plans.flags import flag_prompts
from dashboard.plans.panels.prompts import PROMPTS
from dashboard.plans.prompts import (
    RULES,
    AskedCriterion,
    AskedEvidence,
    AskedPlan,
    AskedTarget,
    Prompt,
    aims_alike,
    ask_plan,
    ask_target,
    named_people,
    vague_quantity,
)
from dashboard.plans.record import asked_of_file
from dashboard.reports.cluster import report_cluster
from dashboard.vocabulary import PlanCell
from tests.uploads import brought

ROOT = Path(__file__).parents[2]
SHARED = ROOT.parent / "shared" / "data" / "seed" / "cogs_development_plan.docx"
YEAR = AcademicYear(2019)
PLAN = AskedPlan(YEAR, date(2026, 2, 12), date(2020, 3, 13))

COGS = {
    "PRIMARYARTS": [],
    "PARLIAMENT": [("vague_quantity", "evaluation"), ("evidence_outside_plan", "evaluation")],
    "INSET": [("vague_quantity", "criteria"), ("criterion_without_evidence", "criteria")],
    "SCIENCE": [
        ("code_only", "target"),
        ("no_measurable_criterion", "criteria"),
        ("cells_shifted", "criteria"),
        ("no_evaluation", "evaluation"),
        ("empty_cell", "impact"),
        ("empty_cell", "next_steps"),
    ],
    "GOVERNORS": [("agreed_without_figure", "organisation")],
}
"""Target by target (2.4–2.14): what is strong in PRIMARYARTS is left alone, "many positive comments" too."""


def read(path: Path) -> tuple[list[AskedTarget], list[str]]:
    """The targets of a document as prompts look at them, and its aims."""
    (table,) = read_document(path.read_bytes()).tables
    targets = []
    for row in table.rows[1:]:
        cells = {cell: place.lines for cell, place in zip(PlanCell, row.cells, strict=True)}
        cells[PlanCell.CRITERIA], criteria = split_criteria(cells[PlanCell.CRITERIA])
        cells[PlanCell.EVALUATION], evidence = split_evidence(cells[PlanCell.EVALUATION])
        code = find_code(cells[PlanCell.TARGET])
        assert code is not None
        targets.append(asked_of_file(code, cells, criteria, evidence, None, dated=True))
    aims = [text for target in targets for text in target.cells[PlanCell.AIMS]]
    return targets, list(dict.fromkeys(aims))


def by_target(prompts: Sequence[Prompt]) -> dict[str, list[tuple[str, str]]]:
    found: dict[str, list[tuple[str, str]]] = {code: [] for code in COGS}
    for each in prompts:
        if each.code is not None:
            found[each.code.partition("-")[0]].append((each.rule, str(each.cell)))
    return found


def of_the_plan(prompts: Sequence[Prompt]) -> list[Prompt]:
    return [each for each in prompts if each.code is None]


@pytest.mark.parametrize("path", [path for path in (SHARED,) if path.exists()])
def test_the_document_of_cogs_is_asked_exactly_this(path: Path) -> None:
    targets, aims = read(path)
    prompts = ask_plan(targets, PLAN, aims)
    assert by_target(prompts) == COGS
    named, *alike = of_the_plan(prompts)
    # Ten people by initials, one by a first name beside them and another, four by first and last name (2.6).
    assert (named.rule, sum(len(word) == 2 for word in named.words), len(named.words)) == ("names_not_roles", 10, 16)
    assert [each.rule for each in alike] == ["aims_alike", "aims_alike"]
    begins = [tuple(" ".join(word.split()[:2]) for word in each.words) for each in alike]
    assert begins == [("Work in", "Using close"), ("Improve transition", "Improving transition")]
    assert "the plan is dated 13 March 2020" in next(p.message for p in prompts if p.rule == "evidence_outside_plan")


def test_the_samples_plan_is_asked_the_same_and_names_nobody() -> None:
    targets, aims = read(ROOT / "data" / "cogs-plan.docx")
    prompts = ask_plan(targets, PLAN, aims)
    assert by_target(prompts) == COGS
    assert [each.rule for each in of_the_plan(prompts)] == ["aims_alike"]


def test_the_import_the_page_and_the_report_say_the_same_and_the_report_names_nobody(two_clusters: Store) -> None:
    path = SHARED if SHARED.exists() else ROOT / "data" / "cogs-plan.docx"
    result = brought(two_clusters, "plan", SourceFile(path.name, path.read_bytes()), cluster="mill-cluster")
    warned = [each.problem.partition("-SEPT19: ")[0] for each in result.warnings if "-SEPT19: " in each.problem]
    assert {code: warned.count(code) for code in COGS} == {code: len(found) for code, found in COGS.items()}
    with two_clusters.reading() as session:
        view = view_cluster(session, EVERYTHING, "mill-cluster", year=YEAR, as_of=date(2026, 2, 12))
        assert view is not None
        asked = PROMPTS.load(session, view)
        flags = report_cluster(session, view)["plan"]["flags"]
    assert by_target(asked.prompts) == COGS
    assert PROMPTS.headline(asked, view).startswith("A careful reader would ask ")
    table = PROMPTS.table(asked)
    assert list(table["About"])[:2] == ["PARLIAMENT-SEPT19", "PARLIAMENT-SEPT19"]
    assert PROMPTS.links(asked)[0] == "/cluster/mill-cluster/plan/PARLIAMENT-SEPT19?year=2019-20"
    told = {(flag["rule"], flag["subject"].partition("-")[0]) for flag in flags}
    assert told >= {(rule, code) for code, found in COGS.items() for rule, _ in found}
    assert ("aims_alike", "mill") in told
    for named in (each for each in asked.prompts if each.rule == "names_not_roles"):
        written = str([flag for flag in flags if flag["rule"] == "names_not_roles"])
        assert not [word for word in named.words if f"'{word}'" in written or f" {word} " in written]


def rules(target: AskedTarget, plan: AskedPlan = PLAN) -> list[str]:
    return [each.rule for each in ask_target(target, plan)]


@pytest.mark.parametrize(
    ("text", "vague"),
    [
        ("The vast majority of schools came", "vast majority"),
        ("Most schools took part", "Most schools"),
        ("Most of what staff say is good", "Most of"),
        ("Nearly all schools came", "Nearly all"),
        ("Many of the parents came", "Many"),
        ("Several schools have joined", "Several"),
        ("A number of staff were trained", "A number of"),
        ("The display received many positive comments", None),
        ("Children of all schools, the juniors most of all", None),
        ("Most schools (5 of 7) came", None),
        ("The majority, 18, came", None),
        ("Most schools of Key Stage 2 came in 2019", "Most schools"),
        ("Make the most of the day", None),
        ("The most successful event so far", None),
        ("Every school came", None),
    ],
)
def test_vague_quantities(text: str, vague: str | None) -> None:
    assert vague_quantity(text) == vague


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("QX and ZY to lead", ["QX", "ZY"]),
        ("Support from Emma Imagined to run it", ["Emma Imagined"]),
        ("Annabel, QX, Zebedee", ["QX", "Annabel", "Zebedee"]),
        ("Arts lead and headteacher sponsor", []),
        ("Shown at Anthony Gell School, KS1 and KS2, IT and PE", []),
        ("Polar Exploration initiative; Local Authority team", []),
        ("Heads, TA and Governors", []),
    ],
)
def test_people_by_name(text: str, people: list[str]) -> None:
    assert named_people(text) == people


def test_people_the_directory_knows_are_passed_over_and_an_owner_counts() -> None:
    target = AskedTarget("A", {PlanCell.PERSONNEL: ["QX and ZY to lead"]}, owner="WV")
    (found,) = ask_target(target, AskedPlan(YEAR, PLAN.today, known=frozenset({"QX"})))
    assert (found.words, found.message) == (("ZY", "WV"), "two people are named by initials or names; write the role")


@pytest.mark.parametrize(
    ("evidence", "outside"),
    [
        (
            AskedEvidence("Held", date(2019, 8, 31)),
            "the evidence is of 31 August 2019, outside the plan’s year 2019-20",
        ),
        (AskedEvidence("Held", date(2020, 3, 13)), None),
        (
            AskedEvidence("Held", date(2020, 3, 14)),
            "the evidence is of 14 March 2020, and the plan is dated 13 March 2020",
        ),
        (AskedEvidence("Held", date(2020, 3, 14), by_hand=True), None),
        (AskedEvidence("Held", date(2026, 2, 13), by_hand=True), "the evidence is of 13 February 2026, and today is"),
        (AskedEvidence("Held in March 2020"), None),
        (AskedEvidence("Held in April 2020"), "the evidence is of April 2020, and the plan is dated 13 March 2020"),
        (AskedEvidence("Booked in May 2018"), "the evidence is of May 2018, outside the plan’s year 2019-20"),
        (AskedEvidence("The end of year event"), "the evidence is of the “end of year”, and the plan is dated"),
        (AskedEvidence("The end of year event", by_hand=True), None),
        (AskedEvidence("Sports in the summer term"), "the evidence is of the “summer term”, and the plan is dated"),
        (AskedEvidence("Held at the end of term"), None),
    ],
)
def test_evidence_outside_the_plan(evidence: AskedEvidence, outside: str | None) -> None:
    found = ask_target(AskedTarget("A", evidence=[evidence]), PLAN)
    assert [each.rule for each in found] == (["evidence_outside_plan"] if outside else [])
    assert not outside or found[0].message.startswith(outside)


def test_without_a_date_of_the_plan_only_the_year_and_today_count() -> None:
    pieces = [AskedEvidence("Held in April 2020"), AskedEvidence("The end of year event")]
    assert rules(AskedTarget("A", evidence=pieces), AskedPlan(YEAR, date(2020, 6, 2))) == []
    assert rules(AskedTarget("A", evidence=pieces), AskedPlan(YEAR, date(2020, 3, 1))) == ["evidence_outside_plan"] * 2


FEEDBACK = "Feedback from staff is positive"


@pytest.mark.parametrize(
    ("criterion", "evidence", "impact", "asked"),
    [
        (AskedCriterion(FEEDBACK), ["INSET held"], [], True),
        (AskedCriterion(FEEDBACK), [], [], False),
        (AskedCriterion(FEEDBACK, answered=True), ["INSET held"], [], False),
        (AskedCriterion(FEEDBACK), ["Staff said it helped"], [], False),
        (AskedCriterion(FEEDBACK), ["INSET held"], ["Staff feel surer"], False),
        (AskedCriterion("Every school has a picture"), ["INSET held"], [], False),
    ],
)
def test_a_criterion_about_opinions(
    criterion: AskedCriterion, evidence: Sequence[str], impact: Sequence[str], asked: bool
) -> None:
    cells = {PlanCell.CRITERIA: [criterion.text], **({PlanCell.IMPACT: impact} if impact else {})}
    target = AskedTarget("A", cells, [criterion], [AskedEvidence(text) for text in evidence])
    assert rules(target) == (["criterion_without_evidence"] if asked else [])


@pytest.mark.parametrize(
    ("line", "asked"),
    [
        ("Expenditure has been agreed", True),
        ("Funding of £300 has been agreed", False),
        ("Each school has agreed to host a visit", False),
        ("Costs of transport, if required", False),
    ],
)
def test_money_agreed_without_a_figure(line: str, asked: bool) -> None:
    found = rules(AskedTarget("A", {PlanCell.ORGANISATION: [line]}))
    assert found == (["agreed_without_figure"] if asked else [])


def test_criteria_of_which_somebody_has_said_how_they_stand_are_no_headings() -> None:
    cells = {PlanCell.CRITERIA: ["Resources", "Moderation"]}
    bare = [AskedCriterion("Resources"), AskedCriterion("Moderation")]
    assert rules(AskedTarget("A", cells, bare)) == ["no_measurable_criterion", "cells_shifted"]
    assert rules(AskedTarget("A", cells, [AskedCriterion("Resources", answered=True), bare[1]])) == []


def test_what_another_flag_tells_is_not_told_again() -> None:
    prompts = [Prompt("no_measurable_criterion", "none", "A"), Prompt("code_only", "only a code", "A")]
    first = flag_prompts(prompts, "mill-cluster")
    assert [(flag.rule, flag.subject) for flag in first] == [("no_measurable_criterion", "A"), ("code_only", "A")]
    assert [flag.rule for flag in flag_prompts(prompts, "mill-cluster", first[:1])] == ["code_only"]
    assert first[1].statement.endswith("(2.7).")


def test_aims_of_few_words_in_common_are_not_alike() -> None:
    assert aims_alike(["Better training for staff and governors", "Better results for pupils"]) == []
    assert {rule.point for rule in RULES.values()} >= {"2.3", "2.4", "2.6", "2.7", "2.12", "2.14"}
