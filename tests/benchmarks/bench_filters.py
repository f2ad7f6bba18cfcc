"""A change of filter on the risk page against the same group-bys done bare in pandas, filtering included."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping

import numpy as np
import pandas as pd

from tests.benchmarks import material
from tests.benchmarks.harness import Result, fresh, seconds_of, written

TITLE = "filtrar"
LIMIT = 3.0
HERE = "tests.benchmarks.bench_filters"
REPEATS = 7
DIMENSIONS = ("unit", "uf", "health_plan", "procedure")
LEADS = [-1, 0, 3, 7, 15, 30, 60, np.inf]


def measure(quick: bool = False) -> list[Result]:
    """Sum over several filters of the best times of each side, taken in turn in one warm process."""
    rows = material.QUICK if quick else material.HUNDRED_THOUSAND
    home, dataset, model = material.workspace(rows)
    answer = fresh(f"{HERE}:both", str(home), dataset, model).answer
    ours, theirs, options, why = answer["ours"], answer["theirs"], answer["options"], answer["why"]
    detail = (
        f"{written(1000 * ours)} ms contra {written(1000 * theirs)} ms por filtro, média de {answer['filters']} filtros"
    )
    name = f"{written(rows)} linhas"
    return [
        Result(
            f"{name}, mudar um filtro",
            ours / theirs,
            None if quick else LIMIT,
            reference="groupby em pandas, com o filtro",
            detail=detail,
        ),
        Result(
            f"{name}, com tudo o que a página pede",
            (ours + options + why) / theirs,
            None if quick else LIMIT,
            reference="o mesmo; a página também lê as opções e diz por que um grupo está acima",
            detail=f"mais {written(1000 * options)} ms e {written(1000 * why)} ms",
        ),
    ]


def both(home: str, dataset_id: str, model_id: str) -> dict[str, float]:
    """Mean seconds a filter of both sides (fresh process, warm after a first call of each)."""
    os.environ["PRESENCA_HOME"] = home
    from pipeline.services import open_workspace
    from pipeline.services.pages import risk

    space = open_workspace()
    options = risk.options(space, dataset_id)
    last = options.last_date or dt.date.today()
    chosen: list[tuple[int, Mapping[str, tuple[str, ...]]]] = [
        (0, {}),
        (182, {}),
        (0, {"uf": options.of("uf")[:1]}),
        (365, {"health_plan": options.of("health_plan")[:2]}),
        (0, {"unit": options.of("unit")[:3], "procedure": options.of("procedure")[:5]}),
    ]
    filters = [risk.Filters(last - dt.timedelta(days - 1) if days else None, None, values) for days, values in chosen]
    frame = _joined(space, risk, dataset_id, model_id)
    _agree(risk.overview(space, dataset_id, model_id, filters[1]), frame, filters[1])
    sides: list[list[list[float]]] = [[[] for _ in filters] for _ in range(4)]
    ours, theirs, listed, explained = sides
    first = options.of("unit")[0]
    for _ in range(REPEATS):
        for i, one in enumerate(filters):
            ours[i].append(seconds_of(lambda one=one: risk.overview(space, dataset_id, model_id, one)))  # type: ignore[misc]
            theirs[i].append(seconds_of(lambda one=one: bare(frame, one)))  # type: ignore[misc]
            listed[i].append(seconds_of(lambda: risk.options(space, dataset_id)))
            explained[i].append(seconds_of(lambda one=one: risk.why(space, dataset_id, model_id, "unit", first, one)))  # type: ignore[misc]
    means = [float(np.mean([min(times) for times in side])) for side in sides]
    return dict(zip(("ours", "theirs", "options", "why"), means, strict=True), filters=len(filters))


def _joined(space: object, risk: object, dataset_id: str, model_id: str) -> pd.DataFrame:
    """Typed rows with the risk of each, in memory: what an analyst would have at hand."""
    rows = space.rows(dataset_id, columns=["row", "outcome", "scheduled_date", "contact_date", *DIMENSIONS])  # type: ignore[attr-defined]
    past = risk.past_risks(space, dataset_id, model_id)  # type: ignore[attr-defined]
    return rows.assign(risk=rows["row"].map(pd.Series(past.risk, index=past.row)))


def bare(frame: pd.DataFrame, filters: object) -> list[pd.DataFrame]:
    """The same sums by pandas: the filter, then one group-by for each table of the page."""
    keep = np.ones(len(frame), dtype=bool)
    if filters.first_date is not None:  # type: ignore[attr-defined]
        keep &= (frame["scheduled_date"] >= pd.Timestamp(filters.first_date)).to_numpy()  # type: ignore[attr-defined]
    for field, values in filters.values.items():  # type: ignore[attr-defined]
        if values:
            keep &= frame[field].isin(list(values)).to_numpy()
    chosen = frame[keep]
    day = chosen["scheduled_date"]
    lead = pd.cut((day - chosen["contact_date"]).dt.days, LEADS)
    keys = [*(chosen[name] for name in DIMENSIONS), day.dt.to_period("M"), [day.dt.day_of_week, lead]]
    return [
        chosen.groupby(key, observed=True).agg(
            rows=("row", "size"), known=("outcome", "count"), events=("outcome", "sum"), risk=("risk", "mean")
        )
        for key in keys
    ]


def _agree(view: object, frame: pd.DataFrame, filters: object) -> None:
    """Both sides count the same, or the ratio would say nothing."""
    unit = bare(frame, filters)[0]
    found = {row.value: row for row in dict(view.groups)["unit"]}  # type: ignore[attr-defined]
    for value, line in unit.iterrows():
        same = (found[value].rows, found[value].events) == (line["rows"], line["events"])
        if not same or not np.isclose(found[value].predicted or np.nan, line["risk"], equal_nan=True):
            raise RuntimeError(f"as duas contas diferem em {value}")
