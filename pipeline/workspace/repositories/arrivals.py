"""What came from outside: its bytes sealed in a file until they were read, and a record that says what became of it.

What was to be scored leaves its risks, sealed in pieces beside where its bytes were, for as long as its record.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError

from pipeline.errors import WorkspaceError
from pipeline.privacy import open_sealed, seal
from pipeline.records import Note, Progress, from_plain, to_plain
from pipeline.records.integration import Arrival, ArrivalKind, ArrivalState, RejectedRow, ScoringAsked
from pipeline.records.webhooks import WebhookEvent
from pipeline.workspace.base import Base
from pipeline.workspace.engine.database import now
from pipeline.workspace.engine.integration_tables import ARRIVALS
from pipeline.workspace.repositories import outbox
from pipeline.workspace.storage import atomic_files
from pipeline.workspace.storage.ids import checked

FOLDER = "arrivals"
OPEN = (str(ArrivalState.WAITING), str(ArrivalState.READING))


@dataclass(frozen=True)
class Ended:
    """What became of an arrival: the data set that it is in ("": none), what it held, and why it was refused."""

    id: str
    dataset_id: str = ""
    rows: int = 0
    left_out: int = 0
    rejected: Sequence[RejectedRow] = ()
    report_json: str = ""
    note: Note | None = None


class Arrivals(Base):
    """The part of the workspace that keeps arrivals."""

    def add_arrival(self, arrival: Arrival, content: bytes) -> Arrival:
        """Keeps something that was sent; on the disk when this returns. Where the sender has sent something under the
        same idempotency key, that is given back, and nothing is kept.
        """
        path = self._arrival_file(arrival.id)
        with atomic_files.explained("doing.save_dataset"):
            atomic_files.private_folder(path.parent)
            self.blobs.put(seal(content, self.key, arrival.id), path)
        try:
            with self.database.write() as connection:
                last = connection.execute(sa.select(sa.func.max(ARRIVALS.c.place))).scalar() or 0
                connection.execute(ARRIVALS.insert().values(**_row(arrival), place=last + 1))
        except IntegrityError:
            self.blobs.remove(path)
            found = self.arrival_of_key(arrival.sender, arrival.idempotency_key)
            if found is None:
                raise
            return found
        except BaseException:
            self.blobs.remove(path)
            raise
        return arrival

    def arrival(self, arrival_id: str) -> Arrival:
        """WorkspaceError if there is none with this id."""
        found = self._arrivals(ARRIVALS.c.id == checked(arrival_id))
        if not found:
            raise WorkspaceError("arrivals.gone")
        return found[0]

    def arrival_of_key(self, sender: str, idempotency_key: str) -> Arrival | None:
        """What a sender sent under an idempotency key; None where it sent nothing."""
        own = ARRIVALS.c.sender == sender, ARRIVALS.c.idempotency_key == idempotency_key
        return next(iter(self._arrivals(*own)), None)

    def arrivals(self, states: Collection[ArrivalState] = (), limit: int = 1_000) -> tuple[Arrival, ...]:
        """The last ones, in the order in which they came; of these states alone, or of any."""
        told = [ARRIVALS.c.state.in_(list(map(str, states)))] if states else []
        return self._arrivals(*told)[-limit:]

    def has_waiting(self) -> bool:
        """Whether anything is to be read."""
        with self.database.read() as connection:
            return (
                connection.execute(sa.select(ARRIVALS.c.id).where(ARRIVALS.c.state.in_(OPEN)).limit(1)).first()
                is not None
            )

    def last_series(self, sender: str, product: str) -> str:
        """The series to which a sender's last arrival of a product went; "" before the first."""
        own = ARRIVALS.c.sender == sender, ARRIVALS.c.product == product, ARRIVALS.c.scoring == ""
        query = sa.select(ARRIVALS.c.series_id).where(*own).order_by(ARRIVALS.c.place.desc()).limit(1)
        with self.database.read() as connection:
            return connection.execute(query).scalar() or ""

    def fed_dataset(self, series: str) -> str:
        """The id of the data set that the last arrival of a series went to, there or not; "" before the first."""
        own = ARRIVALS.c.series_id == series, ARRIVALS.c.dataset_id != ""
        query = sa.select(ARRIVALS.c.dataset_id).where(*own).order_by(ARRIVALS.c.place.desc()).limit(1)
        with self.database.read() as connection:
            return connection.execute(query).scalar() or ""

    def claim_arrivals(self, batch: str, most: int, *, to_score: bool = False) -> tuple[Arrival, ...]:
        """What is to be read next, in the order in which it came, marked as a batch: what a process that died was
        reading, just as it was; or else all (at most `most`) that waits for one series of one product. `to_score`: of
        what is to be scored, which is a batch by itself; else of what is to be kept.
        """
        kind = ARRIVALS.c.scoring != "" if to_score else ARRIVALS.c.scoring == ""
        with self.database.write() as connection:
            reading = sa.select(ARRIVALS.c.batch).where(ARRIVALS.c.state == OPEN[1], kind)
            cut = connection.execute(reading.order_by(ARRIVALS.c.place).limit(1)).scalar()
            if cut is None:
                waiting = sa.select(ARRIVALS).where(ARRIVALS.c.state == OPEN[0], kind).order_by(ARRIVALS.c.place)
                first = connection.execute(waiting.limit(1)).first()
                if first is None:
                    return ()
                same = ARRIVALS.c.product == first.product, ARRIVALS.c.series_id == first.series_id
                together = waiting.where(*same).limit(1 if to_score else most)
                ids = [row.id for row in connection.execute(together)]
                values = {"state": OPEN[1], "batch": batch}
                connection.execute(ARRIVALS.update().where(ARRIVALS.c.id.in_(ids)).values(**values))
        return self._arrivals(ARRIVALS.c.state == OPEN[1], ARRIVALS.c.batch == (batch if cut is None else cut))

    def part_arrivals(self, ids: Sequence[str], batches: Sequence[str]) -> None:
        """Gives each of these arrivals that are being read a batch of its own."""
        with self.database.write() as connection:
            for one, batch in zip(ids, batches, strict=True):
                connection.execute(ARRIVALS.update().where(ARRIVALS.c.id == one).values(batch=batch))

    def arrival_content(self, arrival_id: str) -> bytes | None:
        """The bytes as they were sent; None once they are erased."""
        path = self.blobs.fetched(self._arrival_file(arrival_id))
        with atomic_files.explained("doing.open_raw"):
            return open_sealed(path.read_bytes(), self.key, arrival_id) if path.exists() else None

    def progress_arrivals(self, ids: Sequence[str], progress: Progress) -> None:
        """Notes how far the reading is."""
        with self.database.write() as connection:
            told = json.dumps(to_plain(progress), ensure_ascii=False)
            connection.execute(ARRIVALS.update().where(ARRIVALS.c.id.in_(list(ids))).values(progress=told))

    def end_arrivals(self, ended: Sequence[Ended]) -> None:
        """Notes what became of arrivals, in one step, and erases their bytes; of what was refused, its pieces, too."""
        at = now()
        with self.database.write() as connection:
            for one in ended:
                own = ARRIVALS.c.id == one.id
                open_ = ARRIVALS.update().where(own, ARRIVALS.c.state.in_(OPEN))
                if connection.execute(open_.values(**_ended(one, at))).rowcount:
                    row = connection.execute(sa.select(ARRIVALS).where(own)).one()
                    outbox.tell(connection, WebhookEvent.JOB_ENDED, _told(row, one))
        for one in ended:
            self.blobs.remove(self._arrival_file(one.id))
            for path in self.blobs.ages(self.home / FOLDER) if one.note is not None else ():
                if path.match(f"{checked(one.id)}.*.sealed"):
                    self.blobs.remove(path)

    def put_score_piece(self, arrival_id: str, number: int, content: bytes) -> None:
        """Keeps a part of what came of an arrival that was to be scored, in the place of what an earlier try left."""
        path = self._piece_file(arrival_id, number)
        with atomic_files.explained("doing.save_dataset"):
            atomic_files.private_folder(path.parent)
            self.blobs.put(seal(content, self.key, f"{arrival_id}/{number}"), path)

    def score_piece(self, arrival_id: str, number: int) -> bytes | None:
        """What `put_score_piece` kept; None where it is gone, as in a workspace that was restored from a copy."""
        path = self.blobs.fetched(self._piece_file(arrival_id, number))
        with atomic_files.explained("doing.open_raw"):
            return open_sealed(path.read_bytes(), self.key, f"{arrival_id}/{number}") if path.exists() else None

    def rejected_rows(self, arrival_id: str) -> tuple[RejectedRow, ...]:
        """The records of an arrival that were left out, the first ones."""
        plain = self._arrival_text(arrival_id, ARRIVALS.c.rejected)
        return tuple(RejectedRow(int(row), str(code), str(field)) for row, code, field in json.loads(plain or "[]"))

    def arrival_report(self, arrival_id: str) -> str:
        """What the check of an arrival found, as it is kept; "" where it was not read."""
        return self._arrival_text(arrival_id, ARRIVALS.c.report)

    def sweep_arrivals(self, ended_before: str) -> int:
        """Erases bytes that nobody waits for, and forgets what ended before a moment, with the risks that it left; how
        many were forgotten.
        """
        ages = self.blobs.ages(self.home / FOLDER)
        with self.database.write() as connection:
            old = ARRIVALS.c.state.notin_(OPEN), ARRIVALS.c.ended < ended_before
            forgotten = connection.execute(ARRIVALS.delete().where(*old)).rowcount
            open_ = set(connection.execute(sa.select(ARRIVALS.c.id).where(ARRIVALS.c.state.in_(OPEN))).scalars())
            scored = set(connection.execute(sa.select(ARRIVALS.c.id).where(ARRIVALS.c.scoring != "")).scalars())
        for path, age in ages.items():
            owner, is_piece, _ = path.stem.partition(".")
            is_new = age < atomic_files.LEFTOVER_SECONDS  # its record may be about to be written
            if owner not in (scored if is_piece else open_) and not is_new:
                self.blobs.remove(path)
        return int(forgotten)

    def _arrival_text(self, arrival_id: str, column: Any) -> str:
        with self.database.read() as connection:
            return connection.execute(sa.select(column).where(ARRIVALS.c.id == checked(arrival_id))).scalar() or ""

    def _arrival_file(self, arrival_id: str) -> Path:
        return self.home / FOLDER / f"{checked(arrival_id)}.sealed"

    def _piece_file(self, arrival_id: str, number: int) -> Path:
        return self.home / FOLDER / f"{checked(arrival_id)}.{number}.sealed"

    def _arrivals(self, *conditions: sa.ColumnElement[bool]) -> tuple[Arrival, ...]:
        query = sa.select(ARRIVALS).where(*conditions).order_by(ARRIVALS.c.place)
        with self.database.read() as connection:
            return tuple(_arrival(row) for row in connection.execute(query))


def _row(arrival: Arrival) -> dict[str, Any]:
    return {
        "id": checked(arrival.id),
        "product": arrival.product,
        "series_id": arrival.series,
        "sender": arrival.sender,
        "kind": str(arrival.kind),
        "name": arrival.name,
        "sha256": arrival.sha256,
        "size": arrival.size,
        "idempotency_key": arrival.idempotency_key or None,
        "state": str(arrival.state),
        "created": arrival.created,
        "progress": json.dumps(to_plain(arrival.progress), ensure_ascii=False),
        "batch": "",
        "dataset_id": "",
        "rows": arrival.rows,
        "rejected": "[]",
        "report": "",
        "left_out": 0,
        "note": "",
        "ended": "",
        "scoring": "" if arrival.scoring is None else json.dumps(to_plain(arrival.scoring)),
    }


def _told(row: sa.Row, one: Ended) -> dict[str, outbox.Plain]:
    """What other systems are told of an arrival: ids, counts and the code of a refusal."""
    return {
        "job": row.id,
        "kind": "score" if row.scoring else "arrival",
        "product": row.product,
        "series": row.series_id,
        "dataset": row.dataset_id,
        "state": row.state,
        "rows": row.rows,
        "left_out": row.left_out,
        "code": one.note.code if one.note is not None else "",
    }


def _ended(one: Ended, at: str) -> dict[str, Any]:
    return {
        "state": str(ArrivalState.DONE if one.note is None else ArrivalState.REFUSED),
        "dataset_id": one.dataset_id,
        "rows": one.rows,
        "left_out": one.left_out,
        "rejected": json.dumps([[r.row, r.code, r.field] for r in one.rejected]),
        "report": one.report_json,
        "note": "" if one.note is None else json.dumps(to_plain(one.note), ensure_ascii=False),
        "ended": at,
        "progress": json.dumps(to_plain(Progress(1.0, rows=one.rows)), ensure_ascii=False),
    }


def _arrival(row: sa.Row) -> Arrival:
    return Arrival(
        id=row.id,
        product=row.product,
        series=row.series_id,
        sender=row.sender,
        kind=ArrivalKind(row.kind),
        name=row.name,
        sha256=row.sha256,
        size=row.size,
        idempotency_key=row.idempotency_key or "",
        state=ArrivalState(row.state),
        created=row.created,
        progress=from_plain(Progress, json.loads(row.progress)),
        batch=row.batch,
        dataset_id=row.dataset_id,
        rows=row.rows,
        rejected=row.left_out,
        note=from_plain(Note, json.loads(row.note)) if row.note else None,
        ended=row.ended,
        scoring=from_plain(ScoringAsked, json.loads(row.scoring)) if row.scoring else None,
    )
