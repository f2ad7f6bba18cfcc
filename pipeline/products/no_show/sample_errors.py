"""The faults of the example file of errors: what is planted, how often, and where.

Each fault takes rows of its own, so that the counts are known: `sample.planted_errors` is what the report has to find.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa

from pipeline.products.no_show.sample_bookings import stream

_NAMES = {
    "SP": "São Paulo", "RJ": "rio de janeiro", "MG": "MINAS GERAIS", "PE": "pernambuco", "CE": "Ceara", "PR": "Paraná",
    "RS": "Rio Grande do Sul", "DF": "Distrito Federal", "BA": "bahia", "PA": "Pará", "AM": "amazonas",
    "SC": "Santa Catarina", "GO": "Goias",
}
Edit = Callable[[pd.DataFrame, int], None]  # changes row `i` of the frame, which has a plain index
Where = Callable[[pd.DataFrame], "pd.Series[bool]"]


@dataclass(frozen=True)
class Fault:
    """One kind of fault: the code of the rule that should find it, and its share of the rows."""

    code: str
    share: float
    edit: Edit
    where: Where | None = None  # rows that can have it; None: all
    keeps_patient: bool = False  # no other row of the patient gets a fault


def _cycle(field: str, *values: str) -> Edit:
    """Writes the values in turn."""
    def edit(frame: pd.DataFrame, i: int) -> None:
        frame.loc[i, field] = values[i % len(values)]
    return edit


def _timed(*values: str) -> Edit:
    """An impossible date before the hour, which stays."""
    def edit(frame: pd.DataFrame, i: int) -> None:
        frame.loc[i, "scheduled_date"] = f"{values[i % len(values)]} {frame.loc[i, 'scheduled_date'][-5:]}"
    return edit


def _swap_dates(frame: pd.DataFrame, i: int) -> None:
    contact, (day, hour) = frame.loc[i, "contact_date"], frame.loc[i, "scheduled_date"].split()
    frame.loc[i, ["contact_date", "scheduled_date"]] = [day, f"{contact} {hour}"]


def _next_year(frame: pd.DataFrame, i: int) -> None:
    day, hour = frame.loc[i, "scheduled_date"].split()
    frame.loc[i, "scheduled_date"] = f"{day[:6]}{int(day[6:]) + 1} {hour}"


def _born_after_contact(frame: pd.DataFrame, i: int) -> None:
    contact = dt.datetime.strptime(frame.loc[i, "contact_date"], "%d/%m/%Y")
    frame.loc[i, "birth_date"] = (contact + dt.timedelta(days=1)).strftime("%d/%m/%Y")


def _status_variant(frame: pd.DataFrame, i: int) -> None:
    variants = {"No Show": ("Faltou", "FALTA", "nao compareceu", "no-show"), "Realizado": ("Compareceu", "realizado", "REALIZADO")}
    written = variants[frame.loc[i, "status"]]
    frame.loc[i, "status"] = written[i % len(written)]


def _sex_variant(frame: pd.DataFrame, i: int) -> None:
    variants = {"Feminino": ("F", "FEMININO", "fem."), "Masculino": ("M", "masc.", "MASCULINO"), "Indefinido": ("indefinido",)}
    written = variants[frame.loc[i, "sex"]]
    frame.loc[i, "sex"] = written[i % len(written)]


def _channel_variant(frame: pd.DataFrame, i: int) -> None:
    variants = {"Call Center": ("Telefone", "CALLCENTER", "call center"), "Online": ("WhatsApp", "App", "site"),
                "Presencial": ("presencial", "Balcão", "PRESENCIAL")}
    written = variants[frame.loc[i, "booking_channel"]]
    frame.loc[i, "booking_channel"] = written[i % len(written)]


def _other_birth(frame: pd.DataFrame, i: int) -> None:
    day, year = frame.loc[i, "birth_date"][:6], int(frame.loc[i, "birth_date"][6:])
    frame.loc[i, "birth_date"] = f"{'0' + str(1 + i % 9)}{day[2:]}{year - 10}"


def _state_name(frame: pd.DataFrame, i: int) -> None:
    frame.loc[i, "uf"] = _NAMES[frame.loc[i, "uf"]]


def _careless(field: str) -> Edit:
    """The same name in capitals, without accents, or in lower case."""
    def edit(frame: pd.DataFrame, i: int) -> None:
        plain = unicodedata.normalize("NFD", frame.loc[i, field]).encode("ascii", "ignore").decode()
        frame.loc[i, field] = (plain.lower(), plain.upper(), frame.loc[i, field].upper())[i % 3]
    return edit


def _came_back(frame: pd.DataFrame) -> pd.Series[bool]:
    """The last row of a patient who has exactly two."""
    ids = frame["patient_id"]
    return (ids.map(ids.value_counts()) == 2) & ids.duplicated()


def _came_once(frame: pd.DataFrame) -> pd.Series[bool]:
    """Rows of patients without another one: a wrong birth date there contradicts no other."""
    return ~frame["patient_id"].duplicated(keep=False)


def _has_outcome(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["status"].isin(["Realizado", "No Show"])


def _ahead(frame: pd.DataFrame) -> pd.Series[bool]:
    return frame["contact_date"] != frame["scheduled_date"].str[:10]


_MOVED = ("Clínica Tijuca", "SP")  # the unit that stands in a second UF

# Those that only some rows can have come first.
FAULTS: tuple[Fault, ...] = (
    Fault("unit_two_ufs", 0.005, _cycle("uf", _MOVED[1]), lambda f: f["unit"] == _MOVED[0]),
    Fault("patient_two_births", 0.005, _other_birth, _came_back, keeps_patient=True),
    Fault("birth_after_contact", 0.01, _born_after_contact, _came_once),
    Fault("age_impossible", 0.007, _cycle("birth_date", "01/01/1880", "15/07/1799"), _came_once),
    Fault("outcome_in_future", 0.01, _next_year, _has_outcome),
    Fault("status_rewritten", 0.06, _status_variant, _has_outcome),
    Fault("status_missing", 0.015, _cycle("status", ""), _has_outcome),
    Fault("status_unknown", 0.005, _cycle("status", "A verificar")),
    Fault("contact_after_scheduled", 0.02, _swap_dates, _ahead),
    Fault("exam_category_asked", 0.01, _cycle("exam_category", ""), lambda f: f["appointment_type"] == "Exame"),
    Fault("plan_variants", 0.04, _careless("health_plan"),
          lambda f: f["health_plan"].isin(["Bradesco Saúde", "SulAmérica", "Unimed"])),
    Fault("unit_variants", 0.02, _careless("unit"), lambda f: f["unit"].str.startswith("Clínica")),
    Fault("scheduled_unreadable", 0.01, _timed("31/02/2026", "00/00/0000", "32/10/2026")),
    Fault("scheduled_missing", 0.007, _cycle("scheduled_date", "")),
    Fault("contact_unreadable", 0.007, _cycle("contact_date", "ontem", "30/02/2026")),
    Fault("birth_unreadable", 0.007, _cycle("birth_date", "00/00/0000", "31/04/1985")),
    Fault("patient_destroyed", 0.02, _cycle("patient_id", "1,23457E+10", "3,98121E+10", "12,3E+10")),
    Fault("patient_missing", 0.01, _cycle("patient_id", "")),
    Fault("sex_rewritten", 0.06, _sex_variant),
    Fault("sex_unknown", 0.005, _cycle("sex", "Z", "?")),
    Fault("sex_missing", 0.015, _cycle("sex", "")),
    Fault("uf_rewritten", 0.04, _state_name),
    Fault("uf_unknown", 0.005, _cycle("uf", "XX", "BR")),
    Fault("plan_missing", 0.03, _cycle("health_plan", "")),
    Fault("channel_rewritten", 0.05, _channel_variant),
    Fault("channel_unknown", 0.01, _cycle("booking_channel", "Fax", "Parceiro")),
    Fault("procedure_missing", 0.01, _cycle("procedure", "")),
)
REPEATED, TOTALS = "repeated", "totals_row"  # whole rows, added
_REPEATED_SHARE = 0.015


def plant(clean: Callable[[int], Iterator[pa.Table]], rows: int, seed: int) -> tuple[pa.Table, dict[str, int]]:
    """Exactly `rows` rows: those of `clean(n)` with the faults, repeats, and a row of totals at the end.

    With them, how many rows were given each fault, by the code of its rule.
    """
    rng = stream(seed, "errors")
    copies = int(rows * _REPEATED_SHARE)
    totals = int(rows >= 10)
    frame = pa.concat_tables(clean(rows - copies - totals)).to_pandas().astype(object)
    free = pd.Series(rng.permutation(len(frame)))
    counts: dict[str, int] = {}
    for fault in FAULTS:
        fits = fault.where(frame).to_numpy(bool) if fault.where else np.ones(len(frame), dtype=bool)
        chosen = free[fits[free]][: max(1, round(rows * fault.share))]
        free = free.drop(chosen.index)
        if fault.keeps_patient:
            free = free[~frame["patient_id"].isin(frame.loc[chosen, "patient_id"]).to_numpy()[free]]
        counts[fault.code] = len(chosen)
        for i in sorted(chosen):
            fault.edit(frame, int(i))
    again = free[:copies]
    counts |= {REPEATED: len(again), TOTALS: totals}
    assert len(again) == copies, "the shares of FAULTS leave rows to repeat"
    frame = pd.concat([frame, frame.loc[sorted(again)]]).sort_index(kind="stable")
    if totals:
        last = dict.fromkeys(frame.columns, "") | {"patient_id": "Total", "procedure": f"{len(frame)} agendamentos"}
        frame = pd.concat([frame, pd.DataFrame([last])])
    return pa.table({name: pa.array(frame[name].tolist(), pa.string()) for name in frame.columns}), counts
