"""The tables, and the migrations that lead to them.

A migration is written once and never edited: workspaces in clinics have gone through it. A change of the
tables is a new entry at the end; a test checks that all migrations together give exactly these tables.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, LargeBinary, String, Table, Text

from pipeline.workspace.engine.blob_tables import STATEMENTS as BLOB_STATEMENTS
from pipeline.workspace.engine.contact_tables import STATEMENTS as CONTACT_STATEMENTS
from pipeline.workspace.engine.contact_tables import TABLES
from pipeline.workspace.engine.integration_tables import SCORING_STATEMENTS
from pipeline.workspace.engine.integration_tables import STATEMENTS as INTEGRATION_STATEMENTS
from pipeline.workspace.engine.people_tables import STATEMENTS as PEOPLE_STATEMENTS
from pipeline.workspace.engine.privacy_tables import STATEMENTS as PRIVACY_STATEMENTS
from pipeline.workspace.engine.webhook_tables import STATEMENTS as WEBHOOK_STATEMENTS

VERSIONS = Table(
    "schema_version",
    TABLES,
    Column("version", Integer, primary_key=True),
    Column("applied", String, nullable=False),
)

SETTINGS = Table(
    "settings",
    TABLES,
    Column("key", String, primary_key=True),
    Column("value", Text, nullable=False),  # JSON
)

# A clinic's or network's own run of files of one product.
SERIES = Table(
    "series",
    TABLES,
    Column("id", String, primary_key=True),
    Column("product", String, nullable=False),
    Column("name", String, nullable=False),
    Column("created", String, nullable=False),
    Column("is_sample", Boolean, nullable=False),
    Column("model_id", String, nullable=False),  # the model in use; "" while there is none
    Column("headers", Text, nullable=False),  # JSON list: keys (hashes) of the sets of headers that its files had
    Column("uses", Text, nullable=False, server_default="[]"),  # JSON list: which model was put to use when, by whom
)

DATASETS = Table(
    "datasets",
    TABLES,
    Column("id", String, primary_key=True),
    Column("product", String, nullable=False),
    Column("name", String, nullable=False),
    Column("created", String, nullable=False),
    Column("rows", Integer, nullable=False),
    Column("is_sample", Boolean, nullable=False),
    Column("purpose", String, nullable=False),
    Column("first_date", String),
    Column("last_date", String),
    Column("usable_for", Text, nullable=False),  # JSON list
    Column("vault_until", String),  # last day on which the raw table is kept; null once it is erased
    Column("sha256", String, nullable=False),
    Column("mapping", Text, nullable=False),  # JSON: which header was taken for which field
    Column("state", String, nullable=False),  # ready | deleting
    Column("revision", Integer, nullable=False, server_default="0"),  # how often it was read again with another recipe
    Column("series_id", String, nullable=False, server_default=""),  # "" until the workspace was sorted into series
)

# What was decided about files with the same headers: replayed on the next one.
RECIPES = Table(
    "recipes",
    TABLES,
    Column("id", String, primary_key=True),
    Column("product", String, nullable=False),
    Column("headers_key", String, nullable=False),  # hash of the folded headers
    Column("name", String, nullable=False),  # of the file from which it came
    Column("headers", Text, nullable=False),  # JSON list
    Column("created", String, nullable=False),
    Column("used", Integer, nullable=False),
    Column("recipe", Text, nullable=False),  # JSON, without the repairs of single cells
    Column("series_id", String, nullable=False, server_default=""),
    Column("dataset_id", String, nullable=False, server_default=""),  # it goes with this data set; "": it was kept
)

MODELS = Table(
    "models",
    TABLES,
    Column("id", String, primary_key=True),
    Column("product", String, nullable=False),
    Column("created", String, nullable=False),
    Column("dataset_id", String, ForeignKey("datasets.id", ondelete="SET NULL")),
    Column("dataset_deleted", Boolean, nullable=False),
    Column("dataset_name", String, nullable=False),
    Column("trained_until", String, nullable=False),
    Column("auc_ahead", Float),
    Column("sha256", String, nullable=False),
    Column("card", Text, nullable=False),  # JSON
    Column("series_id", String, nullable=False, server_default=""),
    Column("note", Text, nullable=False, server_default=""),  # sealed under the model's id, as base64; "" without one
)

# Risks of the rows of a data set under a model: of past rows ("past"), or of a list on a date ("scored").
RISKS = Table(
    "risks",
    TABLES,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("dataset_id", String, ForeignKey("datasets.id", ondelete="CASCADE"), nullable=False),
    Column("model_id", String, ForeignKey("models.id", ondelete="CASCADE"), nullable=False),
    Column("as_of", String, nullable=False),  # "" for past rows
    Column("meta", Text, nullable=False),  # JSON
)

JOBS = Table(
    "jobs",
    TABLES,
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("product", String, nullable=False),
    Column("dataset_id", String, ForeignKey("datasets.id", ondelete="CASCADE")),  # none of one that is to make it
    Column("options", Text, nullable=False),  # JSON: effort, seed
    Column("state", String, nullable=False),  # queued | running | done | failed | cancelled | orphaned
    Column("created", String, nullable=False),
    Column("heartbeat", Float, nullable=False),  # seconds since 1970
    Column("pid", Integer),
    Column("cancel_requested", Boolean, nullable=False),
    Column("progress", Text, nullable=False),  # JSON
    Column("model_id", String),
    Column("message", Text, nullable=False),
)

AUDIT = Table(
    "audit",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("at", String, nullable=False),
    Column("action", String, nullable=False),
    Column("facts", Text, nullable=False),  # JSON: ids and counts, never a patient
)

# What is done about an event of a series: who answers, until when, how far it is. Most events have none.
FOLLOW_UPS = Table(
    "follow_ups",
    TABLES,
    Column("id", String, primary_key=True),
    Column("series_id", String, nullable=False),
    Column("event_key", String, nullable=False),  # 16 hex digits: SQLite's integers have a sign
    Column("state", String, nullable=False),
    Column("owner", String, nullable=False),  # of the staff; "" for nobody
    Column("taken_in", String, nullable=False),
    Column("due", String),
    Column("answered", String),
    Column("updated", String, nullable=False),
    Column("version", Integer, nullable=False),  # counts changes: a change of what was seen before another's is told
    Column("notes", Integer, nullable=False),
)

# Each thing that was done. Nothing is changed afterwards; notes go when what they speak of is erased.
FOLLOW_UP_EVENTS = Table(
    "follow_up_events",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("follow_up_id", String, ForeignKey("follow_ups.id", ondelete="CASCADE"), nullable=False),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("who", String, nullable=False),
    Column("what", String, nullable=False),
    Column("said_before", String, nullable=False),
    Column("said_after", String, nullable=False),
    Column("note", LargeBinary),  # sealed under the id of its follow-up: it may quote a patient
)

# The waiting list of a series, as it was last sent; its raw sheet rests sealed under the list's id.
WAITING_LISTS = Table(
    "waiting_lists",
    TABLES,
    Column("id", String, primary_key=True),
    Column("series_id", String, ForeignKey("series.id", ondelete="CASCADE"), nullable=False, unique=True),
    Column("created", String, nullable=False),
    Column("facts", Text, nullable=False),  # JSON: the counts of a WaitingList
    Column("raw", LargeBinary),  # null once it is erased
    Column("vault_until", String),
)

WAITING_ENTRIES = Table(
    "waiting_entries",
    TABLES,
    Column("list_id", String, ForeignKey("waiting_lists.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String, primary_key=True),  # alike for the same wait in the next list
    Column("patient", String, nullable=False),  # pseudonym
    Column("entry", Text, nullable=False),  # JSON
)

# A slot that was emptied, as it was offered to one who waits; they outlive the list.
OFFERS = Table(
    "offers",
    TABLES,
    Column("id", String, primary_key=True),
    Column("series_id", String, ForeignKey("series.id", ondelete="CASCADE"), nullable=False),
    Column("slot_key", String, nullable=False),
    Column("patient", String, nullable=False),  # pseudonym
    Column("state", String, nullable=False),
    Column("version", Integer, nullable=False),
    Column("offer", Text, nullable=False),  # JSON, whole
    Column("actor", String, nullable=False),  # who changed it last
)


@dataclass(frozen=True)
class Migration:
    """The statements that bring the database to a version."""

    version: int
    statements: tuple[str, ...]


MIGRATIONS: tuple[Migration, ...] = (
    Migration(
        1,
        (
            "CREATE TABLE settings (key VARCHAR NOT NULL PRIMARY KEY, value TEXT NOT NULL)",
            """CREATE TABLE datasets (
                id VARCHAR NOT NULL PRIMARY KEY, product VARCHAR NOT NULL, name VARCHAR NOT NULL,
                created VARCHAR NOT NULL, rows INTEGER NOT NULL, is_sample BOOLEAN NOT NULL,
                purpose VARCHAR NOT NULL, first_date VARCHAR, last_date VARCHAR, usable_for TEXT NOT NULL,
                vault_until VARCHAR, sha256 VARCHAR NOT NULL, mapping TEXT NOT NULL, state VARCHAR NOT NULL)""",
            """CREATE UNIQUE INDEX one_dataset_a_file ON datasets (product, sha256, mapping)
                WHERE state = 'ready'""",
            """CREATE TABLE models (
                id VARCHAR NOT NULL PRIMARY KEY, product VARCHAR NOT NULL, created VARCHAR NOT NULL,
                dataset_id VARCHAR, dataset_deleted BOOLEAN NOT NULL, dataset_name VARCHAR NOT NULL,
                trained_until VARCHAR NOT NULL, auc_ahead FLOAT, sha256 VARCHAR NOT NULL, card TEXT NOT NULL,
                FOREIGN KEY (dataset_id) REFERENCES datasets (id) ON DELETE SET NULL)""",
            """CREATE TABLE risks (
                id VARCHAR NOT NULL PRIMARY KEY, kind VARCHAR NOT NULL, dataset_id VARCHAR NOT NULL,
                model_id VARCHAR NOT NULL, as_of VARCHAR NOT NULL, meta TEXT NOT NULL,
                FOREIGN KEY (dataset_id) REFERENCES datasets (id) ON DELETE CASCADE,
                FOREIGN KEY (model_id) REFERENCES models (id) ON DELETE CASCADE)""",
            "CREATE UNIQUE INDEX one_of_risks ON risks (kind, dataset_id, model_id, as_of)",
            """CREATE TABLE jobs (
                id VARCHAR NOT NULL PRIMARY KEY, kind VARCHAR NOT NULL, product VARCHAR NOT NULL,
                dataset_id VARCHAR NOT NULL, options TEXT NOT NULL, state VARCHAR NOT NULL, created VARCHAR NOT NULL,
                heartbeat FLOAT NOT NULL, pid INTEGER, cancel_requested BOOLEAN NOT NULL,
                progress TEXT NOT NULL, model_id VARCHAR, message TEXT NOT NULL,
                FOREIGN KEY (dataset_id) REFERENCES datasets (id) ON DELETE CASCADE)""",
            "CREATE UNIQUE INDEX one_job_at_a_time ON jobs (kind) WHERE state IN ('queued', 'running')",
            """CREATE TABLE audit (
                id INTEGER NOT NULL PRIMARY KEY, at VARCHAR NOT NULL, action VARCHAR NOT NULL, facts TEXT NOT NULL)""",
            """CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
                BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
            """CREATE TRIGGER audit_is_not_erased BEFORE DELETE ON audit
                BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END""",
        ),
    ),
    Migration(
        2,
        (
            "ALTER TABLE datasets ADD COLUMN revision INTEGER DEFAULT '0' NOT NULL",
            """CREATE TABLE recipes (
                id VARCHAR NOT NULL PRIMARY KEY, product VARCHAR NOT NULL, headers_key VARCHAR NOT NULL,
                name VARCHAR NOT NULL,
                headers TEXT NOT NULL, created VARCHAR NOT NULL, used INTEGER NOT NULL, recipe TEXT NOT NULL)""",
            "CREATE UNIQUE INDEX one_recipe_for_headers ON recipes (product, headers_key)",
        ),
    ),
    Migration(
        3,
        (
            """CREATE TABLE series (
                id VARCHAR NOT NULL PRIMARY KEY, product VARCHAR NOT NULL, name VARCHAR NOT NULL,
                created VARCHAR NOT NULL,
                is_sample BOOLEAN NOT NULL, model_id VARCHAR NOT NULL, headers TEXT NOT NULL)""",
            "ALTER TABLE datasets ADD COLUMN series_id VARCHAR DEFAULT '' NOT NULL",
            "ALTER TABLE models ADD COLUMN series_id VARCHAR DEFAULT '' NOT NULL",
            "ALTER TABLE recipes ADD COLUMN series_id VARCHAR DEFAULT '' NOT NULL",
            "ALTER TABLE recipes ADD COLUMN dataset_id VARCHAR DEFAULT '' NOT NULL",
            "DROP INDEX one_dataset_a_file",
            "CREATE UNIQUE INDEX one_dataset_a_file ON datasets (product, series_id, sha256, mapping) WHERE "
            "state = 'ready'",
            "DROP INDEX one_recipe_for_headers",
            "CREATE UNIQUE INDEX one_recipe_for_headers ON recipes (product, series_id, headers_key)",
        ),
    ),
    Migration(
        4,
        (
            """CREATE TABLE follow_ups (
                id VARCHAR NOT NULL PRIMARY KEY, series_id VARCHAR NOT NULL, event_key VARCHAR NOT NULL,
                state VARCHAR NOT NULL, owner VARCHAR NOT NULL, taken_in VARCHAR NOT NULL, due VARCHAR,
                answered VARCHAR, updated VARCHAR NOT NULL, version INTEGER NOT NULL, notes INTEGER NOT NULL)""",
            "CREATE UNIQUE INDEX one_follow_up_of_an_event ON follow_ups (series_id, event_key)",
            """CREATE TABLE follow_up_events (
                id INTEGER NOT NULL PRIMARY KEY, follow_up_id VARCHAR NOT NULL, at VARCHAR NOT NULL,
                actor VARCHAR NOT NULL, who VARCHAR NOT NULL, what VARCHAR NOT NULL, said_before VARCHAR NOT NULL,
                said_after VARCHAR NOT NULL, note BLOB,
                FOREIGN KEY (follow_up_id) REFERENCES follow_ups (id) ON DELETE CASCADE)""",
            "CREATE INDEX events_of_a_follow_up ON follow_up_events (follow_up_id)",
            """CREATE TRIGGER follow_up_events_are_not_changed BEFORE UPDATE ON follow_up_events
                BEGIN SELECT RAISE(ABORT, 'what was done is not changed'); END""",
        ),
    ),
    Migration(
        5,
        (
            "ALTER TABLE models ADD COLUMN note TEXT DEFAULT '' NOT NULL",
            "ALTER TABLE series ADD COLUMN uses TEXT DEFAULT '[]' NOT NULL",
        ),
    ),
    Migration(6, CONTACT_STATEMENTS),
    Migration(
        7,
        (
            """CREATE TABLE waiting_lists (
                id VARCHAR NOT NULL PRIMARY KEY, series_id VARCHAR NOT NULL UNIQUE, created VARCHAR NOT NULL,
                facts TEXT NOT NULL, raw BLOB, vault_until VARCHAR,
                FOREIGN KEY (series_id) REFERENCES series (id) ON DELETE CASCADE)""",
            """CREATE TABLE waiting_entries (
                list_id VARCHAR NOT NULL, key VARCHAR NOT NULL, patient VARCHAR NOT NULL, entry TEXT NOT NULL,
                PRIMARY KEY (list_id, key),
                FOREIGN KEY (list_id) REFERENCES waiting_lists (id) ON DELETE CASCADE)""",
            """CREATE TABLE offers (
                id VARCHAR NOT NULL PRIMARY KEY, series_id VARCHAR NOT NULL, slot_key VARCHAR NOT NULL,
                patient VARCHAR NOT NULL, state VARCHAR NOT NULL, version INTEGER NOT NULL, offer TEXT NOT NULL,
                actor VARCHAR NOT NULL,
                FOREIGN KEY (series_id) REFERENCES series (id) ON DELETE CASCADE)""",
            "CREATE UNIQUE INDEX one_acceptance_of_a_slot ON offers (series_id, slot_key) WHERE state = 'accepted'",
            "CREATE INDEX offers_of_a_series ON offers (series_id, state)",
        ),
    ),
    Migration(8, PEOPLE_STATEMENTS),
    Migration(9, PRIVACY_STATEMENTS),
    Migration(10, INTEGRATION_STATEMENTS),
    Migration(11, WEBHOOK_STATEMENTS),
    Migration(12, SCORING_STATEMENTS),
    Migration(  # a job that makes a data set has none while it runs
        13,
        (
            """CREATE TABLE jobs_with_or_without_data (
                id VARCHAR NOT NULL PRIMARY KEY, kind VARCHAR NOT NULL, product VARCHAR NOT NULL,
                dataset_id VARCHAR, options TEXT NOT NULL, state VARCHAR NOT NULL, created VARCHAR NOT NULL,
                heartbeat FLOAT NOT NULL, pid INTEGER, cancel_requested BOOLEAN NOT NULL,
                progress TEXT NOT NULL, model_id VARCHAR, message TEXT NOT NULL,
                FOREIGN KEY (dataset_id) REFERENCES datasets (id) ON DELETE CASCADE)""",
            """INSERT INTO jobs_with_or_without_data (id, kind, product, dataset_id, options, state, created, heartbeat,
                pid, cancel_requested, progress, model_id, message)
                SELECT id, kind, product, dataset_id, options, state, created, heartbeat, pid, cancel_requested,
                progress, model_id, message FROM jobs ORDER BY created""",
            "DROP TABLE jobs",
            "ALTER TABLE jobs_with_or_without_data RENAME TO jobs",
            "CREATE UNIQUE INDEX one_job_at_a_time ON jobs (kind) WHERE state IN ('queued', 'running')",
        ),
    ),
    Migration(14, BLOB_STATEMENTS),
)
