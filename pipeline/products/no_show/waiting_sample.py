"""A made-up waiting list, as a clinic's sheet: of the network that the sample files tell of, on the same day."""

import datetime as dt
import random

import pyarrow as pa

from pipeline.products.no_show.sample_calendar import REFERENCE
from pipeline.products.no_show.sample_world import PROCEDURES, UNITS

_HEADERS = ("Id do paciente", "Na fila desde", "Procedimento", "Unidade", "Dias em que pode", "Turno", "Situação na fila")
_DAYS = ("qualquer dia", "segunda e quarta", "terça a sexta", "")
_SHIFTS = ("manhã", "tarde", "tarde ou noite", "")
_LONGEST = 240  # days of waiting


def generate(rows: int, seed: int) -> pa.Table:
    """So many lines of text cells; the same seed gives the same list."""
    rng = random.Random(seed)
    procedures, shares = [one.name for one in PROCEDURES], [one.size for one in PROCEDURES]
    units, sizes = [one.name for one in UNITS], [one.size for one in UNITS]
    lines = [
        (
            f"P{number:06}",
            (REFERENCE - dt.timedelta(days=1 + rng.randrange(_LONGEST))).strftime("%d/%m/%Y"),
            rng.choices(procedures, shares)[0],
            rng.choices(units, sizes)[0],
            rng.choice(_DAYS),
            rng.choice(_SHIFTS),
            "Aguardando" if rng.random() < 0.9 else "Desistiu",
        )
        for number in range(rows)
    ]
    return pa.table({name: [line[place] for line in lines] for place, name in enumerate(_HEADERS)})
