"""The one file that puts together what stands behind each capability."""

from __future__ import annotations

from app.accounts.hosted_accounts import HostedAccounts
from app.accounts.local_accounts import LocalAccounts
from app.admin.spending import SpendingMeter
from app.built_in_model import EmbeddedLanguageModel
from app.capabilities import Accounts, Capabilities, Jobs
from app.data_dir import make_private
from app.db import Database
from app.disk_space import Reserve
from app.domain.persona import MAYA, Persona
from app.preparation.questions.checks import faults_of
from app.priority import built_giving_way
from app.services.identity.base import HostedIdentity, IdentityProvider
from app.services.identity.embedded import EmbeddedIdentity
from app.services.language_model.base import LanguageModel
from app.services.language_model.fallback import StandingIn
from app.services.language_model.generation import JsonGenerator
from app.services.language_model.meter import MeteredGenerator
from app.services.language_model.prompted_model import PromptedLanguageModel
from app.services.video_storage.embedded import EmbeddedVideoStorage
from app.settings import Settings, signing_key
from app.workflows.engine import WorkflowJobs


def build_capabilities(settings: Settings, persona: Persona = MAYA) -> Capabilities:
    """Chooses by settings alone. Where a vendor is not all there is to a capability, what is ours stands by.

    A speech engine that cannot run here is left out, aloud, and the room goes on by text.
    """
    make_private(settings)
    Reserve(settings.data_dir).hold()
    db = Database(settings.resolved_database_url)
    chosen = settings.chosen
    generator = chosen.language_model.build(settings)
    avatar = chosen.avatar.build(settings)
    speech = chosen.speech.build(settings)
    direct_storage = chosen.video_storage.build(settings)
    hosted = chosen.identity.build(settings)
    identity, accounts = _accounts(settings, db, hosted)
    capabilities = Capabilities(
        settings=settings,
        db=db,
        language_model=_language_model(settings, db, generator),
        avatar=avatar,
        recognizer=built_giving_way(speech.open_recognizer),
        voice=built_giving_way(lambda: speech.open_voice(persona.voice)),
        video_storage=EmbeddedVideoStorage(settings.data_dir / "recordings"),
        identity=identity,
        accounts=accounts,
        jobs=_NoJobs(),
        closing=[part.close for part in (hosted, generator, avatar, direct_storage) if part is not None],
        direct_storage=direct_storage,
        persona=persona,
    )
    capabilities.jobs = WorkflowJobs(capabilities)
    return capabilities


def _language_model(settings: Settings, db: Database, generator: JsonGenerator | None) -> LanguageModel:
    """A vendor's model is counted call by call, and the built-in one always stands by."""
    built_in = EmbeddedLanguageModel()
    if generator is None:
        return built_in
    meter = SpendingMeter(
        db,
        prices=settings.llm_prices,
        daily_cap_usd=settings.llm_daily_cap_usd,
        daily_user_cap_usd=settings.llm_daily_user_cap_usd,
    )
    primary = PromptedLanguageModel(MeteredGenerator(generator, meter), faults_of)
    return StandingIn(primary, built_in, provider=generator.provider)


def _accounts(settings: Settings, db: Database, hosted: HostedIdentity | None) -> tuple[IdentityProvider, Accounts]:
    """Who vouches, and who lets in."""
    days = settings.refresh_token_days
    if hosted is not None:
        return hosted.provider, HostedAccounts(db, hosted.provider, hosted.service, refresh_days=days)
    local = EmbeddedIdentity(signing_key(settings))
    minutes, most_days = settings.access_token_minutes, settings.refresh_max_days
    accounts = LocalAccounts(db, local, local, access_minutes=minutes, refresh_days=days, most_days=most_days)
    return local, accounts


class _NoJobs(Jobs):
    """Holds the place while the engine, which needs the capabilities, is being built."""

    async def start(self) -> None:
        raise RuntimeError("jobs are not built yet")

    async def stop(self) -> None:
        raise RuntimeError("jobs are not built yet")

    async def prepare(self, interview_id: str) -> None:
        raise RuntimeError("jobs are not built yet")

    async def finish(self, interview_id: str) -> None:
        raise RuntimeError("jobs are not built yet")

    async def assemble(self, interview_id: str) -> None:
        raise RuntimeError("jobs are not built yet")
