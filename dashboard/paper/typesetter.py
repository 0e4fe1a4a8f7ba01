"""Sets one paper as PDF/UA-1. Run as a program of its own by `typesetting`, so that it can be stopped and fenced in.

Reads JSON from standard input ({"template", "paper", "timestamp"}), writes the PDF to standard output. It imports
nothing of the dashboard and opens no store; the template sees an empty folder and no other file.
"""

import json
import re
import sys
import tempfile
from typing import Any, Final

import typst

_MOST_MEMORY: Final = 2 * 2**30
_NOT_SHOWN: Final = re.compile(r'the text `"(?P<text>.+?)"` could not be displayed', re.DOTALL)
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_INSTEAD: Final = "\N{WHITE SQUARE}"
_MOST_TRIES: Final = 8
"""Each says all letters of a word at once, of all words that it came to."""
_BEYOND: Final = 0x24F
"""The last letter of the Latin alphabets that every embedded typeface has."""


def fence() -> None:
    """Let the system stop what would use up the machine's memory, where it can."""
    try:
        import resource
    except ImportError:  # not on Windows; there the time limit stands alone
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MOST_MEMORY, _MOST_MEMORY))


def typeset(template: str, paper: dict[str, Any], timestamp: int) -> bytes:
    """The PDF. A letter that no embedded typeface has is shown as a square, and the paper says so."""
    said = json.dumps(paper, ensure_ascii=False)
    for turn in range(_MOST_TRIES + 2):
        try:
            return _compile(template, said, timestamp)
        except typst.TypstError as error:
            found = [each["text"] for each in _NOT_SHOWN.finditer(error.diagnostic)]
            if not found or turn > _MOST_TRIES:
                raise
            missing = set(_ESCAPED.sub(lambda each: chr(int(each[1], 16)), "".join(found)))
            if turn == _MOST_TRIES:
                missing = {letter for letter in said if ord(letter) > _BEYOND}
            said = _without(said, missing)
    raise AssertionError  # the last turn returns or raises


def _without(said: str, missing: set[str]) -> str:
    paper = json.loads(said.translate({ord(letter): _INSTEAD for letter in missing if ord(letter) > ord("~")}))
    told = f"{_INSTEAD} stands for a letter that this document cannot show; the page has it."
    if told not in paper["notes"]:
        paper["notes"].append(told)
    return json.dumps(paper, ensure_ascii=False)


def _compile(template: str, said: str, timestamp: int) -> bytes:
    with tempfile.TemporaryDirectory() as nowhere:
        compiler = typst.Compiler(
            template.encode(),
            root=nowhere,
            package_path=nowhere,
            package_cache_path=nowhere,
            ignore_system_fonts=True,
            sys_inputs={"paper": said},
        )
        pdf = compiler.compile(format="pdf", pdf_standards="ua-1", timestamp=timestamp)
    if not isinstance(pdf, bytes):
        raise TypeError("a PDF is one file")
    return pdf


if __name__ == "__main__":
    fence()
    asked = json.load(sys.stdin)
    try:
        sys.stdout.buffer.write(typeset(asked["template"], asked["paper"], asked["timestamp"]))
    except typst.TypstError as error:
        sys.exit(f"{error.message} {error.diagnostic}")
