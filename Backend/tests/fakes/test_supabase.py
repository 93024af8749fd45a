"""The stand-in for Supabase Auth against what is documented of the real one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx2
import jwt
import pytest

from fakes.credentials import SUPABASE_JWT_SECRET, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY
from fakes.supabase import MODES, SupabaseFake

pytestmark = pytest.mark.anyio
PERSON = {"email": "asha@example.org", "password": "correct horse", "data": {"name": "Asha"}}
SESSION = {"access_token", "token_type", "expires_in", "expires_at", "refresh_token", "user", "weak_password"}
USER = {
    "id", "aud", "role", "email", "email_confirmed_at", "phone", "confirmed_at", "last_sign_in_at", "app_metadata",
    "user_metadata", "identities", "factors", "created_at", "updated_at", "is_anonymous",
}  # fmt: skip
IDENTITY = {
    "identity_id", "id", "user_id", "identity_data", "provider", "last_sign_in_at", "created_at", "updated_at", "email",
}  # fmt: skip
CLAIMS = {
    "iss", "sub", "aud", "exp", "iat", "email", "phone", "app_metadata", "user_metadata", "role", "aal", "amr",
    "session_id", "is_anonymous",
}  # fmt: skip


@pytest.fixture
async def auth(supabase: SupabaseFake) -> AsyncIterator[httpx2.AsyncClient]:
    headers = {"apikey": SUPABASE_PUBLISHABLE_KEY}
    async with httpx2.AsyncClient(base_url=f"{supabase.address}/auth/v1/", headers=headers, timeout=10) as client:
        yield client


async def signed_up(auth: httpx2.AsyncClient) -> dict[str, Any]:
    session: dict[str, Any] = (await auth.post("signup", json=PERSON)).json()
    return session


def bearer(session: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {session['access_token']}"}


async def grant(auth: httpx2.AsyncClient, kind: str, **body: str) -> httpx2.Response:
    return await auth.post("token", params={"grant_type": kind}, json=body)


async def test_a_session_a_user_and_the_claims_have_the_documented_fields(auth: httpx2.AsyncClient) -> None:
    session = await signed_up(auth)
    assert (set(session), set(session["user"])) == (SESSION, USER)
    assert (session["token_type"], session["expires_in"]) == ("bearer", 3600)
    assert session["user"]["app_metadata"] == {"provider": "email", "providers": ["email"]}
    assert set(session["user"]["identities"][0]) == IDENTITY
    header = jwt.get_unverified_header(session["access_token"])
    claims = jwt.decode(session["access_token"], options={"verify_signature": False})
    assert (set(header), header["alg"]) == ({"alg", "typ", "kid"}, "ES256")
    assert set(claims) == CLAIMS
    assert (claims["aud"], claims["role"], claims["phone"]) == ("authenticated", "authenticated", "")
    assert claims["iss"].endswith("/auth/v1") and claims["amr"][0]["method"] == "password"


async def test_the_key_set_has_the_documented_fields_and_opens_without_a_key(supabase: SupabaseFake) -> None:
    async with httpx2.AsyncClient() as stranger:
        answer = await stranger.get(f"{supabase.address}/auth/v1/.well-known/jwks.json")
    (key,) = answer.json()["keys"]
    assert set(key) == {"kty", "crv", "x", "y", "kid", "alg", "use", "key_ops"}
    assert answer.headers["cache-control"] == "public, max-age=600"


async def test_without_the_key_the_gateway_refuses(supabase: SupabaseFake) -> None:
    async with httpx2.AsyncClient(base_url=f"{supabase.address}/auth/v1/") as stranger:
        answer = await stranger.post("signup", json=PERSON)
        wrong = await stranger.post("signup", json=PERSON, headers={"apikey": "sb_publishable_other"})
    assert (answer.status_code, answer.json()["message"]) == (401, "No API key found in request")
    assert wrong.status_code == 401


async def test_an_unknown_field_is_refused(auth: httpx2.AsyncClient) -> None:
    answer = await auth.post("signup", json={**PERSON, "role": "admin"})
    assert (answer.status_code, answer.json()["error_code"]) == (400, "validation_failed")


@pytest.mark.parametrize(
    ("mode", "body"),
    [
        ("", {"code": 400, "error_code": "invalid_credentials", "msg": "Invalid login credentials"}),
        ("new-errors", {"code": "invalid_credentials", "message": "Invalid login credentials"}),
        ("oauth-errors", {"error": "invalid_grant", "error_description": "Invalid login credentials"}),
    ],
)
async def test_errors_have_the_documented_bodies(
    supabase: SupabaseFake, auth: httpx2.AsyncClient, mode: str, body: dict[str, Any]
) -> None:
    supabase.switch(mode)
    answer = await grant(auth, "password", email="a@example.org", password="wrong")
    assert (answer.status_code, answer.json()) == (400, body)
    assert answer.headers.get("x-sb-error-code") == (None if mode == "oauth-errors" else "invalid_credentials")


async def test_the_api_version_header_asks_for_the_new_body(auth: httpx2.AsyncClient) -> None:
    headers = {"X-Supabase-Api-Version": "2024-01-01"}
    answer = await auth.post("token?grant_type=refresh_token", json={"refresh_token": "x"}, headers=headers)
    assert answer.json()["code"] == answer.headers["x-sb-error-code"] == "refresh_token_not_found"
    assert answer.headers["x-supabase-api-version"] == "2024-01-01"


async def test_a_second_sign_up_is_refused_or_answered_with_a_made_up_person(
    supabase: SupabaseFake, auth: httpx2.AsyncClient
) -> None:
    first = await signed_up(auth)
    again = await auth.post("signup", json=PERSON)
    assert (again.status_code, again.json()["error_code"]) == (422, "user_already_exists")
    supabase.switch("confirm-mail")
    made_up = (await auth.post("signup", json=PERSON)).json()
    assert (made_up["identities"], made_up["role"]) == ([], "")
    assert made_up["id"] != first["user"]["id"]


async def test_with_confirmation_a_sign_up_gives_a_bare_user_and_the_mail_opens_a_session(
    supabase: SupabaseFake, auth: httpx2.AsyncClient
) -> None:
    supabase.switch("confirm-mail")
    bare = await auth.post("signup", json=PERSON, params={"redirect_to": "http://localhost/auth/callback"})
    assert set(bare.json()) == USER and len(bare.json()["identities"]) == 1
    early = await grant(auth, "password", email=PERSON["email"], password=PERSON["password"])  # type: ignore[arg-type]
    assert early.json()["error_code"] == "email_not_confirmed"
    link = (await auth.get(f"{supabase.address}/_fake/mails")).json()[0]["link"]
    async with httpx2.AsyncClient() as mail_reader:
        answer = await mail_reader.get(link)
    fragment = parse_qs(urlsplit(answer.headers["location"]).fragment)
    assert answer.status_code == 303
    assert set(fragment) == {"access_token", "expires_at", "expires_in", "refresh_token", "token_type", "type"}


async def test_a_refresh_token_works_once_and_again_within_ten_seconds(
    supabase: SupabaseFake, auth: httpx2.AsyncClient
) -> None:
    session = await signed_up(auth)
    first = await grant(auth, "refresh_token", refresh_token=session["refresh_token"])
    echo = await grant(auth, "refresh_token", refresh_token=session["refresh_token"])
    assert first.json()["refresh_token"] == echo.json()["refresh_token"] != session["refresh_token"]
    at = supabase.clock()
    supabase.clock = lambda: at + 11
    late = await grant(auth, "refresh_token", refresh_token=session["refresh_token"])
    assert (late.status_code, late.json()["error_code"]) == (400, "refresh_token_already_used")
    family = await grant(auth, "refresh_token", refresh_token=first.json()["refresh_token"])
    assert family.json()["error_code"] == "refresh_token_not_found"


@pytest.mark.parametrize(("scope", "left"), [("local", 2), ("others", 1), ("global", 0)])
async def test_signing_out_ends_what_its_scope_says(
    supabase: SupabaseFake, auth: httpx2.AsyncClient, scope: str, left: int
) -> None:
    session = await signed_up(auth)
    for _ in range(2):
        await grant(auth, "password", email=PERSON["email"], password=PERSON["password"])  # type: ignore[arg-type]
    answer = await auth.post("logout", params={"scope": scope}, headers=bearer(session))
    assert (answer.status_code, len(supabase.sessions)) == (204, left)
    assert (await auth.post("logout", params={"scope": "all"}, headers=bearer(session))).status_code == 400


async def test_user_routes_want_a_bearer_of_a_living_session(auth: httpx2.AsyncClient) -> None:
    session = await signed_up(auth)
    assert (await auth.get("user")).json()["error_code"] == "no_authorization"
    forged = {"Authorization": "Bearer a.b.c"}
    assert (await auth.get("user", headers=forged)).json()["error_code"] == "bad_jwt"
    assert (await auth.get("user", headers=bearer(session))).json()["email"] == PERSON["email"]
    await auth.post("logout", headers=bearer(session))
    assert (await auth.get("user", headers=bearer(session))).json()["error_code"] == "session_not_found"


async def test_a_new_password_must_be_new_and_ends_the_other_sessions(
    supabase: SupabaseFake, auth: httpx2.AsyncClient
) -> None:
    session = await signed_up(auth)
    await grant(auth, "password", email=PERSON["email"], password=PERSON["password"])  # type: ignore[arg-type]
    same = await auth.put("user", json={"password": PERSON["password"]}, headers=bearer(session))
    assert same.json()["error_code"] == "same_password"
    short = await auth.put("user", json={"password": "abc"}, headers=bearer(session))
    assert (short.status_code, short.json()["weak_password"]["reasons"]) == (422, ["length"])
    assert (await auth.put("user", json={"password": "another one"}, headers=bearer(session))).status_code == 200
    assert len(supabase.sessions) == 1


async def test_recovery_answers_the_same_for_every_address(supabase: SupabaseFake, auth: httpx2.AsyncClient) -> None:
    await signed_up(auth)
    to = {"redirect_to": "http://localhost/auth/callback"}
    known = await auth.post("recover", json={"email": PERSON["email"]}, params=to)
    unknown = await auth.post("recover", json={"email": "nobody@example.org"}, params=to)
    assert known.json() == unknown.json() == {}
    assert [mail.kind for mail in supabase.mails] == ["recovery"]


async def test_only_the_secret_key_manages_people(auth: httpx2.AsyncClient) -> None:
    session = await signed_up(auth)
    path = f"admin/users/{session['user']['id']}"
    assert (await auth.delete(path)).status_code == 401
    secret = {"apikey": SUPABASE_SECRET_KEY, "Authorization": f"Bearer {SUPABASE_SECRET_KEY}"}
    assert (await auth.delete(path, headers={**secret, "Authorization": "Bearer other"})).status_code == 403
    raised = await auth.put(path, json={"app_metadata": {"role": "admin"}}, headers=secret)
    assert raised.json()["app_metadata"]["role"] == "admin"
    made = await auth.post("admin/users", json={"email": "b@example.org", "email_confirm": True}, headers=secret)
    assert made.json()["confirmed_at"]
    assert (await auth.delete(path, headers=secret)).status_code == 200
    assert (await auth.delete(path, headers=secret)).json()["error_code"] == "user_not_found"


@pytest.mark.parametrize(
    ("mode", "status", "code"),
    [
        ("sign-ups-closed", 422, "signup_disabled"),
        ("weak-password", 422, "weak_password"),
        ("rate-limit", 429, "over_request_rate_limit"),
        ("error-500", 500, "unexpected_failure"),
    ],
)
async def test_a_switched_refusal_has_its_status_and_code(
    supabase: SupabaseFake, auth: httpx2.AsyncClient, mode: str, status: int, code: str
) -> None:
    supabase.switch(mode)
    answer = await auth.post("signup", json=PERSON)
    assert (answer.status_code, answer.json()["error_code"]) == (status, code)


async def test_the_gateway_can_refuse_be_down_and_be_slow(supabase: SupabaseFake, auth: httpx2.AsyncClient) -> None:
    supabase.switch("gateway-401")
    assert (await auth.get("health")).json()["message"] == "Invalid API key"
    supabase.switch("down")
    assert (await auth.get("health")).headers["content-type"].startswith("text/html")
    supabase.switch("")
    supabase.switch("slow")
    with pytest.raises(httpx2.ReadTimeout):
        await auth.get("health", timeout=0.2)


@pytest.mark.parametrize("mode", ["banned", "mail-rate-limit", "keys-down", "nonsense", "no-reuse-window"])
async def test_each_other_switch_does_what_it_says(supabase: SupabaseFake, auth: httpx2.AsyncClient, mode: str) -> None:
    session = await signed_up(auth)
    supabase.switch(mode)
    if mode == "keys-down":
        assert (await auth.get(".well-known/jwks.json")).status_code == 500
    elif mode == "mail-rate-limit":
        answer = await auth.post("recover", json={"email": PERSON["email"]}, params={"redirect_to": "http://x"})
        assert answer.json()["error_code"] == "over_email_send_rate_limit" and "42 seconds" in answer.json()["msg"]
    elif mode == "no-reuse-window":
        spent = {"refresh_token": session["refresh_token"]}
        assert (await grant(auth, "refresh_token", **spent)).status_code == 200
        assert (await grant(auth, "refresh_token", **spent)).json()["error_code"] == "refresh_token_already_used"
    else:
        answer = await grant(auth, "password", email=PERSON["email"], password=PERSON["password"])  # type: ignore[arg-type]
        expected = {"banned": (403, "user_banned"), "nonsense": (200, None)}[mode]
        assert (answer.status_code, answer.json().get("error_code")) == expected


async def test_a_legacy_project_signs_with_the_secret_as_it_is_written_and_publishes_no_key(
    supabase: SupabaseFake, auth: httpx2.AsyncClient
) -> None:
    supabase.switch("hs256")
    token = (await signed_up(auth))["access_token"]
    assert jwt.decode(token, SUPABASE_JWT_SECRET.encode(), algorithms=["HS256"], audience="authenticated")
    assert (await auth.get(".well-known/jwks.json")).json() == {"keys": []}


def test_every_mode_is_told_by_help(supabase: SupabaseFake) -> None:
    assert all(mode.name in supabase.help() for mode in MODES)


async def test_short_lived_tokens_say_so_in_each_place(supabase: SupabaseFake, auth: httpx2.AsyncClient) -> None:
    supabase.switch("short-lived")
    session = await signed_up(auth)
    claims = jwt.decode(session["access_token"], options={"verify_signature": False})
    lives_s = claims["exp"] - claims["iat"]
    assert 0 < lives_s < 60
    assert session["expires_in"] == lives_s
    assert abs(session["expires_at"] - claims["exp"]) <= 1
