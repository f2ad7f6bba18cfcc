"""What goes with the rows of an erased patient: the texts that only they said, in reports, recipes and frames."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.records import to_plain
from pipeline.records.note import note

ROWS_ERASED = "privacy.rows_erased"  # the code of the note in a report
_LONG = 6  # characters: a shorter text may stand in another by chance
_QUOTING = frozenset({"preview", "values", "top", "spread", "text", "value", "before", "params"})


@dataclass(frozen=True)
class Lost:
    """Rows that go, and what nobody else's row says any more: no report and no recipe may quote it."""

    rows: frozenset[int]
    texts: frozenset[str]
    at: str

    def without(self, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame without the rows; a category that had no others goes with them."""
        if "row" not in frame:
            return frame
        stay = frame.loc[~frame["row"].isin(self.rows)].reset_index(drop=True)
        for name in stay.columns[[isinstance(dtype, pd.CategoricalDtype) for dtype in stay.dtypes]]:
            before, after = set(frame[name].unique()), set(stay[name].unique())
            stay[name] = stay[name].cat.remove_categories([v for v in before - after if not pd.isna(v)])
        return stay

    def says_none(self, plain: Any, *, quotes: bool = True) -> Any:
        """JSON without these texts: a value that is one, holds a long one, or begins one that was cut is emptied.
        `quotes`: whether values here are cells of a file; codes are not, but for those under keys that quote.
        """
        if isinstance(plain, dict):
            return {key: self.says_none(value, quotes=quotes or key in _QUOTING) for key, value in plain.items()}
        if isinstance(plain, list):
            return [self.says_none(value, quotes=quotes) for value in plain]
        return "" if quotes and isinstance(plain, str) and self._tells(plain) else plain

    def _tells(self, text: str) -> bool:
        if text in self.texts:
            return True
        begins = text[:-1] if text.endswith("…") and len(text) > _LONG else None
        return any(
            (len(lost) >= _LONG and lost in text) or (begins is not None and lost.startswith(begins))
            for lost in self.texts
        )


def only_theirs(
    typed: pd.DataFrame, sheet: tuple[pa.Table, np.ndarray] | None, rows: Collection[int]
) -> frozenset[str]:
    """Texts of these rows, as the sheet or the typed rows say them, that no other row says."""
    said: set[str] = set()
    others: set[str] = set()
    own = typed["row"].isin(rows)
    for name in typed.select_dtypes(["str", "category"]):
        said |= set(typed.loc[own, name].dropna().astype("str"))
        others |= set(typed.loc[~own, name].dropna().astype("str").unique())
    if sheet is not None:
        mine = np.isin(sheet[1], list(rows))
        for column in sheet[0].columns:
            said |= set(column.filter(pa.array(mine)).drop_null().to_pylist())
            others |= set(column.filter(pa.array(~mine)).unique().drop_null().to_pylist())
    return frozenset(text for text in said - others if text)


def rows_without(table: pa.Table, numbers: np.ndarray, rows: Collection[int]) -> tuple[pa.Table, np.ndarray]:
    """A sheet and its row numbers without these rows."""
    stay = ~np.isin(numbers, list(rows))
    return table.filter(pa.array(stay)), numbers[stay]


def retold(report: Any, lost: Lost) -> str:
    """The report without what only these rows said, and with a note of how many were erased, and when."""
    told = lost.says_none(report, quotes=False)
    _noted(told.setdefault("file", {}).setdefault("notes", []), lost)
    return json.dumps(told, ensure_ascii=False)


def recipe_without(whole: Any, lost: Lost) -> str:
    """A recipe without repairs of these rows, or of what only they said; its notes tell of the erasure."""
    if not whole:
        return ""
    notes = lost.says_none(whole.get("notes", []), quotes=False)
    _noted(notes, lost)
    return json.dumps(whole | {"recipe": steps_without(whole["recipe"], lost), "notes": notes}, ensure_ascii=False)


def steps_without(recipe: Any, lost: Lost) -> Any:
    """The steps of a recipe that say nothing of these rows."""
    steps = recipe.get("steps", [])
    stay = [s for s in steps if s.get("row", 0) not in lost.rows and s.get("before", "") not in lost.texts]
    return recipe | {"steps": stay}


def _noted(notes: list[Any], lost: Lost) -> None:
    notes.append(to_plain(note(ROWS_ERASED, rows=len(lost.rows), day=lost.at[:10])))
