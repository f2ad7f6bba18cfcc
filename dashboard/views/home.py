"""Início: which product, what is loaded, and the one next step."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from dashboard import navigation, state, text
from dashboard.components import notices, recovery
from dashboard.components.page import heading, page, refusal
from pipeline import services
from pipeline.contract import Product, feminine
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale.numbers import number, plural
from pipeline.presentation.sentences.model_words import until
from pipeline.services.data import datasets, series


@dataclass(frozen=True)
class Step:
    """A card of the way: what is done, one fact, one link."""

    title: str
    fact: str
    link: str
    target: str
    done: bool
    ready: bool = False  # even while an earlier step is not done


def _steps(current: state.Current) -> list[Step]:
    words, dataset, model = current.product.words, current.dataset, current.model
    steps = [
        Step(
            "Dados",
            f"{number(dataset.rows)} {words.rows} de {shorten(dataset.name, 24)}"
            if dataset
            else "Envie a planilha do seu sistema.",
            "Ver dados" if dataset else "Enviar arquivo",
            navigation.DATA,
            dataset is not None,
        ),
        Step(
            "Modelo",
            f"Treinado com dados {until(model.trained_until)}" + _order(model.auc_ahead)
            if model
            else "Aprende com o que já aconteceu.",
            "Ver modelo" if model else "Treinar",
            navigation.MODEL,
            model is not None,
        ),
        Step(
            "Risco",
            f"Onde e por que há mais {words.events}.",
            "Ver risco",
            navigation.RISK,
            dataset is not None and model is not None,
        ),
    ]
    if current.product.has_agenda:
        steps.append(_agenda(current))
    if current.product.has_comments:
        steps.append(
            Step(
                "Voz do paciente",
                "Quem responder hoje, e do que se fala.",
                "Ler comentários",
                navigation.COMMENTS,
                False,
                dataset is not None and current.product.starter is not None,  # the starter reads without a model
            )
        )
    return steps


def _agenda(current: state.Current) -> Step:
    fact = (
        "A lista de quem contatar, com motivos."
        if _looks_ahead(current)
        else f"Envie os {current.product.words.rows} que ainda vão acontecer."
    )
    return Step("Agenda", fact, "Abrir agenda", navigation.AGENDA, False)


def _looks_ahead(current: state.Current) -> bool:
    """Whether the series has a file with rows still to come."""
    kept = datasets.datasets(state.session(), current.product.key)
    return any(d.purpose != "past" for d in kept if current.dataset is None or d.series == current.dataset.series)


def _order(value: float | None) -> str:
    return f" · acerta a ordem em {number(100 * value)} de 100 pares" if value is not None else ""


def _next(steps: list[Step]) -> int:
    return next((i for i, step in enumerate(steps) if not step.done), len(steps) - 1)


def _step_card(step: Step, number_: int, is_next: bool, ready: bool) -> None:
    with st.container(border=True, height="stretch", gap="small", key=f"step_{number_}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{number_}. {step.title}**")
            if step.done:
                st.badge("pronto", icon=":material/check:", color="green")
            elif is_next:
                st.badge("próximo passo", icon=":material/arrow_forward:", color="blue")
        st.markdown(f":small[{escape_markdown(step.fact)}]")
        clicked = st.button(
            step.link,
            type="primary" if is_next else "secondary",
            disabled=not (ready or step.done),
            key=f"step_go_{number_}",
        )
        if clicked:
            navigation.go(step.target)


def _product_cards(products: tuple[Product, ...], chosen: Product) -> None:
    with st.container(gap="small"):
        heading("O que você quer ver")
        _product_grid(products, chosen)


def _product_grid(products: tuple[Product, ...], chosen: Product) -> None:
    with st.grid(max(len(products), 2), min_column_width=300):
        for product in products:
            with st.container(border=True, height="stretch", key=f"product_{product.key}"):
                with st.container(horizontal=True, vertical_alignment="center"):
                    st.markdown(f"**{product.title}**")
                    if product.key == chosen.key:
                        st.badge("escolhido", icon=":material/check:", color="green")
                st.markdown(f":small[{product.description}]")
                if product.key != chosen.key and st.button(f"Escolher {product.title}", key=f"choose_{product.key}"):
                    state.choose_product(product.key)
                    st.rerun()


def _series(current: state.Current) -> None:
    """With more than one clinic or network in the workspace, which one the pages speak of."""
    listed = [s for s in series.listed(state.session(), current.product.key) if series.members(state.session(), s)]
    if len(listed) < 2 or current.series is None:
        return
    names = {s.id: s.name for s in listed}
    with st.container(gap="small", key="series_choice"):
        heading(
            "De qual clínica ou rede",
            "Cada uma tem os seus arquivos, o seu histórico e os seus modelos: nada passa de uma para a outra.",
        )
        ids = list(names)
        chosen = st.selectbox(
            "Clínica ou rede (série)",
            ids,
            index=ids.index(current.series.id),
            width=320,
            label_visibility="collapsed",
            format_func=lambda i: shorten(names[i], 48),
            key=f"series_{current.series.id}",
        )
        if chosen != current.series.id:
            state.choose_dataset(series.first_to_show(state.session(), chosen).id)
            st.rerun()


def _samples(current: state.Current) -> None:
    with st.container(border=True, key="samples"):
        st.markdown(f"**Conheça sem enviar nada.** {text.SAMPLE_LINE}")
        if st.button("Usar dados de exemplo", icon=":material/science:", key="use_samples"):
            try:
                with st.spinner("Lendo os dados de exemplo…"):
                    kept = datasets.keep_samples(state.session(), current.product.key)
            except PresencaError as error:
                refusal(error)
                return
            state.choose_dataset(kept[0].id)
            navigation.go(navigation.DATA)


def _finding(current: state.Current) -> tuple[str, str]:
    words = current.product.words
    if current.dataset is None:
        return (
            "Envie a planilha da clínica ou use os dados de exemplo.",
            "Em minutos há uma lista para agir e um quadro para mostrar.",
        )
    if current.model is None:
        ready = "pronta" if feminine(words.row) else "pronto"
        return (
            f"{plural(current.dataset.rows, words.row, words.rows)} "
            f"{ready if current.dataset.rows == 1 else ready + 's'}.",
            "Os comentários já podem ser lidos; para o risco falta treinar um modelo."
            if current.product.starter is not None
            else "Falta treinar um modelo para calcular o risco.",
        )
    return (
        "Dados e modelo prontos.",
        f"Veja onde há mais {words.events} e quem {'contatar' if current.product.has_agenda else 'responder'} "
        "primeiro.",
    )


def show() -> None:
    """Draws the page: where things stand, and what to do next."""
    current = state.current()
    lead, rest = _finding(current)
    with page("Início", lead, rest):
        recovery.notice()
        notices.show(current)
        _product_cards(services.products(), current.product)
        _series(current)
        steps = _steps(current)
        upcoming = _next(steps)
        with st.container(gap="small"):
            heading("Do arquivo à lista" if current.product.has_agenda else "Do arquivo à resposta")
            with st.grid(len(steps), min_column_width=200):
                for i, step in enumerate(steps):
                    _step_card(step, i + 1, i == upcoming, i <= upcoming or step.ready)
        _samples(current)
        st.markdown(f":small[:gray[{text.WORKSPACE_LINE}]]")


show()
