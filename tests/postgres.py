"""A PostgreSQL for the tests: a cluster of their own, from Debian's programs, in a folder that goes with it.

The default run tries a small set on it (marker `postgres`). `PRESENCA_TEST_DATABASE=auto` lets every workspace of a
test rest there, each in a schema of its own; an address in its place uses a server that runs already.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import sqlalchemy as sa

from pipeline.workspace.engine import address, postgres_records, transfer

VARIABLE = "PRESENCA_TEST_DATABASE"
PASSWORD = "senha-apenas-dos-testes"
HOW = (
    "sem PostgreSQL nesta máquina: os testes com ele são pulados. Para tê-los, instale-o (no Debian: sudo apt install "
    f"postgresql) ou indique um servidor em {VARIABLE}"
)
_PLACES = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql@*/bin")
_QUICK = ["fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=400", "shared_buffers=64MB"]


def programs() -> Path | None:
    """The folder with `initdb` and `postgres`; the newest where there are several."""
    found = [path for place in _PLACES for path in Path("/").glob(place[1:]) if (path / "initdb").exists()]
    on_path = shutil.which("initdb")
    found += [Path(on_path).parent] if on_path else []
    return max(found, key=lambda path: [int(part) for part in path.parts if part.isdigit()] or [0], default=None)


def _as_other(command: list[str]) -> list[str]:
    """PostgreSQL refuses to be run by root."""
    return ["runuser", "-u", "postgres", "--", *command] if os.getuid() == 0 else command


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """The address of a new cluster, which ends with the block. Skips where there are no programs for it."""
    place = programs()
    if place is None or (os.getuid() == 0 and shutil.which("runuser") is None):
        pytest.skip(HOW)
    folder = Path(tempfile.mkdtemp(prefix="presenca-pg-", dir="/tmp"))  # a socket's path must be short
    try:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o644)
        made = ["-D", str(folder / "data"), "-U", "presenca", "-A", "scram-sha-256", "-E", "UTF8", "--locale=C"]
        _run([str(place / "initdb"), *made, "--pwfile", str(folder / "password"), "--no-sync"], folder)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = [*_QUICK, f"port={port}", "listen_addresses=127.0.0.1", f"unix_socket_directories={folder}"]
        options = " ".join(f"-c {one}" for one in settings)
        control = [str(place / "pg_ctl"), "-D", str(folder / "data"), "-w", "-t", "30"]
        _run([*control, "-l", str(folder / "log"), "-o", options, "start"], folder)
        try:
            yield f"postgresql+psycopg://presenca:{PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            _run([*control, "-m", "immediate", "stop"], folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _run(command: list[str], folder: Path) -> None:
    subprocess.run(
        _as_other(command), cwd=folder, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60
    )


def of_home(base: str, home: Path) -> address.Address:
    """A schema of its own for each folder, so that workspaces of tests know nothing of each other."""
    return address.parsed(f"{base}?schema=t_{hashlib.sha256(str(home).encode()).hexdigest()[:24]}")


def use(base: str) -> None:
    """Lets every workspace that says nothing else rest in the cluster, in this process."""
    usual = address.chosen

    def chosen(home: Path) -> address.Address | None:
        return usual(home) if os.environ.get(address.DATABASE_VARIABLE) else of_home(base, home)

    address.chosen = chosen
    # tests open thousands of workspaces and close few: pools would hold on to all their connections
    postgres_records.sa = _Unpooled()


class _Unpooled:
    """SQLAlchemy, whose engines keep no connection."""

    def __getattr__(self, name: str) -> object:
        return getattr(sa, name)

    def create_engine(self, url: sa.URL, **options: object) -> sa.Engine:
        return sa.create_engine(url, **{**options, "poolclass": sa.pool.NullPool, "pool_pre_ping": False})


@contextlib.contextmanager
def raw(home: Path) -> Iterator[psycopg.Connection]:
    """A connection to the schema of a folder, in which each statement stands at once."""
    found = of_home(asked(), home)
    url = found.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True, options=f"-c search_path={found.schema}") as connection:
        yield connection


def drop(home: Path) -> None:
    """As if the records of a folder had never been."""
    with raw(home) as connection:
        connection.execute(f"DROP SCHEMA IF EXISTS {of_home(asked(), home).schema} CASCADE")


def put_back(home: Path, kept: Path) -> None:
    """Puts the records that a SQLite file copied in place of a folder's own."""
    drop(home)
    database = postgres_records.PostgresDatabase(of_home(asked(), home), home / "backups")
    copied = sa.create_engine(f"sqlite:///{kept}", poolclass=sa.pool.NullPool)
    with copied.connect() as source, database.write() as target:
        transfer.copy_in(source, target)


def asked() -> str:
    """The address that the whole run is to use; "" for none."""
    return os.environ.get(VARIABLE, "")


if asked() not in ("", "auto"):  # in a worker, or in a process that a test starts
    use(asked())
