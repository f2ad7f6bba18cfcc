"""A file of contacts, matched to the appointments of another file: by the key of the event, or by patient and day.

Columns (case and accents don't matter): `evento` (16 hex digits), or `paciente` and `data`; `grupo` (contato or
controle); optional `canal`, `resultado`, `contatado_em`, `risco` (0 to 1), `parte_controle` (the list's share), `valor`
(R$), `forma` (the way of contacting that was drawn, of those to contact).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.contract import Product, Role
from pipeline.errors import PresencaError
from pipeline.folding import fold
from pipeline.ingestion.event_id import UNTOLD, event_ids
from pipeline.ingestion.parsing.dates import parse_dates
from pipeline.ingestion.reading.reader import RawTable
from pipeline.privacy import normalise
from pipeline.records.effects import Arm
from pipeline.services.batch.contact_vocabulary import ARMS, NAMES, OTHER_OUTCOME, OUTCOMES

_KEY = re.compile(r"[0-9a-f]{16}")


@dataclass(frozen=True)
class ContactLines:
    """The appointments of a file that contacts speak of. `at`: their places among its rows (int), each once; then, one
    a place: drawn to be contacted (bool), outcome and channel (str, "" none), risk, share of the control group and
    value (float, NaN unknown), and the way of contacting that was drawn (str, "" none).
    Lines that no row matches, lines without an arm, and rows in both arms are counted.
    """

    at: np.ndarray
    contacted: np.ndarray
    outcome: np.ndarray
    channel: np.ndarray
    risk: np.ndarray
    share: np.ndarray
    value: np.ndarray
    way: np.ndarray
    unmatched: int
    without_arm: int
    conflicting: int


def matched(raw: RawTable, rows: pd.DataFrame, declared: Product, *, last_year: int) -> ContactLines:
    """The lines of a file of contacts, by the rows that they speak of. PresencaError without the columns for that, or
    where no line matches.
    """
    lines = _columns(raw)
    arms = lines["arm"].map(lambda text: ARMS.get(fold(text), "")).to_numpy(dtype=object)
    known = arms != ""
    pairs = _by_event(lines, rows, declared) if "event" in lines else _by_day(lines, rows, declared, last_year)
    if pairs.empty:
        raise PresencaError("effect.none_matched", lines=len(lines))
    unmatched = len(lines) - pairs["line"].nunique()
    pairs = pairs[known[pairs["line"]]].assign(contacted=arms[pairs["line"][known[pairs["line"]]]] == Arm.CONTACT)
    both = pairs.groupby("at")["contacted"].transform("nunique") > 1
    kept = pairs[~both].drop_duplicates("at", keep="last").sort_values("at")  # the last word of several tries
    own = lines.iloc[kept["line"].to_numpy()]
    return ContactLines(
        kept["at"].to_numpy(np.int64),
        kept["contacted"].to_numpy(bool),
        outcome=_outcomes(own),
        channel=_texts(own, "channel"),
        risk=_numbers(own, "risk"),
        share=_numbers(own, "share"),
        value=_numbers(own, "value"),
        way=_texts(own, "way"),
        unmatched=unmatched,
        without_arm=int((~known).sum()),
        conflicting=int(pairs.loc[both, "at"].nunique()),
    )


def _columns(raw: RawTable) -> pd.DataFrame:
    """The columns that are known, by our names, as text ("" where empty)."""
    places = {fold(name): place for place, name in reversed(list(enumerate(raw.table.column_names)))}
    found = {}
    for own, names in NAMES.items():
        place = next((places[name] for name in names if name in places), None)
        if place is not None:
            found[own] = raw.table.column(place).to_pandas().fillna("").astype(str).str.strip()
    if "event" not in found and not {"patient", "day"} <= found.keys():
        raise PresencaError("effect.no_columns")
    if "arm" not in found:
        raise PresencaError("effect.no_arms")
    return pd.DataFrame(found)


def _by_event(lines: pd.DataFrame, rows: pd.DataFrame, declared: Product) -> pd.DataFrame:
    """Pairs of `line` and `at`. A spreadsheet may have eaten zeros at the start of a key."""
    keys = [text.lower().zfill(16) if text else "" for text in lines["event"]]
    told = np.array([int(key, 16) if _KEY.fullmatch(key) else UNTOLD for key in keys], np.uint64)
    own = pd.DataFrame({"key": event_ids(rows, declared), "at": np.arange(len(rows))})
    asked = pd.DataFrame({"key": told, "line": np.arange(len(lines))})
    return asked[asked["key"] != UNTOLD].merge(own[own["key"] != UNTOLD], on="key")[["line", "at"]]


def _by_day(lines: pd.DataFrame, rows: pd.DataFrame, declared: Product, last_year: int) -> pd.DataFrame:
    """Pairs of `line` and `at`: all that a patient has on the day."""
    patient = declared.by_role(Role.PATIENT)
    if patient is None:
        raise PresencaError("effect.no_columns")
    own = pd.DataFrame(
        {
            "patient": rows[patient.key].astype("object").map(normalise, na_action="ignore"),
            "day": rows[declared.time.key].to_numpy("datetime64[D]").astype("datetime64[s]"),
            "at": np.arange(len(rows)),
        }
    )
    texts, place = np.unique(lines["day"].to_numpy(dtype=object).astype(str), return_inverse=True)
    days = parse_dates(pa.array([text or "?" for text in texts], pa.string()), last_year=last_year).days
    asked = pd.DataFrame(
        {
            "patient": lines["patient"].map(normalise).astype("object"),
            "day": days[place].astype("datetime64[s]"),
            "line": np.arange(len(lines)),
        }
    )
    asked = asked[(asked["patient"] != "") & asked["day"].notna()]
    return asked.merge(own.dropna(), on=["patient", "day"])[["line", "at"]]


def _texts(lines: pd.DataFrame, name: str) -> np.ndarray:
    return lines[name].to_numpy(dtype=object) if name in lines else np.full(len(lines), "", dtype=object)


def _outcomes(lines: pd.DataFrame) -> np.ndarray:
    """The outcomes that are known; whatever else somebody wrote there may name a person, and is told as another."""
    known = {word: label for label, words in OUTCOMES.items() for word in words}
    told = [known.get(fold(text), OTHER_OUTCOME) if text else "" for text in _texts(lines, "outcome")]
    return np.array(told, dtype=object)


def _numbers(lines: pd.DataFrame, name: str) -> np.ndarray:
    """Numbers as they are written here (0,25) or by programs (0.25), also 25%; NaN where none stands."""
    if name not in lines:
        return np.full(len(lines), np.nan)
    text = lines[name].str.replace("R$", "", regex=False).str.replace(" ", "").str.removesuffix("%")
    both = text.str.contains(",", regex=False)
    text = text.where(~both, text.str.replace(".", "", regex=False).str.replace(",", ".", regex=False))
    number = pd.to_numeric(text, errors="coerce").to_numpy(np.float64, na_value=np.nan)
    return np.where(lines[name].str.endswith("%"), number / 100, number)
