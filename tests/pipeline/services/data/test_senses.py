"""The sense of a data set's comments: read once, kept sealed, found again, gone with the data set."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import Cancelled, PresencaError, WorkspaceError
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.text import sentence_encoder
from pipeline.modeling.text.sense import Sense, SenseAnswer
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import DatasetInfo
from pipeline.services import Session, Workspace, open_workspace
from pipeline.services.data import datasets, senses
from pipeline.services.models import starter
from pipeline.workspace.audit import entries
from pipeline.workspace.jobs import job_queue, job_worker
from tests.pipeline.modeling.text.encoders import MadeUp
from tests.refusals import refused

COMMENTS = [f"Esperei {word} na recepção" for word in ("muito", "pouco", "horas", "demais", "dias")] * 2


@pytest.fixture
def encoder(monkeypatch: pytest.MonkeyPatch) -> MadeUp:
    made = MadeUp()
    monkeypatch.setattr(sentence_encoder, "installed", lambda: made)
    return made


@pytest.fixture
def space(workspace_home: Path) -> Workspace:
    return open_workspace()


@pytest.fixture
def kept(space: Workspace) -> DatasetInfo:
    return _keep(space, COMMENTS)


def _keep(space: Workspace, comments: list[str]) -> DatasetInfo:
    lines = ["Classificação,Texto", *(f"{1 + n % 5},{text}" for n, text in enumerate(comments))]
    return datasets.keep(space, PRODUCT.key, "\n".join(lines).encode(), "vozes.csv")


@pytest.fixture
def model(encoder: MadeUp) -> TrainedModel:
    found = starter.shipped(PRODUCT.key)
    assert found is not None and found.reader is not None
    heads = tuple(SenseAnswer.silent() for _ in found.reader.answers)
    return replace(found, reader=replace(found.reader, sense=Sense(encoder.name, heads)))


def test_what_was_read_is_found_again_and_never_in_plain(space: Workspace, kept: DatasetInfo, encoder: MadeUp) -> None:
    first = senses.keeping(space, kept.id)
    assert first is not None
    found = first.vectors([*COMMENTS, ""])
    assert sorted(encoder.read) == sorted(set(COMMENTS)) and not found[-1].any()
    again = senses.keeping(space, kept.id)
    assert again is not None and (again.vectors(COMMENTS) == found[:-1]).all() and len(encoder.read) == 5
    folder = space.dataset_folder(kept.id)
    assert not any(b"float16" in p.read_bytes() or b"halffloat" in p.read_bytes() for p in folder.glob("sense*"))
    datasets.delete(space, kept.id)
    assert not folder.exists()


def test_few_comments_are_read_at_once_and_many_wait_for_a_job(
    space: Workspace, kept: DatasetInfo, model: TrainedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = Session(space)
    monkeypatch.setattr(senses, "AT_ONCE", 3)
    assert senses.encoder_of(session, kept.id, model) is None
    assert senses.state(session, kept.id, model).state == senses.WAITING
    monkeypatch.setattr(senses, "AT_ONCE", 5)
    assert senses.encoder_of(session, kept.id, model) is not None
    assert senses.state(session, kept.id, model).state == senses.READ


def test_a_job_reads_all_and_one_that_is_stopped_keeps_what_it_read(
    space: Workspace, kept: DatasetInfo, model: TrainedModel, encoder: MadeUp, monkeypatch: pytest.MonkeyPatch
) -> None:
    session, asked = Session(space), iter((False, True))
    monkeypatch.setattr(sentence_encoder, "BATCH", 2)
    with pytest.raises(Cancelled):
        senses.read(space, kept.id, lambda progress: None, lambda: next(asked))
    assert len(encoder.read) == 4 and senses.state(session, kept.id, model).state == senses.WAITING
    heard: list[float] = []
    senses.read(space, kept.id, lambda progress: heard.append(progress.share), lambda: False)
    assert len(encoder.read) == 5 and heard == [1.0]
    assert senses.state(session, kept.id, model).state == senses.READ
    monkeypatch.setattr(sentence_encoder, "installed", lambda: None)  # what is read serves without an encoder
    found = senses.encoder_of(session, kept.id, model)
    assert found is not None and found.vectors(COMMENTS).any()


def test_without_an_encoder_it_is_said_and_nothing_is_read(
    space: Workspace, kept: DatasetInfo, model: TrainedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sentence_encoder, "installed", lambda: None)
    session = Session(space)
    assert senses.state(session, kept.id, model).state == senses.ABSENT and not senses.can_read()
    assert senses.encoder_of(session, kept.id, model) is None and senses.live(model) is None
    with refused(PresencaError, match="run.py sentido"):
        senses.read(space, kept.id, lambda progress: None, lambda: False)


def test_a_model_without_a_sense_asks_for_nothing(space: Workspace, kept: DatasetInfo, encoder: MadeUp) -> None:
    plain = starter.shipped(PRODUCT.key)
    assert plain is not None
    assert senses.state(Session(space), kept.id, plain).state == senses.NONE
    assert senses.encoder_of(Session(space), kept.id, plain) is None and not encoder.read


def test_a_reading_is_begun_once_and_a_failed_one_waits_for_the_person(
    space: Workspace, kept: DatasetInfo, model: TrainedModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.records import note
    from pipeline.workspace.jobs import processes

    started: list[str] = []
    monkeypatch.setattr(processes, "start", lambda *a, **k: started.append("x") or 1)
    session = Session(space)
    senses.begin(session, kept.id)
    senses.begin(session, kept.id)
    assert len(started) == 1
    job = senses.state(session, kept.id, model).job
    assert job is not None and job_queue.current(space, PRODUCT.key) is None  # it is no training
    with refused(WorkspaceError, match="leitura dos comentários"):
        datasets.delete(space, kept.id)
    senses.stop(session, job.id)
    assert job_worker.is_cancelled(space, job.id)
    job_worker.fail(space, job.id, note("job.fault"))
    assert senses.state(session, kept.id, model).state == senses.STOPPED
    assert "sense_reading_ended" in [entry.action for entry in entries(space)]
    datasets.delete(space, kept.id)
