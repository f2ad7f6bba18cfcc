"""The memory of a series' models: one in use, a way back, notes without identities, none deleted by oversight."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from pipeline.errors import PresencaError
from pipeline.modeling.model import TrainedModel
from pipeline.products.no_show import PRODUCT
from pipeline.records import LOADED, ModelInfo
from pipeline.services import Session, open_workspace
from pipeline.services.data import placing
from pipeline.services.models import memory, models
from pipeline.workspace.audit import entries
from tests.pipeline.insight.judged import saved, trained_early
from tests.pipeline.insight.typed import typed_rows
from tests.refusals import refused


@cache
def small() -> TrainedModel:
    return trained_early(typed_rows(900), 4)


@pytest.fixture
def session(workspace_home: Path) -> Session:
    return Session(open_workspace())


@pytest.fixture
def series(session: Session) -> str:
    return placing.create(session, PRODUCT.key, "Clínica daqui").id


@pytest.fixture
def kept(session: Session, series: str, tmp_path: Path) -> list[ModelInfo]:
    """Three models, oldest first; the first was put to use as it came."""
    data = saved(small(), tmp_path / "m.zip")
    return [models.add(session, data, small().card, models.Source(None, f"{n}.csv", series)) for n in "abc"]


def _used(session: Session, series: str) -> str:
    return session.workspace.one_series(series).model_id


def test_one_is_in_use_and_each_says_what_it_is(session: Session, series: str, kept: list[ModelInfo]) -> None:
    found = memory.remembered(session, series)
    assert [one.info.id for one in found.kept] == [info.id for info in reversed(kept)]
    assert found.in_use is not None and found.in_use.info.id == kept[0].id and found.before is None
    assert found.in_use.origin == LOADED and found.in_use.rows == small().card.rows_trained
    assert found.in_use.use is not None and found.in_use.use.at and not found.in_use.use.actor
    assert found.in_use.test == (small().card.test_ahead or small().card.test).model


def test_the_way_back_is_taken_step_by_step_and_written_down(
    session: Session, series: str, kept: list[ModelInfo]
) -> None:
    for info in kept[1:]:
        models.use(session, info.id)
    assert memory.roll_back(session, series).id == kept[1].id == _used(session, series)
    assert memory.roll_back(session, series).id == kept[0].id == _used(session, series)
    with refused(PresencaError, "foi usado antes"):
        memory.roll_back(session, series)
    models.use(session, kept[2].id)
    before = memory.remembered(session, series).before
    assert before is not None and before.id == kept[0].id
    log = [(e.action, e.facts["actor"], e.facts["model"]) for e in entries(session.workspace) if "model" in e.facts]
    assert ("model_rolled_back", "person", kept[1].id) in log and ("model_used", "person", kept[2].id) in log
    assert all(e.at for e in entries(session.workspace))


def test_a_model_that_is_no_more_is_no_way_back(session: Session, series: str, kept: list[ModelInfo]) -> None:
    for info in kept[1:]:
        models.use(session, info.id)
    assert memory.delete(session, kept[1].id) is None
    before = memory.remembered(session, series).before
    assert before is not None and before.id == kept[0].id and _used(session, series) == kept[2].id


def test_the_one_in_use_is_not_deleted_without_a_word(session: Session, series: str, kept: list[ModelInfo]) -> None:
    models.use(session, kept[2].id)
    with refused(PresencaError, "modelo em uso"):
        memory.delete(session, kept[2].id)
    assert _used(session, series) == kept[2].id
    after = memory.delete(session, kept[2].id, in_use_too=True)
    assert after is not None and after.id == kept[0].id == _used(session, series)


def test_a_note_is_kept_sealed_without_identities_and_goes_with_the_model(
    session: Session, series: str, kept: list[ModelInfo]
) -> None:
    said = memory.write_note(
        session, kept[0].id, "Treinado após a mudança de agenda; ligar (11) 98765-4321. " + "x" * 900
    )
    assert said.startswith("Treinado após a mudança de agenda") and "98765" not in said
    assert len(said) <= memory.LONGEST_NOTE
    assert memory.remembered(session, series).in_use.note == said  # type: ignore[union-attr]
    everything = b"".join(p.read_bytes() for p in session.workspace.home.rglob("*") if p.is_file())
    assert "mudança de agenda".encode() not in everything
    assert memory.write_note(session, kept[0].id, "  ") == ""
    assert memory.remembered(session, series).in_use.note == ""  # type: ignore[union-attr]


def test_uses_before_they_were_written_down_can_be_gone_back_to(
    session: Session, series: str, kept: list[ModelInfo]
) -> None:
    with session.workspace.database.write() as connection:
        connection.exec_driver_sql("UPDATE series SET uses = '[]'")
    models.use(session, kept[1].id)
    assert memory.roll_back(session, series).id == kept[0].id
