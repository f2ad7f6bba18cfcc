"""Rows that go the whole way find what a model keeps of values changed, and pass where nothing is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pipeline.modeling.bundle import whole_way
from pipeline.modeling.features.aggregates import Aggregates
from tests.pipeline.insight.judged import trained_early
from tests.pipeline.insight.trained import PRODUCT
from tests.pipeline.insight.typed import typed_rows


@pytest.fixture(scope="module")
def model():
    return trained_early(typed_rows(900), 5)


def test_an_unchanged_model_agrees(model):
    kept = whole_way.tried(model, PRODUCT)
    assert kept is not None and kept.risks and len(kept.means) >= len(model.columns)
    assert whole_way.agree(kept, whole_way.answered(kept, model, PRODUCT))
    assert not whole_way.agree(kept, None)


@pytest.mark.parametrize("what", ["rates", "daily"])
def test_what_is_kept_of_values_may_not_change(model, what):
    kept = whole_way.tried(model, PRODUCT)
    changed: Aggregates = replace(model.aggregates, **{what: {}})
    now = whole_way.answered(kept, replace(model, aggregates=changed), PRODUCT)
    assert not whole_way.agree(kept, now)
