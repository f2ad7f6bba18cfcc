"""Series: which data sets, models and recipes are one clinic's own. Which is whose is for services to say."""

from __future__ import annotations

import json
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.records import ModelUse, SeriesInfo, from_plain, to_plain
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.contact_tables import CALL_LISTS
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.schema import DATASETS, FOLLOW_UPS, MODELS, RECIPES, SERIES, SETTINGS
from pipeline.workspace.repositories.contacts import Contacts
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.storage.copied import CALL_LISTS_KIND
from pipeline.workspace.storage.ids import checked, new_id

_MOST_USES = 100  # of a series that are remembered; the audit log forgets none


class Series(Contacts):
    """The part of the workspace that keeps series."""

    def add_series(self, product_key: str, name: str, *, is_sample: bool = False) -> SeriesInfo:
        """A new series, without data sets."""
        series_id = new_id()
        with self.database.write() as connection:
            connection.execute(
                SERIES.insert().values(
                    id=series_id,
                    product=product_key,
                    name=name,
                    created=now(),
                    is_sample=is_sample,
                    model_id="",
                    headers="[]",
                )
            )
        return self.one_series(series_id)

    def series(self, product_key: str | None = None) -> tuple[SeriesInfo, ...]:
        """All series (of a product), oldest first."""
        return self._series(*([SERIES.c.product == product_key] if product_key else []))

    def one_series(self, series_id: str) -> SeriesInfo:
        """WorkspaceError if there is none with this id."""
        found = self._series(SERIES.c.id == checked(series_id))
        if not found:
            raise WorkspaceError("series.gone")
        return found[0]

    def rename_series(self, series_id: str, name: str) -> SeriesInfo:
        """Gives a series another name; WorkspaceError if there is none with this id."""
        with self.database.write() as connection:
            connection.execute(SERIES.update().where(SERIES.c.id == checked(series_id)).values(name=name))
        return self.one_series(series_id)

    def met_headers(self, series_id: str, key: str) -> None:
        """Remembers that a file of the series had these headers."""
        with self.database.write() as connection:
            plain = connection.execute(sa.select(SERIES.c.headers).where(SERIES.c.id == checked(series_id))).scalar()
            known = json.loads(plain or "[]")
            if key not in known:
                connection.execute(
                    SERIES.update().where(SERIES.c.id == series_id).values(headers=json.dumps([*known, key]))
                )

    def use_model(self, series_id: str, model_id: str, *, actor: str = "", back: bool = False) -> None:
        """The model that whoever opens the series is shown, until another is chosen. `back`: a way back was taken."""
        with self.database.write() as connection:
            self._put_to_use(connection, series_id, ModelUse(checked(model_id), now(), actor, back))

    def first_model(self, series_id: str, model_id: str) -> bool:
        """Puts a model to use where the series has none in use; whether it did. Never takes another's place."""
        with self.database.write() as connection:
            free = sa.select(SERIES.c.id).where(SERIES.c.id == checked(series_id), SERIES.c.model_id == "")
            if connection.execute(free).first() is None:
                return False
            self._put_to_use(connection, series_id, ModelUse(checked(model_id), now()))
            return True

    def model_uses(self, series_id: str) -> tuple[ModelUse, ...]:
        """Which models were put to use in a series, oldest first; those that are no more are among them."""
        with self.database.read() as connection:
            return tuple(_uses(connection, series_id))

    def _put_to_use(self, connection: sa.Connection, series_id: str, use: ModelUse) -> None:
        own, done = SERIES.c.id == checked(series_id), _uses(connection, series_id)
        before = connection.execute(sa.select(SERIES.c.model_id).where(own)).scalar()
        if before and (not done or done[-1].model_id != before):  # put to use before uses were written down
            done.append(ModelUse(before))
        plain = json.dumps(to_plain((*done, use)[-_MOST_USES:]))
        connection.execute(SERIES.update().where(own).values(model_id=use.model_id, uses=plain))

    def place_dataset(self, dataset_id: str, series_id: str) -> None:
        """Moves a data set to a series, with the models that learnt from it, the recipes that came from it and the call
        lists that were made of it.
        """
        with self.database.write() as connection:
            connection.execute(
                DATASETS.update().where(DATASETS.c.id == checked(dataset_id)).values(series_id=checked(series_id))
            )
            learnt = sa.select(MODELS.c.id).where(MODELS.c.dataset_id == dataset_id)
            connection.execute(
                SERIES.update().where(SERIES.c.model_id.in_(learnt), SERIES.c.id != series_id).values(model_id="")
            )
            connection.execute(MODELS.update().where(MODELS.c.dataset_id == dataset_id).values(series_id=series_id))
            own = CALL_LISTS.c.dataset_id == dataset_id
            left = connection.execute(sa.select(CALL_LISTS.c.series_id).where(own).distinct()).scalars().all()
            connection.execute(CALL_LISTS.update().where(own).values(series_id=series_id))
            for changed in {*left, series_id} if left else ():
                self.copy(connection, CALL_LISTS_KIND, changed)
            remembered = RECIPES.c.dataset_id == dataset_id
            statements.update_where_free(connection, RECIPES, remembered, {"series_id": series_id})

    def place_model(self, model_id: str, series_id: str) -> None:
        """Moves a model to a series; another series that used it uses none from then on."""
        with self.database.write() as connection:
            others = SERIES.update().where(SERIES.c.model_id == checked(model_id), SERIES.c.id != checked(series_id))
            connection.execute(others.values(model_id=""))
            connection.execute(MODELS.update().where(MODELS.c.id == model_id).values(series_id=series_id))

    def drop_series_if_empty(self, series_id: str) -> None:
        """Forgets a series that holds neither data sets nor models nor anything remembered on purpose, and with it its
        own settings: those whose key ends with its id.
        """
        with self.database.write() as connection:
            for table in (DATASETS, MODELS, RECIPES):
                if connection.execute(sa.select(table.c.id).where(table.c.series_id == series_id).limit(1)).first():
                    return
            connection.execute(FOLLOW_UPS.delete().where(FOLLOW_UPS.c.series_id == series_id))
            self.forget_contacts(connection, series_id)
            with atomic_files.explained("doing.save_follow_up"):
                self.copies.forget(series_id)
            connection.execute(SETTINGS.delete().where(SETTINGS.c.key.endswith(f":{checked(series_id)}")))
            connection.execute(SERIES.delete().where(SERIES.c.id == series_id))

    def _series(self, *conditions: Any) -> tuple[SeriesInfo, ...]:
        query = sa.select(SERIES).where(*conditions).order_by(SERIES.c.created, statements.ARRIVAL)
        with self.database.read() as connection:
            return tuple(
                SeriesInfo(r.id, r.product, r.name, r.created, r.is_sample, r.model_id, tuple(json.loads(r.headers)))
                for r in connection.execute(query)
            )


def _uses(connection: sa.Connection, series_id: str) -> list[ModelUse]:
    plain = connection.execute(sa.select(SERIES.c.uses).where(SERIES.c.id == checked(series_id))).scalar()
    return [from_plain(ModelUse, one) for one in json.loads(plain or "[]")]
