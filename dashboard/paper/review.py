"""The annual review of the summer meeting (4.11): the year in figures, what came of it, and what next year begins with.

Activity is not impact (2.12): what was done stands apart from what changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.decisions.queries import DecisionFacts
from dashboard.directory.view import View
from dashboard.engagement.queries import load_sizes
from dashboard.funding.panels.roll_over import ROLL_OVER
from dashboard.paper import sections
from dashboard.paper.blocks import Block, Column, Heading, Paper, Points, Table, Text
from dashboard.paper.facts import ATTENDANCE, MONEY, PLAN, Facts, load_facts
from dashboard.paper.sections import pounds
from dashboard.plans import queries as plans
from dashboard.plans.panels import PROMPTS
from dashboard.plans.queries.next_year import DraftRow, StepsRow
from dashboard.shown_figures import ShownFigure
from dashboard.vocabulary import Severity, TargetStatus
from dashboard.wording import counted, day, of, sentence, share, share_of

_MOST_QUESTIONS: Final = 12


@dataclass(frozen=True)
class Review:
    """What the review of one cluster's year is made from."""

    facts: Facts
    held: int
    """Cluster meetings up to the day, of `minimum` that the programme asks for; None where it asks for none (4.18)."""
    minimum: int | None
    rolled: str
    """What went on into the next year, or is left so far (4.10)."""
    impact: Mapping[str, Sequence[str]]
    """By the code of each target, the lines of what changed."""
    steps: Sequence[StepsRow]
    drafts: Sequence[DraftRow]
    asked: Sequence[str]
    """What a careful reader would ask of the plan."""

    @property
    def next_year(self) -> AcademicYear:
        """The year that follows."""
        return AcademicYear(self.facts.view.year.start + 1)

    @property
    def decided(self) -> list[DecisionFacts]:
        """What was decided within the year, in the order in which it was."""
        year = self.facts.view.year
        within = [each for each in self.facts.decisions or () if year.starts <= each.decided_on <= year.ends]
        return sorted(within, key=lambda each: (each.decided_on, each.decision_id))


def load_review(session: Session, view: View) -> Review:
    """The review of a view of one cluster that is seen whole."""
    facts = load_facts(session, view, decisions=True)
    sizes = load_sizes(session, view.scope, view.cluster_years, view.as_of)
    rolled, asked = ROLL_OVER.load(session, view), PROMPTS.load(session, view)
    targets = {row.target_id: row.code for row in _targets(facts)}
    outcomes = plans.load_outcomes(session, view.scope, view.cluster_years)
    cluster_id, following = facts.cluster.id, AcademicYear(view.year.start + 1)
    return Review(
        facts,
        int(sizes["held"].sum()),
        view.rules.count("meetings_minimum"),
        "" if ROLL_OVER.is_empty(rolled) else ROLL_OVER.headline(rolled, view),
        {targets[row.target_id]: [line.text for line in row.impact or ()] for row in outcomes.itertuples()},
        plans.load_next_steps(session, view.scope, cluster_id, view.year),
        plans.load_drafts(session, view.scope, cluster_id, following),
        [f"{each.code}: {each.message}" if each.code else each.message for each in asked.prompts],
    )


def _targets(facts: Facts) -> list[Any]:
    data = facts.said[PLAN].data
    return [] if data is None else list(data.targets.itertuples())


def figures_of(review: Review) -> list[ShownFigure]:
    """The year in figures, as printed: what a decision of the review may be kept with."""
    report, at_least = review.facts.report, review.minimum
    engagement, funding, plan = report["engagement"], report["funding"], report["plan"]
    held = f"{review.held} of at least {at_least}" if at_least is not None else str(review.held)
    found = [
        ShownFigure("Cluster meetings held", held, "meetings"),
        ShownFigure("Meetings with a register", str(engagement["meetings_held"]), "meetings of every kind"),
    ]
    if review.facts.said[ATTENDANCE].data is not None:
        came = of(engagement["attended"], engagement["expected"])
        found += [
            ShownFigure("Attendance", share(engagement["rate"]), f"{came} times that schools were expected"),
            ShownFigure("Marks not recorded", str(engagement["not_recorded"]), "marks"),
        ]
    if review.facts.said[MONEY].data is not None:
        found += [
            ShownFigure("Allocated", pounds(funding["allocated"]), "held by the lead school, net of VAT"),
            ShownFigure("Spent", pounds(funding["spent"]), f"{share(funding['spent_share'])} of what was available"),
            ShownFigure("Left", pounds(funding["remaining"]), "held by the lead school, net of VAT"),
        ]
    if review.facts.said[PLAN].data is not None:
        states = {name: sum(each["criteria"][name] for each in plan["targets"]) for name in ("not_met", "no_evidence")}
        with_impact = sum(1 for each in plan["targets"] if review.impact.get(each["code"]))
        found += [
            ShownFigure("Success criteria met", of(plan["criteria_met"], plan["criteria_total"]), "criteria"),
            ShownFigure("Not met", str(states["not_met"]), "criteria"),
            ShownFigure("Without evidence", str(states["no_evidence"]), "criteria"),
            ShownFigure("Targets with an impact written", of(with_impact, len(plan["targets"])), "targets"),
        ]
    return found


def review_paper(review: Review) -> Paper:
    """The review as a paper: the same parts on the page and in the document."""
    facts = review.facts
    return Paper(
        title=f"{facts.cluster.name}: annual review {facts.view.year}",
        running=f"{facts.cluster.name} · annual review {facts.view.year}",
        about=[("Academic year", str(facts.view.year)), ("As of", day(facts.view.as_of))],
        blocks=list(_blocks(review)),
        notes=sections.say_illustrative(facts),
    )


def _blocks(review: Review) -> Iterator[Block]:
    yield Heading("The year in figures")
    yield Points([*_meetings(review), *review.facts.headlines, *([review.rolled] if review.rolled else [])])
    yield Table(
        [Column("What", 2.4), Column("Figure", 1.4, number=True), Column("Measure", 3.2)],
        [[each.label, each.value, each.unit] for each in figures_of(review)],
        "The year in figures",
    )
    yield from _who_came(review.facts)
    yield from _plan(review)
    yield from _impact(review)
    yield from _decisions(review)
    yield from _next_year(review)
    yield from _questions(review)


def _meetings(review: Review) -> list[str]:
    """The meetings against what was agreed (4.18)."""
    held = sentence(counted(review.held, "cluster meeting"))
    if review.minimum is None:
        return [f"{held} {'is' if review.held == 1 else 'are'} on record."]
    short = review.minimum - review.held
    least = f"at least {review.minimum} were agreed"
    return [f"{held} held; {least}{f', {short} fewer than that' if short > 0 else ''}."]


def _who_came(facts: Facts) -> Iterator[Block]:
    yield Heading("Who came")
    said = facts.said[ATTENDANCE]
    yield Text(said.headline, strong=True)
    if said.data is not None:
        yield Table(
            [Column("School", 4), Column("Came", 1, number=True), Column("Rate", 1, number=True)],
            [
                [each["name"], of(each["attended"], each["expected"]) if each["expected"] else "no marks",
                 share(each["rate"])]
                for each in facts.report["engagement"]["schools"]
            ],
            "Who came",
        )  # fmt: skip


def _plan(review: Review) -> Iterator[Block]:
    said, targets = review.facts.said[PLAN], review.facts.report["plan"]["targets"]
    yield Heading("What was promised")
    yield Text(said.headline, strong=True)
    if said.data is not None:
        yield Table(
            [Column("Target", 4), Column("Status", 1.6), Column("Met", 1, number=True),
             Column("Not met", 1, number=True), Column("No evidence", 1.2, number=True)],
            [
                [sections.target_name(each), sections.status_words(each["status"]),
                 of(each["criteria"]["met"], each["criteria"]["total"]), str(each["criteria"]["not_met"]),
                 str(each["criteria"]["no_evidence"])]
                for each in targets
            ],
            "Targets and their success criteria",
        )  # fmt: skip


def _impact(review: Review) -> Iterator[Block]:
    targets = review.facts.report["plan"]["targets"]
    if not targets:
        return
    told = [each for each in targets if review.impact.get(each["code"])]
    verb = "has" if len(told) == 1 or len(targets) == 1 else "have"
    yield Heading("What changed")
    yield Text(f"{sentence(share_of(len(told), len(targets), 'target'))} {verb} an impact written.", strong=True)
    yield Text("Impact is what changed for children and staff. What was done is not counted as impact.", quiet=True)
    for each in told:
        yield Heading(sections.target_name(each), 2)
        yield Points(list(review.impact[each["code"]]))


def _decisions(review: Review) -> Iterator[Block]:
    as_of, still = review.facts.view.as_of, review.facts.open_decisions
    yield Heading("What was decided")
    if review.decided:
        caption = f"Decided in {review.facts.view.year}"
        yield Text(f"{sentence(counted(len(review.decided), 'decision or action', 'decisions and actions'))} "
                   f"noted in {review.facts.view.year}.", strong=True)  # fmt: skip
        yield sections.decision_table(review.decided, as_of, caption)
    else:
        yield Text(f"No decision was noted in {review.facts.view.year}.", strong=True)
    earlier = [each for each in still if each not in review.decided]
    if earlier:
        yield Heading("Still open from other years", 2)
        yield sections.decision_table(earlier, as_of, "Still open from other years")


def _next_year(review: Review) -> Iterator[Block]:
    facts = review.facts
    undone = [each for each in facts.report["plan"]["targets"] if each["status"] != TargetStatus.ACHIEVED]
    steps = [(row, line.text) for row in review.steps for line in row.lines]
    points = [
        *_left(review),
        *(f"{sections.target_name(each)} is not achieved yet." for each in undone),
        *(f"Next step of {row.code}: {words}" for row, words in steps),
        *(f"Draft for {review.next_year}: {row.title}" for row in review.drafts),
    ]
    if facts.cluster.ends is not None:
        ended = facts.cluster.ends < facts.view.as_of
        points.append(f"The cluster’s agreement {'ended' if ended else 'ends'} on {day(facts.cluster.ends)}.")
    yield Heading(f"What {review.next_year} begins with")
    yield Points(points) if points else Text("Nothing is recorded that goes on into the next year.")


def _left(review: Review) -> list[str]:
    """What the lead school goes on with: the pot rolls over, a deficit too, unless the programme says other (4.10)."""
    facts = review.facts
    if facts.said[MONEY].data is None or not facts.view.rules.yes("roll_over"):
        return []
    left = facts.report["funding"]["remaining"]
    return [f"{pounds(left)} of the money that the lead school holds, as it stands today."]


def _questions(review: Review) -> Iterator[Block]:
    acts = [
        f"{each['message']}. What do we do about it?"
        for each in sections.flags_of(review.facts)
        if each["severity"] == Severity.ACT
    ]
    asked = [each if each.endswith("?") else f"{sentence(each)}." for each in review.asked]
    questions = [*acts, *asked][:_MOST_QUESTIONS]
    gate = ["Do all schools wish to go on, and what does the report for the next stage need?"]
    yield Heading("Questions for the meeting")
    yield Points([*questions, *gate])


def name_of(review: Review) -> str:
    """The name of the file without its ending."""
    facts = review.facts
    parts = ("annual-review", facts.cluster.slug, str(facts.view.year), "illustrative" if facts.made_up else "")
    return "-".join(part for part in parts if part)
