"""The entries that features look at: the rows first, then a history without what the rows tell too, in equal codes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from pipeline.folding import fold
from pipeline.ingestion.event_id import with_event_ids
from pipeline.modeling.features.prediction_time import event_days
from pipeline.modeling.features.timeline import Timeline, timeline, without_repeats
from pipeline.products.no_show import PRODUCT
from tests.pipeline.modeling.appointments import crowded


def _rows(n: int, seed: int) -> pd.DataFrame:
    return with_event_ids(crowded(n, seed), PRODUCT)


def _line(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, Timeline]:
    rows, history = _rows(25, seed), _rows(40, seed + 100)
    return rows, history, timeline(rows, history, PRODUCT, None)


@pytest.mark.parametrize("seed", range(4))
def test_equal_texts_share_a_code_across_rows_and_history_and_others_do_not(seed: int) -> None:
    rows, _, line = _line(seed)
    assert line.history is not None
    for field, folded in (("unit", True), ("patient_id", False)):
        texts = [*rows[field], *line.history[field]]
        names = [None if pd.isna(t) else fold(t) if folded else t for t in texts]
        codes = line.codes(field, folded=folded)
        assert len(codes) == len(names) and {c for c, n in zip(codes, names, strict=True) if n is None} <= {-1}
        pairs = {(c, n) for c, n in zip(codes, names, strict=True) if n is not None}
        assert len(pairs) == len({c for c, _ in pairs}) == len({n for _, n in pairs}) and -1 not in {
            c for c, _ in pairs
        }


@pytest.mark.parametrize("seed", range(4))
def test_days_and_outcomes_run_over_the_rows_and_then_the_history(seed: int) -> None:
    rows, _, line = _line(seed)
    assert line.history is not None and line.n == len(rows) == len(line.moment)
    both = [*rows.to_dict("records"), *line.history.to_dict("records")]
    epoch = pd.Timestamp("1970-01-01")
    assert [int(day) for day in line.event_day] == [(row["scheduled_date"] - epoch).days for row in both]
    assert line.known.tolist() == [row["state"] in ("event", "non_event") for row in both]
    np.testing.assert_array_equal(line.outcome, [row["outcome"] for row in both])


LATEST = pd.Timestamp.max.floor("D").as_unit("us")


def test_what_both_tell_is_left_out_of_the_history_and_nothing_else() -> None:
    rows, other = _rows(30, 1), _rows(30, 2)
    own = rows["patient_id"].notna() & (event_days(rows, PRODUCT) > 0)
    kept = without_repeats(rows, rows, PRODUCT)
    assert len(kept) == (~own).sum() > 0  # a row without a patient is like no other
    booked: dict[int, pd.Timestamp] = {}  # when each event was first booked, as `rows` tells it
    for event, day in zip(rows.loc[own, "event_id"], rows.loc[own, "contact_date"].fillna(LATEST), strict=True):
        booked[event] = min(day, booked.get(event, LATEST))
    expected = [
        row
        for row, event, day in zip(other["row"], other["event_id"], other["contact_date"].fillna(LATEST), strict=True)
        if event not in booked or booked[event] > day  # booked anew later: what was known until then stays
    ]
    assert without_repeats(rows, other, PRODUCT)["row"].tolist() == expected


def test_without_a_history_or_patients_there_is_none() -> None:
    rows = _rows(10, 3)
    for history in (None, rows.head(0)):
        line = timeline(rows, history, PRODUCT, None)
        assert line.history is None and len(line.event_day) == line.n == 10 and line.patients is not None
    nobody = rows.assign(patient_id=pd.Categorical([None] * 10, categories=rows["patient_id"].cat.categories))
    assert timeline(nobody, None, PRODUCT, None).patients is None
