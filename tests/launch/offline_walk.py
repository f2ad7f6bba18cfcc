"""What a clinic does with the offline bundle, in one process: installs it, checks a file, opens the app, closes it.

A program of its own, so that test_fresh_install.py can start it where there is no network: it tells what it saw as
JSON, and judges nothing.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Response, sync_playwright

from launch.browser import find_chromium
from launch.server import choose_port
from tests.browser.server import _wait_for

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def reaches_others() -> bool:
    """Whether there is a way out of this machine; the address is one for documentation, nobody answers there."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as way:
        try:
            way.connect(("192.0.2.1", 9))
        except OSError:
            return False
    return True


def told(command: list[str], folder: Path, env: dict[str, str]) -> tuple[int, list[str]]:
    """The exit code and the lines of a command."""
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=800, check=False)
    return done.returncode, (done.stdout + done.stderr).splitlines()


def seen(url: str) -> dict[str, Any]:
    """The title of the first page in Chromium, and every answer that was a refusal."""
    refused: list[str] = []

    def note(answer: Response) -> None:
        if answer.status >= 400:
            refused.append(f"{answer.status} {answer.url}")

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=ARGUMENTS)
        page = browser.new_page()
        page.on("response", note)
        page.goto(url)
        title = page.locator("h1").first.inner_text(timeout=90_000)
        faults = page.get_by_test_id("stException").count()
        browser.close()
    return {"title": title, "faults": faults, "refused": refused}


def opened(presenca: str, folder: Path, env: dict[str, str]) -> dict[str, Any]:
    """What the app shows once it is open, and the exit code of a service that is told to stop."""
    port = choose_port(first=8900 + os.getpid() % 90)
    log = folder.parent / "aberta.log"
    with open(log, "wb") as sink:
        process = subprocess.Popen(
            [presenca, "run", "--server.port", str(port)], cwd=folder, env=env, stdout=sink, stderr=subprocess.STDOUT
        )
        try:
            _wait_for(process, f"http://127.0.0.1:{port}", log)
            page = seen(f"http://127.0.0.1:{port}") if find_chromium() else {}
            process.send_signal(signal.SIGTERM)
            return page | {"ended": process.wait(timeout=30)}
        finally:
            process.kill()
            process.wait()


def main(bundle: Path, place: Path) -> dict[str, Any]:
    """Everything that was seen; `place` is a new folder."""
    home, folder, target = place / "casa da Ana", place / "pasta", place / "programa"
    for one in (home, folder):
        one.mkdir(parents=True)
    env = {"HOME": str(home), "PATH": f"{sys.base_prefix}/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "CI": "1"}
    installed = told(["sh", str(bundle / "instalar.sh"), str(target)], folder, env)
    if installed[0]:
        return {"installed": installed}
    presenca = str(target / "presenca")
    sample = next(target.glob("ambiente-*/lib/python*/site-packages/data_samples/no_show_passado.csv"))
    result = {
        "installed": installed,
        "reaches_others": reaches_others(),
        "version": told([presenca, "--version"], folder, env),
        "validated": told([presenca, "validate", "no_show", str(sample)], folder, env),
        "page": opened(presenca, folder, env),
    }
    return result | {"left_in_folder": [path.name for path in folder.iterdir()]}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), Path(sys.argv[2]))))
