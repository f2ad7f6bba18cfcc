"""Small data sets for the tests of the workspace, with planted identities that must not be found at rest."""

from __future__ import annotations

import contextlib
import dataclasses
import datetime as dt
import json
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pipeline.records import DatasetInfo
from pipeline.workspace.repositories.dataset_rows import Facts
from pipeline.workspace.repositories.datasets import Contents, Source
from pipeline.workspace.repositories.models import Origin
from pipeline.workspace.store import Workspace
from tests import postgres

IN_A_FILE = pytest.mark.skipif(bool(postgres.asked()), reason="tells of the file of records; these are in a PostgreSQL")
ON_ONE_SERVER = pytest.mark.skipif(bool(postgres.asked()), reason="servers that share records take such a job up")
KEY = bytes(range(32))
OTHER_KEY = bytes(range(32, 64))
CPF = "529.982.247-25"
NAME = "Zuleika Anunciada Quaresma"
PHONE = "(27) 99876-1234"
TODAY = dt.date(2026, 11, 23)


def workspace(folder: Path, key: bytes = KEY) -> Workspace:
    return Workspace(folder / "home", key=key)


class Records(Protocol):
    def execute(self, statement: str) -> Any: ...


@contextlib.contextmanager
def records(home: Path) -> Iterator[Records]:
    """The records, for somebody who goes past the workspace: each statement stands at once."""
    if postgres.asked():
        with postgres.raw(home) as server:
            yield server
        return
    with contextlib.closing(sqlite3.connect(home / "presenca.sqlite", isolation_level=None)) as file:
        yield file


def drop_trigger(records: Records, name: str) -> None:
    """Of the audit log."""
    records.execute(f"DROP TRIGGER {name}" + (f" ON {name.partition('_is_')[0]}" if postgres.asked() else ""))


def lose_records(home: Path) -> None:
    """As somebody does who deletes the file, or the schema."""
    if postgres.asked():
        postgres.drop(home)
    for path in home.glob("presenca.sqlite*"):
        path.unlink()


def older_records(space: Workspace, kept: Path) -> Callable[[], None]:
    """Copies the records as they are now; what is given puts them in place of later ones."""
    space.database.copy_out(kept)
    if postgres.asked():
        return lambda: postgres.put_back(space.home, kept)

    def put_back() -> None:
        lose_records(space.home)
        shutil.copy(kept, space.home / "presenca.sqlite")

    return put_back


def rows(count: int = 6) -> pd.DataFrame:
    """Typed rows as ingestion gives them: all dtypes, missing cells, categories that no row uses."""
    day = pd.Timestamp("2026-05-04")
    ids = [CPF, "11144477735", None, CPF, "A-12", "a-12"]
    return pd.DataFrame(
        {
            "row": np.arange(2, count + 2, dtype=np.int64),
            "patient_id": pd.Categorical((ids * count)[:count]),
            "unit": pd.Categorical((["Santa Rita", None, "Ação Saúde"] * count)[:count]),
            "status": pd.Categorical(
                (["Falta", "Realizado"] * count)[:count], categories=["Realizado", "Falta", "Cancelado"]
            ),
            "scheduled_date": pd.Series([day + pd.Timedelta(days=i) for i in range(count)]).astype("datetime64[us]"),
            "birth_date": pd.Series([pd.NaT] * count, dtype="datetime64[us]"),
            "scheduled_date_hour": np.array([14.5, np.nan] * count, dtype=np.float32)[:count],
            "comment": pd.Series((["bom", None] * count)[:count], dtype="str"),
            "age": np.linspace(0, 90, count, dtype=np.float32),
            "late": np.arange(count) % 2 == 0,
            "nothing": pd.Categorical([np.nan] * count, categories=pd.Index([], dtype="str")),
        }
    )


def raw(count: int = 6) -> pa.Table:
    return pa.table({"CPF": [CPF] * count, "Nome": [NAME] * count, "Celular": [PHONE, None] * (count // 2)})


REPORT = json.dumps(
    {
        "columns": [
            {"header": "Nome", "field": None, "preview": [NAME]},
            {"header": "CPF", "field": "patient_id", "preview": [CPF]},
            {"header": "Unidade", "field": "unit", "preview": ["Santa Rita"]},
        ]
    }
)


def add(space: Workspace, **other: Any) -> DatasetInfo:
    """Adds the small data set; `other` replaces what its records say."""
    left_out = pd.DataFrame({"row": np.array([9], np.int64), "reason": pd.Categorical(["Data vazia"])})
    source = Source("toy", "agenda.csv", "a" * 64, raw(), [2, 3, 4, 5, 6, 9])
    contents = Contents(rows(), left_out, REPORT, ("patient_id",))
    facts = Facts("past", dt.date(2026, 5, 4), dt.date(2026, 11, 20), ("training", "scoring"))
    assert all(any(hasattr(one, key) for one in (source, contents, facts)) for key in other), other
    return space.add_dataset(*(_changed(one, other) for one in (source, contents, facts)), TODAY)


def _changed(record: Any, other: dict[str, Any]) -> Any:
    return dataclasses.replace(record, **{key: other[key] for key in other if hasattr(record, key)})


def add_model(space: Workspace, dataset_id: str | None, content: bytes = b"bundle") -> str:
    origin = Origin("toy", dataset_id, "agenda.csv", '{"notes": []}', dt.date(2026, 11, 20), auc_ahead=0.7)
    return space.add_model(content, origin).id


def at_rest(home: Path) -> dict[str, str]:
    """All that a reader of the disk could see, by file: the bytes, and what Parquet holds in compressed pages."""
    seen = {}
    for path in (p for p in home.rglob("*") if p.is_file()):
        content = path.read_bytes()
        text = content.decode("utf-8", "replace") + content.decode("utf-16-le", "replace")
        if path.suffix == ".parquet":
            table = pq.read_table(path)
            text += str(table.schema.metadata) + "".join(str(column.to_pylist()) for column in table.columns)
        seen[str(path.relative_to(home))] = text
    return seen
