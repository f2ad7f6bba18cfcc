"""Persons: who may use the workspace, as what, and the hash of each one's password."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.records import Role, User
from pipeline.workspace.base import Base
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.people_tables import INVITATIONS, LOGINS, USERS
from pipeline.workspace.storage import people_copy
from pipeline.workspace.storage.ids import checked, new_id


class Users(Base):
    """The part of the workspace that keeps persons."""

    def changing_people(self) -> AbstractContextManager[sa.Connection]:
        """A change of persons, which the copy beside the database goes along with; every one is made through this."""
        return people_copy.changing(self.database, self.home, self.staging)

    def has_users(self) -> bool:
        """Whether anybody was ever added, and so the gate is shut. Removing the last one is refused, not a way out."""
        with self.database.read() as connection:
            return connection.execute(sa.select(USERS.c.id).limit(1)).first() is not None

    def add_user(self, login: str, name: str, role: Role, units: Sequence[str] = (), hashed: str = "") -> User:
        """A new person, with the hash of a password or none; WorkspaceError if the login is taken."""
        row = {
            "id": new_id(),
            "login": login,
            "name": name,
            "role": str(role),
            "units": json.dumps(list(units), ensure_ascii=False),
            "active": True,
            "password": hashed,
            "created": now(),
        }
        try:
            with self.changing_people() as connection:
                connection.execute(USERS.insert().values(**row))
        except sa.exc.IntegrityError as error:
            raise WorkspaceError("people.login_taken") from error
        return self.user(str(row["id"]))

    def users(self) -> tuple[User, ...]:
        """Everybody, by name; those who were removed are among them."""
        with self.database.read() as connection:
            query = sa.select(USERS).order_by(sa.func.lower(USERS.c.name), USERS.c.id)
            return tuple(_user(row) for row in connection.execute(query))

    def user(self, user_id: str) -> User:
        """WorkspaceError if there is none with this id."""
        return self._one(USERS.c.id == checked(user_id))

    def user_of_login(self, login: str) -> User | None:
        """Whoever comes in by this name; None where nobody does."""
        try:
            return self._one(USERS.c.login == login)
        except WorkspaceError:
            return None

    def password_of(self, user_id: str) -> str:
        """The hash of a person's password; "" where there is none."""
        with self.database.read() as connection:
            return connection.execute(sa.select(USERS.c.password).where(USERS.c.id == user_id)).scalar() or ""

    def set_password(self, user_id: str, hashed: str, *, but: str = "") -> None:
        """Puts a hash in place of the last; ends every login of the person, `but` this one, and any invitation."""
        with self.changing_people() as connection:
            connection.execute(USERS.update().where(USERS.c.id == checked(user_id)).values(password=hashed))
            connection.execute(LOGINS.delete().where(LOGINS.c.user_id == user_id, LOGINS.c.id != but))
            connection.execute(INVITATIONS.delete().where(INVITATIONS.c.user_id == user_id))

    def rehash_password(self, user_id: str, before: str, hashed: str) -> None:
        """The same password, hashed with other parameters, where it still is the one that was checked."""
        with self.changing_people() as connection:
            own = USERS.update().where(USERS.c.id == checked(user_id), USERS.c.password == before)
            connection.execute(own.values(password=hashed))

    def change_user(self, user_id: str, *, role: Role, units: Sequence[str], active: bool) -> User:
        """Gives a person another role, other units, or takes the way in; WorkspaceError where no admin would be left.

        Whoever loses the way in loses logins, password and invitation with it.
        """
        with self.changing_people() as connection:
            values = {"role": str(role), "units": json.dumps(list(units), ensure_ascii=False), "active": active}
            if not active:
                values["password"] = ""
            connection.execute(USERS.update().where(USERS.c.id == checked(user_id)).values(**values))
            admins = sa.select(USERS.c.id).where(USERS.c.role == str(Role.ADMIN), USERS.c.active)
            if connection.execute(admins.limit(1)).first() is None:
                raise WorkspaceError("people.last_admin")  # nothing of this is written
            if not active:
                for table in (LOGINS, INVITATIONS):
                    connection.execute(table.delete().where(table.c.user_id == user_id))
        return self.user(user_id)

    def _one(self, *conditions: sa.ColumnElement[bool]) -> User:
        with self.database.read() as connection:
            found = connection.execute(sa.select(USERS).where(*conditions)).first()
        if found is None:
            raise WorkspaceError("people.gone")
        return _user(found)


def _user(row: sa.Row) -> User:
    return User(
        id=row.id,
        login=row.login,
        name=row.name,
        role=Role(row.role),
        units=tuple(json.loads(row.units)),
        active=row.active,
        has_password=bool(row.password),
        created=row.created,
    )
