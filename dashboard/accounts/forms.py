"""The forms of the administrator's pages and of screen links. What is wrong is said beside the field and at the top."""

from collections.abc import Mapping
from typing import Final

from flask_wtf import FlaskForm
from wtforms import EmailField, IntegerField, SelectChoice, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange

from dashboard.accounts.commands import LONGEST_NAME
from dashboard.accounts.feeds import LONGEST_LABEL as LONGEST_FEED_LABEL
from dashboard.accounts.grants import AccountRefused
from dashboard.accounts.screen_links import LONGEST_LABEL, MOST_DAYS, USUAL_DAYS
from dashboard.naming import slug
from dashboard.vocabulary import Role
from dashboard.web.fields import at_most

ROLES: Final[Mapping[Role, str]] = {
    Role.DIRECTOR: "Director: oversees every cluster of a programme",
    Role.ADVISOR: "Advisor: sees every cluster of a programme, changes nothing",
    Role.COORDINATOR: "Coordinator: runs one cluster",
    Role.HEADTEACHER: "Headteacher: answers for one school",
    Role.BURSAR: "Bursar: keeps one cluster’s accounts at its lead school",
    Role.STEERING: "Steering group: sees one cluster’s screen",
    Role.ADMINISTRATOR: "Administrator: looks after people, sees no school",
}


def _as_slug(text: str | None) -> str | None:
    """A place may be given by its name or by the last part of its address; both make the same slug."""
    return slug(text) if text and text.strip() else None


def _place(label: str, hint: str) -> StringField:
    longest = Length(max=200, message="This is too long to be a name.")
    return StringField(label, description=hint, filters=[_as_slug], validators=[longest])


class RoleForm(FlaskForm):  # type: ignore[misc]
    """A role and the place where it holds."""

    role = SelectField("Role", choices=[SelectChoice(role.value, words) for role, words in ROLES.items()])
    programme = _place("Programme", "For a director or advisor. Leave it empty for all programmes.")
    cluster = _place("Cluster", "For a coordinator, a bursar or a member of the steering group.")
    school = _place("School", "For a headteacher.")

    @property
    def places(self) -> dict[str, str | None]:
        """What was said of the place, as `AccountBook.add` takes it."""
        return {"programme": self.programme.data, "cluster": self.cluster.data, "school": self.school.data}

    def refuse(self, refusal: AccountRefused) -> None:
        """Say why it was refused: beside the field it is about, else beside the role."""
        field = getattr(self, refusal.option or "role", self.role)
        field.errors = [str(refusal)]


class PersonForm(RoleForm):
    """Somebody who is to sign in, with a first role."""

    email = EmailField(
        "Work e-mail address",
        description="The address the school or programme gave; never a private one.",
        validators=[InputRequired("Enter a work e-mail address."), Length(max=254, message="This is too long.")],
    )
    name = StringField(
        "Name",
        description="As the person is called at work. You may leave it out.",
        validators=[Length(max=LONGEST_NAME)],
    )


class NameForm(FlaskForm):  # type: ignore[misc]
    """What somebody is called."""

    name = StringField("Name", validators=[at_most(LONGEST_NAME)])


class LinkForm(FlaskForm):  # type: ignore[misc]
    """A new screen link."""

    label = StringField(
        "Where it is used",
        description="A room, such as “library of the lead school”; no person’s name. You may leave it out.",
        validators=[at_most(LONGEST_LABEL)],
    )
    days = IntegerField(
        "Days until it expires",
        default=USUAL_DAYS,
        validators=[
            InputRequired(f"Enter a number of days from 1 to {MOST_DAYS}."),
            NumberRange(1, MOST_DAYS, f"Enter a number of days from 1 to {MOST_DAYS}."),
        ],
    )


class FeedForm(FlaskForm):  # type: ignore[misc]
    """A new calendar address."""

    label = StringField(
        "Where it is used",
        description="Such as “phone” or “office computer”. You may leave it out.",
        validators=[at_most(LONGEST_FEED_LABEL)],
    )
