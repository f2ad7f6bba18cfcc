"""The sense of a data set's comments: read once by the encoder, kept sealed beside the rows, and found again.

Reading takes minutes for thousands of comments. A few are read at once; more are read by a job, and until it ends
the words alone answer.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.errors import Cancelled, PresencaError
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.text import sentence_encoder
from pipeline.modeling.text.comment_field import text_factor
from pipeline.modeling.text.sense import WIDTH, Encoder, Listener
from pipeline.records import JobInfo, Progress, note
from pipeline.services import catalog
from pipeline.services.session import Permission, Session, needs
from pipeline.workspace.jobs import job_queue, kinds
from pipeline.workspace.repositories.senses import KeptVectors, text_key
from pipeline.workspace.store import Workspace

AT_ONCE = 60  # comments that a page reads without a job: two seconds or so
_KEEP_SECONDS = 30.0  # of reading that a stopped job may lose
_OVER = ("failed", "cancelled", "orphaned")


class KeptSense:
    """The encoder of a data set's comments: what was read is found, what was not is read and kept."""

    def __init__(self, workspace: Workspace, dataset_id: str, reader: Encoder | None, name: str) -> None:
        self.name = name
        self._workspace, self._dataset_id, self._reader = workspace, dataset_id, reader
        self._known = _loaded(workspace, dataset_id, name)

    def unread(self, texts: Sequence[str]) -> list[str]:
        """The distinct texts that have no vector yet, the shortest first; silence needs none."""
        distinct = {text for text in texts if text.strip()}
        return sorted((t for t in distinct if text_key(t) not in self._known), key=lambda text: (len(text), text))

    def vectors(self, texts: Sequence[str], listener: Listener | None = None) -> np.ndarray:
        """See `Encoder`; zeros where a text is silent. What is read is kept as it goes, also of a reading that is
        stopped. PresencaError where something is to be read and there is no encoder.
        """
        left = self.unread(texts)
        if left:
            self._read(left, listener)
        silence = np.zeros(WIDTH, dtype=np.float32)
        found = [self._known[text_key(text)] if text.strip() else silence for text in texts]
        return np.array(found, dtype=np.float32).reshape(len(texts), WIDTH)

    def _read(self, left: Sequence[str], listener: Listener | None) -> None:
        if self._reader is None:
            raise PresencaError("sense.no_encoder")
        kept_at, done = time.monotonic(), 0
        try:
            while done < len(left):
                part = left[done : done + sentence_encoder.BATCH]
                found = self._reader.vectors(part)
                self._known |= zip(map(text_key, part), found, strict=True)
                done += len(part)
                if listener is not None:
                    listener(done, len(left))
                if time.monotonic() - kept_at > _KEEP_SECONDS:
                    self._keep()
                    kept_at = time.monotonic()
        finally:
            self._keep()

    def _keep(self) -> None:
        vectors = np.array(list(self._known.values()), dtype=np.float32).reshape(-1, WIDTH)
        self._workspace.save_sense(self._dataset_id, KeptVectors(self.name, tuple(self._known), vectors))


def _loaded(workspace: Workspace, dataset_id: str, name: str) -> dict[str, np.ndarray]:
    kept = workspace.sense(dataset_id)
    if kept is None or kept.encoder != name:
        return {}
    return dict(zip(kept.keys, kept.vectors.astype(np.float32), strict=True))


def keeping(workspace: Workspace, dataset_id: str) -> KeptSense | None:
    """The encoder for a training on a data set; None where none is installed."""
    reader = sentence_encoder.installed()
    return None if reader is None else KeptSense(workspace, dataset_id, reader, reader.name)


@needs(Permission.READ_AGGREGATES)
def encoder_of(session: Session, dataset_id: str, model: TrainedModel) -> Encoder | None:
    """What reads the sense of a data set's comments for a model, at once; None: its words alone answer for now."""
    wanted = _wanted(model)
    if not wanted:
        return None
    if session.workspace.sense_whole(dataset_id) == wanted:
        return KeptSense(session.workspace, dataset_id, None, wanted)
    reader = _reader(wanted)
    if reader is None:
        return None
    kept = KeptSense(session.workspace, dataset_id, reader, wanted)
    texts = _comments(session.workspace, dataset_id)
    if len(kept.unread(texts)) > AT_ONCE:
        return None
    kept.vectors(texts)
    session.workspace.mark_sense_whole(dataset_id, wanted)
    return kept


def can_read() -> bool:
    """Whether an encoder is installed that runs here."""
    return sentence_encoder.installed() is not None


def live(model: TrainedModel) -> Encoder | None:
    """What reads the sense of a comment as it is typed, for a model that learnt one."""
    return _reader(_wanted(model))


def _wanted(model: TrainedModel) -> str:
    return "" if model.reader is None or model.reader.sense is None else model.reader.sense.encoder


def _reader(wanted: str) -> Encoder | None:
    reader = sentence_encoder.installed() if wanted else None
    return reader if reader is not None and reader.name == wanted else None


def _comments(workspace: Workspace, dataset_id: str) -> list[str]:
    factor = text_factor(declared := catalog.product(workspace.dataset(dataset_id).product))
    if factor is None:
        return []
    field = declared.feature(factor).fields[0]
    return [text for text in workspace.rows(dataset_id, [field])[field].tolist() if isinstance(text, str)]


NONE, READ, ABSENT, WAITING, STOPPED = "none", "read", "absent", "waiting", "stopped"


@dataclass(frozen=True)
class SenseState:
    """Whether a model's sense is read of a data set: NONE (the model has none), READ, ABSENT (no encoder here), WAITING
    (a job reads, or is to be started), STOPPED; `job` where there is or was one.
    """

    state: str
    job: JobInfo | None = None


@needs(Permission.READ_AGGREGATES)
def state(session: Session, dataset_id: str, model: TrainedModel) -> SenseState:
    """How far the reading of a data set's comments is, for a model."""
    wanted = _wanted(model)
    if not wanted:
        return SenseState(NONE)
    if session.workspace.sense_whole(dataset_id) == wanted:
        return SenseState(READ)
    if _reader(wanted) is None:
        return SenseState(ABSENT)
    job = job_queue.last_of(session.workspace, dataset_id, kinds.SENSE)
    return SenseState(STOPPED if job is not None and job.state in _OVER else WAITING, job)


@needs(Permission.READ_AGGREGATES, by_unit=True)
def begin(session: Session, dataset_id: str) -> None:
    """Starts the reading of a data set's comments; one of another data set goes first, and then this is asked again."""
    if job_queue.current(session.workspace, None, kinds.SENSE) is None:
        job = job_queue.start(session.workspace, dataset_id, kinds.SENSE)
        session.audit("sense_reading_started", dataset=dataset_id, job=job.id)


@needs(Permission.READ_COMMENTS)
def stop(session: Session, job_id: str) -> None:
    """Asks a reading to stop; what it has read is kept, and it goes on when it is begun again."""
    job_queue.cancel(session.workspace, job_id)
    session.audit("sense_reading_stopped", job=job_id)


@needs(Permission.READ_COMMENTS)
def run(session: Session, job: JobInfo, tell: Callable[[Progress], None], stopped: Callable[[], bool]) -> None:
    """What the job does. PresencaError without an encoder, Cancelled."""
    read(session.workspace, job.dataset_id, tell, stopped)


def read(workspace: Workspace, dataset_id: str, said: Callable[[Progress], None], stopped: Callable[[], bool]) -> None:
    """Reads all comments of a data set. PresencaError without an encoder, Cancelled."""
    encoder = keeping(workspace, dataset_id)
    if encoder is None:
        raise PresencaError("sense.no_encoder")

    def heard(done: int, of: int) -> None:
        if stopped():
            raise Cancelled
        said(Progress(done / of, note("training.reading_sense", done=done, of=of)))

    encoder.vectors(_comments(workspace, dataset_id), heard)
    workspace.mark_sense_whole(dataset_id, encoder.name)
