"""Patients' history and the rates of values in bare SQL, which DuckDB takes out of memory where it must.

`python -m tests.benchmarks.scale.peer_duckdb features SOURCE OUT`.
"""

from __future__ import annotations

import sys

import duckdb

from tests.benchmarks.scale.peers import PATIENT, RATED, SAMPLED_ROWS, STATUSES, TEXTS

_KNOWN = " ".join(f"WHEN '{status}' THEN {outcome}" for status, outcome in STATUSES.items() if outcome is not None)


def _lines(source: str) -> str:
    """The rows with day numbers and outcomes."""
    texts = ", ".join(f'"{header}" AS "{name}"' for header, name in TEXTS.items())
    read = f"read_parquet('{source}', file_row_number = true)" if source.endswith(".parquet") else (
        f"read_csv('{source}', delim = ';', all_varchar = true)"
    )  # fmt: skip
    day = "date_diff('day', DATE '1970-01-01', strptime(left(\"{0}\", 10), '%d/%m/%Y')::DATE)"
    own = ", ".join(f'nullif("{name}", \'\') AS "{name}"' for name in (PATIENT, *RATED))
    return f"""
        CREATE TABLE line AS
        WITH raw AS (SELECT row_number() OVER () - 1 AS row, {texts} FROM {read}),
        dated AS (
            SELECT row, {own}, {day.format("event")} AS event, {day.format("contact")} AS contact,
                CASE status {_KNOWN} END AS outcome, 0 AS everyone FROM raw)
        SELECT *, greatest(contact, event - 1) AS moment FROM dated"""


def _windowed(key: str) -> str:
    """A table of each row's known outcomes and events of `key` in the year before its moment, and the last such day."""
    return f"""
        CREATE TABLE by_{key} AS
        WITH daily AS (
            SELECT "{key}" AS k, event AS day, count(*) AS n, sum(outcome) AS missed FROM line
            WHERE outcome IS NOT NULL AND "{key}" IS NOT NULL GROUP BY ALL),
        running AS (
            SELECT k, day, sum(n) OVER w AS n, sum(missed) OVER w AS missed FROM daily
            WINDOW w AS (PARTITION BY k ORDER BY day))
        SELECT line.row, coalesce(a.n, 0) - coalesce(b.n, 0) AS outcomes,
            coalesce(a.missed, 0) - coalesce(b.missed, 0) AS events, a.day AS last
        FROM line
        ASOF LEFT JOIN running a ON line."{key}" = a.k AND line.moment > a.day
        ASOF LEFT JOIN running b ON line."{key}" = b.k AND line.moment - 365 > b.day"""


def _columns() -> str:
    """The columns that both make, of some rows."""
    prior = "(e.events / nullif(e.outcomes, 0))"
    rates = ", ".join(
        f'CASE WHEN l."{name}" IS NOT NULL THEN '
        f"({name}.events + 25 * {prior}) / ({name}.outcomes + 25) - {prior} END AS {name}__rate"
        for name in RATED
    )
    joins = " ".join(f"JOIN by_{name} {name} USING (row)" for name in RATED)
    return f"""
        SELECT l.event - l.contact AS lead_time__days, l.event - l.moment AS lead_time__ahead,
            (l.event + 3) % 7 AS calendar__weekday, CASE WHEN e.outcomes > 0 THEN h.outcomes END AS history__outcomes,
            CASE WHEN e.outcomes > 0 THEN h.events END AS history__events,
            (h.events + 2 * {prior}) / (h.outcomes + 2) - {prior} AS history__rate,
            CASE WHEN l.moment - h.last <= 365 THEN l.moment - h.last END AS history__days_since_last, {rates}
        FROM line l JOIN by_{PATIENT} h USING (row) JOIN by_everyone e USING (row) {joins}
        WHERE l.row % greatest((SELECT count(*) FROM line) // {SAMPLED_ROWS}, 1) = 0 ORDER BY l.row"""


def main(what: str, source: str, out: str) -> None:
    """Writes the columns of some rows; all rows are made."""
    if what != "features":
        raise SystemExit(f"DuckDB's part is features, not {what}")
    with duckdb.connect() as base:
        base.execute("SET memory_limit = '3GB'")
        for statement in (_lines(source), *(_windowed(key) for key in (PATIENT, "everyone", *RATED))):
            base.execute(statement)
        base.sql(_columns()).write_parquet(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
