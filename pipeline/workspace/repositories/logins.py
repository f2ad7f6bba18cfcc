"""Who is in, who was invited, and who failed to come in. Of every token only the SHA-256 is here."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Sequence

import sqlalchemy as sa

from pipeline.records import Login
from pipeline.workspace.engine.people_tables import FAILURES, INVITATIONS, LOGINS, USERS
from pipeline.workspace.repositories.users import Users
from pipeline.workspace.storage import people_copy
from pipeline.workspace.storage.ids import checked, new_id

_MOST_FAILURES = 50_000  # kept in all: an endless row of tries fills no disk


class Logins(Users):
    """The part of the workspace that keeps ways in."""

    def add_login(self, user_id: str, digest: str, moment: float) -> Login:
        """Somebody came in. `digest`: of the token; `moment`: seconds since 1970."""
        login = Login(new_id(), checked(user_id), moment, moment)
        with self.database.write() as connection:
            values = {"id": login.id, "user_id": user_id, "token": digest, "created": moment, "seen": moment}
            connection.execute(LOGINS.insert().values(**values))
        return login

    def login_of(self, digest: str) -> Login | None:
        """The login of a token, of somebody who may still come in; None where there is none."""
        query = sa.select(LOGINS).join(USERS, USERS.c.id == LOGINS.c.user_id).where(LOGINS.c.token == digest)
        with self.database.read() as connection:
            row = connection.execute(query.where(USERS.c.active)).first()
        return None if row is None else Login(row.id, row.user_id, row.created, row.seen)

    def seen_login(self, login_id: str, moment: float) -> None:
        """Notes that somebody is still there."""
        with self.database.write() as connection:
            connection.execute(LOGINS.update().where(LOGINS.c.id == checked(login_id)).values(seen=moment))

    def end_login(self, login_id: str) -> None:
        """Somebody went out."""
        with self.database.write() as connection:
            connection.execute(LOGINS.delete().where(LOGINS.c.id == checked(login_id)))

    def end_logins_of(self, user_id: str) -> None:
        """Somebody is out, in every browser."""
        with self.database.write() as connection:
            connection.execute(LOGINS.delete().where(LOGINS.c.user_id == checked(user_id)))

    def sweep_logins(self, *, created_before: float, seen_before: float, failed_before: float) -> None:
        """Forgets what is over. Moments are seconds since 1970."""
        with self.database.write() as connection:
            over = sa.or_(LOGINS.c.created < created_before, LOGINS.c.seen < seen_before)
            connection.execute(LOGINS.delete().where(over))
            connection.execute(FAILURES.delete().where(FAILURES.c.at < failed_before))

    def invite(self, user_id: str, digest: str, until: float) -> None:
        """A way in for one person, in place of the last one."""
        with self.database.write() as connection:
            connection.execute(INVITATIONS.delete().where(INVITATIONS.c.user_id == checked(user_id)))
            connection.execute(INVITATIONS.insert().values(user_id=user_id, token=digest, until=until))

    def invited(self, digest: str, moment: float) -> str:
        """The id of whom an invitation is for, while it holds; "" else."""
        holds = sa.select(INVITATIONS.c.user_id).join(USERS, USERS.c.id == INVITATIONS.c.user_id)
        with self.database.read() as connection:
            found = connection.execute(
                holds.where(INVITATIONS.c.token == digest, INVITATIONS.c.until > moment, USERS.c.active)
            )
            return found.scalar() or ""

    def take_invitation(self, digest: str, moment: float, hashed: str) -> str:
        """Uses an invitation up and sets the password that came with it, in one step; the person's id, "" where it
        does not hold (any more). Of two who use it at once one is too late.
        """
        with people_copy.changing(self.database, self.home, self.staging) as connection:
            own = INVITATIONS.c.token == digest
            held = sa.select(INVITATIONS.c.user_id).join(USERS, USERS.c.id == INVITATIONS.c.user_id)
            user_id = connection.execute(held.where(own, INVITATIONS.c.until > moment, USERS.c.active)).scalar()
            if not user_id:
                return ""
            connection.execute(INVITATIONS.delete().where(own))
            connection.execute(USERS.update().where(USERS.c.id == user_id).values(password=hashed))
            connection.execute(LOGINS.delete().where(LOGINS.c.user_id == user_id))
        return user_id

    def begin_try(
        self, named: Sequence[str], clock: Callable[[], float], wait: Callable[[int, Sequence[float], float], float]
    ) -> tuple[float, float]:
        """Counts a try against each of `named` (a login name, an address): its moment, and 0; or the seconds to wait,
        and nothing is counted. `wait(place, failures, moment)` says how long, of the `place`-th of them.

        A try counts as failed until `end_try`, and its moment is told while no other is being counted: many at once
        can't all begin before one of them is there.
        """
        keys = [self._hidden(one) for one in named]
        with self.database.write() as connection:
            moment = clock()
            times = [_moments(connection, key) for key in keys]
            longest = max((wait(place, found, moment) for place, found in enumerate(times)), default=0.0)
            if longest > 0:
                return moment, longest
            connection.execute(FAILURES.insert(), [{"key": key, "at": moment} for key in keys])
            newest = connection.execute(sa.select(sa.func.max(FAILURES.c.id))).scalar() or 0
            connection.execute(FAILURES.delete().where(FAILURES.c.id <= newest - _MOST_FAILURES))
        return moment, 0.0

    def end_try(self, named: Sequence[str], moment: float) -> None:
        """A try succeeded: the first of `named` starts anew, of the others only this try is taken back."""
        with self.database.write() as connection:
            for place, one in enumerate(named):
                own = FAILURES.c.key == self._hidden(one)
                connection.execute(FAILURES.delete().where(own if place == 0 else own & (FAILURES.c.at == moment)))

    def _hidden(self, text: str) -> str:
        return hmac.new(self.key, f"login/{text}".encode(), hashlib.sha256).hexdigest()


def _moments(connection: sa.Connection, key: str) -> Sequence[float]:
    return connection.execute(sa.select(FAILURES.c.at).where(FAILURES.c.key == key)).scalars().all()
