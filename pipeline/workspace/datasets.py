"""Data sets: typed rows as Parquet under pseudonyms, the raw table in a sealed vault, the report as JSON."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pipeline.errors import WorkspaceError
from pipeline.records import DatasetInfo, ModelInfo
from pipeline.workspace import files, frames, vault
from pipeline.workspace.base import DELETING, READY, Base
from pipeline.workspace.database import now
from pipeline.workspace.identities import without_identities, without_previews
from pipeline.workspace.ids import checked, new_id
from pipeline.workspace.models import model_info
from pipeline.workspace.schema import DATASETS, JOBS, MODELS

_ROWS, _LEFT_OUT, _REPORT, _VAULT = "rows", "left_out", "report.json", "raw.sealed"


class Datasets(Base):
    """The part of the workspace that keeps data sets."""

    def add_dataset(
        self,
        *,
        product_key: str,
        name: str,
        sha256: str,
        rows: pd.DataFrame,
        personal_fields: tuple[str, ...],
        raw: pa.Table,
        row_numbers: Sequence[int] | np.ndarray | None,
        report_json: str,
        left_out: pd.DataFrame,
        is_sample: bool,
        purpose: str,
        first_date: dt.date | None,
        last_date: dt.date | None,
        usable_for: tuple[str, ...],
        today: dt.date,
        mapping_json: str = "{}",
    ) -> DatasetInfo:
        """Keeps a data set; `rows` and `left_out` get pseudonyms in the columns of `personal_fields`.

        The raw cells (`raw`, with the spreadsheet row of each line in `row_numbers`) go to the vault alone. The
        same file read with the same mapping is kept once: the data set that is there is given back, and its
        vault is filled again if it had been erased.
        """
        mapping = _canonical(mapping_json)
        until = vault.kept_until(last_date, today)
        existing = self._same(product_key, sha256, mapping)
        if existing is not None:
            return self._refill(existing, raw, row_numbers, until)
        dataset_id = new_id()
        record = {
            "id": dataset_id, "product": product_key, "name": name, "created": now(), "rows": len(rows),
            "is_sample": is_sample, "purpose": purpose, "first_date": _iso(first_date), "last_date": _iso(last_date),
            "usable_for": json.dumps(list(usable_for)), "vault_until": until.isoformat(), "sha256": sha256,
            "mapping": mapping, "state": READY,
        }  # fmt: skip
        folder = self.dataset_folder(dataset_id)
        with files.explained("salvar o conjunto de dados"), files.new_folder(folder, self.staging) as draft:
            frames.write_frame(without_identities(rows, personal_fields, self.key), draft, _ROWS)
            frames.write_frame(without_identities(left_out, personal_fields, self.key), draft, _LEFT_OUT)
            files.write_new(draft / _REPORT, without_previews(report_json, personal_fields).encode())
            files.write_new(draft / _VAULT, vault.pack(raw, row_numbers, self.key, dataset_id))
        return self._register(record)

    def _register(self, record: dict[str, Any]) -> DatasetInfo:
        """The record makes the data set exist; without it, the folder is a leftover."""
        try:
            with self.database.write() as connection:
                connection.execute(DATASETS.insert().values(**record))
        except IntegrityError:  # another session sent the same file meanwhile
            existing = self._same(record["product"], record["sha256"], record["mapping"])
            self._discard(record["id"])
            if existing is None:
                raise WorkspaceError("O conjunto de dados não foi salvo. Envie a planilha de novo.") from None
            return existing
        except BaseException:
            self._discard(record["id"])
            raise
        return self.dataset(record["id"])

    def _discard(self, dataset_id: str) -> None:
        with files.explained("limpar um salvamento incompleto"):
            files.remove(self.dataset_folder(dataset_id))

    def _same(self, product_key: str, sha256: str, mapping: str) -> DatasetInfo | None:
        found = self._select(DATASETS.c.product == product_key, DATASETS.c.sha256 == sha256, DATASETS.c.mapping == mapping)
        return found[0] if found else None

    def _refill(
        self, known: DatasetInfo, raw: pa.Table, row_numbers: Sequence[int] | np.ndarray | None, until: dt.date
    ) -> DatasetInfo:
        if known.vault_until is None:
            with files.explained("salvar o conjunto de dados"):
                sealed = vault.pack(raw, row_numbers, self.key, known.id)
                files.put(sealed, self.dataset_folder(known.id) / _VAULT, self.staging)
            with self.database.write() as connection:
                _set(connection, known.id, vault_until=until.isoformat())
        return self.dataset(known.id)

    def datasets(self, product_key: str | None = None) -> tuple[DatasetInfo, ...]:
        """All data sets, newest first."""
        return self._select(*([DATASETS.c.product == product_key] if product_key else []))

    def has_dataset(self, dataset_id: str) -> bool:
        return bool(self._select(DATASETS.c.id == checked(dataset_id)))

    def dataset(self, dataset_id: str) -> DatasetInfo:
        """WorkspaceError if there is none with this id."""
        found = self._select(DATASETS.c.id == checked(dataset_id))
        if not found:
            raise WorkspaceError("Este conjunto de dados não existe mais. Escolha outro, ou envie a planilha de novo.")
        return found[0]

    def _select(self, *conditions: Any) -> tuple[DatasetInfo, ...]:
        query = sa.select(DATASETS).where(DATASETS.c.state == READY, *conditions)
        query = query.order_by(DATASETS.c.created.desc(), sa.literal_column("rowid").desc())
        with self.database.read() as connection:
            return tuple(_info(row) for row in connection.execute(query))

    def rows(self, dataset_id: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The typed rows, dtypes as they were given; identifiers as pseudonyms."""
        return self._frame(dataset_id, _ROWS, columns)

    def left_out(self, dataset_id: str) -> pd.DataFrame:
        """The rows left out: spreadsheet row and reason."""
        return self._frame(dataset_id, _LEFT_OUT, None)

    def _frame(self, dataset_id: str, name: str, columns: Sequence[str] | None) -> pd.DataFrame:
        folder = self.dataset_folder(self.dataset(dataset_id).id)
        return frames.read_frame(folder, name, None if columns is None else list(columns))

    def report(self, dataset_id: str) -> str:
        """The validation report (JSON), without previews of columns that name people or were not mapped."""
        with files.explained("abrir o relatório guardado"):
            return (self.dataset_folder(self.dataset(dataset_id).id) / _REPORT).read_text("utf-8")

    def mapping(self, dataset_id: str) -> str:
        """The mapping (JSON) that was given when the data set was added."""
        query = sa.select(DATASETS.c.mapping).where(DATASETS.c.id == self.dataset(dataset_id).id)
        with self.database.read() as connection:
            return str(connection.execute(query).scalar_one())

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
        path = self.dataset_folder(info.id) / _VAULT
        if info.vault_until is None or not path.exists():
            return None
        with files.explained("abrir os dados originais"):
            return vault.unpack(path.read_bytes(), self.key, info.id)

    def erase_raw(self, dataset_id: str) -> None:
        """Erases the raw table for good. Rows, report, risks and models stay."""
        info = self.dataset(dataset_id)
        with files.explained("apagar os dados originais"):
            files.remove(self.dataset_folder(info.id) / _VAULT)
        with self.database.write() as connection:
            _set(connection, info.id, vault_until=None)

    def expire_vaults(self, today: dt.date) -> tuple[str, ...]:
        """Erases the vaults whose last day has passed; gives their data sets' ids."""
        over = tuple(d.id for d in self.datasets() if d.vault_until is not None and d.vault_until < today)
        for dataset_id in over:
            self.erase_raw(dataset_id)
        return over

    def delete_dataset(self, dataset_id: str) -> tuple[ModelInfo, ...]:
        """Deletes rows, vault, risks and jobs of a data set; gives the models that learnt from it, which stay.

        WorkspaceError while a training runs on it.
        """
        info = self.dataset(dataset_id)
        with self.database.write() as connection:
            running = sa.select(JOBS.c.id).where(JOBS.c.dataset_id == info.id, JOBS.c.state.in_(("queued", "running")))
            if connection.execute(running).first():
                raise WorkspaceError("Há um treino em andamento com estes dados. Cancele o treino antes de apagá-los.")
            _set(connection, info.id, state=DELETING)
            learnt = connection.execute(sa.select(MODELS).where(MODELS.c.dataset_id == info.id))
            models = tuple(model_info(row) for row in learnt)
        with files.explained("apagar o conjunto de dados"):
            self._remove_dataset(info.id)
        return tuple(self._learnt(m.id) for m in models)

    def _learnt(self, model_id: str) -> ModelInfo:
        with self.database.read() as connection:
            return model_info(connection.execute(sa.select(MODELS).where(MODELS.c.id == model_id)).one())

    def _remove_dataset(self, dataset_id: str) -> None:
        """Files first, record last: a crash in between leaves a record that says what is still to be removed."""
        with self.database.read() as connection:
            jobs = connection.execute(sa.select(JOBS.c.id).where(JOBS.c.dataset_id == dataset_id)).scalars().all()
        for job_id in jobs:
            files.remove(self.job_log(job_id))
        files.remove(self.dataset_folder(dataset_id))
        with self.database.write() as connection:
            connection.execute(MODELS.update().where(MODELS.c.dataset_id == dataset_id).values(dataset_deleted=True))
            connection.execute(DATASETS.delete().where(DATASETS.c.id == dataset_id))


def _set(connection: sa.Connection, dataset_id: str, **values: Any) -> None:
    connection.execute(DATASETS.update().where(DATASETS.c.id == dataset_id).values(**values))


def _canonical(mapping_json: str) -> str:
    return json.dumps(json.loads(mapping_json), ensure_ascii=False, sort_keys=True)


def _iso(date: dt.date | None) -> str | None:
    return None if date is None else date.isoformat()


def _date(text: str | None) -> dt.date | None:
    return None if text is None else dt.date.fromisoformat(text)


def _info(row: Any) -> DatasetInfo:
    return DatasetInfo(
        id=row.id,
        product=row.product,
        name=row.name,
        created=row.created,
        rows=row.rows,
        is_sample=row.is_sample,
        purpose=row.purpose,
        first_date=_date(row.first_date),
        last_date=_date(row.last_date),
        usable_for=tuple(json.loads(row.usable_for)),
        vault_until=_date(row.vault_until),
        sha256=row.sha256,
    )
