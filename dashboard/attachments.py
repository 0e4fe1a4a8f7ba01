"""What a file may be that somebody attaches: known by its first bytes, never by what a browser calls it. Pure."""

from typing import Final

from dashboard.naming import slug

MOST_BYTES: Final = 5 * 1024 * 1024
LONGEST_NAME: Final = 60

PDF: Final = "application/pdf"
_BEGINS: Final = (
    (b"%PDF-", PDF, ".pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png", ".png"),
    (b"\xff\xd8\xff", "image/jpeg", ".jpg"),
)
"""How a file begins → what it is, and the ending of its name."""

KINDS: Final = "PDF, PNG or JPEG"


def media_type_of(content: bytes) -> str | None:
    """What a file is by its first bytes; None for what is not taken."""
    return next((kind for start, kind, _ in _BEGINS if content.startswith(start)), None)


def plain_name(written: str, media_type: str, otherwise: str) -> str:
    """A short file name without anything that a disk or a header could mistake: "Invoice 2017/3.PDF" →
    "invoice-2017-3.pdf". The ending tells what the file is; one whose name says nothing is called `otherwise`.
    """
    last = written.replace("\\", "/").rpartition("/")[2]
    stem = last.rpartition(".")[0] or last
    ending = next(ending for _, kind, ending in _BEGINS if kind == media_type)
    short = slug(stem)[:LONGEST_NAME].strip("-") if stem.strip() else ""
    return f"{short if short and short != 'unnamed' else otherwise}{ending}"


def check_file(content: bytes, wanted: str) -> str:
    """The media type of a file that is taken, where somebody was asked for what is `wanted`: "the invoice or receipt".
    Raises ValueError with a sentence for a person for any other.
    """
    if not content:
        raise ValueError(f"This file is empty; choose {wanted}.")
    if len(content) > MOST_BYTES:
        raise ValueError(
            f"This file has {len(content) / 1024 / 1024:.1f} MB; at most 5 MB are taken. Scan it in grey, or as a PDF."
        )
    found = media_type_of(content)
    if found is None:
        raise ValueError(f"This file is no {KINDS}, whatever its name says; scan or save it as one of these.")
    return found
