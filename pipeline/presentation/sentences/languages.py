"""In which language another system is answered, and a note said in it: English where it was asked for and is there."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from http import HTTPStatus
from typing import Any

import jinja2

from pipeline.contract import Product
from pipeline.presentation.locale import english, messages
from pipeline.presentation.sentences import issue_words
from pipeline.records.note import Note

_MOST = 20  # languages of a request that are looked at


class Language(StrEnum):
    """A language that there are sentences in, as HTTP names it."""

    PORTUGUESE = "pt-BR"
    ENGLISH = "en"


def asked_for(header: str) -> Language:
    """The language of an Accept-Language header that is wanted most; Portuguese where it wants neither."""
    best, found = 0.0, Language.PORTUGUESE
    for one in header.split(",")[:_MOST]:
        name, _, weight = one.partition(";q=")
        known = {"pt": Language.PORTUGUESE, "en": Language.ENGLISH}.get(name.strip().lower()[:2])
        if known is not None and (wanted := _weight(weight)) > best:
            best, found = wanted, known
    return found


def _weight(text: str) -> float:
    try:
        return float(text) if text.strip() else 1.0
    except ValueError:
        return 0.0


_STATUS = {
    400: "Pedido ilegível",
    401: "Sem chave",
    403: "Sem permissão",
    404: "Não encontrado",
    405: "Método não aceito",
    408: "Tempo esgotado",
    409: "Em conflito",
    412: "Já mudou",
    413: "Grande demais",
    415: "Tipo não aceito",
    422: "Não serve",
    429: "Pedidos demais",
    500: "Falha inesperada",
    503: "Indisponível agora",
    507: "Sem espaço",
}


def of_status(status: int, language: Language) -> str:
    """What an HTTP status says, in a few words."""
    return HTTPStatus(status).phrase if language is Language.ENGLISH else _STATUS.get(status, HTTPStatus(status).phrase)


def message(item: Note | Mapping[str, Any], language: Language) -> str:
    """The sentence of a note."""
    code, params = _parts(item)
    made = _template(code) if language is Language.ENGLISH else None
    return messages.say(item) if made is None else made.render(params)


def hint(item: Note | Mapping[str, Any], language: Language) -> str:
    """How to go on after it; "" where nothing can be said, or not in its language."""
    code, params = _parts(item)
    if language is Language.ENGLISH and code in english.MESSAGES:
        made = _template(code + messages.HINT)
        return "" if made is None else made.render(params)
    return messages.advice(item)


def told(item: Note | Mapping[str, Any], language: Language) -> str:
    """Both, as one text."""
    return f"{message(item, language)} {hint(item, language)}".strip()


def reason(code: str, product: Product, language: Language) -> str:
    """Why a row was left out, by the code of its rule."""
    rule = next((one for one in product.rules if one.code == code), None)
    if language is Language.ENGLISH and rule is not None:
        return english.MESSAGES[f"rule.{rule.kind}"]
    return issue_words.reason(code, product)


def _parts(item: Note | Mapping[str, Any]) -> tuple[str, Mapping[str, Any]]:
    return (item.code, item.params) if isinstance(item, Note) else (item["code"], item["params"])


@cache
def _template(code: str) -> jinja2.Template | None:
    found = english.MESSAGES.get(code)
    return None if found is None else messages.environment().from_string(found)
