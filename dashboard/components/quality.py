"""How good a model is, for its page: words first, then figures, then the measures in tables."""

from __future__ import annotations

import streamlit as st

from dashboard.components import charts
from dashboard.components.page import heading, kpis
from pipeline.contract import Product, feminine
from pipeline.presentation.charts import calibration_plot, importance_bars, reach_curve
from pipeline.presentation.escaping import escape_markdown
from pipeline.presentation.frames import model_tables
from pipeline.presentation.locale.numbers import number
from pipeline.presentation.sentences import giveaway_words, model_words
from pipeline.records import Evaluation, ModelCard


def show(card: ModelCard, product: Product) -> None:
    """Figures, whether the risk comes true, the references, what weighs, and the bands."""
    test = model_words.headline_test(card)
    _giveaways(card, product)
    kpis(model_words.figures(card, product))
    st.markdown(
        f":small[:gray[{escape_markdown(model_words.figures_line(product))} "
        f"{escape_markdown(model_words.test_line(card, product))}]]"
    )
    st.markdown(escape_markdown(model_words.top_group(test, product)))
    _figures(test, product)
    _references(card, test, product)
    _importance(card, product)
    _words(card)
    _tiers(card, product)


def _giveaways(card: ModelCard, product: Product) -> None:
    """What already tells the answer, before any figure that shines through it."""
    if card.giveaways is None or not card.giveaways.found:
        return
    with st.container(key="giveaways"):
        lines = giveaway_words.lines(card.giveaways, product)
        st.warning("\n\n".join(escape_markdown(line) for line in lines), icon=":material/key:")


def _figures(test: Evaluation, product: Product) -> None:
    words = product.words
    of, done = "das" if feminine(words.event) else "dos", "ligar para" if product.has_agenda else "ler"
    with st.grid(2, min_column_width=380):
        with st.container(gap="small", key="section_calibration"):
            heading(
                model_words.CONFIRMED,
                "Ponto: faixa de risco, com intervalo de 95%. Na linha, previsto e observado são iguais.",
            )
            charts.show(calibration_plot(test.calibration, charts.theme()), "calibration")
        with st.container(gap="small", key="section_reach"):
            heading(
                "Quanto se alcança ligando" if product.has_agenda else "Quanto se alcança lendo",
                f"Parte {of} {words.events} que se alcança ao {done} os de maior risco primeiro.",
            )
            charts.show(
                reach_curve(
                    test.reach,
                    charts.theme(),
                    events=words.events,
                    calls=product.has_agenda,
                    tenth=test.model.recall_at_10pct.value,
                ),
                "reach",
            )


def _references(card: ModelCard, test: Evaluation, product: Product) -> None:
    with st.container(gap="small", key="section_references"):
        heading(
            "Ao lado das referências",
            "As mesmas linhas, com intervalo de 95%. Diferença: modelo menos referência, reamostrando pacientes.",
        )
        st.dataframe(
            model_tables.metrics(test),
            hide_index=True,
            row_height=40,
            height="content",
            alt="Medidas do modelo e das referências",
        )
    if test.stars:
        with st.container(gap="small", key="section_stars"):
            heading(
                "E as estrelas",
                "AUC: ordem entre 1–2 e 4–5 estrelas. Acerto, kappa e log-loss: as cinco classificações.",
            )
            st.dataframe(
                model_tables.star_metrics(test.stars),
                hide_index=True,
                row_height=40,
                height="content",
                alt="Medidas das estrelas",
            )
    with st.expander("O que cada medida quer dizer"):
        st.markdown(
            "\n".join(f"- **{name}:** {escape_markdown(meaning)}" for name, meaning in model_words.measures(product))
        )
    if card.test_ahead:
        with st.expander(f"Com os marcados no próprio dia ({number(card.test.rows)} linhas)"):
            st.dataframe(
                model_tables.metrics(card.test),
                hide_index=True,
                row_height=40,
                height="content",
                alt="Medidas em todas as linhas do teste",
            )


def _importance(card: ModelCard, product: Product) -> None:
    with st.container(gap="small", key="section_importance"):
        heading("O que mais pesa", "Peso médio de cada fator no risco, em pontos, em linhas que o modelo não viu.")
        charts.show(importance_bars(card.importance, product, charts.theme()), "importance")


def _words(card: ModelCard) -> None:
    """Words that move the risk themselves, told apart from words that only name what is spoken of."""
    if not card.words:
        return
    kinds = {kind: [w for w in card.words if w.kind == kind] for kind in ("raises", "lowers", "topic")}
    alone = " quando só as palavras são lidas" if card.reads_sense else ""
    with st.container(gap="small", key="section_words"):
        heading(
            "As palavras que mais pesam",
            "Em comentários que o modelo não viu, do maior efeito somado ao menor. Pontos: o que a palavra dá ao "
            f"risco{alone}, em média.",
        )
        with st.grid(2, min_column_width=380):
            for title, kind in (("Pesam para detrator", "raises"), ("Pesam para promotor", "lowers")):
                with st.container(gap="xxsmall"):
                    st.markdown(f"**{title}**")
                    st.dataframe(
                        model_tables.words(kinds[kind]), hide_index=True, row_height=40, height="content", alt=title
                    )
        if kinds["topic"]:
            with st.expander("Palavras que só dizem o assunto"):
                st.markdown("Os comentários com elas têm outra taxa, mas quem muda o risco são outras palavras deles.")
                st.dataframe(
                    model_tables.words(kinds["topic"]),
                    hide_index=True,
                    row_height=40,
                    height="content",
                    alt="Palavras de assunto",
                )


def _tiers(card: ModelCard, product: Product) -> None:
    with st.container(gap="small", key="section_tiers"):
        heading(
            "Faixas de risco",
            f"{product.words.rate} observada em cada faixa, em linhas que o modelo não viu. {model_words.TIERS_KEY}",
        )
        st.dataframe(
            model_tables.tiers(card.tiers, product),
            hide_index=True,
            row_height=40,
            height="content",
            alt="Faixas de risco",
        )
