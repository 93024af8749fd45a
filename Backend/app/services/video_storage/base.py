"""Where recordings live, in our words.

A recording is made of takes (one per MediaRecorder run); a take of pieces, numbered from 0 without gaps. The pieces
come to us, into a VideoStorage, or the page sends the whole take straight to a vendor, a DirectStorage. A
VideoStorage is always there: it stands by for takes that the vendor refuses.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol

from app.domain.recording import PlacedTake, Playable


@dataclass(frozen=True, slots=True)
class Take:
    """One run of the recorder. `clock_start_ms` places its first frame on the interview clock."""

    number: int
    mime_type: str
    clock_start_ms: int
    pieces: int


@dataclass(frozen=True, slots=True)
class StoredVideo:
    """The assembled, seekable video."""

    key: str
    mime_type: str
    size_bytes: int
    duration_ms: int
    has_video: bool
    takes: tuple[PlacedTake, ...]


class VideoStorage(Protocol):
    """Pieces in, seekable videos out. Blocking calls: the caller runs them off the event loop."""

    @property
    def name(self) -> str: ...

    def put_piece(self, recording_id: str, take: int, number: int, data: bytes) -> None:
        """Durable (fsync) when it returns. The same piece again is harmless. Raises ProviderError."""
        ...

    def stretches(self, recording_id: str, takes: Sequence[Take]) -> list[list[Take]]:
        """The takes in the order of the clock, parted where two cannot be in one video. Reads only how they begin."""
        ...

    def assemble(self, recording_id: str, takes: Sequence[Take], keep: Collection[str] = ()) -> StoredVideo:
        """One video of these takes. Idempotent; keeps what can be played of a damaged take.

        Earlier videos of the recording go, but for the keys in `keep`. Raises ProviderError.
        """
        ...

    def holds(self, recording_id: str, key: str, takes: Sequence[Take], placed: Sequence[PlacedTake]) -> bool:
        """Whether the stored video opens and holds all of these takes' pieces, which may go then.

        Every byte of them was read, and each take lasts as long in the video and has as many packets in each track.
        `placed`: where they lie in this video. Reads all of both.
        """
        ...

    def keep_only(self, recording_id: str, keys: Collection[str]) -> None:
        """Removes other videos of the recording. Idempotent. Raises ProviderError."""
        ...

    def local_path(self, key: str) -> Path | None:
        """A file to serve with ranges, or None when it is not on this machine."""
        ...

    def poster(self, key: str) -> bytes | None:
        """A picture (JPEG) from near the beginning; None where there is none."""
        ...

    def drop_pieces(self, recording_id: str) -> None:
        """Removes the pieces once the video is checked and nothing more can come; the video stays. Idempotent."""
        ...

    def delete(self, recording_id: str) -> None:
        """Removes pieces and video. Idempotent."""
        ...


@dataclass(frozen=True, slots=True)
class UploadGrant:
    """Leave to send one take to the vendor: a form with exactly these fields and the bytes as `file`, to `url`.

    Every part of it but the last must hold at least `chunk_bytes`.
    """

    url: str
    fields: Mapping[str, str]
    expires_at: datetime
    chunk_bytes: int


@dataclass(frozen=True, slots=True)
class DirectTake:
    """A take as the vendor has it.

    `rendition` is the best form of it that is there, None while there is none; `is_final`: no better one will come.
    """

    size_bytes: int
    duration_ms: int | None
    has_video: bool
    original: Playable
    rendition: Playable | None
    is_final: bool


@dataclass(frozen=True, slots=True)
class VendorReceipt:
    """What the page says that the vendor answered. Worth nothing before it has been checked."""

    asset: str
    version: int
    signature: str


@dataclass(frozen=True, slots=True)
class Notice:
    """A vendor's word about an asset, genuine. `id` is the same when it is delivered again."""

    id: str
    kind: str
    asset: str


@dataclass(frozen=True, slots=True)
class VideoDelivery:
    """A video on its way through us: the vendor's status (200, 206, 416), the headers that matter, and the bytes."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: AsyncIterator[bytes] | None = None


NOBODY: Mapping[str, str] = {}
PLAYLIST_TYPE = "application/vnd.apple.mpegurl"
"""Of a video that comes as a playlist of pieces in several sizes (HLS), for players to choose from as they go."""


class DirectStorage(Protocol):
    """A vendor to which the page sends its takes itself. Calls raise ProviderError."""

    @property
    def name(self) -> str: ...

    @property
    def key(self) -> str:
        """What a take's `storage` says when its bytes are here."""
        ...

    def new_asset(self, recording_id: str, take: int) -> str:
        """A name for one take's video that nobody can guess."""
        ...

    def place_of(self, asset: str) -> tuple[str, int] | None:
        """Recording and take that a name was made for; None for a name that was not made here."""
        ...

    def grant(self, asset: str, *, has_video: bool) -> UploadGrant: ...

    def is_receipt(self, receipt: VendorReceipt) -> bool: ...

    def read_notice(self, body: bytes, headers: Mapping[str, str]) -> Notice | None:
        """None when it is not the vendor's, or too old. Raises ProviderError (invalid_response) when unreadable."""
        ...

    async def look_up(self, asset: str) -> DirectTake | None:
        """What the vendor has; None when there is no such thing."""
        ...

    def expiring_url(self, key: str) -> str | None:
        """An address that plays for a while and for nobody afterwards; None where the account gives none."""
        ...

    def deliver(
        self, key: str, range_header: str | None, *, head: bool, viewer: Mapping[str, str] = NOBODY
    ) -> AbstractAsyncContextManager[VideoDelivery]:
        """Through us, unbuffered. Category `busy` while the vendor is still making it.

        `viewer`: the headers of a browser that a vendor may choose a form by (User-Agent, Accept).
        """
        ...

    async def playlist(self, key: str, address: Callable[[str], str]) -> str:
        """A playlist of an adaptive video, where each address has become what `address` makes of a sealed key."""
        ...

    def unsealed(self, sealed: str, of: str) -> str | None:
        """The key that `playlist` sealed; None for what was not sealed here, or is no piece of the video `of`.

        Whoever may see a video may see its pieces, and have nothing else made of it at our cost.
        """
        ...

    async def poster(self, key: str) -> bytes | None:
        """A picture (JPEG) from near the beginning of what `key` plays; None where the vendor has none (yet)."""
        ...

    async def delete(self, asset: str) -> None:
        """Gone when this returns, also where it never was."""
        ...

    async def close(self) -> None: ...
