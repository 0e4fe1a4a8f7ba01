"""Single sign-on by OpenID Connect: Microsoft Entra, Google, or whatever else OIDC_ISSUER names.

It opens accounts that an administrator made and makes none. An account is found by its e-mail address, so everything
hangs on whether the other site vouches for the address (`vouched_address`).

The second factor is asked for here as after a password: that the other site asked for one is told in `amr`, which Entra
and Google leave out and others fill in differently, and who must have one is this dashboard's rule, not theirs.
"""

import re
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlsplit

import flask
from authlib.integrations.base_client.errors import OAuthError  # type: ignore[import-untyped]
from authlib.integrations.flask_client import FlaskOAuth2App  # type: ignore[import-untyped]
from flask import request
from flask.typing import ResponseReturnValue
from flask_security import FsOAuthProvider, Security
from joserfc.errors import JoseError
from requests import RequestException

from dashboard.accounts.sign_in_store import SecurityAccount, tell_refusal
from dashboard.settings import Settings
from dashboard.web.pages import page

NAME: Final = "oidc"
"""The last part of the addresses of single sign-on."""

_METADATA: Final = "/.well-known/openid-configuration"
_SIGNED_BY: Final = frozenset(
    {"RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"}
)
"""Signatures that only the other site can make: neither none at all, nor one by a secret that both sides know."""
_PATIENCE: Final = 10
"""Seconds that the other site may take to answer."""
_LEEWAY: Final = 60
"""Seconds by which its clock may be wrong."""

_GOOGLE: Final = "https://accounts.google.com"
_ENTRA: Final = re.compile(r"https://login\.microsoftonline\.com/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/v2\.0")
_PERSONAL: Final = "9188040d-6c67-4c5b-b112-36a304b66dad"
"""The tenant of all personal accounts at Microsoft."""


class NotLetIn(OAuthError):  # type: ignore[misc]
    """Somebody whom the other site knows and this one does not let in. `description` is what the person is told."""


def add_single_sign_on(server: flask.Flask, security: Security, settings: Settings) -> None:
    """Give sign-in the site that the settings name, if they do. Raises ValueError where they are not complete."""
    if not settings.oidc_name:
        return
    if not (settings.oidc_client_id and settings.oidc_client_secret):
        raise ValueError("OIDC_NAME is set: OIDC_CLIENT_ID and OIDC_CLIENT_SECRET are needed too.")
    if urlsplit(settings.oidc_issuer).scheme != "https":
        raise ValueError("OIDC_NAME is set: OIDC_ISSUER is needed too, an address that begins with https://.")
    security.oauthglue.register_provider_ext(Provider(settings))

    def only_ours() -> None:
        named = (request.view_args or {}).get("name", NAME)
        if (request.endpoint or "").startswith("security.oauth") and named != NAME:
            flask.abort(404)

    server.before_request(only_ours)


class Provider(FsOAuthProvider):  # type: ignore[misc]
    """The other site, as Flask-Security knows it."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(NAME)
        self._settings = settings

    def authlib_config(self) -> dict[str, Any]:
        """How to reach it."""
        return {
            "client_cls": Client,
            "client_id": self._settings.oidc_client_id,
            "client_secret": self._settings.oidc_client_secret,
            "server_metadata_url": self._settings.oidc_issuer.rstrip("/") + _METADATA,
            "client_kwargs": {
                "scope": "openid email profile",
                "code_challenge_method": "S256",
                "default_timeout": _PATIENCE,
            },
            "expected_issuer": self._settings.oidc_issuer,
            "own_address": self._settings.public_url.rstrip("/"),
        }

    def fetch_identity_cb(self, oauth: Any, token: Mapping[str, Any]) -> tuple[str, str]:
        """The address of an account that may sign in. Raises NotLetIn for everybody else."""
        address = vouched_address(token["userinfo"], self._settings.oidc_issuer)
        if address is None:
            raise NotLetIn("no vouched address", f"{self._settings.oidc_name} does not vouch for your e-mail address.")
        found = _find(address)
        if found is None or not found.is_active:
            raise NotLetIn("no active account", "There is no account here for your e-mail address.")
        return "email", found.email

    def oauth_response_failure(self, error_view: str, e: OAuthError) -> ResponseReturnValue:
        """Write it down, and back to where it began."""
        reason = re.sub(r"[^a-zA-Z_ ]", "", str(e.error))[:60]
        tell_refusal(f"single sign-on: {reason}")
        said = e.description if isinstance(e, NotLetIn) else f"Signing in with {self._settings.oidc_name} did not work."
        flask.flash(f"{said} Try again, or ask an administrator.", "error")
        return flask.redirect("/sign-in", 303)


class Client(FlaskOAuth2App):  # type: ignore[misc]
    """Asks the other site who somebody is, and believes no more than it can check."""

    def __init__(self, framework: Any, name: str, expected_issuer: str, own_address: str, **more: Any) -> None:
        super().__init__(framework, name, **more)
        self._issuer, self._own_address = expected_issuer, own_address

    def load_server_metadata(self) -> dict[str, Any]:
        """What the other site says of itself, if it is the one that was meant."""
        metadata: dict[str, Any] = super().load_server_metadata()
        if metadata.get("issuer") != self._issuer:
            metadata.pop("_loaded_at", None)
            raise OAuthError("other issuer")
        offered = metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
        metadata["id_token_signing_alg_values_supported"] = [each for each in offered if each in _SIGNED_BY]
        return metadata

    def authorize_redirect(self, redirect_uri: str, **more: Any) -> ResponseReturnValue:
        """Lead there by a page that goes on by itself: a form of ours may lead to no other site (headers.py)."""
        if self._own_address:
            redirect_uri = self._own_address + urlsplit(redirect_uri).path
        try:
            there = self.create_authorization_url(redirect_uri, **more)
        except (OAuthError, RequestException, ValueError, RuntimeError) as error:
            flask.current_app.logger.error("single sign-on: %s", type(error).__name__)
            flask.flash("The other site does not answer. Try again later, or use your password.", "error")
            return flask.redirect("/sign-in", 303)
        self.save_authorize_data(redirect_uri=redirect_uri, **there)
        return page("security/leaving.html", "One moment", there=there["url"])

    def authorize_access_token(self, **more: Any) -> dict[str, Any]:
        """Who somebody is. Raises OAuthError for whatever is wrong with the answer."""
        if request.args.get("iss", self._issuer) != self._issuer:
            raise OAuthError("other issuer")
        claims = {
            "iss": {"essential": True, "value": self._issuer},
            "aud": {"essential": True, "value": self.client_id},
            "nonce": {"essential": True},
        }
        try:
            token: dict[str, Any] = super().authorize_access_token(claims_options=claims, leeway=_LEEWAY, **more)
        except (JoseError, RequestException, ValueError, KeyError, TypeError, RuntimeError) as error:
            raise OAuthError(type(error).__name__) from error
        if not isinstance(token.get("userinfo"), Mapping):
            raise OAuthError("no identity")
        return token


def vouched_address(claims: Mapping[str, Any], issuer: str) -> str | None:
    """The e-mail address that the other site answers for; None if it answers for none.

    Usually `email` with `email_verified`. Two sites are different.

    Google says `email_verified` also of private accounts that were once made with an address elsewhere: who has left a
    school would keep its address. It answers for addresses at Gmail, and for those of organisations, named in `hd`.

    Entra knows no `email_verified`, and `email` is what the administrator of any directory writes there, that of an
    invited guest too. It is taken with `xms_edov` ("the owner of the domain is verified"). Else it is the name by which
    a member of one named directory signs in: only its administrators change it, and only to domains that they have
    proved to be theirs. Of guests (`idp`, `acct`) and of accounts of everybody (common, organizations, consumers) that
    cannot be said.
    """
    entra = _ENTRA.fullmatch(issuer)
    if entra is None and urlsplit(issuer).hostname == "login.microsoftonline.com":
        return None
    if entra is not None:
        return _vouched_by_entra(claims, issuer) if entra[1] != _PERSONAL else None
    address = _text(claims, "email")
    if address is None or claims.get("email_verified") is not True:
        return None
    if issuer == _GOOGLE and not (claims.get("hd") or address.lower().endswith("@gmail.com")):
        return None
    return address


def _vouched_by_entra(claims: Mapping[str, Any], issuer: str) -> str | None:
    if claims.get("xms_edov") in (True, 1, "1", "true"):
        return _text(claims, "email")
    is_guest = claims.get("idp", issuer) != issuer or claims.get("acct", 0) not in (0, "0")
    return None if is_guest else _text(claims, "preferred_username")


def _text(claims: Mapping[str, Any], name: str) -> str | None:
    value = claims.get(name)
    return value if isinstance(value, str) and "@" in value else None


def _find(address: str) -> SecurityAccount | None:
    security = flask.current_app.extensions["security"]
    try:
        found: SecurityAccount | None = security.datastore.find_user(email=security.mail_util.normalize(address))
    except ValueError:  # not an address
        return None
    return found
