"""Words that a file of contacts is recognised by: headers (folded) of each column, and what says which arm."""

from __future__ import annotations

from pipeline.records import Arm

NAMES = {
    "event": ("evento", "chave do evento", "event", "event id"),
    "patient": ("paciente", "id do paciente", "id paciente", "patient"),
    "day": ("data", "data do agendamento", "date"),
    "arm": ("grupo", "braco", "arm"),
    "channel": ("canal", "channel"),
    "outcome": ("resultado", "outcome"),
    "at": ("contatado em", "contacted at"),
    "risk": ("risco", "risk"),
    "share": ("parte controle", "parte do controle", "control share"),
    "value": ("valor", "value"),
}
ARMS = {
    **dict.fromkeys(("contato", "contatado", "contact"), Arm.CONTACT),
    **dict.fromkeys(("controle", "control", "sem contato"), Arm.CONTROL),
}
