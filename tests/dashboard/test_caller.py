"""Who sits at a browser: asked once, the same after a reload in a call, and somebody else in another browser."""

from __future__ import annotations

import re

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from dashboard.components.caller import NAME
from pipeline.products.no_show import PRODUCT
from pipeline.services import Workspace
from pipeline.services.pages import call_queue
from tests.dashboard.pages import AGENDA, opened, said, sound
from tests.dashboard.test_calling import calling, pressed

_COOKIE = re.compile(r'data-presenca-mark="([0-9a-f]{32})".*?(presenca_navegador)=', re.DOTALL)


def given(app: AppTest) -> dict[str, str]:
    """The cookie that a page gave its browser; none where the browser has one."""
    html = " ".join(str(element.proto.body) for element in app.get("html"))
    return {name: mark for mark, name in _COOKIE.findall(html)}


def sends(monkeypatch: pytest.MonkeyPatch, cookies: dict[str, str]) -> None:
    """From now on the browser sends these."""
    monkeypatch.setattr(type(st.context), "cookies", property(lambda _: cookies))


@pytest.mark.slow
def test_a_reload_in_a_call_keeps_the_caller_and_the_patient(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    series = trained.series(PRODUCT.key)[0].id
    sends(monkeypatch, {})
    app = pressed(calling(), "Fazer a fila")
    app.text_input(key=NAME).input("Ana *x*")
    app = pressed(app, "Próximo a ligar")
    cookie = given(app)
    (lease,) = call_queue.being_called(trained, series)
    assert lease.who == "Ana *x*" and cookie and "Ana" not in str(app.query_params)

    sends(monkeypatch, cookie)  # the page is loaded again: a new session of the same browser
    again = calling()
    assert again.text_input(key=NAME).value == "Ana *x*" and not given(again)
    assert "Confirmou" in [button.label for button in again.button]  # the card is there at once
    (still,) = call_queue.being_called(trained, series)
    assert (still.patient, still.holder) == (lease.patient, lease.holder)
    again = pressed(again, "Confirmou")
    assert "Confirmou" in [button.label for button in again.button]  # and the next one comes by itself
    assert trained.contacts(series)[0].who == "Ana *x*" and trained.contacts(series)[0].patient == lease.patient

    sends(monkeypatch, {})  # another browser is somebody else
    other = calling()
    assert other.text_input(key=NAME).value == "" and given(other) not in ({}, cookie)
    assert "Próximo a ligar" in [button.label for button in other.button]


def test_what_no_page_of_ours_wrote_is_no_mark(trained: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    sends(monkeypatch, {"presenca_navegador": "'; alert(1); '"})
    app = sound(opened(AGENDA), PRODUCT)
    assert given(app) and "alert" not in str(given(app)) and "alert" not in said(app)
