"""The one file that chooses what stands behind each capability."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable

from app.accounts.hosted import HostedAccounts
from app.accounts.local import LocalAccounts
from app.admin.spending import SpendingMeter
from app.built_in_model import EmbeddedLanguageModel
from app.capabilities import Accounts, Capabilities, Jobs
from app.data_dir import make_private
from app.db import Database
from app.disk import Reserve
from app.errors import ProviderError
from app.preparation.questions.checks import faults_of
from app.services.avatar.base import Avatar
from app.services.avatar.embedded import EmbeddedAvatar
from app.services.avatar.tavus.avatar import Tavus
from app.services.identity.base import IdentityProvider
from app.services.identity.embedded import EmbeddedIdentity
from app.services.identity.supabase.keys import PublishedKeys
from app.services.identity.supabase.sign_in import SupabaseSignIn, auth_client, issuer_of
from app.services.identity.supabase.tokens import SupabaseIdentity
from app.services.language_model.base import LanguageModel
from app.services.language_model.fallback import StandingIn
from app.services.language_model.gemini.generator import Gemini
from app.services.language_model.generation import JsonGenerator
from app.services.language_model.meter import MeteredGenerator
from app.services.language_model.openai_compatible.generator import OpenAICompatible
from app.services.language_model.prompted_model import PromptedLanguageModel
from app.services.speech.base import Recognizer, Voice
from app.services.vendor_http import new_client
from app.services.video_storage.cloudinary.storage import Cloudinary
from app.services.video_storage.embedded import EmbeddedVideoStorage
from app.settings import Settings, signing_key
from app.workflows.engine import WorkflowJobs

log = logging.getLogger(__name__)


def build_capabilities(settings: Settings) -> Capabilities:
    """Chooses by settings alone.

    A speech engine that cannot run here is left out, aloud, and the room goes on by text.
    """
    make_private(settings)
    Reserve(settings.data_dir).hold()
    db = Database(settings.resolved_database_url)
    identity, accounts, closing = _accounts(settings, db)
    generator = _generator(settings)
    capabilities = Capabilities(
        settings=settings,
        db=db,
        language_model=_language_model(settings, db, generator),
        avatar=_avatar(settings),
        recognizer=_recognizer(settings),
        voice=_voice(settings),
        video_storage=EmbeddedVideoStorage(settings.data_dir / "recordings"),
        identity=identity,
        accounts=accounts,
        jobs=_NoJobs(),
        closing=closing,
    )
    if generator is not None:
        capabilities.closing.append(generator.close)
    if isinstance(capabilities.avatar, Tavus):
        capabilities.closing.append(capabilities.avatar.close)
    if settings.video == "cloudinary":
        capabilities.direct_storage = _cloudinary(settings)
        capabilities.closing.append(capabilities.direct_storage.close)
    capabilities.jobs = WorkflowJobs(capabilities)
    return capabilities


def _cloudinary(settings: Settings) -> Cloudinary:
    base = settings.public_url.rstrip("/")
    return Cloudinary(
        cloud=settings.cloudinary_cloud_name,
        api_key=settings.cloudinary_api_key,
        api_secret=settings.cloudinary_api_secret.get_secret_value(),
        api_url=settings.cloudinary_api_url,
        delivery_url=settings.cloudinary_delivery_url,
        token_key=settings.cloudinary_token_key.get_secret_value(),
        algorithm=settings.cloudinary_signature_algorithm,
        adaptive=settings.cloudinary_adaptive,
        # A notification reaches us only over the internet; otherwise we look from time to time.
        notification_url=f"{base}/api/webhooks/cloudinary" if base.startswith("https://") else None,
    )


def _generator(settings: Settings) -> JsonGenerator | None:
    if settings.llm == "gemini":
        key = settings.gemini_api_key.get_secret_value()
        return Gemini(new_client(settings.gemini_api_url), api_key=key, model=settings.gemini_model)
    if settings.llm == "openai-compatible":
        key = settings.openai_api_key.get_secret_value()
        return OpenAICompatible(new_client(settings.openai_base_url), api_key=key, model=settings.openai_model)
    return None


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


def _accounts(
    settings: Settings, db: Database
) -> tuple[IdentityProvider, Accounts, list[Callable[[], Awaitable[None]]]]:
    """Who vouches, who lets in, and what is to be closed at the end."""
    days = settings.refresh_token_days
    if settings.identity == "local":
        local = EmbeddedIdentity(signing_key(settings))
        minutes, most_days = settings.access_token_minutes, settings.refresh_max_days
        accounts = LocalAccounts(db, local, local, access_minutes=minutes, refresh_days=days, most_days=most_days)
        return local, accounts, []
    client = auth_client(settings.supabase_url, settings.supabase_publishable_key.get_secret_value())
    hosted = SupabaseIdentity(
        issuer_of(settings.supabase_url), PublishedKeys(client), settings.supabase_jwt_secret.get_secret_value()
    )
    service = SupabaseSignIn(
        client,
        return_url=f"{settings.public_url.rstrip('/')}/auth/callback",
        secret_key=settings.supabase_secret_key.get_secret_value(),
    )
    return hosted, HostedAccounts(db, hosted, service, refresh_days=days), [client.aclose]


def _avatar(settings: Settings) -> Avatar:
    if settings.avatar == "built-in":
        return EmbeddedAvatar()
    key = settings.tavus_api_key.get_secret_value()
    return Tavus(
        new_client(settings.tavus_api_url, timeout_s=12.0, headers={"x-api-key": key}),
        replica_id=settings.tavus_replica_id,
        persona_id=settings.tavus_persona_id,
        call_origin=settings.tavus_call_origin,
    )


def _recognizer(settings: Settings) -> Recognizer | None:
    if settings.speech == "off":
        return None
    try:
        from app.services.speech.embedded_recognizer import EmbeddedRecognizer

        return EmbeddedRecognizer()
    except (ImportError, OSError, ProviderError) as error:
        log.warning("speech recognition is off: %s", type(error).__name__)
        return None


def _voice(settings: Settings) -> Voice | None:
    if settings.speech == "off":
        return None
    try:
        from app.services.speech.embedded_voice import EmbeddedVoice

        return EmbeddedVoice()
    except (ImportError, OSError, ProviderError) as error:
        log.warning("the interviewer's voice is off: %s", type(error).__name__)
        return None


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
