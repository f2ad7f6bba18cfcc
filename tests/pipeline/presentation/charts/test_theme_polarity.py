"""Blame and praise by theme: parts that add up, numbers beside colours, the order, and a month's line."""

from __future__ import annotations

import datetime as dt

import pytest

from pipeline.presentation.charts import polarity_bars, polarity_key, theme_trend
from pipeline.presentation.theme import DARK, LIGHT
from pipeline.records import Interval, PolarityCounts, ThemeMonth, ThemeRow


def row(label: str, counts: PolarityCounts, effect: float | None = None) -> ThemeRow:
    share = counts.negative / counts.comments
    return ThemeRow(
        label.lower(),
        label,
        counts.comments,
        Interval(0.2, 0.18, 0.22),
        10,
        None,
        None if effect is None else Interval(effect, effect - 0.2, effect + 0.2),
        "watch",
        counts=counts,
        negative=Interval(share, max(share - 0.1, 0), min(share + 0.1, 1)),
    )


ROWS = [
    row("Médico", PolarityCounts(2, 1, 90, 7), 0.7),
    row("<b>Espera</b>", PolarityCounts(60, 20, 10, 10), -0.9),
    row("Comida", PolarityCounts(0, 0, 0, 3)),
]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_parts_add_up_and_most_blame_comes_first(theme) -> None:  # type: ignore[no-untyped-def]
    chart = polarity_bars(ROWS, theme)
    bars = [trace for trace in chart.figure.data if trace.type == "bar"]
    assert len(bars) == 4
    for place in range(3):
        assert sum(bar.x[place] for bar in bars) == pytest.approx(1)
    assert [data[0] for data in bars[0].customdata] == ["<b>espera</b>", "médico", "comida"]
    assert [data[1] for data in bars[3].customdata] == ["positive"] * 3
    assert bars[0].text == ("60%", "", "") and bars[3].text == ("10%", "90%", "")
    assert len({bar.marker.color for bar in bars}) == 4
    assert "60% negativos, 10% positivos" in chart.alt and "n\u00a0100" in chart.alt


def test_the_interval_lies_below_its_bar_and_labels_are_escaped() -> None:
    chart = polarity_bars(ROWS, LIGHT)
    line = chart.figure.data[-1]
    assert line.x[:2] == (0.5, 0.7) and line.x[2] is None and 0 < line.y[0] < 0.5
    texts = [a.text for a in chart.figure.layout.annotations]
    assert any(text.startswith("&lt;b&gt;Espera") for text in texts) and any("−0,9" in text for text in texts)
    assert all("<extra></extra>" in bar.hovertemplate for bar in chart.figure.data if bar.type == "bar")


def test_nothing_to_show_is_a_sentence() -> None:
    assert polarity_bars([], LIGHT).alt == "Temas dos comentários: nenhum a mostrar."


def test_the_key_names_every_colour_once() -> None:
    shown = polarity_key(LIGHT)
    assert [shown.count(word) for word in ("negativos", "mistos", "neutros", "positivos")] == [1] * 4
    assert LIGHT.event in shown and LIGHT.non_event in shown


def test_a_month_of_too_few_is_a_gap() -> None:
    months = [
        ThemeMonth(dt.date(2026, 1, 1), 40, Interval(0.5, 0.4, 0.6)),
        ThemeMonth(dt.date(2026, 2, 1), 3, None),
        ThemeMonth(dt.date(2026, 3, 1), 40, Interval(0.25, 0.2, 0.3)),
    ]
    chart = theme_trend(months, LIGHT)
    drawn = next(trace for trace in chart.figure.data if trace.mode == "lines+markers")
    assert list(drawn.y) == [0.5, None, 0.25] and "jan" in chart.alt and "fev" not in chart.alt
