"""Identifiers planted in invented comments, and what must stay: measured on what was tuned on and on what was not."""

from __future__ import annotations

import json

import pytest

from pipeline.scrubbing.comments import KINDS, scrub_comment
from tests.conftest import ROOT

CASES = [
    json.loads(line) for line in (ROOT / "tests/golden/scrub_planted.jsonl").read_text(encoding="utf-8").splitlines()
]
REMOVED, KEPT = 0.95, 0.97


def test_there_is_enough_to_measure() -> None:
    assert sum(bool(case["gone"]) for case in CASES) >= 150 and sum(bool(case["stays"]) for case in CASES) >= 100
    assert {one["kind"] for case in CASES for one in case["gone"]} == {*KINDS} - {"profissional"}
    assert all(one["text"] in case["text"] for case in CASES for one in case["gone"])
    assert all(text in case["text"] for case in CASES for text in case["stays"])


@pytest.mark.parametrize("held_out", [False, True])
def test_planted_identifiers_leave_and_decoys_stay(held_out: bool) -> None:
    gone, kinds, kept = [], [], []
    for case in CASES:
        if case["held_out"] == held_out:
            found = scrub_comment(case["text"])
            gone += [one["text"] not in found.text for one in case["gone"]]
            kinds += [one["kind"] in found.counts for one in case["gone"]]
            kept += [text in found.text for text in case["stays"]]
    assert sum(gone) / len(gone) >= REMOVED and sum(kinds) / len(kinds) >= REMOVED
    assert sum(kept) / len(kept) >= KEPT
