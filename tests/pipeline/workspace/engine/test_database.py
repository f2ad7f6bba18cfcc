"""Migrations, a newer format, writers at once, and a process killed while it saves."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.workspace.engine import schema
from tests import stores
from tests.pipeline.workspace import made
from tests.refusals import refused

ROOT = Path(__file__).resolve().parents[4]


@made.IN_A_FILE
def test_the_migrations_give_the_declared_tables(tmp_path: Path) -> None:
    made.workspace(tmp_path).close()
    found = sa.MetaData()
    found.reflect(sa.create_engine(f"sqlite:///{tmp_path / 'home' / 'presenca.sqlite'}"))

    def shape(tables: sa.MetaData) -> dict[str, list[tuple[object, ...]]]:
        return {
            name: [
                (
                    c.name,
                    str(c.type),
                    c.nullable,
                    c.primary_key,
                    sorted(f"{f.target_fullname} {f.ondelete}" for f in c.foreign_keys),
                )
                for c in table.columns
            ]
            for name, table in tables.tables.items()
        }

    assert shape(found) == shape(schema.TABLES)


def test_an_older_workspace_is_brought_forward_with_a_backup_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space = made.workspace(tmp_path)
    before = schema.MIGRATIONS[-1].version
    info = made.add(space)
    space.close()
    newer = schema.Migration(
        schema.MIGRATIONS[-1].version + 1,
        ("ALTER TABLE datasets ADD COLUMN colour VARCHAR", "UPDATE datasets SET colour = 'blue'"),
    )
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, newer))
    space = made.workspace(tmp_path)
    assert space.dataset(info.id) == info
    with space.database.read() as connection:
        assert connection.execute(sa.text("SELECT colour FROM datasets")).scalars().all() == ["blue"]
    (backup,) = (space.home / "backups").iterdir()
    with closing(sqlite3.connect(backup)) as old:
        assert old.execute("SELECT max(version) FROM schema_version").fetchone() == (before,)
        assert old.execute("SELECT id FROM datasets").fetchall() == [(info.id,)]
    space.close()
    made.workspace(tmp_path)  # nothing left to do: no second backup
    assert len(list((space.home / "backups").iterdir())) == 1


def test_a_migration_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    info = made.add(made.workspace(tmp_path))
    broken = schema.Migration(
        schema.MIGRATIONS[-1].version + 1, ("ALTER TABLE datasets ADD COLUMN colour VARCHAR", "NONSENSE")
    )
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, broken))
        with pytest.raises(WorkspaceError):
            made.workspace(tmp_path)
    space = made.workspace(tmp_path)
    assert space.dataset(info.id) == info
    with space.database.read() as connection:
        assert "colour" not in {column["name"] for column in sa.inspect(connection).get_columns("datasets")}


def test_a_newer_workspace_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = schema.MIGRATIONS[-1].version + 1
    with monkeypatch.context() as patched:
        patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, schema.Migration(newer, ())))
        made.workspace(tmp_path).close()
    with refused(WorkspaceError, match=rf"versão mais nova.*formato {newer}"):
        made.workspace(tmp_path)


@made.IN_A_FILE
def test_a_file_that_is_no_database_gets_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "presenca.sqlite").write_bytes(b"not a database at all, sorry " * 100)
    with refused(WorkspaceError, match="danificado"):
        made.workspace(tmp_path)


@pytest.mark.parametrize("way", ["read", "write"])
def test_a_record_that_another_process_removed_meanwhile_is_a_sentence(tmp_path: Path, way: str) -> None:
    database = made.workspace(tmp_path).database
    with refused(WorkspaceError, match="Tente de novo"), getattr(database, way)() as connection:
        connection.execute(sa.select(schema.DATASETS).where(schema.DATASETS.c.id == "gone")).one()


@stores.IN_THE_FOLDER
def test_ten_sessions_that_start_and_write_at_once_lose_nothing(tmp_path: Path) -> None:
    def session(number: int) -> list[str]:
        space = made.workspace(tmp_path)
        kept = [made.add(space, sha256=f"{number:032x}{i:032x}").id for i in range(3)]
        same = made.add(space, sha256="c" * 64).id
        return [*kept, same]

    with ThreadPoolExecutor(10) as pool:
        found = list(pool.map(session, range(10)))
    space = made.workspace(tmp_path)
    expected = {dataset_id for kept in found for dataset_id in kept}
    assert len({kept[-1] for kept in found}) == 1  # the same file was kept once
    assert {d.id for d in space.datasets()} == expected and len(expected) == 31
    assert {p.name for p in (space.home / "datasets").iterdir()} == expected
    assert all(len(space.rows(d)) == 6 for d in expected)


def test_writers_that_read_first_queue_up(tmp_path: Path) -> None:
    made.workspace(tmp_path).set_setting("counter", 0)

    def count(_number: int) -> None:
        space = made.workspace(tmp_path)
        for _ in range(20):
            with space.database.write() as connection:
                value = int(
                    connection.execute(sa.text("SELECT value FROM settings WHERE key = 'counter'")).scalar_one()
                )
                connection.execute(sa.text(f"UPDATE settings SET value = {value + 1} WHERE key = 'counter'"))

    with ThreadPoolExecutor(10) as pool:
        list(pool.map(count, range(10)))
    assert made.workspace(tmp_path).setting("counter") == 200


SAVING = """
import sys
from pathlib import Path
from tests.pipeline.workspace import made
space = made.workspace(Path(sys.argv[1]))
for number in range(100_000):
    info = made.add(space, sha256=f"{number:064x}")
    model = made.add_model(space, info.id, bytes([number % 256]) * 1000)
    print(info.id, model, flush=True)
"""


@pytest.mark.slow
@stores.IN_THE_FOLDER
@pytest.mark.skipif(os.name != "posix", reason="kill -9 is POSIX")
def test_killed_while_saving_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """Each round ends the process at another moment; what it had said it saved is there, whole."""
    seen: list[str] = []
    for delay in (0.13, 0.37):
        with subprocess.Popen(
            [sys.executable, "-c", SAVING, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        ) as saving:
            assert saving.stdout is not None
            first = saving.stdout.readline()  # it has begun
            time.sleep(delay)
            saving.kill()
            seen += [first, *saving.stdout.readlines()]
        space = made.workspace(tmp_path)
        for line in (line for line in seen if line.endswith("\n")):
            dataset_id, model_id = line.split()
            assert len(space.rows(dataset_id)) == 6 and space.raw(dataset_id) == made.raw()
            assert len(space.bundle_path(model_id).read_bytes()) == 1000
        for info in space.datasets():  # no record without its files
            assert len(space.rows(info.id)) == 6
        space.close()
    assert len(seen) >= 2
