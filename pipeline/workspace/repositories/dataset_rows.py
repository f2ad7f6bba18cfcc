"""A data set's row in the database, to and from its record."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from pipeline.records import DatasetInfo
from pipeline.workspace.engine.schema import DATASETS


@dataclass(frozen=True)
class Facts:
    """What the record of a data set says of its rows as they were read: it changes when they are read again."""

    purpose: str  # "past" | "future" | "mixed"
    first_date: dt.date | None
    last_date: dt.date | None
    usable_for: tuple[str, ...]
    mapping_json: str = "{}"  # which header was taken for which field

    def columns(self) -> dict[str, Any]:
        """As columns of the table."""
        return {
            "purpose": self.purpose,
            "first_date": iso(self.first_date),
            "last_date": iso(self.last_date),
            "usable_for": json.dumps(list(self.usable_for)),
            "mapping": canonical(self.mapping_json),
        }


def revision_name(revision: int) -> str:
    """The name of the folder that holds a revision of a data set's rows."""
    return f"revision-{revision}"


def set_values(connection: sa.Connection, dataset_id: str, **values: Any) -> None:
    """Changes columns of a data set's record."""
    connection.execute(DATASETS.update().where(DATASETS.c.id == dataset_id).values(**values))


def canonical(mapping_json: str) -> str:
    """A mapping's JSON in one spelling, so that equal ones are equal texts."""
    return json.dumps(json.loads(mapping_json), ensure_ascii=False, sort_keys=True)


def iso(date: dt.date | None) -> str | None:
    """A date as it is kept; None stays None."""
    return None if date is None else date.isoformat()


def from_iso(text: str | None) -> dt.date | None:
    """The date that `iso` kept."""
    return None if text is None else dt.date.fromisoformat(text)


def info_of(row: Any) -> DatasetInfo:
    """The record of a row of the table."""
    return DatasetInfo(
        id=row.id,
        product=row.product,
        name=row.name,
        created=row.created,
        rows=row.rows,
        is_sample=row.is_sample,
        purpose=row.purpose,
        first_date=from_iso(row.first_date),
        last_date=from_iso(row.last_date),
        usable_for=tuple(json.loads(row.usable_for)),
        vault_until=from_iso(row.vault_until),
        sha256=row.sha256,
        series=row.series_id,
    )
