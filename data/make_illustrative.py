"""Writes the illustrative files in `data/illustrative/`: registers, events, a joint pot, ledgers
and plans.

The stories stand in `illustrative_stories.py`; dates and amounts come from a fixed seed, so a second run writes
the same bytes. Run as `python data/make_illustrative.py`.
"""

import csv
import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import NamedTuple

import xlsxwriter
from illustrative_stories import (
    AFTER_SCHOOL,
    DEAR_COVER,
    DEAR_SESSION,
    EAST,
    EVENTS,
    LEAMINGTON,
    LEVY,
    OTHER_LINES,
    PLACES,
    PLAIN,
    PLANS,
    QUALITY_MARKS,
    REGISTERS,
    RURAL,
    SHARES_SPENT,
    SOMEBODY_ELSE_EACH_TIME,
    STEERING_GROUP,
    TRAINING,
    USES,
    WEST,
    WITHOUT_CLAIMS,
    WORKGROUPS,
)

DATA = Path(__file__).parent
OUT = DATA / "illustrative"
SEED = 2015
WORKBOOK_DATE = datetime(2017, 8, 31)

# Weeks well inside the half terms: autumn 1 and 2, spring 1 and 2, summer. No bank holiday falls into them.
HALF_TERMS: dict[str, tuple[tuple[date, date], ...]] = {
    "2015-16": (
        (date(2015, 9, 21), date(2015, 10, 15)),
        (date(2015, 11, 9), date(2015, 12, 4)),
        (date(2016, 1, 18), date(2016, 2, 5)),
        (date(2016, 2, 29), date(2016, 3, 17)),
        (date(2016, 6, 13), date(2016, 7, 7)),
    ),
    "2016-17": (
        (date(2016, 9, 19), date(2016, 10, 13)),
        (date(2016, 11, 7), date(2016, 12, 2)),
        (date(2017, 1, 16), date(2017, 2, 3)),
        (date(2017, 2, 27), date(2017, 3, 24)),
        (date(2017, 6, 12), date(2017, 7, 6)),
    ),
}
WITHOUT_SPRING_2 = (WEST, "2016-17")
MEETING_DAYS = (1, 2, 3)
"""Tuesday to Thursday."""

WORDS = {"P": "present", "S": "substitute", "A": "apologies", "N": "absent", "-": "n/a", ".": ""}
NOTES = {"S": "a class teacher came for the science lead", ".": "sheet not handed in"}

PER_SCHOOL = {"A": Decimal("240.00"), "B": Decimal("160.00"), "coordinator": Decimal("80.00")}
RESOURCES_PER_SCHOOL = Decimal("30.00")
LEAD_ALLOWANCE = Decimal("300.00")
FINANCE_ALLOWANCE = Decimal("120.00")
CPD_SESSION = Decimal("400.00")
DEAR_CPD_SESSION = Decimal("520.00")
DEAR_HALF_DAY = Decimal("110.00")
HALF_DAYS = (Decimal("100.00"),) * 6 + (Decimal("95.00"), Decimal("90.00"))
VAT = Decimal("0.20")
USES_WITH_VAT = ("B1", "B2", "B3", "B4", "B6", "B7")
CLOSING_STATES = {"A": "committed", "B": "invoiced", "coordinator": "requested", "release": "invoiced"}
"""How far a line of June or July 2017 has got, by part; everything else is paid."""
PREFIXES = {PLAIN: "SPC", RURAL: "ESR", WEST: "WSC", EAST: "ESC"}

PLAN_HEADINGS = (
    "Target",
    "Links to Aims",
    "Success Criteria",
    "Organisation/Expenditure",
    "Monitoring/Personnel",
    "Evaluation/Evidence",
    "Impact",
    "Next Steps/Future Targets",
    "code",
    "due",
    "owner",
    "status",
)


class Line(NamedTuple):
    """A line of a ledger before it has its cluster and its reference."""

    date: date
    pot: str
    part: str
    use_code: str
    supplier: str
    description: str
    amount: Decimal
    school: str = ""
    vat: Decimal = Decimal("0.00")
    state: str = "paid"
    purpose: str = ""


LEDGER_HEADINGS = (
    "cluster",
    "school",
    "date",
    "pot",
    "part",
    "use_code",
    "purpose",
    "supplier",
    "description",
    "reference",
    "amount",
    "vat",
    "state",
    "meeting",
    "target",
)

WORKGROUP_HEADINGS = ("cluster", "school", "name", "work_email", "roles", "year_groups", "from", "to", "replaces")
EVENT_HEADINGS = ("cluster", "school", "person", "event", "date", "until", "review", "reviewed", "replaced_by")


def read_members() -> dict[str, list[str]]:
    """The schools of each cluster that has a story, in the order of schools.csv."""
    members: dict[str, list[str]] = {cluster: [] for cluster in (*REGISTERS, LEAMINGTON)}
    with (DATA / "schools.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["cluster"] in members:
                members[row["cluster"]].append(row["name"])
    return members


def file_name(kind: str, cluster: str, ending: str, year: str = "") -> Path:
    slug = cluster.removeprefix("The ").lower().replace(" ", "-")
    return OUT / ("-".join(filter(None, (kind, slug, year, "illustrative"))) + "." + ending)


def write_csv(path: Path, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)


def write_xlsx(path: Path, sheet_name: str, rows: Sequence[Sequence[object]]) -> None:
    """A workbook of one sheet; dates and amounts are real cells, not text."""
    with xlsxwriter.Workbook(path) as book:
        book.set_properties({"created": WORKBOOK_DATE})
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        money = book.add_format({"num_format": "0.00"})
        sheet = book.add_worksheet(sheet_name)
        for number, row in enumerate(rows):
            for column, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(number, column, value, day)
                elif isinstance(value, Decimal):
                    sheet.write_number(number, column, float(value), money)
                elif value != "":
                    sheet.write_string(number, column, str(value))


def pick_day(rng: Random, first: date, last: date, weekdays: Sequence[int] = range(5)) -> date:
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return rng.choice([day for day in days if day.weekday() in weekdays])


def meeting_dates(rng: Random, cluster: str, year: str) -> list[date]:
    """One meeting in each half term and one in the summer."""
    dates = [pick_day(rng, first, last, MEETING_DAYS) for first, last in HALF_TERMS[year]]
    if (cluster, year) == WITHOUT_SPRING_2:
        del dates[3]
    return dates


def write_register(cluster: str, year: str, schools: list[str], dates: list[date]) -> None:
    marks = REGISTERS[cluster][year]
    if cluster == PLAIN or (cluster, year) == TRAINING[:2]:
        write_csv(file_name("register", cluster, "csv", year), long_register(cluster, year, schools, dates, marks))
    elif cluster == RURAL:
        write_xlsx(file_name("register", cluster, "xlsx", year), "Attendance", matrix(schools, dates, marks))
    else:
        write_csv(file_name("register", cluster, "csv", year), matrix(schools, dates, marks))


def matrix(schools: list[str], dates: list[date], marks: Sequence[str]) -> list[list[object]]:
    """School down, dates across."""
    rows: list[list[object]] = [["school", *dates]]
    for school, row in zip(schools, marks, strict=True):
        rows.append([school, *("" if mark == "." else mark for mark in row)])
    return rows


def long_register(
    cluster: str, year: str, schools: list[str], dates: list[date], marks: Sequence[str]
) -> list[list[object]]:
    """One line per meeting and school, meeting by meeting."""
    timed = (cluster, year) == AFTER_SCHOOL[:2]
    rows: list[list[object]] = [
        ["cluster", "school", "person", "date", "kind", *(["in_school_time"] if timed else []), "mark", "note"]
    ]
    for number, day in enumerate(dates):
        kind = "training" if (cluster, year, number) == TRAINING else "cluster"
        when = ["after school" if number in AFTER_SCHOOL[2] else "in school"] if timed else []
        for school, row in zip(schools, marks, strict=True):
            mark = row[number]
            person = f"Colleague {number + 1} (illustrative)" if (school, year) == SOMEBODY_ELSE_EACH_TIME else ""
            rows.append([cluster, school, person, day, kind, *when, WORDS[mark], NOTES.get(mark, "")])
    return rows


def write_steering_group(schools: list[str]) -> None:
    """Who came to the steering group of Leamington."""
    rows: list[list[object]] = [["cluster", "school", "date", "kind", "mark"]]
    for day, marks in STEERING_GROUP.items():
        rows += [
            [LEAMINGTON, school, day, "steering group", WORDS[mark]]
            for school, mark in zip(schools, marks, strict=True)
        ]
    write_csv(OUT / "steering-group-leamington-2009-10-illustrative.csv", rows)


def write_joint_pot(members: dict[str, list[str]]) -> None:
    rows: list[list[object]] = [["cluster", "school", "year", "pot", "part", "amount"]]
    for year in HALF_TERMS:
        for cluster, schools in members.items():
            for part, amount in PER_SCHOOL.items():
                rows.append([cluster, "", year, "lead_held", part, amount * len(schools)])
            rows.append([cluster, "", year, "trust_held", "resources", RESOURCES_PER_SCHOOL * len(schools)])
    cluster, year, amount = LEVY
    rows.append([cluster, "", year, "lead_held", "levy", amount])
    write_csv(OUT / "joint-pot-illustrative.csv", rows)


def split_amount(rng: Random, total: Decimal, parts: int) -> list[Decimal]:
    """The total in unequal parts of whole half pounds; the last one takes what is left over."""
    weights = [rng.uniform(0.8, 1.2) for _ in range(parts)]
    halves = [int(total * 2 * Decimal(weight / sum(weights))) for weight in weights[:-1]]
    amounts = [Decimal(half) / 2 for half in halves]
    return [amount.quantize(Decimal("0.01")) for amount in (*amounts, total - sum(amounts))]


def joint_pot_line(rng: Random, year: str, half_term: int, part: str, use: str, amount: Decimal) -> Line:
    supplier, description = USES[use]
    return Line(
        date=pick_day(rng, *HALF_TERMS[year][half_term]),
        pot="lead_held",
        part=part,
        use_code=use,
        supplier=supplier,
        description=description,
        amount=amount,
        vat=(amount * VAT).quantize(Decimal("0.01")) if use in USES_WITH_VAT else Decimal("0.00"),
        state=closing_state(year, half_term, part),
        purpose="cpd_session" if use == "B6" else "",
    )


def closing_state(year: str, half_term: int, part: str) -> str:
    is_last = year == max(HALF_TERMS) and half_term == len(HALF_TERMS[year]) - 1
    return CLOSING_STATES.get(part, "paid") if is_last else "paid"


def joint_pot_lines(rng: Random, cluster: str, year: str, size: int) -> list[Line]:
    """Parts A, B and coordinator; a training session costs the most the guidance allows."""
    share_a, share_b, share_c = (Decimal(share) for share in SHARES_SPENT[cluster][year])
    sessions = 2 if size >= 8 else 1
    lines = [joint_pot_line(rng, year, 1 + 2 * n, "B", "B6", session_cost(cluster, year, n)) for n in range(sessions)]
    targets = (
        ("A", ("A1", "A2", "A3", "A4", "A5"), (0, 2, 4), PER_SCHOOL["A"] * size * share_a),
        ("B", ("B1", "B2", "B3", "B4", "B5", "B7"), (0, 4), PER_SCHOOL["B"] * size * share_b - CPD_SESSION * sessions),
        ("coordinator", ("C1", "C2", "C3"), (1, 4), PER_SCHOOL["coordinator"] * size * share_c),
    )
    for part, codes, half_terms, total in targets:
        uses = sorted(rng.sample(codes, len(half_terms)))
        for half_term, use, amount in zip(half_terms, uses, split_amount(rng, total, len(half_terms)), strict=True):
            lines.append(joint_pot_line(rng, year, half_term, part, use, amount))
    return lines


def session_cost(cluster: str, year: str, number: int) -> Decimal:
    return DEAR_CPD_SESSION if (cluster, year, number) == DEAR_SESSION else CPD_SESSION


def other_lines(cluster: str) -> list[Line]:
    """The lines of the stories that stand by themselves."""
    return [
        Line(
            date=date.fromisoformat(told["date"]),
            pot=told["pot"],
            part=told["part"],
            use_code=told.get("use_code", ""),
            supplier=told["supplier"],
            description=told["description"],
            amount=Decimal(told["amount"]),
            school=told.get("school", ""),
            purpose=told.get("purpose", ""),
        )
        for told in OTHER_LINES.get(cluster, ())
    ]


def standing_lines(rng: Random, year: str, size: int) -> list[Line]:
    """The two allowances of the lead school and what the Trust sends."""
    spring, summer = HALF_TERMS[year][3], HALF_TERMS[year][4]
    lead = "Lead school (illustrative)"
    resources = RESOURCES_PER_SCHOOL * size * rng.choice((5, 6, 7)) / 10
    return [
        Line(pick_day(rng, *spring), "lead_held", "lead_allowance", "", lead, "Cluster lead's time", LEAD_ALLOWANCE),
        Line(pick_day(rng, *summer), "lead_held", "finance_allowance", "", lead, "Keeping accounts", FINANCE_ALLOWANCE),
        Line(
            pick_day(rng, *HALF_TERMS[year][1]),
            "trust_held",
            "resources",
            "",
            "Trust office (illustrative)",
            "Resource packs sent to the schools",
            resources.quantize(Decimal("0.01")),
        ),
    ]


def release_lines(rng: Random, cluster: str, year: str, schools: list[str], dates: list[date]) -> list[Line]:
    """A half day of supply cover for each meeting that a claiming school came to."""
    lines = []
    for school, marks in zip(schools, REGISTERS[cluster][year], strict=True):
        for number, (day, mark) in enumerate(zip(dates, marks, strict=True)):
            if school in WITHOUT_CLAIMS or mark not in "PS":
                continue
            usual = rng.choice(HALF_DAYS)
            lines.append(
                Line(
                    date=day,
                    pot="school_held",
                    part="release",
                    use_code="",
                    supplier="Supply agency (illustrative)",
                    description="Half a day of supply cover for a cluster meeting",
                    amount=DEAR_HALF_DAY if (school, year, number) == DEAR_COVER else usual,
                    school=school,
                    state=closing_state(year, half_term_of(year, day), "release"),
                )
            )
    return lines


def half_term_of(year: str, day: date) -> int:
    return next(n for n, (first, last) in enumerate(HALF_TERMS[year]) if first <= day <= last)


def reversed_line(lines: list[Line]) -> Line:
    """The first resources of the ledger, entered a second time and taken out again."""
    first = min(line for line in lines if line.part == "B" and line.use_code != "B6")
    return first._replace(description=f"{first.description} (entered twice)", state="reversed")


def ledger(cluster: str, lines: list[Line]) -> list[list[object]]:
    """Headings and lines by date, with a running reference per cluster."""
    prefix = PREFIXES.get(cluster, "SAC")
    rows: list[list[object]] = [list(LEDGER_HEADINGS)]
    for number, line in enumerate(sorted(lines), start=1):
        cells = line._asdict() | {"cluster": cluster, "reference": f"{prefix}-{number:03}"}
        rows.append([cells.get(heading, "") for heading in LEDGER_HEADINGS])
    return rows


def write_ledger(cluster: str, lines: list[Line]) -> None:
    rows = ledger(cluster, lines)
    if cluster == EAST:
        write_xlsx(file_name("spend", cluster, "xlsx"), "Ledger", rows)
    else:
        write_csv(file_name("spend", cluster, "csv"), rows)


def write_plan(cluster: str) -> None:
    rows = [["\n".join(cell) if isinstance(cell, tuple) else cell for cell in target] for target in PLANS[cluster]]
    write_csv(file_name("plan", cluster, "csv", "2016-17"), [PLAN_HEADINGS, *rows])


def write_workgroup(cluster: str, rows: Iterable[Sequence[str]]) -> None:
    write_csv(
        file_name("workgroup", cluster, "csv", "2016-17"), [WORKGROUP_HEADINGS, *((cluster, *row) for row in rows)]
    )


def write_events() -> None:
    rows = [[event.get(heading, "") for heading in EVENT_HEADINGS] for event in EVENTS]
    write_csv(OUT / "events-illustrative.csv", [EVENT_HEADINGS, *rows])


def write_quality_marks() -> None:
    write_csv(OUT / "quality-marks-illustrative.csv", [("name", "quality_mark"), *QUALITY_MARKS.items()])


def write_rules() -> None:
    """The number that the guidance leaves open."""
    rule = {
        "name": "psqm_places",
        "value": str(PLACES),
        "unit": "count",
        "source": "4.8",
        "statement": "The way to the quality mark is paid for a limited number of schools; this number is made up.",
    }
    rules = [{"name": "Salisbury Cluster Project", "rules": [rule]}]
    (OUT / "rules-illustrative.json").write_text(json.dumps(rules, indent=2) + "\n", encoding="utf-8")


def write_cluster(rng: Random, cluster: str, schools: list[str]) -> None:
    lines: list[Line] = []
    for year in HALF_TERMS:
        dates = meeting_dates(rng, cluster, year)
        write_register(cluster, year, schools, dates)
        lines += joint_pot_lines(rng, cluster, year, len(schools))
        lines += standing_lines(rng, year, len(schools))
        lines += release_lines(rng, cluster, year, schools, dates)
    write_ledger(cluster, [*lines, reversed_line(lines), *other_lines(cluster)])
    write_plan(cluster)


def main() -> None:
    OUT.mkdir(exist_ok=True)
    members = read_members()
    write_steering_group(members.pop(LEAMINGTON))
    write_joint_pot(members)
    for cluster, rows in WORKGROUPS.items():
        write_workgroup(cluster, rows)
    write_events()
    write_quality_marks()
    write_rules()
    for cluster, schools in members.items():
        # Each cluster has its own numbers, so a change to one story leaves the other files alone.
        write_cluster(Random(f"{SEED} {cluster}"), cluster, schools)  # noqa: S311 - sample data, no secret


if __name__ == "__main__":
    main()
