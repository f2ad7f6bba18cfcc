"""Whether a file continues a clinic's series: told by its units, then its patients, and last by its headers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contract import Field, Product, Role
from pipeline.folding import fold
from pipeline.ingestion.parsing.field_types import parse_column
from pipeline.ingestion.reading.reader import RawTable
from pipeline.privacy import pseudonymise
from pipeline.records import ColumnMatch, DatasetInfo, SeriesInfo
from pipeline.services.data import series
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.repositories.recipes import headers_key

_LOOKED_BACK = 6  # newest data sets of a series that are looked at
_LOOKED_AT = 20_000  # rows of a new file that are looked at
_UNITS, _PATIENTS, _SOME_PATIENTS, _POSTCODES = 0.5, 0.2, 0.02, 0.05  # shares of rows that prove something


@dataclass(frozen=True)
class Traits:
    """What tells whose a file is:
    its headers, and per row unit, patient (pseudonym) and postal code; None: no such field.
    """

    headers: str
    units: pd.Series | None = None
    patients: pd.Series | None = None
    postcodes: pd.Series | None = None


@dataclass(frozen=True)
class Likeness:
    """How a file resembles a series: shares of its rows that the series knows (None: can't be told)."""

    series: SeriesInfo
    units: float | None
    patients: float | None
    postcodes: float | None
    headers: bool

    @property
    def belongs(self) -> bool:
        """Units tell most, then patients; alike headers alone only prove that two clinics use the same system."""
        if self.units is not None and self.units >= _UNITS:
            return self.headers or self.patients is None or self.patients >= _SOME_PATIENTS
        if self.patients is not None and (self.units is not None or self.patients >= _SOME_PATIENTS):
            return self.patients >= (_PATIENTS if self.units is not None else _SOME_PATIENTS)
        if self.units is not None or self.patients is not None:
            return False
        return self.headers and (self.postcodes is None or self.postcodes >= _POSTCODES)

    @property
    def strength(self) -> float:
        """Ranks the series that a file belongs to: by shares of units and patients, alike headers a tenth."""
        return (self.units or 0.0) + (self.patients or 0.0) + 0.1 * self.headers


@needs(Permission.READ_DATA)
def recognise(session: Session, product: Product, traits: Traits) -> Likeness | None:
    """The clinic's series that a file continues; None where it is like none of them."""
    found = [
        _likeness(session, product, known, traits)
        for known in session.workspace.series(product.key)
        if not known.is_sample
    ]
    return max((f for f in found if f.belongs), key=lambda f: f.strength, default=None)


def _likeness(session: Session, product: Product, known: SeriesInfo, traits: Traits) -> Likeness:
    own = [traits_of_kept(session, product, info) for info in series.members(session, known)[:_LOOKED_BACK]]
    return Likeness(
        known,
        _share(traits.units, [o.units for o in own]),
        _share(traits.patients, [o.patients for o in own]),
        _share(traits.postcodes, [o.postcodes for o in own]),
        traits.headers in known.headers,
    )


def _share(values: pd.Series | None, theirs: Sequence[pd.Series | None]) -> float | None:
    """Share of the rows that have a value whose value stands among the others' too."""
    there = [t for t in theirs if t is not None]
    if values is None or not there:
        return None
    had = set().union(*(set(t.unique()) for t in there))
    return float(values.isin(had).mean())


@needs(Permission.READ_DATA)
def traits_of_raw(session: Session, product: Product, raw: RawTable, matches: Sequence[ColumnMatch]) -> Traits:
    """Of a file that was not kept yet: a spread of its rows is read."""
    step = max(1, raw.table.num_rows // _LOOKED_AT)
    some = raw.table.take(pa.array(np.arange(0, raw.table.num_rows, step)))
    places = {match.field: place for place, match in enumerate(matches) if match.field}

    def column(role: Role) -> pd.Series | None:
        field = product.by_role(role)
        if field is None or field.key not in places:
            return None
        read = parse_column(some.column(places[field.key]), field, "", session.today())
        labels = np.array([*(read.labels.to_pylist() if read.labels is not None else []), None], dtype=object)
        return _told(session, field, pd.Series(labels[read.index_of_rows()], dtype="str"), hidden=False)

    return Traits(
        headers_key([m.header for m in matches]), column(Role.UNIT), column(Role.PATIENT), column(Role.POSTCODE)
    )


@needs(Permission.READ_DATA)
def traits_of_rows(
    session: Session, product: Product, rows: pd.DataFrame, headers: Sequence[str], *, hidden: bool
) -> Traits:
    """Of typed rows; `hidden`: they hold pseudonyms already."""

    def column(role: Role) -> pd.Series | None:
        field = product.by_role(role)
        if field is None or field.key not in rows:
            return None
        return _told(session, field, rows[field.key].astype("str"), hidden=hidden)

    return Traits(headers_key(headers), column(Role.UNIT), column(Role.PATIENT), column(Role.POSTCODE))


@needs(Permission.READ_DATA)
def traits_of_kept(session: Session, product: Product, info: DatasetInfo) -> Traits:
    """Of a data set of the workspace."""
    wanted = [field for role in (Role.UNIT, Role.PATIENT, Role.POSTCODE) if (field := product.by_role(role))]
    asked, extra = [f.key for f in wanted if not f.extra], [f.key for f in wanted if f.extra]
    return traits_of_rows(
        session,
        product,
        session.workspace.rows(info.id, asked, if_there=extra) if wanted else pd.DataFrame(),
        headers_of(session, info.id),
        hidden=True,
    )


@needs(Permission.READ_DATA)
def headers_of(session: Session, dataset_id: str) -> tuple[str, ...]:
    """The headers of a data set's file, as its report has them."""
    report = json.loads(session.workspace.report(dataset_id))
    columns = report.get("columns", ()) if isinstance(report, dict) else ()
    return tuple(str(c.get("header", "")) for c in columns if isinstance(c, dict))


def _told(session: Session, field: Field, values: pd.Series, *, hidden: bool) -> pd.Series | None:
    values = values.dropna()
    if not len(values):
        return None
    if field.personal:
        return values if hidden else pseudonymise(values.astype("category"), session.workspace.key).astype("str")
    return values.map({text: fold(str(text)) for text in values.unique()})
