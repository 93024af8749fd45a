from __future__ import annotations

from collections.abc import Callable

from httpx2 import AsyncClient

from app.routers.setup import vendors_of
from app.settings import Settings
from fakes import credentials


async def test_with_nothing_switched_on_nobody_outside_receives_anything(browser: Callable[[], AsyncClient]) -> None:
    assert (await browser().get("/api/setup")).json()["vendors"] == []


def test_every_vendor_that_is_switched_on_is_named_with_what_reaches_it() -> None:
    settings = Settings(
        _env_file=None,
        avatar="tavus",
        tavus_api_key=credentials.TAVUS_API_KEY,
        tavus_replica_id=credentials.TAVUS_REPLICA_ID,
        llm="openai-compatible",
        openai_base_url="http://models.example:11434/v1",
        openai_model="small",
        video="cloudinary",
        cloudinary_cloud_name="c",
        cloudinary_api_key="k",
        cloudinary_api_secret=credentials.CLOUDINARY_API_SECRET,
        identity="supabase",
        supabase_url="https://ref.supabase.co",
        supabase_publishable_key="p",
    )
    told = {use.kind: use for use in vendors_of(settings)}
    assert set(told) == {"avatar", "language_model", "video_storage", "identity"}
    assert told["language_model"].name == "the language model at models.example"
    assert all(use.receives for use in told.values())
    assert "marked-secret" not in "".join(use.model_dump_json() for use in told.values())
