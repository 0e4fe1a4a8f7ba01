"""Slides and the annual review: open with their libraries, sums as in the report, a message on each."""

from datetime import date
from decimal import Decimal

from dashboard.db import Store
from dashboard.models import Cluster
from dashboard.money import pence_from_text
from dashboard.paper.review import figures_of, load_review, review_paper
from dashboard.paper.slides import slides_of
from dashboard.paper.word import as_document
from tests import builders as put
from tests.paper.reading import alt_of, document_in, flat, slides_in, words_in, words_on
from tests.paper.world import HOSTILE, facts_of, fill, view_of


def test_slides_say_one_message_each_with_charts_that_add_up(store: Store) -> None:
    with store.writing() as session:
        fill(session)
    with store.reading() as session:
        facts = facts_of(session)
    deck = slides_in(slides_of(facts))
    assert deck.core_properties.language == "en-GB"
    assert abs(deck.slide_width / deck.slide_height - 16 / 9) < 0.01
    slides = list(deck.slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles == [
        "Mill Cluster", facts.said["engagement-heatmap"].headline,
        facts.said["funding-spend-against-allocation"].headline, facts.said["plan-progress"].headline,
        "One decision or action is open; one is overdue.", "Next: ART is due, 3 June 2017.",
    ]  # fmt: skip
    charts = [shape for slide in slides for shape in slide.shapes if getattr(shape, "has_chart", False)]
    came, money = (shape.chart.plots[0] for shape in charts)
    schools = facts.report["engagement"]["schools"]
    assert [list(series.values) for series in came.series] == [
        [each["attended"] for each in schools],
        [each["expected"] - each["attended"] for each in schools],
    ]
    pots = facts.report["funding"]["pots"]
    for series, name in zip(money.series, ("spent", "committed", "remaining"), strict=True):
        assert [Decimal(str(value)) for value in series.values] == [Decimal(each[name]) for each in pots]
    frames = [shape for slide in slides for shape in slide.shapes if shape._element.tag.endswith("graphicFrame")]
    assert len(frames) == 5
    assert all(alt_of(shape) for shape in frames)
    for number, slide in enumerate(slides, start=1):
        assert slide.notes_slide.notes_text_frame.text.endswith("made up to show how the dashboard works.")
        assert "as of 1 March 2017" in slide.notes_slide.notes_text_frame.text
        assert "illustrative" in words_on(slide)
        (field,) = slide.shapes._spTree.xpath('.//a:fld[@type="slidenum"]')
        assert field.xpath("string(a:t)") == str(number)
        assert {each.get("lang") for each in slide.shapes._spTree.xpath(".//a:rPr")} == {"en-GB"}
    everything = " ".join(words_on(slide) for slide in slides)
    assert HOSTILE[:20] in everything, "the decision is told"
    assert "Draw" not in everything, "no word of the plan but its code"
    assert "Decoy" not in everything


def test_an_empty_cluster_has_slides_and_a_review_that_say_what_to_do(store: Store) -> None:
    with store.writing() as session:
        put.cluster(session)
    with store.reading() as session:
        facts, review = facts_of(session), load_review(session, view_of(session))
    titles = [slide.shapes.title.text_frame.text for slide in slides_in(slides_of(facts)).slides]
    assert titles[1] == "No meetings are recorded for 2016-17."
    assert titles[-2:] == [
        "To decide today: nothing is open from earlier meetings.", "Nothing is in the calendar from today on.",
    ]  # fmt: skip
    words = words_in(document_in(as_document(review_paper(review))))
    assert "No decision was noted in 2016-17." in words
    assert "Nothing is recorded that goes on into the next year." in words


def test_many_schools_and_targets_go_on_over_slides(store: Store) -> None:
    with store.writing() as session:
        mill = put.cluster(session)
        held = put.meeting(session, mill, date(2016, 10, 5))
        for number in range(11):
            put.mark(session, held, put.school(session, f"School {number:02}", within=mill), put.Mark.PRESENT)
            put.target(session, mill, f"T{number}", position=number + 1)
    with store.reading() as session:
        slides = list(slides_in(slides_of(facts_of(session))).slides)
    titles = [slide.shapes.title.text_frame.text for slide in slides]
    assert titles[1:3] == [f"All eleven schools came to every meeting; none is drifting ({n} of 2)" for n in (1, 2)]
    told = [str(each) for slide in slides for shape in slide.shapes if getattr(shape, "has_chart", False)
            for each in shape.chart.plots[0].categories]  # fmt: skip
    assert len(told) == len(set(told)) == 11


def test_the_review_tells_the_year_against_what_was_agreed(store: Store) -> None:
    with store.writing() as session:
        made = fill(session)
        mill = session.get_one(Cluster, made["mill"])
        put.target(session, mill, "NEW", title="Sing", year=2017, draft=True)
    with store.reading() as session:
        review = load_review(session, view_of(session))
    shown = {each.label: (each.value, each.unit) for each in figures_of(review)}
    assert shown["Cluster meetings held"] == ("2 of at least 4", "meetings")
    assert shown["Attendance"] == ("75 %", "3 of 4 times that schools were expected")
    assert shown["Left"][0] == "£777.78"
    assert shown["Success criteria met"][0] == "1 of 3"
    assert (shown["Not met"][0], shown["Without evidence"][0]) == ("1", "1")
    assert shown["Targets with an impact written"][0] == "1 of 2"
    document = document_in(as_document(review_paper(review)))
    assert document.core_properties.language == "en-GB"
    assert document.core_properties.title == "Mill Cluster: annual review 2016-17"
    headings = [each.text for each in document.paragraphs if each.style.name == "Heading 1"]
    assert headings == [
        "The year in figures", "Who came", "What was promised", "What changed", "What was decided",
        "What 2017-18 begins with", "Questions for the meeting",
    ]  # fmt: skip
    assert all(table.rows[0]._tr.xpath(".//w:tblHeader") for table in document.tables)
    words = words_in(document)
    for told in (
        "Two cluster meetings held; at least 4 were agreed, 2 fewer than that.", "Children draw more",
        "One of two targets has an impact written.", "What was done is not counted as impact.",
        f"Action: Buy paper {HOSTILE}", "Next step of ART: Draw outside",
        "SUMS: Reading is not achieved yet.", "Draft for 2017-18: Sing",
        "£777.78 of the money that the lead school holds, as it stands today.", "Illustrative: some",
        "What do we do about it?",
    ):  # fmt: skip
        assert flat(told) in flat(words), told
    assert "Decoy" not in words
    (bought,) = [each for each in review.facts.report["funding"]["pots"] if each["pot"] == "lead_held"]
    assert pence_from_text(bought["remaining"]) == 77_778
