"""Comments of one day, or of none: what is learnt from them, how it is tested, and what the card says of it."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import NotEnoughData
from pipeline.insight.scoring import eligibility, score
from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.modeling.training.time_splits import drawn
from pipeline.modeling.training_set import prepare
from pipeline.presentation.html import model_card_html
from pipeline.presentation.sentences import model_words
from pipeline.products.satisfaction import PRODUCT
from tests.pipeline.modeling.training.test_training_comments import sample_rows, trained


def without_dates(rows: pd.DataFrame) -> pd.DataFrame:
    return rows.assign(event_date=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[us]"))


@pytest.fixture(scope="module")
def undated() -> tuple[pd.DataFrame, TrainedModel, OutOfFoldPredictions]:
    rows = without_dates(sample_rows(900))
    return rows, *trained(rows)


def test_rows_without_dates_are_learnt_from_and_every_one_is_judged_by_who_had_not_seen_it(undated: tuple) -> None:
    rows, model, past = undated
    known = rows["outcome"].notna()
    assert sorted(past.row) == sorted(rows.loc[known, "row"]), "each row once, none left without a risk"
    card = model.card
    assert not card.timed and card.trained_from is None and card.trained_until is None and card.test.period is None
    assert card.test.model.auc.value > 0.8
    assert {note.code for note in card.notes} >= {"card.tested_on_drawn"} and "card.first_block" not in {
        note.code for note in card.notes
    }


def test_the_card_says_that_no_future_was_measured(undated: tuple, tmp_path) -> None:
    model = undated[1]
    assert "sem datas não se mede o futuro" in model_words.test_line(model.card, PRODUCT)
    assert "sem datas" in model_card_html(model.card, PRODUCT)
    bundle.save(model, tmp_path / "m.zip")
    again = bundle.load(tmp_path / "m.zip", PRODUCT)
    assert again.card == model.card


def test_points_sum_to_the_risk_and_rated_rows_may_be_known(undated: tuple) -> None:
    rows, model, _ = undated
    found = score.score(rows, PRODUCT, model)
    np.testing.assert_allclose(found.points.sum(axis=1), found.risk - found.reference, atol=1e-12)
    assert (eligibility.taught(rows, PRODUCT, model) == rows["outcome"].notna()).all()
    later = rows.assign(event_date=pd.Timestamp("2030-01-01"))
    assert not eligibility.taught(later, PRODUCT, model).any(), "what has a day was not among what had none"


def test_without_time_only_what_holds_on_any_day_is_a_column(undated: tuple) -> None:
    rows = undated[0].assign(event_date=pd.Series(pd.Timestamp("2026-01-10"), index=undated[0].index))
    factors = set(prepare(rows, PRODUCT, timed=False).factor_of.values())
    assert factors <= {"care_mode", "place", "age", "gender"} and factors
    bare = rows.assign(
        **{name: rows[name].where(rows["row"] < 0) for name in ("care_mode", "cep_uf", "gender")}, age=np.nan
    )
    assert prepare(bare, PRODUCT, timed=False).table.shape[1] == 1, "a column that never varies, for the trees to have"


@pytest.mark.slow
def test_one_day_is_learnt_from_as_none_is(undated: tuple) -> None:
    rows = undated[0].assign(event_date=pd.Series(pd.Timestamp("2026-01-10"), index=undated[0].index))
    model, _ = trained(rows)
    assert not model.card.timed and model.card.trained_from == model.card.trained_until == dt.date(2026, 1, 10)
    assert not any(name.startswith("event_calendar") for name in model.columns), "one weekday tells nothing"


@given(
    st.lists(st.integers(0, 40), min_size=60, max_size=200).filter(lambda codes: len(set(codes)) > 20),
    st.integers(0, 5),
)
@settings(max_examples=20, deadline=None)
def test_no_group_is_on_two_sides_and_no_row_is_lost(codes: list[int], seed: int) -> None:
    groups = np.unique(codes, return_inverse=True)[1]
    outcome = np.random.default_rng(seed).integers(0, 2, len(groups)).astype(float)
    try:
        split = drawn(groups, outcome, seed)
    except NotEnoughData:
        return  # a part of one outcome only
    parts = [split.test, *split.blocks]
    assert sorted(np.concatenate(parts)) == list(range(len(groups)))
    assert len(set(groups[split.test]) & set(groups[split.development])) == 0
    for learn, judge in split.folds:
        assert not set(groups[learn]) & set(groups[judge]) and not set(learn) & set(split.test)


def test_one_text_for_all_is_refused() -> None:
    with pytest.raises(NotEnoughData) as refused:
        drawn(np.zeros(600, dtype=int), np.arange(600) % 2.0, 0)
    assert refused.value.note.code == "training.few_texts"
