"""Charts of themes and of five stars: the order, the words beside the colours, and every state."""

from __future__ import annotations

import pytest

from pipeline.presentation.charts import star_bars, theme_chart
from pipeline.presentation.theme import DARK, LIGHT
from pipeline.records import Interval, ThemeRow


def row(label: str, effect: float | None, share: float = 0.2, stance: str = "watch") -> ThemeRow:
    spread = None if effect is None else Interval(effect, effect - 0.2, effect + 0.2)
    return ThemeRow(
        label.lower(),
        label,
        round(1000 * share),
        Interval(share, share - 0.02, share + 0.02),
        150,
        Interval(3.4, 3.2, 3.6),
        spread,
        stance,
    )


ROWS = [
    row("Médico", 0.7, 0.3, "celebrate"),
    row("Espera", -0.9, 0.4, "improve"),
    row("Preço", -1.5, 0.02, "improve"),
    row("Acesso", None),
    row("App", -0.1),
]


def texts(chart) -> list[str]:  # type: ignore[no-untyped-def]
    return [a.text for a in chart.figure.layout.annotations]


@pytest.mark.parametrize("theme", [LIGHT, DARK])
def test_what_costs_most_stars_over_all_comments_comes_first(theme) -> None:  # type: ignore[no-untyped-def]
    chart = theme_chart(ROWS, theme, overall=3.8)
    names = [text.split(" <span")[0] for text in texts(chart) if text.split(" <span")[0] in {r.label for r in ROWS}]
    assert names == ["Espera", "Preço", "App", "Médico", "Acesso"]
    assert "Espera −0,9 (melhorar" in chart.alt and "Média de 3,8 estrelas" in chart.alt
    assert any("melhorar" in text for text in texts(chart)) and any("comemorar" in text for text in texts(chart))
    dots = chart.figure.data[-1]
    assert dots.marker.color == (theme.event, theme.event, theme.neutral, theme.non_event)
    assert all("<extra></extra>" in trace.hovertemplate for trace in chart.figure.data if trace.hoverinfo != "skip")


def test_names_from_a_declaration_are_escaped_and_zero_has_no_sign() -> None:
    chart = theme_chart([row("<b>X</b>", -0.001)], LIGHT)
    assert any("&lt;b&gt;X" in text for text in texts(chart)) and any("<b>0,0</b>" in text for text in texts(chart))


def test_nothing_to_show_is_a_sentence() -> None:
    assert theme_chart([], LIGHT).alt == "Temas dos comentários: nenhum a mostrar."


@pytest.mark.parametrize("probabilities", [(0.1, 0.2, 0.3, 0.25, 0.15), (1.0, 0, 0, 0, 0), (0, 0, 0, 0, 0)])
def test_five_bars_say_their_share(probabilities: tuple[float, ...]) -> None:
    chart = star_bars(probabilities, LIGHT)
    assert list(chart.figure.data[0].x) == list(probabilities[::-1])
    assert f"1 estrela {round(100 * probabilities[0])}%" in chart.alt and len(texts(chart)) == 10
