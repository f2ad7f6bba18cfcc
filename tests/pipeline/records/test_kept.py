"""Records of earlier versions, brought forward step by step; the kept workspace holds them as they were written."""

from __future__ import annotations

import json

from pipeline.records import ModelCard, dump_kept, load_kept
from tests.pipeline.presentation.examples import CARD


def test_a_card_that_names_the_reach_opens_with_its_recall() -> None:
    second = json.loads(dump_kept(CARD).replace("recall_at_10pct", "reach_top_10")) | {"version": 2}
    found = load_kept(ModelCard, json.dumps(second))
    assert found == CARD
    assert found.test.model.recall_at_10pct.value > 0
