"""What was taken out of comments, as notes: presentation has the words."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.records import Note, note
from pipeline.scrubbing.vocabulary import BIRTH_DATE

_CODES = {
    "cpf": "checking.scrubbed_cpf",
    "cns": "checking.scrubbed_cns",
    "rg": "checking.scrubbed_rg",
    "cnpj": "checking.scrubbed_cnpj",
    "cartão": "checking.scrubbed_card",
    "carteirinha": "checking.scrubbed_member",
    "prontuário": "checking.scrubbed_record",
    "protocolo": "checking.scrubbed_protocol",
    "registro": "checking.scrubbed_registration",
    "telefone": "checking.scrubbed_phone",
    "e-mail": "checking.scrubbed_email",
    "usuário": "checking.scrubbed_account",
    "endereço": "checking.scrubbed_address",
    "cep": "checking.scrubbed_postcode",
    "placa": "checking.scrubbed_plate",
    BIRTH_DATE: "checking.scrubbed_birth",
    "nome": "checking.scrubbed_name",
    "profissional": "checking.scrubbed_staff",
}  # by the kind that scrubbing gives it


def taken_out(counts: Mapping[str, int]) -> tuple[Note, ...]:
    """One note a kind of which there was any, in the order of `counts`."""
    return tuple(note(_CODES[kind], count=n) for kind, n in counts.items() if n)
