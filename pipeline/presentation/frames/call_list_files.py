"""The call list as a file: a sheet in words for whoever calls, and plain columns for programs.

One line an entry (a patient with all bookings, or a booking). `own` holds what of the clinic's own columns may
stand in it, one line for each of the chosen rows; None where nobody asked to see who they are.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.contract import Product, Role
from pipeline.presentation.frames import call_list, tables
from pipeline.presentation.locale import numbers
from pipeline.presentation.sentences import reason_words

CONTACT = "Resultado do contato"
OUTCOMES = ("confirmou", "desmarcou", "remarcou", "não atendeu", "número errado", "recado")
OTHERS = "Outros agendamentos"
_LATE, _VALUE = "chance_desmarcar_tarde", "valor"  # the second as files of contacts name it


@dataclass(frozen=True)
class ListLines:
    """What a file is made of: the chosen lines with their entry, all lines of their patients, and how to write them."""

    chosen: pd.DataFrame
    place: np.ndarray
    lines: pd.DataFrame
    product: Product
    as_of: dt.date
    untold: frozenset[str] = frozenset()
    looks_back: bool = False

    @property
    def first(self) -> pd.DataFrame:
        """One line an entry: of its chosen ones, the one of the highest risk."""
        return call_list.firsts(self.chosen, self.place)


def sheet(found: ListLines, own: pd.DataFrame | None = None) -> pd.DataFrame:
    """The list in words, risk first, with an empty column for what comes of the call; dates and hours are such."""
    frame, product = found.first, found.product
    shown: dict[str, object] = {
        "Risco": frame["risk"].to_numpy(),
        "Faixa": call_list.tier_names(frame),
        "Data": _dates(frame, product),
        "Hora": [_clock(value) for value in frame[product.time.hour_column].tolist()],
        call_list.who_label(frame, product): call_list.names(frame, product),
    }
    if own is not None:
        shown |= {_free(shown, name): own.loc[frame["row"], name].tolist() for name in own.columns}
    for number, column in enumerate(call_list.reasons(frame, found.untold), start=1):
        shown[f"Motivo {number}"] = column
    for field in call_list.told_fields(product, frame):
        shown[_free(shown, field.label)] = call_list.texts(frame[field.key])
    shown |= {call_list.LATE: call_list.late(frame)} if _any(call_list.late(frame)) else {}
    shown |= {call_list.VALUE: call_list.values(frame)} if _any(call_list.values(frame)) else {}
    others = other_bookings(found)
    if any(others):
        shown[OTHERS] = others
    shown[call_list.CAME if found.looks_back else CONTACT] = (
        call_list.came(frame, product) if found.looks_back else [""] * len(frame)
    )
    shown[call_list.NOTE], shown[tables.ROW] = reason_words.texts(frame["observation"]).tolist(), frame["row"].tolist()
    return pd.DataFrame(shown)


def plain(found: ListLines, own: pd.DataFrame | None = None) -> pd.DataFrame:
    """The list for programs: our columns after the clinic's own, reasons and their points apart."""
    frame, product = found.first, found.product
    shown: dict[str, object] = (
        {} if own is None else {name: own.loc[frame["row"], name].tolist() for name in own.columns}
    )
    made: dict[str, object] = {"ordem": range(1, len(frame) + 1), "linha": frame["row"].tolist()}
    patient = product.by_role(Role.PATIENT)
    if patient is not None and frame[patient.key].notna().any():
        made["paciente"] = tables.patient_codes(frame[patient.key]).tolist()
    made |= {
        "data": tables.dates(frame[product.time.key]).tolist(),
        "hora": [tables.hour(v) for v in frame[product.time.hour_column].tolist()],
        "risco": frame["risk"].to_numpy(),
        "faixa": call_list.tier_names(frame),
    }
    made |= {_LATE: call_list.late(frame)} if _any(call_list.late(frame)) else {}
    made |= {_VALUE: call_list.values(frame)} if _any(call_list.values(frame)) else {}
    made |= {field.key: call_list.texts(frame[field.key]) for field in call_list.told_fields(product, frame)}
    for number, column in enumerate(call_list.reasons_apart(frame, found.untold), start=1):
        made[f"motivo_{number}"] = [text for text, _ in column]
        made[f"pontos_{number}"] = [None if np.isnan(p) else float(numbers.rounded(100 * p, 0)) for _, p in column]
    made["outros_agendamentos"] = other_bookings(found, " | ")
    if found.looks_back:
        made["o_que_houve"] = call_list.came(frame, product)
    made["observacao"] = reason_words.texts(frame["observation"]).tolist()
    return pd.DataFrame(shown | {_free(shown, name): values for name, values in made.items()})


def _any(column: Sequence[float | None]) -> bool:
    return any(value is not None for value in column)


def other_bookings(found: ListLines, between: str = "\n") -> list[str]:
    """The further bookings of each entry: "30/05/2016 14:00 · Consulta · Unidade Sul (38%)"."""
    first, field = found.first, found.product.by_role(Role.PATIENT)
    if field is None:
        return [""] * len(first)
    rest = found.lines.loc[found.lines[field.key].isin(first[field.key].dropna()) & found.lines[field.key].notna()]
    hour = found.product.time.hour_column
    rest = rest.sort_values([found.product.time.key, hour], kind="stable")
    said: dict[object, list[tuple[int, str]]] = {}
    words = zip(
        tables.dates(rest[found.product.time.key]).tolist(),
        map(tables.hour, rest[hour].tolist()),
        call_list.whats(rest, found.product),
        rest["risk"].tolist(),
        strict=True,
    )
    for who, row, (day, at, what, risk) in zip(
        rest[field.key].astype("object"), rest["row"].tolist(), words, strict=True
    ):
        named = " · ".join(part for part in (f"{day} {at}".strip(), what) if part)
        said.setdefault(who, []).append((row, f"{named} ({numbers.percent(risk, 0)})"))
    return [
        between.join(text for other, text in said.get(who, []) if other != row)
        for who, row in zip(first[field.key].astype("object"), first["row"].tolist(), strict=True)
    ]


def _dates(frame: pd.DataFrame, product: Product) -> list[dt.date | None]:
    return [None if pd.isna(day) else day.date() for day in frame[product.time.key]]


def _clock(value: float) -> dt.time | None:
    """The hour of day as a time of the spreadsheet; None where there is none."""
    text = tables.hour(value)
    return dt.time(int(text[:2]) % 24, int(text[3:])) if text else None


def _free(taken: Sequence[str] | dict[str, object], name: str) -> str:
    """`name`, told apart where another column has it."""
    return next(
        n for n in (name, f"{name} (do arquivo)", *(f"{name} ({i})" for i in range(2, 1_000))) if n not in taken
    )
