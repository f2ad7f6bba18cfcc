"""The table of the files that rest in a store of objects: what lies there under which name, and what is to be there.

It is the manifest that all servers share. A workspace whose files rest in its folder alone has no row in it. Nothing
here may be edited once a release has it: see `schema`.
"""

from __future__ import annotations

from sqlalchemy import Column, Float, Integer, String, Table

from pipeline.workspace.engine.contact_tables import TABLES

COMING, THERE, GOING = "coming", "there", "going"

BLOBS = Table(
    "blobs",
    TABLES,
    Column("object", String, primary_key=True),  # its name in the store: the path, and an id of its own
    Column("path", String, nullable=False),  # below the workspace's folder, with "/"
    Column("sha256", String, nullable=False),
    Column("size", Integer, nullable=False),  # bytes
    Column("state", String, nullable=False),  # coming: being sent; there; going: being erased, and gone for readers
    Column("since", Float, nullable=False),  # seconds since 1970, by the records' clock
)

STATEMENTS = (
    """CREATE TABLE blobs (
        object VARCHAR NOT NULL PRIMARY KEY, path VARCHAR NOT NULL, sha256 VARCHAR NOT NULL, size INTEGER NOT NULL,
        state VARCHAR NOT NULL, since FLOAT NOT NULL)""",
    "CREATE INDEX blobs_of_a_path ON blobs (path)",
    "CREATE UNIQUE INDEX one_object_of_a_path ON blobs (path) WHERE state = 'there'",
)
