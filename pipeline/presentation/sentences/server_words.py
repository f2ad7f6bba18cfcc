"""Sentences about the folder of the server from which data may be taken: its files, and the reading of large ones."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from zoneinfo import ZoneInfo

from pipeline.presentation.escaping import shorten
from pipeline.presentation.locale.numbers import agree, date, exact_size, file_size, plural
from pipeline.records import Note
from pipeline.records.server_files import ServerFile, ServerFiles

WHOLE = "A pasta inteira"
EMPTY = "Não há arquivo nenhum na pasta do servidor."
RUNS = "Enquanto esta leitura não termina, não se escolhe outra."
KEPT = "Os arquivos do servidor foram lidos e guardados."
_NAME, _MB = 56, 1_000_000
_ZONE = ZoneInfo("America/Sao_Paulo")


def upload_limit(megabytes: int, variable: str, *, is_set: bool) -> str:
    """How much the browser sends, and what to do for more: `Até 300 MB por arquivo pelo navegador. …`"""
    size = f"Até {exact_size(megabytes * _MB)} por arquivo pelo navegador."
    if is_set:
        return f"{size} O que for maior pode ser escolhido abaixo, da pasta do servidor."
    return (
        f"{size} Para mais, quem cuida do servidor põe os arquivos numa pasta dele e a nomeia em {variable}: eles "
        "aparecem aqui, para escolher."
    )


def option(file: ServerFile) -> str:
    """`2026/agenda.csv · 1,2 GB · 23/11/2026, 08:30`."""
    return f"{_shown(file.path)} · {file_size(file.size)} · {_when(file)}"


def folder_option(path: str, files: Sequence[ServerFile]) -> str:
    """`Pasta 2026 · 12 arquivos · 3,4 GB`; the whole one for the path ""."""
    name = f"Pasta {_shown(path)}" if path else WHOLE
    return f"{name} · {plural(len(files), 'arquivo', 'arquivos')} · {_size(files)}"


def _shown(path: str) -> str:
    return shorten(path, _NAME) or "(sem nome)"


def _when(file: ServerFile) -> str:
    moment = dt.datetime.fromtimestamp(file.changed_ns / 1e9, _ZONE)
    return f"{date(moment.date())}, {moment:%H:%M}"


def _size(files: Sequence[ServerFile]) -> str:
    return file_size(sum(one.size for one in files))


def not_offered(found: ServerFiles) -> str:
    """What lies there and can't be chosen; "" where all can."""
    told = []
    if found.aside:
        one, many = "não aparece: é um link, ou não é um arquivo", "não aparecem: são links, ou não são arquivos"
        told.append(f"{plural(found.aside, one, many)} {agree(found.aside, 'comum', 'comuns')}.")
    if found.is_cut:
        told.append(f"Só os {len(found.files)} mais novos aparecem: separe os outros em pastas menores.")
    return " ".join(told)


def read_beside(files: Sequence[ServerFile]) -> str:
    """How what is large will be read."""
    return f"{_size(files)}: a leitura é feita à parte, e a página pode ser fechada enquanto isso."


def why(note: Note | None) -> Note:
    """Why a reading ended: what a job says of itself speaks of trainings."""
    if note is None:
        return Note("server_files.stopped")
    before, _, code = note.code.partition(".")
    return Note(f"server_files.{code}", note.params) if before == "job" else note
