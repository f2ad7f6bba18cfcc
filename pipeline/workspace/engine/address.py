"""Where the records of a workspace lie: in a file of its folder, or in a PostgreSQL that an address names.

The address holds a password. It is read here and handed to the engine; no message, log or file of ours repeats it.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

import sqlalchemy as sa

from pipeline.errors import WorkspaceError

DATABASE_VARIABLE = "PRESENCA_DATABASE"
_SCHEMA = "schema"  # what a query of the address may say beside what PostgreSQL's own library knows
_DRIVERS = ("postgresql+psycopg", "postgresql", "postgres")
_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}")


@dataclass(frozen=True)
class Address:
    """A PostgreSQL database, and the schema in it ("" for the one that its user has)."""

    url: sa.URL
    schema: str = ""

    @property
    def text(self) -> str:
        """As the environment of a process of ours has it: with the password, for nobody to read."""
        url = self.url.update_query_dict({_SCHEMA: self.schema}) if self.schema else self.url
        return url.render_as_string(hide_password=False)


def chosen(_home: Path) -> Address | None:
    """What `PRESENCA_DATABASE` says, for any folder (the tests tell them apart); None: records lie in a file of it.

    WorkspaceError for what is no address of a PostgreSQL.
    """
    text = os.environ.get(DATABASE_VARIABLE, "").strip()
    return parsed(text) if text else None


def parsed(text: str) -> Address:
    """An address as it is written in the environment. WorkspaceError for one that makes no sense."""
    try:
        url = sa.make_url(text)
    except (sa.exc.ArgumentError, ValueError):
        raise WorkspaceError("records.address_malformed", variable=DATABASE_VARIABLE) from None  # it may say a password
    schema = url.query.get(_SCHEMA, "")
    if url.drivername not in _DRIVERS or not isinstance(schema, str) or (schema and not _NAME.fullmatch(schema)):
        raise WorkspaceError("records.address_malformed", variable=DATABASE_VARIABLE)
    return Address(url.difference_update_query([_SCHEMA]).set(drivername=_DRIVERS[0]), schema)
