"""A list to call as a file for a call centre, and as one for a tool that sends messages. Nothing in them says a risk or
a thing about the person; ids, names and phones stand in them only where `own` is given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.contract import Product
from pipeline.folding import fold
from pipeline.presentation.escaping import visible
from pipeline.presentation.frames import call_list, tables
from pipeline.presentation.locale import names

EVENT, RESULT, TEXT = "evento", "resultado", "o que dizer"
BY = "falar por"
TO_FILL = (RESULT, "canal", "contatado em", "barreira", "oferta", "quem", "anotação")
NAMES = ("nome", "nome do paciente", "nome paciente", "paciente nome", "nome completo")
_SHOWN = 2  # digits of a phone that stay when it is masked


@dataclass(frozen=True)
class ToContact:
    """What files are made of, one place a patient: the line of their first appointment, its event's key, all their
    other appointments in words, circumstances, and the text to say or to send. `channels`: that chance gave each
    patient; empty where channels are not compared.
    """

    lines: pd.DataFrame
    keys: tuple[str, ...]
    others: tuple[str, ...]
    circumstances: tuple[tuple[str, ...], ...]
    texts: tuple[str, ...]
    product: Product
    channels: tuple[str | None, ...] = ()


def center(found: ToContact, own: pd.DataFrame | None = None) -> pd.DataFrame:
    """For a call centre: who, when, what, what to say, and empty columns for what comes of it. `own`: the clinic's own
    columns, one line for each place.
    """
    frame, product = found.lines, found.product
    shown: dict[str, object] = {
        EVENT: list(found.keys),
        "paciente": call_list.names(frame, product),
        "data": tables.dates(frame[product.time.key]).tolist(),
        "hora": [tables.hour(value) for value in frame[product.time.hour_column].tolist()],
        "agendamento": call_list.whats(frame, product),
        "outros agendamentos": list(found.others),
        "por que ligar": ["; ".join(said) for said in found.circumstances],
        TEXT: list(found.texts),
    }
    if found.channels:
        shown[BY] = [names.channel(channel) if channel else "" for channel in found.channels]
    if own is not None:
        shown |= {_free(shown, str(name)): own[name].tolist() for name in own.columns}
    return pd.DataFrame(shown | {name: [""] * len(frame) for name in TO_FILL})


def _free(taken: Mapping[str, object], name: str) -> str:
    """`name`, told apart where one of our columns has it."""
    return f"{name} (do arquivo)" if name in (*taken, *TO_FILL) else name


def messages(found: ToContact, own: pd.DataFrame, phones: Sequence[str], *, identified: bool) -> pd.DataFrame:
    """For a tool that sends messages: phone, first name, text, and the event's key for what comes back. Masked unless
    `identified`: of a phone its last digits alone, and no name.
    """
    numbers = _first_filled(own, phones)
    first = [name.split(" ")[0].capitalize() if name else "" for name in _first_filled(own, _named(own))]
    return pd.DataFrame(
        {
            "telefone": [digits(text) if identified else masked(text) for text in numbers],
            "nome": first if identified else [""] * len(first),
            "mensagem": list(found.texts),
            EVENT: list(found.keys),
        }
    )


def _named(own: pd.DataFrame) -> list[str]:
    return [str(name) for name in own.columns if fold(str(name)) in NAMES]


def _first_filled(own: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    rows = zip(*(own[name].tolist() for name in columns), strict=True) if columns else ([""] for _ in range(len(own)))
    return [next((visible(str(text)) for text in row if text), "") for row in rows]


def digits(text: str) -> str:
    """A phone as digits alone, with Brazil's code where it lacks a country's; "" for what is too short to be one."""
    found = "".join(sign for sign in text if sign in "0123456789").lstrip("0")
    return "" if len(found) < 10 else found if len(found) > 11 else f"55{found}"


def masked(text: str) -> str:
    """A phone of which only the last digits are told; "" where there is none."""
    found = digits(text)
    return "•" * (len(found) - _SHOWN) + found[-_SHOWN:] if found else ""
