"""Files for spreadsheets and programs: XLSX, CSV as Brazilian Excel opens it, Parquet and JSON."""

from pipeline.presentation.spreadsheets.cells import guard, unguard
from pipeline.presentation.spreadsheets.dictionary import dictionary_xlsx
from pipeline.presentation.spreadsheets.machine import metrics_json, report_json
from pipeline.presentation.spreadsheets.risk_assessments import (
    Assessment,
    Assessor,
    Resource,
    as_bundle,
    as_ndjson,
    risk_assessments,
)
from pipeline.presentation.spreadsheets.tables import (
    PARQUET_BLOCK,
    SHEET_ROWS,
    blocks_csv,
    blocks_parquet,
    book_xlsx,
    csv_bytes,
    free_name,
    table_csv,
    table_parquet,
    table_xlsx,
    xlsx_bytes,
)
from pipeline.presentation.spreadsheets.template import template_xlsx
from pipeline.presentation.spreadsheets.validation import validation_xlsx

__all__ = [
    "SHEET_ROWS",
    "Assessment",
    "Assessor",
    "Resource",
    "as_bundle",
    "as_ndjson",
    "book_xlsx",
    "csv_bytes",
    "dictionary_xlsx",
    "free_name",
    "guard",
    "metrics_json",
    "report_json",
    "risk_assessments",
    "PARQUET_BLOCK",
    "blocks_csv",
    "blocks_parquet",
    "table_csv",
    "table_parquet",
    "table_xlsx",
    "template_xlsx",
    "unguard",
    "validation_xlsx",
    "xlsx_bytes",
]
