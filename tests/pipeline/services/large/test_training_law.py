"""The law of training: any number of shards, any executor, the model and the measures that the whole file gives."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from pipeline import services
from pipeline.errors import Cancelled
from pipeline.executing import Kept, Workers, kept
from pipeline.executing.executors import InProcess
from pipeline.ingestion.dataset import Dataset
from pipeline.modeling import columns_on_disk, drawing
from pipeline.modeling.bundle import bundle
from pipeline.modeling.model import TrainedModel
from pipeline.modeling.training import boosting, left_out_units, train
from pipeline.modeling.training.all_rows import AllRows
from pipeline.products.no_show import PRODUCT
from pipeline.services.large import spread, training

ROWS, MOST = 1_300, 700
OTHERS = [pytest.param(1, marks=pytest.mark.slow), 3, pytest.param(8, marks=pytest.mark.slow)]
RUN = train.TrainingRun("fast", 3, "n.csv", "0" * 64, tells_past=False)
OF_ALL = replace(RUN, effort="thorough")


@dataclass(frozen=True)
class Answer:
    """A model's file and the JSON of its measures, without the moment at which it was made."""

    bundle: bytes
    metrics: str

    @staticmethod
    def of(model: TrainedModel, folder: Path) -> Answer:
        timeless = replace(model, card=replace(model.card, created="2026-01-01T00:00:00+00:00"))
        bundle.save(timeless, folder / "model.zip", product=PRODUCT)
        return Answer((folder / "model.zip").read_bytes(), services.metrics_json(timeless.card))


@pytest.fixture(scope="module", autouse=True)
def in_haste() -> Iterator[None]:
    """A few small trees on a part of the rows, and units left out in turn: all that a training asks of a file."""
    quick = replace(boosting.EFFORTS["fast"], most_rows=MOST, rounds=4, resamples=10, leaves_units_out=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(drawing, "LEAST_EVENTS", 100)
        for name, least in (
            ("ENOUGH_ROWS", 20),
            ("LEAST_UNITS", 2),
            ("_LEAST_JUDGED", 20),
            ("_LEAST_OF_EACH", 2),
            ("LEAST_LABELLED", 99),
            ("LEAST_OF_A_CLASS", 9),
        ):
            patch.setattr(left_out_units, name, least)
        patch.setitem(boosting.EFFORTS, "fast", quick)
        patch.setitem(boosting.EFFORTS, "thorough", replace(quick, seeds=2, leaves_units_out=False, learns_all=True))
        patch.setattr(columns_on_disk, "BLOCK", 200)
        yield


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    file = tmp_path_factory.mktemp("law") / "n.csv"
    services.write_sample("no_show", file, ROWS, 12, errors=True)
    return services.load("no_show", file)


@pytest.fixture(scope="module")
def whole(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Answer:
    model, _ = train.train(dataset.rows, PRODUCT, RUN)
    assert model.card.rows_available is not None, "a part taught"
    assert model.card.new_unit is not None, "units were left out"
    assert model.card.test_frozen is not None, "a list was made for a week"
    return Answer.of(model, tmp_path_factory.mktemp("whole"))


@pytest.fixture(scope="module")
def whole_of_all(dataset: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Answer:
    model, _ = train.train(dataset.rows, PRODUCT, OF_ALL)
    known = int(dataset.rows["outcome"].notna().sum())
    assert (model.card.rows_trained, model.card.rows_available) == (known, None), "all rows taught"
    assert model.card.events_trained == int(dataset.rows["outcome"].sum())
    assert sum(tier.rows for tier in model.card.tiers) < MOST < known, "and a part was tested"
    return Answer.of(model, tmp_path_factory.mktemp("whole"))


def by_shards(dataset: Dataset, executor: Workers, number: int, folder: Path, run: train.TrainingRun = RUN) -> Answer:
    with kept(None, {}) as there:
        doing = spread.Doing(executor, ROWS, lambda _: None)
        rows = training.rows_of(dataset, PRODUCT, there, doing, training.ShareOfTraining(None), number)
        return Answer.of(train.train(rows, PRODUCT, run)[0], folder)


@pytest.mark.parametrize("number", OTHERS)
def test_in_this_process(dataset: Dataset, whole: Answer, number: int, tmp_path: Path) -> None:
    assert by_shards(dataset, InProcess(), number, tmp_path) == whole


@pytest.mark.parametrize("number", OTHERS)
def test_what_learns_from_all_rows_from_disk(
    dataset: Dataset, whole_of_all: Answer, number: int, tmp_path: Path
) -> None:
    assert by_shards(dataset, InProcess(), number, tmp_path, OF_ALL) == whole_of_all


def test_a_training_that_was_cut_short_goes_on_from_its_parts(dataset: Dataset, whole: Answer, tmp_path: Path) -> None:
    told: list[str] = []

    def some_are_there() -> bool:
        return len(list((tmp_path / "work").glob("work-*/columns-*.parquet"))) >= 2

    def rows(cancelled: Callable[[], bool] | None, there: Kept) -> training.RowsInShards:
        said = training.ShareOfTraining(lambda one: told.append(getattr(one.stage, "code", "")))
        doing = spread.Doing(InProcess(), ROWS, lambda _: None, cancelled)
        return training.rows_of(dataset, PRODUCT, there, doing, said, 3)

    with pytest.raises(Cancelled), kept(tmp_path / "work", {}) as there:
        train.train(rows(some_are_there, there), PRODUCT, RUN)
    assert some_are_there() and "large.went_on" not in told
    with kept(tmp_path / "work", {}) as there:
        model, _ = train.train(rows(None, there), PRODUCT, RUN)
    assert Answer.of(model, tmp_path) == whole and "large.went_on" in told
    assert not (tmp_path / "work").exists()


@pytest.mark.slow  # scoring goes through a pool in test_the_law
@pytest.mark.parametrize("number", [1, 3, 8])
def test_in_a_pool(dataset: Dataset, whole: Answer, number: int, tmp_path: Path, pool: Workers) -> None:
    assert by_shards(dataset, pool, number, tmp_path) == whole


@pytest.mark.slow
@pytest.mark.parametrize("number", [1, 3, 8])
def test_on_a_cluster(dataset: Dataset, whole: Answer, number: int, tmp_path: Path, cluster: Workers) -> None:
    assert by_shards(dataset, cluster, number, tmp_path) == whole


@pytest.mark.slow
def test_boosters_of_all_rows_are_grown_once(
    dataset: Dataset, whole_of_all: Answer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A training that was cut short after the first of two goes on with the second."""
    seeds: list[int] = []
    hidden = AllRows.hidden

    def noted(rows: AllRows, seed: int) -> boosting.Part:
        seeds.append(seed)
        return hidden(rows, seed)

    def cut_short(rows: AllRows, seed: int) -> boosting.Part:
        if len(seeds) == 1:
            raise Cancelled
        return noted(rows, seed)

    def trained(there: Kept) -> Answer:
        doing = spread.Doing(InProcess(), ROWS, lambda _: None)
        rows = training.rows_of(dataset, PRODUCT, there, doing, training.ShareOfTraining(None), 3)
        run = replace(OF_ALL, finished=there)
        return Answer.of(train.train(rows, PRODUCT, run)[0], tmp_path)

    monkeypatch.setattr(AllRows, "hidden", cut_short)
    with pytest.raises(Cancelled), kept(tmp_path / "work", {}) as there:
        trained(there)
    monkeypatch.setattr(AllRows, "hidden", noted)
    with kept(tmp_path / "work", {}) as there:
        assert trained(there) == whole_of_all
    assert len(seeds) == boosting.EFFORTS[OF_ALL.effort].seeds and len({*seeds}) == len(seeds) > 1
