"""The tables of what other systems are to a workspace, and the statements that make them (the tenth migration).

Nothing here may be edited once a release has it: see `schema`.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, String, Table, Text

from pipeline.workspace.engine.contact_tables import LARGE, TABLES

API_KEYS = Table(
    "api_keys",
    TABLES,
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("digest", String, nullable=False, unique=True),  # SHA-256 of the key's text
    Column("shown", String, nullable=False),  # its first characters
    Column("scopes", Text, nullable=False),  # JSON list
    Column("units", Text, nullable=False),  # JSON list
    Column("made_by", String, nullable=False),
    Column("created", Float, nullable=False),  # seconds since 1970
    Column("until", Float, nullable=False),
    Column("used", Float),
    Column("revoked", Float),
)

# What came from outside. Its bytes lie sealed beside the database until they were read; the row stays, as the job.
ARRIVALS = Table(
    "arrivals",
    TABLES,
    Column("id", String, primary_key=True),
    Column("place", Integer, nullable=False, unique=True),  # rises in the order in which they came
    Column("product", String, nullable=False),
    Column("series_id", String, nullable=False),
    Column("sender", String, nullable=False),  # id of a key | "folder"
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("sha256", String, nullable=False),
    Column("size", LARGE, nullable=False),
    Column("idempotency_key", String),  # null where none was given
    Column("state", String, nullable=False),  # waiting | reading | done | refused
    Column("created", String, nullable=False),
    Column("progress", Text, nullable=False),  # JSON
    Column("batch", String, nullable=False),  # those that are read together share it
    Column("dataset_id", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("rejected", Text, nullable=False),  # JSON list of [row, code, field]: no cell
    Column("report", Text, nullable=False),  # JSON, without previews of personal columns; "" while it is not read
    Column("left_out", Integer, nullable=False),
    Column("note", Text, nullable=False),  # JSON; "" where there is nothing to say
    Column("ended", String, nullable=False),
    Column("scoring", Text, nullable=False, server_default=""),  # JSON: how to score it; "" where it is to be kept
)

# Of the processes that serve the workspace one reads arrivals: whoever holds the lease.
LEASES = Table(
    "leases",
    TABLES,
    Column("name", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("until", Float, nullable=False),  # seconds since 1970
)

STATEMENTS = (
    """CREATE TABLE api_keys (
        id VARCHAR NOT NULL PRIMARY KEY, name VARCHAR NOT NULL, digest VARCHAR NOT NULL UNIQUE,
        shown VARCHAR NOT NULL, scopes TEXT NOT NULL, units TEXT NOT NULL, made_by VARCHAR NOT NULL,
        created FLOAT NOT NULL, until FLOAT NOT NULL, used FLOAT, revoked FLOAT)""",
    """CREATE TABLE arrivals (
        id VARCHAR NOT NULL PRIMARY KEY, place INTEGER NOT NULL UNIQUE, product VARCHAR NOT NULL,
        series_id VARCHAR NOT NULL, sender VARCHAR NOT NULL, kind VARCHAR NOT NULL, name VARCHAR NOT NULL,
        sha256 VARCHAR NOT NULL, size INTEGER NOT NULL, idempotency_key VARCHAR, state VARCHAR NOT NULL,
        created VARCHAR NOT NULL, progress TEXT NOT NULL, batch VARCHAR NOT NULL, dataset_id VARCHAR NOT NULL,
        "rows" INTEGER NOT NULL, rejected TEXT NOT NULL, report TEXT NOT NULL, left_out INTEGER NOT NULL,
        note TEXT NOT NULL, ended VARCHAR NOT NULL)""",
    "CREATE UNIQUE INDEX one_arrival_of_a_key ON arrivals (sender, idempotency_key)",
    "CREATE INDEX arrivals_of_a_state ON arrivals (state, place)",
    "CREATE TABLE leases (name VARCHAR NOT NULL PRIMARY KEY, holder VARCHAR NOT NULL, until FLOAT NOT NULL)",
)

# The twelfth migration: what is sent may be to be scored, and not kept.
SCORING_STATEMENTS = ("ALTER TABLE arrivals ADD COLUMN scoring TEXT DEFAULT '' NOT NULL",)
