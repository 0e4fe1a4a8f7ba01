"""Codes of an authenticator app, each good once."""

from typing import Any

from flask_security.totp import Totp

from dashboard.accounts.sign_in_store import SecurityAccount


class OnceOnly(Totp):  # type: ignore[misc]
    """Remembers the last code that was taken: whoever looks over a shoulder comes too late."""

    def get_last_counter(self, user: SecurityAccount) -> int | None:
        """The time step of the last code that was taken."""
        return user.tf_last_counter

    def set_last_counter(self, user: SecurityAccount, tmatch: Any) -> None:
        """Note the time step of a code that was taken."""
        user.tf_last_counter = tmatch.counter
