"""What is taken out before anything is written: identifiers of rows, sample cells of reports."""

from __future__ import annotations

import json

import pandas as pd

from pipeline.privacy import pseudonymise

_MADE_OF_IDS = "event_id"  # an unkeyed hash of the clinic's own ids: whoever has a list of CPFs could try them


def without_identities(frame: pd.DataFrame, personal: tuple[str, ...], key: bytes) -> pd.DataFrame:
    """Text of personal fields as pseudonyms; dates and numbers (a birth date, an age) as they are.

    Ids of events that were made of the clinic's ids go: they are made anew of the pseudonyms (`Contents.finish`).
    """
    hidden = {
        name: pseudonymise(frame[name], key)
        for name in personal
        if name in frame and not pd.api.types.is_numeric_dtype(frame[name]) and frame[name].dtype.kind != "M"
    }
    return frame.drop(columns=_MADE_OF_IDS, errors="ignore").assign(**hidden)


def without_previews(report_json: str, personal: tuple[str, ...]) -> str:
    """The report without sample cells of columns that were not mapped (a name, a phone) or name a person."""
    report = json.loads(report_json)
    for column in report.get("columns", ()) if isinstance(report, dict) else ():
        if column.get("field") is None or column.get("field") in personal:
            column["preview"] = []
    return json.dumps(report, ensure_ascii=False)
