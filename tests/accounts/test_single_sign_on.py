"""Single sign-on: whom another site vouches for gets into the account that is there, and nobody else gets in."""

import html
import re
from typing import Any

import pytest
import requests

from dashboard.accounts.single_sign_on import vouched_address
from dashboard.db import Store
from dashboard.main import create_app
from dashboard.vocabulary import Role
from dashboard.web.door import rule_of
from tests.accounts.house import Browser, House, heading, said
from tests.accounts.other_site import CLIENT, SECRET, OtherSite
from tests.plain_pages import BEHIND_THE_WALL
from tests.visitors import SETTINGS

pytestmark = BEHIND_THE_WALL

START, BACK = "/single-sign-on/oidc", "/single-sign-on/back/oidc"
NOT_VOUCHED = "Example does not vouch for your e-mail address. Try again, or ask an administrator."
NO_ACCOUNT = "There is no account here for your e-mail address. Try again, or ask an administrator."
FAILED = "Signing in with Example did not work. Try again, or ask an administrator."
TENANT = "https://login.microsoftonline.com/0f1e2d3c-0000-4000-8000-123456789abc/v2.0"

SIGNING_ON = SETTINGS.model_copy(update={
    "oidc_name": "Example", "oidc_issuer": "https://id.example.org", "oidc_client_id": CLIENT,
    "oidc_client_secret": SECRET,
})  # fmt: skip


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> OtherSite:
    made = OtherSite()
    monkeypatch.setattr(requests.Session, "send", lambda *given, **more: made.send(*given, **more))
    return made


@pytest.fixture
def house(store: Store, walled: Store, site: OtherSite) -> House:
    return House.over(store, walled, SIGNING_ON)


def leave(browser: Browser, next_page: str = "") -> str:
    """Where the button leads."""
    page = browser.fill_in(f"{START}{next_page}", {}, at="/sign-in")
    assert page.status_code == 200, page.text
    found = re.search(r'content="0;url=([^"]+)"', page.text)
    assert found, page.text
    return html.unescape(found[1])


def come(house: House, site: OtherSite, next_page: str = "") -> tuple[Browser, Any]:
    """Somebody goes there and comes back; the browser, and what it was answered."""
    browser = house.browser()
    return browser, browser.get(site.visit(leave(browser, next_page)))


def refused(house: House, browser: Browser, answer: Any, reason: str) -> None:
    """Nobody is signed in, it is written down, and the person is told."""
    assert answer.location == "/sign-in"
    assert not browser.is_in
    assert browser.get("/code").status_code == browser.get("/second-factor").status_code == 302
    assert house.refusals() == [f"single sign-on: {reason}"]
    assert [event.outcome for event in house.events("sign in")] == ["refused"]


# Whom it lets in.


def test_whom_the_other_site_vouches_for_gets_into_the_account_of_that_address(house: House, site: OtherSite) -> None:
    head, _decoy = house.person(Role.HEADTEACHER, email="head@example.org"), house.person(Role.HEADTEACHER)
    page = house.browser().get("/sign-in")
    assert "Sign in with Example" in page.text
    site.claims = {"email": "Head@Example.org"}
    browser, answer = come(house, site)
    assert answer.location == "/"
    assert head.email in browser.get("/account").text
    [told] = house.events("sign in")
    assert (told.actor_id, told.reason, told.outcome) == (head.id, "by single sign-on", "done")


def test_it_leads_where_one_wanted_to_go_and_nowhere_else(house: House, site: OtherSite) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    _browser, answer = come(house, site, "?next=/school/mill-school")
    assert answer.location == "/school/mill-school"
    for there in ("//evil.example", "https://evil.example/", "/%09/evil.example"):
        browser, answer = come(house, site, f"?next={there}")
        assert answer.location == "/"
        assert browser.is_in


def test_it_asks_for_a_code_and_a_nonce_and_proves_that_it_began(house: House, site: OtherSite) -> None:
    """PKCE, the state and the client's secret are looked at by `OtherSite` itself."""
    house.person(Role.HEADTEACHER, email="head@example.org")
    come(house, site)
    assert site.begun["client_id"] == CLIENT
    assert site.begun["scope"] == "openid email profile"
    assert site.begun["redirect_uri"] == f"http://localhost{BACK}"
    assert len(site.begun["nonce"]) >= 20
    assert len(site.begun["state"]) >= 20
    first = dict(site.begun)
    come(house, site)
    assert all(first[name] != site.begun[name] for name in ("nonce", "state", "code_challenge"))


def test_behind_a_proxy_the_way_back_is_the_public_address(store: Store, walled: Store, site: OtherSite) -> None:
    public = SIGNING_ON.model_copy(update={"public_url": "https://dashboard.example.org/"})
    house = House.over(store, walled, public)
    house.person(Role.HEADTEACHER, email="head@example.org")
    browser, answer = come(house, site)
    assert site.begun["redirect_uri"] == f"https://dashboard.example.org{BACK}"
    assert answer.location == "/"
    assert browser.is_in


@pytest.mark.parametrize("amr", [None, ["pwd", "mfa"]])
@pytest.mark.parametrize("app", [True, False])
def test_the_second_factor_is_asked_for_whatever_the_other_site_says(
    house: House, site: OtherSite, amr: list[str] | None, app: bool
) -> None:
    director = house.person(Role.DIRECTOR, email="head@example.org", app=app)
    site.claims = {"amr": amr}
    browser, answer = come(house, site)
    assert answer.location.startswith("/code" if app else "/second-factor")
    assert not browser.is_in
    if app:
        browser.fill_in("/code", {"code": house.code(director.secret or "")})
        assert browser.is_in


def test_case_18_the_session_of_before_is_not_half_way_in_either(house: House, site: OtherSite) -> None:
    director = house.person(Role.DIRECTOR, email="head@example.org", app=True)
    house.clock()
    browser = house.browser()
    there = leave(browser)
    before = browser.cookie()
    assert browser.get(site.visit(there)).location.startswith("/code")
    assert browser.cookie() != before
    other = house.browser()
    other.client.set_cookie("session", before or "", domain="localhost")
    assert other.get("/code").location == "/sign-in"
    house.later(minutes=11)
    assert browser.get("/code").location == "/sign-in"
    assert director.secret == house.row(director).tf_totp_secret


def test_the_session_of_before_opens_nothing(house: House, site: OtherSite) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    browser = house.browser()
    there = leave(browser)
    before = browser.cookie()
    browser.get(site.visit(there))
    assert browser.cookie() != before
    other = house.browser()
    other.client.set_cookie("session", before or "", domain="localhost")
    assert not other.is_in


# Whom it does not (case 29).


def test_case_29_no_account_is_made_and_a_disabled_one_stays_closed(house: House, site: OtherSite) -> None:
    house.person(Role.HEADTEACHER, email="gone@example.org", active=False)
    for email in ("new@example.org", "gone@example.org"):
        site.claims = {"email": email}
        browser, answer = come(house, site)
        assert answer.location == "/sign-in"
        assert said(browser.get("/sign-in"))[0] == NO_ACCOUNT
        assert not browser.is_in
    assert house.refusals() == ["single sign-on: no active account"] * 2
    with house.store.reading() as session:
        import sqlalchemy as sa

        from dashboard.models import Account

        assert session.scalar(sa.select(sa.func.count(Account.id))) == 1


@pytest.mark.parametrize("verified", [False, None, "true", "false", 1, 0, [True]])
def test_case_29_an_address_that_is_not_verified_opens_no_administrators_account(
    house: House, site: OtherSite, verified: object
) -> None:
    house.person(Role.ADMINISTRATOR, email="head@example.org")
    site.claims = {"email_verified": verified}
    browser, answer = come(house, site)
    refused(house, browser, answer, "no vouched address")
    assert said(browser.get("/sign-in"))[0] == NOT_VOUCHED


def test_case_29_a_state_that_this_browser_did_not_begin_with_is_refused(house: House, site: OtherSite) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    victim, attacker = house.browser(), house.browser()
    back = site.visit(leave(attacker))
    answer = victim.get(back)
    refused(house, victim, answer, "mismatching_state")
    assert said(victim.get("/sign-in"))[0] == FAILED


@pytest.mark.parametrize(
    "back", [BACK, f"{BACK}?code=a", f"{BACK}?state=a", f"{BACK}?code=a&state=", f"{BACK}?state=%00"]
)
def test_case_29_so_is_an_answer_to_nothing(house: House, site: OtherSite, back: str) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    browser = house.browser()
    leave(browser)
    refused(house, browser, browser.get(back), "mismatching_state")


def test_case_29_an_answer_is_good_once(house: House, site: OtherSite) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    browser = house.browser()
    back = site.visit(leave(browser))
    assert browser.get(back).location == "/"
    browser.fill_in("/sign-out", {}, at="/account")
    refused_answer = browser.get(back)
    assert refused_answer.location == "/sign-in"
    assert not browser.is_in


WRONG_CLAIMS = [
    ({"nonce": "another"}, "InvalidClaimError"), ({"nonce": None}, "MissingClaimError"),
    ({"iss": "https://evil.example"}, "InvalidClaimError"), ({"iss": None}, "MissingClaimError"),
    ({"iss": "https://id.example.org/"}, "InvalidClaimError"),
    ({"aud": "another-client"}, "InvalidClaimError"), ({"aud": None}, "MissingClaimError"),
    ({"aud": "another-client", "azp": CLIENT}, "InvalidClaimError"),
    ({"aud": [CLIENT, "another-client"], "azp": "another-client"}, "InvalidClaimError"),
    ({"exp": 1}, "ExpiredTokenError"), ({"exp": None}, "MissingClaimError"), ({"sub": None}, "MissingClaimError"),
    ({"nbf": 9_999_999_999}, "InvalidClaimError"),
]  # fmt: skip


@pytest.mark.parametrize(("claims", "reason"), WRONG_CLAIMS, ids=[str(each[0]) for each in WRONG_CLAIMS])
def test_case_29_a_token_for_another_time_place_or_person_is_refused(
    house: House, site: OtherSite, claims: dict[str, Any], reason: str
) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    site.claims = claims
    browser, answer = come(house, site)
    refused(house, browser, answer, reason)


@pytest.mark.parametrize("signed", ["none", "HS256", "other key"])
def test_case_29_a_token_that_anybody_could_sign_is_refused(house: House, site: OtherSite, signed: str) -> None:
    """The other site claims to support all of them."""
    house.person(Role.HEADTEACHER, email="head@example.org")
    site.signed = signed
    browser, answer = come(house, site)
    assert answer.location == "/sign-in"
    assert not browser.is_in
    assert len(house.refusals()) == 1


def test_case_29_a_site_that_says_it_is_another_is_not_asked(house: House, site: OtherSite) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    site.about = {"issuer": "https://evil.example"}
    browser = house.browser()
    answer = browser.fill_in(START, {}, at="/sign-in")
    assert answer.location == "/sign-in"
    assert said(browser.get("/sign-in"))[0].startswith("The other site does not answer.")
    site.about = {}
    assert leave(browser).startswith("https://id.example.org/authorize?"), "it is asked again"


def test_case_29_an_answer_that_names_another_issuer_is_refused(house: House, site: OtherSite) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    browser = house.browser()
    back = site.visit(leave(browser))
    refused(house, browser, browser.get(f"{back}&iss=https://evil.example"), "other issuer")


@pytest.mark.parametrize("error", ["access_denied", "login_required", "<script>", "x" * 900, "%0d%0aSet-Cookie:x"])
def test_what_the_other_site_says_of_a_failure_is_not_repeated(house: House, site: OtherSite, error: str) -> None:
    browser = house.browser()
    leave(browser)
    answer = browser.get(f"{BACK}?error={error}&error_description=Call+this+number&state=x")
    assert answer.location == "/sign-in"
    page = browser.get("/sign-in")
    assert said(page)[0] == FAILED
    assert "Call this number" not in page.text
    assert re.fullmatch(r"single sign-on: [A-Za-z_ ]{0,60}", house.refusals()[0] or "")


def test_a_site_that_is_away_breaks_nothing(house: House, site: OtherSite) -> None:
    house.person(Role.HEADTEACHER, email="head@example.org")
    site.down = True
    browser = house.browser()
    assert browser.fill_in(START, {}, at="/sign-in").location == "/sign-in"
    assert said(browser.get("/sign-in"))[0].startswith("The other site does not answer.")
    site.down = False
    back = site.visit(leave(browser))
    site.down = True
    refused(house, browser, browser.get(back), "ConnectionError")
    site.down, site.status = False, 500
    later, answer = house.browser(), None
    site.status = 200
    back = site.visit(leave(later))
    site.status = 503
    answer = later.get(back)
    assert answer.location == "/sign-in"
    assert not later.is_in


# Around it.


def test_beginning_needs_a_form_of_ours(house: House, site: OtherSite) -> None:
    assert house.browser().client.post(START).status_code == 400
    assert house.browser().get(START).location.startswith("/sign-in"), "like any address that nobody has"
    assert site.asked == []


@pytest.mark.parametrize("name", ["app", "register", "oauth", "cache", "nobody", "OIDC"])
def test_there_is_one_site_and_no_other(house: House, site: OtherSite, name: str) -> None:
    browser = house.browser()
    assert browser.fill_in(f"/single-sign-on/{name}", {}, at="/sign-in").status_code == 404
    assert browser.get(f"/single-sign-on/back/{name}?code=a&state=b").status_code == 404


def test_it_does_not_confirm_that_it_is_still_you(house: House, site: OtherSite) -> None:
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    assert browser.fill_in("/single-sign-on/confirm/oidc", {}, at="/account").status_code == 404
    assert browser.get("/single-sign-on/confirmed/oidc").status_code == 404
    assert site.asked == []


def test_every_address_of_it_has_a_rule_and_nobody_is_let_past(house: House) -> None:
    routes = [each for each in house.app.server.url_map.iter_rules() if "single-sign-on" in each.rule]
    assert len(routes) == 4
    for route in routes:
        assert rule_of(house.app.server, route.endpoint) is not None


def test_without_the_settings_there_is_nothing_of_it(store: Store, walled: Store) -> None:
    house = House.over(store, walled)
    house.person(Role.HEADTEACHER)
    assert "Without a password" not in house.browser().get("/sign-in").text
    assert house.browser().get(BACK).status_code == 302, "like any address that nobody has"


@pytest.mark.parametrize("missing", ["oidc_issuer", "oidc_client_id", "oidc_client_secret"])
def test_half_of_the_settings_start_nothing(walled: Store, missing: str) -> None:
    with pytest.raises(ValueError, match=missing.upper()):
        create_app(walled, SIGNING_ON.model_copy(update={missing: ""}))


def test_whoever_is_signed_in_already_is_not_sent_away(house: House, site: OtherSite) -> None:
    browser = house.signed_in(house.person(Role.HEADTEACHER))
    assert browser.fill_in(START, {}, at="/account").location == "/"
    assert site.asked == []


def test_the_page_that_leads_away_is_one_of_ours(house: House, site: OtherSite) -> None:
    browser = house.browser()
    page = browser.fill_in(START, {}, at="/sign-in")
    assert heading(page) == "One moment"
    assert "form-action 'self'" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "same-origin"


# Whom which site vouches for.

GOOGLE = "https://accounts.google.com"
GUEST = {"idp": "https://sts.windows.net/9188040d-6c67-4c5b-b112-36a304b66dad/"}
UPN = {"preferred_username": "head@example.org", "email": "other@example.org"}
EMAIL = {"email": "head@example.org", "email_verified": True}


@pytest.mark.parametrize(
    ("issuer", "claims", "vouched"),
    [
        ("https://id.example.org", EMAIL, True),
        ("https://id.example.org", {"email": "head@example.org"}, False),
        ("https://id.example.org", UPN, False),
        ("https://id.example.org", {"email": "", "email_verified": True}, False),
        ("https://id.example.org", {"email": ["head@example.org"], "email_verified": True}, False),
        (GOOGLE, EMAIL | {"hd": "example.org"}, True),
        (GOOGLE, EMAIL, False),
        (GOOGLE, EMAIL | {"hd": ""}, False),
        (GOOGLE, {"email": "head@example.org", "hd": "example.org"}, False),
        (TENANT, UPN, True),
        (TENANT, UPN | {"idp": TENANT}, True),
        (TENANT, UPN | GUEST, False),
        (TENANT, UPN | {"acct": 1}, False),
        (TENANT, UPN | {"acct": 0}, True),
        (TENANT, {"email": "head@example.org"}, False),
        (TENANT, EMAIL, False),
        (TENANT, {"email": "head@example.org", "xms_edov": True}, True),
        (TENANT, {"email": "head@example.org", "xms_edov": "1"}, True),
        (TENANT, {"email": "head@example.org", "xms_edov": False}, False),
        (TENANT, {"preferred_username": "+447700900000"}, False),
        ("https://login.microsoftonline.com/common/v2.0", EMAIL | UPN | {"xms_edov": True}, False),
        ("https://login.microsoftonline.com/organizations/v2.0", EMAIL | UPN | {"xms_edov": True}, False),
        ("https://login.microsoftonline.com/consumers/v2.0", EMAIL | UPN | {"xms_edov": True}, False),
        ("https://login.microsoftonline.com/9188040d-6c67-4c5b-b112-36a304b66dad/v2.0", UPN, False),
        ("https://login.microsoftonline.com/{tenantid}/v2.0", EMAIL | UPN, False),
    ],
)  # fmt: skip
def test_case_29_for_whom_a_site_answers(issuer: str, claims: dict[str, Any], vouched: bool) -> None:
    assert vouched_address(claims, issuer) == ("head@example.org" if vouched else None)


def test_google_answers_for_its_own_mailboxes() -> None:
    assert vouched_address({"email": "somebody@gmail.com", "email_verified": True}, GOOGLE) == "somebody@gmail.com"


def test_a_member_of_one_directory_of_entra_signs_in(store: Store, walled: Store, site: OtherSite) -> None:
    site.issuer = TENANT
    house = House.over(store, walled, SIGNING_ON.model_copy(update={"oidc_issuer": TENANT}))
    house.person(Role.HEADTEACHER, email="head@example.org")
    site.claims = {"email": None, "email_verified": None, "preferred_username": "Head@example.org"}
    browser, answer = come(house, site)
    assert answer.location == "/"
    assert browser.is_in
