"""what vendors need: calls, their webhooks, paid model calls, and who wrote what

Revision: 0002, after 0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0002'
down_revision = '0001'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('users') as table:
        table.add_column(sa.Column('external_subject', sa.String(length=320), nullable=True))
        table.create_unique_constraint('uq_users_external_subject', ['external_subject'])
    with op.batch_alter_table('interviews') as table:
        table.add_column(sa.Column('planned_by', sa.String(length=80), nullable=False, server_default=''))
    with op.batch_alter_table('responses') as table:
        table.add_column(sa.Column('judged_by', sa.String(length=80), nullable=False, server_default=''))
    with op.batch_alter_table('feedbacks') as table:
        table.add_column(sa.Column('written_by', sa.String(length=80), nullable=False, server_default=''))
    with op.batch_alter_table('recording_takes') as table:
        table.add_column(sa.Column('storage', sa.String(length=16), nullable=False, server_default='local'))
        table.add_column(sa.Column('asset', sa.JSON(), nullable=False, server_default='{}'))
    with op.batch_alter_table('recordings') as table:
        table.add_column(sa.Column('parts', sa.JSON(), nullable=False, server_default='[]'))

    op.create_table('asset_removals',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('provider', sa.String(length=16), nullable=False),
    sa.Column('asset', sa.String(length=255), nullable=False),
    sa.Column('repeat_until', sa.DateTime(timezone=True), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_asset_removals')),
    sa.UniqueConstraint('asset', name=op.f('uq_asset_removals_asset'))
    )

    op.create_table('avatar_sessions',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('interview_id', sa.String(length=36), nullable=False),
    sa.Column('provider', sa.String(length=16), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('vendor_id', sa.String(length=80), nullable=False),
    sa.Column('conversation_url', sa.String(length=500), nullable=False),
    sa.Column('join_token', sa.Text(), nullable=False),
    sa.Column('callback_hash', sa.String(length=64), nullable=False),
    sa.Column('status', sa.String(length=12), nullable=False),
    sa.Column('failure', sa.String(length=64), nullable=False),
    sa.Column('ended_reason', sa.String(length=120), nullable=False),
    sa.Column('clock_start_ms', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ended_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('join_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('looks', sa.Integer(), nullable=False),
    sa.Column('look_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('transcript_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['interview_id'], ['interviews.id'], name=op.f('fk_avatar_sessions_interview_id_interviews'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_avatar_sessions')),
    sa.UniqueConstraint('name', name=op.f('uq_avatar_sessions_name'))
    )
    with op.batch_alter_table('avatar_sessions') as table:
        table.create_index(op.f('ix_avatar_sessions_interview_id'), ['interview_id'])
        table.create_index(op.f('ix_avatar_sessions_status'), ['status'])
        table.create_index(op.f('ix_avatar_sessions_vendor_id'), ['vendor_id'])

    op.create_table('vendor_events',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('provider', sa.String(length=16), nullable=False),
    sa.Column('key', sa.String(length=200), nullable=False),
    sa.Column('interview_id', sa.String(length=36), nullable=False),
    sa.Column('kind', sa.String(length=80), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['interview_id'], ['interviews.id'], name=op.f('fk_vendor_events_interview_id_interviews'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_vendor_events')),
    sa.UniqueConstraint('provider', 'key', name='uq_vendor_events_key')
    )
    with op.batch_alter_table('vendor_events') as table:
        table.create_index(op.f('ix_vendor_events_interview_id'), ['interview_id'])

    op.create_table('model_calls',
    sa.Column('id', sa.String(length=36), nullable=False),
    sa.Column('user_id', sa.String(length=36), nullable=False),
    sa.Column('interview_id', sa.String(length=36), nullable=False),
    sa.Column('provider', sa.String(length=24), nullable=False),
    sa.Column('model', sa.String(length=80), nullable=False),
    sa.Column('purpose', sa.String(length=24), nullable=False),
    sa.Column('outcome', sa.String(length=24), nullable=False),
    sa.Column('input_tokens', sa.Integer(), nullable=False),
    sa.Column('output_tokens', sa.Integer(), nullable=False),
    sa.Column('cost_micros', sa.BigInteger(), nullable=True),
    sa.Column('duration_ms', sa.Integer(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_model_calls'))
    )
    with op.batch_alter_table('model_calls') as table:
        table.create_index(op.f('ix_model_calls_created_at'), ['created_at'])
        table.create_index(op.f('ix_model_calls_interview_id'), ['interview_id'])
        table.create_index(op.f('ix_model_calls_user_id'), ['user_id'])


def downgrade() -> None:
    for name in ('model_calls', 'vendor_events', 'avatar_sessions', 'asset_removals'):
        op.drop_table(name)
    with op.batch_alter_table('recordings') as table:
        table.drop_column('parts')
    with op.batch_alter_table('recording_takes') as table:
        table.drop_column('asset')
        table.drop_column('storage')
    for name, column in (('feedbacks', 'written_by'), ('responses', 'judged_by'), ('interviews', 'planned_by')):
        with op.batch_alter_table(name) as table:
            table.drop_column(column)
    with op.batch_alter_table('users') as table:
        table.drop_constraint('uq_users_external_subject', type_='unique')
        table.drop_column('external_subject')
