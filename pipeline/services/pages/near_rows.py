"""What would be if something about a line of a long list were otherwise: of the rows of its file no more is read than
can touch it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from pipeline import per_row
from pipeline.contract import Outcome, Product, Role
from pipeline.errors import PresencaError
from pipeline.insight.calls import call_list
from pipeline.insight.scoring import what_if
from pipeline.insight.scoring.what_if import Versions
from pipeline.modeling.features.prediction_time import days
from pipeline.workspace.storage.mapped import MappedFrame

_KNOWN = (Outcome.EVENT.value, Outcome.NON_EVENT.value)


@dataclass(frozen=True)
class NearRows:
    """The rows of a list that rests mapped: `columns` are those of its file, `as_of` the list's day."""

    frame: MappedFrame
    columns: tuple[str, ...]
    product: Product
    as_of: dt.date

    def one(self, row: int) -> pd.DataFrame:
        """The typed row of a number, one line. PresencaError where there is none."""
        places = self.frame.of_rows([row])
        if not len(places):
            raise PresencaError("what_if.no_row", row=row)
        return self._read(places)

    def near(self, row: int, versions: Versions) -> pd.DataFrame:
        """The other rows that can touch both versions of a row, in the order of the file."""
        number, state = self.frame.array("row"), self.frame.array("state")
        known = np.array([text in _KNOWN for text in self.frame.texts("state").to_pylist()] + [False])
        own = self._codes(what_if.patients_of(versions, self.product))
        patient = self.product.by_role(Role.PATIENT)
        touching: list[np.ndarray] = []
        outcomes: list[np.ndarray] = []
        for block in per_row.blocks(self.frame.rows):
            keep = np.isin(self._days(block), what_if.days_of(versions, self.product))
            if patient is not None and len(own):
                keep |= np.isin(self.frame.array(patient.key)[block], own)
            other = number[block] != row
            touching.append(block.start + np.flatnonzero(keep & other))
            outcomes.append(block.start + np.flatnonzero(known[state[block]] & other))
        told = np.concatenate(outcomes)
        told = told[np.argsort(number[told])]
        places = np.union1d(np.concatenate(touching), what_if.spread_over(told, self._days(told)))
        return self._read(places[np.argsort(number[places])])

    def _codes(self, names: list[str]) -> np.ndarray:
        """The codes of patients by their names."""
        patient = self.product.by_role(Role.PATIENT)
        if patient is None or not names:
            return np.zeros(0, np.int64)
        texts = self.frame.texts(patient.key)
        return np.array([at for name in set(names) if (at := pc.index(texts, name).as_py()) >= 0], np.int64)

    def _days(self, some: slice | np.ndarray) -> np.ndarray:
        return days(pd.Series(self.frame.array(self.product.time.key)[some]))

    def _read(self, places: np.ndarray) -> pd.DataFrame:
        return call_list.as_it_stood(self.frame.some(places, self.columns), self.product, self.as_of)
