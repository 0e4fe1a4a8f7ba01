"""Tables that leave the product: what somebody typed stays text, numbers and dates stay what they are (case 34)."""

import csv
import io
import json
import re
import zipfile
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import sheets
from dashboard.sheets import TooManyRows, to_csv, to_json, to_xlsx, unguarded

FORMULAS = [
    "=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1+1", "\r=1+1", "\n=1+1", "\r\n=1+1", "＝1+1", "＋1", "－1", "＠SUM(A1)",
    " =1+1", "\N{NO-BREAK SPACE}=1+1", "\N{ZERO WIDTH SPACE}=1+1", "\N{BYTE ORDER MARK}=1+1", "\x7f=1+1", "﹦1",
    "﹢1", "﹣1", '=HYPERLINK("https://example.com","Read more")', "=cmd|' /C calc'!A0", "=", "-",
    "-2+3+cmd|' /C calc'!A0",
    "\N{HANGUL CHOSEONG FILLER}=1+1", "\N{HANGUL JUNGSEONG FILLER}+1", "\N{HANGUL FILLER}@SUM(A1)",
    "\N{HALFWIDTH HANGUL FILLER}-1+1", "\N{BRAILLE PATTERN BLANK}=1+1", "\N{COMBINING GRAPHEME JOINER}=1+1",
    "\N{VARIATION SELECTOR-16}=1+1", "\u2065=1+1", "\N{HANGUL FILLER} \N{ZERO WIDTH JOINER}=1+1",
]  # fmt: skip
HARMLESS = [
    "Mill Primary School",
    "St Joseph’s",
    "a=b",
    "2 - 1",
    "'quoted'",
    "–",
    "−£5",
    "−1",
    "\N{HANGUL FILLER}a=b",
    "\N{BRAILLE PATTERN BLANK}",
    "",
    "https://example.org/a",
    "5-6",
]


def frame(*columns: tuple[str, list[Any]]) -> pd.DataFrame:
    return pd.DataFrame(dict(columns), dtype=object)


def read_csv(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def read_xlsx(content: bytes) -> list[list[Any]]:
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]


# Case 34


@pytest.mark.parametrize("text", FORMULAS)
def test_case_34_text_that_would_be_computed_gets_an_apostrophe_in_csv(text: str) -> None:
    rows = read_csv(to_csv(frame((text, [text, "Ford School"]))))
    assert [row[0][0] for row in rows] == ["'", "'", "F"]
    assert len(rows) == 3


@pytest.mark.parametrize("text", FORMULAS)
def test_case_34_text_that_would_be_computed_is_text_in_a_workbook(text: str) -> None:
    content = to_xlsx(frame((text, [text, "Ford School"])), text)
    cells = [row[0] for row in read_xlsx(content)]
    assert [cell.data_type for cell in cells] == ["s", "s", "s"]
    assert cells[1].value == text.replace("\r\n", "\n").replace("\r", "\n")
    assert [cell.quotePrefix for cell in cells] == [True, True, False], "and stays text when it is edited"
    assert b"<f>" not in parts(content)
    assert b"hyperlink" not in parts(content)


@pytest.mark.parametrize("text", HARMLESS)
def test_other_text_stays_as_it_is(text: str) -> None:
    assert read_csv(to_csv(frame(("a", ["x"]), ("b", [text]))))[1][1] == text
    assert (read_xlsx(to_xlsx(frame(("a", ["x"]), ("b", [text])), "T"))[1][1].value or "") == text


@settings(max_examples=150, deadline=None)
@given(texts=st.lists(st.text(max_size=12), min_size=1, max_size=4))
def test_no_text_is_ever_a_formula_and_every_row_stays_one_row(texts: list[str]) -> None:
    content = to_xlsx(frame(*((f"column {number}", [text, "end"]) for number, text in enumerate(texts))), "T")
    rows = read_xlsx(content)
    assert [len(row) for row in rows] == [len(texts)] * 3
    assert {cell.data_type for row in rows for cell in row if cell.value is not None} <= {"s"}
    lines = read_csv(to_csv(frame(*((f"column {number}", [text, "end"]) for number, text in enumerate(texts)))))
    assert [len(line) for line in lines] == [len(texts)] * 3
    assert lines[2] == ["end"] * len(texts)
    assert not [cell for cell in lines[1] if cell.lstrip()[:1] in {"=", "+", "-", "@", "＝", "＋", "－", "＠"}]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=12) | st.text("'=+-@ \ta1", max_size=6) | st.sampled_from(FORMULAS))
def test_the_apostrophe_is_taken_off_again_and_no_other(text: str) -> None:
    written = read_csv(to_csv(frame(("a", ["x"]), ("b", [text]))))[1][1]
    assert unguarded(written) == sheets.clean(text)


def test_json_keeps_money_and_days_as_text_and_what_is_unknown_null() -> None:
    table = frame(
        ("amount", [Decimal("12.30")]), ("on", [date(2017, 3, 1)]), ("n", [3]), ("text", ["=1"]), ("no", [None])
    )
    assert json.loads(to_json(table)) == [
        {"amount": "12.30", "on": "2017-03-01", "n": 3, "text": "=1", "no": None}
    ]  # fmt: skip
    assert json.loads(to_json(frame(("a", [])))) == []


def parts(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"".join(archive.read(name) for name in archive.namelist() if "sheet" in name)


# What is no text


NUMBERS = frame(
    ("whole", [-5, np.int64(7), True]),
    ("part", [-1.5, Decimal("-12.34"), np.float64(2.5)]),
    ("none", [None, float("nan"), pd.NA]),
)


def test_numbers_stay_numbers_below_nought_too() -> None:
    cells = [[cell.value for cell in row] for row in read_xlsx(to_xlsx(NUMBERS, "Numbers"))]
    assert cells == [["whole", "part", "none"], [-5, -1.5, None], [7, -12.34, None], [True, 2.5, None]]
    assert read_csv(to_csv(NUMBERS))[1:] == [["-5", "-1.5", ""], ["7", "-12.34", ""], ["yes", "2.5", ""]]


def test_numbers_that_a_spreadsheet_would_change_are_text() -> None:
    for number in (2**53, 10**30, float("inf"), Decimal("Infinity")):
        cell = read_xlsx(to_xlsx(frame(("n", [number])), "T"))[1][0]
        assert (cell.data_type, cell.value) == ("s", str(number))
    assert read_csv(to_csv(frame(("n", [Decimal("1E+3")]))))[1] == ["1000"]


def test_dates_stay_dates_and_moments_are_in_utc() -> None:
    summer = datetime(2026, 6, 1, 13, 30, tzinfo=timezone(timedelta(hours=1)))
    moments = [summer, pd.Timestamp(summer)]
    days = frame(("day", [date(2016, 9, 1), date(1850, 1, 1)]), ("moment", moments), ("never", [pd.NaT] * 2))
    cells = read_xlsx(to_xlsx(days, "Days"))
    assert (cells[1][0].is_date, cells[1][0].value) == (True, datetime(2016, 9, 1))
    assert cells[2][0].value == "1850-01-01"
    assert [row[1].value for row in cells[1:]] == [datetime(2026, 6, 1, 12, 30)] * 2
    assert [row[2].value for row in cells[1:]] == [None, None]
    assert read_csv(to_csv(days))[1:] == [
        ["2016-09-01", "2026-06-01T12:30:00Z", ""],
        ["1850-01-01", "2026-06-01T12:30:00Z", ""],
    ]
    naive = frame(("moment", [datetime(2026, 6, 1, 12, 30)]), ("utc", [datetime(2026, 6, 1, tzinfo=UTC)]))
    assert read_csv(to_csv(naive))[1] == ["2026-06-01T12:30:00", "2026-06-01T00:00:00Z"]


# Files that open


def test_a_csv_file_says_that_it_is_utf_8_and_has_one_line_for_each_row() -> None:
    content = to_csv(frame(("Größe", ["one", 'two "quoted", and more', "line\r\nbreak"])))
    assert content.startswith(b"\xef\xbb\xbf")
    assert read_csv(content) == [["Größe"], ["one"], ['two "quoted", and more'], ["line\nbreak"]]
    assert content.count(b"\r\n") == 4


def test_what_xml_cannot_hold_does_not_break_a_workbook() -> None:
    text = "a\x00b\x1fc\ud800d\uffffe\x7f _x0041_"
    assert read_xlsx(to_xlsx(frame(("t", [text])), text))[1][0].value.startswith("a�b�c�d�e")
    assert "a�b�c�d�e" in read_csv(to_csv(frame(("t", [text]))))[1][0]


def test_an_empty_frame_is_its_headings() -> None:
    empty = pd.DataFrame(columns=["a", "b"], dtype=object)
    assert read_csv(to_csv(empty)) == [["a", "b"]]
    assert [[cell.value for cell in row] for row in read_xlsx(to_xlsx(empty, "T"))] == [["a", "b"]]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        ("Who did what", "Who did what"),
        ("a/b\\c:d?e*f[g]", "a b c d e f g"),
        ("'", "Sheet"),
        ("x" * 40, "x" * 31),
        ("", "Sheet"),
    ],
)
def test_any_title_makes_a_sheet(title: str, name: str) -> None:
    assert openpyxl.load_workbook(io.BytesIO(to_xlsx(NUMBERS, title))).sheetnames == [name]


def test_a_text_that_is_too_long_for_a_cell_says_that_it_is_cut() -> None:
    value = read_xlsx(to_xlsx(frame(("t", ["x" * 40_000])), "T"))[1][0].value
    assert len(value) == 32_767
    assert value.endswith(" … (cut)")
    assert len(read_csv(to_csv(frame(("t", ["x" * 40_000]))))[1][0]) == 40_000


def test_headings_stand_still_and_columns_are_wide_enough_to_read() -> None:
    content = to_xlsx(frame(("name", ["Mill Primary School", None]), ("long", ["x" * 300, ""])), "T")
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet.freeze_panes == "A2"
    assert sheet["A1"].font.bold
    assert 19 <= sheet.column_dimensions["A"].width < 25
    assert sheet.column_dimensions["B"].width < 65


def test_more_rows_than_a_workbook_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_MOST_ROWS", 4)
    to_xlsx(frame(("n", [1, 2, 3])), "T")
    with pytest.raises(TooManyRows, match="at most 3 rows, not 4"):
        to_xlsx(frame(("n", [1, 2, 3, 4])), "T")


def test_the_same_frame_comes_out_whichever_index_it_has() -> None:
    picked = NUMBERS.iloc[[2, 0]]
    assert [row[0] for row in read_csv(to_csv(picked))] == ["whole", "yes", "-5"]
    assert re.search(b"whole", to_csv(picked))
