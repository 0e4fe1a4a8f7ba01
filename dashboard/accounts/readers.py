"""Who asks: the person a session belongs to, the screen link that opened it, or somebody who looks around."""

from flask import session

from dashboard.access import EVERYTHING, Reader, wall
from dashboard.accounts.first_start import guest
from dashboard.accounts.queries import load_link_reader, load_reader
from dashboard.accounts.sessions import LINK
from dashboard.db import now_utc
from dashboard.web.context import the_store


def find_reader() -> Reader | None:
    """The reader of this request; None for somebody who is nobody.

    Asked of the store each time: what was withdrawn a moment ago is gone.
    """
    if "_user_id" in session:
        with the_store().reading() as reading:
            return load_reader(reading, str(session["_user_id"]))
    if LINK in session:
        with the_store().reading(wall(EVERYTHING)) as reading:
            found = load_link_reader(reading, int(session[LINK]), now_utc())
            return found[0] if found else None
    return guest()
