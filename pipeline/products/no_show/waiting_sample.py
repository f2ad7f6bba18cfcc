"""A made-up waiting list, as a clinic's sheet."""

import datetime as dt
import random

import pyarrow as pa

_HEADERS = ("Id do paciente", "Na fila desde", "Procedimento", "Unidade", "Dias em que pode", "Turno", "Situação na fila")
_PROCEDURES = ("Ultrassom de Abdome", "Ressonância de Joelho", "Consulta Cardiologista")
_UNITS = ("Unidade Centro", "Unidade Norte")
_DAYS = ("qualquer dia", "segunda e quarta", "terça a sexta", "")
_SHIFTS = ("manhã", "tarde", "tarde ou noite", "")
_LAST = dt.date(2025, 6, 30)


def generate(rows: int, seed: int) -> pa.Table:
    """So many lines of text cells; the same seed gives the same list."""
    rng = random.Random(seed)
    lines = [
        (
            f"P{number:06}",
            (_LAST - dt.timedelta(days=rng.randrange(240))).strftime("%d/%m/%Y"),
            rng.choice(_PROCEDURES),
            rng.choice(_UNITS),
            rng.choice(_DAYS),
            rng.choice(_SHIFTS),
            "Aguardando" if rng.random() < 0.9 else "Desistiu",
        )
        for number in range(rows)
    ]
    return pa.table({name: [line[place] for line in lines] for place, name in enumerate(_HEADERS)})
