"""The forms of signing in: those of Flask-Security, in our words and without what we do not offer."""

import re
from typing import Any, Final

from flask import session
from flask_login import current_user
from flask_security import (
    ChangePasswordForm,
    ForgotPasswordForm,
    Form,
    LoginForm,
    MfRecoveryForm,
    ResetPasswordForm,
    TwoFactorSelectForm,
    TwoFactorSetupForm,
    TwoFactorVerifyCodeForm,
    VerifyForm,
    WebAuthnDeleteForm,
    WebAuthnRegisterForm,
    WebAuthnRegisterResponseForm,
    WebAuthnSigninForm,
    WebAuthnSigninResponseForm,
    hash_password,
)
from flask_security.utils import get_message
from wtforms import EmailField, HiddenField, PasswordField, RadioField, StringField
from wtforms.validators import EqualTo, InputRequired

from dashboard.accounts.passwords import LONGEST, normal
from dashboard.accounts.sign_in_store import tell_refusal
from dashboard.web.limits import may_send_mail

_TWICE: Final = "The two passwords are not the same."
_NEW: Final = [InputRequired("Choose a password.")]
_SEPARATORS: Final = re.compile(r"[\s-]+")
_NOTHING_TO_CONFIRM_BY: Final = (
    "Your account has no password here. Sign out and in again: for a quarter of an hour nothing more is asked."
)


def _as_hashed(typed: str | None) -> str | None:
    """A password as it is compared. One longer than any that can be chosen is cut to what still fits none: it is as
    wrong as any other and takes as long, where argon2 would refuse to look at it.
    """
    return None if typed is None else normal(typed)[: LONGEST + 1]


class OwnNext:
    """Where to go afterwards. Flask-Security leads to no other host, whatever stands there; nothing need fail by it."""

    def validate_next(self, field: HiddenField) -> None:
        """Anything will do."""


class SignInForm(OwnNext, LoginForm):  # type: ignore[misc]
    """Address and password. Nobody is remembered past the session: the cookie for it would open what we ended."""

    email = EmailField("E-mail address", validators=LoginForm.email.kwargs["validators"])
    password = PasswordField("Password", filters=[_as_hashed], validators=LoginForm.password.kwargs["validators"])
    remember = None

    def validate(self, **more: Any) -> bool:
        """Whatever is wrong, as much is done: one hash, one event."""
        if super().validate(**more):
            return True
        if self.ifield is not None and self.user is None:
            tell_refusal("unknown address")
        elif self.user_authenticated:
            tell_refusal("disabled account", self.user)
        return False

    @property
    def errors(self) -> dict[str | None, Any]:
        """What is wrong, each once: Flask-Security says the same of both fields."""
        return {name: list(dict.fromkeys(said)) for name, said in super().errors.items()}


class ConfirmForm(OwnNext, VerifyForm):  # type: ignore[misc]
    """The password once more."""

    password = PasswordField("Password", filters=[_as_hashed], validators=VerifyForm.password.kwargs["validators"])

    def validate(self, **more: Any) -> bool:
        """Somebody who comes by single sign-on may have none."""
        if self.user.password:
            return bool(super().validate(**more))
        hash_password(self.password.data or "")
        self.password.errors = [_NOTHING_TO_CONFIRM_BY]
        return False


class ForgottenForm(ForgotPasswordForm):  # type: ignore[misc]
    """The address to which a link is sent."""

    email = EmailField("Work e-mail address", validators=ForgotPasswordForm.email.kwargs["validators"])

    def validate(self, **more: Any) -> bool:
        """Hash something: that is done too where there is no such account, so that both take as long."""
        if not super().validate(**more) or not may_send_mail():
            return False
        hash_password("of no use")
        return True


class ResetForm(ResetPasswordForm):  # type: ignore[misc]
    """A password, chosen by a link."""

    password = PasswordField("A password for this dashboard", validators=_NEW)
    password_confirm = PasswordField("The password again", validators=[EqualTo("password", _TWICE)])


class ChangeForm(ChangePasswordForm):  # type: ignore[misc]
    """Another password."""

    password = PasswordField("Your password now", filters=[_as_hashed])
    new_password = PasswordField("The new password", validators=_NEW)
    new_password_confirm = PasswordField("The new password again", validators=[EqualTo("new_password", _TWICE)])

    def validate(self, **more: Any) -> bool:
        """Whoever finds an open browser may guess at the password: that is written down."""
        if super().validate(**more):
            return True
        if get_message("INVALID_PASSWORD")[0] in self.password.errors:
            tell_refusal("wrong password", current_user._get_current_object(), "change password")
        return False


class SetUpAppForm(TwoFactorSetupForm):  # type: ignore[misc]
    """What to do about the authenticator app: set it up, or do without it."""

    setup = HiddenField()


class CodeForm(TwoFactorVerifyCodeForm):  # type: ignore[misc]
    """The code of an authenticator app."""

    code = StringField("Code", filters=[lambda text: _SEPARATORS.sub("", text or "")], validators=[
        InputRequired("Enter the six digits that your app shows."),
    ])  # fmt: skip


class WhichForm(TwoFactorSelectForm):  # type: ignore[misc]
    """Which second factor to go on with; Flask-Security fills in those that the person has."""

    which = RadioField("With what do you want to go on?", choices=[])


class RecoveryForm(MfRecoveryForm):  # type: ignore[misc]
    """A recovery code."""

    code = StringField("Recovery code", validators=[InputRequired("Enter one of your recovery codes.")])

    def validate(self, **more: Any) -> bool:
        """However it was typed; a wrong one is written down like a wrong password."""
        plain = _SEPARATORS.sub("", self.code.data or "").lower()
        self.code.data = "-".join(plain[at : at + 4] for at in range(0, len(plain), 4))
        if super().validate(**more):
            return True
        if self.user is not None and plain:
            self.user.track_failed_authn("recovery code", True)
        return False


class NoRescueForm(Form):  # type: ignore[misc]
    """Nothing: who lost everything asks an administrator. Flask-Security wants the form nevertheless."""

    help_setup = RadioField("", choices=[])


class PasskeyForm(WebAuthnRegisterForm):  # type: ignore[misc]
    """What a new passkey is to be called."""

    name = StringField(
        "What is it called?",
        description="So that you know it again, such as “office laptop” or “blue key”.",
        validators=[InputRequired("Give the passkey a name.")],
    )
    usage = HiddenField()


class NewPasskeyForm(WebAuthnRegisterResponseForm):  # type: ignore[misc]
    """A passkey as the browser made it."""

    def validate(self, **more: Any) -> bool:
        """What else the browser says of it is not needed and not kept."""
        fine = bool(super().validate(**more))
        self.extensions = None
        return fine


class RemovePasskeyForm(WebAuthnDeleteForm):  # type: ignore[misc]
    """The name of a passkey to remove."""


class AskPasskeyForm(OwnNext, WebAuthnSigninForm):  # type: ignore[misc]
    """The wish to go on with a passkey."""

    remember = HiddenField()


class UsePasskeyForm(OwnNext, WebAuthnSigninResponseForm):  # type: ignore[misc]
    """A passkey as the browser used it."""

    def validate(self, **more: Any) -> bool:
        """Only one of the account whose password was given just now, and only as long as that may sign in."""
        if not super().validate(**more):
            return False
        expected = session.get("_user_id" if self.is_verify else "tf_user_id")
        if self.user.is_active and self.user.fs_uniquifier == expected:
            return True
        self.credential.errors.append("This passkey belongs to another account.")
        return False
