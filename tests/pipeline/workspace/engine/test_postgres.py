"""Records in a PostgreSQL: the tables and promises of the file, and a sentence for what can go wrong."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from pipeline.errors import LostRecords, WorkspaceError
from pipeline.records import Role
from pipeline.services.data import maintaining
from pipeline.services.session import Actor, Session
from pipeline.workspace.audit import audit, check, entries
from pipeline.workspace.engine import address, inspection, schema
from pipeline.workspace.engine.places import Place
from pipeline.workspace.engine.postgres_records import PostgresDatabase
from pipeline.workspace.engine.sqlite_records import SqliteDatabase
from pipeline.workspace.store import Workspace
from tests import postgres, stores
from tests.pipeline.workspace import made
from tests.refusals import refused

pytestmark = pytest.mark.postgres


@pytest.fixture
def space(on_postgres: str, tmp_path: Path) -> Workspace:
    return made.workspace(tmp_path)


def raw(space: Workspace, *statements: str) -> None:
    """As somebody does who goes past the workspace."""
    assert isinstance(space.database, PostgresDatabase)
    with space.database._engine.begin() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


def test_the_migrations_give_the_declared_tables(space: Workspace) -> None:
    found = sa.MetaData()
    with space.database.read() as connection:
        found.reflect(connection)

    def shape(tables: sa.MetaData) -> dict[str, list[tuple[object, ...]]]:
        return {
            name: [
                (c.name, c.nullable, c.primary_key, sorted(f"{f.target_fullname} {f.ondelete}" for f in c.foreign_keys))
                for c in table.columns
                if c.name != "rowid"
            ]
            for name, table in tables.tables.items()
        }

    assert shape(found) == shape(schema.TABLES)
    assert not (space.home / "presenca.sqlite").exists()


def test_a_second_server_sees_what_the_first_has_said(space: Workspace, tmp_path: Path) -> None:
    info = made.add(space)
    model = made.add_model(space, info.id)
    other = made.workspace(tmp_path)
    assert other.datasets() == (info,) and other.models()[0].id == model and other.raw(info.id) == made.raw()
    other.delete_dataset(info.id)
    assert space.datasets() == ()


def test_writers_that_read_first_queue_up(space: Workspace, tmp_path: Path) -> None:
    space.set_setting("counter", 0)

    def count(_number: int) -> None:
        own = made.workspace(tmp_path)
        for _ in range(10):
            with own.database.write() as connection:
                before = connection.execute(sa.text("SELECT value FROM settings WHERE key = 'counter'")).scalar_one()
                value = {"value": str(int(before) + 1)}
                connection.execute(sa.text("UPDATE settings SET value = :value WHERE key = 'counter'"), value)
        own.close()

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(count, range(6)))
    assert space.setting("counter") == 60


def test_a_reader_sees_one_moment_and_waits_for_nobody(space: Workspace) -> None:
    space.set_setting("seen", 1)
    query = sa.text("SELECT value FROM settings WHERE key = 'seen'")
    with space.database.read() as reader:
        assert reader.execute(query).scalar() == "1"
        with space.database.write() as writer:
            writer.execute(sa.text("UPDATE settings SET value = '2' WHERE key = 'seen'"))
            assert reader.execute(query).scalar() == "1"
        assert reader.execute(query).scalar() == "1"
    assert space.setting("seen") == 2


def test_what_was_rolled_back_leaves_no_gap_in_the_audit_log(space: Workspace) -> None:
    audit(space, "dataset_added", rows=1)
    with pytest.raises(ZeroDivisionError), space.database.write() as connection:
        space.audit_chain.append(connection, "dataset_added", "{}")
        raise ZeroDivisionError
    audit(space, "dataset_added", rows=2)
    assert [entry.facts["rows"] for entry in entries(space)] == [2, 1] and check(space).faults == ()


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET at = '2020'", "DELETE FROM audit", "TRUNCATE audit", "TRUNCATE audit_chain"]
)
def test_the_audit_log_is_only_added_to(space: Workspace, statement: str) -> None:
    with pytest.raises(sa.exc.IntegrityError, match="append-only"):
        raw(space, statement)


@pytest.mark.parametrize(
    "statement",
    ["DROP TRIGGER audit_is_not_erased ON audit", "ALTER TABLE audit DISABLE TRIGGER audit_is_not_erased"],
)
def test_a_guard_that_was_taken_off_shows_and_is_put_back(space: Workspace, statement: str) -> None:
    raw(space, statement)
    assert check(space).faults == (("trigger", 0),)
    with space.database.read() as connection:
        wanted, there = inspection.parts(connection, schema.MIGRATIONS[-1].version), inspection.names(connection)
        gone = [part for part in wanted if part.name not in there]
    assert [part.name for part in gone] == ["audit_is_not_erased"]
    raw(space, *gone[0].statements)
    assert check(space).faults == ()


def test_texts_sort_as_in_a_file(space: Workspace) -> None:
    for name in ("b", "B", "á", "a"):
        space.set_setting(name, 1)
    with space.database.read() as connection:
        found = connection.execute(sa.select(schema.SETTINGS.c.key).order_by(schema.SETTINGS.c.key)).scalars().all()
    assert [name for name in found if len(name) == 1] == ["B", "a", "b", "á"]


# ---------------------------------------------------------------- whose records they are


@stores.IN_THE_FOLDER
def test_the_records_of_another_folder_are_refused(space: Workspace, tmp_path: Path) -> None:
    with refused(WorkspaceError, match="outra pasta de dados.*montada"):
        Workspace(tmp_path / "other", key=made.KEY)


@stores.IN_THE_FOLDER
def test_a_folder_says_that_its_records_are_elsewhere(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PRESENCA_DATABASE")
    monkeypatch.setattr(address, "chosen", lambda _home: None)
    for recovering in (False, True):
        with refused(WorkspaceError, match="estão num PostgreSQL"):
            Workspace(space.home, key=made.KEY, recovering=recovering)


def test_an_empty_database_takes_no_place_of_a_file(tmp_path: Path, postgres_server: str) -> None:
    place = Place(tmp_path, postgres.of_home(postgres_server, tmp_path / "nothing"))
    SqliteDatabase(tmp_path / "presenca.sqlite", tmp_path / "backups").close()
    with refused(WorkspaceError, match="backup.*restore"):
        place.glance("key_fingerprint")


@stores.IN_THE_FOLDER
def test_lost_records_over_full_folders_are_refused(space: Workspace, tmp_path: Path) -> None:
    made.add(space)
    name = space.database._schema  # type: ignore[attr-defined]
    raw(space, f"DROP SCHEMA {name} CASCADE")
    with pytest.raises(LostRecords):
        made.workspace(tmp_path)


def test_another_key_and_a_newer_version_are_refused(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.add(space)
    with refused(WorkspaceError, match="outra chave"):
        made.workspace(tmp_path, key=made.OTHER_KEY)
    newer = schema.MIGRATIONS[-1].version + 1
    raw(space, f"INSERT INTO schema_version VALUES ({newer}, 'now')")
    with refused(WorkspaceError, match=rf"versão mais nova.*formato {newer}"):
        made.workspace(tmp_path)


def test_an_older_version_is_brought_forward_with_a_copy_first(
    space: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    info = made.add(space)
    newest = schema.MIGRATIONS[-1].version
    later = schema.Migration(newest + 1, ("ALTER TABLE datasets ADD COLUMN colour VARCHAR",))
    monkeypatch.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, later))
    again = made.workspace(tmp_path)
    assert again.dataset(info.id) == info and again.database.migrated_from == newest
    (copy,) = (space.home / "backups").iterdir()
    kept = sa.create_engine(f"sqlite:///{copy}")
    with kept.connect() as connection:
        assert connection.execute(sa.text("SELECT max(version) FROM schema_version")).scalar() == newest
        assert connection.execute(sa.text("SELECT id FROM datasets")).scalars().all() == [info.id]


# ---------------------------------------------------------------- copies of all, from one engine to the other


def full(space: Workspace) -> Callable[[Workspace], object]:
    """Fills a workspace; gives what tells it."""
    info = made.add(space, sha256="b" * 64)
    made.add_model(space, made.add(space).id)
    space.add_user("ana", "Ana", Role.ADMIN)
    for rows in range(3):
        audit(space, "dataset_added", rows=rows)
    return lambda one: (
        one.datasets(),
        one.models(),
        one.raw(info.id),
        [entry.facts for entry in entries(one) if entry.action == "dataset_added"],
        check(one).faults,
        [replace(user, created="") if hasattr(user, "created") else user for user in one.users()],
    )


@stores.IN_THE_FOLDER
@pytest.mark.parametrize(("before", "after"), [("server", "file"), ("file", "server"), ("server", "server")])
def test_a_copy_comes_back_into_either(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str
) -> None:
    def rest(where: str, name: str) -> Path:
        place = postgres.of_home(postgres_server, tmp_path / name) if where == "server" else None
        monkeypatch.setattr(address, "chosen", lambda _home: place)
        return tmp_path / name

    space = Workspace(rest(before, "first"))
    facts = full(space)
    said = facts(space)
    maintaining.backup(Session(space, Actor.COMMAND_LINE), tmp_path / "copy.presenca")
    space.close()
    home = rest(after, "second")
    told = maintaining.restore(tmp_path / "copy.presenca", home)
    assert (told.datasets, told.models) == (2, 1)
    assert (home / "presenca.sqlite").exists() is (after == "file")
    again = Workspace(home)
    assert facts(again) == said and again.repairs == ()
    audit(again, "dataset_added", rows=9)
    assert check(again).faults == ()
    if after == "server":
        with refused(WorkspaceError, match="já tem registros"):
            maintaining.restore(tmp_path / "copy.presenca", tmp_path / "third")


def test_the_examination_says_what_it_does_not_look_at(on_postgres: str, tmp_path: Path) -> None:
    space = Workspace(tmp_path / "home")
    made.add(space)
    found = maintaining.examine(space.home)
    assert found.findings == () and [one.code for one in found.unseen] == ["doctor.server_unseen"]
    raw(space, "DROP INDEX one_of_risks")
    assert [one.what.code for one in maintaining.examine(space.home).findings] == ["doctor.part_missing"]
    assert maintaining.mend(space.home).findings == ()


def test_what_was_erased_is_written_anew_without_it(space: Workspace) -> None:
    space.set_setting("gone", "x" * 100)
    raw(space, "DELETE FROM settings WHERE key = 'gone'")
    space.database.settle()
    with space.database.read() as connection:
        size = connection.execute(sa.text("SELECT pg_relation_size('settings')")).scalar_one()
    assert size <= 8192


# ---------------------------------------------------------------- what can go wrong with the address


@pytest.mark.parametrize(
    "text",
    [
        "mysql://ana:segredo1@host/db",
        "postgresql+psycopg://ana:segredo1@host:porta/db",
        "segredo1",
        "postgresql+psycopg://ana:segredo1@host/db?schema=a%20b;c",
        "sqlite:///segredo1",
    ],
)
def test_an_address_that_is_none_is_a_sentence_without_its_password(text: str) -> None:
    with refused(WorkspaceError, match="PRESENCA_DATABASE.*postgresql") as told:
        address.parsed(text)
    assert "segredo1" not in str(told.value) and "segredo1" not in repr(told.value.__cause__)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"password": "segredo1"}, "recusou a entrada"),
        ({"username": "ninguem", "password": "segredo1"}, "recusou a entrada"),
        ({"database": "nenhum"}, "recusou a entrada"),
        ({"port": 1}, "não respondeu"),
        ({"host": "nada.invalid"}, "não respondeu"),
    ],
)
def test_who_is_not_let_in_is_told_so_and_the_password_is_nowhere(
    postgres_server: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
    change: dict[str, object],
    said: str,
) -> None:
    url = sa.make_url(postgres_server).set(**change)
    monkeypatch.setenv("PRESENCA_DATABASE", url.render_as_string(hide_password=False))
    with caplog.at_level(logging.DEBUG), refused(WorkspaceError, match=said) as told:
        made.workspace(tmp_path)
    chain, error = [], told.value
    while error is not None:
        chain.append(str(error))
        error = error.__cause__ or error.__context__  # type: ignore[assignment]
    assert str(url.password) not in " ".join([*chain, caplog.text])


def test_without_the_driver_the_sentence_says_what_to_install(
    on_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "psycopg", None)
    with refused(WorkspaceError, match=r"presenca\[cluster\]"):
        made.workspace(tmp_path)


def test_a_user_without_a_schema_is_told_to_have_one(
    postgres_server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = sa.create_engine(sa.make_url(postgres_server), isolation_level="AUTOCOMMIT")
    with base.connect() as connection:
        connection.execute(sa.text("DROP ROLE IF EXISTS pobre"))
        connection.execute(sa.text("CREATE ROLE pobre LOGIN PASSWORD 'segredo1'"))
    base.dispose()
    url = sa.make_url(postgres_server).set(username="pobre", password="segredo1")
    monkeypatch.setenv("PRESENCA_DATABASE", url.render_as_string(hide_password=False))
    with refused(WorkspaceError, match="só dele|esquema"):
        made.workspace(tmp_path)
