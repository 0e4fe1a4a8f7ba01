"""Sets a paper as tagged PDF (PDF/UA-1): bounded in time, in memory, in size and in how many are set at once.

A paper is set by a program of its own (`typesetter`), which knows nothing but the words it is given.
"""

import json
import logging
import os
import re
import subprocess
import sys
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any, Final

from dashboard.paper.blocks import Bar, Cell, Column, Heading, Key, Paper, Points, Swatches, Table, Text, Tiles
from dashboard.paper.lettering import fit
from dashboard.wording import day

log = logging.getLogger(__name__)

MEDIA_TYPE: Final = "application/pdf"
MOST_SECONDS: Final = 20.0
"""A pack of 25 clusters takes less than one."""
MOST_LETTERS: Final = 8_000_000
_AT_ONCE: Final = BoundedSemaphore(2)
_PATIENCE: Final = 10.0
_TYPESETTER: Final = Path(__file__).with_name("typesetter.py")
_ENVIRONMENT: Final = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LD_LIBRARY_PATH")
"""What the program is told of this one's environment: no setting, and no secret."""
_LONGEST_WORD: Final = 18
_BREAK: Final = "\N{ZERO WIDTH SPACE}"
_LONG: Final = re.compile(rf"[^\s{_BREAK}–-]{{{_LONGEST_WORD + 1},}}")


class PaperRefused(Exception):
    """No document was made. The text says why, and what to do."""


def typeset(paper: Paper, as_of: date) -> bytes:
    """The PDF of a paper. The same paper of the same day gives the same bytes."""
    asked = json.dumps(
        {"template": _template(), "paper": as_data(paper, as_of), "timestamp": _seconds(as_of)}, ensure_ascii=False
    )
    if len(asked) > MOST_LETTERS:
        raise PaperRefused("This document would be too long. Choose one cluster and one year.")
    if not _AT_ONCE.acquire(timeout=_PATIENCE):
        raise PaperRefused("Other documents are being made at this moment. Try again in a minute.")
    try:
        return _run(asked)
    finally:
        _AT_ONCE.release()


def _run(asked: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 (a program of our own, told nothing by its command line)
            [sys.executable, "-I", "-X", "utf8", str(_TYPESETTER)],
            input=asked.encode(),
            capture_output=True,
            timeout=MOST_SECONDS,
            check=True,
            env={name: os.environ[name] for name in _ENVIRONMENT if name in os.environ} | {"RAYON_NUM_THREADS": "2"},
        )
    except subprocess.TimeoutExpired as error:
        log.error("a document was stopped after %s seconds", MOST_SECONDS)
        raise PaperRefused("This document took too long. Choose one cluster and one year, then try again.") from error
    except subprocess.CalledProcessError as error:
        log.error("a document could not be set: %s", error.stderr.decode(errors="replace")[-2000:])
        raise PaperRefused(
            "This document could not be made. The figures are all on the page; print that, and tell whoever runs the "
            "dashboard."
        ) from error
    return done.stdout


@cache
def _template() -> str:
    return Path(__file__).with_name("paper.typ").read_text(encoding="utf-8")


def _seconds(as_of: date) -> int:
    return int(datetime.combine(as_of, time(), UTC).timestamp())


def as_data(paper: Paper, as_of: date) -> dict[str, Any]:
    """The paper as the template reads it; all words fit to be shown."""
    return {
        "title": shown(paper.title) or "–",
        "running": shown(paper.running),
        "as_of": f"as of {day(as_of)}",
        "foot": "Schools Cluster Dashboard",
        "notes": [shown(each) for each in paper.notes],
        "about": [[shown(name), shown(value)] for name, value in paper.about],
        "blocks": [_block(each) for each in paper.blocks],
    }


def _block(block: Any) -> dict[str, Any]:
    match block:
        case Heading():
            return {"kind": "heading", "text": shown(block.text) or "–", "level": block.level,
                    "new_page": block.new_page}  # fmt: skip
        case Text():
            return {"kind": "text", "text": shown(block.text), "strong": block.strong, "quiet": block.quiet}
        case Points():
            return {"kind": "points", "items": [shown(each) for each in block.items]}
        case Key():
            return {"kind": "key", "items": [[shape, shown(words)] for shape, words in block.items]}
        case Swatches():
            return {"kind": "swatches", "items": [[part, shown(words)] for part, words in block.items]}
        case Table():
            return {
                "kind": "table",
                "columns": [_column(each) for each in block.columns],
                "rows": [[_cell(each) for each in row] for row in block.rows],
                "foot": [_cell(each) for each in block.foot or ()],
            }
    raise TypeError(block)


def _column(column: Column) -> dict[str, Any]:
    over = [shown(each) for each in column.over_tiles]
    return {"heading": shown(column.heading), "width": column.width, "number": column.number, "over": over,
            "gap": _gap(len(over))}  # fmt: skip


def _cell(cell: Cell) -> Any:
    match cell:
        case Tiles():
            return {"kind": "tiles", "shapes": list(cell.shapes), "of": max(cell.of, 1), "alt": shown(cell.alt),
                    "gap": _gap(cell.of)}  # fmt: skip
        case Bar():
            return {"kind": "bar", "spent": cell.spent, "committed": cell.committed, "left": cell.left,
                    "alt": shown(cell.alt)}  # fmt: skip
    return shown(cell)


def _gap(tiles: int) -> float:
    """The room between signs, in points: less, the more there are."""
    return 14 if tiles <= 6 else 8 if tiles <= 9 else 4


def shown(text: str) -> str:
    """The text as it can be set: fit to be read, and with places where a long word may break."""
    return _LONG.sub(lambda word: _BREAK.join(_pieces(word[0])), fit(text))


def _pieces(word: str) -> list[str]:
    step = _LONGEST_WORD // 2
    return [word[start : start + step] for start in range(0, len(word), step)]
