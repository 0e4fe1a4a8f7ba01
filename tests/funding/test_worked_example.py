"""docs/worked-example.md is right: what its tables enter comes to what its tables say, to the penny."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Final

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Grant, Reader
from dashboard.audit import Actor
from dashboard.changes import Changes
from dashboard.db import Store
from dashboard.directory.queries import cluster_years, load_rule_sets
from dashboard.funding.commands import Ledger, LedgerBook
from dashboard.funding.entry import LineSaid
from dashboard.funding.flags import flag_pots
from dashboard.funding.queries import load_lines_to_check, load_pots, load_release_by_school
from dashboard.models import Cluster, Contribution, ImportBatch, LedgerLine, School
from dashboard.money import pence_from_text
from dashboard.settings import PROJECT_ROOT
from dashboard.vocabulary import (
    ContributionKind,
    LinePurpose,
    LineState,
    Part,
    Pot,
    Provenance,
    Role,
)
from tests import builders as put
from tests.builders import taken_back

DOCUMENT: Final = (PROJECT_ROOT / "docs" / "worked-example.md").read_text(encoding="utf-8")
RULES: Final = {
    rule["name"]: rule["value"]
    for rule in json.loads((PROJECT_ROOT / "data" / "programmes.json").read_text(encoding="utf-8"))[0]["rules"]
}
PARTS: Final = {
    "joint": Part.JOINT, "lead allowance": Part.LEAD_ALLOWANCE, "finance allowance": Part.FINANCE_ALLOWANCE,
    "release": Part.RELEASE,
}  # fmt: skip
HOLDERS: Final = {"lead school": Pot.LEAD_HELD, "school": Pot.SCHOOL_HELD, "schools": Pot.SCHOOL_HELD}
MONEY: Final = ("brought forward", "allocated", "spent", "committed", "left")
CLOSING: Final = date(2017, 8, 31)

Told = Mapping[str, str]


def table(heading: str) -> list[Told]:
    """The rows of the one table under a heading, by the words of its columns."""
    [section] = [each for each in DOCUMENT.split("\n## ") if each.startswith(f"{heading}\n")]
    lines = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    names = [cell.strip() for cell in lines[0]]
    return [dict(zip(names, (cell.strip() for cell in line), strict=True)) for line in lines[2:]]


def day_of(text: str) -> date:
    return datetime.strptime(text, "%d %B %Y").date()


@pytest.fixture
def entered(shared_store: Store) -> Iterator[Session]:
    """The store after everything in the document was entered, beside a decoy."""
    with taken_back(shared_store) as session:
        programme = put.programme(session, "Salisbury", **RULES)
        of, decoy = (put.cluster(session, name, under=programme) for name in ("Three Trees", "Decoy"))
        schools = {name: put.school(session, name, within=of) for name in _school_names()}
        for each in schools.values():
            put.membership(session, decoy, each)
            put.line(session, decoy, 9_999, year=2015, pot=Pot.SCHOOL_HELD, part=Part.RELEASE, by=each)
        put.allocation(session, decoy, 77_777, year=2015, part=Part.JOINT)
        _allocate(session, of, schools)
        _enter(session, of)
        yield session


def _school_names() -> list[str]:
    return list(dict.fromkeys(row["school"] for row in table("What was given") if row["school"]))


def _allocate(session: Session, of: Cluster, schools: Mapping[str, School]) -> None:
    changes = Changes(session, ImportBatch(kind="allocations", provenance=Provenance.RECORDED, file_name="by hand"))
    ledger = Ledger(changes, of)
    for row in table("What was given"):
        ledger.allocate(
            year=AcademicYear.parse(row["year"]),
            pot=HOLDERS[row["held by"]],
            part=PARTS[row["part"]],
            amount=pence_from_text(row["amount"]),
            school=schools.get(row["school"]),
        )
    session.flush()


def _book(session: Session, of: Cluster, on: date) -> LedgerBook:
    reader = Reader("B", (Grant(Role.BURSAR, cluster_id=of.id),), None, "bursar")
    return LedgerBook(session, Actor.of(reader, "203.0.113.9"), EVERYTHING, on)


def _enter(session: Session, of: Cluster) -> None:
    """Each line on its own day, through the commands that a form calls."""
    numbers: dict[str, int] = {}
    invoice = next(row for row in table("One session above the limit") if row["who pays"] == "the invoice")
    for row in table("What the lead school entered"):
        on = day_of(row["day"])
        book = _book(session, of, on)
        said = LineSaid(
            on, Pot.LEAD_HELD, PARTS[row["part"]], pence_from_text(row["net"]), pence_from_text(row["VAT"]),
            LineState(row["state"]), description=row["for"],
        )  # fmt: skip
        back = re.fullmatch(r"takes back line (\d+)", row["for"])
        if back:
            numbers[row["line"]] = book.reverse(numbers[back[1]], "The company paid it back", on)
        elif "session" in row["for"]:
            asked = LineSaid(
                on, said.pot, said.part, pence_from_text(invoice["net"]), pence_from_text(invoice["VAT"]),
                purpose=LinePurpose.CPD_SESSION,
            )  # fmt: skip
            members = [each.slug for each in session.scalars(sa.select(School))]
            numbers[row["line"]] = book.record_session(of.slug, asked, members)
        else:
            numbers[row["line"]] = book.record(of.slug, said)
        stored = session.get_one(LedgerLine, numbers[row["line"]])
        assert (stored.amount, stored.vat, stored.spent_on) == (said.amount, said.vat, on)
    for row in table("What the schools entered"):
        slug = session.scalars(sa.select(School.slug).where(School.name == row["school"])).one()
        for on in map(day_of, row["half days"].split(", ")):
            assert AcademicYear.of(on) == AcademicYear.parse(row["year"])
            half_day = LineSaid(on, Pot.SCHOOL_HELD, Part.RELEASE, 100_00, school=slug)
            _book(session, of, on).record(of.slug, half_day)
    session.flush()


def _cluster(session: Session) -> Cluster:
    return session.scalars(sa.select(Cluster).where(Cluster.name == "Three Trees")).one()


def _years(session: Session, year: int) -> sa.CTE:
    return cluster_years(EVERYTHING, CLOSING, year=AcademicYear(year), cluster_id=_cluster(session).id)


def _pots(session: Session, year: int) -> dict[tuple[Pot, Part], tuple[int, ...]]:
    pots = load_pots(session, EVERYTHING, _years(session, year), load_rule_sets(session))
    return {
        (row.pot, row.part): (row.brought_forward, row.allocated, row.spent, row.committed, row.remaining)
        for row in pots.itertuples()
    }


@pytest.mark.parametrize("year", [2015, 2016])
def test_the_books_of_each_year(entered: Session, year: int) -> None:
    told = {
        (HOLDERS[row["held by"]], PARTS[row["part"]]): tuple(pence_from_text(row[name]) for name in MONEY)
        for row in table(f"The books of {AcademicYear(year)}")
    }
    assert len(told) == 4
    assert _pots(entered, year) == told


def test_what_comes_into_the_third_year(entered: Session) -> None:
    told = {
        (HOLDERS[row["held by"]], PARTS[row["part"]]): pence_from_text(row["brought forward"])
        for row in table("What comes into 2017-18")
    }
    assert {key: money[0] for key, money in _pots(entered, 2017).items()} == told


def test_opening_and_in_less_out_is_the_closing(entered: Session) -> None:
    first, second = _pots(entered, 2015), _pots(entered, 2016)
    for row in table("Opening + in − out = closing"):
        key = (Pot.LEAD_HELD, PARTS[row["part"]])
        given = first[key][1] + second[key][1]
        gone = sum(first[key][2:4] + second[key][2:4])
        told = tuple(pence_from_text(row[name]) for name in ("opening", "in", "out", "closing"))
        assert told == (first[key][0], given, gone, second[key][4])
        assert told[0] + told[1] - told[2] == told[3]


@pytest.mark.parametrize("year", [2015, 2016])
def test_release_by_school(entered: Session, year: int) -> None:
    names = {each.id: each.name for each in entered.scalars(sa.select(School))}
    release = load_release_by_school(entered, EVERYTHING, _years(entered, year))
    assert {
        names[row.school_id]: (row.half_days, row.spent, row.allocated - row.spent - row.committed)
        for row in release.itertuples()
    } == {
        row["school"]: (int(row["half days"]), pence_from_text(row["spent"]), pence_from_text(row["left"]))
        for row in table("Release by school")
        if row["year"] == str(AcademicYear(year))
    }


def test_the_session_is_shared_to_the_penny(entered: Session) -> None:
    invoice, pot, *schools = table("One session above the limit")
    shares = entered.execute(
        sa.select(School.name, Contribution.amount, Contribution.vat)
        .join(School, School.id == Contribution.school_id)
        .where(Contribution.kind == ContributionKind.CPD_EXCESS)
    )
    told = {row["who pays"]: (pence_from_text(row["net"]), pence_from_text(row["VAT"])) for row in schools}
    assert {name: (net, vat) for name, net, vat in shares} == told
    for name in ("net", "VAT"):
        assert pence_from_text(invoice[name]) == sum(pence_from_text(row[name]) for row in (pot, *schools))


def test_what_is_asked_about(entered: Session) -> None:
    rules = load_rule_sets(entered)
    pots = load_pots(entered, EVERYTHING, _years(entered, 2016), rules)
    lines = load_lines_to_check(entered, EVERYTHING, _years(entered, 2016), rules, CLOSING, pots)
    flags = flag_pots(
        list(pots.itertuples()), "three-trees", AcademicYear(2016), CLOSING, rules[_cluster(entered).programme_id],
        list(lines.itertuples()),
    )  # fmt: skip
    entries = {row["for"]: row["line"] for row in table("What the lead school entered")}
    found = [
        (
            flag.rule,
            flag.subject,
            [entries[entered.get_one(LedgerLine, row["line"]).description or ""] for row in flag.rows],
        )
        for flag in flags
    ]
    told = table("What the dashboard asks about on 31 August 2017")
    assert found == [(row["flag"], str(PARTS[row["part"]]), [row["line"]]) for row in told]


def test_the_sums_that_the_document_writes_out_are_right() -> None:
    """Each "a + b − c = d" in its text, whatever else stands around it."""
    number = r"\d[\d,]*\.\d\d"
    sums = re.findall(rf"({number}(?: [+−] {number})+) = ({number})", DOCUMENT)
    assert len(sums) >= 8
    for terms, result in sums:
        signed = terms.replace(",", "").replace(" + ", " ").replace(" − ", " -").split()
        assert sum(map(pence_from_text, signed)) == pence_from_text(result), terms
