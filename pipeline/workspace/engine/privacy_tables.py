"""The tables of what is asked and done about personal data, and the statements that make them (the ninth migration).

Nothing here may be edited once a release has it: see `schema`.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Integer, LargeBinary, String, Table, Text

from pipeline.workspace.engine.contact_tables import TABLES

# One seal for each entry of the audit log, in its order: it covers the entry and the seal before it.
AUDIT_CHAIN = Table(
    "audit_chain",
    TABLES,
    Column("id", Integer, primary_key=True),  # the entry's
    Column("seal", String, nullable=False),  # hex
)

# Erasures that a patient asked for. `target` is sealed, and null once everything is erased.
ERASURES = Table(
    "erasures",
    TABLES,
    Column("id", String, primary_key=True),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("target", LargeBinary),
    Column("facts", Text, nullable=False),  # JSON: counts, ids of data sets and models; never the patient
)

# The spreadsheet rows that were erased: they stay counted, and stay away when the same file is sent again.
ERASED_ROWS = Table(
    "erased_rows",
    TABLES,
    Column("dataset_id", String, ForeignKey("datasets.id", ondelete="CASCADE"), primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("at", String, nullable=False),
)

# A patient's request that a person look at a risk (LGPD, art. 20), and what came of it.
RISK_REVIEWS = Table(
    "risk_reviews",
    TABLES,
    Column("id", String, primary_key=True),
    Column("series_id", String, nullable=False),
    Column("event_key", String, nullable=False),
    Column("patient", String, nullable=False),  # pseudonym; "" where the row has none
    Column("asked_at", String, nullable=False),
    Column("asked_by", String, nullable=False),  # of the staff: who wrote the request down
    Column("why", LargeBinary, nullable=False),  # sealed under the review's id, as `reason` is
    Column("risk", Float),  # as the model said it when the review was asked for
    Column("decided_at", String),
    Column("decided_by", String, nullable=False),
    Column("decision", String, nullable=False),  # kept | changed; "" while it is open
    Column("risk_after", Float),
    Column("reason", LargeBinary),
)

STATEMENTS = (
    "CREATE TABLE audit_chain (id INTEGER NOT NULL PRIMARY KEY, seal VARCHAR NOT NULL)",
    """CREATE TRIGGER audit_chain_is_not_changed BEFORE UPDATE ON audit_chain
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TRIGGER audit_chain_is_not_erased BEFORE DELETE ON audit_chain
        BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
    """CREATE TABLE erasures (
        id VARCHAR NOT NULL PRIMARY KEY, at VARCHAR NOT NULL, actor VARCHAR NOT NULL, target BLOB,
        facts TEXT NOT NULL)""",
    """CREATE TABLE erased_rows (
        dataset_id VARCHAR NOT NULL, "row" INTEGER NOT NULL, at VARCHAR NOT NULL, PRIMARY KEY (dataset_id, "row"),
        FOREIGN KEY (dataset_id) REFERENCES datasets (id) ON DELETE CASCADE)""",
    """CREATE TABLE risk_reviews (
        id VARCHAR NOT NULL PRIMARY KEY, series_id VARCHAR NOT NULL, event_key VARCHAR NOT NULL,
        patient VARCHAR NOT NULL, asked_at VARCHAR NOT NULL, asked_by VARCHAR NOT NULL, why BLOB NOT NULL,
        risk FLOAT, decided_at VARCHAR, decided_by VARCHAR NOT NULL, decision VARCHAR NOT NULL, risk_after FLOAT,
        reason BLOB)""",
    "CREATE INDEX reviews_of_a_series ON risk_reviews (series_id)",
)
