"""What run.py decides: which Python, whether the environment is fresh, which browser, which command; no install."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

import run
from launch import browser, checking, environment, interpreter, server
from launch.interpreter import Refusal

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ("requirements.txt", "requirements-dev.txt")


# --- interpreter -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("version", "good"),
    [((3, 10), False), ((3, 11), True), ((3, 12), True), ((3, 13), True), ((3, 14), False), ((2, 7), False)],
)
def test_three_versions_are_supported(version: tuple[int, int], good: bool) -> None:
    assert interpreter.is_supported(version) is good


def test_the_running_interpreter_is_taken_where_it_is_supported() -> None:
    (command,) = interpreter.choose_interpreter((3, 12))
    assert interpreter.version_of([command]) == sys.version_info[:2]


def test_an_unsupported_one_gives_way_to_one_on_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    said = {"broken": None, "old": (3, 9), "good": (3, 12)}
    monkeypatch.setattr(interpreter, "candidates", lambda: [["broken"], ["old"], ["good"]])
    monkeypatch.setattr(interpreter, "version_of", lambda command: said[command[0]])
    assert interpreter.choose_interpreter((3, 10)) == ["good"]


def test_without_any_the_refusal_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interpreter, "candidates", list)
    with pytest.raises(Refusal, match=r"3\.11, 3\.12 ou 3\.13; este é o 3\.14"):
        interpreter.choose_interpreter((3, 14, 0))


def test_a_broken_shim_has_no_version(tmp_path: Path) -> None:
    assert interpreter.version_of([str(tmp_path / "python3.12")]) is None


# --- environment ---------------------------------------------------------------------------------------


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
    assert set(json.loads((project / ".venv" / "presenca.json").read_text())["locks"]) == set(LOCKS)


def test_a_failed_installation_leaves_its_mark_and_no_stamp(
    monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    _install_order(monkeypatch, project, fails=True)
    with pytest.raises(Refusal, match="sem rede"):
        environment.ensure("requirements.txt")
    assert (project / ".venv" / "presenca-incompleto").exists()
    assert not (project / ".venv" / "presenca.json").exists()


def test_a_full_disk_is_said_before_anything_is_touched(
    monkeypatch: pytest.MonkeyPatch, project: Path
) -> None:
    steps = _install_order(monkeypatch, project, fails=False)
    monkeypatch.setattr(environment, "must_rebuild", lambda: True)
    monkeypatch.setattr(environment, "FREE_BYTES_NEEDED", 10**18)
    with pytest.raises(Refusal, match="2 GB livres"):
        environment.ensure("requirements.txt")
    assert steps == []


def test_a_python_without_venv_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        environment, "choose_interpreter", lambda: [sys.executable, "-c", "import sys; sys.exit(1)"]
    )
    with pytest.raises(Refusal, match="apt install python3-venv"):
        environment.create_venv()


# --- the locks themselves --------------------------------------------------------------------------------


def _pins(name: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([\w.-]+)==(\S+)(.*?)\\?$", line):
            pins.setdefault(found[1], set()).add(found[2] + found[3].strip())
    return pins


def test_every_pin_has_a_hash_and_no_address() -> None:
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[\w.-]+==)", text)
        assert len(blocks) > 50
        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
        assert "://" not in text and not re.search(r"^(-e|--index|--extra|--find|git\+)", text, re.MULTILINE)


def test_the_development_lock_holds_every_pin_of_the_app() -> None:
    app, dev = (_pins(name) for name in LOCKS)
    assert {name: pins for name, pins in app.items() if dev.get(name) != pins} == {}


# --- the app ---------------------------------------------------------------------------------------------


def test_a_taken_port_is_passed_over() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not server.is_free(port)
        assert server.choose_port(port) > port
        with pytest.raises(Refusal, match="Nenhuma porta livre"):
            server.choose_port(port, tries=1)


@pytest.mark.parametrize(
    ("environ", "system", "opens"),
    [
        ({"DISPLAY": ":0"}, "linux", True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, "linux", True),
        ({}, "linux", False),
        ({}, "darwin", True),
        ({}, "win32", True),
        ({"CI": "true"}, "darwin", False),
        ({"SSH_CONNECTION": "1", "DISPLAY": ":0"}, "linux", False),
        ({"STREAMLIT_SERVER_HEADLESS": "true"}, "win32", False),
    ],
)
def test_the_browser_opens_only_before_somebody(environ: dict[str, str], system: str, opens: bool) -> None:
    assert server.opens_browser(environ, system) is opens


def test_the_app_starts_as_a_module_and_the_person_has_the_last_word() -> None:
    command = server.app_command("py", "127.0.0.1", 8501, ["--server.port", "9000"])
    assert command[:5] == ["py", "-m", "streamlit", "run", os.path.join("dashboard", "app.py")]
    assert command[command.index("--server.address") + 1] == "127.0.0.1"
    assert command[-2:] == ["--server.port", "9000"]


@pytest.mark.parametrize(
    ("extra", "environ", "where"),
    [
        ([], {}, ("127.0.0.1", None)),
        ([], {"STREAMLIT_SERVER_ADDRESS": "0.0.0.0", "STREAMLIT_SERVER_PORT": "80"}, ("0.0.0.0", 80)),
        (["--server.port", "9000"], {}, ("127.0.0.1", 9000)),
        (["--server.port=9001", "--server.address=::1"], {}, ("::1", 9001)),
    ],
)
def test_where_the_app_listens(extra: list[str], environ: dict, where: tuple[str, int | None]) -> None:
    assert server.listening(extra, environ) == where


@pytest.mark.parametrize("extra", [["--server.port", "oi"], ["--server.port", "70000"]])
def test_a_port_that_is_none_is_refused(extra: list[str]) -> None:
    with pytest.raises(Refusal, match="porta"):
        server.listening(extra, {})


# --- browser, checks, commands -----------------------------------------------------------------------------


def test_the_named_browser_comes_first(tmp_path: Path) -> None:
    chosen = tmp_path / "meu-chromium"
    chosen.touch()
    assert browser.find_chromium({"PRESENCA_CHROMIUM": str(chosen)}) == str(chosen)


def test_a_browser_that_is_nowhere_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browser.shutil, "which", lambda name: None)
    assert browser.find_chromium({"PRESENCA_CHROMIUM": "/nowhere/chromium"}, "linux") is None


def test_the_usual_places_of_each_system() -> None:
    mac = browser.chromium_places({"HOME": "/Users/ana"}, "darwin")
    assert "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome" in mac
    assert "/Users/ana/Applications/Chromium.app/Contents/MacOS/Chromium" in mac
    windows = browser.chromium_places({"PROGRAMFILES": r"C:\Program Files"}, "win32")
    assert r"C:\Program Files\Google\Chrome\Application\chrome.exe" in windows


@pytest.mark.parametrize(
    ("release", "root", "apt", "may"),
    [
        ("NAME=x\nID=debian\n", True, True, True),
        ('ID="debian"\n', True, True, True),
        ("ID=debian\n", False, True, False),
        ("ID=debian\n", True, False, False),
        ("ID=ubuntu\nID_LIKE=debian\n", True, True, False),
    ],
)
def test_chromium_is_installed_only_where_nobody_is_asked(
    release: str, root: bool, apt: bool, may: bool
) -> None:
    assert browser.may_install_chromium(release, root, apt) is may


def test_pytest_gets_the_arguments_last() -> None:
    command = checking.pytest_command("py", ["-k", "datas", "-n", "0"])
    assert command[:3] == ["py", "-m", "pytest"]
    assert command[-4:] == ["-k", "datas", "-n", "0"]
    assert "loadgroup" in command


def test_a_failing_check_turns_the_exit_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    quits = {
        name: [sys.executable, "-c", f"print('{name}'); raise SystemExit({code})"]
        for name, code in [("a", 0), ("b", 3)]
    }
    monkeypatch.setattr(checking, "ensure", lambda lock: None)
    monkeypatch.setattr(checking, "check_commands", lambda python: quits)
    assert checking.check([]) == 1
    assert "a: passou" in (said := capsys.readouterr().out) and "b: falhou" in said
    quits.pop("b")
    assert checking.check([]) == 0


@pytest.mark.parametrize(
    ("arguments", "code"), [(["--help"], 0), (["vacina"], 64), (["setup", "x"], 64), (["check", "x"], 64)]
)
def test_exit_codes_of_the_command_line(arguments: list[str], code: int) -> None:
    done = subprocess.run(
        [sys.executable, "run.py", *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == code
    assert "Traceback" not in done.stderr


def test_the_help_names_every_command() -> None:
    assert [name for name in run.COMMANDS if not re.search(rf"\b{name}\b", run.HELP)] == []


def test_the_makefile_has_every_command() -> None:
    targets = (ROOT / "Makefile").read_text().split(".PHONY:")[1].splitlines()[0].split()
    assert set(targets) == set(run.COMMANDS)


def test_a_refusal_is_a_sentence_and_not_zero(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    def refuse(extra: list[str]) -> int:
        raise Refusal("Falta algo.")

    monkeypatch.setitem(run.COMMANDS, "setup", refuse)
    assert run.main(["setup"]) == 1
    assert capsys.readouterr().out == "Falta algo.\n"


def test_every_setting_of_the_app_is_one_that_streamlit_knows() -> None:
    import tomllib

    from streamlit import config

    known = set(config.get_config_options())

    def names(table: dict, prefix: str = "") -> list[str]:
        return [
            name
            for key, value in table.items()
            for name in (names(value, f"{prefix}{key}.") if isinstance(value, dict) else [f"{prefix}{key}"])
        ]

    written = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))
    assert [name for name in names(written) if name not in known] == []
    safe = {"address": "127.0.0.1", "maxUploadSize": 300, "disconnectedSessionTTL": 30}
    assert safe.items() <= written["server"].items()
    assert written["browser"]["gatherUsageStats"] is False
    assert written["client"]["showErrorDetails"] == "none"
