from __future__ import annotations

import re

from tests.house import FULL_COST_HASHER


def test_the_product_hashes_at_the_recommended_cost() -> None:
    """OWASP's Password Storage Cheat Sheet, first setting: 46 MiB, one pass, one lane."""
    stored = FULL_COST_HASHER.hash("correct horse battery")
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$", stored)
    assert found is not None
    assert [int(each) for each in found.groups()] == [47104, 1, 1]
    assert FULL_COST_HASHER.verify("correct horse battery", stored)
    assert not FULL_COST_HASHER.verify("correct horse batterz", stored)
