"""Two servers with a folder each, one PostgreSQL, one store: what is erased on one is gone from both, and from it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline import services
from pipeline.privacy import pseudonym
from pipeline.services.data import caches, datasets
from pipeline.services.data.placing import Into
from pipeline.services.privacy import patients
from pipeline.services.session import Session
from pipeline.workspace.maintenance import files_check, records_check
from pipeline.workspace.repositories.datasets import VAULT
from pipeline.workspace.storage import object_store
from pipeline.workspace.store import Workspace
from tests.pipeline.services.privacy.test_patients import CPF, NO_SHOW, sheet
from tests.pipeline.workspace import made

pytestmark = pytest.mark.postgres


def servers(tmp_path: Path) -> Iterator[tuple[Workspace, Workspace]]:
    with contextlib.ExitStack() as ends:
        first, second = (services.open_workspace(tmp_path / name) for name in ("a", "b"))
        for one in (first, second):
            ends.callback(one.close)
        yield first, second


@pytest.fixture
def two(on_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Workspace, Workspace]]:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-03-20")
    monkeypatch.setenv("PRESENCA_STORE", f"file://{tmp_path / 'bucket'}")
    yield from servers(tmp_path)


def told(space: Workspace) -> bool:
    """Whether the patient is in what is cached of the one data set, typed or sealed."""
    code = pseudonym(CPF, space.key)
    found = space.datasets()[0]
    raw = space.raw(found.id)
    in_sheet = raw is not None and CPF in str(raw.to_pylist())
    return in_sheet or bool((space.rows(found.id)["patient_id"] == code).any())


def erased_on_the_other(first: Workspace, second: Workspace) -> None:
    one, other = Session(first), Session(second)
    kept = datasets.keep(one, NO_SHOW, sheet(), "marco.csv", into=Into(name="Centro"))
    assert second.rows(kept.id).equals(first.rows(kept.id)) and told(first) and told(second)
    store = object_store.chosen(first.home)
    assert store is not None
    before, held = set(store.listing()), {p: p.read_bytes() for p in first.dataset_folder(kept.id).rglob("*.*")}
    patients.erase(other, patients.find(other, CPF))
    assert not before & set(store.listing())  # every object that held the patient is gone
    caches.look(first)
    left = {p: p.read_bytes() for p in first.dataset_place(kept.id).rglob("*.*")}
    assert not any(left.get(path) == content and path.name != "faults.parquet" for path, content in held.items())
    assert len(first.rows(kept.id)) == 40 and not told(first) and not told(second)
    first.erase_raw(kept.id)
    caches.look(second)
    assert not list(second.home.rglob(VAULT)) and not [one for one in store.listing() if VAULT in one]
    with records_check.reading(first.home) as records:
        assert list(files_check.of_files(first.home, records, first.key)) == []
    first.delete_dataset(kept.id)
    caches.look(second)
    assert store.listing() == {} and not [p for p in (second.home / "datasets").rglob("*") if p.is_file()]


def test_a_patient_erased_on_one_server_is_gone_from_the_other_and_from_the_store(
    two: tuple[Workspace, Workspace],
) -> None:
    erased_on_the_other(*two)


@pytest.mark.slow
def test_the_same_with_a_local_s3(moto: str, on_postgres: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRESENCA_TODAY", "2026-03-20")
    monkeypatch.setenv("PRESENCA_STORE", moto)
    for first, second in servers(tmp_path):
        erased_on_the_other(first, second)
        model = made.add_model(first, None)
        assert second.bundle_path(model).read_bytes() == b"bundle"


def test_what_was_done_is_no_ones_alone_and_old_copies_of_the_records_go(two: tuple[Workspace, Workspace]) -> None:
    first, second = two
    for one in two:
        (one.home / "follow_ups" / ("0" * 12)).mkdir(parents=True)  # of a workspace that was restored here
        (one.home / "backups" / "v1.sqlite").write_bytes(b"of before")
    kept = datasets.keep(Session(first), NO_SHOW, sheet(), "marco.csv", into=Into(name="Centro"))
    assert kept.id in {one.id for one in second.datasets()}
    time.sleep(1.1)  # moments of erasures are told by the second
    patients.erase(Session(second), patients.find(Session(second), CPF))
    for one in two:
        caches.look(one)
        assert not (one.home / "follow_ups").exists() and not list((one.home / "backups").iterdir())
        assert not list(one.home.rglob("record.json"))
