"""What paid language models cost: counted call by call, held under a cap for each day, and told to admins.

Money is an estimate: the vendor's own count of tokens times the price in settings. A model without a price has no cost
anybody could state, so none is shown; against the caps alone its tokens weigh as the dearest model that is known
(`dearest`), which stops a run-away without claiming to know what it cost. A model that is free gets a price of 0.
Days are UTC. A row in `model_calls` outlives the account it was spent for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, case, func, select

from app.access import Access
from app.admin.overview import record_opening
from app.db import Database
from app.models import Interview, ModelCall, User, now
from app.services.language_model.generation import Usage
from app.services.language_model.meter import Attribution, MeteredCall
from app.services.vendor import Price
from app.settings import DEFAULT_PRICES

DAYS_SHOWN: Final = 30
MICROS: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class SpendingSum:
    """`cost_micros`: millionths of a US dollar for the calls that have a price; `unpriced` calls have none."""

    calls: int = 0
    failed: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = 0
    unpriced: int = 0


@dataclass(frozen=True, slots=True)
class Spending:
    """Days newest first, those without calls left out; users and interviews by what was used, most first."""

    days: tuple[tuple[str, SpendingSum], ...]
    users: tuple[tuple[str, str, SpendingSum], ...]
    """(id, name or empty where the account is gone, spent) since `DAYS_SHOWN` days."""
    interviews: tuple[tuple[str, str, SpendingSum], ...]
    """(id, role or empty where it is gone, spent)."""
    models: tuple[tuple[str, SpendingSum], ...]


def cost_micros(price: Price | None, usage: Usage) -> int | None:
    """Dollars per million tokens are millionths of a dollar per token."""
    return None if price is None else round(usage.input_tokens * price.input + usage.output_tokens * price.output)


def dearest(prices: Mapping[str, Price]) -> Price:
    known = [*prices.values(), *DEFAULT_PRICES.values()]
    return Price(input=max(one.input for one in known), output=max(one.output for one in known))


class SpendingMeter:
    """A Meter on `model_calls`. A cap of 0 stops every call of a model that is not free."""

    def __init__(
        self,
        db: Database,
        *,
        prices: Mapping[str, Price],
        daily_cap_usd: float,
        daily_user_cap_usd: float,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._db = db
        self._prices = prices
        self._unknown = dearest(prices)
        self._daily_cap = round(daily_cap_usd * MICROS)
        self._daily_user_cap = round(daily_user_cap_usd * MICROS)
        self._clock = clock

    async def allows(self, model: str, attribution: Attribution) -> bool:
        price = self._prices.get(model)
        if price is not None and price.input == price.output == 0:
            return True
        midnight = self._clock().replace(hour=0, minute=0, second=0, microsecond=0)
        weight = func.sum(
            case(
                (ModelCall.cost_micros.is_not(None), ModelCall.cost_micros),
                else_=ModelCall.input_tokens * self._unknown.input + ModelCall.output_tokens * self._unknown.output,
            )
        )
        today = select(weight).where(ModelCall.created_at >= midnight)
        async with self._db.read() as session:
            spent = float(await session.scalar(today) or 0)
            own = 0.0
            if attribution.user_id:
                own = float(await session.scalar(today.where(ModelCall.user_id == attribution.user_id)) or 0)
        return spent < self._daily_cap and (not attribution.user_id or own < self._daily_user_cap)

    async def record(self, call: MeteredCall) -> None:
        async with self._db.write() as session:
            session.add(
                ModelCall(
                    user_id=call.attribution.user_id,
                    interview_id=call.attribution.interview_id,
                    provider=call.provider,
                    model=call.model[:80],
                    purpose=call.purpose,
                    outcome=call.outcome,
                    input_tokens=call.usage.input_tokens,
                    output_tokens=call.usage.output_tokens,
                    cost_micros=cost_micros(self._prices.get(call.model), call.usage),
                    duration_ms=call.duration_ms,
                    created_at=self._clock(),
                )
            )


_SUMS: Final[Sequence[ColumnElement[int]]] = (
    func.count(),
    func.sum(case((ModelCall.outcome == "ok", 0), else_=1)),
    func.sum(ModelCall.input_tokens),
    func.sum(ModelCall.output_tokens),
    func.coalesce(func.sum(ModelCall.cost_micros), 0),
    func.sum(case((ModelCall.cost_micros.is_(None), 1), else_=0)),
)


async def spending(db: Database, access: Access, *, limit: int = 20, clock: Callable[[], datetime] = now) -> Spending:
    """The last `DAYS_SHOWN` days: by day, by model, and the `limit` users and interviews that used most."""
    await record_opening(db, access, "spending.read")
    midnight = clock().replace(hour=0, minute=0, second=0, microsecond=0)
    since = ModelCall.created_at >= midnight - timedelta(days=DAYS_SHOWN - 1)
    most_first = func.sum(ModelCall.input_tokens + ModelCall.output_tokens).desc()
    async with db.read() as session:
        # A day is cut in Python: SQLite and PostgreSQL name it differently, and thirty sums are cheap.
        days = []
        for back in range(DAYS_SHOWN):
            start = midnight - timedelta(days=back)
            within = (ModelCall.created_at >= start) & (ModelCall.created_at < start + timedelta(days=1))
            row = (await session.execute(select(*_SUMS).where(within))).one()
            if row[0]:
                days.append((start.date().isoformat(), SpendingSum(*map(int, row))))
        models = await session.execute(
            select(ModelCall.model, *_SUMS).where(since).group_by(ModelCall.model).order_by(most_first).limit(limit)
        )
        users = await session.execute(
            select(ModelCall.user_id, User.name, *_SUMS)
            .outerjoin(User, User.id == ModelCall.user_id)
            .where(since, ModelCall.user_id != "")
            .group_by(ModelCall.user_id, User.name)
            .order_by(most_first, ModelCall.user_id)
            .limit(limit)
        )
        interviews = await session.execute(
            select(ModelCall.interview_id, Interview.role, *_SUMS)
            .outerjoin(Interview, Interview.id == ModelCall.interview_id)
            .where(since, ModelCall.interview_id != "")
            .group_by(ModelCall.interview_id, Interview.role)
            .order_by(most_first, ModelCall.interview_id)
            .limit(limit)
        )
        return Spending(
            days=tuple(days),
            users=tuple((row[0], row[1] or "", SpendingSum(*map(int, row[2:]))) for row in users),
            interviews=tuple((row[0], row[1] or "", SpendingSum(*map(int, row[2:]))) for row in interviews),
            models=tuple((row[0], SpendingSum(*map(int, row[1:]))) for row in models),
        )
