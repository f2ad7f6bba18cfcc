"""Temporary files lie where the workspace is, go with their reading, and are swept where a kill left them."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline import scratch, servers
from pipeline.workspace.maintenance import files_check
from pipeline.workspace.store import Workspace


def test_a_folder_is_ours_alone_lies_in_the_workspace_and_goes(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home", key=b"k" * 32)
    with pytest.raises(ValueError), scratch.folder() as folder:
        (folder / "upload").write_bytes(b"a")
        assert folder.parent == workspace.staging and (os.name != "posix" or folder.stat().st_mode & 0o777 == 0o700)
        raise ValueError
    assert not list(workspace.staging.iterdir())
    workspace.close()


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere only what is a day old is swept")
def test_what_a_killed_process_left_is_swept_by_the_next_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from pipeline import scratch\n"
        "scratch.use(Path(sys.argv[1]))\n"
        "with scratch.folder() as own: (own / 'upload').write_text('Ana'); os.kill(os.getpid(), signal.SIGKILL)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=False, cwd=scratch.__file__.rsplit("/", 2)[0])
    assert [one.name for one in tmp_path.glob("*/*")] == ["upload"]
    monkeypatch.setattr(scratch, "_homes", [tmp_path])
    with scratch.folder() as own:
        assert list(tmp_path.iterdir()) == [own]


def test_folders_of_others_and_of_those_who_live_are_left(tmp_path: Path) -> None:
    kept = [f"presenca-{os.getpid()}-ab", "presenca-x", "other-1"]
    for name in kept:
        (tmp_path / name).mkdir()
    scratch.sweep(tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == sorted(kept)
    os.utime(tmp_path / kept[0], (0, 0))
    scratch.sweep(tmp_path)
    assert not (tmp_path / kept[0]).exists()


def test_another_servers_folders_are_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its processes can't be asked after from here, and a number of theirs is nobody's."""
    monkeypatch.setenv("PRESENCA_SERVER", "first")
    theirs = tmp_path / f"presenca-{2**22 + 1}-{servers.mark()}-ab"
    theirs.mkdir()
    monkeypatch.setenv("PRESENCA_SERVER", "second")
    scratch.sweep(tmp_path)
    assert theirs.exists()
    monkeypatch.setenv("PRESENCA_SERVER", "first")
    scratch.sweep(tmp_path)
    assert theirs.exists() is (sys.platform != "linux")


def test_work_that_takes_hours_keeps_its_folder_while_others_open_the_workspace(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "home", key=b"k" * 32)
    left = workspace.staging / "dataset-1-2"
    left.mkdir()
    with scratch.folder() as own:
        for old in (own, left):
            os.utime(old, (time.time() - 7200,) * 2)
        assert files_check.leftovers(workspace.home) == [left]
        Workspace(tmp_path / "home", key=b"k" * 32).close()
        assert own.exists() and not left.exists()
    workspace.close()
