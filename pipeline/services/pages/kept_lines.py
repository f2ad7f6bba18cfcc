"""The lines of a kept list as pages ask for them: a day, some units, the bookings of some patients, single rows.

A list of few lines is read whole; of one that rests mapped no more is read than is asked for. What comes is the same:
the lines that whoever asks may see, in the list's order, with their risk as it stands now.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from pipeline.contract import Product, Role
from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.ingestion.event_id import RECORD_KEY
from pipeline.insight.calls import call_list, entries
from pipeline.insight.calls.call_list import DAY, UNIT, ListFilters
from pipeline.insight.calls.expected import BUCKET, CHANCE
from pipeline.records.contacts import ALONE
from pipeline.services.data.own_units import OwnRows
from pipeline.services.large.laying import HELD
from pipeline.services.large.listing import BEGIN, DAYS, LISTED, PLACE
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.storage.mapped import MappedFrame

MOST_LINES = 1_000_000  # of a list that are looked at together
_BLOCK = 1 << 20
As = Callable[[pd.DataFrame], pd.DataFrame]  # what is done to lines before they are given: their risk as it stands now


class KeptLines(Protocol):
    """Lines of a list. `columns`: of no more are asked for; more may come."""

    def some(
        self, filters: ListFilters, columns: Sequence[str] | None = None, *, nameless: bool = False
    ) -> pd.DataFrame:
        """Those on the day and in the units of the filters; tiers, which contacts change, are chosen of what comes.
        `nameless`: it is asked which lines are of one patient, and of whom none.
        """
        ...

    def of_patients(self, shown: pd.DataFrame) -> pd.DataFrame:
        """All lines of the patients of some lines that came from here, with these (see `entries.of_same_patients`)."""
        ...

    def of_rows(self, rows: Sequence[int]) -> pd.DataFrame:
        """The lines of some rows, by number, with all that explains their risk."""
        ...

    def of_patient(self, name: str) -> pd.DataFrame:
        """The lines that a call to somebody reaches, as `planning.names_of` names them; others may come with them."""
        ...


@dataclass(frozen=True)
class WholeLines:
    """Of a list that is in hand."""

    frame: pd.DataFrame
    product: Product

    def some(
        self, filters: ListFilters, columns: Sequence[str] | None = None, *, nameless: bool = False
    ) -> pd.DataFrame:
        """As `KeptLines`, with every column."""
        return call_list.select(self.frame, ListFilters(filters.day, filters.units))

    def of_patients(self, shown: pd.DataFrame) -> pd.DataFrame:
        """As `KeptLines`."""
        return entries.of_same_patients(self.frame, shown, self.product)

    def of_rows(self, rows: Sequence[int]) -> pd.DataFrame:
        """As `KeptLines`."""
        return self.frame.loc[self.frame["row"].isin(rows)]

    def of_patient(self, name: str) -> pd.DataFrame:
        """As `KeptLines`."""
        return self.frame


@dataclass(frozen=True)
class MappedLines:
    """Of a list that rests mapped (see `large.listing`): by day, those of a day in the list's order. What is given has
    its place there as its index.
    """

    frame: MappedFrame
    product: Product
    session: Session
    as_told: As = field(default=lambda lines: lines)

    @property
    def listed(self) -> int:
        """How many lines the list holds; they come first."""
        return int(self.frame.facts[LISTED])

    @property
    def told(self) -> tuple[str, ...]:
        """The columns of a line but for those that explain its risk, which are many."""
        apart = (PLACE, HELD)
        prefixes = (call_list.POINTS, call_list.FEATURE)
        return tuple(name for name in self.frame.names if name not in apart and not name.startswith(prefixes))

    def some(
        self, filters: ListFilters, columns: Sequence[str] | None = None, *, nameless: bool = False
    ) -> pd.DataFrame:
        """As `KeptLines`. PresencaError where they are more than are looked at together, or take too much memory."""
        wanted = self._of_units(self._of_day(filters), filters.units)
        return self.as_told(self._read(self._in_order(wanted), columns, nameless=nameless))

    def _of_day(self, filters: ListFilters) -> slice:
        days, begin = self.frame.facts[DAYS], self.frame.facts[BEGIN]
        if filters.day is None:
            return slice(0, self.listed)
        at = days.index(filters.day.isoformat()) if filters.day.isoformat() in days else None
        return slice(0, 0) if at is None else slice(begin[at], begin[at + 1])

    def _of_units(self, within: slice, units: Sequence[str]) -> np.ndarray:
        """The places of the lines of these units (none: all), of those whom whoever asks may see."""
        own = self._is_own(units)
        if own is None:
            self._refuse(within.stop - within.start)
            return np.arange(within.start, within.stop)
        codes = self.frame.array(UNIT)
        parts = [
            start + np.flatnonzero(own[codes[start : min(start + _BLOCK, within.stop)]])
            for start in range(within.start, within.stop, _BLOCK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def _is_own(self, units: Sequence[str] = ()) -> np.ndarray | None:
        """bool per unit, in the order of its texts, False for none: whether its lines are asked for; None for all."""
        if not units and self.session.units is None:
            return None
        names = self.frame.texts(UNIT).to_pylist()
        of_user = self.session.units
        mine = [(not units or name in units) and (of_user is None or fold(str(name)) in of_user) for name in names]
        return np.array([*mine, False], dtype=bool)

    def _in_order(self, places: np.ndarray) -> np.ndarray:
        """Places in the order of the list."""
        self._refuse(len(places))
        return places[np.argsort(self.frame.array(PLACE)[places], kind="stable")]

    def _read(self, places: np.ndarray, columns: Sequence[str] | None, *, nameless: bool = False) -> pd.DataFrame:
        names = self.told if columns is None else [name for name in self.frame.names if name in columns]
        most = self.session.workspace.most_bytes
        if most is not None and len(places) * self.frame.width(names) > most:
            raise PresencaError("agenda.too_many_lines", rows=len(places), most=most // self.frame.width(names))
        patient = self.product.by_role(Role.PATIENT)
        numbered = [patient.key] if nameless and patient is not None else []
        return self.frame.some(places, names, numbered=numbered).set_axis(pd.Index(places))

    @staticmethod
    def _refuse(lines: int) -> None:
        if lines > MOST_LINES:
            raise PresencaError("agenda.too_many_lines", rows=lines, most=MOST_LINES)

    def of_patients(self, shown: pd.DataFrame) -> pd.DataFrame:
        """As `KeptLines`."""
        places, patient = shown.index.to_numpy(), self.product.by_role(Role.PATIENT)
        if patient is not None and patient.key in self.frame.kinds:
            codes = self.frame.array(patient.key)
            theirs = np.zeros(len(self.frame.texts(patient.key)) + 1, dtype=bool)
            theirs[codes[places]] = True
            theirs[-1] = False  # those without a patient
            places = np.union1d(places, self._where(codes, theirs))
        return self.as_told(self._read(self._in_order(self._allowed(places)), None))

    def _where(self, codes: np.ndarray, wanted: np.ndarray) -> np.ndarray:
        """The places of the listed lines whose code is wanted."""
        parts = [
            start + np.flatnonzero(wanted[codes[start : min(start + _BLOCK, self.listed)]])
            for start in range(0, self.listed, _BLOCK)
        ]
        return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)

    def _allowed(self, places: np.ndarray) -> np.ndarray:
        own = self._is_own()
        return places if own is None else places[own[self.frame.array(UNIT)[places]]]

    def of_patient(self, name: str) -> pd.DataFrame:
        """As `KeptLines`."""
        if name.startswith(ALONE):
            return self._lines_of(RECORD_KEY, np.uint64(int(name.removeprefix(ALONE), 16)))
        patient = self.product.by_role(Role.PATIENT)
        if patient is None or patient.key not in self.frame.kinds:
            return self._lines_of("row", -1)
        at = pc.index(self.frame.texts(patient.key), name).as_py()
        return self._lines_of(patient.key if at >= 0 else "row", at)

    def _lines_of(self, column: str, value: Any) -> pd.DataFrame:
        """The lines that hold a value, as it lies in a column."""
        held = self.frame.array(column)[: self.listed]
        return self.as_told(self._read(self._in_order(self._allowed(np.flatnonzero(held == value))), None))

    def of_rows(self, rows: Sequence[int]) -> pd.DataFrame:
        """As `KeptLines`."""
        places = self.frame.of_rows(rows, self.listed)
        every = [name for name in self.frame.names if name not in (PLACE, HELD)]
        return self.as_told(self._read(self._in_order(self._allowed(places)), every))

    def everything(self, columns: Sequence[str]) -> pd.DataFrame:
        """Some columns of all lines that whoever asks may see, also of those that the list doesn't hold."""
        own, lines = self._is_own(), np.arange(self.frame.rows)
        if own is not None:
            lines = lines[own[self.frame.array(UNIT)]]
        return self._read(self._in_order(lines), columns)


@needs(Permission.SEE_RISK)
def opened(session: Session, found: MappedFrame | pd.DataFrame, product: Product, listed: As, as_told: As) -> KeptLines:
    """The lines of a kept list; `listed`: which of a frame's lines it holds, `as_told`: as they are given."""
    if isinstance(found, MappedFrame):
        return MappedLines(found, product, session, as_told)
    return WholeLines(as_told(listed(OwnRows(session).lines(found, product))), product)


def narrow(product: Product) -> list[str]:
    """The columns by which lines are chosen, put in order and counted."""
    roles = (Role.PATIENT, Role.PROCEDURE, Role.TYPE)
    own = [field.key for role in roles if (field := product.by_role(role)) is not None]
    return ["row", "state", "risk", "tier", DAY, UNIT, CHANCE, BUCKET, RECORD_KEY, *own]
