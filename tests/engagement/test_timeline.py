"""Who stood for each school and when: bars, lanes, hatching, and never a name."""

import json
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pytest

from dashboard.access import Scope
from dashboard.db import Store
from dashboard.engagement.panels import TENURE, TenurePicture
from dashboard.engagement.sentences import say_tenure
from dashboard.engagement.timeline import draw_timeline, tell, timeline_key, turn
from dashboard.screens.cluster import IN_TOTALS, PANELS
from dashboard.ui.panel import show
from dashboard.ui.theme import LIGHT, Look
from dashboard.vocabulary import EventKind, PersonRole
from tests import builders as put
from tests.builders import AS_OF, look_at, taken_back

NAMES = {1: "Ash", 2: "Elm", 3: "Oak"}
COLUMNS = [
    "cluster_id", "school_id", "school", "name", "person_number", "role", "starts", "ends", "shared", "inducted_on",
    "handover", "illustrative",
]  # fmt: skip


def leads(*rows: tuple[Any, ...]) -> pd.DataFrame:
    """Rows as (school number, person number, starts, ends, shared, inducted on, handed on)."""
    made = [
        (
            1,
            at,
            f"school-{at}",
            f"{NAMES[at]} School",
            number,
            PersonRole.SUBJECT_LEAD,
            starts,
            ends,
            shared,
            inducted,
            handed,
            False,
        )
        for at, number, starts, ends, shared, inducted, handed in rows
    ]
    return pd.DataFrame(made, columns=COLUMNS, dtype=object)


HANDED_ON = leads(
    (1, 1, date(2015, 9, 1), date(2017, 1, 31), False, None, True),
    (1, 2, date(2016, 12, 1), None, False, date(2017, 2, 1), False),
    (2, 1, None, None, True, None, False),
    (2, 2, date(2016, 9, 1), None, True, None, False),
    (3, 1, date(2015, 9, 1), date(2016, 3, 1), False, None, False),
    (3, 2, date(2016, 9, 1), None, False, None, False),
)


def bars(figure: Any) -> list[tuple[float, int, int]]:
    """Place, first and last day of every bar, from the top."""
    found = [
        (y, base, base + x)
        for trace in figure.data if trace.type == "bar"
        for y, base, x in zip(trace.y, trace.base, trace.x, strict=True)
    ]  # fmt: skip
    return sorted(found)


def test_a_handover_overlaps_in_two_lanes_and_one_after_another_stands_in_one() -> None:
    figure = draw_timeline(HANDED_ON, AS_OF, Look())
    first, second, always, joined, earlier, later = bars(figure)
    assert first[1:] == (date(2015, 9, 1).toordinal(), date(2017, 1, 31).toordinal())
    assert second[1:] == (date(2016, 12, 1).toordinal(), AS_OF.toordinal())
    assert first[0] < second[0] < always[0] < joined[0] < earlier[0]
    assert earlier[0] == later[0]
    assert always[1:] == (date(2015, 9, 1).toordinal(), AS_OF.toordinal()), "from the edge to today"


def test_odd_and_even_leads_differ_in_colour_and_shared_roles_are_hatched() -> None:
    figure = draw_timeline(HANDED_ON, AS_OF, Look())
    drawn = {
        (trace.marker.color, trace.marker.pattern.shape): list(trace.text)
        for trace in figure.data
        if trace.type == "bar"
    }
    assert drawn == {
        (LIGHT.blue, None): ["1st", "1st"], (LIGHT.teal, None): ["2nd", "2nd"],
        (LIGHT.blue, "/"): ["1st"], (LIGHT.teal, "/"): ["2nd"],
    }  # fmt: skip
    assert [each.word for each in timeline_key(HANDED_ON)] == [
        "one lead",
        "the next",
        "held with another",
        "brought up to speed",
    ]
    alone = leads((1, 1, None, None, False, None, False))
    assert [each.word for each in timeline_key(alone)] == ["the first lead"]


def test_an_induction_is_a_mark_on_the_bar() -> None:
    figure = draw_timeline(HANDED_ON, AS_OF, Look())
    (induction,) = [trace for trace in figure.data if trace.type == "scatter"]
    assert list(induction.x) == [date(2017, 2, 1).toordinal()]
    assert list(induction.y) == [bars(figure)[1][0]]
    assert induction.customdata[0] == "brought up to speed on 1 February 2017"


def test_a_bar_without_room_has_no_word_and_schools_are_named_beside_or_above() -> None:
    brief = leads(
        (1, 1, date(2010, 9, 1), None, False, None, False),
        (1, 2, date(2015, 1, 1), date(2015, 1, 9), True, None, False),
    )
    texts = [text for trace in draw_timeline(brief, AS_OF, Look()).data for text in trace.text]
    assert sorted(texts) == ["", "1st"]
    narrow = draw_timeline(HANDED_ON, AS_OF, Look(narrow=True))
    assert [each.text for each in narrow.layout.annotations] == ["Ash", "Elm", "Oak"]
    assert list(narrow.layout.xaxis.ticktext) == ["Sept 2015", "Sept 2016"]


@pytest.mark.parametrize(("number", "word"), [(1, "1st"), (2, "2nd"), (3, "3rd"), (11, "11th"), (21, "21st")])
def test_people_are_told_by_their_turn(number: int, word: str) -> None:
    assert turn(number) == word


def test_a_lead_in_words() -> None:
    first = next(iter(HANDED_ON.itertuples()))
    assert tell(first) == "1st lead since 1 September 2015, until 31 January 2017, handed it on"
    assert tell(list(HANDED_ON.itertuples())[2]) == "1st lead since a day that is not known, held with another"


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (HANDED_ON, "All three schools with a lead on record have had more than one."),
        (HANDED_ON[:3], "One of two schools with a lead on record has had more than one."),
        (HANDED_ON[2:3], "The one school with a lead on record has had one."),
        (leads((1, 1, None, None, False, None, False), (2, 1, None, None, False, None, False)),
         "Each of two schools with a lead on record has had one."),
    ],
)  # fmt: skip
def test_how_many_schools_had_more_than_one(rows: pd.DataFrame, said: str) -> None:
    assert say_tenure(rows) == said


def test_the_card_names_schools_and_never_a_person(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session)
        ford = put.school(session, within=mill)
        second = put.person(session, "Jo Bloggs")
        put.appointment(
            session, mill, ford, put.person(session, "Sam Bloggs"), ends=date(2016, 12, 31), replaced_by=second
        )
        put.appointment(session, mill, ford, second, starts=date(2016, 11, 1))
        put.event(session, mill, ford, EventKind.INDUCTED, date(2016, 12, 1), person=second)
        put.meeting(session, mill, date(2015, 10, 1))
        put.meeting(session, mill, date(2016, 10, 1))
        shown = show(TENURE, session, look_at(session, mill.slug), Look())
        card: Any = shown.card
        page = json.dumps(card.to_plotly_json(), default=lambda each: each.to_plotly_json(), ensure_ascii=False)
        assert "Ford" in page
        assert "Bloggs" not in page
        assert shown.headline == "The one school with a lead on record has had more than one."
        table = TENURE.table(TENURE.load(session, look_at(session, mill.slug)))
        assert list(table["Lead"]) == ["1st", "2nd"], "each once, though both years are asked for"
        assert list(table["Handed on"]) == ["yes", "no"]
        assert list(table["Brought up to speed"]) == ["not on record", "1 December 2016"]
        other = look_at(session, mill.slug, scope=Scope(school_ids=frozenset({ford.id})))
        assert len(TENURE.load(session, other).tenure) == 2


def test_where_the_cluster_is_over_its_last_day_ends_the_bars(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session)
        ford = put.school(session, within=mill)
        put.appointment(session, mill, ford, put.person(session), starts=date(2015, 9, 1))
        put.meeting(session, mill, date(2015, 10, 1))
        for ends, last, told in (
            (AS_OF - timedelta(1), AS_OF - timedelta(1), "the cluster’s end"),
            (AS_OF, AS_OF, "still"),
            (AS_OF + timedelta(1), AS_OF, "still"),
            (None, AS_OF, "still"),
        ):
            mill.ends = ends
            session.flush()
            picture = TENURE.load(session, look_at(session, mill.slug))
            ((_, first, until),) = bars(TENURE.draw(picture, Look()))
            assert (first, until) == (date(2015, 9, 1).toordinal(), last.toordinal())
            assert list(TENURE.table(picture)["Until"]) == [told]


def test_without_a_lead_the_card_says_so_and_the_top_of_the_page_nothing(store: Store) -> None:
    with taken_back(store) as session:
        mill = put.cluster(session)
        shown = show(TENURE, session, look_at(session, mill.slug), Look())
    assert shown.headline == ""
    assert "Nobody is on record as a school’s lead." in str(shown.card)


def test_only_who_sees_the_cluster_whole_is_shown_it() -> None:
    assert TENURE in PANELS
    assert TENURE not in IN_TOTALS
    assert TENURE.made_up(TenurePicture(HANDED_ON, AS_OF)) == (False, False)
    assert TENURE.made_up(TenurePicture(HANDED_ON.assign(illustrative=True), AS_OF)) == (True, True)
