"""what kind of interview it is and how long, and what form and topic each question has

Revision: 0008, after 0007. What was there before is a mixed interview of five; its questions have no form and no topic.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('interviews') as table:
        table.add_column(sa.Column('kind', sa.String(16), nullable=False, server_default='mixed'))
        table.add_column(sa.Column('length', sa.Integer(), nullable=False, server_default='5'))
    with op.batch_alter_table('questions') as table:
        table.add_column(sa.Column('form', sa.String(16), nullable=True))
        table.add_column(sa.Column('topic', sa.String(120), nullable=False, server_default=''))


def downgrade() -> None:
    with op.batch_alter_table('questions') as table:
        table.drop_column('topic')
        table.drop_column('form')
    with op.batch_alter_table('interviews') as table:
        table.drop_column('length')
        table.drop_column('kind')
