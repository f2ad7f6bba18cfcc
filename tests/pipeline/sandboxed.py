"""A child for the tests of the sandbox: asks for too much of what it is told to."""

from __future__ import annotations

import os
import sys
import time

from pipeline.sandbox import Sandbox


def main(what: str) -> None:
    Sandbox(memory=1024**3, processor=1).limit_resources()
    if what == "echo":
        print(sys.stdin.read(), sum(name.startswith("PRESENCA_") for name in os.environ))  # noqa: T201
    elif what == "memory":
        bytearray(2 * 1024**3)
    elif what == "processor":
        until = time.monotonic() + 20
        while time.monotonic() < until:
            pass
    else:
        time.sleep(30)


if __name__ == "__main__":
    main(sys.argv[1])
