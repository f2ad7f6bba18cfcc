"""Does this model know these rows?
By the values it met, the fields it learnt from, and its level where outcomes tell.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from pipeline.contract import FeatureSpec, Product, Role
from pipeline.folding import fold
from pipeline.ingestion.dataset import RowsInParts, tell, texts_of
from pipeline.modeling.features.feature_types import type_of
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.text.comment_field import comments_of
from pipeline.modeling.text.tokenizer import tokens_of
from pipeline.records import Fit, KnownShare
from pipeline.records.numbers import Interval
from pipeline.statistics import wilson

MOST_COMMENTS = 2_000  # whose words are looked up
STRANGERS = 3  # values named
LEAST_OUTCOMES = 200
OFF = 1.25  # predicted over observed, or the other way round: from here on, and beyond chance, the level is another


def judged(
    rows: pd.DataFrame,
    product: Product,
    model: TrainedModel,
    told: tuple[np.ndarray, np.ndarray],
    *,
    same_series: bool | None = None,
    sample_mismatch: bool = False,
) -> Fit:
    """The judgement; `told`: risks and outcomes of rows that have both, NaN elsewhere.
    Outside a workspace nobody knows the series. `rows` is asked for one column at a time.
    """
    predicted, observed, n, off = level(*told)
    return Fit(
        same_series,
        sample_mismatch,
        places(rows, product, model),
        lacking(rows, product, model),
        predicted,
        observed,
        n,
        off,
        words_known(rows, product, model),
    )


def words_known(rows: pd.DataFrame, product: Product, model: TrainedModel) -> float | None:
    """Share (0..1) of the words of the comments (of MOST_COMMENTS, evenly spread) that the model's reader met."""
    comments = comments_of(rows, product) if model.reader is not None else None
    if comments is None or model.reader is None:
        return None
    said = np.flatnonzero([bool(text.strip()) for text in comments])
    if not len(said):
        return None
    places = np.unique(np.linspace(0, len(said) - 1, MOST_COMMENTS).astype(int))
    tokens = tokens_of(comments[said[places]].tolist())
    met = set(model.reader.vocabulary.blocks[0])
    known = np.array([word in met for word in tokens.words], dtype=bool)
    return float(known[tokens.word].mean()) if len(tokens) else None


def foreign_history(
    rows: pd.DataFrame | RowsInParts, history: pd.DataFrame | RowsInParts, product: Product
) -> tuple[str, ...]:
    """Where a history is another place's:
    the fields, patient and unit, of which it knows none of the rows' values; () where it is not.
    """
    told = {
        field.key: not _any_text_shared(rows, history, field.key)
        for role in (Role.PATIENT, Role.UNIT)
        if (field := product.by_role(role))
        and field.key in rows
        and field.key in history
        and tell(rows, field.key)
        and tell(history, field.key)
    }
    return tuple(told) if told and all(told.values()) else ()


def _any_text_shared(rows: pd.DataFrame | RowsInParts, history: pd.DataFrame | RowsInParts, key: str) -> bool:
    """Whether two files have a text of a field in common; the fewer texts are those that are kept in hand."""
    few, many = sorted((texts_of(rows, key), texts_of(history, key)), key=len)
    return bool(pc.any(pc.is_in(many, value_set=few)).as_py())


def places(rows: pd.DataFrame, product: Product, model: TrainedModel) -> KnownShare | None:
    """How many rows lie in places (or else other values) that the model met; None where it learnt no rates by value."""
    specs = [
        spec for spec in product.features if type_of(spec).rated and type_of(spec).of_a_value and _learnt(spec, model)
    ]
    where = [spec for spec in specs if product.field(spec.fields[0]).role is Role.UNIT]
    found = [share for spec in where or specs if (share := _share(rows, spec, model)).rows]
    if not found:
        return None
    return min(found, key=lambda share: share.share) if where else _middle(found)


def known_values(rows: pd.DataFrame, spec: FeatureSpec, model: TrainedModel) -> KnownShare | None:
    """How many rows lie in values that the model met; None where it learnt no rates of this factor."""
    rated = type_of(spec).rated and type_of(spec).of_a_value
    return _share(rows, spec, model) if rated and _learnt(spec, model) else None


def _middle(found: list[KnownShare]) -> KnownShare:
    """Of several fields the one in the middle: one new procedure list makes no other clinic."""
    return sorted(found, key=lambda share: share.share)[len(found) // 2]


def _learnt(spec: FeatureSpec, model: TrainedModel) -> bool:
    return spec.key in model.aggregates.rates and bool(model.aggregates.rates[spec.key].outcomes)


def _share(rows: pd.DataFrame, spec: FeatureSpec, model: TrainedModel) -> KnownShare:
    field, known = spec.fields[0], model.aggregates.rates[spec.key].outcomes
    column = rows[field].astype("category")
    counts = np.bincount(column.cat.codes.to_numpy() + 1, minlength=len(column.cat.categories) + 1)[1:]
    names = [str(name) for name in column.cat.categories]
    met = np.array([fold(name) in known for name in names], dtype=bool)
    strange = [names[i] for i in np.argsort(-counts, kind="stable") if counts[i] and not met[i]]
    return KnownShare(field, int(counts.sum()), int(counts[met].sum()) if len(met) else 0, tuple(strange[:STRANGERS]))


def lacking(rows: pd.DataFrame, product: Product, model: TrainedModel) -> tuple[str, ...]:
    """Fields that the model learnt from and that no row has."""
    used = {key for spec in product.features if spec.key in set(model.factor_of.values()) for key in spec.fields}
    return tuple(
        field.key
        for field in product.fields
        if field.key in used
        and field.key not in model.card.absent_fields
        and field.key in rows
        and not rows[field.key].notna().any()
    )


def level(risk: np.ndarray, outcome: np.ndarray) -> tuple[float | None, Interval | None, int, bool]:
    """(mean risk, observed rate, n, whether they lie apart) over rows with both; None and 0 with too few to tell."""
    both = ~np.isnan(risk) & ~np.isnan(outcome)
    n = int(both.sum())
    if n < LEAST_OUTCOMES:
        return None, None, 0, False
    predicted, observed = float(risk[both].mean()), wilson(int(outcome[both].sum()), n)
    assert observed is not None and observed.low is not None and observed.high is not None
    outside = not observed.low <= predicted <= observed.high
    ratio = max(predicted, 1e-6) / max(observed.value, 1e-6)
    return predicted, observed, n, outside and not 1 / OFF < ratio < OFF
