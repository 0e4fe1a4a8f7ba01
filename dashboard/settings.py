"""Settings, read once from the environment when the program starts."""

import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent
SHORTEST_SECRET: Final = 32
"""Characters. Whoever guesses the secret makes links to any password."""
DEFAULT_DATABASE_URL: Final = f"sqlite:///{(PROJECT_ROOT / 'instance' / 'dashboard.sqlite').as_posix()}"


class SettingRefused(Exception):
    """A setting with which nothing safe can be done; the text says what to set instead."""


class Settings(BaseSettings):
    """Every setting the product has; the README lists the same names and defaults."""

    model_config = SettingsConfigDict(env_file=None, extra="ignore", frozen=True)

    host: str = "127.0.0.1"
    """HOST: the address to serve on. Stays on this computer unless you say otherwise."""
    port: int = 8050
    """PORT: the port to serve on."""
    database_url: str = DEFAULT_DATABASE_URL
    """DATABASE_URL: where the store is; `sqlite:///FILE` or `postgresql://…`."""
    threads: int = 8
    """THREADS: requests answered at the same time by one process."""

    database_owner_url: str = ""
    """DATABASE_OWNER_URL: on PostgreSQL, who may change the schema, where the user of DATABASE_URL may not."""
    public_url: str = ""
    """PUBLIC_URL: the address people use, where a proxy stands before the server; begins with https:// then."""
    trusted_proxies: int = 0
    """TRUSTED_PROXIES: how many proxies stand before the server and say who asks."""
    secret_key: str = ""
    """SECRET_KEY: signs tokens, 32 characters or more; without one, a random one is made once and kept in
    instance/secret.key."""
    session_idle_minutes: int = 60
    """SESSION_IDLE_MINUTES: nobody did anything for so long: the session ends."""
    session_hours: int = 12
    """SESSION_HOURS: a session ends after so long in any case."""
    second_factor: str = "director,administrator"
    """SECOND_FACTOR: the roles that must have one; empty: nobody must, everybody may."""
    mail_server: str = ""
    """MAIL_SERVER: host:port of a mail server for links to new passwords; without one an administrator gives them. On
    another computer it must offer TLS (STARTTLS)."""
    mail_from: str = "dashboard@localhost"
    """MAIL_FROM: the sender of those mails."""
    help_contact: str = ""
    """HELP_CONTACT: whom to ask, as it stands on the pages of help and accessibility, such as "the cluster office,
    office@example.org"."""
    organisation: str = ""
    """ORGANISATION: who runs this dashboard and answers for its accessibility, as the statement names it."""
    oidc_name: str = ""
    """OIDC_NAME: single sign-on as the button names it, such as "Microsoft"; empty: none."""
    oidc_issuer: str = ""
    """OIDC_ISSUER: the issuer, such as https://accounts.google.com or https://login.microsoftonline.com/TENANT/v2.0."""
    oidc_client_id: str = ""
    """OIDC_CLIENT_ID: as what this dashboard is registered there."""
    oidc_client_secret: str = ""
    """OIDC_CLIENT_SECRET: and the secret that goes with it."""

    @property
    def secret(self) -> str:
        """The secret that signs tokens, made at the first start unless SECRET_KEY gives one.

        Raises SettingRefused where it is too short to be one.
        """
        if not self.secret_key:
            return _kept_secret(PROJECT_ROOT / "instance" / "secret.key")
        if len(self.secret_key.strip()) < SHORTEST_SECRET:
            raise SettingRefused(
                f"SECRET_KEY is too short: set {SHORTEST_SECRET} random characters or more, or leave it out and one is "
                "made."
            )
        return self.secret_key

    @property
    def second_factor_roles(self) -> frozenset[str]:
        """The roles that must have a second factor."""
        return frozenset(role.strip() for role in self.second_factor.split(",") if role.strip())

    @property
    def address(self) -> str:
        """How the dashboard is reached, without the last slash."""
        host = "127.0.0.1" if self.host in {"0.0.0.0", "::"} else self.host  # noqa: S104  (compared, not served on)
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def encrypted(self) -> bool:
        """Whether people reach it by https."""
        return self.address.lower().startswith("https://")

    @property
    def loopback(self) -> bool:
        """Whether only this computer can reach the address."""
        return self.host in {"127.0.0.1", "localhost", "::1"}


def _kept_secret(path: Path) -> str:
    """The secret in a file that only its owner reads; made if it is not there, by one process alone."""
    if not path.exists():
        _make_secret(path)
    secret = path.read_text(encoding="utf-8")
    if len(secret.strip()) < SHORTEST_SECRET:
        raise SettingRefused(
            f"{path} holds no whole secret: put back the file as it was, or remove it and another one is made at the "
            "next start. With another one, links to passwords end and everybody sets up the second factor anew."
        )
    return secret


def _make_secret(path: Path) -> None:
    """It appears under its name when it is whole, and of two that are made at once the first stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, made = tempfile.mkstemp(prefix=f"{path.name}.", dir=path.parent)  # only its owner reads it
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(48))
            file.flush()
            os.fsync(file.fileno())
        _put(Path(made), path)
    finally:
        Path(made).unlink(missing_ok=True)


def _put(made: Path, path: Path) -> None:
    try:
        path.hardlink_to(made)
    except FileExistsError:
        return
    except OSError:  # a file system without links: of two first starts at once the second has to be started again
        made.replace(path)
