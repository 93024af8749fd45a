"""What happens in a round, all of it drawn from one seed before it begins, so that a red round can be held again."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from chaos.footage import DEVICES, GARBAGE, SHADES, Device

Ending = Literal["conversation", "wish", "finish"]
"""How it ends: its questions are through, the person says so in the room, or leaves the room and finishes outside."""
Blow = Literal["kill", "disk_full", "kill_on_full_disk"]


@dataclass(frozen=True, slots=True)
class Size:
    """Bounds of a round; times in seconds. `quiet_s`: so long everything may take to come to rest afterwards."""

    people: int
    takes: tuple[int, int]
    take_s: tuple[float, float]
    pieces: tuple[int, int]
    kills: int
    full_disks: int
    flaps: int
    pause_s: float
    """The longest wait of a slow line before a piece."""
    late_pieces: int
    """So many pieces of one person's last take come one by one after the end; 0: nobody is that late."""
    late_every_s: float
    holes: bool
    """Takes of which a piece never comes, whose end is never told, or that nobody can read."""
    quiet_s: float


SIZES: Final[dict[str, Size]] = {
    # What a test can afford.
    "tiny": Size(1, (2, 2), (1.0, 1.0), (3, 4), 1, 1, 4, 0.1, 0, 0.0, holes=False, quiet_s=60.0),
    "small": Size(2, (2, 4), (1.0, 3.0), (3, 8), 2, 1, 12, 0.4, 0, 0.0, holes=True, quiet_s=180.0),
    # One slow line and nothing else: two minutes and twenty seconds of pieces, one every three seconds after the end.
    "line": Size(1, (1, 1), (2.0, 2.0), (4, 4), 0, 0, 0, 0.0, 70, 3.0, holes=False, quiet_s=180.0),
    "night": Size(4, (3, 6), (2.0, 6.0), (5, 20), 5, 2, 40, 1.5, 70, 3.0, holes=True, quiet_s=420.0),
}


@dataclass(frozen=True, slots=True)
class TakePlan:
    """`order`: piece numbers as they are sent; one that is in it twice is sent twice, one that is not never comes.

    `cut`: numbers whose first sending breaks off in the middle of the body. `late`: from this place of the order on,
    pieces come only after the interview has ended. `pauses`: seconds before each sending.
    """

    number: int
    device: Device
    shade: int
    seconds: float
    pieces: int
    order: tuple[int, ...]
    pauses: tuple[float, ...]
    cut: frozenset[int]
    late: int
    end_told: bool


@dataclass(frozen=True, slots=True)
class PersonPlan:
    """`seed` decides the moments in the room. `forgets`: has another interview, deleted while the disk is full."""

    name: str
    seed: int
    takes: tuple[TakePlan, ...]
    flaps: int
    ending: Ending
    forgets: bool


@dataclass(frozen=True, slots=True)
class Disturbance:
    after_s: float
    blow: Blow
    lasts_s: float


@dataclass(frozen=True, slots=True)
class RoundPlan:
    seed: int
    size: Size
    people: tuple[PersonPlan, ...]
    disturbances: tuple[Disturbance, ...]
    kill_in_the_night_after_s: float | None


def plan_round(seed: int, size: Size) -> RoundPlan:
    chance = random.Random(seed)
    blows: list[Blow] = ["kill" for _ in range(size.kills)]
    blows += [chance.choice(("disk_full", "kill_on_full_disk")) for _ in range(size.full_disks)]
    chance.shuffle(blows)
    return RoundPlan(
        seed=seed,
        size=size,
        people=tuple(_person(chance, size, number) for number in range(size.people)),
        disturbances=tuple(Disturbance(chance.uniform(0.2, 2.5), blow, chance.uniform(0.5, 2.5)) for blow in blows),
        kill_in_the_night_after_s=chance.choice((None, chance.uniform(0.0, 1.5))),
    )


def _person(chance: random.Random, size: Size, number: int) -> PersonPlan:
    count = chance.randint(*size.takes)
    # A person changes the device now and then, not with each take.
    device = chance.choice(DEVICES)
    takes: list[TakePlan] = []
    for take in range(count):
        if chance.random() < 0.7:
            device = chance.choice([each for each in DEVICES if each is not device])
        readable = not (size.holes and take > 0 and chance.random() < 0.1)
        takes.append(_take(chance, size, take, device if readable else GARBAGE))
    if size.late_pieces and number == 0:
        takes.append(_late_take(size, count, device))
    return PersonPlan(
        name=f"person-{number}",
        seed=chance.randrange(2**32),
        takes=tuple(takes),
        flaps=size.flaps,
        ending=chance.choice(("conversation", "wish", "finish")),
        forgets=number == 0,
    )


def _take(chance: random.Random, size: Size, number: int, device: Device) -> TakePlan:
    pieces = chance.randint(*size.pieces)
    order = list(range(pieces))
    if chance.random() < 0.6:
        # Some arrive a few places later than they were made.
        order.sort(key=lambda piece: piece + chance.choice((0, 0, 0, 2.5, 5.5)))
    for piece in chance.sample(order, k=min(2, pieces)):
        if chance.random() < 0.5:
            order.insert(chance.randint(0, len(order)), piece)
    if size.holes and pieces > 3 and chance.random() < 0.12:
        missing = chance.randrange(pieces)
        order = [piece for piece in order if piece != missing]
    return TakePlan(
        number=number,
        device=device,
        shade=SHADES[number % len(SHADES)],
        seconds=round(chance.uniform(*size.take_s), 1),
        pieces=pieces,
        order=tuple(order),
        pauses=tuple(chance.choice((0.0, 0.0, chance.uniform(0, size.pause_s))) for _ in order),
        cut=frozenset(piece for piece in range(pieces) if chance.random() < 0.15),
        late=len(order) if chance.random() < 0.5 else chance.randint(0, len(order)),
        end_told=not size.holes or chance.random() < 0.9,
    )


def _late_take(size: Size, number: int, device: Device) -> TakePlan:
    """A slow line: two minutes of pieces, each of which comes alone and long after the end."""
    order = tuple(range(size.late_pieces))
    return TakePlan(
        number=number,
        device=device,
        shade=SHADES[number % len(SHADES)],
        seconds=2.0 * size.late_pieces,
        pieces=size.late_pieces,
        order=order,
        pauses=(size.late_every_s,) * len(order),
        cut=frozenset(),
        late=0,
        end_told=True,
    )


def sent(plan: Sequence[PersonPlan]) -> int:
    return sum(len(take.order) for person in plan for take in person.takes)
