"""`/stay`: somebody who was asked whether they are still there says yes (WCAG 2.2.1)."""

from flask import Blueprint
from flask.typing import ResponseReturnValue

from dashboard.web.door import signed_in

stay_pages = Blueprint("staying", __name__)


@stay_pages.post("/stay")
@signed_in
def stay() -> ResponseReturnValue:
    """Nothing is done but to ask: every request of a session that has not ended keeps it."""
    return "", 204
