"""Cópias e exame: a copy by a press, the key once, what is wrong with the folder and its mending."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from pipeline.products.no_show import PRODUCT
from pipeline.services.data import copying
from pipeline.workspace.secrets import keys
from tests.dashboard.pages import MAINTENANCE, opened, said, sound


@pytest.fixture
def page(empty_home: Path) -> Iterator[AppTest]:
    copying._MAKING.clear()
    yield sound(opened(MAINTENANCE), PRODUCT)
    copying._MAKING.clear()


def test_a_copy_is_made_by_a_press_and_listed(page: AppTest) -> None:
    assert "Nenhuma cópia nesta pasta ainda." in said(page)
    page.button("copy_make").click().run()
    until = time.monotonic() + 20
    while any(own.share is not None for own in copying._MAKING.values()) and time.monotonic() < until:
        threading.Event().wait(0.02)
    told = said(sound(page.run(), PRODUCT))
    assert "Está em dia." in told and "presenca-20" in told and "Impressão" in told


def test_the_key_is_shown_once(page: AppTest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "em PRESENCA_KEY" in said(page) and not [one for one in page.button if one.key == "key_show"]
    (tmp_path / "key").write_text(os.environ["PRESENCA_KEY"])
    monkeypatch.delenv("PRESENCA_KEY")
    monkeypatch.setenv("PRESENCA_KEY_FILE", str(tmp_path / "key"))
    key = keys.load_key(tmp_path / "home").hex()
    page.run()
    app = sound(page.button("key_show").click().run(), PRODUCT)
    assert key in [one.value for one in app.code] and "não é mostrada de novo" in said(app)
    assert key in [one.value for one in app.run().code]  # until it is put away, whatever else is pressed
    app = sound(app.button("key_kept").click().run(), PRODUCT)
    assert key not in [one.value for one in app.code] and "Foi mostrada em" in said(app)
    assert not [one for one in app.button if one.key == "key_show"]


def test_what_is_untidy_is_said_and_mended(page: AppTest, empty_home: Path) -> None:
    half = empty_home / "tmp" / "half"
    half.write_bytes(b"x")
    half.chmod(0o600)
    os.utime(half, (1_600_000_000, 1_600_000_000))
    app = sound(page.button("examine").click().run(), PRODUCT)
    assert "ficou de uma interrupção" in said(app) and "--mend" not in said(app)
    app = sound(app.button("mend").click().run(), PRODUCT)
    assert "Consertado: " in said(app) and "Tudo em ordem" in said(app) and not half.exists()
    assert not [one for one in app.button if one.key == "mend"]
