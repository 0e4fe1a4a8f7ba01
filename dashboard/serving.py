"""From settings to a running server."""

import logging
from collections.abc import Callable

import waitress

from dashboard import migrations
from dashboard.access import whole_store
from dashboard.accounts.first_start import make_set_up_link
from dashboard.accounts.queries import any_account
from dashboard.db import Store
from dashboard.directory.queries import holds_any_cluster
from dashboard.importing import load_sample
from dashboard.main import create_app
from dashboard.settings import PROJECT_ROOT, SettingRefused, Settings
from dashboard.web.bodies import LONGEST_BODY, LONGEST_UPLOAD
from dashboard.web.logs import start_log

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
    """Prepare the store and serve until stopped. Exits with 2 where nothing can be served, or nothing safely."""
    try:
        _check(settings)
    except SettingRefused as refusal:
        report(str(refusal))
        raise SystemExit(2) from refusal
    with whole_store(settings.database_url, owner_url=settings.database_owner_url or None) as store:
        prepare(store, report)
        start_log()
        logging.getLogger("alembic").setLevel(logging.WARNING)  # it would speak at every /readyz
        _say_how_to_begin(store, settings, report)
    # The store of the pages: on PostgreSQL it sees nothing but what each request opens it for.
    with Store(settings.database_url, owner_url=settings.database_owner_url or None) as store:
        report(f"Schools Cluster Dashboard: {settings.address}/  (stop with Ctrl+C)")
        _serve(store, settings, report)


def _check(settings: Settings) -> None:
    """Refuse what would be unsafe without anybody noticing."""
    if settings.encrypted and settings.trusted_proxies < 1:
        # This server speaks no TLS: where people come by https, something before it does. Without what that says,
        # cookies would not be Secure and everybody would seem to sit at one computer.
        raise SettingRefused(
            "PUBLIC_URL begins with https://, so a proxy stands before this server. Set TRUSTED_PROXIES to how many "
            "there are, mostly 1, and let the last one set X-Forwarded-For, X-Forwarded-Proto and X-Forwarded-Host."
        )
    _ = settings.secret


def _say_how_to_begin(store: Store, settings: Settings, report: Callable[[str], None]) -> None:
    """While nobody has an account: on this computer one may look around, elsewhere a link makes the first one."""
    if settings.loopback and not settings.public_url:
        with store.reading() as session:
            if not any_account(session):
                report(
                    "Nobody has an account yet: whoever sits at this computer may look around. To begin in earnest: "
                    "python -m dashboard user add EMAIL --role administrator"
                )
        return
    if not settings.encrypted:
        report("Warning: without https:// in PUBLIC_URL passwords and figures cross the network for all to read.")
    link = make_set_up_link(store, settings.address)
    if link:
        report(f"Nobody has an account yet. Make the first administrator, once and within a day: {link}")


def _serve(store: Store, settings: Settings, report: Callable[[str], None]) -> None:
    try:
        waitress.serve(
            create_app(store, settings).server,
            host=settings.host,
            port=settings.port,
            threads=settings.threads,
            ident=None,
            max_request_body_size=LONGEST_UPLOAD + LONGEST_BODY,  # what is just too long gets a sentence from `bodies`
            # They are read where TRUSTED_PROXIES says so; seen anywhere else, they end looking around.
            clear_untrusted_proxy_headers=False,
        )
    except OSError as error:  # mostly: something else serves there already
        report(f"Cannot serve on {settings.host}:{settings.port}: {error.strerror}. Set PORT to choose another port.")
        raise SystemExit(2) from error
