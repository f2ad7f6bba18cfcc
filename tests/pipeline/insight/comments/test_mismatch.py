"""Ratings against texts: said where it is sure, doubted where it may be, silent elsewhere."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from pipeline.insight.comments import nps_groups
from pipeline.insight.comments.mismatch import SURE, UNSURE, divergences, notes
from pipeline.presentation.sentences import reason_words


def one(rating: float, low: float, commented: bool = True) -> str:
    stars = np.array([[low / 2, low / 2, 0.0, (1 - low) / 2, (1 - low) / 2]])
    rated = np.array([rating])
    return str(reason_words.texts(notes(rated, divergences(rated, stars, np.array([commented]))))[0])


@pytest.mark.parametrize(
    ("rating", "low", "said"),
    [
        (5, 0.94, "5 estrelas, texto de reclamação (94%)"),
        (4, 0.8, "4 estrelas, texto de reclamação (80%)"),
        (1, 0.03, "1 estrela, texto de elogio (97%)"),
        (2, 0.1, "2 estrelas, texto de elogio (90%)"),
        (5, 0.65, "sem certeza (65%)"),
        (5, 0.5, ""),
        (1, 0.9, ""),
        (3, 0.99, ""),
        (np.nan, 0.99, ""),
    ],
)
def test_what_is_said(rating: float, low: float, said: str) -> None:
    assert one(rating, low) == said


def test_without_a_text_nothing_contradicts_the_rating() -> None:
    assert one(5, 0.99, commented=False) == ""


@given(
    arrays(float, (20, 5), elements=st.floats(0.01, 1)),
    st.lists(st.sampled_from([1.0, 2, 3, 4, 5, np.nan]), min_size=20, max_size=20),
)
def test_certain_and_doubtful_never_meet(raw: np.ndarray, rated: list[float]) -> None:
    stars = raw / raw.sum(axis=1, keepdims=True)
    found = divergences(np.array(rated), stars, np.ones(20, dtype=bool))
    assert not (found.certain & found.doubtful).any()
    assert (found.confidence[found.certain] >= SURE).all() and (found.confidence[found.doubtful] >= UNSURE).all()
    groups = nps_groups.groups(stars)
    sure = found.certain
    given_ = nps_groups.groups_of(np.array(rated))
    assert all(a != b for a, b in zip(groups[sure], given_[sure], strict=True))
    assert ((nps_groups.expected(stars) >= 1 - 1e-9) & (nps_groups.expected(stars) <= 5 + 1e-9)).all()
