"""The columns that scoring gives a file: made of any part of its rows, put beside any part of its cells."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from pipeline.contract import Product, Theme
from pipeline.ingestion.dataset import Dataset
from pipeline.insight.comments import certainty, nps_groups, severity, theme_reading, themes
from pipeline.insight.scoring import score
from pipeline.modeling.model import TrainedModel
from pipeline.presentation import spreadsheets
from pipeline.presentation.frames.comment_tables import UNSURE
from pipeline.presentation.locale import messages, names
from pipeline.presentation.sentences import issue_words, reason_words, theme_words
from pipeline.records import Note, note

ROW = "row"
_STARS = tuple(f"prob_{star}" for star in range(1, 6))
_NUMBERS = (*_STARS, "estrelas_previstas", "risco")
_SEVERITY, _OBSERVATION = "gravidade", "observacao"


def of_rows(
    rows: pd.DataFrame, declared: Product, model: TrainedModel, scored: score.Scored, active: tuple[Theme, ...]
) -> pa.Table:
    """The columns of scored rows, with `row`, their number in the file. `active`: the themes comments are read for."""
    told = _columns(rows, declared, model, scored, active)
    made = {
        name: pa.array(np.asarray(values), pa.float64(), from_pandas=True) if name in _NUMBERS else _texts(values)
        for name, values in told.items()
    }
    return pa.table({ROW: pa.array(scored.row, pa.int64()), **made})


def _columns(
    rows: pd.DataFrame, declared: Product, model: TrainedModel, scored: score.Scored, active: tuple[Theme, ...]
) -> dict[str, object]:
    reasons, alerts = score.reasons(scored, rows, declared), severity.of_rows(rows, declared)
    stars, doubts = _of_stars(rows, declared, model, scored, np.array(list(map(bool, alerts)), dtype=bool))
    return {
        **stars,
        "risco": scored.risk,
        "faixa": _tiers(scored.tier),
        **{f"motivo_{n}": reason_words.reasons(of.notes, of.points) for n, of in enumerate(reasons, start=1)},
        **doubts,
        **({_SEVERITY: [severity.code(found, declared.alerts) for found in alerts]} if declared.alerts else {}),
        **({"temas": _themes(rows, declared, active, model)} if declared.themes else {}),
        _OBSERVATION: reason_words.texts(scored.observation),
    }


def _of_stars(
    rows: pd.DataFrame, declared: Product, model: TrainedModel, scored: score.Scored, alarmed: np.ndarray
) -> tuple[dict[str, object], dict[str, object]]:
    """Stars and group that are read in each row, and what is to be doubted of them; as the pages tell it."""
    if scored.stars is None:
        return {}, {}
    told, unsure = certainty.of_rows(rows, declared, scored.stars, model.reader, alarmed)
    groups = [names.nps_group(key or UNSURE) if key or why else None for key, why in zip(told, unsure, strict=True)]
    stars = {"estrelas_previstas": nps_groups.expected(scored.stars), "classe_prevista": groups}
    apart = reason_words.texts(nps_groups.divergence_notes(rows, declared, scored.stars))
    return (
        {**dict(zip(_STARS, scored.stars.T, strict=True)), **stars},
        {"divergencia": apart, "incerteza": reason_words.texts(certainty.notes(unsure))},
    )


def _themes(rows: pd.DataFrame, declared: Product, active: tuple[Theme, ...], model: TrainedModel) -> list[str | None]:
    """The codes of each row's themes with their polarity, as downloads carry them; None where there is nothing."""
    assert declared.comment is not None
    said = [text if isinstance(text, str) else "" for text in rows[declared.comment.key]]
    reading = theme_reading.read(said, active, declared.opinions, model.reader)
    return [theme_words.codes(spoken) or None for spoken in themes.codes(reading)]


def _tiers(keys: np.ndarray) -> np.ndarray:
    """The name of each row's tier; None where it has none."""
    codes, found = pd.factorize(keys)
    return np.array([*(names.tier(key) for key in found), None], dtype=object)[codes]


def _texts(values: object) -> pa.Array:
    """Texts as they are written: null where there is none, or an empty one."""
    told = pa.array(values, pa.string(), from_pandas=True)
    return pc.if_else(pc.equal(told, ""), pa.scalar(None, pa.string()), told)


@dataclass(frozen=True)
class LeftOut:
    """What is said of rows that are not used, each by its number in the file, rising: `observations`; and `severities`,
    of those with a comment (harm is told whether or not its row is used).
    """

    rows: np.ndarray
    observations: pa.Array
    commented: np.ndarray
    severities: pa.Array

    @staticmethod
    def of(dataset: Dataset, declared: Product) -> LeftOut:
        """Those of a file."""
        left = issue_words.with_reasons(dataset.left_out, declared)
        words = {reason: messages.say(not_used(reason)) for reason in left["reason"].unique()}
        told = dataset.left_out_comments if declared.alerts else pd.Series([], dtype="str")
        found = severity.alerts(told.tolist(), declared.alerts) if len(told) else []
        return LeftOut(
            left["row"].to_numpy("int64"),
            _texts([words[reason] for reason in left["reason"]]),
            told.index.to_numpy("int64"),
            _texts([severity.code(one, declared.alerts) for one in found]),
        )


def not_used(reason: str) -> Note:
    """Why a row has no risk: validation left it out."""
    return note("score.left_out", reason=reason)


def appended(cells: pa.Table, numbers: np.ndarray, own: pa.Table, left: LeftOut) -> pa.Table:
    """The cells of the rows `numbers` (rising) with the columns of risk beside them.

    `own`: of the same rows or of more (see `of_rows`), rising; `left`: of all rows of the file.
    """
    places = _places(own.column(ROW).to_numpy(), numbers)
    for name in own.column_names:
        if name == ROW:
            continue
        column = own.column(name).take(pa.array(places, mask=places < 0))
        if name == _OBSERVATION:
            column = _over(column, _places(left.rows, numbers), left.observations)
        elif name == _SEVERITY:
            column = _over(column, _places(left.commented, numbers), left.severities)
        cells = cells.append_column(spreadsheets.free_name(cells, name), column)
    return cells


def _places(known: np.ndarray, numbers: np.ndarray) -> np.ndarray:
    """The place of each number among the known ones (rising); -1 where it is none of them."""
    places = np.searchsorted(known, numbers)
    found = np.append(known, -1)[places] == numbers
    return np.where(found, places, -1)


def _over(column: pa.ChunkedArray, places: np.ndarray, words: pa.Array) -> pa.ChunkedArray:
    """The column with other words where `places` has one."""
    said = words.take(pa.array(places, mask=places < 0))
    return pc.if_else(pa.array(places >= 0), said, column)
