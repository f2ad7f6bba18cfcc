"""What was sent, as a table, and which of its records were left out."""

from __future__ import annotations

from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.ingestion import record_table
from pipeline.ingestion.dataset import Dataset
from pipeline.ingestion.reading.raw_table import RawTable
from pipeline.records.integration import Arrival, ArrivalKind, RejectedRow
from pipeline.services.data.reading import read
from pipeline.workspace.store import Workspace

DAMAGED = "vault.broken"  # what no waiting mends: whoever sent it is told, and it holds up nobody
_REJECTED = 1_000  # rows of an arrival that are named


def raw_of(workspace: Workspace, declared: Product, arrival: Arrival) -> RawTable:
    """What was sent, as a table. UnreadableFile or another PresencaError where it is none."""
    content = workspace.arrival_content(arrival.id)
    if content is None:
        raise PresencaError("arrivals.erased")
    if arrival.kind is ArrivalKind.JSON:
        return record_table.table_of(record_table.from_json(content), declared, arrival.name)
    if arrival.kind is ArrivalKind.NDJSON:
        return record_table.table_of(record_table.from_lines(content), declared, arrival.name)
    return read(content, arrival.name)


def rejected(dataset: Dataset, declared: Product) -> tuple[RejectedRow, ...]:
    """The rows that were left out, each with the rule that did it and the field that the rule is about."""
    fields = {rule.code: next(iter(rule.fields), "") for rule in declared.rules}
    left = dataset.left_out.head(_REJECTED)
    told = zip(left["row"].tolist(), left["reason"].astype("str").tolist(), strict=True)
    return tuple(RejectedRow(int(row), code, fields.get(code, "")) for row, code in told)
