"""The one factory of links whose address somebody wrote into a file or a form, or sent along to be led back to.

What may not be a link is shown as the text it is. Addresses that we make ourselves are no matter of this.
"""

import re
from typing import Any, Final
from urllib.parse import urlsplit

from dash import html

RELATION: Final = "noopener noreferrer nofollow"
"""The site behind the link learns nothing of the page it stood on."""

_LONGEST: Final = 2000
_WEB: Final = re.compile(r"https?://[^\s\\\"'<>`{}|^]+", re.IGNORECASE)
_MAIL: Final = re.compile(r"mailto:[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.IGNORECASE)


_OWN: Final = re.compile(r"/(?![/\\])[^\\\s]*")


def user_link(text: str, href: str) -> Any:
    """A link to where somebody said, or the plain text where that is no place to be sent to."""
    address = allowed(href)
    if address is None:
        return text or href
    return html.A(text or address, href=address, rel=RELATION)


def allowed(href: str) -> str | None:
    r"""The address if it is one of the web or a mail address and nothing else, else None.

    A list of what is allowed: browsers leave tabs and line breaks out of addresses, take any case, and read `//host`
    and `\\host` as another host, so that no list of what is forbidden would be complete.
    """
    address = href.strip(" ")
    if len(address) > _LONGEST or not address.isprintable():
        return None
    if _MAIL.fullmatch(address):
        return address
    return address if _WEB.fullmatch(address) and _has_plain_host(address) else None


def own_address(address: str) -> str | None:
    """The address if it is a page of ours and can become nothing else, else None: for where a sign-in leads back to.

    Werkzeug and browsers leave tabs out: `/<tab>/other.example` would be another host.
    """
    if len(address) > _LONGEST or not address.isprintable():
        return None
    return address if _OWN.fullmatch(address) else None


def _has_plain_host(address: str) -> bool:
    """Whether a host is named, and no name before it that could pass for one (`https://known.example@other.example`)."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and "@" not in parts.netloc and parts.port != 0
    except ValueError:
        return False
