"""Text copied from a spreadsheet becomes rows of the grid."""

import pytest

from dashboard.funding.paste import COLUMNS, MOST_ROWS, TooManyRows, split


def filled(text: str) -> list[dict[str, str]]:
    rows = split(text)
    assert all(tuple(row) == COLUMNS for row in rows)
    return [{name: cell for name, cell in row.items() if cell} for row in rows]


def test_without_headings_the_cells_stand_in_the_order_of_the_grid() -> None:
    first, last = "2016-10-05\tlead_held\tB\tB6\tCPD\tBooks Ltd", "INV 1\t52\t10.40\tpaid\tFord School\tmore"
    assert filled(f'{first}\t"Two\nlines"\t{last}\r\n\t\r\n') == [
        {
            "date": "2016-10-05",
            "pot": "lead_held",
            "part": "B",
            "use_code": "B6",
            "purpose": "CPD",
            "supplier": "Books Ltd",
            "description": "Two\nlines",
            "reference": "INV 1",
            "amount": "52",
            "vat": "10.40",
            "state": "paid",
            "school": "Ford School",
        }
    ]
    assert filled(" \n\t\n") == []


def test_headings_say_which_column_is_which() -> None:
    assert filled("Net amount,Paid date,Something,Payee\n52,2016-10-05,x,Books Ltd\n") == [
        {"amount": "52", "date": "2016-10-05", "supplier": "Books Ltd"}
    ]
    assert filled("date\tdate\tamount\n1\t2\t3") == [
        {"date": "date", "pot": "date", "part": "amount"},
        {"date": "1", "pot": "2", "part": "3"},
    ], "two columns of one name are no headings"


def test_more_than_a_grid_holds_is_refused() -> None:
    assert len(split("1\t2\n" * MOST_ROWS)) == MOST_ROWS
    with pytest.raises(TooManyRows, match="201 rows; the grid holds at most 200"):
        split("1\t2\n" * (MOST_ROWS + 1))
