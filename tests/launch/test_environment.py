"""When `.venv` is fresh, when it is made anew, and in which order its stamp is written; nothing is installed."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from launch import environment
from launch.interpreter import Refusal

LOCKS = ("requirements.txt", "requirements-dev.txt")
SENSE = "requirements-sense.txt"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with two locks and an environment of Python 3.12 that was installed for development."""
    (tmp_path / "requirements.txt").write_text("a==1\n")
    (tmp_path / "requirements-dev.txt").write_text("a==1\nb==2\n")
    python = environment.venv_python(tmp_path / ".venv")
    python.parent.mkdir(parents=True)
    python.touch()
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("home = /x\nversion = 3.12.1\n")
    stamp = environment.stamp_for(list(LOCKS), (3, 12), tmp_path)
    (tmp_path / ".venv" / "presenca.json").write_text(json.dumps(stamp))
    return tmp_path


def _fresh(project: Path, lock: str = "requirements.txt") -> bool:
    return environment.is_fresh(lock, project / ".venv", project)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_stamped_environment_is_fresh(project: Path, lock: str) -> None:
    assert _fresh(project, lock)
    assert not environment.must_rebuild(project / ".venv")


def test_line_ends_of_the_lock_do_not_count(project: Path) -> None:
    (project / "requirements.txt").write_bytes(b"a==1\r\n")
    assert _fresh(project)


def test_a_changed_lock_is_installed_over_what_is_there(project: Path) -> None:
    (project / "requirements.txt").write_text("a==2\n")
    assert not _fresh(project)
    assert not environment.must_rebuild(project / ".venv")


def test_an_application_environment_does_not_serve_the_tests(project: Path) -> None:
    stamp = environment.stamp_for(["requirements.txt"], (3, 12), project)
    (project / ".venv" / "presenca.json").write_text(json.dumps(stamp))
    assert _fresh(project)
    assert not _fresh(project, "requirements-dev.txt")


@pytest.mark.parametrize(
    "stamp", ["", "{", "[]", "null", "{}", '{"python": [3, 12], "machine": 1, "locks": 3}', "\x00"]
)
def test_a_damaged_stamp_is_no_stamp(project: Path, stamp: str) -> None:
    (project / ".venv" / "presenca.json").write_text(stamp)
    assert not _fresh(project)


def test_an_interrupted_installation_is_done_again_from_the_start(project: Path) -> None:
    (project / ".venv" / "presenca-incompleto").touch()
    assert not _fresh(project)
    assert environment.must_rebuild(project / ".venv")


@pytest.mark.parametrize("config", ["version = 3.10.4\n", "version_info = 3.14.0\n", "home = /x\n"])
def test_an_environment_of_another_python_is_made_anew(project: Path, config: str) -> None:
    (project / ".venv" / "pyvenv.cfg").write_text(config)
    assert not _fresh(project)
    assert environment.must_rebuild(project / ".venv")


def test_a_missing_interpreter_is_made_anew(project: Path) -> None:
    environment.venv_python(project / ".venv").unlink()
    assert environment.must_rebuild(project / ".venv")


def test_windows_keeps_its_interpreter_elsewhere() -> None:
    assert environment.venv_python(Path("v"), "nt") == Path("v/Scripts/python.exe")


def test_pip_requires_hashes_and_builds_nothing() -> None:
    command = " ".join(environment.pip_command("requirements.txt", "py"))
    assert "--require-hashes" in command and "--only-binary :all:" in command


@pytest.mark.parametrize(
    ("line", "seen", "told"),
    [
        ("Collecting pandas==3.1 (from -r x)", 10, "  baixando: 10 de cerca de 68 bibliotecas"),
        ("Collecting pandas==3.1 (from -r x)", 11, None),
        ("  Downloading x.whl", 10, None),
        ("Installing collected packages: a, b", 68, "  instalando o que foi baixado (cerca de um minuto) …"),
    ],
)
def test_progress_is_told_in_portuguese(line: str, seen: int, told: str | None) -> None:
    assert environment.progress_sentence(line, seen, 68) == told


def _install_order(monkeypatch: pytest.MonkeyPatch, project: Path, fails: bool) -> list[str]:
    """Runs `ensure` on a project with every real step replaced; gives the steps that were taken."""
    steps: list[str] = []

    def install(lock: str) -> None:
        assert (project / ".venv" / "presenca-incompleto").exists()
        assert not (project / ".venv" / "presenca.json").exists()
        steps.append(f"install {lock}")
        if fails:
            raise Refusal("sem rede")

    venv = project / ".venv"
    names = {
        "ROOT": project,
        "VENV": venv,
        "STAMP": venv / "presenca.json",
        "UNFINISHED": venv / "presenca-incompleto",
    }
    for name, value in names.items():
        monkeypatch.setattr(environment, name, value)
    monkeypatch.setattr(environment, "is_fresh", lambda lock: bool(steps))
    monkeypatch.setattr(environment, "must_rebuild", lambda: False)
    monkeypatch.setattr(environment, "venv_version", lambda: (3, 12))
    monkeypatch.setattr(environment, "install", install)
    monkeypatch.setattr(environment, "lock_hash", lambda name, root=None: "0")
    monkeypatch.setattr(environment, "create_venv", lambda: steps.append("create"))
    return steps


def test_the_stamp_comes_last(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    steps = _install_order(monkeypatch, project, fails=False)
    environment.ensure("requirements-dev.txt")
    assert steps == ["install requirements-dev.txt"]
    assert not (project / ".venv" / "presenca-incompleto").exists()
    assert set(json.loads((project / ".venv" / "presenca.json").read_text())["locks"]) == {*LOCKS, SENSE}


def test_the_reader_of_sense_comes_on_top_of_the_app(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    steps = _install_order(monkeypatch, project, fails=False)
    environment.ensure(SENSE)
    assert steps == ["install requirements-sense.txt"]
    assert set(json.loads((project / ".venv" / "presenca.json").read_text())["locks"]) == {"requirements.txt", SENSE}


def test_a_failed_installation_leaves_its_mark_and_no_stamp(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    _install_order(monkeypatch, project, fails=True)
    with pytest.raises(Refusal, match="sem rede"):
        environment.ensure("requirements.txt")
    assert (project / ".venv" / "presenca-incompleto").exists()
    assert not (project / ".venv" / "presenca.json").exists()


def test_a_full_disk_is_said_before_anything_is_touched(monkeypatch: pytest.MonkeyPatch, project: Path) -> None:
    steps = _install_order(monkeypatch, project, fails=False)
    monkeypatch.setattr(environment, "must_rebuild", lambda: True)
    monkeypatch.setattr(environment, "FREE_BYTES_NEEDED", 10**18)
    with pytest.raises(Refusal, match="2 GB livres"):
        environment.ensure("requirements.txt")
    assert steps == []


def test_a_python_without_venv_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "choose_interpreter", lambda: [sys.executable, "-c", "import sys; sys.exit(1)"])
    with pytest.raises(Refusal, match="apt install python3-venv"):
        environment.create_venv()
