"""Golden files: what a face looked like when a person last looked at it.

PRESENCA_GOLDEN=write writes them anew; read the difference before committing it.
"""

from __future__ import annotations

import os
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "golden" / "presentation"


def same_as_golden(name: str, text: str) -> None:
    """Fails if `text` is not what the golden file holds."""
    path = FOLDER / name
    if os.environ.get("PRESENCA_GOLDEN") == "write":
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())
    assert path.is_file(), f"{name}: no golden file; PRESENCA_GOLDEN=write makes it"
    assert text == path.read_bytes().decode().replace("\r\n", "\n"), f"{name} differs from its golden file"
