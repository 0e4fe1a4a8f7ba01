"""Forms of saved views. What is wrong is said by the command, which knows the other views."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from dashboard.overview.commands import LONGEST_NAME


class ViewForm(FlaskForm):  # type: ignore[misc]
    """The choices of an overview under a name, new or in place of another view's."""

    name = StringField("Name", render_kw={"maxlength": LONGEST_NAME, "autocomplete": "off"})
    query = HiddenField()
    replaces = HiddenField()
