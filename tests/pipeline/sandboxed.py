"""A child for the tests of the sandbox: asks for too much of what it is told to."""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from pipeline import sandbox, sandbox_child
from pipeline.sandbox import Sandbox


def asked(request: Mapping[str, Any]) -> Any:
    """Does what is asked, in a child."""
    match request["what"]:
        case "echo":
            ours = [name for name in os.environ if name.startswith("PRESENCA_")]
            return [request["text"], ours, sandbox_child.is_child(), tempfile.gettempdir()]
        case "again":
            return sandbox.call(f"{__name__}:asked", {"what": "echo", "text": "b"}, sandbox.LOADING)
        case "memory":
            return len(bytearray(3 * sandbox.GB))
        case "many":
            return [bytearray(1_000_000) for _ in range(1_000)] and "held"
        case "death":
            os.abort()
        case "error":
            raise ValueError("Ana Souza")
        case "sleep":
            time.sleep(30)
        case "processor":
            while True:
                pass
    return None


def main(what: str) -> None:
    Sandbox(memory=1024**3, processor=1).limit_resources()
    if what == "echo":
        print(sys.stdin.read(), sum(name.startswith("PRESENCA_") for name in os.environ))  # noqa: T201
    else:
        time.sleep(30)


if __name__ == "__main__":
    main(sys.argv[1])
