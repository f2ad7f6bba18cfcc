"""Values of open fields as 0/1 columns, against loops that read like the definition."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from pipeline.folding import fold
from pipeline.modeling.features.build import Aggregates, Surroundings, aggregate, build, values_of
from pipeline.modeling.features.frequent_values import (
    LEAST_ROWS,
    MOST,
    folded_counts,
    frequent_values,
    indicator_columns,
)
from pipeline.modeling.features.timeline import timeline
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.appointments import crowded


def test_the_most_frequent_have_columns_whatever_their_spelling() -> None:
    told = (
        ["Norte"] * LEAST_ROWS
        + ["Sé"] * (LEAST_ROWS - 1)
        + ["SÉ"] * 2
        + ["Sul"] * (LEAST_ROWS - 1)
        + ["Leste"] * LEAST_ROWS
    )
    column = pd.Series([*told, None], dtype="category")
    assert frequent_values(folded_counts(column)) == ("se", "leste", "norte"), (
        "by rows, then by name; too rare ones have none"
    )
    assert frequent_values(folded_counts(column.sample(frac=1, random_state=1))) == ("se", "leste", "norte")
    many = pd.Series(np.repeat([f"P{i:04}" for i in range(MOST + 9)], LEAST_ROWS), dtype="category")
    assert len(frequent_values(folded_counts(many))) == MOST
    assert frequent_values(folded_counts(pd.Series([None, None], dtype="category"))) == ()


@pytest.mark.parametrize("seed", range(3))
def test_a_row_has_its_value_or_another_or_it_is_not_known(seed: int) -> None:
    rows, history = crowded(60, seed), crowded(30, seed + 9)
    found = indicator_columns(timeline(rows, history, PRODUCT, None), "unit", ("norte",))
    assert list(found) == ["is_0", "is_other"]
    for place, unit in enumerate(rows["unit"]):
        own = (found["is_0"][place], found["is_other"][place])
        if pd.isna(unit):
            assert math.isnan(own[0]) and math.isnan(own[1])
        else:
            assert own == ((1.0, 0.0) if fold(unit) == "norte" else (0.0, 1.0))


def test_a_list_has_the_columns_of_the_model_and_not_its_own() -> None:
    past, future = crowded(400, 1), crowded(20, 2)
    kept = Aggregates.from_plain(aggregate(past, PRODUCT).to_plain())
    assert kept.values == values_of(Surroundings.of(past, None, PRODUCT)) and kept.values["unit"] == ("se", "norte")
    future["unit"] = pd.Categorical(["Nova", "norte"] * 10)
    columns = build(future, PRODUCT, aggregates=kept).columns
    assert columns["unit__is_other"].tolist() == [1.0, 0.0] * 10 and columns["unit__is_1"].tolist() == [0.0, 1.0] * 10
    assert not columns["unit__is_0"].any()


@pytest.mark.parametrize("listed", ["norte", [1], [f"v{i}" for i in range(2_000)]], ids=["text", "number", "too many"])
def test_a_bundle_that_names_no_values_is_refused(listed: object) -> None:
    plain = aggregate(crowded(50, 1), PRODUCT).to_plain()
    with pytest.raises(ValueError, match="names"):
        Aggregates.from_plain(plain | {"values": {"unit": listed}})
