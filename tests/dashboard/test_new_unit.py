"""What a new unit can expect, on the page of a model: the sentence, the units, nothing where it was not measured."""

from __future__ import annotations

import pytest
from streamlit.testing.v1 import AppTest


def _page(measured: bool) -> None:
    from dataclasses import replace  # a script of its own

    from dashboard.components import honest
    from tests.pipeline.presentation import examples as ex

    honest.test(ex.CARD if measured else replace(ex.CARD, new_unit=None), ex.PRODUCT)


@pytest.mark.parametrize("measured", [True, False])
def test_a_card_that_measured_it_shows_it(measured: bool) -> None:
    app = AppTest.from_function(_page, kwargs={"measured": measured}, default_timeout=60).run()
    assert not app.exception
    told = " ".join(item.value.replace("\\", "") for item in app.markdown)
    titles = [item.value for item in (*app.header, *app.subheader)]
    assert ("Numa unidade que o modelo nunca viu" in titles) is measured
    assert ("Numa unidade nova, os riscos devem ordenar pior" in told) is measured
    assert any("Sem conhecer a unidade" in frame.value.columns for frame in app.dataframe) is measured
