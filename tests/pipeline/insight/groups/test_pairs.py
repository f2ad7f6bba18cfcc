"""Which factors act together: by the sample's own points, under the filters, and never told of a handful."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.insight.groups import pairs
from pipeline.insight.groups.overview import Filters
from pipeline.insight.scoring import together
from pipeline.modeling.explanation import explain
from pipeline.modeling.features.build import build
from pipeline.modeling.interactions import Joint
from pipeline.modeling.model import OutOfFoldPredictions
from pipeline.products.no_show import PRODUCT
from tests.pipeline.insight.trained import trained_on
from tests.pipeline.modeling.appointments import crowded

POINTS = pd.DataFrame({"lead_time": np.linspace(-0.1, 0.1, 300), "age": 0.02, "unit": 0.001})


def _planted(rows: pd.DataFrame) -> pd.DataFrame:
    """The second factor weighs 1 point more the more the first raises the risk; the third acts with nobody."""
    both = np.linspace(0, 0.02, 300)
    found = Joint((("age", "lead_time"), ("lead_time", "unit")), np.column_stack([both, np.zeros(300)]))
    return pairs.frame_of(rows["row"].to_numpy(), POINTS, found)


def test_the_planted_pair_is_found_with_where_it_weighs() -> None:
    rows = crowded(300, 1)
    found = pairs.together(_planted(rows), rows, PRODUCT, Filters())
    (pair,) = found.pairs
    assert found.rows == 300 and (pair.first, pair.second) == ("lead_time", "age")
    assert pair.mean_abs == pytest.approx(0.01, abs=1e-6) and pair.low < pair.high
    assert pair.where_lowered == pytest.approx(0.02 + 0.02 / 12, abs=1e-3)  # alone 0.02 less half, plus the whole
    assert pair.where_raised == pytest.approx(0.02 + 0.02 * 5 / 12, abs=1e-3)
    assert pair.partner("age") == "lead_time" and pair.partner("unit") == ""


def test_a_group_is_told_by_its_own_rows_and_a_handful_not_at_all() -> None:
    rows = crowded(300, 1)
    sample = _planted(rows)
    one = pairs.together(sample, rows, PRODUCT, Filters(values={"unit": ("Norte",)}))
    assert one.rows == (rows["unit"] == "Norte").sum() < 300 and one.pairs
    few = pairs.together(sample.head(pairs.FEW - 1), rows, PRODUCT, Filters())
    assert few.rows == pairs.FEW - 1 and few.pairs == ()
    none = pairs.together(pairs.frame_of(rows["row"].to_numpy(), POINTS, None), rows, PRODUCT, Filters())
    assert (none.rows, none.pairs) == (0, ())


def test_the_sample_of_a_model_is_drawn_alike_and_adds_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(together, "MOST", 40)
    rows = crowded(400, 3)
    model = trained_on(rows)
    known = rows["outcome"].notna().to_numpy()
    number = rows["row"].to_numpy()[known]
    past = OutOfFoldPredictions(number, np.zeros(len(number)), np.zeros(len(number)), pd.DataFrame(index=number))
    found = together.drawn(rows, past, PRODUCT, model)
    pd.testing.assert_frame_equal(found, together.drawn(rows, past, PRODUCT, model))
    assert len(found) == 40 and set(found["row"]) <= set(number)
    features = build(rows, PRODUCT, aggregates=model.aggregates).columns
    explained = explain(model.boosters, features, model.factor_of, model.slope, model.intercept)
    places = [int(np.flatnonzero(rows["row"] == row)[0]) for row in found["row"]]
    whole = found.drop(columns="row").sum(axis=1)
    np.testing.assert_allclose(whole, (explained.risk - explained.reference)[places], rtol=0, atol=1e-6)
