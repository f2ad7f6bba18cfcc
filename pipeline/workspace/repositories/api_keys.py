"""The keys of other systems. Of every key only the SHA-256 is here."""

from __future__ import annotations

import json

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.records.integration import ApiKey, KeyScope
from pipeline.workspace.base import Base
from pipeline.workspace.engine.integration_tables import API_KEYS
from pipeline.workspace.storage.ids import checked


class ApiKeys(Base):
    """The part of the workspace that keeps keys."""

    def add_api_key(self, key: ApiKey, digest: str) -> None:
        """A new key. `digest`: of its text."""
        row = {
            "id": checked(key.id),
            "name": key.name,
            "digest": digest,
            "shown": key.shown,
            "scopes": json.dumps([str(scope) for scope in key.scopes]),
            "units": json.dumps(list(key.units), ensure_ascii=False),
            "made_by": key.made_by,
            "created": key.created,
            "until": key.until,
        }
        with self.database.write() as connection:
            connection.execute(API_KEYS.insert().values(**row))

    def api_keys(self) -> tuple[ApiKey, ...]:
        """Every key, the newest first; those that were revoked are among them."""
        with self.database.read() as connection:
            query = sa.select(API_KEYS).order_by(API_KEYS.c.created.desc(), API_KEYS.c.id)
            return tuple(_key(row) for row in connection.execute(query))

    def api_key(self, key_id: str) -> ApiKey:
        """WorkspaceError if there is none with this id."""
        found = self._api_key(API_KEYS.c.id == checked(key_id))
        if found is None:
            raise WorkspaceError("keys.gone")
        return found

    def api_key_of(self, digest: str) -> ApiKey | None:
        """The key whose text has this SHA-256, revoked or not; None where there is none."""
        return self._api_key(API_KEYS.c.digest == digest)

    def used_api_key(self, key_id: str, moment: float) -> None:
        """Notes that a key was used."""
        with self.database.write() as connection:
            connection.execute(API_KEYS.update().where(API_KEYS.c.id == checked(key_id)).values(used=moment))

    def revoke_api_key(self, key_id: str, moment: float) -> ApiKey:
        """Ends a key, for good; one that is ended already stays as it is."""
        own = API_KEYS.c.id == checked(key_id), API_KEYS.c.revoked.is_(None)
        with self.database.write() as connection:
            connection.execute(API_KEYS.update().where(*own).values(revoked=moment))
        return self.api_key(key_id)

    def _api_key(self, condition: sa.ColumnElement[bool]) -> ApiKey | None:
        with self.database.read() as connection:
            row = connection.execute(sa.select(API_KEYS).where(condition)).first()
        return None if row is None else _key(row)


def _key(row: sa.Row) -> ApiKey:
    return ApiKey(
        id=row.id,
        name=row.name,
        shown=row.shown,
        scopes=tuple(KeyScope(scope) for scope in json.loads(row.scopes)),
        made_by=row.made_by,
        created=row.created,
        until=row.until,
        used=row.used,
        revoked=row.revoked,
        units=tuple(json.loads(row.units)),
    )
