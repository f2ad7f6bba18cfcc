"""Pages that give account of personal data: a patient's copy, the register of processing, the draft of an impact
report. One template: sections with paragraphs, lines and a table.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from pipeline.contract import Product
from pipeline.presentation.html import page
from pipeline.presentation.locale.numbers import date, plural
from pipeline.presentation.sentences import account_words as told
from pipeline.presentation.sentences import privacy_words as words
from pipeline.records.privacy import Account, LearntModel, PatientTable


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


def register_html(found: Account, products: Sequence[Product], now: dt.datetime) -> str:
    """The register of processing (LGPD, art. 37)."""
    sections = [
        Section("Controlador e encarregado", lines=told.CONTROLLER),
        Section("Para que se tratam os dados", lines=told.PURPOSES),
        *(Section(f"Dados: {product.title}", told.FIELDS_NOTE, table=_fields(product)) for product in products),
        Section("Onde estão hoje", told.held(found), table=_places(found)),
        Section("Por quanto tempo", lines=told.retention(found)),
        Section("Quem tem acesso", told.ACCESS_NOTE, table=_access(found)),
        Section("Compartilhamento e transferência internacional", paragraphs=told.SHARING),
        Section("Medidas de segurança", lines=told.MEASURES),
    ]
    lead = (
        "Feito do que o Presença declara e do que está guardado hoje. O que está entre colchetes, a clínica preenche."
    )
    return account_html("Registro das operações de tratamento", lead, _made(now, "art. 37"), sections)


def impact_html(found: Account, products: Sequence[Product], now: dt.datetime) -> str:
    """The draft of an impact report (LGPD, art. 38)."""
    sections = [
        Section("Quem responde por este relatório", lines=told.CONTROLLER),
        Section("Por que ele é necessário", paragraphs=told.WHY_IMPACT),
        Section("O tratamento", told.held(found), lines=told.PURPOSES, table=_places(found)),
        *(Section(f"Dados: {product.title}", told.FIELDS_NOTE, table=_fields(product)) for product in products),
        Section("Necessidade e proporcionalidade", lines=told.NECESSITY),
        Section("Riscos para as pessoas e o que os diminui", table=page.Table(told.RISK_HEADERS, told.RISKS)),
        Section("Medidas de segurança", lines=told.MEASURES),
        Section("Por quanto tempo", lines=told.retention(found)),
        Section("Direitos dos titulares", lines=told.rights(found)),
        Section("Conclusão", paragraphs=told.CONCLUSION),
    ]
    lead = "Rascunho: o que o código sabe já está escrito; o que está entre colchetes, a clínica avalia e preenche."
    return account_html("Relatório de impacto à proteção de dados (RIPD)", lead, _made(now, "art. 38"), sections)


def incident_html(found: Account, products: Sequence[Product], now: dt.datetime) -> str:
    """What an incident that touches these data sets reaches (LGPD, art. 48)."""
    sections = [
        Section("O que aconteceu", lines=told.INCIDENT),
        Section("Conjuntos de dados atingidos", told.held(found), table=_places(found)),
        *(
            Section(f"Dados: {product.title}", told.FIELDS_NOTE, table=_fields(product))
            for product in products
            if product.key in {one.product for one in found.places}
        ),
        Section("Quem tinha visto ou levado", told.ACCESS_NOTE, table=_access(found)),
        Section("O que se fez e se fará", lines=told.INCIDENT_AFTER),
    ]
    lead = "O alcance, até onde o Presença sabe. O prazo para comunicar à ANPD e aos titulares é de três dias úteis."
    return account_html("Alcance de um incidente", lead, _made(now, "art. 48"), sections)


def _made(now: dt.datetime, article: str) -> tuple[str, str]:
    return f"Feito em {date(now.date())}", f"LGPD, {article}"


def _fields(product: Product) -> page.Table:
    rows = [(item.label, item.source, told.protection(item)) for item in product.fields]
    return page.Table(("Dado", "O que é", "Como fica guardado"), rows)


def _places(found: Account) -> page.Table:
    return page.Table(told.PLACE_HEADERS, [told.place(one) for one in found.places], right=(2, 3))


def _access(found: Account) -> page.Table:
    return page.Table(told.ACCESS_HEADERS, [told.access(one) for one in found.access], right=(2,))
