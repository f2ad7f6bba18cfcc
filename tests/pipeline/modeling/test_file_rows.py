"""Rows of a file as a training asks for them: how many parts columns are made of shows nowhere."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import PresencaError
from pipeline.modeling import file_rows
from pipeline.modeling.file_rows import Counting, FrameRows, Making, factors_of, gathered
from pipeline.modeling.training_set import prepare
from pipeline.presentation.locale import messages
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.clinics import clinic
from tests.toy.products import BELL


@pytest.fixture(scope="module")
def rows() -> pd.DataFrame:
    return clinic(2_500, 3, days=60).rows


def columns(rows: pd.DataFrame, day: int | None = None) -> pd.DataFrame:
    """Of every third row, as its history stood."""
    chosen, file = np.arange(len(rows)) % 3 == 0, FrameRows(rows, PRODUCT)
    asked = Making(PRODUCT, file.counted(Counting(PRODUCT, day=day)), day)
    return gathered(file.parts(asked, chosen, np.arange(len(rows)) % 8 if day is None else None), chosen)


def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Has even so few rows made of several parts."""
    monkeypatch.setattr(file_rows, "AT_ONCE", 300)


@pytest.mark.parametrize("day", [None, 20_500])
def test_the_number_of_parts_shows_nowhere(
    rows: pd.DataFrame, day: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = columns(rows, day)
    in_parts(monkeypatch)
    pd.testing.assert_frame_equal(columns(rows, day), one)


def test_what_teaches_and_would_not_fit_is_refused(rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    in_parts(monkeypatch)
    monkeypatch.setenv("PRESENCA_MEMORY", "100 KB")
    with pytest.raises(PresencaError, match=r"training.too_much_memory") as refused:
        prepare(rows, PRODUCT)
    assert "memória" in messages.told(refused.value.note)
    monkeypatch.setenv("PRESENCA_MEMORY", "100 MB")
    assert len(prepare(rows, PRODUCT).outcome) > 500


def test_a_column_knows_its_factor(rows: pd.DataFrame) -> None:
    assert factors_of(["history__rate", "unit__is_3"], PRODUCT) == {"history__rate": "history", "unit__is_3": "unit"}
    assert factors_of([], BELL) == {}


def test_a_frame_answers_as_it_is(rows: pd.DataFrame) -> None:
    file = file_rows.of(rows, PRODUCT)
    assert file_rows.of(file, PRODUCT) is file
    assert len(file) == len(rows)
    assert "unit" in file and "nothing" not in file
    assert file.some(np.array([3, 7]))["row"].tolist() == rows["row"].iloc[[3, 7]].tolist()
