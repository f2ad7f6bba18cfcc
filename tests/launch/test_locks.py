"""The locked files: hashes for every pin, no address, and the development lock holds the app's."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("requirements.txt", "requirements-dev.txt")


def _pins(name: str) -> dict[str, set[str]]:
    pins: dict[str, set[str]] = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        if found := re.match(r"([\w.-]+)==(\S+)(.*?)\\?$", line):
            pins.setdefault(found[1], set()).add(found[2] + found[3].strip())
    return pins


def test_every_pin_has_a_hash_and_no_address() -> None:
    for name in LOCKS:
        text = (ROOT / name).read_text(encoding="utf-8")
        blocks = re.split(r"\n(?=[\w.-]+==)", text)
        assert len(blocks) > 50
        assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
        assert "://" not in text and not re.search(r"^(-e|--index|--extra|--find|git\+)", text, re.MULTILINE)


def test_the_development_lock_holds_every_pin_of_the_app() -> None:
    app, dev = (_pins(name) for name in LOCKS)
    assert {name: pins for name, pins in app.items() if dev.get(name) != pins} == {}
