"""The person of `make seed`: invented, and a little better each time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

NAME: Final = "Asha Verma"
EMAIL: Final = "asha@example.org"
PASSWORD: Final = "three calm interviews"
ROLE: Final = "Backend engineer"
RESUME: Final = """Asha Verma
Backend engineer
asha@example.org

Experience
Northwind Retail, Backend engineer, Jan 2022 - present
- Led the migration of the billing service to a queue and cut failed payments from 4 % to 2 %
- Built a reporting database that made the nightly report 40 % faster
- Trained three new engineers and wrote the team's on-call guide

Harbour Logistics, Software developer, Jul 2019 - Dec 2021
- Rewrote the route planner in Python and saved drivers about 30 minutes a day

Education
B.Tech. Computer Science, 2015 - 2019

Skills
Python, PostgreSQL, Redis, Kubernetes
"""


@dataclass(frozen=True, slots=True)
class Sitting:
    """One interview: what is answered to its questions in turn, and whether it is recorded."""

    answers: tuple[str, ...]
    recorded: bool = False


SITTINGS: Final = (
    Sitting(
        answers=(
            "I think it was a normal project and maybe it went well. We did it together.",
            "I am not sure. I guess we just tried some things.",
        )
    ),
    Sitting(
        answers=(
            "I moved the billing service to a queue because retries had doubled some charges. It took two months.",
            "I compared a queue with a nightly job and chose the queue, since customers wait for the receipt.",
        )
    ),
    Sitting(
        recorded=True,
        answers=(
            "Failed payments were at 4 percent, so I led the move of billing to a queue. I wrote the design, moved one "
            "country first, and measured for a week. Failures fell to 2 percent. Next time the alerts come first.",
            "I had two options, a queue or a nightly batch. I chose the queue because customers wait for the receipt. "
            "It costs us one more service to run, and after half a year support tickets about payments had halved.",
        ),
    ),
)
