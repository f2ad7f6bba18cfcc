"""The honest test on the page of a model: level and slope in words, then by month, unit and who the people are."""

from __future__ import annotations

import streamlit as st

from dashboard import state
from dashboard.components import charts, figures, not_here
from dashboard.components.page import heading
from pipeline.contract import Product
from pipeline.presentation.charts import dot_plot, learning_curve
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames import skill_tables
from pipeline.presentation.sentences import card_words, learning_words, new_unit_words, skill_words
from pipeline.records import ModelCard, NewUnitTest, SkillReport, SkillSplit
from pipeline.services.pages.carrying import Standing

_CHARTED = 15  # groups: more are in the table alone


def here(found: Standing | None, current: state.Current) -> None:
    """How the model stands in the open file, where it did not learn from it and outcomes are known."""
    if found is None:
        return
    report, product = found.report, current.product
    with st.container(border=True, gap="small", key="carries_here"):
        heading("O modelo nos dados abertos", escape_markdown(skill_words.measured_on(report, product)))
        st.markdown(skill_words.verdict(report, found.carries, product).markdown())
        skill = report.headline
        _lines(
            f"{skill_words.reach(skill, product)} {skill_words.references_brief(report.references, product)}".strip()
        )
        if report.expected:
            promised = skill_words.expected(report.expected, product, skill)
            st.markdown(f":small[:gray[{escape_markdown(promised)}]]")
        not_here.ways(found, current)
        with st.expander("Ver as medidas e os grupos"):
            figures.show(skill_tables.measures(report), "Medidas nos dados abertos")
            if report.references:
                figures.show(skill_tables.references(report.references), "Referências aprendidas nestas mesmas linhas")
            _splits(report, product, "here")


def test(card: ModelCard, product: Product) -> None:
    """The card's own test: level, slope, calibration in numbers, groups."""
    report = card.skill
    if report is None:
        return
    with st.container(gap="small", key="section_honest"):
        heading(
            "Onde acerta, onde erra, e para quem",
            f"{escape_markdown(skill_words.measured_on(report, product))} Intervalos de 95%, por paciente.",
        )
        skill = report.headline
        _lines(skill_words.level(skill, product), skill_words.slope(skill.slope))
        _lines(skill_words.with_same_day(report, product))
        _splits(report, product, "card")
        with st.expander("Ver as medidas e a calibração em tabela"):
            figures.show(skill_tables.measures(report), "Medidas do teste")
            figures.show(skill_tables.calibration(report.calibration, product), "Calibração")
    _new_unit(card.new_unit, product)
    _learning(card, product)
    with st.expander("Para que serve, limites e quem pode usar"):
        _about(card, product)


def _new_unit(found: NewUnitTest | None, product: Product) -> None:
    """What a unit that the model never saw can expect, where units were left out of the learning."""
    if found is None:
        return
    with st.container(gap="small", key="section_new_unit"):
        heading(new_unit_words.TITLE, escape_markdown(new_unit_words.measured_on(found, product)))
        st.markdown(new_unit_words.finding(found, product).markdown())
        split(new_unit_words.worst_first(found), product, "new_unit", skill_tables.new_units(found, product))
        with st.expander("Ver as medidas, sem conhecer a unidade e conhecendo"):
            figures.show(skill_tables.new_unit(found), "Medidas sem conhecer a unidade e conhecendo")


def _learning(card: ModelCard, product: Product) -> None:
    """Whether more rows would make a better model, where the file had enough to tell."""
    curve = card.learning
    if curve is None:
        return
    with st.container(gap="small", key="section_learning"):
        heading(learning_words.TITLE, escape_markdown(learning_words.measured_on(curve, product)))
        st.markdown(learning_words.finding(curve, card, product).markdown())
        charts.show(learning_curve(curve, charts.theme()), "learning_curve")
        st.markdown(f":small[:gray[{escape_markdown(learning_words.CHART_KEY)}]]")
        with st.expander("Ver os números em tabela"):
            figures.show(skill_tables.learning(curve, product), learning_words.TITLE)


def _about(card: ModelCard, product: Product) -> None:
    for title, lines in (
        ("Para que serve", card_words.purpose(product)),
        ("Limites", card_words.limits(card, product)),
    ):
        st.markdown(f"**{title}**\n\n" + "\n".join(f"- {escape_markdown(line)}" for line in lines))
    for title, pairs in (
        ("Campos", card_words.fields(card, product)),
        ("Quem pode usar", card_words.use(product)),
        ("O que a lei pede", card_words.law()),
    ):
        listed = "\n".join(f"- **{escape_markdown(name)}** {escape_markdown(text)}" for name, text in pairs)
        st.markdown(f"**{title}**\n\n{listed}")


def _splits(report: SkillReport, product: Product, key: str) -> None:
    """A tab a split: what differs in one sentence, the chart, the table."""
    if not report.splits:
        return
    titles = [skill_words.split_title(item, product) for item in report.splits]
    for tab, item in zip(st.tabs([escape_markdown(title) for title in titles]), report.splits, strict=True):
        with tab, st.container(gap="small"):
            split(item, product, key)


def split(item: SkillSplit, product: Product, key: str, table: object | None = None) -> None:
    """A split by groups: what differs in one sentence, the chart, the `table` (of the groups, where none is given)."""
    st.markdown(escape_markdown(skill_words.differs(item, product)))
    charts.show(
        dot_plot(
            skill_tables.group_rows(item), None, charts.theme(), what=f"{product.words.rate} observada", limit=_CHARTED
        ),
        f"honest_{key}_{item.column}",
    )
    st.markdown(f":small[:gray[{escape_markdown(skill_words.CHART_KEY)}]]")
    with st.expander("Ver os números em tabela"):
        shown = skill_tables.groups(item, product) if table is None else table
        figures.show(shown, skill_words.split_title(item, product))


def _lines(*texts: str) -> None:
    for text in texts:
        if text:
            st.markdown(escape_markdown(text))
