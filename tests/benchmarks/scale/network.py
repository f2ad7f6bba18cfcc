"""The appointments of an invented network by the million: regions of the product's own sample, side by side.

A region is one seed's sample. So that rows, patients, units and days are those of a network and not one clinic's
again and again, each region has patients and units of its own, and half of its days lie a year earlier, which makes
24 months in which the same patients return. Files are made once and kept in a folder outside the repository.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import pyarrow.parquet

from pipeline import atomic
from pipeline.services import catalog

PRODUCT = "no_show"
REGION = 500_000  # rows of a region; less for a smaller network
FIRST_SEED = 101
_MAKER = 1  # of these files: another way of making them is another number
_YEAR = 364  # days: whole weeks, so that a Monday stays one
_EARLIER = 3 * _YEAR  # how much older the rows are that a model learns from before it scores the network
_ID, _UNIT = "ID único do paciente", "Nome da Unidade"
_DATES = ("Data de contato", "Data do agendamento", "Data do cancelamento")
_AHEAD = 50  # a row to come for so many of the past: some two weeks' bookings


@dataclass(frozen=True)
class Kept:
    """A file of the cache: so many rows of so many patients, its bytes and their SHA-256."""

    name: str
    rows: int
    patients: int
    size: int
    sha256: str


def cache() -> Path:
    """Where the files lie: `PRESENCA_BENCH_CACHE`, else a folder of the system's temporary one."""
    chosen = os.environ.get("PRESENCA_BENCH_CACHE") or str(Path(tempfile.gettempdir()) / "presenca-bench-escala")
    folder = Path(chosen)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def past(rows: int, ending: str = "csv") -> Path:
    """The last 24 months of a network, `rows` appointments with their outcomes, as CSV or Parquet."""
    return _made("past", rows, ending)


def ahead(rows: int) -> Path:
    """What the network of `rows` past appointments has booked for the days to come: one for each fifty."""
    return _made("ahead", rows, "csv")


def earlier(rows: int) -> Path:
    """Appointments of three years before: what a model learns from that knows none of the rows it scores."""
    return _made("earlier", rows, "csv")


def _made(when: str, rows: int, ending: str) -> Path:
    """The file, made where it is not there whole: its checksum stands beside it."""
    stem = f"{when}-{_MAKER}-{rows}"
    path, told = cache() / f"{stem}.{ending}", cache() / f"{stem}.{ending}.json"
    if not (path.exists() and told.exists() and _is_whole(path, Kept(**json.loads(told.read_text())))):
        _write(when, rows, path)
        atomic.write(told, json.dumps(asdict(_told(path, when, rows))).encode())
    return path


def _is_whole(path: Path, kept: Kept) -> bool:
    return path.stat().st_size == kept.size and _sha256(path) == kept.sha256


def _sha256(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _told(path: Path, when: str, rows: int) -> Kept:
    patients = sum(len(pc.unique(table[_ID])) for table in regions(when, rows)) if rows <= REGION else 0
    return Kept(path.name, rows, patients, path.stat().st_size, _sha256(path))


def _write(when: str, rows: int, path: Path) -> None:
    schema = next(regions(when, min(rows, 10))).schema
    with atomic.replacing(path) as unfinished, unfinished.open("wb") as out:
        if path.suffix == ".parquet":
            with pa.parquet.ParquetWriter(out, schema, compression="zstd") as writer:
                for table in regions(when, rows):
                    writer.write_table(table, row_group_size=100_000)
            return
        out.write(("\ufeff" + ";".join(schema.names) + "\n").encode())
        plain = pa.csv.WriteOptions(include_header=False, delimiter=";", quoting_style="none")
        for table in regions(when, rows):
            pa.csv.write_csv(table, out, plain)


def regions(when: str, rows: int) -> Iterator[pa.Table]:
    """The network's rows region by region, as tables of text with the sample's own headers; `when` is past, ahead or
    earlier.
    """
    for number, start in enumerate(range(0, rows, REGION)):
        here = min(REGION, rows - start)
        future = when == "ahead"
        wanted = max(here // _AHEAD, 1) if future else here
        seed = FIRST_SEED + number
        tables = catalog.sample_chunks(PRODUCT, wanted, seed, errors=False, future=future)
        table = pa.concat_tables(tables).combine_chunks()
        table = _of_region(table, number)
        if when == "past":
            table = _over_two_years(table)
        yield _moved(table, _EARLIER) if when == "earlier" else table


def _of_region(table: pa.Table, number: int) -> pa.Table:
    """Patients and units that no other region has."""
    ids = pc.binary_join_element_wise(pa.scalar(f"P{number:02d}"), pc.utf8_slice_codeunits(table[_ID], 1), "")
    named = pc.binary_join_element_wise(table[_UNIT], pa.scalar(f" {number + 1}"), "")
    return _with(_with(table, _ID, ids), _UNIT, named)


def _over_two_years(table: pa.Table) -> pa.Table:
    """Half of the visits a year earlier, chosen by patient and day, so that two bookings of one visit stay together."""
    visit = pc.binary_join_element_wise(table[_ID], pc.utf8_slice_codeunits(table[_DATES[1]], 0, 10), " ")
    half = pd.util.hash_array(visit.to_numpy(zero_copy_only=False).astype(object), categorize=False) % 2 == 0
    back = _moved(table, _YEAR)
    for name in _DATES:
        table = _with(table, name, pc.if_else(pa.array(half), back[name], table[name]))
    return table


def _moved(table: pa.Table, days: int) -> pa.Table:
    """All dates but that of birth so many days earlier; each distinct text is read once."""
    for name in _DATES:
        coded = pc.dictionary_encode(table[name].combine_chunks())
        earlier_texts = pa.array([_back(text, days) for text in coded.dictionary.to_pylist()], pa.string())
        table = _with(table, name, earlier_texts.take(coded.indices))
    return table


def _back(text: str, days: int) -> str:
    if not text:
        return text
    date, hour = text[:10], text[10:]
    return (dt.datetime.strptime(date, "%d/%m/%Y") - dt.timedelta(days)).strftime("%d/%m/%Y") + hour


def _with(table: pa.Table, name: str, column: pa.Array | pa.ChunkedArray) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, column)
