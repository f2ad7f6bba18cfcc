"""Which rows are whose: what somebody who is of some units alone is given of rows, events and lists.

The one place that decides it. Every use case that such a person may ask for hands what it read to one of these before
it gives it back; for everybody else they give back what they are given. Names of units are alike as `folding` says.
A row without a unit, and an event that no file tells of any more, is nobody's who is of some units alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar
from weakref import WeakKeyDictionary

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.records.contacts import Never, NeverKind
from pipeline.records.slots import WaitingEntry
from pipeline.services import catalog
from pipeline.services.data import event_columns, event_keys
from pipeline.services.session import Session
from pipeline.workspace.store import Workspace

_Scope = frozenset[str]
# by data set, revision and units: never handed to whoever is of others. Bits alone, nothing of anybody
_HELD: WeakKeyDictionary[Workspace, dict[tuple[str, int, _Scope], np.ndarray]] = WeakKeyDictionary()
_MOST = 256


class _Keyed(Protocol):
    """What is noted about an event, under its key."""

    @property
    def key(self) -> str:
        """16 hex digits."""
        ...


K = TypeVar("K", bound=_Keyed)


@dataclass(frozen=True)
class OwnRows:
    """What whoever asks is given."""

    session: Session

    def has(self, unit: str) -> bool:
        """Whether a unit is one of theirs."""
        return self.session.units is None or fold(unit) in self.session.units

    @property
    def names(self) -> tuple[str, ...]:
        """Their units, as they were written down; empty for whoever sees all."""
        user = self.session.user
        return () if user is None else tuple(user.units)

    def lines(self, frame: pd.DataFrame, declared: Product) -> pd.DataFrame:
        """Of a table with the columns of a product, the rows of their units, in its order."""
        if self.session.units is None:
            return frame
        field = declared.by_role(Role.UNIT)
        return _of_these(frame, _mask(frame, field.key if field is not None else "", self.session.units))

    def rows(
        self, dataset_id: str, columns: Sequence[str] | None = None, *, if_there: Sequence[str] = ()
    ) -> pd.DataFrame:
        """The rows of a data set, as `Workspace.rows` gives them, of their units alone."""
        found = self.session.workspace.rows(dataset_id, columns, if_there=if_there)
        return found if self.session.units is None else _of_these(found, self._of_dataset(dataset_id))

    def mask(self, dataset_id: str) -> np.ndarray | None:
        """bool per row of a data set, in the order of its file: whether it is of their units; None for whoever sees
        all.
        """
        return None if self.session.units is None else self._of_dataset(dataset_id)

    def some(self, found: pd.DataFrame) -> pd.DataFrame:
        """What `rows` or `lines` gave; PresencaError for whoever is of some units alone, where it is no row: the file
        has none of theirs, or doesn't say of which unit a row is. What is told of no row would look like an answer.
        """
        if self.session.units is not None and not len(found):
            raise PresencaError("session.nothing_of_units")
        return found

    def _of_dataset(self, dataset_id: str) -> np.ndarray:
        """bool per row of a data set, in the order of its file: whether it is of their units."""
        space, units = self.session.workspace, self.session.units
        assert units is not None, "whoever sees all units is asked nothing"
        held, asked = _HELD.setdefault(space, {}), (dataset_id, space.revision(dataset_id), units)
        if asked not in held:
            if len(held) >= _MOST:
                held.clear()
            field = catalog.product(space.dataset(dataset_id).product).by_role(Role.UNIT)
            column = field.key if field is not None else ""
            large = event_columns.opened(replace(self.session, lent=True), dataset_id)
            if large is not None and column in large.rows:
                held[asked] = large.rows.where(column, lambda known: _are_of(known, units))
            else:
                held[asked] = _mask(space.rows(dataset_id, ["row"], if_there=[column]), column, units)
        return held[asked]

    def refuse_rows(self, dataset_id: str, wanted: Collection[int]) -> None:
        """PresencaError where one of these spreadsheet rows is of another unit."""
        if self.session.units is None:
            return
        own = self.rows(dataset_id, ["row"])["row"]
        if not set(wanted) <= set(own.tolist()):
            raise PresencaError("session.other_unit")

    def of_keys(self, series_id: str, keys: Sequence[str]) -> np.ndarray:
        """bool per event (by its key): whether it is of their units, as the newest file of the series that holds
        it tells.
        """
        if self.session.units is None:
            return np.ones(len(keys), dtype=bool)
        asked = np.array([int(key, 16) for key in keys], np.uint64)
        own, unknown = np.zeros(len(asked), dtype=bool), np.ones(len(asked), dtype=bool)
        for info in self.session.workspace.datasets():
            if info.series == series_id and unknown.any():
                at = event_keys.of(self.session, info.id).places(asked)
                here = unknown & (at >= 0)
                own[here] = self._of_dataset(info.id)[at[here]]
                unknown &= ~here
        return own

    def keys(self, series_id: str, keys: Iterable[str]) -> list[str]:
        """Of events, by key, those of their units, in their order."""
        every = list(keys)
        return [key for key, is_own in zip(every, self.of_keys(series_id, every).tolist(), strict=True) if is_own]

    def noted(self, series_id: str, found: Iterable[K]) -> tuple[K, ...]:
        """Of what was noted about events, what is about theirs."""
        every = tuple(found)
        own = set(self.keys(series_id, [one.key for one in every]))
        return tuple(one for one in every if one.key in own)

    def refuse_events(self, series_id: str, keys: Sequence[str]) -> None:
        """PresencaError where one of these events is of another unit, or of none that a file tells of."""
        if not self.of_keys(series_id, keys).all():
            raise PresencaError("session.other_unit")

    def waiting(self, found: Iterable[WaitingEntry]) -> tuple[WaitingEntry, ...]:
        """Of those who wait, the ones who would come to one of their units; whoever named no unit comes to any."""
        return tuple(one for one in found if not one.unit or self.has(one.unit))

    def never(self, series_id: str, found: Iterable[Never]) -> tuple[Never, ...]:
        """Of what nobody calls: their units and patients, and procedures, which belong to no unit."""
        every = tuple(found)
        return every if self.session.units is None else tuple(one for one in every if self._concerns(series_id, one))

    def _concerns(self, series_id: str, one: Never) -> bool:
        if one.kind is NeverKind.UNIT:
            return self.has(one.value)
        return one.kind is NeverKind.PROCEDURE or self.is_patient(series_id, one.value)

    def refuse_never(self, series_id: str, one: Never) -> None:
        """PresencaError for a patient or unit that isn't theirs, and for a procedure, which other units have too."""
        if self.session.units is not None and (one.kind is NeverKind.PROCEDURE or not self._concerns(series_id, one)):
            raise PresencaError("session.other_unit")

    def is_patient(self, series_id: str, patient: str) -> bool:
        """Whether a patient, by pseudonym, has a row in one of their units."""
        if self.session.units is None:
            return True
        own = (info for info in self.session.workspace.datasets() if info.series == series_id)
        return any(self._has_patient(info.id, info.product, patient) for info in own)

    def _has_patient(self, dataset_id: str, product_key: str, patient: str) -> bool:
        field = catalog.product(product_key).by_role(Role.PATIENT)
        if field is None:
            return False
        theirs = event_columns.where(replace(self.session, lent=True), dataset_id, field.key, [patient])
        return bool((theirs & self._of_dataset(dataset_id)).any())


def _of_these(frame: pd.DataFrame, own: np.ndarray) -> pd.DataFrame:
    """Some rows, without the names of values that only others have: a category goes along with its column."""
    found = frame.loc[own]
    kinds = found.select_dtypes("category")
    return found.assign(**{str(name): kinds[name].cat.remove_unused_categories() for name in kinds})


def _are_of(known: pd.Index, units: _Scope) -> np.ndarray:
    return np.array([name is not None and fold(str(name)) in units for name in known.tolist()], dtype=bool)


def _mask(frame: pd.DataFrame, column: str, units: _Scope) -> np.ndarray:
    if column not in frame:
        return np.zeros(len(frame), dtype=bool)
    values = frame[column].astype("object")
    own = [value for value in values.dropna().unique() if fold(str(value)) in units]
    return values.isin(own).to_numpy()
