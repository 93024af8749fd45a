"""Which Supabase access tokens are believed, and how the keys to check them are kept."""

from __future__ import annotations

import base64
import json
import uuid
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx2
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from app.errors import NotSignedIn, ProviderError
from app.services.identity.base import Identity
from app.services.identity.supabase.keys import BETWEEN_FAILURES_S, BETWEEN_FETCHES_S, FRESH_S, PublishedKeys
from app.services.identity.supabase.sign_in import auth_client, issuer_of
from app.services.identity.supabase.tokens import SupabaseIdentity
from fakes.credentials import SUPABASE_JWT_SECRET, SUPABASE_PUBLISHABLE_KEY
from fakes.supabase import SupabaseFake

pytestmark = pytest.mark.anyio
FORGERIES = (
    "alg-none",
    "hs256",
    "hs256-with-public-key",
    "wrong-audience",
    "wrong-issuer",
    "expired-token",
    "anon-role",
    "no-subject",
    "anonymous",
    "no-email",
    "unpublished-key",
)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def client(supabase: SupabaseFake) -> AsyncIterator[httpx2.AsyncClient]:
    async with auth_client(supabase.address, SUPABASE_PUBLISHABLE_KEY, timeout_s=2.0) as made:
        yield made


@pytest.fixture
def identity(supabase: SupabaseFake, client: httpx2.AsyncClient, clock: Clock) -> SupabaseIdentity:
    return SupabaseIdentity(issuer_of(supabase.address), PublishedKeys(client, clock=clock))


@pytest.fixture
def legacy(supabase: SupabaseFake, client: httpx2.AsyncClient) -> SupabaseIdentity:
    return SupabaseIdentity(issuer_of(supabase.address), PublishedKeys(client), SUPABASE_JWT_SECRET)


USER: dict[str, Any] = {
    "id": "5b5f9a53-6ac2-4d0c-8a4b-0d7ea3a4a6e1",
    "email": "asha@example.org",
    "app_metadata": {"provider": "email", "role": "reviewer"},
    "user_metadata": {"name": "Asha Verma", "role": "admin"},
}


def token_of(fake: SupabaseFake, **change: Any) -> str:
    return fake.signer.issue({**USER, **change}, str(uuid.uuid4()))


def fetches(fake: SupabaseFake) -> int:
    return sum(one.path.endswith("jwks.json") for one in fake.asked)


async def refused(identity: SupabaseIdentity, token: str) -> None:
    with pytest.raises(NotSignedIn):
        await identity.verify(token)


@pytest.mark.parametrize("mode", ["", "rs256"])
async def test_a_token_signed_with_a_published_key_tells_who_it_is(
    supabase: SupabaseFake, identity: SupabaseIdentity, mode: str
) -> None:
    supabase.switch(mode)
    found = await identity.verify(token_of(supabase))
    assert found == Identity(
        subject=USER["id"],
        issuer=f"{supabase.address}/auth/v1",
        role="reviewer",
        login_session_id=found.login_session_id,
        email="asha@example.org",
        name="Asha Verma",
    )


@pytest.mark.parametrize("mode", FORGERIES)
async def test_a_forged_or_foreign_token_is_refused(
    supabase: SupabaseFake, identity: SupabaseIdentity, mode: str
) -> None:
    await identity.verify(token_of(supabase))
    supabase.switch(mode)
    await refused(identity, token_of(supabase))


@pytest.mark.parametrize("mode", [mode for mode in FORGERIES if mode not in {"hs256", "unpublished-key"}])
async def test_in_a_legacy_project_the_same_forgeries_are_refused(
    supabase: SupabaseFake, legacy: SupabaseIdentity, mode: str
) -> None:
    supabase.switch("hs256")
    await legacy.verify(token_of(supabase))
    supabase.switch(mode)
    await refused(legacy, token_of(supabase))


async def test_a_legacy_project_is_a_matter_of_configuration_and_never_of_the_token(
    supabase: SupabaseFake, legacy: SupabaseIdentity
) -> None:
    await refused(legacy, token_of(supabase))
    supabase.switch("hs256")
    assert (await legacy.verify(token_of(supabase))).subject == USER["id"]
    assert fetches(supabase) == 0


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "..", "\u00e9.\u00e9.\u00e9"])
async def test_what_is_no_token_at_all_is_refused(identity: SupabaseIdentity, token: str) -> None:
    await refused(identity, token)


@pytest.mark.parametrize("subject", ["", "1", "../admin/users", "5b5f9a53-6ac2-4d0c-8a4b"])
async def test_a_subject_that_is_no_uuid_is_refused(
    supabase: SupabaseFake, identity: SupabaseIdentity, subject: str
) -> None:
    await refused(identity, token_of(supabase, id=subject))


async def test_a_changed_letter_breaks_the_signature(supabase: SupabaseFake, identity: SupabaseIdentity) -> None:
    head, body, signature = token_of(supabase).split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=="))
    claims["app_metadata"]["role"] = "admin"
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    await refused(identity, f"{head}.{forged}.{signature}")


@pytest.mark.parametrize(
    ("app_metadata", "role"),
    [({}, "candidate"), ({"role": "admin"}, "admin"), ({"role": ["admin"]}, "candidate"), ("admin", "candidate")],
)
async def test_the_role_is_read_from_app_metadata_alone(
    supabase: SupabaseFake, identity: SupabaseIdentity, app_metadata: Any, role: str
) -> None:
    assert (await identity.verify(token_of(supabase, app_metadata=app_metadata))).role == role


@pytest.mark.parametrize(
    ("user_metadata", "name"),
    [
        ({"name": "  Asha\n Verma "}, "Asha Verma"),
        ({"full_name": "Asha V."}, "Asha V."),
        ({"name": "x" * 500}, "x" * 120),
        ({"name": 7}, "asha"),
        ({}, "asha"),
    ],
)
async def test_the_name_is_what_the_person_typed_cut_to_size(
    supabase: SupabaseFake, identity: SupabaseIdentity, user_metadata: Any, name: str
) -> None:
    assert (await identity.verify(token_of(supabase, user_metadata=user_metadata))).name == name


async def test_keys_are_fetched_once_and_again_when_they_are_old(
    supabase: SupabaseFake, identity: SupabaseIdentity, clock: Clock
) -> None:
    for _ in range(3):
        await identity.verify(token_of(supabase))
    assert fetches(supabase) == 1
    clock.now += FRESH_S + 1
    await identity.verify(token_of(supabase))
    assert fetches(supabase) == 2


async def test_a_rotated_key_is_found_by_one_more_fetch(
    supabase: SupabaseFake, identity: SupabaseIdentity, clock: Clock
) -> None:
    before = token_of(supabase)
    await identity.verify(before)
    supabase.switch("rotated-key")
    clock.now += BETWEEN_FETCHES_S
    await identity.verify(token_of(supabase))
    await identity.verify(before)
    assert fetches(supabase) == 2


async def test_unknown_key_ids_cannot_make_us_ask_more_than_once_a_minute(
    supabase: SupabaseFake, identity: SupabaseIdentity, clock: Clock
) -> None:
    await identity.verify(token_of(supabase))
    supabase.switch("unpublished-key")
    for _ in range(5):
        await refused(identity, token_of(supabase))
    assert fetches(supabase) == 1
    clock.now += BETWEEN_FETCHES_S
    for _ in range(5):
        await refused(identity, token_of(supabase))
    assert fetches(supabase) == 2


@pytest.mark.parametrize("mode", ["keys-down", "down"])
async def test_known_keys_stay_in_use_while_they_cannot_be_fetched(
    supabase: SupabaseFake, identity: SupabaseIdentity, clock: Clock, mode: str
) -> None:
    await identity.verify(token_of(supabase))
    supabase.switch(mode)
    clock.now += 24 * 3600
    assert (await identity.verify(token_of(supabase))).subject == USER["id"]


async def test_without_any_key_nobody_is_called_signed_out_and_we_ask_again_soon(
    supabase: SupabaseFake, identity: SupabaseIdentity, clock: Clock
) -> None:
    supabase.switch("keys-down")
    token = token_of(supabase)
    for _ in range(3):
        with pytest.raises(ProviderError) as failed:
            await identity.verify(token)
        assert failed.value.retryable
    assert fetches(supabase) == 1
    supabase.switch("")
    clock.now += BETWEEN_FAILURES_S
    await identity.verify(token)


async def test_a_slow_key_server_is_given_up(supabase: SupabaseFake, clock: Clock) -> None:
    supabase.switch("slow")
    async with auth_client(supabase.address, SUPABASE_PUBLISHABLE_KEY, timeout_s=0.2) as client:
        with pytest.raises(ProviderError):
            await PublishedKeys(client, clock=clock).find("key-first")


def _answering(answer: Callable[[], Any]) -> PublishedKeys:
    transport = httpx2.MockTransport(lambda _: httpx2.Response(200, json=answer()))
    return PublishedKeys(httpx2.AsyncClient(transport=transport, base_url="https://x.supabase.co/auth/v1/"))


async def test_a_key_set_with_other_kinds_of_keys_gives_only_those_we_accept() -> None:
    good = jwt.algorithms.ECAlgorithm.to_jwk(ec.generate_private_key(ec.SECP256R1()).public_key(), as_dict=True)
    entries = [
        {"kty": "oct", "k": "c2VjcmV0", "alg": "HS256", "kid": "shared"},
        {"kty": "OKP", "crv": "Ed25519", "x": "AAAA", "alg": "EdDSA", "kid": "edwards"},
        {"kty": "EC", "crv": "P-256", "alg": "ES256", "kid": "broken"},
        "nonsense",
        {**good, "alg": "ES256", "kid": "good"},
    ]
    keys = _answering(lambda: {"keys": entries})
    found = [name for name in ("shared", "edwards", "broken", "good") if await keys.find(name)]
    assert found == ["good"]


@pytest.mark.parametrize("body", [{"keys": "x"}, [], {"message": "hello"}])
async def test_nonsense_in_place_of_keys_is_a_failure_of_the_service(body: Any) -> None:
    with pytest.raises(ProviderError):
        await _answering(lambda: body).find("key-first")
