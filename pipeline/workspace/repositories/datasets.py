"""Data sets: typed rows as Parquet under pseudonyms, the raw table in a sealed vault, the report as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pipeline.errors import WorkspaceError
from pipeline.privacy import open_sealed, seal
from pipeline.records import DatasetInfo
from pipeline.workspace.base import READY
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.privacy_tables import ERASED_ROWS
from pipeline.workspace.engine.schema import DATASETS, JOBS, RISKS
from pipeline.workspace.repositories.contacts import Contacts
from pipeline.workspace.repositories.dataset_rows import Facts, canonical, info_of, revision_name, set_values
from pipeline.workspace.repositories.follow_ups import FollowUps
from pipeline.workspace.secrets.identities import without_identities, without_previews
from pipeline.workspace.storage import atomic_files, columns, frames, narrow, sidecars, vault
from pipeline.workspace.storage.ids import checked, new_id

FRAMES = ROWS, LEFT_OUT, FAULTS = "rows", "left_out", "faults"
REPORT, VAULT, RECIPE = "report.json", "raw.sealed", "recipe.sealed"
SENSE = "sense.sealed"  # vectors of comments (see `senses`): of all revisions, since a text's stays what it is
_NO_FAULTS = pd.DataFrame(
    {"row": pd.Series([], dtype="int64"), "rule": pd.Categorical([]), "field": pd.Categorical([])}
)


@dataclass(frozen=True)
class Source:
    """A file as it was sent: its name, its hash, its cells, and where it goes."""

    product: str
    name: str
    sha256: str
    raw: pa.Table
    row_numbers: Sequence[int] | np.ndarray | None  # the spreadsheet row of each line; None: one after the other
    series: str = ""
    is_sample: bool = False


@dataclass(frozen=True)
class Contents:
    """What is kept of a file once it was read: its rows, what was left out or accused, and how it was read."""

    rows: pd.DataFrame
    left_out: pd.DataFrame
    report_json: str
    personal_fields: tuple[str, ...]
    faults: pd.DataFrame | None = None
    recipe_json: str = ""  # whole, with repairs of single cells: sealed like the raw table
    # what is made of the rows once no identity stands in them: their events' ids must not tell of it either
    finish: Callable[[pd.DataFrame], pd.DataFrame] | None = None


class Datasets(Contacts, FollowUps):
    """The part of the workspace that keeps data sets."""

    def add_dataset(self, source: Source, contents: Contents, facts: Facts, today: dt.date) -> DatasetInfo:
        """Keeps a data set; its rows get pseudonyms in the columns that name people, the raw cells go to the vault
        alone.

        The same file read with the same mapping is kept once in a series: the data set that is there is given back, and
        its vault is filled again if it had been erased.
        """
        until = vault.kept_until(facts.last_date, today)
        existing = self._same(source.product, source.series, source.sha256, canonical(facts.mapping_json))
        if existing is not None:
            return self._refill(existing, source, until)
        dataset_id = new_id()
        with (
            atomic_files.explained("doing.save_dataset"),
            self.blobs.new_folder(self.dataset_place(dataset_id)) as draft,
        ):
            self._fill(draft, contents, dataset_id)
            atomic_files.write_new(draft / VAULT, vault.pack(source.raw, source.row_numbers, self.key, dataset_id))
        made = self._register(
            {
                "id": dataset_id,
                "product": source.product,
                "name": source.name,
                "created": now(),
                "rows": len(contents.rows),
                "is_sample": source.is_sample,
                "vault_until": until.isoformat(),
                "sha256": source.sha256,
                "state": READY,
                "series_id": source.series,
                **facts.columns(),
            }
        )
        self.keep_records()
        return made

    def _fill(self, draft: Path, contents: Contents, dataset_id: str) -> None:
        """Everything but the raw table, into a new folder."""
        personal = contents.personal_fields
        hidden = without_identities(contents.rows, personal, self.key)
        frames.write_frame(contents.finish(hidden) if contents.finish else hidden, draft, ROWS)
        frames.write_frame(without_identities(contents.left_out, personal, self.key), draft, LEFT_OUT)
        frames.write_frame(_NO_FAULTS if contents.faults is None else contents.faults, draft, FAULTS)
        atomic_files.write_new(draft / REPORT, without_previews(contents.report_json, personal).encode())
        atomic_files.write_new(draft / RECIPE, seal(contents.recipe_json.encode(), self.key, dataset_id))

    def revise_dataset(
        self, dataset_id: str, contents: Contents, facts: Facts, also: Mapping[str, Any] = MappingProxyType({})
    ) -> DatasetInfo:
        """Puts what was read again in place of what was there, in one step; lists made of the old rows go. `also`:
        columns of its record that change with it.

        WorkspaceError while a training runs on it, or where the same file is already kept in just this way.
        """
        info = self.dataset(dataset_id)
        old = self._revision(info.id)
        above, new = self.dataset_folder(info.id), old + 1
        with atomic_files.explained("doing.save_fixes"):
            self.blobs.remove(above / revision_name(new))  # of a process that was killed
            with self.blobs.new_folder(above / revision_name(new)) as draft:
                self._fill(draft, contents, info.id)
        try:
            values = {"revision": new, "rows": len(contents.rows), **facts.columns(), **also}
            gone = self._revised(info.id, old, values)
        except BaseException:
            self.blobs.remove(above / revision_name(new))
            raise
        with atomic_files.explained("doing.save_fixes"):
            self._drop_work(info.id)
            for name in (*gone, *self._of_revision(above, old)):
                self.blobs.remove(above / name)
        self.keep_records()
        return self.dataset(info.id)

    def _revised(self, dataset_id: str, old: int, values: dict[str, Any]) -> list[str]:
        """Writes the record; gives the ids of the risks that are no longer true."""
        try:
            with self.database.write() as connection:
                self._refuse_running(connection, dataset_id, "dataset.training_before_fixing")
                here = DATASETS.c.id == dataset_id, DATASETS.c.revision == old
                if not connection.execute(DATASETS.update().where(*here).values(**values)).rowcount:
                    raise WorkspaceError("dataset.fixed_elsewhere")
                gone = connection.execute(sa.select(RISKS.c.id).where(RISKS.c.dataset_id == dataset_id)).scalars().all()
                connection.execute(RISKS.delete().where(RISKS.c.dataset_id == dataset_id))
                return list(gone)
        except IntegrityError:
            raise WorkspaceError("dataset.already_kept") from None

    @staticmethod
    def _of_revision(above: Path, revision: int) -> list[str]:
        """The entries of a data set's folder that belong to a revision; the first one's lie beside the vault."""
        if revision:
            return [revision_name(revision)]
        stay = (VAULT, SENSE, sidecars.RECORD)
        own = (entry for entry in above.iterdir() if entry.is_file() or entry.name in columns.FOLDERS)
        return [entry.name for entry in own if entry.name not in stay]

    def _revision(self, dataset_id: str) -> int:
        query = sa.select(DATASETS.c.revision).where(DATASETS.c.id == dataset_id)
        with self.database.read() as connection:
            found = connection.execute(query).scalar()
        if found is None:  # deleted since it was looked up
            raise WorkspaceError("dataset.gone")
        return int(found)

    def _contents(self, dataset_id: str, *names: str) -> Path:
        """The folder of the present revision, in which these of its files are fetched; the others need not be there."""
        folder = self._contents_place(self.dataset(dataset_id).id)
        self.blobs.fetch([folder / name for name in names])
        return folder

    def _framed(self, dataset_id: str, name: str) -> Path:
        """`_contents`, with the files of a frame."""
        return self._contents(dataset_id, *frames.files_of(name))

    def _contents_place(self, dataset_id: str) -> Path:
        """Where it lies, there or not."""
        above, revision = self.dataset_place(dataset_id), self._revision(dataset_id)
        return above / revision_name(revision) if revision else above

    def revision(self, dataset_id: str) -> int:
        """How often the data set was read again: names of downloads and keys of widgets change with it."""
        return self._revision(self.dataset(dataset_id).id)

    def faults(self, dataset_id: str) -> pd.DataFrame:
        """Accused cells: `row`, `rule`, `field`; empty for data sets kept by an earlier version."""
        if not (self._framed(dataset_id, FAULTS) / f"{FAULTS}.parquet").exists():
            return _NO_FAULTS
        return self._frame(dataset_id, FAULTS, None)

    def recipe(self, dataset_id: str) -> str:
        """The whole recipe (JSON) with which the data set was read; "" where there was none."""
        path = self._contents(dataset_id, RECIPE) / RECIPE
        if not path.exists():
            return ""
        with atomic_files.explained("doing.open_fixes"):
            return open_sealed(path.read_bytes(), self.key, dataset_id).decode()

    def _register(self, record: dict[str, Any]) -> DatasetInfo:
        """The record makes the data set exist; without it, the folder is a leftover."""
        try:
            with self.database.write() as connection:
                connection.execute(DATASETS.insert().values(**record))
        except IntegrityError:  # another session sent the same file meanwhile
            existing = self._same(record["product"], record["series_id"], record["sha256"], record["mapping"])
            self._discard(record["id"])
            if existing is None:
                raise WorkspaceError("dataset.not_saved") from None
            return existing
        except BaseException:
            self._discard(record["id"])
            raise
        return self.dataset(record["id"])

    def _discard(self, dataset_id: str) -> None:
        with atomic_files.explained("doing.clear_leftover"):
            self.blobs.discard(self.dataset_place(dataset_id))

    def _same(self, product_key: str, series: str, sha256: str, mapping: str) -> DatasetInfo | None:
        found = self._select(
            DATASETS.c.product == product_key,
            DATASETS.c.series_id == series,
            DATASETS.c.sha256 == sha256,
            DATASETS.c.mapping == mapping,
        )
        return found[0] if found else None

    def _refill(self, known: DatasetInfo, source: Source, until: dt.date) -> DatasetInfo:
        if known.vault_until is None:
            source = self._without_erased(known.id, source)
            with atomic_files.explained("doing.save_dataset"):
                sealed = vault.pack(source.raw, source.row_numbers, self.key, known.id)
                self.blobs.put(sealed, self.dataset_place(known.id) / VAULT)
            with self.database.write() as connection:
                set_values(connection, known.id, vault_until=until.isoformat())
        return self.dataset(known.id)

    def _without_erased(self, dataset_id: str, source: Source) -> Source:
        """A file that is sent again, without the rows whose patient asked to be erased."""
        query = sa.select(ERASED_ROWS.c.row).where(ERASED_ROWS.c.dataset_id == dataset_id)
        with self.database.read() as connection:
            gone = connection.execute(query).scalars().all()
        lines = source.raw.num_rows
        numbers = np.arange(2, lines + 2) if source.row_numbers is None else np.asarray(source.row_numbers)
        stay = ~np.isin(numbers, gone)
        return replace(source, raw=source.raw.filter(pa.array(stay)), row_numbers=numbers[stay])

    def datasets(self, product_key: str | None = None) -> tuple[DatasetInfo, ...]:
        """All data sets, newest first."""
        return self._select(*([DATASETS.c.product == product_key] if product_key else []))

    def dataset(self, dataset_id: str) -> DatasetInfo:
        """WorkspaceError if there is none with this id."""
        found = self._select(DATASETS.c.id == checked(dataset_id))
        if not found:
            raise WorkspaceError("dataset.gone")
        return found[0]

    def _select(self, *conditions: Any) -> tuple[DatasetInfo, ...]:
        query = sa.select(DATASETS).where(DATASETS.c.state == READY, *conditions)
        query = query.order_by(DATASETS.c.created.desc(), statements.ARRIVAL.desc())
        with self.database.read() as connection:
            found = [info_of(row) for row in connection.execute(query)]
        vaults = {d.id: self.dataset_place(d.id) / VAULT for d in found if d.vault_until is not None}
        there = self.blobs.there(vaults.values()) if vaults else set()  # an erasure cut short is one none the less
        gone = {dataset_id for dataset_id, path in vaults.items() if path not in there}
        return tuple(replace(d, vault_until=None) if d.id in gone else d for d in found)

    def rows(
        self, dataset_id: str, columns: Sequence[str] | None = None, *, if_there: Sequence[str] = ()
    ) -> pd.DataFrame:
        """The typed rows, dtypes as they were given; identifiers as pseudonyms.

        `columns`: only these; KeyError for one that is not there. `if_there`: with them those of these that are.
        """
        if columns is not None and if_there:
            there = frames.columns_of(self._framed(dataset_id, ROWS), ROWS)
            columns = [*columns, *(name for name in if_there if name in there)]
        return self._frame(dataset_id, ROWS, columns)

    def coded_column(self, dataset_id: str, column: str) -> narrow.Coded | None:
        """A column of the typed rows that is of categories, as it lies there; None where it is of another kind."""
        return frames.read_coded(self._framed(dataset_id, ROWS), ROWS, column)

    def columns_of_rows(self, dataset_id: str) -> tuple[str, ...]:
        """The names of the columns of the typed rows."""
        return frames.columns_of(self._framed(dataset_id, ROWS), ROWS)

    def distinct(self, dataset_id: str, column: str) -> int | None:
        """How many values a column of the typed rows has; None where it is not there."""
        if column not in self.columns_of_rows(dataset_id):
            return None
        return frames.distinct(self._framed(dataset_id, ROWS), ROWS, column)

    def left_out(self, dataset_id: str) -> pd.DataFrame:
        """The rows left out: spreadsheet row and reason."""
        return self._frame(dataset_id, LEFT_OUT, None)

    def _frame(self, dataset_id: str, name: str, columns: Sequence[str] | None) -> pd.DataFrame:
        return frames.read_frame(self._framed(dataset_id, name), name, columns, most=self.most_bytes)

    def report(self, dataset_id: str) -> str:
        """The validation report (JSON), without previews of columns that name people or were not mapped."""
        try:
            with atomic_files.explained("doing.open_report"):
                plain = (self._contents(dataset_id, REPORT) / REPORT).read_text("utf-8")
            json.loads(plain)
        except ValueError as error:
            raise WorkspaceError("dataset.report_damaged") from error
        return plain

    def mapping(self, dataset_id: str) -> str:
        """The mapping (JSON) that was given when the data set was added."""
        query = sa.select(DATASETS.c.mapping).where(DATASETS.c.id == self.dataset(dataset_id).id)
        with self.database.read() as connection:
            found = connection.execute(query).scalar()
        if found is None:
            raise WorkspaceError("dataset.gone")
        return str(found)

    def raw(self, dataset_id: str) -> pa.Table | None:
        """The raw table, all text, as it was sent; None once it is erased."""
        opened = self._opened(dataset_id)
        return None if opened is None else opened[0]

    def row_numbers(self, dataset_id: str) -> np.ndarray | None:
        """The spreadsheet row (int64) of each line of `raw`; None once it is erased."""
        opened = self._opened(dataset_id)
        return None if opened is None else opened[1]

    def _opened(self, dataset_id: str) -> tuple[pa.Table, np.ndarray] | None:
        info = self.dataset(dataset_id)
        path = self.blobs.fetched(self.dataset_place(info.id) / VAULT)
        if info.vault_until is None or not path.exists():
            return None
        with atomic_files.explained("doing.open_raw"):
            return vault.unpack(path.read_bytes(), self.key, info.id)

    @staticmethod
    def _refuse_running(connection: sa.Connection, dataset_id: str, code: str) -> None:
        running = sa.select(JOBS.c.id).where(JOBS.c.dataset_id == dataset_id, JOBS.c.state.in_(("queued", "running")))
        if connection.execute(running).first():
            raise WorkspaceError(code)
