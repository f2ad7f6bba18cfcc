"""Taking in what another system sends: on the disk before it is acknowledged, counted once however often it is sent."""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from threading import BoundedSemaphore
from typing import BinaryIO, cast

from pipeline.errors import PresencaError
from pipeline.ingestion import record_table
from pipeline.presentation.locale import names
from pipeline.records import SeriesInfo
from pipeline.records.integration import FOLDER_SENDER, Arrival, ArrivalKind, ArrivalState, Received, ScoringAsked
from pipeline.services import catalog
from pipeline.services.arrivals import waking
from pipeline.services.data import placing
from pipeline.services.models import scoring
from pipeline.services.models.scoring import Asked
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.storage.ids import new_id

_KEY = re.compile(r"[A-Za-z0-9._:-]{1,128}")
_IN_MEMORY = 1 << 20  # bytes of a body that are not written to the disk
_AT_ONCE = BoundedSemaphore(2)  # each holds a body and its records in memory
_ENDINGS = {ArrivalKind.JSON: "json", ArrivalKind.NDJSON: "ndjson", ArrivalKind.CSV: "csv", ArrivalKind.FHIR: "json"}


@dataclass(frozen=True)
class Sending:
    """What is sent: of which product, in which form. `series`: into which ("": the one that can be meant); `name`: of
    the file, "" where it has none; `idempotency_key`: "" where none is given.
    """

    product: str
    kind: ArrivalKind
    series: str = ""
    name: str = ""
    idempotency_key: str = ""


@dataclass(frozen=True)
class ToScore:
    """What is sent to be scored, in which form, as `scoring.chosen` takes it."""

    kind: ArrivalKind
    model: str
    asked: Asked = Asked()
    series: str = ""
    product: str = ""
    idempotency_key: str = ""


@needs(Permission.SEND_RECORDS)
def draft(session: Session) -> BinaryIO:
    """A place for a body that is still coming, which goes when it is closed: nameless, in the workspace's folder."""
    return cast(BinaryIO, tempfile.SpooledTemporaryFile(_IN_MEMORY, dir=str(session.workspace.staging)))


@needs(Permission.SEND_RECORDS)
def receive(session: Session, sending: Sending, body: BinaryIO) -> Received:
    """Keeps what was sent; it is on the disk when this returns, and is read in its turn.

    The same body under the same idempotency key is the same sending: what was kept of it is given back. PresencaError
    for another body under it, for what are no records, and where the series is in doubt.
    """
    declared = catalog.product(sending.product)
    of_all = f"{sending.product}/{sending.series}/{sending.kind}/{sending.name}"
    return _taken(
        session,
        _Body(body, sending.kind, sending.idempotency_key, of_all, sending.name),
        lambda: _Meant(declared.key, _series(session, sending).id),
    )


@needs(Permission.SCORE_RECORDS)
def draft_to_score(session: Session) -> BinaryIO:
    """As `draft`, for what is to be scored."""
    return draft(session)


@needs(Permission.SCORE_RECORDS)
def receive_to_score(session: Session, sending: ToScore, body: BinaryIO) -> Received:
    """As `receive`, of what is scored in its turn and joins no data set. WorkspaceError without the model."""
    asked = sending.asked
    of_all = f"score/{sending.model}/{sending.product}/{sending.series}/{sending.kind}/{asked.history}/{asked.as_of}"

    def meant() -> _Meant:
        info = scoring.chosen(session, sending.model, sending.series, sending.product)
        return _Meant(info.product, info.series, ScoringAsked(info.id, asked.history, asked.as_of))

    return _taken(session, _Body(body, sending.kind, sending.idempotency_key, of_all), meant)


@dataclass(frozen=True)
class _Body:
    """What came. `told`: all that makes two sendings the same, but for their content."""

    content: BinaryIO
    kind: ArrivalKind
    idempotency_key: str
    told: str
    name: str = ""


@dataclass(frozen=True)
class _Meant:
    """What it is for."""

    product: str
    series: str
    scoring: ScoringAsked | None = None


def _taken(session: Session, sent: _Body, meant: Callable[[], _Meant]) -> Received:
    """Keeps a body, unless the sender has sent it before. `meant`: asked of what is new alone."""
    if sent.idempotency_key and not _KEY.fullmatch(sent.idempotency_key):
        raise PresencaError("sending.key_malformed")
    with _AT_ONCE:
        sent.content.seek(0)
        content = sent.content.read()
        digest = hashlib.sha256(f"{sent.told}\n".encode() + content).hexdigest()
        if (known := _known(session, sent.idempotency_key, digest)) is not None:
            return Received(known, repeated=True)
        arrival = _arrival(session, sent, content, digest, meant)
        kept = session.workspace.add_arrival(arrival, content)
    if kept.id != arrival.id:  # two at once under one key
        return Received(_same(kept, digest), repeated=True)
    session.audit("arrival_taken", arrival=kept.id, product=kept.product, kind=str(kept.kind), size=kept.size)
    waking.wake()
    return Received(kept)


def _arrival(session: Session, sent: _Body, content: bytes, digest: str, meant: Callable[[], _Meant]) -> Arrival:
    rows, target, arrival_id = _count(sent.kind, content), meant(), new_id()
    return Arrival(
        id=arrival_id,
        product=target.product,
        series=target.series,
        sender=_sender(session),
        kind=sent.kind,
        name=sent.name or names.sending(arrival_id, _ENDINGS.get(sent.kind, "")),
        sha256=digest,
        size=len(content),
        idempotency_key=sent.idempotency_key,
        state=ArrivalState.WAITING,
        created=session.now().isoformat(timespec="seconds"),
        rows=rows,
        scoring=target.scoring,
    )


def _sender(session: Session) -> str:
    return session.key.id if session.key is not None else FOLDER_SENDER


def _known(session: Session, idempotency_key: str, digest: str) -> Arrival | None:
    if not idempotency_key:
        return None
    found = session.workspace.arrival_of_key(_sender(session), idempotency_key)
    return None if found is None else _same(found, digest)


def _same(found: Arrival, digest: str) -> Arrival:
    if found.sha256 != digest:
        raise PresencaError("sending.other_body")
    return found


def _count(kind: ArrivalKind, content: bytes) -> int:
    """How many records there are, where that is told at once; 0 for what is read as a file."""
    if kind is ArrivalKind.JSON:
        return len(record_table.from_json(content))
    if kind is ArrivalKind.NDJSON:
        return len(record_table.from_lines(content))
    if not content.strip():
        raise PresencaError("sending.empty")
    return 0


def _series(session: Session, sending: Sending) -> SeriesInfo:
    """The series that is named, or the sender's last, or the only one, or a new one. PresencaError where several can
    be meant: which clinic's records these are is never guessed.
    """
    known = [s for s in session.workspace.series(sending.product) if not s.is_sample]
    if sending.series:
        named = next((s for s in known if s.id == sending.series), None)
        if named is None:
            raise PresencaError("sending.series_gone")
        return named
    last = session.workspace.last_series(_sender(session), sending.product)
    found = [s for s in known if s.id == last] or known
    if len(found) > 1:
        raise PresencaError("sending.which_series", known=[s.id for s in known])
    name = session.key.name if session.key is not None else names.SENT
    return found[0] if found else placing.create(session, sending.product, name)
