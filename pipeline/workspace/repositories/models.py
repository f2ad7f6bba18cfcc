"""Models: the bundle as a file, its card as JSON in the records."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.privacy import open_sealed, seal
from pipeline.records import STARTER_NAME, ModelInfo
from pipeline.workspace.base import Base
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.schema import MODELS, RISKS, SERIES
from pipeline.workspace.storage import atomic_files, shelf
from pipeline.workspace.storage.ids import checked, new_id


@dataclass(frozen=True)
class Origin:
    """What is known of a model beside its bundle: what it learnt from, and how good it is."""

    product: str
    dataset_id: str | None  # None: loaded from a file
    dataset_name: str
    card_json: str
    trained_until: dt.date | None
    auc_ahead: float | None
    series: str = ""


class Models(Base):
    """The part of the workspace that keeps models."""

    def add_model(self, bundle: bytes | Path, origin: Origin) -> ModelInfo:
        """Keeps a bundle: its content, or a file that is copied."""
        with atomic_files.explained("doing.save_model"):
            content = bundle.read_bytes() if isinstance(bundle, Path) else bundle
            model_id = new_id()
            self.blobs.put(content, self.bundle_place(model_id))
        try:
            with self.database.write() as connection:
                connection.execute(
                    MODELS.insert().values(
                        id=model_id,
                        product=origin.product,
                        created=now(),
                        dataset_id=None if origin.dataset_id is None else checked(origin.dataset_id),
                        dataset_deleted=False,
                        dataset_name=origin.dataset_name,
                        trained_until=origin.trained_until.isoformat() if origin.trained_until else "",
                        auc_ahead=origin.auc_ahead,
                        sha256=hashlib.sha256(content).hexdigest(),
                        card=origin.card_json,
                        series_id=origin.series,
                    )
                )
        except sa.exc.IntegrityError as error:
            self.blobs.remove(self.bundle_place(model_id))
            raise WorkspaceError("model.data_deleted") from error
        except BaseException:
            self.blobs.remove(self.bundle_place(model_id))
            raise
        self.keep_records()
        return self.model(model_id)

    def models(self, product_key: str | None = None) -> tuple[ModelInfo, ...]:
        """All models, newest first, without starters: those belong to no clinic."""
        return self._models(MODELS.c.dataset_name != STARTER_NAME, product_key)

    def starters(self, product_key: str) -> tuple[ModelInfo, ...]:
        """The starter readers that were put here, newest first."""
        return self._models(MODELS.c.dataset_name == STARTER_NAME, product_key)

    def _models(self, chosen: Any, product_key: str | None) -> tuple[ModelInfo, ...]:
        query = sa.select(MODELS).where(chosen).order_by(MODELS.c.created.desc(), statements.ARRIVAL.desc())
        if product_key:
            query = query.where(MODELS.c.product == product_key)
        with self.database.read() as connection:
            return tuple(model_info(row) for row in connection.execute(query))

    def model(self, model_id: str) -> ModelInfo:
        """WorkspaceError if there is none with this id."""
        return model_info(self._known(model_id))

    def card(self, model_id: str) -> str:
        """The model card (JSON)."""
        return str(self._known(model_id).card)

    def model_note(self, model_id: str) -> str:
        """What somebody wrote about a model; "" where nobody did. WorkspaceError where the note was altered."""
        sealed = str(self._known(model_id).note)
        return open_sealed(base64.b64decode(sealed), self.key, model_id).decode() if sealed else ""

    def set_model_note(self, model_id: str, text: str) -> None:
        """Keeps a note on a model, sealed: it may name somebody. "" takes it away."""
        sealed = base64.b64encode(seal(text.encode(), self.key, checked(model_id))).decode() if text else ""
        with self.database.write() as connection:
            connection.execute(MODELS.update().where(MODELS.c.id == model_id).values(note=sealed))
        self.keep_records()

    def bundle_path(self, model_id: str) -> Path:
        """Where the bundle lies; read it, don't change it."""
        path = self.bundle_file(self.model(model_id).id)
        if not path.exists():
            raise WorkspaceError("model.file_gone")
        return path

    def delete_model(self, model_id: str) -> None:
        """Deletes the bundle, its record, and the risks that it gave."""
        info = self.model(model_id)

        def forgotten() -> Any:
            with atomic_files.explained("doing.delete_model"):
                shelf.mark_deleting(self.home, info.id, self.staging)
            with self.database.write() as connection:
                given = connection.execute(
                    sa.select(RISKS.c.dataset_id, RISKS.c.id).where(RISKS.c.model_id == info.id)
                ).all()
                connection.execute(MODELS.delete().where(MODELS.c.id == info.id))
                connection.execute(SERIES.update().where(SERIES.c.model_id == info.id).values(model_id=""))
            return given

        with atomic_files.explained("doing.delete_model"):
            given = atomic_files.erasing(forgotten, lambda: shelf.delete_bundle(self.home, info.id))
            self.blobs.remove(self.bundle_place(info.id))
            shelf.delete_bundle(self.home, info.id)
            for risk in given:
                self.blobs.remove(self.dataset_place(risk.dataset_id) / risk.id)

    def _model_row(self, model_id: str) -> Any:
        with self.database.read() as connection:
            return connection.execute(sa.select(MODELS).where(MODELS.c.id == checked(model_id))).first()

    def _known(self, model_id: str) -> Any:
        row = self._model_row(model_id)
        if row is None:
            raise WorkspaceError("model.gone")
        return row


def model_info(row: Any) -> ModelInfo:
    """The record of a row of the table."""
    return ModelInfo(
        id=row.id,
        product=row.product,
        created=row.created,
        dataset_id=row.dataset_id,
        dataset_name=row.dataset_name,
        trained_until=dt.date.fromisoformat(row.trained_until) if row.trained_until else None,
        auc_ahead=row.auc_ahead,
        sha256=row.sha256,
        dataset_deleted=row.dataset_deleted,
        series=row.series_id,
    )
