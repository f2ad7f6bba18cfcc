"""Comments of patients: each with its stars, what the model reads in its words, and why."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from dashboard import state, text
from dashboard.components import charts
from pipeline.contract import Product
from pipeline.presentation.charts import star_bars, waterfall
from pipeline.presentation.comment_markup import marked_html
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import names
from pipeline.presentation.locale.messages import say
from pipeline.presentation.locale.numbers import date, decimal, percent, plural
from pipeline.presentation.sentences.reason_words import reason
from pipeline.records import AlertFound, CommentItem, MarkedWord, Reading, RowExplanation, ThemeSaid

PHONE, SCREEN = 8, 15


def size() -> int:
    """Comments a page."""
    return PHONE if state.is_phone() else SCREEN


def key_line() -> None:
    """What the colours of words mean, said in words."""
    st.markdown(
        ":small[:gray[Trechos sublinhados por inteiro pesam para detrator; pontilhados, para promotor. O número "
        "são pontos de risco.]]"
    )


def pages(total: int, key: str) -> None:
    """The pager under a list."""
    number = max(1, -(-total // size()))
    if number > 1:
        st.pagination(number, key=key, max_visible_pages=5)


def card(
    item: CommentItem,
    where: str,
    explain: Callable[[int], RowExplanation],
    product: Product,
    below: Callable[[CommentItem], None] | None = None,
) -> None:
    """One care event; `explain` gives what made its risk when it is asked for, `below` draws what is done about it."""
    with st.container(border=True, gap="xsmall", key=f"{where}_{item.row}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{_stars(item)}**", width="content")
            if item.divergence:
                st.badge(say(item.divergence), icon=":material/compare_arrows:", color="yellow")
            elif item.tier:
                st.badge(
                    f"risco {text.TIERS[item.tier]}", color="orange" if item.tier in ("high", "very_high") else "gray"
                )
        if item.alerts:
            alerts(item.comment, item.alerts, product)
        st.markdown(f":small[:gray[{escape_markdown(_about(item))}]]")
        words(item.comment, item.marks)
        if item.themes:
            st.markdown(" ".join(map(_theme, item.themes)))
        if item.unsure:
            st.markdown(f":small[:gray[{escape_markdown(say(item.unsure))}]]")
        if item.reasons and item.stars is None:
            st.markdown(f":small[{escape_markdown(' · '.join(map(reason, item.reasons)))}]")
        elif item.observation:
            st.markdown(f":small[:gray[{escape_markdown(say(item.observation))}]]")
        if item.risk is not None and st.toggle("De onde vem o risco", key=f"{where}_why_{item.row}"):
            charts.show(
                waterfall(explain(item.row), charts.theme(), row_word=product.words.row),
                f"{where}_waterfall_{item.row}",
            )
            st.markdown(":small[:gray[Em pontos percentuais; a soma dá exatamente o risco.]]")
        if below is not None:
            below(item)


_THEME_BADGES = {
    "negative": ("orange", "queixa"),
    "mixed": ("yellow", "queixa e elogio"),
    "positive": ("green", "elogio"),
    "neutral": ("gray", ""),
}


def _theme(said: ThemeSaid) -> str:
    """A theme as a small badge: colour and word say the same."""
    colour, how = _THEME_BADGES[said.polarity]
    text_ = escape_markdown(shorten(said.label, 30)) + (f": {how}" if how else "")
    return f":small[:{colour}-badge[{text_}]]"


def alerts(comment: str, found_: Sequence[AlertFound], product: Product) -> None:
    """What may not wait, each with the sentence that shows it."""
    labels = {alert.key: alert.label for alert in product.alerts}
    for found in found_:
        with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
            st.badge(labels.get(found.key, found.key), icon=":material/priority_high:", color="red")
            st.markdown(f":small[“{escape_markdown(shorten(comment[found.start : found.end].strip(), 160))}”]")


def words(comment: str, marks: tuple[MarkedWord, ...]) -> None:
    """The comment with its words in colour; a line where there is none."""
    if comment:
        st.html(marked_html(comment, marks, charts.theme()))
    else:
        st.markdown(":gray[Sem comentário.]")


def _stars(item: CommentItem) -> str:
    if item.stars is not None:
        given = int(item.stars)
        return f"{'★' * given}{'☆' * (5 - given)} {plural(given, 'estrela', 'estrelas')}"
    return f"Sem nota · leitura {decimal(item.expected, 1)} de 5" if item.expected is not None else "Sem nota"


def _about(item: CommentItem) -> str:
    parts = [date(item.day) if item.day else "sem data", *(shorten(detail, 30) for detail in item.details)]
    if item.risk is not None:
        parts.append(f"risco de detrator {_risk(item.risk)}")
    return " · ".join([*parts, f"linha {item.row}"])


def _risk(risk: float) -> str:
    """Never a certainty: no comment is read without doubt."""
    return "mais de 99%" if risk > 0.99 else "menos de 1%" if risk < 0.01 else percent(risk, 0)


def reading(found: Reading, product: Product) -> None:
    """What the model reads in a comment that was tried."""
    with st.container(border=True, gap="small", key="reading"):
        if found.alerts:
            alerts(found.comment, found.alerts, product)
        if found.unsure is not None:
            st.markdown(f"**{escape_markdown(say(found.unsure))}**")
        else:
            st.markdown(
                f"**{escape_markdown(names.nps_group(found.group).capitalize())}**, {decimal(found.expected, 1)} de 5 "
                "estrelas; "
                f"risco de detrator {percent(found.explanation.risk)}."
            )
        words(found.comment, found.marks)
        if found.scrubbed:
            st.markdown(":small[:gray[Dados pessoais foram tirados antes da leitura.]]")
        with st.grid(2, min_column_width=320):
            with st.container(gap="xxsmall"):
                st.markdown(":small[:gray[Probabilidade de cada classificação]]")
                charts.show(star_bars(found.probabilities, charts.theme()), "reading_stars")
            with st.container(gap="xxsmall"):
                st.markdown(":small[:gray[De onde vem o risco, em pontos; a soma é exata]]")
                made = waterfall(found.explanation, charts.theme(), row_word=product.words.row)
                charts.show(made, "reading_waterfall")
