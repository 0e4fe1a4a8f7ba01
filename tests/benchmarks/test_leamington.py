"""The sample's Leamington tables: precisely the contradictions of 1.9 and the names of 1.10, on both databases."""

from datetime import date

from dashboard.academic_year import AcademicYear
from dashboard.access import EVERYTHING, Scope, reading
from dashboard.benchmarks.checks import Check
from dashboard.benchmarks.figures import build_tables, looks_of, pair_up
from dashboard.benchmarks.names import PrintedName, look_at_names
from dashboard.benchmarks.queries import load_aliases, load_figures, load_members_ever
from dashboard.benchmarks.sentences import say_contradiction, say_headlines
from dashboard.benchmarks.words import Look
from tests.benchmarks.world import TODAY, YEAR, World

ACROSS = "Income per pupil"


def names(world: World) -> list[PrintedName]:
    with reading(world.walled, EVERYTHING) as session:
        figures = load_figures(session, EVERYTHING, TODAY, cluster_id=world.cluster)
        aliases = load_aliases(session, EVERYTHING, world.cluster)
        members = load_members_ever(session, EVERYTHING, world.cluster)
    return look_at_names({each.label: each.school_name for each in figures}, aliases, members)


def test_precisely_these_figures_contradict_others(world: World) -> None:
    assert [(each.label, each.measure, int(each.off), each.severity.value) for each in world.found()] == [
        ("Milverton", "TOTAL INCOME", 1, "info"),
        ("Fircroft", "TOTAL INCOME", 1, "info"),
        ("Lilington", "TOTAL INCOME", 1, "info"),
        ("Our Lady's", "TOTAL INCOME", 2, "info"),
        ("Netona", "TOTAL INCOME", -100, "look"),
        ("Lilington", ACROSS, 4529 - 6360, "look"),
        ("Telford I", ACROSS, 2200 - 3436, "look"),
        ("St Pauls", ACROSS, 2400 - 3612, "look"),
    ]
    across = {each.label: str(each.percent) for each in world.found() if each.check is Check.ACROSS}
    assert across == {"Lilington": "-28.8", "Telford I": "-36.0", "St Pauls": "-33.6"}


def test_they_are_told_with_their_numbers(world: World) -> None:
    told = {(each.label, each.measure): say_contradiction(each) for each in world.found()}
    assert told["Netona", "TOTAL INCOME"] == (
        "Grant Funding 3,983 and Self Generated Income 177 add up to 4,160; TOTAL INCOME is printed as 4,060. "
        "The sum is 100 over."
    )
    assert told["Our Lady's", "TOTAL INCOME"].endswith("The sum is 2 short.")
    assert told["Telford I", ACROSS] == (
        "Income per pupil is printed as 2,200, TOTAL INCOME as 3,436. If both are per pupil, the first differs by "
        "−36.0 %."
    )


def test_precisely_these_names_want_a_person(world: World) -> None:
    assert {each.label: each.standing.value for each in names(world)} == {
        "Milverton": "same", "Fircroft": "unmatched", "St Peters": "same", "Lilington": "variant", "Our Lady's": "same",
        "Cubbridge": "unmatched", "Telford I": "variant", "Telford J": "variant", "St Pauls": "same",
        "Netona": "unmatched",
    }  # fmt: skip
    near = {each.label: [member.name for member in each.near] for each in names(world) if each.asks}
    assert near == {
        "Fircroft": [], "Lilington": ["Lillington Primary School"], "Cubbridge": ["Cubbington C of E Primary School"],
        "Telford I": ["Telford Infant School"], "Telford J": ["Telford Junior School"], "Netona": [],
    }  # fmt: skip


def test_the_headlines_count_them(world: World) -> None:
    assert say_headlines(YEAR, 10, None, pair_up(world.found(), ()), names(world)) == [
        "Figures of 2009-10 from ten schools stand side by side.",
        "Eight printed figures contradict others, four by what may be rounding; none has been answered yet.",
        "Six printed names wait for a person to say whose.",
    ]


def test_the_tables_are_as_complete_as_they_were_printed(world: World) -> None:
    with reading(world.walled, EVERYTHING) as session:
        figures = load_figures(session, EVERYTHING, TODAY, cluster_id=world.cluster, year=YEAR)
    first, second = build_tables(figures, pair_up(world.found(), ()))
    assert first.completeness == "Three rows for ten schools: all full."
    assert second.completeness == (
        "Twelve rows for nine schools: six full, two partly filled (6 of 9 and 3 of 9), four empty."
    )
    assert "Netona" not in [column.label for column in second.columns]
    income = {cell.label: (cell.words, cell.beside) for cell in first.rows[2].cells}
    assert income["Netona"] == ("4,060", "contradicts another")
    assert income["Milverton"] == ("3,184", "may be rounding")
    assert income["Cubbridge"] == ("3,871", "")
    lettings = {cell.label: cell.words for row in second.rows if "Lettings" in row.measure for cell in row.cells}
    assert (lettings["Fircroft"], lettings["Lilington"]) == ("87.5", "not supplied")
    assert looks_of(figures) == (Look.PRINTED,), "“as printed” says neither pounds nor pupils"


def test_one_school_is_asked_its_own_questions_whatever_else_the_cluster_holds(world: World) -> None:
    mine = Scope(school_ids=frozenset({world.schools["lillington-primary-school"]}))
    everything = [each for each in world.found() if each.label == "Lilington"]
    assert [(each.name, each.off) for each in world.found(mine)] == [(each.name, each.off) for each in everything]


def test_other_years_and_clusters_hold_none_of_it(world: World) -> None:
    with reading(world.walled, EVERYTHING) as session:
        for year in (AcademicYear(2008), AcademicYear(2010)):
            assert load_figures(session, EVERYTHING, date(2026, 1, 1), cluster_id=world.cluster, year=year) == []
        decoy = load_figures(session, EVERYTHING, TODAY, cluster_id=world.decoy)
    assert {each.label for each in decoy} == {"Decoy School"}
