"""Where the key comes from, that it is never made anew over data, and never lies beside them."""

from __future__ import annotations

import base64
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import platformdirs
import pytest

from pipeline.errors import WorkspaceError
from pipeline.workspace.secrets import keys
from pipeline.workspace.store import Workspace
from tests.pipeline.workspace import made
from tests.refusals import refused, told


@pytest.fixture
def key_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "config" / "presenca" / "key"
    monkeypatch.delenv("PRESENCA_KEY", raising=False)
    monkeypatch.setenv("PRESENCA_KEY_FILE", str(path))
    return path


@pytest.mark.parametrize("text", [made.KEY.hex(), base64.b64encode(made.KEY).decode(), f" {made.KEY.hex()}\n"])
def test_the_key_of_the_environment_comes_first(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str) -> None:
    monkeypatch.setenv("PRESENCA_KEY", text)
    assert keys.load_key(tmp_path) == made.KEY


def test_a_long_phrase_is_stretched_and_a_short_one_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRESENCA_KEY", "uma frase que só a clínica conhece")
    key = keys.load_key(tmp_path)
    assert len(key) == 32 and key == keys.load_key(tmp_path)
    monkeypatch.setenv("PRESENCA_KEY", "senha123")
    with refused(WorkspaceError, match="PRESENCA_KEY") as caught:
        keys.load_key(tmp_path)
    assert "senha123" not in told(caught.value)


def test_a_key_is_made_once_and_is_for_its_owner_only(key_file: Path, tmp_path: Path) -> None:
    first = keys.load_key(tmp_path / "home")
    assert first == keys.load_key(tmp_path / "home") and len(first) == 32 and len(set(first)) > 10
    assert [p.name for p in key_file.parent.iterdir()] == ["key"]
    if os.name == "posix":
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600
        key_file.chmod(0o644)
        keys.load_key(tmp_path / "home")
        assert stat.S_IMODE(key_file.stat().st_mode) == 0o600


def test_many_that_start_at_once_agree_on_one_key(key_file: Path, tmp_path: Path) -> None:
    with ThreadPoolExecutor(10) as pool:
        found = set(pool.map(lambda _: keys.load_key(tmp_path / "home"), range(10)))
    assert len(found) == 1 and [p.name for p in key_file.parent.iterdir()] == ["key"]


def test_a_key_within_the_data_is_refused(key_file: Path) -> None:
    with refused(WorkspaceError, match="dentro da pasta de dados"):
        keys.load_key(key_file.parent.parent)
    assert not key_file.exists()


def test_by_default_key_and_data_lie_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PRESENCA_HOME", "PRESENCA_KEY_FILE"):
        monkeypatch.delenv(name, raising=False)
    assert not keys.key_path().is_relative_to(keys.default_home())
    monkeypatch.setattr(platformdirs, "user_config_dir", lambda *_a, **_k: "/Library/presenca")  # as on macOS
    monkeypatch.setattr(platformdirs, "user_data_dir", lambda *_a, **_k: "/Library/presenca")
    assert not keys.key_path().is_relative_to(keys.default_home())


def test_no_new_key_where_there_are_data(key_file: Path, tmp_path: Path) -> None:
    info = made.add(Workspace(tmp_path / "home"))
    saved = key_file.read_bytes()
    key_file.unlink()
    with refused(WorkspaceError, match="não foi encontrada"):
        Workspace(tmp_path / "home")
    assert not key_file.exists()
    key_file.write_bytes(saved)
    assert Workspace(tmp_path / "home").raw(info.id) == made.raw()


def test_data_of_another_key_are_said_and_left_alone(tmp_path: Path) -> None:
    info = made.add(made.workspace(tmp_path))
    with refused(WorkspaceError, match="outra chave"):
        made.workspace(tmp_path, made.OTHER_KEY)
    assert made.workspace(tmp_path).raw(info.id) == made.raw()


def test_an_empty_workspace_takes_a_new_key(tmp_path: Path) -> None:
    space = made.workspace(tmp_path)
    space.delete_dataset(made.add(space).id)
    other = made.workspace(tmp_path, made.OTHER_KEY)
    made.add(other)
    with refused(WorkspaceError, match="outra chave"):
        made.workspace(tmp_path)
    files = [p for p in other.home.rglob("*") if p.is_file()]
    assert not [p for p in files if made.OTHER_KEY in p.read_bytes() or made.KEY.hex().encode() in p.read_bytes()]
