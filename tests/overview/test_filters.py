"""What one may choose on the overview: what is read from an address, what it keeps, and how it is written back."""

from dataclasses import dataclass
from urllib.parse import parse_qsl

import pytest
from hypothesis import given
from hypothesis import strategies as some

from dashboard.academic_year import AcademicYear
from dashboard.overview.filters import NARROWING, Filters


@dataclass(frozen=True)
class Row:
    name: str
    programme: str | None = None
    cohort: str | None = None
    stages: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    flagged: tuple[str, ...] = ()
    watched: bool = False
    found: bool = True
    tenth: int | None = None


ROWS = [
    Row("A", "PSTT", "2014", ("Stage 2",), ("Wiltshire",), ("act", "low_attendance"), watched=True, tenth=0),
    Row("B", "PSTT", "2015", ("Stage 10",), ("Wiltshire", "Swindon"), ("look", "unspent"), tenth=9),
    Row("C", "Own", None, (), ("Swindon",), (), found=False, tenth=9),
    Row("D"),
]


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ("", "ABCD"),
        ("programme=PSTT", "AB"),
        ("programme=pstt&cohort=2015", "B"),
        ("stage=Stage+2", "A"),
        ("area=Swindon", "BC"),
        ("area=Swindon&area=Wiltshire", "AB"),
        ("flag=act", "A"),
        ("flag=unspent", "B"),
        ("flag=none", "CD"),
        ("watched=1", "A"),
        ("watched=yes", "ABCD"),
        ("q=anything", "ABD"),
        ("rate=0-10", "A"),
        ("rate=90-100", "BC"),
        ("rate=55-65&year=never&sort=up", "ABCD"),
        ("programme=Nobody%27s", ""),
        ("flag=no+such+rule", ""),
    ],
)
def test_what_each_choice_keeps(asked: str, kept: str) -> None:
    filters = Filters.read(dict(parse_qsl(asked)))
    assert "".join(row.name for row in filters.keep(ROWS)) == kept
    assert filters.narrows == (kept != "ABCD")


def test_the_choices_in_words() -> None:
    filters = Filters.read(
        {"programme": "PSTT", "flag": "low_attendance", "watched": "1", "q": " Dinton\0 ", "rate": "60-70",
         "year": "2016/17", "sort": "overdue"}
    )  # fmt: skip
    assert filters.words() == [
        ("Programme", "PSTT"), ("Flag", "School came to few meetings"), ("Clusters", "watched by you"),
        ("Search", "“Dinton”"), ("Attendance", "60 to 69 %"), ("Year", "2016-17"),
    ]  # fmt: skip
    assert Filters.read({"rate": "0-10"}).words() == [("Attendance", "0 to 9 %")]
    assert Filters.read({"rate": "90-100", "flag": "odd"}).words() == [("Flag", "odd"), ("Attendance", "90 to 100 %")]
    assert Filters().words() == []


def test_addresses_with_other_choices() -> None:
    filters = Filters(programme="A & B", area="Wiltshire", sort="overdue", year=AcademicYear(2016))
    assert filters.query() == "programme=A+%26+B&area=Wiltshire&sort=overdue&year=2016-17"
    assert filters.query(area="", sort="", watched=True) == "programme=A+%26+B&watched=1&year=2016-17"
    assert filters.without("programme") == "/?area=Wiltshire&sort=overdue&year=2016-17"
    assert filters.cleared == "/?sort=overdue&year=2016-17"
    assert Filters(q="x").without("q") == "/"
    assert Filters(q="x").address("/pack.pdf") == "/pack.pdf?q=x"


def test_what_is_offered() -> None:
    offers = Filters(area="Wiltshire").offers(ROWS)
    told = {name: [(option.words, option.clusters) for option in offer.options] for name, offer in offers.items()}
    assert told == {
        "cohort": [("2014", 1), ("2015", 1)],
        "stage": [("Stage 2", 1), ("Stage 10", 1)],
        "area": [("Swindon", 2), ("Wiltshire", 2)],
        "flag": [
            ("■ Needs action", 1), ("▲ Look at this", 1), ("Money not spent", 1), ("School came to few meetings", 1),
        ],
    }  # fmt: skip
    assert [option.value for option in offers["area"].options if offers["area"].is_chosen(option)] == ["Wiltshire"]
    # A value that no cluster has stays to be seen, so that it can be taken back.
    gone = Filters(programme="Gone").offers(ROWS)["programme"]
    assert [(option.value, option.clusters) for option in gone.options] == [("Gone", 0), ("Own", 1), ("PSTT", 2)]


@given(some.dictionaries(some.sampled_from([*NARROWING, "by", "sort", "year", "other"]), some.text(max_size=300)))
def test_nonsense_is_read_and_read_back_alike(choices: dict[str, str]) -> None:
    filters = Filters.read(choices)
    assert Filters.read(dict(parse_qsl(filters.query()))) == filters
    assert set(filters.keep(ROWS)) <= set(ROWS)
    assert len(filters.words()) == len(set(filters.words()))
    filters.offers(ROWS)
