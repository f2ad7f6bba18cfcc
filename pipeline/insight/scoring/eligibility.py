"""Which rows get a risk and which do not, and why; what a risk had to do without.

What is said of a row is a packed note, "" where there is nothing to say.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from pipeline.contract import FeatureKind, Outcome, Product, Role
from pipeline.errors import PresencaError
from pipeline.insight.groups.counts import NO_DATE, days
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.model import TrainedModel
from pipeline.records import Note, note, pack, unpack

GAPS = "score.gaps"  # what a risk had to do without
_EPOCH = dt.date(1970, 1, 1)


def refusals(rows: pd.DataFrame, product: Product, model: TrainedModel) -> np.ndarray:
    """Why a row gets no risk, as a packed note, "" where it gets one (object array)."""
    refusal = np.full(len(rows), "", dtype=object)
    if product.has_agenda:
        day, until = days(rows[product.time.key]), model.card.trained_until
        assert until is not None, "what has an agenda is learnt in time"
        refusal[day <= (until - _EPOCH).days] = pack(note("score.trained_period", until=until))
        refusal[day <= NO_DATE] = pack(note("score.no_date", field=product.time.label))
    status = rows[product.target.key].astype("object").fillna("").to_numpy()
    for place in np.flatnonzero((rows["state"] == Outcome.EXCLUDED.value).to_numpy()):
        refusal[place] = pack(note("score.excluded", field=product.target.label, value=str(status[place])))
    return refusal


def gaps(rows: pd.DataFrame, product: Product, features: pd.DataFrame, model: TrainedModel) -> np.ndarray:
    """What a risk had to do without, and values that the model never met; as packed notes; "" where nothing."""
    missing = _missing(rows, product, features)
    unseen = _unseen(product, features, model)
    flags = [flag for _, flag in missing + unseen] + [taught(rows, product, model)]
    codes = sum((flag.astype(np.int64) << i for i, flag in enumerate(flags)), np.zeros(len(rows), np.int64))
    distinct, places = np.unique(codes, return_inverse=True)

    def those(code: int, found: list[tuple[Any, np.ndarray]], start: int) -> list[Any]:
        return [item for i, (item, _) in enumerate(found, start) if code >> i & 1]

    notes = [
        pack(
            note(
                GAPS,
                missing=those(code, missing, 0),
                unseen=those(code, unseen, len(missing)),
                taught=bool(code >> len(flags) - 1 & 1),
            )
        )
        if code
        else ""
        for code in distinct.tolist()
    ]
    return np.array(notes, dtype=object)[places]


def refusal_of(observation: str) -> PresencaError:
    """Why a row has no risk, as the refusal to explain it."""
    found = unpack(observation)
    return PresencaError(found.code, **found.params)


def without_taught(observation: str) -> str:
    """A packed observation that no longer says that the model may know the row."""
    found = unpack(observation)
    if found.code != GAPS or not found.params["taught"]:
        return observation
    kept = note(GAPS, **{**found.params, "taught": False})
    return pack(kept) if kept.params["missing"] or kept.params["unseen"] else ""


def taught(rows: pd.DataFrame, product: Product, model: TrainedModel) -> np.ndarray:
    """Rows with an outcome, of the period that the model learnt from, or of none where it learnt without dates:
    it may know them, and what it says is then no forecast.
    """
    if product.has_agenda:
        return np.zeros(len(rows), dtype=bool)
    day = days(rows[product.time.key])
    first, last = model.card.trained_from, model.card.trained_until
    known = np.zeros(len(rows), dtype=bool) if model.card.timed else day <= NO_DATE
    if first is not None and last is not None:
        known |= (day >= (first - _EPOCH).days) & (day <= (last - _EPOCH).days)
    return known & rows["outcome"].notna().to_numpy()


def day_after(day: dt.date | None) -> dt.date:
    """The next day; that of the epoch where none is known."""
    return (day or _EPOCH) + dt.timedelta(days=1)


def _missing(rows: pd.DataFrame, product: Product, features: pd.DataFrame) -> list[tuple[Note, np.ndarray]]:
    """What the strongest factors need, with the rows that lack it."""
    found: list[tuple[Note, np.ndarray]] = []
    for role in (Role.CONTACT, Role.PATIENT, Role.COMMENT):
        field = product.by_role(role)
        if field is not None:
            found.append((note("score.without_field", field=field.label), rows[field.key].isna().to_numpy()))
    for spec in product.features:
        if spec.kind is FeatureKind.HISTORY and f"{spec.key}__outcomes" in features.columns:
            unknown = features[f"{spec.key}__outcomes"].isna().to_numpy()
            found.append((note("score.without_history"), unknown & ~found[-1][1] if found else unknown))
    return found


def _unseen(product: Product, features: pd.DataFrame, model: TrainedModel) -> list[tuple[str, np.ndarray]]:
    """Fields whose rates the model learnt, with the rows whose value it never met."""
    return [
        (spec.label, features[f"{spec.key}__seen"].to_numpy() == 0)
        for spec in product.features
        if type_of(spec).rated
        and type_of(spec).of_a_value
        and spec.key in model.aggregates.rates
        and model.aggregates.rates[spec.key].outcomes
    ]
