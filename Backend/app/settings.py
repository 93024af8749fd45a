"""Every knob, typed and frozen. Built once in `main` and passed down; nothing else reads the environment."""

from __future__ import annotations

import secrets
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_ROOT = Path(__file__).resolve().parents[2]
PLACEHOLDER_SECRETS = frozenset({"", "change-me", "changeme", "secret"})


class Settings(BaseSettings):
    """Read from the environment and `.env`; every field is documented in the README's table."""

    # An empty line in .env means "the default", as .env.example says.
    model_config = SettingsConfigDict(
        env_file=PROJECT_ROOT / ".env", frozen=True, extra="ignore", env_ignore_empty=True
    )

    environment: Literal["development", "production"] = "development"
    data_dir: Path = PROJECT_ROOT / "data"
    database_url: str = ""
    secret_key: SecretStr = SecretStr("")
    public_url: str = "http://localhost:8000"
    port: int = Field(default=8000, ge=1, le=65535)
    frontend_dist: Path = PROJECT_ROOT / "Frontend" / "dist"

    avatar: Literal["built-in"] = "built-in"
    llm: Literal["built-in"] = "built-in"
    speech: Literal["local", "off"] = "local"
    video: Literal["local"] = "local"
    identity: Literal["local"] = "local"

    access_token_minutes: int = Field(default=10, ge=1, le=60)
    refresh_token_days: int = Field(default=30, ge=1, le=365)
    max_resume_bytes: int = Field(default=10 * 1024 * 1024, ge=1024)
    max_piece_bytes: int = Field(default=8 * 1024 * 1024, ge=64 * 1024)
    max_recording_bytes: int = Field(default=2 * 1024 * 1024 * 1024, ge=1024 * 1024)
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

    @property
    def resolved_database_url(self) -> str:
        return self.database_url or f"sqlite+aiosqlite:///{self.data_dir / 'interviewdost.sqlite3'}"

    @property
    def secure_cookies(self) -> bool:
        return self.public_url.startswith("https://")


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
