"""Addresses that somebody wrote become links where they are of the web or of mail, and stay text elsewhere."""

from typing import Final
from urllib.parse import urljoin, urlsplit

import pytest
from dash import html
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.utils import redirect

from dashboard.ui.links import RELATION, allowed, own_address, user_link

HOSTILE: Final = (
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\x01javascript:alert(1)",
    "\u00a0javascript:alert(1)",
    "java\tscript:alert(1)",
    "java\nscript:alert(1)",
    "java\r\nscript:alert(1)",
    "java\0script:alert(1)",
    "javascript&colon;alert(1)",
    "&#106;avascript:alert(1)",
    "javascript%3Aalert(1)",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<script>alert(1)</script>",
    "DATA:text/html;base64,PHNjcmlwdD4=",
    "vbscript:msgbox(1)",
    "blob:https://example.org/1",
    "file:///etc/passwd",
    "filesystem:https://example.org/temporary/x",
    "view-source:https://example.org",
    "about:blank",
    "ftp://example.org/",
    "//example.org/",
    "\\\\example.org\\x",
    "/\\example.org",
    "\\/example.org",
    "https:/example.org",
    "https:example.org",
    "https://",
    "https:///example.org",
    "https://?x",
    "https://:443/",
    "https://known.example@example.org/",
    "https://user:word@example.org/",
    "https://example.org\\@other.example/",
    "https://exam ple.org/",
    "https://example.org/\nx",
    "https://example.org/\u202egpj.exe",
    "https://example.org/\u2028x",
    "https://[::1/",
    "https://example.org:port/",
    "https://example.org:99999/",
    'https://example.org/"onclick="alert(1)',
    "https://example.org/<b>",
    "https://example.org/`x`",
    "xhttps://example.org/",
    "mailto:office@example.org?bcc=other@example.com",
    "mailto:office@example.org,other@example.com",
    "mailto:<script>@example.org",
    "mailto:",
    "mailto:office",
    "example.org",
    "/cluster/mill-cluster",
    "../up",
    "#page",
    "",
    "   ",
    "https://example.org/" + "x" * 2000,
)
PLAIN: Final = (
    "https://example.org",
    "http://example.org/",
    "HTTPS://EXAMPLE.ORG/Plan.pdf",
    "https://www.example.org:8443/a/b.pdf?year=2016&part=1#page=2",
    "https://example.org/minutes%20of%20may",
    "https://example.org/Café/1",
    "https://[2001:db8::1]/",
    "mailto:office@ford-school.example.org",
    "  https://example.org/with-space-around  ",
)


@pytest.mark.parametrize("href", HOSTILE)
def test_case_12_what_may_not_be_a_link_is_shown_as_text(href: str) -> None:
    assert user_link("Minutes", href) == "Minutes"
    assert user_link("", href) == href


@pytest.mark.parametrize("href", PLAIN)
def test_an_address_of_the_web_or_of_mail_is_a_link_that_tells_nothing(href: str) -> None:
    link = user_link("Minutes", href)
    assert isinstance(link, html.A)
    assert link.to_plotly_json()["props"] == {"children": "Minutes", "href": href.strip(), "rel": RELATION}
    assert RELATION == "noopener noreferrer nofollow"


def test_a_link_without_words_shows_its_address() -> None:
    assert user_link("", "https://example.org/").children == "https://example.org/"


_PIECES = st.sampled_from(
    ["java", "script:", "https://", "mailto:", "//", "\\", "@", "\t", "&colon;", "example.org", ":"]
)


@given(st.lists(_PIECES | st.text(max_size=4), max_size=8).map("".join))
def test_nothing_but_the_three_schemes_is_ever_allowed(href: str) -> None:
    address = allowed(href)
    if address is not None:
        assert address.isprintable()
        assert urlsplit(address).scheme in {"http", "https", "mailto"}
        assert (urlsplit(address).hostname is None) == (urlsplit(address).scheme == "mailto")
        assert address in href


@pytest.mark.parametrize("address", ["/", "/cluster/mill-cluster?year=2016-17", "/a/b#c", "/school/café", "/a//b"])
def test_a_page_of_ours_may_be_led_back_to(address: str) -> None:
    assert own_address(address) == address


@pytest.mark.parametrize(
    "address",
    ["", "cluster", "//evil.example", "/\\evil.example", "\\/evil.example", "/\t/evil.example", "\t//evil.example",
     "/\n/evil.example", "/\r\n/evil.example", "/ /evil.example", "/\0/evil.example", " /x", "https://evil.example",
     "javascript:alert(1)", "/a\\b", "/\u2028/evil.example", "/" + "x" * 2000],
)  # fmt: skip
def test_nobody_is_led_to_another_host(address: str) -> None:
    assert own_address(address) is None


_STEPS = st.sampled_from(["/", "\\", "\t", "\n", " ", "evil.example", "a", "?", "@", ":", ".."])


@given(st.lists(_STEPS, max_size=6).map("".join))
def test_whatever_is_led_back_to_is_a_path_in_a_redirect_too(address: str) -> None:
    own = own_address(address)
    if own is not None:
        location = redirect(own).location
        assert urlsplit(urljoin("https://here.example/a", location)).netloc == "here.example"
