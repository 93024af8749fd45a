"""The built frontend: files that never change under their name, and one page for every other address."""

from __future__ import annotations

from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response as HttpResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

LONGEST_PAGE = 255


class ForeverFiles(StaticFiles):
    """The build puts a hash of the content into each name under assets/."""

    async def get_response(self, path: str, scope: Scope) -> HttpResponse:
        response = await super().get_response(path, scope)
        if response.status_code == 200:
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def pages_router(dist: Path) -> APIRouter:
    """Serves `dist`, whose index.html answers every path that is no file and no API.

    What there is, is looked up once: no name that somebody sends ever reaches the file system. Hidden files are the
    build's own.
    """
    router = APIRouter(include_in_schema=False)
    index = dist / "index.html"
    files = {name: dist / name for name in _names(dist)}

    @router.api_route("/{path:path}", methods=["GET", "HEAD"])
    async def page(path: str, request: Request) -> HttpResponse:
        if path.startswith("api/") or path == "api":
            raise HTTPException(404)
        if path in files:
            return FileResponse(files[path], headers={"Cache-Control": "public, max-age=3600"})
        # A missing file is an error; a missing page is the frontend's to explain.
        if Path(path).suffix or path.startswith(".") or len(path) > LONGEST_PAGE:
            raise HTTPException(404)
        return FileResponse(index, headers={"Cache-Control": "no-cache"})

    return router


def _names(dist: Path) -> list[str]:
    found = (path.relative_to(dist) for path in dist.rglob("*") if path.is_file())
    return [path.as_posix() for path in found if not any(part.startswith(".") for part in path.parts)]
