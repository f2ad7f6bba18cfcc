"""What an analyst would write in pandas: read, check, the same columns of features.

`python -m tests.benchmarks.scale.peer_pandas check|features SOURCE OUT`: `check` writes counts as JSON, `features` the
columns of some rows as Parquet. Sums up to a moment are cumulative counts by value and day, found by `merge_asof`.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from tests.benchmarks.scale.peers import PATIENT, RATED, STATUSES, TEXTS, UFS, sampled

_PRIOR_WEIGHT, _SMOOTHING, _WINDOW = 2.0, 25.0, 365


def read(source: str) -> pd.DataFrame:
    """All as text, by pandas' fastest reader; empty cells stay empty."""
    if source.endswith(".parquet"):
        return pd.read_parquet(source).rename(columns=TEXTS)
    table = pd.read_csv(source, sep=";", dtype="str", engine="pyarrow", keep_default_na=False, encoding="utf-8-sig")
    return table.rename(columns=TEXTS)


def days(column: pd.Series) -> np.ndarray:
    """Day numbers of d/m/y texts, NaN where there is no date; each distinct text is parsed once."""
    codes, distinct = pd.factorize(column)
    parsed = pd.to_datetime(pd.Series(distinct).str.slice(0, 10), format="%d/%m/%Y", errors="coerce")
    numbers = (parsed.to_numpy() - np.datetime64("1970-01-01")) / np.timedelta64(1, "D")
    return numbers[codes]


def check(table: pd.DataFrame) -> dict[str, int]:
    """Counts of what is wrong, under the codes of our rules where they mean the same."""
    contact, event, birth = (days(table[name]) for name in ("contact", "event", "birth"))
    return {
        "scheduled_missing": int((table["event"] == "").sum()),
        "scheduled_unreadable": int((np.isnan(event) & (table["event"] != "")).sum()),
        "contact_after_scheduled": int((contact > event).sum()),
        "birth_after_contact": int((birth > contact).sum()),
        "patient_missing": int((table[PATIENT] == "").sum()),
        "status_unknown": int((~table["status"].isin([*STATUSES, ""])).sum()),
        "uf_unknown": int((~table["uf"].isin([*UFS, ""])).sum()),
        "repeated": int(table.duplicated([PATIENT, "event", "procedure", "unit"], keep=False).sum()),
        "patient_two_births": _conflicts(table, PATIENT, "birth"),
        "unit_two_ufs": _conflicts(table, "unit", "uf"),
    }


def _conflicts(table: pd.DataFrame, key: str, value: str) -> int:
    pairs = table.loc[(table[key] != "") & (table[value] != ""), [key, value]].drop_duplicates()
    many = pairs[key].value_counts()
    return int(table[key].isin(many.index[many > 1]).sum())


def features(table: pd.DataFrame) -> pd.DataFrame:
    """The columns of every row that both make."""
    contact, event = days(table["contact"]), days(table["event"])
    outcome = table["status"].map(STATUSES).to_numpy(dtype="float64")
    line = pd.DataFrame({"event": event, "moment": np.maximum(contact, event - 1), "outcome": outcome})
    line["all"] = 0
    made = {"lead_time__days": event - contact, "lead_time__ahead": event - line["moment"]}
    made["calendar__weekday"] = (event + 3) % 7
    total, missed, _ = _windowed(line, line["all"])
    prior = np.where(total > 0, missed / np.maximum(total, 1), np.nan)
    own = pd.Series(pd.factorize(table[PATIENT])[0])
    outcomes, events, last = _windowed(line, own)
    made["history__outcomes"], made["history__events"] = (np.where(total > 0, n, np.nan) for n in (outcomes, events))
    made["history__rate"] = (events + _PRIOR_WEIGHT * prior) / (outcomes + _PRIOR_WEIGHT) - prior
    since = line["moment"] - last
    made["history__days_since_last"] = since.where(since <= _WINDOW)
    for name in RATED:
        codes = pd.Series(pd.factorize(table[name].where(table[name] != ""))[0])
        outcomes, events, _ = _windowed(line, codes)
        rate = (events + _SMOOTHING * prior) / (outcomes + _SMOOTHING) - prior
        made[f"{name}__rate"] = np.where((codes >= 0) & (total > 0), rate, np.nan)
    return pd.DataFrame(made)


def _windowed(line: pd.DataFrame, key: pd.Series) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Known outcomes and events of each row's `key` in the window before its moment, and the last such day."""
    known = line["outcome"].notna() & (key >= 0)
    daily = line[known].groupby([key[known].rename("key"), "event"])["outcome"].agg(["size", "sum"]).reset_index()
    daily[["size", "sum"]] = daily.groupby("key")[["size", "sum"]].cumsum()
    daily = daily.rename(columns={"event": "day"}).sort_values("day", kind="stable")
    before = _as_of(line["moment"], key, daily)
    start = _as_of(line["moment"] - _WINDOW, key, daily)
    outcomes, events = (before[name].fillna(0.0) - start[name].fillna(0.0) for name in ("size", "sum"))
    return outcomes.to_numpy(), events.to_numpy(), before["day"].to_numpy()


def _as_of(moment: pd.Series, key: pd.Series, daily: pd.DataFrame) -> pd.DataFrame:
    """The last day's running counts strictly before each moment, in the order of the rows."""
    asked = pd.DataFrame({"key": key.to_numpy(), "moment": moment.to_numpy()}).sort_values("moment", kind="stable")
    right = daily.rename(columns={"day": "moment"})
    right["day"] = right["moment"]
    found = pd.merge_asof(asked, right, on="moment", by="key", allow_exact_matches=False)
    found.index = asked.index
    return found.sort_index()


def main(what: str, source: str, out: str) -> None:
    """Does one of the two and writes what came of it."""
    table = read(source)
    if what == "check":
        Path(out).write_text(json.dumps({"rows": len(table), **check(table)}), encoding="utf-8")
    else:
        made = features(table)
        made[sampled(len(made))].to_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
