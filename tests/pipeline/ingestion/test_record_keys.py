"""What is noted about a row is kept under a key that the same file has again, with or without a date."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.ingestion.event_id import UNTOLD, event_ids, record_keys
from pipeline.products.satisfaction import PRODUCT

LINE = st.tuples(
    st.sampled_from([None, "2026-03-01", "2026-03-02"]),
    st.sampled_from([np.nan, 1.0, 5.0]),
    st.sampled_from([None, "Demorou.", "Tudo bem.", "Ótimo"]),
)
KEPT = [13608552338302191878, 7687587529101689483, 9891211732166740102]


def table(lines: list[tuple[str | None, float, str | None]], **more: object) -> pd.DataFrame:
    """Typed rows as ingestion gives them: day, stars and comment are told or not, nothing else is."""
    days, stars, texts = zip(*lines, strict=True)
    nothing = pd.Categorical([np.nan] * len(lines), categories=pd.Index([], dtype="str"))
    return pd.DataFrame(
        {
            "row": np.arange(2, len(lines) + 2),
            **dict.fromkeys(("gender", "care_mode", "care_level", "cep"), nothing),
            "birth_date": pd.Series([pd.NaT] * len(lines), dtype="datetime64[us]"),
            "event_date": pd.to_datetime(pd.Series(days)).astype("datetime64[us]"),
            "event_date_hour": np.full(len(lines), np.nan, "float32"),
            "rating": np.array(stars, "float32"),
            "comment": pd.Series(texts, dtype="str"),
            **more,
        }
    )


@settings(max_examples=10)
@given(st.lists(LINE, min_size=1, max_size=12), st.lists(LINE, max_size=4))
def test_each_row_has_its_own_key_again_whenever_the_file_is_sent(lines: list, more: list) -> None:  # type: ignore[type-arg]
    keys = record_keys(table(lines), PRODUCT)
    assert len(set(keys)) == len(keys) and (keys != UNTOLD).all()
    assert (record_keys(table(lines), PRODUCT) == keys).all()
    assert (record_keys(table([*lines, *more]), PRODUCT)[: len(lines)] == keys).all()  # a file that only grew
    ids = event_ids(table(lines), PRODUCT)
    assert (keys[ids != UNTOLD] == ids[ids != UNTOLD]).all()


@settings(max_examples=10)
@given(st.lists(LINE, min_size=1, max_size=12), st.data())
def test_a_column_that_only_some_clinics_have_changes_no_id(lines: list, data: st.DataObject) -> None:  # type: ignore[type-arg]
    """A file that an earlier version kept without it, and that is sent again, tells of the same events."""
    told = data.draw(st.lists(st.sampled_from([None, "Centro"]), min_size=len(lines), max_size=len(lines)))
    without = table(lines)
    rows = without.assign(unit=pd.Categorical(told, categories=["Centro"]))
    assert (event_ids(rows, PRODUCT) == event_ids(without, PRODUCT)).all()
    assert (record_keys(rows, PRODUCT) == record_keys(without, PRODUCT)).all()


def test_the_ids_that_clinics_have_kept_stay_what_they_were() -> None:
    """Made by the version of 2026-11-27."""
    rows = table([("2026-03-01", 1.0, "Demorou."), ("2026-03-02", 5.0, None), ("2026-03-02", 5.0, None)])
    assert event_ids(rows, PRODUCT).tolist() == KEPT
