"""The log: one line begins one record, whatever people write into names and addresses, and no secret stands in it."""

import copy
import logging
import re
from types import TracebackType
from typing import Final

_FORM: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_MARGIN: Final = "    | "

SECRET_STEPS: Final = ("link", "feed", "new-password", "set-up")
"""The steps of an address after which a secret follows."""
SECRET_FIELDS: Final = ("token", "code", "state", "password", "secret")
"""The fields of an address that hold one."""

_SECRETS: Final = re.compile(
    rf"(?P<before>(?:/|%2F)(?:{'|'.join(SECRET_STEPS)})(?:/|%2F)|(?<![a-z])(?:{'|'.join(SECRET_FIELDS)})=)"
    r"[^\s/?&#\"'<>]+",
    re.IGNORECASE,
)


class OneLine(logging.Formatter):
    r"""Writes a record so that nothing in it can pass for another record.

    Line breaks and other signs that do not print are written out (`\n`), stacks stand behind a margin.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line of a record, and its stack below."""
        own = copy.copy(record)
        own.exc_text = None  # it may be there already, written by another formatter
        return super().format(own)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  (logging's name)
        """The first line."""
        return written_out(super().formatMessage(record))

    def formatException(  # noqa: N802
        self,
        ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None],
    ) -> str:
        """What went wrong and where. The words of an error may quote what somebody sent."""
        return _with_margin(super().formatException(ei))

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        """Where it was written."""
        return _with_margin(super().formatStack(stack_info))


def start_log(level: int = logging.INFO) -> None:
    """Write records of this level and above to the standard error; done once, before anything is served."""
    handler = logging.StreamHandler()
    handler.setFormatter(OneLine(_FORM))
    logging.basicConfig(level=level, handlers=[handler])


def written_out(text: str) -> str:
    """A text in one line, its secrets left out and what does not print in letters."""
    hidden = _SECRETS.sub(r"\g<before>…", text)
    return "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in hidden)


def _with_margin(text: str) -> str:
    return "\n".join(_MARGIN + written_out(line) for line in text.splitlines())
