"""The stand-in for Supabase Auth, with the vendor's own client as its counterpart."""

from __future__ import annotations

from collections.abc import Iterator

import httpx
import httpx2
import pytest
from pydantic import ValidationError
from supabase_auth import AsyncGoTrueClient, SyncGoTrueClient
from supabase_auth.errors import (
    AuthApiError,
    AuthError,
    AuthImplicitGrantRedirectError,
    AuthInvalidJwtError,
    AuthRetryableError,
    AuthWeakPasswordError,
    CustomAuthError,
)
from supabase_auth.types import AuthResponse, SignOutScope, User

from fakes.credentials import SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY
from fakes.supabase import SITE_URL, SupabaseFake

EMAIL = "asha@example.org"
PASSWORD = "correct horse"
CALLBACK = "http://localhost/auth/callback"


@pytest.fixture
def client(supabase: SupabaseFake) -> Iterator[SyncGoTrueClient]:
    with (
        httpx.Client(timeout=10) as http,
        SyncGoTrueClient(
            url=f"{supabase.address}/auth/v1",
            headers={"apikey": SUPABASE_PUBLISHABLE_KEY},
            auto_refresh_token=False,
            http_client=http,
        ) as client,
    ):
        yield client


def sign_up(client: SyncGoTrueClient) -> AuthResponse:
    return client.sign_up(
        {
            "email": EMAIL,
            "password": PASSWORD,
            "options": {"data": {"name": "Asha"}, "email_redirect_to": CALLBACK},
        }
    )


def sign_in(client: SyncGoTrueClient, password: str = PASSWORD) -> AuthResponse:
    return client.sign_in_with_password({"email": EMAIL, "password": password})


def tokens(answer: AuthResponse) -> tuple[str, str]:
    assert answer.session is not None
    return answer.session.access_token, answer.session.refresh_token


def present_user(client: SyncGoTrueClient, token: str | None = None) -> User:
    told = client.get_user(token)
    assert told is not None
    return told.user


def landed(supabase: SupabaseFake) -> str:
    """Where a person's browser ends when they open the link of the latest mail."""
    return str(httpx2.get(supabase.mails[-1].link).headers["location"])


def test_the_client_signs_up_and_in_and_reads_the_user(client: SyncGoTrueClient) -> None:
    made = sign_up(client).user
    assert made is not None and made.identities is not None
    assert [identity.provider for identity in made.identities] == ["email"]
    found = sign_in(client).user
    assert found is not None and found.id == made.id and found.last_sign_in_at is not None
    user = present_user(client)
    assert (user.id, user.email, user.role, user.aud) == (made.id, EMAIL, "authenticated", "authenticated")
    assert (user.user_metadata, user.app_metadata["provider"]) == ({"name": "Asha"}, "email")


async def test_the_asynchronous_client_signs_up_and_verifies_its_token(supabase: SupabaseFake) -> None:
    async with AsyncGoTrueClient(
        url=f"{supabase.address}/auth/v1",
        headers={"apikey": SUPABASE_PUBLISHABLE_KEY},
        auto_refresh_token=False,
    ) as client:
        made = await client.sign_up({"email": EMAIL, "password": PASSWORD})
        claims = await client.get_claims()
    assert made.user is not None and claims is not None
    assert claims["claims"]["sub"] == made.user.id


def test_the_client_refreshes_and_a_token_reused_too_late_ends_the_sign_in(
    supabase: SupabaseFake, client: SyncGoTrueClient
) -> None:
    first = tokens(sign_up(client))[1]
    second = tokens(client.refresh_session())[1]
    assert second != first
    assert tokens(client.refresh_session(first))[1] == second, "within ten seconds it is a second browser tab"
    at = supabase.clock()
    supabase.clock = lambda: at + 11
    with pytest.raises(AuthApiError) as caught:
        client.refresh_session(first)
    assert (caught.value.status, caught.value.code) == (400, "refresh_token_already_used")
    with pytest.raises(AuthApiError) as caught:
        client.refresh_session(second)
    # The client's own list of codes lacks this one, though its server has it.
    assert str(caught.value.code) == "refresh_token_not_found"


def test_the_client_changes_the_password(client: SyncGoTrueClient) -> None:
    sign_up(client)
    assert client.update_user({"password": "another horse"}).user.email == EMAIL
    with pytest.raises(AuthApiError) as caught:
        sign_in(client)
    assert (caught.value.status, caught.value.code) == (400, "invalid_credentials")
    assert sign_in(client, "another horse").session is not None


def test_the_client_is_told_why_a_password_is_refused(client: SyncGoTrueClient) -> None:
    sign_up(client)
    with pytest.raises(AuthApiError) as same:
        client.update_user({"password": PASSWORD})
    assert (same.value.status, same.value.code) == (422, "same_password")
    with pytest.raises(AuthWeakPasswordError) as weak:
        client.update_user({"password": "abc"})
    assert (weak.value.status, weak.value.reasons) == (422, ["length"])


@pytest.mark.parametrize("scope", ["local", "others", "global"])
def test_the_client_signs_out_what_its_scope_says(client: SyncGoTrueClient, scope: SignOutScope) -> None:
    elsewhere, _ = tokens(sign_up(client))
    here, _ = tokens(sign_in(client))
    client.sign_out({"scope": scope})
    assert (client.get_session() is not None) == (scope == "others")
    still = [token for token in (elsewhere, here) if _is_alive(client, token)]
    assert still == {"local": [elsewhere], "others": [here], "global": []}[scope]


def _is_alive(client: SyncGoTrueClient, token: str) -> bool:
    try:
        return client.get_user(token) is not None
    except AuthApiError as error:
        assert (error.status, error.code) == (403, "session_not_found")
        return False


@pytest.mark.parametrize(
    ("mode", "algorithm"), [("", "ES256"), ("rotated-key", "ES256"), ("rs256", "RS256"), ("hs256", "HS256")]
)
def test_the_client_verifies_a_token_as_the_project_signs(
    supabase: SupabaseFake, client: SyncGoTrueClient, mode: str, algorithm: str
) -> None:
    supabase.switch(mode)
    user = sign_up(client).user
    told = client.get_claims()
    assert user is not None and told is not None
    assert (told["headers"]["alg"], told["claims"]["sub"]) == (algorithm, user.id)
    # With the legacy secret it cannot verify anything itself and asks for the user instead.
    assert supabase.asked[-1].path.rpartition("/")[2] == ("user" if mode == "hs256" else "jwks.json")


@pytest.mark.parametrize(
    ("mode", "kind", "told"),
    [
        ("expired-token", AuthInvalidJwtError, "JWT has expired"),
        ("unpublished-key", AuthInvalidJwtError, "No matching signing key found in JWKS"),
        ("hs256-with-public-key", AuthApiError, "unable to parse or verify signature"),
        ("keys-down", AuthApiError, "Unexpected failure"),
    ],
)
def test_the_client_refuses_a_token_it_cannot_believe(
    supabase: SupabaseFake, client: SyncGoTrueClient, mode: str, kind: type[AuthError], told: str
) -> None:
    supabase.switch(mode)
    sign_up(client)
    with pytest.raises(kind, match=told):
        client.get_claims()


def test_a_token_changed_on_its_way_is_refused_by_its_signature(client: SyncGoTrueClient) -> None:
    mine, _ = tokens(sign_up(client))
    theirs, _ = tokens(client.sign_up({"email": "ravi@example.org", "password": PASSWORD}))
    head, claims, _ = mine.split(".")
    with pytest.raises(AuthInvalidJwtError, match="signature"):
        client.get_claims(".".join([head, claims, theirs.split(".")[2]]))


def test_an_address_that_is_known_signs_up_to_a_user_without_identities(
    supabase: SupabaseFake, client: SyncGoTrueClient
) -> None:
    first = sign_up(client).user
    with pytest.raises(AuthApiError) as caught:
        sign_up(client)
    assert (caught.value.status, caught.value.code) == (422, "user_already_exists")
    supabase.switch("confirm-mail")
    again = sign_up(client)
    assert again.session is None and again.user is not None and first is not None
    assert (again.user.identities, again.user.role) == ([], "")
    assert again.user.id != first.id


def test_the_client_comes_in_by_the_link_of_the_mail_and_by_it_once(
    supabase: SupabaseFake, client: SyncGoTrueClient
) -> None:
    supabase.switch("confirm-mail")
    made = sign_up(client)
    assert made.session is None and made.user is not None and len(made.user.identities or []) == 1
    with pytest.raises(AuthApiError) as early:
        sign_in(client)
    assert (early.value.status, early.value.code) == (400, "email_not_confirmed")
    client.initialize(url=landed(supabase))
    assert present_user(client).email_confirmed_at is not None
    client.reset_password_for_email(EMAIL, {"redirect_to": CALLBACK})
    opened = supabase.mails[-1].link
    seen: list[str] = []
    client.on_auth_state_change(lambda event, _: seen.append(event))
    client.initialize(url=landed(supabase))
    assert seen == ["SIGNED_IN", "PASSWORD_RECOVERY"]
    with pytest.raises(AuthImplicitGrantRedirectError) as spent:
        client.initialize(url=str(httpx2.get(opened).headers["location"]))
    assert spent.value.details == {"code": "otp_expired", "error": "access_denied"}


def test_a_mail_without_a_wish_leads_to_the_address_of_the_site(
    supabase: SupabaseFake, client: SyncGoTrueClient
) -> None:
    sign_up(client)
    client.reset_password_for_email(EMAIL)
    assert landed(supabase).startswith(f"{SITE_URL}#access_token=")


@pytest.mark.parametrize(
    ("mode", "kind", "status", "code"),
    [
        ("sign-ups-closed", AuthApiError, 422, "signup_disabled"),
        ("weak-password", AuthWeakPasswordError, 422, "weak_password"),
        ("rate-limit", AuthApiError, 429, "over_request_rate_limit"),
        ("error-500", AuthApiError, 500, "unexpected_failure"),
        ("gateway-401", AuthApiError, 401, None),
        ("down", AuthRetryableError, 503, None),
    ],
)
def test_the_client_raises_its_own_error_when_signing_up_fails(
    supabase: SupabaseFake,
    client: SyncGoTrueClient,
    mode: str,
    kind: type[AuthError],
    status: int,
    code: str | None,
) -> None:
    supabase.switch(mode)
    with pytest.raises(kind) as caught:
        sign_up(client)
    assert isinstance(caught.value, AuthApiError | CustomAuthError)
    assert (caught.value.status, caught.value.code) == (status, code)


@pytest.mark.parametrize(
    ("mode", "status", "code"),
    [
        ("", 400, "invalid_credentials"),
        ("new-errors", 400, "invalid_credentials"),
        ("oauth-errors", 400, None),
    ],
)
def test_a_wrong_password_is_the_clients_error_in_every_form_of_body(
    supabase: SupabaseFake, client: SyncGoTrueClient, mode: str, status: int, code: str | None
) -> None:
    sign_up(client)
    supabase.switch(mode)
    with pytest.raises(AuthApiError, match="Invalid login credentials") as caught:
        sign_in(client, "wrong horse")
    assert (caught.value.status, caught.value.code) == (status, code)


def test_a_blocked_person_a_mail_too_many_and_an_early_reuse_are_the_clients_errors(
    supabase: SupabaseFake, client: SyncGoTrueClient
) -> None:
    spent = tokens(sign_up(client))[1]
    client.refresh_session(spent)
    supabase.switch("banned")
    with pytest.raises(AuthApiError) as caught:
        sign_in(client)
    assert caught.value.code == "user_banned"
    supabase.switch("")
    supabase.switch("mail-rate-limit")
    with pytest.raises(AuthApiError, match="after 42 seconds") as caught:
        client.reset_password_for_email(EMAIL, {"redirect_to": CALLBACK})
    assert (caught.value.status, caught.value.code) == (429, "over_email_send_rate_limit")
    supabase.switch("")
    supabase.switch("no-reuse-window")
    with pytest.raises(AuthApiError) as caught:
        client.refresh_session(spent)
    assert str(caught.value.code) == "refresh_token_already_used"


def test_an_answer_that_is_no_session_is_no_session_to_the_client(
    supabase: SupabaseFake, client: SyncGoTrueClient
) -> None:
    sign_up(client)
    supabase.switch("nonsense")
    with pytest.raises(ValidationError):
        sign_in(client)


def test_a_server_that_does_not_answer_in_time_may_be_asked_again(supabase: SupabaseFake) -> None:
    supabase.switch("slow")
    with httpx.Client(timeout=0.2) as http:
        client = SyncGoTrueClient(
            url=f"{supabase.address}/auth/v1", headers={"apikey": SUPABASE_PUBLISHABLE_KEY}, http_client=http
        )
        with pytest.raises(AuthRetryableError):
            sign_in(client)


def test_with_the_secret_key_the_client_manages_people(supabase: SupabaseFake, client: SyncGoTrueClient) -> None:
    with SyncGoTrueClient(
        url=f"{supabase.address}/auth/v1",
        headers={"apikey": SUPABASE_SECRET_KEY, "Authorization": f"Bearer {SUPABASE_SECRET_KEY}"},
    ) as keeper:
        made = keeper.admin.create_user({"email": EMAIL, "password": PASSWORD, "email_confirm": True}).user
        raised = keeper.admin.update_user_by_id(made.id, {"app_metadata": {"role": "admin"}}).user
        assert raised.app_metadata["role"] == "admin"
        token, _ = tokens(sign_in(client))
        keeper.admin.delete_user(made.id)
        with pytest.raises(AuthApiError) as caught:
            keeper.admin.delete_user(made.id)
    assert (caught.value.status, caught.value.code) == (404, "user_not_found")
    with pytest.raises(AuthApiError) as caught:
        client.get_user(token)
    assert (caught.value.status, caught.value.code) == (403, "user_not_found")
    with pytest.raises(AuthApiError) as caught:
        client.admin.delete_user(made.id)
    assert caught.value.status in {401, 403}
