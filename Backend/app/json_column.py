"""JSON columns that hold records: plain JSON in the database, the record itself in Python."""

from __future__ import annotations

from typing import TypeVar

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticSerializationError
from sqlalchemy import JSON, Column, Dialect, event
from sqlalchemy.types import TypeDecorator

T = TypeVar("T")


class StoredValueWrong(ValueError):
    """A JSON column holds, or is given, what does not fit. Names the column and the place, never the value."""


class TypedJson(TypeDecorator[T]):
    """One column's record, as Pydantic reads and writes it. A field that an old row lacks takes the record's default.

    `or_none`: None is kept as `{}`, so that the column is never null.

    A change is seen where the attribute is set, not where a value is changed in place: hold what is frozen.

    Raises StoredValueWrong.
    """

    impl = JSON
    cache_ok = True
    hashable = False

    def __init__(self, holds: type[T] | TypeAdapter[T], *, or_none: bool = False) -> None:
        super().__init__()
        self.holds = holds
        self.or_none = or_none
        self._adapter: TypeAdapter[T] = holds if isinstance(holds, TypeAdapter) else TypeAdapter(holds)
        self._column: Column[T] | None = None

    def process_bind_param(self, value: T | None, dialect: Dialect) -> object:
        if value is None and self.or_none:
            return {}
        try:
            # Pydantic would only warn of what it cannot read back.
            return self._adapter.dump_python(value, mode="json", warnings="error")  # type: ignore[arg-type]
        except PydanticSerializationError:
            raise StoredValueWrong(f"{self._name} does not take a {type(value).__name__}") from None

    def process_result_value(self, value: object, dialect: Dialect) -> T | None:
        if value is None or (self.or_none and not value):
            # NULL: no row of an outer join.
            return None
        try:
            return self._adapter.validate_python(value)
        except ValidationError as error:
            wrong = ", ".join(
                f"{'.'.join(map(str, one['loc'])) or 'the whole'} ({one['type']})"
                for one in error.errors(include_url=False, include_context=False, include_input=False)[:3]
            )
            # The validation error would quote what a person wrote.
            raise StoredValueWrong(f"{self._name} does not hold what it should: {wrong}") from None

    @property
    def _name(self) -> str:
        if self._column is None:
            return "a JSON column"
        table = getattr(self._column, "table", None)
        return f"{table.name}.{self._column.name}" if table is not None else self._column.name


@event.listens_for(TypedJson, "after_parent_attach")
def _belongs_to(of: TypedJson[T], column: Column[T]) -> None:
    of._column = column
