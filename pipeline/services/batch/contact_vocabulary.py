"""Words that a file of contacts is recognised by: headers (folded) of each column, what says which arm, and outcomes
of a contact."""

from __future__ import annotations

from pipeline.records.effects import Arm

NAMES = {
    "event": ("evento", "chave do evento", "event", "event id"),
    "patient": ("paciente", "id do paciente", "id paciente", "patient"),
    "day": ("data", "data do agendamento", "date"),
    "arm": ("grupo", "braco", "arm"),
    "channel": ("canal", "channel"),
    "way": ("forma", "forma de contato", "way"),
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
OUTCOMES = {
    "confirmou": ("confirmou", "confirmado", "confirmed"),
    "desmarcou": ("desmarcou", "desmarcado", "cancelou", "cancelled"),
    "remarcou": ("remarcou", "remarcado", "moved"),
    "não atendeu": ("nao atendeu", "no answer"),
    "número errado": ("numero errado", "wrong number"),
    "recado": ("recado", "deixou recado", "message left"),
    "recusa": ("recusa", "recusou", "refused"),
}
OTHER_OUTCOME = "outro"
