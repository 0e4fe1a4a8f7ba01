"""Settings, read once from the environment when the program starts."""

from pathlib import Path
from typing import Final

from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT: Final = Path(__file__).resolve().parent.parent
DEFAULT_DATABASE_URL: Final = f"sqlite:///{(PROJECT_ROOT / 'instance' / 'dashboard.sqlite').as_posix()}"


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

    @property
    def loopback(self) -> bool:
        """Whether only this computer can reach the address."""
        return self.host in {"127.0.0.1", "localhost", "::1"}
