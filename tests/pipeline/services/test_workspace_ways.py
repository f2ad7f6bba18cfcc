"""Ways through the workspace that pages rely on: what a deletion takes along, and what a refusal leaves."""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from pipeline.errors import PresencaError
from pipeline.services import Workspace, open_workspace
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.models import models
from pipeline.services.pages import agenda, call_files, risk
from pipeline.services.pages.agenda import ListFilters
from pipeline.services.pages.risk import Filters
from tests.refusals import refused
from tests.toy.house import fill, move_in
from tests.toy.products import LIBRARY


@pytest.fixture
def filled(tmp_path: Path, workspace_home: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    (tmp_path / "samples").mkdir()
    move_in(monkeypatch, tmp_path / "samples", LIBRARY, rows=1_000, upcoming=20)
    return fill(workspace_home, monkeypatch, LIBRARY.key)


def test_one_workspace_from_the_first_file_to_the_last_deletion(filled) -> None:  # type: ignore[no-untyped-def]
    future, past = sorted(datasets.datasets(filled, LIBRARY.key), key=lambda d: d.purpose)
    (model,) = models.models(filled, LIBRARY.key)
    assert (future.purpose, past.purpose) == ("future", "past")

    # a model that leaves the house and comes back gives the same risks
    again = models.import_model(filled, LIBRARY.key, models.export_model(filled, model.id))
    first, second = (agenda.score(filled, future.id, m.id) for m in (model, again))
    pages = [agenda.page(filled, a, ListFilters(), by_row=True).chosen["risk"].tolist() for a in (first, second)]
    assert pages[0] == pages[1] and len(pages[0]) == 20

    # the sealed sheet goes, the pseudonyms stay
    def header(**options: bool) -> str:
        return call_files.csv(filled, first, ListFilters(), by_row=True, **options).decode("utf-8-sig").splitlines()[0]

    assert "Carteirinha" in header(identified=True) and "Carteirinha" not in header()  # only where it was asked for
    assert call_files.can_identify(filled, future.id)
    datasets.erase_raw(filled, future.id)
    assert "Carteirinha" not in header(identified=True) and not call_files.can_identify(filled, future.id)
    assert len(call_files.csv(filled, first, ListFilters(), by_row=True).splitlines()) == 21

    # past rows carry risks of models that had not seen them; they go with their data
    assert risk.overview(filled, past.id, model.id, Filters(None, None, {})).predicted is not None
    learnt = datasets.delete(filled, past.id)
    assert model.id in {m.id for m in learnt}
    assert models.load(filled, model.id).card.product == LIBRARY.key
    assert next(m for m in models.models(filled, LIBRARY.key) if m.id == model.id).dataset_deleted

    models.delete_model(filled, model.id, in_use_too=True)
    with pytest.raises(PresencaError):
        agenda.page(filled, first, ListFilters())
    assert [d.id for d in datasets.datasets(open_workspace(), LIBRARY.key)] == [future.id]


def test_refusals_leave_nothing_behind(filled) -> None:  # type: ignore[no-untyped-def]
    before = datasets.datasets(filled, LIBRARY.key), models.models(filled, LIBRARY.key)
    future = next(d for d in before[0] if d.purpose == "future")
    with pytest.raises(PresencaError):
        datasets.keep(filled, LIBRARY.key, b"cor;peso\nazul;3\n", "outro.csv")
    with pytest.raises(PresencaError):
        models.import_model(filled, LIBRARY.key, b"nada")
    with pytest.raises(PresencaError):
        models.start_training(filled, future.id, effort="fast")
    scored = agenda.score(filled, future.id, before[1][0].id)
    with refused(PresencaError, match="9999"):
        agenda.explain(filled, scored, 9999)
    with pytest.raises(PresencaError):
        agenda.page(filled, dataclasses.replace(scored, model_id="0123456789ab"), ListFilters())
    assert (datasets.datasets(filled, LIBRARY.key), models.models(filled, LIBRARY.key)) == before


def _risks(workspace: Workspace, future: str, model: str, day: dt.date) -> list[float]:
    scored = agenda.score(workspace, future, model, day)
    return agenda.page(workspace, scored, ListFilters(), by_row=True).chosen.sort_values("row")["risk"].tolist()


def test_a_file_kept_twice_or_in_part_tells_nothing_twice(filled, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    future, past = sorted(datasets.datasets(filled, LIBRARY.key), key=lambda d: d.purpose)
    (model,) = models.models(filled, LIBRARY.key)
    day = agenda.score(filled, future.id, model.id).as_of
    alone = _risks(filled, future.id, model.id, day)
    text = (tmp_path / "samples" / past.name).read_bytes()
    datasets.keep(filled, LIBRARY.key, text, past.name, into=Into(is_sample=True))
    assert _risks(filled, future.id, model.id, day) == alone
    lines = text.splitlines(keepends=True)
    datasets.keep(filled, LIBRARY.key, b"".join([lines[0], *lines[-300:]]), "parte.csv", into=Into(is_sample=True))
    assert _risks(filled, future.id, model.id, day) == alone
    datasets.keep(filled, LIBRARY.key, text + lines[-1], "da_clinica.csv")  # a clinic's own never mixes with samples
    assert _risks(filled, future.id, model.id, day) == alone


def test_a_list_is_made_again_when_the_past_changes(filled) -> None:  # type: ignore[no-untyped-def]
    future, past = sorted(datasets.datasets(filled, LIBRARY.key), key=lambda d: d.purpose)
    (model,) = models.models(filled, LIBRARY.key)
    day = agenda.score(filled, future.id, model.id).as_of
    before = _risks(filled, future.id, model.id, day)
    datasets.delete(filled, past.id)
    assert _risks(filled, future.id, model.id, day) != before


def test_no_model_of_a_sample_is_taken_for_a_clinic(filled, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    future, past = sorted(datasets.datasets(filled, LIBRARY.key), key=lambda d: d.purpose)
    (model,) = models.models(filled, LIBRARY.key)
    assert models.learnt_from_sample(filled, model)
    assert models.suited(filled, LIBRARY.key, past) == models.suited(filled, LIBRARY.key, future) == model
    lines = (tmp_path / "samples" / past.name).read_bytes().splitlines(keepends=True)
    own = datasets.keep(filled, LIBRARY.key, b"".join(lines[:-1]), "da_clinica.csv")
    assert models.suited(filled, LIBRARY.key, own) is None
    job = models.start_training(filled, own.id, effort="fast")
    assert models.suited(filled, LIBRARY.key, own) == filled.model(job.model_id)
    assert models.suited(filled, LIBRARY.key, past) == model
    datasets.delete(filled, past.id)
    (gone,) = (m for m in models.models(filled, LIBRARY.key) if m.id == model.id)
    assert gone.dataset_deleted and models.learnt_from_sample(filled, gone)
