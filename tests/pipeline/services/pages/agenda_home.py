"""A home with one agenda in it, made once for a module whose tests work on copies."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.products.no_show import PRODUCT
from pipeline.records import DatasetInfo
from pipeline.services import Workspace
from pipeline.services.data import datasets
from pipeline.services.data.placing import Into
from pipeline.services.session import Session
from tests.conftest import TEST_KEY


@contextlib.contextmanager
def kept_agenda(home: Path, content: bytes, now: dt.datetime) -> Iterator[tuple[Session, DatasetInfo]]:
    """Keeps an agenda in a new home; the session works at `now` while this is open."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PRESENCA_HOME", str(home))
        patch.setenv("PRESENCA_KEY", TEST_KEY)
        session = Session(Workspace(), now=lambda: now)
        yield session, datasets.keep(session, PRODUCT.key, content, "agenda.csv", into=Into(name="Clínica A"))
