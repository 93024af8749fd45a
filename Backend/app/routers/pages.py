"""The built frontend: files that never change under their name, and one page for every other address."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope


class ForeverFiles(StaticFiles):
    """The build puts a hash of the content into each name under assets/."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def pages_router(dist: Path) -> APIRouter:
    """Serves `dist`, whose index.html answers every path that is no file and no API."""
    router = APIRouter(include_in_schema=False)
    root = dist.resolve()
    index = root / "index.html"

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    async def page(path: str, request: Request) -> Response:
        if path.startswith("api/") or path == "api":
            raise HTTPException(404)
        wanted = (root / path).resolve()
        if path and wanted.is_relative_to(root) and wanted.is_file():
            return FileResponse(wanted, headers={"Cache-Control": "public, max-age=3600"})
        # A missing file is an error; a missing page is the frontend's to explain.
        if Path(path).suffix:
            raise HTTPException(404)
        return FileResponse(index, headers={"Cache-Control": "no-cache"})

    return router
