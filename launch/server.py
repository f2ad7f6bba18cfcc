"""Opens the app: chooses the port, starts Streamlit, says when it answers, opens the browser, ends with it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
import webbrowser
from pathlib import Path
from typing import Callable

from launch.environment import APP_LOCK, ROOT, ensure, venv_python
from launch.interpreter import Refusal, say

FIRST_PORT = 8501
END_SECONDS = 9.0  # after this the app is ended whatever it does


def is_free(port: int) -> bool:
    """Whether nobody answers on this port of this machine and it can be taken."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        if probe.connect_ex(("127.0.0.1", port)) == 0:
            return False
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def choose_port(first: int = FIRST_PORT, tries: int = 50) -> int:
    """The first free port from the usual one on."""
    for port in range(first, first + tries):
        if is_free(port):
            return port
    raise Refusal("Nenhuma porta livre entre %d e %d." % (first, first + tries - 1))


def opens_browser(environ: dict, system: str = sys.platform) -> bool:
    """Whether somebody sits in front of a screen: not in CI, over SSH, or on a Linux without a display."""
    if environ.get("CI") or environ.get("SSH_CONNECTION"):
        return False
    if environ.get("STREAMLIT_SERVER_HEADLESS", "").lower() in ("1", "true"):
        return False
    has_display = environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY")
    return system in ("darwin", "win32", "cygwin") or bool(has_display)


def app_command(python: str, address: str, port: int, extra: list[str]) -> list[str]:
    """Starts the app as a module, which puts the project's folder on the path; later arguments win."""
    fixed = ["--server.address", address, "--server.port", str(port), "--server.headless", "true"]
    return [python, "-m", "streamlit", "run", str(Path("dashboard") / "app.py"), *fixed, *extra]


def answers(url: str) -> bool:
    """Whether the server is up."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url + "/_stcore/health", timeout=2) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        return error.code == 401  # it is up, and asks who is there
    except OSError:
        return False


def end(process: subprocess.Popen, seconds: float = END_SECONDS) -> None:
    """Asks the app to end, and ends it where it does not."""
    process.terminate()
    late = threading.Timer(seconds, process.kill)
    late.daemon = True
    late.start()


def watch(process: subprocess.Popen, url: str, with_browser: bool) -> int:
    """Says when the app is up, opens the browser, and waits for the end."""
    until = time.monotonic() + 120
    while process.poll() is None and time.monotonic() < until:
        if answers(url):
            say("Presença está aberta em %s (para encerrar: Ctrl+C)" % url)
            if with_browser:
                webbrowser.open(url)
            break
        time.sleep(0.3)
    return process.wait()


def listening(extra: list[str], environ: dict) -> tuple[str, int | None]:
    """(address, port or None) as the arguments say, else the environment, else this machine only."""
    told = {
        "address": environ.get("STREAMLIT_SERVER_ADDRESS", "127.0.0.1"),
        "port": environ.get("STREAMLIT_SERVER_PORT"),
    }
    for place, word in enumerate(extra):
        name, equals, value = word.partition("=")
        if name in ("--server.address", "--server.port"):
            told[name[len("--server.") :]] = value if equals else "".join(extra[place + 1 : place + 2])
    if not told["port"]:
        return told["address"], None
    if not (told["port"].isdigit() and 0 < int(told["port"]) < 65536):
        raise Refusal("A porta deve ser um número de 1 a 65535 (recebido: %s)." % told["port"])
    return told["address"], int(told["port"])


def known_as(address: str, extra: list[str], environ: dict) -> list[str]:
    """The flag that names the hosts by which browsers may ask, where the app is opened to other machines.

    Without a name it would answer any site that makes its own point here.
    """
    own = ("127.0.0.1", "localhost", "::1")
    if (
        address in own
        or environ.get("STREAMLIT_SERVER_ALLOWED_HOSTS")
        or any(w.startswith("--server.allowedHosts") for w in extra)
    ):
        return []
    if address in ("0.0.0.0", "::", ""):
        raise Refusal(
            "Para abrir a outras máquinas, diga também por que nome ou IP elas chegam a esta: "
            "--server.allowedHosts NOME."
        )
    return [word for host in (*own, address) for word in ("--server.allowedHosts", host)]


def run(extra: list[str]) -> int:
    """Sets up and opens the app; ends with it."""
    return opened(extra, lambda: ensure(APP_LOCK), venv_python)


def opened(extra: list[str], prepare: Callable[[], None], python: Callable[[], Path]) -> int:
    """Opens the app by an interpreter, once what it needs is prepared; a wrong argument is told before that."""
    address, port = listening(extra, dict(os.environ))
    extra = [*extra, *known_as(address, extra, dict(os.environ))]
    prepare()
    port = port or choose_port()
    shown = "127.0.0.1" if address in ("0.0.0.0", "::", "") else address
    command = app_command(str(python()), address, port, extra)
    say("Abrindo a Presença …")
    # Streamlit's greeting is English and goes to stdout; its warnings and errors go to stderr and stay
    process = subprocess.Popen(command, cwd=str(ROOT), stdout=subprocess.DEVNULL)
    asked = threading.Event()

    def told(*_: object) -> None:
        asked.set()
        end(process)

    signal.signal(signal.SIGTERM, told)
    try:
        code = watch(process, "http://%s:%d" % (shown, port), opens_browser(dict(os.environ)))
        return 0 if asked.is_set() else code  # a service that was told to stop has not failed
    except KeyboardInterrupt:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
        process.kill()
        say("\nPresença encerrada.")
        return 0
