"""Voz do paciente: who is to be answered today, what patients speak of, what contradicts itself, and one tried live."""

from __future__ import annotations

from functools import partial

import streamlit as st

from dashboard import address, navigation, state, text
from dashboard.components import alert_lane, comment_cards, comment_lists, next_step, notices, places, sense, themes
from dashboard.components.comment_lists import Section
from dashboard.components.filters import several
from dashboard.components.page import empty, heading, kpis, page, refusal
from pipeline.contract import Product
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import file_stem, shorten
from pipeline.presentation.locale.numbers import decimal, number, period, plural, signed_percent
from pipeline.presentation.sentences import effect_page_words, findings, risk_words
from pipeline.records import CommentSummary, DatasetInfo, FollowUpCounts, ModelInfo
from pipeline.services.pages import comments
from pipeline.services.pages.comments import CommentFilters, HeardComments

TITLE = "Voz do paciente"
PERIODS = {7: "Últimos 7 dias", 30: "Últimos 30 dias", 90: "Últimos 90 dias", 0: "Todo o período"}
DAYS = 30
ANSWER, THEMES, WHERE, APART, SEARCH, TRY = SECTIONS = (
    "Responder",
    "Temas",
    "Onde",
    "Divergências",
    "Buscar",
    "Experimentar",
)


def show() -> None:
    """Draws the page: what patients wrote, and whom to answer."""
    current = state.current()
    if current.dataset is None:
        with page(TITLE):
            empty(
                text.NO_DATA,
                text.NO_DATA_WHY,
                link=navigation.DATA,
                link_label="Enviar arquivo",
                key="comments_no_data",
            )
        return
    reader = state.reader(current)
    if reader is None:
        with page(TITLE):
            empty(
                text.NO_MODEL,
                "A leitura dos comentários vem de um modelo treinado com os que têm classificação.",
                link=navigation.MODEL,
                link_label="Treinar um modelo",
                key="comments_no_model",
            )
        return
    try:
        with st.spinner("Lendo os comentários…"):
            heard = comments.hear(state.session(), current.dataset.id, reader.id)
        _page(current, heard, reader)
    except PresencaError as error:
        with page(TITLE):
            refusal(error)


def _page(current: state.Current, heard: HeardComments, reader: ModelInfo) -> None:
    assert current.dataset is not None
    offered = several(comments.options(state.session(), heard))
    choices = _choices(current.product, offered)
    address.restore(choices)
    dated = current.dataset.last_date is not None
    filters = _filters(offered, dated)
    found = comments.summary(state.session(), heard, filters)
    waiting = comments.waiting(state.session(), heard, filters)
    lead, rest = findings.comments_finding(found, current.product, waiting.every, waiting.grave)
    dates = period(found.first_date, found.last_date) if found.first_date else ""
    only = comments.only(state.session())
    told = (current.dataset.name, dates, risk_words.only_units(only) if only else "")
    with page(TITLE, lead, rest, " · ".join(part for part in told if part)):
        notices.show(current)
        if reader.is_starter:
            _starter(current.dataset)
        sense.show(current.dataset.id, reader)
        _bar(current.product, offered, dated)
        _undated(heard, filters)
        _figures(found, waiting.every)
        reads = state.may(comments.listed)
        if reads:
            alert_lane.left_out(current.dataset.id, current.product)
        if found.events == 0:
            address.keep(choices)
            empty("Nenhum atendimento com estes filtros", "Mude os filtros acima.", key="comments_empty")
            return
        if reads:
            alert_lane.show(current, heard, filters)
        section = _chosen_section()
        address.keep(choices)
        _section(current, heard, filters, section, found)
        if why := effect_page_words.unknowable(current.product):
            st.markdown(f":small[:gray[{why}]]")
        next_step.show("Ver onde e por que há mais detratores", navigation.RISK)


def _chosen_section() -> str:
    sections = _sections()
    if st.session_state.setdefault("comments_section", sections[0]) not in sections:
        st.session_state["comments_section"] = sections[0]
    chosen = st.segmented_control(
        "O que ver",
        sections,
        required=True,
        key="comments_section",
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen or sections[0]


def _sections() -> tuple[str, ...]:
    """What there is to see: for whoever reads no comment, what is counted of them."""
    return SECTIONS if state.may(comments.listed) else (THEMES, WHERE)


def _choices(product: Product, offered: dict[str, tuple[str, ...]]) -> list[address.Choice]:
    """The filters and the section, as the address names them; never the words of a search, nor who attended."""
    filters = [
        address.Choice(file_stem(product.column_label(column)), f"comments_{column}", address.among(values), default="")
        for column, values in offered.items()
        if not product.names_staff(column)
    ]
    return [
        address.Choice("dias", "comments_period", address.among(PERIODS), default=DAYS),
        *filters,
        address.Choice(
            "parte", "comments_section", address.among(SECTIONS, str.lower), default=ANSWER, spell=str.lower
        ),
    ]


def _section(
    current: state.Current, heard: HeardComments, filters: CommentFilters, section: str, found: CommentSummary
) -> None:
    product = current.product
    if section == THEMES:
        themes.show(current, heard, filters)
    elif section == WHERE:
        places.show(current, heard, filters)
    elif section == TRY:
        extra = {field.key for field in current.product.extras}  # no model reads them
        offered = comments.options(state.session(), heard)
        _try(current, heard, {column: values for column, values in offered if column not in extra})
    elif section == SEARCH:
        _search(heard, product, filters)
    elif section == APART:
        comment_lists.show(
            heard,
            product,
            filters,
            Section(
                "contradictions",
                "Nota e texto que não combinam",
                "Da leitura mais segura à menos segura. Entre 60% e 80% o modelo só diz que não tem certeza, e a "
                "linha fica fora desta lista.",
                "Nenhuma divergência segura",
                "Nestes filtros, nenhuma nota contradiz o texto com certeza suficiente.",
            ),
        )
    else:
        by_text = f" {number(found.by_text)} sem nota, pelo que escreveram." if found.by_text else ""
        comment_lists.to_do(
            heard,
            product,
            filters,
            Section(
                "answer",
                "Detratores a responder",
                f"Do mais recente ao mais antigo.{by_text} O que já tem resposta sai da conta.",
                "Nenhum detrator",
                "Nestes filtros, ninguém deu 1 ou 2 estrelas nem escreveu como quem daria.",
            ),
        )


def _starter(dataset: DatasetInfo) -> None:
    """What reads while the clinic has no model of its own, and the way to one."""
    can = "training" in dataset.usable_for
    with st.container(border=True, horizontal=True, vertical_alignment="center", key="starter_reader"):
        st.markdown(
            "**Leitor de partida.** Aprendeu só com comentários inventados, de clínica nenhuma: ordena bem, mas pode "
            "errar com as palavras dos seus pacientes.  \n:small[:gray["
            + (
                "As notas deste arquivo bastam para treinar um leitor seu, que toma o lugar dele."
                if can
                else "Com 500 comentários com nota, 50 de cada lado, você treina um leitor seu, que toma o lugar dele."
            )
            + "]]",
            width="stretch",
        )
        if (
            can
            and navigation.is_open(navigation.MODEL)
            and st.button("Treinar o seu", key="starter_train", icon=":material/model_training:")
        ):
            navigation.go(navigation.MODEL)


def _undated(heard: HeardComments, filters: CommentFilters) -> None:
    """Events without a day stand in no period: they are not lost in silence."""
    if filters.last_days is None:
        return
    left = comments.undated(state.session(), heard)
    if left:
        said = plural(left, "comentário sem data não entra", "comentários sem data não entram")
        st.markdown(f":small[:gray[{said} em período nenhum; escolha “{PERIODS[0]}” para vê-los.]]")


def _filters(offered: dict[str, tuple[str, ...]], dated: bool) -> CommentFilters:
    held = {column: st.session_state.get(f"comments_{column}") for column in offered}
    values = tuple((column, value) for column, value in held.items() if value in offered[column])
    return CommentFilters((st.session_state.get("comments_period", DAYS) or None) if dated else None, values)


def _bar(product: Product, offered: dict[str, tuple[str, ...]], dated: bool) -> None:
    st.session_state.setdefault("comments_period", DAYS)
    with st.container(horizontal=True, vertical_alignment="bottom", key="filters"):
        if dated:
            st.selectbox(
                "Período",
                list(PERIODS),
                format_func=PERIODS.__getitem__,
                key="comments_period",
                width=168,
                persist_state="session",
            )
        for column, values in offered.items():
            label = product.column_label(column)
            st.selectbox(
                label,
                ["", *values],
                key=f"comments_{column}",
                width=168,
                persist_state="session",
                format_func=partial(_named, label),
            )


def _named(label: str, value: str) -> str:
    return shorten(value, 30) if value else text.every(label)


def _figures(found: CommentSummary, waiting: FollowUpCounts) -> None:
    stars, balance = found.stars, found.balance
    kpis(
        [
            ("Estrelas (média)", decimal(stars.value, 2) if stars else "–", _range(stars) if stars else "sem notas"),
            (
                "Saldo",
                signed_percent(balance.value) if balance else "–",
                f"n {number(found.rated)}" if balance else "sem notas",
            ),
            ("Com comentário", number(found.comments), f"de {number(found.events)}"),
            ("A responder", number(waiting.open), _of_all(waiting)),
        ]
    )


def _range(stars) -> str:  # type: ignore[no-untyped-def]
    return "" if stars.low is None else f"IC {decimal(stars.low, 2)}–{decimal(stars.high, 2)}"


def _of_all(waiting: FollowUpCounts) -> str:
    late = f", {plural(waiting.overdue, 'atrasado', 'atrasados')}" if waiting.overdue else ""
    return f"de {number(waiting.total)}{late}"


def _search(heard: HeardComments, product: Product, filters: CommentFilters) -> None:
    wanted = st.text_input("Palavras a buscar", key="comments_words", placeholder="espera recepção", max_chars=80)
    chosen = CommentFilters(filters.last_days, filters.values, wanted)
    title = "Comentários com todas estas palavras" if wanted.strip() else "Todos os comentários"
    comment_lists.show(
        heard,
        product,
        chosen,
        Section(
            "all",
            title,
            "Maiúsculas e acentos não importam.",
            "Nenhum comentário",
            "Nenhum comentário tem todas estas palavras nestes filtros.",
        ),
    )


def _try(current: state.Current, heard: HeardComments, offered: dict[str, tuple[str, ...]]) -> None:
    with st.container(gap="small", key="section_try"):
        heading("Experimente um comentário", "Escreva como um paciente escreveria. Nada é guardado.")
        said = st.text_area(
            "Comentário",
            key="try_comment",
            max_chars=comments.LONGEST,
            height=120,
            placeholder="O médico foi atencioso, mas esperei duas horas.",
        )
        circumstances: dict[str, str] = {}
        with st.container(horizontal=True):
            for column, values in offered.items():
                picked = st.selectbox(
                    current.product.column_label(column),
                    values,
                    index=None,
                    key=f"try_{column}",
                    width=200,
                    placeholder="não informado",
                    format_func=lambda v: shorten(v, 30),
                )
                if picked:
                    circumstances[column] = picked
        st.button("Ler comentário", type="primary", key="try_read")  # leaving the box reads it as well
        if said and said.strip():
            comment_cards.key_line()
            comment_cards.reading(comments.read(state.session(), heard.model_id, said, circumstances), current.product)


show()
