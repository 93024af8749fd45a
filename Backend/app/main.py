"""Wiring: settings in, application out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib import import_module

from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware

from app import __version__
from app.capabilities import Capabilities
from app.container import build_capabilities
from app.domain.json import JsonObject
from app.fair_share import FairShare
from app.priority import switch_often
from app.routers import (
    admin,
    auth,
    avatar,
    interviews,
    live,
    pages,
    profiles,
    question_bank,
    recordings,
    results,
    setup,
)
from app.routers.body_limits import BodyLimitMiddleware, body_limits
from app.routers.clients import ClientMiddleware
from app.routers.problems import install_problem_handlers, told_unexpected
from app.routers.rate_limits import RateLimiter
from app.routers.security import Hosts, SecurityMiddleware, content_security_policy, permissions_policy
from app.schemas.setup import Problem
from app.settings import Settings


def create_app(settings: Settings, capabilities: Capabilities | None = None) -> FastAPI:
    """`capabilities` may be handed in with a part exchanged; otherwise settings choose."""
    chosen = capabilities or build_capabilities(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        switch_often()
        await chosen.jobs.start()
        try:
            yield
        finally:
            await live.leave_live_interviews(app)
            await chosen.jobs.stop()
            for close in chosen.closing:
                await close()
            await chosen.db.close()

    app = FastAPI(
        title="InterviewDost",
        version=__version__,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        responses={"4XX": {"model": Problem, "content": {"application/problem+json": {}}}},
    )
    app.state.capabilities = chosen
    app.state.fair_share = FairShare()
    app.state.rate_limiter = RateLimiter(enabled=settings.rate_limits)
    install_problem_handlers(app)
    for module in (auth, setup, profiles, question_bank, interviews, avatar, recordings, results, live, admin):
        app.include_router(module.router)
    app.include_router(question_bank.saved_router)
    # Of all that could be chosen: word may still come from one that was switched off a moment ago.
    for vendor in settings.vendors:
        if vendor.webhook:
            app.include_router(import_module(vendor.webhook).router)
    if (settings.frontend_dist / "index.html").exists():
        app.mount("/assets", pages.ForeverFiles(directory=settings.frontend_dist / "assets"), name="assets")
        app.include_router(pages.pages_router(settings.frontend_dist))
    _add_middleware(app, settings)
    _publish_live_messages(app)
    return app


def _add_middleware(app: FastAPI, settings: Settings) -> None:
    """The last one is asked first: whatever is answered further in goes out with its headers, a failure too."""
    # Nothing is loaded from a vendor into the page itself.
    origins = [vendor.origins(settings) for vendor in settings.chosen]
    app.add_middleware(BodyLimitMiddleware, limits=body_limits(settings))
    app.add_middleware(ClientMiddleware, proxies=settings.proxies, at_once=settings.connections_per_address)
    app.add_middleware(ServerErrorMiddleware, handler=told_unexpected)
    app.add_middleware(
        SecurityMiddleware,
        policy=content_security_policy(origins),
        permissions=permissions_policy(origins),
        https=settings.secure_cookies,
        hosts=Hosts(settings.hosts, local=settings.environment == "development"),
    )


def _publish_live_messages(app: FastAPI) -> None:
    """Adds the WebSocket's messages to the schema, so that one generator types both ends."""
    plain = app.openapi

    def with_live_messages() -> JsonObject:
        schema = plain()
        components: JsonObject = schema.setdefault("components", {}).setdefault("schemas", {})
        for name, definition in live.live_schema().items():
            components.setdefault(name, definition)
        return schema

    app.openapi = with_live_messages  # type: ignore[method-assign]
