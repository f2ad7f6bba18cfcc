"""A validation report on screen: key figures, issues from the costliest, fields one by one, months."""

from __future__ import annotations

import streamlit as st

from dashboard import text
from dashboard.components import charts, fixing
from dashboard.components.page import heading, kpis
from pipeline.contract import Product
from pipeline.presentation import html
from pipeline.presentation.charts import monthly_lines
from pipeline.presentation.charts.lines import MIN_ROWS
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import interval, number, percent, share
from pipeline.presentation.sentences import findings, issue_words, report_words
from pipeline.records import DatasetInfo, Issue, ValidationReport

MOST_ISSUES = 8


def show(record: ValidationReport, product: Product, info: DatasetInfo) -> None:
    """All sections of a report; what mends it stands where the fault is said."""
    _figures(record, product)
    _uses(record)
    _costs(record, product)
    fixing.actions(info, record)
    fixing.automatic(info, record, product)
    fixing.proposals(info, record, product)
    fixing.leaks(info, record, findings.leak)
    _issues(record, product)
    _months(record, product)
    _fields(record, product)


def _figures(record: ValidationReport, product: Product) -> None:
    rate = record.event_rate
    kpis(
        [
            ("Linhas lidas", number(record.rows_read), report_words.fields_counted(record, product)),
            ("Aproveitadas", number(record.rows_usable), share(record.rows_usable, record.rows_read)),
            ("Deixadas de fora", number(record.rows_left_out), share(record.rows_left_out, record.rows_read)),
            (
                product.words.rate,
                percent(rate.value) if rate else "–",
                f"IC {interval(rate)}" if rate else "sem resultado",
            ),
        ]
    )


def _uses(record: ValidationReport) -> None:
    with st.container(gap="xxsmall"):
        with st.container(horizontal=True):
            for use, name in text.USES.items():
                able = use in record.usable_for
                st.badge(
                    f"serve para {name}" if able else f"não serve para {name}",
                    icon=":material/check:" if able else ":material/block:",
                    color="green" if able else "gray",
                )
        for why in map(say, record.usable_why):
            st.markdown(f":small[:gray[{escape_markdown(why)}]]")
        for note in (*map(say, record.file.notes), report_words.far(record)):
            if note:
                st.markdown(f":small[:gray[{escape_markdown(note)}]]")


def _costs(record: ValidationReport, product: Product) -> None:
    """What the faults cost, in words, with what each lacking field means."""
    with st.container(gap="small", key="section_costs"):
        heading("O que os problemas custam")
        st.html(f"<style>{html.CARD_CSS}</style>{html.costs(record, product)}")


def _issues(record: ValidationReport, product: Product) -> None:
    with st.container(gap="small"):
        heading("O que foi encontrado", "Do que mais custa ao que menos custa.")
        if not record.issues:
            st.markdown("Nada de errado foi encontrado.")
        for issue in record.issues[:MOST_ISSUES]:
            _issue(issue, record, product)
        if len(record.issues) > MOST_ISSUES:
            with st.expander(f"Ver mais {len(record.issues) - MOST_ISSUES}"):
                for issue in record.issues[MOST_ISSUES:]:
                    _issue(issue, record, product)


def _issue(issue: Issue, record: ValidationReport, product: Product) -> None:
    label, icon, colour = text.SEVERITY[issue.severity]
    with st.container(border=True, gap="xxsmall"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.badge(label, icon=icon, color=colour)  # type: ignore[arg-type]
            st.markdown(f"**{escape_markdown(issue_words.title(issue, product))}**", width="content")
            cost = escape_markdown(
                " · ".join(
                    part
                    for part in (
                        issue_words.effect(issue),
                        _share(issue, record),
                        text.COSTS[issue.cost] if issue.examples else "",
                    )
                    if part
                )
            )
            st.markdown(f":gray[{cost}]", width="content")
        lead, rest = issue_words.message_parts(issue, product)
        st.markdown((f"**{escape_markdown(lead)}** " if lead else "") + escape_markdown(rest))


def _share(issue: Issue, record: ValidationReport) -> str:
    """How much of the file an issue touches; nothing where it is about the whole of it."""
    return share(issue.rows, record.rows_read) if issue.examples else ""


def _months(record: ValidationReport, product: Product) -> None:
    if len(record.months) < 2 or record.event_rate is None:
        return
    with st.container(gap="small", key="section_months"):
        heading(
            f"{product.words.rate} por mês",
            escape_markdown(
                " ".join(part for part in ("Linha: observado, com intervalo de 95%.", report_words.far(record)) if part)
            ),
        )
        if max(month.outcomes for month in record.months) < MIN_ROWS:
            st.markdown(
                f"Nenhum mês tem {MIN_ROWS} resultados conhecidos: com tão poucos, a taxa de um mês não diz nada."
            )
            return
        charts.show(monthly_lines(record.months, (), charts.theme()), "report_months")


def _fields(record: ValidationReport, product: Product) -> None:
    with st.container(gap="small"):
        heading(
            "Campo a campo",
            f"{report_words.fields_with_data(record, product)}: quanto veio, quanto pode ser usado e como se "
            "distribui.",
        )
        st.html(html.field_cards(record))
