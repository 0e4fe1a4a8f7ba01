"""The definitions, read from the one file that has them."""

from dashboard.help.definitions import NUMBERS, Chapter, Passage, load_definitions, read_definitions

_TEXT = """# What each number means

Not shown.

## Money
Whole pence. Worked out in [worked-example.md](worked-example.md).

| figure | meaning |
| --- | --- |
| left | *all* less `spent` |

### Rules
Of **money** ([4.9](x)).
"""


def test_headings_words_and_tables_are_read() -> None:
    assert read_definitions(_TEXT) == (
        Chapter(
            "Money",
            passages=[Passage("Whole pence."), Passage(rows=(("figure", "meaning"), ("left", "all less spent")))],
        ),
        Chapter("Rules", deeper=True, passages=[Passage("Of money (4.9).")]),
    )


def test_a_chapter_can_be_linked_to() -> None:
    assert Chapter("What a careful reader would ask").anchor == "what-a-careful-reader-would-ask"


def test_every_row_of_the_file_is_on_the_page() -> None:
    text = NUMBERS.read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("| ---")]
    assert sum(len(passage.rows) for chapter in load_definitions() for passage in chapter.passages) == len(rows) > 50
    assert [chapter.title for chapter in load_definitions()][:3] == ["Attendance", "Money", "Plan"]
    assert not any(
        mark in passage.words for chapter in load_definitions() for passage in chapter.passages for mark in "`|"
    )
