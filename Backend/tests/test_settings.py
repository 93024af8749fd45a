from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from app.services.vendor import SWITCHES
from app.services.vendors import VENDORS, AnyVendor
from app.settings import PROJECT_ROOT, Settings, signing_key


def _with(**values: Any) -> Settings:
    return Settings(_env_file=None, **values)


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


@pytest.mark.parametrize("switch", SWITCHES.values())
def test_a_choice_that_is_nobodys_is_refused_with_the_names_of_all_there_are(switch: str) -> None:
    with pytest.raises(ValidationError) as refused:
        _with(**{switch: "nobody"})
    told = str(refused.value)
    assert f"{switch.upper()} must be one of" in told
    assert all(vendor.key in told for vendor in VENDORS if SWITCHES[vendor.capability] == switch)


@pytest.mark.parametrize("vendor", [each for each in VENDORS if each.needs], ids=lambda vendor: vendor.key)
def test_a_vendor_without_its_variables_is_refused_with_their_names(vendor: AnyVendor) -> None:
    switch = SWITCHES[vendor.capability]
    with pytest.raises(ValidationError) as refused:
        _with(**{switch: vendor.key})
    told = str(refused.value)
    assert f"{switch.upper()}={vendor.key} also needs" in told
    assert all(name.upper() in told for name in vendor.needs)


def test_every_vendors_variables_are_read_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    names = [name for vendor in VENDORS for name in vendor.variables]
    texts = [name for name in names if Settings.model_fields[name].annotation in (str, SecretStr)]
    for name in texts:
        monkeypatch.setenv(name.upper(), f"the {name}")
    settings = Settings(_env_file=None)
    for name in texts:
        value = getattr(settings, name)
        assert (value.get_secret_value() if isinstance(value, SecretStr) else value) == f"the {name}"
    assert len(names) == len(set(names))


def test_a_secret_never_appears_when_settings_are_printed() -> None:
    assert "hunter2hunter2" not in repr(Settings(_env_file=None, secret_key="hunter2hunter2"))
