"""Distinct comments as they may rest and be shown: one plain text, without numbers or names that identify a person."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from pipeline.scrubbing.comments import scrub_comment
from pipeline.scrubbing.staff import StaffNumbers

# control characters, and marks that turn the direction of what follows: a comment must not rewrite the page around it
_UNSAFE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]"
)


@dataclass(frozen=True)
class Comments:
    """Scrubbed texts, and per kind of scrub how many were made in each (int)."""

    texts: list[str]
    scrubs: Mapping[str, np.ndarray]


def read_comments(texts: list[str], staff: StaffNumbers | None = None) -> Comments:
    """Cleans and scrubs each distinct comment; with `staff`, those who work there keep a number."""
    found = [scrub_comment(_UNSAFE.sub("", text), staff) for text in texts]
    kinds = sorted({kind for one in found for kind in one.counts})
    return Comments(
        [one.text for one in found],
        {kind: np.array([one.counts.get(kind, 0) for one in found], "int32") for kind in kinds},
    )
