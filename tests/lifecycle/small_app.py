"""A browser at the page of events."""

from typing import Any, Final

from werkzeug.test import TestResponse

from dashboard.lifecycle.pages import pages
from tests import plain_pages

PAGE: Final = "/cluster/mill-cluster/events"


class Browser(plain_pages.Browser):
    pages = (pages,)
    form_on = PAGE

    def get(self, path: str = PAGE, **more: Any) -> TestResponse:
        return super().get(path, **more)

    def tell(self, what: str, **said: Any) -> TestResponse:
        """Record something by its form."""
        return self.post(f"{PAGE}?new={what}", f"{PAGE}?new={what}", **said)
