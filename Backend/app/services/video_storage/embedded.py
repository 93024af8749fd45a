"""Recordings on the local disk.

    <root>/<recording id>/pieces/<take>/<number>.piece
    <root>/<recording id>/video-<digest>.webm

A piece is there in full or not at all: written aside, flushed to the disk, renamed, and the folder flushed. The video
is put together by copying packets; nothing is encoded anew.
"""

from __future__ import annotations

import errno
import hashlib
import os
import re
import shutil
import tempfile
import time
from collections.abc import Collection, Sequence
from pathlib import Path

from app.disk_space import NO_ROOM, has_room
from app.domain.recording import PlacedTake
from app.errors import ProviderError
from app.services.video_storage.base import StoredVideo, Take
from app.services.video_storage.completeness_proof import holds_all
from app.services.video_storage.poster import picture_of
from app.services.video_storage.remux import remux, stretches
from app.services.video_storage.take_file import TakeSource

PROVIDER = "local-disk"
SCRATCH_STALE_S = 3600
_ID = re.compile(r"[A-Za-z0-9-]{1,64}")


class EmbeddedVideoStorage:
    name = "local disk"

    def __init__(self, root: Path) -> None:
        self._root = root

    def put_piece(self, recording_id: str, take: int, number: int, data: bytes) -> None:
        folder = self._folder(recording_id) / "pieces" / f"{take:03}"
        try:
            if not folder.is_dir():
                folder.mkdir(parents=True, exist_ok=True)
                for parent in (folder.parent, folder.parent.parent, self._root):
                    _flush_folder(parent)
            self._need_room(len(data))
            write_durably(folder / f"{number:06}.piece", data)
        except OSError as error:
            raise _failed(error) from error

    def stretches(self, recording_id: str, takes: Sequence[Take]) -> list[list[Take]]:
        by_number = {take.number: take for take in takes}
        found = stretches(self._sources(recording_id, takes))
        return [[by_number[source.number] for source in members] for members in found]

    def assemble(self, recording_id: str, takes: Sequence[Take], keep: Collection[str] = ()) -> StoredVideo:
        folder = self._folder(recording_id)
        sources = self._sources(recording_id, takes)
        # Named after what is in it: a viewer of the earlier video is not disturbed by a later one.
        what = repr([(source.number, source.clock_start_ms, len(source.pieces)) for source in sources])
        digest = hashlib.sha256(what.encode()).hexdigest()[:12]
        try:
            _sweep_scratch(folder)
            self._need_room(sum(piece.stat().st_size for source in sources for piece in source.pieces))
            with tempfile.TemporaryDirectory(dir=folder, prefix=".assembling-") as scratch:
                made = remux(sources, Path(scratch))
                name = f"video-{digest}{made.suffix}"
                _flush_file(made.path)
                size = made.path.stat().st_size
                made.path.replace(folder / name)
            _flush_folder(folder)
        except OSError as error:
            raise _failed(error) from error
        self.keep_only(recording_id, {f"{recording_id}/{name}", *keep})
        return StoredVideo(
            key=f"{recording_id}/{name}",
            mime_type=made.mime_type,
            size_bytes=size,
            duration_ms=made.duration_ms,
            has_video=made.has_video,
            takes=made.takes,
        )

    def holds(self, recording_id: str, key: str, takes: Sequence[Take], placed: Sequence[PlacedTake]) -> bool:
        path = self.local_path(key)
        return path is not None and holds_all(path, self._sources(recording_id, takes), placed)

    def keep_only(self, recording_id: str, keys: Collection[str]) -> None:
        try:
            for old in self._folder(recording_id).glob("video-*"):
                if f"{recording_id}/{old.name}" not in keys:
                    old.unlink(missing_ok=True)
        except OSError as error:
            raise _failed(error) from error

    def local_path(self, key: str) -> Path | None:
        recording_id, _, name = key.partition("/")
        if not re.fullmatch(r"video-[0-9a-f]{12}\.[a-z0-9]{3,4}", name):
            return None
        path = self._folder(recording_id) / name
        return path if path.is_file() else None

    def poster(self, key: str) -> bytes | None:
        path = self.local_path(key)
        return None if path is None else picture_of(path)

    def drop_pieces(self, recording_id: str) -> None:
        _remove(self._folder(recording_id) / "pieces")

    def delete(self, recording_id: str) -> None:
        _remove(self._folder(recording_id))

    def _need_room(self, size: int) -> None:
        if not has_room(self._root, size):
            raise OSError(errno.ENOSPC, "too little room to go on")

    def _sources(self, recording_id: str, takes: Sequence[Take]) -> list[TakeSource]:
        folder = self._folder(recording_id) / "pieces"
        return [
            TakeSource(
                take.number,
                take.mime_type.split(";", 1)[0].strip().lower(),
                take.clock_start_ms,
                [folder / f"{take.number:03}" / f"{number:06}.piece" for number in range(take.pieces)],
            )
            for take in sorted(takes, key=lambda take: (take.clock_start_ms, take.number))
            if take.pieces > 0
        ]

    def _folder(self, recording_id: str) -> Path:
        if not _ID.fullmatch(recording_id):
            raise ProviderError(PROVIDER, "refused", retryable=False)
        return self._root / recording_id


def write_durably(path: Path, data: bytes) -> None:
    """The whole file or none of it, on the disk when this returns. Raises OSError, leaving nothing behind."""
    aside = path.with_name(f".{path.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with aside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except OSError:
        aside.unlink(missing_ok=True)
        raise
    _flush_folder(path.parent)


def _sweep_scratch(folder: Path) -> None:
    """A process killed while assembling leaves its scratch folder; one that still assembles is younger than this."""
    for left in folder.glob(".assembling-*"):
        if time.time() - left.stat().st_mtime > SCRATCH_STALE_S:
            shutil.rmtree(left, ignore_errors=True)


def _flush_file(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _flush_folder(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(folder: Path) -> None:
    try:
        shutil.rmtree(folder)
    except FileNotFoundError:
        return
    except OSError as error:
        raise _failed(error) from error


def _failed(error: OSError) -> ProviderError:
    # A full disk or one mounted read-only mends only when somebody mends it; trying again is right all the same.
    return ProviderError(PROVIDER, "quota" if error.errno in NO_ROOM else "unreachable", retryable=True)
