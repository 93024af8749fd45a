from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import JSON, Column, Connection, Integer, MetaData, Table, delete, insert, select, type_coerce
from sqlalchemy.dialects.sqlite import dialect
from sqlalchemy.exc import StatementError

from app.db import session_engine
from app.domain.author import Author
from app.domain.profile import Claim
from app.domain.score import Score, ScoreKind
from app.json_column import StoredValueWrong, TypedJson
from app.models import Base
from app.settings import Settings
from tests.domain.test_score import evidences, messages, parts, texts

RECORDS = Table(
    "records",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("claims", TypedJson(tuple[Claim, ...])),
    Column("scores", TypedJson(Mapping[ScoreKind, Score])),
    Column("author", TypedJson(Author, or_none=True)),
)
STORED_CLAIMS = type_coerce(RECORDS.c.claims, JSON)
# U+0000 apart, which no database keeps.
words = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=20)
claims = st.builds(
    Claim,
    text=words,
    organisation=words,
    title=words,
    period=words,
    numbers=st.lists(words, max_size=3).map(tuple),
    skills=st.lists(words, max_size=3).map(tuple),
)
scores = st.builds(
    Score,
    st.integers(0, 100),
    st.none() | messages,
    st.lists(evidences, min_size=1, max_size=2).map(tuple),
    st.lists(parts, max_size=2).map(tuple),
)
authors = st.none() | st.builds(Author, words.filter(bool), words, words)


@pytest.fixture
def connection(settings: Settings) -> Iterator[Connection]:
    engine = session_engine(settings.session_database_url)
    with engine.connect() as made:
        RECORDS.create(made)
        yield made
        made.rollback()
    engine.dispose()


def kept(connection: Connection, **values: object) -> None:
    connection.execute(delete(RECORDS))
    connection.execute(insert(RECORDS).values(**values))


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(claims, max_size=3).map(tuple), st.dictionaries(texts.map(ScoreKind), scores, max_size=2), authors)
def test_a_record_comes_back_from_the_database_as_it_was(
    connection: Connection, told: tuple[Claim, ...], of: Mapping[ScoreKind, Score], by: Author | None
) -> None:
    kept(connection, claims=told, scores=of, author=by)
    assert connection.execute(select(RECORDS.c.claims, RECORDS.c.scores, RECORDS.c.author)).one() == (told, of, by)


def test_what_is_stored_is_plain_json_under_the_names_of_the_fields(connection: Connection) -> None:
    kept(connection, claims=(Claim("Led it", numbers=("12",)),), scores={}, author=None)
    assert connection.scalar(select(STORED_CLAIMS)) == [
        {"text": "Led it", "organisation": "", "title": "", "period": "", "numbers": ["12"], "skills": []}
    ]
    assert connection.scalar(select(type_coerce(RECORDS.c.author, JSON))) == {}


def test_an_old_row_without_a_field_takes_its_default(connection: Connection) -> None:
    connection.execute(insert(RECORDS).values(claims=(), scores={}, author=None))
    connection.execute(RECORDS.update().values({RECORDS.c.claims: type_coerce([{"text": "Led it"}], JSON)}))
    assert connection.scalar(select(RECORDS.c.claims)) == (Claim("Led it"),)


def test_a_row_that_does_not_fit_is_named_by_column_and_place_and_not_quoted(connection: Connection) -> None:
    wrong = [{"text": "Led it"}, {"organisation": "City Hospital"}]
    connection.execute(insert(RECORDS).values(claims=(), scores={}, author=None))
    connection.execute(RECORDS.update().values({RECORDS.c.claims: type_coerce(wrong, JSON)}))
    with pytest.raises(StoredValueWrong, match=r"records\.claims does not hold what it should: 1\.text") as raised:
        connection.scalar(select(RECORDS.c.claims))
    assert "Hospital" not in str(raised.value)


def test_a_value_of_another_type_is_not_taken(connection: Connection) -> None:
    with pytest.raises(StatementError, match=r"records\.claims does not take a list") as raised:
        kept(connection, claims=[{"text": "a secret"}])
    assert "secret" not in str(raised.value)


def test_every_json_column_of_the_house_knows_its_name_and_holds_a_record() -> None:
    columns = [column for table in Base.metadata.sorted_tables for column in table.columns]
    assert not [column for column in columns if isinstance(column.type, JSON)]
    typed = [(column, column.type) for column in columns if isinstance(column.type, TypedJson)]
    assert len(typed) > 20
    for column, type in typed:
        with pytest.raises(StoredValueWrong, match=f"{column.table.name}.{column.name}"):
            type.process_result_value(object(), dialect())


def test_a_row_that_an_outer_join_does_not_find_has_no_value(connection: Connection) -> None:
    beside = RECORDS.alias()
    connection.execute(insert(RECORDS).values(id=1, claims=(), scores={}, author=None))
    joined = select(beside.c.claims).select_from(RECORDS.outerjoin(beside, beside.c.id == 2))
    assert connection.execute(joined).one() == (None,)
