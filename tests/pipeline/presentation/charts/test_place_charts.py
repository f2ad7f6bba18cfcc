"""Themes by place as a chart: the figure in each cell, few comments gray, names as text, and every state."""

from __future__ import annotations

import pytest

from pipeline.presentation.charts import theme_by_place
from pipeline.presentation.charts.places import MOST_PLACES, MOST_THEMES
from pipeline.presentation.theme import DARK, LIGHT
from pipeline.records import PlaceCell
from pipeline.statistics import wilson


def cell(place: str, theme: str, count: int, n: int) -> PlaceCell:
    return PlaceCell(place, theme.lower(), theme, n, wilson(count, n))


CELLS = [cell("Norte", "Espera", 41, 100), cell("Sul", "Espera", 2, 9), cell("Norte", "App", 0, 100)]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_a_cell_holds_its_share_and_few_comments_hold_none(theme) -> None:  # type: ignore[no-untyped-def]
    chart = theme_by_place(CELLS, theme)
    texts = [a.text for a in chart.figure.layout.annotations]
    assert texts[:3] == ["41%", "·", "0%"]
    assert texts[3].startswith("Norte <span") and "n\u00a0100" in texts[3]
    fills = [shape.fillcolor for shape in chart.figure.layout.shapes]
    assert fills[1] == theme.surface and len(set(fills)) == 3
    assert "Norte, Espera 41% (n\u00a0100)" in chart.alt and "Sul" not in chart.alt
    assert "poucos" in chart.figure.data[0].hovertext[1] and "IC 95%" in chart.figure.data[0].hovertext[0]
    assert [list(pair) for pair in chart.figure.data[0].customdata][0] == ["Norte", "espera"]


def test_names_of_a_file_are_text_and_no_more_is_drawn_than_can_be_read() -> None:
    many = [cell(f"<b>{place}</b>", f"Tema {i}", i, 50) for i in range(9) for place in range(40)]
    chart = theme_by_place(many, LIGHT)
    assert len(chart.figure.layout.shapes) == MOST_PLACES * MOST_THEMES
    assert any("&lt;b&gt;0" in a.text for a in chart.figure.layout.annotations)
    assert chart.figure.layout.xaxis.ticktext[0] == "Tema<br>0"


def test_nothing_to_show_is_a_sentence() -> None:
    assert theme_by_place([], LIGHT).alt.endswith("nenhum grupo com pelo menos 20 comentários.")
    assert theme_by_place([cell("Sul", "Espera", 1, 3)], LIGHT).alt.startswith("Temas por grupo: nenhum")
