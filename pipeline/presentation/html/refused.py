"""The page beside a file of the watched folder that could not be used: why, and what to do."""

from __future__ import annotations

import datetime as dt

from pipeline.presentation.escaping import shorten
from pipeline.presentation.html import page
from pipeline.presentation.html.account import Section
from pipeline.presentation.locale import messages
from pipeline.presentation.locale.numbers import date
from pipeline.records.folder import FolderFile

_WHERE = (
    "O arquivo está ao lado desta página, como chegou. Corrigido, pode voltar à pasta com o mesmo nome; enviado pela "
    "página Dados, a Presença pergunta o que aqui não pôde adivinhar.",
)


def refused_html(file: FolderFile) -> str:
    """One page without script, of a file that was refused before its content was checked."""
    assert file.note is not None, "what is refused is refused with why"
    moment = dt.datetime.fromisoformat(file.at)
    meta = (shorten(file.name, 80), f"{date(moment.date())}, {moment:%H:%M}")
    todo = messages.advice(file.note)
    sections = [Section("O que fazer", paragraphs=(*filter(None, [todo]), *_WHERE))]
    return page.render(
        "account",
        figures=False,
        of_product="Pasta vigiada",
        title="Arquivo recusado",
        lead=messages.say(file.note),
        meta=meta,
        sections=sections,
    )
