"""The forms of the next year's drafts. What is wrong is said beside the field and at the top."""

from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, SelectChoice, StringField, TextAreaField
from wtforms.validators import InputRequired

from dashboard.plans.cell_text import read_lines, write_lines
from dashboard.plans.commands.next_year import LONGEST_OWNER, LONGEST_TITLE, DraftRefused, DraftText
from dashboard.plans.next_codes import LONGEST_CODE
from dashboard.plans.queries.next_year import DraftRow


class DraftsForm(FlaskForm):  # type: ignore[misc]
    """What every form here can do; by itself nothing but the token."""

    def refuse(self, refusal: DraftRefused) -> None:
        """Say why it was refused: beside the field it is about, else at the top."""
        field = self._fields.get(refusal.field)
        if field is None:
            self.form_errors = [str(refusal)]
        else:
            field.errors = [str(refusal)]


class ItemsForm(DraftsForm):
    """Work that no target's next steps name."""

    name = StringField(
        "What it is about",
        description="Gives the codes their first word, such as IMPACT-SEPT20. It may stay empty.",
        render_kw={"maxlength": LONGEST_TITLE, "autocomplete": "off"},
    )
    items = TextAreaField(
        "Items, one on a line",
        description="Such as the work items of a project.",
        validators=[InputRequired("Write at least one item.")],
        render_kw={"rows": 5, "maxlength": 20_000},
    )
    together = RadioField(
        "They become",
        choices=[SelectChoice("each", "a draft each"), SelectChoice("one", "one draft with all of them")],
        default="each",
    )


class DraftForm(DraftsForm):
    """One draft, to be said anew."""

    code = StringField(
        "Code",
        description="Capitals, figures and hyphens, such as READING-SEPT20.",
        validators=[InputRequired("Give it a code.")],
        render_kw={"maxlength": LONGEST_CODE, "autocomplete": "off"},
    )
    title = TextAreaField(
        "Target",
        validators=[InputRequired("Say what the target is.")],
        render_kw={"rows": 2, "maxlength": LONGEST_TITLE},
    )
    lines = TextAreaField(
        "More about it",
        description="What else stands in the Target cell. “- ” begins a bullet.",
        render_kw={"rows": 5, "maxlength": 20_000},
    )
    owner = StringField(
        "Who leads it",
        description="By role, such as “Arts lead”; no names and no initials.",
        render_kw={"maxlength": LONGEST_OWNER, "autocomplete": "off"},
    )
    version = HiddenField()

    @property
    def said(self) -> DraftText:
        """The draft as a command takes it."""
        return DraftText(
            self.code.data or "", self.title.data or "", read_lines(self.lines.data or ""), self.owner.data or None
        )

    @property
    def seen(self) -> int:
        """The version that the form showed; -1 where somebody made it up."""
        written = self.version.data or ""
        return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else -1

    @classmethod
    def of(cls, draft: DraftRow) -> "DraftForm":
        """The form as a draft stands."""
        more = tuple(line for line in draft.lines if line.text not in {draft.code, draft.title})
        return cls(
            formdata=None, code=draft.code, title=draft.title, lines=write_lines(more), owner=draft.owner or "",
            version=draft.version,
        )  # fmt: skip
