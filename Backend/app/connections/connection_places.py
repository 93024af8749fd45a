"""How many connections there may be, in all and from one address, and who makes room when it is full."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from app.client_addresses import Networks, counted_as, is_within, read_address

FAREWELLS = 64
"""Refused connections that are told why, at a time. Each holds a file descriptor for a second or two."""


@dataclass(eq=False, slots=True)
class ConnectionPlace:
    """One connection's. `make_room` closes it at once."""

    places: ConnectionPlaces
    customer: str
    make_room: Callable[[], None]

    def is_waiting(self) -> None:
        """Nothing is asked on this connection: it may have to make room, whoever has waited longest first."""
        self.places.waiting.pop(self, None)
        self.places.waiting[self] = None

    def is_busy(self) -> None:
        self.places.waiting.pop(self, None)

    def leave(self) -> None:
        """May be called twice."""
        self.places.forget(self)


@dataclass(slots=True)
class ConnectionPlaces:
    """
    Args:
        in_all: below what the process may have open, which has other uses too.
        each: from one address; does not hold for proxies, which come for many.
    """

    in_all: int
    each: int
    proxies: Networks
    waiting: dict[ConnectionPlace, None] = field(default_factory=dict)
    """Longest first. A dict for its order."""
    _taken: set[ConnectionPlace] = field(default_factory=set)
    _by_customer: Counter[str] = field(default_factory=Counter)
    _farewells: int = 0

    def enter(self, host: str, make_room: Callable[[], None]) -> ConnectionPlace | None:
        """None when it is full and nobody can make room: all others are being answered."""
        address = read_address(host)
        # A proxy comes for many, each of whom is counted by what the proxy says of them.
        customer = "" if is_within(address, self.proxies) else counted_as(host)
        if customer and self._by_customer[customer] >= self.each and not self._room_of(customer):
            return None
        if len(self._taken) >= self.in_all and not self._room_of(""):
            return None
        place = ConnectionPlace(self, customer, make_room)
        self._taken.add(place)
        self._by_customer[customer] += 1
        place.is_waiting()
        return place

    def forget(self, place: ConnectionPlace) -> None:
        self.waiting.pop(place, None)
        if place in self._taken:
            self._taken.remove(place)
            self._by_customer[place.customer] -= 1
            if not self._by_customer[place.customer]:
                del self._by_customer[place.customer]

    def begin_farewell(self) -> bool:
        """Whether a refused connection may stay for the moment in which it is told why."""
        if self._farewells >= FAREWELLS:
            return False
        self._farewells += 1
        return True

    def end_farewell(self) -> None:
        self._farewells -= 1

    def __len__(self) -> int:
        return len(self._taken)

    def _room_of(self, customer: str) -> bool:
        """Has the longest waiting connection go: of this customer, or of anybody."""
        for place in self.waiting:
            if not customer or place.customer == customer:
                self.forget(place)
                place.make_room()
                return True
        return False
