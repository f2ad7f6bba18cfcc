"""Putting files into series: chosen by the user or recognised;
moved, renamed; and what earlier versions kept, sorted once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from pipeline.contract import Product
from pipeline.errors import WorkspaceError
from pipeline.folding import fold
from pipeline.ingestion.parsing.quoting import quotable
from pipeline.presentation.locale import names
from pipeline.records import DatasetInfo, SeriesInfo
from pipeline.scrubbing.labels import safe_file_name
from pipeline.services import catalog
from pipeline.services.data import event_keys
from pipeline.services.data.recognition import Traits, headers_of, recognise, traits_of_kept
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.repositories.recipes import headers_key

LONGEST_NAME = 60
_MARK = re.compile(r"\[[^\[\]]{1,20}\]")  # of what was taken out
_WORDLESS = re.compile(r"[\d_\-.()\[\]]+")


@dataclass(frozen=True)
class Into:
    """Where a file is to go:
    an existing series by id, a new one by name, or (both empty) where it is recognised to belong.
    """

    series: str = ""
    name: str = ""
    is_sample: bool = False  # a ready sample, or made of them alone: to the samples' one series


@needs(Permission.CHANGE_DATA)
def place(session: Session, product: Product, traits: Traits, into: Into, file_name: str) -> SeriesInfo:
    """The series that a file goes to:
    the chosen one, a new one with this name, or the one that it is recognised to continue.
    """
    found = _placed(session, product, traits, into, file_name)
    session.workspace.met_headers(found.id, traits.headers)
    return found


def _placed(session: Session, product: Product, traits: Traits, into: Into, file_name: str) -> SeriesInfo:
    if into.series:
        chosen = session.workspace.one_series(into.series)
        if chosen.product != product.key:
            raise WorkspaceError("series.other_product")
        return chosen
    if into.name.strip():
        return create(session, product.key, into.name)
    found = recognise(session, product, traits)
    return found.series if found else create(session, product.key, proposed_name(file_name))


@needs(Permission.CHANGE_DATA)
def create(session: Session, product_key: str, name: str) -> SeriesInfo:
    """A new series; one of the same name is told apart by a number."""
    made = session.workspace.add_series(product_key, _free(session, product_key, name))
    session.audit("series_added", series=made.id, product=product_key)
    return made


@needs(Permission.CHANGE_DATA)
def rename(session: Session, series_id: str, name: str) -> SeriesInfo:
    """WorkspaceError for a name that is empty or taken."""
    series, wanted = session.workspace.one_series(series_id), _clean(name)
    if not wanted:
        raise WorkspaceError("series.nameless")
    if any(s.id != series.id and fold(s.name) == fold(wanted) for s in session.workspace.series(series.product)):
        raise WorkspaceError("series.name_taken")
    renamed = session.workspace.rename_series(series_id, wanted)
    session.audit("series_renamed", series=series_id)
    return renamed


@needs(Permission.CHANGE_DATA)
def move(session: Session, dataset_id: str, into: Into) -> SeriesInfo:
    """A data set goes to another series, with what was learnt from it, remembered of it and done about its events
    alone; lists made before are made again.
    """
    info = session.workspace.dataset(dataset_id)
    target = session.workspace.one_series(into.series) if into.series else create(session, info.product, into.name)
    if target.id == info.series:
        return target
    for only_here, moved in (
        (event_keys.only_here, session.workspace.rekey_follow_ups),
        (event_keys.contacted_only_here, session.workspace.rekey_contacts),
        (event_keys.offered_only_here, session.workspace.rekey_offers),
    ):
        own = only_here(session, dataset_id)
        moved(info.series, dict(zip(own, own, strict=True)), into=target.id)
    session.workspace.place_dataset(dataset_id, target.id)
    if info.series:
        session.workspace.drop_series_if_empty(info.series)
    _put_to_use(session, target)
    session.audit("dataset_moved", dataset=dataset_id, series=target.id)
    return target


def _put_to_use(session: Session, series: SeriesInfo) -> None:
    """A series without a model in use takes its newest."""
    newest = next((m for m in session.workspace.models(series.product) if m.series == series.id), None)
    if newest is not None:
        session.workspace.first_model(series.id, newest.id)


@needs(Permission.CHANGE_DATA)
def sample_series(session: Session, product_key: str) -> SeriesInfo:
    """The one series of the ready samples."""
    there = next((s for s in session.workspace.series(product_key) if s.is_sample), None)
    return there or session.workspace.add_series(product_key, names.SAMPLE_SERIES, is_sample=True)


def proposed_name(file_name: str) -> str:
    """A name to begin with: the file's without dates, numbers and people; to be changed by the user."""
    stem = _MARK.sub(" ", safe_file_name(PurePath(file_name).name)).split(".")[0]
    words = " ".join(_WORDLESS.sub(" ", stem).split())
    return _clean(words[:1].upper() + words[1:]) or names.NAMELESS_SERIES


def _clean(name: str) -> str:
    return quotable(name[:LONGEST_NAME]) if name.strip() else ""


def _free(session: Session, product_key: str, name: str) -> str:
    taken = {fold(s.name) for s in session.workspace.series(product_key)}
    wanted = _clean(name) or names.NAMELESS_SERIES
    numbered = [wanted, *(f"{wanted} {n}" for n in range(2, len(taken) + 3))]
    return next(n for n in numbered if fold(n) not in taken)


# ---------------------------------------------------------------- workspaces of earlier versions


@needs(Permission.CHANGE_DATA)
def adopt(session: Session) -> int:
    """Sorts data sets, models and recipes that belong to no series into series, oldest first; how many data sets."""
    ids = {s.id for s in session.workspace.series()}
    homeless = [d for d in reversed(session.workspace.datasets()) if d.series not in ids]
    for info in homeless:
        product = next((p for p in catalog.products() if p.key == info.product), None)
        if product is not None:
            _adopt(session, product, info)
    if homeless or any(not m.series for m in session.workspace.models()):
        _adopt_models(session)
        _adopt_recipes(session)
    return len(homeless)


def _adopt(session: Session, product: Product, info: DatasetInfo) -> None:
    if info.is_sample:
        series = sample_series(session, product.key)
    else:
        series = place(session, product, traits_of_kept(session, product, info), Into(), info.name)
    session.workspace.place_dataset(info.id, series.id)


def _adopt_models(session: Session) -> None:
    """Models follow their data set, or the data set that was read from the same file."""
    by_id = {d.id: d for d in session.workspace.datasets()}
    for model in reversed(session.workspace.models()):
        source = by_id.get(model.dataset_id or "")
        if not model.series and source is not None and source.series:
            session.workspace.place_model(model.id, source.series)
    for series in session.workspace.series():
        _put_to_use(session, series)


def _adopt_recipes(session: Session) -> None:
    """Recipes follow the newest data set whose file has their headers;
    where it is gone they stay nobody's, and unused.
    """
    sets = [(info, headers_key(headers_of(session, info.id))) for info in session.workspace.datasets()]
    for recipe in [r for p in catalog.products() for r in session.workspace.recipes(p.key) if not r.series]:
        key = headers_key(recipe.headers)
        owner = next((info for info, own in sets if own == key and info.product == recipe.product), None)
        if owner is not None and owner.series:
            session.workspace.place_recipe(recipe.id, owner.series, owner.id)
