from __future__ import annotations

from app.client_addresses import read_networks
from app.connections.connection_places import ConnectionPlace, ConnectionPlaces

SCHOOL, ELSEWHERE, PROXY = "203.0.113.9", "198.51.100.1", "10.0.0.7"


def places(in_all: int = 100, each: int = 10) -> ConnectionPlaces:
    return ConnectionPlaces(in_all, each, read_networks("10.0.0.0/8"))


class Door:
    """Lets people in and notes, in order, who had to make room."""

    def __init__(self, places: ConnectionPlaces) -> None:
        self.places = places
        self.closed: list[str] = []

    def enter(self, host: str, name: str, *, busy: bool = False) -> ConnectionPlace | None:
        place = self.places.enter(host, lambda: self.closed.append(name))
        if place is not None and busy:
            place.is_busy()
        return place


def test_at_its_limit_an_address_makes_room_for_itself_and_nobody_else_does() -> None:
    door = Door(places(each=3))
    door.enter(ELSEWHERE, "neighbour")
    for name in "abcde":
        assert door.enter(SCHOOL, name)
    assert door.closed == ["a", "b"]


def test_an_address_that_is_answered_on_all_its_connections_gets_no_further_one() -> None:
    door = Door(places(each=3))
    held = [door.enter(SCHOOL, name, busy=True) for name in "abc"]
    assert door.enter(SCHOOL, "d") is None
    assert door.enter(ELSEWHERE, "neighbour")
    assert held[0] is not None
    held[0].leave()
    assert door.enter(SCHOOL, "e")
    assert door.closed == []


def test_when_all_is_full_whoever_has_waited_longest_makes_room() -> None:
    door = Door(places(in_all=3))
    first = door.enter(ELSEWHERE, "a")
    door.enter(SCHOOL, "b")
    door.enter(SCHOOL, "c", busy=True)
    assert first is not None
    first.is_busy()
    first.is_waiting()
    assert door.enter(SCHOOL, "d")
    assert door.closed == ["b"]
    assert len(door.places) == 3


def test_when_all_are_answered_nobody_else_comes_in() -> None:
    door = Door(places(in_all=2))
    door.enter(SCHOOL, "a", busy=True)
    door.enter(ELSEWHERE, "b", busy=True)
    assert door.enter("192.0.2.1", "c") is None
    assert len(door.places) == 2


def test_a_proxy_comes_for_many_and_is_bound_by_the_whole_alone() -> None:
    door = Door(places(in_all=50, each=3))
    for number in range(50):
        assert door.enter(PROXY, str(number), busy=True)
    assert door.enter(PROXY, "more") is None


def test_addresses_of_one_ipv6_customer_count_together() -> None:
    door = Door(places(each=3))
    for number in range(5):
        door.enter(f"2001:db8:0:1::{number}", str(number))
    assert door.closed == ["0", "1"]


def test_leaving_twice_gives_one_place_back() -> None:
    door = Door(places(in_all=2))
    first, second = door.enter(SCHOOL, "a", busy=True), door.enter(SCHOOL, "b", busy=True)
    assert first is not None
    assert second is not None
    first.leave()
    first.leave()
    assert len(door.places) == 1
    assert door.enter(SCHOOL, "c", busy=True)
    assert door.enter(SCHOOL, "d") is None
