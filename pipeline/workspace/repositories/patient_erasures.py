"""Erasing one patient: from rows, sheets, risks, vectors, records, their copies and the database's own leftovers.

What is to be erased is written down first, sealed; each step may be done again. So a process that is killed leaves an
erasure that the next start ends. What is erased stays counted: rows by their number, everything else by how many.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa
from typing_extensions import override

from pipeline.privacy import open_sealed, seal
from pipeline.records import from_plain, to_plain
from pipeline.records.privacy import Erasure, ErasureFacts, PatientTarget
from pipeline.workspace.base import READY
from pipeline.workspace.engine import contact_tables as calls
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.privacy_tables import ERASED_ROWS, ERASURES, RISK_REVIEWS
from pipeline.workspace.engine.schema import (
    DATASETS,
    FOLLOW_UPS,
    MODELS,
    OFFERS,
    RECIPES,
    RISKS,
    SERIES,
    WAITING_ENTRIES,
    WAITING_LISTS,
)
from pipeline.workspace.repositories import datasets as files
from pipeline.workspace.repositories import outbox
from pipeline.workspace.repositories.call_lists import CallLists
from pipeline.workspace.repositories.dataset_rows import canonical, revision_name, set_values
from pipeline.workspace.repositories.erased_texts import (
    Lost,
    only_theirs,
    recipe_without,
    retold,
    rows_without,
    steps_without,
)
from pipeline.workspace.repositories.offers import Offers
from pipeline.workspace.repositories.risks import PAIRS, Risks
from pipeline.workspace.repositories.senses import KeptVectors, Senses, text_key
from pipeline.workspace.repositories.shelf_erasures import ShelfErasures
from pipeline.workspace.storage import atomic_files, frames, vault
from pipeline.workspace.storage.copied import KINDS
from pipeline.workspace.storage.ids import new_id

_BY_PATIENT = (calls.CONTACTS, calls.CALL_LEASES, OFFERS, RISK_REVIEWS)
_BY_EVENT = (calls.CONTACTS, calls.RISK_OVERRIDES, RISK_REVIEWS, FOLLOW_UPS)


class PatientErasures(ShelfErasures, Senses, Offers, Risks, CallLists):
    """The part of the workspace that erases one patient."""

    def begin_erasure(self, target: PatientTarget, actor: str) -> str:
        """Writes down what is to be erased; gives the id that `end_erasure` takes. WorkspaceError while a training
        runs on one of the data sets.
        """
        erasure = new_id()
        plain = json.dumps(to_plain(target)).encode()
        with self.database.write() as connection:
            for part in target.datasets:
                self._refuse_running(connection, part.of, "dataset.training_before_fixing")
            facts = json.dumps(to_plain(self._facts(connection, target)))
            values = {"id": erasure, "at": now(), "actor": actor, "facts": facts}
            connection.execute(ERASURES.insert().values(**values, target=seal(plain, self.key, erasure)))
        return erasure

    def end_erasure(self, erasure: str) -> Erasure:
        """Erases what was written down; what is erased already stays so. WorkspaceError where the disk refuses."""
        query = sa.select(ERASURES).where(ERASURES.c.id == erasure)
        with self.database.read() as connection:
            row = connection.execute(query).one()
        if row.target is not None:
            target = from_plain(PatientTarget, json.loads(open_sealed(row.target, self.key, erasure)))
            self._erase(target, row.at)
            with atomic_files.explained("doing.erase_patient"):
                self.blobs.end_removals()
                self.blobs.erase_unknown()
            facts = json.loads(row.facts) | {"backups": self._erase_backups(target)}
            with self.database.write() as connection:
                values = {"target": None, "facts": json.dumps(facts)}
                connection.execute(ERASURES.update().where(ERASURES.c.id == erasure).values(**values))
            self.keep_records()
            self.database.settle()
        return next(one for one in self.erasures() if one.id == erasure)

    def erasures(self, *, open_only: bool = False) -> tuple[Erasure, ...]:
        """The erasures that patients asked for, oldest first; `open_only`: those that are still to be ended."""
        query = sa.select(ERASURES).order_by(statements.ARRIVAL)
        query = query.where(ERASURES.c.target.is_not(None)) if open_only else query
        with self.database.read() as connection:
            return tuple(
                Erasure(row.id, row.at, row.actor, row.target is None, from_plain(ErasureFacts, json.loads(row.facts)))
                for row in connection.execute(query)
            )

    def erased_rows(self, dataset_id: str) -> tuple[tuple[str, int], ...]:
        """(When, how many) rows of a data set were erased because their patient asked, oldest first."""
        count = sa.select(ERASED_ROWS.c.at, sa.func.count()).where(ERASED_ROWS.c.dataset_id == dataset_id)
        with self.database.read() as connection:
            found = connection.execute(count.group_by(ERASED_ROWS.c.at).order_by(ERASED_ROWS.c.at))
            return tuple((str(at), int(rows)) for at, rows in found)

    def _facts(self, connection: sa.Connection, target: PatientTarget) -> ErasureFacts:
        taken = _counted(connection, target)
        ids = [part.of for part in target.datasets]
        learnt = connection.execute(sa.select(MODELS.c.id).where(MODELS.c.dataset_id.in_(ids))).scalars().all()
        rows = tuple((part.of, len(part.rows)) for part in target.datasets)
        return ErasureFacts(rows, taken, tuple(learnt))

    def records_of(self, target: PatientTarget) -> tuple[tuple[str, int], ...]:
        """(Table, how many) of what the records hold of a patient; tables that hold nothing are left out."""
        with self.database.read() as connection:
            return _counted(connection, target)

    def _erase(self, target: PatientTarget, at: str) -> None:
        for part in (*target.datasets, *target.shelved):  # what lay aside may have been taken back meanwhile
            if self._there(part.of):
                self._erase_rows(part.of, frozenset(part.rows), at)
        for part in target.waiting:
            self._erase_waiting(part.of, frozenset(part.rows))
        self._erase_aside(target, at)
        known = self._series_ids()
        with self.database.write() as connection:
            for table, where in _records_of(target):
                connection.execute(table.delete().where(where))
            outbox.forget_keys(connection)
            for series, keys in target.events:
                if series not in known:  # there are copies alone, which lost the patient just now
                    continue
                _unname_slots(connection, series, keys)
                for kind in KINDS:
                    self.copy(connection, kind, series)

    @override
    def _series_ids(self) -> frozenset[str]:
        with self.database.read() as connection:
            return frozenset(connection.execute(sa.select(SERIES.c.id)).scalars())

    def _there(self, dataset_id: str) -> bool:
        query = sa.select(DATASETS.c.id).where(DATASETS.c.id == dataset_id, DATASETS.c.state == READY)
        with self.database.read() as connection:
            return connection.execute(query).first() is not None

    # ------------------------------------------------------------ one data set

    def _erase_rows(self, dataset_id: str, rows: frozenset[int], at: str) -> None:
        """A new revision without the rows takes the place of the old in one step; sheet, risks and vectors follow."""
        above, old = self.dataset_folder(dataset_id), self._revision(dataset_id)
        held = {name: self._frame(dataset_id, name, None) for name in (files.ROWS, files.LEFT_OUT)}
        lost = Lost(rows, only_theirs(held[files.ROWS], self._opened(dataset_id), rows), at)
        if any(frame["row"].isin(rows).any() for frame in held.values() if "row" in frame):
            self._revise_without(dataset_id, held, lost, old)
        self._mark_erased(dataset_id, rows, at)
        with atomic_files.explained("doing.erase_patient"):
            self._drop_work(dataset_id)
            self._sheet_without(dataset_id, lost)
            self._clear_revisions(above, self._revision(dataset_id))
        self._remembered_without(dataset_id, lost)
        self._risks_without(dataset_id, lost)
        self._sense_without(dataset_id)

    def _revise_without(self, dataset_id: str, held: Mapping[str, pd.DataFrame], lost: Lost, old: int) -> None:
        above, new, before = self.dataset_folder(dataset_id), old + 1, self._contents(dataset_id)
        stay = {name: lost.without(frame) for name, frame in held.items()}
        faults, report = lost.without(self.faults(dataset_id)), json.loads(self.report(dataset_id))
        with atomic_files.explained("doing.erase_patient"):
            self.blobs.remove(above / revision_name(new))  # of a process that was killed
            with self.blobs.new_folder(above / revision_name(new)) as draft:
                for name, frame in (*stay.items(), (files.FAULTS, faults)):
                    frames.write_frame(frame, draft, name)
                atomic_files.write_new(draft / files.REPORT, retold(report, lost).encode())
                if (before / files.RECIPE).exists():
                    recipe = recipe_without(json.loads(self.recipe(dataset_id) or "{}"), lost)
                    atomic_files.write_new(draft / files.RECIPE, seal(recipe.encode(), self.key, dataset_id))
        with self.database.write() as connection:
            self._refuse_running(connection, dataset_id, "dataset.training_before_fixing")
            set_values(connection, dataset_id, revision=new, rows=len(stay[files.ROWS]))

    def _mark_erased(self, dataset_id: str, rows: Collection[int], at: str) -> None:
        with self.database.write() as connection:
            for row in sorted(rows):
                values = {"dataset_id": dataset_id, "row": row, "at": at}
                statements.add_if_new(connection, ERASED_ROWS, values)

    def _sheet_without(self, dataset_id: str, lost: Lost) -> None:
        sheet = self._opened(dataset_id)
        if sheet is None:
            return
        table, numbers = rows_without(*sheet, lost.rows)
        if len(numbers) < len(sheet[1]):
            sealed = vault.pack(table, numbers, self.key, dataset_id)
            self.blobs.put(sealed, self.dataset_folder(dataset_id) / files.VAULT)

    def _remembered_without(self, dataset_id: str, lost: Lost) -> None:
        """Remembered repairs of what only these rows said go."""
        with self.database.write() as connection:
            for row in connection.execute(sa.select(RECIPES).where(RECIPES.c.dataset_id == dataset_id)).all():
                plain = json.dumps(steps_without(json.loads(row.recipe), lost), ensure_ascii=False, sort_keys=True)
                connection.execute(RECIPES.update().where(RECIPES.c.id == row.id).values(recipe=plain))
            here = sa.select(DATASETS.c.mapping).where(DATASETS.c.id == dataset_id)
            mapping = json.loads(connection.execute(here).scalar_one_or_none() or "{}")  # gone meanwhile: nothing
            if "recipe" in mapping:
                mapping["recipe"] = steps_without(mapping["recipe"], lost)
                plain = canonical(json.dumps(mapping, ensure_ascii=False))
                set_values(connection, dataset_id, mapping=plain)

    def _clear_revisions(self, above: Path, present: int) -> None:
        """Removes every revision but the present one: a process that was killed may have left the one before."""
        for entry in sorted(above.glob("revision-*")):
            if entry.name != revision_name(present):
                self.blobs.remove(entry)
        for name in self._of_revision(above, 0) if present else ():
            self.blobs.remove(above / name)

    def _risks_without(self, dataset_id: str, lost: Lost) -> None:
        with self.database.read() as connection:
            kept = connection.execute(sa.select(RISKS).where(RISKS.c.dataset_id == dataset_id)).all()
        for one in kept:
            mapped = self._lines(one)
            if mapped is not None:  # such a list is made again by whoever asks for it
                if len(mapped.of_rows(tuple(lost.rows))):
                    self._forget_risks(one.id)
                continue
            frame = self._risks(one.kind, dataset_id, one.model_id, one.as_of)
            if frame is not None and "row" in frame[0] and frame[0]["row"].isin(lost.rows).any():
                meta = lost.says_none(frame[1], quotes=False)
                self._save_risks(one.kind, dataset_id, one.model_id, one.as_of, lost.without(frame[0]), meta)
        known = {one.id for one in self._risk_records(dataset_id)}
        with atomic_files.explained("doing.erase_patient"):
            for folder in self.dataset_folder(dataset_id).iterdir():
                if folder.is_dir() and not folder.name.startswith("revision-") and folder.name not in known:
                    self.blobs.remove(folder)

    def every_risk(self, dataset_id: str, rows: Collection[int]) -> Iterator[tuple[str, str, pd.DataFrame]]:
        """(Model, as of, risks of these rows) of all lists and past risks that are kept of a data set."""
        with self.database.read() as connection:
            kept = connection.execute(sa.select(RISKS).where(RISKS.c.dataset_id == dataset_id)).all()
        for one in kept:
            mapped = self._lines(one)
            if mapped is not None:
                yield one.model_id, one.as_of, mapped.some(mapped.of_rows(tuple(rows)))
                continue
            frame = self._risks(one.kind, dataset_id, one.model_id, one.as_of)
            if frame is not None and one.kind != PAIRS and "row" in frame[0]:
                yield one.model_id, one.as_of, frame[0].loc[frame[0]["row"].isin(rows)]

    def _risk_records(self, dataset_id: str) -> Any:
        with self.database.read() as connection:
            return connection.execute(sa.select(RISKS.c.id).where(RISKS.c.dataset_id == dataset_id)).all()

    def _sense_without(self, dataset_id: str) -> None:
        """Vectors of texts that no row says any more go."""
        kept = self.sense(dataset_id)
        if kept is None:
            return
        said: set[str] = set()
        for name in (files.ROWS, files.LEFT_OUT):
            frame = self._frame(dataset_id, name, None)
            for column in frame.select_dtypes(["str", "category"]):
                said |= {text_key(str(text)) for text in frame[column].dropna().unique()}
        stay = np.array([key in said for key in kept.keys], dtype=bool)
        if not stay.all():
            keys = tuple(key for key, stays in zip(kept.keys, stay, strict=True) if stays)
            self.save_sense(dataset_id, KeptVectors(kept.encoder, keys, kept.vectors[stay]))

    # ------------------------------------------------------------ waiting lists and copies of the database

    def _erase_waiting(self, series: str, rows: frozenset[int]) -> None:
        row = self._list(series)
        sheet = self.waiting_sheet(series)
        if row is None or sheet is None:
            return
        table, numbers = rows_without(*sheet, rows)
        with self.database.write() as connection:
            packed = vault.pack(table, numbers, self.key, row.id)
            connection.execute(WAITING_LISTS.update().where(WAITING_LISTS.c.id == row.id).values(raw=packed))

    def _erase_backups(self, target: PatientTarget) -> int:
        """Removes copies of the database, from before a migration, that hold the patient."""
        told = [name.encode() for name in target.pseudonyms]
        told += [key.encode() for _, keys in target.events for key in keys]
        gone = 0
        with atomic_files.explained("doing.erase_patient"):
            for copy in sorted((self.home / "backups").glob("*.sqlite")):
                content = copy.read_bytes()
                if any(one in content for one in told):
                    atomic_files.remove(copy)
                    gone += 1
        return gone


def _counted(connection: sa.Connection, target: PatientTarget) -> tuple[tuple[str, int], ...]:
    counts = [
        (str(table.name), connection.execute(sa.select(sa.func.count()).select_from(table).where(where)).scalar_one())
        for table, where in _records_of(target)
    ]
    return tuple((name, count) for name, count in counts if count)


def _records_of(target: PatientTarget) -> list[tuple[sa.Table, Any]]:
    """The tables with what is to go from each: by the patient's pseudonym, and by the events of each series."""
    found: defaultdict[sa.Table, list[Any]] = defaultdict(list)
    for table in (*_BY_PATIENT, calls.CALL_LIST_ENTRIES, WAITING_ENTRIES):
        found[table].append(table.c.patient.in_(target.pseudonyms))
    found[calls.NEVER_CALL].append(calls.NEVER_CALL.c.value.in_(target.pseudonyms))
    for series, keys in target.events:
        for table in _BY_EVENT:
            found[table].append(sa.and_(table.c.series_id == series, table.c.event_key.in_(keys)))
        lists, entry = sa.select(calls.CALL_LISTS.c.id).where(calls.CALL_LISTS.c.series_id == series), _ENTRY
        found[calls.CALL_LIST_ENTRIES].append(sa.and_(entry.list_id.in_(lists), entry.event_key.in_(keys)))
    return [(table, sa.or_(*conditions)) for table, conditions in found.items()]


_ENTRY = calls.CALL_LIST_ENTRIES.c


def _unname_slots(connection: sa.Connection, series: str, keys: Collection[str]) -> None:
    """A slot that the patient emptied stays as it was offered to others, under a name that says nothing."""
    for key in keys:
        here = OFFERS.c.series_id == series, OFFERS.c.slot_key == key
        told = connection.execute(sa.select(OFFERS.c.id, OFFERS.c.offer).where(*here)).all()
        name = secrets.token_hex(8)
        for row in told:
            values = {"slot_key": name, "offer": row.offer.replace(json.dumps(key), json.dumps(name))}
            connection.execute(OFFERS.update().where(OFFERS.c.id == row.id).values(**values))
