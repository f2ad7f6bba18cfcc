"""What was found so far, as JSON beside the rows: a run of hours can be taken in pieces, by size and by part."""

from __future__ import annotations

import datetime as dt
import json
import os
import platform
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pipeline import atomic
from tests.benchmarks.harness import ROOT
from tests.benchmarks.scale import network


@dataclass(frozen=True)
class Finding:
    """One measurement: of which part and step, on how many rows, how it was asked for, and its figures."""

    part: str
    step: str
    rows: int
    how: str = ""
    figures: dict[str, Any] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """Measured again, it takes the place of what was found before."""
        return f"{self.part}|{self.step}|{self.rows}|{self.how}"


class Findings:
    """The findings of one label (one state of the code), kept in `escala-<label>.json` of the cache."""

    def __init__(self, label: str) -> None:
        """Reads what an earlier piece kept."""
        self._path = network.cache() / f"escala-{label}.json"
        self._all: dict[str, dict[str, Any]] = json.loads(self._path.read_text()) if self._path.exists() else {}

    @property
    def path(self) -> Path:
        """Where they are kept."""
        return self._path

    def add(self, found: Finding) -> Finding:
        """Keeps one, with the day, the machine and the state of the code."""
        line = {"part": found.part, "step": found.step, "rows": found.rows, "how": found.how}
        self._all[found.key] = {**line, "figures": found.figures, **_circumstances()}
        atomic.write(self._path, json.dumps(self._all, ensure_ascii=False, indent=1).encode())
        return found

    def of(self, part: str, step: str = "") -> list[Finding]:
        """Those of a part, and of one step of it, from the fewest rows to the most."""
        names = ("part", "step", "rows", "how", "figures")
        found = [Finding(**{name: one[name] for name in names}) for one in self._all.values()]
        chosen = [one for one in found if one.part == part and step in ("", one.step)]
        return sorted(chosen, key=lambda one: (one.step, one.how, one.rows))

    def told(self, one: Finding) -> str:
        """When a finding was made, and of which state of the code."""
        kept = self._all[one.key]
        day = dt.datetime.fromisoformat(kept["at"]).strftime("%d/%m/%Y")
        return f"{day}, {kept['code']}"

    def machine(self) -> str:
        """Where all this was measured."""
        return "; ".join(sorted({str(one["machine"]) for one in self._all.values()})) or "nada medido ainda"


def _circumstances() -> dict[str, str]:
    described = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return {
        "at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "code": described.stdout.strip(),
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} núcleos",
    }
