"""A child of ours is held to its limits and never sees the key."""

from __future__ import annotations

import subprocess
import sys

import pytest

from pipeline import sandbox

CHILD = "tests.pipeline.sandboxed"


def test_the_child_sees_no_key_and_gets_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_KEY", "00" * 32)
    done = sandbox.run_module(CHILD, ["echo"], seconds=30, given=b"abc")
    assert (done.returncode, done.stdout.split()) == (0, [b"abc", b"0"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such limits")
@pytest.mark.parametrize("what", ["memory", "processor"])
def test_the_child_dies_of_too_much_and_the_parent_does_not(what: str) -> None:
    assert sandbox.run_module(CHILD, [what], seconds=60).returncode != 0


def test_the_child_is_ended_when_patience_is_over() -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        sandbox.run_module(CHILD, ["sleep"], seconds=1)


def test_the_limits_load_nothing_but_the_standard_library() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1]); before = set(sys.modules); import pipeline.sandbox;"
        "print(*sorted(n for n in set(sys.modules) - before if n.split('.')[0] not in sys.stdlib_module_names))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(sandbox.PROJECT)], capture_output=True, text=True, check=True
    )
    own = ["pipeline", "pipeline.paths", "pipeline.sandbox", "pipeline.sandbox_child", "pipeline.sandbox_host"]
    assert [name for name in done.stdout.split() if name != "lazy_loader"] == own  # which is light: it opens doors
