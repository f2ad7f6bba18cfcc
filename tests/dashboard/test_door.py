"""Nobody comes in by accident:
settings are found from every folder, an open server shows nothing, a foreign name is refused.
"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st
from streamlit.proto.BackMsg_pb2 import BackMsg
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from dashboard.components import ending
from launch.server import answers, choose_port
from tests.conftest import ROOT, TEST_KEY
from tests.dashboard.pages import opened, said

BUSY_GRACE = 2  # seconds, as busy_app.py sets them
APP = ROOT / "dashboard" / "app.py"


@pytest.mark.parametrize("option", ["server.address", "browser.gatherUsageStats"])
def test_a_server_that_is_open_unasked_shows_a_sentence_and_nothing_else(
    option: str, empty_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = st.get_option
    monkeypatch.setattr(
        st,
        "get_option",
        lambda key: {"server.address": None, "browser.gatherUsageStats": True}[key] if key == option else asked(key),
    )
    text = said(opened())
    assert "Presença está fechada" in text and "python3 run.py" in text and "Início" not in text
    assert not empty_home.exists()


@contextlib.contextmanager
def started(script: Path, folder: Path) -> Iterator[tuple[subprocess.Popen, int]]:
    """An app started by its path from a folder of somebody's, with nothing said of address or statistics."""
    port = choose_port(first=9200 + os.getpid() % 300)
    env = {k: v for k, v in os.environ.items() if not k.startswith("STREAMLIT_")} | {
        "PRESENCA_HOME": str(folder / "home"),
        "PRESENCA_KEY": TEST_KEY,
    }
    command = [
        sys.executable,
        "-m",
        "streamlit",
        "run",
        str(script),
        "--server.port",
        str(port),
        "--server.headless",
        "true",
    ]
    with subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        until = time.monotonic() + 60
        while not answers(f"http://127.0.0.1:{port}") and time.monotonic() < until:
            time.sleep(0.2)
        try:
            yield process, port
        finally:
            process.kill()


def upgraded(port: int, host: str) -> int:
    """The status that the websocket of pages answers to a browser that asks for this host."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.putrequest("GET", "/_stcore/stream", skip_host=True)
    for name, value in (
        ("Host", host),
        ("Origin", f"http://{host}"),
        ("Connection", "Upgrade"),
        ("Upgrade", "websocket"),
        ("Sec-WebSocket-Version", "13"),
        ("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ=="),
    ):
        connection.putheader(name, value)
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


@pytest.mark.slow
def test_started_from_another_folder_it_keeps_to_this_machine_and_to_its_own_name(tmp_path: Path) -> None:
    with started(APP, tmp_path) as (process, port):
        assert upgraded(port, f"127.0.0.1:{port}") == 101 and upgraded(port, f"atacante.example:{port}") == 403
        if Path("/proc/net/tcp").exists():
            entries = [
                line.split()
                for name in ("tcp", "tcp6")
                for line in Path(f"/proc/{process.pid}/net/{name}").read_text().splitlines()[1:]
            ]
            assert {
                place for _, place, _, state, *_ in entries if state == "0A" and place.endswith(f":{port:04X}")
            } == {f"0100007F:{port:04X}"}


@pytest.mark.slow  # by the clock
@pytest.mark.skipif(os.name != "posix", reason="signals are a matter of POSIX systems")
def test_it_ends_within_ten_seconds_whatever_it_is_doing(tmp_path: Path) -> None:
    with started(Path(__file__).with_name("busy_app.py"), tmp_path) as (process, port):
        message = BackMsg()
        message.rerun_script.query_string = ""
        here = f"127.0.0.1:{port}"
        with connect(
            f"ws://{here}/_stcore/stream", subprotocols=[Subprotocol("streamlit")], origin=Origin(f"http://{here}")
        ) as session:
            session.send(message.SerializeToString())  # the script runs from now on
            assert process.stdout is not None and any(b"busy" in line for line in process.stdout)
            process.send_signal(signal.SIGTERM)
            begun = time.monotonic()
            process.wait(timeout=20)
            assert time.monotonic() - begun < BUSY_GRACE + 2 and ending.GRACE_SECONDS + 2 <= 10
