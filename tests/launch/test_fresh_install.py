"""The offline bundle, made and installed in a fresh folder without a network; the app opens there, and its commands."""

from __future__ import annotations

import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from launch.browser import find_chromium
from launch.environment import ROOT

WITHOUT_NETWORK = ["unshare", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$0" "$@"']


def _closed() -> list[str]:
    """What closes the network to a command, where the machine lets it be closed; pip is told `--no-index` anyway."""
    if not (shutil.which("unshare") and shutil.which("ip")):
        return []
    tried = subprocess.run([*WITHOUT_NETWORK, "true"], capture_output=True, check=False)
    return WITHOUT_NETWORK if tried.returncode == 0 else []


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Path]:
    """A folder that is not kept: what is put there takes 1.5 GB."""
    yield tmp_path
    shutil.rmtree(tmp_path)


@pytest.mark.slow(seconds=180)
@pytest.mark.timeout(900)
@pytest.mark.skipif(
    (sys.platform, platform.machine()) != ("linux", "x86_64"), reason="the bundle is for such a machine"
)
def test_the_bundle_installs_and_opens_where_there_is_no_network(room: Path) -> None:
    bundle = room / "pacote da clínica"
    made = subprocess.run(
        [sys.executable, "-m", "launch.offline", str(bundle)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stdout + made.stderr  # this alone needs the network
    closed = _closed()
    walk = [sys.executable, "-m", "tests.launch.offline_walk", str(bundle), str(room / "máquina nova")]
    done = subprocess.run([*closed, *walk], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["installed"][0] == 0, seen
    assert not (closed and seen["reaches_others"])
    assert seen["version"] == [0, ["Presença 0.1.0"]]
    assert seen["validated"][0] == 0 and "Todas as 10.500 linhas podem ser usadas." in seen["validated"][1]
    page = {"title": "Início", "faults": 0, "refused": []} if find_chromium() else {}
    assert seen["page"] == page | {"ended": 0}
    assert seen["left_in_folder"] == []
