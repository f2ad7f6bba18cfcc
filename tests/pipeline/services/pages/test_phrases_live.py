"""Phrases that people try live: how many are read right, how many not at all, and none of harm called praise.

`tests/golden/phrases_live.csv` holds invented phrases of all kinds that mislead a reader of words. The rule was chosen
on those of the part `tune`; the shares below are of both parts, by the small model that the run has trained anyway.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest

from pipeline.insight.comments import comment_list
from pipeline.insight.comments.certainty import certainty, groups_told
from pipeline.insight.scoring.score import score
from pipeline.products.satisfaction import PRODUCT
from pipeline.services import Workspace
from pipeline.services.models import models
from tests.conftest import ROOT

PHRASES = list(csv.DictReader((ROOT / "tests" / "golden" / "phrases_live.csv").open(encoding="utf-8")))
PLAIN_RIGHT = 0.5  # measured 0.58, of plain phrases
WRONG_WAY = 0.22  # measured 0.17 in all and in the part held out; without "não sei" it was 0.34


@dataclass(frozen=True)
class Told:
    """What is told of each phrase: a group, or None for "não sei"."""

    plain: np.ndarray
    alarmed: np.ndarray


@pytest.fixture(scope="module")
def told(space: Workspace) -> Told:
    model = models.load(space, models.models(space, PRODUCT.key)[0].id)
    texts = [phrase["text"] for phrase in PHRASES]
    rows = pd.concat([comment_list.one_row(text, {}, PRODUCT, model) for text in texts], ignore_index=True)
    found = score(rows.assign(row=np.arange(len(rows))), PRODUCT, model, threads=1)
    assert found.stars is not None
    unsure = certainty(model.reader, texts, found.stars)
    return Told(
        groups_told(found.stars, unsure)[0], groups_told(found.stars, unsure, np.ones(len(texts), dtype=bool))[0]
    )


def share(told_: np.ndarray, right: bool, **where: str) -> float:
    """The share of phrases that are told right, or the opposite way, among those with these values."""
    rows = [i for i, p in enumerate(PHRASES) if all(p[key] == value for key, value in where.items())]
    assert rows
    hits = [
        told_[i] == PHRASES[i]["expected"] if right else {told_[i], PHRASES[i]["expected"]} == {"detractor", "promoter"}
        for i in rows
    ]
    return sum(hits) / len(rows)


def test_the_phrases_are_many_and_of_all_kinds() -> None:
    assert len(PHRASES) >= 200 and len({p["text"] for p in PHRASES}) == len(PHRASES)
    assert {p["split"] for p in PHRASES} == {"tune", "held_out"} and len({p["kind"] for p in PHRASES}) == 8


def test_harm_is_never_called_praise(told: Told) -> None:
    harm = [group for group, phrase in zip(told.alarmed, PHRASES, strict=True) if phrase["kind"] == "harm"]
    assert len(harm) >= 30 and set(harm) <= {"detractor", None}


def test_as_many_are_read_right_as_were_measured(told: Told) -> None:
    assert share(told.plain, True, kind="plain") >= PLAIN_RIGHT
    assert share(told.plain, False) <= WRONG_WAY
    assert share(told.plain, False, split="held_out") <= WRONG_WAY
