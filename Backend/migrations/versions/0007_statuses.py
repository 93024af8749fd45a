"""the database refuses a status that is none

Revision: 0007, after 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

STATUSES = {
    'interviews': ('preparing', 'scheduled', 'in_progress', 'processing', 'completed', 'failed', 'abandoned'),
    'recordings': ('none', 'recording', 'uploading', 'assembling', 'ready', 'failed'),
    'avatar_sessions': ('starting', 'active', 'ending', 'ended', 'failed'),
}


def upgrade() -> None:
    # All are looked at before anything is changed: SQLite does not take back a table that has been altered.
    strange = [found for name in STATUSES for found in _strange(name)]
    if strange:
        raise CommandError(
            f'there are rows with a status that this version does not know: {"; ".join(strange)}. No table was changed '
            'for this. Set them to a status of their table, and start again'
        )
    for name in STATUSES:
        with op.batch_alter_table(name) as table:
            table.create_check_constraint(op.f(f'ck_{name}_status'), _known(name))


def downgrade() -> None:
    for name in STATUSES:
        with op.batch_alter_table(name) as table:
            table.drop_constraint(op.f(f'ck_{name}_status'), type_='check')


def _known(name: str) -> str:
    return f"status IN ({', '.join(map(repr, STATUSES[name]))})"


def _strange(name: str) -> list[str]:
    table = sa.table(name, sa.column('status', sa.String))
    unknown = sa.select(table.c.status, sa.func.count()).where(table.c.status.not_in(STATUSES[name]))
    rows = op.get_bind().execute(unknown.group_by(table.c.status).order_by(table.c.status))
    return [f'{name}.status {status!r} ({count})' for status, count in rows]
