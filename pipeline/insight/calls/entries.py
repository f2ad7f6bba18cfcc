"""Who is called: one entry a patient, with every booking of theirs that the list holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from pipeline.contract import Outcome, Product, Role
from pipeline.insight.calls.expected import events_of
from pipeline.records import CameOf


def entries(table: pd.DataFrame, product: Product, *, by_row: bool = False) -> np.ndarray:
    """The entry of each line (0, 1, …), ranked by the highest risk in it; the table is sorted by risk.

    A line without a patient, or every line where `by_row` is asked for, is an entry of its own.
    """
    field = product.by_role(Role.PATIENT)
    if by_row or field is None or not len(table):
        return np.arange(len(table))
    codes = pd.factorize(table[field.key])[0].astype(np.int64)
    alone = np.arange(len(codes)) + len(codes)
    return pd.factorize(np.where(codes < 0, alone, codes))[0]


def default_calls(found: int) -> int:
    """A tenth of the list, at least one: the share that the model's card reports on."""
    return 0 if found == 0 else max(1, round(found / 10))


def reached(table: pd.DataFrame, entry: np.ndarray, calls: int) -> float:
    """Events expected in all bookings of the first `calls` entries."""
    return float(events_of(table)[entry < calls].sum())


def came_of(table: pd.DataFrame, entry: np.ndarray, calls: int) -> CameOf:
    """What came of the lines, and how many events lay in the first `calls` entries."""
    state = table["state"].astype("object").to_numpy()
    event = state == Outcome.EVENT.value
    return CameOf(
        len(table),
        int(event.sum()),
        int((state == Outcome.NON_EVENT.value).sum()),
        int((state == Outcome.EXCLUDED.value).sum()),
        int(event[entry < calls].sum()),
    )


def of_same_patients(listed: pd.DataFrame, shown: pd.DataFrame, product: Product) -> pd.DataFrame:
    """All lines of the list that belong to the patients shown, with the shown ones; in the list's order."""
    keep = listed["row"].isin(shown["row"])
    field = product.by_role(Role.PATIENT)
    if field is not None:
        keep |= listed[field.key].notna() & listed[field.key].isin(shown[field.key].dropna())
    return listed.loc[keep]
