"""A sealed copy gives back what was kept, of any version; all else is a sentence, and nothing is written."""

from __future__ import annotations

import io
import os
import sqlite3
import threading
import zipfile
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import PresencaError, WorkspaceError
from pipeline.presentation.sentences import maintenance_words
from pipeline.privacy import fingerprint
from pipeline.records import Role
from pipeline.services import Session, open_workspace
from pipeline.services.data import maintaining
from pipeline.services.people import entering, persons
from pipeline.workspace.audit import entries
from pipeline.workspace.engine import schema
from pipeline.workspace.maintenance import restore as restoring
from pipeline.workspace.maintenance import sealed_stream
from pipeline.workspace.maintenance.sealed_stream import Opener, Sealer, Secret
from pipeline.workspace.store import Workspace
from tests import stores
from tests.conftest import ROOT
from tests.pipeline.workspace import made
from tests.refusals import refused

PHRASE = "uma frase só desta clínica, longa"


def sealed(content: bytes, secret: Secret) -> bytes:
    out = io.BytesIO()
    sealer = Sealer(out, secret)
    for start in range(0, len(content), 700):
        sealer.write(content[start : start + 700])
    sealer.finish()
    return out.getvalue()


def opened(content: bytes, secret: Secret) -> bytes:
    return io.BufferedReader(Opener(io.BytesIO(content), secret)).read()


@given(size=st.integers(0, 5000), place=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7), cut=st.floats(0, 1))
@settings(max_examples=25)
def test_a_stream_opens_whole_or_not_at_all(size: int, place: float, bit: int, cut: float) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_stream, "CHUNK", 1000)
        content, secret = os.urandom(size), Secret(made.KEY)
        whole = sealed(content, secret)
        assert opened(whole, secret) == content
        changed = bytearray(whole)
        changed[int(place * len(whole))] ^= 1 << bit
        kept = whole[: int(cut * (len(whole) - 1))]
        blocks = [whole[start : start + 1016] for start in range(49, len(whole), 1016)]
        moved = whole[:49] + b"".join(reversed(blocks)) if len(blocks) > 1 else whole + b"x"
        for wrong in (bytes(changed), kept, whole + b"\0", moved, whole + whole[49:]):
            with pytest.raises(WorkspaceError, match="backup"):
                opened(wrong, secret)
        with pytest.raises(WorkspaceError, match="backup.other_key"):
            opened(whole, Secret(made.OTHER_KEY))


@pytest.fixture
def copied(workspace_home: Path, tmp_path: Path) -> tuple[Workspace, Path]:
    space = open_workspace()
    info = made.add(space)
    made.add_model(space, info.id)
    made.add(space, sha256="b" * 64)
    out = tmp_path / "copia.presenca"
    told = maintaining.backup(Session(space), out)
    assert (told.datasets, told.models, told.size) == (2, 1, out.stat().st_size) and told.files > 10
    assert entries(space)[0].action == "backup_made" and not list(space.staging.iterdir())
    return space, out


def held(home: Path) -> dict[str, bytes]:
    """Every file but the database and what is made anew."""
    names = ("presenca.sqlite", "tmp", "backups", "jobs", "spare", "audit.head", "records.id")
    return {
        str(p.relative_to(home)): p.read_bytes()
        for p in home.rglob("*")
        if p.is_file() and not str(p.relative_to(home)).startswith(names)
    }


def test_a_copy_gives_back_all_that_was_kept(copied: tuple[Workspace, Path], tmp_path: Path) -> None:
    space, out = copied
    told = maintaining.restore(out, tmp_path / "new")
    newest = schema.MIGRATIONS[-1].version
    assert (told.datasets, told.models, told.found, told.newest) == (2, 1, newest, newest)
    assert held(tmp_path / "new") == held(space.home)
    assert not list((tmp_path / "new").glob("*-wal"))
    again = Workspace(tmp_path / "new")
    assert again.datasets() == space.datasets() and again.models() == space.models() and again.repairs == ()
    for info in again.datasets():
        assert again.raw(info.id) == made.raw() and again.rows(info.id).equals(space.rows(info.id))
    if os.name == "posix":
        loose = [p for p in (tmp_path / "new", *(tmp_path / "new").rglob("*")) if p.stat().st_mode & 0o077]
        assert loose == [] and out.stat().st_mode & 0o077 == 0


def test_nobody_is_in_and_no_link_holds_after_a_copy_came_back(workspace_home: Path, tmp_path: Path) -> None:
    space, out, good = open_workspace(), tmp_path / "copia.presenca", "cavalo bateria grampo"
    persons.begin(space, "ana", "Ana", good)
    token = entering.log_in(space, "ana", good).token
    ana = Session(space, user=space.users()[0])
    link = persons.add_invited(ana, "bia", "Bia", Role.READER).token
    maintaining.backup(ana, out)
    told = maintaining.restore(out, tmp_path / "new")
    assert (told.logins, told.invitations) == (1, 1)
    assert "1\xa0entrada e 1\xa0convite: cada pessoa entra de novo" in " ".join(maintenance_words.restored(told))
    again = Workspace(tmp_path / "new")
    assert entering.inside(space, token) is not None and entering.inside(again, token) is None
    assert (again.home / "people.json").read_bytes() == (space.home / "people.json").read_bytes()  # written by opening
    with pytest.raises(PresencaError, match="invitation.over"):
        entering.accept(again, link, good)
    assert entering.log_in(again, "ana", good).user.login == "ana"


def test_no_key_no_name_and_no_row_stands_in_a_copy(copied: tuple[Workspace, Path]) -> None:
    space, out = copied
    content = out.read_bytes()
    texts = (space.key.hex(), "agenda.csv", "Santa Rita", made.CPF, "presenca.sqlite")
    assert not [found for found in (space.key, *(text.encode() for text in texts)) if found in content]


def test_what_is_changed_meanwhile_is_in_the_copy_or_not_but_never_in_part(
    workspace_home: Path, tmp_path: Path
) -> None:
    space, over = open_workspace(), threading.Event()
    ids = [made.add(space).id]

    def busy() -> None:
        number = 0
        while not over.is_set():
            number += 1
            ids.append(made.add(space, sha256=f"{number:064x}").id)
            space.delete_dataset(ids.pop(0))

    thread = threading.Thread(target=busy)
    thread.start()
    try:
        for turn in range(2):
            maintaining.backup(Session(space), tmp_path / f"{turn}.presenca")
    finally:
        over.set()
        thread.join()
    for turn in range(2):
        maintaining.restore(tmp_path / f"{turn}.presenca", tmp_path / str(turn))
        again = Workspace(tmp_path / str(turn))
        assert again.lost_files() == ((), ()) and again.shelved() == ()
        assert all(len(again.rows(d.id)) == 6 and again.raw(d.id) == made.raw() for d in again.datasets())


def test_a_phrase_opens_what_it_closed(copied: tuple[Workspace, Path], tmp_path: Path) -> None:
    space, _ = copied
    out = tmp_path / "frase.presenca"
    maintaining.backup(Session(space), out, PHRASE)
    with refused(WorkspaceError, match="não abre com esta chave"):
        maintaining.restore(out, tmp_path / "new", lambda: PHRASE + "!")
    assert not (tmp_path / "new").exists()
    assert maintaining.restore(out, tmp_path / "new", lambda: PHRASE).datasets == 2
    for weak in ("curta", "ab" * 20):
        with refused(WorkspaceError, match="frase da cópia"):
            maintaining.backup(Session(space), out, weak)


def test_refusals_leave_nothing_behind(
    copied: tuple[Workspace, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    space, out = copied
    whole, wrong, place = out.read_bytes(), tmp_path / "errada.presenca", tmp_path / "new"
    middle = len(whole) // 2
    altered = whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :]
    for content, said in [
        (whole[:-1], "cortada ou alterada"),
        (altered, "cortada ou alterada"),
        (b"PK\x03\x04 not ours" * 9, "não é uma cópia"),
        (b"", "não é uma cópia"),
    ]:
        wrong.write_bytes(content)
        with refused(WorkspaceError, match=said):
            maintaining.restore(wrong, place)
    monkeypatch.setenv("PRESENCA_KEY", made.OTHER_KEY.hex())
    with refused(WorkspaceError, match="não abre com esta chave"):
        maintaining.restore(out, place)
    with refused(WorkspaceError, match="protegidos com outra chave"):
        restoring.restore(out, place, lambda _: Secret(space.key), fingerprint(made.OTHER_KEY))
    monkeypatch.delenv("PRESENCA_KEY")
    monkeypatch.setenv("PRESENCA_KEY_FILE", str(tmp_path / "nowhere" / "key"))
    with refused(WorkspaceError, match="não foi encontrada"):
        maintaining.restore(out, place)
    assert {p.name for p in tmp_path.iterdir()} == {"presenca", out.name, wrong.name}
    with refused(WorkspaceError, match="não está vazia"):
        restoring.restore(out, space.home, lambda _: Secret(space.key), fingerprint(space.key))
    with refused(WorkspaceError, match="dentro da pasta de dados"):
        maintaining.backup(Session(space), space.home / "copia.presenca")


def test_a_full_disk_leaves_nothing_behind(
    copied: tuple[Workspace, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, out = copied
    real, calls = restoring._written, []

    def full(*arguments: object) -> object:
        calls.append(1)
        if len(calls) > 4:
            raise OSError(28, "No space left on device")
        return real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(restoring, "_written", full)
    with refused(WorkspaceError, match="disco está cheio"):
        maintaining.restore(out, tmp_path / "new")
    assert {p.name for p in tmp_path.iterdir()} == {"presenca", out.name}


def test_a_newer_copy_is_refused_before_anything_is_written(
    workspace_home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "copia.presenca"
    with monkeypatch.context() as patched:
        newer = schema.Migration(schema.MIGRATIONS[-1].version + 1, ())
        patched.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, newer))
        maintaining.backup(Session(open_workspace()), out)
    with refused(WorkspaceError, match="versão mais nova"):
        maintaining.restore(out, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@stores.IN_THE_FOLDER
@made.IN_A_FILE
def test_a_copy_of_an_earlier_version_is_brought_forward(workspace_home: Path, tmp_path: Path) -> None:
    """The workspace that the version of 25/11/2026 wrote, copied as that version's records stand in it."""
    with zipfile.ZipFile(ROOT / "tests" / "golden" / "workspace_2026_11_25.zip") as kept:
        kept.extractall(workspace_home)
    with closing(sqlite3.connect(workspace_home / "presenca.sqlite")) as old:
        (version,) = old.execute("SELECT max(version) FROM schema_version").fetchone()
    out, old_records = tmp_path / "copia.presenca", (workspace_home / "presenca.sqlite").read_bytes()
    with pytest.MonkeyPatch.context() as patch:
        from pipeline.workspace.engine.sqlite_records import SqliteDatabase

        patch.setattr(SqliteDatabase, "copy_out", lambda _self, target, _version=None: target.write_bytes(old_records))
        maintaining.backup(Session(Workspace()), out)
    told = maintaining.restore(out, tmp_path / "new")
    assert (told.found, told.newest) == (version, schema.MIGRATIONS[-1].version) and version < told.newest
    again, first = Workspace(tmp_path / "new"), open_workspace()
    assert again.datasets() == first.datasets() and len(again.datasets()) == told.datasets > 3
    assert len(list((tmp_path / "new" / "backups").iterdir())) == told.newest - version
