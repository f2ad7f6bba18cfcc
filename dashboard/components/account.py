"""The sidebar's foot for whoever is logged in: their name, their password, the way out."""

from __future__ import annotations

import streamlit as st

from dashboard import state, who
from dashboard.components.page import refusal
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.sentences import people_words
from pipeline.services.people import entering


def show() -> None:
    """Nothing where one person sits alone."""
    user = state.session().user
    if user is None:
        return
    with st.sidebar.container(gap="xsmall", key="account"):
        st.markdown(
            f"**{escape_markdown(shorten(user.name, 28))}**  \n:small[:gray[{people_words.role_name(user.role)}]]"
        )
        with st.container(horizontal=True):
            if user.has_password and st.button("Minha senha", key="account_password", icon=":material/key:"):
                _password()
            if st.button("Sair", key="account_out", icon=":material/logout:"):
                who.log_out()
                st.rerun()


@st.dialog("Minha senha", dismissible=True)
def _password() -> None:
    """One's own, with the one before; every other browser is out afterwards."""
    with st.form("account_password_form", border=False, clear_on_submit=True):
        before = st.text_input("Senha atual", type="password", autocomplete="current-password", max_chars=256)
        one = st.text_input("Senha nova", type="password", autocomplete="new-password", max_chars=256)
        again = st.text_input("A mesma, de novo", type="password", autocomplete="new-password", max_chars=256)
        st.markdown(f":small[:gray[{people_words.LONG_ENOUGH}]]")
        sent = st.form_submit_button("Trocar a senha", type="primary")
    if not sent:
        return
    try:
        if one != again:
            raise PresencaError("password.unequal")
        entering.change_password(state.session(), before, one, who.token())
    except PresencaError as error:
        refusal(error)
    else:
        st.success("Senha trocada. Os outros navegadores em que você estava saíram.", icon=":material/check:")
