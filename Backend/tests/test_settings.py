from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.settings import PROJECT_ROOT, Settings, signing_key


def test_the_example_file_names_every_setting_and_no_other() -> None:
    lines = (PROJECT_ROOT / ".env.example").read_text().splitlines()
    named = {line.split("=")[0].lower() for line in lines if line and not line.startswith("#")}
    assert named == set(Settings.model_fields)


def test_the_readme_documents_every_setting() -> None:
    readme = (PROJECT_ROOT / "README.md").read_text()
    missing = [name.upper() for name in Settings.model_fields if f"`{name.upper()}`" not in readme]
    assert not missing


@pytest.mark.parametrize("secret", ["", "change-me", "short"])
def test_production_refuses_a_placeholder_secret_and_names_the_variable(secret: str) -> None:
    with pytest.raises(ValidationError, match="SECRET_KEY"):
        Settings(_env_file=None, environment="production", secret_key=secret, public_url="https://dost.example")


def test_production_refuses_plain_http() -> None:
    with pytest.raises(ValidationError, match="PUBLIC_URL"):
        Settings(_env_file=None, environment="production", secret_key="x" * 40)


def test_a_signing_key_is_made_once_and_readable_by_its_owner_only(settings: Settings) -> None:
    first = signing_key(settings)
    assert len(first) >= 32
    assert signing_key(settings) == first
    assert (settings.data_dir / "secret.key").stat().st_mode & 0o077 == 0


def test_a_secret_never_appears_when_settings_are_printed() -> None:
    assert "hunter2hunter2" not in repr(Settings(_env_file=None, secret_key="hunter2hunter2"))
