"""How each series is set, as one record."""

from __future__ import annotations

import json
from collections.abc import Callable

import sqlalchemy as sa

from pipeline.records.kept import dump_kept, from_kept
from pipeline.records.series_settings import SeriesSettings
from pipeline.workspace.base import Base, keep_setting
from pipeline.workspace.engine.schema import SERIES, SETTINGS
from pipeline.workspace.storage.copied import SERIES_SETTINGS, SETTINGS_KIND
from pipeline.workspace.storage.ids import checked

# where an earlier version kept each part of the record, before the id of the series
_EARLIER = {"calls": "calls:", "money": "money:", "scripts": "call_scripts:"}


class SettingsOfSeries(Base):
    """The part of the workspace that keeps how series are set."""

    def series_settings(self, series_id: str) -> SeriesSettings:
        """What people set; the usual where nobody set anything."""
        with self.database.read() as connection:
            return _kept(connection, checked(series_id))

    def change_series_settings(
        self, series_id: str, change: Callable[[SeriesSettings], SeriesSettings]
    ) -> SeriesSettings:
        """Changes a part of it in one step, so that two people change two parts at once."""
        with self.database.write() as connection:
            made = change(_kept(connection, checked(series_id)))
            keep_setting(connection, SERIES_SETTINGS + series_id, dump_kept(made))
            self.copy(connection, SETTINGS_KIND, series_id)
            return made

    def adopt_series_settings(self) -> None:
        """Puts what an earlier version kept apart into the one record, which is copied."""
        with self.database.read() as connection:
            named = connection.execute(sa.select(SERIES.c.id)).scalars().all()
            old = [one for one in named if not _has(connection, one) and _kept(connection, one) != SeriesSettings()]
        for series_id in old:
            self.change_series_settings(series_id, lambda kept: kept)


def _has(connection: sa.Connection, series_id: str) -> bool:
    return _text(connection, SERIES_SETTINGS + series_id) is not None


def _text(connection: sa.Connection, key: str) -> str | None:
    return connection.execute(sa.select(SETTINGS.c.value).where(SETTINGS.c.key == key)).scalar()


def _kept(connection: sa.Connection, series_id: str) -> SeriesSettings:
    whole = _text(connection, SERIES_SETTINGS + series_id)
    if whole is not None:
        plain = json.loads(whole)
    else:
        found = {name: _text(connection, key + series_id) for name, key in _EARLIER.items()}
        plain = {name: json.loads(text) for name, text in found.items() if text is not None}
    made: SeriesSettings = from_kept(SeriesSettings, plain)
    return made
