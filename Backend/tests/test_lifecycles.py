"""Every transition is walked, every other one is refused, and no code but the lifecycle modules writes a status."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, Update, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import app as product
from app import state_diagrams
from app.assessment import lifecycle as response
from app.conversation.call import lifecycle as call
from app.db import session_engine
from app.domain.lifecycle import IllegalTransition, Lifecycle
from app.domain.status import AvatarSessionStatus, InterviewStatus, RecordingStatus, ResponseStatus
from app.interviews import lifecycle as interview
from app.models import AvatarSession, Interview, Question, Recording, Response, User, new_id
from app.recordings import lifecycle as recording
from app.settings import Settings

HOME = {f"app/{stage}/lifecycle.py" for stage in ("interviews", "assessment", "recordings", "conversation/call")}
TABLES = {"Interview", "Response", "Recording", "AvatarSession"}


@dataclass(frozen=True)
class Subject:
    """One of the four, with what its module offers."""

    lifecycle: Lifecycle[Any]
    statuses: type[StrEnum]
    table: type[Interview] | type[Response] | type[Recording] | type[AvatarSession]
    advance: Callable[[Any, Any], None]
    advancing: Callable[..., Update]

    @property
    def legal(self) -> set[tuple[StrEnum, StrEnum]]:
        return {(source, row.target) for row in self.lifecycle.transitions for source in row.sources}

    def row(self, status: StrEnum) -> Any:
        owner = {} if self.table is Interview else {"interview_id": "i"}
        return self.table(id=new_id(), status=status, **owner)


INTERVIEW = Subject(interview.LIFECYCLE, InterviewStatus, Interview, interview.advance, interview.advancing)
RESPONSE = Subject(response.LIFECYCLE, ResponseStatus, Response, response.advance, response.advancing)
RECORDING = Subject(recording.LIFECYCLE, RecordingStatus, Recording, recording.advance, recording.advancing)
AVATAR_SESSION = Subject(call.LIFECYCLE, AvatarSessionStatus, AvatarSession, call.advance, call.advancing)
SUBJECTS = (INTERVIEW, RESPONSE, RECORDING, AVATAR_SESSION)
EACH = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda one: one.lifecycle.subject)
PAIRS = [
    pytest.param(subject, source, target, id=f"{subject.lifecycle.subject}: {source} → {target}")
    for subject in SUBJECTS
    for source in subject.statuses
    for target in subject.statuses
]


@pytest.fixture
def engine(settings: Settings) -> Iterator[Engine]:
    made = session_engine(settings.session_database_url)
    yield made
    made.dispose()


@pytest.mark.parametrize(("subject", "source", "target"), PAIRS)
def test_each_transition_of_the_table_is_walked_and_every_other_raises_by_name(
    subject: Subject, source: StrEnum, target: StrEnum
) -> None:
    row = subject.row(source)
    if (source, target) in subject.legal:
        subject.advance(row, target)
        assert row.status is target
        return
    with pytest.raises(IllegalTransition) as refused:
        subject.advance(row, target)
    assert row.status is source
    assert (refused.value.subject, refused.value.source, refused.value.target) == (
        subject.lifecycle.subject,
        source,
        target,
    )
    assert str(refused.value) == f"{subject.lifecycle.subject}: {source} → {target} is no transition"


@EACH
def test_a_table_names_each_transition_once_and_leads_everywhere(subject: Subject) -> None:
    named = [(source, row.target) for row in subject.lifecycle.transitions for source in row.sources]
    assert len(named) == len(set(named))
    reached = {subject.lifecycle.start}
    while more := {target for source, target in named if source in reached} - reached:
        reached |= more
    assert reached == set(subject.statuses)


@EACH
def test_a_new_row_stands_at_the_start_of_its_table(subject: Subject) -> None:
    assert subject.table.__table__.c.status.default.arg is subject.lifecycle.start


@EACH
def test_an_update_moves_those_rows_alone_that_can_get_there(subject: Subject, engine: Engine) -> None:
    for target in subject.statuses:
        with Session(engine) as session:
            rows = _one_at_each(session, subject)
            session.execute(subject.advancing(target))
            for source, row in rows.items():
                found = session.scalar(select(subject.table.status).where(subject.table.id == row))
                assert found is (target if (source, target) in subject.legal else source), f"{source} → {target}"
            session.rollback()


@EACH
def test_an_update_from_where_nothing_leads_there_raises_by_name(subject: Subject) -> None:
    for source in subject.statuses:
        for target in subject.statuses:
            if (source, target) not in subject.legal:
                with pytest.raises(IllegalTransition, match=f"{source} → {target}"):
                    subject.advancing(target, source)


def test_an_update_from_chosen_statuses_leaves_the_others(engine: Engine) -> None:
    with Session(engine) as session:
        rows = _one_at_each(session, INTERVIEW)
        session.execute(interview.advancing(InterviewStatus.FAILED, InterviewStatus.PREPARING))
        processing = select(Interview.status).where(Interview.id == rows[InterviewStatus.PROCESSING])
        preparing = select(Interview.status).where(Interview.id == rows[InterviewStatus.PREPARING])
        assert session.scalar(processing) is InterviewStatus.PROCESSING
        assert session.scalar(preparing) is InterviewStatus.FAILED


@EACH
def test_the_database_takes_every_status_and_refuses_what_is_none(subject: Subject, engine: Engine) -> None:
    name = subject.table.__tablename__
    with Session(engine) as session:
        rows = _one_at_each(session, subject)
        session.commit()
    for row in rows.values():
        with engine.connect() as connection, pytest.raises(IntegrityError, match=f"ck_{name}_status"):
            connection.execute(text(f"UPDATE {name} SET status = 'lost' WHERE id = :id"), {"id": row})


def _one_at_each(session: Session, subject: Subject) -> dict[StrEnum, str]:
    """The ids of new rows by status."""
    user = User(id=new_id(), email=f"{new_id()}@example.org", name="Asha", password_hash="x")
    session.add(user)
    session.flush()
    rows: dict[StrEnum, str] = {}
    for status in subject.statuses:
        owner = Interview(id=new_id(), user_id=user.id, role="Nurse", seniority="mid")
        if subject.table is Interview:
            owner.status = InterviewStatus(status)
            session.add(owner)
            rows[status] = owner.id
            continue
        session.add(owner)
        session.flush()
        row = subject.row(status)
        row.interview_id = owner.id
        if isinstance(row, AvatarSession):
            row.provider, row.name = "tavus", row.id
        if isinstance(row, Response):
            told = {"text": "Why?", "kind": "project", "why": "", "grounding": ""}
            question = Question(id=new_id(), interview_id=owner.id, position=0, **told)
            session.add(question)
            session.flush()
            row.question_id = question.id
        session.add(row)
        rows[status] = row.id
    session.flush()
    return rows


def test_no_code_but_the_lifecycle_modules_writes_a_status() -> None:
    root = Path(product.__path__[0]).parent
    found = []
    for path in sorted((root / "app").rglob("*.py")):
        place = path.relative_to(root).as_posix()
        if place not in HOME | {"app/domain/lifecycle.py"}:
            found += [f"{place}:{line}" for line in _writes(ast.parse(path.read_text()))]
    assert found == [], "say advance() or advancing() of the lifecycle module instead"


@pytest.mark.parametrize(
    "line",
    [
        "interview.status = InterviewStatus.FAILED",
        "recording.status, recording.failure = status, code",
        "setattr(row, 'status', status)",
        "Interview(user_id=owner, status=status)",
        "update(Interview).where(Interview.id == one).values(failure=code, status=status)",
        "update(Recording).values({'status': status})",
        "update(Recording).values({Recording.status: status})",
        "insert(AvatarSession).values(status=status)",
        "update(Response).values(status=status)",
    ],
)
def test_a_status_that_is_written_is_seen(line: str) -> None:
    assert list(_writes(ast.parse(line))) == [1]


def _writes(tree: ast.AST) -> Iterator[int]:
    """The lines on which one of the four, or something whose table is not named, has its status set."""
    for node in ast.walk(tree):
        match node:
            case ast.Attribute(attr="status", ctx=ast.Store()):
                yield node.lineno
            case ast.Call(func=ast.Name("setattr"), args=[_, ast.Constant("status"), _]):
                yield node.lineno
            case ast.Call(func=ast.Name(name), keywords=keywords) if name in TABLES and _name_status(keywords, []):
                yield node.lineno
            case ast.Call(func=ast.Attribute(attr="values") as called, args=args, keywords=keywords):
                if _table_of(called.value) in TABLES and _name_status(keywords, args):
                    yield node.lineno


def _name_status(keywords: list[ast.keyword], args: list[ast.expr]) -> bool:
    keys = [key for one in args if isinstance(one, ast.Dict) for key in one.keys]
    in_dict = any(getattr(key, "value", None) == "status" or getattr(key, "attr", "") == "status" for key in keys)
    return in_dict or any(one.arg == "status" for one in keywords)


def _table_of(statement: ast.expr) -> str:
    """What `update(…)` or `insert(…)` at the head of this chain of calls is about."""
    match statement:
        case ast.Call(func=ast.Name("update" | "insert"), args=[ast.Name(table), *_]):
            return table
        case ast.Call(func=ast.Attribute(value=head)):
            return _table_of(head)
    return ""


def test_the_diagrams_say_what_the_tables_say() -> None:
    assert state_diagrams.fresh() == state_diagrams.DOCUMENT.read_text()
