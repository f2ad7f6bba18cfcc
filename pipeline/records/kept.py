"""Reports kept by earlier versions, read as today's: what they lack is left out, not made up."""

from __future__ import annotations

from typing import Any

from pipeline.records.ingestion import ValidationReport
from pipeline.records.plain import from_plain


def report_from_plain(plain: dict[str, Any]) -> ValidationReport:
    """A kept report. One with a score in place of costs comes without it: the score said nothing that a person would."""
    quality = plain.get("quality")
    if quality and "score" in quality:
        plain = {**plain, "quality": None}
    report: ValidationReport = from_plain(ValidationReport, plain)
    return report
