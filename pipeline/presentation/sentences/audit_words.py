"""Sentences of the audit log: whether it is whole, and what was done to it."""

from __future__ import annotations

import datetime as dt

from pipeline.presentation.locale.numbers import date, number, plural
from pipeline.records.privacy import ChainState

_MOST = 20  # faults that are named one by one
_FAULTS = {
    "altered": "A entrada {} não é mais como foi escrita.",
    "missing": "Faltam entradas a partir da {}.",
    "unsealed": "A entrada {} não tem selo: não foi o Presença que a escreveu.",
    "trigger": "A proteção que impede mudar a trilha foi retirada do banco.",
    "head": "O fim da trilha não confere com o que está guardado no banco.",
    "head_beside": "O fim da trilha não confere com o que está guardado ao lado do banco (audit.head).",
    "cut": "A trilha foi cortada: ao lado do banco constam entradas da {} em diante, que não estão mais aqui.",
    "cut_before": "A trilha já tinha sido cortada, ou o banco trocado por um mais antigo (audit.head.lost).",
}


def lines(found: ChainState) -> list[str]:
    """`1.204 entradas conferidas: nada foi mudado, tirado nem cortado.`, or what was done."""
    since = "" if found.started is None else f" Selos desde {date(dt.datetime.fromisoformat(found.started).date())}."
    told = plural(found.entries, "entrada conferida", "entradas conferidas")
    if not found.faults:
        return [f"{told}: nada foi mudado, tirado nem cortado.{since}"]
    said = [_FAULTS[code].format(number(place)) for code, place in found.faults[:_MOST]]
    more = len(found.faults) - len(said)
    return [f"{told}: a trilha não está inteira.{since}", *said, *([f"E mais {number(more)}."] if more > 0 else [])]
