"""What is read from this machine: a file or a folder, or several, which are read as one in the order given."""

from __future__ import annotations

from pathlib import Path

Source = Path | tuple[Path, ...]
