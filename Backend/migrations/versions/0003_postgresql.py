"""what PostgreSQL asks for: room for a video of 2 GB and more, and row level security without policies

Hosted PostgreSQL may publish every table of the schema over HTTP, to roles that anybody can take on. Without a policy
such a role sees no row; the owner of the tables, which is this application, is not held back.

Revision: 0003, after 0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

TABLES = (
    'access_records', 'alembic_version', 'asset_removals', 'avatar_sessions', 'feedbacks', 'follow_ups', 'interviews',
    'live_events', 'login_sessions', 'model_calls', 'profiles', 'questions', 'recording_pieces', 'recording_takes', 'recordings',
    'responses', 'users', 'utterances', 'vendor_events',
)


def upgrade() -> None:
    with op.batch_alter_table('recordings') as table:
        table.alter_column('size_bytes', type_=sa.BigInteger(), existing_type=sa.Integer(), existing_nullable=False)
    if op.get_bind().dialect.name == 'postgresql':
        for table in TABLES:
            op.execute(f'ALTER TABLE IF EXISTS {table} ENABLE ROW LEVEL SECURITY')


def downgrade() -> None:
    if op.get_bind().dialect.name == 'postgresql':
        for table in TABLES:
            op.execute(f'ALTER TABLE IF EXISTS {table} DISABLE ROW LEVEL SECURITY')
    with op.batch_alter_table('recordings') as table:
        table.alter_column('size_bytes', type_=sa.Integer(), existing_type=sa.BigInteger(), existing_nullable=False)
