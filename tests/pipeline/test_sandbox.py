"""A child of ours is held to its limits and never sees the key."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from pipeline import sandbox, sandbox_host

CHILD = "tests.pipeline.sandboxed"


def test_the_child_sees_no_key_and_gets_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_KEY", "00" * 32)
    done = sandbox.run_module(CHILD, ["echo"], seconds=30, given=b"abc")
    assert (done.returncode, done.stdout.split()) == (0, [b"abc", b"0"])


ASKED = f"{CHILD}:asked"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a child has no such limits, or no host")


def ask(what: str, seconds: float = 30, **more: str) -> object:
    return sandbox.call(ASKED, {"what": what, **more}, sandbox.Sandbox(sandbox.GB // 3, seconds))


def test_a_call_is_answered_from_a_process_without_the_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PRESENCA_KEY", "00" * 32)
    host = sandbox_host.Host() if sys.platform == "linux" else None
    if host is not None:  # one that starts with the key around
        monkeypatch.setattr(sandbox_host, "_hosts", [host])
    told = sandbox.call(ASKED, {"what": "echo", "text": "ção"}, sandbox.LOADING, folder=str(tmp_path))
    assert told == ["ção", [], True, str(tmp_path)]
    if host is not None:
        host.close()
        assert not host.is_alive()


@LINUX
@pytest.mark.parametrize(
    ("what", "why"), [("memory", "memory"), ("many", "memory"), ("death", "fault"), ("error", "fault")]
)
def test_what_ends_a_child_is_told_and_the_next_call_is_answered(what: str, why: str) -> None:
    with pytest.raises(sandbox.Ended) as caught:
        ask(what)
    assert caught.value.why == why and "Ana" not in repr(caught.value)
    assert ask("echo", text="a")


@LINUX
@pytest.mark.parametrize("what", ["sleep", "processor"])
def test_a_child_that_takes_too_long_is_ended(what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox.Sandbox, "patience", 0.3 if what == "sleep" else 20)
    with pytest.raises(sandbox.Ended) as caught:
        ask(what, seconds=0)
    assert caught.value.why == "time"


def test_a_child_asks_itself() -> None:
    assert ask("again") == ["b", [], True, ask("echo", text="b")[3]]  # type: ignore[index]


@LINUX
def test_a_host_that_was_ended_is_started_again() -> None:
    os.kill(sandbox_host.the_host().pid, signal.SIGKILL)
    assert ask("echo", text="a")


@LINUX
def test_calls_at_once_are_answered_each() -> None:
    with ThreadPoolExecutor(8) as threads:
        told = list(threads.map(lambda n: ask("echo", text=str(n)), range(16)))
    assert [one[0] for one in told] == [str(n) for n in range(16)]  # type: ignore[index]


@LINUX
def test_a_fresh_process_answers_where_there_is_no_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert ask("echo", text="ã")
    with pytest.raises(sandbox.Ended) as caught:
        ask("error")
    assert caught.value.why == "fault"


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
