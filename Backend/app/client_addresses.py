"""Where a request comes from, seen through the proxies that are trusted to say so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Networks = tuple[IPv4Network | IPv6Network, ...]

NOBODY = "none"
HOUSEHOLD_BITS = 64
"""Of an IPv6 address: one customer has at least so many to choose from."""


def read_networks(text: str) -> Networks:
    """Of "10.0.0.7, 172.16.0.0/12, 2001:db8::/32"; "none" is nobody. Raises ValueError naming what is no address."""
    if text.strip().lower() == NOBODY:
        return ()
    found = []
    for part in filter(None, (each.strip() for each in text.split(","))):
        try:
            found.append(ip_network(part))
        except ValueError as error:
            raise ValueError(f"{part!r} is neither an address (10.0.0.7) nor a network (10.0.0.0/8)") from error
    return tuple(found)


def read_address(text: str) -> Address | None:
    """Of "10.0.0.7", "10.0.0.7:4711", "2001:db8::7" or "[2001:db8::7]:4711"; None when it is no address."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        found = ip_address(text)
    except ValueError:
        return None
    # A socket that listens for both families shows the older one's addresses inside the newer one's.
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def is_within(address: Address | None, networks: Networks) -> bool:
    return address is not None and any(address in network for network in networks)


def client_of(peer: str, forwarded: Sequence[str], trusted: Networks) -> str:
    """The nearest address that no trusted proxy has.

    Each proxy writes whom it was asked by to the right of what it was told. What stands to the left of the first one we
    do not trust (or of something that is no address) may be anybody's invention.

    Args:
        peer: who has opened the connection.
        forwarded: the values of X-Forwarded-For, in order.
    """
    client = read_address(peer)
    if client is None:
        return peer
    for hop in _from_right(forwarded):
        if not is_within(client, trusted):
            break
        told = read_address(hop)
        if told is None:
            break
        client = told
    return str(client)


def counted_as(host: str) -> str:
    """One name for all addresses of one customer: an IPv4 address itself, the /64 of an IPv6 address."""
    address = read_address(host)
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), HOUSEHOLD_BITS), strict=False))
    return str(address) if address else host


def _from_right(values: Sequence[str]) -> Iterable[str]:
    for value in reversed(values):
        yield from reversed(value.split(","))
