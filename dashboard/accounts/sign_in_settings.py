"""How Flask-Security is set, and what it says, in our words."""

import base64
import hashlib
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from flask_security.utils import uia_email_mapper

from dashboard.db import now_utc
from dashboard.settings import Settings

_NAME: Final = "Schools Cluster Dashboard"


def security_settings(settings: Settings) -> dict[str, Any]:
    """The configuration of the server, as far as signing in goes."""
    return {
        "SECRET_KEY": settings.secret,
        "SECOND_FACTOR_ROLES": settings.second_factor_roles,
        "MAIL_ADDRESS": settings.mail_server,
        "OWN_ADDRESS": settings.address,
        "OIDC_NAME": settings.oidc_name,
        "WTF_CSRF_TIME_LIMIT": None,  # as long as the session: a meeting's screen stays open for hours
        "SECURITY_OAUTH_ENABLE": bool(settings.oidc_name),
        "SECURITY_OAUTH_BUILTIN_PROVIDERS": [],
        "SECURITY_API_ENABLED_METHODS": ["session"],
        "SECURITY_RETURN_GENERIC_RESPONSES": True,
        "SECURITY_USER_IDENTITY_ATTRIBUTES": [{"email": {"mapper": uia_email_mapper, "case_insensitive": False}}],
        "SECURITY_DATETIME_FACTORY": now_utc,
        "SECURITY_JOIN_USER_ROLES": False,
        "SECURITY_EMAIL_VALIDATOR_ARGS": {"check_deliverability": False},
        **_addresses(),
        **_passwords(settings),
        **_second_factors(settings),
        **{f"SECURITY_MSG_{name}": said for name, said in _WORDS.items()},
    }


def _addresses() -> dict[str, Any]:
    return {
        "SECURITY_LOGIN_URL": "/sign-in",
        "SECURITY_LOGOUT_URL": "/sign-out",
        "SECURITY_POST_LOGOUT_VIEW": "/sign-in",
        "SECURITY_RESET_URL": "/new-password",
        "SECURITY_POST_RESET_VIEW": "/sign-in",
        "SECURITY_CHANGE_URL": "/change-password",
        "SECURITY_POST_CHANGE_VIEW": "/account",
        "SECURITY_VERIFY_URL": "/confirm-it-is-you",
        "SECURITY_POST_VERIFY_VIEW": "/account",
        "SECURITY_TWO_FACTOR_SETUP_URL": "/second-factor",
        "SECURITY_TWO_FACTOR_TOKEN_VALIDATION_URL": "/code",
        "SECURITY_TWO_FACTOR_SELECT_URL": "/which-second-factor",
        "SECURITY_TWO_FACTOR_RESCUE_URL": "/second-factor-lost",
        "SECURITY_TWO_FACTOR_POST_SETUP_VIEW": "/account",
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_URL": "/recovery-codes",
        "SECURITY_MULTI_FACTOR_RECOVERY_URL": "/recovery-code",
        "SECURITY_WAN_REGISTER_URL": "/passkeys",
        "SECURITY_WAN_POST_REGISTER_VIEW": "/passkeys",
        "SECURITY_WAN_SIGNIN_URL": "/passkey",
        "SECURITY_WAN_DELETE_URL": "/passkeys/remove",
        "SECURITY_WAN_VERIFY_URL": "/confirm-by-passkey",
        "SECURITY_OAUTH_START_URL": "/single-sign-on",
        "SECURITY_OAUTH_RESPONSE_URL": "/single-sign-on/back",
        "SECURITY_OAUTH_VERIFY_START_URL": "/single-sign-on/confirm",
        "SECURITY_OAUTH_VERIFY_RESPONSE_URL": "/single-sign-on/confirmed",
    }


HASH_COST: Final = {"argon2__memory_cost": 19_456, "argon2__time_cost": 2, "argon2__parallelism": 1}
"""OWASP's profile for argon2id with little memory: many threads may hash at once."""


def _passwords(settings: Settings) -> dict[str, Any]:
    sends_mail = bool(settings.mail_server)
    return {
        "SECURITY_PASSWORD_HASH": "argon2",
        "SECURITY_PASSWORD_SCHEMES": ["argon2"],
        "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"},
        "SECURITY_PASSWORD_HASH_PASSLIB_OPTIONS": dict(HASH_COST),
        "SECURITY_HASHING_SCHEMES": ["hex_sha256"],  # of what is random already
        "SECURITY_RECOVERABLE": True,
        "SECURITY_RESET_PASSWORD_WITHIN": timedelta(days=1),
        "SECURITY_CHANGEABLE": True,
        "SECURITY_FRESHNESS": timedelta(minutes=15),
        # None: Flask-Security begins it anew with each visit, and the quarter of an hour would last all day.
        "SECURITY_FRESHNESS_GRACE_PERIOD": timedelta(0),
        "SECURITY_EMAIL_HTML": False,
        "SECURITY_EMAIL_SENDER": settings.mail_from,
        "SECURITY_EMAIL_SUBJECT_PASSWORD_RESET": f"{_NAME}: choose a new password",
        "SECURITY_EMAIL_SUBJECT_PASSWORD_NOTICE": f"{_NAME}: your password was changed",
        "SECURITY_EMAIL_SUBJECT_PASSWORD_CHANGE_NOTICE": f"{_NAME}: your password was changed",
        "SECURITY_SEND_PASSWORD_RESET_EMAIL": sends_mail,
        "SECURITY_SEND_PASSWORD_RESET_NOTICE_EMAIL": sends_mail,
        "SECURITY_SEND_PASSWORD_CHANGE_EMAIL": sends_mail,
    }  # fmt: skip


def _second_factors(settings: Settings) -> dict[str, Any]:
    return {
        "SECURITY_TWO_FACTOR": True,
        "SECURITY_TWO_FACTOR_ENABLED_METHODS": ["authenticator"],
        "SECURITY_TWO_FACTOR_RESCUE_EMAIL": False,
        "SECURITY_TWO_FACTOR_AUTHENTICATOR_VALIDITY": 30,  # seconds that a clock may be wrong, each way
        "SECURITY_TOTP_SECRETS": {"1": _key(settings, "totp").hex()},
        "SECURITY_TOTP_ISSUER": _NAME,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES": True,
        "SECURITY_MULTI_FACTOR_RECOVERY_CODES_KEYS": [base64.urlsafe_b64encode(_key(settings, "recovery codes"))],
        "SECURITY_WEBAUTHN": True,
        "SECURITY_WAN_RP_NAME": _NAME,
        "SECURITY_WAN_ALLOW_AS_FIRST_FACTOR": False,
        "SECURITY_WAN_SIGNIN_WITHIN": timedelta(minutes=5),
    }


def _key(settings: Settings, use: str) -> bytes:
    """A key of its own for each use, so that none of them gives away another."""
    return hashlib.sha256(f"{use} {settings.secret}".encode()).digest()


_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "API_ERROR": ("This was not sent by a page of the dashboard. Start again.", "error"),
    "GENERIC_AUTHN_FAILED": ("The e-mail address or the password is not right.", "error"),
    "UNAUTHENTICATED": ("Sign in first.", "error"),
    "REAUTHENTICATION_REQUIRED": ("Confirm first that it is you.", "info"),
    "REAUTHENTICATION_SUCCESSFUL": ("Thank you. You can go on.", "info"),
    "IDENTITY_NOT_REGISTERED": ("There is no account with this e-mail address. Ask an administrator.", "error"),
    "DISABLED_ACCOUNT": ("This account is disabled. Ask an administrator.", "error"),
    "EMAIL_NOT_PROVIDED": ("Enter your e-mail address.", "error"),
    "INVALID_EMAIL_ADDRESS": ("This is not an e-mail address.", "error"),
    "PASSWORD_NOT_PROVIDED": ("Enter your password.", "error"),
    "INVALID_PASSWORD": ("This is not your password.", "error"),
    "PASSWORD_IS_THE_SAME": ("The new password is the one you have.", "error"),
    "RETYPE_PASSWORD_MISMATCH": ("The two passwords are not the same.", "error"),
    "PASSWORD_CHANGE": ("Your password is changed. You are signed out everywhere else.", "success"),
    "PASSWORD_RESET_REQUEST": (
        "If there is an account with this address, a link is on its way. It is good for a day.", "success",
    ),
    "PASSWORD_RESET_NO_LOGIN": ("Your password is chosen. Sign in with it.", "success"),
    "PASSWORD_RESET_EXPIRED": ("This link is too old: they are good for a day. Ask for another one.", "error"),
    "INVALID_RESET_PASSWORD_TOKEN": ("This link is not good any more. Ask for another one.", "error"),
    "TWO_FACTOR_INVALID_TOKEN": (
        "This code is not right, or was used already. Enter the one that the app shows now.", "error",
    ),
    "TWO_FACTOR_LOGIN_SUCCESSFUL": ("You are signed in.", "success"),
    "TWO_FACTOR_CHANGE_METHOD_SUCCESSFUL": ("The app is set up. Its codes are asked for from now on.", "success"),
    "TWO_FACTOR_PERMISSION_DENIED": ("That took too long, or was begun in another window. Sign in again.", "error"),
    "TWO_FACTOR_METHOD_NOT_AVAILABLE": ("This is not offered.", "error"),
    "TWO_FACTOR_DISABLED": ("The app is not asked for any more.", "success"),
    "INVALID_RECOVERY_CODE": ("This is none of your recovery codes, or was used already.", "error"),
    "NO_RECOVERY_CODES_SETUP": ("You have no recovery codes.", "info"),
    "WEBAUTHN_EXPIRED": ("That took too long. Start again.", "error"),
    "WEBAUTHN_NAME_REQUIRED": ("Give the passkey a name.", "error"),
    "WEBAUTHN_NAME_INUSE": ("You have a passkey of that name already. Choose another name.", "error"),
    "WEBAUTHN_NAME_NOT_FOUND": ("You have no passkey of that name.", "error"),
    "WEBAUTHN_NAME_DISALLOWED_CHARACTERS": ("Use letters, digits, spaces, hyphens and underscores only.", "error"),
    "INVALID_INPUT": ("Use letters, digits, spaces, hyphens and underscores only.", "error"),
    "INVALID_INPUT_LENGTH": ("Use at most 64 letters.", "error"),
    "WEBAUTHN_CREDENTIAL_DELETED": ("The passkey is removed.", "success"),
    "WEBAUTHN_REGISTER_SUCCESSFUL": ("The passkey is added. It is asked for from now on.", "success"),
    "WEBAUTHN_CREDENTIAL_ID_INUSE": ("This passkey is known already.", "error"),
    "WEBAUTHN_UNKNOWN_CREDENTIAL_ID": ("This passkey is not known here.", "error"),
    "WEBAUTHN_ORPHAN_CREDENTIAL_ID": ("This passkey is not known here.", "error"),
    "WEBAUTHN_NO_VERIFY": ("The passkey could not be checked. Try again.", "error"),
    "WEBAUTHN_CREDENTIAL_WRONG_USAGE": ("This passkey cannot be used for that.", "error"),
    "WEBAUTHN_MISMATCH_USER_HANDLE": ("This passkey belongs to another account.", "error"),
    "INVALID_REDIRECT": ("That address is not one of the dashboard.", "error"),
}  # fmt: skip
"""By the names Flask-Security has for them: what is said, and of which kind it is."""
