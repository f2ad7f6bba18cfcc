"""Whether more rows would help, on the page of a model: the sentence, the curve, nothing where it was not measured."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def _page(measured: bool) -> None:
    from dataclasses import replace  # a script of its own

    from dashboard.components import honest
    from tests.pipeline.presentation import examples as ex

    honest.test(ex.CARD if measured else replace(ex.CARD, learning=None), ex.PRODUCT)


@pytest.mark.parametrize("measured", [True, False])
def test_a_card_that_measured_it_shows_it(measured: bool) -> None:
    app = AppTest.from_function(_page, kwargs={"measured": measured}, default_timeout=180).run()
    assert not app.exception
    told = " ".join(item.value.replace("\\", "") for item in app.markdown)
    titles = [item.value.replace("\\", "") for item in (*app.header, *app.subheader)]
    assert ("Mais dados melhorariam o modelo?" in titles) is measured
    assert ("Mais dados não melhorariam." in told) is measured
    assert any("Reservas com que aprendeu" in frame.value.columns for frame in app.dataframe) is measured
