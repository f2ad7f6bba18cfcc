"""What may not wait in a comment, with the sentence that shows it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AlertFound:
    """An alert of a product (its `key`) and the sentence that shows it: `comment[start:end]`."""

    key: str
    start: int
    end: int
