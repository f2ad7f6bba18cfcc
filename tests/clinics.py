"""Two clinics' files of three months, as their systems would give them: for tests of series, and of numbers by pandas.

The second month's file holds the rest of that month as it was booked by then (no outcome yet), the third's tells
how that ended, and so on: what comes twice counts once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from pipeline import services

PATIENT, CONTACT, SCHEDULED = "ID único do paciente", "Data de contato", "Data do agendamento"
STATUS, UNIT, PROCEDURE = "Status do agendamento", "Nome da Unidade", "Nome do Procedimento"
PENDING, MISSED, CAME = "Agendado", "No Show", "Realizado"
CALLED_OFF_ON = "Data do cancelamento"
OTHER_HEADERS = {
    PATIENT: "Prontuário",
    "Data de Nascimento": "Nascimento",
    "Sexo": "Gênero",
    CONTACT: "Marcado em",
    SCHEDULED: "Dia e hora",
    STATUS: "Situação",
    "Origem do agendamento": "Canal",
    "Tipo de Agendamento": "Tipo de atendimento",
    "Categoria de Exame": "Grupo do exame",
    PROCEDURE: "Procedimento",
    UNIT: "Casa de saúde",
    "UF": "Estado",
    "Convênio": "Plano",
}


@dataclass(frozen=True)
class Clinic:
    """A clinic's three files, and what stands in them under the usual headers (dates as dates), for pandas to count."""

    name: str
    files: tuple[Path, ...]
    rows: tuple[pd.DataFrame, ...]

    def known(self, month: int) -> pd.DataFrame:
        """All appointments once, as the files up to this month tell them last."""
        told = pd.concat(self.rows[: month + 1], ignore_index=True)
        return told.drop_duplicates([PATIENT, SCHEDULED, UNIT, PROCEDURE], keep="last")


def cut(
    name: str, table: pd.DataFrame, ends: tuple[tuple[str, str], ...], folder: Path, headers: dict[str, str]
) -> Clinic:
    """Files of a table of text: each begins where the one before had no outcome yet; `ends`: last day with an outcome
    and last day of the file, ISO."""
    day = pd.to_datetime(table[SCHEDULED].str[:10], format="%d/%m/%Y")
    booked = pd.to_datetime(table[CONTACT].str[:10], format="%d/%m/%Y")
    files, rows, begin = [], [], day.min()
    for number, (known, last) in enumerate(ends, 1):
        inside = day.between(begin, pd.Timestamp(last)) & ((day <= known) | (booked <= known))
        part = table[inside].copy()
        ahead = day[inside] > known
        if CALLED_OFF_ON in part:  # nobody had called off yet
            part.loc[ahead, CALLED_OFF_ON] = ""
        part.loc[ahead, STATUS] = PENDING
        path = folder / f"{name.lower()}_mes_{number}.csv"
        part.rename(columns=headers).to_csv(path, sep=";", index=False, encoding="utf-8")
        files.append(path)
        rows.append(part.assign(day=day[inside], booked=booked[inside]))
        begin = pd.Timestamp(known) + pd.Timedelta(days=1)
    return Clinic(name, tuple(files), tuple(rows))


SAMPLE_ENDS = (("2026-08-31", "2026-08-31"), ("2026-09-18", "2026-09-30"), ("2026-10-16", "2026-10-31"))


def sampled(name: str, folder: Path, seed: int, headers: dict[str, str], rows: int = 12_000) -> Clinic:
    """A made-up network with units and patients of its own; August to October of the sample's year."""
    whole = folder / f"{name}.csv"
    services.write_sample("no_show", whole, rows, seed)
    table = pd.read_csv(whole, sep=";", dtype=str, keep_default_na=False, encoding="utf-8-sig")
    month = table[SCHEDULED].str[3:5]
    table = table[month.isin(["08", "09", "10"])].reset_index(drop=True)
    table[PATIENT] = name[:1] + table[PATIENT]
    table[UNIT] = table[UNIT] + " " + name
    return cut(name, table, SAMPLE_ENDS, folder, headers)


VITORIA = "vitoria_no_show_ate_2016-05-31.csv.gz"
VITORIA_ENDS = (("2016-05-10", "2016-05-10"), ("2016-05-19", "2016-05-24"), ("2016-05-27", "2016-05-31"))


def vitoria(folder: Path, real: Path) -> Clinic:
    """Some patients of a few units of the real network, cut by weeks."""
    table = pd.read_csv(real / VITORIA, sep=";", dtype=str, keep_default_na=False)
    units = table[UNIT].value_counts().index[2:8]
    few = table[table[UNIT].isin(units) & (table[PATIENT].str[-2:].astype(int) % 3 == 0)].reset_index(drop=True)
    return cut("Vitoria", few, VITORIA_ENDS, folder, {})
