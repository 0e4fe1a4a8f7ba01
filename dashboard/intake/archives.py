"""Workbooks and documents are ZIP archives: what they may unpack to, and how a broken one fails."""

import io
import zipfile
import zlib
from typing import Final

from dashboard.intake.problems import Refused

MOST_UNPACKED: Final = 100 * 1024 * 1024
"""A small archive may unpack to fill the memory."""
MOST_PARTS: Final = 5_000

BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    NotImplementedError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
)
"""What the libraries raise inside when a file is damaged or hostile; to a person all of it means the same."""


def check_archive(data: bytes, name: str) -> None:
    """Refuse an archive that is damaged, or unpacks to more than it should, before anything in it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except BROKEN as error:
        raise Refused.because(f"“{name}” is damaged and cannot be opened") from error
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise Refused.because("the file unpacks to more than 100 MB and is not opened")
