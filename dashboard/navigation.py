"""Which pages there are: they follow from the roles of a product's fields, never from its name."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import streamlit as st

from dashboard import address
from pipeline.contract import Product

HOME, DATA, MODEL, RISK, AGENDA, SLOTS, COMMENTS = (
    "views/home.py",
    "views/data.py",
    "views/model.py",
    "views/risk.py",
    "views/agenda.py",
    "views/slots.py",
    "views/comments.py",
)
TODAY, EFFECT, PRIVACY = "views/today.py", "views/effect.py", "views/privacy.py"
_TODAY_PATH, _HOME_PATH = "hoje", "inicio"
_ASKED = "missing_page"
MISSING = "Página não encontrada"


def go(page: str) -> None:
    """To another page. The address goes along whole, so that the page that is left keeps its own for "Back"."""
    st.switch_page(page, query_params=address.everything())


def pages(product: Product, *, learnt: bool) -> list[st.Page]:  # type: ignore[valid-type]
    """The pages of a product, in the order of the way through the house. `learnt`: whether there is a model, so that
    there may be something to do today: that page comes first then.
    """
    asked = _asked()
    # the first page has the root as its address: one that is asked for by its own name can't be it
    today_first = (learnt and asked != _TODAY_PATH) or asked == _HOME_PATH
    today = st.Page(TODAY, title="Hoje", icon=":material/today:", url_path=_TODAY_PATH, default=today_first)
    home = st.Page(HOME, title="Início", icon=":material/home:", url_path=_HOME_PATH, default=not today_first)
    found = [
        *([today, home] if learnt else [home, today]),
        st.Page(DATA, title="Dados", icon=":material/table_view:", url_path="dados"),
        st.Page(MODEL, title="Modelo", icon=":material/model_training:", url_path="modelo"),
        st.Page(RISK, title="Risco", icon=":material/monitoring:", url_path="risco"),
    ]
    if product.has_agenda:
        found.append(st.Page(AGENDA, title="Agenda", icon=":material/call:", url_path="agenda"))
    if product.waiting is not None:
        found.append(st.Page(SLOTS, title="Vagas", icon=":material/event_seat:", url_path="vagas"))
    if product.contacts is not None:
        found.append(st.Page(EFFECT, title="Efeito", icon=":material/balance:", url_path="efeito"))
    if product.has_comments:
        found.append(st.Page(COMMENTS, title="Voz do paciente", icon=":material/forum:", url_path="voz"))
    found.append(st.Page(PRIVACY, title="Privacidade", icon=":material/shield_person:", url_path="privacidade"))
    return [*found, *_missing({page.url_path for page in found} | {_TODAY_PATH, _HOME_PATH})]


def _asked() -> str:
    """The page that the address names; "" for the root."""
    return (
        unquote(urlsplit(st.context.url or "").path)
        .strip("/")
        .removeprefix(st.get_option("server.baseUrlPath").strip("/"))
        .strip("/")
    )


def _missing(known: set[str]) -> list[st.Page]:  # type: ignore[valid-type]
    """A page of ours for an address that no page has; Streamlit's own answer is a box in English over the home page."""
    asked = _asked()
    if asked not in known and "/" not in asked:
        st.session_state[_ASKED] = asked  # kept, so that "Back" finds it again
    lost = st.session_state.get(_ASKED, "")
    return (
        [st.Page("views/missing.py", title=MISSING, url_path=lost, visibility="hidden")]
        if lost and lost not in known
        else []
    )
