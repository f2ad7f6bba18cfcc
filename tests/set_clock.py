"""A clock for processes that a test starts: they take the time of day from a file that the test writes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import ROOT

_CLOCK = '''
import datetime as dt
import os
import time

from pipeline.services import clock

FILE = os.environ["PRESENCA_TEST_CLOCK"]


def now():
    """The moment that was written, and as much as passed since."""
    with open(FILE) as file:
        moment = dt.datetime.fromisoformat(file.read())
    return moment.replace(tzinfo=clock.ZONE) + dt.timedelta(seconds=time.time() - os.path.getmtime(FILE))


clock.now = now
'''


@dataclass(frozen=True)
class SetClock:
    """A clock in a folder of its own; it goes on by itself from where it was set."""

    folder: Path

    def set(self, moment: str) -> None:
        """To a time in São Paulo, as in `2026-11-23T06:50`."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / "now.tmp").write_text(moment)
        (self.folder / "now.tmp").replace(self.folder / "now")

    @property
    def environ(self) -> dict[str, str]:
        """What makes a Python process go by it from its start."""
        (self.folder / "sitecustomize.py").write_text(_CLOCK)
        path = os.pathsep.join([str(self.folder), str(ROOT)])
        return {"PYTHONPATH": path, "PRESENCA_TEST_CLOCK": str(self.folder / "now")}
