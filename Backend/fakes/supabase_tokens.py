"""How the stand-in for Supabase Auth signs: key pairs, the legacy secret, and all the ways to lie."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from fakes.credentials import SUPABASE_JWT_SECRET

ACCESS_SECONDS = 3600
SHORT_SECONDS = 15
HUGE = 3_000

TOKEN_MODES: dict[str, str] = {
    "rotated-key": "signs with a second key; the JWKS lists both",
    "unpublished-key": "signs with a key that the JWKS does not list (yet)",
    "rs256": "signs with an RSA key",
    "hs256": "a legacy project: signs with the legacy secret, and the JWKS is empty",
    "alg-none": "tokens without a signature",
    "hs256-with-public-key": "tokens signed by HS256 with the text of the public key",
    "wrong-audience": "tokens for somebody else",
    "wrong-issuer": "tokens of another project",
    "short-lived": "access tokens last fifteen seconds, so that they have to be renewed all the time",
    "expired-token": "tokens that ran out an hour ago",
    "anon-role": "tokens with the role anon",
    "no-subject": "tokens without sub, as the legacy project keys are",
    "anonymous": "tokens of an anonymous visitor",
    "no-email": "tokens with an empty e-mail address",
    "huge-token": "tokens of 5 kB: people write much about themselves",
}


@cache
def _elliptic(name: str) -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@cache
def _rsa() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def _published(algorithm: str, key_id: str, public: dict[str, Any]) -> dict[str, Any]:
    return {**public, "kid": key_id, "alg": algorithm, "use": "sig", "key_ops": ["verify"]}


def _elliptic_jwk(name: str) -> dict[str, Any]:
    public = jwt.algorithms.ECAlgorithm.to_jwk(_elliptic(name).public_key(), as_dict=True)
    return _published("ES256", f"key-{name}", public)


def _rsa_jwk() -> dict[str, Any]:
    return _published("RS256", "key-rsa", jwt.algorithms.RSAAlgorithm.to_jwk(_rsa().public_key(), as_dict=True))


@dataclass
class Signer:
    """`failing` answers whether a mode is on. `issuer` is `{address}/auth/v1`."""

    failing: Callable[[str], bool]
    issuer: Callable[[], str]
    clock: Callable[[], float] = field(default=time.time)

    def jwks(self) -> dict[str, Any]:
        if self.failing("hs256"):
            return {"keys": []}
        return {"keys": [_elliptic_jwk("first"), _elliptic_jwk("second"), _rsa_jwk()][: 3 if self._also() else 1]}

    def _also(self) -> bool:
        return self.failing("rotated-key") or self.failing("rs256")

    @property
    def access_seconds(self) -> int:
        return SHORT_SECONDS if self.failing("short-lived") else ACCESS_SECONDS

    def issue(self, user: Mapping[str, Any], session_id: str) -> str:
        at = int(self.clock())
        claims: dict[str, Any] = {
            "iss": self.issuer() + ("-of-another" if self.failing("wrong-issuer") else ""),
            "sub": user["id"],
            "aud": "somebody-else" if self.failing("wrong-audience") else "authenticated",
            "exp": at + (-3600 if self.failing("expired-token") else self.access_seconds),
            "iat": at - (7200 if self.failing("expired-token") else 0),
            "email": "" if self.failing("no-email") else user["email"],
            "phone": "",
            "app_metadata": user["app_metadata"],
            "user_metadata": {**user["user_metadata"], **self._padding()},
            "role": "anon" if self.failing("anon-role") else "authenticated",
            "aal": "aal1",
            "amr": [{"method": "password", "timestamp": at}],
            "session_id": session_id,
            "is_anonymous": self.failing("anonymous"),
        }
        if self.failing("no-subject"):
            del claims["sub"]
        return self._signed(claims)

    def _padding(self) -> dict[str, str]:
        return {"about_me": "x" * HUGE} if self.failing("huge-token") else {}

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.failing("alg-none"):
            return jwt.encode(claims, "", "none", headers={"kid": "key-first"})
        if self.failing("hs256-with-public-key"):
            # Built by hand: no library signs with a public key by mistake any more.
            return _by_hand(claims, json.dumps(_elliptic_jwk("first")).encode())
        if self.failing("hs256"):
            return jwt.encode(claims, SUPABASE_JWT_SECRET, "HS256", headers={"kid": str(uuid.UUID(int=7))})
        if self.failing("rs256"):
            return jwt.encode(claims, _rsa(), "RS256", headers={"kid": "key-rsa"})
        if self.failing("unpublished-key"):
            return jwt.encode(claims, _elliptic("third"), "ES256", headers={"kid": "key-third"})
        name = "second" if self.failing("rotated-key") else "first"
        return jwt.encode(claims, _elliptic(name), "ES256", headers={"kid": f"key-{name}"})

    def read(self, token: str) -> dict[str, Any] | None:
        """The claims of a token this stand-in has signed and that has not run out; else None."""
        try:
            header = jwt.get_unverified_header(token)
            if header["alg"] == "HS256":
                key: Any = SUPABASE_JWT_SECRET
            else:
                key_id = str(header.get("kid", ""))
                known = key_id in {"key-first", "key-second", "key-third"}
                key = _elliptic(key_id[4:]).public_key() if known else _rsa().public_key()
            return dict(jwt.decode(token, key, algorithms=["ES256", "RS256", "HS256"], options={"verify_aud": False}))
        except (jwt.PyJWTError, KeyError):
            return None


def _by_hand(claims: dict[str, Any], key: bytes) -> str:
    import hashlib
    import hmac

    def part(value: object) -> bytes:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=")

    signed = part({"alg": "HS256", "typ": "JWT", "kid": "key-first"}) + b"." + part(claims)
    signature = base64.urlsafe_b64encode(hmac.new(key, signed, hashlib.sha256).digest()).rstrip(b"=")
    return (signed + b"." + signature).decode()
