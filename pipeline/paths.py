"""Where the project lies: its root, from which processes of our own are started and samples are read."""

from __future__ import annotations

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
