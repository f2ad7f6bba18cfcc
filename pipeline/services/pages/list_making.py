"""Making a list of a data set: whole, where its rows are few; by shards, in a job's process, where they are many.

Either way the lines are the same and so is all that is said of them.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline import scratch
from pipeline.contract import Product, Role
from pipeline.executing import Kept, opened
from pipeline.insight import evaluation
from pipeline.insight.calls import call_list, expected, first_day
from pipeline.insight.scoring import score as scoring
from pipeline.modeling.model import OutOfFoldPredictions, TrainedModel
from pipeline.records import DatasetInfo, Level, ListDay, Progress, note, to_plain
from pipeline.services import catalog
from pipeline.services.data import coded, datasets, event_columns, series
from pipeline.services.large import kept_rows, listing, spread
from pipeline.services.large.kept_rows import KeptRows
from pipeline.services.large.score_shard import Material
from pipeline.services.large.spread import Doing
from pipeline.services.models import models
from pipeline.services.pages.list_day import ListData, day_of_list
from pipeline.services.session import Permission, Session, needs
from pipeline.shards.layout import number_for
from pipeline.shards.store import ShardedRows

FORMAT = 5  # of kept lists: one that was kept in another is made again
MOST_AT_ONCE = 200_000  # rows of a data set whose list a page makes while it is waited for
_CUT = 0.1  # share of the work


@dataclass(frozen=True)
class Asked:
    """Which list: of what data, by which model, as known on which day, and whether that day is past."""

    dataset_id: str
    model_id: str
    day: dt.date
    looks_back: bool


def is_by_job(info: DatasetInfo, sources: Sequence[DatasetInfo]) -> bool:
    """Whether a list is made by a job: its rows are many, or with their history more than is read at once."""
    return info.rows > MOST_AT_ONCE or info.rows + sum(one.rows for one in sources) > coded.MOST_WHOLE


def held(sources: Sequence[DatasetInfo], looks_back: bool) -> dict[str, Any]:
    """What a kept list says of what it was made of: one that says otherwise is made again."""
    return {"history": [source.id for source in sources], "format": FORMAT, "looks_back": looks_back}


def holds(meta: Mapping[str, Any] | None, sources: Sequence[DatasetInfo], told: ListDay) -> bool:
    """Whether a kept list, of which this is said, is the one that would be made now."""
    wanted = held(sources, told.looks_back)
    return meta is not None and {key: meta.get(key) for key in wanted} == wanted


@needs(Permission.READ_LISTS)
def whole(
    session: Session,
    asked: Asked,
    data: tuple[pd.DataFrame, pd.DataFrame | None],
    product: Product,
    model: TrainedModel,
) -> tuple[pd.DataFrame, dict[str, Any]]:
    """The list of rows and their history, and all that is said of it as a whole."""
    rows, history = data
    day, looks_back = asked.day, asked.looks_back
    standing = call_list.as_it_stood(rows, product, day) if looks_back else rows
    scored = scoring.score(standing, product, model, history=history, as_of=day)
    frame = call_list.call_list(scored, rows, product)
    past = [rows] if history is None else [rows, history]
    found = expected.cancelling(past, product, day)
    frame = expected.with_chances(frame, found, product, day, standing=not looks_back)
    frame = expected.with_late_chances(frame, past, product, day, standing=not looks_back)
    part = call_list.parts(frame, product, day, looks_back=looks_back)
    facts = {
        "summary": scored.summary,
        "cancelling": found,
        "level": level(session, asked.model_id, model, product),
        "counts": call_list.counts(part, datasets.report(session, asked.dataset_id).rows_left_out),
        **of_listed(frame.loc[part == "listed"], product, day),
    }
    return frame, {key: to_plain(value) for key, value in facts.items()}


def of_listed(listed: pd.DataFrame, product: Product, day: dt.date) -> dict[str, Any]:
    """What is said of the lines of a list, by the names of `Agenda`."""
    promised, came = evaluation.of_list(listed)
    return {
        "days": call_list.days_of(listed),
        "units": call_list.units_of(listed),
        "opening": first_day.opening_day(listed, product, day),
        "promised": promised,
        "came": came,
    }


@needs(Permission.READ_LISTS)
def level(session: Session, model_id: str, model: TrainedModel, product: Product) -> Level:
    """How far the model's level may be off: from its test, and from the weeks of the file it learnt from, while that is
    there. Columns are read, no more.
    """
    space = session.workspace
    learnt_from = space.model(model_id).dataset_id
    if not learnt_from or not space.past_risks_id(model_id, learnt_from):
        return expected.level(model.card.test)
    number, risk = (space.past_risks_column(model_id, learnt_from, name).to_numpy() for name in ("row", "risk"))
    past = OutOfFoldPredictions(number, risk, risk, pd.DataFrame(index=pd.RangeIndex(len(number))))
    rows = space.rows(learnt_from, columns=["row", "outcome", product.time.key])
    return expected.level(model.card.test, *expected.past_levels(rows, past, product))


@dataclass(frozen=True)
class _Cut:
    """What a list is made of, in shards: rows, their history if there is one, and what tells the day."""

    rows: ShardedRows
    past: ShardedRows | None
    dated: ListData


@needs(Permission.READ_LISTS)
def by_shards(
    session: Session,
    dataset_id: str,
    model_id: str,
    as_of: dt.date | None,
    tell: Callable[[Progress], None],
    cancelled: Callable[[], bool],
    number: int | None = None,
) -> Asked:
    """Makes a list as known on `as_of` (None: the default day) and keeps it; gives which. `number`: of shards, where
    that is not left to the number of rows. Cancelled.
    """
    space = session.workspace
    info = space.dataset(dataset_id)
    declared, sources = catalog.product(info.product), series.others(session, dataset_id)
    with (
        scratch.folder(space.staging) as own,
        opened(workers=1) as executor,  # a folder of the workspace is for no scheduler's workers
        spread.doing(executor, info.rows, tell, cancelled) as doing,
    ):
        kept = Kept(own, own)
        cut = _cut(
            session,
            (info, *sources),
            declared,
            number or number_for(info.rows, sum(one.rows for one in sources)),
            (own, doing),
        )
        told = day_of_list(cut.dated, model_id, as_of)
        asked = Asked(dataset_id, model_id, told.day, told.looks_back)
        to_list = _to_list(session, asked, cut, declared, kept)

        def fill(folder: Path) -> dict[str, Any]:
            found = listing.made(to_list, kept, doing, folder)
            facts = _facts(session, asked, found, to_list.model, declared)
            return held(sources, told.looks_back) | facts

        space.save_scored_lines(dataset_id, model_id, told.day, fill)
    event_columns.prepare(session, dataset_id)
    return asked


def _cut(
    session: Session, infos: Sequence[DatasetInfo], declared: Product, number: int, work: tuple[Path, Doing]
) -> _Cut:
    """Rows and history in shards. Cancelled between files."""
    folder, doing = work
    files: list[KeptRows] = []
    for at, info in enumerate(infos):
        doing.check()
        doing.tell(Progress(_CUT * at / len(infos), note("large.cutting", count=number), doing.rows))
        files.append(KeptRows.of(session.workspace, info.id, declared, number, folder / f"file-{at}"))
    rows = kept_rows.in_shards(files[:1], declared, number, folder / "rows")
    past = kept_rows.in_shards(files[1:], declared, number, folder / "past") if len(files) > 1 else None
    for at in range(len(infos)):
        shutil.rmtree(folder / f"file-{at}")
    dated = ListData(session, infos[0].id, infos[1:], declared)
    dated.known(kept_rows.days_told(rows, declared), None if past is None else kept_rows.days_told(past, declared))
    return _Cut(rows, past, dated)


def _to_list(session: Session, asked: Asked, cut: _Cut, declared: Product, kept: Kept) -> listing.ToList:
    field = declared.by_role(Role.PATIENT)
    serves = cut.past is not None and (
        field is None
        or any(cut.past.read(shard, [field.key])[field.key].notna().any() for shard in range(cut.past.number))
    )
    material = Material(
        cut.rows,
        cut.past if serves else None,
        declared.key,
        session.workspace.bundle_path(asked.model_id),
        session.workspace.model(asked.model_id).sha256,
        session.today(),
        stood=asked.day if asked.looks_back else None,
    )
    model = models.load(session, asked.model_id)
    return listing.ToList(declared, model, material, cut.past, asked.day, asked.looks_back)


def _facts(
    session: Session, asked: Asked, found: listing.MadeList, model: TrainedModel, declared: Product
) -> dict[str, Any]:
    left_out = datasets.report(session, asked.dataset_id).rows_left_out
    facts = {
        "summary": found.summary,
        "cancelling": found.cancelling,
        "level": level(session, asked.model_id, model, declared),
        "counts": found.counts_with(left_out),
        "days": found.days,
        "units": found.units,
        "opening": found.opening,
        "promised": found.promised,
        "came": found.came,
    }
    return {key: to_plain(value) for key, value in facts.items()}
