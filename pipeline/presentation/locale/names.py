"""Names and labels in Portuguese that several places show, and names that we write into records.

Bands of risk, references of a test and factors of a product are named by their keys. What the database keeps is data,
which its owner may rename: such a name is declared here once and handed down.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import NamedTuple

from pipeline.contract import Product, Severity
from pipeline.presentation.locale import messages
from pipeline.records import Note, cell_name

SAMPLE_SERIES = "Rede de exemplo"  # the series of the ready samples: one for every product, hence not in a declaration
SENT = "Enviados por sistemas"  # the data set, and the series, of what other systems send
NAMELESS_SERIES = "Clínica"  # a series whose file's name tells none


SEVERITIES: Mapping[str, str] = {
    Severity.BLOCKER: "impeditivo",
    Severity.WARNING: "atenção",
    Severity.NOTE: "aviso",
}


class Effort(NamedTuple):
    """What a training's effort is called, and what it promises."""

    label: str
    promise: str


_PART = "Acima de 400.000 linhas, aprende com uma parte, sorteada por dia e resultado."
EFFORTS: Mapping[str, Effort] = {
    "fast": Effort("Rápido", f"Um modelo só, em segundos: bom para uma primeira olhada. {_PART}"),
    "standard": Effort("Padrão", f"A média de vários modelos, em um ou dois minutos: bom para trabalhar. {_PART}"),
    "thorough": Effort(
        "Completo",
        "Procura por até quatro minutos a melhor receita, e treina mais modelos, por mais tempo. Dá para parar a "
        "procura e usar o melhor até ali. Aprende com todas as linhas.",
    ),
}


def effort(key: str) -> str:
    """An effort as it is named within a sentence; the key of one that only another version knows."""
    return EFFORTS[key].label.lower() if key in EFFORTS else key


def tier(key: str) -> str:
    """`muito alto`; a key that nobody knows stands as it is."""
    return _named("tier", key)


def reference(key: str) -> str:
    """`Regressão logística`; a reference that has only a key is called by it."""
    return _named("reference", key)


def weekday(key: str) -> str:
    """`seg`."""
    return _named("weekday", key)


def cell(row: str, column: str) -> str:
    """`seg · 8–15`: a cell of the heat map by its keys."""
    return cell_name(weekday(row), column)


def nps_group(key: str) -> str:
    """`detrator`."""
    return _named("nps", key)


def follow_up_state(key: str) -> str:
    """`em resposta`."""
    return _named("follow_up_state", key)


def reply_tone(key: str) -> str:
    """`próximo`."""
    return _named("reply_tone", key)


def channel(key: str) -> str:
    """`ligação`: how somebody was contacted."""
    return _named("channel", key)


def contact_outcome(key: str) -> str:
    """`não atendeu`: what came of a contact."""
    return _named("contact_outcome", key)


def barrier(key: str) -> str:
    """`transporte`: what the patient named."""
    return _named("barrier", key)


def offered(key: str) -> str:
    """`outro horário`: what was offered."""
    return _named("offered", key)


def queue_state(key: str) -> str:
    """`a ligar`: where a patient of a list stands."""
    return _named("queue_state", key)


def left_out_of_list(key: str) -> str:
    """`já passou`: why an appointment is in no list."""
    return _named("left_out_of_list", key)


def unmatched(key: str) -> str:
    """Why a line of a file of outcomes was not taken."""
    return _named("unmatched", key)


def sending(arrival_id: str, ending: str) -> str:
    """The name of something that was sent without one."""
    return f"envio-{arrival_id}" + (f".{ending}" if ending else "")


def factor(product: Product, key: str) -> str:
    """The label of a factor; its key where the product no longer declares it."""
    return next((spec.label for spec in product.features if spec.key == key), key)


def factor_within(product: Product, key: str) -> str:
    """The label of a factor within a sentence: `histórico do paciente`, `UF do cliente`."""
    label = factor(product, key)
    return label if label[:2].isupper() else label[:1].lower() + label[1:]


@cache
def _named(kind: str, key: str) -> str:
    code = f"{kind}.{key}"
    return messages.say(Note(code)) if code in messages.codes() else key


ROLES = {
    "admin": ("Admin", "tudo, e cuida das pessoas"),
    "gestor": ("Gestor", "tudo, menos cuidar das pessoas"),
    "analista": ("Analista", "dados, modelos e riscos; não liga nem vê telefones"),
    "atendente": ("Atendente", "listas, ligações e vagas"),
    "leitor": ("Leitor", "números somados; nenhuma linha"),
}


def role(key: str) -> str:
    """A role and what it may, in a few words."""
    name, about = ROLES[key]
    return f"{name.lower()} ({about})"
