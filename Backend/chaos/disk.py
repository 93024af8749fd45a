"""A disk that can be filled to the last byte and freed again, with the server's data on it.

As root that is a small file system of its own (tmpfs). Elsewhere the server may write no file longer than it is, which
refuses most of the same writes with another error (EFBIG for ENOSPC); the summary says which it was.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
from pathlib import Path
from typing import Final

from benchmarks.server import Server

SIZE_MB: Final = 96
_BLOCK: Final = bytes(64 * 1024)
_SMALLEST: Final = 512


class Disk:
    """`folder` is where the data go. Use `open` before and `close` after."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_mounted = False
        self._filler = folder / "filler"

    @property
    def kind(self) -> str:
        return f"a file system of {SIZE_MB} MB" if self.is_mounted else "a bound on the size of files (not root)"

    def open(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        if os.geteuid() == 0 and (mount := shutil.which("mount")):
            options = f"size={SIZE_MB}m,mode=700"
            done = subprocess.run([mount, "-t", "tmpfs", "-o", options, "tmpfs", self.folder], capture_output=True)
            self.is_mounted = done.returncode == 0

    def fill(self, server: Server) -> None:
        """Not one byte is left afterwards; what the server frees by itself it may use again."""
        if not self.is_mounted:
            if server.running:
                server.limit_files(_SMALLEST)
            return
        with self._filler.open("ab", buffering=0) as filler:
            for block in (_BLOCK, _BLOCK[:4096], b"\0"):
                with contextlib.suppress(OSError):
                    while filler.write(block) == len(block):
                        pass

    def free(self, server: Server) -> None:
        if self.is_mounted:
            self._filler.unlink(missing_ok=True)
        elif server.running:
            server.limit_files(None)

    def close(self) -> None:
        if self.is_mounted and (umount := shutil.which("umount")):
            subprocess.run([umount, "-l", self.folder], check=False, capture_output=True)
            self.is_mounted = False
