"""the database refuses a status of a response that is none

Revision: 0009, after 0008
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from alembic.util import CommandError

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None

STATUSES = ('open', 'ended', 'assessed')


def upgrade() -> None:
    # Looked at before anything is changed: SQLite does not take back a table that has been altered.
    table = sa.table('responses', sa.column('status', sa.String))
    unknown = sa.select(table.c.status, sa.func.count()).where(table.c.status.not_in(STATUSES))
    rows = op.get_bind().execute(unknown.group_by(table.c.status).order_by(table.c.status))
    strange = [f'responses.status {status!r} ({count})' for status, count in rows]
    if strange:
        raise CommandError(
            f'there are rows with a status that this version does not know: {"; ".join(strange)}. The table was not '
            'changed for this. Set them to one of open, ended and assessed, and start again'
        )
    with op.batch_alter_table('responses') as batch:
        batch.create_check_constraint(op.f('ck_responses_status'), f"status IN ({', '.join(map(repr, STATUSES))})")


def downgrade() -> None:
    with op.batch_alter_table('responses') as batch:
        batch.drop_constraint(op.f('ck_responses_status'), type_='check')
