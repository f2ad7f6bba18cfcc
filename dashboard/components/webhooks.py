"""Webhooks on *Integração*: who is told of what, how to add one, the log with sending again."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import streamlit as st

from dashboard import state
from dashboard.components.error_boundary import guarded
from dashboard.components.page import heading
from pipeline.errors import PresencaError
from pipeline.presentation.escaping import escape_markdown, shorten
from pipeline.presentation.locale import messages
from pipeline.presentation.sentences import webhook_words as words
from pipeline.records.integration import ApiKey
from pipeline.records.webhooks import CHOSEN, NAMING_SCOPE, Delivery, MadeWebhook, Webhook, WebhookState
from pipeline.services.webhooks import managing

_REFUSED, _SAID, _MADE, _NOT_ADDED = "hooks_refused", "hooks_said", "hooks_made", "hooks_not_added"
_ADDED = "hooks_added"  # how many were added: the form is empty again after each, and as it was after a refusal
_SHOWN = 10  # tellings of one webhook
_LONGEST = 60  # characters of an address


def section(keys: tuple[ApiKey, ...]) -> None:
    """Draws the section: what came of the last press, each webhook with its log, and how to add one."""
    heading(words.TITLE, escape_markdown(words.LINE))
    _told()
    found = managing.listed(state.session())
    if stopped := words.stopped(found):
        st.warning(escape_markdown(stopped), icon=":material/warning:")
    if not found:
        with st.container(border=True, key="hooks_none", gap="xxsmall"):
            st.markdown(f"**{escape_markdown(words.NONE)}**")
            st.markdown(f":small[:gray[{escape_markdown(words.NONE_WHY)}]]")
    secret_shown = _made()
    named = {key.id: key for key in keys}
    for webhook in found:
        _card(webhook, named.get(webhook.key_id))
    _add(keys)
    if not secret_shown and managing.is_awaited(state.session()):
        _awaited()


@st.fragment(run_every="1s")
def _awaited() -> None:
    """Draws the page anew when what was asked for has been tried."""
    with guarded():  # a fragment runs by itself, outside the page's own guard
        if not managing.is_awaited(state.session()):
            st.rerun()


def _told() -> None:
    """What came of the press before this drawing."""
    _refused(_REFUSED)
    if told := st.session_state.pop(_SAID, ""):
        st.success(escape_markdown(told), icon=":material/check:")


def _refused(where: str) -> None:
    if told := st.session_state.pop(where, ""):
        st.error(escape_markdown(told), icon=":material/block:")


def _made() -> bool:
    """The webhook that was just made; its secret is shown this once. Whether one is shown."""
    made: MadeWebhook | None = st.session_state.pop(_MADE, None)
    if made is None:
        return False
    with st.container(border=True, key="hook_made_box"):
        st.markdown(escape_markdown(words.made(made.webhook)))
        st.code(made.secret, language=None, wrap_lines=True)
    return True


def _card(webhook: Webhook, key: ApiKey | None) -> None:
    sent = managing.log(state.session(), webhook.id, _SHOWN)
    with st.container(border=True, gap="small", key=f"hook_{webhook.id}"):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{escape_markdown(shorten(words.address(webhook), _LONGEST))}**", width="content")
            st.badge(words.state(webhook), color=words.colour(webhook))
        told = words.allowed(webhook, key, time.time()), words.last(next(iter(sent), None))
        line = " · ".join((words.events(webhook), *filter(None, told)))
        st.markdown(f":small[:gray[{escape_markdown(line)}]]")
        with st.container(horizontal=True, gap="small"):
            _buttons(webhook)
        with st.expander("Registro de envios", icon=":material/history:"):
            _log(webhook, sent)


def _buttons(webhook: Webhook) -> None:
    if webhook.state is WebhookState.ACTIVE:
        _button("Enviar um teste", "send", f"hook_test_{webhook.id}", partial(_test, webhook.id))
        _button("Pausar", "pause", f"hook_pause_{webhook.id}", partial(_pause, webhook.id))
    else:
        _button("Retomar", "play_arrow", f"hook_resume_{webhook.id}", partial(_resume, webhook.id))
    with st.popover("Apagar", icon=":material/delete:", key=f"hook_delete_menu_{webhook.id}"):
        st.markdown(words.DELETE)
        press = partial(_delete, webhook.id)
        st.button("Apagar o webhook", key=f"hook_delete_{webhook.id}", type="primary", on_click=press)


def _button(label: str, icon: str, key: str, press: Callable[[], None]) -> None:
    st.button(label, icon=f":material/{icon}:", key=key, on_click=press)


def _log(webhook: Webhook, sent: tuple[Delivery, ...]) -> None:
    if not sent:
        st.markdown(f":small[:gray[{words.LOG_NONE}]]")
    for delivery in sent:
        with st.container(horizontal=True, vertical_alignment="center", key=f"hook_sent_{delivery.id}"):
            st.markdown(f":small[{escape_markdown(words.logged(delivery))}]", width="stretch")
            if webhook.state is WebhookState.ACTIVE:
                _button("Reenviar", "replay", f"hook_again_{delivery.id}", partial(_again, delivery.id))
        if told := words.answered(delivery):
            st.markdown(f":small[:gray[{escape_markdown(told)}]]")


def _add(keys: tuple[ApiKey, ...]) -> None:
    now = time.time()
    usable = {key.id: key for key in keys if key.holds(now) and NAMING_SCOPE in key.scopes and not key.units}
    added = st.session_state.setdefault(_ADDED, 0)
    with (
        st.expander("Avisar outro sistema", icon=":material/webhook:", key=f"hook_adding_{added}"),
        st.form(f"hook_add_{added}", border=False),
    ):
        url = st.text_input(
            "Endereço", max_chars=2_000, placeholder="https://sistema.exemplo.com.br/presenca", key=f"hook_url_{added}"
        )
        st.markdown(f":small[{words.WHEN}]")
        chosen = [event for event in CHOSEN if st.checkbox(words.event_name(event), key=f"hook_{added}_event_{event}")]
        key_id = st.selectbox(
            "Chave que deixa nomear eventos",
            ["", *usable],
            format_func=lambda one: escape_markdown(usable[one].name) if one else words.NO_KEY,
            help=words.KEY_HELP,
            key=f"hook_key_{added}",
        )
        _refused(_NOT_ADDED)  # on a phone, what stands above the form is out of sight
        if st.form_submit_button("Acrescentar", type="primary"):
            _try(lambda: _keep(managing.add(state.session(), managing.Asked(url, chosen, key_id or ""))), _NOT_ADDED)
            st.rerun()


def _keep(made: MadeWebhook) -> str:
    st.session_state[_MADE] = made
    st.session_state[_ADDED] += 1
    return ""


def _test(webhook_id: str) -> None:
    _try(lambda: words.TESTED if managing.test(state.session(), webhook_id) else "")


def _pause(webhook_id: str) -> None:
    _try(lambda: words.paused(managing.pause(state.session(), webhook_id)))


def _resume(webhook_id: str) -> None:
    _try(lambda: words.resumed(managing.resume(state.session(), webhook_id)))


def _delete(webhook_id: str) -> None:
    _try(lambda: words.deleted(managing.delete(state.session(), webhook_id)))


def _again(delivery_id: str) -> None:
    _try(lambda: words.AGAIN if managing.redeliver(state.session(), delivery_id) else "")


def _try(deed: Callable[[], str], refused: str = _REFUSED) -> None:
    """Does it; the sentence of what came of it waits for the next drawing. `refused`: where that of a refusal waits."""
    try:
        st.session_state[_SAID] = deed()
    except PresencaError as error:
        st.session_state[refused] = messages.refusal(error)
