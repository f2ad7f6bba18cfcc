"""Who does what one process alone may do. Whoever dies loses it by time, if nobody sees sooner that it did."""

from __future__ import annotations

import sqlalchemy as sa

from pipeline.workspace.base import Base
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.integration_tables import LEASES


class Leases(Base):
    """The part of the workspace that keeps leases."""

    def hold_lease(self, name: str, holder: str, moment: float, seconds: float) -> bool:
        """Takes or renews a lease; False while another holds it. `moment`: seconds since 1970."""
        values = {"holder": holder, "until": moment + seconds}
        free = (LEASES.c.holder == holder) | (LEASES.c.until <= moment) | (LEASES.c.until > moment + 10 * seconds)
        with self.database.write() as connection:
            insert = statements.insert(connection, LEASES).values(name=name, **values)
            taken = insert.on_conflict_do_update(index_elements=["name"], set_=values, where=free)
            return statements.added(connection, taken) > 0

    def lease_holder(self, name: str) -> str:
        """Who holds a lease, or held it last; "" for nobody."""
        with self.database.read() as connection:
            return connection.execute(sa.select(LEASES.c.holder).where(LEASES.c.name == name)).scalar() or ""

    def lease_now(self, name: str, moment: float) -> str:
        """Who holds a lease at a moment; "" for nobody."""
        held = sa.select(LEASES.c.holder).where(LEASES.c.name == name, LEASES.c.until > moment)
        with self.database.read() as connection:
            return connection.execute(held).scalar() or ""

    def end_lease(self, name: str, holder: str) -> None:
        """Gives a lease back."""
        with self.database.write() as connection:
            connection.execute(LEASES.delete().where(LEASES.c.name == name, LEASES.c.holder == holder))
