"""Phrases are stretched as long as it takes to see that they are: the real measure is a matter of one constant."""

from __future__ import annotations

import pytest

from pipeline.workspace.maintenance import sealed_stream


@pytest.fixture(autouse=True)
def _quick_phrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_stream, "_SCRYPT", {"n": 2**8, "r": 8, "p": 1})
