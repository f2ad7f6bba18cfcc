"""A file of the watched folder becomes what an upload by hand would have made of it: a data set of its series, a list.

Whatever a page would have to ask is not guessed: the file is refused, with what to do. Each step may be done twice: the
same file in the same series is the same data set, and the list of a file is made once a day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.contract import Product
from pipeline.errors import PresencaError, WorkspaceError
from pipeline.folding import fold
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.insight.calls.call_list import ListFilters
from pipeline.presentation import html
from pipeline.records import DatasetInfo, Recipe, StepKind
from pipeline.records.folder import FolderFile, FolderSettings, FolderState
from pipeline.scrubbing.labels import safe_file_name
from pipeline.services import catalog
from pipeline.services.data import datasets, folder_log, loading, other_product, series
from pipeline.services.data.datasets import Preview
from pipeline.services.data.placing import Into
from pipeline.services.data.reading import read
from pipeline.services.folder import places
from pipeline.services.folder.places import Whole
from pipeline.services.models import fit, models
from pipeline.services.pages import agenda, call_files, call_queue, gains, list_job
from pipeline.services.pages.agenda import Agenda
from pipeline.services.session import Permission, Session, needs


@dataclass(frozen=True)
class Judged:
    """What became of a file and, where it was refused, its report (HTML)."""

    file: FolderFile
    report: bytes = b""

    @classmethod
    def refused(cls, file: FolderFile, report: bytes = b"") -> Judged:
        """One that is set aside: with the report of its check, or, where it came to none, the page of why."""
        return cls(file, report or html.refused_html(file).encode())


class _Unusable(PresencaError):
    """A file that was read and checked and serves for nothing."""

    def __init__(self, report: bytes) -> None:
        super().__init__("folder.unusable")
        self.report = report


@needs(Permission.CHANGE_DATA)
def take(session: Session, whole: Whole, wanted: FolderSettings) -> Judged:
    """Keeps a file, makes its list, writes what is asked for to the out folder. WorkspaceError or OSError where that
    can't be done now: it is to be tried again.
    """
    told = FolderFile(
        safe_file_name(whole.name), whole.sha256, session.now().isoformat(timespec="seconds"), FolderState.REFUSED
    )
    try:
        raw = read(whole.content, whole.name)
        declared = _product(raw, wanted)
        told = replace(told, product=declared.key)
        info = _kept(session, declared, raw)
    except WorkspaceError:
        raise
    except PresencaError as error:
        session.audit("folder_file_refused", why=error.note.code.replace(".", "_"))
        return Judged.refused(replace(told, note=error.note), error.report if isinstance(error, _Unusable) else b"")
    told = replace(told, state=FolderState.TAKEN, series=info.series, dataset_id=info.id, rows=info.rows)
    told = _served(session, declared, info, told, whole, wanted)
    session.audit("folder_file_taken", dataset=info.id, rows=info.rows, product=declared.key)
    return Judged(told)


def _product(raw: RawTable, wanted: FolderSettings) -> Product:
    if wanted.product:
        return catalog.product(wanted.product)
    found = other_product.surest(raw)
    if found is None:
        raise PresencaError("folder.which_product")
    return found


def _kept(session: Session, declared: Product, raw: RawTable) -> DatasetInfo:
    """The file as a data set. PresencaError where something must be asked, or it can't be used."""
    seen = datasets.preview_read(session, declared.key, raw)
    if seen.other is not None:
        raise PresencaError("folder.other_product", what=other_product.looks_like(catalog.product(seen.other)))
    recipe, into = _recipe(seen), _into(session, declared, seen)
    if seen.nps and not any(step.kind is StepKind.STARS for step in recipe.steps):
        raise PresencaError("folder.asks_scale", field=declared.target.label)
    dataset = loading.ingest(declared, raw, recipe=recipe)
    if not dataset.report.usable_for:
        raise _Unusable(html.validation_html(dataset.report, declared).encode())
    return datasets.keep_read(session, dataset, recipe, into)


def _recipe(seen: Preview) -> Recipe:
    """What the page of uploads begins with: the series' own, as it is remembered."""
    known = seen.known.recipe if seen.known is not None else Recipe()
    return Recipe(seen.sheet if len(seen.sheets) > 1 else None, known.columns, known.steps)


def _into(session: Session, declared: Product, seen: Preview) -> Into:
    """The series that the file continues, or the first of all; whose else it may be is never guessed."""
    if seen.like is not None:
        return Into(seen.like.series.id)
    own = [one for one in series.listed(session, declared.key) if not one.is_sample]
    if any(series.members(session, one) for one in own):
        raise PresencaError("folder.which_series", names=tuple(one.name for one in own))
    begun = next((one for one in own if fold(one.name) == fold(seen.name)), None)  # by whoever was killed just then
    return Into(begun.id) if begun is not None else Into(name=seen.name)


def _served(
    session: Session, declared: Product, info: DatasetInfo, told: FolderFile, whole: Whole, wanted: FolderSettings
) -> FolderFile:
    """The list that is made of it, and what is written to the out folder."""
    out, stem = folder_log.out_of(wanted), f"{session.today():%Y-%m-%d} {Path(whole.name).stem}"
    if wanted.reports:
        places.write(out, f"{stem} relatório.html", datasets.report_html(session, info.id))
    if not wanted.lists or not declared.has_agenda:
        return told
    try:
        found = _scored(session, declared, info)
        to_call = _listed(session, declared, found)
        _write_list(session, found, wanted, out, stem)
    except WorkspaceError:
        raise
    except PresencaError as error:  # nobody to call, no model yet, a list that takes a job: the file is kept
        return replace(told, note=error.note)
    return replace(told, to_call=to_call)


def _scored(session: Session, declared: Product, info: DatasetInfo) -> Agenda:
    if info.id not in {one.id for one in agenda.candidates(session, declared.key, info.series)}:
        raise PresencaError("folder.no_agenda")
    model = models.suited(session, declared.key, info)
    if model is None or model.series != info.series:
        raise PresencaError("folder.no_model")
    if not fit.judge(session, info.id, model.id).knows:  # a page would warn, and here nobody looks
        raise PresencaError("folder.stranger_model")
    found = list_job.made_or_begun(session, info.id, model.id)
    if found.looks_back:
        raise PresencaError("folder.no_agenda")
    return found


def _listed(session: Session, declared: Product, found: Agenda) -> int | None:
    """Patients to call in the list of today that this file has; made where there is none yet."""
    if declared.contacts is None:
        return None
    there = call_queue.latest(session, session.workspace.dataset(found.dataset_id).series)
    is_of_it = there is not None and there.dataset_id == found.dataset_id
    if there is not None and is_of_it and there.made_at.astimezone(session.now().tzinfo).date() == session.today():
        entries = session.workspace.call_list_entries(there.id)
        return len({one.patient for one in entries if one.arm != "control"})
    return call_queue.make_list(session, found, gain=gains.of(session, found)).to_call


def _write_list(session: Session, found: Agenda, wanted: FolderSettings, out: Path, stem: str) -> None:
    everybody = ListFilters()
    places.write(out, f"{stem} lista.csv", call_files.csv(session, found, everybody, identified=wanted.identified))
    places.write(out, f"{stem} lista.xlsx", call_files.xlsx(session, found, everybody, identified=wanted.identified))
