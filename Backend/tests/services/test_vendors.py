"""A vendor is what its descriptor says, everywhere, and its name stands nowhere else.

One more language model is five files by hand: its descriptor and its generator in a folder of its own, the list in
`services/vendors.py`, its stand-in in `fakes/`, and its line in the table of the contract suite
(`tests/services/language_model/vendors.py`). `make vendor-tables` writes the three documents.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import pytest
from fastapi import FastAPI
from httpx2 import ASGITransport, AsyncClient
from pydantic import ValidationError

from app import vendor_tables
from app.capabilities import Capabilities
from app.cli import create_admin
from app.container import build_capabilities
from app.main import create_app
from app.services.vendor import SWITCHES, received_sentence
from app.services.vendors import VENDORS, AnyVendor
from app.settings import PROJECT_ROOT, Settings
from fakes.__main__ import PORTS
from fakes.run_vendors import environment
from tests.house import sign_up
from tests.inline_jobs import InlineJobs
from tests.routers.test_interviews import scheduled
from tests.routers.test_security import policy_of
from tests.services.language_model.vendors import VENDORS as CONTRACT_SUITE
from tests.services.parrot import BUILT, SettingsWithParrot

pytestmark = pytest.mark.anyio

OUTSIDE = [vendor for vendor in VENDORS if vendor.is_outside]


def with_parrot(settings: Settings) -> SettingsWithParrot:
    values = settings.model_dump() | {"llm": "parrot", "parrot_api_key": "seeds"}
    return SettingsWithParrot(_env_file=None, **values)


@dataclass
class House:
    app: FastAPI
    capabilities: Capabilities
    client: AsyncClient
    me: dict[str, Any]


@pytest.fixture
async def house(settings: Settings) -> AsyncIterator[House]:
    """An installation that has chosen a vendor nobody has ever heard of."""
    chosen = with_parrot(settings)
    capabilities = build_capabilities(chosen)
    capabilities.jobs = InlineJobs(capabilities)
    app = create_app(chosen, capabilities)
    async with (
        app.router.lifespan_context(app),
        AsyncClient(transport=ASGITransport(app=app), base_url="http://testserver") as client,
    ):
        yield House(app, capabilities, client, await sign_up(client))


async def test_an_invented_vendor_is_announced_by_its_own_name_with_what_it_receives(house: House) -> None:
    answer = await house.client.get("/api/setup")
    assert answer.json()["vendors"] == [
        {
            "name": "Parrot AI",
            "kind": "language_model",
            "receives": "the words of your resume and the words of your answers",
            "receives_codes": ["resume", "answers"],
        }
    ]
    assert answer.json()["language_model"] == "parrot-1"
    assert "gemini" not in answer.text.lower()


async def test_an_invented_vendor_is_built_with_its_settings_and_closed_at_the_end(settings: Settings) -> None:
    app = create_app(with_parrot(settings))
    generator = BUILT[-1]
    assert (generator.key, generator.closed) == ("seeds", False)
    async with app.router.lifespan_context(app):
        pass
    assert generator.closed


async def test_what_an_invented_vendor_costs_is_counted(house: House) -> None:
    await create_admin(house.capabilities.db, email=house.me["email"], name="", password=None)
    await scheduled(house.client)
    spent = (await house.client.get("/api/admin/spending")).json()
    assert (spent["paid"], spent["language_model"]) == (True, "parrot-1")
    assert [model["model"] for model in spent["models"]] == ["parrot-1"]


async def test_the_pages_policy_admits_what_an_invented_vendor_needs_and_nothing_more(house: House) -> None:
    policy = policy_of((await house.client.get("/api/health")).headers["content-security-policy"])
    assert policy["connect-src"] == ["'self'", "https://api.parrot.example"]
    assert policy["frame-src"] == ["'none'"]


async def test_the_word_of_an_invented_vendor_is_taken_at_its_own_address(house: House) -> None:
    assert (await house.client.post("/api/webhooks/parrot")).status_code == 204


async def test_results_name_an_invented_vendor_whom_the_built_in_stood_in_for(house: House) -> None:
    interview = await scheduled(house.client)
    told = (await house.client.get(f"/api/interviews/{interview['id']}/results")).json()
    assert told["planned_by"] == {"model": "built-in", "instead_of": "parrot", "because": "busy"}
    assert told["vendor_names"]["parrot"] == "Parrot AI"


def test_an_invented_vendor_without_its_key_is_refused_with_its_name() -> None:
    with pytest.raises(ValidationError, match="LLM=parrot also needs PARROT_API_KEY"):
        SettingsWithParrot(_env_file=None, llm="parrot")
    with pytest.raises(ValidationError, match="LLM must be one of built-in, "):
        Settings(_env_file=None, llm="parrot")


def test_an_invented_vendors_variables_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LLM", "parrot")
    monkeypatch.setenv("PARROT_API_KEY", "from the environment")
    settings = SettingsWithParrot(_env_file=None)
    assert settings.parrot_api_key.get_secret_value() == "from the environment"
    assert settings.chosen.language_model.key == "parrot"


def test_an_invented_vendor_enters_all_documents_by_itself() -> None:
    example = list(vendor_tables.example_lines(SettingsWithParrot))
    assert any(
        line.startswith("# Who plans and judges: built-in | ") and line.endswith(" | parrot") for line in example
    )
    assert "PARROT_MODEL=parrot-1" in example
    assert "| `PARROT_API_KEY` | `LLM=parrot` |  | **needed** |" in vendor_tables.readme_lines(SettingsWithParrot)
    assert any(
        line.startswith("| Parrot AI | `LLM=parrot` |") for line in vendor_tables.document_lines(SettingsWithParrot)
    )


def test_the_documents_say_what_the_descriptors_say() -> None:
    assert list(vendor_tables.stale(Settings)) == []


SOURCES = [
    path
    for folder, ending in (("Backend/app", "*.py"), ("Frontend/src", "*.ts"), ("Frontend/src", "*.tsx"))
    for path in (PROJECT_ROOT / folder).rglob(ending)
]


def _traces(word: str) -> set[str]:
    """Files of the product that name a vendor; its own folder, tests and generated files left out."""
    left_out = re.compile(rf"\.(test|fixture|gen)\.|/test/|/services/\w+/{word}\w*/")
    # Capgemini is an employer.
    named = {
        path.relative_to(PROJECT_ROOT).as_posix()
        for path in SOURCES
        if re.search(rf"(?<![a-z]){word}", path.read_text().lower())
    }
    return {name for name in named if not left_out.search(name)}


# "gemini" of app.services.language_model.gemini, "openai" of …openai_compatible.
MODEL_WORDS = [one.build.__module__.split(".")[3].split("_")[0] for one in VENDORS.language_model if one.is_outside]


@pytest.mark.parametrize("word", MODEL_WORDS)
def test_a_language_models_name_stands_in_its_own_folder_and_in_the_list(word: str) -> None:
    assert _traces(word) == {"Backend/app/services/vendors.py"}


@pytest.mark.parametrize("word", ["tavus", "cloudinary", "supabase"])
def test_other_vendors_have_a_webhook_and_a_wire_on_the_page_besides(word: str) -> None:
    allowed = re.compile(
        rf"Backend/app/(services/vendors|routers/webhooks/{word}|database_url)\.py"
        r"|Frontend/src/.*(tavus-messages|video-service|room-call|room-parts|recording-uploads)\.ts"
    )
    assert [name for name in sorted(_traces(word)) if not allowed.fullmatch(name)] == []


def test_no_two_choices_for_a_capability_have_the_same_key() -> None:
    for capability in SWITCHES:
        keys = [vendor.key for vendor in VENDORS if vendor.capability == capability]
        assert len(keys) == len(set(keys)) >= 2


@pytest.mark.parametrize("vendor", OUTSIDE, ids=lambda vendor: vendor.key)
def test_every_vendor_says_what_it_receives_and_who_goes_on_and_has_a_stand_in(vendor: AnyVendor) -> None:
    assert received_sentence(vendor.receives)
    assert vendor.fails_over_to
    assert set(vendor.needs) <= set(vendor.variables)
    assert import_module(vendor.stand_in).build().name


def test_every_language_model_goes_through_the_contract_suite() -> None:
    models = [vendor.key for vendor in VENDORS.language_model if vendor.is_outside]
    assert [vendor.name for vendor in CONTRACT_SUITE] == models


def test_wired_to_the_stand_ins_every_vendor_could_be_switched_on() -> None:
    wired = environment({name: f"http://127.0.0.1:{port}" for name, port in PORTS.items()})
    values: dict[str, Any] = {name.lower(): value for name, value in wired.items()}
    for vendor in OUTSIDE:
        settings = Settings(_env_file=None, **{**values, SWITCHES[vendor.capability]: vendor.key})
        assert vendor in tuple(settings.chosen)
