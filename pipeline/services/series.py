"""Which clinic's run of files a data set belongs to: recognised by units, patients and headers; told by the user.

History, the day of a list, comparisons, remembered repairs and the model to use all stay within a series.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contract import Field, Product, Role
from pipeline.errors import WorkspaceError
from pipeline.ingestion.columns import fold
from pipeline.ingestion.dataset import concat_rows
from pipeline.ingestion.finding import quotable
from pipeline.ingestion.parsing import parse_column
from pipeline.ingestion.reading import RawTable
from pipeline.modeling.timeline import without_repeats
from pipeline.privacy import pseudonymise
from pipeline.records import ColumnMatch, DatasetInfo, SeriesInfo
from pipeline.services import catalog, clock
from pipeline.workspace.audit import audit
from pipeline.workspace.recipes import headers_key
from pipeline.workspace.store import Workspace

LONGEST_NAME = 60
_LOOKED_BACK = 6  # newest data sets of a series that are looked at
_LOOKED_AT = 20_000  # rows of a new file that are looked at
_UNITS, _PATIENTS, _SOME_PATIENTS, _POSTCODES = 0.5, 0.2, 0.02, 0.05
_SAMPLE_NAME = "Rede de exemplo"
_WORDLESS = re.compile(r"[\d_\-.()\[\]]+")


@dataclass(frozen=True)
class Traits:
    """What tells whose a file is: its headers, and per row unit, patient (pseudonym) and postal code; None: no such field."""

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
        return (self.units or 0.0) + (self.patients or 0.0) + 0.1 * self.headers


@dataclass(frozen=True)
class Into:
    """Where a file is to go: an existing series by id, a new one by name, or (both empty) where it is recognised to belong."""

    series: str = ""
    name: str = ""


# ---------------------------------------------------------------- asking


def listed(workspace: Workspace, product_key: str) -> tuple[SeriesInfo, ...]:
    """The series of a product, the clinic's own before the sample's."""
    return tuple(sorted(workspace.series(product_key), key=lambda s: s.is_sample))


def of(workspace: Workspace, dataset_id: str) -> SeriesInfo | None:
    """The series of a data set; None where it was not sorted into one yet."""
    return known(workspace, workspace.dataset(dataset_id).series)


def known(workspace: Workspace, series_id: str) -> SeriesInfo | None:
    """The series with this id, if there is one."""
    return next((s for s in workspace.series() if s.id == series_id), None) if series_id else None


def members(workspace: Workspace, series: SeriesInfo) -> tuple[DatasetInfo, ...]:
    """The data sets of a series, the latest dates first."""
    own = [d for d in workspace.datasets(series.product) if d.series == series.id]
    return tuple(sorted(own, key=lambda d: (str(d.last_date or ""), d.created), reverse=True))


def first_to_show(workspace: Workspace, series_id: str) -> DatasetInfo:
    """What opens when a series is chosen: its latest file with outcomes, or else its latest. WorkspaceError where it has none."""
    own = members(workspace, workspace.one_series(series_id))
    if not own:
        raise WorkspaceError("Esta série não tem nenhum arquivo.")
    return next((d for d in own if d.purpose != "future"), own[0])


def others(workspace: Workspace, dataset_id: str) -> tuple[DatasetInfo, ...]:
    """The other data sets of the same series, the latest upload first; the same file counts once."""
    own = workspace.dataset(dataset_id)
    seen, found = {own.sha256}, []
    for info in workspace.datasets(own.product):
        alike = info.series == own.series and info.is_sample == own.is_sample
        if info.id != dataset_id and alike and info.sha256 not in seen:
            found.append(info)
            seen.add(info.sha256)
    return tuple(found)


def rows_of(workspace: Workspace, sources: Sequence[DatasetInfo], declared: Product) -> pd.DataFrame | None:
    """Rows of several data sets, each appointment once: as the first that holds it has it. None without any."""
    frames: list[pd.DataFrame] = []
    for source in sources:
        rows = workspace.rows(source.id)
        frames.append(without_repeats(concat_rows(frames), rows, declared) if frames else rows)
    return concat_rows(frames) if frames else None


# ---------------------------------------------------------------- recognising


def recognise(workspace: Workspace, product: Product, traits: Traits) -> Likeness | None:
    """The clinic's series that a file continues; None where it is like none of them."""
    found = [_likeness(workspace, product, series, traits) for series in workspace.series(product.key) if not series.is_sample]
    return max((f for f in found if f.belongs), key=lambda f: f.strength, default=None)


def _likeness(workspace: Workspace, product: Product, series: SeriesInfo, traits: Traits) -> Likeness:
    own = [traits_of_kept(workspace, product, info) for info in members(workspace, series)[:_LOOKED_BACK]]
    return Likeness(
        series, _share(traits.units, [o.units for o in own]), _share(traits.patients, [o.patients for o in own]),
        _share(traits.postcodes, [o.postcodes for o in own]), traits.headers in series.headers,
    )


def _share(values: pd.Series | None, theirs: Sequence[pd.Series | None]) -> float | None:
    """Share of the rows that have a value whose value stands among the others' too."""
    there = [t for t in theirs if t is not None]
    if values is None or not there:
        return None
    had = set().union(*(set(t.unique()) for t in there))
    return float(values.isin(had).mean())


def traits_of_raw(workspace: Workspace, product: Product, raw: RawTable, matches: Sequence[ColumnMatch]) -> Traits:
    """Of a file that was not kept yet: a spread of its rows is read."""
    step = max(1, raw.table.num_rows // _LOOKED_AT)
    some = raw.table.take(pa.array(np.arange(0, raw.table.num_rows, step)))
    places = {match.field: place for place, match in enumerate(matches) if match.field}

    def column(role: Role) -> pd.Series | None:
        field = product.by_role(role)
        if field is None or field.key not in places:
            return None
        read = parse_column(some.column(places[field.key]), field, "", clock.today())
        labels = np.array([*(read.labels.to_pylist() if read.labels is not None else []), None], dtype=object)
        return _told(workspace, field, pd.Series(labels[read.index_of_rows()], dtype="str"), hidden=False)

    return Traits(headers_key([m.header for m in matches]), column(Role.UNIT), column(Role.PATIENT), column(Role.POSTCODE))


def traits_of_rows(workspace: Workspace, product: Product, rows: pd.DataFrame, headers: Sequence[str], *, hidden: bool) -> Traits:
    """Of typed rows; `hidden`: they hold pseudonyms already."""
    def column(role: Role) -> pd.Series | None:
        field = product.by_role(role)
        if field is None or field.key not in rows:
            return None
        return _told(workspace, field, rows[field.key].astype("str"), hidden=hidden)

    return Traits(headers_key(headers), column(Role.UNIT), column(Role.PATIENT), column(Role.POSTCODE))


def traits_of_kept(workspace: Workspace, product: Product, info: DatasetInfo) -> Traits:
    """Of a data set of the workspace."""
    wanted = [field.key for role in (Role.UNIT, Role.PATIENT, Role.POSTCODE) if (field := product.by_role(role))]
    return traits_of_rows(workspace, product, workspace.rows(info.id, wanted) if wanted else pd.DataFrame(), headers_of(workspace, info.id), hidden=True)


def headers_of(workspace: Workspace, dataset_id: str) -> tuple[str, ...]:
    """The headers of a data set's file, as its report has them."""
    report = json.loads(workspace.report(dataset_id))
    columns = report.get("columns", ()) if isinstance(report, dict) else ()
    return tuple(str(c.get("header", "")) for c in columns if isinstance(c, dict))


def _told(workspace: Workspace, field: Field, values: pd.Series, *, hidden: bool) -> pd.Series | None:
    values = values.dropna()
    if not len(values):
        return None
    if field.personal:
        return values if hidden else pseudonymise(values.astype("category"), workspace.key).astype("str")
    return values.map({text: fold(str(text)) for text in values.unique()})


# ---------------------------------------------------------------- placing


def place(workspace: Workspace, product: Product, traits: Traits, into: Into, file_name: str) -> SeriesInfo:
    """The series that a file goes to: the chosen one, a new one with this name, or the one that it is recognised to continue."""
    found = _placed(workspace, product, traits, into, file_name)
    workspace.met_headers(found.id, traits.headers)
    return found


def _placed(workspace: Workspace, product: Product, traits: Traits, into: Into, file_name: str) -> SeriesInfo:
    if into.series:
        chosen = workspace.one_series(into.series)
        if chosen.product != product.key:
            raise WorkspaceError("Esta série é de outro produto. Escolha outra.")
        return chosen
    if into.name.strip():
        return create(workspace, product.key, into.name)
    found = recognise(workspace, product, traits)
    return found.series if found else create(workspace, product.key, proposed_name(file_name))


def create(workspace: Workspace, product_key: str, name: str) -> SeriesInfo:
    """A new series; one of the same name is told apart by a number."""
    made = workspace.add_series(product_key, _free(workspace, product_key, name))
    audit(workspace, "series_added", series=made.id, product=product_key)
    return made


def rename(workspace: Workspace, series_id: str, name: str) -> SeriesInfo:
    """WorkspaceError for a name that is empty or taken."""
    series, wanted = workspace.one_series(series_id), _clean(name)
    if not wanted:
        raise WorkspaceError("A série precisa de um nome.")
    if any(s.id != series.id and fold(s.name) == fold(wanted) for s in workspace.series(series.product)):
        raise WorkspaceError("Já há uma série com este nome.")
    renamed = workspace.rename_series(series_id, wanted)
    audit(workspace, "series_renamed", series=series_id)
    return renamed


def move(workspace: Workspace, dataset_id: str, into: Into) -> SeriesInfo:
    """A data set goes to another series, with what was learnt from it and remembered of it; lists made before are made again."""
    info = workspace.dataset(dataset_id)
    target = workspace.one_series(into.series) if into.series else create(workspace, info.product, into.name)
    if target.id == info.series:
        return target
    workspace.place_dataset(dataset_id, target.id)
    if info.series:
        workspace.drop_series_if_empty(info.series)
    _put_to_use(workspace, target)
    audit(workspace, "dataset_moved", dataset=dataset_id, series=target.id)
    return target


def _put_to_use(workspace: Workspace, series: SeriesInfo) -> None:
    """A series without a model in use takes its newest."""
    newest = next((m for m in workspace.models(series.product) if m.series == series.id), None)
    if newest is not None:
        workspace.first_model(series.id, newest.id)


def sample_series(workspace: Workspace, product_key: str) -> SeriesInfo:
    """The one series of the ready samples."""
    there = next((s for s in workspace.series(product_key) if s.is_sample), None)
    return there or workspace.add_series(product_key, _SAMPLE_NAME, is_sample=True)


def proposed_name(file_name: str) -> str:
    """A name to begin with: the file's without dates and numbers; to be changed by the user."""
    stem = PurePath(file_name).name.split(".")[0]
    words = " ".join(_WORDLESS.sub(" ", stem).split())
    return _clean(words[:1].upper() + words[1:]) or "Clínica"


def _clean(name: str) -> str:
    return quotable(name[:LONGEST_NAME]) if name.strip() else ""


def _free(workspace: Workspace, product_key: str, name: str) -> str:
    taken = {fold(s.name) for s in workspace.series(product_key)}
    wanted = _clean(name) or "Clínica"
    numbered = [wanted, *(f"{wanted} {n}" for n in range(2, len(taken) + 3))]
    return next(n for n in numbered if fold(n) not in taken)


# ---------------------------------------------------------------- workspaces of earlier versions


def adopt(workspace: Workspace) -> int:
    """Sorts data sets, models and recipes that belong to no series into series, oldest first; how many data sets."""
    ids = {s.id for s in workspace.series()}
    homeless = [d for d in reversed(workspace.datasets()) if d.series not in ids]
    for info in homeless:
        product = next((p for p in catalog.products() if p.key == info.product), None)
        if product is not None:
            _adopt(workspace, product, info)
    if homeless or any(not m.series for m in workspace.models()):
        _adopt_models(workspace)
        _adopt_recipes(workspace)
    return len(homeless)


def _adopt(workspace: Workspace, product: Product, info: DatasetInfo) -> None:
    if info.is_sample:
        series = sample_series(workspace, product.key)
    else:
        series = place(workspace, product, traits_of_kept(workspace, product, info), Into(), info.name)
    workspace.place_dataset(info.id, series.id)


def _adopt_models(workspace: Workspace) -> None:
    """Models follow their data set, or the data set that was read from the same file."""
    by_id = {d.id: d for d in workspace.datasets()}
    for model in reversed(workspace.models()):
        source = by_id.get(model.dataset_id or "")
        if not model.series and source is not None and source.series:
            workspace.place_model(model.id, source.series)
    for series in workspace.series():
        _put_to_use(workspace, series)


def _adopt_recipes(workspace: Workspace) -> None:
    """Recipes follow the newest data set whose file has their headers; where it is gone they stay nobody's, and unused."""
    sets = [(info, headers_key(headers_of(workspace, info.id))) for info in workspace.datasets()]
    for recipe in [r for p in catalog.products() for r in workspace.recipes(p.key) if not r.series]:
        key = headers_key(recipe.headers)
        owner = next((info for info, own in sets if own == key and info.product == recipe.product), None)
        if owner is not None and owner.series:
            workspace.place_recipe(recipe.id, owner.series, owner.id)


__all__ = ["Into", "Likeness", "Traits", "adopt", "create", "first_to_show", "headers_of", "known", "listed", "members", "move", "of", "others", "place",
           "proposed_name", "recognise", "rename", "rows_of", "sample_series", "traits_of_kept", "traits_of_raw", "traits_of_rows"]
