"""The tables of who is told what, and the statements that make them (the eleventh migration).

Nothing here may be edited once a release has it: see `schema`.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, LargeBinary, String, Table, Text

from pipeline.workspace.engine.contact_tables import TABLES

WEBHOOKS = Table(
    "webhooks",
    TABLES,
    Column("id", String, primary_key=True),
    Column("sealed", LargeBinary, nullable=False),  # address and secret, sealed with the workspace's key
    Column("events", Text, nullable=False),  # JSON list
    Column("state", String, nullable=False),  # active | paused | failing | gone
    Column("private", Boolean, nullable=False),
    Column("key_id", String, nullable=False),  # "" for none
    Column("made_by", String, nullable=False),
    Column("created", Float, nullable=False),  # seconds since 1970
    Column("arrived", Float),  # the last telling that was taken
)

# The outbox: written in the transaction of what it tells of. Keys of events go at an erasure, rows after 30 days.
WEBHOOK_DELIVERIES = Table(
    "webhook_deliveries",
    TABLES,
    Column("id", String, primary_key=True),
    Column("webhook_id", String, ForeignKey("webhooks.id", ondelete="CASCADE"), nullable=False),
    Column("event", String, nullable=False),
    Column("created", Float, nullable=False),
    Column("data", Text, nullable=False),  # JSON: ids of ours, counts, key words
    Column("keys", Text, nullable=False),  # JSON list
    Column("state", String, nullable=False),  # waiting | delivered | failed
    Column("attempts", Integer, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("due", Float, nullable=False),
    Column("tried", Float),
    Column("status", Integer, nullable=False),
    Column("problem", String, nullable=False),
    Column("answer", Text, nullable=False),
)

STATEMENTS = (
    """CREATE TABLE webhooks (
        id VARCHAR NOT NULL PRIMARY KEY, sealed BLOB NOT NULL, events TEXT NOT NULL, state VARCHAR NOT NULL,
        private BOOLEAN NOT NULL, key_id VARCHAR NOT NULL, made_by VARCHAR NOT NULL, created FLOAT NOT NULL,
        arrived FLOAT)""",
    """CREATE TABLE webhook_deliveries (
        id VARCHAR NOT NULL PRIMARY KEY, webhook_id VARCHAR NOT NULL, event VARCHAR NOT NULL, created FLOAT NOT NULL,
        data TEXT NOT NULL, "keys" TEXT NOT NULL, state VARCHAR NOT NULL, attempts INTEGER NOT NULL,
        tries INTEGER NOT NULL, due FLOAT NOT NULL, tried FLOAT, status INTEGER NOT NULL, problem VARCHAR NOT NULL,
        answer TEXT NOT NULL, FOREIGN KEY (webhook_id) REFERENCES webhooks (id) ON DELETE CASCADE)""",
    "CREATE INDEX deliveries_of_a_webhook ON webhook_deliveries (webhook_id, state, due)",
)
