"""Patients' requests that a person look at a risk (LGPD, art. 20), and what came of each. Reasons rest sealed."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import sqlalchemy as sa

from pipeline.errors import WorkspaceError
from pipeline.privacy import open_sealed, seal
from pipeline.records.privacy import ReviewDecision, RiskReview
from pipeline.workspace.base import Base
from pipeline.workspace.engine import statements
from pipeline.workspace.engine.privacy_tables import RISK_REVIEWS
from pipeline.workspace.storage.ids import checked, new_id


class Reviews(Base):
    """The part of the workspace that keeps reviews of risks."""

    def reviews(self, series_id: str) -> tuple[RiskReview, ...]:
        """The reviews that were asked for in a series, oldest first."""
        query = sa.select(RISK_REVIEWS).where(RISK_REVIEWS.c.series_id == series_id)
        with self.database.read() as connection:
            rows = connection.execute(query.order_by(statements.ARRIVAL))
            return tuple(self._review(row) for row in rows)

    def add_review(self, series_id: str, asked: RiskReview) -> RiskReview:
        """Writes a request down; gives it with its id."""
        made = replace(asked, id=new_id())
        values = {
            "id": made.id,
            "series_id": checked(series_id),
            "event_key": made.key,
            "patient": made.patient,
            "asked_at": made.asked_at.isoformat(timespec="seconds"),
            "asked_by": made.asked_by,
            "why": seal(made.why.encode(), self.key, made.id),
            "risk": made.risk,
            "decided_by": "",
            "decision": "",
        }
        with self.database.write() as connection:
            connection.execute(RISK_REVIEWS.insert().values(**values))
        return made

    def decide_review(self, made: RiskReview) -> None:
        """Writes down what was decided, once. WorkspaceError where somebody has decided before, or nobody asked."""
        assert made.decided_at is not None and made.decision is not None, "a decision says what and when"
        open_one = RISK_REVIEWS.c.id == made.id, RISK_REVIEWS.c.decision == ""
        values = {
            "decided_at": made.decided_at.isoformat(timespec="seconds"),
            "decided_by": made.decided_by,
            "decision": str(made.decision),
            "risk_after": made.risk_after,
            "reason": seal(made.reason.encode(), self.key, made.id),
        }
        with self.database.write() as connection:
            if not connection.execute(RISK_REVIEWS.update().where(*open_one).values(**values)).rowcount:
                raise WorkspaceError("review.decided")

    def _review(self, row: Any) -> RiskReview:
        return RiskReview(
            row.id,
            row.event_key,
            row.patient,
            dt.datetime.fromisoformat(row.asked_at),
            row.asked_by,
            open_sealed(row.why, self.key, row.id).decode(),
            row.risk,
            None if row.decided_at is None else dt.datetime.fromisoformat(row.decided_at),
            row.decided_by,
            ReviewDecision(row.decision) if row.decision else None,
            row.risk_after,
            open_sealed(row.reason, self.key, row.id).decode() if row.reason else "",
        )
