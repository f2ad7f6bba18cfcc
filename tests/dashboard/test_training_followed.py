"""One window trains while another works: the other's page keeps its model, and is offered the new one."""

from __future__ import annotations

import os

import pytest

from dashboard import state
from pipeline.products.no_show import PRODUCT
from pipeline.records import Progress, note
from pipeline.services import Workspace
from pipeline.services.data import series
from pipeline.services.models import models
from pipeline.workspace.jobs import job_worker, processes
from tests.dashboard.pages import HOME, MODEL, opened, said, sound


@pytest.fixture
def job_id(trained: Workspace, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(processes, "start", lambda *_, **__: os.getpid())
    past = next(d for d in trained.datasets(PRODUCT.key) if d.purpose == "past")
    return models.start_training(trained, past.id, effort="fast").id


def _another_model(space: Workspace) -> str:
    """The same bundle once more, as a training that ended would keep it."""
    first = space.models(PRODUCT.key)[-1]
    return models.import_model(space, PRODUCT.key, models.export_model(space, first.id), first.series).id


@pytest.mark.slow
def test_somebody_elses_training_is_told_of_and_changes_nothing(trained: Workspace, job_id: str) -> None:
    (mine,) = models.models(trained, PRODUCT.key)
    app = sound(opened(MODEL), PRODUCT)
    assert "começado em outra janela" in said(app)
    assert app.button("cancel_training").label == "Parar mesmo assim"
    new = _another_model(trained)
    job_worker.finish(trained, job_id, new)
    app = sound(app.run(), PRODUCT)
    assert app.session_state[state.MODEL] == mine.id and "Há um modelo novo" in said(app)
    assert {b.key for b in app.get("download_button")} and all(
        new not in str(b.key) for b in app.get("download_button")
    )
    assert opened(HOME).session_state[state.MODEL] == mine.id  # whoever comes later is shown the one in use
    app = sound(app.button("newer_use").click().run(), PRODUCT)
    assert app.session_state[state.MODEL] == new and "Há um modelo novo" not in said(app)
    assert series.listed(trained, PRODUCT.key)[0].model_id == new


@pytest.mark.slow
def test_who_goes_back_to_an_older_model_is_not_asked_again(trained: Workspace) -> None:
    (old,) = models.models(trained, PRODUCT.key)
    _another_model(trained)
    models.use(trained, old.id)
    assert "Há um modelo novo" not in said(sound(opened(MODEL), PRODUCT))


def test_ones_own_training_is_followed_through_a_reload(trained: Workspace, job_id: str) -> None:
    app = opened(MODEL)
    app.query_params[state.JOB] = job_id
    app = sound(app.run(), PRODUCT)
    assert "Treinando" in said(app) and app.button("cancel_training").label == "Cancelar"
    job_worker.report_progress(trained, job_id, Progress(1.0, note("training.keeping")))
    assert "cancel_training" not in {button.key for button in sound(app.run(), PRODUCT).button}
    job_worker.finish(trained, job_id, _another_model(trained))
    app = sound(app.run(), PRODUCT)
    assert "Há um modelo novo" in said(app) and state.JOB not in app.query_params


@pytest.mark.slow
def test_a_search_can_be_ended_with_the_best_so_far(trained: Workspace, job_id: str) -> None:
    app = opened(MODEL)
    app.query_params[state.JOB] = job_id
    app = sound(app.run(), PRODUCT)
    assert "settle_training" not in {button.key for button in app.button}  # nothing is looked for yet
    job_worker.report_progress(
        trained, job_id, Progress(0.4, note("training.searching", tried=3, seconds=20, budget=60), best=0.71)
    )
    app = sound(app.run(), PRODUCT)
    assert app.button("settle_training").label == "Parar e usar o melhor até aqui"
    app = sound(app.button("settle_training").click().run(), PRODUCT)
    assert job_worker.is_settled(trained, job_id) and not job_worker.is_cancelled(trained, job_id)
    assert "cancel_training" in {button.key for button in app.button}  # it goes on to its end


@pytest.mark.slow
def test_a_training_that_was_asked_to_stop_says_so_and_is_not_asked_twice(trained: Workspace, job_id: str) -> None:
    app = opened(MODEL)
    app.query_params[state.JOB] = job_id
    app = sound(app.run(), PRODUCT)
    app = sound(app.button("cancel_training").click().run(), PRODUCT)
    assert job_worker.is_cancelled(trained, job_id)
    assert "Cancelando o treino" in said(app) and "cancel_training" not in {button.key for button in app.button}
