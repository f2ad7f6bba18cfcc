"""The reader that ships with the app: current, of no clinic, marked, and giving way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.errors import PresencaError
from pipeline.modeling.bundle import bundle
from pipeline.products.satisfaction import PRODUCT
from pipeline.records import STARTER_NAME
from pipeline.services import catalog, open_workspace
from pipeline.services.batch.starter import starter_of, texts_sha256
from pipeline.services.data import datasets
from pipeline.services.models import models, starter
from pipeline.services.pages import comments
from pipeline.services.pages.comments import ALL, CommentFilters
from pipeline.services.session import Session
from tests.refusals import refused

UNRATED = "Texto\nO médico foi ótimo, recomendo\nPéssimo, esperei quatro horas\n-\nNota zero, não volto\n"


@pytest.fixture
def session(workspace_home: Path) -> Session:
    return Session(open_workspace())


def test_what_ships_learnt_from_what_the_generator_writes_today() -> None:
    assert PRODUCT.starter is not None
    model = starter.shipped(PRODUCT.key)
    assert model is not None
    assert model.card.data_sha256 == texts_sha256(PRODUCT.starter), "make-starter satisfaction … makes it again"
    assert model.card.data_name == STARTER_NAME and not model.card.timed


def test_it_is_put_into_the_workspace_once_and_is_no_model_of_a_clinic(session: Session) -> None:
    found = starter.info(session, PRODUCT.key)
    assert found is not None and found.is_starter and starter.info(session, PRODUCT.key) == found
    assert models.models(session, PRODUCT.key) == () and models.suited(session, PRODUCT.key, None) is None
    again = Session(open_workspace())
    assert models.models(again, PRODUCT.key) == () and again.workspace.series(PRODUCT.key) == ()


def test_another_edition_takes_the_place_of_the_old_one(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, model = starter.info(session, PRODUCT.key), starter.shipped(PRODUCT.key)
    assert old is not None and model is not None
    bundle.save(replace(model, card=replace(model.card, seed=1)), tmp_path / "newer.zip")
    monkeypatch.setattr(catalog, "starter_file", lambda _: tmp_path / "newer.zip")
    new = starter.info(session, PRODUCT.key)
    assert new is not None and new.id != old.id
    assert [kept.id for kept in session.workspace.starters(PRODUCT.key)] == [new.id]


def test_a_product_without_comments_ships_none(session: Session) -> None:
    assert starter.info(session, "no_show") is None
    with refused(PresencaError, "não tem leitor de partida"):
        starter_of("no_show")


def test_comments_without_ratings_or_dates_are_read_and_none_is_lost(session: Session) -> None:
    info = datasets.keep(session, PRODUCT.key, UNRATED.encode(), "comentarios.csv")
    reader = starter.info(session, PRODUCT.key)
    assert reader is not None
    heard = comments.hear(session, info.id, reader.id)
    page = comments.listed(session, heard, CommentFilters(), ALL)
    groups = {item.row: item.group for item in page.items}
    assert groups == {2: "promoter", 3: "detractor", 5: "detractor"} and page.total == 3
    found = comments.summary(session, heard, CommentFilters())
    assert (found.events, found.comments, found.rated, found.undated) == (4, 3, 0, 4)
    assert comments.undated(session, heard) == 4
