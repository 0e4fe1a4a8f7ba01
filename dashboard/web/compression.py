"""Everything is sent compressed, and what never changes is compressed once."""

from datetime import timedelta

import flask
from flask_compress import Compress

from dashboard.web.files import is_file


class _CompressedFiles(dict[str, bytes]):
    """Compressed forms of the files that never change while the program runs; pages and figures are never kept."""

    def set(self, key: str, content: bytes) -> None:
        if not key.endswith(";"):
            self[key] = content


def compress(server: flask.Flask) -> None:
    """Compress the answers of a server, and let browsers keep its files."""

    def key(request: flask.Request) -> str:
        return request.path if is_file(request) else ""

    def hold(response: flask.Response) -> flask.Response:
        # A file that is streamed from the disk would go out uncompressed.
        if is_file(flask.request) and response.is_streamed:
            response.direct_passthrough = False
            response.get_data()
        return response

    server.config.update(
        SEND_FILE_MAX_AGE_DEFAULT=timedelta(days=365),  # headers.py takes it back where no version is named
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=5,
        COMPRESS_STREAMS=False,  # a file is compressed once and kept, not streamed anew for each reader
        COMPRESS_CACHE_KEY=key,
        COMPRESS_CACHE_BACKEND=_CompressedFiles,
    )
    Compress(server)
    server.after_request(hold)  # of these, the one that is added last goes first
