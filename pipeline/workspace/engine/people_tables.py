"""The tables of persons and their ways in, and the statements that make them (the eighth migration).

Nothing here may be edited once a release has it: see `schema`.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Float, ForeignKey, Integer, String, Table, Text

from pipeline.workspace.engine.contact_tables import TABLES

USERS = Table(
    "users",
    TABLES,
    Column("id", String, primary_key=True),
    Column("login", String, nullable=False, unique=True),  # folded
    Column("name", String, nullable=False),
    Column("role", String, nullable=False),
    Column("units", Text, nullable=False),  # JSON list
    Column("active", Boolean, nullable=False),
    Column("password", String, nullable=False),  # argon2id; "" until an invitation was accepted
    Column("created", String, nullable=False),
)

LOGINS = Table(
    "logins",
    TABLES,
    Column("id", String, primary_key=True),
    Column("user_id", String, ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("token", String, nullable=False, unique=True),  # SHA-256 of it
    Column("created", Float, nullable=False),  # seconds since 1970
    Column("seen", Float, nullable=False),
)

# One open invitation a person: a new one takes the place of the last.
INVITATIONS = Table(
    "invitations",
    TABLES,
    Column("user_id", String, ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("token", String, nullable=False, unique=True),  # SHA-256 of it
    Column("until", Float, nullable=False),
)

# Tries that failed, under a keyed hash of the login name or address that was given: neither can be read here.
FAILURES = Table(
    "login_failures",
    TABLES,
    Column("id", Integer, primary_key=True),
    Column("key", String, nullable=False),
    Column("at", Float, nullable=False),
)

STATEMENTS = (
    """CREATE TABLE users (
        id VARCHAR NOT NULL PRIMARY KEY, login VARCHAR NOT NULL UNIQUE, name VARCHAR NOT NULL, role VARCHAR NOT NULL,
        units TEXT NOT NULL, active BOOLEAN NOT NULL, password VARCHAR NOT NULL, created VARCHAR NOT NULL)""",
    """CREATE TABLE logins (
        id VARCHAR NOT NULL PRIMARY KEY, user_id VARCHAR NOT NULL, token VARCHAR NOT NULL UNIQUE,
        created FLOAT NOT NULL, seen FLOAT NOT NULL, FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)""",
    "CREATE INDEX logins_of_a_user ON logins (user_id)",
    """CREATE TABLE invitations (
        user_id VARCHAR NOT NULL PRIMARY KEY, token VARCHAR NOT NULL UNIQUE, until FLOAT NOT NULL,
        FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE)""",
    "CREATE TABLE login_failures (id INTEGER NOT NULL PRIMARY KEY, key VARCHAR NOT NULL, at FLOAT NOT NULL)",
    "CREATE INDEX failures_of_a_key ON login_failures (key, at)",
)
