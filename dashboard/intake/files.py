"""The file itself: its name, its bytes, its size, and which reader it is for."""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from dashboard.intake.archives import check_archive
from dashboard.intake.delimited import read_delimited
from dashboard.intake.mapping import Mapping
from dashboard.intake.problems import Refused
from dashboard.intake.tables import Table
from dashboard.intake.workbooks import read_workbook

MOST_BYTES: Final = 20 * 1024 * 1024

_OPEN_TEXT: Final = b"application/vnd.oasis.opendocument.text"
_OPEN_SHEET: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True)
class SourceFile:
    """A file as it came in."""

    name: str
    data: bytes
    digest: str | None = None
    """Of the file as it was sent, where this is only the part of it that is read."""

    @classmethod
    def open(cls, path: Path) -> "SourceFile":
        """Read a file from disk. Raises Refused when it is missing, is no file, or is too large."""
        try:
            if path.stat().st_size > MOST_BYTES:
                raise Refused.because(_TOO_LARGE)
            return cls(path.name, path.read_bytes())
        except OSError as error:
            raise Refused.because(f"“{path}” cannot be read: {(error.strerror or str(error)).lower()}") from error

    @property
    def sha256(self) -> str:
        """The digest that tells this file from every other."""
        return self.digest or sha256(self.data).hexdigest()

    @property
    def is_document(self) -> bool:
        """Whether this is a Word document."""
        return self.name.casefold().endswith(".docx")

    def check(self) -> None:
        """Refuse what must not be opened: a file too large, empty, unpacking too large, or of an old Office form."""
        if len(self.data) > MOST_BYTES:
            raise Refused.because(_TOO_LARGE)
        if not self.data.strip():
            raise Refused.because("the file is empty")
        if self.data.startswith(_OLD_OFFICE):
            raise Refused.because("this is an old Office file; save it as .xlsx or .docx first")
        if (instead := self._of_another_program()) is not None:
            raise Refused.because(instead)
        if self._is_archive:
            check_archive(self.data, self.name)
        elif self.is_document or self.name.casefold().endswith((".xlsx", ".xlsm")):
            raise Refused.because(f"“{self.name}” is not what its ending says; save it again from Word or Excel")

    def table(self, mapping: Mapping) -> Table:
        """The table in a CSV file or a workbook. Raises Refused when there is none."""
        self.check()
        if self._is_archive:
            if self.is_document:
                raise Refused.because("a Word document can only be read as a plan; save the table as CSV or .xlsx")
            return read_workbook(self.data, mapping.sheet, mapping.header_row)
        return read_delimited(self.data, mapping.header_row)

    def _of_another_program(self) -> str | None:
        """What to do with a file that no reader here is for; None for all others."""
        name = self.name.casefold()
        if self.data.startswith(b"PK") and (name.endswith(".odt") or _OPEN_TEXT in self.data[:200]):
            return "this is an OpenDocument text (.odt); open it, save it as a Word document (.docx), and choose that"
        if self.data.startswith(b"PK") and (name.endswith(".ods") or _OPEN_SHEET in self.data[:200]):
            return "this is an OpenDocument spreadsheet (.ods); open it, save it as .xlsx or CSV, and choose that"
        if self.data.startswith(b"%PDF"):
            return "this is a PDF, from which no table can be read; choose the document it was made from (.docx, .xlsx)"
        if self.data.startswith(b"{\\rtf"):
            return "this is a Rich Text file (.rtf); open it, save it as a Word document (.docx), and choose that"
        if name.endswith(".pages"):
            return "this is a Pages document; export it as a Word document (.docx), and choose that"
        return None

    @property
    def _is_archive(self) -> bool:
        return self.data.startswith(b"PK")


_TOO_LARGE: Final = "the file is larger than 20 MB; divide it by year or cluster"
