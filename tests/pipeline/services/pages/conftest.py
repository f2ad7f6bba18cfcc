"""A workspace that learnt from comments, for the tests of the pages that tell what patients say."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import services
from pipeline.products.satisfaction import PRODUCT
from pipeline.services import Workspace
from pipeline.services.data import datasets
from pipeline.services.models import models
from pipeline.services.pages import comments
from pipeline.services.pages.comments import HeardComments
from tests.conftest import TEST_KEY
from tests.toy.house import move_in, train_here


@pytest.fixture(scope="module")
def space(heard_home: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """Each module's own copy; a training in it runs in this process."""
    samples, filled = heard_home
    home = tmp_path_factory.mktemp("pages") / "home"
    shutil.copytree(filled, home)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        patch.setenv("PRESENCA_HOME", str(home))
        move_in(patch, samples, PRODUCT)
        train_here(patch)
        yield services.open_workspace()


@pytest.fixture
def past(space: Workspace) -> str:
    """The id of the file that was learnt from."""
    return next(d.id for d in datasets.datasets(space, PRODUCT.key) if "passado" in d.name)


@pytest.fixture
def heard(space: Workspace, past: str) -> HeardComments:
    """What the model hears in that file."""
    return comments.hear(space, past, models.models(space, PRODUCT.key)[0].id)
