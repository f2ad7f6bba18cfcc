"""Pages that give account of personal data: a patient's copy, the register of processing, the draft of an impact
report. One template: sections with paragraphs, lines and a table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.presentation.html import page
from pipeline.presentation.locale.numbers import date, plural
from pipeline.presentation.sentences import privacy_words as words
from pipeline.records.privacy import LearntModel, PatientTable


class Section(NamedTuple):
    """A heading with what stands below it, all plain text."""

    title: str
    note: str = ""
    paragraphs: Sequence[str] = ()
    lines: Sequence[tuple[str, str]] = ()
    table: page.Table | None = None


def account_html(title: str, lead: str, meta: Sequence[str], sections: Sequence[Section]) -> str:
    """The page, self-contained."""
    return page.render(
        "account", figures=False, of_product="Privacidade", title=title, lead=lead, meta=list(meta), sections=sections
    )


def patient_html(held: Sequence[PatientTable], models: tuple[LearntModel, ...], now: dt.datetime) -> str:
    """A patient's copy of what is kept of them, with a sentence for each source."""
    sections = [_of(table) for table in held]
    if models:
        sections.append(Section("Modelos que aprenderam com estas linhas", paragraphs=(words.learnt(models),)))
    sections.append(Section("Seus direitos", paragraphs=_RIGHTS))
    lead = (
        f"Tudo o que esta clínica guarda sobre você no Presença: {plural(len(held), 'origem', 'origens')}."
        if held
        else "Esta clínica não guarda nada sobre você no Presença."
    )
    return account_html("Seus dados", lead, (f"Cópia feita em {date(now.date())} (LGPD, art. 18)",), sections)


_RIGHTS = (
    "Você pode pedir a correção do que estiver errado, o apagamento do que não for preciso guardar, e que uma pessoa "
    "reveja um risco calculado (LGPD, arts. 18 e 20). Fale com a clínica.",
)


def _of(table: PatientTable) -> Section:
    title, about = words.SOURCES[table.source]
    place = f" De: {table.place}." if table.place else ""
    headers = tuple(words.column(key) for key in table.columns)
    return Section(title, f"{about}{place}", table=page.Table(headers, table.rows))
