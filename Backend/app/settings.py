"""Every knob, typed and frozen. Built once in `main` and passed down; nothing else reads the environment."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar, Literal, Self, TypeVar
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from app.client_addresses import Networks, read_networks
from app.database_url import is_sqlite, is_transaction_pooled, read_url, transaction_pooled
from app.services.vendor import SWITCHES, Price
from app.services.vendors import VENDORS, AllVendorSettings, AnyVendor, VendorChoice, Vendors

PROJECT_ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER_SECRETS = frozenset({"", "change-me", "changeme", "secret"})


DEFAULT_PRICES: dict[str, Price] = {
    model: price for vendor in VENDORS.language_model for model, price in vendor.prices.items()
}
"""What the vendors' models cost as last published; a model without a price is counted in tokens alone."""


class Settings(AllVendorSettings, BaseSettings):
    """Read from the environment and `.env`; every field is documented in the README's tables."""

    vendors: ClassVar[Vendors] = VENDORS
    """Whom this installation may choose from."""

    # An empty line in .env means "the default", as .env.example says.
    model_config = SettingsConfigDict(
        env_file=PROJECT_ROOT / ".env",
        frozen=True,
        extra="ignore",
        env_ignore_empty=True,
        # A refused setting is named, never shown: it may hold a password.
        hide_input_in_errors=True,
    )

    environment: Literal["development", "production"] = "development"
    data_dir: Path = PROJECT_ROOT / "data"
    database_url: str = Field(default="", repr=False)
    database_direct_url: str = Field(default="", repr=False)
    secret_key: SecretStr = SecretStr("")
    allowed_hosts: str = ""
    trusted_proxies: str = "127.0.0.1, ::1"
    connections_per_address: int = Field(default=400, ge=10)
    port: int = Field(default=8000, ge=1, le=65535)
    frontend_dist: Path = PROJECT_ROOT / "Frontend" / "dist"

    avatar: str = VENDORS.avatar[0].key
    llm: str = VENDORS.language_model[0].key
    speech: str = VENDORS.speech[0].key
    video: str = VENDORS.video_storage[0].key
    identity: str = VENDORS.identity[0].key

    llm_prices: dict[str, Price] = DEFAULT_PRICES
    llm_daily_cap_usd: float = Field(default=5.0, ge=0)
    llm_daily_user_cap_usd: float = Field(default=0.5, ge=0)

    access_token_minutes: int = Field(default=10, ge=1, le=60)
    refresh_token_days: int = Field(default=30, ge=1, le=365)
    refresh_max_days: int = Field(default=90, ge=1, le=3650)
    max_resume_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)
    max_piece_bytes: int = Field(default=8 * 1024 * 1024, ge=64 * 1024)
    max_recording_bytes: int = Field(default=2 * 1024 * 1024 * 1024, ge=1024 * 1024)
    voice_places: int | None = Field(default=None, ge=1)
    max_person_bytes: int = Field(default=20 * 1024 * 1024 * 1024, ge=1024 * 1024)
    rate_limits: bool = True

    @model_validator(mode="after")
    def _production_refuses_placeholders(self) -> Settings:
        if self.environment == "production":
            if (
                self.secret_key.get_secret_value().lower() in PLACEHOLDER_SECRETS
                or len(self.secret_key.get_secret_value()) < 32
            ):
                raise ValueError("SECRET_KEY must be set to at least 32 random characters in production")
            if not self.public_url.startswith("https://"):
                raise ValueError("PUBLIC_URL must be an https:// address in production")
        return self

    @model_validator(mode="after")
    def _proxies_have_addresses(self) -> Settings:
        try:
            read_networks(self.trusted_proxies)
        except ValueError as error:
            raise ValueError(f"TRUSTED_PROXIES: {error}") from error
        return self

    @model_validator(mode="after")
    def _the_database_can_carry_all_of_it(self) -> Settings:
        url = read_url(self.resolved_database_url, "DATABASE_URL")
        if not self.database_direct_url:
            if is_transaction_pooled(url):
                raise ValueError(
                    "DATABASE_URL leads through a transaction pooler, where jobs and migrations cannot work. Use the "
                    "address of a session pooler or of the server itself (port 5432) instead, or give that address "
                    "as DATABASE_DIRECT_URL as well"
                )
            return self
        direct = read_url(self.database_direct_url, "DATABASE_DIRECT_URL")
        if is_sqlite(url) or is_sqlite(direct):
            raise ValueError("DATABASE_DIRECT_URL is for PostgreSQL behind a transaction pooler only")
        if is_transaction_pooled(direct):
            raise ValueError(
                "DATABASE_DIRECT_URL leads through a transaction pooler, too. Use the address of a session pooler or "
                "of the server itself (port 5432)"
            )
        return self

    @model_validator(mode="after")
    def _a_vendor_is_whole(self) -> Self:
        for vendor in self.chosen:
            missing = [name.upper() for name in vendor.needs if not _text(getattr(self, name))]
            if missing:
                switch = SWITCHES[vendor.capability].upper()
                raise ValueError(f"{switch}={vendor.key} also needs {' and '.join(missing)}")
        return self

    @property
    def chosen(self) -> VendorChoice:
        """Raises ValueError, naming the variable, where a setting names nobody."""
        return VendorChoice(
            avatar=_one_of(self.vendors.avatar, self.avatar),
            language_model=_one_of(self.vendors.language_model, self.llm),
            speech=_one_of(self.vendors.speech, self.speech),
            video_storage=_one_of(self.vendors.video_storage, self.video),
            identity=_one_of(self.vendors.identity, self.identity),
        )

    @property
    def resolved_database_url(self) -> str:
        """What requests use, with what Database has to know of it."""
        if not self.database_url:
            return f"sqlite+aiosqlite:///{self.data_dir / 'interviewdost.sqlite3'}"
        url = read_url(self.database_url, "DATABASE_URL")
        # Whoever names a direct address beside it says that this one is not.
        return (transaction_pooled(url) if self.database_direct_url else url).render_as_string(hide_password=False)

    @property
    def session_database_url(self) -> str:
        """The same database over lasting connections: for migrations, jobs, and the proof that a process lives."""
        if not self.database_direct_url:
            return self.resolved_database_url
        return read_url(self.database_direct_url, "DATABASE_DIRECT_URL").render_as_string(hide_password=False)

    @property
    def proxies(self) -> Networks:
        return read_networks(self.trusted_proxies)

    @property
    def hosts(self) -> frozenset[str]:
        """The names we go by, in lower case and without ports."""
        named = (name.strip().lower() for name in self.allowed_hosts.split(","))
        return frozenset(filter(None, (urlsplit(self.public_url).hostname, *named)))

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


V = TypeVar("V", bound=AnyVendor)


def _one_of(vendors: Sequence[V], key: str) -> V:
    for vendor in vendors:
        if vendor.key == key:
            return vendor
    switch = SWITCHES[vendors[0].capability].upper()
    raise ValueError(f"{switch} must be one of {', '.join(vendor.key for vendor in vendors)}")


def _text(value: str | SecretStr) -> str:
    return value.get_secret_value() if isinstance(value, SecretStr) else value


def signing_key(settings: Settings) -> bytes:
    """The key that signs access tokens: from SECRET_KEY, or one made once and kept beside the data (mode 600)."""
    configured = settings.secret_key.get_secret_value()
    if configured and configured.lower() not in PLACEHOLDER_SECRETS:
        return configured.encode()
    path = settings.data_dir / "secret.key"
    if not path.exists():
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(secrets.token_urlsafe(48))
    return path.read_text().encode()
