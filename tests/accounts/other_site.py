"""A site for single sign-on inside this process: it answers what the application asks of it, without a network."""

import base64
import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import requests
from joserfc import jws, jwt
from joserfc.jwk import OctKey, RSAKey

CLIENT: Final = "the-dashboard"
SECRET: Final = "the secret of the dashboard there"


@cache
def _key(_name: str) -> RSAKey:
    """One of each name for all tests: finding one takes longer than what is tested with it."""
    return RSAKey.generate_key(2048, {"kid": "1"})


@dataclass
class OtherSite:
    """An issuer of identities. Tests change what it says."""

    issuer: str = "https://id.example.org"
    key: RSAKey = field(default_factory=lambda: _key("its own"))
    about: dict[str, Any] = field(default_factory=dict)
    """Changes to what it says of itself."""
    claims: dict[str, Any] = field(default_factory=dict)
    """Changes to what it says of the person; None leaves a claim out."""
    signed: str = "RS256"
    """How it signs: also `none`, `HS256` (by the public key) and `other key`."""
    down: bool = False
    status: int = 200
    asked: list[str] = field(default_factory=list)
    begun: dict[str, str] = field(default_factory=dict)
    """What the last visitor was sent with."""

    def visit(self, there: str) -> str:
        """A person comes by an address of the dashboard and proves who they are; gives the way back."""
        address = urlsplit(there)
        assert f"{address.scheme}://{address.netloc}{address.path}" == f"{self.issuer}/authorize"
        self.begun = {name: values[0] for name, values in parse_qs(address.query).items()}
        assert self.begun["code_challenge_method"] == "S256"
        assert self.begun["response_type"] == "code"
        back = urlsplit(self.begun["redirect_uri"]).path
        return f"{back}?code=a-code&state={self.begun['state']}"

    def send(self, _session: requests.Session, asked: requests.PreparedRequest, **options: Any) -> requests.Response:
        """What `requests` would fetch."""
        self.asked.append(asked.url or "")
        assert options["timeout"] is not None
        if self.down:
            raise requests.ConnectionError("nobody answers")
        path = urlsplit(asked.url or "").path.removeprefix(urlsplit(self.issuer).path.rstrip("/"))
        answers = {"/.well-known/openid-configuration": self._about, "/keys": self._keys}
        if path == "/token":
            return self._answer(asked, self._token(asked))
        return self._answer(asked, answers[path]())

    def _answer(self, asked: requests.PreparedRequest, body: Mapping[str, Any]) -> requests.Response:
        response = requests.Response()
        response.status_code, response.url, response.request = self.status, asked.url or "", asked
        response._content = json.dumps(body).encode()
        response.headers["Content-Type"] = "application/json"
        return response

    def _about(self) -> dict[str, Any]:
        return {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "none", "HS256"],
        } | self.about  # fmt: skip

    def _keys(self) -> dict[str, Any]:
        return {"keys": [self.key.as_dict(private=False)]}

    def _token(self, asked: requests.PreparedRequest) -> dict[str, Any]:
        body = asked.body if isinstance(asked.body, str) else (asked.body or b"").decode()
        form = {name: values[0] for name, values in parse_qs(body).items()}
        digest = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(digest).decode().rstrip("=") == self.begun["code_challenge"]
        assert form["redirect_uri"] == self.begun["redirect_uri"]
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        assert asked.headers["Authorization"] == f"Basic {basic}"
        return {"access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": self._id_token()}

    def _id_token(self) -> str:
        now = int(time.time())
        said = {
            "iss": self.issuer, "aud": CLIENT, "sub": "person-1", "iat": now, "exp": now + 60,
            "nonce": self.begun["nonce"], "email": "head@example.org", "email_verified": True,
        } | self.claims  # fmt: skip
        said = {name: value for name, value in said.items() if value is not None}
        if self.signed == "none":
            head, body = ({"alg": "none", "typ": "JWT"}, said)
            return f"{_part(head)}.{_part(body)}."
        if self.signed == "HS256":
            public = self.key.as_pem(private=False)
            return str(
                jws.serialize_compact(
                    {"alg": "HS256", "kid": "1"}, json.dumps(said), OctKey.import_key(public), algorithms=["HS256"]
                )
            )
        key = _key("another") if self.signed == "other key" else self.key
        return str(jwt.encode({"alg": "RS256", "kid": "1"}, said, key))


def _part(data: Mapping[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(data).encode()).decode().rstrip("=")
