"""what a recording needs to wait, to be tried again, and to let go of its pieces only when they are proven to be stored

`received_bytes` is counted from the pieces that there are. What failed before is tried again at once.

Revision: 0005, after 0004
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('recordings') as table:
        table.add_column(sa.Column('received_bytes', sa.BigInteger(), nullable=False, server_default='0'))
        table.add_column(sa.Column('failures', sa.Integer(), nullable=False, server_default='0'))
        table.add_column(sa.Column('retry_at', sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column('proof', sa.String(length=8), nullable=False, server_default=''))
    with op.batch_alter_table('recording_pieces') as table:
        table.add_column(sa.Column('created_at', sa.DateTime(timezone=True), nullable=True))
    op.execute(
        'UPDATE recordings SET received_bytes = COALESCE((SELECT SUM(p.size_bytes) FROM recording_pieces p '
        'JOIN recording_takes t ON t.id = p.take_id WHERE t.recording_id = recordings.id), 0)'
    )


def downgrade() -> None:
    with op.batch_alter_table('recording_pieces') as table:
        table.drop_column('created_at')
    with op.batch_alter_table('recordings') as table:
        for name in ('proof', 'retry_at', 'failures', 'received_bytes'):
            table.drop_column(name)
