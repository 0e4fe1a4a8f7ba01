"""The academic year that an address asks for."""

from collections.abc import Mapping

import flask
from flask import request

from dashboard.academic_year import AcademicYear


def asked_year() -> AcademicYear | None:
    """The year that the address names; what is none answers like what is not there."""
    written = request.args.get("year")
    if written is None:
        return None
    try:
        return AcademicYear.parse(written)
    except ValueError:
        flask.abort(404)


def named_year(said: Mapping[str, str] | None = None) -> AcademicYear | None:
    """The year that the address names, or what was `said` in a form; one that is none is as if none were named."""
    try:
        return AcademicYear.parse((request.args if said is None else said).get("year", ""))
    except ValueError:
        return None
