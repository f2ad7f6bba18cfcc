"""Which pages there are: they follow from the roles of a product's fields, never from its name."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit

import streamlit as st

from dashboard import address, who
from pipeline.contract import Product
from pipeline.records import Permission

HOME, DATA, MODEL, RISK, AGENDA, SLOTS, COMMENTS = (
    "views/home.py",
    "views/data.py",
    "views/model.py",
    "views/risk.py",
    "views/agenda.py",
    "views/slots.py",
    "views/comments.py",
)
TODAY, EFFECT, PEOPLE, PRIVACY = "views/today.py", "views/effect.py", "views/people.py", "views/privacy.py"
INTEGRATION, MAINTENANCE = "views/integration.py", "views/maintenance.py"
_TODAY_PATH, _HOME_PATH = "hoje", "inicio"
_ASKED = "missing_page"
MISSING = "Página não encontrada"
_NEEDS = {  # what opens a page; all that is on it is asked for by itself
    TODAY: Permission.OPEN,
    HOME: Permission.CHANGE_DATA,
    DATA: Permission.READ_DATA,
    MODEL: Permission.READ_MODELS,
    RISK: Permission.READ_AGGREGATES,
    AGENDA: Permission.READ_LISTS,
    SLOTS: Permission.READ_LISTS,
    EFFECT: Permission.READ_AGGREGATES,
    COMMENTS: Permission.READ_AGGREGATES,
    PRIVACY: Permission.MAINTAIN,
    MAINTENANCE: Permission.KEEP_COPIES,
    INTEGRATION: Permission.MANAGE_PEOPLE,
    PEOPLE: Permission.MANAGE_PEOPLE,
}
_BY_UNIT = frozenset({RISK, COMMENTS})  # open to whoever is of some units alone too: what is on them is of their rows
_PATHS = {
    TODAY: _TODAY_PATH,
    HOME: _HOME_PATH,
    DATA: "dados",
    MODEL: "modelo",
    RISK: "risco",
    AGENDA: "agenda",
    SLOTS: "vagas",
    EFFECT: "efeito",
    COMMENTS: "voz",
    PRIVACY: "privacidade",
    MAINTENANCE: "copias",
    INTEGRATION: "integracao",
    PEOPLE: "pessoas",
}


def is_open(page: str) -> bool:
    """Whether whoever sits here may open a page: what leads to another is not shown."""
    return who.session().may(_NEEDS[page], by_unit=page in _BY_UNIT)


def is_closed_to_them() -> bool:
    """Whether the address that was asked for is a page of ours that their role does not open."""
    asked = st.session_state.get(_ASKED, "")
    return any(path == asked and not is_open(page) for page, path in _PATHS.items())


def closed_by_units() -> str:
    """The page of ours that the address asks for, where the role would open it and the units do not; "" else."""
    asked, session = st.session_state.get(_ASKED, ""), who.session()
    closed = (page for page, path in _PATHS.items() if path == asked and not is_open(page))
    return next((page for page in closed if session.refusal(_NEEDS[page]) == "session.only_units"), "")


def go(page: str) -> None:
    """To another page. The address goes along whole, so that the page that is left keeps its own for "Back"."""
    st.switch_page(page, query_params=address.everything())


def pages(product: Product, *, learnt: bool) -> list[st.Page]:  # type: ignore[valid-type]
    """The pages of a product, in the order of the way through the house. `learnt`: whether there is a model, so that
    there may be something to do today: that page comes first then.
    """
    asked, has_home = _asked(), is_open(HOME)
    # the first page has the root as its address: one that is asked for by its own name can't be it
    today_first = (asked != _TODAY_PATH and (learnt or not has_home)) or asked == _HOME_PATH
    today = _page(TODAY, "Hoje", "today", default=today_first)
    home = [_page(HOME, "Início", "home", default=not today_first)] if has_home else []
    if not (has_home or today_first):
        home = [st.Page(_to_today, title="Hoje", url_path="entrada", default=True, visibility="hidden")]
    found = [today, *home] if learnt else [*home, today]
    found += [_page(page, title, icon) for page, title, icon in _of_product(product) if is_open(page)]
    return [*found, *_missing({page.url_path for page in found} | {_PATHS[TODAY]} | ({_HOME_PATH} if home else set()))]


def _to_today() -> None:
    """What stands at the root for whoever has no "Início", while "Hoje" is asked for by its own name."""
    go(TODAY)


def _of_product(product: Product) -> list[tuple[str, str, str]]:
    """File, title and icon of the pages that a product has, beside the first two."""
    found = [(DATA, "Dados", "table_view"), (MODEL, "Modelo", "model_training"), (RISK, "Risco", "monitoring")]
    if product.has_agenda:
        found.append((AGENDA, "Agenda", "call"))
    if product.waiting is not None:
        found.append((SLOTS, "Vagas", "event_seat"))
    if product.contacts is not None:
        found.append((EFFECT, "Efeito", "balance"))
    if product.has_comments:
        found.append((COMMENTS, "Voz do paciente", "forum"))
    return [
        *found,
        (PRIVACY, "Privacidade", "shield_person"),
        (MAINTENANCE, "Cópias e exame", "health_and_safety"),
        (INTEGRATION, "Integração", "hub"),
        (PEOPLE, "Pessoas", "group"),
    ]


def _page(page: str, title: str, icon: str, *, default: bool = False) -> st.Page:  # type: ignore[valid-type]
    return st.Page(page, title=title, icon=f":material/{icon}:", url_path=_PATHS[page], default=default)


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
