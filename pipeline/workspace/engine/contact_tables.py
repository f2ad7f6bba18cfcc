"""The tables of contacts and call lists, and the statements that make them (the sixth migration).

Nothing here may be edited once a release has it: see `schema`.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Float, ForeignKey, Integer, LargeBinary, MetaData, String, Table, Text

TABLES = MetaData()
LARGE = Integer().with_variant(BigInteger(), "postgresql")  # SQLite's integers are that wide

# Each contact about an appointment. Nothing is changed afterwards, but for where it belongs; notes may be erased.
CONTACTS = Table(
    "contacts",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("series_id", String, nullable=False),
    Column("event_key", String, nullable=False),  # 16 hex digits
    Column("patient", String, nullable=False),  # pseudonym
    Column("identity", String, nullable=False),  # what makes it the same when it is told again
    Column("call", String, nullable=False),
    Column("at", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("outcome", String, nullable=False),
    Column("barrier", String, nullable=False),
    Column("offered", String, nullable=False),
    Column("who", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("list_id", String, nullable=False),
    Column("undoes", String, nullable=False),
    Column("note", LargeBinary),  # sealed under its identity: it may quote a patient
)

CALL_LISTS = Table(
    "call_lists",
    TABLES,
    Column("id", String, primary_key=True),
    Column("series_id", String, nullable=False),
    Column("dataset_id", String, nullable=False),
    Column("model_id", String, nullable=False),
    Column("as_of", String, nullable=False),
    Column("made_at", String, nullable=False),
    Column("settings", Text, nullable=False),  # JSON
    Column("units", Text, nullable=False),  # JSON list
    Column("seed", LARGE, nullable=False),
    Column("control_share", Float, nullable=False),
)

CALL_LIST_ENTRIES = Table(
    "call_list_entries",
    TABLES,
    Column("id", Integer, primary_key=True),  # in the order of the list
    Column("list_id", String, ForeignKey("call_lists.id", ondelete="CASCADE"), nullable=False),
    Column("event_key", String, nullable=False),
    Column("patient", String, nullable=False),
    Column("arm", String, nullable=False),
    Column("risk", Float, nullable=False),
    Column("day", Date, nullable=False),
    Column("unit", String, nullable=False),
    Column("plan", String, nullable=False),
    Column("stratum", Integer, nullable=False),
    Column("value", Float),
)

# Who is calling whom right now; what ran out is nobody's.
CALL_LEASES = Table(
    "call_leases",
    TABLES,
    Column("series_id", String, primary_key=True),
    Column("patient", String, primary_key=True),
    Column("holder", String, nullable=False),
    Column("who", String, nullable=False),
    Column("until", String, nullable=False),  # UTC, so that texts sort as moments do
)

NEVER_CALL = Table(
    "never_call",
    TABLES,
    Column("series_id", String, primary_key=True),
    Column("kind", String, primary_key=True),  # patient | procedure | unit
    Column("value", String, primary_key=True),
)

# The last one of an event counts.
RISK_OVERRIDES = Table(
    "risk_overrides",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("series_id", String, nullable=False),
    Column("event_key", String, nullable=False),
    Column("risk", Float),
    Column("reason", LargeBinary, nullable=False),  # sealed under the event's key
    Column("at", String, nullable=False),
    Column("who", String, nullable=False),
)


STATEMENTS = (
    """CREATE TABLE contacts (
        id INTEGER NOT NULL PRIMARY KEY, series_id VARCHAR NOT NULL, event_key VARCHAR NOT NULL,
        patient VARCHAR NOT NULL, identity VARCHAR NOT NULL, call VARCHAR NOT NULL, at VARCHAR NOT NULL,
        channel VARCHAR NOT NULL, outcome VARCHAR NOT NULL, barrier VARCHAR NOT NULL, offered VARCHAR NOT NULL,
        who VARCHAR NOT NULL, actor VARCHAR NOT NULL, list_id VARCHAR NOT NULL, undoes VARCHAR NOT NULL, note BLOB)""",
    "CREATE UNIQUE INDEX one_contact_told_once ON contacts (series_id, identity)",
    "CREATE INDEX contacts_of_an_event ON contacts (series_id, event_key)",
    """CREATE TRIGGER contacts_are_not_changed BEFORE UPDATE OF
        id, identity, call, at, channel, outcome, barrier, offered, who, actor, list_id, undoes ON contacts
        BEGIN SELECT RAISE(ABORT, 'what was done is not changed'); END""",
    """CREATE TRIGGER notes_of_contacts_are_not_changed BEFORE UPDATE OF note ON contacts WHEN NEW.note IS NOT NULL
        BEGIN SELECT RAISE(ABORT, 'what was done is not changed'); END""",
    """CREATE TABLE call_lists (
        id VARCHAR NOT NULL PRIMARY KEY, series_id VARCHAR NOT NULL, dataset_id VARCHAR NOT NULL,
        model_id VARCHAR NOT NULL, as_of VARCHAR NOT NULL, made_at VARCHAR NOT NULL, settings TEXT NOT NULL,
        units TEXT NOT NULL, seed INTEGER NOT NULL, control_share FLOAT NOT NULL)""",
    "CREATE INDEX call_lists_of_a_series ON call_lists (series_id)",
    """CREATE TABLE call_list_entries (
        id INTEGER NOT NULL PRIMARY KEY, list_id VARCHAR NOT NULL, event_key VARCHAR NOT NULL,
        patient VARCHAR NOT NULL, arm VARCHAR NOT NULL, risk FLOAT NOT NULL, day DATE NOT NULL,
        unit VARCHAR NOT NULL, plan VARCHAR NOT NULL, stratum INTEGER NOT NULL, value FLOAT,
        FOREIGN KEY (list_id) REFERENCES call_lists (id) ON DELETE CASCADE)""",
    "CREATE UNIQUE INDEX one_entry_of_an_event ON call_list_entries (list_id, event_key)",
    """CREATE TABLE call_leases (
        series_id VARCHAR NOT NULL, patient VARCHAR NOT NULL, holder VARCHAR NOT NULL, who VARCHAR NOT NULL,
        until VARCHAR NOT NULL, PRIMARY KEY (series_id, patient))""",
    """CREATE TABLE never_call (
        series_id VARCHAR NOT NULL, kind VARCHAR NOT NULL, value VARCHAR NOT NULL,
        PRIMARY KEY (series_id, kind, value))""",
    """CREATE TABLE risk_overrides (
        id INTEGER NOT NULL PRIMARY KEY, series_id VARCHAR NOT NULL, event_key VARCHAR NOT NULL, risk FLOAT,
        reason BLOB NOT NULL, at VARCHAR NOT NULL, who VARCHAR NOT NULL)""",
    "CREATE INDEX overrides_of_an_event ON risk_overrides (series_id, event_key)",
)
