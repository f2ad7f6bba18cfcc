"""Series: which data sets are one clinic's own run of files.

History, the day of a list, comparisons, remembered repairs and the model to use all stay within a series. How a file is
recognised to continue one is told in `recognition`, how it is put there in `placing`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from pipeline.contract import Product
from pipeline.errors import WorkspaceError
from pipeline.ingestion.dataset import concat_rows
from pipeline.ingestion.event_id import said_again
from pipeline.modeling.features.timeline import without_repeats
from pipeline.records import DatasetInfo, SeriesInfo
from pipeline.services.session import Permission, Session, needs


@needs(Permission.OPEN)
def listed(session: Session, product_key: str) -> tuple[SeriesInfo, ...]:
    """The series of a product, the clinic's own before the sample's."""
    return tuple(sorted(session.workspace.series(product_key), key=lambda s: s.is_sample))


@needs(Permission.OPEN)
def known(session: Session, series_id: str) -> SeriesInfo | None:
    """The series with this id, if there is one."""
    return next((s for s in session.workspace.series() if s.id == series_id), None) if series_id else None


@needs(Permission.OPEN)
def one(session: Session, series_id: str) -> SeriesInfo:
    """A series by its id. WorkspaceError if there is none."""
    return session.workspace.one_series(series_id)


@needs(Permission.OPEN)
def members(session: Session, series: SeriesInfo) -> tuple[DatasetInfo, ...]:
    """The data sets of a series, the latest dates first."""
    own = [d for d in session.workspace.datasets(series.product) if d.series == series.id]
    return tuple(sorted(own, key=lambda d: (str(d.last_date or ""), d.created), reverse=True))


@needs(Permission.OPEN)
def first_to_show(session: Session, series_id: str) -> DatasetInfo:
    """What opens when a series is chosen: its latest file with outcomes, or else its latest.
    WorkspaceError where it has none.
    """
    own = members(session, session.workspace.one_series(series_id))
    if not own:
        raise WorkspaceError("series.empty")
    return next((d for d in own if d.purpose != "future"), own[0])


@needs(Permission.OPEN)
def others(session: Session, dataset_id: str) -> tuple[DatasetInfo, ...]:
    """The other data sets of the same series, the latest upload first; the same file counts once."""
    own = session.workspace.dataset(dataset_id)
    seen, found = {own.sha256}, []
    for info in session.workspace.datasets(own.product):
        alike = info.series == own.series and info.is_sample == own.is_sample
        if info.id != dataset_id and alike and info.sha256 not in seen:
            found.append(info)
            seen.add(info.sha256)
    return tuple(found)


@needs(Permission.READ_DATA)
def rows_of(
    session: Session, sources: Sequence[DatasetInfo], declared: Product, columns: Sequence[str] | None = None
) -> pd.DataFrame | None:
    """Rows of several data sets, each appointment once: as the first that holds it has it. None without any.

    `columns`: only those of these that are there. Of several data sets all that a row says is read first, by which it
    is known again.
    """
    if columns is not None and len(sources) == 1:
        return session.workspace.rows(sources[0].id, [], if_there=columns)
    found = each_once((session.workspace.rows(source.id) for source in sources), declared)
    return found if found is None or columns is None else found[[name for name in columns if name in found]]


def each_once(files: Iterable[pd.DataFrame], declared: Product) -> pd.DataFrame | None:
    """Typed rows of several files, each appointment once: as the first file that holds it has it. None without any."""
    frames: list[pd.DataFrame] = []
    for rows in files:
        if frames:
            before = concat_rows(frames)
            rows = without_repeats(before, rows.loc[~said_again(before, rows, declared)], declared)
        frames.append(rows)
    return concat_rows(frames) if frames else None
