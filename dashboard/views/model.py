"""Modelo: train it or load one; how good it is in plain words, then in numbers; what matters to it."""

from __future__ import annotations

import streamlit as st

from dashboard import navigation, state, text
from dashboard.components import charts, notices, training
from dashboard.components.downloads import button
from dashboard.components.page import empty, heading, kpis, page, refusal
from pipeline.contract import Product, feminine
from pipeline.errors import PresencaError
from pipeline.presentation import model_wording, tables
from pipeline.presentation.charts import calibration_plot, importance_bars, reach_curve
from pipeline.presentation.numbers import date, decimal, interval, number, percent, period
from pipeline.presentation.text import escape_markdown, shorten
from pipeline.records import Evaluation, ModelCard, ModelInfo
from pipeline.services import fit, models


def show() -> None:
    current = state.current()
    if current.model is None:
        with page("Modelo", text.NO_MODEL + (" para este arquivo." if current.dataset else "."), text.NO_MODEL_WHY):
            _begin(current)
            _kept(current)
        return
    try:
        card = models.card(state.workspace(), current.model.id)
    except PresencaError as error:
        with page("Modelo"):
            refusal(error)
        return
    lead, rest = model_wording.finding(card, current.product)
    with page(current.product.words.model_title, lead, rest, _source(card)):
        notices.show(current)
        training.follow(current)
        _learnt_elsewhere(current)
        _quality(card, current.product)
        _importance(card)
        _words(card)
        _tiers(card, current.product)
        _notes(card)
        _downloads(current.model)
        if not _learns_now(current):
            _begin(current)
        _kept(current)


def _learns_now(current: state.Current) -> bool:
    """Whether the open file could teach a model, and the one that is shown does not know it."""
    dataset, model = current.dataset, current.model
    return (dataset is not None and model is not None and "training" in dataset.usable_for
            and not fit.judge(state.workspace(), dataset.id, model.id).knows)


def _learnt_elsewhere(current: state.Current) -> None:
    if not _learns_now(current):
        return
    assert current.dataset is not None and current.model is not None
    with st.container(gap="small", key="learnt_elsewhere"):
        heading("Este modelo não conhece o arquivo aberto",
                f"Aprendeu com {escape_markdown(current.model.dataset_name)}; o arquivo aberto é {escape_markdown(current.dataset.name)}.")
        training.form(current, first=True)
        training.load_form(current)


def _source(card: ModelCard) -> str:
    trained = period(card.trained_from, card.trained_until)
    return f"{card.data_name} · treinado com {number(card.rows_trained)} linhas de {trained}"


def _begin(current: state.Current) -> None:
    if current.dataset is None:
        empty(text.NO_DATA, text.NO_DATA_WHY, link=navigation.DATA, link_label="Enviar arquivo", key="model_no_data")
    elif current.model is None:
        training.follow(current)
        training.form(current, first=True)
    else:
        with st.expander("Treinar de novo", icon=":material/model_training:"):
            training.form(current, first=False)
    training.load_form(current)


def _headline(card: ModelCard) -> Evaluation:
    return card.test_ahead or card.test


def _quality(card: ModelCard, product: Product) -> None:
    test = _headline(card)
    model = test.model
    of = "das" if feminine(product.words.event) else "dos"
    reach = model.reach_top_10
    kpis([
        ("Alcance nos 10%", percent(reach.value, 0), _ci(reach)),
        ("AUC", decimal(model.auc.value, 3), _ci(model.auc, decimals=True)),
        ("Brier", decimal(model.brier.value, 3), _ci(model.brier, decimals=True)),
        ("Erro de calibração", percent(model.ece.value), _ci(model.ece)),
    ])
    st.markdown(f":small[:gray[{escape_markdown(model_wording.test_line(card, product))}]]")
    with st.grid(2, min_column_width=380):
        with st.container(gap="small", key="section_calibration"):
            heading("O risco dito é o risco visto?", "Ponto: faixa de risco, com intervalo de 95%. Na linha, previsto e observado são iguais.")
            charts.show(calibration_plot(test.calibration, charts.theme()), "calibration")
        with st.container(gap="small", key="section_reach"):
            heading("Quanto se alcança ligando" if product.has_agenda else "Quanto se alcança lendo",
                    f"Parte {of} {product.words.events} que se alcança ao {'ligar para' if product.has_agenda else 'ler'} os de maior risco primeiro.")
            charts.show(reach_curve(test.reach, charts.theme(), events=product.words.events, calls=product.has_agenda), "reach")
    with st.container(gap="small", key="section_references"):
        heading("Ao lado das referências", "As mesmas linhas, com intervalo de 95%. Diferença: modelo menos referência, reamostrando pacientes.")
        st.dataframe(tables.metrics(test), hide_index=True, row_height=40, height="content", alt="Medidas do modelo e das referências")
    if test.stars:
        with st.container(gap="small", key="section_stars"):
            heading("E as estrelas", "AUC: ordem entre 1–2 e 4–5 estrelas. Acerto, kappa e log-loss: as cinco classificações.")
            st.dataframe(tables.star_metrics(test.stars), hide_index=True, row_height=40, height="content", alt="Medidas das estrelas")
    with st.expander("O que cada medida quer dizer"):
        st.markdown("\n".join(f"- **{name}:** {escape_markdown(meaning)}" for name, meaning in model_wording.measures(product)))
    if card.test_ahead:
        with st.expander(f"Com os marcados no próprio dia ({number(card.test.rows)} linhas)"):
            st.dataframe(tables.metrics(card.test), hide_index=True, row_height=40, height="content",
                         alt="Medidas em todas as linhas do teste")


def _ci(value, decimals: bool = False) -> str:  # type: ignore[no-untyped-def]
    if value.low is None or value.high is None:
        return ""
    return f"{decimal(value.low, 3)}–{decimal(value.high, 3)}" if decimals else f"IC {interval(value, 0)}"


def _importance(card: ModelCard) -> None:
    with st.container(gap="small", key="section_importance"):
        heading("O que mais pesa", "Peso médio de cada fator no risco, em pontos, em linhas que o modelo não viu.")
        charts.show(importance_bars(card.importance, charts.theme()), "importance")


def _words(card: ModelCard) -> None:
    """Words that move the risk themselves, told apart from words that only name what is spoken of."""
    if not card.words:
        return
    kinds = {kind: [w for w in card.words if w.kind == kind] for kind in ("raises", "lowers", "topic")}
    with st.container(gap="small", key="section_words"):
        heading("As palavras que mais pesam", "Em comentários que o modelo não viu, do maior efeito somado ao menor. Pontos: o que a palavra dá ao risco, em média.")
        with st.grid(2, min_column_width=380):
            for title, kind in (("Pesam para detrator", "raises"), ("Pesam para promotor", "lowers")):
                with st.container(gap="xxsmall"):
                    st.markdown(f"**{title}**")
                    st.dataframe(tables.words(kinds[kind]), hide_index=True, row_height=40, height="content", alt=title)
        if kinds["topic"]:
            with st.expander("Palavras que só dizem o assunto"):
                st.markdown("Os comentários com elas têm outra taxa, mas quem muda o risco são outras palavras deles.")
                st.dataframe(tables.words(kinds["topic"]), hide_index=True, row_height=40, height="content", alt="Palavras de assunto")


def _tiers(card: ModelCard, product: Product) -> None:
    with st.container(gap="small", key="section_tiers"):
        heading("Faixas de risco", f"{product.words.rate} observada em cada faixa, em linhas que o modelo não viu.")
        st.dataframe(tables.tiers(card.tiers, product), hide_index=True, row_height=40, height="content", alt="Faixas de risco")


def _notes(card: ModelCard) -> None:
    if card.notes:
        with st.expander("Como foi treinado"):
            st.markdown("\n".join(f"- {escape_markdown(note)}" for note in card.notes))


def _downloads(info: ModelInfo) -> None:
    workspace = state.workspace()
    with st.container(horizontal=True, key="downloads"):
        button("Modelo", lambda: models.export_model(workspace, info.id), "modelo.zip", info.id, primary=True)
        button("Ficha em HTML", lambda: models.card_html(workspace, info.id), "ficha_do_modelo.html", info.id)
        button("Medidas em JSON", lambda: models.metrics(workspace, info.id), "medidas.json", info.id)


def _kept(current: state.Current) -> None:
    kept = models.models(state.workspace(), current.product.key)
    if not kept:
        return
    with st.container(gap="small"):
        heading("Modelos guardados", "" if current.model else
                "Aprenderam com outros dados e não são usados por si neste arquivo: escolha um, se ele servir.")
        for info in kept:
            with st.container(border=True, horizontal=True, vertical_alignment="center", key=f"model_{info.id}"):
                st.markdown(f"**{escape_markdown(shorten(info.dataset_name, 40))}**  \n:small[:gray[{_about(info)}]]", width="stretch")
                if current.model and info.id == current.model.id:
                    st.badge("em uso", icon=":material/check:", color="green")
                elif st.button("Usar", key=f"use_{info.id}"):
                    state.choose_model(info.id)
                    st.rerun()
                with st.popover("Apagar", icon=":material/delete:", key=f"delete_model_{info.id}"):
                    _deletion(info)


def _about(info: ModelInfo) -> str:
    parts = [f"dados até {date(info.trained_until)}"]
    if info.auc_ahead is not None:
        parts.append(f"AUC {decimal(info.auc_ahead, 3)}")
    if info.dataset_deleted:
        parts.append("dados apagados")
    return " · ".join(parts)


def _deletion(info: ModelInfo) -> None:
    st.markdown("Apagar tira o modelo e os riscos que ele calculou. Não dá para desfazer.")
    if st.button("Apagar modelo", type="primary", key=f"delete_model_now_{info.id}"):
        models.delete_model(state.workspace(), info.id)
        state.forget_model(info.id)
        st.rerun()


show()
