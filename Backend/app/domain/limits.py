"""How much a person may give us, where more than one place has to know. What one place knows stands there."""

from __future__ import annotations

from typing import Final

MIN_PASSWORD: Final = 10
"""Characters. Length is what makes a password hard to guess; no rule about signs."""
MAX_PASSWORD: Final = 200
MAX_NAME: Final = 120
MAX_RESUME_PAGES: Final = 30
"""How large its file may be is a setting, MAX_RESUME_BYTES."""
