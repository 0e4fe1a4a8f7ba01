"""A security key made of software: answers what a browser would, so that passkeys can be tried without one."""

import hashlib
import html
import json
import re
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from typing import Any, Final

import cbor2
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from werkzeug.test import TestResponse

ORIGIN: Final = "http://localhost"
_PRESENT: Final = 0x01
_ATTESTED: Final = 0x40
_OPTIONS: Final = re.compile(r'<form action="([^"]+)"[^>]* data-passkey="(\w+)" data-options="([^"]+)"')


def asked(answer: TestResponse) -> tuple[str, dict[str, Any]]:
    """Where a page sends what the passkey gives, and what it asks of the passkey."""
    found = _OPTIONS.search(answer.text)
    assert found, answer.text
    return html.unescape(found[1]), json.loads(html.unescape(found[3]))


@dataclass
class SecurityKey:
    """One passkey."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    number: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    handle: bytes = b""
    used: int = 0

    def make(self, options: dict[str, Any], origin: str = ORIGIN) -> str:
        """What `navigator.credentials.create` gives."""
        self.handle = _bytes(options["user"]["id"])
        point = self.key.public_key().public_numbers()
        public = cbor2.dumps({1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)})
        about = bytes(16) + len(self.number).to_bytes(2) + self.number + public
        data = self._data(options["rp"]["id"], _PRESENT | _ATTESTED) + about
        return self._written({
            "attestationObject": _text(cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})),
            "clientDataJSON": _text(_client("webauthn.create", options, origin)),
            "transports": ["usb", "nfc"],
        })  # fmt: skip

    def use(self, options: dict[str, Any], origin: str = ORIGIN, *, count: int | None = None) -> str:
        """What `navigator.credentials.get` gives."""
        self.used = self.used + 1 if count is None else count
        data, client = self._data(options["rpId"], _PRESENT), _client("webauthn.get", options, origin)
        signature = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._written({
            "authenticatorData": _text(data), "clientDataJSON": _text(client), "signature": _text(signature),
            "userHandle": _text(self.handle),
        })  # fmt: skip

    def _data(self, site: str, flags: int) -> bytes:
        return hashlib.sha256(site.encode()).digest() + bytes([flags]) + self.used.to_bytes(4)

    def _written(self, response: dict[str, Any]) -> str:
        number = _text(self.number)
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": response})


def _client(kind: str, options: dict[str, Any], origin: str) -> bytes:
    return json.dumps({"type": kind, "challenge": options["challenge"], "origin": origin}).encode()


def _text(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
