"""Work addresses only: what a programme may hold of a colleague is where they can be reached at work (0.4)."""

import re
from typing import Final

from dashboard.intake.tables import Cell, show

_LONGEST: Final = 254
_SHAPE: Final = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]"
)
_FAMILIES: Final = re.compile(
    r"(?:aol|gmx|googlemail|hotmail|live|msn|outlook|rocketmail|yahoo|yandex|ymail|zoho)\.(?:com?\.)?[a-z]{2,3}"
)
"""Providers with an ending for each country. live.warwick.ac.uk is a university."""
_PRIVATE: Final = frozenset(
    {
        # given to anybody who asks
        "gmail.com", "icloud.com", "me.com", "mac.com", "mail.com", "email.com", "inbox.com", "proton.me", "pm.me",
        "protonmail.com", "fastmail.com", "fastmail.fm", "hey.com", "hushmail.com", "tutanota.com", "tutanota.de",
        "tuta.com", "tuta.io", "zohomail.com", "web.de", "mail.ru", "qq.com", "163.com", "126.com", "fsmail.net",
        "talk21.com",
        # stands in for another address, so that nobody sees which
        "duck.com", "mozmail.com", "privaterelay.appleid.com", "simplelogin.com", "simplelogin.co",
        # given with a telephone line at home in the United Kingdom
        "btinternet.com", "btopenworld.com", "talktalk.net", "talktalk.co.uk", "tiscali.co.uk", "lineone.net",
        "sky.com", "virginmedia.com", "virginmedia.co.uk", "virgin.net", "ntlworld.com", "blueyonder.co.uk",
        "plus.com", "plus.net", "o2.co.uk", "orange.net", "wanadoo.co.uk", "freeserve.co.uk",
    }
)  # fmt: skip


def check_work_email(text: Cell) -> str:
    """A work address in small letters. Raises ValueError, in a sentence, for one of a private provider or none at all.

    The list holds the providers that give addresses to private people. It cannot know every one, and need not: it
    catches the slip of writing down the address that a colleague happens to use.
    """
    written = show(text).removeprefix("mailto:").casefold()
    if not _SHAPE.fullmatch(written) or ".." in written or len(written) > _LONGEST:
        raise ValueError(f"“{show(text)}” is not an e-mail address; write one, such as office@example.org")
    if is_private(written):
        provider = written.partition("@")[2]
        raise ValueError(
            f"“{show(text)}” is a private address ({provider}); only work addresses are held, so give the one at the "
            "school or leave it empty"
        )
    return written


def is_private(address: str) -> bool:
    """Whether an address is one of a provider for private people, or of a name beneath one ("smith.plus.com")."""
    names = address.casefold().rpartition("@")[2].split(".")
    domains = (".".join(names[place:]) for place in range(len(names)))
    return any(domain in _PRIVATE or _FAMILIES.fullmatch(domain) is not None for domain in domains)
