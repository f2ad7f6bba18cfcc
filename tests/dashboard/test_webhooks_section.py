"""Webhooks on *Integração*: added with a secret shown once, tried, paused, sent again, taken away; faults in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.presentation.sentences import webhook_words as words
from pipeline.records.webhooks import DeliveryState, WebhookEvent, WebhookState
from pipeline.services import Workspace
from pipeline.services.webhooks import addresses, delivering, managing
from pipeline.workspace.repositories.webhooks import Tried
from tests.dashboard.pages import labels, opened, said

PAGE = "views/integration.py"


def press(app: AppTest, label: str) -> AppTest:
    return next(button for button in app.button if button.label == label).click().run()


def add(app: AppTest, address: str) -> AppTest:
    next(box for box in app.text_input if box.label == "Endereço").set_value(address)
    next(box for box in app.checkbox if box.label.startswith("Lista pronta")).set_value(True)
    return press(app, "Acrescentar")


def test_a_webhook_is_added_shown_once_tested_paused_and_taken_away(
    workspace_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(managing.add.__wrapped__.__kwdefaults__, "resolve", lambda name, port: ("93.184.216.34",))
    app = opened(PAGE)
    assert words.NONE in said(app)
    app = add(app, "https://127.0.0.1/x")
    assert "rede interna" in app.error[0].value and not app.exception
    app = add(app, "https://sistema.exemplo.com.br/presenca?t=segredo")
    (secret,) = [one.value for one in app.code]
    assert secret.startswith("whsec_") and not app.exception
    app = app.run()
    assert not app.code and secret not in said(app) and "segredo=" not in said(app) and "?t=" not in said(app)
    assert "sistema" in said(app) and words.LOG_NONE in said(app)
    app = press(app, "Enviar um teste")
    assert "na fila" in said(app)
    workspace = Workspace()
    (sent,) = managing.log(workspace)
    tried = Tried(sent.id, sent.due, DeliveryState.FAILED, sent.due, 500, "status", "<b>*erro*</b>")
    workspace.tried_delivery(tried)
    app = app.run()
    assert "não aceitou (resposta 500)" in said(app) and "<b>*erro*</b>" not in said(app)
    app = press(app, "Reenviar")
    assert managing.log(workspace)[0].state is DeliveryState.WAITING and not app.exception
    app = press(app, "Pausar")
    assert {"Enviar um teste", "Reenviar"}.isdisjoint(labels(app)) and "em pausa" in said(app)
    app = press(app, "Retomar")
    workspace.tried_delivery(Tried(sent.id, 0.0, DeliveryState.FAILED, 0.0, 410, "gone", "", WebhookState.GONE))
    assert "webhook parou" in app.run().warning[0].value
    app = press(app, "Apagar o webhook")
    assert words.NONE in said(app) and managing.listed(workspace) == ()


def test_every_event_state_and_problem_has_its_words() -> None:
    assert set(words.EVENTS) == set(WebhookEvent) and set(words._STATES) == set(WebhookState)
    problems = {"timeout", "connect", "certificate", "broken", "redirect", "gone", "status"}
    refused = {"private", "never", "https", "not_found", "malformed", "userinfo", "port"}
    assert set(words._PROBLEMS) == problems | refused
    assert addresses.MOST and delivering.DELAYS[-1] == 86_400
