"""A workspace with one data set of many rows and the past risks of a model, to look at pages with.

Rows are those of a sample that is read as any file, told again and again of other patients on other days; risks and
points are invented, in the shape of a model's. The rows rest as the workspace keeps them. The sealed original is of the
sample alone: no page reads it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from tests.benchmarks import material

if TYPE_CHECKING:
    from pipeline.contract import Product
    from pipeline.modeling.model import OutOfFoldPredictions
    from pipeline.services.session import Session

PART = 250_000  # rows of the sample


def fill(home: str, rows: int, taught: int = 20_000, seed: int = 7) -> list[str]:
    """Fills a workspace; gives the ids of the data set and of a model that has risks of its rows (fresh process)."""
    os.environ.update(PRESENCA_HOME=home, PRESENCA_KEY=material.KEY, PRESENCA_TODAY=material.DAY)
    from pipeline.services import open_workspace
    from pipeline.services.catalog import product
    from pipeline.services.session import Actor, Session

    session = Session(open_workspace(), Actor.HOUSE)
    declared = product(material.PRODUCT)
    parts = Path(home).parent / f"{Path(home).name}_amostra"
    parts.mkdir(parents=True, exist_ok=True)
    dataset = _kept(session, declared, parts, rows, seed)
    model = _model(session, parts, taught)
    past = invented(session.workspace.rows(dataset, ["row", "outcome"]), declared, seed)
    from pipeline.services.data import coded
    from pipeline.services.models.models import pack

    session.workspace.save_past_risks(model, dataset, pack(past))
    coded.opened(session, dataset, model)
    return [dataset, model]


def fill_ahead(home: str, rows: int, taught: int = 20_000, seed: int = 7) -> list[str]:
    """Fills a workspace with appointments to come; gives the ids of the data set and of a model (fresh process)."""
    os.environ.update(PRESENCA_HOME=home, PRESENCA_KEY=material.KEY, PRESENCA_TODAY=material.DAY)
    from pipeline.services import open_workspace
    from pipeline.services.catalog import product
    from pipeline.services.session import Actor, Session

    session = Session(open_workspace(), Actor.HOUSE)
    parts = Path(home).parent / f"{Path(home).name}_amostra"
    parts.mkdir(parents=True, exist_ok=True)
    dataset = _kept(session, product(material.PRODUCT), parts, rows, seed, weeks=(0, 9))
    return [dataset, _model(session, parts, taught)]


def make_list(home: str, dataset: str, model: str) -> None:
    """Makes the list of a data set as its job does (fresh process)."""
    os.environ.update(PRESENCA_HOME=home, PRESENCA_KEY=material.KEY, PRESENCA_TODAY=material.DAY)
    from pipeline.services import Workspace
    from pipeline.services.pages import list_making
    from pipeline.services.session import Actor, Session

    told: dict[str, float] = {}

    def tell(progress: Any) -> None:
        code = getattr(progress.stage, "code", str(progress.stage))
        if code not in told:
            told[code] = progress.share
            print(f"{progress.share:.2f} {code}", file=sys.stderr, flush=True)

    list_making.by_shards(Session(Workspace(), Actor.TRAINING), dataset, model, None, tell, lambda: False)


def _kept(
    session: Session, declared: Product, parts: Path, rows: int, seed: int, weeks: tuple[int, int] | None = None
) -> str:
    from pipeline.ingestion.event_id import EVENT_ID, RECORD_KEY, TAKEN_IN
    from pipeline.services.data import fixing, loading
    from pipeline.services.data.fixing import NOTHING
    from pipeline.workspace.repositories.datasets import Source

    path = parts / "parte.csv"
    material.write(str(path), min(rows, PART), future=weeks is not None, seed=seed)
    dataset = loading.load(declared.key, path, file_name="rede.csv")

    def finish(typed: pd.DataFrame) -> pd.DataFrame:
        made = grown(typed, declared, rows, seed, weeks or (-12, 13))
        keys = np.random.default_rng(seed).permutation(np.arange(1, len(made) + 1).astype(np.uint64)) << np.uint64(20)
        return made.assign(
            **{EVENT_ID: keys, RECORD_KEY: keys, TAKEN_IN: np.full(len(made), np.datetime64("NaT", "us"))}
        )

    placed = session.workspace.add_series(declared.key, "Rede grande").id
    digest = hashlib.sha256(f"{seed} {rows}".encode()).hexdigest()
    source = Source(declared.key, "rede.csv", digest, dataset.raw.table, dataset.raw.row_numbers, series=placed)
    info = session.workspace.add_dataset(
        source, fixing.contents(dataset, NOTHING, finish), fixing.facts(dataset.report), session.today()
    )
    from pipeline.workspace.repositories.dataset_rows import set_values

    with session.workspace.database.write() as connection:
        set_values(connection, info.id, rows=rows)
    return info.id


def grown(
    typed: pd.DataFrame, declared: Product, rows: int, seed: int, weeks: tuple[int, int] = (-12, 13)
) -> pd.DataFrame:
    """So many rows: those of a sample again and again, each time of other patients and some weeks apart, from the first
    number on and before the second.
    """
    rng, size = np.random.default_rng(seed), len(typed)
    place = np.tile(np.arange(size), -(-rows // size))[:rows]
    told = np.arange(rows) // size
    dates = [f.key for f in declared.fields if f.key in typed and f.kind.name == "DATE" and f.key != "birth_date"]
    apart = rng.integers(*weeks, rows).astype("timedelta64[W]")
    made: dict[str, object] = {}
    for key in typed.columns:
        column = typed[key]
        if key == "row":
            made[key] = np.arange(2, rows + 2)
        elif key in dates:
            made[key] = column.to_numpy()[place] + apart
        elif key == "patient_id":
            codes = column.cat.codes.to_numpy().astype(np.int64)
            names = len(column.cat.categories)
            people = pd.Index([f"{n:016x}" for n in range(names * (int(told[-1]) + 1))], dtype="str")
            made[key] = pd.Categorical.from_codes(np.where(codes[place] < 0, -1, codes[place] + names * told), people)
        else:
            made[key] = column.array.take(place)
    return pd.DataFrame(made)


def _model(session: Session, parts: Path, rows: int) -> str:
    """A small model of the same product, trained as the page does, in a series of its own."""
    path = parts / "ensino.csv"
    material.write(str(path), rows, future=False, seed=material.SEED)
    return material.fill_session(session.workspace, str(path))[1]


def invented(rows: pd.DataFrame, declared: Product, seed: int) -> OutOfFoldPredictions:
    """Risks of nine tenths of the rows, with points by factor that sum to them."""
    from pipeline.modeling.model import OutOfFoldPredictions

    rng = np.random.default_rng(seed + 1)
    chosen = rows.loc[rows["outcome"].notna()].iloc[len(rows) // 10 :]
    size = len(chosen)
    factors = [spec.key for spec in declared.features][:16]
    points = {key: rng.normal(0, 0.03, size).astype(np.float32) for key in factors}
    reference = np.where(rng.random(size) < 0.5, 0.2, 0.22)
    whole = sum((values.astype(np.float64) for values in points.values()), np.zeros(size))
    short = np.clip(reference + whole, 0.002, 0.95) - reference - whole
    points[factors[0]] = (points[factors[0]] + short).astype(np.float32)
    risk = reference + sum((values.astype(np.float64) for values in points.values()), np.zeros(size))
    return OutOfFoldPredictions(chosen["row"].to_numpy(), risk, reference, pd.DataFrame(points))


if __name__ == "__main__":
    print(*fill(sys.argv[1], int(sys.argv[2])))
