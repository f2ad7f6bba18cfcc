"""Risks with reasons: every row answered, sums exact, no protected factor as a reason, nothing known too early."""

import datetime as dt
import re
from functools import cache

import numpy as np
import pandas as pd
import pytest

from pipeline.insight.scoring.score import reasons, score
from pipeline.insight.scoring.tiers import tiers_in, tiers_of
from pipeline.modeling.model import TrainedModel
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import reason_words
from pipeline.products.no_show import PRODUCT
from tests.pipeline.insight.trained import TIERS, future_rows, trained_on
from tests.pipeline.insight.typed import typed_rows

PAST = typed_rows(1500, seed=1)


@cache
def model() -> TrainedModel:
    return trained_on(PAST)


FUTURE = future_rows(typed_rows(400, seed=2), 130)


@pytest.fixture(scope="module")
def scored():
    return score(FUTURE, PRODUCT, model(), history=PAST, as_of=None)


def told(scored):
    """The observations in words."""
    return reason_words.texts(scored.observation)


def test_every_row_is_answered_in_order_and_adds_up(scored):
    assert list(scored.row) == list(FUTURE["row"])
    assert scored.summary.rows == scored.summary.scored == 400
    np.testing.assert_allclose(scored.points.sum(axis=1), scored.risk - scored.reference, atol=1e-9)
    assert scored.summary.expected == pytest.approx(scored.risk.sum())
    assert scored.as_of == PAST["scheduled_date"][PAST["outcome"].notna()].max().date() + dt.timedelta(days=1)


def test_rows_of_the_training_period_are_not_scored_and_say_so(scored):
    both = pd.concat([PAST, FUTURE], ignore_index=True).assign(row=lambda f: np.arange(2, len(f) + 2))
    for key in PAST.columns[PAST.dtypes == "category"]:
        both[key] = both[key].astype("category")
    found = score(both, PRODUCT, model(), history=None, as_of=None)
    until = model().card.trained_until
    inside = (both["scheduled_date"] <= pd.Timestamp(until)).to_numpy()
    assert np.isnan(found.risk[inside]).all() and not np.isnan(found.risk[~inside]).any()
    sentence = f"Data dentro do período de treino (até {until:%d/%m/%Y}): o modelo só estima datas posteriores."
    assert set(told(found)[inside]) == {sentence}
    [(why, count)] = found.summary.not_scored
    assert (messages.say(why), count) == (sentence, int(inside.sum()))
    assert all(tier is None for tier in found.tier[inside])
    # the past in the same file is history for its future, as if it had come beside it
    np.testing.assert_allclose(found.risk[-400:], scored.risk, atol=1e-9)


def test_excluded_rows_and_missing_fields_are_explained():
    rows = FUTURE.copy()
    rows["state"] = rows["state"].where(np.arange(400) != 3, "excluded")
    rows["status"] = pd.Categorical(["Cancelado" if i == 3 else "Agendado" for i in range(400)])
    rows.loc[5, "contact_date"] = pd.NaT
    rows["patient_id"] = rows["patient_id"].where(np.arange(400) != 6)
    found = score(rows, PRODUCT, model(), history=PAST, as_of=None)
    assert np.isnan(found.risk[3]) and "Cancelado" in told(found)[3]
    assert told(found)[5] == "Sem data de contato: risco calculado com menos informação."
    assert told(found)[6] == "Sem id único do paciente: risco calculado com menos informação."
    assert told(found)[7] == ""


def test_without_any_history_the_observation_says_so():
    found = score(FUTURE, PRODUCT, model(), history=None, as_of=None)
    assert found.as_of == FUTURE["scheduled_date"].min().date()
    assert set(told(found)) == {"Sem histórico: risco calculado com menos informação."}


def test_a_value_the_model_never_met_is_named():
    rows = FUTURE.copy()
    rows["unit"] = rows["unit"].cat.rename_categories({"Clínica Sé": "Clínica Nova"})
    found = score(rows, PRODUCT, model(), history=PAST, as_of=None)
    assert set(told(found)[rows["unit"] == "Clínica Nova"]) == {"Não aparece no treino do modelo: unidade."}
    assert set(told(found)[rows["unit"] != "Clínica Nova"]) == {""}


def test_reasons_pull_the_right_way_and_are_never_protected(scored):
    texts = [reason_words.reasons(of.notes, of.points) for of in reasons(scored, FUTURE, PRODUCT)]
    assert len(texts) == 3
    assert sum(bool(t) for t in texts[0]) > 300
    labels = {spec.key: spec for spec in PRODUCT.features}
    for place in range(400):
        raising = scored.risk[place] >= scored.reference
        said = [t[place] for t in texts if t[place]]
        sizes = [int(re.search(r": ([+−])(\d+) pontos?$", t).group(2)) for t in said]
        assert sizes == sorted(sizes, reverse=True)
        assert all((": +" in t) == raising for t in said)
        row = scored.points.iloc[place]
        allowed = row[[k for k in row.index if not labels[k].protected]] * (1 if raising else -1)
        assert len(said) == min(3, int((allowed >= 0.005).sum()))
        if said:
            assert sizes[0] == int(allowed.max() * 100 + 0.5)


def test_points_are_written_the_brazilian_way():
    assert [reason_words.points_text(p) for p in (0.09, -0.04, 0.01, 0.005, -0.0149)] == [
        "+9 pontos",
        "−4 pontos",
        "+1 ponto",
        "+1 ponto",
        "−1 ponto",
    ]


def test_tiers_take_their_lower_bound_in():
    risk = np.array([0.0, 0.1499, 0.15, 0.4, 1.0, np.nan])
    assert list(tiers_of(risk, TIERS)) == ["low", "low", "medium", "very_high", "very_high", None]


def test_what_happens_on_or_after_the_moment_changes_no_risk(scored):
    later = PAST.copy()
    later["row"] = later["row"] + 10_000
    for key in ("scheduled_date", "contact_date"):
        later[key] = later[key] + pd.Timedelta(days=400)
    later["outcome"] = np.float32(1.0)
    later["state"] = pd.Categorical(["event"] * len(later), PAST["state"].cat.categories)
    history = pd.concat([PAST, later], ignore_index=True)
    found = score(FUTURE, PRODUCT, model(), history=history, as_of=scored.as_of)
    np.testing.assert_array_equal(found.risk, scored.risk)


def test_declared_cuts_hold_whatever_the_card_says() -> None:
    """No tier contradicts its risk: a card of quantiles, too, is read by the product's own cuts."""
    from pipeline.products.satisfaction import PRODUCT as RATED

    found = tiers_in(RATED, TIERS)
    assert [(t.key, t.low, t.high) for t in found] == [
        ("low", 0.0, 0.25),
        ("medium", 0.25, 0.5),
        ("high", 0.5, 0.75),
        ("very_high", 0.75, 1.0),
    ]
    assert all(t.observed is None for t in found), "what was seen in other bands says nothing of these"
    assert list(tiers_of(np.array([0.24, 0.25, 0.6, 0.9, np.nan]), found)) == [
        "low",
        "medium",
        "high",
        "very_high",
        None,
    ]
    assert tiers_in(RATED, found) == found and tiers_in(PRODUCT, TIERS) == TIERS
