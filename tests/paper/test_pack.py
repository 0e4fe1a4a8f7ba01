"""The board pack: tagged, the same figures as the report, no word of the store ever read as markup."""

import subprocess
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.access import EVERYTHING, whole_store
from dashboard.db import Store
from dashboard.directory.view import view_cluster
from dashboard.money import pence_from_text
from dashboard.paper import typesetter, typesetting
from dashboard.paper.blocks import Column, Heading, Paper, Points, Table, Text
from dashboard.paper.facts import load_facts
from dashboard.paper.lettering import fit
from dashboard.paper.pack import pack_of_cluster, pack_of_clusters
from dashboard.paper.typesetting import PaperRefused, as_data, shown, typeset
from dashboard.reports.overview import load_overview
from dashboard.wording import money, of, share
from tests.builders import AS_OF
from tests.paper.reading import flat, pdf_of, words_of
from tests.paper.world import HOSTILE, facts_of, fill

TODAY: Final = date(2026, 11, 26)
TEMPLATE: Final = (Path(typesetting.__file__).with_name("paper.typ")).read_text(encoding="utf-8")


def test_it_is_tagged_and_holds_every_figure_of_the_report(store: Store) -> None:
    with store.writing() as session:
        fill(session)
    with store.reading() as session:
        facts = facts_of(session)
    assert (facts.report["engagement"]["attended"], facts.report["engagement"]["expected"]) == (3, 4)
    assert facts.report["funding"]["remaining"] == "777.78"
    made = typeset(pack_of_cluster(facts), AS_OF)
    assert made == typeset(pack_of_cluster(facts), AS_OF), "the same paper gives the same bytes"
    pdf, words = pdf_of(made), words_of(made)
    assert_tagged(pdf, "Mill Cluster: board pack 2016-17")
    assert_holds_report(words, facts.report)
    for sentence in (
        *facts.headlines,
        f"Buy paper {HOSTILE}",
        "overdue",
        "14 June 2017",
        "ART is due",
        "2 of 2",
        "1 of 2",
    ):
        assert flat(sentence) in words, sentence
    assert "Illustrative:someofthesefiguresaremadeup" in words
    for number, page in enumerate(pdf.pages, start=1):
        said = page.extract_text()
        assert f"{number} of {len(pdf.pages)}" in said
        assert "as of 1 March 2017" in said
        assert "Mill Cluster · 2016-17" in said
    assert "root:" not in words, "no file was read"
    for hidden in ("Decoy", "DECOYPLAN", "9,988.77"):
        assert hidden not in words


def assert_tagged(pdf: Any, title: str) -> None:
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert pdf.metadata.title == title
    assert b"<pdfuaid:part>1" in root["/Metadata"].get_data()
    found = list(_tags(root["/StructTreeRoot"]))
    assert {"/Table", "/TH", "/TD", "/H1", "/LI"} <= {each.get("/S") for each in found}
    pictures = [each for each in found if each.get("/S") == "/Figure"]
    assert pictures
    assert all(each.get("/Alt") for each in pictures)


def _tags(node: Any) -> Iterator[Any]:
    todo = [node]
    while todo:
        each = todo.pop().get_object()
        if isinstance(each, list):
            todo += each
        elif hasattr(each, "get"):
            yield each
            if "/K" in each:
                todo.append(each["/K"])


def assert_holds_report(words: str, report: dict[str, Any]) -> None:
    """Every number of the report, as a person reads it, in its own row."""
    engagement, funding, plan = report["engagement"], report["funding"], report["plan"]
    for school in engagement["schools"] if engagement["meetings_held"] else ():
        counts = [
            school[name] for name in ("attended", "expected", "substitute", "apologies", "absent", "not_recorded")
        ]
        assert flat(f"{school['name']} {' '.join(map(str, counts))} {share(school['rate'])}") in words, school["name"]
        assert flat(of(school["attended"], school["expected"])) in words
    if engagement["schools"] and engagement["meetings_held"]:
        assert flat(f"All schools {engagement['attended']} {engagement['expected']}") in words
    for pot in funding["pots"]:
        names = ("brought_forward", "allocated", "spent", "committed", "remaining")
        assert flat("".join(money(pence_from_text(pot[name])) for name in names)) in words, pot["part"]
    if funding["pots"]:
        for name in ("allocated", "spent", "remaining"):
            assert flat(money(pence_from_text(funding[name]))) in words
        assert flat(f"{share(funding['spent_share'])} is spent") in words
    for target in plan["targets"]:
        count = target["criteria"]
        row = f"{of(count['met'], count['total'])}{count['not_met']}{count['no_evidence']}"
        assert flat(f"{row}{of(target['cells_filled'], target['cells_total'])}") in words, target["code"]
    assert (
        flat(f"All targets {of(plan['criteria_met'], plan['criteria_total'])} {share(plan['progress'])} met") in words
    )
    for part in (engagement, funding, plan):
        for flag in part["flags"]:
            assert flat(flag["message"]) in words, flag["message"]


def test_the_pack_of_the_overview_says_what_was_chosen_and_what_was_left_out(store: Store) -> None:
    with store.writing() as session:
        fill(session)
    with store.reading() as session:
        rows = load_overview(session, EVERYTHING, year=None, as_of=AS_OF)
        facts = [facts_of(session, "decoy-cluster")]
    made = pack_of_clusters(rows, facts, [("Programme", HOSTILE)], "1 March 2017", of_all=9)
    words = words_of(typeset(made, AS_OF))
    for told in (
        f"Programme: {HOSTILE}", "Clusters: 2 of 9", "Board pack: two clusters", "one cluster is left out",
        "Decoy Cluster 2016-17 1 0 of 1", "Mill Cluster (illustrative) 2016-17 2 3 of 4 75 % £1,234.56 £456.78 37 %",
    ):  # fmt: skip
        assert flat(told) in words, told
    none = words_of(typeset(pack_of_clusters([], [], [], "1 March 2017", of_all=9), AS_OF))
    assert flat("Chosen: all clusters Year: each cluster’s latest") in none
    assert flat("No cluster is as chosen.") in none


def paper_of(words: str) -> Paper:
    rows = [[words, "1"]] * 3
    return Paper(words, words, [(words, words)], [
        Heading(words), Text(words), Points([words]),
        Table([Column(words), Column("Number", number=True)], rows, words),
    ])  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [HOSTILE, "= Heading\n+ item", "#import \"x.typ\": *", "\u202eright\x00\x07 to left", "W" * 400, "Łódź Ŵ", "\ufeff",
     "~ -- --- ... 'q' \"q\" #sys.inputs", "#{while true {}}"],
)  # fmt: skip
def test_no_word_is_read_as_markup(words: str) -> None:
    made = words_of(typeset(paper_of(words), AS_OF))
    assert made.count(flat(fit(words))) >= 5 or not fit(words)


@settings(max_examples=15, deadline=None)
@given(st.text(max_size=60))
def test_every_name_survives_or_says_that_it_cannot_be_shown(words: str) -> None:
    told = words_of(typesetter.typeset(TEMPLATE, as_data(paper_of(words), AS_OF), 0))
    seen = flat(fit(words))
    assert seen in told or "□" in told or not is_plain(seen)


def is_plain(words: str) -> bool:
    """Whether a program that reads a PDF gives back the letters in the order in which they were written."""
    return all(ord(letter) < 0x250 for letter in words)


def test_a_letter_without_a_typeface_is_a_square_and_the_paper_says_so() -> None:
    told = words_of(typeset(paper_of("中文 😀 School"), AS_OF))
    assert flat("□□ □ School") in told
    assert flat("□ stands for a letter that this document cannot show") in told


def test_long_tables_and_long_words_are_not_cut_off() -> None:
    table = Table(
        [Column("School"), Column("Came", number=True)], [[f"School {n} {'x' * 120}", str(n)] for n in range(90)], ""
    )
    pdf = pdf_of(typeset(Paper("Long", "Long", [], [table]), AS_OF))
    assert len(pdf.pages) > 2
    for page in pdf.pages:
        assert "Came" in page.extract_text(), "the head stands again"
    told = flat(" ".join(page.extract_text() for page in pdf.pages))
    for number in range(90):
        assert f"School{number}{'x' * 120}" in told
    places: list[float] = []
    for page in pdf.pages:
        page.extract_text(visitor_text=lambda text, _cm, at, *_: places.append(at[4]) if text.strip() else None)
    assert max(places) < float(pdf.pages[0].mediabox.width) - 56, "nothing begins beyond the margin"


def test_what_takes_too_long_or_is_too_much_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(typesetting, "MOST_LETTERS", 10)
        with pytest.raises(PaperRefused, match="too long"):
            typeset(paper_of("a"), AS_OF)
    with monkeypatch.context() as patch:
        patch.setattr(typesetting, "MOST_SECONDS", 0.001)
        with pytest.raises(PaperRefused, match="took too long"):
            typeset(paper_of("a"), AS_OF)
    with monkeypatch.context() as patch:
        patch.setattr(typesetting, "_template", lambda: '#read("/etc/passwd")')
        with pytest.raises(PaperRefused, match="could not be made"):
            typeset(paper_of("a"), AS_OF)
    with monkeypatch.context() as patch:
        patch.setattr(typesetting, "_PATIENCE", 0.0)
        held = [typesetting._AT_ONCE.acquire(timeout=5) for _ in range(2)]
        try:
            with pytest.raises(PaperRefused, match="Try again"):
                typeset(paper_of("a"), AS_OF)
        finally:
            for _ in held:
                typesetting._AT_ONCE.release()
    assert typeset(paper_of("a"), AS_OF), "and the next one is made"


def test_the_typesetter_knows_no_setting_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, Any] = {}
    run = subprocess.run

    def spy(*words: Any, **more: Any) -> Any:
        seen.update(more["env"])
        return run(*words, **more)

    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setattr(typesetting.subprocess, "run", spy)
    typeset(paper_of("a"), AS_OF)
    assert "DATABASE_URL" not in seen
    assert shown("a" * 19) == "aaaaaaaaa\u200baaaaaaaaa\u200ba"


@pytest.mark.parametrize("slug", ["west-salisbury-cluster", "cogs-cluster"])
def test_the_pack_of_the_sample_holds_its_report(sample_sqlite: Path, slug: str) -> None:
    with whole_store(f"sqlite:///{sample_sqlite.as_posix()}") as sample, sample.reading() as session:
        view = view_cluster(session, EVERYTHING, slug, year=None, as_of=TODAY)
        assert view is not None
        facts = load_facts(session, view, decisions=True)
    made = typeset(pack_of_cluster(facts), TODAY)
    assert_tagged(pdf_of(made), f"{facts.cluster.name}: board pack {facts.view.year}")
    assert_holds_report(words_of(made), facts.report)
    assert ("Illustrative" in words_of(made)) is facts.made_up
