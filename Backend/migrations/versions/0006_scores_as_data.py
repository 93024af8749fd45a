"""scores by kind, authors as records, and what we say as messages instead of sentences

Sentences that were written before stay as they were written: messages of the code `verbatim`.

Revision: 0006, after 0005
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None

KINDS = {
    'relevance': ('Relevance', 'Compares what you said with what a good answer to this question shows.'),
    'confidence': (
        'Confidence',
        'Rests on things that can be counted in how it was said and worded. It says nothing about how you felt, and '
        'time to think before the first word costs nothing.',
    ),
}
# How a judge wrote down what its number is made of: "On the question: 17 of 20. <why>".
PART_NOTE = re.compile(r'^([^:]{2,40}): (\d+(?:\.\d+)?) of (\d+(?:\.\d+)?)(?:\. (.*))?$')
ROWS_AT_ONCE = 200


def upgrade() -> None:
    for table, column in (('interviews', 'planned_by'), ('responses', 'judged_by'), ('feedbacks', 'written_by')):
        _authors(table, column)

    _add('interviews', 'scores', '{}')
    _rewrite('interviews', ('overall_score', 'relevance_score', 'confidence_score'), ('scores',), _interview)
    _drop('interviews', 'relevance_score', 'confidence_score')

    _add('responses', 'scores', '{}')
    _rewrite('responses', ('relevance', 'confidence', 'verdict'), ('scores', 'verdict'), _response)
    _drop('responses', 'relevance', 'confidence')

    _add('feedbacks', 'told', '[]')
    told = ('strengths', 'suggestions', 'overall', 'questions')
    _rewrite('feedbacks', ('summary', *told), ('told', *told), _feedback)
    _replace('feedbacks', 'summary', 'told')

    _rewrite('live_events', ('type', 'data'), ('data',), _live_event, sa.column('type') == 'response.assessed')


def downgrade() -> None:
    raise NotImplementedError('what was said as data has no one sentence to go back to: restore the copy made before')


def _interview(row: dict[str, Any]) -> dict[str, Any]:
    if all(row[name] is None for name in ('overall_score', 'relevance_score', 'confidence_score')):
        return {'scores': {}}
    return {'scores': {kind: row[f'{kind}_score'] for kind in KINDS}}


def _response(row: dict[str, Any]) -> dict[str, Any]:
    scores = {kind: _score(row[kind]) for kind in KINDS if row[kind]}
    return {'scores': scores, 'verdict': _verdict(row['verdict']) if row['verdict'] else {}}


def _score(old: dict[str, Any]) -> dict[str, Any]:
    return {
        'value': old.get('value'),
        'reason': _message(old.get('reason')),
        'evidence': [_evidence(one) for one in old.get('evidence', ())],
        'parts': [_part(one['name'], one['points'], one['out_of'], one['note'], one['label']) for one in old.get('parts', ())],
    }


def _evidence(old: dict[str, Any]) -> dict[str, Any]:
    if old['kind'] == 'quote':
        return {**old, 'note': None}
    return {**old, 'text': '', 'note': _said(old['text'])}


def _part(name: str, points: float, out_of: float, why: str, label: str) -> dict[str, Any]:
    point = re.fullmatch(r'point_\d+', name) is not None
    return {
        'kind': 'point' if point else name,
        'points': points,
        'out_of': out_of,
        'reason': _said(why),
        'about': label if point else '',
    }


def _verdict(old: dict[str, Any]) -> dict[str, Any]:
    parts, notes = [], []
    for note in old.get('notes', ()):
        if match := PART_NOTE.match(note):
            name = re.sub(r'\W+', '_', match[1].lower()).strip('_')
            parts.append(_part(name, float(match[2]), float(match[3]), match[4] or '', match[1]))
        else:
            notes.append(_said(note))
    kept = {name: value for name, value in old.items() if name != 'not_scored_reason'}
    return {**kept, 'not_scored': _message(old.get('not_scored_reason')), 'parts': parts, 'notes': notes}


def _feedback(row: dict[str, Any]) -> dict[str, Any]:
    return {
        'told': [_said(row['summary'])] if row['summary'] else [],
        'strengths': [_said(one) for one in row['strengths']],
        'suggestions': [_said(one) for one in row['suggestions']],
        'overall': _overall(row['overall']),
        'questions': [_question(one) for one in row['questions']],
    }


def _question(old: dict[str, Any]) -> dict[str, Any]:
    better = old.get('better_answer')
    return {
        **old,
        **{name: [_said(one) for one in old.get(name, ())] for name in ('went_well', 'covered', 'suggestions')},
        'better_answer': [_said(better)] if better else [],
    }


def _overall(old: dict[str, Any]) -> dict[str, Any]:
    return {
        'value': old.get('value'),
        'scores': {kind: old.get(kind) for kind in KINDS},
        'reason': _message(old.get('reason')),
        'how': [_said(one) for one in old.get('how', ())],
        'questions': [
            {
                'question_id': one['question_id'],
                'position': one['position'],
                'scores': {kind: one[kind] for kind in KINDS},
                'reasons': {kind: _said(one[f'{kind}_reason']) for kind in KINDS if one[kind] is None},
                'responses_counted': one['responses_counted'],
            }
            for one in old.get('questions', ())
        ],
    }


def _live_event(row: dict[str, Any]) -> dict[str, Any]:
    data = row['data']
    kept = {name: value for name, value in data.items() if name not in KINDS}
    return {'data': {**kept, 'scores': {kind: _sent(kind, data[kind]) for kind in KINDS if kind in data}}}


def _sent(kind: str, old: dict[str, Any]) -> dict[str, Any]:
    """As the page is told of a score: each sentence with its message beside it."""
    label, meaning = KINDS[kind]
    parts = []
    for one in old['parts']:
        part = _part(one['name'], one['points'], one['out_of'], one['note'], one['label'])
        said = {'code': f"part.{part['kind']}", 'params': {'about': part.pop('about')}}
        note = part.pop('reason')
        parts.append(
            {**part, 'label': one['label'], 'label_message': said, 'note': one['note'], 'note_message': note}
        )
    return {
        'label': label,
        'label_message': {'code': f'score.{kind}.label', 'params': {}},
        'meaning': meaning,
        'meaning_message': {'code': f'score.{kind}.meaning', 'params': {}},
        'value': old['value'],
        'reason': old['reason'],
        'reason_message': _message(old['reason']),
        'evidence': [{**one, 'text_message': _evidence(one)['note']} for one in old['evidence']],
        'parts': parts,
    }


def _said(text: str) -> dict[str, Any]:
    return {'code': 'verbatim', 'params': {'text': text}}


def _message(text: str | None) -> dict[str, Any] | None:
    return _said(text) if text else None


def _authors(name: str, column: str) -> None:
    """"model; vendor: because", "model" or nothing becomes a record."""
    _add(name, 'author', '{}')
    table = sa.table(name, sa.column(column, sa.String), sa.column('author', sa.JSON))
    connection = op.get_bind()
    for stored in connection.scalars(sa.select(table.c[column]).distinct()).all():
        model, _, rest = stored.partition('; ')
        instead_of, _, because = rest.partition(': ')
        author = {'model': model, 'instead_of': instead_of, 'because': because} if model else {}
        connection.execute(table.update().where(table.c[column] == stored).values(author=author))
    _replace(name, column, 'author')


def _rewrite(
    name: str,
    read: tuple[str, ...],
    written: tuple[str, ...],
    change: Callable[[dict[str, Any]], dict[str, Any]],
    where: sa.ColumnElement[bool] | None = None,
) -> None:
    kinds = {'summary': sa.Text, 'type': sa.String, 'overall_score': sa.Integer}
    kinds |= {f'{kind}_score': sa.Integer for kind in KINDS}
    columns = dict.fromkeys((*read, *written))
    table = sa.table(name, sa.column('id'), *(sa.column(column, kinds.get(column, sa.JSON)()) for column in columns))
    for rows in _in_portions(table, read, where):
        op.get_bind().execute(
            table.update().where(table.c.id == sa.bindparam('row_id')).values({one: sa.bindparam(f'new_{one}') for one in written}),
            [{'row_id': row['id'], **{f'new_{one}': value for one, value in change(row).items()}} for row in rows],
        )


def _in_portions(
    table: sa.TableClause, read: tuple[str, ...], where: sa.ColumnElement[bool] | None
) -> Iterator[list[dict[str, Any]]]:
    query = sa.select(table.c.id, *(table.c[name] for name in read)).order_by(table.c.id).limit(ROWS_AT_ONCE)
    if where is not None:
        query = query.where(where)
    rows = [dict(row) for row in op.get_bind().execute(query).mappings()]
    while rows:
        yield rows
        rows = [dict(row) for row in op.get_bind().execute(query.where(table.c.id > rows[-1]['id'])).mappings()]


def _add(name: str, column: str, empty: str) -> None:
    with op.batch_alter_table(name) as table:
        table.add_column(sa.Column(column, sa.JSON(), nullable=False, server_default=empty))


def _drop(name: str, *columns: str) -> None:
    with op.batch_alter_table(name) as table:
        for column in columns:
            table.drop_column(column)


def _replace(name: str, old: str, new: str) -> None:
    """`new` takes the place and the name of `old`."""
    _drop(name, old)
    with op.batch_alter_table(name) as table:
        table.alter_column(new, new_column_name=old)
