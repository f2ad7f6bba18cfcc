"""Risks that were computed: of past rows by models that had not seen them, and of lists on a date.

Each is a folder within its data set's folder, so that it goes when the data set goes. They can be computed
again: a newer one takes the place of the older.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.workspace.base import Base
from pipeline.workspace.engine.schema import RISKS
from pipeline.workspace.storage import atomic_files, columns, frames, mapped
from pipeline.workspace.storage.ids import checked, new_id
from pipeline.workspace.storage.mapped import MappedFrame

_PAST, PAIRS, _SCORED, _FRAME = "past", "pairs", "scored", "risks"


class Risks(Base):
    """The part of the workspace that keeps risks."""

    def save_past_risks(
        self, model_id: str, dataset_id: str, frame: pd.DataFrame, meta: dict[str, Any] | None = None
    ) -> None:
        """Keeps the risks of past rows under a model (columns as the caller likes; no identifiers),
        and facts about them.
        """
        self._save_risks(_PAST, dataset_id, model_id, "", frame, meta or {})

    def past_risks(self, model_id: str, dataset_id: str) -> tuple[pd.DataFrame, dict[str, Any]] | None:
        """What `save_past_risks` kept, or None."""
        return self._risks(_PAST, dataset_id, model_id, "")

    def past_risks_meta(self, model_id: str, dataset_id: str) -> dict[str, Any] | None:
        """The facts about kept past risks without their rows, or None where there are none."""
        found = self._record(_PAST, dataset_id, model_id, "")
        return None if found is None else json.loads(found.meta)

    def past_risks_id(self, model_id: str, dataset_id: str) -> str:
        """Which past risks are kept, "" where there are none:
        what was concluded from them holds as long as it is the same.
        """
        with self.database.read() as connection:
            found = connection.execute(
                sa.select(RISKS.c.id).where(*_key(_PAST, dataset_id, checked(model_id), ""))
            ).scalar()
        return str(found or "")

    def past_risks_columns(self, model_id: str, dataset_id: str) -> tuple[str, ...]:
        """The names of the columns of kept past risks. WorkspaceError where there are none."""
        return frames.columns_of(self._past_folder(model_id, dataset_id), _FRAME)

    def past_risks_column(self, model_id: str, dataset_id: str, name: str) -> pd.Series:
        """One column of kept past risks. WorkspaceError where there are none; KeyError for one that is not there."""
        return frames.read_frame(self._past_folder(model_id, dataset_id), _FRAME, [name])[name]

    def save_past_columns(
        self, model_id: str, dataset_id: str, arrays: Mapping[str, np.ndarray], facts: Mapping[str, Any]
    ) -> None:
        """Keeps what is made of kept past risks, beside them: it goes when they go."""
        with atomic_files.explained("doing.save_risks"):
            columns.write_columns(arrays.items(), facts, self._past_folder(model_id, dataset_id), self.staging)

    def past_columns(self, model_id: str, dataset_id: str) -> tuple[dict[str, np.ndarray], dict[str, Any]] | None:
        """What `save_past_columns` kept, mapped from disk; None where there is none."""
        return columns.read_columns(self._past_folder(model_id, dataset_id))

    def past_columns_stamp(self, model_id: str, dataset_id: str) -> tuple[int, int] | None:
        """What changes whenever they are made again; None where there are none."""
        return columns.stamp(self._past_folder(model_id, dataset_id))

    def _past_folder(self, model_id: str, dataset_id: str) -> Path:
        found = self._record(_PAST, dataset_id, model_id, "")
        if found is None:
            raise WorkspaceError("risks.source_deleted")
        return self.blobs.fetched(self.dataset_place(dataset_id) / str(found.id))

    def save_pairs(self, model_id: str, dataset_id: str, frame: pd.DataFrame, of: str) -> None:
        """Keeps what pairs of factors do on a sample of past rows (no identifiers); `of`: id of those past risks."""
        self._save_risks(PAIRS, dataset_id, model_id, "", frame, {"of": of})

    def pairs(self, model_id: str, dataset_id: str, of: str) -> pd.DataFrame | None:
        """What `save_pairs` kept of the past risks `of`, or None."""
        found = self._risks(PAIRS, dataset_id, model_id, "")
        return found[0] if found is not None and found[1]["of"] == of else None

    def save_scored(
        self, dataset_id: str, model_id: str, as_of: dt.date, frame: pd.DataFrame, meta: dict[str, Any]
    ) -> str:
        """Keeps a scored list and small facts about it (JSON); gives its id."""
        return self._save_risks(_SCORED, dataset_id, model_id, as_of.isoformat(), frame, meta)

    def save_scored_lines(
        self, dataset_id: str, model_id: str, as_of: dt.date, fill: Callable[[Path], dict[str, Any]]
    ) -> str:
        """Keeps a list whose lines `fill` writes into a folder (see `storage.mapped`), with the facts that it gives;
        gives its id.
        """
        return self._save(_SCORED, dataset_id, model_id, as_of.isoformat(), fill)

    def scored(self, dataset_id: str, model_id: str, as_of: dt.date) -> tuple[pd.DataFrame, dict[str, Any]] | None:
        """What `save_scored` kept, or None."""
        return self._risks(_SCORED, dataset_id, model_id, as_of.isoformat())

    def scored_lines(self, dataset_id: str, model_id: str, as_of: dt.date) -> MappedFrame | None:
        """The lines of a list that `save_scored_lines` kept, mapped; None where there is none, or it rests whole."""
        found = self._record(_SCORED, dataset_id, model_id, as_of.isoformat())
        return None if found is None else self._lines(found)

    def scored_meta(self, dataset_id: str, model_id: str, as_of: dt.date) -> dict[str, Any] | None:
        """The facts about a kept list without its rows, or None where there is none."""
        found = self._record(_SCORED, dataset_id, model_id, as_of.isoformat())
        return None if found is None else json.loads(found.meta)

    def _save_risks(
        self, kind: str, dataset_id: str, model_id: str, as_of: str, frame: pd.DataFrame, meta: dict[str, Any]
    ) -> str:
        def fill(draft: Path) -> dict[str, Any]:
            frames.write_frame(frame, draft, _FRAME)
            return meta

        return self._save(kind, dataset_id, model_id, as_of, fill)

    def _save(
        self, kind: str, dataset_id: str, model_id: str, as_of: str, fill: Callable[[Path], dict[str, Any]]
    ) -> str:
        risk_id = new_id()
        above = self.dataset_place(dataset_id)
        if not self.blobs.holds(above):
            raise WorkspaceError("risks.source_deleted")
        with (
            atomic_files.explained("doing.save_risks"),
            self.blobs.new_folder(above / risk_id) as draft,
        ):
            plain = json.dumps(fill(draft), ensure_ascii=False)
        same = _key(kind, dataset_id, model_id, as_of)
        try:
            with self.database.write() as connection:
                older = connection.execute(sa.select(RISKS.c.id).where(*same)).scalars().all()
                connection.execute(RISKS.delete().where(*same))
                connection.execute(
                    RISKS.insert().values(
                        id=risk_id,
                        kind=kind,
                        dataset_id=dataset_id,
                        model_id=checked(model_id),
                        as_of=as_of,
                        meta=plain,
                    )
                )
        except sa.exc.IntegrityError as error:
            self.blobs.remove(above / risk_id)
            raise WorkspaceError("risks.source_deleted") from error
        with atomic_files.explained("doing.save_risks"):
            for old in older:
                self.blobs.remove(above / old)
        return risk_id

    def _risks(
        self, kind: str, dataset_id: str, model_id: str, as_of: str
    ) -> tuple[pd.DataFrame, dict[str, Any]] | None:
        found = self._record(kind, dataset_id, model_id, as_of)
        if found is None:
            return None
        folder, meta = self.blobs.fetched(self.dataset_place(dataset_id) / found.id), json.loads(found.meta)
        if mapped.is_mapped(folder):
            return MappedFrame.opened(folder).whole(self.most_bytes), meta
        return frames.read_frame(folder, _FRAME, most=self.most_bytes), meta

    def _lines(self, record: Any) -> MappedFrame | None:
        """The lines that a record is of, where they rest mapped."""
        folder = self.blobs.fetched(self.dataset_place(record.dataset_id) / str(record.id))
        return MappedFrame.opened(folder) if mapped.is_mapped(folder) else None

    def _forget_risks(self, risk_id: str) -> None:
        """Their folder goes with what no record knows of."""
        with self.database.write() as connection:
            connection.execute(RISKS.delete().where(RISKS.c.id == risk_id))

    def _record(self, kind: str, dataset_id: str, model_id: str, as_of: str) -> Any:
        """The record of kept risks whose rows are there;
        None while they are being replaced: they are computed again.
        """
        with self.database.read() as connection:
            found = connection.execute(
                sa.select(RISKS).where(*_key(kind, dataset_id, checked(model_id), as_of))
            ).first()
        return found if found is not None and self.blobs.holds(self.dataset_place(dataset_id) / found.id) else None


def _key(kind: str, dataset_id: str, model_id: str, as_of: str) -> tuple[Any, ...]:
    c = RISKS.c
    return c.kind == kind, c.dataset_id == dataset_id, c.model_id == model_id, c.as_of == as_of
