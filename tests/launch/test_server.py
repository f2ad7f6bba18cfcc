"""Where the app listens, how it is started, and when a browser opens."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from launch import server
from launch.interpreter import Refusal


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


def test_who_opens_it_to_other_machines_says_by_what_name_they_come() -> None:
    assert (
        server.known_as("127.0.0.1", [], {})
        == []
        == server.known_as("0.0.0.0", ["--server.allowedHosts=clinica.local"], {})
    )
    assert server.known_as("192.168.0.10", [], {})[-2:] == ["--server.allowedHosts", "192.168.0.10"]
    with pytest.raises(Refusal, match="por que nome ou IP"):
        server.known_as("0.0.0.0", [], {})


def test_an_app_that_does_not_end_is_ended() -> None:
    code = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(60)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None and process.stdout.readline()
        server.end(process, seconds=0.3)
        assert process.wait(timeout=5) != 0
    assert server.END_SECONDS < 10


@pytest.mark.parametrize(("told_to_end", "code"), [(True, 0), (False, 3)])
def test_an_app_that_was_told_to_end_has_not_failed(
    monkeypatch: pytest.MonkeyPatch, told_to_end: bool, code: int
) -> None:
    program = "import time; time.sleep(60)" if told_to_end else "raise SystemExit(3)"

    def watch(process: subprocess.Popen, url: str, with_browser: bool) -> int:
        if told_to_end:
            signal.raise_signal(signal.SIGTERM)
        return process.wait(timeout=5)

    monkeypatch.setattr(server, "app_command", lambda *_: [sys.executable, "-c", program])
    monkeypatch.setattr(server, "watch", watch)
    before = signal.getsignal(signal.SIGTERM)
    try:
        assert server.opened(["--server.port", "8978"], lambda: None, lambda: Path(sys.executable)) == code
    finally:
        signal.signal(signal.SIGTERM, before)


@pytest.mark.parametrize("extra", [["--server.port", "oi"], ["--server.port", "70000"]])
def test_a_port_that_is_none_is_refused(extra: list[str]) -> None:
    with pytest.raises(Refusal, match="porta"):
        server.listening(extra, {})
