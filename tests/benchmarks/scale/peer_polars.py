"""The same in polars, lazy wherever it can be: the streaming engine reads and groups, `join_asof` finds the moments.

`python -m tests.benchmarks.scale.peer_polars check|features SOURCE OUT`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import polars as pl

from tests.benchmarks.scale.peers import PATIENT, RATED, STATUSES, TEXTS, UFS, sampled

_PRIOR_WEIGHT, _SMOOTHING, _WINDOW = 2.0, 25.0, 365


def scan(source: str) -> pl.LazyFrame:
    """All as text, nothing read yet; empty cells stay empty."""
    if source.endswith(".parquet"):
        return pl.scan_parquet(source).rename(TEXTS)
    return pl.scan_csv(source, separator=";", infer_schema=False, empty_string_is_null=False).rename(TEXTS)


def _day(name: str) -> pl.Expr:
    return pl.col(name).str.slice(0, 10).str.to_date("%d/%m/%Y", strict=False)


def check(rows: pl.LazyFrame) -> dict[str, int]:
    """The counts of `peer_pandas.check`."""
    dated = rows.with_columns(_day("contact").alias("c"), _day("event").alias("e"), _day("birth").alias("b"))
    empty = pl.col("event") == ""
    one = dated.select(
        rows=pl.len(),
        scheduled_missing=empty.sum(),
        scheduled_unreadable=(pl.col("e").is_null() & ~empty).sum(),
        contact_after_scheduled=(pl.col("c") > pl.col("e")).sum(),
        birth_after_contact=(pl.col("b") > pl.col("c")).sum(),
        patient_missing=(pl.col(PATIENT) == "").sum(),
        status_unknown=(~pl.col("status").is_in([*STATUSES, ""])).sum(),
        uf_unknown=(~pl.col("uf").is_in([*UFS, ""])).sum(),
    )
    same = rows.group_by(PATIENT, "event", "procedure", "unit").agg(n=pl.len())
    again = same.filter(pl.col("n") > 1).select(repeated=pl.col("n").sum())
    parts = [one, again, *(_conflicts(rows, *pair) for pair in ((PATIENT, "birth"), ("unit", "uf")))]
    found = [part.collect(engine="streaming").row(0, named=True) for part in parts]
    return {name: int(count or 0) for line in found for name, count in line.items()}


def _conflicts(rows: pl.LazyFrame, key: str, value: str) -> pl.LazyFrame:
    filled = pl.col(key) != "", pl.col(value) != ""
    kinds = pl.col(value).filter(pl.col(value) != "").n_unique()
    groups = rows.filter(filled[0]).group_by(key).agg(n=pl.len(), kinds=kinds)
    name = "patient_two_births" if key == PATIENT else "unit_two_ufs"
    return groups.filter(pl.col("kinds") > 1).select(pl.col("n").sum().alias(name))


def features(rows: pl.LazyFrame) -> pl.DataFrame:
    """The columns of `peer_pandas.features`."""
    number = {name: _day(name).cast(pl.Int32).cast(pl.Float64) for name in ("contact", "event")}
    outcome = pl.col("status").replace_strict(STATUSES, default=None, return_dtype=pl.Float64)
    codes = {name: pl.col(name).replace("", None).cast(pl.Categorical).to_physical() for name in (PATIENT, *RATED)}
    line = rows.select(**number, outcome=outcome, everyone=pl.lit(0, pl.UInt32), **codes)
    line = line.with_columns(moment=pl.max_horizontal("contact", pl.col("event") - 1)).with_row_index("row")
    table = line.collect(engine="streaming")
    total, missed, _ = _windowed(table, "everyone")
    prior = np.where(total > 0, missed / np.maximum(total, 1), np.nan)
    outcomes, events, last = _windowed(table, PATIENT)
    moment, event = table["moment"].to_numpy(), table["event"].to_numpy()
    since = moment - last
    made = {
        "lead_time__days": event - table["contact"].to_numpy(),
        "lead_time__ahead": event - moment,
        "calendar__weekday": (event + 3) % 7,
        "history__outcomes": np.where(total > 0, outcomes, np.nan),
        "history__events": np.where(total > 0, events, np.nan),
        "history__rate": (events + _PRIOR_WEIGHT * prior) / (outcomes + _PRIOR_WEIGHT) - prior,
        "history__days_since_last": np.where(since <= _WINDOW, since, np.nan),
    }
    for name in RATED:
        outcomes, events, _ = _windowed(table, name)
        rate = (events + _SMOOTHING * prior) / (outcomes + _SMOOTHING) - prior
        made[f"{name}__rate"] = np.where(table[name].is_not_null().to_numpy() & (total > 0), rate, np.nan)
    return pl.DataFrame(made)


def _windowed(table: pl.DataFrame, key: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Known outcomes and events of each row's `key` in the window before its moment, and the last such day."""
    known = table.lazy().filter(pl.col("outcome").is_not_null() & pl.col(key).is_not_null())
    daily = known.group_by(key, "event").agg(n=pl.len().cast(pl.Float64), missed=pl.col("outcome").sum())
    daily = daily.sort(key, "event").with_columns(pl.col("n", "missed").cum_sum().over(key))
    right = daily.select(key, "n", "missed", at="event", day="event").sort("at").collect()
    before, start = (_as_of(table, key, right, back) for back in (0, _WINDOW))
    outcomes, events = (
        before[name].fill_null(0.0).to_numpy() - start[name].fill_null(0.0).to_numpy() for name in ("n", "missed")
    )
    return outcomes, events, before["day"].fill_null(float("nan")).to_numpy()


def _as_of(table: pl.DataFrame, key: str, right: pl.DataFrame, back: int) -> pl.DataFrame:
    asked = table.lazy().select("row", key, at=pl.col("moment") - back).sort("at")
    how = {"strategy": "backward", "allow_exact_matches": False, "check_sortedness": False}  # both are sorted
    found = asked.join_asof(right.lazy(), on="at", by=key, **how)
    return found.sort("row").collect()


def main(what: str, source: str, out: str) -> None:
    """Does one of the two and writes what came of it."""
    if what == "check":
        Path(out).write_text(json.dumps(check(scan(source))), encoding="utf-8")
    else:
        made = features(scan(source))
        made.filter(sampled(len(made))).write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
