"""Filters stand only where a file has something to choose between, on every page that filters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.components.filters import several
from pipeline.products.no_show import PRODUCT
from pipeline.services import Workspace
from pipeline.services.pages import agenda, risk
from tests.dashboard.pages import AGENDA, RISK, opened, sound


def _labels(app: AppTest, kind: str) -> list[str]:
    return [element.proto.label for element in app.get(kind)]


def test_a_column_that_is_empty_or_says_one_thing_is_no_filter() -> None:
    assert several([("a", ("x", "y")), ("empty", ()), ("same", ("x",))]) == {"a": ("x", "y")}


@pytest.mark.slow
def test_risk_neither_filters_nor_compares_by_what_the_file_has_one_of(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = sound(opened(RISK), PRODUCT)
    assert "UF" in _labels(app, "selectbox") and "Por UF (CSV)" in _labels(app, "download_button")
    whole = risk.options

    def of_one_uf(*asked: Any) -> risk.Options:
        found = whole(*asked)
        return replace(found, values=tuple((n, v[:1] if n == "uf" else v) for n, v in found.values))

    monkeypatch.setattr(risk, "options", of_one_uf)
    app = sound(app.run(), PRODUCT)
    assert "UF" not in _labels(app, "selectbox") and "Por UF (CSV)" not in _labels(app, "download_button")
    assert "Por convênio (CSV)" in _labels(app, "download_button")


@pytest.mark.parametrize("units", [pytest.param((), marks=pytest.mark.slow), ("Sul",)])
def test_the_list_of_one_unit_has_no_filter_of_units(
    trained: Workspace, monkeypatch: pytest.MonkeyPatch, units: tuple[str, ...]
) -> None:
    whole = agenda.made
    app = sound(opened(AGENDA), PRODUCT)
    assert "Unidade" in _labels(app, "selectbox")
    monkeypatch.setattr(agenda, "made", lambda *asked: replace(whole(*asked), units=units))
    assert "Unidade" not in _labels(sound(app.run(), PRODUCT), "selectbox")
