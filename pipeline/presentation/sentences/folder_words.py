"""Sentences about the watched folder: how it is set, and what became of each file."""

from __future__ import annotations

import datetime as dt

from pipeline.contract import Product
from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import date, plural
from pipeline.records.folder import FolderFile, FolderSettings, FolderState

TITLE = "Pasta vigiada"
ABOUT = (
    "Um arquivo que o sistema da clínica deixa nesta pasta é lido, guardado na série a que pertence e, se há modelo, "
    "vira a lista do dia, sem ninguém tocar nele. Use uma pasta só para isto: tudo o que cai ali é movido para “lidos” "
    "ou, com o porquê, para “recusados”."
)
IDENTIFIED = "A lista com as colunas do próprio arquivo (identifica pacientes)"
RETRAIN = "Treinar de novo quando o acompanhamento aconselhar, no máximo uma vez por semana; o modelo é só proposto"
KEPT = "A configuração da pasta foi guardada."
_NAME = 48


def state(found: FolderSettings) -> str:
    """Whether the folder is watched, and which."""
    if not found.is_on:
        return "Nenhuma pasta é vigiada."
    return f"Vigiando {shorten(found.path, 80)}."


def watching(found: FolderSettings) -> str:
    """What the command says when it begins."""
    return f"Vigiando {found.path}. Ctrl+C encerra."


def came(one: FolderFile, product: Product, today: dt.date) -> str:
    """What became of a file, as the first page says it: `agenda.csv chegou pela pasta às 06:50: 120 agendamentos,
    lista pronta: 40 pacientes para contatar.`
    """
    return _said(one, plural(one.rows, product.words.row, product.words.rows), today)


def line(one: FolderFile, today: dt.date | None = None) -> str:
    """The same, whatever its product."""
    return _said(one, plural(one.rows, "linha", "linhas"), today)


def _said(one: FolderFile, rows: str, today: dt.date | None) -> str:
    name, when = shorten(one.name, _NAME), _when(one.at, today)
    why = messages.told(one.note) if one.note is not None else ""
    if one.state is FolderState.LATER:
        return f"{name} está na pasta e ainda não pôde ser lido ({when}). {why}".strip()
    if one.state is FolderState.REFUSED:
        return f"{name} chegou pela pasta {when} e foi recusado. {why}".strip()
    return f"{name} chegou pela pasta {when}: {rows}{_list(one)}. {why}".strip()


def _list(one: FolderFile) -> str:
    if one.to_call is None:
        return ""
    return f", lista pronta: {plural(one.to_call, 'paciente', 'pacientes')} para contatar"


def _when(at: str, today: dt.date | None) -> str:
    moment = dt.datetime.fromisoformat(at)
    hour = f"às {moment:%H:%M}"
    return hour if moment.date() == today else f"em {date(moment.date())}, {hour}"
