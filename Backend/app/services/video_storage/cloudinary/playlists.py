"""Playlists of adaptive videos (HLS), with every address in them turned into one of ours.

Whether the vendor signs the addresses in a playlist of an authenticated video is not documented. It need not: ours are
signed by us when they are asked for, and nobody is shown a signed one.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote, urljoin, urlsplit

LONGEST = 2_000_000
"""Characters; three hours in pieces of two seconds make half of it."""

_URI = re.compile(r'URI="([^"]*)"')
_SIGNATURE = re.compile(r"s--[A-Za-z0-9_-]{8,32}--/")
_KEY = re.compile(r"(?:[a-z]+_[^/]+/)*v[0-9]+/(?P<name>[A-Za-z0-9/_-]+)\.[a-z0-9]{2,5}")


def belongs(key: str, to: str) -> bool:
    """Whether `key` is a piece of the video that `to` is a form of, and nobody else's."""
    piece, video = _KEY.fullmatch(key), _KEY.fullmatch(to)
    return bool(piece and video and piece["name"].startswith(video["name"]))


def rewritten(playlist: str, key: str, folder: str, address: Callable[[str], str]) -> str:
    """`key`: the playlist's own; `folder`: the path before a key at the vendor. Each address goes through `address`.

    Raises ValueError for what is no playlist, is over `LONGEST`, or leads to anything but this video.
    """
    if not playlist.startswith("#EXTM3U") or len(playlist) > LONGEST:
        raise ValueError("not a playlist")

    def ours(uri: str) -> str:
        path = unquote(urlsplit(urljoin(f"{folder}{key}", uri)).path)
        piece = _SIGNATURE.sub("", path.removeprefix(folder), count=1)
        if not belongs(piece, key):
            raise ValueError("an address that leads elsewhere")
        return address(piece)

    lines = []
    for line in playlist.splitlines():
        if line.startswith("#"):
            lines.append(_URI.sub(lambda found: f'URI="{ours(found[1])}"', line))
        else:
            lines.append(ours(line.strip()) if line.strip() else "")
    return "\n".join([*lines, ""])
