"""Cloudinary's signatures. None is an HMAC but the last: they are hashes over text with the secret put behind it."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable, Mapping

NOTICE_FRESH_S = 7200
"""How old a notification may be, as in the vendor's own check."""
UNSIGNED = frozenset({"file", "cloud_name", "resource_type", "api_key", "signature"})
_SHORT_SIGNATURE, _LONG_SIGNATURE = 8, 32


def string_to_sign(fields: Mapping[str, str], version: int = 2) -> str:
    """Version 2 escapes `&` inside a value, so that a value can never pass for a further field."""
    parts = [f"{name}={value}" for name, value in fields.items() if name not in UNSIGNED and value != ""]
    if version >= 2:
        parts = [part.replace("&", "%26") for part in parts]
    return "&".join(sorted(parts))


def sign_fields(fields: Mapping[str, str], secret: str, *, version: int = 2, algorithm: str = "sha1") -> str:
    """For the fields of an upload or a deletion; valid for an hour from their `timestamp`."""
    return hashlib.new(algorithm, (string_to_sign(fields, version) + secret).encode()).hexdigest()


def is_receipt(asset: str, version: int, signature: str, secret: str) -> bool:
    """Whether the vendor itself says that this version of the asset exists (always signed in version 1)."""
    fields = {"public_id": asset, "version": str(version)}
    return _matches(signature, lambda algorithm: sign_fields(fields, secret, version=1, algorithm=algorithm))


def is_notice(body: bytes, timestamp: str, signature: str, secret: str, now_s: float) -> bool:
    """Whether a notification is the vendor's, and fresh. `body` exactly as it arrived."""
    if not re.fullmatch(r"[0-9]{1,12}", timestamp) or abs(now_s - int(timestamp)) > NOTICE_FRESH_S:
        return False
    signed = body + timestamp.encode() + secret.encode()
    return _matches(signature, lambda algorithm: hashlib.new(algorithm, signed).hexdigest())


def sign_delivery(path: str, secret: str, *, algorithm: str = "sha1", long: bool = False) -> str:
    """The `s--…--` of a delivery address. `path`: transformation and name with ending, without the version.

    A long signature is always SHA-256.
    """
    digest = hashlib.new("sha256" if long else algorithm, (path + secret).encode(), usedforsecurity=False).digest()
    length = _LONG_SIGNATURE if long else _SHORT_SIGNATURE
    return f"s--{base64.urlsafe_b64encode(digest).decode()[:length]}--"


def access_token(key_hex: str, *, acl: str, start_s: int | None, expires_s: int) -> str:
    """`__cld_token__=…` for addresses that match `acl`; for accounts with token authentication."""
    parts = [f"st={start_s}"] if start_s is not None else []
    parts += [f"exp={expires_s}", f"acl={_lower_escaped(acl)}"]
    digest = hmac.new(bytes.fromhex(key_hex), "~".join(parts).encode(), hashlib.sha256).hexdigest()
    return f"__cld_token__={'~'.join([*parts, f'hmac={digest}'])}"


def _lower_escaped(text: str) -> str:
    # The vendor escapes exactly these, with small letters in the escapes.
    return re.sub(r"[ \"#%&'/:;<=>?@\[\\\]^`{|}~]", lambda found: f"%{ord(found[0]):02x}", text)


def _matches(signature: str, expected: Callable[[str], str]) -> bool:
    # An account may be set to SHA-256; the length tells which it was.
    algorithm = {40: "sha1", 64: "sha256"}.get(len(signature))
    return algorithm is not None and hmac.compare_digest(expected(algorithm).encode(), signature.lower().encode())
