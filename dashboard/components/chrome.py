"""What surrounds every page: the browser's title, logo, language, the sidebar's foot, the little CSS there is."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboard import address, scripts, state, text
from dashboard.components import caller
from dashboard.state import Current, frame
from pipeline.contract import Product
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale.numbers import listed, number
from pipeline.presentation.sentences.model_words import until

STATIC = Path(__file__).resolve().parents[1] / "static"
WIDTH = 1120

CSS = f"<style>{(STATIC / 'style.css').read_text('utf-8')}</style>".replace("DOWNLOAD_FAILED", text.DOWNLOAD_FAILED)


def configure() -> None:
    """Title, icon and layout of the browser's tab."""
    st.set_page_config(
        page_title="Presença", page_icon=str(STATIC / "icon.svg"), layout="wide", initial_sidebar_state=244
    )


def dress(current: Current) -> None:
    """Logo, language, address, CSS and the sidebar's foot."""
    st.logo(str(STATIC / "logo.svg"), icon_image=str(STATIC / "icon.svg"), size="large")
    st.html(CSS)
    scripts.run("portuguese")
    scripts.run("address", address.lacking(frame(current)))
    if mark := caller.new_mark():
        scripts.run("mark", mark)
    with st.sidebar.container(gap="xxsmall"):
        st.markdown(f"**{escape_markdown(current.product.title)}**")
        for line in _foot(current):
            st.markdown(f":small[:gray[{line}]]")


def _whose(rows: int, product: Product) -> str:
    """How many rows the file has; to whoever sees some units alone, which: the file's count is not that of a page."""
    user = state.session().user
    if user is None or not user.units:
        return f"{number(rows)} {product.words.rows}"
    return escape_markdown(shorten(f"Só {listed(list(user.units))}", 32))


def _foot(current: Current) -> list[str]:
    if current.dataset is None:
        return ["Nenhum arquivo carregado"]
    lines = [
        *([f"Série: {escape_markdown(shorten(current.series.name, 24))}"] if current.series else []),
        escape_markdown(shorten(current.dataset.name, 28)),
        _whose(current.dataset.rows, current.product),
    ]
    trained = f"Modelo {until(current.model.trained_until)}" if current.model else "Sem modelo ainda"
    return [*lines, trained]
