"""From settings to a running server."""

import logging
from collections.abc import Callable

import waitress

from dashboard import migrations
from dashboard.access import whole_store
from dashboard.db import Store
from dashboard.directory.queries import holds_any_cluster
from dashboard.importing import load_sample
from dashboard.main import create_app
from dashboard.settings import PROJECT_ROOT, Settings

SAMPLE = PROJECT_ROOT / "data"


def prepare(store: Store, report: Callable[[str], None] = print) -> None:
    """Bring the store's schema up to date and, if it holds no cluster, load the sample through the importers."""
    migrations.upgrade(store)
    with store.reading() as session:
        empty = not holds_any_cluster(session)
    if empty:
        report("The store is empty: loading the sample from data/ …")
        load_sample(store, SAMPLE, report)


def serve(settings: Settings, report: Callable[[str], None] = print) -> None:
    """Prepare the store and serve until stopped. Exits with 2 where nothing can be served."""
    with whole_store(settings.database_url) as store:
        prepare(store, report)
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
        logging.getLogger("alembic").setLevel(logging.WARNING)  # it would speak at every /readyz
        if not settings.loopback:
            report(
                "Warning: nobody has to sign in yet, and this address can be reached from other computers: "
                "whoever opens it sees every cluster."
            )
        report(f"Schools Cluster Dashboard: http://{settings.host}:{settings.port}/  (stop with Ctrl+C)")
        _serve(store, settings, report)


def _serve(store: Store, settings: Settings, report: Callable[[str], None]) -> None:
    try:
        waitress.serve(
            create_app(store).server,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            clear_untrusted_proxy_headers=True,
        )
    except OSError as error:  # mostly: something else serves there already
        report(f"Cannot serve on {settings.host}:{settings.port}: {error.strerror}. Set PORT to choose another port.")
        raise SystemExit(2) from error
