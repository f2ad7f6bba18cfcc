"""Whether a model knows the data: another clinic's is told, the same file told twice never is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.insight import fit
from pipeline.presentation.sentences import fit_words
from pipeline.records import Fit, KnownShare
from pipeline.records.numbers import Interval
from pipeline.services import product

NO_SHOW = product("no_show")


def test_level_needs_outcomes_enough_and_a_gap_beyond_chance() -> None:
    outcome = np.repeat([1.0, 0.0], [200, 800])
    assert fit.level(np.full(1000, 0.41), outcome)[3]  # 41 predicted, 20 came
    assert not fit.level(np.full(1000, 0.21), outcome)[3]
    assert not fit.level(np.full(1000, 0.245), outcome)[3]  # beyond chance, and too little to matter
    few = fit.level(np.full(100, 0.9), outcome[:100])
    assert few == (None, None, 0, False)
    unknown = np.where(np.arange(1000) < 500, np.nan, outcome)
    assert fit.level(np.full(1000, 0.2), unknown)[2] == 500


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (Fit(same_series=True), None),
        (Fit(same_series=None, places=KnownShare("unit", 100, 50)), None),
        (Fit(same_series=False), "clínica"),
        (Fit(same_series=True, sample_mismatch=True), "exemplo"),
        (
            Fit(same_series=None, places=KnownShare("unit", 1000, 10, ("Sul A",))),
            "Em 990 de 1.000 agendamentos (99%), o campo unidade",
        ),
        (
            Fit(
                same_series=True, predicted=0.408, observed=Interval(0.198, 0.19, 0.206), outcomes=4012, level_off=True
            ),
            "Prevê 40,8% onde vieram 19,8%",
        ),
    ],
)
def test_the_judgement_in_words(found: Fit, said: str | None) -> None:
    words = fit_words.fit(found, NO_SHOW)
    assert (words is None) == (said is None) == found.knows
    assert words is None or said in words.text


def test_a_history_of_another_place_is_told_by_patients_and_units() -> None:
    def rows(patients: list[str], unit: str) -> pd.DataFrame:
        return pd.DataFrame({"patient_id": pd.Categorical(patients), "unit": pd.Categorical([unit] * len(patients))})

    own = rows(["1", "2"], "Norte")
    assert fit.foreign_history(own, rows(["8", "9"], "Sul"), NO_SHOW) == ("patient_id", "unit")
    assert not fit.foreign_history(own, rows(["2", "9"], "Sul"), NO_SHOW)
    assert not fit.foreign_history(own, rows(["8", "9"], "Norte"), NO_SHOW)
