"""The statements of the migrations, as PostgreSQL takes them: what differs from SQLite is told here and nowhere else.

Texts sort by their code points, as they do in SQLite, whatever the language of the server (COLLATE "C"). A numbered
table gives the number after its highest, as SQLite's does, and not that of a sequence, which leaves gaps behind
what was rolled back: a gap in the audit log means that somebody took an entry out.
"""

from __future__ import annotations

import re

REFUSING, NUMBERING = "presenca_refuse", "presenca_number"
_AS = "AS"  # apart, since it is a word of Portuguese, too, which is said nowhere here

FUNCTIONS = (
    f"""CREATE OR REPLACE FUNCTION {REFUSING}() RETURNS trigger LANGUAGE plpgsql {_AS} $$
        BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$""",
    f"""CREATE OR REPLACE FUNCTION {NUMBERING}() RETURNS trigger LANGUAGE plpgsql {_AS} $$
        BEGIN
            EXECUTE format('SELECT coalesce(max(id), 0) + 1 FROM %I.%I', TG_TABLE_SCHEMA, TG_TABLE_NAME) INTO NEW.id;
            RETURN NEW;
        END $$""",
)
_TRIGGER = re.compile(
    r"CREATE TRIGGER (?P<name>\w+) BEFORE (?P<event>UPDATE(?: OF\s[\w\s,]+?)?|DELETE) ON (?P<table>\w+)"
    r"(?: WHEN (?P<when>.+?))?\s+BEGIN SELECT RAISE\(ABORT, '(?P<told>[^']+)'\); END",
    re.DOTALL,
)
_TABLE = re.compile(r"CREATE TABLE (?P<name>\w+) \(", re.DOTALL)
_NUMBERED = re.compile(r"\bid INTEGER NOT NULL PRIMARY KEY")
_TYPES = (
    (re.compile(r"\bBLOB\b"), "BYTEA"),
    (re.compile(r"\bINTEGER\b"), "BIGINT"),  # SQLite's hold as much
    (re.compile(r"\b(VARCHAR|TEXT)\b"), r'\1 COLLATE "C"'),
)
_ARRIVAL = ", rowid BIGSERIAL)"


def translated(statement: str) -> tuple[str, ...]:
    """A statement of a migration for PostgreSQL: one, or the several that it takes there."""
    trigger = _TRIGGER.fullmatch(statement.strip())
    if trigger:
        return _refusing(**trigger.groupdict())
    found = _TABLE.match(statement)
    made = statement
    for pattern, replacement in _TYPES:
        made = pattern.sub(replacement, made)
    if found is None:
        return (made,)
    made = made.rstrip().removesuffix(")") + _ARRIVAL
    return (made, _numbering(found["name"])) if _NUMBERED.search(statement) else (made,)


def _refusing(name: str, event: str, table: str, when: str | None, told: str) -> tuple[str, ...]:
    only = f" WHEN ({when})" if when else ""
    call = f"EXECUTE FUNCTION {REFUSING}('{told}')"
    made = f"CREATE TRIGGER {name} BEFORE {event} ON {table} FOR EACH ROW{only} {call}"
    if event != "DELETE":
        return (made,)
    return made, f"CREATE TRIGGER {name}_at_once BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}"


def _numbering(table: str) -> str:
    return (
        f"CREATE TRIGGER {table}_are_numbered BEFORE INSERT ON {table} FOR EACH ROW WHEN (NEW.id IS NULL) "
        f"EXECUTE FUNCTION {NUMBERING}()"
    )
