from __future__ import annotations

import pytest
from pydantic import ValidationError

from app.client_addresses import client_of, counted_as, read_networks
from app.settings import Settings

PROXIES = read_networks("127.0.0.1, ::1, 10.0.0.0/8, 2001:db8:1::/48")


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("127.0.0.1", [], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9"], "203.0.113.9"),
        # What stands to the left of the first address that we do not trust is its invention.
        ("127.0.0.1", ["198.51.100.1, 203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["198.51.100.1", "203.0.113.9"], "203.0.113.9"),
        ("127.0.0.1", ["127.0.0.1, 203.0.113.9"], "203.0.113.9"),
        # Through two proxies, the second of them on another host.
        ("10.0.0.7", ["203.0.113.9, 10.1.2.3"], "203.0.113.9"),
        ("::ffff:10.0.0.7", ["203.0.113.9"], "203.0.113.9"),
        # Nobody vouches for what a stranger says.
        ("203.0.113.9", ["198.51.100.1"], "203.0.113.9"),
        # All of them are ours: the first one asks for itself.
        ("127.0.0.1", ["10.0.0.1, 10.0.0.2"], "10.0.0.1"),
        ("127.0.0.1", ["203.0.113.9:4711"], "203.0.113.9"),
        ("127.0.0.1", ["[2001:db8:2::9]:4711"], "2001:db8:2::9"),
        ("2001:db8:1::7", ["2001:DB8:2::9"], "2001:db8:2::9"),
        ("127.0.0.1", ["  203.0.113.9  "], "203.0.113.9"),
        # No address: whoever said it is the last one we know, and what is further left is nobody's word.
        ("127.0.0.1", ["unknown"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9, unknown"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9, unknown, 10.0.0.1"], "10.0.0.1"),
        ("127.0.0.1", ["", ",,", "<script>, 999.1.1.1"], "127.0.0.1"),
        ("127.0.0.1", ["203.0.113.9,"], "127.0.0.1"),
        ("127.0.0.1", ["[::1"], "::1"),
    ],
)
def test_the_client_is_the_nearest_address_that_no_trusted_proxy_has(
    peer: str, forwarded: list[str], client: str
) -> None:
    assert client_of(peer, forwarded, PROXIES) == client


def test_where_nobody_is_trusted_nobody_is_believed() -> None:
    assert client_of("127.0.0.1", ["203.0.113.9"], read_networks("none")) == "127.0.0.1"


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", True),
        ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
        ("203.0.113.9", "::ffff:203.0.113.9", True),
        ("203.0.113.9", "203.0.113.10", False),
        ("::ffff:203.0.113.9", "::ffff:203.0.113.10", False),
    ],
)
def test_one_customers_addresses_count_as_one(one: str, other: str, same: bool) -> None:
    assert (counted_as(one) == counted_as(other)) is same


@pytest.mark.parametrize("text", ["proxy.example", "10.0.0.7/8", "10.0.0", "10.0.0.7;10.0.0.8", "*"])
def test_a_proxy_without_an_address_is_refused_at_the_start_naming_the_variable(text: str) -> None:
    with pytest.raises(ValidationError, match="TRUSTED_PROXIES"):
        Settings(_env_file=None, trusted_proxies=text)


def test_without_a_setting_only_this_machine_is_a_proxy() -> None:
    proxies = Settings(_env_file=None).proxies
    assert client_of("127.0.0.1", ["203.0.113.9"], proxies) == "203.0.113.9"
    assert client_of("::1", ["203.0.113.9"], proxies) == "203.0.113.9"
    assert client_of("10.0.0.7", ["203.0.113.9"], proxies) == "10.0.0.7"
