"""What a page shows in place of itself: to a server that was started past the gate, and to whoever went out.

Who may come in is the gate's to say (`dashboard/gatehouse.py`), before any page.
"""

from __future__ import annotations

import streamlit as st

from dashboard import gatehouse, text, who
from pipeline.presentation.escaping import escape_html


def closed() -> str:
    """Why no page is shown; "" where all is well."""
    if not st.get_option("server.address") or st.get_option("browser.gatherUsageStats"):
        return text.OPEN_UNASKED
    return text.NO_GATE if _asked_of_a_server() and not gatehouse.stands() else ""


def _asked_of_a_server() -> bool:
    """Whether a browser asks, and not a test that has no server."""
    return bool(st.context.headers.get("Host"))


def show(why: str) -> None:
    """The sentence, and nothing of the clinic."""
    st.title("Presença está fechada")
    st.error(why, icon=":material/lock:")


def show_out() -> None:
    """That one is out, and the way in again."""
    st.title("Você saiu da Presença", anchor=False)
    st.markdown("A sua entrada terminou: por você ter saído, por uma hora sem uso ou porque o dia acabou.")
    prefix = str(st.get_option("server.baseUrlPath") or "").strip("/")
    links = [(f"{'/' + prefix if prefix else ''}/entrar", "Entrar de novo")]
    name, there = gatehouse.way_out(who.base_url())
    if there:
        links.append((there, f"Sair também de {name}"))
    for address, label in links:  # no button of Streamlit's: its script would be asked of the gate, which is shut now
        st.html(f'<a href="{escape_html(address)}" class="presenca-again">{escape_html(label)}</a>')
