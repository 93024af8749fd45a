"""What the rest of the house knows of Supabase Auth."""

from __future__ import annotations

from pydantic import Field, SecretStr

from app.services.identity.base import HostedIdentity
from app.services.vendor import Vendor, VendorSettings


class SupabaseSettings(VendorSettings):
    supabase_url: str = ""
    supabase_publishable_key: SecretStr = SecretStr("")
    supabase_secret_key: SecretStr = Field(default=SecretStr(""), description="only to delete accounts there as well")
    supabase_jwt_secret: SecretStr = Field(
        default=SecretStr(""), description="only for projects that still sign with the legacy secret (HS256)"
    )


def _build(settings: SupabaseSettings) -> HostedIdentity:
    from app.services.identity.supabase.keys import PublishedKeys
    from app.services.identity.supabase.sign_in import SupabaseSignIn, auth_client, issuer_of
    from app.services.identity.supabase.tokens import SupabaseIdentity

    client = auth_client(settings.supabase_url, settings.supabase_publishable_key.get_secret_value())
    provider = SupabaseIdentity(
        issuer_of(settings.supabase_url), PublishedKeys(client), settings.supabase_jwt_secret.get_secret_value()
    )
    service = SupabaseSignIn(
        client,
        return_url=f"{settings.public_url.rstrip('/')}/auth/callback",
        secret_key=settings.supabase_secret_key.get_secret_value(),
    )
    return HostedIdentity(provider, service, client.aclose)


SUPABASE = Vendor(
    key="supabase",
    name="Supabase",
    capability="identity",
    settings=SupabaseSettings,
    needs=("supabase_url", "supabase_publishable_key"),
    build=_build,
    receives=("name", "email", "password"),
    admin_made='reads the role from app_metadata. Set {"role": "admin"} there.',
    fails_over_to="nobody: sign-in is down, interviews under way go on",
    stand_in="fakes.supabase",
)
