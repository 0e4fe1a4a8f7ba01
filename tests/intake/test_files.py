import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.intake import archives, files
from dashboard.intake.documents import read_document
from dashboard.intake.files import SourceFile
from dashboard.intake.mapping import Mapping
from dashboard.intake.problems import Refused
from dashboard.intake.tables import Table
from dashboard.models import CellLine
from tests.uploads import csv_file, docx_file, workbook_file, xlsx_file


def table(data: bytes, **mapping: object) -> Table:
    return SourceFile("file.csv", data).table(Mapping.model_validate(mapping))


def numbered(read: Table) -> list[tuple[int, tuple[object, ...]]]:
    return [(row.number, row.cells) for row in read.rows]


@pytest.mark.parametrize(
    "data",
    [
        "school,note\nÉcole,£5\n".encode(),
        "school,note\r\nÉcole,£5\r\n".encode("utf-8-sig"),
        "school;note\nÉcole;£5".encode("cp1252"),
        "school\tnote\nÉcole\t£5\n".encode("utf-16"),
    ],
)
def test_encodings_and_separators_are_found(data: bytes) -> None:
    read = table(data)
    assert read.headings == ("school", "note")
    assert numbered(read) == [(2, ("École", "£5"))]


def test_the_headings_decide_the_separator() -> None:
    assert table(b"school;note\nMill;a, b, c, d, e\n").rows[0].cells == ("Mill", "a, b, c, d, e")


def test_rows_are_counted_as_a_spreadsheet_shows_them() -> None:
    read = table(b'a,b\n"two\nlines",1\n\n,,\nlast\n')
    assert numbered(read) == [(2, ("two\nlines", "1")), (5, ("last", None))]


def test_the_headings_may_stand_further_down() -> None:
    read = table(b"Register of meetings\n\nKey: A = absent\n\nschool,mark\nMill,A\n", header_row=5)
    assert read.headings == ("school", "mark")
    assert numbered(read) == [(6, ("Mill", "A"))]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"a,b,A\n1,2,3\n", "stands twice"),
        (b"a,b\n1,2,3\n", "3 cells but there are 2 headings"),
        (b"", "empty"),
        (b" \n\n", "empty"),
        (b",,\n1,2,3\n", "no headings in row 1"),
        (b'a,b\n"1,2\n', "quote"),
        (b"a,b\n1,\x00\n", "not a text file"),
        (b"a\x81b,c\n", "letters"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "old Office"),
        (b"PK\x03\x04 and nothing more", "damaged"),
    ],
)
def test_what_is_no_table_is_refused_in_words(data: bytes, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        table(data)


def test_a_row_may_end_in_empty_cells() -> None:
    assert table(b"a,b\n1,2,,,\n").rows[0].cells == ("1", "2")


@given(st.binary(max_size=200))
def test_no_bytes_do_worse_than_a_refusal(data: bytes) -> None:
    for name in ("file.csv", "file.xlsx"):
        for start in (b"", b"PK"):
            try:
                SourceFile(name, start + data).table(Mapping())
            except Refused:
                continue


def test_a_workbook_keeps_dates_and_numbers() -> None:
    file = xlsx_file([["when", "sum"], [datetime(2017, 3, 12), 12.5], [None, None], ["later", 3], [None, None]])
    read = file.table(Mapping())
    assert numbered(read) == [(2, (date(2017, 3, 12), 12.5)), (4, ("later", 3))]


def test_the_sheet_is_the_named_one_or_the_first_that_shows() -> None:
    book = openpyxl.Workbook()
    book.active.title = "Notes"
    book.active.sheet_state = "hidden"
    book.create_sheet("Register").append(["school"])
    book.create_sheet("Money").append(["amount"])
    file = workbook_file(book)
    assert file.table(Mapping()).headings == ("school",)
    assert file.table(Mapping(sheet="Money")).headings == ("amount",)
    with pytest.raises(Refused, match="no sheet “Minutes”; the workbook has Notes, Register, Money"):
        file.table(Mapping(sheet="Minutes"))


def test_what_would_fill_the_memory_is_not_opened(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 2_000_000)
    monkeypatch.setattr(archives, "MOST_UNPACKED", 1_000_000)
    with pytest.raises(Refused, match="unpacks"):
        SourceFile("bomb.xlsx", bomb.getvalue()).table(Mapping())
    monkeypatch.setattr(files, "MOST_BYTES", 10)
    with pytest.raises(Refused, match="larger"):
        csv_file("a,b\n1,2\n3,4\n").table(Mapping())


def test_an_archive_that_is_no_workbook_is_refused() -> None:
    other = io.BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(Refused, match="cannot be opened"):
        SourceFile("other.xlsx", other.getvalue()).table(Mapping())
    with pytest.raises(Refused, match="cannot be opened"):
        read_document(other.getvalue())
    with pytest.raises(Refused, match="not what its ending says"):
        SourceFile("text.xlsx", b"a,b\n").table(Mapping())


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be read: no such file"):
        SourceFile.open(tmp_path / "nothing.csv")
    with pytest.raises(Refused, match="cannot be read"):
        SourceFile.open(tmp_path)


def test_a_document_gives_bullets_and_plain_lines() -> None:
    cells = read_document(docx_file([["* first\nplain\n\n*\n* last", "*"]]).data).tables[0].rows[0].cells
    assert [cell.lines for cell in cells] == [
        (CellLine(True, "first"), CellLine(False, "plain"), CellLine(True, "last")),
        (),
    ]


def test_a_mapping_says_what_is_wrong_with_it() -> None:
    with pytest.raises(Refused) as refusal:
        Mapping.from_json('{"colums": {}, "marks": {"A": "away"}, "header_row": 0}')
    sentences = " / ".join(str(problem) for problem in refusal.value.problems)
    assert len(refusal.value.problems) == 3
    assert "“colums”, which means nothing here; known are columns, ignore" in sentences
    assert "“marks.A” cannot be used" in sentences
    with pytest.raises(Refused, match="not JSON"):
        Mapping.from_json("{")
    assert Mapping.from_json('{"defaults": {"vat": 0}}').defaults == {"vat": "0"}
