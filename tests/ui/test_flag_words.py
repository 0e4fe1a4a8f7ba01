"""What a flag opens to: the rule without its brackets, figures by name, rows as a table."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from dashboard.flags import Flag
from dashboard.funding.checks import CHECKS
from dashboard.settings import PROJECT_ROOT
from dashboard.ui.components import flag_list
from dashboard.ui.flag_words import _WORDS, MOST_ROWS, figures_of, parted, rows_of
from dashboard.vocabulary import Severity

MISSED = tuple({"meeting": f"2016-10-{day:02d}", "kind": "sub_group", "mark": "absent"} for day in range(1, 15))


def flag(rule: str = "low_attendance", **parts: Any) -> Flag:
    values = {"statement": "So and so (3.11).", "figure": {"attended": 1}, "rows": MISSED} | parts
    return Flag(rule, Severity.ACT, "Ford came to 1 of 4 meetings at 5 %", "ford-school", **values)


def shown(of: Any) -> str:
    return json.dumps(of.to_plotly_json(), default=lambda each: each.to_plotly_json(), ensure_ascii=False)


@pytest.mark.parametrize(
    ("statement", "words", "source"),
    [
        ("A rule (3.11).", "A rule.", "source 3.11"),
        ("One (0.10). And more (0.12).", "One. And more.", "source 0.10 and 0.12"),
        ("One (3.6). Again (3.6).", "One. Again.", "source 3.6"),
        ("From (4.22–4.24) on.", "From on.", "source 4.22–4.24"),
        ("A rule (of the house).", "A rule (of the house).", ""),
    ],
)
def test_the_source_stands_apart_from_the_rule(statement: str, words: str, source: str) -> None:
    assert parted(statement) == (words, source)


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("attended", 1, ("Meetings the school came to", "1")),
        ("weeks_left", 1200, ("Weeks left in the year", "1,200")),
        ("least_percent", 50, ("The rule asks for at least", "50 %")),
        ("spent", "1234.50", ("Spent", "£1,234.50")),
        ("remaining", "-12.00", ("Left to spend", "−£12")),
        ("since", "2017-03-01", ("Since", "1 March 2017")),
        ("until", None, ("Until", "none")),
        ("impact", False, ("Impact is written", "no")),
        ("meetings", ["2016-10-04", "2016-11-08"], ("Meetings", "4 October 2016, 8 November 2016")),
        ("meetings", [], ("Meetings", "none")),
        ("pot", "lead_held", ("Held by", "the lead school")),
        ("mark", "not_recorded", ("Mark", "not recorded")),
        ("school", "st-anne-school", ("School", "St anne school")),
        ("code", "NAME_SEPT19", ("Target", "NAME_SEPT19")),
        ("line", 12345, ("Line", "12345")),
        ("vat", "104.00", ("VAT", "£104")),
        ("never_heard_of", 3, ("Never heard of", "3")),
    ],
)
def test_each_figure_has_a_name_and_a_value_in_words(name: str, value: Any, told: tuple[str, str]) -> None:
    assert figures_of(flag(figure={name: value})) == [told]


def test_every_name_that_a_flag_carries_has_words() -> None:
    files = [PROJECT_ROOT / "dashboard" / feature / "flags.py" for feature in ("engagement", "funding", "plans")]
    written = {name for file in files for name in re.findall(r'"([a-z_]+)": ', Path(file).read_text())}
    written -= {"overdue", "no_evidence", "no_measurable_criterion", "activity_without_impact", *CHECKS}  # rules
    assert len(written) > 30
    assert written - set(_WORDS) == set()


def test_at_most_twelve_rows_are_shown_and_the_rest_counted() -> None:
    rows, more = rows_of(flag())
    assert rows is not None
    assert (len(rows), more) == (MOST_ROWS, 2)
    assert list(rows.iloc[0]) == ["1 October 2016", "sub group", "absent"]
    assert list(rows.columns) == ["Meeting", "Kind", "Mark"]
    assert rows_of(flag(rows=())) == (None, 0)


def test_a_row_that_says_the_figures_again_is_left_out() -> None:
    same: dict[str, Any] = {"since": "2017-03-01", "until": None}
    assert rows_of(flag(figure=same | {"weeks": 6}, rows=(same,))) == (None, 0)
    assert rows_of(flag(figure={"since": "2017-03-01"}, rows=(same,)))[0] is not None


def test_a_flag_opens_to_its_rule_its_figures_its_rows_and_what_can_be_done() -> None:
    told = shown(flag_list([flag()], lambda each: f"/somewhere?rule={each.rule}"))
    for part in (
        '"Details"', '"Summary"', "So and so.", "Source 3.11.", "Meetings the school came to", "1 October 2016",
        "and 2 more", "What other clusters did, and log a step", '"/somewhere?rule=low_attendance"',
    ):  # fmt: skip
        assert part in told
    assert told.index("Ford came to") < told.index("So and so.") < told.index("1 October 2016")


def test_who_may_not_log_a_step_is_not_led_there() -> None:
    assert "log a step" not in shown(flag_list([flag()]))


def test_a_flag_without_a_rule_in_words_is_a_sentence() -> None:
    assert "Details" not in shown(flag_list([flag(statement="")]))
    assert flag_list([]) is None
